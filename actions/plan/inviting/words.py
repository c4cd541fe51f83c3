"""What the mails about an invitation say. Plain text suffices."""

from django.conf import settings

from actions.models import Invitation, Plan
from actions.pages.formatting import short_day
from actions.rules.dates import day_of

Written = tuple[str, str]


def invited(invitation: Invitation, url: str) -> Written:
    plan = invitation.plan
    return (
        f"You are invited to the {plan.title} ({plan.local_area})",
        f"{invitation.by.name}, of the programme team, invites you to the {plan.title} of "
        f"{plan.local_area} as: {invitation.part}.\n\n"
        "Open this address, then press the button on the page:\n\n"
        f"{url}\n\n"
        f"It works until {short_day(day_of(invitation.expires_at))}. Nothing happens before you "
        "press the button.\n"
        "If you did not expect this, leave it unanswered, or ask the programme team.\n",
    )


def added(invitation: Invitation, url: str) -> Written:
    """To somebody who has an account."""
    plan = invitation.plan
    return (
        f"You now have a part in the {plan.title} ({plan.local_area})",
        f"{invitation.by.name}, of the programme team, added you to the {plan.title} of "
        f"{plan.local_area} as: {invitation.part}.\n\n"
        f"You sign in as always:\n\n{url}\n",
    )


def named_officer(plan: Plan, name: str, by: str) -> Written:
    """To the plan's programme team and its chair."""
    return (
        f"{name} is now of the programme team of the {plan.title} ({plan.local_area})",
        f"{by} named {name} programme officer of the {plan.title} in {settings.PRODUCT_NAME}.\n"
        "Whoever is of the programme team sees everything of the plan and gives others their "
        "part.\n\nIf this surprises you, ask them at once.\n",
    )

"""What the mails about signing in say."""

from collections.abc import Callable
from typing import Any

from django.conf import settings

Written = tuple[str, str]


def _code(context: dict[str, Any]) -> Written:
    code = context["code"]
    return (
        f"{code[:3]} {code[3:]} is your code for {settings.PRODUCT_NAME}",
        f"Your code is {code[:3]} {code[3:]}\n\n"
        "It works for 10 minutes, once, and only in the browser in which you asked for it.\n"
        "Nobody from the programme team will ever ask you for it.\n\n"
        "If you did not ask for a code, leave this mail unanswered: without the code nobody can "
        "sign in.\n",
    )


# By the names under which allauth asks for them.
WRITTEN: dict[str, Callable[[dict[str, Any]], Written]] = {"account/email/login_code": _code}


def no_code(password_url: str) -> Written:
    """To somebody whose role wants more than a code, who asked for one."""
    return (
        f"Sign in to {settings.PRODUCT_NAME} with your password",
        "You asked for a code to sign in. Your part in a plan wants a password instead:\n\n"
        f"{password_url}\n\n"
        "There you can also ask for a new password.\n"
        "If you did not ask for a code, leave this mail unanswered.\n",
    )


def new_password(url: str) -> Written:
    return (
        f"A new password for {settings.PRODUCT_NAME}",
        "Open this address to choose a new password:\n\n"
        f"{url}\n\n"
        "It works for one hour and once. The old password works until you have chosen a new one.\n"
        "If you did not ask for this, leave this mail unanswered: nothing changes.\n",
    )


def no_password(sign_in_url: str) -> Written:
    """To somebody who asked for a new password and signs in otherwise."""
    return (
        f"You sign in to {settings.PRODUCT_NAME} without a password",
        f"You asked for a new password. You need none: give your address at\n\n{sign_in_url}\n\n"
        "and a code comes by mail.\nIf you did not ask for this, leave this mail unanswered.\n",
    )


def account_changed(what: str) -> Written:
    """Notice of something done to the account, by whoever was signed in to it."""
    return (
        f"{what}: {settings.PRODUCT_NAME}",
        f"{what}, by somebody signed in as you.\n\n"
        "If this was not you, tell the programme team of your plan at once.\n",
    )


def done_to_account(name: str, by: str, what: str) -> Written:
    """To the teams and chairs of the plans that somebody belongs to."""
    return (
        f"{what} the account of {name}: {settings.PRODUCT_NAME}",
        f"{by}, who manages users, {what} the account of {name}, who has a part in your plan.\n\n"
        "If this surprises you, ask them at once.\n",
    )


def second_step_removed(by: str) -> Written:
    return (
        f"Your second step was removed: {settings.PRODUCT_NAME}",
        f"{by}, who manages users, removed the second step of your account, as for a lost phone.\n"
        "\nIf you did not ask for this, tell the programme team of your plan at once.\n",
    )


def password_changed(by_mail: bool) -> Written:
    how = "with a link that was mailed to you" if by_mail else "by somebody signed in as you"
    return (
        f"Your password for {settings.PRODUCT_NAME} was changed",
        f"It was changed {how}, and everywhere else you were signed out.\n\n"
        "If this was not you, tell the programme team of your plan at once.\n",
    )

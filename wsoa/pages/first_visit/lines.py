"""The line of each main page, by the name of its view."""

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from actions.wording import in_words
from wsoa.accounts.models import User

LINES = {
    "reports:dashboard": "The plan at a glance, as a meeting reads it. Each number leads to what "
    "it counts.",
    "actions:plan": "What was promised, as it was agreed: each {area}, each {action}, and what "
    "shows that it is done.",
    "actions:commitments": "Every {commitment} with its colour, its date and its last months. The "
    "filter narrows the list, and the list can be downloaded.",
    "kpis:kpis": "Each KPI with its newest figure, its target, and whether it is on the way there.",
    "oversight:risks": "What may go wrong or has, with who says so and what is done about it.",
    "oversight:meetings": "What the groups asked and decided, and when they meet next.",
    "reports:index": "The papers made from this plan: in preparation, and those that are out.",
    "pages:period": "Who has sent this period’s updates, and who has not yet.",
    "reaching:everybody": "What waits for whom. Tick people to write to them or to make their "
    "sheets.",
}


@dataclass(frozen=True, slots=True)
class FirstLine:
    words: str
    hide_url: str


def line_of(request: HttpRequest, user: User) -> FirstLine | None:
    """None on a page without one, and where the user has hidden it."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name not in LINES or name in user.hidden_lines:
        return None
    return FirstLine(in_words(LINES[name]), reverse("pages:hide_line", args=(name,)))


@transaction.atomic
def hide_line(*, user: User, name: str) -> None:
    """For good. Of two windows that hide two lines at once, neither undoes the other."""
    row = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if name not in row.hidden_lines:
        row.hidden_lines = [*row.hidden_lines, name]
        row.save(update_fields=["hidden_lines"])

"""The history of edits as a list: its filter, and its lines as a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from actions.forms.date_fields import DayField
from actions.forms.fields import PlainText
from actions.models import Membership, Plan
from actions.pages import formatting
from actions.pages.exporting import Column
from actions.pages.filters import FilterForm, choice
from reports.audit.reading import NOBODY, VERBS, Wanted
from reports.audit.sources import GROUPS
from reports.audit.text import Change, Edit


class EditFilter(FilterForm):
    first = ("ref", "what", "change", "who")
    more = ("since", "until")
    kept_in_address = ("as_at",)

    ref = PlainText(label="Reference or code", max_length=40)
    what = choice("What", "Choose a part from the list", "Everything")
    change = choice("Change", "Choose a change from the list", "Every change")
    who = choice("Who", "Choose somebody of this plan", "Everybody")
    since = DayField(label="From the day")
    until = DayField(label="Up to the day")

    def __init__(self, data: QueryDict, *, plan: Plan, day: date) -> None:
        super().__init__(data)
        self.day = day
        self.offer("what", GROUPS.items())
        self.offer("change", VERBS.items())
        self.offer("who", [*_people_of(plan), (NOBODY, "A plan file or a command")])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", f"Give a day from {formatting.short_day(since)} on")
        return data

    def clean_since(self) -> date | None:
        since: date | None = self.cleaned_data["since"]
        if since and since > self.day:
            raise ValidationError("That day has not come yet. Give an earlier day")
        return since

    def label_of(self, name: str, value: Any) -> str:
        match name:
            case "ref":
                return f"“{value}”"
            case "since":
                return f"From {formatting.short_day(value)}"
            case "until":
                return f"Up to {formatting.short_day(value)}"
        return super().label_of(name, value)

    def wanted(self) -> Wanted:
        answers = self.answers()
        return Wanted(
            until=min(answers.get("until") or self.day, self.day),
            since=answers.get("since"),
            group=answers.get("what", ""),
            verb=answers.get("change", ""),
            who=answers.get("who", ""),
            ref=answers.get("ref", "").strip(),
        )


def _people_of(plan: Plan) -> list[tuple[str, str]]:
    """Everybody who has or had a part in the plan. One query."""
    users = (
        Membership.objects.filter(plan=plan)
        .order_by("user__name", "user")
        .values_list("user", "user__name")
        .distinct()
    )
    return [(str(pk), name) for pk, name in users]


# --- The same list as a file ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EditLine:
    """One changed field of one edit."""

    edit: Edit
    change: Change


def lines_of(edits: Iterable[Edit]) -> list[EditLine]:
    """A line for each field; one alone where nothing is told of any."""
    return [
        EditLine(edit, change) for edit in edits for change in edit.changes or [Change("", "", "")]
    ]


EDIT_COLUMNS: list[Column[EditLine]] = [
    Column("Day", lambda row: f"{row.edit.at:%Y-%m-%d}", 12),
    Column("Time", lambda row: f"{row.edit.at:%H:%M:%S}", 10),
    Column("Who", lambda row: row.edit.who, 24),
    Column("From", lambda row: row.edit.about, 30),
    Column("Change", lambda row: row.edit.verb, 11),
    Column("What", lambda row: row.edit.title, 36),
    Column("Ref", lambda row: row.edit.ref, 10),
    Column("Field", lambda row: row.change.label, 24),
    Column("Before", lambda row: row.change.before, 50),
    Column("After", lambda row: row.change.after, 50),
]

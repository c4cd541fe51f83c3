"""The form of a handover: whose work passes, to whom, from when and why."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q

from actions.forms.date_fields import DAY_EXAMPLE, DayField
from actions.forms.fields import PlainText
from actions.models import CommitmentLead, Plan
from kpis.models import Kpi
from wsoa.oversight.forms import PersonChoice, offer_rows, people_of
from wsoa.oversight.models import Decision, HandoverPart


def _person(label: str, must: str) -> PersonChoice:
    return PersonChoice(
        label=label,
        queryset=None,
        empty_label="Choose a person",
        error_messages={"required": must, "invalid_choice": "Choose somebody of the list"},
    )


class HandoverForm(forms.Form):
    leaver = _person("Whose work passes?", "Choose whose work passes")
    successor = _person("Who takes it over?", "Choose who takes it over")
    starts_on = DayField(
        label="From which day?",
        help_text=f"Today or later. {DAY_EXAMPLE}",
        required=True,
        error_messages={"required": "Give the day from which it is theirs"},
    )
    reason = PlainText(
        label="Why?",
        help_text="For example: a new post from January. It stands in the history of each.",
        rows=2,
        required=True,
        error_messages={"required": "Say why it passes"},
    )

    def __init__(self, data: Any = None, *, plan: Plan, today: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.today = today
        offer_rows(self, leaver=_with_work(plan), successor=people_of(plan))

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if day < self.today:
            raise forms.ValidationError("Give today or a later day")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("leaver") and data.get("leaver") == data.get("successor"):
            self.add_error("successor", "Choose somebody else")
        return data


def _with_work(plan: Plan) -> Any:
    """The people with whom something of the plan is, or was."""
    person = {"person": OuterRef("pk")}
    owns = Q(data_owner=OuterRef("pk")) | Q(data_passes_to=OuterRef("pk"))
    return people_of(plan).filter(
        Exists(CommitmentLead.objects.filter(**person, commitment__plan=plan))
        | Exists(Kpi.objects.filter(owns, plan=plan))
        | Exists(Decision.objects.filter(owner=OuterRef("pk"), plan=plan))
        | Exists(
            HandoverPart.objects.filter(
                handover__successor=OuterRef("pk"), handover__plan=plan, decision__isnull=False
            )
        )
    )

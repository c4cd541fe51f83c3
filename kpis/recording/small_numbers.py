"""Saying from which numbers up the figures of a KPI are shown to everybody.

What is said holds for what is recorded from then on: a figure that was decided stays as it is.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from actions import access, memberships
from actions.models import Plan
from kpis.models import Kpi
from kpis.recording.deciding import follow_tick
from wsoa.accounts.models import User

AS_PLAN = ""
THRESHOLDS = (5, 8, 10)
ROUNDINGS = (0, 5, 10)


def _rounding(to: int) -> str:
    return f"to the nearest {to}" if to else "not rounded"


def _smallest(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        max_value=10_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 5}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Give a whole number up to 10,000"
        ),
    )


class SmallNumbersForm(forms.Form):
    """What is said of one KPI; empty where it goes by the plan."""

    counts_people = forms.BooleanField(
        label="It counts children or families",
        help_text="Its small numbers are hidden from most readers. Not for staff, schools,"
        " documents or events.",
        required=False,
    )
    smallest_count = forms.TypedChoiceField(
        label="Numbers of people are shown from", coerce=int, empty_value=None, required=False
    )
    rounding = forms.TypedChoiceField(
        label="Numbers that are shown are",
        help_text="For those who may not see small numbers.",
        coerce=int,
        empty_value=None,
        required=False,
    )
    smallest_denominator = _smallest(
        "Smallest number that a rate is of (optional)", "Rates of fewer are hidden."
    )
    smallest_survey = _smallest(
        "Smallest number of answers to a survey (optional)",
        "Surveys that fewer answered are hidden.",
    )
    remainder_tells = forms.BooleanField(
        label="Being left over says something about a child, too",
        help_text="For example: all but 3 of 100 children had a place. Not: 97 of 100 plans were on"
        " time.",
        required=False,
    )
    part_of = forms.ModelChoiceField(
        label="It is a part of (optional)",
        help_text="The total that this KPI and others come to. Their figures of a period are shown"
        " together, once all are there.",
        queryset=Kpi.objects.none(),
        required=False,
        empty_label="No other KPI",
    )

    def __init__(self, data: Any = None, *, kpi: Kpi) -> None:
        super().__init__(data, initial={name: getattr(kpi, name) for name in self.base_fields})
        plan = kpi.plan
        self.fields["smallest_count"].choices = [  # type: ignore[attr-defined]
            (AS_PLAN, f"as the plan says: {plan.smallest_count} up"),
            *((number, f"{number} up") for number in THRESHOLDS),
        ]
        self.fields["rounding"].choices = [  # type: ignore[attr-defined]
            (AS_PLAN, f"as the plan says: {_rounding(plan.rounding)}"),
            *((to, _rounding(to)) for to in ROUNDINGS),
        ]
        self.fields[
            "smallest_denominator"
        ].help_text += f" Empty: {plan.smallest_denominator}, as the plan says."
        self.fields[
            "smallest_survey"
        ].help_text += f" Empty: {plan.smallest_survey}, as the plan says."
        wholes = possible_wholes(kpi)
        self.fields["part_of"].queryset = wholes  # type: ignore[attr-defined]
        self.fields["part_of"].label_from_instance = (  # type: ignore[attr-defined]
            lambda row: f"{row.code} {row.title}"
        )
        if kpi.kind != Kpi.Kind.QUANTITY or kpi.parts.exists():
            del self.fields["part_of"]


class PlanSmallNumbersForm(forms.Form):
    """What holds for every KPI of a plan that says nothing of its own."""

    smallest_count = forms.TypedChoiceField(
        label="Numbers of people are shown from",
        help_text="In most councils under 5 is hidden; in some under 8 or 10.",
        coerce=int,
    )
    rounding = forms.TypedChoiceField(
        label="Numbers that are shown are",
        help_text="For those who may not see small numbers.",
        choices=[(to, _rounding(to)) for to in ROUNDINGS],
        coerce=int,
    )
    smallest_denominator = _smallest(
        "Smallest number that a rate is of", "Rates of fewer are hidden."
    )
    smallest_survey = _smallest(
        "Smallest number of answers to a survey", "Surveys that fewer answered are hidden."
    )

    def __init__(self, data: Any = None, *, plan: Plan) -> None:
        super().__init__(data, initial={name: getattr(plan, name) for name in self.base_fields})
        # A plan's file may say another number.
        offered = sorted({*THRESHOLDS, plan.smallest_count})
        self.fields["smallest_count"].choices = [  # type: ignore[attr-defined]
            (number, f"{number} up") for number in offered
        ]
        for name in ("smallest_denominator", "smallest_survey"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = "Give a whole number up to 10,000"


@transaction.atomic
def set_small_numbers_of_plan(*, plan: Plan, by: User, **said: Any) -> None:
    """Say how figures are judged from now on where their KPI says nothing of its own.

    ValidationError where it is not the user's, or the plan is closed. What was decided stays.
    """
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    access.refuse_unless(
        access.can_set_small_numbers(memberships.granted_to(by, plan), data_owner=None),
        "The programme team says this.",
    )
    for name, value in said.items():
        setattr(plan, name, value)
    plan.save(update_fields=list(said))


def possible_wholes(kpi: Kpi) -> Any:
    """The KPIs it may be a part of: counts of the same rhythm that are no part themselves."""
    return Kpi.objects.filter(
        plan=kpi.plan_id,
        withdrawn_at=None,
        kind=Kpi.Kind.QUANTITY,
        frequency=kpi.frequency,
        part_of=None,
    ).exclude(pk=kpi.pk)


@transaction.atomic
def set_small_numbers(*, kpi: int, by: User, **said: Any) -> Kpi:
    """Say how the figures of a KPI are judged from now on.

    ValidationError where it is not the user's, or the plan is closed. Who said it is in the history
    of edits.
    """
    row = Kpi.objects.get(pk=kpi)
    plan = Plan.objects.select_for_update(no_key=True).get(pk=row.plan_id)
    row = (
        Kpi.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan", "data_owner", "data_passes_to")
        .get(pk=kpi)
    )
    data_owner = row.owner_on(timezone.localdate())
    owner = data_owner.user_id if data_owner else None
    access.refuse_unless(
        access.can_set_small_numbers(memberships.granted_to(by, plan), data_owner=owner),
        "The programme team and the data owner say this.",
    )
    whole = said.get("part_of")
    if whole is not None and not possible_wholes(row).filter(pk=whole.pk).exists():
        raise ValidationError({"part_of": "Choose a total of the list"})
    counted_before = row.counts_people
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=list(said))
    if row.counts_people is not counted_before:
        follow_tick(row, plan)
    return row

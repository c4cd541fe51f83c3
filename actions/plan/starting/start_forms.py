"""The form by which an officer starts another plan."""

from typing import Any, cast

from django import forms

from actions.forms.date_fields import MonthOrDayField
from actions.models import LocalArea, Plan
from actions.plan.editing_forms import (
    OneOf,
    SeveralOf,
    check_kind,
    check_period,
    choices,
    kind_name_field,
    words,
)
from actions.plan.starting.kinds import PROPOSALS


class StartPlanForm(forms.Form):
    local_area = OneOf("Local area", "Choose the local area")
    title = words("Title", "Give the plan’s title")
    kind = choices("Kind of plan", "Choose the kind of plan", Plan.Kind.choices)
    kind_name = kind_name_field()
    starts = MonthOrDayField(
        label="Starts", required=True, error_messages={"required": "Give the month it starts"}
    )
    ends = MonthOrDayField(label="Ends (optional)")
    predecessors = SeveralOf(
        "Plans it continues",
        help_text="What was carried forward can be brought over from them when they are closed. "
        "Two plans may continue one.",
    )
    brings = forms.MultipleChoiceField(
        label="Set up what a plan of this kind usually has (optional)",
        help_text="What that is stands below for each kind. All of it may be changed afterwards.",
        choices=lambda: [(proposal.name, proposal.title) for proposal in PROPOSALS.values()],
        initial=lambda: list(PROPOSALS),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "one-on-each-line"}),
        required=False,
        error_messages={"invalid_choice": "Choose entries of the list"},
    )

    def __init__(self, data: Any = None, *, plans: list[Plan], **options: Any) -> None:
        super().__init__(data, **options)
        areas = LocalArea.objects.filter(pk__in=[plan.local_area_id for plan in plans])
        cast(OneOf, self.fields["local_area"]).queryset = areas
        cast(SeveralOf, self.fields["predecessors"]).queryset = Plan.objects.filter(
            pk__in=[plan.pk for plan in plans]
        )
        if len(areas) == 1:
            self.initial.setdefault("local_area", areas[0])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        check_kind(self)
        check_period(self)
        area = data.get("local_area")
        for former in data.get("predecessors") or ():
            if area and former.local_area_id != area.pk:
                self.add_error("predecessors", f"{former} is not a plan of {area}")
        return data

"""What a plan refers to, and what is no part of what was agreed: edited until it is closed.

Findings, the inspection, the log of engagement, the glossary, money and what was spent of it. Who
changed what stays on record.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from actions.models import Engagement, FundingAmount, FundingLine, GlossaryTerm, Inspection, Plan
from actions.pages.formatting import pounds, short_day
from actions.plan.editing import REFERENCE_HOME, Part, Values, register
from actions.plan.reference_forms import (
    EngagementForm,
    FundingLineForm,
    GlossaryTermForm,
    InspectionForm,
    amount_line,
    amounts_of,
)
from wsoa.accounts.models import User


@dataclass(frozen=True)
class FundingPart(Part):
    """A line of money with its sums by year, which are rows of their own."""

    def _read(self, row: Any, name: str) -> Any:
        if name == "amounts":
            return [amount_line(one.year, one.amount) for one in row.amounts.order_by("year")]
        return super()._read(row, name)

    def assign(self, row: Any, values: Values) -> None:
        super().assign(row, {name: value for name, value in values.items() if name != "amounts"})

    def save(self, row: Any, values: Values, by: User) -> Any:
        super().save(row, values, by)
        if "amounts" in values:
            wanted = amounts_of(values["amounts"])
            for one in row.amounts.all():
                if one.year not in wanted:
                    one.delete()
                elif one.amount != wanted.pop(one.year):
                    one.amount = amounts_of(values["amounts"])[one.year]
                    one.save(update_fields=["amount"])
            for year, amount in wanted.items():
                FundingAmount.objects.create(line=row, year=year, amount=amount)
        return row


@dataclass(frozen=True)
class InspectionPart(Part):
    """The inspection that the plan names; all plans that name it show what is written here."""

    has_place: bool = False
    can_add: bool = False

    def rows(self, plan: Plan) -> QuerySet[Any]:
        return Inspection.objects.filter(plans=plan)

    def within(self, plan: Plan, holder: Any) -> list[Any]:
        return list(self.rows(plan))


def _engagement(row: Engagement) -> str:
    week = "Week of " if row.is_week else ""
    return f"{week}{short_day(row.on)}: {row.meeting}"


def _spent(row: FundingLine) -> str:
    if row.spent is None or row.spent_on is None:
        return row.source
    spent = f"{pounds(row.spent)} spent by {short_day(row.spent_on)}"
    return ". ".join(filter(None, (row.source, spent)))


def _text(name: str) -> Any:
    return lambda row: str(getattr(row, name))


register(
    InspectionPart(
        kind="inspection",
        noun="inspection",
        model=Inspection,
        form=InspectionForm,
        holder="local_area",
        is_agreed=False,
        title=_text("title"),
        home=REFERENCE_HOME,
    ),
    Part(
        kind="engagement",
        noun="meeting",
        model=Engagement,
        form=EngagementForm,
        is_agreed=False,
        title=_engagement,
        home=REFERENCE_HOME,
    ),
    Part(
        kind="glossary-term",
        noun="term",
        model=GlossaryTerm,
        form=GlossaryTermForm,
        is_agreed=False,
        clashes={
            "glossary_term_once": ("meaning", "This abbreviation has this meaning here already")
        },
        title=_text("abbreviation"),
        note=_text("meaning"),
        home=REFERENCE_HOME,
    ),
    FundingPart(
        kind="funding-line",
        noun="line of funding",
        plural="lines of funding",
        model=FundingLine,
        form=FundingLineForm,
        goes_with=("amounts",),
        is_agreed=False,
        title=_text("title"),
        note=_spent,
        home=REFERENCE_HOME,
    ),
)

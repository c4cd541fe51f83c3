"""KPIs, their data owners and targets as parts of a plan that an officer edits.

A target is a record: another target is a new row, and the old one is withdrawn. In a draft the two
are not tied, since what a draft said is no promise and another target no move.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, QuerySet
from django.utils import timezone

from actions.models import Area, Plan
from actions.pages import formatting
from actions.plan.editing import IN_DRAFT, Gone, Part, Values, register
from actions.plan.editing_forms import named
from kpis.models import ComparatorSeries, HeadlineKpi, Kpi, KpiCommitment, TargetPoint
from kpis.rules.facts import ONE_WAY
from kpis.setup import editing_forms as forms
from wsoa.accounts.models import User


@dataclass(frozen=True)
class KpiPart(Part):
    def read(self, row: Any, names: Iterable[str]) -> dict[str, Any]:
        values = super().read(row, [name for name in names if name != "commitments"])
        if "data_owner" in values:
            values["data_owner"] = _owned_by(row)
        if "commitments" in names:
            links = KpiCommitment.objects.filter(kpi=row).select_related("commitment")
            values["commitments"] = [link.commitment for link in links]
        return values

    def assign(self, row: Any, values: Values) -> None:
        super().assign(row, {name: values[name] for name in values if name != "commitments"})
        _name_owner(row, values)

    def save(self, row: Any, values: Values, by: User) -> Any:
        super().save(row, values, by)
        if "commitments" in values:
            self._tie(row, values["commitments"])
        return row

    def _tie(self, row: Any, commitments: list[Any]) -> None:
        """What stays keeps its place; what is new follows."""
        links = KpiCommitment.objects.filter(kpi=row)
        links.exclude(commitment__in=commitments).delete()
        known = set(links.values_list("commitment_id", flat=True))
        last = links.order_by().aggregate(last=Max("position"))["last"]
        start = 0 if last is None else last + 1
        new = [commitment for commitment in commitments if commitment.pk not in known]
        for position, commitment in enumerate(new, start):
            KpiCommitment.objects.create(kpi=row, commitment=commitment, position=position)


@dataclass(frozen=True)
class DataOwnerPart(Part):
    """Whose data a KPI's figures are."""

    def read(self, row: Any, names: Iterable[str]) -> dict[str, Any]:
        return super().read(row, names) | {"data_owner": _owned_by(row)}

    def assign(self, row: Any, values: Values) -> None:
        super().assign(row, values)
        _name_owner(row, values)


def _owned_by(row: Kpi) -> Any:
    return row.owner_on(timezone.localdate())


def _name_owner(row: Kpi, values: Values) -> None:
    """Who is named by hand owns the data from now on; what was to pass passes no more."""
    if "data_owner" in values:
        row.data_passes_to = row.data_passes_on = None


@dataclass(frozen=True)
class TargetPart(Part):
    has_place: bool = False

    def rows(self, plan: Plan) -> QuerySet[Any]:
        """Those in force."""
        targets = super().rows(plan).filter(replaced_by=None, is_withdrawn=False)
        return targets.order_by("position", "id")

    def find(self, plan: Plan, pk: int) -> Any:
        """The target in force in the place of that one."""
        requested = TargetPoint.objects.filter(kpi__plan=plan, pk=pk).first()
        target = (
            requested
            and self.rows(plan).filter(kpi=requested.kpi_id, position=requested.position).last()
        )
        if not target:
            raise Gone
        return target

    def create(self, plan: Plan, holder: Any, values: Values, by: User) -> Any:
        last = TargetPoint.objects.filter(kpi=holder).aggregate(last=Max("position"))["last"]
        return self._begin(holder, 0 if last is None else last + 1, values, by)

    def save(self, row: Any, values: Values, by: User) -> Any:
        self.remove(row, by, is_draft=True)
        return self._begin(row.kpi, row.position, values, by)

    def _begin(self, kpi: Kpi, position: int, values: Values, by: User) -> TargetPoint:
        row = TargetPoint(kpi=kpi, position=position, by=by)
        self.assign(row, values)
        row.save()
        return row

    def remove(self, row: Any, by: User, *, is_draft: bool) -> None:
        row.replacement(is_withdrawn=True, reason=IN_DRAFT, by=by).save()


@dataclass(frozen=True)
class HeadlinePart(Part):
    """The KPI that an area shows first."""

    has_place: bool = False
    can_add: bool = False

    def rows(self, plan: Plan) -> QuerySet[Any]:
        there = super().rows(plan).filter(withdrawn_at=None)
        rows: QuerySet[Any] = there.annotate(
            headline_code=F("headline__kpi__code"), headline_title=F("headline__kpi__title")
        )
        return rows

    def read(self, row: Any, names: Iterable[str]) -> dict[str, Any]:
        headline = HeadlineKpi.objects.filter(area=row).select_related("kpi").first()
        return {"headline_kpi": headline and headline.kpi}

    def save(self, row: Any, values: Values, by: User) -> Any:
        if kpi := values["headline_kpi"]:
            HeadlineKpi.objects.update_or_create(area=row, defaults={"kpi": kpi})
        else:
            HeadlineKpi.objects.filter(area=row).delete()
        return row


def _headline(row: Any) -> str:
    return f"{row.headline_code} {row.headline_title}" if row.headline_code else "None chosen"


def _title(row: Kpi) -> str:
    return f"{row.code} {row.title}"


def _owner(row: Kpi) -> str:
    owner = _owned_by(row)
    if row.data_passes_on and owner != row.data_passes_to:
        day = formatting.short_day(row.data_passes_on)
        return f"{owner}; from {day} {row.data_passes_to}"
    return str(owner) if owner else "No data owner yet"


def _target(row: TargetPoint) -> str:
    text = f"{row.get_kind_display()}: {row.get_operator_display()}"
    if row.value is not None:
        text += f" {row.value.normalize():f}"
    elif row.operator not in ONE_WAY:
        text += " a comparison"
    if row.label:
        text += f" ({row.label})"
    if row.months_after_agreement and not row.when:
        return f"{text}, month {row.months_after_agreement} after the plan is agreed"
    return f"{text}, {row.when}" if row.when else text


register(
    KpiPart(
        kind="kpi",
        noun="KPI",
        model=Kpi,
        form=forms.KpiForm,
        children=("target", "comparator"),
        dates={"baseline_date": "baseline_"},
        goes_with=("kpicommitment_set", "headline_of"),
        clashes={"kpi_code_once": ("code", "Another KPI has this code")},
        related=("data_owner", "data_passes_to"),
        title=_title,
        note=_owner,
        home=("kpis:edit_kpis", "Edit KPIs"),
    ),
    TargetPart(
        kind="target",
        noun="target",
        model=TargetPoint,
        form=forms.TargetForm,
        holder="kpi",
        holder_kind="kpi",
        of_plan="kpi__plan",
        dates={"when": ""},
        related=("kpi",),
        title=_target,
        note=lambda row: str(row.note),
    ),
    Part(
        kind="comparator",
        noun="comparison",
        model=ComparatorSeries,
        form=forms.ComparatorForm,
        holder="kpi",
        holder_kind="kpi",
        of_plan="kpi__plan",
        clashes={"comparator_series_once": ("name", "The KPI is compared with these already")},
        related=("kpi",),
        title=str,
        note=lambda row: str(row.published_in),
    ),
    HeadlinePart(
        kind="headline",
        noun="headline KPI",
        model=Area,
        form=forms.HeadlineForm,
        is_agreed=False,
        title=named,
        note=_headline,
        home=("kpis:edit_kpis", "Edit KPIs"),
    ),
    DataOwnerPart(
        kind="data-owner",
        noun="data owner",
        model=Kpi,
        form=forms.DataOwnerForm,
        is_agreed=False,
        has_place=False,
        can_add=False,
        related=("data_owner", "data_passes_to"),
        title=_title,
        note=_owner,
        home=("kpis:edit_kpis", "Edit KPIs"),
    ),
)

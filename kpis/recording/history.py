"""Reading what was recorded of KPIs, for `kpi_states` to work on. Three queries at any size."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    DateField,
    DecimalField,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import JSONObject
from django.utils import timezone

from actions.models import Plan
from actions.models.base import date_of_columns
from actions.records.history import bank_holidays
from actions.records.kept import Version, keep, of_same, same
from actions.records.text_versions import known, worded
from actions.records.written_once import written_once
from actions.rules.dates import PlanDate, end_of_day
from kpis.models import (
    Kpi,
    KpiCommitment,
    Measurement,
    Rebase,
    TargetPoint,
    data_owner_on,
    data_owners_user,
)
from kpis.rules.facts import KpiHistory, MeasurementFact, RebaseFact, Status, TargetFact
from kpis.rules.figures import PeriodFigure
from kpis.rules.state import KpiState, kpi_states


@dataclass(frozen=True)
class KpiSet:
    """KPIs as described on a day, in print order, and all that was recorded of them by then."""

    # By id; each is a Kpi, or its history's row, with `key` and `owner`, whose data it is that day.
    rows: dict[int, Any]
    histories: tuple[KpiHistory, ...]
    until: date
    holidays: frozenset[date]

    def states(
        self,
        day: date | None = None,
        *,
        reads_small: Collection[int] = (),
        known_at: datetime | None = None,
    ) -> dict[int, KpiState]:
        """Each KPI's state by id; by the end of the day it was read for, or an earlier one.

        As known today, that of a KPI is worked out again only where something of it changed.
        """
        on = day or self.until
        if known_at is None:
            return {
                history.id: of_same(
                    ("KPI state", history.id, on, history.id in reads_small),
                    (history, self.holidays),
                    partial(self._state, history, on, reads_small),
                    40,
                )
                for history in self.histories
            }
        return kpi_states(
            self.histories, on, self.holidays, reads_small=reads_small, known_at=known_at
        )

    def _state(self, history: KpiHistory, day: date, reads_small: Collection[int]) -> KpiState:
        return kpi_states([history], day, self.holidays, reads_small=reads_small)[history.id]


def kept_kpis(
    plan: Plan, version: Version, until: date, *, worded_day: date | None, **filters: Any
) -> KpiSet:
    """The KPIs of one plan, read once for as long as nothing of the plan changes."""
    return keep(
        version,
        # Who owns their data follows today, whatever the day.
        ("kpis", plan.pk, until, worded_day, timezone.localdate(), *sorted(filters.items())),
        lambda: load_kpis([plan], until, worded_day=worded_day, **filters),
        lambda kpi_set: sum(9 + len(kpi.measurements) for kpi in kpi_set.histories),
    )


def load_kpis(
    plans: Collection[Plan],
    until: date,
    *,
    worded_day: date | None,
    known_at: datetime | None = None,
    **filters: Any,
) -> KpiSet:
    """The KPIs of these plans and what was recorded by the end of `until`.

    They are described as by the end of `worded_day`, None for today, with `known_at` as known by
    then; `filters` narrow them.
    """
    by_plan = {plan.pk: plan for plan in plans}
    rows = _rows(list(by_plan), worded_day, known_at, filters)
    for row in rows.values():
        row.owner = data_owner_on(row, worded_day or until)
    measurements = _measurements(rows, until)
    targets, rebases = _targets_and_rebases(rows, until)
    return KpiSet(
        rows=rows,
        histories=tuple(
            _same(
                _history(row, by_plan[row.plan_id], measurements[pk], targets[pk], rebases[pk]),
                (until, worded_day, known_at),
            )
            for pk, row in rows.items()
        ),
        until=until,
        holidays=bank_holidays(
            min((plan.starts_on.year for plan in plans), default=until.year), until.year + 1
        ),
    )


def _same(history: KpiHistory, as_at: tuple[date | datetime | None, ...]) -> KpiHistory:
    """The history of a KPI as it was read before, where nothing of it has changed since."""
    dates = (history.plan_starts, history.baseline_on, *(target.on for target in history.targets))
    # Two dates that are printed in other words are equal for all else.
    printed = tuple(on.printed for on in dates if on)
    key = ("KPI", history.id, *as_at)
    return same(key, (history, printed), 9 + len(history.measurements))[0]


def _rows(
    plans: Collection[int], day: date | None, known_at: datetime | None, filters: dict[str, Any]
) -> dict[int, Any]:
    today = timezone.localdate()
    worded_rows: Iterable[Any]
    if day is None and known_at is None and not filters:
        worded_rows = _rows_today(list(plans), today)
    else:
        linked = known(KpiCommitment, known_at) if known_at else KpiCommitment.objects.all()
        rows = worded(Kpi, day, known_at=known_at, plan__in=plans, **filters)
        worded_rows = _with_links(rows, linked, today)
    in_use = [row for row in worded_rows if row.withdrawn_at is None]
    return {row.key: row for row in sorted(in_use, key=lambda row: (row.position, row.key))}


def _with_links(rows: QuerySet[Any], linked: QuerySet[Any], today: date) -> QuerySet[Any, Any]:
    links = (
        linked.filter(kpi=OuterRef("key"))
        .order_by("position", "id")
        .values(link=JSONObject(commitment="commitment_id", area="commitment__action__area"))
    )
    as_today = Kpi.objects.filter(pk=OuterRef("key")).values(
        now=JSONObject(owner=data_owners_user(today), counts_people="counts_people")
    )
    with_links: QuerySet[Any, Any] = rows.select_related(
        "data_owner__organisation", "data_passes_to__organisation"
    ).annotate(links=ArraySubquery(links), today=Subquery(as_today))
    return with_links


@written_once
def _rows_today(plans: list[int], today: date) -> QuerySet[Any, Any]:
    return _with_links(worded(Kpi, None, plan__any=plans), KpiCommitment.objects.all(), today)


# Looked up for thousands of rows.
_STATUSES = {status.value: status for status in Status}


def _measurements(kpis: Collection[int], until: date) -> dict[int, list[MeasurementFact]]:
    facts: dict[int, list[MeasurementFact]] = defaultdict(list)
    rest: Any
    for kpi, pk, effective, recorded, starts, ends, status, *rest in _measurement_rows(
        list(kpis), end_of_day(until)
    ):
        facts[kpi].append(
            MeasurementFact(pk, effective, recorded, starts, ends, _STATUSES[status], *rest)
        )
    return facts


@written_once
def _measurement_rows(kpis: list[int], until: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    return Measurement.objects.filter(kpi__any=kpis, effective_at__lt=until).values_list(
        "kpi_id",
        "id",
        "effective_at",
        "recorded_at",
        "starts_on",
        "ends_on",
        "status",
        "value",
        "numerator",
        "denominator",
        "respondents",
        "compared_with",
        "judgement",
        "corrects_id",
        "by_id",
        "second_look__is_confirmed",
        "second_look__effective_at",
        "second_look__recorded_at",
        "decision__is_open",
        "decision__shown",
        "decision__could_be",
        "decision__rounding",
    )


def _targets_and_rebases(
    kpis: Collection[int], until: date
) -> tuple[dict[int, list[TargetFact]], dict[int, list[RebaseFact]]]:
    targets: dict[int, list[TargetFact]] = defaultdict(list)
    rebases: dict[int, list[RebaseFact]] = defaultdict(list)
    rows = _dated_rows(list(kpis), end_of_day(until))
    # In print order, in which targets without a date stay.
    for row in sorted(rows, key=lambda row: (row[-1], row[1])):
        kpi, pk, effective, recorded, replaces, withdrawn, on, *rest = row
        last_day, precision, printed, value, operator, kind, *more, _ = rest
        if kind == "rebase":
            rebases[kpi].append(RebaseFact(pk, effective, recorded, on, replaces, withdrawn))
        else:
            targets[kpi].append(
                TargetFact(
                    pk,
                    effective,
                    recorded,
                    PlanDate.stored(on, last_day, precision, printed) if on else None,
                    value,
                    operator,
                    kind,
                    replaces,
                    withdrawn,
                    *more,
                )
            )
    return targets, rebases


@written_once
def _dated_rows(kpis: list[int], until: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    """Targets and rebases in one query, as rows of one width."""
    columns = ("kpi_id", "id", "effective_at", "recorded_at", "replaces_id", "is_withdrawn")
    wanted = {"kpi__any": kpis, "effective_at__lt": until}
    of_target = (
        TargetPoint.objects.filter(**wanted)
        .order_by()
        .annotate(
            row_first_day=F("first_day"),
            row_last_day=F("last_day"),
            row_precision=F("precision"),
            row_printed=F("printed"),
            row_value=F("value"),
            row_operator=F("operator"),
            row_kind=F("kind"),
            row_position=F("position"),
            row_tolerance=F("tolerance"),
            row_label=F("label"),
            row_borrowed_from=F("borrowed_from"),
            row_months=F("months_after_agreement"),
        )
    )
    of_rebase = (
        Rebase.objects.filter(**wanted)
        .order_by()
        .annotate(
            row_first_day=F("on"),
            row_last_day=Value(None, DateField()),
            row_precision=Value("", CharField()),
            row_printed=Value("", CharField()),
            row_value=Value(None, DecimalField(max_digits=16, decimal_places=4)),
            row_operator=Value("", CharField(max_length=12)),
            row_kind=Value("rebase", CharField(max_length=12)),
            row_position=Value(0),
            row_tolerance=Value(None, DecimalField(max_digits=16, decimal_places=4)),
            row_label=Value("", CharField()),
            row_borrowed_from=Value("", CharField()),
            row_months=Value(None, IntegerField()),
        )
    )
    span = ("row_first_day", "row_last_day", "row_precision", "row_printed")
    more = ("row_tolerance", "row_label", "row_borrowed_from", "row_months")
    extra = (*span, "row_value", "row_operator", "row_kind", *more, "row_position")
    return of_target.values_list(*columns, *extra).union(
        of_rebase.values_list(*columns, *extra), all=True
    )


def _history(
    row: Any,
    plan: Plan,
    measurements: list[MeasurementFact],
    targets: list[TargetFact],
    rebases: list[RebaseFact],
) -> KpiHistory:
    return KpiHistory(
        id=row.key,
        plan=plan.pk,
        code=row.code,
        kind=row.kind,
        direction=row.direction,
        frequency=row.frequency,
        is_percentage=row.unit == "%",
        plan_starts=plan.starts,
        baseline=row.baseline,
        baseline_on=date_of_columns(row, "baseline_"),
        awaits_baseline=row.awaits_baseline,
        # What is hidden follows today, whatever the day: no address shows a small number again.
        counts_people=row.counts_people or row.today["counts_people"],
        needs_second_person=row.needs_second_person,
        year=row.year,
        enough_values=row.enough_values,
        due_after_days=row.due_after_days,
        due_from=_due_from(row, plan),
        agreed_on=plan.agreed_on,
        closed_on=plan.closed_on,
        areas=tuple(dict.fromkeys(link["area"] for link in row.links)),
        commitments=tuple(link["commitment"] for link in row.links),
        data_owner=row.today["owner"],
        measurements=tuple(measurements),
        targets=tuple(targets),
        rebases=tuple(rebases),
    )


def _due_from(row: Any, plan: Plan) -> PlanDate | None:
    """The first month a figure is expected of; none of a plan that nobody is asked about."""
    if plan.tracked_from is None or plan.state == Plan.State.DRAFT:
        return None
    return PlanDate.month_of(max(plan.tracked_from, row.first_due_on or plan.tracked_from))


def hides_text(figure: PeriodFigure, texts: Mapping[int, Measurement]) -> bool:
    """Whether words about a period could tell a number of it that is not shown."""
    return any(version.hides(texts[version.id].respondents) for version in (figure, *figure.before))

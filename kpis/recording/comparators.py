"""What others came to, period by period. Never masked: it is theirs, and published."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery

from actions.models import Plan
from actions.models.base import at
from kpis.models import ComparatorFigure, ComparatorSeries, Kpi
from kpis.recording.measurements import (
    UNCHECKED,
    Problem,
    Refused,
    Unchecked,
    locked_kpi,
    refuse_if_not_agreed,
)
from kpis.rules import validation
from kpis.rules.text import number
from wsoa.accounts.models import User


@dataclass(frozen=True, slots=True)
class ComparatorValue:
    """The newest value of a period."""

    starts_on: date
    ends_on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Comparator:
    """A series with its values in time order, as far as they were recorded by a day."""

    name: str
    published_in: str
    values: tuple[ComparatorValue, ...]


@dataclass(frozen=True, slots=True)
class OthersEntry:
    """One value to record. `base` is the newest row of its period when it was shown."""

    series: int
    starts_on: date
    ends_on: date
    value: Decimal
    reason: str = ""
    source: str = ""
    base: int | Unchecked | None = UNCHECKED


@dataclass(frozen=True, slots=True)
class OthersOutcome:
    """What recording an entry comes to. `newest` is what stands there now."""

    entry: OthersEntry
    newest: ComparatorFigure | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        return self.newest is not None and (self.newest.value, self.newest.starts_on) == (
            self.entry.value,
            self.entry.starts_on,
        )


@transaction.atomic
def record_comparator_figure(
    *,
    series: ComparatorSeries,
    starts_on: date,
    ends_on: date,
    value: Decimal,
    by: User | None,
    today: date,
    reason: str = "",
    source: str = "",
    effective_at: Any = None,
) -> ComparatorFigure:
    """Record a value of a period, or another in the place of the one on record, with why."""
    locked_kpi(series.kpi_id)
    entry = OthersEntry(series.pk, starts_on, ends_on, value, reason, source)
    (outcome,) = _outcomes(_in_use([entry]), [entry], today)
    problems = {problem.field: problem.words for problem in outcome.problems}
    if "series" in problems:
        raise ValidationError(f"{problems['series']}.")
    if outcome.is_same:
        problems["value"] = "This is the figure on record"
    if problems:
        raise ValidationError(problems)
    row = _row(outcome, by, effective_at)
    row.save()
    return row


def foresee_comparators(
    plan: Plan, entries: Sequence[OthersEntry], today: date
) -> list[OthersOutcome]:
    """What recording these entries would come to now. Two queries, nothing written."""
    return _outcomes(_in_use(entries, kpi__plan=plan), entries, today) if entries else []


@transaction.atomic
def record_comparator_figures(
    *, plan: Plan, entries: Sequence[OthersEntry], by: User | None, today: date
) -> list[ComparatorFigure]:
    """Record values of others. Those that are already on record add nothing.

    ValidationError where the plan takes none, Refused with every entry's problems.
    """
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    refuse_if_not_agreed(plan)
    if not entries:
        return []
    several = _in_use(entries, kpi__plan=plan)
    kpis = {series.kpi_id for series in several.values()}
    list(Kpi.objects.select_for_update(no_key=True).filter(pk__in=kpis).order_by("pk"))
    outcomes = _outcomes(_in_use(entries, kpi__plan=plan), entries, today)
    refused = {
        place: outcome.problems for place, outcome in enumerate(outcomes) if outcome.problems
    }
    if refused:
        raise Refused(refused)
    return ComparatorFigure.objects.bulk_create(
        _row(outcome, by, None) for outcome in outcomes if not outcome.is_same
    )


def _in_use(entries: Iterable[OthersEntry], **filters: Any) -> dict[int, ComparatorSeries]:
    in_use = ComparatorSeries.objects.filter(withdrawn_at=None, kpi__withdrawn_at=None, **filters)
    return in_use.select_related("kpi").in_bulk({entry.series for entry in entries})


def _outcomes(
    several: Mapping[int, ComparatorSeries], entries: Sequence[OthersEntry], today: date
) -> list[OthersOutcome]:
    newest = newest_values(several, {entry.ends_on for entry in entries})
    outcomes = []
    for entry in entries:
        series = several.get(entry.series)
        if series is None:
            gone = Problem("series", "This comparison is no longer part of the KPI")
            outcomes.append(OthersOutcome(entry, problems=[gone]))
            continue
        outcome = OthersOutcome(entry, newest.get((entry.series, entry.ends_on)))
        outcome.problems.extend(_problems(series.kpi, outcome, today))
        outcomes.append(outcome)
    return outcomes


def _problems(kpi: Kpi, outcome: OthersOutcome, today: date) -> Iterator[Problem]:
    entry, newest = outcome.entry, outcome.newest
    if outcome.is_same:
        return
    base = newest.pk if newest else None
    if not isinstance(entry.base, Unchecked) and entry.base != base:
        yield Problem("value", "Somebody recorded a figure for this period meanwhile")
        return
    for name, text in validation.value_problems(kpi, "value", entry.value):
        yield Problem(name, text)
    if entry.ends_on > today:
        yield Problem("period", "This period has not ended yet")
    if newest and not entry.reason:
        yield Problem("reason", f"{number(newest.value)} is on record: say why it changes")


def newest_values(
    several: Iterable[int], days: Iterable[date]
) -> dict[tuple[int, date], ComparatorFigure]:
    """What stands for these series and last days of a period, by both."""
    rows = ComparatorFigure.objects.filter(series__in=several, ends_on__in=days, replaced_by=None)
    return {(row.series_id, row.ends_on): row for row in rows}


def _row(outcome: OthersOutcome, by: User | None, effective_at: Any) -> ComparatorFigure:
    entry, newest = outcome.entry, outcome.newest
    return ComparatorFigure(
        series_id=entry.series,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        value=entry.value,
        replaces=newest,
        reason=entry.reason if newest else "",
        by=by,
        source=entry.source,
        **at(effective_at),
    )


@dataclass(frozen=True, slots=True)
class NamedSeries:
    """One of a KPI's others by name, with its last value of all, as a file asks for them."""

    id: int
    name: str
    last: ComparatorValue | None


def named_series(kpis: Iterable[int]) -> dict[int, list[NamedSeries]]:
    """The others of these KPIs in print order, by KPI. One query."""
    standing = ComparatorFigure.objects.filter(series=OuterRef("pk"), replaced_by=None)
    last = standing.order_by("-ends_on")
    rows = (
        ComparatorSeries.objects.filter(kpi__in=kpis, withdrawn_at=None)
        .annotate(
            last_starts_on=Subquery(last.values("starts_on")[:1]),
            last_ends_on=Subquery(last.values("ends_on")[:1]),
            last_value=Subquery(last.values("value")[:1]),
        )
        .values_list("kpi", "pk", "name", "last_starts_on", "last_ends_on", "last_value")
    )
    several: dict[int, list[NamedSeries]] = {}
    for kpi, pk, name, starts_on, ends_on, value in rows.order_by("position", "pk"):
        told = ComparatorValue(starts_on, ends_on, value) if ends_on else None
        several.setdefault(kpi, []).append(NamedSeries(pk, name, told))
    return several


def comparators_of(rows: list[dict[str, Any]]) -> tuple[Comparator, ...]:
    """Of rows read as JSON, oldest record first: each series with its newest values."""
    return tuple(
        Comparator(
            row["name"],
            row["published_in"],
            tuple(
                sorted(
                    {
                        value["ends_on"]: ComparatorValue(
                            date.fromisoformat(value["starts_on"]),
                            date.fromisoformat(value["ends_on"]),
                            Decimal(str(value["value"])),
                        )
                        for value in row["values"]
                    }.values(),
                    key=lambda value: value.ends_on,
                )
            ),
        )
        for row in rows
    )

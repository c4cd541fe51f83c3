"""Deciding once, when they are recorded, which figures are open to everybody.

The rule is `kpis/rules/disclosure.py`; here it is given what was decided before.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q

from actions.models import Plan
from kpis.models import FigureDecision, Kpi, Measurement
from kpis.rules import disclosure
from kpis.rules.disclosure import Counted, CutOffs, Decision, Judged, Period
from kpis.rules.facts import YEAR_STARTS

SOURCE = "rule on small numbers"


def counted(kpi: Kpi, plan: Plan) -> Counted:
    """How the figures of a KPI are judged from now on."""

    def own(name: str) -> int:
        value: int | None = getattr(kpi, name)
        return int(getattr(plan, name)) if value is None else value

    return Counted(
        kind=kpi.kind,
        is_percentage=kpi.unit == "%",
        year_starts=YEAR_STARTS.get(kpi.year),
        denominator_about=kpi.denominator_about,
        cut_offs=CutOffs(
            count=own("smallest_count"),
            denominator=own("smallest_denominator"),
            survey=own("smallest_survey"),
            remainder=kpi.remainder_tells,
        ),
    )


def decide_figures(rows: Sequence[Measurement], kpis: Mapping[int, Kpi], plan: Plan) -> None:
    """Decide these rows of one act. Its KPIs are locked, so no other row comes between."""
    new = [row for row in rows if kpis[row.kpi_id].counts_people]
    if new:
        in_order = sorted(new, key=lambda row: (row.ends_on, kpis[row.kpi_id].position, row.pk))
        _decide(in_order, kpis, plan)


def follow_tick(kpi: Kpi, plan: Plan) -> None:
    """Once it is said that a KPI counts children or families, or no longer, decide what is left.

    What was recorded before it was said is judged in its order; what waits when it is no longer
    said stays closed.
    """
    rows = Measurement.objects.filter(kpi=kpi, decision=None).order_by("recorded_at", "pk")
    if kpi.counts_people:
        _decide(list(rows), {kpi.pk: kpi}, plan)
        return
    FigureDecision.objects.bulk_create(
        FigureDecision(measurement=row, is_open=False, source=SOURCE) for row in rows
    )


def _decide(rows: Sequence[Measurement], kpis: Mapping[int, Kpi], plan: Plan) -> None:
    groups = _groups(kpis.values())
    everything = {kpi.pk for group in groups.values() for kpi in group.kpis} | set(kpis)
    known = _Known(everything)
    for row in rows:
        kpi = kpis[row.kpi_id]
        known.add(row)
        group = groups.get(kpi.pk)
        if row.value is None or group is None:
            known.decide(row, disclosure.decide(counted(kpi, plan), row, known.series(kpi.pk)))
        elif group.whole.pk == kpi.pk:
            known.decide(row, group.of_whole(row, plan, known))
        else:
            group.decide_part(row, plan, known)
    FigureDecision.objects.bulk_create(
        FigureDecision(
            measurement=row,
            is_open=decision.is_open,
            shown=decision.shown,
            could_be=list(decision.could_be),
            rounding=rounding(kpis.get(row.kpi_id) or known.kpis[row.kpi_id], plan),
            source=SOURCE,
        )
        for row, decision in known.decided
    )


def rounding(kpi: Kpi, plan: Plan) -> int:
    return plan.rounding if kpi.rounding is None else kpi.rounding


class _Known:
    """What is on record of these KPIs, and what was decided of it."""

    def __init__(self, kpis: Iterable[int]) -> None:
        self.judged: dict[int, list[Judged]] = defaultdict(list)
        self.kpis: dict[int, Kpi] = {}
        self._newest: dict[tuple[int, date], Measurement] = {}
        self._is_decided: set[int] = set()
        self.decided: list[tuple[Measurement, Decision]] = []
        # What other plans of the lineage told of the same running total.
        self._elsewhere: dict[int, list[Judged]] = defaultdict(list)
        kpis = set(kpis)
        lineage = _of_same_lineage(kpis)
        before = (
            Measurement.objects.filter(kpi__in=kpis | lineage.keys())
            .select_related("decision", "kpi")
            .order_by("recorded_at", "pk")
        )
        for row in before:
            if row.kpi_id in lineage:
                if made := getattr(row, "decision", None):
                    decision = Decision(made.is_open, made.shown, tuple(made.could_be))
                    for own in lineage[row.kpi_id]:
                        self._elsewhere[own].append(Judged(row, decision))
                continue
            self.kpis[row.kpi_id] = row.kpi
            self.add(row)
            if made := getattr(row, "decision", None):
                self._keep(row, Decision(made.is_open, made.shown, tuple(made.could_be)))

    def add(self, row: Measurement) -> None:
        self._newest[row.kpi_id, row.ends_on] = row

    def decide(self, row: Measurement, decision: Decision) -> None:
        self._keep(row, decision)
        self.decided.append((row, decision))

    def _keep(self, row: Measurement, decision: Decision) -> None:
        self._is_decided.add(row.pk)
        self.judged[row.kpi_id].append(Judged(row, decision))

    def series(self, kpi: int) -> list[Judged]:
        """What is decided of a KPI and of those it goes on from, and that go on from it."""
        return [*self._elsewhere[kpi], *self.judged[kpi]]

    def newest(self, kpi: int, ends_on: date) -> Measurement | None:
        """The newest of a period that says a number."""
        row = self._newest.get((kpi, ends_on))
        return row if row and row.value is not None else None

    def is_decided(self, kpi: int, ends_on: date) -> bool:
        return any(judged.row.ends_on == ends_on for judged in self.judged[kpi])

    def shown(self, kpi: int, ends_on: date) -> tuple[Decimal, ...]:
        """The open values of a period."""
        return tuple(
            judged.row.value
            for judged in self.judged[kpi]
            if judged.row.ends_on == ends_on
            and judged.decision.is_open
            and judged.row.value is not None
        )


@dataclass
class _Group:
    """A whole and its parts, in the plan's order."""

    whole: Kpi
    parts: list[Kpi] = field(default_factory=list)

    @property
    def kpis(self) -> list[Kpi]:
        return [self.whole, *self.parts]

    def _period(self, ends_on: date, plan: Plan, known: _Known) -> Period:
        return Period(
            threshold=max(counted(kpi, plan).cut_offs.count for kpi in self.kpis),
            totals=known.shown(self.whole.pk, ends_on),
            parts=tuple(known.shown(part.pk, ends_on) for part in self.parts),
        )

    def of_whole(self, row: Measurement, plan: Plan, known: _Known) -> Decision:
        own = disclosure.decide(counted(self.whole, plan), row, ())
        if not own.is_open or row.value is None:
            return own
        return disclosure.decide_in_group(row.value, self._period(row.ends_on, plan, known), None)

    def decide_part(self, row: Measurement, plan: Plan, known: _Known) -> None:
        """A part put right by itself; all of a period together, once they are there."""
        ends_on, period = row.ends_on, self._period(row.ends_on, plan, known)
        if all(known.is_decided(part.pk, ends_on) for part in self.parts):
            place = [part.pk for part in self.parts].index(row.kpi_id)
            assert row.value is not None
            known.decide(row, disclosure.decide_in_group(row.value, period, place))
            return
        newest = [known.newest(part.pk, ends_on) for part in self.parts]
        there = [part for part in newest if part is not None]
        if len(there) < len(newest):
            return
        values = [part.value for part in there if part.value is not None]
        for part, decision in zip(there, disclosure.decide_parts(values, period), strict=True):
            known.decide(part, decision)


def _groups(kpis: Iterable[Kpi]) -> dict[int, _Group]:
    """The group that each belongs to, by KPI; none for most. One query, where any may have one."""
    kpis = list(kpis)
    wholes = {kpi.part_of_id or kpi.pk for kpi in kpis}
    there = Kpi.objects.filter(withdrawn_at=None, counts_people=True)
    members = there.filter(Q(part_of__in=wholes) | Q(pk__in=wholes)).order_by("position", "pk")
    groups: dict[int, _Group] = {}
    by_pk = {kpi.pk: kpi for kpi in members}
    for kpi in by_pk.values():
        if kpi.part_of_id in by_pk:
            whole = by_pk[kpi.part_of_id]
            groups.setdefault(whole.pk, _Group(whole)).parts.append(kpi)
    for group in list(groups.values()):
        groups |= {part.pk: group for part in group.parts}
    return groups


def _of_same_lineage(kpis: set[int]) -> dict[int, set[int]]:
    """By key of a KPI of other plans, those of these that are of its lineage. Two queries."""
    firsts = {
        pk: lineage or pk
        for pk, lineage in Kpi.objects.filter(pk__in=kpis).values_list("pk", "lineage")
    }
    wanted = set(firsts.values())
    others = Kpi.objects.filter(Q(lineage__in=wanted) | Q(pk__in=wanted)).exclude(pk__in=kpis)
    return {
        pk: {own for own, first in firsts.items() if first == (lineage or pk)}
        for pk, lineage in others.values_list("pk", "lineage")
    }

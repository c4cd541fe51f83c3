"""Short ways to write down what was recorded of a KPI, for tests of its state."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from actions.rules.dates import PlanDate, last_day_of_month
from kpis.rules.disclosure import Counted, CutOffs, Judged, decide
from kpis.rules.facts import KpiHistory, MeasurementFact, RebaseFact, Status, TargetFact
from kpis.rules.state import kpi_states
from tests.actions.rules.pure_factories import at

# Far from those that a test gives itself.
_ids = count(1_000_000)
NO_HOLIDAYS: frozenset[date] = frozenset()
EARLY = at("2021-12-24")


def number(value):
    return None if value is None else Decimal(str(value))


def figure(month, value=None, said="", recorded="", status="final", **fields):
    """The figure of a month (`2022-03`), said on its last day unless another day is given."""
    starts = PlanDate.parse(month).first_day
    ends = fields.pop("ends_on", last_day_of_month(starts))
    said_at = at(said) if said else datetime.combine(ends, datetime.min.time(), EARLY.tzinfo)
    for name in ("numerator", "denominator", "compared_with"):
        if name in fields:
            fields[name] = number(fields[name])
    return MeasurementFact(
        id=fields.pop("id", None) or next(_ids),
        effective_at=said_at,
        recorded_at=at(recorded) if recorded else said_at,
        starts_on=starts,
        ends_on=ends,
        status=Status(status),
        value=number(value),
        **fields,
    )


def target(value, by="", operator="at_least", said="", **fields):
    said_at = at(said) if said else EARLY
    if "tolerance" in fields:
        fields["tolerance"] = number(fields["tolerance"])
    return TargetFact(
        id=fields.pop("id", None) or next(_ids),
        effective_at=said_at,
        recorded_at=said_at,
        on=PlanDate.parse(by) if by else None,
        value=number(value),
        operator=operator,
        kind=fields.pop("kind", "final"),
        **fields,
    )


def rebase(month, **fields):
    return RebaseFact(
        id=next(_ids),
        effective_at=EARLY,
        recorded_at=EARLY,
        on=PlanDate.parse(month).first_day,
        **fields,
    )


def kpi(*measurements, **fields):
    """A monthly rate of which more is better, of a plan that starts in January 2022.

    Where it counts people its figures are decided in the order in which they were recorded.
    """
    cut_offs = fields.pop("cut_offs", CutOffs())
    values: dict[str, Any] = {
        "id": 1,
        "plan": 1,
        "code": "K1",
        "kind": "quantity",
        "direction": "higher",
        "frequency": "monthly",
        "is_percentage": False,
        "plan_starts": PlanDate.parse("2022-01"),
    }
    if "baseline" in fields:
        fields["baseline"] = number(fields["baseline"])
    if "baseline_on" in fields:
        fields["baseline_on"] = PlanDate.parse(fields["baseline_on"])
    history = KpiHistory(**(values | fields), measurements=tuple(measurements))
    return decided(history, cut_offs) if history.counts_people else history


def decided(history, cut_offs):
    counted = Counted(history.kind, history.is_percentage, history.year_starts, cut_offs=cut_offs)
    judged: list[Any] = []
    for row in sorted(history.measurements, key=lambda row: (row.recorded_at, row.id)):
        judged.append(Judged(row, decide(counted, row, judged)))
    made: dict[int, Any] = {one.row.id: one.decision for one in judged}
    return replace(
        history,
        measurements=tuple(
            replace(
                row,
                is_open=made[row.id].is_open,
                shown=made[row.id].shown,
                could_be=made[row.id].could_be,
            )
            for row in history.measurements
        ),
    )


def state_of(history, day, **options):
    return kpi_states([history], date.fromisoformat(day), NO_HOLIDAYS, **options)[history.id]

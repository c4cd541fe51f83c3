"""What a measure comes to, in one sentence of at most two clauses. Standard library only.

The sentences are fixed and the first that fits is said, so that nobody can tune what a page finds:

1. Nothing to say: a baseline awaited, no figure, the newest too few to show. Of a judgement, what
   people say.
2. Otherwise whether it has changed. Where the control chart has its icons: what the chart signals,
   and since when. Else against the baseline.
3. And where it stands: against its trajectory, a comparison, or its target; once the target's date
   has passed, whether it was missed, or that no figure tells.
"""

from decimal import Decimal

from kpis.rules import trajectory
from kpis.rules.facts import KpiHistory
from kpis.rules.spc import ControlChart
from kpis.rules.standing.position import Position
from kpis.rules.state import KpiState
from kpis.rules.text import (
    amount,
    apart_text,
    apart_words,
    gap_text,
    period_text,
    position_text,
)

_JUDGED = {
    "improved": "People say that it has improved",
    "no_change": "People say that nothing has changed",
    "worse": "People say that it has got worse",
    "not_known": "Nobody can say yet whether it has changed",
}
_NOTHING = {
    Position.BASELINE_AWAITED: "A baseline is awaited",
    Position.PASSED: "Target passed, no figure",
    Position.NO_FIGURE: "No figure yet",
    Position.TOO_FEW: "The newest figure is too few to show",
}


def finding(history: KpiHistory, state: KpiState, unit: str) -> str:
    """The finding of a measure by the end of a day."""
    if state.latest is None or (state.newest and state.newest.is_too_few):
        return _NOTHING.get(state.position, _NOTHING[Position.NO_FIGURE])
    if state.latest.judgement:
        return _JUDGED[state.latest.judgement]
    parts = [_change(history, state, unit), _stands(history, state, unit)]
    clauses = [clause for clause in parts if clause]
    if not clauses:
        return (
            f"The latest figure is of {period_text(state.latest.starts_on, state.latest.ends_on)}"
        )
    text = "; ".join(clauses)
    return text[:1].upper() + text[1:]


def _change(history: KpiHistory, state: KpiState, unit: str) -> str:
    if state.chart and not state.chart_withheld and state.chart.variation:
        return _signal(state.chart, state.chart.variation)
    return _since_the_start(history, state, unit)


def _signal(chart: ControlChart, variation: str) -> str:
    if variation == "common_cause":
        return "no change beyond chance"
    kind, _, way = variation.partition("_")
    word = {"improvement": "better", "concern": "worse"}.get(
        kind, "higher" if way == "high" else "lower"
    )
    newest = chart.points[-1]
    begins = newest
    for point in reversed(chart.points):
        if point.point_type != newest.point_type or point.phase != newest.phase:
            break
        begins = point
    month = period_text(begins.date.replace(day=1), begins.date)
    when = f"in {month}" if begins is newest else f"since {month}"
    return f"{word} {when}, and not by chance"


def _since_the_start(history: KpiHistory, state: KpiState, unit: str) -> str:
    """Against the baseline; nothing of a running total, which starts from nothing each year."""
    latest, start, good = state.latest, state.baseline, history.good
    if latest is None or latest.value is None or history.kind == "cumulative":
        return ""
    if history.kind == "relative" and history.is_percentage:
        way = "up" if latest.value > 0 else "down"
        moved_by = amount(abs(latest.value), unit)
        return f"{way} {moved_by} since the baseline" if latest.value else ""
    if start is None:
        return ""
    moved = latest.value - start
    if moved == 0:
        return "as at the baseline"
    apart = apart_words(moved, unit, state)
    if good is None:
        return f"{apart} {'higher' if moved > 0 else 'lower'} than the baseline"
    is_better = trajectory.gap(latest.value, start, good) > 0
    return f"{apart} {'better' if is_better else 'worse'} than the baseline"


def _stands(history: KpiHistory, state: KpiState, unit: str) -> str:
    if state.position is Position.NO_TARGET:
        return ""
    if state.position is Position.PASSED:
        return f"target passed, {gap_text(state, unit)}"
    if state.position is Position.MISSED and state.target_gap is not None and state.target:
        apart = apart_text(state.target_gap, state.target.level, unit, "it", state)
        return f"target missed, {apart}"
    gap = state.gap if state.gap is not None else state.target_gap
    if gap is not None and gap < Decimal(0):
        return gap_text(state, unit)
    text = position_text(state, history.kind)
    return text[:1].lower() + text[1:]

"""What to look at again about a finding, before an inspector does. From facts alone.

1. *Nothing answers this*: no area, action or commitment does. Of a strength nothing is asked.
2. *Answered, and no evidence*: it is answered, and none of its commitments has any evidence.
3. *Done, and no evidence*: a commitment is Blue, or its completion date is met, and it has none.
4. *No new evidence for three months*: there is some, and the newest is older than that, while not
   all of its commitments are Blue.
5. *All done, and no KPI better*: every commitment is Blue, and of no KPI can it be said that it is
   better than its baseline. *All done, and no KPI* where none is linked.
6. *Done, and the KPI no better*: a commitment is done, and one of its KPIs is no better.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from actions.models import Finding
from actions.rules.state import CommitmentState
from kpis.rules.state import Effect, KpiState, effect_of

QUIET = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class EvidenceDay:
    commitment: int
    on: date


@dataclass(frozen=True, slots=True)
class Point:
    """In words; with the commitments it is about, where it is about some of them alone."""

    text: str
    commitments: tuple[CommitmentState, ...] = ()


def points_of(
    kind: str,
    states: Sequence[CommitmentState],
    evidence: Collection[EvidenceDay],
    kpis: Mapping[int, Collection[KpiState]],
    *,
    day: date,
    is_tracked: bool,
    is_answered: bool,
) -> list[Point]:
    """The points of one finding on a day. `kpis` are those of each commitment, by its id."""
    if kind == Finding.Kind.STRENGTH:
        return []
    if not is_answered:
        return [Point("Nothing answers this")]
    if not is_tracked or not states:
        return []
    points = []
    with_evidence = {line.commitment for line in evidence}
    done = [state for state in states if is_done(state)]
    bare = tuple(state for state in done if state.id not in with_evidence)
    if not evidence:
        points.append(Point("Answered, and no evidence"))
    elif bare:
        points.append(Point("Done, and no evidence", bare))
    all_blue = all(state.standing.is_confirmed_blue for state in states)
    newest = max((line.on for line in evidence), default=None)
    if newest and day - newest > QUIET and not all_blue:
        points.append(Point("No new evidence for three months"))
    if all_blue:
        linked = [kpi for state in states for kpi in kpis[state.id]]
        if not linked:
            points.append(Point("All done, and no KPI"))
        elif not any(kpi.is_no_better is False for kpi in linked):
            points.append(Point("All done, and no KPI better"))
    else:
        no_better = tuple(state for state in states if _is_no_better(state, kpis[state.id]))
        if no_better:
            points.append(Point("Done, and the KPI no better", no_better))
    return points


def is_done(state: CommitmentState) -> bool:
    """Confirmed Blue, or its completion date met."""
    return state.standing.is_confirmed_blue or state.delivered_on is not None


def _is_no_better(state: CommitmentState, kpis: Iterable[KpiState]) -> bool:
    return any(effect_of(kpi, state) is Effect.NO_BETTER for kpi in kpis)

"""KPIs in counts: what became of targets whose date has passed, and where the others stand."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from actions.pages.plan_page import PlanPage
from kpis.rules.standing.position import Outcome, Position
from kpis.rules.state import KpiState

# The three that a board asks for; each leads to the list of those KPIs.
_PASSED = (
    ("met", (Outcome.MET,)),
    ("missed", (Outcome.MISSED,)),
    ("not known", (Outcome.NO_FIGURE, Outcome.NOTHING_BESIDE, Outcome.TOO_FEW)),
)
_STANDS = (
    ("on their trajectory", Position.ON),
    ("near it", Position.NEAR),
    ("off it", Position.OFF),
)


@dataclass(frozen=True, slots=True)
class KpiCount:
    count: int
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class KpiCounts:
    note: str
    passed: list[KpiCount]
    stands: list[KpiCount]
    overdue: KpiCount | None


def kpi_counts(page: PlanPage, states: Collection[KpiState]) -> KpiCounts:
    outcomes = Counter(state.outcome for state in states if state.outcome)
    positions = Counter(state.position for state in states)
    name = "kpis:kpis"
    total = sum(outcomes.values())
    overdue = sum(state.is_overdue for state in states)
    return KpiCounts(
        note=f"{total} of {len(states)} targets have passed their date" if total else "",
        passed=[
            KpiCount(
                sum(outcomes[one] for one in kinds),
                words,
                page.listed(name, target=[one.value for one in kinds]),
            )
            for words, kinds in _PASSED
        ]
        if total
        else [],
        stands=[
            KpiCount(positions[place], words, page.listed(name, stands=place.value))
            for words, place in _STANDS
            if positions[place]
        ],
        overdue=KpiCount(overdue, "data overdue", page.listed(name, awaits="overdue"))
        if overdue
        else None,
    )

"""Targets whose date has passed, counted in a sentence. Standard library only.

Each KPI counts once, by its last dated target; see `position.Outcome`. Milestones on the way to a
later target are counted in a sentence of their own, and what is judged in words in neither.
"""

from collections import Counter
from collections.abc import Iterable

from kpis.rules.facts import KpiHistory
from kpis.rules.standing.milestones import Milestone, milestones
from kpis.rules.standing.position import Outcome
from kpis.rules.state import KpiState

OUTCOMES: dict[Outcome, str] = {
    Outcome.MET: "Target met",
    Outcome.MISSED: "Target missed",
    Outcome.TOO_FEW: "Too few to show",
    Outcome.NOTHING_BESIDE: "Nothing to judge the figure by",
    Outcome.NO_FIGURE: "No figure",
}
# So many dated targets are milestones, and are told one by one.
MILESTONES = 2
_OUTCOMES = {
    Outcome.MET: "Met",
    Outcome.MISSED: "Missed",
    Outcome.TOO_FEW: "Too few to show",
    Outcome.NOTHING_BESIDE: "Nothing to judge the figure by",
    Outcome.NO_FIGURE: "No figure",
}
_OF_ONE = {
    Outcome.MET: "was met",
    Outcome.MISSED: "was missed",
    Outcome.TOO_FEW: "is too few to show",
    Outcome.NOTHING_BESIDE: "cannot be told: nothing to judge the figure by",
    Outcome.NO_FIGURE: "cannot be told: no figure",
}


def passed_text(outcomes: Iterable[Outcome | None]) -> str:
    """`Of 19 targets whose date has passed, 2 were met, 4 missed and 13 cannot be told: no figure.`

    Empty where no date has passed.
    """
    return _text(outcomes, "target", "targets")


def milestones_text(kpis: Iterable[tuple[KpiHistory, KpiState]]) -> str:
    """The same of the milestones on the way to targets that come later."""
    outcomes = [
        milestone.outcome
        for history, state in kpis
        for milestone in milestones(history, state)[:-1]
    ]
    return _text(outcomes, "milestone on the way", "milestones on the way")


def outcome_text(milestone: Milestone) -> str:
    """What became of one of them."""
    if milestone.figure and milestone.figure.judgement:
        return "Judged in words"
    return _OUTCOMES[milestone.outcome] if milestone.outcome else "Not due yet"


def _text(outcomes: Iterable[Outcome | None], one: str, many: str) -> str:
    counts = Counter(outcome for outcome in outcomes if outcome)
    total = sum(counts.values())
    if not total:
        return ""
    if total == 1:
        (outcome,) = counts
        return f"The one {one} whose date has passed {_OF_ONE[outcome]}."
    said: list[str] = []
    for outcome in OUTCOMES:
        if number := counts[outcome]:
            is_short = outcome is Outcome.MISSED and bool(said)
            said.append(f"{number} {_of_some(outcome, number, is_short=is_short)}")
    *first, last = said
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"Of {total} {many} whose date has passed, {listed}."


def _of_some(outcome: Outcome, number: int, *, is_short: bool) -> str:
    """`were met`; after that `missed` says enough."""
    words = _OF_ONE[outcome]
    if is_short:
        return "missed"
    if number == 1:
        return words
    return words.replace("was ", "were ").replace("is ", "are ")

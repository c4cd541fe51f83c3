"""What else waits for a person on a plan, as the apps above tell it: it heads their pages."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from actions.memberships import PlanAccess


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence and the page it leads to."""

    words: str
    button: str
    url: str


# Each is asked for several people of one plan at once, and tells each of theirs in that order: in a
# fixed number of queries, one where there is nothing to tell.
TELLERS: list[Callable[[Sequence[PlanAccess], date], Sequence[Iterable[Notice]]]] = []


def notices_for(accesses: Sequence[PlanAccess], today: date) -> list[list[Notice]]:
    """What each of these people of one plan is told."""
    told: list[list[Notice]] = [[] for _ in accesses]
    for teller in TELLERS:
        for notices, of_teller in zip(told, teller(accesses, today), strict=True):
            notices += of_teller
    return told

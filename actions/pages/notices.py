"""What else waits for a person on a plan, as the apps above tell it: it heads their pages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from actions.memberships import PlanAccess


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence and the page it leads to."""

    words: str
    button: str
    url: str


# Each is asked in a fixed number of queries, one where there is nothing to tell.
TELLERS: list[Callable[[PlanAccess, date], Iterable[Notice]]] = []


def notices_for(access: PlanAccess, today: date) -> list[Notice]:
    return [notice for teller in TELLERS for notice in teller(access, today)]

"""How many commitments had each rating on each of several days, by area or by action.

Standard library only.

The counts are those of `count` over `state_at` of each day (`actions/rules/state.py`), for charts
of many months, which ask for nothing else of a state: each commitment is replayed once, and neither
its dates nor what was owed of it is worked out.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from actions.rules import status
from actions.rules.dates import end_of_day
from actions.rules.state import CommitmentHistory, PlanHistory
from actions.rules.status import Rating, Recorded

Row = TypeVar("Row", bound=Recorded)

# By area.
Ratings = dict[int, Counter[Rating]]


def ratings_on(
    plan: PlanHistory, days: Sequence[date], known_at: datetime | None = None
) -> list[Ratings]:
    """The commitments in the plan by area and rating at the end of each day, in time order.

    `known_at` narrows to what had been recorded by then.
    """
    found: list[Ratings] = [{} for _ in days]
    for commitment, course in _courses(plan, days, known_at):
        for ratings, rating in zip(found, course, strict=True):
            if rating is not None:
                ratings.setdefault(commitment.area, Counter())[rating] += 1
    return found


def courses_by_action(plan: PlanHistory, days: Sequence[date]) -> dict[int, list[Counter[Rating]]]:
    """For each action with commitments, how many had each rating at the end of each day."""
    found: dict[int, list[Counter[Rating]]] = {}
    for commitment, course in _courses(plan, days, None):
        of_action = found.setdefault(commitment.action, [Counter() for _ in days])
        for ratings, rating in zip(of_action, course, strict=True):
            if rating is not None:
                ratings[rating] += 1
    return found


def _courses(
    plan: PlanHistory, days: Sequence[date], known_at: datetime | None
) -> Iterator[tuple[CommitmentHistory, list[Rating | None]]]:
    ends = [end_of_day(plan.still_on(day)) for day in days]
    for row in plan.commitments:
        if known_at and row.added_at > known_at:
            continue
        commitment = _known(row, known_at) if known_at else row
        yield commitment, _course(commitment, ends)


# Red, Amber, not yet rated, Green, Grey, paused, Blue: what holds an action back most comes first.
LOWEST_FIRST = (
    Rating.RED,
    Rating.AMBER,
    Rating.NOT_YET_RATED,
    Rating.GREEN,
    Rating.GREY,
    Rating.PAUSED,
    Rating.BLUE,
)


def lowest(ratings: Counter[Rating]) -> tuple[Rating, int] | None:
    """The lowest rating among some commitments, and how many have it; None of none.

    It is a count and no judgement: an action has no rating of its own.
    """
    for rating in LOWEST_FIRST:
        if ratings[rating]:
            return rating, ratings[rating]
    return None


def _known(commitment: CommitmentHistory, known_at: datetime) -> CommitmentHistory:
    def known(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(row for row in rows if row.recorded_at <= known_at)

    return replace(
        commitment,
        updates=known(commitment.updates),
        confirmations=known(commitment.confirmations),
        withdrawals=known(commitment.withdrawals),
        pauses=known(commitment.pauses),
    )


def total(ratings: Ratings) -> dict[Rating, int]:
    """Those of all areas together, with every rating."""
    counts: Counter[Rating] = Counter()
    for of_area in ratings.values():
        counts.update(of_area)
    return {rating: counts[rating] for rating in Rating}


def _course(commitment: CommitmentHistory, ends: Sequence[datetime]) -> list[Rating | None]:
    """Its rating before each moment; None while it was not in the plan."""
    ratings = status.ratings_before(commitment.updates, commitment.confirmations, ends)
    return [_counted(commitment, end, rating) for end, rating in zip(ends, ratings, strict=True)]


def _counted(commitment: CommitmentHistory, end: datetime, rating: Rating) -> Rating | None:
    if commitment.added_at >= end:
        return None
    if commitment.withdrawals and status.is_withdrawn(
        row for row in commitment.withdrawals if row.effective_at < end
    ):
        return None
    if commitment.pauses and status.pause_of(
        row for row in commitment.pauses if row.effective_at < end
    ):
        return Rating.PAUSED
    return rating

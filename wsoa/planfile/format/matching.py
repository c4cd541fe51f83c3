"""Which date or target of a later file is which of an earlier one. Pure.

Key dates and targets have no name of their own. Those that say the same are the same; what is left
is then paired by kind in the order of the file, so that a changed date is one move, not two events.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from actions.rules.dates import PlanDate
from wsoa.planfile.format.schema import DateMove, KeyDate, Target
from wsoa.planfile.format.values import DateParts, plan_date

Old = TypeVar("Old")
New = TypeVar("New")

# A pair's places in the two lists; None where one of them has nothing to match.
Pair = tuple[int | None, int | None]
Rule = tuple[Callable[[Old], Hashable], Callable[[New], Hashable]]


def paired(old: Sequence[Old], new: Sequence[New], rules: Sequence[Rule[Old, New]]) -> list[Pair]:
    """Match by the first rule, the rest by the second, and so on; a key of None matches nothing.

    New ones come in their order, each beside its old one; old ones without a partner follow.
    """
    partner: dict[int, int] = {}
    left = list(range(len(old)))
    for old_key, new_key in rules:
        for n, value in enumerate(new):
            key = new_key(value)
            if n in partner or key is None:
                continue
            match = next((o for o in left if old_key(old[o]) == key), None)
            if match is not None:
                partner[n] = match
                left.remove(match)
    return [(partner.get(n), n) for n in range(len(new))] + [(o, None) for o in left]


# --- Key dates --------------------------------------------------------------------------------


def first_of(key_date: KeyDate) -> PlanDate:
    return plan_date(key_date.moves[0].was if key_date.moves else key_date.date)


def now_of(key_date: KeyDate) -> PlanDate:
    """Its date, whatever the words for it."""
    return plan_date(key_date.date)


_DATE_RULES: list[Rule[KeyDate, KeyDate]] = [
    # The same past and the same present; for a file without the past, the same present.
    (
        lambda old: (old.kind, first_of(old), now_of(old)),
        lambda new: (new.kind, first_of(new), now_of(new)),
    ),
    (
        lambda old: (old.kind, now_of(old)),
        lambda new: None if new.moves else (new.kind, now_of(new)),
    ),
    (
        lambda old: (old.kind, first_of(old)),
        lambda new: (new.kind, first_of(new)) if new.moves else None,
    ),
    (lambda old: old.kind, lambda new: new.kind),
]


def paired_dates(old: Sequence[KeyDate], new: Sequence[KeyDate]) -> list[Pair]:
    return paired(old, new, _DATE_RULES)


class PastDiffersError(ValueError):
    """A file tells another past of a date than the one on record, which cannot be rewritten."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row to be recorded: the next date, and the move the file tells of, if it does."""

    date: str | DateParts
    move: DateMove | None


def steps(old: KeyDate, new: KeyDate) -> list[Step]:
    """What must be recorded so that the date on record says what the file says.

    A file may leave the past out, know less of it than the record, or tell how it went on.
    """
    known, given = old.moves, new.moves
    if given[: len(known)] == known and len(given) > len(known):
        dates = [*(move.was for move in given[len(known) :]), new.date]
        if dates[0] != old.date:
            raise PastDiffersError(
                f"on record this date is {old.date}; the file moves it from {dates[0]}"
            )
        return [
            Step(next_date, move)
            for move, (_, next_date) in zip(given[len(known) :], pairwise(dates), strict=True)
        ]
    if given and given != known[: len(given)]:
        raise PastDiffersError(
            "on record this date has another past, and records are not rewritten: give its moves"
            " as export_plan does, or leave them out"
        )
    if new.date != old.date or new.note != old.note:
        return [Step(new.date, None)]
    return []


# --- Targets ----------------------------------------------------------------------------------


def due_of(target: Target) -> PlanDate | None:
    return plan_date(target.date) if target.date else None


_TARGET_RULES: list[Rule[Target, Target]] = [
    (lambda old: old, lambda new: new),
    (lambda old: (old.kind, due_of(old)), lambda new: (new.kind, due_of(new))),
    (lambda old: old.kind, lambda new: new.kind),
]


def paired_targets(old: Sequence[Target], new: Sequence[Target]) -> list[Pair]:
    return paired(old, new, _TARGET_RULES)

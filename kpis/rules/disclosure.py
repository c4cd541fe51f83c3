"""Which figures may be shown to everybody, decided once, when they are recorded. Standard library.

Judged are only KPIs that count children or families. A number of them from 1 up to, and not
including, the KPI's threshold (5 unless set) is *small*. Zero is not: it points at nobody.

1. Rows are judged in the order they were recorded, those of one act by their period. A row is
   *open* where, with all open before it, it tells no small number; else it is *closed*. That never
   changes, so every day that is asked about, and every cut-off, chooses among the same open rows.
2. What a row tells by itself: its count; of a rate its numerator, given or worked out from the
   percentage and those it is of (every whole number that rounds to it); and, where being left over
   says something about a child, what is left of the denominator. A rate of fewer than the smallest
   denominator, and a survey that fewer than the smallest survey answered, are closed whatever they
   say. Of a judgement in words only the number it rests on is closed.
3. A running total tells its steps as well: what it differs by from each open one of another period
   of its year, the year's beginning from nothing among them. It never falls, so that totals shown
   on either side also bound a closed one: what would leave fewer than four whole numbers for a
   closed one is closed. In a year that has a closed one, a total that comes late or is put right is
   closed whatever it is, so that being closed tells nothing of it. One that lies between two shown
   that are the same can be nothing else, and is open.
4. Two values of the same period are not subtracted from each other: a restatement is no event in
   anybody's life. A closed one is never printed, also not as what was said before.
5. The parts of a whole open together, once all of a period are there. Where one is small, the one
   beside it closes with it: the first and second, the third and fourth, of an odd number the last
   three. Which they are hangs on no value. Where those that are closed come to too few, all close:
   the total, which is shown, tells what they come to. A total, and a part that is put right later,
   is closed where all the others shown would tell a small number, or a single closed one.
6. Closed is not blank. A running total or part from 100 up is shown to the nearest 10, and a rate
   of at least 100 as a band of five per cent, where that leaves four whole numbers or more in every
   case that a reader cannot rule out; else it is too few to show. Of a closed one it is kept which
   whole numbers it could be for all that anybody knows, so that nothing is said that differs
   between them.

What is closed is taken out before anything is built on it (`kpis/rules/state.py`).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import product
from typing import Protocol

# The whole numbers that are to be left for a closed one.
LEFT = 4
# From here up a closed count is shown to the nearest ten, and a closed rate as a band.
LARGE = 100
NEAREST = 10
BAND = 5


@dataclass(frozen=True, slots=True)
class CutOffs:
    """What is small, and what says something about a child."""

    count: int = 5
    denominator: int = 10
    survey: int = 10
    # Whether being left over says something about a child, too.
    remainder: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """A KPI that counts children or families, as far as its figures are judged by it."""

    kind: str = "quantity"
    is_percentage: bool = False
    # Of a running total: the month in which counting begins again, None where it never does.
    year_starts: int | None = None
    # About how many a percentage is of, where its figures do not say.
    denominator_about: int | None = None
    cut_offs: CutOffs = field(default_factory=CutOffs)


class Row(Protocol):
    """The numbers of one figure and its period."""

    @property
    def ends_on(self) -> date: ...
    @property
    def value(self) -> Decimal | None: ...
    @property
    def numerator(self) -> Decimal | None: ...
    @property
    def denominator(self) -> Decimal | None: ...
    @property
    def respondents(self) -> int | None: ...
    @property
    def judgement(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a row is open; of a closed one what is shown for it, and what it could be.

    `shown` is the nearest ten of a count, or where the band of a rate begins. `could_be` are whole
    numbers of people: of a rate, of its numerator. Empty where nothing is known of it.
    """

    is_open: bool
    shown: Decimal | None = None
    could_be: tuple[int, ...] = ()


OPEN = Decision(is_open=True)
CLOSED = Decision(is_open=False)


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what was decided."""

    row: Row
    decision: Decision


def is_small(number: Decimal | int | None, threshold: int) -> bool:
    return number is not None and 0 < number < threshold


def decide(kpi: Counted, row: Row, before: Iterable[Judged]) -> Decision:
    """What becomes of a row of a KPI that belongs to no group, after those judged before it."""
    total = _running_total(kpi, row)
    if total is None:
        return _closed_by_itself(kpi, row) if _tells(kpi, row) else OPEN
    if row.denominator is not None and _tells(kpi, row):
        return CLOSED
    return _decide_total(int(total), row.ends_on, _year(kpi, row, before), kpi.cut_offs.count)


def year_of(day: date, starts_in: int) -> int:
    """The calendar year in which the year that `day` belongs to began."""
    return day.year if day.month >= starts_in else day.year - 1


# --- What a row tells by itself -----------------------------------------------------------------


def _tells(kpi: Counted, row: Row) -> bool:
    cut_offs = kpi.cut_offs
    if row.judgement:
        return is_small(row.respondents, cut_offs.count)
    if row.value is None:
        return False
    if kpi.kind == "survey":
        answered = row.respondents if row.respondents is not None else row.denominator
        if answered is not None and answered < cut_offs.survey:
            return True
    whole = _whole(kpi, row)
    if whole is not None and whole < cut_offs.denominator:
        return True
    return any(
        is_small(number, cut_offs.count)
        or (cut_offs.remainder and whole is not None and is_small(whole - number, cut_offs.count))
        for number in _people(kpi, row, whole)
    )


def _whole(kpi: Counted, row: Row) -> Decimal | None:
    """Those a rate is of."""
    if row.numerator is not None:
        return row.denominator
    if not kpi.is_percentage or kpi.kind == "relative":
        return None
    of = row.respondents if row.respondents is not None else kpi.denominator_about
    return None if of is None else Decimal(of)


def _people(kpi: Counted, row: Row, whole: Decimal | None) -> list[Decimal]:
    """The numbers of people that a row could be telling."""
    if row.value is None:
        return []
    if row.numerator is not None:
        return [row.numerator]
    if whole is not None:
        return _numerators(row.value, whole)
    if kpi.is_percentage or kpi.kind == "rate":
        return []
    # A survey's score is no count; one of the people who said so is whole.
    if kpi.kind == "survey" and row.value != row.value.to_integral_value():
        return []
    return [row.value]


def _numerators(percentage: Decimal, whole: Decimal) -> list[Decimal]:
    """Each whole number that comes to the percentage as it is given, else the nearest."""
    exponent = percentage.normalize().as_tuple().exponent
    places = min(exponent, 0) if isinstance(exponent, int) else 0
    half = Decimal(5).scaleb(places - 1)
    least = ((percentage - half) * whole / 100).to_integral_value(ROUND_CEILING)
    most = ((percentage + half) * whole / 100).to_integral_value(ROUND_FLOOR)
    numbers = [Decimal(number) for number in range(max(int(least), 0), int(most) + 1)]
    return numbers or [(percentage * whole / 100).to_integral_value(ROUND_HALF_UP)]


def _closed_by_itself(kpi: Counted, row: Row) -> Decision:
    """Of a count any small number; of a numerator as well, and what is left of it."""
    cut_offs, whole = kpi.cut_offs, _whole(kpi, row)
    answered = row.respondents if row.respondents is not None else row.denominator
    if kpi.kind == "survey" and answered is not None and answered < cut_offs.survey:
        return CLOSED
    if row.judgement or (whole is not None and whole < cut_offs.denominator):
        return CLOSED
    small = set(range(1, cut_offs.count))
    if whole is None:
        return Decision(is_open=False, could_be=tuple(sorted(small)))
    if row.numerator is None:
        # Worked out of a rounded percentage it may be another than the one that is small.
        return CLOSED
    if cut_offs.remainder:
        small |= {int(whole) - number for number in small}
    could_be = tuple(sorted(small))

    def band(number: int) -> int:
        return number * 100 // int(whole) // BAND

    if not kpi.is_percentage or whole < LARGE:
        return Decision(is_open=False, could_be=could_be)
    if any(len(same) < LEFT for same in _alike(could_be, band)):
        return Decision(is_open=False, could_be=could_be)
    own = band(int(row.numerator))
    left = tuple(number for number in could_be if band(number) == own)
    return Decision(is_open=False, shown=Decimal(own * BAND), could_be=left)


def _alike(numbers: Iterable[int], told: Callable[[int], object]) -> list[set[int]]:
    """The numbers apart by what would be told of each."""
    classes: dict[object, set[int]] = {}
    for number in numbers:
        classes.setdefault(told(number), set()).add(number)
    return list(classes.values())


# --- Running totals -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Year:
    """What anybody knows of a year of a running total: of a closed one, what it could be."""

    open: list[tuple[date, int]] = field(default_factory=list)
    closed: list[tuple[date, tuple[int, ...]]] = field(default_factory=list)

    def bounds(self, at: date) -> tuple[set[int], set[int]]:
        """What totals before and after a period show: one of `at` lies between any two of them.

        A closed one bounds as well, by the least and the most that it could be.
        """
        lows = {total for day, total in self.open if day < at} | {0}
        highs = {total for day, total in self.open if day > at} | {NO_BOUND}
        for day, could_be in self.closed:
            if day < at:
                before = {total for other, total in self.open if other < day} | {0}
                lows |= {least for low in before if (least := _least(could_be, low)) is not None}
            if day > at:
                after = {total for other, total in self.open if other > day} | {NO_BOUND}
                highs |= {most for high in after if (most := _most(could_be, high)) is not None}
        return lows, highs

    def is_late(self, at: date) -> bool:
        """Whether a total of this period or a later one has been judged."""
        return any(day >= at for day, _ in (*self.open, *self.closed))

    def narrows(self, could_be: Collection[int], at: date) -> bool:
        """Whether totals of a period, and what is known already, bound one another too closely."""
        known = _Year(self.open, [*self.closed, (at, tuple(could_be))])
        return any(
            _is_narrow(others, *known.bounds(day))
            for day, others in known.closed
            if day != at or others is known.closed[-1][1]
        )


NO_BOUND = 10**18
# Of a long run of numbers so many stand for all.
MOST = 200


def _running_total(kpi: Counted, row: Row) -> Decimal | None:
    if kpi.kind != "cumulative" or row.judgement:
        return None
    return row.numerator if row.numerator is not None else row.value


def _year(kpi: Counted, row: Row, before: Iterable[Judged]) -> _Year:
    year = _Year()
    for judged in before:
        day, total = judged.row.ends_on, _running_total(kpi, judged.row)
        starts = kpi.year_starts
        if total is None or (starts and year_of(day, starts) != year_of(row.ends_on, starts)):
            continue
        if judged.decision.is_open:
            year.open.append((day, int(total)))
        else:
            year.closed.append((day, judged.decision.could_be))
    return year


def _decide_total(total: int, at: date, year: _Year, threshold: int) -> Decision:
    lows, highs = year.bounds(at)
    if total in lows and total in highs:
        # Between two that are the same it can be nothing else, open or not.
        return OPEN
    if year.is_late(at) and any(day != at for day, _ in year.closed):
        return _closed_in_any_case(total, at, year)
    could_be = _closed_numbers(year, at, threshold)
    for _ in range(LEFT):
        if not year.narrows(could_be, at):
            break
        # A few more are closed, so that enough of them are left between what is shown.
        could_be.append(could_be[-1] + 1)
    else:
        return _closed_in_any_case(total, at, year)
    if total not in could_be and not _tells_step(total, year, at, threshold):
        return OPEN
    if any(year.narrows(same, at) for same in _alike(could_be, _nearest)):
        return Decision(is_open=False, could_be=tuple(could_be))
    shown = _nearest(total)
    left = tuple(number for number in could_be if _nearest(number) == shown)
    return Decision(is_open=False, shown=shown, could_be=left)


def _closed_in_any_case(total: int, at: date, year: _Year) -> Decision:
    """Whatever it is, so that being closed tells nothing of it; and so must what is shown."""
    known = {shown for _, shown in year.open}
    known |= {number for _, could_be in year.closed for number in could_be}
    beside = {one for number in known for one in (number - NEAREST, number, number + NEAREST)}
    large = {LARGE, *(number for number in beside if number >= LARGE)}
    if total < LARGE or any(year.narrows(_like(number), at) for number in large):
        return CLOSED
    return Decision(is_open=False, shown=_nearest(total), could_be=_like(total))


def _nearest(number: int) -> Decimal | None:
    return Decimal((number + NEAREST // 2) // NEAREST * NEAREST) if number >= LARGE else None


def _like(number: int) -> tuple[int, ...]:
    """Those from 100 up that have the same nearest ten."""
    begins = (number + NEAREST // 2) // NEAREST * NEAREST - NEAREST // 2
    return tuple(range(max(begins, LARGE), begins + NEAREST))


def _closed_numbers(year: _Year, at: date, threshold: int) -> list[int]:
    """The numbers that would be closed, in order."""
    closed: list[int] = []
    edges = sorted(_around(year, threshold))
    for number, following in zip(edges, [*edges[1:], edges[-1] + 1], strict=True):
        if _tells_step(number, year, at, threshold):
            closed.append(number)
        # Between two edges all are as the first.
        if following > number + 1 and _tells_step(number + 1, year, at, threshold):
            closed.extend(range(number + 1, min(following, number + MOST)))
    return closed


def _around(year: _Year, threshold: int) -> set[int]:
    """Each number at which what it would tell can change."""
    near = {0, *(shown for _, shown in year.open)}
    near |= {number for _, could_be in year.closed for number in could_be}
    return {
        one + step for one in near for step in range(-threshold, threshold + 1) if one + step >= 0
    }


def _tells_step(total: int, year: _Year, at: date, threshold: int) -> bool:
    """Whether a total is small, or with one that is shown tells a small step, or a closed one."""
    if is_small(total, threshold):
        return True
    if any(is_small(abs(total - shown), threshold) for day, shown in year.open if day != at):
        return True
    return any(
        _is_narrow(could_be, year.bounds(day)[0], {total})
        for day, could_be in year.closed
        if day < at
    )


def _is_narrow(could_be: Sequence[int], lows: Iterable[int], highs: Iterable[int]) -> bool:
    """Whether fewer than four are left between some two bounds. None left: they do not agree."""
    return any(0 < _left(could_be, low, high) < LEFT for low, high in product(lows, highs))


def _left(could_be: Sequence[int], low: int, high: int) -> int:
    """How many of them lie there; of one that could be anything, how many numbers do."""
    if not could_be:
        return max(high - low + 1, 0)
    return sum(low <= number <= high for number in could_be)


def _least(could_be: Sequence[int], low: int) -> int | None:
    return min((number for number in could_be if number >= low), default=None)


def _most(could_be: Sequence[int], high: int) -> int | None:
    return max((number for number in could_be if number <= high), default=None)


# --- Parts of a whole ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a group: the values of the total and of each part, as far as they are open.

    `parts` in the plan's order; a part that has no open value is closed, or is not there yet.
    """

    threshold: int
    totals: tuple[Decimal, ...] = ()
    parts: tuple[tuple[Decimal, ...], ...] = ()


def decide_parts(values: Sequence[Decimal], period: Period) -> list[Decision]:
    """What becomes of the parts of a period, of which all are there and none was decided."""
    threshold = period.threshold
    small = {
        place
        for place, value in enumerate(values)
        if is_small(value, threshold)
        or any(is_small(total - sum(values) + value, threshold) for total in period.totals)
    }
    if not small:
        return [OPEN] * len(values)
    closed = {one for place in small for one in _beside(place, len(values))}
    come_to = sum(values[place] for place in closed)
    others = sum(values) - come_to
    known = (come_to, *(total - others for total in period.totals))
    if min(known) < _enough(len(closed), threshold):
        closed = set(range(len(values)))
    return [
        _closed_part(values, place, closed, threshold) if place in closed else OPEN
        for place in range(len(values))
    ]


def _beside(place: int, parts: int) -> set[int]:
    """The parts that close together, whatever they are: pairs, and of an odd number the last three.

    Which they are tells nothing: it hangs on no value.
    """
    first = min(place - place % 2, max(parts - 2 - parts % 2, 0))
    is_last = first + 2 + parts % 2 >= parts
    return set(range(first, parts if is_last else first + 2))


def _enough(closed: int, threshold: int) -> int:
    """What so many closed parts must come to, so that each can still be four numbers."""
    return threshold + closed - 2


def _closed_part(
    values: Sequence[Decimal], place: int, closed: set[int], threshold: int
) -> Decision:
    """The one that closes with a small one is shown to the nearest ten, if that tells nothing."""
    if len(closed) != 2 or values[place] < LARGE:
        return CLOSED
    both = int(sum(values[other] for other in closed))
    could_be = range(both - threshold + 1, both)
    if any(len(same) < LEFT for same in _alike(could_be, _nearest)):
        return CLOSED
    shown = _nearest(int(values[place]))
    left = tuple(number for number in could_be if _nearest(number) == shown)
    return Decision(is_open=False, shown=shown, could_be=left)


def decide_in_group(value: Decimal, period: Period, part: int | None) -> Decision:
    """What becomes of a total (`part` None), or of a part put right, beside what is open."""
    if is_small(value, period.threshold) or _tells_part(value, period, part):
        return CLOSED
    return OPEN


def _tells_part(value: Decimal, period: Period, part: int | None) -> bool:
    totals = (value,) if part is None else period.totals
    parts = [(value,) if place == part else shown for place, shown in enumerate(period.parts)]
    closed = [place for place, shown in enumerate(parts) if not shown]
    if part is not None and len(closed) == 1:
        return True
    for total, *shown in product(totals, *(one for one in parts if one)):
        rest = total - sum(shown)
        if closed and (len(closed) == 1 or rest < _enough(len(closed), period.threshold)):
            return True
        if not closed and any(is_small(rest + one, period.threshold) for one in shown):
            return True
    return False

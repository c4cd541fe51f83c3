"""Which figures are too small to show, since they could tell who is meant. Standard library only.

1. A count of 1 to 4 people is not shown; nor is a rate whose numerator, or what is left of its
   denominator, is 1 to 4, or whose denominator is under 10; nor a survey that fewer than 10
   answered. Zero is shown: it points at nobody.
2. A cumulative count of people is not shown either where it differs by 1 to 4 from the count shown
   before it in the same year: the two together would give the small number away.
3. What was said of a period before is not shown where a count of people in it differs by 1 to 4
   from the same count shown beside it: the one that stands there now or another one before that;
   of a cumulative count, any one shown of the same year.

The cut-offs are the plan's. What is masked here is absent from everything built on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CutOffs:
    """The smallest numbers that are shown."""

    count: int = 5
    denominator: int = 10
    survey: int = 10


class Counted(Protocol):
    """The numbers of one figure."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def numerator(self) -> Decimal | None: ...
    @property
    def denominator(self) -> Decimal | None: ...
    @property
    def respondents(self) -> int | None: ...


def is_small(number: Decimal | int | None, cut_offs: CutOffs) -> bool:
    """Whether a count of people is more than none and too few to show."""
    return number is not None and 0 < number < cut_offs.count


def is_too_small(
    figure: Counted, cut_offs: CutOffs, *, is_survey: bool, counts_people: bool
) -> bool:
    """Whether one figure, by itself, is not to be shown."""
    if figure.numerator is not None and figure.denominator is not None:
        if figure.denominator < cut_offs.denominator:
            return True
        rest = figure.denominator - figure.numerator
        if is_small(figure.numerator, cut_offs) or is_small(rest, cut_offs):
            return True
    elif counts_people and is_small(figure.value, cut_offs):
        return True
    if not is_survey:
        return False
    answered = figure.respondents if figure.respondents is not None else figure.denominator
    return answered is not None and answered < cut_offs.survey


def given_away(
    counts: Iterable[tuple[date, Decimal | None]], cut_offs: CutOffs, year_starts: int | None
) -> set[date]:
    """The days whose cumulative count, with one shown before it, would tell a small number.

    `counts` are in time order, None where nothing is shown; `year_starts` is the month in which
    counting begins again, None where it never does.
    """
    hidden: set[date] = set()
    year, shown = None, Decimal(0)
    for day, count in counts:
        if count is None:
            continue
        if year_starts is not None and year_of(day, year_starts) != year:
            year, shown = year_of(day, year_starts), Decimal(0)
        if is_small(abs(count - shown), cut_offs):
            hidden.add(day)
        else:
            shown = count
    return hidden


def tells_beside(
    earlier: Counted,
    shown: Iterable[Counted],
    cut_offs: CutOffs,
    *,
    is_survey: bool,
    counts_people: bool,
) -> bool:
    """Whether an earlier figure, subtracted from one shown beside it, would tell a small number."""
    earlier_counts = _people_in(earlier, is_survey=is_survey, counts_people=counts_people)
    return any(
        is_small(abs(count - earlier_counts[name]), cut_offs)
        for figure in shown
        for name, count in _people_in(
            figure, is_survey=is_survey, counts_people=counts_people
        ).items()
        if name in earlier_counts
    )


def _people_in(figure: Counted, *, is_survey: bool, counts_people: bool) -> dict[str, Decimal]:
    """The counts of people that can be read from a figure, each by what it counts."""
    counts: dict[str, Decimal] = {}
    if figure.numerator is not None and figure.denominator is not None:
        counts["part"] = figure.numerator
        counts["rest"] = figure.denominator - figure.numerator
    elif counts_people and figure.value is not None:
        counts["count"] = figure.value
    if is_survey and figure.respondents is not None:
        counts["answered"] = Decimal(figure.respondents)
    return counts


def year_of(day: date, starts_in: int) -> int:
    """The calendar year in which the year that `day` belongs to began."""
    return day.year if day.month >= starts_in else day.year - 1

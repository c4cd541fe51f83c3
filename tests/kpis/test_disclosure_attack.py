"""A reader who knows the rule, and all that is ever shown, against what is closed.

Such a reader knows each decision, every open number of every day, and what is shown of a closed
one; that totals never fall, and that parts come to their total. No closed number may be narrowed to
fewer than four whole numbers, its own among them.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from kpis.rules.disclosure import (
    Counted,
    CutOffs,
    Decision,
    Judged,
    Period,
    decide,
    decide_in_group,
    decide_parts,
)

LEFT = 4
THRESHOLDS = (5, 8, 10)


@dataclass
class Figure:
    ends_on: date
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    respondents: int | None = None
    judgement: str = ""


# --- Running totals -------------------------------------------------------------------------------


def total(month: int, value: int) -> Figure:
    return Figure(date(2022, 4 + month, 28), Decimal(value))


def series(chance: random.Random) -> list[Figure]:
    """A year's totals, late and put right here and there."""
    value, months = chance.choice((0, 7, 95, 9000)), []
    for month in range(chance.randint(2, 6)):
        value += chance.choice((0, 1, 2, 3, 4, 5, 6, 9, 12, 20))
        months.append(total(month, value))
    rows = list(months)
    if chance.random() < 0.6:
        chance.shuffle(rows)
    for _ in range(chance.randint(0, 3)):
        again = chance.choice(months)
        wrong = max(0, int(again.value or 0) + chance.randint(-9, 9))
        rows.insert(chance.randint(0, len(rows)), Figure(again.ends_on, Decimal(wrong)))
    return rows


def decided(kpi: Counted, rows: list[Figure]) -> list[Judged]:
    judged: list[Judged] = []
    for row in rows:
        judged.append(Judged(row, decide(kpi, row, judged)))
    return judged


def narrowed(judged: list[Judged]) -> Iterator[tuple[int, list[int]]]:
    """Each closed total with what is left of it, whichever account of each month is believed."""
    periods: dict[date, list[int]] = defaultdict(list)
    for place, one in enumerate(judged):
        periods[one.row.ends_on].append(place)
    for believed in product(*([None, *periods[day]] for day in sorted(periods))):
        places = [place for place in believed if place is not None]
        # What could be anything lies between any others, and bounds none.
        sets = [_could_be(judged[place]) for place in places]
        for place, left in zip(places, _rising(sets), strict=True):
            if left and not judged[place].decision.is_open:
                yield place, left


def _could_be(one: Judged) -> list[int]:
    if one.decision.is_open:
        return [int(one.row.value or 0)]
    return list(one.decision.could_be or [*range(250), *range(8900, 9200)])


def _rising(sets: list[list[int]]) -> list[list[int]]:
    """What of each can stand in a row that never falls; nothing where there is no such row."""
    low, risen = 0, [[0]]
    for numbers in sets:
        numbers = [number for number in numbers if number >= low]
        if not numbers:
            return [[] for _ in sets]
        low = min(numbers)
        risen.append(numbers)
    high, both = max(risen[-1]), []
    for numbers in reversed(risen[1:]):
        numbers = [number for number in numbers if number <= high]
        if not numbers:
            return [[] for _ in sets]
        high = max(numbers)
        both.append(numbers)
    return both[::-1]


@pytest.mark.parametrize("seed", range(150))
def test_no_closed_total_is_narrowed(seed):
    chance = random.Random(seed)
    kpi = Counted("cumulative", year_starts=4, cut_offs=CutOffs(count=chance.choice(THRESHOLDS)))
    judged = decided(kpi, series(chance))
    for place, left in narrowed(judged):
        is_told = int(judged[place].row.value or 0) in left and len(left) < LEFT
        assert not is_told, (place, left, judged)


@pytest.mark.parametrize("seed", range(40))
def test_what_a_closed_total_could_be_is_what_would_look_the_same(seed):
    """So that what is kept of it, which all else relies on, is what such a reader knows."""
    chance = random.Random(seed)
    kpi = Counted("cumulative", year_starts=4, cut_offs=CutOffs(count=chance.choice(THRESHOLDS)))
    rows = series(chance)
    judged = decided(kpi, rows)
    near = {
        number
        for row in rows
        for number in range(max(0, int(row.value or 0) - 12), int(row.value or 0) + 13)
    }
    for place, one in enumerate(judged):
        if one.decision.is_open or not one.decision.could_be:
            continue
        for number in near:
            other = Figure(one.row.ends_on, Decimal(number))
            alike = decide(kpi, other, judged[:place]) == one.decision
            assert alike == (number in one.decision.could_be), (place, number, judged)


# --- Rates and surveys ----------------------------------------------------------------------------


@pytest.mark.parametrize("remainder", [False, True])
@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_no_numerator_is_narrowed(threshold, remainder):
    """Of every denominator up to 260, given as such or as those who answered."""
    cut_offs = CutOffs(count=threshold, remainder=remainder)
    for kind, is_survey in (("rate", False), ("survey", True)):
        kpi = Counted(kind, is_percentage=True, cut_offs=cut_offs)
        for whole in (*range(10, 30), *range(95, 106), 140, 141, 150, 199, 200, 260):
            looks: dict[Decision, list[int]] = defaultdict(list)
            for part in range(whole + 1):
                value = Decimal(part * 100) / whole
                figure = (
                    Figure(date(2022, 5, 31), round(value, 1), respondents=whole)
                    if is_survey
                    else Figure(date(2022, 5, 31), value, Decimal(part), Decimal(whole))
                )
                decision = decide(kpi, figure, [])
                if not decision.is_open:
                    looks[decision].append(part)
            for decision, parts in looks.items():
                assert len(parts) >= LEFT, (whole, decision, parts)


# --- Parts of a whole -----------------------------------------------------------------------------


def ways(parts: int, whole: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many parts come to a whole."""
    if parts == 1:
        yield (whole,)
        return
    for first in range(whole + 1):
        for rest in ways(parts - 1, whole - first):
            yield (first, *rest)


@pytest.mark.parametrize(
    ("parts", "threshold", "largest"),
    [(2, 5, 30), (3, 5, 20), (4, 5, 13), (5, 5, 9), (2, 8, 30), (3, 10, 24)],
)
def test_no_part_is_narrowed_by_its_total(parts, threshold, largest):
    for whole in range(threshold, largest):
        looks: dict[tuple[Any, ...], list[tuple[int, ...]]] = defaultdict(list)
        for values in ways(parts, whole):
            numbers = [Decimal(value) for value in values]
            decisions = decide_parts(numbers, Period(threshold, (), ((),) * parts))
            shown = tuple(
                (number,) if one.is_open else ()
                for number, one in zip(numbers, decisions, strict=True)
            )
            if decide_in_group(Decimal(whole), Period(threshold, (), shown), None).is_open:
                looks[(shown, *(one.shown for one in decisions))].append(values)
        for (shown, *_), alike in looks.items():
            for place, one in enumerate(shown):
                left = {values[place] for values in alike}
                assert one or len(left) >= LEFT, (whole, place, left)

"""Which figures are open: each rule worked by hand, at its edges."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from kpis.rules.disclosure import (
    CLOSED,
    OPEN,
    Counted,
    CutOffs,
    Decision,
    Judged,
    Period,
    decide,
    decide_in_group,
    decide_parts,
    is_small,
    year_of,
)


@dataclass
class Figure:
    ends_on: date = date(2022, 5, 31)
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    respondents: int | None = None
    judgement: str = ""


def number(given):
    return None if given is None else Decimal(str(given))


def of(value=None, numerator=None, denominator=None, respondents=None, judgement=""):
    """A figure of May 2022."""
    return Figure(
        value=number(value),
        numerator=number(numerator),
        denominator=number(denominator),
        respondents=respondents,
        judgement=judgement,
    )


COUNT = Counted()
RATE = Counted("rate", is_percentage=True)
SURVEY = Counted("survey", is_percentage=True)
SMALL = (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("given", "small"),
    [(None, False), (0, False), (1, True), (4, True), (5, False), (-3, False)],
)
def test_one_to_four_is_small_and_none_points_at_nobody(given, small):
    assert is_small(given, 5) is small


# --- By itself ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kpi", "figure", "is_open"),
    [
        (COUNT, of(4), False),
        (COUNT, of(5), True),
        (COUNT, of(0), True),
        (COUNT, of(None), True),
        (Counted(cut_offs=CutOffs(count=8)), of(7), False),
        (Counted(cut_offs=CutOffs(count=10)), of(10), True),
        # Of a rate the numerator counts, and the denominator from the smallest up.
        (RATE, of(4, 4, 100), False),
        (RATE, of(5, 5, 100), True),
        (RATE, of(0, 0, 100), True),
        (RATE, of(55, 5, 9), False),
        (RATE, of(0, 0, 9), False),
        (RATE, of(50, 5, 10), True),
        (Counted("rate", cut_offs=CutOffs(denominator=20)), of(50, 10, 19), False),
        # 97 of 100 plans within 20 weeks: the three tell nothing about a child, unless they do.
        (RATE, of(97, 97, 100), True),
        (Counted("rate", cut_offs=CutOffs(remainder=True)), of(97, 97, 100), False),
        (Counted("rate", cut_offs=CutOffs(remainder=True)), of(95, 95, 100), True),
        (Counted("rate", cut_offs=CutOffs(remainder=True)), of(100, 100, 100), True),
        # 5% of 20 people is one of them; 25% is five.
        (SURVEY, of(5, respondents=20), False),
        (SURVEY, of(25, respondents=20), True),
        (SURVEY, of(0, respondents=20), True),
        # 6.7% of 60 is 4; 7% is 4 too, as nearest: 4 of 60 are 6.67%.
        (SURVEY, of(6.7, respondents=60), False),
        (SURVEY, of(7, respondents=60), False),
        (SURVEY, of(8, respondents=60), True),
        # No number of 60 or 90 comes to these: the nearest, of two the larger.
        (SURVEY, of(7.4, respondents=60), False),
        (SURVEY, of(7.6, respondents=60), True),
        (SURVEY, of(5, respondents=90), True),
        # 8.3% of 60 is 5, and 8% could be no other; 40% is no rounder than 41%.
        (SURVEY, of(8.3, respondents=60), True),
        (SURVEY, of(10, respondents=40), False),
        (SURVEY, of(40, respondents=100), True),
        # 1.2% of 250 is 3 of them, and 2.8% is 7.
        (SURVEY, of(1.2, respondents=250), False),
        (SURVEY, of(2.8, respondents=250), True),
        # 0% of 1,000 could be up to 5 of them; 0.0% none.
        (SURVEY, of("0", respondents=1000), False),
        (SURVEY, of(50, respondents=9), False),
        (SURVEY, of(50, respondents=10), True),
        (Counted("survey", cut_offs=CutOffs(survey=20)), of(50, respondents=19), False),
        # Those who answered are the denominator where nobody says otherwise.
        (Counted("survey", cut_offs=CutOffs(denominator=1)), of(60, 6, 9), False),
        # A score is no count of people; a whole number may be one.
        (Counted("survey"), of(3.2, respondents=40), True),
        (Counted("survey"), of(3, respondents=40), False),
        # A percentage of nobody knows how many, and of about 250: 2% could be 4 to 6 of them.
        (RATE, of(1), True),
        (Counted("rate", is_percentage=True, denominator_about=250), of(1), False),
        (Counted("rate", is_percentage=True, denominator_about=250), of(2), False),
        (Counted("rate", is_percentage=True, denominator_about=250), of(3), True),
        (Counted("rate", is_percentage=True, denominator_about=9), of(60), False),
        (Counted("rate"), of(3), True),
        # A change in per cent is of no number of people.
        (Counted("relative", is_percentage=True, denominator_about=250), of(1), True),
        (Counted("qualitative"), of(respondents=4, judgement="worse"), False),
        (Counted("qualitative"), of(respondents=5, judgement="worse"), True),
        (Counted("qualitative"), of(judgement="worse"), True),
    ],
)
def test_what_a_figure_tells_by_itself(kpi, figure, is_open):
    assert decide(kpi, figure, []).is_open is is_open


@pytest.mark.parametrize(
    ("kpi", "figure", "decision"),
    [
        (COUNT, of(3), Decision(False, None, SMALL)),
        (Counted(cut_offs=CutOffs(count=8)), of(3), Decision(False, None, (1, 2, 3, 4, 5, 6, 7))),
        # A band from a denominator of 100 up.
        (RATE, of("3.03", 3, 99), Decision(False, None, SMALL)),
        (RATE, of(3, 3, 100), Decision(False, Decimal(0), SMALL)),
        # Worked out of a rounded percentage it may be another one.
        (SURVEY, of(2, respondents=150), CLOSED),
        (SURVEY, of(2, 3, 150), Decision(False, Decimal(0), SMALL)),
        (
            Counted("rate", is_percentage=True, cut_offs=CutOffs(remainder=True)),
            of(97, 97, 100),
            Decision(False, Decimal(95), (96, 97, 98, 99)),
        ),
        (
            Counted("rate", is_percentage=True, cut_offs=CutOffs(remainder=True)),
            of(97, 29, 30),
            Decision(False, None, (1, 2, 3, 4, 26, 27, 28, 29)),
        ),
        # Under 10 of 150: 1 to 7 are under 5%, 8 and 9 are not, and would be told apart.
        (
            Counted("rate", is_percentage=True, cut_offs=CutOffs(count=10)),
            of("1.3333", 2, 150),
            Decision(False, None, tuple(range(1, 10))),
        ),
        # Under 10 of 100: 1 to 4 are under 5%, and 5 to 9 are from 5% to 10%.
        (
            Counted("rate", is_percentage=True, cut_offs=CutOffs(count=10)),
            of(7, 7, 100),
            Decision(False, Decimal(5), (5, 6, 7, 8, 9)),
        ),
        (Counted("rate"), of(15, 3, 200), Decision(False, None, SMALL)),
        # Those who answered are those who are named, and ten are enough.
        (SURVEY, of(2, 3, 150, 9), CLOSED),
        (SURVEY, of(40, 4, 10, 10), Decision(False, None, SMALL)),
        (SURVEY, of(40, 4, 10), Decision(False, None, SMALL)),
        (Counted("rate", is_percentage=True), of(2, 3, 150, 9), Decision(False, Decimal(0), SMALL)),
        # Too few to say anything of, and a judgement.
        (RATE, of(50, 4, 8), CLOSED),
        (SURVEY, of(50, respondents=9), CLOSED),
        (Counted("qualitative"), of(respondents=3, judgement="worse"), CLOSED),
    ],
)
def test_what_is_shown_of_a_closed_figure(kpi, figure, decision):
    assert decide(kpi, figure, []) == decision


# --- Running totals -------------------------------------------------------------------------------

MONTHS = {
    name: date(2022, month, 28)
    for name, month in (("Apr", 4), ("May", 5), ("Jun", 6), ("Jul", 7), ("Aug", 8), ("Sep", 9))
}


def judged(*totals, year_starts: int | None = 4, threshold=5) -> list[Judged]:
    """Totals of months in the order in which they were recorded."""
    kpi = Counted("cumulative", year_starts=year_starts, cut_offs=CutOffs(count=threshold))
    found: list[Judged] = []
    for month, total in totals:
        row = Figure(MONTHS[month], value=number(total))
        found.append(Judged(row, decide(kpi, row, found)))
    return found


def decided(*totals, **options):
    """What is shown of each: itself where it is open, its nearest ten as text, or nothing."""
    return [
        int(one.row.value or 0)
        if one.decision.is_open
        else one.decision.shown and str(one.decision.shown)
        for one in judged(*totals, **options)
    ]


@pytest.mark.parametrize(
    ("totals", "shown"),
    [
        # 10; 3 more would be told by 13; 19 is 9 more than the 10 that is shown.
        ([("Apr", 10), ("May", 13), ("Jun", 19)], [10, None, 19]),
        # From nothing at the year's beginning; nothing is nothing.
        ([("Apr", 3), ("May", 9)], [None, 9]),
        ([("Apr", 0), ("May", 0), ("Jun", 4), ("Jul", 5)], [0, 0, None, 5]),
        ([("Apr", 10), ("May", 10)], [10, 10]),
        # Each is set beside all that are open, not the last one alone.
        ([("Apr", 20), ("May", 25), ("Jun", 22)], [20, 25, None]),
        # 9,021 to 9,024 have one nearest ten; of 9,023 to 9,026 two have another.
        ([("Apr", 9020), ("May", 9023)], [9020, "9020"]),
        ([("Apr", 9022), ("May", 9024)], [9022, None]),
        # Late: June is shown, and stays so. 7,021 to 7,024 and 7,022 to 7,025 are left.
        ([("Apr", 7020), ("Jun", 7026), ("May", 7025)], [7020, 7026, None]),
        ([("Apr", 7020), ("Jun", 7040), ("May", 7030)], [7020, 7040, 7030]),
        # Put right: May's two values are not subtracted.
        ([("Apr", 9000), ("May", 9010), ("May", 9012)], [9000, 9010, 9012]),
        # In a year with a closed total what comes late or is put right is closed, whatever it is.
        ([("Apr", 9000), ("May", 9003), ("Apr", 9040)], [9000, "9000", "9040"]),
        ([("Apr", 9000), ("May", 9003), ("Apr", 8000)], [9000, "9000", "8000"]),
        ([("Apr", 20), ("May", 23), ("Apr", 40)], [20, None, None]),
        # ... but for the closed one's own period, which says nothing of another.
        ([("Apr", 9000), ("May", 9003), ("May", 9020)], [9000, "9000", 9020]),
        # Between two that are the same it can be nothing else.
        ([("Apr", 20), ("Jun", 20), ("May", 20)], [20, 20, 20]),
        # From April's 20 and July's 40 on, May's 22 leaves 21 to 24 and 36 to 39: June's 23, an
        # upper bound to it, and everything else that is late, is closed.
        ([("Apr", 20), ("Jul", 40), ("May", 22), ("Jun", 30)], [20, 40, None, None]),
    ],
)
def test_totals_as_they_come(totals, shown):
    assert decided(*totals) == shown


@pytest.mark.parametrize(
    ("threshold", "totals", "shown"),
    [
        (
            5,
            [("Apr", 104), ("Jul", 124), ("Jun", 107), ("Jun", 104), ("Apr", 96), ("May", 98)],
            [104, 124, "110", 104, None, None],
        ),
        (
            5,
            [
                ("Apr", 9009),
                ("Aug", 9033),
                ("Jun", 9029),
                ("Jun", 9021),
                ("Aug", 9035),
                ("May", 9015),
                ("Jul", 9021),
                ("Apr", 9008),
            ],
            [9009, 9033, None, 9021, "9040", None, "9020", None],
        ),
        (
            10,
            [
                ("Apr", 96),
                ("Apr", 94),
                ("May", 98),
                ("Jun", 104),
                ("Jun", 112),
                ("Jul", 107),
                ("Aug", 113),
                ("Sep", 118),
            ],
            [96, 94, None, None, "110", "110", 113, None],
        ),
        (
            5,
            [
                ("May", 9003),
                ("Apr", 9002),
                ("May", 9003),
                ("May", 9011),
                ("Jun", 9004),
                ("May", 9002),
                ("Jul", 9007),
            ],
            [9003, None, "9000", "9010", None, "9000", None],
        ),
        (
            8,
            [
                ("Jul", 9030),
                ("Jun", 9029),
                ("Jul", 9035),
                ("Jun", 9026),
                ("May", 9024),
                ("Aug", 9031),
                ("Apr", 9020),
                ("May", 9024),
            ],
            [9030, None, "9040", "9030", None, None, None, None],
        ),
        (
            5,
            [("May", 9009), ("Apr", 9005), ("Apr", 9005), ("May", 9005), ("May", 9008)],
            [9009, "9010", "9010", "9010", "9010"],
        ),
        (
            5,
            [("Jul", 115), ("May", 100), ("May", 101), ("Jun", 105), ("Jul", 106)],
            [115, 100, 101, "110", "110"],
        ),
        (
            5,
            [("May", 9023), ("Apr", 9020), ("May", 9029), ("Jun", 9050)],
            [9023, None, "9030", 9050],
        ),
        (
            5,
            [("Apr", 20), ("May", 23), ("Jun", 40), ("Jul", 60), ("Aug", 64), ("Sep", 70)],
            [20, None, 40, 60, None, 70],
        ),
        (
            5,
            [("Apr", 9000), ("May", 9003), ("Apr", 102), ("Apr", 100), ("Apr", 99)],
            [9000, "9000", "100", "100", None],
        ),
    ],
)
def test_ways_in_that_were_found_by_attack_and_are_shut(threshold, totals, shown):
    """Series in which a closed total could once be narrowed: `test_disclosure_attack.py`."""
    assert decided(*totals, threshold=threshold) == shown


@pytest.mark.parametrize(
    ("totals", "could_be"),
    [
        # Under 5 more or fewer than 20, or small themselves.
        ([("Apr", 20), ("May", 23)], [1, 2, 3, 4, 16, 17, 18, 19, 21, 22, 23, 24]),
        # Those of them that have one nearest ten.
        ([("Apr", 9020), ("May", 9023)], [*range(9016, 9020), *range(9021, 9025)]),
        # Closed in any case: all of its ten, from 100 up.
        ([("Apr", 9000), ("May", 9003), ("Apr", 9040)], list(range(9035, 9045))),
        ([("Apr", 9000), ("May", 9003), ("Apr", 100)], list(range(100, 105))),
        ([("Apr", 9000), ("May", 9003), ("Apr", 99)], []),
        # June's least is what May's ten begins with: a few more are closed, to 9,028.
        (
            [("May", 9023), ("Apr", 9020), ("May", 9029), ("Jun", 9027)],
            [1, 2, 3, 4, *range(9019, 9023), *range(9024, 9029)],
        ),
    ],
)
def test_what_anybody_may_take_a_closed_total_for(totals, could_be):
    assert list(judged(*totals)[-1].decision.could_be) == could_be


def test_a_total_that_falls_below_a_closed_one_is_closed_with_it():
    # May is one of 9,021 to 9,024. A total of June of 9,022 would leave two of them; it is closed
    # by April's as well, from which it is 2 away.
    assert decided(("Apr", 9020), ("May", 9023), ("Jun", 9022)) == [9020, "9020", "9020"]


def test_another_year_begins_from_nothing():
    assert decided(("Aug", 60), ("Sep", 62), year_starts=9) == [60, 62]
    assert decided(("Aug", 60), ("Sep", 62), year_starts=None) == [60, None]


def test_a_total_of_a_rate_is_its_numerator():
    kpi = Counted("cumulative", year_starts=4)
    april = Figure(MONTHS["Apr"], number(20), number(20), number(100))
    may = Figure(MONTHS["May"], number(23), number(23), number(100))
    assert not decide(kpi, may, [Judged(april, OPEN)]).is_open
    few = Figure(MONTHS["May"], number(80), number(8), number(9))
    assert decide(kpi, few, []) == CLOSED


@pytest.mark.parametrize(
    ("day", "starts_in", "year"), [("2022-03-31", 4, 2021), ("2022-04-01", 4, 2022)]
)
def test_the_year_a_day_belongs_to(day, starts_in, year):
    assert year_of(date.fromisoformat(day), starts_in) == year


# --- Parts of a whole -----------------------------------------------------------------------------


def parts(*values, totals=(), threshold=5):
    """What is shown of the parts of a period, as above."""
    period = Period(threshold, tuple(number(total) for total in totals), ((),) * len(values))
    decisions = decide_parts([number(value) for value in values], period)
    return [
        value if one.is_open else one.shown and str(one.shown)
        for value, one in zip(values, decisions, strict=True)
    ]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((20, 30, 0), [20, 30, 0]),
        # The total would tell the 3: the part beside it closes with it.
        ((3, 20), [None, None]),
        ((3, 20, 30, 40), [None, None, 30, 40]),
        ((20, 3, 30, 40), [None, None, 30, 40]),
        ((20, 30, 40, 3), [20, 30, None, None]),
        # Of an odd number the last three close together.
        ((20, 30, 3), [None, None, None]),
        ((20, 30, 40, 50, 3), [20, 30, None, None, None]),
        ((3, 30, 40, 50, 60), [None, None, 40, 50, 60]),
        # Two small ones come to 5, of which each can be 1 to 4; to 3 they come too close.
        ((1, 4, 30, 40), [None, None, 30, 40]),
        ((1, 2, 30, 40), [None, None, None, None]),
        ((1, 4, 3, 30), [None, None, None, None]),
        # 541 to 544 of 545 have one nearest ten, 540; 542 to 545 of 546 have not.
        ((1, 544, 30, 40), [None, "540", 30, 40]),
        ((1, 545, 30, 40), [None, None, 30, 40]),
        ((1, 2, 544), [None, None, None]),
    ],
)
def test_a_second_part_closes_with_a_small_one(values, shown):
    assert parts(*values) == shown


def test_a_total_that_does_not_add_up_closes_what_it_would_tell():
    # 80 - 30 - 26 - 20 would be read as 4 for the first part.
    assert parts(7, 30, 26, 20, totals=[80]) == [None, None, 26, 20]
    assert parts(7, 30, 26, 20, totals=[83]) == [7, 30, 26, 20]
    # 51 - 26 - 20 is what the two closed ones come to; 50 - 26 - 20 is too few.
    assert parts(3, 30, 26, 20, totals=[51]) == [None, None, 26, 20]
    assert parts(3, 30, 26, 20, totals=[50]) == [None, None, None, None]


@pytest.mark.parametrize(
    ("values", "place", "decision"),
    [
        ((1, 544, 30, 40), 1, Decision(False, Decimal(540), (541, 542, 543, 544))),
        ((1, 544, 30, 40), 0, CLOSED),
        # 99 to 102 are told apart by 100; 97 to 100 have one that is from 100 up.
        ((3, 100), 1, CLOSED),
        ((1, 104), 1, Decision(False, Decimal(100), (101, 102, 103, 104))),
        ((4, 100), 1, Decision(False, Decimal(100), (100, 101, 102, 103))),
    ],
)
def test_what_is_shown_of_the_one_that_closes_with_a_small_one(values, place, decision):
    decisions = decide_parts([number(value) for value in values], Period(5, (), ((),) * 4))
    assert decisions[place] == decision


@pytest.mark.parametrize(
    ("value", "part", "totals", "parts", "is_open"),
    [
        # A total beside its parts, all open: 60 - 20 - 30 is 10, and 53 - 20 - 30 is 3.
        (60, None, (), ((10,), (20,), (30,)), True),
        (53, None, (), ((10,), (20,), (30,)), False),
        (4, None, (), ((), ()), False),
        # With two closed it tells what they come to.
        (35, None, (), ((), (), (30,)), True),
        (34, None, (), ((), (), (30,)), False),
        # Three must come to one more.
        (36, None, (), ((), (), (), (30,)), True),
        (35, None, (), ((), (), (), (30,)), False),
        # With one closed it would tell that one.
        (60, None, (), ((), (20,), (30,)), False),
        # A part put right: 60 - 27 - 30 is 3; 60 - 25 - 30 is 5.
        (27, 1, (60,), ((10,), (20,), (30,)), False),
        (25, 1, (60,), ((10,), (20,), (30,)), True),
        (25, 1, (), ((10,), (20,), (30,)), True),
        (4, 1, (), ((10,), (20,), (30,)), False),
        # Every value of the others counts: of 58, 58 - 25 - 30 is 3.
        (25, 1, (60, 58), ((10,), (20,), (30,)), False),
        # One of two closed ones would open the other.
        (25, 1, (60,), ((), (), (30,)), False),
        (25, 2, (60,), ((), (), (30,)), True),
        (57, 2, (60,), ((), (), (30,)), False),
    ],
)
def test_a_total_and_a_part_put_right_beside_what_is_open(value, part, totals, parts, is_open):
    period = Period(5, numbers(totals), tuple(map(numbers, parts)))
    assert decide_in_group(number(value), period, part).is_open is is_open


def numbers(given):
    return tuple(Decimal(one) for one in given)

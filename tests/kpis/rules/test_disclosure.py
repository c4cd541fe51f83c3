"""Which figures are too small to show: each cut-off at its edge."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from kpis.rules.disclosure import (
    CutOffs,
    given_away,
    is_small,
    is_too_small,
    tells_beside,
    year_of,
)

CUT_OFFS = CutOffs()


@dataclass
class Figure:
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    respondents: int | None = None


def of(value=None, numerator=None, denominator=None, respondents=None):
    def number(given):
        return None if given is None else Decimal(given)

    return Figure(number(value), number(numerator), number(denominator), respondents)


@pytest.mark.parametrize(
    ("number", "small"),
    [(None, False), (0, False), (1, True), (4, True), (5, False), (-3, False)],
)
def test_one_to_four_is_small_and_none_points_at_nobody(number, small):
    assert is_small(number, CUT_OFFS) is small


def test_the_cut_offs_are_the_plans():
    assert (CUT_OFFS.count, CUT_OFFS.denominator, CUT_OFFS.survey) == (5, 10, 10)
    assert is_small(7, CutOffs(count=8))
    assert is_too_small(
        of(50, 10, 19), CutOffs(denominator=20), is_survey=False, counts_people=False
    )
    assert is_too_small(
        of(50, respondents=19), CutOffs(survey=20), is_survey=True, counts_people=False
    )


@pytest.mark.parametrize(
    ("figure", "counts_people", "hidden"),
    [
        (of(4), True, True),
        (of(5), True, False),
        (of(0), True, False),
        (of(4), False, False),  # weeks, not people
        (of(None), True, False),
        # A rate goes by its parts, whatever its value.
        (of(4, 50, 100), True, False),
        (of(50, 4, 100), False, True),
        (of(50, 5, 100), False, False),
        (of(50, 96, 100), False, True),
        (of(50, 95, 100), False, False),
        (of(50, 100, 100), False, False),
        (of(50, 0, 9), False, True),
        (of(50, 0, 10), False, False),
        # A part alone says nothing of a whole.
        (of(50, numerator=3), False, False),
        (of(50, denominator=3), False, False),
        (of(4, numerator=50), True, True),
        (of(4, denominator=50), True, True),
    ],
)
def test_a_count_or_a_rate_is_hidden_below_its_cut_offs(figure, counts_people, hidden):
    assert is_too_small(figure, CUT_OFFS, is_survey=False, counts_people=counts_people) is hidden


@pytest.mark.parametrize(
    ("figure", "hidden"),
    [
        (of(50, respondents=9), True),
        (of(50, respondents=10), False),
        (of(50), False),  # nobody says how many
        # Who answered is said; else it is the whole.
        (of(50, 20, 40, respondents=9), True),
        (of(50, 20, 40), False),
        (of(50, denominator=9), True),
        (of(50, denominator=10), False),
        (of(50, denominator=9, respondents=10), False),
        (of(50, 2, 40, respondents=40), True),
    ],
)
def test_a_survey_is_hidden_where_fewer_than_ten_answered(figure, hidden):
    assert is_too_small(figure, CUT_OFFS, is_survey=True, counts_people=False) is hidden


def test_of_what_is_no_survey_the_answers_do_not_count():
    figure = of(50, respondents=9)
    assert not is_too_small(figure, CUT_OFFS, is_survey=False, counts_people=False)


# --- Running totals ---------------------------------------------------------------------------


def days(*counts, first=4, year=2022):
    return [
        (date(year, first + index, 28), None if count is None else Decimal(count))
        for index, count in enumerate(counts)
    ]


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        # From nothing at the start of the year: 4 are told, 5 are shown, none are shown.
        ([4], [4]),
        ([5], []),
        ([0], []),
        # 10, then 3 more and then 6 more: 13 tells the 3; 19 is 9 more than the 10 shown.
        ([10, 13, 19], [5]),
        ([10, 14], [5]),
        ([10, 15], []),
        ([10, 10], []),
        ([10, 7], [5]),  # a total put right downwards tells as much
        ([10, 13, 14, 15], [5, 6]),
        # What is not shown is passed over, and what comes after it is not.
        ([10, None, 13], [6]),
        ([None, 3], [5]),
        ([1], [4]),
    ],
)
def test_a_running_total_is_hidden_that_tells_a_small_step(counts, hidden):
    found = given_away(days(*counts), CUT_OFFS, 4)
    assert {day.month for day in found} == set(hidden)


def test_a_running_total_begins_again_with_its_year():
    march = (date(2022, 3, 31), Decimal(100))
    # In the financial year April begins from nothing: 3 are told; 103 less 100 are not looked at.
    april = (date(2022, 4, 30), Decimal(3))
    assert given_away([march, april], CUT_OFFS, 4) == {date(2022, 4, 30)}
    more = (date(2022, 4, 30), Decimal(103))
    assert given_away([march, more], CUT_OFFS, 4) == set()
    # In a school year April goes on from March, and so does a total that never begins again.
    assert given_away([march, more], CUT_OFFS, 9) == {date(2022, 4, 30)}
    assert given_away([march, more], CUT_OFFS, None) == {date(2022, 4, 30)}
    # Where it never begins again, its first count is set against nothing as well.
    assert given_away(days(5), CUT_OFFS, None) == set()
    assert given_away(days(1), CUT_OFFS, None) == {date(2022, 4, 28)}
    # The second year begins from nothing too: 6, then 9 which tells 3.
    second = [(date(2023, 4, 30), Decimal(6)), (date(2023, 5, 31), Decimal(9))]
    assert given_away([march, more, *second], CUT_OFFS, 4) == {date(2023, 5, 31)}


@pytest.mark.parametrize(
    ("day", "starts_in", "year"),
    [
        (date(2022, 3, 31), 4, 2021),
        (date(2022, 4, 1), 4, 2022),
        (date(2022, 8, 31), 9, 2021),
        (date(2022, 9, 1), 9, 2022),
        (date(2022, 1, 1), 1, 2022),
    ],
)
def test_the_year_a_day_belongs_to_is_that_in_which_it_began(day, starts_in, year):
    assert year_of(day, starts_in) == year


# --- Beside another account -------------------------------------------------------------------


def tells(earlier, *shown, is_survey=False, counts_people=False):
    return tells_beside(earlier, shown, CUT_OFFS, is_survey=is_survey, counts_people=counts_people)


@pytest.mark.parametrize(
    ("earlier", "shown", "told"),
    [
        (23, 26, True),
        (26, 23, True),
        (22, 26, True),
        (21, 26, False),
        (26, 26, False),
        (25, 26, True),
    ],
)
def test_two_counts_of_people_tell_a_small_difference(earlier, shown, told):
    assert tells(of(earlier), of(shown), counts_people=True) is told
    assert not tells(of(earlier), of(shown))  # weeks, not people


def test_any_of_those_shown_may_tell_it():
    assert tells(of(23), of(50), of(26), counts_people=True)
    assert not tells(of(23), of(50), of(60), counts_people=True)
    assert not tells(of(23), counts_people=True)


@pytest.mark.parametrize(
    ("earlier", "shown", "told"),
    [
        (of(50, 20, 40), of(55, 22, 42), True),  # 2 more in the part, the rest as it was
        (of(50, 20, 40), of(48, 20, 42), True),  # 2 more in the rest
        (of(50, 20, 40), of(50, 30, 60), False),  # 10 more in both
        (of(50, 20, 40), of(58, 30, 52), True),  # 10 more in the part, 2 more in the rest
        (of(50, 20, 40), of(50, 20, 40), False),
        # 5 fewer in the part, and in the rest 5 more.
        (of(50, 20, 40), of(38, 15, 40), False),
        # The whole differs by 3 and neither part does by so few.
        (of(50, 20, 40), of(70, 30, 43), False),
        # One of them has no parts to be read.
        (of(50, 20, 40), of(48), False),
        (of(50, numerator=20), of(50, 22, 42), False),
        (of(50, denominator=40), of(50, 22, 42), False),
    ],
)
def test_the_parts_of_two_rates_tell_a_small_difference(earlier, shown, told):
    assert tells(earlier, shown) is told


def test_a_rate_is_not_read_by_its_value():
    assert not tells(of(50, 20, 40), of(52, 30, 60), counts_people=True)


def test_the_answers_to_two_surveys_tell_a_small_difference():
    assert tells(of(80, respondents=40), of(81, respondents=43), is_survey=True)
    assert not tells(of(80, respondents=40), of(81, respondents=45), is_survey=True)
    assert not tells(of(80, respondents=40), of(81), is_survey=True)
    assert not tells(of(80, respondents=40), of(81, respondents=43))


def test_counts_are_set_against_their_own_kind_alone():
    # 43 answered then; 41 are the part now.
    assert not tells(of(80, respondents=43), of(60, 41, 91), is_survey=True)
    assert not tells(of(41), of(60, 43, 93), counts_people=True)

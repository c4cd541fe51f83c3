from datetime import date

import pytest

from actions.rules.dates import (
    PlanDate,
    add_months,
    add_working_days,
    day_of,
    end_of_day,
    last_working_day,
)
from tests.actions.rules.pure_factories import at


@pytest.mark.parametrize(
    ("when", "day", "has_passed"),
    [
        ("2022-12", date(2022, 12, 31), False),  # the last day of the month is not late
        ("2022-12", date(2023, 1, 1), True),
        ("2023-02", date(2023, 2, 28), False),
        ("2024-02", date(2024, 2, 28), False),  # a leap year's February has one day more
        ("2024-02", date(2024, 2, 29), False),
        ("2024-02", date(2024, 3, 1), True),
        ("2022-12-07", date(2022, 12, 7), False),
        ("2022-12-07", date(2022, 12, 8), True),
    ],
)
def test_a_date_passes_when_its_month_or_day_is_over(when, day, has_passed):
    assert PlanDate.parse(when).passed_by(day) is has_passed


@pytest.mark.parametrize(
    ("when", "words", "short", "iso"),
    [
        ("2022-12", "December 2022", "Dec 2022", "2022-12"),
        ("2022-09", "September 2022", "Sept 2022", "2022-09"),
        ("2022-12-07", "7 December 2022", "7 Dec 2022", "2022-12-07"),
    ],
)
def test_a_date_reads_as_the_plan_prints_it(when, words, short, iso):
    found = PlanDate.parse(when)
    assert (str(found), found.short, found.iso) == (words, short, iso)


@pytest.mark.parametrize("text", ["2022", "2022-13", "2022-02-30", "soon", "2022-1-1-1"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        PlanDate.parse(text)


def test_a_month_is_kept_as_its_first_day():
    with pytest.raises(ValueError, match="first day"):
        PlanDate(date(2022, 12, 7))


def test_months_between_two_dates_cross_years():
    assert PlanDate.parse("2022-10").months_until(PlanDate.parse("2023-03")) == 5


def test_adding_months_keeps_to_the_length_of_the_month():
    assert add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)
    assert add_months(date(2023, 3, 31), -1) == date(2023, 2, 28)


def test_a_day_ends_at_midnight_in_london_in_summer_and_winter():
    assert end_of_day(date(2022, 7, 1)).isoformat() == "2022-07-02T00:00:00+01:00"
    assert end_of_day(date(2022, 12, 1)).isoformat() == "2022-12-02T00:00:00+00:00"
    # 23:30 UTC in July is the next day in London
    assert day_of(at("2022-07-02 00:30")) == date(2022, 7, 2)


def test_working_days_pass_over_weekends_and_holidays():
    new_year = frozenset({date(2023, 1, 2)})
    # 30 December 2022 is a Friday; 31, 1 a weekend; 2 a holiday.
    assert last_working_day(PlanDate.parse("2022-12"), new_year) == date(2022, 12, 30)
    # 3, 4, 5, 6 January and Monday 9
    assert add_working_days(date(2022, 12, 30), 5, new_year) == date(2023, 1, 9)

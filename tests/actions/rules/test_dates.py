import time
from datetime import date

import pytest

from actions.rules.dates import (
    PlanDate,
    add_months,
    add_working_days,
    day_after,
    day_of,
    end_of_day,
    is_working_day,
    iso_day,
    last_day_of_month,
    last_working_day,
    months_back,
    start_of_day,
    working_days_before,
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


def test_a_day_in_an_address_is_written_in_one_way():
    assert iso_day("2022-12-07") == date(2022, 12, 7)


@pytest.mark.parametrize(
    "text",
    ["20221207", "2022-W49-3", "2022-341", "7 December 2022", "2022-12-7", "2022-12-071", ""],
)
def test_any_other_writing_of_a_day_is_refused_and_named(text):
    with pytest.raises(ValueError, match=f"^{text!r} is not a day$"):
        iso_day(text)


def test_a_day_that_no_month_has_is_refused():
    with pytest.raises(ValueError, match="day"):
        iso_day("2022-02-30")


def test_what_is_neither_month_nor_day_is_named():
    with pytest.raises(ValueError, match=r"^'2022' is neither a month nor a day$"):
        PlanDate.parse("2022")


def test_why_another_day_is_no_month_is_said():
    with pytest.raises(ValueError, match=r"^a month is kept as its first day$"):
        PlanDate(date(2022, 12, 7))


def test_the_month_of_a_day_and_the_day_after_one():
    assert PlanDate.month_of(date(2022, 12, 31)) == PlanDate.parse("2022-12")
    assert day_after(date(2022, 12, 31)) == date(2023, 1, 1)
    assert last_day_of_month(date(2024, 2, 10)) == date(2024, 2, 29)


def test_a_day_starts_at_midnight_in_london_in_summer_and_winter():
    assert start_of_day(date(2022, 7, 1)).isoformat() == "2022-07-01T00:00:00+01:00"
    assert start_of_day(date(2022, 12, 1)).isoformat() == "2022-12-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("when", "months", "later"),
    [
        ("2022-12", 1, "2023-01"),
        ("2022-12", -12, "2021-12"),
        ("2022-12", 0, "2022-12"),
        ("2022-12-31", 2, "2023-02-28"),  # a day stays a day
    ],
)
def test_so_many_months_later(when, months, later):
    assert PlanDate.parse(when).plus_months(months) == PlanDate.parse(later)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2022, 12, 15), 1, date(2023, 1, 15)),
        (date(2022, 11, 15), 1, date(2022, 12, 15)),
        (date(2022, 1, 15), -1, date(2021, 12, 15)),
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
    ],
)
def test_adding_months_crosses_the_year(day, months, later):
    assert add_months(day, months) == later


def test_the_last_months_end_with_the_month_of_the_day():
    found = [month.iso for month in months_back(date(2023, 2, 14), 3)]
    assert found == ["2022-12", "2023-01", "2023-02"]


def test_a_working_day_is_no_weekend_and_no_holiday():
    # 30 December 2022 is a Friday.
    days = [date(2022, 12, 30), date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2)]
    assert [is_working_day(day, ()) for day in days] == [True, False, False, True]
    assert not is_working_day(date(2023, 1, 2), {date(2023, 1, 2)})


def test_working_days_before_a_day_pass_over_weekends_and_holidays():
    new_year = {date(2023, 1, 2)}
    # Back from Thursday 5 January: 4, 3, then over the holiday and the weekend to 30, 29 and 28.
    assert working_days_before(date(2023, 1, 5), 5, new_year) == date(2022, 12, 28)
    assert working_days_before(date(2023, 1, 5), 1, new_year) == date(2023, 1, 4)
    assert working_days_before(date(2023, 1, 5), 0, new_year) == date(2023, 1, 5)


@pytest.mark.parametrize(
    ("month", "holidays", "day"),
    [
        ("2023-01", (), date(2023, 1, 31)),  # a Tuesday
        ("2023-01", (date(2023, 1, 31),), date(2023, 1, 30)),
        ("2022-12", (date(2022, 12, 30),), date(2022, 12, 29)),
        ("2023-04", (), date(2023, 4, 28)),  # the 30th is a Sunday
    ],
)
def test_a_months_last_working_day(month, holidays, day):
    assert last_working_day(PlanDate.parse(month), holidays) == day


def test_the_day_of_a_moment_is_londons_wherever_the_machine_stands(monkeypatch):
    moment = at("2022-07-02 00:30")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        found = day_of(moment)
    time.tzset()
    assert found == date(2022, 7, 2)

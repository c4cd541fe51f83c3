import time
from dataclasses import replace
from datetime import date

import pytest

from actions.rules.dates import (
    PlanDate,
    Precision,
    add_months,
    add_working_days,
    day_after,
    day_of,
    easter_sunday,
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
        ("2026", date(2026, 12, 31), False),  # by the end of 2026
        ("2026", date(2027, 1, 1), True),
        ("2026-Q2", date(2026, 6, 30), False),
        ("2026-Q2", date(2026, 7, 1), True),
        ("2026-Q4", date(2026, 12, 31), False),
        ("school year 2025/26", date(2026, 8, 31), False),
        ("school year 2025/26", date(2026, 9, 1), True),
        ("financial year 2025/26", date(2026, 3, 31), False),
        ("financial year 2025/26", date(2026, 4, 1), True),
        # Easter is on 5 April 2026, and on 20 April 2025; Christmas Day 2026 is a Friday.
        ("spring term 2026", date(2026, 4, 2), False),
        ("spring term 2026", date(2026, 4, 3), True),
        ("spring term 2025", date(2025, 4, 17), False),
        ("spring term 2025", date(2025, 4, 18), True),
        ("summer term 2026", date(2026, 7, 24), False),
        ("summer term 2026", date(2026, 7, 25), True),
        ("autumn term 2026", date(2026, 12, 18), False),
        ("autumn term 2026", date(2026, 12, 19), True),
        ("autumn term 2027", date(2027, 12, 24), False),  # a Friday itself
        ("2026-05-01 to 2026-05-05", date(2026, 5, 5), False),
        ("2026-05-01 to 2026-05-05", date(2026, 5, 6), True),
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
        ("2026", "2026", "2026", "2026"),
        ("2026-Q2", "April to June 2026", "Apr–Jun 2026", "2026-Q2"),
        ("2026-Q3", "July to September 2026", "Jul–Sept 2026", "2026-Q3"),
        *(
            (text, text, text, text)
            for text in (
                "spring term 2026",
                "summer term 2026",
                "autumn term 2026",
                "school year 2025/26",
                "school year 1999/00",
                "financial year 2025/26",
            )
        ),
        (
            "2026-05-01 to 2026-05-05",
            "1 to 5 May 2026",
            "1–5 May 2026",
            "2026-05-01 to 2026-05-05",
        ),
        (
            "2026-04-28 to 2026-05-02",
            "28 April to 2 May 2026",
            "28 Apr–2 May 2026",
            "2026-04-28 to 2026-05-02",
        ),
        (
            "2026-12-20 to 2027-01-08",
            "20 December 2026 to 8 January 2027",
            "20 Dec–8 Jan 2027",
            "2026-12-20 to 2027-01-08",
        ),
    ],
)
def test_a_date_reads_as_the_plan_prints_it(when, words, short, iso):
    found = PlanDate.parse(when)
    assert (str(found), found.words, found.short, found.iso) == (words, words, short, iso)


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("school year 2025/26", date(2025, 9, 1), date(2026, 8, 31)),
        ("financial year 2025/26", date(2025, 4, 1), date(2026, 3, 31)),
        ("spring term 2026", date(2026, 1, 1), date(2026, 4, 2)),
        ("summer term 2026", date(2026, 4, 7), date(2026, 7, 24)),
        ("autumn term 2026", date(2026, 9, 1), date(2026, 12, 18)),
    ],
)
def test_what_is_longer_than_a_month_has_a_first_and_a_last_day(when, first, last):
    found = PlanDate.parse(when)
    assert (found.first_day, found.last_day) == (first, last)
    assert PlanDate.stored(first, last, found.precision.value) == found


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (1981, date(1981, 4, 19)),
        (2008, date(2008, 3, 23)),
        (2016, date(2016, 3, 27)),
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
        (2049, date(2049, 4, 18)),
        (2076, date(2076, 4, 19)),
    ],
)
def test_easter_is_where_the_calendar_has_it(year, day):
    assert easter_sunday(year) == day


def test_a_term_keeps_its_name_with_the_days_that_schools_here_have():
    term = PlanDate.parse("summer term 2026")
    own = term.with_days(date(2026, 4, 13), date(2026, 7, 17))
    assert (str(own), own.iso) == ("summer term 2026", "summer term 2026")
    assert own.passed_by(date(2026, 7, 18))
    assert not own.passed_by(date(2026, 7, 17))
    assert own != term
    assert own.proposed == term
    assert term.with_days(None, date(2026, 7, 17)).first_day == term.first_day
    year = PlanDate.parse("school year 2025/26").with_days(date(2025, 9, 3), date(2026, 7, 22))
    assert year.passed_by(date(2026, 7, 23))
    assert str(year) == "school year 2025/26"


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        ("summer term 2026", None, date(2026, 12, 1)),  # that is the autumn
        ("summer term 2026", None, date(2026, 4, 30)),  # the spring
        ("summer term 2026", None, date(2027, 7, 17)),  # another year
        ("summer term 2026", date(2026, 1, 5), None),  # longer than a term
        ("summer term 2026", date(2026, 7, 25), None),  # it begins after it ends
        ("autumn term 2026", date(2026, 7, 18), None),  # five months to the day
        ("school year 2025/26", date(2025, 8, 31), None),  # a year to the day
        ("2026", None, date(2026, 11, 30)),
        ("2026-12", date(2026, 12, 2), None),
        ("2026-05-01 to 2026-05-05", None, date(2026, 5, 6)),
    ],
)
def test_days_that_are_not_of_that_term_or_year_are_refused(when, first, last):
    with pytest.raises(ValueError, match=r"."):
        PlanDate.parse(when).with_days(first, last)


def test_printed_words_stand_for_a_date_and_make_it_no_other():
    when = PlanDate.parse("2026")
    printed = replace(when, printed="By the end of 2026 at the latest")
    assert printed == when
    assert str(printed) == "By the end of 2026 at the latest"
    assert (printed.words, printed.iso) == ("2026", "2026")
    # Twenty signs fit where space is short, and no more.
    assert printed.short == "2026"
    assert replace(when, printed="By the end of 2026!!").short == "By the end of 2026!!"
    assert replace(when, printed="By the end of 2026!!!").short == "2026"


def test_dates_stand_by_their_first_day_and_the_longer_before_the_shorter():
    texts = ["2026-Q1", "2026-01-02", "2026-01-01", "2025-12", "2026", "2026-01"]
    in_order = ["2025-12", "2026", "2026-Q1", "2026-01", "2026-01-01", "2026-01-02"]
    assert [when.iso for when in sorted(map(PlanDate.parse, texts))] == in_order
    assert PlanDate.parse("2026") <= PlanDate.parse("2026")
    assert PlanDate.parse("2026-01") > PlanDate.parse("2026")


def test_months_are_counted_from_the_last_of_what_is_longer():
    assert PlanDate.parse("2026-10").months_until(PlanDate.parse("2026")) == 2
    assert PlanDate.parse("2026").months_until(PlanDate.parse("school year 2026/27")) == 8
    assert PlanDate.parse("financial year 2025/26").last_month == PlanDate.parse("2026-03")
    assert PlanDate.parse("2026-05").last_month == PlanDate.parse("2026-05")


def test_only_a_month_or_a_day_is_moved_by_months():
    assert PlanDate.parse("2026-11-30").plus_months(3) == PlanDate.parse("2027-02-28")
    with pytest.raises(ValueError, match="2026 is neither a month nor a day"):
        PlanDate.parse("2026").plus_months(1)


def test_a_date_has_an_end_where_its_precision_does_not_say_it():
    for precision, ends in (
        (Precision.YEAR, None),
        (Precision.MONTH, date(2026, 1, 31)),
        (Precision.DAYS, date(2025, 12, 31)),
    ):
        with pytest.raises(ValueError, match=r"."):
            PlanDate(date(2026, 1, 1), precision, ends)


@pytest.mark.parametrize(
    "text",
    [
        "2025/26",
        "2026-Q5",
        "winter term 2026",
        "school year 2025/27",
        "2026-05-05 to 2026-05-01",
        "2026-05 to 2026-06",
        "Summer term 2026",
        "2022-13",
        "2022-02-30",
        "soon",
        "2022-1-1-1",
    ],
)
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


def test_what_is_no_date_is_named():
    with pytest.raises(ValueError, match=r"^'2022-1-1-1' is not a date of a plan$"):
        PlanDate.parse("2022-1-1-1")


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


@pytest.mark.parametrize(
    ("printed", "within"),
    [
        ("(April 2025)", "April 2025"),
        ("by (about) April", "by (about) April"),
        ("(April) or (May)", "(April) or (May)"),
        ("", "April 2025"),
    ],
)
def test_brackets_around_a_printed_date_stay_out_of_sentences(printed, within):
    assert replace(PlanDate.parse("2025-04"), printed=printed).in_sentence == within

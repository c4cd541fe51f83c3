"""What people type for a month or a day is read, and nothing is read as what it was not meant."""

from datetime import date

import pytest

from actions.rules.dates import PlanDate
from actions.rules.typed_dates import read_any, read_date, read_day, read_month, read_next_month


def is_read(read, text):
    try:
        read(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        "31/1/2027",
        "31/01/2027",
        "31.1.27",
        "31-1-2027",
        "2027-01-31",
        "2027-1-31",
        "2027/1/31",
        "31 January 2027",
        "31 jan 27",
        "31st January 2027",
        "  31  January 2027 ",
    ],
)
def test_a_day_is_read(text):
    assert read_day(text) == date(2027, 1, 31)
    assert not is_read(read_month, text)


@pytest.mark.parametrize(
    "text",
    ["3/2027", "03/2027", "3/27", "3 2027", "3.27", "2027-03", "2027/3", "March 2027", "Mar 27"],
)
def test_a_month_is_read(text):
    assert read_month(text).iso == "2027-03"
    assert not read_date(text).is_day
    assert not is_read(read_day, text)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("Sept 2027", 9),
        ("Dec. 2027", 12),
        ("sep 2027", 9),
        ("june 2027", 6),
        ("Jul 27", 7),
        ("DECEMBER 2027", 12),
    ],
)
def test_a_month_is_known_by_its_name_or_its_first_letters(text, month):
    assert read_month(text).first_day == date(2027, month, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "soon",
        "2027",
        "March",
        "Ju 2027",  # June or July
        "Ma 2027",
        "Marches 2027",
        "13/2027",
        "0/2027",
        "31/2/2027",  # February has 28 days in 2027
        "29.2.27",
        "30 February 2027",
        "1/31/2027",  # the American order
        "5/12",  # a day, or a month of 2012
        "1/1/14",
        "3/127",
        "3/1989",
        "3/2101",
        "12/3/4/2027",
        "٣/2027",
        "3/٢٠٢٧",
        "²/2027",
        "31th of January 2027",
        "2027-W04-7",
        "\x00",
        "-3/2027",
        "3//2027/",
    ],
)
def test_what_is_neither_is_refused(text):
    assert not is_read(read_date, text)


def test_a_short_year_is_one_from_2015_on():
    assert read_month("3/15").first_day == date(2015, 3, 1)
    assert read_month("3/99").first_day == date(2099, 3, 1)
    assert not is_read(read_month, "3/14")


def test_the_first_and_last_years_that_a_plan_can_speak_of():
    assert read_month("1/1990").first_day == date(1990, 1, 1)
    assert read_day("31/12/2100") == date(2100, 12, 31)


def test_a_leap_day_is_a_day():
    assert read_day("29/2/28") == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("7 March 2027", "2027-03-07"),
        ("3/27", "2027-03"),
        ("2027", "2027"),
        ("2027-03-31", "2027-03-31"),
        ("Summer term 2026", "summer term 2026"),
        ("spring 2027", "spring term 2027"),
        ("autumn term, 2026", "autumn term 2026"),
        ("school year 2025/26", "school year 2025/26"),
        ("academic year 2025-2026", "school year 2025/26"),
        ("2025/26 school year", "school year 2025/26"),
        ("Financial year 2025–26", "financial year 2025/26"),
        ("FY 1999/00", "financial year 1999/00"),
        ("1 to 5 May 2026", "2026-05-01 to 2026-05-05"),
        ("1st - 5th May 2026", "2026-05-01 to 2026-05-05"),
        ("28 April – 2 May 2026", "2026-04-28 to 2026-05-02"),
        ("20 December 2026 to 8 January 2027", "2026-12-20 to 2027-01-08"),
        ("1/5/2026 to 5/5/2026", "2026-05-01 to 2026-05-05"),
        ("April to June 2026", "2026-Q2"),
        ("Oct to Dec 26", "2026-Q4"),
        ("May to June 2026", "2026-05-01 to 2026-06-30"),
        ("March to June 2026", "2026-03-01 to 2026-06-30"),
        ("1 April to June 2026", "2026-04-01 to 2026-06-30"),
        ("April to 30 June 2026", "2026-04-01 to 2026-06-30"),
        ("2026-05-01 to 2026-05-05", "2026-05-01 to 2026-05-05"),
    ],
)
def test_a_longer_date_is_read_where_a_plan_may_give_one(text, iso):
    assert read_any(text).iso == iso


@pytest.mark.parametrize(
    "iso",
    [
        "2026",
        "2026-05",
        "2026-05-07",
        "2026-Q1",
        "2026-Q3",
        "spring term 2026",
        "school year 2025/26",
        "financial year 2099/00",
        "2026-05-01 to 2026-05-05",
        "2026-04-28 to 2026-05-02",
        "2026-12-20 to 2027-01-08",
    ],
)
def test_our_own_words_for_a_date_are_read_back(iso):
    assert read_any(PlanDate.parse(iso).words).iso == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "ongoing",
        "2025/26",  # a school year or a financial one?
        "school year 2025/27",
        "school year 2025",
        "Q2 2026",  # of which year?
        "winter term 2026",
        "1815",
        "5 to 1 May 2026",
        "5 to 5 May 2026",
        "1 to May 2026",
        "31 to 32 May 2026",
        "to 5 May 2026",
    ],
)
def test_what_could_be_two_things_or_is_none_is_refused(text):
    assert not is_read(read_any, text)


@pytest.mark.parametrize("text", ["2027", "summer term 2026", "1 to 5 May 2026"])
def test_a_month_or_a_day_is_nothing_longer(text):
    assert not is_read(read_date, text)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("Jan", "2027-01"),
        ("november", "2026-11"),
        ("Nov", "2026-11"),
        ("Oct", "2027-10"),
        ("Ja", None),
        ("Janus", None),
        ("1", None),
        ("Jan 2026", None),
        ("", None),
    ],
)
def test_a_month_without_its_year_is_the_next_of_its_name(text, month):
    found = read_next_month(text, date(2026, 11, 30))
    assert found == (PlanDate.parse(month) if month else None)

"""What people type for a month or a day is read, and nothing is read as what it was not meant."""

from datetime import date

import pytest

from actions.rules.typed_dates import read_date, read_day, read_month


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

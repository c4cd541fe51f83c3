"""Numbers and periods as people write them: read without guessing, or named. No database."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.rules.parsing import Span, number_of, span_of, whole_number_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("217", "217"),
        (" 217 ", "217"),
        ("0", "0"),
        ("12.5", "12.5"),
        ("12.", "12"),
        (".5", "0.5"),
        ("-7", "-7"),
        ("−7.5", "-7.5"),
        ("+7", "7"),
        ("1,234", "1234"),
        ("1,234,567.25", "1234567.25"),
        ("-1,234", "-1234"),
        ("1 234", "1234"),
        ("1\u00a0234.5", "1234.5"),
        ("007", "7"),
    ],
)
def test_a_number_is_read(text, number):
    assert number_of(text, is_percentage=False) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "many",
        "",
        "12,5",
        "1,23",
        "1,2345",
        "12,34,567",
        "1.234,5",
        "1 23",
        "1.2.3",
        "1e5",
        "NaN",
        "Infinity",
        "£5",
        "5 weeks",
        "<5",
        "n/a",
        "١٢",
        "²",
        "--5",
        "5-",
        "9" * 41,
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        number_of(text, is_percentage=False)


def test_a_comma_that_could_be_a_point_says_how_to_write_it():
    with pytest.raises(ValueError, match=r"“12,5” is unclear\. Write 12\.5 with a point"):
        number_of("12,5", is_percentage=True)


@pytest.mark.parametrize(
    ("text", "number"), [("45%", "45"), ("45 %", "45"), ("0.45%", "0.45"), ("0.45", "0.45")]
)
def test_a_per_cent_sign_is_read_of_a_percentage_and_changes_nothing(text, number):
    assert number_of(text, is_percentage=True) == Decimal(number)


def test_a_per_cent_sign_is_refused_elsewhere():
    with pytest.raises(ValueError, match="This is not a percentage"):
        number_of("45%", is_percentage=False)


def test_people_are_whole():
    assert whole_number_of("1,204") == 1204
    with pytest.raises(ValueError, match="whole number"):
        whole_number_of("9.5")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10", "2026-10-01"),
        ("2026/10", "2026-10-01"),
        ("10/2026", "2026-10-01"),
        ("Oct 2026", "2026-10-01"),
        ("oct. 2026", "2026-10-01"),
        ("OCTOBER  2026", "2026-10-01"),
        ("Sept 2026", "2026-09-01"),
        ("Oct-26", "2026-10-01"),
        ("Oct-2026", "2026-10-01"),
        ("31/10/2026", "2026-10-31"),
        ("31.10.2026", "2026-10-31"),
        ("1/2/2026", "2026-02-01"),
        ("2026-10-31", "2026-10-31"),
        ("31 October 2026", "2026-10-31"),
        ("31-Oct-2026", "2026-10-31"),
    ],
)
def test_a_month_or_a_day_of_it(text, day):
    assert span_of(text, year_starts=4) == Span(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "day", "months"),
    [
        ("Q1 2026/27", "2026-04-01", 3),
        ("Q3 2026/27", "2026-10-01", 3),
        ("q4 2026-27", "2027-01-01", 3),
        ("Q4 2026/2027", "2027-01-01", 3),
        ("H1 2026/27", "2026-04-01", 6),
        ("H2 2026/27", "2026-10-01", 6),
        ("2026/27", "2026-04-01", 12),
        ("2026-27", "2026-04-01", 12),
        ("2026/27 school year", "2026-09-01", 12),
        ("2026/27 financial year", "2026-04-01", 12),
        ("2099/00", "2099-04-01", 12),
    ],
)
def test_a_quarter_a_half_or_a_year(text, day, months):
    assert span_of(text, year_starts=4) == Span(date.fromisoformat(day), months)


def test_a_year_of_a_measure_by_school_years_begins_in_september():
    assert span_of("2026/27", year_starts=9) == Span(date(2026, 9, 1), 12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "October",
        "2026",
        "2026-13",
        "13/2026",
        "10/31/2026",
        "31/02/2026",
        "31/10/26",
        "Q5 2026/27",
        "Q3 2026",
        "Q3 2026/28",
        "2026/28",
        "1066-10",
        "3026-10",
        "١٠/٢٠٢٦",
        "44712",
        "x" * 500,
    ],
)
def test_what_is_no_period_is_refused_with_how_to_write_one(text):
    with pytest.raises(ValueError, match=r"is not a period\. Write the period like 2026-10"):
        span_of(text, year_starts=4)

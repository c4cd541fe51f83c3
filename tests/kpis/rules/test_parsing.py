"""Numbers and periods as people write them: read without guessing, or named. No database."""

import re
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
        ("school year 2026/27", "2026-09-01", 12),
        ("Financial year 2026-27", "2026-04-01", 12),
        ("2026", "2026-01-01", 12),
    ],
)
def test_a_quarter_a_half_or_a_year(text, day, months):
    assert span_of(text, year_starts=4) == Span(date.fromisoformat(day), months)


def test_a_year_of_a_measure_by_school_years_begins_in_september():
    assert span_of("2026/27", year_starts=9) == Span(date(2026, 9, 1), 12)


def test_two_years_are_none_of_a_measure_by_calendar_years():
    with pytest.raises(ValueError, match="“2026/27” is not a period"):
        span_of("2026/27", year_starts=1)
    named = Span(date(2026, 9, 1), 12)
    assert span_of("2026/27 school year", year_starts=1) == named


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "October",
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


# --- What people are told, and the edges --------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("9" * 41, "This is too long for a number"),
        ("45%", "This is not a percentage. Leave the per cent sign out"),
        ("many", "“many” is not a number"),
        ("12,5", "“12,5” is unclear. Write 12.5 with a point"),
        ("a" * 40, f"“{'a' * 40}” is not a number"),
    ],
)
def test_why_a_number_is_refused_is_said(text, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        number_of(text, is_percentage=False)


def test_forty_figures_are_still_a_number():
    assert number_of("9" * 40, is_percentage=False) == Decimal("9" * 40)


def test_of_people_there_is_no_percentage_and_no_part():
    with pytest.raises(ValueError, match=r"^Give a whole number$"):
        whole_number_of("9.5")
    with pytest.raises(ValueError, match=r"^This is not a percentage"):
        whole_number_of("9%")


def test_a_period_is_refused_with_its_words_cut_short():
    how = "Write the period like 2026-10, October 2026, 31/10/2026 or Q3 2026/27"
    with pytest.raises(ValueError, match=f"^“soon” is not a period. {how}$"):
        span_of("soon", year_starts=4)
    with pytest.raises(ValueError, match=f"^“{'x' * 40}” is not a period"):
        span_of("x" * 40, year_starts=4)
    with pytest.raises(ValueError, match=f"^“{'x' * 40}…” is not a period"):
        span_of("x" * 41, year_starts=4)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1990-01", "1990-01-01"),
        ("2100-12", "2100-12-01"),
        ("2026-01", "2026-01-01"),
        ("2026-12", "2026-12-01"),
        ("Jan 2026", "2026-01-01"),
        ("Dec-26", "2026-12-01"),
        ("may 2026", "2026-05-01"),
    ],
)
def test_the_first_and_last_months_and_years_that_are_read(text, day):
    assert span_of(text, year_starts=4) == Span(date.fromisoformat(day))


@pytest.mark.parametrize(
    "text", ["1989-12", "2101-01", "2026-00", "0/2026", "Foo 2026", "Foo-26", "31 Foo 2026"]
)
def test_months_and_years_beyond_them_are_refused(text):
    with pytest.raises(ValueError, match="is not a period"):
        span_of(text, year_starts=4)


def test_twelve_to_thirteen_is_a_year_and_no_month():
    assert span_of("2012-13", year_starts=4) == Span(date(2012, 4, 1), 12)
    assert span_of("2011-12", year_starts=4) == Span(date(2011, 12, 1))


@pytest.mark.parametrize(
    ("text", "first"), [("2026/27 academic year", 9), ("2026/27 financial year", 4)]
)
def test_a_year_that_names_its_kind_begins_with_it(text, first):
    for year_starts in (1, 4, 9):
        assert span_of(text, year_starts=year_starts) == Span(date(2026, first, 1), 12)


def test_a_quarter_is_of_the_financial_year_whatever_the_measures_is():
    assert span_of("Q2 2026/27", year_starts=9) == Span(date(2026, 7, 1), 3)


def test_the_minus_signs_and_spaces_that_offices_type_are_read():
    assert number_of("–7", is_percentage=False) == -7
    assert number_of("1\u202f234", is_percentage=False) == 1234
    assert number_of("1\u2009234", is_percentage=False) == 1234
    assert number_of("-45 %", is_percentage=True) == -45
    assert span_of("2026–10", year_starts=4) == Span(date(2026, 10, 1))

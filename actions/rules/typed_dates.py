"""Months and days as people type them. Standard library only.

Read are, in figures or with the month's name or its first three letters or more:

1. a day: `31/1/2027`, `31.1.27`, `31-01-2027`, `2027-01-31`, `31 January 2027`, `31st Jan 27`;
2. a month: `3/2027`, `3/27`, `03 2027`, `2027-03`, `March 2027`, `Mar 27`.

Where a plan may give a longer date, these are read too:

3. a year: `2026`; with its kind: `school year 2025/26`, `financial year 2025-26`, `FY 2025/26`,
   `academic year 2025/2026`. `2025/26` alone could be either, so it is refused;
4. a term: `summer term 2026`, `summer 2026`;
5. from a day or month to another: `1 to 5 May 2026`, `28 April – 2 May 2026`, `April to June 2026`,
   which is a quarter. The first takes from the last what it leaves out.

Where a day says from when on it is meant, a month's name alone is read: `Jan`.

The day comes first, as in Britain. A year of two figures is one of this century from 2015 on, so
that `5/12` is refused: it is meant as a day more often than as a month of 2012.
"""

import re
from datetime import date

from actions.rules.dates import MONTHS, PlanDate

_APART = re.compile(r"[\s./-]+")
_FIGURES = re.compile(r"[0-9]{1,2}")
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"[0-9]{4}")
_TERM = re.compile(r"(spring|summer|autumn)(?: term)?,? ([0-9]{4})")
_KIND = r"(?P<kind>school year|academic year|financial year|fy)"
_TWO_YEARS = r"(?P<first>[0-9]{4})[/-](?P<last>[0-9]{4}|[0-9]{2})"
_YEARS_FIRST = re.compile(f"{_KIND} {_TWO_YEARS}")
_YEARS_LAST = re.compile(f"{_TWO_YEARS} {_KIND}")
_SPAN = re.compile(r"(.+?)(?: to | - )(.+)")
_SHORTEST_NAME = 3
_FIRST_SHORT_YEAR = 15
_YEARS = range(1990, 2101)


def read_date(text: str) -> PlanDate:
    """A month or a day. ValueError for all else."""
    parts = _APART.split(text.strip().casefold())
    if _YEAR.fullmatch(parts[0]):
        parts.reverse()
    if len(parts) == 2:
        month, year = parts
        return PlanDate(date(_year(year), _month(month), 1))
    if len(parts) == 3:
        day, month, year = parts
        if day_match := _DAY.fullmatch(day):
            return PlanDate.of_day(date(_year(year), _month(month), int(day_match[1])))
    raise ValueError(text)


def read_any(text: str) -> PlanDate:
    """A date of any precision. ValueError for all else."""
    plain = " ".join(text.replace("–", "-").split()).casefold()
    if _YEAR.fullmatch(plain):
        return PlanDate.year(_year(plain))
    if term := _TERM.fullmatch(plain):
        return PlanDate.term(term[1], _year(term[2]))
    if years := _YEARS_FIRST.fullmatch(plain) or _YEARS_LAST.fullmatch(plain):
        return _two_years(years["kind"], years["first"], years["last"])
    if span := _SPAN.fullmatch(plain):
        return _span(span[1], span[2])
    return read_date(text)


def _two_years(kind: str, first: str, last: str) -> PlanDate:
    year = _year(first)
    if int(last) not in (year + 1, (year + 1) % 100):
        raise ValueError(f"{first}/{last}")
    return PlanDate.financial_year(year) if kind[0] == "f" else PlanDate.school_year(year)


def _span(start: str, end: str) -> PlanDate:
    last = read_date(end)
    try:
        first = read_date(start)
    except ValueError:
        first = _beginning(start, last)
    if last.last_day <= first.first_day:
        raise ValueError(f"{start} to {end}")
    quarter = PlanDate.quarter(last.first_day.year, (last.first_day.month + 2) // 3)
    days = PlanDate.days(first.first_day, last.last_day)
    is_whole = not first.is_day and not last.is_day
    if is_whole and (days.first_day, days.last_day) == (quarter.first_day, quarter.last_day):
        return quarter
    return days


def _beginning(text: str, last: PlanDate) -> PlanDate:
    """The start of a span, which leaves out the year, or the month too."""
    year = last.first_day.year
    if not _DAY.fullmatch(text):
        return read_date(f"{text} {year}")
    if not last.is_day:
        raise ValueError(text)
    return read_date(f"{text} {last.first_day.month} {year}")


def read_day(text: str) -> date:
    """A day. ValueError for a month and all else."""
    typed = read_date(text)
    if not typed.is_day:
        raise ValueError(text)
    return typed.first_day


def read_month(text: str) -> PlanDate:
    """A month. ValueError for a day and all else."""
    typed = read_date(text)
    if typed.is_day:
        raise ValueError(text)
    return typed


def read_next_month(text: str, after: date) -> PlanDate | None:
    """The first month of this name, from the month of a day on: `Jan`; None for all else."""
    if not text.strip().isalpha():
        return None
    try:
        month = _month(text.strip().casefold())
    except ValueError:
        return None
    return PlanDate(date(after.year + (month < after.month), month, 1))


def _month(text: str) -> int:
    if _FIGURES.fullmatch(text):
        return int(text)
    if len(text) < _SHORTEST_NAME:
        raise ValueError(text)
    names = [number for number, name in enumerate(MONTHS, 1) if name.casefold().startswith(text)]
    (month,) = names
    return month


def _year(text: str) -> int:
    if _YEAR.fullmatch(text) and int(text) in _YEARS:
        return int(text)
    if _FIGURES.fullmatch(text) and len(text) == 2 and int(text) >= _FIRST_SHORT_YEAR:
        return 2000 + int(text)
    raise ValueError(text)

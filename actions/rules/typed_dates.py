"""Months and days as people type them. Standard library only.

Read are, in figures or with the month's name or its first three letters or more:

1. a day: `31/1/2027`, `31.1.27`, `31-01-2027`, `2027-01-31`, `31 January 2027`, `31st Jan 27`;
2. a month: `3/2027`, `3/27`, `03 2027`, `2027-03`, `March 2027`, `Mar 27`.

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
            return PlanDate(date(_year(year), _month(month), int(day_match[1])), is_day=True)
    raise ValueError(text)


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

"""How people write numbers and periods, read without guessing. No queries and no clock.

*Numbers*. `1,234`, `1 234` and `1234.5` are read; `12,5` is not, since a comma stands before
thousands here: whoever means 12.5 writes the point. A per cent sign is read where the measure is in
per cent, and nowhere else, so that 0.45% and 0.45 are never taken for each other.

*Periods*. A month (`2026-10`, `Oct 2026`, `10/2026`), a day of it (`31/10/2026`), a quarter of the
financial year (`Q3 2026/27`), or a year (`2026/27`, `school year 2026/27`, `2026`). A month or a
day stands for the period that holds it; a quarter or a year must be the measure's own.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from actions.rules.dates import MONTHS, add_months

# As many as any figure needs, and too few to keep a machine busy.
LONGEST = 40
_MINUS = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
_PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_THOUSANDS = re.compile(
    r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?|[+-]?[0-9]{1,3}( [0-9]{3})+(\.[0-9]+)?"
)
_COMMA = re.compile(r"([+-]?[0-9]+),([0-9]+)")


def number_of(text: str, *, is_percentage: bool) -> Decimal:
    """The number somebody wrote. ValueError says in plain words why it is none."""
    plain = text.translate(_MINUS).strip()
    if len(plain) > LONGEST:
        raise ValueError("This is too long for a number")
    if plain.endswith("%"):
        if not is_percentage:
            raise ValueError("This is not a percentage. Leave the per cent sign out")
        plain = plain[:-1].strip()
    if _PLAIN.fullmatch(plain):
        return Decimal(plain)
    if _THOUSANDS.fullmatch(plain):
        return Decimal(plain.replace(",", "").replace(" ", ""))
    if match := _COMMA.fullmatch(plain):
        raise ValueError(f"“{plain}” is unclear. Write {match[1]}.{match[2]} with a point")
    raise ValueError(f"“{_short(plain)}” is not a number")


def whole_number_of(text: str) -> int:
    """A number of people."""
    number = number_of(text, is_percentage=False)
    if number != int(number):
        raise ValueError("Give a whole number")
    return int(number)


@dataclass(frozen=True, slots=True)
class Span:
    """What somebody called a period: its first day, and its months where they were named."""

    first_day: date
    months: int | None = None


_NUMBER_OF = {
    name: number
    for number, month in enumerate(MONTHS, 1)
    for name in {month.casefold(), month[:3].casefold(), *(["sept"] if number == 9 else [])}
}
_YEAR = r"(?P<year>[0-9]{4})"
_ISO = re.compile(rf"{_YEAR}[-/](?P<month>[0-9]{{1,2}})([-/](?P<day>[0-9]{{1,2}}))?")
_BRITISH = re.compile(rf"((?P<day>[0-9]{{1,2}})[-/.])?(?P<month>[0-9]{{1,2}})[-/.]{_YEAR}")
_NAMED = re.compile(rf"((?P<day>[0-9]{{1,2}})[ -])?(?P<name>[a-z]+)\.?[ -]{_YEAR}")
# As Excel writes a month into CSV: Oct-26.
_EXCELS = re.compile(r"(?P<name>[a-z]{3,4})-(?P<short>[0-9]{2})")
_QUARTER = re.compile(rf"(q(?P<quarter>[1-4])|h(?P<half>[12])) {_YEAR}[/-](?P<next>[0-9]{{2,4}})")
_KIND = "(?P<kind>financial|school|academic) year"
_YEARS = re.compile(rf"{_YEAR}[/-](?P<next>[0-9]{{2,4}})( {_KIND})?")
_KIND_FIRST = re.compile(rf"{_KIND} {_YEAR}[/-](?P<next>[0-9]{{2,4}})")
_CALENDAR_YEAR = re.compile(_YEAR)

HOW = "Write the period like 2026-10, October 2026, 31/10/2026 or Q3 2026/27"


def span_of(text: str, *, year_starts: int) -> Span:
    """The period somebody named. ValueError says how to write one."""
    plain = " ".join(text.translate(_MINUS).casefold().split())
    try:
        span = _month_or_day(plain) or _part_of_year(plain, year_starts)
    except ValueError:
        span = None
    if span is None or not 1990 <= span.first_day.year <= 2100:
        raise ValueError(f"“{_short(text)}” is not a period. {HOW}")
    return span


def _month_or_day(text: str) -> Span | None:
    if (match := _EXCELS.fullmatch(text)) and match["name"] in _NUMBER_OF:
        return Span(date(2000 + int(match["short"]), _NUMBER_OF[match["name"]], 1))
    for pattern in (_ISO, _BRITISH, _NAMED):
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            month = _NUMBER_OF.get(parts.get("name") or "") or int(parts.get("month") or 0)
            if pattern is _ISO and not 1 <= month <= 12:
                # 2026-27 is a year of two, and no month.
                return None
            return Span(date(int(parts["year"]), month, int(parts["day"] or 1)))
    return None


def _part_of_year(text: str, year_starts: int) -> Span | None:
    if match := _QUARTER.fullmatch(text):
        _check_years(match["year"], match["next"])
        april = date(int(match["year"]), 4, 1)
        if match["quarter"]:
            return Span(add_months(april, 3 * int(match["quarter"]) - 3), 3)
        return Span(add_months(april, 6 * int(match["half"]) - 6), 6)
    if match := _CALENDAR_YEAR.fullmatch(text):
        return Span(date(int(match["year"]), 1, 1), 12)
    if match := _YEARS.fullmatch(text) or _KIND_FIRST.fullmatch(text):
        _check_years(match["year"], match["next"])
        if match["kind"]:
            year_starts = 4 if match["kind"] == "financial" else 9
        elif year_starts == 1:
            # Two years are none that begins in January.
            return None
        return Span(date(int(match["year"]), year_starts, 1), 12)
    return None


def _check_years(first: str, second: str) -> None:
    if int(second) % 100 != (int(first) + 1) % 100:
        raise ValueError


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

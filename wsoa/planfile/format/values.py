"""The kinds of single values in a plan file.

Refs, codes and dates must be quoted in the file: unquoted, `1.10` is the number 1.1, and
`2022-12-07` is a date to some readers and text to others.
"""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic import Tag as PydanticTag
from pydantic_core import PydanticCustomError

from actions.rules.cycle import MOST_DAYS_BEFORE_PAPERS, MOST_GRACE_DAYS
from actions.rules.dates import PlanDate
from actions.rules.own_moves import MOST_WEEKS

# What the patterns below ask for, in words.
PATTERNS = {
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$": (
        "a code: at most 40 letters, digits, dots, hyphens and underscores, no sign first"
    ),
    r"^[1-9][0-9]?$": 'a number from 1 to 99, such as "1"',
    r"^[A-Za-z0-9][A-Za-z0-9.-]{0,19}$": (
        'a reference, such as "1.1.1a" or "A2": at most 20 letters, digits, dots and hyphens'
    ),
    r"^(19|20)[0-9]{2}-[0-9]{2}(-[0-9]{2})?$": (
        'a month or a day, such as "2022-12" or "2022-12-07"'
    ),
    r"^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$": 'a day, such as "2022-12-07"',
    r"^(19|20)[0-9]{2}-[0-9]{2}$": 'a month, such as "2022-12"',
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "lower-case letters, digits and single hyphens",
    r"^[0-9]{4}/[0-9]{2}$": 'a financial year, such as "2022/23"',
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$": (
        'a key, such as "2021-07-w1": at most 80 letters, digits, dots, hyphens and underscores'
    ),
}
_CODE, _NUMBER, _REF, _MONTH_OR_DAY, _DAY, _MONTH, _SLUG, _YEAR, _KEY = PATTERNS

# What Django takes for an address too, for the addresses that people have.
_EMAIL = re.compile(
    r"[A-Za-z0-9_'+-]+(\.[A-Za-z0-9_'+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Unquoted(str):
    """Text that stands in the file without quotes."""

    __slots__ = ()


def _printable(text: str) -> str:
    if control := _CONTROL.search(text):
        raise PydanticCustomError(
            "control", "has the control character {code}", {"code": f"U+{ord(control[0]):04X}"}
        )
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise PydanticCustomError("line", "has more than one line")
    return text


def _web_address(text: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        raise PydanticCustomError(
            "link", "is no web address, such as https://www.example.org/page"
        ) from None
    return text


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise PydanticCustomError(
            "email", 'should be an e-mail address, such as "name@example.org"'
        )
    return text


def _quoted(value: Any) -> Any:
    if isinstance(value, Unquoted | int | Decimal):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        raise PydanticCustomError("unquoted", 'is not quoted: write "{text}"', {"text": text})
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PydanticCustomError("number", "should be a number, without quotes")
    return Decimal(value)


def _real_date(text: str) -> str:
    year, month, *day = (int(part) for part in text.split("-"))
    if not 1 <= month <= 12:
        raise PydanticCustomError("date", "month {month} does not exist", {"month": month})
    try:
        date(year, month, *(day or [1]))
    except ValueError:
        raise PydanticCustomError("date", "the day {day} does not exist", {"day": text}) from None
    return text


def _plan_date(text: str) -> str:
    if re.fullmatch(_MONTH_OR_DAY, text):
        return _real_date(text)
    if re.fullmatch(_YEAR, text):
        raise PydanticCustomError(
            "date",
            "{text} is a school year or a financial year: write"
            ' "school year {text}" or "financial year {text}"',
            {"text": text},
        )
    try:
        when = PlanDate.parse(text)
        if not re.match("19|20", str(when.first_day.year)):
            raise ValueError(text)
    except ValueError:
        raise PydanticCustomError(
            "date",
            '"{text}" is not a date: a month ("2022-12"), a day ("2022-12-07"), a year ("2026"),'
            ' "2026-Q2", "summer term 2026", "school year 2025/26", "financial year 2025/26" or'
            ' "2026-05-01 to 2026-05-05"',
            {"text": text},
        ) from None
    return text


def _text(max_length: int) -> Any:
    return StringConstraints(
        strict=True, strip_whitespace=True, min_length=1, max_length=max_length
    )


def _like(pattern: str, max_length: int | None = None) -> Any:
    return StringConstraints(strict=True, pattern=pattern, max_length=max_length)


_MustBeQuoted = BeforeValidator(_quoted)
_JsonNumber = WithJsonSchema({"type": "number"})

# A name that fits where space is short.
Tag = Annotated[str, _text(32), AfterValidator(_printable)]
Noun = Annotated[str, _text(30), AfterValidator(_printable), AfterValidator(_one_line)]
Headline = Annotated[str, _text(80), AfterValidator(_printable)]
# A number as printed, which may be a letter.
PrintedNumber = Annotated[str, _text(20), AfterValidator(_printable), _MustBeQuoted]
# One that fits in a row.
Label = Annotated[str, _text(40), AfterValidator(_printable)]
Version = Annotated[str, _text(100), AfterValidator(_printable), AfterValidator(_one_line)]
Link = Annotated[str, _text(1000), AfterValidator(_web_address)]
Brief = Annotated[str, _text(60), AfterValidator(_printable)]
# What stands in place of a date.
Timescale = Annotated[str, _text(100), AfterValidator(_printable)]
Short = Annotated[str, _text(300), AfterValidator(_printable)]
Long = Annotated[str, _text(10_000), AfterValidator(_printable)]
# A text of one line, as an item of a list is.
Line = Annotated[str, _text(10_000), AfterValidator(_printable), AfterValidator(_one_line)]
Email = Annotated[str, _text(254), AfterValidator(_printable), AfterValidator(_email)]
# Of digits, so that it would be a number without its quotes.
Phone = Annotated[
    str, _text(60), AfterValidator(_printable), AfterValidator(_one_line), _MustBeQuoted
]
Code = Annotated[str, _like(_CODE), _MustBeQuoted]
AreaNumber = Annotated[str, _like(_NUMBER), _MustBeQuoted]
# A reference as a plan prints it.
Printed = Annotated[
    str, _text(40), AfterValidator(_printable), AfterValidator(_one_line), _MustBeQuoted
]
# The reference of a theme, an action or a commitment. In the first version of the format it begins
# with that of what it stands in (`checks`).
Ref = Annotated[str, _like(_REF), _MustBeQuoted]
# The key of a finding. One read from the first version may be longer than a code.
FindingKey = Annotated[str, _like(_KEY), _MustBeQuoted]
Slug = Annotated[str, _like(_SLUG, max_length=60), _MustBeQuoted]
FinancialYear = Annotated[str, _like(_YEAR), _MustBeQuoted]
MonthOrDay = Annotated[str, _like(_MONTH_OR_DAY), AfterValidator(_real_date), _MustBeQuoted]
Day = Annotated[str, _like(_DAY), AfterValidator(_real_date), _MustBeQuoted]
Month = Annotated[str, _like(_MONTH), AfterValidator(_real_date), _MustBeQuoted]


# --- Dates with their precision and their printed words -----------------------------------------

# Where an error has these steps in its way, the file has none: see `reading.problems_in`.
AS_TEXT, AS_KEYS = "(date as text)", "(date with keys)"

_DateText = Annotated[
    str, StringConstraints(strict=True), AfterValidator(_plan_date), BeforeValidator(_quoted)
]


class DateParts(BaseModel):
    """A date that is printed in other words, or a term or school year with days of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: _DateText
    first_day: Day | None = Field(None, description="Of a term or school year; none: as proposed")
    last_day: Day | None = None
    printed: (
        Annotated[str, _text(100), AfterValidator(_printable), AfterValidator(_one_line)] | None
    ) = Field(None, description="The date as the paper has it")

    @property
    def plan_date(self) -> PlanDate:
        own = (self.first_day, self.last_day)
        first, last = (date.fromisoformat(day) if day else None for day in own)
        when = PlanDate.parse(self.when)
        if first or last:
            when = when.with_days(first, last)
        return replace(when, printed=self.printed or "")

    @model_validator(mode="after")
    def has_such_days(self) -> Self:
        try:
            _ = self.plan_date
        except ValueError as error:
            raise PydanticCustomError("date", "{why}", {"why": str(error)}) from None
        return self

    def __str__(self) -> str:
        days = f"{self.first_day or ''} to {self.last_day or ''}".strip()
        printed = f'"{self.printed}"' if self.printed else ""
        beside = ", ".join(filter(None, [printed, days if days != "to" else ""]))
        return f"{self.when} ({beside})" if beside else self.when


def _in_short(value: "str | DateParts") -> "str | DateParts":
    """Keys that say nothing more than the text does are left out."""
    return date_value(value.plan_date) if isinstance(value, DateParts) else value


def date_value(when: PlanDate) -> "str | DateParts":
    """A date as plan files have it: text, with keys only where the text does not say it all."""
    is_proposed = when == when.proposed
    if is_proposed and not when.printed:
        return when.iso
    return DateParts.model_construct(
        when=when.iso,
        first_day=None if is_proposed else when.first_day.isoformat(),
        last_day=None if is_proposed else when.last_day.isoformat(),
        printed=when.printed or None,
    )


def plan_date(value: "str | DateParts") -> PlanDate:
    return value.plan_date if isinstance(value, DateParts) else PlanDate.parse(value)


def _date_form(value: Any) -> str:
    return AS_KEYS if isinstance(value, dict | DateParts) else AS_TEXT


AnyDate = Annotated[
    Annotated[_DateText, PydanticTag(AS_TEXT)] | Annotated[DateParts, PydanticTag(AS_KEYS)],
    Discriminator(_date_form),
    AfterValidator(_in_short),
]
Number = Annotated[
    Decimal, Field(max_digits=16, decimal_places=4), BeforeValidator(_number), _JsonNumber
]
# Pounds.
Money = Annotated[
    Decimal, Field(ge=0, max_digits=12, decimal_places=2), BeforeValidator(_number), _JsonNumber
]
Count = Annotated[int, Field(strict=True, gt=0, lt=2**31)]
# A cut-off, or a number of periods.
Few = Annotated[int, Field(strict=True, ge=0, lt=2**15)]
# From which number of people up figures are shown, and to what they are rounded.
Threshold = Literal[5, 8, 10]
Rounding = Literal[0, 5, 10]
OwnMoveWeeks = Annotated[int, Field(strict=True, ge=0, le=MOST_WEEKS)]
# From an agreement to a date.
Months = Annotated[int, Field(strict=True, ge=1, le=120)]
MonthOfYear = Annotated[int, Field(strict=True, ge=1, le=12)]
WorkingDays = Annotated[int, Field(strict=True, ge=0, le=60)]
Grace = Annotated[int, Field(strict=True, ge=0, le=MOST_GRACE_DAYS)]
DaysBeforePapers = Annotated[int, Field(strict=True, ge=0, le=MOST_DAYS_BEFORE_PAPERS)]
Flag = Annotated[bool, Field(strict=True)]

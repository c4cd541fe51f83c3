"""The rows of a file of figures: one for each KPI, or comparator of it, and period.

A row that names one of a KPI's comparators ("England") is a published figure of theirs: a value of
a period of its own, and nothing else. All others are the KPI's own, read as its kind asks for them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from actions.io import spreadsheets
from actions.io.spreadsheets import LONGEST_TEXT, Column, SheetError, Value
from actions.io.spreadsheets import Problem as SheetProblem
from actions.pages.formatting import plural
from actions.rules.dates import add_months, last_day_of_month
from actions.rules.typed_dates import read_any
from kpis.recording.comparators import NamedSeries, OthersEntry
from kpis.recording.due_figures import Enterable
from kpis.recording.measurements import Entry
from kpis.rules.facts import MONTHS_OF, YEAR_STARTS, Status
from kpis.rules.parsing import Span, number_of, span_of, whole_number_of
from kpis.rules.text import JUDGEMENTS, period_text
from kpis.rules.validation import SAYS, Given, period_of

MOST_ROWS = 10_000
SHORT = 300
# Looking for what was meant takes time, and a file that needs it oftener has another fault.
MOST_HINTS = 30

COLUMNS = (
    Column("code", "Code", is_required=True, also=("KPI", "KPI code", "Measure", "Indicator")),
    Column("title", "Title", also=("KPI title", "Name")),
    Column("series", "Whose figure", also=("Comparator series", "Series")),
    Column("unit", "Unit"),
    Column(
        "period",
        "Period",
        is_required=True,
        also=("Month", "Date", "Reporting period", "Period ending", "Quarter"),
    ),
    Column("last", "Last figure"),
    Column("value", "Value", also=("Figure", "Actual", "Result")),
    Column("numerator", "Numerator"),
    Column("denominator", "Denominator", also=("Out of",)),
    Column(
        "respondents",
        "Respondents",
        also=("Number of respondents", "People who answered", "Number of people"),
    ),
    Column("compared_with", "Compared with", also=("Comparator", "Statistical neighbours")),
    Column("judgement", "Judgement", also=("Judgment",)),
    Column("based_on", "Based on", also=("Source of the judgement", "Source")),
    Column("status", "Status"),
    Column("note", "Note", also=("Notes", "Comment", "Comments")),
    Column("reason", "Reason for a change", also=("Reason", "Reason for change", "Why it changes")),
)
TITLES = {column.key: column.title for column in COLUMNS}
# What the template tells of a measure, and a file is not read for.
TOLD = ("title", "unit", "last")

_STATUSES = {
    "final": Status.FINAL,
    "provisional": Status.PROVISIONAL,
    "projected": Status.PROJECTED,
    "forecast": Status.PROJECTED,
    "no figure": Status.MISSING,
    "missing": Status.MISSING,
    "not available": Status.MISSING,
}
# 2021/22, without a word of which year it is.
_BARE_YEARS = re.compile(r"[0-9]{4}[/–-](?:[0-9]{4}|[0-9]{2})")
_JUDGEMENTS = {name.casefold(): key for key, words in JUDGEMENTS.items() for name in (words, key)}
_NUMBERS = ("value", "numerator", "denominator", "compared_with")
# What a published figure of others does not have.
_OWN = ("numerator", "denominator", "respondents", "compared_with", "judgement", "note")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One figure of a file. `base` is the newest row of its period when the file was read.

    Of a comparator it has its series and name, a value, and as `based_on` where it is published.
    """

    number: int
    kpi: int
    code: str
    figure: Given
    reason: str = ""
    base: int | None = None
    series: int | None = None
    whose: str = ""

    @property
    def entry(self) -> Entry:
        return Entry(self.kpi, self.figure, self.reason, self.base)

    @property
    def others_entry(self) -> OthersEntry:
        figure, value = self.figure, self.figure.value
        assert self.series is not None
        assert value is not None
        return OthersEntry(
            self.series,
            figure.starts_on,
            figure.ends_on,
            value,
            self.reason,
            figure.based_on,
            self.base,
        )

    def as_json(self) -> dict[str, Any]:
        figure = self.figure
        numbers = {
            name: str(value) for name in _NUMBERS if (value := getattr(figure, name)) is not None
        }
        return {
            "number": self.number,
            "kpi": self.kpi,
            "code": self.code,
            "reason": self.reason,
            "base": self.base,
            "series": self.series,
            "whose": self.whose,
            "period": [figure.starts_on.isoformat(), figure.ends_on.isoformat()],
            "status": figure.status.value,
            "respondents": figure.respondents,
            "judgement": figure.judgement,
            "based_on": figure.based_on,
            "note": figure.note,
            **numbers,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "FileRow":
        starts_on, ends_on = (date.fromisoformat(day) for day in kept["period"])
        figure = Given(
            starts_on,
            ends_on,
            Status(kept["status"]),
            respondents=kept["respondents"],
            judgement=kept["judgement"],
            based_on=kept["based_on"],
            note=kept["note"],
            **{name: Decimal(kept[name]) for name in _NUMBERS if name in kept},
        )
        names = ("number", "kpi", "code", "reason", "base", "series", "whose")
        return cls(figure=figure, **{name: kept[name] for name in names if name in kept})


@dataclass
class ReadFile:
    rows: list[FileRow] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_rows(
    data: bytes,
    kpis: Iterable[Enterable],
    codes: Iterable[str],
    others: Mapping[int, Sequence[NamedSeries]],
) -> ReadFile:
    """The figures of a file. SheetError names all problems.

    `kpis` are the measures the user may record, `others` their comparators; `codes` are those of
    the plan.
    """
    sheet = spreadsheets.read_sheet(data, COLUMNS, MOST_ROWS)
    reader = _Reader(kpis, codes, others)
    for row in sheet.rows:
        reader.read(row)
    if not reader.rows and not reader.problems:
        raise SheetError.of("No row of this file has a figure.")
    if reader.problems:
        raise SheetError(reader.problems)
    notices = list(sheet.notices)
    if reader.empty:
        notices.append(f"{plural(reader.empty, 'row has', 'rows have')} no figure, and stay due.")
    if reader.empty_others:
        rows = plural(reader.empty_others, "row of a comparator has", "rows of comparators have")
        notices.append(f"{rows} no figure.")
    return ReadFile(reader.rows, notices)


class _Reader:
    def __init__(
        self,
        kpis: Iterable[Enterable],
        codes: Iterable[str],
        others: Mapping[int, Sequence[NamedSeries]],
    ) -> None:
        self.kpis = {kpi.code.casefold(): kpi for kpi in kpis}
        self.others = others
        self.codes = sorted(codes)
        self.of_plan = {code.casefold() for code in self.codes}
        self.rows: list[FileRow] = []
        self.problems: list[SheetProblem] = []
        self.empty = 0
        self.empty_others = 0
        self.seen: dict[tuple[int, int | None, date], int] = {}
        self.hints = 0

    def read(self, row: spreadsheets.Row) -> None:
        if self._is_empty(row.values):
            if row.values["series"] is None:
                self.empty += 1
            else:
                self.empty_others += 1
            return
        wrong: list[SheetProblem] = []
        kpi = self._kpi(row, wrong)
        file_row = self._figure(row, kpi, wrong) if kpi else None
        if kpi and file_row:
            place = (kpi.id, file_row.series, file_row.figure.ends_on)
            first = self.seen.setdefault(place, row.number)
            if first != row.number:
                period = period_text(file_row.figure.starts_on, file_row.figure.ends_on)
                whose = f"{file_row.whose} beside {kpi.code}" if file_row.whose else kpi.code
                text = f"row {first} is of {whose} for {period} too"
                wrong.append(SheetProblem(text, row.number, TITLES["period"]))
            self.rows.append(file_row)
        self.problems += wrong

    def _figure(
        self, row: spreadsheets.Row, kpi: Enterable, wrong: list[SheetProblem]
    ) -> FileRow | None:
        cells = _Cells(row, kpi, wrong)
        if row.values["series"] is None:
            return cells.figure()
        return cells.figure_of_others(self.others.get(kpi.id, ()))

    def _is_empty(self, values: Mapping[str, Value]) -> bool:
        """Whether it says nothing: as the template has it, before it is filled in."""
        says = [name for name in (*SAYS, "note", "reason") if name != "denominator"]
        if any(values[name] is not None for name in says):
            return False
        status = values["status"]
        label = status.casefold() if isinstance(status, str) else ""
        return _STATUSES.get(label, Status.FINAL) is not Status.MISSING

    def _kpi(self, row: spreadsheets.Row, wrong: list[SheetProblem]) -> Enterable | None:
        code = row.values["code"]
        if code is None:
            wrong.append(SheetProblem("this is empty", row.number, TITLES["code"]))
            return None
        text = str(code)
        kpi = self.kpis.get(text.casefold())
        if kpi is None:
            wrong.append(SheetProblem(self._unknown(text), row.number, TITLES["code"]))
        return kpi

    def _unknown(self, text: str) -> str:
        if text.casefold() in self.of_plan:
            return f"the figures of {text} are not yours to record"
        hint = ""
        if self.hints < MOST_HINTS:
            self.hints += 1
            near = get_close_matches(text[:40], self.codes, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
        return f"the plan has no measure “{text[:40]}”{hint}"


class _Cells:
    """One row's cells, read as its measure asks for them."""

    def __init__(self, row: spreadsheets.Row, kpi: Enterable, wrong: list[SheetProblem]) -> None:
        self.row = row
        self.kpi = kpi
        self.wrong = wrong

    def figure(self) -> FileRow | None:
        before = len(self.wrong)
        period = self._cell("period", self._period, is_needed=True)
        numbers = {name: self._number(name) for name in _NUMBERS}
        people = self._cell("respondents", lambda value: whole_number_of(_number_text(value)))
        status = self._cell("status", lambda value: _choice_of(value, _STATUSES)) or Status.FINAL
        judgement = self._cell("judgement", lambda value: _choice_of(value, _JUDGEMENTS)) or ""
        note = self._text("note", LONGEST_TEXT)
        reason = self._text("reason", LONGEST_TEXT)
        based_on = self._text("based_on", SHORT)
        if len(self.wrong) > before or period is None:
            return None
        if status is Status.MISSING:
            # The template has it filled in beforehand.
            numbers["denominator"] = numbers["numerator"] and numbers["denominator"]
        figure = Given(
            starts_on=period[0],
            ends_on=period[1],
            status=status,
            **numbers,
            respondents=people,
            judgement=judgement,
            based_on=based_on,
            note=note,
        )
        return FileRow(self.row.number, self.kpi.id, self.kpi.code, figure, reason)

    def figure_of_others(self, several: Sequence[NamedSeries]) -> FileRow | None:
        """A published figure of one of the KPI's comparators."""
        before = len(self.wrong)
        series = self._cell("series", lambda value: self._series(value, several))
        period = self._cell("period", self._period_of_others, is_needed=True)
        value = self._number("value")
        status = self._cell("status", lambda value: _choice_of(value, _STATUSES))
        if value is None and self.row.values["value"] is None:
            self._add("value", "give the published figure")
        if status not in (None, Status.FINAL):
            self._add("status", "a figure of others is a published one. Leave this empty")
        for key in _OWN:
            if self.row.values[key] is not None:
                self._add(key, "a figure of others has a value alone. Leave this empty")
        reason = self._text("reason", LONGEST_TEXT)
        published_in = self._text("based_on", SHORT)
        if len(self.wrong) > before or period is None:
            return None
        figure = Given(period[0], period[1], Status.FINAL, value=value, based_on=published_in)
        return FileRow(
            self.row.number,
            self.kpi.id,
            self.kpi.code,
            figure,
            reason,
            series=series.id,
            whose=series.name,
        )

    def _series(self, value: Value, several: Sequence[NamedSeries]) -> NamedSeries:
        text = spreadsheets.text_of(value)
        known = {series.name.casefold(): series for series in several}
        if series := known.get(text.casefold()):
            return series
        if not several:
            raise ValueError(
                f"{self.kpi.code} has no comparators. Leave this empty for the KPI’s own figure"
            )
        names = ", ".join(series.name for series in several)
        raise ValueError(
            f"{self.kpi.code} is not compared with “{text[:40]}”. Write one of: {names}; or leave "
            "this empty for the KPI’s own figure"
        )

    def _number(self, name: str) -> Decimal | None:
        is_percentage = self.kpi.row.unit == "%" and name in ("value", "compared_with")
        number: Decimal | None = self._cell(
            name, lambda value: number_of(_number_text(value), is_percentage=is_percentage)
        )
        return number

    def _cell(self, key: str, read: Any, *, is_needed: bool = False) -> Any:
        value = self.row.values[key]
        if value is None:
            if is_needed:
                self._add(key, "this is empty")
            return None
        try:
            return read(value)
        except ValueError as error:
            self._add(key, str(error))
            return None

    def _text(self, key: str, most: int) -> str:
        text = self._cell(key, spreadsheets.text_of) or ""
        if len(text) > most:
            self._add(key, f"this is too long: {len(text)} characters, and {most} fit")
        return text

    def _add(self, key: str, text: str) -> None:
        self.wrong.append(SheetProblem(text[:1].lower() + text[1:], self.row.number, TITLES[key]))

    def _period(self, value: Value) -> tuple[date, date]:
        row = self.kpi.row
        if isinstance(value, date):
            span = Span(value)
        else:
            span = span_of(value or "", year_starts=YEAR_STARTS.get(row.year, 4))
        starts_on, ends_on = period_of(row, span.first_day)
        months = MONTHS_OF.get(row.frequency, 1)
        if span.months and (span.months != months or span.first_day != starts_on):
            taken = row.get_frequency_display().lower() or "by the month"
            raise ValueError(f"{self.kpi.code} is taken {taken}, and this is another period")
        return starts_on, ends_on

    def _period_of_others(self, value: Value) -> tuple[date, date]:
        """A month or a day is of the KPI's own period; a longer one is any that is named."""
        row = self.kpi.row
        if isinstance(value, date):
            return period_of(row, value)
        text = value or ""
        try:
            span = span_of(text, year_starts=YEAR_STARTS.get(row.year, 4))
        except ValueError as refusal:
            try:
                named = read_any(text)
            except ValueError:
                raise refusal from None
            return named.first_day, named.last_day
        if span.months is None:
            return period_of(row, span.first_day)
        if _BARE_YEARS.fullmatch(text) and not row.year:
            raise ValueError(
                f"“{text}” could be a school or a financial year. Write “school year {text}” or "
                f"“financial year {text}”"
            )
        return span.first_day, last_day_of_month(add_months(span.first_day, span.months - 1))


def _number_text(value: Value) -> str:
    if isinstance(value, date):
        raise ValueError("this is a date. Write a number")
    return value or ""


def _choice_of(value: Value, known: Mapping[str, Any]) -> Any:
    text = spreadsheets.text_of(value)
    choice = known.get(" ".join(text.casefold().split()))
    if choice is None:
        near = get_close_matches(text.casefold()[:40], known, n=1)
        hint = f"; did you mean “{near[0]}”?" if near else f". Write one of: {', '.join(known)}"
        raise ValueError(f"“{text[:40]}” is not known{hint}")
    return choice

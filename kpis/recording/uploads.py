"""Figures from a file: in the tracker's own template, or one row for each measure and period.

A file is read and checked as a whole, kept as its rows while somebody looks at what it would
change, and applied all or nothing after the same check once more inside the lock. The rules are
those of the page (`kpis/rules/validation.py`); so is the answer where another has recorded a figure
since: nothing is recorded, and the file is brought in anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from actions.io import spreadsheets
from actions.io.spreadsheets import LONGEST_TEXT, Column, KeptFile, SheetError, Value
from actions.io.spreadsheets import Problem as SheetProblem
from actions.models import Plan
from actions.pages.formatting import plural
from kpis.models import MeasurementUpload
from kpis.recording import measurements
from kpis.recording.due_figures import Enterable
from kpis.recording.measurements import Entry, Outcome, Refused
from kpis.rules.parsing import Span, number_of, span_of, whole_number_of
from kpis.rules.state import MONTHS_OF, YEAR_STARTS, Status
from kpis.rules.text import JUDGEMENTS, period_text
from kpis.rules.validation import SAYS, Given, period_of
from wsoa.accounts.models import User

MOST_ROWS = 10_000
SHORT = 300
# Looking for what was meant takes time, and a file that needs it oftener has another fault.
MOST_HINTS = 30

COLUMNS = (
    Column("code", "Code", is_required=True, also=("KPI", "KPI code", "Measure", "Indicator")),
    Column("title", "Title", also=("KPI title", "Name")),
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
_JUDGEMENTS = {name.casefold(): key for key, words in JUDGEMENTS.items() for name in (words, key)}
_NUMBERS = ("value", "numerator", "denominator", "compared_with")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One figure of a file. `base` is the newest row of its period when the file was read."""

    number: int
    kpi: int
    code: str
    figure: Given
    reason: str = ""
    base: int | None = None

    @property
    def entry(self) -> Entry:
        return Entry(self.kpi, self.figure, self.reason, self.base)

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
        return cls(kept["number"], kept["kpi"], kept["code"], figure, kept["reason"], kept["base"])


# --- Reading ----------------------------------------------------------------------------------


@dataclass
class ReadFile:
    rows: list[FileRow] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_rows(data: bytes, kpis: Iterable[Enterable], codes: Iterable[str]) -> ReadFile:
    """The figures of a file. SheetError names all problems.

    `kpis` are the measures the user may record; `codes` those of the plan.
    """
    sheet = spreadsheets.read_sheet(data, COLUMNS, MOST_ROWS)
    reader = _Reader(kpis, codes)
    for row in sheet.rows:
        reader.read(row)
    if not reader.rows and not reader.problems:
        raise SheetError.of("No row of this file has a figure.")
    if reader.problems:
        raise SheetError(reader.problems)
    notices = list(sheet.notices)
    if reader.empty:
        notices.append(f"{plural(reader.empty, 'row has', 'rows have')} no figure, and stay due.")
    return ReadFile(reader.rows, notices)


class _Reader:
    def __init__(self, kpis: Iterable[Enterable], codes: Iterable[str]) -> None:
        self.kpis = {kpi.code.casefold(): kpi for kpi in kpis}
        self.codes = sorted(codes)
        self.of_plan = {code.casefold() for code in self.codes}
        self.rows: list[FileRow] = []
        self.problems: list[SheetProblem] = []
        self.empty = 0
        self.seen: dict[tuple[int, date], int] = {}
        self.hints = 0

    def read(self, row: spreadsheets.Row) -> None:
        if self._is_empty(row.values):
            self.empty += 1
            return
        wrong: list[SheetProblem] = []
        kpi = self._kpi(row, wrong)
        file_row = _Cells(row, kpi, wrong).figure() if kpi else None
        if kpi and file_row:
            place = (kpi.id, file_row.figure.ends_on)
            first = self.seen.setdefault(place, row.number)
            if first != row.number:
                period = period_text(file_row.figure.starts_on, file_row.figure.ends_on)
                text = f"row {first} is of {kpi.code} for {period} too"
                wrong.append(SheetProblem(text, row.number, TITLES["period"]))
            self.rows.append(file_row)
        self.problems += wrong

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
        is_percentage = self.kpi.row.unit == "%"
        numbers = {
            name: self._cell(
                name,
                lambda value, name=name: number_of(
                    _number_text(value),
                    is_percentage=is_percentage and name in ("value", "compared_with"),
                ),
            )
            for name in _NUMBERS
        }
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


# --- Checking, keeping and applying -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rows of a file would come to now. With problems, nothing of it can be applied."""

    outcomes: list[Outcome]
    problems: list[SheetProblem]


def checked(plan: Plan, rows: Sequence[FileRow], kpis: Iterable[Enterable], today: date) -> Checked:
    """The rows against what is on record. Two queries, however many rows."""
    outcomes = measurements.foresee(plan, [row.entry for row in rows], today)
    problems = _not_theirs(rows, kpis)
    for row, outcome in zip(rows, outcomes, strict=True):
        problems += _as_problems(row, outcome.problems)
    return Checked(outcomes, problems)


def _not_theirs(rows: Iterable[FileRow], kpis: Iterable[Enterable]) -> list[SheetProblem]:
    allowed = {kpi.id for kpi in kpis}
    return [
        SheetProblem(
            f"the figures of {row.code} are not yours to record", row.number, TITLES["code"]
        )
        for row in rows
        if row.kpi not in allowed
    ]


def _as_problems(row: FileRow, problems: Iterable[measurements.Problem]) -> list[SheetProblem]:
    return [
        SheetProblem(
            f"{problem.words[:1].lower()}{problem.words[1:]}",
            row.number,
            TITLES["code" if problem.field == "kpi" else problem.field],
        )
        for problem in problems
    ]


@transaction.atomic
def keep_upload(
    *,
    plan: Plan,
    by: User,
    file_name: str,
    data: bytes,
    kpis: Sequence[Enterable],
    codes: Iterable[str],
) -> KeptFile[MeasurementUpload]:
    """Read a file and keep its rows until somebody applies them. No figure changes.

    ValidationError lists every problem. What the same person kept before and never applied goes.
    """
    measurements.refuse_if_not_agreed(plan)
    try:
        read = read_rows(data, kpis, codes)
        # Of no base yet: what stands there now is what the reader is about to be shown.
        rows = _based(plan, read.rows)
        problems = checked(plan, rows, kpis, timezone.localdate()).problems
        if problems:
            raise SheetError(problems)
    except SheetError as refusal:
        raise ValidationError({"file": [str(problem) for problem in refusal.problems]}) from refusal
    MeasurementUpload.objects.filter(plan=plan, by=by, applied_at=None).delete()
    kept = MeasurementUpload.objects.create(
        plan=plan, by=by, file_name=file_name, rows=[row.as_json() for row in rows]
    )
    return KeptFile(kept, read.notices)


def _based(plan: Plan, rows: Iterable[FileRow]) -> list[FileRow]:
    rows = list(rows)
    newest = measurements.newest_rows(
        {row.kpi for row in rows}, {row.figure.ends_on for row in rows}
    )
    return [
        replace(row, base=newest_row.pk) if newest_row else row
        for row in rows
        for newest_row in [newest.get((row.kpi, row.figure.ends_on))]
    ]


def rows_of(upload: MeasurementUpload) -> list[FileRow]:
    return [FileRow.from_json(kept) for kept in upload.rows]


@transaction.atomic
def apply_upload(*, upload: MeasurementUpload, by: User, kpis: Iterable[Enterable]) -> int:
    """Record all figures of a kept file, or none, and say how many were new."""
    upload = (
        MeasurementUpload.objects.select_for_update(of=("self",))
        .select_related("plan")
        .get(pk=upload.pk)
    )
    if upload.applied_at:
        raise ValidationError("This file has been applied already.")
    rows = rows_of(upload)
    if problems := _not_theirs(rows, kpis):
        raise ValidationError([str(problem) for problem in problems])
    try:
        recorded = measurements.record_figures(
            plan=upload.plan,
            entries=[row.entry for row in rows],
            by=by,
            today=timezone.localdate(),
        )
    except Refused as refusal:
        problems = [
            problem
            for place, row_problems in sorted(refusal.problems.items())
            for problem in _as_problems(rows[place], row_problems)
        ]
        raise ValidationError([str(problem) for problem in problems]) from refusal
    upload.applied_at = timezone.now()
    upload.save(update_fields=["applied_at"])
    return len(recorded)

"""Reading tables that people fill in: Excel (.xlsx) or CSV, by the names of their columns.

Bytes in, rows or problems out; knows nothing of Django or of what the columns mean. Every problem
has its row as the spreadsheet numbers it and its column, and all of them are found at once. What a
hostile file could do is met before it is parsed: sizes, element counts and zip tricks in
`actions/io/ooxml.py`, entities by defusedxml, which openpyxl uses where it is installed, and here
the limits on rows, columns and the length of a cell. A workbook is read in a process of its own.
"""

import csv
import difflib
import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from actions.io import ooxml
from actions.io.ooxml import Unusable
from actions.io.own_process import NotDone, in_own_process
from actions.rules.dates import PlanDate
from actions.rules.typed_dates import read_date, read_day, read_next_month

MOST_ROWS = 3_000
MOST_COLUMNS = 60
LONGEST_TEXT = 5_000

Kept = TypeVar("Kept")

# What a cell holds once read: text, a day (from a date cell of Excel), or nothing.
Value = str | date | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: no row for the file as a whole, no column for the whole row."""

    message: str
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        if self.row is None:
            return self.message
        column = f", {self.column.lower()}" if self.column else ""
        return f"Row {self.row}{column}: {self.message}"


class SheetError(Exception):
    """A file that cannot be used, with every reason found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type["SheetError"], tuple[list[Problem]]]:
        # A workbook is read in a process of its own, and what was refused there comes back.
        return type(self), (self.problems,)

    @classmethod
    def of(cls, message: str) -> "SheetError":
        return cls([Problem(message)])


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name in the first row; `key` is what code calls it.

    `also` are other names it may have: that of the same thing in the tracker's own exports, and
    those that people are used to.
    """

    key: str
    title: str
    is_required: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    values: Mapping[str, Value]
    # The keys of cells that could not be read, of which the sheet's problems tell.
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KeptFile(Generic[Kept]):
    """A file that was read and kept until it is applied, with what its reader should know."""

    kept: Kept
    notices: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that hold anything, and what its reader should know: columns left unread, say."""

    rows: list[Row]
    notices: list[str] = field(default_factory=list)
    # Of cells in themselves.
    problems: list[Problem] = field(default_factory=list)


# A cell as it stands in the file, and what is wrong with it in itself.
@dataclass(frozen=True, slots=True)
class _Cell:
    value: Value
    problem: str = ""


_EMPTY = _Cell(None)
_NumberedRow = tuple[int, Sequence[_Cell]]


def read_sheet(data: bytes, columns: Sequence[Column], most_rows: int = 0) -> Sheet:
    """The rows under these columns. SheetError names every problem of the cells themselves."""
    sheet = read_whole(data, columns, most_rows)
    if sheet.problems:
        raise SheetError(sheet.problems)
    return sheet


def read_whole(data: bytes, columns: Sequence[Column], most_rows: int = 0) -> Sheet:
    """The same with the problems of cells beside the rows, for who tells all of a file at once.

    SheetError where it is no table under these columns. More than `most_rows` are refused; more
    than MOST_ROWS, where no number is given.
    """
    if not data:
        raise SheetError.of("This file is empty.")
    most_rows = most_rows or MOST_ROWS
    if data.startswith(ooxml.ZIP):
        try:
            return in_own_process(read_workbook, data, columns, most_rows)
        except NotDone as reason:
            raise SheetError.of(str(reason)) from reason
    if data.startswith(ooxml.OLD_OFFICE):
        raise SheetError.of(
            "This is an Excel file of the old kind, or one with a password. "
            "Save it as .xlsx, without a password."
        )
    notices: list[str] = []
    return _under(_csv_rows(_decoded(data, notices)), columns, notices, most_rows)


def read_workbook(data: bytes, columns: Sequence[Column], most_rows: int) -> Sheet:
    """The same of an Excel file. Call it where the process then ends."""
    return _under(_excel_rows(data), columns, [], most_rows)


def _under(
    numbered_rows: Iterator[_NumberedRow],
    columns: Sequence[Column],
    notices: list[str],
    most_rows: int,
) -> Sheet:
    try:
        return _read(numbered_rows, columns, notices, most_rows)
    except Unusable as refusal:
        raise SheetError.of(str(refusal)) from refusal


def _read(
    numbered_rows: Iterator[_NumberedRow],
    columns: Sequence[Column],
    notices: list[str],
    most_rows: int,
) -> Sheet:
    names: dict[int, Column] | None = None
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, cells in numbered_rows:
        if all(cell.value is None and not cell.problem for cell in cells):
            continue
        if names is None:
            names = _columns_of(cells, columns, notices)
            continue
        if len(rows) == most_rows:
            raise SheetError.of(
                f"This file has more than {most_rows:,} rows. Split it into several."
            )
        values: dict[str, Value] = dict.fromkeys(column.key for column in columns)
        unread = set()
        for place, column in names.items():
            cell = cells[place] if place < len(cells) else _EMPTY
            if cell.problem:
                problems.append(Problem(cell.problem, number, column.title))
                unread.add(column.key)
            values[column.key] = cell.value
        rows.append(Row(number, values, frozenset(unread)))
    if not rows:
        raise SheetError.of("This file has no rows under its first row.")
    return Sheet(rows, notices, problems)


def _columns_of(
    cells: Sequence[_Cell], columns: Sequence[Column], notices: list[str]
) -> dict[int, Column]:
    """The columns by their place, from the first row that holds anything."""
    by_name = {_folded(name): column for column in columns for name in (*column.also, column.title)}
    by_place: dict[int, Column] = {}
    unknown: list[str] = []
    problems = []
    for place, cell in enumerate(cells):
        name = cell.value if isinstance(cell.value, str) else ""
        column = by_name.get(_folded(name))
        if column is None:
            if name:
                unknown.append(name)
        elif column in by_place.values():
            problems.append(Problem(f"The column “{column.title}” is there twice."))
        else:
            by_place[place] = column
    for column in columns:
        if column in by_place.values():
            continue
        near = difflib.get_close_matches(_folded(column.title), map(_folded, unknown), n=1)
        meant = next((name for name in unknown if near and _folded(name) == near[0]), "")
        if meant:
            problems.append(
                Problem(f"The column “{meant}” is not known; did you mean “{column.title}”?")
            )
        elif column.is_required:
            problems.append(Problem(f"The column “{column.title}” is missing."))
    if problems:
        names = ", ".join(column.title for column in columns)
        raise SheetError([*problems, Problem(f"The first row must name the columns: {names}.")])
    if unknown:
        notices.append(f"Not read: {', '.join(f'“{name[:60]}”' for name in unknown)}.")
    return by_place


def _folded(name: str) -> str:
    return " ".join(name.replace("*", " ").split()).casefold()


# --- Excel ------------------------------------------------------------------------------------


def _excel_rows(data: bytes) -> Iterator[_NumberedRow]:
    import openpyxl

    stream = io.BytesIO(data)
    kind = ooxml.office_kind(stream, ooxml.TO_READ)
    if kind != ooxml.EXCEL:
        raise Unusable("This is not an Excel workbook. Save the table as .xlsx or CSV.")
    # Formulas are to be refused, so they are read as such: with data_only their last values would
    # stand in their place, and nobody could tell.
    with warnings.catch_warnings():
        # openpyxl warns of styles and extensions it leaves out; none of them holds a value.
        warnings.simplefilter("ignore")
        book = _opened(lambda: openpyxl.load_workbook(stream, read_only=True, data_only=False))
        try:
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if not sheets:
                raise Unusable("This workbook has no sheet to read.")
            # What a sheet says of its own size is not believed: it may claim a million columns.
            sheets[0].reset_dimensions()
            rows = sheets[0].iter_rows(max_row=1_048_576, max_col=MOST_COLUMNS)
            number, before = 0, None
            while (row := _opened(lambda: next(rows, None))) is not None:
                number += 1
                # The rows of a gap are one and the same; there may be a million of them.
                if row and row is not before:
                    yield number, [_excel_cell(cell) for cell in row]
                before = row
        finally:
            book.close()


def _opened(read: Callable[[], Any]) -> Any:
    """What openpyxl reads. It raises whatever the file makes it stumble over."""
    try:
        return read()
    except Exception as error:
        raise Unusable(
            "This workbook cannot be read. Save it again from Excel as .xlsx, or as CSV."
        ) from error


def _excel_cell(cell: Any) -> _Cell:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None:
        return _EMPTY
    if kind == "f":
        return _Cell(None, "this is a formula. Put its value in its place")
    if kind == "e":
        return _Cell(None, f"this is an error of Excel’s ({value})")
    if isinstance(value, bool):
        return _Cell(None, "this is TRUE or FALSE. Write words")
    if isinstance(value, datetime):
        return _Cell(value.date())
    if isinstance(value, date):
        return _Cell(value)
    if isinstance(value, int | float) and "%" in str(getattr(cell, "number_format", "")):
        # What Excel shows as 45% it keeps as 0.45.
        return _text_cell(f"{(Decimal(repr(value)) * 100).normalize():f}%")
    if isinstance(value, float):
        return _text_cell(str(int(value)) if value.is_integer() else repr(value))
    if isinstance(value, int | str):
        # Excel writes characters that XML cannot hold in this way.
        return _text_cell(str(value).replace("_x000D_", "").replace("\r\n", "\n"))
    return _Cell(None, "this is a time or a span of time, not a text or a day")


# --- CSV --------------------------------------------------------------------------------------


def _decoded(data: bytes, notices: list[str]) -> str:
    if b"\0" in data:
        raise SheetError.of(
            "This is neither an Excel file (.xlsx) nor CSV. Save it as one of them."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise SheetError.of(
            "The letters of this file cannot be read. Save it as “CSV UTF-8”, or as .xlsx."
        ) from None
    notices.append(
        "The file is not “CSV UTF-8”, so it was read as Windows writes text. "
        "Look whether accents and dashes have come through."
    )
    return text


def _csv_rows(text: str) -> Iterator[_NumberedRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise Unusable(
                f"After row {number} the quotation marks do not pair up, or a cell is far too "
                "long. Save the table again as CSV, or as .xlsx."
            ) from None
        if row is None:
            return
        number += 1
        yield number, [_csv_cell(cell) for cell in row[:MOST_COLUMNS]]


def _delimiter(text: str) -> str:
    """What the first line is divided by: Excel writes semicolons or tabs on some machines."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=first.count)


def _csv_cell(text: str) -> _Cell:
    if text.startswith("="):
        return _Cell(None, "this is a formula. Put its value in its place")
    if text.startswith("'") and text[1:].lstrip()[:1] in tuple("=+-@＝＋－＠"):
        # Our own exports put an apostrophe before what a spreadsheet would take for a formula.
        text = text[1:]
    return _text_cell(text.replace("\r\n", "\n"))


# --- Cells ------------------------------------------------------------------------------------

_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _text_cell(text: str) -> _Cell:
    text = text.replace("\r", "\n").strip()
    if not text:
        return _EMPTY
    if len(text) > LONGEST_TEXT:
        return _Cell(None, f"this is too long: {len(text):,} characters, and {LONGEST_TEXT:,} fit")
    if _UNSHOWABLE.search(text):
        return _Cell(None, "there is a character here that cannot be shown. Type the words again")
    return _Cell(text)


# --- What cells mean --------------------------------------------------------------------------


def text_of(value: Value) -> str:
    """The words of a cell. ValueError for a day, which stands where words should."""
    if isinstance(value, date):
        raise ValueError("this is a date. Write words")
    return value or ""


def day_of_cell(value: Value) -> date:
    """A day: a date cell, or `2022-05-31`, `31/05/2022`, `31 May 2022`. ValueError says why not."""
    if isinstance(value, date):
        return value
    try:
        return read_day(value or "")
    except ValueError:
        raise ValueError(
            f"“{_short(value)}” is not a date. Write it like 2022-05-31, 31/05/2022 or 31 May 2022"
        ) from None


def month_of_cell(value: Value, after: date | None = None) -> PlanDate:
    """A month, or a day's month: `2022-06`, `06/2022`, `June 2022`. ValueError says why not.

    A month without its year, `Jan`, is the first from the month of `after` on.
    """
    if isinstance(value, date):
        return PlanDate.month_of(value)
    if after and (month := read_next_month(value or "", after)):
        return month
    try:
        return PlanDate.month_of(read_date(value or "").first_day)
    except ValueError:
        raise ValueError(
            f"“{_short(value)}” is not a month. Write it like June 2022 or 2022-06"
        ) from None


def _short(value: Value) -> str:
    text = str(value or "")
    return text if len(text) <= 40 else f"{text[:40]}…"

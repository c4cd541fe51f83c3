"""A person's updates of a period as a workbook to fill in, and what stands in one that comes back.

Plain data in, bytes out; bytes in, plain data out: knows nothing of Django or of the plan. A row is
known by its key, so that sorting, filtering, and columns that somebody adds do no harm.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from actions.io import spreadsheets
from actions.io.spreadsheets import Column, Problem, SheetError

KEY = Column("key", "Key", is_required=True)
RATING = Column("rating", "Rating", is_required=True)
# What is filled in, in the order of the sheet; the key stands last.
ANSWERS = (
    RATING,
    Column("progress", "What happened", is_required=True),
    Column("risk", "Risk or issue"),
    Column("mitigation", "Being done about it"),
    Column("help_needed", "Support needed, and from whom"),
    Column("late_reason", "Why it is late"),
    Column("changed_for_families", "What changed for families"),
    Column("evidence", "Evidence"),
    Column("work_starts", "Work starts"),
    Column("grey_reason", "Why it is not due yet"),
)
TITLES = {column.key: column.title for column in (*ANSWERS, KEY)}
# Beside them stands what is known, which is not read.
_KNOWN = (
    ("ref", "Ref", 9),
    ("name", "", 34),
    ("due", "Due", 14),
    ("last_on", "Last update on", 15),
    ("last_rating", "Last rating", 12),
    ("last_text", "Last update", 44),
)
_WIDTHS = {"rating": 12, "progress": 50, "work_starts": 14}
_WIDTH = 30
# No person leads so many.
MOST_ROWS = 300
# Excel's own limit for the words of a drop-down.
_LONGEST_LIST = 255


@dataclass(frozen=True, slots=True)
class Line:
    """A row to fill in. What stands in `carried`, by the key of its column, can be edited."""

    key: str
    ref: str
    name: str
    due: str
    last_on: str
    last_rating: str
    last_text: str
    carried: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToFill:
    """A workbook for one person: `colours` are the words to choose from, `notes` how to fill it in.

    `level` is what the plan calls a row.
    """

    title: str
    level: str
    colours: Sequence[str]
    lines: Sequence[Line]
    notes: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row in which somebody wrote something: texts by the keys of their columns."""

    number: int
    texts: Mapping[str, str]
    # The first day of the month.
    work_starts: date | None = None

    def as_json(self) -> dict[str, Any]:
        started = self.work_starts.isoformat() if self.work_starts else None
        return asdict(self) | {"work_starts": started}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "FilledRow":
        started = kept["work_starts"]
        return cls(kept["number"], kept["texts"], started and date.fromisoformat(started))


@dataclass(frozen=True, slots=True)
class Filled:
    """What a workbook that came back says, and all that is wrong with its cells."""

    rows: list[FilledRow]
    problems: list[Problem]
    notices: list[str]


# --- Making -----------------------------------------------------------------------------------


def make(sheet: ToFill) -> bytes:
    # The library is large, and most pages go without it.
    import xlsxwriter

    file = io.BytesIO()
    texts_only = {"strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_numbers": False, **texts_only})
    book.set_properties({"title": sheet.title})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    known = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#57514A"})
    fill = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    worksheet = book.add_worksheet("Updates")
    columns = _columns(sheet.level)
    for place, (_, title, width) in enumerate(columns):
        worksheet.set_column(place, place, width)
        worksheet.write_string(0, place, title, head)
    for number, line in enumerate(sheet.lines, start=1):
        for place, (key, _, _) in enumerate(columns):
            is_known = hasattr(line, key)
            text = getattr(line, key) if is_known else line.carried.get(key, "")
            style = known if is_known else fill
            if text:
                worksheet.write_string(number, place, _fitting(text), style)
            else:
                worksheet.write_blank(number, place, None, style)
    place = [key for key, _, _ in columns].index(RATING.key)
    if sheet.lines and sum(len(word) + 1 for word in sheet.colours) <= _LONGEST_LIST:
        worksheet.data_validation(
            1,
            place,
            len(sheet.lines),
            place,
            {
                "validate": "list",
                "source": list(sheet.colours),
                "error_type": "warning",
                "error_title": "Not a colour of this plan",
                "error_message": f"Choose one of {', '.join(sheet.colours)}"[:255],
            },
        )
    worksheet.freeze_panes(1, 2)
    worksheet.autofilter(0, 0, max(len(sheet.lines), 1), len(columns) - 1)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)
    note = book.add_worksheet("How to fill it in")
    note.set_column(0, 0, 24)
    note.set_column(1, 1, 90)
    for number, (label, text) in enumerate(sheet.notes):
        note.write_string(number, 0, label, head)
        note.write_string(number, 1, text, known)
    book.close()
    return file.getvalue()


def _columns(level: str) -> list[tuple[str, str, int]]:
    known = [(key, title or level, width) for key, title, width in _KNOWN]
    answers = [(column.key, column.title, _WIDTHS.get(column.key, _WIDTH)) for column in ANSWERS]
    return [*known, *answers, (KEY.key, KEY.title, 26)]


def _fitting(text: str) -> str:
    """No signs that XML has no place for, and not more than can be read back."""
    shown = "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")
    return shown[: spreadsheets.LONGEST_TEXT]


# --- Reading ----------------------------------------------------------------------------------


def read(data: bytes, today: date) -> Filled:
    """The rows in which somebody gave a rating or wrote what happened; the others say nothing.

    SheetError where the file is no such sheet. A month of work without its year is the next.
    """
    sheet = spreadsheets.read_whole(data, (*ANSWERS, KEY), MOST_ROWS)
    # Columns of their own are theirs, and what is known stands there to be read by people alone.
    notices = [text for text in sheet.notices if not text.startswith("Not read")]
    filled = Filled([], [], notices)
    for row in sheet.rows:
        if not row.unread and not (row.values["rating"] or row.values["progress"]):
            continue
        filled.problems.extend(problem for problem in sheet.problems if problem.row == row.number)
        texts, starts = {}, None
        for key, value in row.values.items():
            if value is None:
                continue
            try:
                if key == "work_starts":
                    starts = spreadsheets.month_of_cell(value, today).first_day
                else:
                    texts[key] = spreadsheets.text_of(value)
            except ValueError as error:
                filled.problems.append(Problem(str(error), row.number, TITLES[key]))
        filled.rows.append(FilledRow(row.number, texts, starts))
    if not filled.rows and not filled.problems:
        raise SheetError.of("Nothing is filled in. Give a rating for what you want to record.")
    return filled

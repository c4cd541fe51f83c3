"""Tables as files people take away: CSV and Excel, with the same columns and the same words.

A sheet in, bytes out; knows nothing of Django or of what the columns mean.

*Formulas*. A spreadsheet runs text that begins with `= + - @`, in a CSV also behind blanks, a tab
or an invisible sign. CSV has no types, so such text gets an apostrophe before it; numbers are left
alone. Excel files have types: their texts are written as texts and stay as they are.
"""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Value = str | int | Decimal | None

# What a cell of Excel holds, in UTF-16 units.
CELL_HOLDS = 32_767
_CUT = " … (cut here; the CSV file has all of it)"

_FORMULA = tuple("=+-@＝＋－＠\t\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file says: a table, and beside it what the table is."""

    title: str
    headers: tuple[str, ...]
    widths: tuple[int, ...]
    rows: list[tuple[Value, ...]]
    about: list[tuple[str, str]] = field(default_factory=list)


# --- CSV --------------------------------------------------------------------------------------


def csv_of(sheet: Sheet) -> bytes:
    """With a mark of UTF-8 at its head, without which Excel spoils every accent."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(sheet.headers)
    for row in sheet.rows:
        writer.writerow([harmless(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def harmless(value: Value) -> Value:
    """The value, with an apostrophe before a text that a spreadsheet would run."""
    if not isinstance(value, str):
        return value
    # A tab or a carriage return at the head is a way in by itself.
    if value.startswith(_FORMULA) or _without_blanks(value).startswith(_FORMULA):
        return f"'{value}"
    return value


def _without_blanks(text: str) -> str:
    """From the first sign that shows; blanks and invisible signs hide nothing before it."""
    for position, sign in enumerate(text):
        if sign not in "\t\r" and unicodedata.category(sign) in _BLANK:
            continue
        return text[position:]
    return ""


_BLANK = {"Zs", "Zl", "Zp", "Cc", "Cf"}


# --- Excel ------------------------------------------------------------------------------------


def xlsx_of(sheet: Sheet) -> bytes:
    """The table on the first sheet, its header in the first row; what it is on the second.

    Call it where the process then ends: the library is large.
    """
    file = io.BytesIO()
    # Large, and not wanted for CSV.
    import xlsxwriter

    book = xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    about = dict(sheet.about)
    book.set_properties(
        {"title": sheet.title, "subject": about["Plan"], "comments": about["As at"]}
    )
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})

    worksheet = book.add_worksheet(sheet.title)
    for number, (header, width) in enumerate(zip(sheet.headers, sheet.widths, strict=True)):
        worksheet.set_column(number, number, width)
        worksheet.write_string(0, number, header, head)
    for row_number, row in enumerate(sheet.rows, start=1):
        worksheet.set_row(row_number, row_height(row, sheet.widths))
        for number, value in enumerate(row):
            _write(worksheet, row_number, number, value, body)
    worksheet.freeze_panes(1, 1)
    worksheet.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.headers) - 1)
    worksheet.repeat_rows(0)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    sample = "Sample, not real. " if "Sample" in about else ""
    worksheet.set_footer(page_footer(f"{sample}{about['Plan']}, as at {about['As at']}"))

    note = book.add_worksheet("About this file")
    note.set_column(0, 0, 16)
    note.set_column(1, 1, 90)
    for row_number, (label, text) in enumerate(sheet.about):
        note.write_string(row_number, 0, label, head)
        _write(note, row_number, 1, text, body)
    book.close()
    return file.getvalue()


def _write(worksheet: Any, row_number: int, number: int, value: Value, style: Any) -> None:
    if isinstance(value, int | Decimal):
        worksheet.write_number(row_number, number, value, style)
    elif value:
        worksheet.write_string(row_number, number, fitting(value), style)


def fitting(text: str) -> str:
    """What a cell can hold: no signs that XML has no place for, and not more than fits."""
    text = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    if _units(text) <= CELL_HOLDS:
        return text
    room = CELL_HOLDS - _units(_CUT)
    kept = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore")
    return kept + _CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def row_height(row: Sequence[Value], widths: Sequence[int]) -> int:
    """Excel computes no height for wrapped text in a file it did not write; in points."""
    line_count = max(
        sum(-(-max(len(part), 1) // width) for part in value.split("\n"))
        for value, width in zip(row, widths, strict=True)
        if isinstance(value, str)
    )
    return min(15 * line_count, 405)


def page_footer(text: str) -> str:
    """In a footer an ampersand begins a command, and 255 signs are all there may be."""
    return f"&L{text[:110].replace('&', '&&')}&RPage &P of &N"

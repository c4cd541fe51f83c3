"""A report as a workbook, a sheet for each table with charts beside their numbers, and as CSV.

Texts are written as texts: nothing a person typed can become a formula (`actions/exporting.py`).
"""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter

from actions import present
from actions.exporting import Value, fitting, harmless, page_footer, row_height
from actions.status import Rating
from kpis.figures import Figure, Role, Series
from reports.document import Cell, Chart, Column, Counts, Document, Table
from reports.rendering.letters import clean

SHEET_NAME_HOLDS = 31
NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
WIDTHS = {"text": 22, "number": 12, "rating": 14, "date": 16}
COLOURS = {
    Rating.BLUE: ("#1D4F91", "#FFFFFF"),
    Rating.GREEN: ("#00662F", "#FFFFFF"),
    Rating.AMBER: ("#FFBF47", "#1D1A16"),
    Rating.RED: ("#B10E1E", "#FFFFFF"),
    Rating.GREY: ("#D9D3C8", "#1D1A16"),
}
LINES = {
    Role.ACTUAL: {"color": "#1D1A16", "width": 1.8},
    Role.PROJECTED: {"color": "#57514A", "width": 1.5, "dash_type": "round_dot"},
    Role.TRAJECTORY: {"color": "#5E2353", "width": 1.5, "dash_type": "dash"},
    Role.TARGET: {"color": "#5E2353", "width": 2, "dash_type": "round_dot"},
    Role.MEAN: {"color": "#1D1A16", "width": 1.5},
    Role.UPPER: {"color": "#6B655C", "width": 1.25, "dash_type": "dash"},
    Role.LOWER: {"color": "#6B655C", "width": 1.25, "dash_type": "dash"},
}


@dataclass(frozen=True)
class _Sheet:
    """What one sheet or file holds; `figure` is drawn beside its numbers."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    figure: Figure | None = field(default=None)


def _sheets(document: Document) -> list[_Sheet]:
    """Every table of the document, in its order; a chart is the table of its numbers."""
    found = []
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                notes = block.notes if block.rows else (block.empty, *block.notes)
                found.append(_Sheet(block.name, block.caption, block.columns, block.rows, notes))
            elif isinstance(block, Counts):
                found.append(_counts(block))
            elif isinstance(block, Chart):
                found.append(_chart(block))
    return found


def _counts(counts: Counts) -> _Sheet:
    return _Sheet(
        "Counts",
        counts.caption,
        (
            Column(title="Rating", kind="rating"),
            Column(title="Commitments", kind="number"),
            Column(title="Movement", width=2),
        ),
        tuple(
            (
                Cell(text=one.rating.label, rating=one.rating),
                Cell(text=str(one.count), number=Decimal(one.count)),
                Cell(text=one.movement),
            )
            for one in counts.items
        ),
        (f"{counts.total} in all", *counts.notes),
    )


def _chart(chart: Chart) -> _Sheet:
    """The numbers of each series by period, as numbers; of a picture without them, its table."""
    figure = chart.figure
    if not figure.series:
        numbers = figure.table
        return _Sheet(
            chart.name,
            numbers.caption,
            tuple(Column(title=title) for title in numbers.columns),
            tuple(tuple(Cell(text=text) for text in row) for row in numbers.rows),
            (figure.title, *figure.notes),
        )
    unit = f" ({figure.value_unit})" if figure.value_unit else ""
    return _Sheet(
        chart.name,
        figure.title,
        (
            Column(title="Period", kind="date"),
            *(Column(title=f"{one.name}{unit}", kind="number") for one in figure.series),
        ),
        tuple(
            (
                Cell(text=tick.label),
                *(_number(one.values[index]) for one in figure.series),
            )
            for index, tick in enumerate(figure.x)
        ),
        figure.notes,
        figure,
    )


def _number(value: Decimal | None) -> Cell:
    return Cell() if value is None else Cell(text=str(value), number=value)


# --- Excel ------------------------------------------------------------------------------------


def as_excel(document: Document) -> bytes:
    """The workbook: what it is on the first sheet, then a sheet for each table."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    # The moment of making would make the same report another file.
    book.set_properties(
        {
            "title": clean(document.title),
            "author": clean(document.local_area),
            "subject": clean(f"{document.series}, {document.period_words}"),
            "created": document.known_at.replace(tzinfo=None),
        }
    )
    styles = _Styles(book)
    _about(book.add_worksheet("About this report"), document, styles)
    names = _names(document)
    for name, sheet in zip(names, _sheets(document), strict=True):
        _write_sheet(book, name, sheet, document, styles)
    book.close()
    return file.getvalue()


class _Styles:
    def __init__(self, book: Any) -> None:
        wrapped = {"text_wrap": True, "valign": "top"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "bottom": 1, **wrapped})
        self.body = book.add_format(wrapped)
        self.first = book.add_format({"bold": True, **wrapped})
        self.number = book.add_format({"valign": "top"})
        self.ratings = {
            rating: book.add_format({"bold": True, "bg_color": fill, "font_color": ink, **wrapped})
            for rating, (fill, ink) in COLOURS.items()
        }


def _about(page: Any, document: Document, styles: _Styles) -> None:
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 90)
    page.write_string(0, 0, clean(document.title), styles.title)
    rows = [
        ("Plan", f"{document.local_area}, {document.plan}"),
        ("Period", document.period_words),
        ("As at", present.day_words(document.as_at)),
        ("For", ", ".join(document.audiences)),
        ("Version", f"{document.version} of {document.number}"),
        ("Fingerprint", document.digest),
    ]
    if document.is_draft:
        rows.insert(0, ("Draft", "Not published: it may still change."))
    if document.is_sample:
        rows.insert(0, ("Sample", "Written by sample accounts; none of it is real."))
    for line, (label, words) in enumerate(rows, start=2):
        page.write_string(line, 0, label, styles.head)
        page.write_string(line, 1, fitting(clean(words)), styles.body)


def _names(document: Document) -> list[str]:
    """A name for each sheet: short, and no two the same, whatever the case of their letters."""
    names: list[str] = []
    taken = {"about this report"}
    for sheet in _sheets(document):
        wanted = clean(sheet.name).translate(NOT_IN_SHEET_NAMES).strip(" '") or "Table"
        name, number = wanted[:SHEET_NAME_HOLDS].strip(" '"), 1
        while name.casefold() in taken:
            number += 1
            end = f" {number}"
            name = wanted[: SHEET_NAME_HOLDS - len(end)].strip(" '") + end
        taken.add(name.casefold())
        names.append(name)
    return names


def _write_sheet(book: Any, name: str, sheet: _Sheet, document: Document, styles: _Styles) -> None:
    page = book.add_worksheet(name)
    widths = [max(WIDTHS[column.kind], 12 * column.width) for column in sheet.columns]
    for number, (column, width) in enumerate(zip(sheet.columns, widths, strict=True)):
        page.set_column(number, number, width)
        page.write_string(0, number, clean(column.title), styles.head)
    for line, row in enumerate(sheet.rows, start=1):
        page.set_row(line, row_height([cell.text for cell in row], widths))
        for number, cell in enumerate(row):
            _write_cell(page, line, number, cell, styles)
    last = max(len(sheet.rows), 1)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, last, len(sheet.columns) - 1)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    sample = "Sample, not real. " if document.is_sample else ""
    page.set_footer(page_footer(f"{sample}{document.title}, version {document.version}"))
    for line, note in enumerate((sheet.caption, *sheet.notes), start=last + 2):
        page.write_string(line, 0, fitting(clean(note)))
    if sheet.figure:
        _draw(book, page, name, sheet.figure, len(sheet.columns))


def _write_cell(page: Any, line: int, number: int, cell: Cell, styles: _Styles) -> None:
    if cell.number is not None:
        page.write_number(line, number, cell.number, styles.number)
    elif cell.text:
        style = styles.first if number == 0 else styles.body
        if cell.rating is not None:
            style = styles.ratings.get(cell.rating, styles.first)
        page.write_string(line, number, fitting(clean(cell.text)), style)


def _draw(book: Any, page: Any, name: str, figure: Figure, columns: int) -> None:
    """Excel's own chart of the numbers beside it."""
    is_stacked = all(one.role is Role.RATING for one in figure.series)
    chart = book.add_chart(
        {"type": "column", "subtype": "stacked"} if is_stacked else {"type": "line"}
    )
    last = len(figure.x)
    for number, one in enumerate(figure.series, start=1):
        chart.add_series(
            {
                "name": [name, 0, number],
                "categories": [name, 1, 0, last, 0],
                "values": [name, 1, number, last, number],
                **_look(one),
            }
        )
    chart.set_title({"name": fitting(clean(figure.title))[:255], "name_font": {"size": 11}})
    chart.set_y_axis({"name": clean(figure.unit)[:255], "major_gridlines": {"visible": True}})
    chart.set_legend({"position": "bottom"})
    chart.show_blanks_as("gap")
    chart.set_size({"width": 720, "height": 380})
    page.insert_chart(1, columns + 1, chart, {"description": clean(figure.alt)})


def _look(series: Series) -> dict[str, Any]:
    if series.rating is not None:
        fill, _ = COLOURS.get(series.rating, ("#FFFFFF", ""))
        return {"fill": {"color": fill}, "border": {"color": "#1D1A16"}, "gap": 30}
    marker = {"type": "circle", "size": 6, "fill": {"color": "#FFFFFF"}}
    return {
        "line": LINES.get(series.role, LINES[Role.ACTUAL]),
        "marker": marker if series.role in (Role.ACTUAL, Role.PROJECTED) else {"type": "none"},
    }


# --- CSV --------------------------------------------------------------------------------------


def as_csv(document: Document) -> bytes:
    """A zip of one file for each table, each line saying of which report it is."""
    file = io.BytesIO()
    moment = document.known_at.timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, sheet) in enumerate(
            zip(_names(document), _sheets(document), strict=True), start=1
        ):
            entry = zipfile.ZipInfo(f"{number:02}-{_file_name(name)}.csv", date_time=moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _csv(sheet, document))
    return file.getvalue()


def _file_name(name: str) -> str:
    return "-".join("".join(sign if sign.isalnum() else " " for sign in name).lower().split())


def _csv(sheet: _Sheet, document: Document) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sample = "Sample, not real" if document.is_sample else ""
    context = (document.title, str(document.version), document.as_at.isoformat(), sample)
    heads = (harmless(clean(column.title)) for column in sheet.columns)
    writer.writerow([*heads, "Report", "Version", "As at", "Sample"])
    for row in sheet.rows:
        writer.writerow([*_values(row), *(harmless(value) for value in context)])
    return text.getvalue().encode("utf-8-sig")


def _values(row: Sequence[Cell]) -> list[Value]:
    """Numbers as they are, texts so that no spreadsheet runs them."""
    return [
        str(cell.number) if cell.number is not None else harmless(clean(cell.text)) for cell in row
    ]

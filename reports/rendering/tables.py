"""A report as a workbook, a sheet for each table with charts beside their numbers, and as CSV.

Texts are written as texts: nothing a person typed can become a formula, as
`actions/io/sheets.py` sees to.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from decimal import Decimal
from typing import Any

from actions.io.sheets import fitting, harmless, page_footer, row_height
from actions.rules.dates import LONDON
from kpis.charts.spec import Figure, Role, Series
from kpis.charts.svg.svg import PALETTE
from kpis.rules.text import CLOSED, TOO_FEW
from reports.rendering import layout
from reports.rendering.archive import zipped
from reports.rendering.colours import ACCENT, INK, RATINGS, SECOND
from reports.rendering.document import Cell, Chart, Column, Counts, Document, Signatures, Table
from reports.rendering.glyphs import clean, left_out_text

SHEET_NAME_HOLDS = 31
NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\\n\t", " "))
ABOUT = "About this report"
# The head of a column of a file, beside the numbers of a table that counts different things.
UNIT = "Unit"
# `224 weeks`, `70.7%`, `about 5 pupils` is none.
AMOUNT = re.compile(r"-?[\d,]+(?:\.\d+)?(?P<unit>%| [^\d\n]{1,60})?")
# Of a column in signs, at the least; and the room that the columns of a sheet share.
LEAST = {"text": 10, "number": 12, "rating": 14, "date": 16}
MOST = 60
ROOM = 150
LINES = {
    Role.ACTUAL: {"color": INK, "width": 1.8},
    Role.PROJECTED: {"color": SECOND, "width": 1.5, "dash_type": "round_dot"},
    Role.TRAJECTORY: {"color": ACCENT, "width": 1.5, "dash_type": "dash"},
    Role.TARGET: {"color": ACCENT, "width": 2, "dash_type": "round_dot"},
    Role.MEAN: {"color": INK, "width": 1.5},
    Role.UPPER: {"color": PALETTE["usual"], "width": 1.25, "dash_type": "dash"},
    Role.LOWER: {"color": PALETTE["usual"], "width": 1.25, "dash_type": "dash"},
}
# Of the others by name, one after another: their dashes and their signs.
COMPARATORS = (
    ("dash", "diamond"),
    ("round_dot", "square"),
    ("dash_dot", "triangle"),
    ("long_dash", "x"),
)


@dataclass(frozen=True)
class _Sheet:
    """What one sheet or file holds; `figure` is drawn beside its numbers."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    figure: Figure | None = None


def _sheets(document: Document) -> list[_Sheet]:
    """Every table of the document, in its order; a chart is the table of its numbers."""
    sheets = []
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                notes = block.notes if block.rows else (block.empty, *block.notes)
                sheets.append(
                    _marked(_Sheet(block.name, block.caption, block.columns, block.rows, notes))
                )
            elif isinstance(block, Counts):
                sheets.append(_counts(block, section.area_text))
            elif isinstance(block, Chart):
                sheets.append(_marked(_chart(block)))
            elif isinstance(block, Signatures):
                sheets.append(_signatures(section.title, block))
    return sheets


def _marked(sheet: _Sheet) -> _Sheet:
    """With a mark in place of what is too few to show, as every file of figures has it."""
    if not any(cell.text in (TOO_FEW, CLOSED) for row in sheet.rows for cell in row):
        return sheet
    rows = tuple(
        tuple(Cell(text=CLOSED) if cell.text == TOO_FEW else cell for cell in row)
        for row in sheet.rows
    )
    return replace(sheet, rows=rows, notes=(*sheet.notes, f"{CLOSED} is {TOO_FEW}."))


def _counts(counts: Counts, area: str) -> _Sheet:
    name = f"{area} counts" if area else "Counts"
    table = layout.counts_table(counts)
    notes = (f"{counts.total} in all", *counts.notes)
    return _Sheet(name, table.caption, table.columns, table.rows, notes)


def _signatures(title: str, signatures: Signatures) -> _Sheet:
    return _Sheet(
        title,
        title,
        (
            Column(title="What", width=2),
            Column(title="Name"),
            Column(title="Office", width=2),
            Column(title="When", kind="date"),
            Column(title="Words", width=3),
        ),
        tuple(
            tuple(
                Cell(text=text)
                for text in (
                    signature.what,
                    signature.name,
                    signature.office,
                    f"{signature.signed_at.astimezone(LONDON):%Y-%m-%d %H:%M}"
                    if signature.signed_at
                    else "",
                    signature.words,
                )
            )
            for signature in signatures.items
        ),
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
            (figure.title, figure.alt, *figure.notes),
        )
    unit = f" ({figure.value_unit})" if figure.value_unit else ""
    return _Sheet(
        chart.name,
        f"{figure.subject}: {figure.title}" if figure.subject else figure.title,
        (
            Column(title="Period", kind="date"),
            *(Column(title=f"{series.name}{unit}", kind="number") for series in figure.series),
        ),
        tuple(
            (
                Cell(text=tick.label),
                *(
                    Cell(text=CLOSED)
                    if series.role is Role.ACTUAL and tick.at in figure.closed
                    else _number(series.values[index])
                    for series in figure.series
                ),
            )
            for index, tick in enumerate(figure.x)
        ),
        (figure.alt, *figure.notes),
        figure,
    )


def _number(value: Decimal | None) -> Cell:
    return Cell() if value is None else Cell(text=number(value), number=value)


# --- Excel ------------------------------------------------------------------------------------


def as_excel(document: Document) -> bytes:
    """The workbook: what it is on the first sheet, then a sheet for each table."""
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
    # The moment of making would make the same report another file.
    book.set_properties(
        {
            "title": clean(layout.named_title(document)),
            "author": clean(document.local_area),
            "subject": clean(f"{document.series}, {document.period_text}"),
            "created": document.known_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    styles = _Styles(book)
    _about(book.add_worksheet(ABOUT), document, styles)
    for name, sheet in _named(document):
        _write_sheet(book, name, sheet, document, styles)
    book.close()
    return file.getvalue()


class _Styles:
    def __init__(self, book: Any) -> None:
        wrapped = {"text_wrap": True, "valign": "top"}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "bottom": 1, **wrapped})
        self.body = book.add_format({"indent": 1, **wrapped})
        self.note = book.add_format(wrapped)
        self.first = book.add_format({"bold": True, **wrapped})
        self.number = book.add_format({"valign": "top"})
        self.ratings = {
            rating: book.add_format(
                {"bold": True, "bg_color": colours.fill, "font_color": colours.letters, **wrapped}
            )
            for rating, colours in RATINGS.items()
            if colours.fill
        }


def _about(page: Any, document: Document, styles: _Styles) -> None:
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 90)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.write_string(0, 0, fitting(clean(document.title)), styles.title)
    for row, (label, text) in enumerate(_about_rows(document), start=2):
        page.write_string(row, 0, label, styles.first)
        page.write_string(row, 1, fitting(clean(text)), styles.body)


def _about_rows(document: Document) -> list[tuple[str, str]]:
    """What the tables are of, which each line of them says in short."""
    changed = left_out_text(document.model_dump())
    known = [*layout.notices(document), *layout.facts(document)]
    return [
        *((fact.label, fact.value) for fact in known),
        ("For", ", ".join(document.audiences)),
        ("Number", layout.number_text(document)),
        *([] if document.is_draft else [("Fingerprint", document.digest)]),
        *([("This text", changed)] if changed else []),
    ]


def _named(document: Document) -> list[tuple[str, _Sheet]]:
    """Each sheet under a name: short, and no two the same, whatever the case of their letters."""
    sheets: list[tuple[str, _Sheet]] = []
    # The second is a name that Excel keeps for itself.
    taken = {ABOUT.casefold(), "history"}
    for sheet in _sheets(document):
        wanted = clean(sheet.name).translate(NOT_IN_SHEET_NAMES)
        name, number = _cut(wanted, SHEET_NAME_HOLDS) or "Table", 1
        while name.casefold() in taken:
            number += 1
            end = f" {number}"
            name = _cut(wanted, SHEET_NAME_HOLDS - len(end)) + end
        taken.add(name.casefold())
        sheets.append((name, sheet))
    return sheets


def _cut(text: str, holds: int) -> str:
    """As much as fits, counted as Excel counts, with no apostrophe at either end."""
    kept = text.strip(" '").encode("utf-16-le")[: 2 * holds]
    return kept.decode("utf-16-le", errors="ignore").strip(" '")


def _write_sheet(book: Any, name: str, sheet: _Sheet, document: Document, styles: _Styles) -> None:
    page = book.add_worksheet(name)
    sheet = _with_units(sheet)
    widths = _widths(sheet.columns)
    for number, (column, width) in enumerate(zip(sheet.columns, widths, strict=True)):
        page.set_column(number, number, width)
        page.write_string(0, number, fitting(clean(column.title)), styles.head)
    page.set_row(0, row_height([column.title for column in sheet.columns], widths))
    for row_number, row in enumerate(sheet.rows, start=1):
        page.set_row(row_number, row_height([cell.text for cell in row], widths))
        for number, cell in enumerate(row):
            _write_cell(page, row_number, number, cell, styles)
    last = max(len(sheet.rows), 1)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, last, len(sheet.columns) - 1)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    sample = "Sample, not real. " if document.is_sample else ""
    page.set_footer(page_footer(f"{sample}{document.title}, version {document.version}"))
    for row_number, note in enumerate((sheet.caption, *sheet.notes), start=last + 2):
        _write_note(page, row_number, fitting(clean(note)), widths, styles)
    if sheet.figure:
        _draw(book, page, name, sheet.figure, len(sheet.columns))


def _with_units(sheet: _Sheet) -> _Sheet:
    units, at = _units(sheet), _first_number(sheet)
    if not any(units):
        return sheet
    column = Column(title=UNIT)
    return replace(
        sheet,
        columns=(*sheet.columns[:at], column, *sheet.columns[at:]),
        rows=tuple(
            (*row[:at], Cell(text=unit), *row[at:])
            for row, unit in zip(sheet.rows, units, strict=True)
        ),
    )


def _write_note(
    page: Any, row_number: int, note: str, widths: Sequence[int], styles: _Styles
) -> None:
    """Below the table and as wide, so that a long one is read and printed whole."""
    page.set_row(row_number, row_height([note], [sum(widths)]))
    if len(widths) == 1:
        page.write_string(row_number, 0, note, styles.note)
    else:
        page.merge_range(row_number, 0, row_number, len(widths) - 1, "", styles.note)
        page.write_string(row_number, 0, note, styles.note)


def _widths(columns: Sequence[Column]) -> list[int]:
    shares = sum(column.width for column in columns)
    return [min(max(LEAST[column.kind], ROOM * column.width // shares), MOST) for column in columns]


def _write_cell(page: Any, row_number: int, number: int, cell: Cell, styles: _Styles) -> None:
    if cell.number is not None:
        page.write_number(row_number, number, cell.number, styles.number)
    elif cell.text:
        style = styles.first if number == 0 else styles.body
        if cell.rating is not None:
            style = styles.ratings.get(cell.rating, styles.first)
        page.write_string(row_number, number, fitting(clean(cell.text)), style)


def _draw(book: Any, page: Any, name: str, figure: Figure, columns: int) -> None:
    """Excel's own chart of the numbers beside it."""
    is_stacked = all(series.role is Role.RATING for series in figure.series)
    chart = book.add_chart(
        {"type": "column", "subtype": "stacked"} if is_stacked else {"type": "line"}
    )
    last = len(figure.x)
    others = {series.name: place for place, series in enumerate(figure.comparators)}
    for number, series in enumerate(figure.series, start=1):
        chart.add_series(
            {
                "name": [name, 0, number],
                "categories": [name, 1, 0, last, 0],
                "values": [name, 1, number, last, number],
                **_look(series, others.get(series.name, 0)),
            }
        )
    chart.set_title({"name": fitting(clean(figure.title))[:255], "name_font": {"size": 11}})
    chart.set_y_axis({"name": clean(figure.unit)[:255], "major_gridlines": {"visible": True}})
    chart.set_legend({"position": "bottom"})
    chart.show_blanks_as("gap")
    chart.set_size({"width": 720, "height": 380})
    page.insert_chart(1, columns + 1, chart, {"description": clean(figure.alt)})


def _look(series: Series, place: int) -> dict[str, Any]:
    """How it is drawn; `place` is that of a comparator among the others."""
    if series.rating is not None:
        fill = RATINGS[series.rating].fill or PALETTE["sheet"]
        return {"fill": {"color": fill}, "border": {"color": INK}, "gap": 30}
    if series.role is Role.COMPARATOR:
        # Published by the year, its values have no neighbours that a line could join.
        dashes, sign = COMPARATORS[place % len(COMPARATORS)]
        return {
            "line": {"color": SECOND, "width": 1.5, "dash_type": dashes},
            "marker": {"type": sign, "size": 6, "fill": {"color": SECOND}},
        }
    marker = {"type": "circle", "size": 6, "fill": {"color": "#FFFFFF"}}
    return {
        "line": LINES.get(series.role, LINES[Role.ACTUAL]),
        "marker": marker if series.role in (Role.ACTUAL, Role.PROJECTED) else {"type": "none"},
    }


# --- CSV --------------------------------------------------------------------------------------


def as_csv(document: Document) -> bytes:
    """A zip of one file for each table, each line saying of which report it is.

    The first file says what they are, with their captions, notes and the words of each chart.
    """
    about, files = _about_rows(document), []
    for number, (name, sheet) in enumerate(_named(document), start=1):
        file_name = f"{number:02}-{_file_name(name)}.csv"
        files.append((file_name, _csv(sheet, document)))
        about += [(file_name, text) for text in (sheet.caption, *sheet.notes)]
    files.insert(0, ("00-about.csv", _csv_bytes(("What", "Words"), about)))
    return zipped(files, document.known_at)


def _file_name(name: str) -> str:
    plain = name.encode("ascii", "ignore").decode()
    words = "".join(sign if sign.isalnum() else " " for sign in plain).lower().split()
    return "-".join(words) or "table"


def _csv(sheet: _Sheet, document: Document) -> bytes:
    sample = "Sample, not real" if document.is_sample else ""
    context = (document.title, str(document.version), document.as_at.isoformat(), sample)
    sheet = _with_units(sheet)
    return _csv_bytes(
        (*(column.title for column in sheet.columns), "Report", "Version", "As at", "Sample"),
        [(*map(_value, row), *context) for row in sheet.rows],
    )


def _first_number(sheet: _Sheet) -> int:
    kinds = [column.kind for column in sheet.columns]
    return kinds.index("number") if "number" in kinds else len(kinds)


def _units(sheet: _Sheet) -> list[str]:
    """What the numbers of each line count, as their texts say it: `weeks`, `%`."""
    return ["; ".join(dict.fromkeys(filter(None, map(_unit, row)))) for row in sheet.rows]


def _unit(cell: Cell) -> str:
    """What stands around the number in a cell that is a number and what it counts."""
    found = AMOUNT.fullmatch(cell.text) if cell.number is not None else None
    return (found["unit"] or "").strip() if found else ""


def _value(cell: Cell) -> str | Decimal:
    return cell.text if cell.number is None else cell.number


def number(value: Decimal) -> str:
    """`224`, `70.7`: without the zeros that a column of the database keeps behind the point."""
    figure = f"{value:f}"
    return figure.rstrip("0").rstrip(".") if "." in figure else figure


def _csv_bytes(heads: Sequence[str], rows: Sequence[Sequence[str | Decimal]]) -> bytes:
    """Numbers as they are, texts so that no spreadsheet runs them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in (heads, *rows):
        writer.writerow(
            harmless(clean(value)) if isinstance(value, str) else number(value) for value in row
        )
    return text.getvalue().encode("utf-8-sig")

"""A long report takes little more than its libraries alone do, and leaves nothing behind."""

import io
import json
import resource
import subprocess
import sys
from datetime import date
from decimal import Decimal
from time import process_time

import docx
import pytest
import xlsxwriter
from docx.shared import Mm

from actions.rules.dates import PlanDate
from actions.rules.status import Rating
from kpis.charts.spec import PeriodValue, measure_figure
from kpis.charts.svg import draw
from reports.rendering import render
from reports.rendering.document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
)
from reports.rendering.glyphs import font_folders
from reports.rendering.typesetting import pictures
from tests.reports.documents import make_document

MOST_TIMES = 3
RUNS = 5
PROGRESS = (
    "The new pathway is agreed and the first families have been through it. Two of five posts are "
    "filled; the tender for the rest closes in March, and the steering group has been told. "
) * 3
COLUMNS = (
    *("Reference", "Commitment", "Lead", "First agreed", "Agreed now", "Rating", "Progress"),
    "Evidence",
)


@pytest.fixture(scope="module")
def document() -> Document:
    """80 commitments in five areas, and 45 measures of three years each."""
    return long_document(80, 45)


def long_document(commitments: int, measures: int, seed: int = 0) -> Document:
    sections = []
    for area in range(1, 6):
        blocks: list[Block] = [Paragraph(text=PROGRESS), table(area, commitments // 5, seed)]
        blocks += [
            Chart(name=f"K{area}.{number}", figure=figure(area * 10 + number + seed))
            for number in range(measures // 5)
        ]
        sections.append(
            Section(
                key=f"area:{area}", title=f"Area {area}", blocks=tuple(blocks), area=f"Area {area}"
            )
        )
    return make_document(sections=tuple(sections), version=seed + 1)


def table(area: int, count: int, seed: int) -> Table:
    ratings = list(Rating)
    rows = []
    for number in range(count):
        rating = ratings[number % len(ratings)]
        texts = [f"{area}.1.{number}a", "A pathway is agreed and published", "An officer"]
        texts += ["December 2022", "March 2023", rating.label, f"{seed} {PROGRESS}", "3 documents"]
        rows.append(
            tuple(
                Cell(text=text, rating=rating if column == "Rating" else None)
                for column, text in zip(COLUMNS, texts, strict=True)
            )
        )
    return Table(
        name=f"Area {area}",
        caption=f"Commitments of area {area}",
        columns=tuple(
            Column(title=title, width=3 if title == "Progress" else 1) for title in COLUMNS
        ),
        rows=tuple(rows),
    )


def figure(seed: int):
    months = [PlanDate.month_of(date(2020 + month // 12, month % 12 + 1, 1)) for month in range(36)]
    periods = [
        PeriodValue(
            month.last_day, month.short, None if index == 7 else Decimal(200 + (index * seed) % 40)
        )
        for index, month in enumerate(months)
    ]
    return measure_figure(
        title=f"Measure {seed} has not moved.",
        name=f"Measure {seed}",
        unit="weeks",
        periods=periods,
        targets=((None, Decimal(125)),),
    )


def spent() -> float:
    """Processor time of this process and of those it started."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def least(work) -> float:
    """The least of several runs, which is the one least disturbed."""
    times = []
    for _ in range(RUNS):
        start = spent()
        work()
        times.append(spent() - start)
    return min(times)


def compare(name: str, ours, bare) -> None:
    took, baseline = least(ours), least(bare)
    print(f"{name}: {took / baseline:.1f} times its library alone")
    assert took <= MOST_TIMES * baseline


def grids(document: Document):
    """Every table as its heads and its texts: those of the report, and those of its charts."""
    for one in document.tables():
        rows = [[cell.text for cell in row] for row in one.rows]
        yield one.caption, [column.title for column in one.columns], rows
    for chart in document.charts():
        numbers = chart.figure.table
        yield numbers.caption, list(numbers.columns), [list(row) for row in numbers.rows]


# --- PDF --------------------------------------------------------------------------------------

BARE = """
#let model = json(bytes(sys.inputs.model))
#set document(title: "Bare")
#set text(lang: "en", font: "Open Sans", size: 9pt)
#for one in model.tables {
  heading(one.at(0))
  table(
    columns: one.at(1).len(),
    table.header(..one.at(1)),
    ..one.at(2).flatten(),
  )
}
#for one in model.charts { image(bytes(one.svg), format: "svg", alt: one.alt) }
"""
BARE_PROCESS = """
import json, sys, typst
job = json.load(sys.stdin)
fonts = typst.Fonts(
    include_system_fonts=False, include_embedded_fonts=True, font_paths=job["fonts"])
pdf = typst.compile(
    job["source"].encode(), font_paths=fonts, pdf_standards="ua-1",
    sys_inputs={"model": json.dumps(job["model"])})
sys.stdout.buffer.write(pdf)
"""


def test_pdf(document):
    def bare():
        model = {
            "tables": list(grids(document)),
            "charts": [
                {"svg": draw(one.figure), "alt": one.figure.alt} for one in document.charts()
            ],
        }
        job = {"source": BARE, "model": model, "fonts": [str(one) for one in font_folders()]}
        done = subprocess.run(
            [sys.executable, "-I", "-c", BARE_PROCESS],
            input=json.dumps(job).encode(),
            capture_output=True,
            check=True,
        )
        assert done.stdout.startswith(b"%PDF")

    compare("PDF", lambda: render(document, "pdf"), bare)


# --- Word -------------------------------------------------------------------------------------


def test_word(document):
    def bare():
        word = docx.Document()
        drawn = pictures([draw(one.figure) for one in document.charts()], font_folders())
        for caption, heads, rows in grids(document):
            word.add_heading(caption, 1)
            grid = word.add_table(rows=1, cols=len(heads))
            for texts in (heads, *rows):
                cells = grid.rows[0].cells if texts is heads else grid.add_row().cells
                for cell, text in zip(cells, texts, strict=True):
                    cell.text = text
        for picture in drawn:
            word.add_picture(io.BytesIO(picture), width=Mm(170))
        word.save(io.BytesIO())

    compare("Word", lambda: render(document, "docx"), bare)


# --- Excel ------------------------------------------------------------------------------------


def test_excel(document):
    def bare():
        book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True})
        wrapped = book.add_format({"text_wrap": True})
        for number, (_, heads, rows) in enumerate(grids(document)):
            page = book.add_worksheet(f"Sheet {number}")
            for line, texts in enumerate((heads, *rows)):
                for column, text in enumerate(texts):
                    page.write_string(line, column, text, wrapped)
            if number >= len(document.tables()):
                chart = book.add_chart({"type": "line"})
                for column in (1, 2):
                    place = [f"Sheet {number}", 1, column, len(rows), column]
                    chart.add_series(
                        {"values": place, "categories": [place[0], 1, 0, len(rows), 0]}
                    )
                page.insert_chart("F2", chart)
        book.close()

    compare("Excel", lambda: render(document, "xlsx"), bare)


# --- Memory -----------------------------------------------------------------------------------

MEMORY = """
import sys
import django
django.setup()
from tests.reports.documents import render_all
from tests.benchmarks.test_reports import long_document

def held():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

for number in range(50):
    render_all(long_document(20, 10, seed=number))
    if number == 9:
        after_ten = held()
print(after_ten, held())
"""


def test_the_process_does_not_grow_with_the_reports_it_makes():
    done = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    after_ten, after_fifty = map(int, done.stdout.split())
    print(f"{after_ten / 2**20:.0f} MiB after 10 reports, {after_fifty / 2**20:.0f} after 50")
    assert after_fifty < after_ten * 1.1

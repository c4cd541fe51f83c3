"""Each format says the same: numbers, names, and the words beside its charts."""

import csv
import io
from decimal import Decimal

import pytest

from reports.rendering import layout
from reports.rendering.document import (
    Bullets,
    Chart,
    Counts,
    Document,
    Facts,
    Heading,
    Paragraph,
    Signatures,
    Table,
)
from tests.reports.documents import make_document, render_all
from tests.reports.readers import (
    csv_files,
    excel_alts,
    excel_values,
    html_alts,
    html_text,
    pdf_alts,
    pdf_text,
    plain,
    word_alts,
    word_text,
)


@pytest.fixture(scope="module")
def document() -> Document:
    return make_document()


@pytest.fixture(scope="module")
def files(document):
    return render_all(document)


def said(document):
    """Every text of the document, as people are to read it."""
    yield document.title
    yield from (f"{one.label} {one.value}" for one in layout.facts(document))
    for section in document.sections:
        yield section.title
        for block in section.blocks:
            match block:
                case Heading() | Paragraph():
                    yield block.text
                case Bullets():
                    yield from block.items
                case Facts():
                    yield from (one.value for one in block.items)
                case Counts():
                    yield block.caption
                    yield from (one.movement for one in block.items)
                    yield from block.notes
                case Table():
                    yield block.caption
                    yield from (column.title for column in block.columns if block.rows)
                    yield from (cell.text for row in block.rows for cell in row)
                    yield from block.notes
                    yield "" if block.rows else block.empty
                case Chart(figure=figure):
                    yield from (figure.subject, figure.title, figure.table.caption, *figure.notes)
                    yield from figure.table.columns
                    yield from (text for row in figure.table.rows for text in row)
                case Signatures():
                    for one in block.items:
                        yield from (one.what, one.name, one.office, one.words)


@pytest.mark.parametrize(
    ("key", "read"), [("html", html_text), ("docx", word_text), ("pdf", pdf_text)]
)
def test_every_text_can_be_read(document, files, key, read):
    text = read(files[key]).replace(": ", " ")
    missing = [one for one in said(document) if plain(one).replace(": ", " ") not in text]
    assert missing == []


@pytest.mark.parametrize(
    ("key", "read"), [("html", html_text), ("docx", word_text), ("pdf", pdf_text)]
)
def test_over_a_chart_stands_what_it_measures_and_then_its_finding(files, key, read):
    text = read(files[key])
    subject = text.index("1.1.1-1 Longest wait for a first appointment")
    assert subject < text.index("The longest wait has fallen to 201.5 weeks.")


@pytest.mark.parametrize(
    ("key", "read"),
    [("html", html_alts), ("docx", word_alts), ("pdf", pdf_alts), ("xlsx", excel_alts)],
)
def test_others_by_name_are_told_with_the_picture_in_each(files, key, read):
    told = " ".join(" ".join(alt.split()) for alt in read(files[key]))
    assert "England, Mar 2022: 188.5 weeks." in told
    assert "Statistical neighbours, Mar 2022: 230 weeks; Sept 2022: 230 weeks." in told


def test_others_by_name_are_columns_of_numbers_and_lines_of_their_own_in_the_tables(files):
    head, *rows = excel_values(files["xlsx"])["1.1.1-1"]
    assert [title for title in head if title] == [
        "Period",
        "Longest wait (weeks)",
        "Target (weeks)",
        "England (weeks)",
        "Statistical neighbours (weeks)",
    ]
    assert [row[3] for row in rows[:12]] == [None, None, 188.5, *[None] * 9]
    assert [row[4] for row in rows[:12]] == [None, None, 230, *[None] * 5, 230, *[None] * 3]


def test_a_new_version_says_in_each_which_it_replaces_and_why():
    document = make_document(version=2, supersedes="version 1: a figure was wrong.")
    files = render_all(document)
    words = "Replaces version 1: a figure was wrong."
    for key, read in (("html", html_text), ("docx", word_text), ("pdf", pdf_text)):
        assert f"Version 2. {words}" in read(files[key])
    assert ("Version 2", words) in excel_values(files["xlsx"])["About this report"]
    assert words in csv_files(files["csv"])["00-about.csv"]


def test_the_numbers_of_a_chart_are_numbers_in_the_tables(document, files):
    sheets, texts = excel_values(files["xlsx"]), csv_files(files["csv"])
    for chart in document.charts():
        rows = sheets[chart.name][1 : len(chart.figure.x) + 1]
        name = next(name for name in texts if chart.name.replace(".", "-") in name)
        lines = list(csv.reader(io.StringIO(texts[name])))[1:]
        for number, series in enumerate(chart.figure.series, start=1):
            expected = [None if one is None else float(one) for one in series.values]
            assert [row[number] for row in rows] == expected
            assert [Decimal(line[number]) if line[number] else None for line in lines] == list(
                series.values
            )


def test_the_cells_of_a_table_are_the_same_in_the_tables(document, files):
    sheets, texts = excel_values(files["xlsx"]), csv_files(files["csv"])
    for table in document.tables():
        rows = sheets[table.name][1 : len(table.rows) + 1]
        text = next(text for name, text in texts.items() if table.name.lower() in name)
        heads, *lines = csv.reader(io.StringIO(text))
        # Beside numbers of several kinds stands what they count.
        if "Unit" in heads:
            at = heads.index("Unit")
            assert table.columns[at].kind == "number"
            assert sheets[table.name][0][at] == "Unit"
            lines = [[*line[:at], *line[at + 1 :]] for line in lines]
            rows = [(*row[:at], *row[at + 1 :]) for row in rows]
        for line, row, cells in zip(lines, rows, table.rows, strict=True):
            for number, cell in enumerate(cells):
                if cell.number is None:
                    assert (row[number], line[number]) == (cell.text, cell.text)
                else:
                    assert row[number] == float(cell.number)
                    assert Decimal(line[number]) == cell.number


def test_the_counts_are_the_same_in_the_tables(files):
    expected = [("Blue", 0), ("Green", 1), ("Amber", 2), ("Red", 3), ("Grey", 4)]
    rows = excel_values(files["xlsx"])["Counts"][1:7]
    assert [row[:2] for row in rows] == [*expected, ("Not yet rated", 5)]
    (text,) = [text for name, text in csv_files(files["csv"]).items() if "counts" in name]
    lines = list(csv.reader(io.StringIO(text)))[1:]
    assert [(line[0], int(line[1])) for line in lines] == [*expected, ("Not yet rated", 5)]


def test_the_words_beside_each_chart_are_the_same(document, files):
    alts = [chart.figure.alt for chart in document.charts()]
    assert html_alts(files["html"]) == alts
    assert word_alts(files["docx"]) == alts
    assert pdf_alts(files["pdf"]) == alts
    assert excel_alts(files["xlsx"]) == alts
    about = list(csv.reader(io.StringIO(csv_files(files["csv"])["00-about.csv"])))
    assert [row[1] for row in about if row[1] in alts] == alts


def test_who_signed_stands_in_the_tables_too(files):
    row = ("For the county council", "Sample Approver", "Chief executive", "2023-01-20 14:05")
    assert excel_values(files["xlsx"])["Approval"][1][:4] == row
    (text,) = [text for name, text in csv_files(files["csv"]).items() if "approval" in name]
    assert tuple(list(csv.reader(io.StringIO(text)))[1][:4]) == row


def test_every_line_of_a_csv_says_of_which_report_it_is(document, files):
    for name, text in csv_files(files["csv"]).items():
        lines = list(csv.reader(io.StringIO(text)))
        if not name.startswith("00"):
            assert {tuple(line[-4:]) for line in lines[1:]} <= {
                (document.title, "1", "2022-12-31", "Sample, not real")
            }

"""A report as a workbook and as CSV: a sheet for each table, native charts, nothing that runs."""

import csv
import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import openpyxl
import pytest

from reports.rendering.document import Cell, Chart, Column, Section, Table
from reports.rendering.tables import as_csv, as_excel
from tests.kpis.charts.figure_samples import suppressed_figure
from tests.reports.documents import make_document
from tests.reports.readers import csv_files, excel_values

FORMULAS = ["=1+1", "+1", "-1", "@x", " =1+1", "\t=1", "{=1+1}", "=cmd|' /C calc'!A0"]
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def document_of(*tables):
    return make_document(sections=(Section(key="a", title="A", blocks=tables),))


ROWS = ((Cell(text="1"),),)


def table(name="T", *, rows=ROWS, columns=("Reference",)):
    return Table(
        name=name, caption="C", columns=tuple(Column(title=one) for one in columns), rows=rows
    )


@pytest.fixture(scope="module")
def content():
    return as_excel(make_document())


@pytest.fixture(scope="module")
def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_workbook_begins_with_what_it_is(book):
    page = book["About this report"]
    told = {row[0]: row[1] for row in page.iter_rows(min_row=3, values_only=True)}
    document = make_document()
    assert page["A1"].value == document.title
    assert told["Sample"] == "Written by sample accounts; none of it is real."
    assert (told["As at"], told["Fingerprint"]) == ("31 December 2022", document.digest)


def test_each_table_has_a_sheet_in_the_order_of_the_report(book):
    assert book.sheetnames == [
        "About this report",
        "Approval",
        "Counts",
        "ratings",
        "1.1.1-1",
        "Commitments",
        "Decisions",
        "Changes",
    ]


def test_heads_stay_in_sight_can_be_filtered_and_are_repeated_on_paper(book):
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"


def test_a_table_without_lines_says_so(book):
    assert [row[0] for row in book["Decisions"].iter_rows(min_row=2, values_only=True)][-1] == (
        "No decisions."
    )


def test_a_chart_is_excels_own_with_its_gap(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [one for one in archive.namelist() if one.startswith("xl/charts/chart")]
        charts = [ElementTree.fromstring(archive.read(name)) for name in names]
    assert [len(list(one.iter(f"{CHART}barChart"))) for one in charts] == [1, 0]
    assert [len(list(one.iter(f"{CHART}lineChart"))) for one in charts] == [0, 1]
    blanks = [gap.get("val") for one in charts for gap in one.iter(f"{CHART}dispBlanksAs")]
    assert set(blanks) <= {"gap"}


def test_others_by_name_are_told_apart_where_each_has_one_value_a_year(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        drawn = ElementTree.fromstring(archive.read("xl/charts/chart2.xml"))
    looks = {
        "".join(series.find(f"{CHART}tx").itertext()).rpartition("!")[2]: tuple(
            one.get("val") for one in series.iter() if one.tag.endswith(("symbol", "prstDash"))
        )
        for series in drawn.iter(f"{CHART}ser")
    }
    assert list(looks.values())[-2:] == [("dash", "diamond"), ("sysDot", "square")]


def test_a_rating_has_its_colour_and_its_word(book):
    cells = [row[2] for row in book["Commitments"].iter_rows(min_row=2, max_row=6)]
    assert [(one.value, one.fill.start_color.rgb) for one in cells] == [
        ("Blue", "FF1D4F91"),
        ("Green", "FF00662F"),
        ("Amber", "FFFFBF47"),
        ("Red", "FFB10E1E"),
        ("Grey", "FFD9D3C8"),
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text):
    document = document_of(
        table(rows=((Cell(text=text), Cell(text=text)),), columns=(text, "Another"))
    )
    book = openpyxl.load_workbook(io.BytesIO(as_excel(document)))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert book["T"]["B2"].value == text
    for file in csv_files(as_csv(document)).values():
        for line in csv.reader(io.StringIO(file)):
            assert not [one for one in line if one.lstrip(" \t").startswith(tuple("=+-@"))]


def test_a_number_stays_a_number_even_below_zero():
    row = (Cell(text="1"), Cell(text="-0.45%", number=Decimal("-0.45")))
    document = document_of(table(rows=(row,), columns=("Reference", "Figure")))
    assert excel_values(as_excel(document))["T"][1][1] == -0.45
    assert '"-0.45"' in csv_files(as_csv(document))["01-t.csv"]


def test_names_of_sheets_are_short_different_and_allowed():
    names = [
        "History",
        "about this report",
        "A" * 40,
        "a" * 40,
        "'[x]:*?/\\'",
        "",
        "🎉" * 20,
        "🎉" * 20,
    ]
    values = excel_values(as_excel(document_of(*map(table, names))))
    assert list(values) == [
        "About this report",
        "History 2",
        "about this report 2",
        "A" * 31,
        "a" * 29 + " 2",
        "x",
        "Table",
        "🎉" * 15,
        "🎉" * 14 + " 2",
    ]


def test_what_numbers_count_stands_beside_them_and_no_zeros_behind_the_point():
    columns = (
        Column(title="KPI"),
        Column(title="Baseline", kind="number"),
        Column(title="Newest", kind="number"),
    )
    rows = (
        (
            Cell(text="W"),
            Cell(text="242 weeks", number=Decimal("242.0000")),
            Cell(text="224 weeks", number=Decimal("224.0000")),
        ),
        (Cell(text="P"), Cell(text="awaited"), Cell(text="70.7%", number=Decimal("70.7000"))),
        (Cell(text="N"), Cell(text="12", number=Decimal(12)), Cell()),
    )
    document = document_of(Table(name="T", caption="T", columns=columns, rows=rows))
    (text,) = [text for name, text in csv_files(as_csv(document)).items() if name == "01-t.csv"]
    lines = [line[:4] for line in csv.reader(io.StringIO(text))]
    assert lines == [
        ["KPI", "Unit", "Baseline", "Newest"],
        ["W", "weeks", "242", "224"],
        ["P", "%", "awaited", "70.7"],
        ["N", "", "12", ""],
    ]
    assert excel_values(as_excel(document))["T"][1][:4] == ("W", "weeks", 242, 224)


def test_what_is_too_few_to_show_is_a_mark_in_a_file_and_says_what_the_mark_is():
    rows = ((Cell(text="W"), Cell(text="too few to show")), (Cell(text="P"), Cell(text="7")))
    document = document_of(table(rows=rows, columns=("KPI", "Newest")))
    (text,) = [text for name, text in csv_files(as_csv(document)).items() if name == "01-t.csv"]
    assert [line[:2] for line in csv.reader(io.StringIO(text))][1:] == [["W", "[c]"], ["P", "7"]]
    cells = [cell for row in excel_values(as_excel(document))["T"] for cell in row]
    assert "[c]" in cells
    assert "too few to show" not in cells
    assert "[c] is too few to show." in cells


def test_a_chart_marks_the_period_that_is_too_few_to_show():
    chart = Chart(figure=suppressed_figure(), name="Exclusions")
    files = csv_files(as_csv(document_of(chart)))
    (text,) = [text for name, text in files.items() if name.startswith("01-")]
    lines = {line[0]: line[1] for line in csv.reader(io.StringIO(text))}
    assert lines["July 2021"] == "[c]"
    # No figure at all is an empty cell.
    assert lines["April 2021"] == ""


def test_a_text_longer_than_a_cell_is_cut_with_a_word_and_whole_in_the_csv():
    long = "x" * 40_000
    document = document_of(table(rows=((Cell(text=long),),)))
    value = str(excel_values(as_excel(document))["T"][1][0])
    assert len(value) == 32_767
    assert value.endswith("cut here; the CSV file has all of it)")
    assert long in csv_files(as_csv(document))["01-t.csv"]


def test_files_are_named_in_plain_letters_and_numbered_in_order():
    names = list(csv_files(as_csv(document_of(table("Née/../x"), table("漢"), table("b")))))
    assert names == ["00-about.csv", "01-ne-x.csv", "02-table.csv", "03-b.csv"]

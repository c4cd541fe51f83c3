"""Tables from Excel and CSV: every problem in plain words with its row, no way to do harm."""

import csv
import io
import tracemalloc
import zipfile
from datetime import date, datetime, time

import openpyxl
import openpyxl.xml
import pytest

from actions.io import spreadsheets
from actions.io.spreadsheets import Column, SheetError, day_of_cell, month_of_cell, read_sheet
from tests.actions.io import documents
from tests.actions.io.documents import office_file, sheet_xml, with_part, with_sheet, workbook

COLUMNS = (
    Column("ref", "Ref", is_required=True),
    Column("day", "Date"),
    Column("said", "Progress"),
)
MIB = 1024 * 1024


def read(data):
    return [(row.number, *row.values.values()) for row in read_sheet(data, COLUMNS).rows]


def problems(data):
    with pytest.raises(SheetError) as refusal:
        read_sheet(data, COLUMNS)
    return [str(problem) for problem in refusal.value.problems]


def as_csv(*rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


BOTH = pytest.mark.parametrize("made", [as_csv, workbook], ids=["csv", "xlsx"])


@BOTH
def test_rows_come_by_the_names_of_their_columns_and_the_numbers_of_the_sheet(made):
    data = made(("Progress", " ref* "), ("Went well.", "1.1.1a"), (None, None), ("Two\nlines", "b"))
    assert read(data) == [(2, "1.1.1a", None, "Went well."), (4, "b", None, "Two\nlines")]


@BOTH
def test_a_missing_column_names_all_that_are_known(made):
    assert problems(made(("Date", "Progress"), ("x", "y"))) == [
        "The column “Ref” is missing.",
        "The first row must name the columns: Ref, Date, Progress.",
    ]


@BOTH
def test_a_misspelt_column_is_asked_after_and_another_one_is_not_read(made):
    assert problems(made(("Ref", "Progres"), ("a", "b")))[0] == (
        "The column “Progres” is not known; did you mean “Progress”?"
    )
    sheet = read_sheet(made(("Ref", "Comments"), ("a", "b")), COLUMNS)
    assert sheet.notices == ["Not read: “Comments”."]


@BOTH
def test_a_column_that_is_there_twice_is_refused(made):
    assert problems(made(("Ref", "ref"), ("a", "b")))[0] == "The column “Ref” is there twice."


@BOTH
def test_a_file_without_rows_says_so(made):
    assert problems(made(("Ref",))) == ["This file has no rows under its first row."]


@BOTH
def test_too_many_rows_are_refused(made, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    assert len(read(made(("Ref",), *[("a",)] * 3))) == 3
    assert problems(made(("Ref",), *[("a",)] * 4)) == [
        "This file has more than 3 rows. Split it into several."
    ]


@BOTH
def test_all_that_is_wrong_in_cells_is_listed_at_once(made):
    data = made(("Ref", "Progress"), ("a", "=1+1"), ("b", "x" * 5001), ("c", "fine"))
    assert problems(data) == [
        "Row 2, progress: this is a formula. Put its value in its place",
        "Row 3, progress: this is too long: 5,001 characters, and 5,000 fit",
    ]


def test_an_empty_file_says_so():
    assert problems(b"") == ["This file is empty."]


# --- Excel ------------------------------------------------------------------------------------


def test_excels_own_types_are_read_as_what_they_show():
    morning = datetime.fromisoformat("2022-05-31T09:00")
    data = workbook(("Ref", "Date"), (7, date(2022, 5, 31)), (1.5, morning))
    assert read(data) == [
        (2, "7", date(2022, 5, 31), None),
        (3, "1.5", date(2022, 5, 31), None),
    ]


def test_types_that_are_neither_text_nor_day_are_refused():
    assert problems(workbook(("Ref", "Date"), (True, time(9)))) == [
        "Row 2, ref: this is TRUE or FALSE. Write words",
        "Row 2, date: this is a time or a span of time, not a text or a day",
    ]


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (0.45, "0%", "45%"),
        (0.0045, "0.00%", "0.45%"),
        (1, "0%", "100%"),
        (0.294, "0.0%", "29.4%"),
        (0.45, "General", "0.45"),
    ],
)
def test_a_percentage_of_excel_is_read_as_it_shows(value, style, text):
    book = openpyxl.Workbook()
    book.active.append(("Ref", "Progress"))
    book.active.append(("a", value))
    book.active["B2"].number_format = style
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()) == [(2, "a", None, text)]


def test_an_error_of_excel_is_refused():
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>Ref</t></is></c></row>'
    row += '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>'
    assert problems(with_sheet(workbook(("x",)), sheet_xml(row))) == [
        "Row 2, ref: this is an error of Excel’s (#N/A)"
    ]


def test_a_text_that_looks_like_a_formula_is_text_in_excel():
    book = openpyxl.Workbook()
    book.active.append(("Ref", "Progress"))
    book.active.append(("a", "placeholder"))
    book.active["B2"].value = "=not a formula"
    book.active["B2"].data_type = "s"
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()) == [(2, "a", None, "=not a formula")]


def test_the_first_sheet_that_is_not_hidden_is_read():
    book = openpyxl.Workbook()
    book.active.sheet_state = "hidden"
    book.create_sheet("Shown").append(("Ref",))
    book["Shown"].append(("a",))
    file = io.BytesIO()
    book.save(file)
    assert read(file.getvalue()) == [(2, "a", None, None)]


def test_what_a_sheet_claims_of_its_size_is_not_believed():
    data = workbook(("Ref",), ("a",))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'ref="A1:A2"' in sheet
    claimed = with_sheet(data, sheet.replace('ref="A1:A2"', 'ref="A1:XFD1048576"'))
    assert read(claimed) == [(2, "a", None, None)]


def test_a_cell_far_to_the_right_or_below_costs_nothing():
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Ref</t></is></c><c r="XFD1"><v>1</v></c></row>'
    )
    rows += '<row r="1048576"><c r="A1048576"><v>5</v></c></row>'
    rows += '<row r="99999999"><c r="A99999999"><v>5</v></c></row>'
    assert read(with_sheet(workbook(("x",)), sheet_xml(rows))) == [(1048576, "5", None, None)]


def test_defusedxml_is_what_reads_the_xml():
    assert openpyxl.xml.DEFUSEDXML is True


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"])
@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "/etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
    ids=["external", "expansion"],
)
def test_entities_are_refused(part, declaration):
    content = f"{declaration}<worksheet>&x;</worksheet>".encode()
    assert problems(with_part(workbook(("Ref",), ("a",)), part, content)) == [
        "This workbook cannot be read. Save it again from Excel as .xlsx, or as CSV."
    ]


def test_two_gigabytes_in_two_megabytes_are_not_unpacked():
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(60):
            part.write(b" " * MIB)
    content = bytearray(file.getvalue())
    # The list of contents claims two gigabytes; the sixty megabytes inside are over the limit too.
    place = content.rindex((60 * MIB).to_bytes(4, "little"))
    content[place : place + 4] = (2047 * MIB).to_bytes(4, "little")
    for data in (bytes(content), file.getvalue()):
        assert "far larger than it looks" in problems(data)[0]


@pytest.mark.parametrize("cells", ["<c/>" * 700_000, '<c a="" b="" c=""/>' * 200_000])
def test_a_bomb_of_elements_is_not_parsed(cells):
    data = with_sheet(workbook(("Ref",), ("a",)), sheet_xml(f"<row>{cells}</row>"))
    assert len(data) < MIB
    tracemalloc.start()
    try:
        assert "far larger than it looks" in problems(data)[0]
        assert tracemalloc.get_traced_memory()[1] < 20 * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (office_file(), "not an Excel workbook"),
        (documents.zipped(a="b"), "not an Excel workbook"),
        (b"PK\x03\x04 nothing", "damaged"),
        (documents.OLD_WORD, "of the old kind, or one with a password"),
        (documents.EXE, "nor CSV. Save it as one of them"),
        (with_part(workbook(("a",)), "xl/vbaProject.bin", b"x"), "macros"),
        (with_part(workbook(("a",)), "xl/workbook.xml", b"<nothing/>"), "no sheet to read"),
        (with_part(workbook(("a",)), "xl/workbook.xml", b"<broken"), "cannot be read"),
        (with_sheet(workbook(("a",)), "<worksheet><row"), "cannot be read"),
        (
            with_sheet(workbook(("a",)), sheet_xml('<row><c r="!!"><v>1</v></c></row>')),
            "cannot be read",
        ),
        (
            with_sheet(workbook(("a",)), sheet_xml('<row><c t="s"><v>99</v></c></row>')),
            "cannot be read",
        ),
    ],
)
def test_what_is_no_sound_workbook_is_told_in_plain_words(data, words):
    assert words in problems(data)[0]


# --- CSV --------------------------------------------------------------------------------------


def test_a_mark_of_utf_8_is_no_part_of_the_first_name():
    assert read("\ufeffRef,Progress\r\na,Café\r\n".encode()) == [(2, "a", None, "Café")]


def test_text_of_windows_is_read_with_a_notice():
    sheet = read_sheet("Ref,Progress\na,Café – open\n".encode("cp1252"), COLUMNS)
    assert sheet.rows[0].values["said"] == "Café – open"
    assert "read as Windows writes text" in sheet.notices[0]


def test_letters_nobody_can_read_are_refused():
    assert "cannot be read" in problems(b"Ref\n\x81\xff\n")[0]
    assert "nor CSV. Save it as one of them" in problems("Ref\na\n".encode("utf-16"))[0]


@pytest.mark.parametrize("sign", [";", "\t"])
def test_other_signs_between_cells_are_known(sign):
    assert read(f"Ref{sign}Progress\na{sign}b, c\n".encode()) == [(2, "a", None, "b, c")]


def test_quotation_marks_that_do_not_pair_up_are_refused():
    assert "quotation marks do not pair up" in problems(b'Ref,Progress\na,"b\nc,d\n')[0]
    assert "quotation marks do not pair up" in problems(b'Ref\n"a"b\n')[0]


def test_a_cell_longer_than_any_text_is_refused():
    assert "far too long" in problems(b"Ref\n" + b"x" * 200_000)[0]


def test_our_own_guard_against_formulas_is_taken_off_again():
    assert read(b"Ref,Progress\na,'- first\nb,'=1\nc,'quoted'\n") == [
        (2, "a", None, "- first"),
        (3, "b", None, "=1"),
        (4, "c", None, "'quoted'"),
    ]


def test_signs_that_cannot_be_shown_are_refused():
    assert "cannot be shown" in problems(b"Ref\na\x07b\n")[0]


# --- Days and months --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["2022-05-31", "31/05/2022", "31/5/2022", "31 May 2022", "31st may 2022", "31.05.2022"],
)
def test_a_day_in_the_spellings_people_use(text):
    assert day_of_cell(text) == day_of_cell(date(2022, 5, 31)) == date(2022, 5, 31)


@pytest.mark.parametrize(
    "text",
    ["05/31/2022", "31/05/14", "May 2022", "2022", "44712", "soon", "30/02/2022", "١/٥/٢٠٢٢"],
)
def test_what_is_no_day_is_named(text):
    with pytest.raises(ValueError, match=f"“{text}” is not a date"):
        day_of_cell(text)


@pytest.mark.parametrize(
    "text", ["2022-06", "June 2022", "Jun 2022", "06/2022", "6/2022", "1 June 2022", "2022-06-30"]
)
def test_a_month_in_the_spellings_people_use(text):
    assert str(month_of_cell(text)) == str(month_of_cell(date(2022, 6, 1))) == "June 2022"


@pytest.mark.parametrize("text", ["13/2022", "June", "2022", "soon", "June 14"])
def test_what_is_no_month_is_named(text):
    with pytest.raises(ValueError, match=f"“{text}” is not a month"):
        month_of_cell(text)

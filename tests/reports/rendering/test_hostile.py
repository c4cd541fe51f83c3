"""Text of every kind makes a readable document in every format, and what was changed is said."""

import io
import re

import docx
import openpyxl
import pikepdf
import pytest

from reports.rendering import render
from reports.rendering.document import (
    Bullets,
    Cell,
    Column,
    Document,
    Fact,
    Facts,
    Paragraph,
    Section,
    Signature,
    Signatures,
    Table,
)
from reports.rendering.glyphs import (
    BREAK,
    REPLACEMENT,
    WITHIN,
    breakable,
    clean,
    left_out,
    printable,
)
from tests.reports.documents import make_document, render_all
from tests.reports.readers import html_text, parsed, pdf_text, plain, word_text
from tests.reports.rendering.pdf_checks import problems

HOSTILE = {
    "markup": "#panic() $x$ *bold* `code` @ref // [x](y) <script>alert(1)</script> {{ x }} {% y %}",
    "entities": "a & b < c > d \"e\" 'f' &amp; &#x41; ]]> <!-- --> <w:p/> </w:t>",
    "typesetting": '\\#let x = 1 \\ \\u{1F600} #import "@preview/x"\n= Heading\n- item\n/ a: b',
    "formula": "=cmd|' /C calc'!A0",
    "right to left": "فترة المراجعة: 12 مدرسة",
    "accents": "e\u0301 a\u0323\u0307 \u200d\u200f ✓ → 👩🏽‍🏫 🎉 漢字",
    "long word": "word" * 5000,
    "controls": "before\x00\x07\x1b[31m \ufffe \ud800after\x0bnext",
    "long": "long " * 6000,
    "address": "https://example.org/" + "a/very/long/path?with=parts&" * 12,
    "lines": "one\r\ntwo\rthree\n\n\nfour\u2028five",
}
# Signs that only shape or turn their neighbours, of which a PDF holds the effect.
INVISIBLE = re.compile("[\u200d\u200f]")


def with_text(text: str, **fields) -> Document:
    """A document whose every text is the one given."""
    table = Table(
        name=text[:40] or "T",
        caption=text[:300],
        columns=(Column(title="Reference"), Column(title=text[:200], width=3)),
        rows=((Cell(text="1.1.1a"), Cell(text=text)), (Cell(text=text), Cell(text="x"))),
        notes=(text,),
    )
    blocks = (
        Paragraph(text=text),
        Paragraph(text=text, style="quote"),
        Bullets(items=(text,)),
        Facts(items=(Fact(label=text[:40], value=text),)),
        table,
        Signatures(items=(Signature(what=text, name=text[:100], office=text[:100], words=text),)),
    )
    values = {"title": text[:200] or "T", "audiences": (text[:100],), "is_draft": True}
    return make_document(
        **(values | fields), sections=(Section(key="a", title=text[:100], blocks=blocks),)
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_any_text_can_be_read_in_every_format(text):
    # What a payload may hold: it is kept as UTF-8.
    document = with_text(text.encode("utf-8", "ignore").decode())
    files = render_all(document)
    wanted = plain(clean(document.sections[0].blocks[0].text))[:3000]
    assert wanted in html_text(files["html"])
    assert wanted in word_text(files["docx"])
    assert problems(files["pdf"]) == []
    in_pdf = pdf_text(files["pdf"])
    if text == HOSTILE["right to left"]:
        # Its file holds it in the order it is drawn in.
        assert set(wanted) <= set(in_pdf)
    else:
        drawn = INVISIBLE.sub("", printable(wanted)[0]).partition(REPLACEMENT)[0]
        assert plain(drawn)[:60] in in_pdf
    docx.Document(io.BytesIO(files["docx"]))
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_markup_is_text_on_the_page():
    page = parsed(render(with_text(HOSTILE["markup"]), "html"))
    assert "script" not in {tag for tag, _ in page.tags}


def test_each_format_says_how_many_signs_it_left_out():
    document = with_text("Bell\x07", title="T")
    count = left_out(document.model_dump())
    words = f"{count} signs that no document can hold were left out of this report."
    assert count > 5
    assert words in html_text(render(document, "html"))
    assert words in word_text(render(document, "docx"))
    assert words in pdf_text(render(document, "pdf"))
    book = openpyxl.load_workbook(io.BytesIO(render(document, "xlsx")))
    about = [row[1].value for row in book["About this report"].iter_rows(min_row=3)]
    assert words in about


def test_the_pdf_says_how_many_signs_it_could_not_draw():
    section = Section(key="a", title="A", blocks=(Paragraph(text="12 schools 漢字"),))
    text = pdf_text(render(make_document(sections=(section,)), "pdf"))
    assert "2 signs of this report could not be printed here" in text
    assert "12 schools \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}" in text
    one = Section(key="a", title="A", blocks=(Paragraph(text="漢"),))
    assert "One sign of this report could not be printed here, and stands" in pdf_text(
        render(make_document(sections=(one,)), "pdf")
    )


def test_a_text_that_was_not_changed_has_no_note():
    for key, read in (("html", html_text), ("docx", word_text), ("pdf", pdf_text)):
        text = read(render(make_document(), key))
        assert "left out of this report" not in text
        assert "could not be printed" not in text


def test_a_sign_without_a_font_is_replaced_and_counted():
    assert printable("12 schools ✓ 漢") == ("12 schools ✓ \N{REPLACEMENT CHARACTER}", 1)
    assert printable("cafe\u0301") == ("café", 0)


def test_line_ends_of_every_kind_are_newlines_and_are_not_counted():
    assert clean("a\r\nb\rc\x0bd\x0ce\u2028f\x85g") == "a\nb\nc\nd\ne\nf\ng"
    assert left_out({"a": ["a\r\nb\x0b\u2029\t", ("\x00\ud800",)]}) == 2


def test_a_long_word_may_be_parted_and_a_short_one_stays_whole():
    assert breakable("Commitment 1.1.10a") == "Commitment 1.1.10a"
    parted = breakable("https://example.org/a-long-address/of-a-page")
    assert parted.replace(BREAK, "") == "https://example.org/a-long-address/of-a-page"
    assert max(map(len, parted.split(BREAK))) <= 10


def test_no_long_word_runs_off_the_page():
    section = Section(key="a", title="A", blocks=(Paragraph(text="w" * 2000),))
    with pikepdf.open(io.BytesIO(render(make_document(sections=(section,)), "pdf"))) as pdf:
        lines = sum(
            str(step.operator) == "BT"
            for page in pdf.pages
            for step in pikepdf.parse_content_stream(page)
        )
    assert lines > 20


def test_the_typesetter_draws_each_sign_said_to_be_within_it():
    document = with_text("".join(sorted(WITHIN)), title="T")
    assert problems(render(document, "pdf")) == []

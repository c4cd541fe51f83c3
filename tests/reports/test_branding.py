"""A council's own Word template: what may be one, and what a report over it keeps of it."""

import io
import zipfile

import docx
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Mm, RGBColor

from actions import office
from reports import branding
from reports.branding import checked_template
from reports.rendering.word import STYLES, as_word
from tests.reports.documents import make_document

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def template(change=None):
    """A council's template, as `change` leaves it."""
    word = docx.Document()
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = Mm(31)
    page.header.paragraphs[0].text = "Sampleshire County Council"
    page.footer.paragraphs[0].text = "Working for Sampleshire"
    word.styles["Heading 1"].font.color.rgb = RGBColor(0x12, 0x34, 0x56)
    word.add_paragraph("Words of the template")
    if change:
        change(word)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def with_part(content, name, data):
    """The file with one part put in, or in the place of another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, data)
    return out.getvalue()


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def outside(kind):
    """The template with a relationship of a kind that leads out of the file."""
    content = template()
    name = "word/_rels/document.xml.rels"
    link = (
        f'<Relationship Id="rIdX" Type="{RELATIONSHIPS}/{kind}" '
        'Target="https://example.org/x" TargetMode="External"/></Relationships>'
    )
    return with_part(content, name, part(content, name).replace("</Relationships>", link))


def upload(content, name="brand.docx"):
    return SimpleUploadedFile(name, content)


def refusal(content, name="brand.docx"):
    with pytest.raises(ValidationError) as refused:
        checked_template(upload(content, name))
    return refused.value.messages[0]


def test_a_report_over_a_template_has_its_look_and_none_of_its_words():
    kept = checked_template(upload(template()))
    word = docx.Document(io.BytesIO(as_word(make_document(), kept)))
    page = word.sections[0]
    assert page.header.paragraphs[0].text == "Sampleshire County Council"
    feet = [one.text for one in page.footer.paragraphs]
    assert feet[0] == "Working for Sampleshire"
    assert feet[1].startswith("As at 31 December 2022. Version 1, ")
    assert round(page.left_margin.mm) == 31
    assert word.styles["Heading 1"].font.color.rgb == RGBColor(0x12, 0x34, 0x56)
    text = [one.text for one in word.paragraphs]
    assert "Words of the template" not in text
    assert make_document().title in text


def test_what_is_kept_of_a_template_says_nothing():
    kept = docx.Document(io.BytesIO(checked_template(upload(template()))))
    assert [one.text for one in kept.paragraphs] == []


def test_a_template_of_turned_pages_stays_turned():
    def turn(word):
        page = word.sections[0]
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_width, page.page_height = Mm(297), Mm(210)

    kept = checked_template(upload(template(turn)))
    word = docx.Document(io.BytesIO(as_word(make_document(), kept)))
    assert [one.orientation for one in word.sections] == [WD_ORIENT.LANDSCAPE]


def test_a_template_without_room_on_its_page_is_set_up_anew():
    def narrow(word):
        word.sections[0].right_margin = Mm(150)

    def without(word):
        body = word.element.body
        body.remove(body.sectPr)

    for change in (narrow, without):
        kept = checked_template(upload(template(change)))
        word = docx.Document(io.BytesIO(as_word(make_document(), kept)))
        page = word.sections[0]
        assert [round(one.mm) for one in (page.page_width, page.right_margin)] == [210, 18]


def test_a_foot_that_is_a_table_gets_its_line_below_it():
    def table_alone(word):
        foot = word.sections[0].footer
        foot.add_table(1, 1, Mm(100)).cell(0, 0).text = "Working for Sampleshire"
        for paragraph in foot.paragraphs:
            paragraph._p.getparent().remove(paragraph._p)

    kept = checked_template(upload(template(table_alone)))
    foot = docx.Document(io.BytesIO(as_word(make_document(), kept))).sections[0].footer
    assert foot.tables[0].cell(0, 0).text == "Working for Sampleshire"
    assert foot.paragraphs[0].text.startswith("As at 31 December 2022.")


def test_a_style_of_another_kind_is_as_good_as_none():
    def other(word):
        word.styles["Caption"].delete()
        word.styles.add_style("Caption", WD_STYLE_TYPE.CHARACTER)

    assert refusal(template(other)) == branding.LACKS.format(names="Caption")


def test_a_template_with_a_link_is_taken():
    assert checked_template(upload(outside("hyperlink")))


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "frame", "subDocument"])
def test_a_part_from_elsewhere_is_refused(kind):
    assert refusal(outside(kind)) == branding.LINKS_OUT.format(what=kind)


def test_a_template_without_a_style_is_refused_by_its_name():
    def remove(word):
        for name in ("Caption", "Heading 3"):
            word.styles[name].delete()

    assert refusal(template(remove)) == branding.LACKS.format(names="Heading 3, Caption")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "brand.docx", branding.NOT_WORD),
        (b"%PDF-1.7", "brand.docx", branding.NOT_WORD),
        (b"PK\x03\x04 but no zip", "brand.docx", office.DAMAGED),
        (office.OLD_OFFICE, "brand.docx", office.PROTECTED),
        (template(), "brand.docm", branding.NOT_WORD),
        (template(), "brand.doc", branding.NOT_WORD),
    ],
    ids=["empty", "a PDF", "damaged", "old", "named docm", "named doc"],
)
def test_what_is_not_a_word_file_is_refused(content, name, words):
    assert refusal(content, name) == words


def test_macros_are_refused_by_their_part_and_by_their_type():
    content = template()
    assert refusal(with_part(content, "word/vbaProject.bin", b"x")) == office.MACROS
    types = part(content, "[Content_Types].xml").replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert refusal(with_part(content, "[Content_Types].xml", types)) == office.MACROS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_declared_entity_is_refused_in_any_encoding(encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    content = with_part(template(), "word/glossary.xml", text.encode(encoding))
    assert refusal(content) == branding.NOT_PLAIN


def test_a_file_within_the_file_is_refused():
    assert refusal(with_part(template(), "word/embeddings/a.bin", b"x")) == branding.EMBEDS


def test_what_unfolds_to_more_than_may_be_is_refused_before_it_is_opened():
    content = template()
    elements = b"<w:p/>" * 700_000
    assert refusal(with_part(content, "word/more.xml", elements)) == office.TOO_LARGE_INSIDE
    long = part(content, branding.DOCUMENT).replace("<w:body>", f"<w:body><!--{'x' * 9_000_000}-->")
    assert refusal(with_part(content, branding.DOCUMENT, long)) == office.TOO_LARGE_INSIDE
    many = content
    out = io.BytesIO(many)
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(500):
            archive.writestr(f"word/media/{number}.txt", "x")
    assert refusal(out.getvalue()) == office.TOO_LARGE_INSIDE


def test_a_file_that_is_too_long_is_refused_unread():
    class Long(SimpleUploadedFile):
        def read(self, *args):
            raise AssertionError("read")

    long = Long("brand.docx", b"x")
    long.size = branding.MAX_BYTES + 1
    with pytest.raises(ValidationError, match="10 MB"):
        checked_template(long)


def test_the_styles_looked_for_are_those_that_are_used():
    opening = branding.OPENING.read_text()
    assert f"STYLES = {STYLES!r}".replace("'", '"') in opening

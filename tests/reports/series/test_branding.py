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

from actions.io import ooxml
from reports.rendering.word import as_word
from reports.series import branding, template_reading
from reports.series.branding import checked_template
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

    assert refusal(template(other)) == template_reading.LACKS.format(names="Caption")


def test_a_template_with_a_link_is_taken():
    assert checked_template(upload(outside("hyperlink")))


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "frame", "subDocument"])
def test_a_part_from_elsewhere_is_refused(kind):
    assert refusal(outside(kind)) == template_reading.LINKS_OUT.format(what=kind)


def test_a_template_without_a_style_is_refused_by_its_name():
    def remove(word):
        for name in ("Caption", "Heading 3"):
            word.styles[name].delete()

    assert refusal(template(remove)) == template_reading.LACKS.format(names="Heading 3, Caption")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "brand.docx", template_reading.NOT_WORD),
        (b"%PDF-1.7", "brand.docx", template_reading.NOT_WORD),
        (b"PK\x03\x04 but no zip", "brand.docx", ooxml.DAMAGED),
        (ooxml.OLD_OFFICE, "brand.docx", ooxml.PROTECTED),
        (template(), "brand.pdf", template_reading.NOT_WORD),
    ],
    ids=["empty", "a PDF", "damaged", "old", "named pdf"],
)
def test_what_is_not_a_word_file_is_refused(content, name, words):
    assert refusal(content, name) == words


def test_macros_are_refused_by_their_part_and_by_their_type():
    content = template()
    assert refusal(with_part(content, "word/vbaProject.bin", b"x")) == ooxml.MACROS
    types = part(content, "[Content_Types].xml").replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert refusal(with_part(content, "[Content_Types].xml", types)) == ooxml.MACROS


DOCUMENT_TYPE = "wordprocessingml.document.main+xml"


def typed(kind):
    """The template with its main part of another type."""
    content = template()
    types = part(content, "[Content_Types].xml")
    assert DOCUMENT_TYPE in types
    return with_part(content, "[Content_Types].xml", types.replace(DOCUMENT_TYPE, kind))


@pytest.mark.parametrize("name", ["brand.dotx", "brand.docx", "BRAND.DOTX"])
def test_a_word_template_is_told_to_be_one_whatever_its_name(name):
    words = refusal(typed("wordprocessingml.template.main+xml"), name)
    assert words.startswith("This is a Word template (.dotx). Open it in Word, save it as")


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("brand.docm", "This is a Word file with macros (.docm). Open it in Word"),
        ("brand.dotm", "This is a Word file with macros (.dotm). Open it in Word"),
        ("brand.doc", "This is a Word file of the old kind (.doc). Open it in Word"),
        ("brand.dot", "This is a Word file of the old kind (.dot). Open it in Word"),
    ],
)
def test_a_word_file_of_another_kind_is_told_what_it_is(name, begins):
    assert refusal(template(), name).startswith(begins)


# --- Fields -----------------------------------------------------------------------------------

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def run(*pieces):
    """A field in one piece of instruction for each: the parts of a run, or another field."""
    inner = "".join(
        piece if piece.startswith("<") else f"<w:r><w:instrText>{piece}</w:instrText></w:r>"
        for piece in pieces
    )
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"{inner}"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>shown</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def simple(instruction):
    return f'<w:fldSimple w:instr="{instruction}"><w:r><w:t>shown</w:t></w:r></w:fldSimple>'


def with_field(field, where="header"):
    """The template with a field in its head, its foot, its text or its notes."""
    content = with_heads()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = next(
            one
            for one in archive.namelist()
            if one.startswith(f"word/{where}") and "rels" not in one
        )
    xml = part(content, name)
    assert "</w:p>" in xml
    return with_part(content, name, xml.replace("</w:p>", f"{field}</w:p>", 1))


def with_heads():
    content = template()
    for note in ("footnotes", "comments", "glossary/document"):
        xml = f'<w:{note[:-1]} xmlns:w="{W}"><w:p></w:p></w:{note[:-1]}>'.replace("glossary/", "")
        content = with_part(content, f"word/{note}.xml", xml)
    return content


DDE = 'DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc.exe"'


@pytest.mark.parametrize(
    "field",
    [
        simple(f" {DDE.replace(chr(34), '&quot;')} "),
        run(f" {DDE} "),
        run(" DDE", "AUTO", " c:\\cmd.exe"),
        run(" dDeAuTo c:\\cmd.exe"),
        run("IF ", run(DDE), " = 1"),
        run("PAGE").replace("<w:t>shown</w:t>", "<w:t/></w:r>" + run(DDE) + "<w:r>"),
        # Not closed, and without a beginning.
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{DDE}</w:instrText></w:r>',
        f"<w:r><w:instrText>{DDE}</w:instrText></w:r>",
        run(DDE).replace("w:instrText", "w:delInstrText"),
    ],
    ids=[
        "simple",
        "complex",
        "split",
        "any case",
        "in an instruction",
        "in a result",
        "open",
        "stray",
        "deleted",
    ],
)
def test_a_field_that_starts_something_is_refused_however_it_is_written(field):
    assert refusal(with_field(field)) == template_reading.FIELD.format(name="DDEAUTO")


@pytest.mark.parametrize(
    "where", ["header", "footer", "document", "footnotes", "comments", "glossary/document"]
)
def test_it_is_refused_in_every_part(where):
    words = refusal(with_field(simple("INCLUDEPICTURE http://example.org/x.png"), where))
    assert words == template_reading.FIELD.format(name="INCLUDEPICTURE")


@pytest.mark.parametrize(
    ("field", "name"),
    [
        *[
            (run(f" {name} x "), name)
            for name in (
                *("DDE", "LINK", "EMBED", "INCLUDETEXT", "INCLUDE", "IMPORT", "DATABASE", "RD"),
                *("MACROBUTTON", "PRINT", "ADDIN", "AUTOTEXT", "QUOTE", "SET", "ASK", "FILLIN"),
                *("MERGEFIELD", "USERNAME", "FORMTEXT", "NOTHINGYOUKNOW"),
            )
        ],
        (run("FILENAME \\p"), "FILENAME"),
        (run("DD", run("PAGE"), "E x"), "DD…E"),
        (run(run("PAGE"), " x"), "…"),
        (run('"DDE" x'), "of no name"),
    ],
)
def test_any_field_but_the_harmless_is_refused_by_its_name(field, name):
    assert refusal(with_field(field)) == template_reading.FIELD.format(name=name)


@pytest.mark.parametrize(
    "field",
    [
        simple(" PAGE   \\* MERGEFORMAT "),
        run("NUM", "PAGES"),
        run(' STYLEREF "Heading 1" '),
        run(" DATE \\@ &quot;d MMMM yyyy&quot; "),
        run("TOC \\o &quot;1-3&quot;"),
        run("IF ", run("PAGE"), " = 1 &quot;&quot; &quot;Page&quot;"),
        run("=", run("PAGE"), " - 1"),
        run("FILENAME"),
        run(" "),
    ],
)
def test_a_harmless_field_is_taken(field):
    assert checked_template(upload(with_field(field)))


def test_a_part_of_text_under_another_ending_is_refused():
    """It would be written into reports, and nobody would have looked through it."""
    content = template()
    types = part(content, "[Content_Types].xml")
    other = types.replace(
        "</Types>",
        '<Override PartName="/word/header9.bin" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.header+xml"/></Types>',
    )
    hidden = with_part(with_part(content, "[Content_Types].xml", other), "word/header9.bin", "<x/>")
    assert refusal(hidden) == template_reading.NOT_PLAIN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_declared_entity_is_refused_in_any_encoding(encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    content = with_part(template(), "word/glossary.xml", text.encode(encoding))
    assert refusal(content) == template_reading.NOT_PLAIN


def test_a_file_within_the_file_is_refused():
    assert refusal(with_part(template(), "word/embeddings/a.bin", b"x")) == template_reading.EMBEDS


def test_what_unfolds_to_more_than_may_be_is_refused_before_it_is_opened():
    content = template()
    elements = b"<w:p/>" * 700_000
    assert refusal(with_part(content, "word/more.xml", elements)) == ooxml.TOO_LARGE_INSIDE
    long = part(content, template_reading.DOCUMENT).replace(
        "<w:body>", f"<w:body><!--{'x' * 9_000_000}-->"
    )
    assert refusal(with_part(content, template_reading.DOCUMENT, long)) == ooxml.TOO_LARGE_INSIDE
    many = content
    out = io.BytesIO(many)
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(500):
            archive.writestr(f"word/media/{number}.txt", "x")
    assert refusal(out.getvalue()) == ooxml.TOO_LARGE_INSIDE


def test_a_file_that_is_too_long_is_refused_unread():
    class Long(SimpleUploadedFile):
        def read(self, *args):
            raise AssertionError("read")

    long = Long("brand.docx", b"x")
    long.size = branding.MAX_BYTES + 1
    with pytest.raises(ValidationError, match="10 MB"):
        checked_template(long)

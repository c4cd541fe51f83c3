"""A report as a Word file, over a council's own template where it has one.

Structure is Word's own: heading styles, repeated header rows, descriptions of pictures and tables,
and the language, so that a screen reader and a person who edits it further find their way.
"""

import io
from datetime import UTC
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from kpis.charts.svg import draw
from reports.rendering import STYLES, layout
from reports.rendering.archive import unzipped, zipped
from reports.rendering.colours import INK
from reports.rendering.document import (
    Block,
    Bullets,
    Chart,
    Counts,
    Document,
    Facts,
    Heading,
    Paragraph,
    Section,
    Signatures,
    Table,
)
from reports.rendering.glyphs import clean, font_folders, left_out_text
from reports.rendering.typesetting import pictures
from reports.rendering.word_tables import table_of

# No wider on a turned page, where it would fill the height too.
CHART_WIDTH = Mm(150)
HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def as_word(document: Document, template: bytes | None = None) -> bytes:
    """The file. `template` is what `branding.checked_template` gave back: it has no text left."""
    word = docx.Document(io.BytesIO(template)) if template else _plain(document)
    _describe(word, document)
    charts = document.charts()
    drawn = pictures([draw(chart.figure) for chart in charts], font_folders())
    writer = _Writer(
        word,
        document.digest,
        {chart.name: picture for chart, picture in zip(charts, drawn, strict=True)},
        has_own_head=bool(template),
    )
    writer.front(document)
    before = layout.contents_after(document)
    for number, section in enumerate(document.sections):
        if number == before:
            writer.contents(document)
        writer.section(section, number)
    writer.end(document)
    out = io.BytesIO()
    word.save(out)
    return zipped(unzipped(out.getvalue()), document.known_at)


def _plain(document: Document) -> WordDocument:
    """Word's own template, in the faces and sizes of the page."""
    is_short = layout.is_one_page(document)
    word = docx.Document()
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.bottom_margin = Mm(18)
    page.top_margin = Mm(18) if is_short else Mm(22)
    ink = RGBColor.from_string(INK[1:].upper())
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Segoe UI", Pt(9.5 if is_short else 10)
    normal.paragraph_format.space_after = Pt(3 if is_short else 6)
    title, first = (18, 12.5) if is_short else (22, 16)
    if is_short:
        word.styles["Heading 1"].paragraph_format.space_before = Pt(10)
    for name, size in (
        ("Title", title),
        ("Heading 1", first),
        ("Heading 2", 12.5),
        ("Heading 3", 10.5),
    ):
        style = word.styles[name]
        style.font.name, style.font.size = "Cambria", Pt(size)
        style.font.bold, style.font.color.rgb = True, ink
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    for name in ("Header", "Footer"):
        word.styles[name].font.size = Pt(8.5)
    marks = word.styles["Title"].element.get_or_add_pPr()
    for border in marks.findall(qn("w:pBdr")):
        marks.remove(border)
    word.styles["Caption"].font.color.rgb = ink
    word.styles["Caption"].font.size = Pt(9.5)
    return word


def _describe(word: WordDocument, document: Document) -> None:
    """Title, author and language, in the properties and in the text; no moment but the report's."""
    core = word.core_properties
    core.title = clean(layout.named_title(document))
    core.author = clean(document.local_area)
    core.subject, core.language = clean(f"{document.series}, {document.period_text}"), "en-GB"
    core.comments = core.keywords = core.last_modified_by = ""
    core.revision = 1
    core.created = core.modified = document.known_at.astimezone(UTC).replace(tzinfo=None)
    _speak_english(word)


def _speak_english(word: WordDocument) -> None:
    styles = word.styles.element
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for holder in (defaults, word.styles["Normal"].element.get_or_add_rPr()):
        if holder is not None and holder.find(qn("w:lang")) is None:
            _mark(holder, "w:lang", "en-GB")
    settings = word.settings.element
    theme = settings.find(qn("w:themeFontLang"))
    if theme is None:
        theme = OxmlElement("w:themeFontLang")
        # Word wants its settings in an order of its own.
        after = next(
            (
                setting
                for name in ("clrSchemeMapping", "shapeDefaults", "decimalSymbol", "listSeparator")
                if (setting := settings.find(qn(f"w:{name}"))) is not None
            ),
            None,
        )
        if after is None:
            settings.append(theme)
        else:
            after.addprevious(theme)
    theme.set(qn("w:val"), "en-GB")


class _Writer:
    """Writes a document block by block, at the end of a Word file."""

    def __init__(
        self, word: WordDocument, digest: str, drawn: dict[str, bytes], *, has_own_head: bool
    ) -> None:
        self.word = word
        self.digest = digest
        self.drawn = drawn
        self.has_own_head = has_own_head
        self.portrait = word.sections[-1].orientation
        self.styles = {name: word.styles[name] for name in STYLES}
        self.links: dict[str, str] = {}

    def front(self, document: Document) -> None:
        self._head_and_foot(document)
        for notice in layout.notices(document):
            paragraph = self.text(f"{notice.label}. ", bold=True)
            _write(paragraph, notice.value)
        if text := layout.audience_text(document):
            self.text(text)
        self.text(document.title, "Title")
        for fact in layout.facts(document):
            self.fact(fact.label, fact.value)
        self.fact("Number", layout.number_text(document))

    def _head_and_foot(self, document: Document) -> None:
        page = self.word.sections[0]
        heads, feet = [page.header], [page.footer]
        if page.different_first_page_header_footer:
            heads.append(page.first_page_header)
            feet.append(page.first_page_footer)
        if self.word.settings.odd_and_even_pages_header_footer:
            heads.append(page.even_page_header)
            feet.append(page.even_page_footer)
        if not self.has_own_head:
            for head in heads:
                _write(head.paragraphs[0], layout.running_text(document))
                if state := layout.state_text(document):
                    _write(head.paragraphs[0], f". {state}")
        for foot in feet:
            first = next(iter(foot.paragraphs), None)
            is_free = first is not None and not first.text and len(first._p) <= 1
            paragraph = first if first is not None and is_free else foot.add_paragraph()
            _write(paragraph, layout.foot_text(document, self.digest))
            if not self.has_own_head:
                _write(paragraph, ". Page ")
                _field(paragraph, "PAGE", "1")
                _write(paragraph, " of ")
                _field(paragraph, "NUMPAGES", "1")

    def contents(self, document: Document) -> None:
        """A list of the sections that Word can renew, each leading to its heading."""
        self.text("Contents", bold=True).paragraph_format.keep_with_next = True
        last = len(document.sections) - 1
        for number, section in enumerate(document.sections):
            paragraph = self.word.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(2)
            if number == 0:
                _field_sign(paragraph, "begin")
                _instruct(paragraph, r' TOC \o "1-1" \h \n ')
                _field_sign(paragraph, "separate")
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), _bookmark(number))
            link.set(qn("w:history"), "1")
            _write(paragraph, section.title)
            link.append(paragraph.runs[-1]._r)
            paragraph._p.append(link)
            if number == last:
                _field_sign(paragraph, "end")

    def section(self, section: Section, number: int) -> None:
        self.turn(WD_ORIENT.LANDSCAPE if layout.is_turned(section) else self.portrait)
        heading = self.text(section.title, "Heading 1")
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(number))
        start.set(qn("w:name"), _bookmark(number))
        heading.runs[0]._r.addprevious(start)
        heading._p.append(end)
        for block in section.blocks:
            if layout.is_turned_alone(section, block):
                self.turn(WD_ORIENT.LANDSCAPE)
                self.block(block)
                self.turn(self.portrait)
            else:
                self.block(block)

    def turn(self, orientation: WD_ORIENT) -> None:
        if self.word.sections[-1].orientation == orientation:
            return
        page = self.word.add_section()
        page.orientation = orientation
        page.page_width, page.page_height = page.page_height, page.page_width

    def end(self, document: Document) -> None:
        if text := left_out_text(document.model_dump()):
            self.note(text)
        if not document.is_draft:
            self.note(
                f"Fingerprint of this report (SHA-256 of the record): "
                f"{' '.join(layout.fingerprint(self.digest))}"
            )

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                self.text(block.text, f"Heading {block.level}")
            case Paragraph():
                self.paragraph(block)
            case Bullets():
                for item in block.items:
                    self.text(item, "List Bullet")
            case Facts():
                for fact in block.items:
                    self.fact(fact.label, fact.value)
            case Counts():
                self.counts(block)
            case Table():
                self.table(block)
            case Chart():
                self.chart(block)
            case Signatures():
                self.signatures(block)

    def text(self, text: str, style: str = "", *, bold: bool = False) -> WordParagraph:
        paragraph = self.word.add_paragraph(style=self.styles[style] if style else None)
        _write(paragraph, text, bold=bold)
        return paragraph

    def paragraph(self, block: Paragraph) -> None:
        paragraph = self.text(block.text)
        if block.style == "quote":
            paragraph.paragraph_format.left_indent = Mm(8)
        for run in paragraph.runs:
            if block.style == "lead":
                run.font.size = Pt(12)
            elif block.style == "note":
                run.font.size = Pt(9)
            elif block.style == "quote":
                run.italic = True

    def fact(self, label: str, value: str) -> None:
        paragraph = self.text(f"{label}: ", bold=True)
        paragraph.paragraph_format.space_after = Pt(2)
        _write(paragraph, value)

    def counts(self, counts: Counts) -> None:
        self.grid(layout.counts_table(counts))
        self.note(f"{counts.total} in all")
        self.notes(counts.notes)

    def table(self, table: Table) -> None:
        if table.rows:
            self.grid(table)
        else:
            self.caption(table.caption)
            self.text(table.empty)
        self.notes(table.notes)

    def chart(self, chart: Chart) -> None:
        figure = chart.figure
        if figure.subject:
            self.caption(figure.subject)
        self.caption(f"{figure.title} ({figure.unit})" if figure.unit else figure.title)
        paragraph = self.word.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(
            io.BytesIO(self.drawn[chart.name]), width=min(self.width(), CHART_WIDTH)
        )
        shape._inline.docPr.set("descr", clean(figure.alt))
        self.notes(figure.notes)
        self.grid(layout.numbers(chart))

    def signatures(self, signatures: Signatures) -> None:
        # One line each where it can be: on the first page they are read together.
        for signature in signatures.items:
            who = ", ".join(filter(None, (signature.name, signature.office)))
            self.fact(signature.what, ". ".join(filter(None, (who, signature.words))))

    def caption(self, text: str) -> None:
        self.text(text, "Caption").paragraph_format.keep_with_next = True

    def notes(self, notes: tuple[str, ...]) -> None:
        for note in notes:
            self.note(note)

    def note(self, text: str) -> None:
        self.paragraph(Paragraph(text=text, style="note"))

    def width(self) -> Length:
        page = self.word.sections[-1]
        sides = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
        return Length(sides)

    def grid(self, grid: Table) -> None:
        """A table with its caption before it, and room after it."""
        self.caption(grid.caption)
        table = table_of(
            grid,
            style=self.styles["Table Grid"].style_id,
            width=self.width(),
            link_to=self.link_to,
        )
        self.word.add_paragraph().paragraph_format.space_after = Pt(2)
        # Between its caption and the empty paragraph, which keeps it from what follows.
        self.word.element.body[-2].addprevious(table)

    def link_to(self, address: str) -> str:
        if address not in self.links:
            self.links[address] = self.word.part.relate_to(address, HYPERLINK, is_external=True)
        return self.links[address]


def _write(paragraph: WordParagraph, text: str, *, bold: bool = False) -> None:
    """Text with its line breaks, at the end of a paragraph."""
    run = paragraph.add_run(clean(text))
    run.bold = bold or None


def _bookmark(number: int) -> str:
    return f"_Toc{number + 1:08}"


def _field(paragraph: WordParagraph, instruction: str, shown: str) -> None:
    """A value that Word works out, with what stands there until it has."""
    _field_sign(paragraph, "begin")
    _instruct(paragraph, f" {instruction} ")
    _field_sign(paragraph, "separate")
    _write(paragraph, shown)
    _field_sign(paragraph, "end")


def _field_sign(paragraph: WordParagraph, kind: str) -> None:
    sign = OxmlElement("w:fldChar")
    sign.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(sign)


def _instruct(paragraph: WordParagraph, text: str) -> None:
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = text
    paragraph.add_run()._r.append(instruction)


def _mark(holder: Any, tag: str, value: str) -> None:
    element = OxmlElement(tag)
    element.set(qn("w:val"), value)
    holder.append(element)

"""A report as a Word file, over a council's own template where it has one.

Structure is Word's own: heading styles, repeated header rows, descriptions of pictures and tables,
and the language, so that a screen reader and a person who edits it further find their way.
"""

import io
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell

from actions import present
from actions.status import Rating
from kpis.drawing import draw
from reports.document import (
    Bullets,
    Cell,
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
from reports.rendering.letters import clean, font_folders
from reports.rendering.typesetting import pictures

# A table of so many columns is set across the page.
WIDE = 7
# Fill and letters of each rating, as on the page in the light.
COLOURS = {
    Rating.BLUE: ("1D4F91", "FFFFFF"),
    Rating.GREEN: ("00662F", "FFFFFF"),
    Rating.AMBER: ("FFBF47", "1D1A16"),
    Rating.RED: ("B10E1E", "FFFFFF"),
    Rating.GREY: ("D9D3C8", "1D1A16"),
}
STYLES = ("Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet", "Table Grid")


def as_word(document: Document, template: bytes | None = None) -> bytes:
    """The file. `template` is one that `branding.check_template` has accepted."""
    word = docx.Document(io.BytesIO(template)) if template else _plain()
    _describe(word, document)
    drawn = pictures([draw(chart.figure) for chart in document.charts()], font_folders())
    writer = _Writer(word, dict(zip(document.charts(), drawn, strict=True)))
    writer.front(document)
    for section in document.sections:
        writer.section(section)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _plain() -> WordDocument:
    """Word's own template, in the faces and sizes of the page."""
    word = docx.Document()
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(18)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Segoe UI", Pt(10)
    for name, size in (("Title", 22), ("Heading 1", 16), ("Heading 2", 12.5), ("Heading 3", 10.5)):
        style = word.styles[name]
        style.font.name, style.font.size = "Cambria", Pt(size)
        style.font.bold, style.font.color.rgb = True, RGBColor(0x1D, 0x1A, 0x16)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    word.styles["Caption"].font.color.rgb = RGBColor(0x1D, 0x1A, 0x16)
    return word


def _describe(word: WordDocument, document: Document) -> None:
    """Title, author and language, in the properties and in the text."""
    core = word.core_properties
    core.title, core.author = clean(document.title), clean(document.local_area)
    core.subject, core.language = clean(f"{document.series}, {document.period_words}"), "en-GB"
    core.comments = core.keywords = ""
    defaults = (
        word.styles.element.get_or_add_docDefaults()
        if hasattr(word.styles.element, "get_or_add_docDefaults")
        else word.styles.element.find(qn("w:docDefaults"))
    )
    for holder in (defaults, word.styles["Normal"].element):
        if holder is None:
            continue
        properties = (
            next(holder.iter(qn("w:rPr")), None) if holder is defaults else holder.get_or_add_rPr()
        )
        if properties is not None:
            language = properties.find(qn("w:lang"))
            if language is None:
                language = OxmlElement("w:lang")
                properties.append(language)
            language.set(qn("w:val"), "en-GB")
    theme = word.settings.element.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:val"), "en-GB")


class _Writer:
    """Writes a document block by block, at the end of a Word file."""

    def __init__(self, word: WordDocument, drawn: dict[Chart, bytes]) -> None:
        self.word = word
        self.drawn = drawn

    def front(self, document: Document) -> None:
        as_at = present.day_words(document.as_at)
        header = self.word.sections[0].header
        if not header.paragraphs[0].text:
            header.paragraphs[0].text = clean(f"{document.local_area}: {document.series}")
        footer = self.word.sections[0].footer
        footer.paragraphs[0].text = clean(
            f"As at {as_at}. Version {document.version}, {document.digest[:8]}"
        )
        if document.is_draft:
            self.text("Draft. Not published: it may still change.", bold=True)
        if document.is_sample:
            self.text("Sample. Written by sample accounts; none of it is real.", bold=True)
        if document.audiences:
            self.text(f"For {', '.join(document.audiences)}")
        self.word.add_paragraph(clean(document.title), style="Title")
        for label, value in (
            ("Plan", f"{document.local_area}, {document.plan}"),
            ("Period", document.period_words),
            ("As at", as_at),
            ("Version", f"{document.version} of {document.number}"),
        ):
            self.fact(label, value)

    def section(self, section: Section) -> None:
        wide = any(
            isinstance(block, Table) and len(block.columns) >= WIDE for block in section.blocks
        )
        if wide:
            self.turn(WD_ORIENT.LANDSCAPE)
        self.word.add_paragraph(clean(section.title), style="Heading 1")
        for block in section.blocks:
            self.block(block)
        if wide:
            self.turn(WD_ORIENT.PORTRAIT)

    def turn(self, orientation: WD_ORIENT) -> None:
        page = self.word.add_section()
        if page.orientation != orientation:
            page.orientation = orientation
            page.page_width, page.page_height = page.page_height, page.page_width

    def block(self, block: Any) -> None:
        match block:
            case Heading():
                self.word.add_paragraph(clean(block.text), style=f"Heading {block.level}")
            case Paragraph():
                self.paragraph(block)
            case Bullets():
                for item in block.items:
                    self.text(item, style="List Bullet")
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

    def text(self, text: str, style: str | None = None, bold: bool = False) -> Any:
        paragraph = self.word.add_paragraph(style=style)
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

    def fact(self, label: str, value: str) -> None:
        paragraph = self.word.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(2)
        _write(paragraph, f"{label}: ", bold=True)
        _write(paragraph, value)

    def counts(self, counts: Counts) -> None:
        rows = [
            [
                Cell(text=one.rating.label, rating=one.rating),
                Cell(text=str(one.count)),
                Cell(text=one.movement),
            ]
            for one in counts.items
        ]
        self.grid(counts.caption, ["Rating", "Commitments", "Movement"], rows, [1, 1, 2], {1})
        self.note(f"{counts.total} in all")
        for note in counts.notes:
            self.note(note)

    def table(self, table: Table) -> None:
        if not table.rows:
            self.caption(table.caption)
            self.text(table.empty)
            return
        self.grid(
            table.caption,
            [column.title for column in table.columns],
            table.rows,
            [column.width for column in table.columns],
            {index for index, column in enumerate(table.columns) if column.kind == "number"},
        )
        for note in table.notes:
            self.note(note)

    def chart(self, chart: Chart) -> None:
        figure = chart.figure
        self.caption(figure.title)
        shape = self.word.add_picture(io.BytesIO(self.drawn[chart]), width=self.width())
        shape._inline.docPr.set("descr", clean(figure.alt))
        self.word.paragraphs[-1].paragraph_format.keep_with_next = True
        numbers = figure.table
        self.grid(
            numbers.caption,
            numbers.columns,
            [[Cell(text=text) for text in row] for row in numbers.rows],
            [1] * len(numbers.columns),
            set(numbers.numeric),
        )
        for note in figure.notes:
            self.note(note)

    def signatures(self, signatures: Signatures) -> None:
        for one in signatures.items:
            paragraph = self.word.add_paragraph()
            _write(paragraph, f"{one.what}\n", bold=True)
            if one.name:
                _write(paragraph, ", ".join(filter(None, (one.name, one.office))) + "\n")
            _write(paragraph, one.words)

    def caption(self, text: str) -> None:
        paragraph = self.word.add_paragraph(clean(text), style="Caption")
        paragraph.paragraph_format.keep_with_next = True

    def note(self, text: str) -> None:
        self.paragraph(Paragraph(text=text, style="note"))

    def width(self) -> Length:
        page = self.word.sections[-1]
        sides = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
        return Length(sides)

    def grid(
        self,
        caption: str,
        titles: Any,
        rows: Any,
        widths: list[int],
        numeric: set[int],
    ) -> None:
        """A table with its caption, its header row repeated, and no row split between pages."""
        self.caption(caption)
        table = self.word.add_table(rows=1, cols=len(titles), style="Table Grid")
        table.autofit = False
        _name(table, caption)
        for cell, title in zip(table.rows[0].cells, titles, strict=True):
            _write(cell.paragraphs[0], title, bold=True, size=8.5)
        _mark_row(table.rows[0], "w:tblHeader")
        for row in rows:
            added = table.add_row()
            _mark_row(added, "w:cantSplit")
            for index, (cell, content) in enumerate(zip(added.cells, row, strict=True)):
                _fill(cell, content, is_head=index == 0)
                if index in numeric:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        unit = self.width() / sum(widths)
        # Both: Word goes by the cells, LibreOffice by the grid.
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Length(int(unit * width))
            for cell in column.cells:
                cell.width = Length(int(unit * width))
        self.word.add_paragraph().paragraph_format.space_after = Pt(2)


def _write(paragraph: Any, text: str, *, bold: bool = False, size: float | None = None) -> None:
    """Text with its line breaks, at the end of a paragraph."""
    for number, line in enumerate(clean(text).split("\n")):
        if number:
            paragraph.add_run().add_break()
        run = paragraph.add_run(line)
        run.bold = bold or None
        if size:
            run.font.size = Pt(size)


def _fill(cell: WordCell, content: Cell, *, is_head: bool) -> None:
    paragraph = cell.paragraphs[0]
    if content.rating in COLOURS:
        fill, letters = COLOURS[content.rating]
        _shade(cell, fill)
        _write(paragraph, content.text, bold=True, size=8.5)
        for run in paragraph.runs:
            run.font.color.rgb = RGBColor.from_string(letters)
        return
    if content.link:
        _link(paragraph, content.text, content.link)
        return
    _write(paragraph, content.text, bold=is_head or content.rating is not None, size=8.5)


def _shade(cell: WordCell, fill: str) -> None:
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:color"), "auto")
    shading.set(qn("w:fill"), fill)
    cell._tc.get_or_add_tcPr().append(shading)


def _link(paragraph: Any, text: str, address: str) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, kind, is_external=True))
    _write(paragraph, text, size=8.5)
    for run in paragraph.runs:
        run.underline = True
        link.append(run._r)
    paragraph._p.append(link)


def _mark_row(row: Any, mark: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(mark))


def _name(table: WordTable, caption: str) -> None:
    """What a screen reader says of the table before it is read."""
    properties = table._tbl.tblPr
    for tag in ("w:tblCaption", "w:tblDescription"):
        element = OxmlElement(tag)
        element.set(qn("w:val"), clean(caption))
        properties.append(element)

"""A report as a page shows it: a view for the templates in `templates/reports/document/`.

The site's page and the file that is kept are made by the same templates, without script.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from kpis.charts import svg
from kpis.charts.spec import Kind
from kpis.charts.spec.axes import narrowed
from reports.rendering import layout
from reports.rendering.document import (
    Block,
    Bullets,
    Cell,
    Chart,
    Column,
    Counts,
    Document,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Section,
    Signatures,
    Table,
)
from reports.rendering.glyphs import LONG_WORD, left_out_text

# Wide enough for five columns at full size on the narrowest screen.
NARROW = 288.0
# The address at which the words of a place are edited; empty where they are not.
EditUrl = Callable[[str], str]


def anchor(place: str) -> str:
    """The id of the words of a place on the page."""
    return f"at-{place}"


@dataclass(frozen=True, slots=True)
class Edit:
    """Where words are edited. `what` says which they are, to who hears links one by one."""

    url: str
    what: str


@dataclass(frozen=True, slots=True)
class KeyItem:
    svg: SafeString
    words: str


@dataclass(frozen=True, slots=True)
class CellView:
    text: str
    rating: str = ""
    link: str = ""
    label: str = ""
    kind: str = "text"
    has_long_word: bool = False
    id: str = ""
    edit: Edit | None = None

    @property
    def is_short(self) -> bool:
        """A reference or a month, which stays on one line."""
        return len(self.text) <= layout.SHORT

    @property
    def drawn(self) -> str:
        """What stands in the cell. No line ends before or within it: lines are kept."""
        text = escape(self.text)
        if self.rating:
            text = format_html('<span class="lozenge r-{}">{}</span>', self.rating, self.text)
        elif self.link:
            text = format_html('<a href="{}">{}</a>', self.link, self.text)
        if not self.edit:
            return text
        return text + format_html(
            ' <a class="kept-edit" href="{}">Edit<span class="visually-hidden"> {}</span></a>',
            self.edit.url,
            self.edit.what,
        )


def _drawn_row(cells: Sequence[CellView]) -> str:
    """A line of a table, drawn in one piece: a report has thousands of cells."""
    head, *others = cells
    shape = "has-long-word" if head.has_long_word else "is-short" if head.is_short else ""
    shape = f' class="{shape}"' if shape else ""
    drawn = [f'<th role="rowheader" scope="row"{shape}{_id(head)}>{head.drawn}</th>']
    for cell in others:
        long = " has-long-word" if cell.has_long_word else ""
        drawn.append(
            f'<td role="cell" class="is-{escape(cell.kind)}{long}"'
            f' data-label="{escape(cell.label)}"{_id(cell)}>{cell.drawn}</td>'
        )
    return f'<tr role="row">{"".join(drawn)}</tr>\n    '


def _id(cell: CellView) -> str:
    return f' id="{escape(cell.id)}"' if cell.id else ""


@dataclass(frozen=True, slots=True)
class BlockView:
    """One block. `template` draws it from `block`, and from what else its kind has here."""

    template: str
    block: Block
    id: str = ""
    edit: Edit | None = None
    # Of a table, and of a chart's numbers.
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[CellView]] = ()
    is_wide: bool = False
    # Of a chart.
    svg: SafeString | None = None
    narrow_svg: SafeString | None = None
    key: Sequence[KeyItem] = ()

    @property
    def drawn_rows(self) -> SafeString:
        # Every word in it was escaped where it was drawn.
        return mark_safe("".join(map(_drawn_row, self.rows)))


@dataclass(frozen=True, slots=True)
class SectionView:
    # None on a single page.
    number: int | None
    id: str
    title: str
    blocks: Sequence[BlockView]
    # Across the page, on paper.
    is_turned: bool = False
    # The list of contents stands before it.
    opens_contents: bool = False


@dataclass(frozen=True, slots=True)
class DocumentView:
    title: str
    running: str
    number_text: str
    audience_text: str
    notices: Sequence[Fact]
    facts: Sequence[Fact]
    sections: Sequence[SectionView]
    notes: Sequence[str]
    # Of a published report; a draft may still become another.
    fingerprint: Sequence[str] = field(default_factory=tuple)


def view_of(document: Document, edit_url: EditUrl | None = None, *, only: str = "") -> DocumentView:
    """What the templates show. Only a draft in which the reader may edit has an `edit_url`.

    `only` is the key of the one section to show, under the number it has in the whole.
    """
    prefix = "families-" if layout.is_one_page(document) else ""
    before = layout.contents_after(document)
    changed = left_out_text(document.model_dump())
    return DocumentView(
        title=document.title,
        running=layout.running_text(document),
        number_text=layout.number_text(document),
        audience_text=layout.audience_text(document),
        notices=layout.notices(document),
        facts=layout.facts(document),
        sections=[
            SectionView(
                number=None if layout.is_one_page(document) else number,
                id=f"{prefix}section-{number}",
                title=section.title,
                blocks=_Blocks(section, f"{prefix}{number}", edit_url).views(),
                is_turned=layout.is_turned(section),
                opens_contents=before == number - 1,
            )
            for number, section in enumerate(document.sections, start=1)
            if only in ("", section.key)
        ],
        notes=[changed] if changed else [],
        fingerprint=() if document.is_draft else layout.fingerprint(document.digest),
    )


class _Blocks:
    """The blocks of one section, each with an id of its own on the page."""

    def __init__(self, section: Section, name: str, edit_url: EditUrl | None) -> None:
        self.section = section
        self.name = name
        self.edit_url = edit_url
        # The words under which a paragraph stands.
        self.under = section.title

    def views(self) -> list[BlockView]:
        return [
            self.view(block, f"block-{self.name}-{number}")
            for number, block in enumerate(self.section.blocks, start=1)
        ]

    def view(self, block: Block, id: str) -> BlockView:
        template = f"reports/document/{block.kind}.html"
        match block:
            case Heading():
                self.under = block.text
                return BlockView(template, block)
            case Paragraph(place=place) if place:
                return BlockView(
                    template, block, id=anchor(place), edit=self.edit(place, self.under)
                )
            case Table():
                return BlockView(
                    template,
                    block,
                    id=id,
                    columns=block.columns,
                    rows=[self.row(block, row) for row in block.rows],
                    is_wide=layout.is_wide(block),
                )
            case Chart():
                return _chart(template, block, id)
            case Counts():
                return BlockView(template, block, id=id)
            case Paragraph() | Bullets() | Facts() | Signatures():
                return BlockView(template, block)

    def row(self, table: Table, row: Sequence[Cell]) -> list[CellView]:
        return [
            CellView(
                text=cell.text,
                rating=cell.rating or "",
                link=cell.link if cell.link.startswith(("https://", "http://")) else "",
                label=column.title,
                kind=column.kind,
                has_long_word=bool(LONG_WORD.search(cell.text)),
                id=anchor(cell.place) if cell.place else "",
                edit=self.edit(cell.place, f"{column.title}, {row[0].text}"),
            )
            for column, cell in zip(table.columns, row, strict=True)
        ]

    def edit(self, place: str, what: str) -> Edit | None:
        url = self.edit_url(place) if place and self.edit_url else ""
        return Edit(url, what) if url else None


def _chart(template: str, block: Chart, id: str) -> BlockView:
    figure = block.figure
    numbers = layout.numbers(block)
    return BlockView(
        template,
        block,
        id=id,
        columns=numbers.columns,
        rows=[
            [
                CellView(text=cell.text, label=column.title, kind=column.kind)
                for column, cell in zip(numbers.columns, row, strict=True)
            ]
            for row in numbers.rows
        ],
        svg=_safe(svg.draw(figure)),
        narrow_svg=_safe(svg.draw(narrowed(figure), width=NARROW))
        if figure.kind is Kind.RATINGS
        else None,
        key=[KeyItem(_safe(item.svg), item.words) for item in svg.key(figure)],
    )


def _safe(svg: str) -> SafeString:
    # Every word in it was escaped where it was drawn: kpis/charts/svg/svg.py.
    return mark_safe(svg)

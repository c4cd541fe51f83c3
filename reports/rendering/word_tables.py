"""Tables of a Word file, written as its own markup.

A cell at a time through python-docx takes ten times as long, because every cell is looked for anew.
"""

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement

from reports.rendering import layout
from reports.rendering.colours import RATINGS
from reports.rendering.document import Cell, Column, Table
from reports.rendering.glyphs import clean

# Half points.
SIZE = 17
TWIPS_TO_EMU = 635

# The id of the relationship that leads to an address outside the file.
LinkTo = Callable[[str], str]


def table_of(grid: Table, *, style: str, width: int, link_to: LinkTo) -> BaseOxmlElement:
    """The table's element: its first row is repeated on each page, its first column heads the rows.

    `style` is the id of its style, `width` the room there is, in EMU.
    """
    shares = layout.shares(grid)
    widths = [int(width * share / sum(shares)) // TWIPS_TO_EMU for share in shares]
    name = quoteattr(clean(grid.caption).replace("\n", " "))
    head = [Cell(text=column.title) for column in grid.columns]
    parts = [
        f"<w:tbl {nsdecls('w', 'r')}><w:tblPr><w:tblStyle w:val={quoteattr(style)}/>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{_margin('left')}{_margin('right')}</w:tblCellMar>"
        '<w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0"'
        ' w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={name}/><w:tblDescription w:val={name}/></w:tblPr><w:tblGrid>",
        # Word goes by the widths of cells, others by those of the grid.
        *(f'<w:gridCol w:w="{column_width}"/>' for column_width in widths),
        "</w:tblGrid>",
        _row(head, grid.columns, widths, link_to, is_head=True),
        *(_row(row, grid.columns, widths, link_to) for row in grid.rows),
        "</w:tbl>",
    ]
    return parse_xml("".join(parts))


def _margin(side: str) -> str:
    return f'<w:{side} w:w="60" w:type="dxa"/>'


def _row(
    cells: Sequence[Cell],
    columns: Sequence[Column],
    widths: Sequence[int],
    link_to: LinkTo,
    *,
    is_head: bool = False,
) -> str:
    marks = "<w:cantSplit/><w:tblHeader/>" if is_head else "<w:cantSplit/>"
    drawn = "".join(
        _cell(cell, column, width, link_to, is_bold=is_head or number == 0)
        for number, (cell, column, width) in enumerate(zip(cells, columns, widths, strict=True))
    )
    return f"<w:tr><w:trPr>{marks}</w:trPr>{drawn}</w:tr>"


def _cell(cell: Cell, column: Column, width: int, link_to: LinkTo, *, is_bold: bool) -> str:
    fill, letters = "", ""
    if cell.rating is not None:
        is_bold = True
        colours = RATINGS[cell.rating]
        if colours.fill:
            fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{colours.fill[1:].upper()}"/>'
            letters = f'<w:color w:val="{colours.letters[1:].upper()}"/>'
    side = '<w:jc w:val="right"/>' if column.kind == "number" else ""
    bold = "<w:b/>" if is_bold else ""
    text = f'{letters}<w:sz w:val="{SIZE}"/><w:szCs w:val="{SIZE}"/>'
    if cell.link:
        look = f'<w:rPr>{bold}{text}<w:u w:val="single"/></w:rPr>'
        run = f'<w:hyperlink r:id="{link_to(cell.link)}">{_run(cell.text, look)}</w:hyperlink>'
    else:
        run = _run(cell.text, f"<w:rPr>{bold}{text}</w:rPr>")
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}</w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'
        f"{side}</w:pPr>{run}</w:p></w:tc>"
    )


def _run(text: str, look: str) -> str:
    """Text with its lines and tabs."""
    lines = "<w:br/>".join(
        "<w:tab/>".join(
            f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in line.split("\t")
        )
        for line in clean(text).split("\n")
    )
    return f"<w:r>{look}{lines}</w:r>"

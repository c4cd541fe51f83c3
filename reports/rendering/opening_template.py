"""Opens a Word template from standard input and writes it, emptied, to standard output.

A process of its own, which then ends: what a template unfolds to is not known before. It fails with
`missing: ` and the names of the styles that are not there.
"""

import io
import resource
import sys

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm

MEMORY_BYTES = 1024**3
CPU_SECONDS = 20
# As in word.py, which this process does not load.
STYLES = ("Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet", "Table Grid")
KINDS = {"Table Grid": WD_STYLE_TYPE.TABLE}
# A page with less room between its margins is set up anew, as A4.
LEAST_ROOM = Mm(80)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    word = docx.Document(io.BytesIO(sys.stdin.buffer.read()))
    there = {
        style.name
        for style in word.styles
        if style.type == KINDS.get(style.name or "", WD_STYLE_TYPE.PARAGRAPH)
    }
    if missing := [name for name in ("Normal", *STYLES) if name not in there]:
        sys.exit(f"missing: {', '.join(missing)}")
    body = word.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    body.get_or_add_sectPr()
    set_up(word.sections[-1])
    out = io.BytesIO()
    word.save(out)
    sys.stdout.buffer.write(out.getvalue())


def set_up(page: Section) -> None:
    """Sizes and margins where the template gives none, or leaves no room between them."""
    sizes = (page.page_width, page.page_height, page.left_margin, page.right_margin)
    width, _, left, right = (size or 0 for size in sizes)
    if None in sizes or width - left - right < LEAST_ROOM:
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(18)


if __name__ == "__main__":
    main()

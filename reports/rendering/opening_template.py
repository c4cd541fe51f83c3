"""Opens a Word template from standard input and writes it, emptied, to standard output.

A process of its own, which then ends: what a template unfolds to is not known before. It fails with
`missing: ` and the names of the styles that are not there.
"""

import io
import resource
import sys

import docx
from docx.oxml.ns import qn

MEMORY_BYTES = 1024**3
CPU_SECONDS = 20
# As in word.py, which this process does not load. Names of styles, and of the kinds they are.
STYLES = ("Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet", "Table Grid")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    word = docx.Document(io.BytesIO(sys.stdin.buffer.read()))
    there = {style.name for style in word.styles}
    if missing := [name for name in STYLES if name not in there]:
        sys.exit(f"missing: {', '.join(missing)}")
    body = word.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    out = io.BytesIO()
    word.save(out)
    sys.stdout.buffer.write(out.getvalue())


if __name__ == "__main__":
    main()

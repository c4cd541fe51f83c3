"""Whether a screen reader can read a PDF: the rules of PDF/UA-1 that a program can try."""

import io
from collections.abc import Iterator
from itertools import pairwise

import pikepdf

SHOWING = {"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"}
STANDARD = {
    *("/Document", "/Part", "/Sect", "/Div", "/BlockQuote", "/Caption", "/TOC", "/TOCI"),
    *("/P", "/H1", "/H2", "/H3", "/H4", "/L", "/LI", "/Lbl", "/LBody", "/Table", "/TR", "/TH"),
    *("/TD", "/THead", "/TBody", "/TFoot", "/Span", "/Link", "/Figure", "/Reference", "/NonStruct"),
    "/Quote",
}
WITHIN = {
    "/TR": {"/THead", "/TBody", "/TFoot", "/Table"},
    "/TH": {"/TR"},
    "/TD": {"/TR"},
    "/LI": {"/L"},
    "/LBody": {"/LI"},
    "/TOCI": {"/TOC"},
}

NONE = pikepdf.Dictionary()


def problems(content: bytes) -> list[str]:
    """What is wrong, in words; nothing where all is well."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [*_about(pdf), *_structure(pdf), *_pages(pdf)]


def elements(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Dictionary]:
    """Every structure element of a kind, in reading order."""
    return [one for one, _ in _walk(pdf.Root.StructTreeRoot) if one.get("/S") == kind]


def table_attributes(cell: pikepdf.Dictionary) -> pikepdf.Dictionary:
    found = cell.get("/A")
    owned = list(found) if isinstance(found, pikepdf.Array) else [found]
    return next(
        (one for one in owned if isinstance(one, pikepdf.Dictionary) and one.get("/O") == "/Table"),
        pikepdf.Dictionary(),
    )


def _children(element: pikepdf.Object) -> list[pikepdf.Dictionary]:
    kids = element.get("/K")
    if kids is None:
        return []
    several = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in several if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _walk(element: pikepdf.Object, within: str = "") -> Iterator[tuple[pikepdf.Dictionary, str]]:
    for child in _children(element):
        yield child, within
        yield from _walk(child, str(child.S))


def _about(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not bool(root.get("/MarkInfo", NONE).get("/Marked", False)):
        yield "not marked as tagged"
    if not str(root.get("/Lang", "")):
        yield "no language"
    if not bool(root.get("/ViewerPreferences", NONE).get("/DisplayDocTitle", False)):
        yield "the title is not shown"
    if "/Outlines" not in root:
        yield "no bookmarks"
    with pdf.open_metadata() as metadata:
        if not metadata.get("dc:title"):
            yield "no title"
        if metadata.get("{http://www.aiim.org/pdfua/ns/id/}part") != "1":
            yield "not said to be PDF/UA-1"


def _structure(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/StructTreeRoot" not in pdf.Root:
        yield "no structure"
        return
    all_of_it = list(_walk(pdf.Root.StructTreeRoot))
    mapped = pdf.Root.StructTreeRoot.get("/RoleMap", NONE)
    for element, within in all_of_it:
        kind = str(element.S)
        kind = str(mapped.get(kind, kind))
        if kind not in STANDARD:
            yield f"{kind} is no standard kind"
        if kind in WITHIN and within not in WITHIN[kind]:
            yield f"{kind} within {within}"
        if kind == "/Figure" and not str(element.get("/Alt", "")).strip():
            yield "a figure without words"
    levels = [int(str(one.S)[2]) for one, _ in all_of_it if str(one.S) in ("/H1", "/H2", "/H3")]
    if levels and levels[0] != 1:
        yield "the first heading is not of level 1"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield "a level of headings is left out"
    for table in elements(pdf, "/Table"):
        yield from _table(table)


def _table(table: pikepdf.Dictionary) -> Iterator[str]:
    rows = [one for one, _ in _walk(table) if one.S == "/TR"]
    cells = [_children(row) for row in rows]
    if len({len(row) for row in cells}) > 1:
        yield "a table whose rows differ in length"
    heads = [cell for row in cells for cell in row if cell.S == "/TH"]
    names = {bytes(head.ID) for head in heads if "/ID" in head}
    for head in heads:
        if str(table_attributes(head).get("/Scope", "")) not in ("/Row", "/Column"):
            yield "a header cell without its scope"
    for row in cells[1:]:
        if row and row[0].S != "/TH":
            yield "a row without its header"
    for cell in (cell for row in cells for cell in row if cell.S == "/TD"):
        named = {bytes(one) for one in table_attributes(cell).get("/Headers", [])}
        if len(named) < 2:
            yield "a cell that does not name its row and column"
        if not named <= names:
            yield "a cell that names a header which is not there"


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        if page.get("/Tabs") != "/S" and "/Annots" in page:
            yield "a page whose links are not in reading order"
        for annotation in page.get("/Annots", []):
            if annotation.get("/Subtype") == "/Link" and not str(annotation.get("/Contents", "")):
                yield "a link without words"
        for font in _fonts(page):
            if not _is_embedded(font):
                yield "a font that is not in the file"
            if "/ToUnicode" not in font:
                yield "a font whose signs are not letters"
        depth = 0
        for step in pikepdf.parse_content_stream(page):
            name = str(step.operator)
            if name in ("BDC", "BMC"):
                depth += 1
            elif name == "EMC":
                depth -= 1
            elif name in SHOWING and not depth:
                yield f"{name} {step.operands!s:.40} outside of any tag"


def _fonts(page: pikepdf.Page) -> Iterator[pikepdf.Dictionary]:
    for font in page.get("/Resources", NONE).get("/Font", NONE).values():
        assert isinstance(font, pikepdf.Dictionary)
        yield font


def _is_embedded(font: pikepdf.Dictionary) -> bool:
    described = [*font.get("/DescendantFonts", []), font]
    return any(
        key in one.get("/FontDescriptor", {})
        for one in described
        for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )

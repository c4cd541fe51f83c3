"""Typesets one report as PDF/UA-1, or its drawings as pictures.

The typesetter keeps what it has once made, and a text may be anything: call it where the process
then ends (`actions/io/own_process.py`). It reaches no network, no system font, and no file but its
own source.
"""

import io
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("report.typ")
PICTURES = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#for drawing in json(bytes(sys.inputs.model)) {
  page(image(bytes(drawing), format: "svg"))
}
"""


class TypesettingFailed(Exception):
    """The typesetter refused; says what it said."""


def typeset(model: dict[str, Any], font_folders: list[Path]) -> bytes:
    """The PDF of a model. TypesettingFailed where there is none."""
    return with_row_headers(
        compiled(SOURCE.read_bytes(), model, font_folders, pdf_standards="ua-1")
    )


def pictures(drawings: list[str], font_folders: list[Path]) -> list[bytes]:
    """Each SVG as PNG, 200 pixels to the inch. TypesettingFailed where one cannot be drawn."""
    if not drawings:
        return []
    made = compiled(PICTURES, drawings, font_folders, format="png", ppi=200)
    return made if isinstance(made, list) else [made]


def compiled(source: bytes, model: Any, font_folders: list[Path], **options: Any) -> Any:
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=font_folders
    )
    with tempfile.TemporaryDirectory() as empty:
        try:
            return typst.compile(
                source,
                root=empty,
                font_paths=fonts,
                package_path=empty,
                package_cache_path=empty,
                sys_inputs={"model": json.dumps(model)},
                **options,
            )
        except typst.TypstError as refusal:
            raise TypesettingFailed(str(refusal)) from refusal


def with_row_headers(pdf: bytes) -> bytes:
    """The first cell of each row made its header, as the typesetter's own tags have it for columns.

    The binding does not offer the typesetter's row headers. A cell that names its headers is heard
    with those alone, so each cell of the row names the new one too.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.StructTreeRoot
        named = []
        for number, row in enumerate(_body_rows(root)):
            cells = [cell for cell in _children(row) if cell.get("/S") in ("/TD", "/TH")]
            if not cells or cells[0].get("/S") != "/TD":
                continue
            name = pikepdf.String(f"row-{number:06}")
            head, *others = cells
            head.S = pikepdf.Name.TH
            head.ID = name
            _table_attributes(document, head).Scope = pikepdf.Name.Row
            for cell in others:
                attributes = _table_attributes(document, cell)
                headers = list(attributes.get("/Headers", []))
                attributes.Headers = pikepdf.Array([*headers, name])
            named.append((bytes(name), head))
        _add_names(document, root, named)
        out = io.BytesIO()
        document.save(
            out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
    return out.getvalue()


def _children(element: Any) -> list[Any]:
    import pikepdf

    kids = element.get("/K")
    if kids is None:
        return []
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _body_rows(element: Any, within_body: bool = False) -> Iterator[Any]:
    """The rows of every table's body, in reading order."""
    for child in _children(element):
        kind = child.get("/S")
        if kind == "/TR":
            if within_body:
                yield child
            continue
        yield from _body_rows(child, within_body or kind == "/TBody")


def _table_attributes(document: Any, cell: Any) -> Any:
    """The attributes of a cell whose owner is Table, made where there are none."""
    import pikepdf

    value = cell.get("/A")
    owned = list(value) if isinstance(value, pikepdf.Array) else ([value] if value else [])
    for attributes in owned:
        if attributes.get("/O") == "/Table":
            return attributes
    made = document.make_indirect(pikepdf.Dictionary(O=pikepdf.Name.Table))
    cell.A = pikepdf.Array([*owned, made])
    return made


def _add_names(document: Any, root: Any, named: list[tuple[bytes, Any]]) -> None:
    """The names into the tree that leads from a name to its element, which is kept in order."""
    import pikepdf

    if not named:
        return
    tree = root.get("/IDTree")
    if tree is None:
        tree = root.IDTree = document.make_indirect(pikepdf.Dictionary())
    names = pikepdf.NameTree(tree)
    for name, element in named:
        names[name.decode()] = element

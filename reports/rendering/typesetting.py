"""Typesets one report as PDF/UA-1, or its drawings as pictures, in a process that then ends.

The typesetter keeps what it has once made, and a text may be anything: so it runs outside the web
process, with limits of memory and time. It reads its job as JSON from standard input and writes the
result to standard output. It reaches no network, no system font, and no file but its own source.
"""

import base64
import io
import json
import resource
import subprocess
import sys
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
MEMORY_BYTES = 4 * 1024**3
CPU_SECONDS = 120
WALL_SECONDS = 180


class TypesettingFailed(Exception):
    """The typesetter refused, or took too long; says what it said."""


def typeset(model: dict[str, Any], font_folders: list[Path]) -> bytes:
    """The PDF of a model. TypesettingFailed where there is none."""
    return _done({"model": model}, font_folders)


def pictures(drawings: list[str], font_folders: list[Path]) -> list[bytes]:
    """Each SVG as PNG, 200 pixels to the inch. TypesettingFailed where one cannot be drawn."""
    if not drawings:
        return []
    done = json.loads(_done({"drawings": drawings}, font_folders))
    return [base64.b64decode(picture) for picture in done]


def _done(job: dict[str, Any], font_folders: list[Path]) -> bytes:
    job["fonts"] = [str(folder) for folder in font_folders]
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(Path(__file__))],
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            env={"LANG": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as late:
        raise TypesettingFailed(f"not done within {WALL_SECONDS} seconds") from late
    if done.returncode != 0:
        raise TypesettingFailed(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    job = json.load(sys.stdin)
    if "drawings" in job:
        made = compiled(PICTURES, job["drawings"], job["fonts"], format="png", ppi=200)
        pages = made if isinstance(made, list) else [made]
        sys.stdout.write(json.dumps([base64.b64encode(page).decode() for page in pages]))
        return
    pdf = compiled(SOURCE.read_bytes(), job["model"], job["fonts"], pdf_standards="ua-1")
    sys.stdout.buffer.write(with_row_headers(pdf))


def compiled(source: bytes, model: Any, font_folders: list[str], **options: Any) -> Any:
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=font_folders
    )
    with tempfile.TemporaryDirectory() as empty:
        return typst.compile(
            source,
            root=empty,
            font_paths=fonts,
            package_path=empty,
            package_cache_path=empty,
            sys_inputs={"model": json.dumps(model)},
            **options,
        )


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


if __name__ == "__main__":
    main()

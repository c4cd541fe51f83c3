"""A report as a tagged PDF (PDF/UA-1)."""

from typing import Any

from actions import present
from kpis.drawing import draw
from reports.document import Block, Chart, Counts, Document, Facts, Section, Table
from reports.rendering.letters import font_folders, printable
from reports.rendering.typesetting import typeset

# A table of so many columns is set across the page.
WIDE = 7


def as_pdf(document: Document) -> bytes:
    """The file. TypesettingFailed where the typesetter refuses, which no text should make it do."""
    model, replaced = _printable(_model(document))
    if replaced:
        signs = "One sign" if replaced == 1 else f"{replaced} signs"
        model["notes"].append(
            f"{signs} of this report could not be printed here, and stand as a question mark in a "
            "diamond. The web page and the Word file have them."
        )
    return typeset(model, font_folders())


def _model(document: Document) -> dict[str, Any]:
    as_at = present.day_words(document.as_at)
    return {
        "title": document.title,
        "author": document.local_area,
        "description": f"{document.series}, {document.period_words}",
        "running": f"{document.local_area}: {document.series}",
        "number": f"{document.number}, version {document.version}",
        "foot": f"As at {as_at}. Version {document.version}, {document.digest[:8]}",
        "audience": f"For {', '.join(document.audiences)}" if document.audiences else "",
        "is-draft": document.is_draft,
        "is-sample": document.is_sample,
        "facts": [
            _fact("Plan", f"{document.local_area}, {document.plan}"),
            _fact("Period", document.period_words),
            _fact("As at", as_at),
            _fact("Version", str(document.version)),
        ],
        "sections": [_section(section) for section in document.sections],
        "notes": [],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "wide": any(
            isinstance(block, Table) and len(block.columns) >= WIDE for block in section.blocks
        ),
        "blocks": [data for block in section.blocks for data in _block(block)],
    }


def _fact(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "lines": value.split("\n")}


def _block(block: Block) -> list[dict[str, Any]]:
    """A block as the typesetter draws it: texts in lines, and a chart with its table after it."""
    if isinstance(block, Chart):
        return _chart(block)
    if isinstance(block, Facts):
        return [{"kind": "facts", "items": [_fact(one.label, one.value) for one in block.items]}]
    if isinstance(block, Counts):
        return [_counts(block)]
    if isinstance(block, Table):
        return [_table(block)]
    data = block.model_dump(mode="json")
    if data["kind"] == "paragraph":
        data["lines"] = data.pop("text").split("\n")
    elif data["kind"] == "bullets":
        data["items"] = [item.split("\n") for item in data["items"]]
    return [data]


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        "kind": "counts",
        "caption": counts.caption,
        "items": [
            {
                "rating": one.rating,
                "label": one.rating.label,
                "count": one.count,
                "movement": one.movement,
            }
            for one in counts.items
        ],
        "total-words": f"{counts.total} in all",
        "notes": list(counts.notes),
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": table.caption,
        "columns": [
            {"title": one.title, "kind": one.kind, "width": one.width} for one in table.columns
        ],
        "rows": [
            [
                {
                    "text": cell.text,
                    "lines": cell.text.split("\n"),
                    "rating": cell.rating,
                    "link": cell.link,
                }
                for cell in row
            ]
            for row in table.rows
        ],
        "empty": table.empty,
        "notes": list(table.notes),
    }


def _chart(chart: Chart) -> list[dict[str, Any]]:
    figure = chart.figure
    numbers = figure.table
    return [
        {"kind": "chart", "title": figure.title, "svg": draw(figure), "alt": figure.alt},
        {
            "kind": "table",
            "caption": numbers.caption,
            "columns": [
                {
                    "title": title,
                    "kind": "number" if index in numbers.numeric else "text",
                    "width": 1,
                }
                for index, title in enumerate(numbers.columns)
            ],
            "rows": [
                [{"text": text, "lines": [text], "rating": None, "link": ""} for text in row]
                for row in numbers.rows
            ],
            "empty": "",
            "notes": list(figure.notes),
        },
    ]


def _printable(value: Any) -> tuple[Any, int]:
    """Every text of the model as the fonts can draw it, and how many signs that cost."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        pairs = {key: _printable(one) for key, one in value.items()}
        return {key: one for key, (one, _) in pairs.items()}, sum(n for _, n in pairs.values())
    if isinstance(value, list):
        items = [_printable(one) for one in value]
        return [one for one, _ in items], sum(n for _, n in items)
    return value, 0

"""A report as a tagged PDF (PDF/UA-1)."""

from typing import Any

from kpis.charts.svg import draw
from reports.rendering import layout
from reports.rendering.colours import ACCENT, INK, RATINGS, SECOND
from reports.rendering.document import Block, Chart, Counts, Document, Facts, Section, Table
from reports.rendering.glyphs import breakable, font_folders, left_out_text, printable
from reports.rendering.typesetting import typeset

# What is no text on the paper.
AS_IT_IS = frozenset({"kind", "svg", "alt", "link", "rating", "style", "place"})


def as_pdf(document: Document) -> bytes:
    """The file. TypesettingFailed where the typesetter refuses, which no text should make it do."""
    model, replaced = _printable(_model(document))
    if text := left_out_text(document.model_dump()):
        model["notes"].append(text)
    if replaced:
        signs = (
            "One sign of this report could not be printed here, and stands"
            if replaced == 1
            else f"{replaced} signs of this report could not be printed here, and stand"
        )
        model["notes"].append(
            f"{signs} as a question mark in a diamond. The web page and the Word file have "
            f"{'it' if replaced == 1 else 'them'}."
        )
    return typeset(model, font_folders())


def _model(document: Document) -> dict[str, Any]:
    digest = document.digest
    return {
        "title": document.title,
        "author": document.local_area,
        "description": f"{document.series}, {document.period_text}",
        "state": layout.state_text(document),
        "named-title": layout.named_title(document),
        "running": layout.running_text(document),
        "number": layout.number_text(document),
        "foot": layout.foot_text(document, digest),
        "audience": breakable(layout.audience_text(document)),
        "is-one-page": layout.is_one_page(document),
        "notices": [
            {"label": notice.label, "text": notice.value} for notice in layout.notices(document)
        ],
        "facts": [_fact(fact.label, fact.value) for fact in layout.facts(document)],
        "contents-after": layout.contents_after(document),
        "sections": [_breakable(_section(section)) for section in document.sections],
        "fingerprint": [] if document.is_draft else layout.fingerprint(digest),
        "notes": [],
        "palette": {
            "ink": INK,
            "second": SECOND,
            "accent": ACCENT,
            "ratings": {
                rating: {"fill": colours.fill, "text": colours.letters, "edge": colours.edge}
                for rating, colours in RATINGS.items()
            },
        },
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "wide": layout.is_turned(section),
        "blocks": [
            {**data, "turned": layout.is_turned_alone(section, block)}
            for block in section.blocks
            for data in _block(block)
        ],
    }


def _fact(label: str, value: str) -> dict[str, Any]:
    return {"label": label, "lines": _lines(value)}


def _lines(text: str) -> list[str]:
    return text.split("\n")


def _breakable(value: Any) -> Any:
    """A part of the model whose long words may be parted, where they are words to be read."""
    if isinstance(value, str):
        return breakable(value)
    if isinstance(value, list):
        return [_breakable(item) for item in value]
    if isinstance(value, dict):
        return {key: item if key in AS_IT_IS else _breakable(item) for key, item in value.items()}
    return value


def _block(block: Block) -> list[dict[str, Any]]:
    """A block as the typesetter draws it: texts in lines, and a chart with its table after it."""
    if isinstance(block, Chart):
        return _chart(block)
    if isinstance(block, Facts):
        return [{"kind": "facts", "items": [_fact(fact.label, fact.value) for fact in block.items]}]
    if isinstance(block, Counts):
        return [_counts(block)]
    if isinstance(block, Table):
        return [_table(block)]
    data = block.model_dump(mode="json")
    if data["kind"] == "paragraph":
        data["lines"] = _lines(data.pop("text"))
    elif data["kind"] == "bullets":
        data["items"] = [_lines(item) for item in data["items"]]
    return [data]


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        "kind": "counts",
        "caption": counts.caption,
        "items": [
            {
                "rating": item.rating,
                "label": item.said,
                "count": item.count,
                "movement": item.movement,
            }
            for item in counts.items
        ],
        "total-words": f"{counts.total} in all",
        "notes": list(counts.notes),
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": table.caption,
        "columns": [
            {"title": column.title, "kind": column.kind, "width": share}
            for column, share in zip(table.columns, layout.shares(table), strict=True)
        ],
        "rows": [
            [
                {
                    "text": cell.text,
                    "lines": _lines(cell.text),
                    "rating": cell.rating,
                    "link": cell.link,
                }
                for cell in row
            ]
            for row in table.rows
        ],
        "empty": table.empty,
        "notes": list(table.notes),
        "small": False,
        "wide": layout.is_wide(table),
    }


def _chart(chart: Chart) -> list[dict[str, Any]]:
    figure = chart.figure
    drawn = {
        "kind": "chart",
        "subject": figure.subject,
        "title": figure.title,
        "unit": figure.unit,
        "svg": draw(figure),
        "alt": figure.alt,
    }
    numbers = {**_table(layout.numbers(chart)), "notes": list(figure.notes), "small": True}
    return [drawn, numbers]


def _printable(value: Any) -> tuple[Any, int]:
    """Every text of the model as the fonts can draw it, and how many signs that cost."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        pairs = {key: _printable(item) for key, item in value.items()}
        return {key: part for key, (part, _) in pairs.items()}, sum(n for _, n in pairs.values())
    if isinstance(value, list):
        items = [_printable(item) for item in value]
        return [part for part, _ in items], sum(n for _, n in items)
    return value, 0

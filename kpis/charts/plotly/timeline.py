"""Commitments on an axis of months."""

from collections.abc import Iterable
from typing import Any

from kpis.charts.plotly.layout import drawn, escape, page_layout, scatter, still, words_at
from kpis.charts.spec import Figure, Role, Row
from kpis.charts.spec.axes import axis_labels, span
from kpis.charts.svg import WIDTH
from kpis.charts.svg.svg import SIZE
from kpis.charts.svg.timeline import ENDS, NAMES, ROW, Block, blocks, is_met, name_of

_DATE_SYMBOLS = {
    Role.FIRST: ("square", "sheet"),
    Role.ASKED: ("square", "sheet"),
    Role.FORECAST: ("diamond", "sheet"),
    Role.NOW: ("square", "ink"),
}


def plot_timeline(figure: Figure) -> dict[str, Any]:
    """Names, months and due dates side by side on three axes; downwards, pixels as on paper."""
    all_blocks = blocks(figure)
    height = all_blocks[-1].bottom + 20
    layout = page_layout(height, 0, 0, 0, 0)
    rows = [placed for block in all_blocks for placed in block.rows]
    edges = NAMES / WIDTH, 1 - ENDS / WIDTH
    hidden = {"showticklabels": False}
    layout |= {
        "yaxis": still(height, 0) | hidden,
        "xaxis": still(*span(figure)) | hidden | {"domain": edges},
        "xaxis2": still(0, NAMES) | hidden | {"domain": (0, edges[0])},
        "xaxis3": still(0, ENDS) | hidden | {"domain": (edges[1], 1)},
        "shapes": [
            *(shape for block in all_blocks for shape in _rules(figure, block)),
            *_first_agreed(rows),
        ],
        "annotations": [heading for block in all_blocks for heading in _heads(figure, block)],
    }
    traces = [
        _texts([(0, y, row.ref) for row, y in rows], axis="x2", is_strong=True),
        _texts([(*_name(row, y),) for row, y in rows], axis="x2"),
        _texts([(ENDS, y, row.end) for row, y in rows if not row.is_moved], axis="x3", is_far=True),
        _texts(
            [(ENDS, y, row.end) for row, y in rows if row.is_moved],
            axis="x3",
            is_far=True,
            is_strong=True,
        ),
        _ways(rows),
        *(_dates(role, rows) for role in _DATE_SYMBOLS),
        _deliveries(rows),
    ]
    return drawn([trace for trace in traces if trace["x"]], layout)


_Placed = tuple[Row, float]


def _name(row: Row, y: float) -> tuple[float, float, str]:
    at, name = name_of(row)
    return at, y, name


def _texts(
    places: list[tuple[float, float, str]],
    *,
    axis: str,
    is_strong: bool = False,
    is_far: bool = False,
) -> dict[str, Any]:
    colour = "ink-2" if is_far and not is_strong else "ink"
    return scatter(
        x=[x for x, _, _ in places],
        y=[y + ROW / 2 for _, y, _ in places],
        text=[escape(label) for *_, label in places],
        xaxis=axis,
        mode="text",
        textposition="middle left" if is_far else "middle right",
        textfont={
            "family": "var(--sans)",
            "size": SIZE,
            "color": f"var(--{colour})",
            "weight": 600 if is_strong else 400,
        },
        hoverinfo="skip",
        cliponaxis=False,
    )


def _ways(rows: list[_Placed]) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[float | None] = []
    for row, top in rows:
        ticks = [cell.tick for cell in row.cells]
        if len(set(ticks)) > 1:
            x += [min(ticks), max(ticks), None]
            y += [top + ROW / 2] * 2 + [None]
    line = {"color": "var(--edge)", "width": 1, "dash": "1px,3px"}
    return scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")


def _dates(role: Role, rows: list[_Placed]) -> dict[str, Any]:
    symbol, fill = _DATE_SYMBOLS[role]
    placed = [(cell, top) for row, top in rows for cell in row.cells if cell.role is role]
    return scatter(
        name=role.value.capitalize(),
        x=[cell.tick for cell, _ in placed],
        y=[top + ROW / 2 for _, top in placed],
        mode="markers",
        marker={
            "symbol": symbol,
            "size": 11 if symbol == "square" else 13,
            "color": f"var(--{fill})",
            "opacity": 1,
            # What was agreed first is drawn as a shape: plotly has no dashed outline of a marker.
            "line": {"color": "var(--ink)", "width": 0 if role is Role.FIRST else 1.5},
        },
        hovertext=[escape(cell.words) for cell, _ in placed],
        hoverinfo="text",
        cliponaxis=False,
    )


def _first_agreed(rows: list[_Placed]) -> Iterable[Any]:
    """Dashed boxes, where nothing else stands in the month."""
    for row, top in rows:
        for cell in row.cells:
            shared = [other for other in row.cells if other.tick == cell.tick]
            if cell.role is Role.FIRST and len(shared) == 1:
                yield {
                    "type": "rect",
                    "layer": "above",
                    "xsizemode": "pixel",
                    "ysizemode": "pixel",
                    "xanchor": cell.tick,
                    "yanchor": top + ROW / 2,
                    "x0": -5.5,
                    "x1": 5.5,
                    "y0": -5.5,
                    "y1": 5.5,
                    "fillcolor": "var(--sheet)",
                    "line": {"color": "var(--ink)", "width": 1.5, "dash": "2px,2px"},
                }


def _deliveries(rows: list[_Placed]) -> dict[str, Any]:
    placed = [
        (cell, row, top) for row, top in rows for cell in row.cells if cell.role is Role.DELIVERED
    ]
    return scatter(
        name=Role.DELIVERED.value.capitalize(),
        x=[cell.tick for cell, _, _ in placed],
        y=[top + ROW / 2 for *_, top in placed],
        mode="text",
        text=["✓"] * len(placed),
        textfont={
            "family": "var(--sans)",
            "size": 13,
            "weight": 700,
            "color": [
                "var(--sheet)" if is_met(cell, row) else "var(--ink)" for cell, row, _ in placed
            ],
        },
        hovertext=[escape(cell.words) for cell, *_ in placed],
        hoverinfo="text",
        cliponaxis=False,
    )


def _rules(figure: Figure, block: Block) -> Iterable[Any]:
    whole = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "layer": "below"}
    first = block.rows[0][1]
    yield {**whole, "y0": first - 3, "y1": first - 3, "line": {"color": "var(--ink)", "width": 1}}
    for _, top in block.rows:
        y = top + ROW
        yield {**whole, "y0": y, "y1": y, "line": {"color": "var(--hair)", "width": 0.6}}
    for label in axis_labels(figure):
        yield _rule(label.at, first, block.bottom, "hair", 1)
    for mark in figure.marks:
        yield _rule(mark.at, first - 4, block.bottom, "accent", 1.5)


def _rule(at: float, top: float, bottom: float, colour: str, width: float) -> Any:
    line = {"color": f"var(--{colour})", "width": width}
    ends = {"x0": at, "x1": at, "y0": top, "y1": bottom}
    return {"type": "line", "layer": "below", "line": line, **ends}


def _heads(figure: Figure, block: Block) -> Iterable[Any]:
    left: dict[str, Any] = {"x": 0, "xref": "x2", "xanchor": "left", "yanchor": "middle"}
    yield words_at(block.title, is_strong=True, size=15, colour="ink", y=block.top + 11, **left)
    for label in axis_labels(figure):
        place: dict[str, Any] = {"x": label.at, "yanchor": "middle"}
        yield words_at(label.text, y=block.months + 26, **place)
        if label.year:
            yield words_at(label.year, is_strong=True, y=block.months + 11, **place)
    right: dict[str, Any] = {"x": ENDS, "xref": "x3", "xanchor": "right", "yanchor": "middle"}
    yield words_at("Now due", y=block.months + 26, **right)
    for mark in figure.marks:
        below: dict[str, Any] = {"x": mark.at, "y": block.bottom + 9, "yanchor": "middle"}
        yield words_at(mark.words, is_strong=True, colour="accent", **below)

"""What every chart has in common: its frame, its months, the words in it."""

from decimal import Decimal
from html import escape as escape_html
from typing import Any

from kpis.charts.spec import Figure
from kpis.charts.spec.axes import axis_labels, span, value_scale
from kpis.charts.spec.parts import short_text
from kpis.charts.svg import WIDTH
from kpis.charts.svg.frame import Frame
from kpis.charts.svg.svg import SIZE

FONT = {"family": "var(--sans)", "size": SIZE, "color": "var(--ink-2)"}


def drawn(traces: list[dict[str, Any]], layout: dict[str, Any]) -> dict[str, Any]:
    """A chart as `Plotly.newPlot` takes it."""
    return {"data": traces, "layout": layout}


def scatter(**properties: Any) -> dict[str, Any]:
    """A trace of points, lines or texts."""
    return {"type": "scatter", **properties}


def escape(words: str) -> str:
    # Plotly turns three entities back into what they stand for, and shows any other as it is.
    return escape_html(words, quote=False)


def page_layout(
    height: float, left: float, right: float, top: float, bottom: float
) -> dict[str, Any]:
    """What all have in common: nothing to drag or to zoom, so that a finger scrolls the page."""
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0},
        "font": FONT,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverdistance": 30,
        "hoverlabel": {
            "bgcolor": "var(--sheet)",
            "bordercolor": "var(--ink)",
            "font": {"family": "var(--sans)", "size": 13, "color": "var(--ink)"},
            "align": "left",
            "namelength": 0,
        },
    }


def framed(figure: Figure, frame: Frame, foot: float) -> dict[str, Any]:
    """The layout of a chart with a scale of values and an axis of months."""
    scale = value_scale(figure)
    hair = (scale[-1] - scale[0]) / 1000
    layout = page_layout(frame.bottom + foot, frame.left, WIDTH - frame.right, frame.top, foot)
    layout["yaxis"] = {
        # A hair more than the scale: plotly leaves out a line on the very edge.
        **still(float(scale[0] - hair), float(scale[-1] + hair)),
        "tickvals": [float(value) for value in scale],
        "ticktext": [short_text(value, figure.value_unit) for value in scale],
        "ticklabelstandoff": 6,
        "gridcolor": "var(--hair)",
        "showgrid": True,
    }
    layout["xaxis"] = still(*span(figure))
    return layout


def still(low: float, high: float) -> dict[str, Any]:
    return {
        "range": [low, high],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
    }


def words_at(
    words: str,
    *,
    is_strong: bool = False,
    colour: str = "ink-2",
    size: float = SIZE,
    **place: Any,
) -> Any:
    """An annotation: words at a place, with nothing around them."""
    font = {"color": f"var(--{colour})", "size": size, "family": "var(--sans)"}
    if is_strong:
        font["weight"] = 600
    return {"text": escape(words), "showarrow": False, "font": font, "borderpad": 0, **place}


def month_text(figure: Figure) -> list[Any]:
    """The axis of months. Not the axis's own texts: of those all or none would be bold."""
    annotations = []
    for label in axis_labels(figure):
        place: dict[str, Any] = {
            "x": label.at,
            "xref": "x",
            "y": 0,
            "yref": "paper",
            "yanchor": "middle",
        }
        colour = "ink" if label.is_last else "ink-2"
        strong = label.is_last
        annotations.append(
            words_at(label.text, is_strong=strong, colour=colour, yshift=-14, **place)
        )
        if label.year:
            annotations.append(words_at(label.year, yshift=-30, **place))
    return annotations


def number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)

"""Stacked columns of the colours."""

from typing import Any

from actions.rules.status import COLOURS, Rating
from kpis.charts.plotly.layout import drawn, escape, framed, month_text, number, words_at
from kpis.charts.spec import Figure, Series
from kpis.charts.svg import WIDTH
from kpis.charts.svg.frame import Frame
from kpis.charts.svg.ratings import FOOT as RATINGS_FOOT
from kpis.charts.svg.ratings import ROOM, SHARE, column_ends, ratings_frame

_PATTERNS: dict[Rating, dict[str, Any]] = {
    Rating.AMBER: {"shape": ".", "size": 6, "solidity": 0.14},
    Rating.RED: {"shape": "/", "size": 6, "solidity": 0.14},
}


def plot_ratings(figure: Figure) -> dict[str, Any]:
    frame = ratings_frame(figure, WIDTH)
    layout = framed(figure, frame, RATINGS_FOOT)
    layout["xaxis"] |= {"showticklabels": False, "showline": True, "linecolor": "var(--ink)"}
    layout |= {"barmode": "stack", "bargap": 1 - SHARE}
    layout["annotations"] = month_text(figure) + [
        words_at(
            label,
            is_strong=True,
            colour="ink",
            x=1,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=1 - (y - frame.top) / (frame.bottom - frame.top),
            yref="paper",
            yanchor="middle",
        )
        for y, label in column_ends(figure, frame)
    ]
    return drawn([_columns(figure, series, frame) for series in figure.series], layout)


def _columns(figure: Figure, series: Series, frame: Frame) -> dict[str, Any]:
    assert series.rating is not None
    name = series.rating.value
    is_rated = series.rating in COLOURS
    first = series.values[0]
    has_room = first and frame.y(frame.y_span[0]) - frame.y(first) >= ROOM
    colours = {"bgcolor": f"var(--{name})", "fgcolor": f"var(--on-{name})"}
    pattern = _PATTERNS[series.rating] | colours if series.rating in _PATTERNS else None
    return {
        "type": "bar",
        "name": escape(series.name),
        "x": [tick.at for tick in figure.x],
        "y": [number(value) for value in series.values],
        "marker": {
            "color": f"var(--{name})" if is_rated else "rgba(0,0,0,0)",
            "line": {
                "color": f"var(--edge-{name})" if is_rated else "var(--edge)",
                # An edge around nothing would be a line.
                "width": [1 if value else 0 for value in series.values],
            },
            **({"pattern": pattern} if pattern else {}),
        },
        "text": [str(first) if has_room else "", *([""] * (len(figure.x) - 1))],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "insidetextfont": {
            "color": f"var(--on-{name})" if is_rated else "var(--ink)",
            "size": 12,
            "weight": 600,
            "family": "var(--sans)",
        },
        "hovertext": [escape(text) for text in series.words],
        "hoverinfo": "text",
    }

"""A measure with its limits, target and trajectory."""

from typing import Any

from kpis.charts.plotly.layout import (
    drawn,
    escape,
    framed,
    month_text,
    number,
    scatter,
    words_at,
)
from kpis.charts.spec import Figure, Role, Series, Shape
from kpis.charts.spec.axes import span, stretches, value_scale
from kpis.charts.svg import WIDTH
from kpis.charts.svg.labels import Label, labels
from kpis.charts.svg.measure import FOOT as MEASURE_FOOT
from kpis.charts.svg.measure import LANE, NARROWEST, PLOT, lanes, measure_frame
from kpis.charts.svg.shapes import LINES, PAINTS, comparator_line
from kpis.charts.svg.svg import width_of

_SYMBOLS = {
    Shape.CIRCLE: "circle",
    Shape.DIAMOND: "diamond",
    Shape.SQUARE: "square",
    Shape.UP: "triangle-up",
    Shape.DOWN: "triangle-down",
}


def plot_measure(figure: Figure) -> dict[str, Any]:
    # With the whole scale: whoever explores a chart looks closer where they want.
    frame = measure_frame(figure, WIDTH, value_scale(figure))
    has_chart = figure.of(Role.MEAN) is not None
    traces = []
    for role in (Role.LOWER, Role.UPPER, Role.MEAN, Role.TRAJECTORY, Role.TARGET):
        series = figure.of(role)
        if series:
            traces.append(_line(figure, series))
    traces += [_others(figure, series, place) for place, series in enumerate(figure.comparators)]
    for role in (Role.PROJECTED, Role.ACTUAL):
        series = figure.of(role)
        if series:
            traces.append(_points(figure, series, has_chart=has_chart))
    layout = framed(figure, frame, MEASURE_FOOT)
    layout["xaxis"]["showticklabels"] = False
    layout["shapes"] = [*_bands(figure), *_uprights(figure)]
    layout["annotations"] = [
        *month_text(figure),
        *_marks(figure),
        *(_label(label) for label in labels(figure, frame)),
    ]
    return drawn(traces, layout)


def _line(figure: Figure, series: Series) -> dict[str, Any]:
    """A line whose gaps are gaps. A trajectory's dated values can be pointed at."""
    colour, thick, dashes = LINES[series.role]
    x: list[float | None] = []
    y: list[float | None] = []
    for stretch in stretches(figure, series):
        # None between two stretches, where the line breaks.
        x += [None] * bool(x) + [at for at, _ in stretch]
        y += [None] * bool(y) + [float(value) for _, value in stretch]
    hover_texts = {
        figure.x[index].at: series.words[index]
        for index in (series.starts if series.role is Role.TRAJECTORY else ())
    }
    is_dated = [at in hover_texts for at in x]
    return scatter(
        name=escape(series.name),
        x=x,
        y=y,
        mode="lines+markers" if hover_texts else "lines",
        line={
            "color": f"var(--{colour})",
            "width": thick,
            "dash": dashes.replace(" ", "px,") + "px" if dashes else "solid",
        },
        marker={
            "symbol": "square",
            "size": [5 if dated else 0 for dated in is_dated],
            "color": f"var(--{colour})",
            "opacity": 1,
        },
        hovertext=[escape(hover_texts.get(at, "")) if at is not None else "" for at in x],
        hoverinfo="text" if hover_texts else "skip",
        cliponaxis=False,
    )


def _others(figure: Figure, series: Series, place: int) -> dict[str, Any]:
    """Others, whose values can be pointed at."""
    colour, thick, dashes = comparator_line(place)
    known = [
        (tick.at, value, text)
        for tick, value, text in zip(figure.x, series.values, series.words, strict=True)
        if value is not None
    ]
    return scatter(
        name=escape(series.name),
        x=[at for at, *_ in known],
        y=[float(value) for _, value, _ in known],
        mode="lines+markers",
        line={
            "color": f"var(--{colour})",
            "width": thick,
            "dash": dashes.replace(" ", "px,") + "px",
        },
        marker={"symbol": "circle", "size": 5, "color": f"var(--{colour})", "opacity": 1},
        hovertext=[escape(text) for *_, text in known],
        hoverinfo="text",
        cliponaxis=False,
    )


def _points(figure: Figure, series: Series, *, has_chart: bool) -> dict[str, Any]:
    is_actual = series.role is Role.ACTUAL
    line_colour = "usual" if has_chart else "ink"
    rows = [
        (tick.at, value, shape, text)
        for tick, value, shape, text in zip(
            figure.x, series.values, series.shapes, series.words, strict=True
        )
        # A gap is a period without a value, not a day on which none was due.
        if value is not None or (is_actual and tick.is_period)
    ]
    joint = [] if is_actual else stretches(figure, series)[0][: -len(rows)]
    colour, thick, dash = (line_colour, 1.8, "solid") if is_actual else ("ink-2", 1.5, "3px,3px")
    hidden = len(joint)
    return scatter(
        name=escape(series.name),
        x=[at for at, _ in joint] + [row[0] for row in rows],
        y=[float(value) for _, value in joint] + [number(row[1]) for row in rows],
        mode="lines+markers",
        line={"color": f"var(--{colour})", "width": thick, "dash": dash},
        marker={
            "symbol": ["circle"] * hidden + [_SYMBOLS[row[2]] for row in rows],
            "size": [0] * hidden + [_size(row[2]) for row in rows],
            "color": ["var(--sheet)"] * hidden + [f"var(--{PAINTS[row[2]][0]})" for row in rows],
            "line": {
                "color": [f"var(--{line_colour})"] * hidden
                + [f"var(--{line_colour if row[2] is Shape.CIRCLE else 'ink'})" for row in rows],
                "width": [0] * hidden + [PAINTS[row[2]][2] for row in rows],
            },
            "opacity": 1,
        },
        connectgaps=False,
        hovertext=[""] * hidden + [escape(row[3]) for row in rows],
        hoverinfo="text",
        cliponaxis=False,
    )


def _size(shape: Shape) -> float:
    return {Shape.CIRCLE: 8, Shape.DIAMOND: 10.5, Shape.SQUARE: 9}.get(shape, 11)


def _bands(figure: Figure) -> list[Any]:
    lower, upper = figure.of(Role.LOWER), figure.of(Role.UPPER)
    if lower is None or upper is None:
        return []
    pairs = zip(stretches(figure, lower), stretches(figure, upper), strict=True)
    return [
        {
            "type": "rect",
            "layer": "below",
            "x0": below[0][0],
            "x1": below[-1][0],
            "y0": float(below[0][1]),
            "y1": float(above[0][1]),
            "fillcolor": "var(--well)",
            "line": {"width": 0},
        }
        for below, above in pairs
    ]


def _uprights(figure: Figure) -> list[Any]:
    return [_upright(mark.at, lane) for mark, lane in zip(figure.marks, lanes(figure), strict=True)]


def _upright(at: float, lane: int) -> Any:
    return {
        "type": "line",
        "x0": at,
        "x1": at,
        "yref": "paper",
        "y0": 0,
        "y1": 1 + (19 + LANE * lane) / PLOT,
        "line": {"color": "var(--ink-2)", "width": 1.2, "dash": "2px,3px"},
    }


def _marks(figure: Figure) -> list[Any]:
    left, right = span(figure)
    annotations = []
    for mark, lane in zip(figure.marks, lanes(figure), strict=True):
        wide = width_of(mark.words) + 6
        is_far = (mark.at - left) / (right - left) * NARROWEST + wide > NARROWEST
        annotations.append(
            words_at(
                mark.words,
                x=mark.at,
                xref="x",
                xanchor="right" if is_far else "left",
                xshift=-5 if is_far else 5,
                y=1,
                yref="paper",
                yanchor="middle",
                yshift=12 + LANE * lane,
            )
        )
    return annotations


def _label(label: Label) -> Any:
    return words_at(
        label.words,
        is_strong=label.is_strong,
        colour=label.colour,
        x=label.at,
        y=float(label.value),
        xanchor={"start": "left", "middle": "center", "end": "right"}[label.anchor],
        yanchor="middle",
        xshift=label.dx,
        yshift=-label.dy,
    )

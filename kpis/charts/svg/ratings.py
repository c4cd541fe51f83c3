"""Stacked columns of the colours, Blue at the foot, not yet rated at the top."""

from collections.abc import Iterable
from decimal import Decimal

from actions.rules.status import COLOURS, Rating
from kpis.charts.spec import Figure, Series
from kpis.charts.spec.axes import span, value_scale
from kpis.charts.svg.fills import patch
from kpis.charts.svg.frame import Frame, bottom_axis, scale_lines
from kpis.charts.svg.svg import element, picture, spread, text, width_of

PLOT = 240.0
FOOT = 44.0
# Of a column's step, how much is column; how high a part must be to hold its number.
SHARE = 0.79
ROOM = 17.0


def draw_ratings(figure: Figure, width: float) -> str:
    scale = value_scale(figure)
    frame = ratings_frame(figure, width)
    parts = [
        *scale_lines(frame, scale, [str(value) for value in scale]),
        *_columns(figure, frame),
        *_ends(figure, frame),
        *bottom_axis(figure, frame),
    ]
    return picture(width, frame.bottom + FOOT, parts)


def ratings_frame(figure: Figure, width: float) -> Frame:
    scale = value_scale(figure)
    return Frame(
        left=width_of(str(scale[-1])) + 14,
        right=width - max(width_of(f"99 {series.name}") for series in figure.series) - 10,
        top=12,
        bottom=12 + PLOT,
        x_span=span(figure),
        y_span=(scale[0], scale[-1]),
    )


def _columns(figure: Figure, frame: Frame) -> Iterable[str]:
    step = (frame.right - frame.left) / max(len(figure.x), 1)
    wide = step * SHARE
    for index, tick in enumerate(figure.x):
        x = frame.x(tick.at) - wide / 2
        foot = frame.bottom
        for series in figure.series:
            value = series.values[index]
            if not value or series.rating is None:
                continue
            high = frame.y(frame.y_span[0]) - frame.y(value)
            # A pixel between two parts, but no part so low that it is not seen.
            shown = max(high - 1, 0.6)
            yield patch(series.rating, x, foot - high, wide, shown, series.words[index])
            if index == 0 and high >= ROOM:
                yield _inside(series, int(value), x + wide / 2, foot - high / 2)
            foot -= high


def _inside(series: Series, value: int, x: float, y: float) -> str:
    """The number in a part of the first column. A pattern must not run through it."""
    rating = series.rating
    assert rating is not None
    if rating in {Rating.AMBER, Rating.RED}:
        wide = width_of(str(value), 12) + 6
        behind = element(
            "rect", fill=rating.value, x=x - wide / 2, y=y - 8, width=wide, height=16.0
        )
    else:
        behind = ""
    fill = f"on-{rating.value}" if rating in COLOURS else "ink"
    return behind + text(x, y + 4, str(value), size=12, fill=fill, anchor="middle", is_strong=True)


def column_ends(figure: Figure, frame: Frame) -> list[tuple[float, str]]:
    """The colours of the last column, named at its side: how far down, and the words."""
    foot = Decimal(0)
    places, texts = [], []
    for series in figure.series:
        value = series.values[-1] if figure.x else None
        if value:
            places.append(frame.y(foot + value / 2))
            texts.append(f"{value} {series.name}")
            foot += value
    return list(zip(spread(places, 16, frame.top, frame.bottom), texts, strict=True))


def _ends(figure: Figure, frame: Frame) -> Iterable[str]:
    for y, label in column_ends(figure, frame):
        yield text(frame.right + 6, y + 4, label, fill="ink", is_strong=True)

"""A measure over its periods, with its limits, target and trajectory."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from kpis.charts.spec import Figure, Role
from kpis.charts.spec.axes import span, stretches, value_scale
from kpis.charts.spec.parts import short_text
from kpis.charts.svg.far import cut, draw_edge, draw_whole, side_words, whole_frame
from kpis.charts.svg.frame import Frame, bottom_axis, scale_lines
from kpis.charts.svg.labels import labels, line_end_text
from kpis.charts.svg.shapes import LINES, comparator_line, point
from kpis.charts.svg.svg import element, path, picture, text, title, width_of
from kpis.rules.text import CLOSED

# Of the plot itself; of the axis below it; of a row of words above it.
PLOT = 248.0
FOOT = 44.0
LANE = 19.0
# Of a plot with its words beside it.
NARROWEST = 480.0


def draw_measure(figure: Figure, width: float) -> str:
    if not figure.series:
        return picture(width, 60, [text(0, 34, "No figures yet", size=15, fill="ink")])
    far = figure.far
    scale = list(far.scale) if far else value_scale(figure)
    frame = measure_frame(figure, width, scale)
    parts = [
        _band(figure, frame),
        *scale_lines(frame, scale, [short_text(value, figure.value_unit) for value in scale]),
        *_marks(figure, frame),
        *_others(figure, frame),
        *_lines(figure, frame),
        *_points(figure, frame),
        *_labels(figure, frame),
        *_closed(figure, frame),
        *bottom_axis(figure, frame, has_base=False),
    ]
    bottom = frame.bottom + FOOT
    if far:
        below = whole_frame(figure, far, frame)
        parts += [*draw_edge(far, frame), *draw_whole(figure, far, below)]
        bottom = below.bottom + FOOT
    return picture(width, bottom, parts)


def measure_frame(figure: Figure, width: float, scale: Sequence[Decimal]) -> Frame:
    """With room for the numbers at the left, the lines' names at the right, the marks above."""
    numbers = [width_of(short_text(value, figure.value_unit)) for value in scale]
    names = [width_of(name) for _, name in line_end_text(figure)]
    names += [width_of(words) for words in side_words(figure)]
    top = 14 + LANE * (max(lanes(figure), default=-1) + 1)
    return Frame(
        left=max(numbers) + 14,
        right=width - max(names, default=0) - 16,
        top=top,
        bottom=top + PLOT,
        x_span=span(figure),
        y_span=(scale[0], scale[-1]),
    )


def lanes(figure: Figure) -> list[int]:
    """For each mark, how many rows up its words stand, so that none runs into another."""
    left, right = span(figure)
    free: list[float] = []
    mark_lanes = []
    for mark in figure.marks:
        x = (mark.at - left) / (right - left) * NARROWEST
        lane = next((lane for lane, until in enumerate(free) if until < x), len(free))
        if lane == len(free):
            free.append(0)
        free[lane] = x + width_of(mark.words) + 12
        mark_lanes.append(lane)
    return mark_lanes


def _marks(figure: Figure, frame: Frame) -> Iterable[str]:
    for mark, lane in zip(figure.marks, lanes(figure), strict=True):
        x = frame.x(mark.at)
        y = frame.top - 8 - LANE * lane
        yield element(
            "path",
            fill="none",
            line="ink-2",
            d=path([(x, y - 11), (x, frame.bottom)]),
            stroke_width=1.2,
            stroke_dasharray="2 3",
        )
        is_far = x + 6 + width_of(mark.words) > frame.right
        anchor = "end" if is_far else None
        yield text(x - 6 if is_far else x + 6, y, mark.words, anchor=anchor, has_halo=True)


def _band(figure: Figure, frame: Frame) -> str:
    lower, upper = figure.of(Role.LOWER), figure.of(Role.UPPER)
    if lower is None or upper is None:
        return ""
    pairs = zip(stretches(figure, lower), stretches(figure, upper), strict=True)
    return "".join(
        element(
            "path",
            fill="well",
            d=path(frame.place(corner) for corner in [*below, *reversed(above)]) + "Z",
        )
        for below, above in pairs
    )


def _others(figure: Figure, frame: Frame) -> Iterable[str]:
    """Behind the measure: a line for each of the others, with small dots that say their values."""
    for place, series in enumerate(figure.comparators):
        colour, thick, dashes = comparator_line(place)
        for stretch in stretches(figure, series):
            yield element(
                "path",
                fill="none",
                line=colour,
                d=path(frame.place(vertex) for vertex in stretch),
                stroke_width=thick,
                stroke_dasharray=dashes,
            )
    for series in figure.comparators:
        for index, value in enumerate(series.values):
            if value is not None:
                x, y = frame.place((figure.x[index].at, value))
                yield element("circle", title(series.words[index]), fill="ink-2", cx=x, cy=y, r=2.6)


def _lines(figure: Figure, frame: Frame) -> Iterable[str]:
    has_chart = figure.of(Role.MEAN) is not None
    order = [Role.LOWER, Role.UPPER, Role.MEAN, Role.TRAJECTORY, Role.TARGET]
    for role in [*order, Role.ACTUAL, Role.PROJECTED]:
        series = figure.of(role)
        if series is None:
            continue
        actual = ("usual" if has_chart else "ink", 1.8, None)
        colour, thick, dashes = LINES.get(role, actual)
        for stretch in stretches(figure, series):
            for inside in cut(stretch, *frame.y_span):
                yield element(
                    "path",
                    fill="none",
                    line=colour,
                    d=path(frame.place(vertex) for vertex in inside),
                    stroke_width=thick,
                    stroke_dasharray=dashes,
                    stroke_linejoin="round",
                )


def _points(figure: Figure, frame: Frame) -> Iterable[str]:
    has_chart = figure.of(Role.MEAN) is not None
    trajectory = figure.of(Role.TRAJECTORY)
    for index in sorted(trajectory.starts) if trajectory else ():
        value = trajectory.values[index] if trajectory else None
        if value is not None and frame.holds(value):
            x, y = frame.place((figure.x[index].at, value))
            yield element("rect", fill="ink", x=x - 2.5, y=y - 2.5, width=5.0, height=5.0)
    for series in (figure.of(Role.PROJECTED), figure.of(Role.ACTUAL)):
        for index, value in enumerate(series.values if series else ()):
            if series and value is not None:
                x, y = frame.place((figure.x[index].at, value))
                line = "" if has_chart else "ink"
                yield point(series.shapes[index], x, y, series.words[index], line=line)


def _labels(figure: Figure, frame: Frame) -> Iterable[str]:
    for label in labels(figure, frame):
        x, y = frame.place((label.at, label.value))
        if label.is_boxed:
            wide = width_of(label.words) * 1.1 + 8
            yield element(
                "rect",
                fill="sheet",
                line="ink",
                x=x + label.dx - wide / 2,
                y=y + label.dy - 9,
                width=wide,
                height=18.0,
                stroke_width=1,
                stroke_dasharray="3 2",
            )
        yield text(
            x + label.dx,
            y + label.dy + 4,
            label.words,
            fill=label.colour,
            anchor=None if label.anchor == "start" else label.anchor,
            is_strong=label.is_strong,
            has_halo=True,
        )


def _closed(figure: Figure, frame: Frame) -> Iterable[str]:
    """Where a figure is too few to show: at the foot, so that its height says nothing."""
    for at in figure.closed:
        x = frame.x(at)
        yield text(x, frame.bottom - 6, CLOSED, size=12, anchor="middle", has_halo=True)

"""A target far from the figures: named at the edge of their chart, drawn in a panel below it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from kpis.charts.spec import Figure, Role
from kpis.charts.spec.axes import stretches
from kpis.charts.spec.parts import Far, Gap, short_text
from kpis.charts.svg.frame import Frame, bottom_axis, scale_lines
from kpis.charts.svg.svg import element, path, text, width_of

Vertex = tuple[float, Decimal]

# From the first panel's foot to the second; the second's height; from line to line of words.
BETWEEN = 84.0
PANEL = 106.0
LINE = 15.0
HEADING = "The same figures beside the target"


def cut(line: Sequence[Vertex], low: Decimal, high: Decimal) -> Iterator[list[Vertex]]:
    """The parts of a line between two values, ending where it crosses them."""
    part: list[Vertex] = []
    for start, end in pairwise(line):
        ends = _inside(start, end, low, high)
        if ends is None:
            continue
        first, last = ends
        if part and part[-1] != first:
            yield part
            part = []
        part += [last] if part else [first, last]
    if part or (len(line) == 1 and low <= line[0][1] <= high):
        yield part or list(line)


def _inside(
    start: Vertex, end: Vertex, low: Decimal, high: Decimal
) -> tuple[Vertex, Vertex] | None:
    """The part of an edge between two values; None where it runs outside of them."""
    if max(start[1], end[1]) < low or min(start[1], end[1]) > high:
        return None
    return _moved(start, end, low, high), _moved(end, start, low, high)


def _moved(vertex: Vertex, other: Vertex, low: Decimal, high: Decimal) -> Vertex:
    """The vertex, moved along its edge to the value where it crosses, if it lies beyond it."""
    (at, value), (other_at, other_value) = vertex, other
    nearest = min(max(value, low), high)
    if nearest == value:
        return vertex
    share = float((nearest - value) / (other_value - value))
    return at + (other_at - at) * share, nearest


def side_words(figure: Figure) -> list[str]:
    """What stands at the right of either panel, besides the lines' names."""
    if not figure.far:
        return []
    return [figure.far.name, *figure.far.distance, *_target_names(figure)]


def draw_edge(far: Far, frame: Frame) -> Iterable[str]:
    """The first panel's edge towards the target, with the target's name outside of it."""
    if not far.name:
        return
    edge = frame.bottom if far.is_below else frame.top
    y = edge + 6 if far.is_below else edge - 6
    dotted = path([(frame.left, y), (frame.right, y)])
    yield element(
        "path", fill="none", line="accent", d=dotted, stroke_width=2.5, stroke_dasharray="2.5 3"
    )
    if far.is_below:
        yield _break(frame)
    # Beside the edge, into the corner where no line ends.
    lines = [far.name, *far.distance]
    top = y - LINE * (len(lines) - 1) - 6 if far.is_below else y + 14
    for place, words in enumerate(lines):
        strong = place == 0
        yield text(
            frame.right + 8,
            top + LINE * place,
            words,
            fill="accent",
            is_strong=strong,
            has_halo=True,
        )


def _break(frame: Frame) -> str:
    """Two short strokes over the foot of the axis: it does not go on to the target."""
    x, y = frame.left, frame.bottom
    strokes = path([(x - 7, y + 5), (x + 3, y - 1)]) + path([(x - 7, y + 9), (x + 3, y + 3)])
    return element("path", fill="none", line="ink", d=strokes, stroke_width=1.4)


def whole_frame(figure: Figure, far: Far, first: Frame) -> Frame:
    top = first.bottom + BETWEEN
    return replace(first, top=top, bottom=top + PANEL, y_span=(far.whole[0], far.whole[-1]))


def draw_whole(figure: Figure, far: Far, frame: Frame) -> Iterable[str]:
    """Everything on one scale, drawn plainly: figures, path, targets and the gap in words."""
    unit = figure.value_unit
    yield text(0, frame.top - 20, HEADING, size=15, fill="ink", is_strong=True)
    ends = [short_text(value, unit) for value in (far.whole[0], far.whole[-1])]
    words = f"scale from {ends[0]} to {ends[1]}"
    yield text(width_of(HEADING, 15) * 1.08 + 16, frame.top - 20, words)
    yield _band(far, frame)
    yield from scale_lines(frame, far.whole, [short_text(value, unit) for value in far.whole])
    yield from _lines(figure, frame)
    if far.gap:
        yield from _gap(figure, far.gap, frame)
    yield from _targets(figure, frame)
    yield from bottom_axis(figure, frame, has_base=False)


def _band(far: Far, frame: Frame) -> str:
    """What the panel above shows."""
    top, bottom = frame.y(far.scale[-1]), frame.y(far.scale[0])
    top, bottom = max(top, frame.top), min(bottom, frame.bottom)
    wide = frame.right - frame.left
    return element("rect", fill="well", x=frame.left, y=top, width=wide, height=bottom - top)


def _lines(figure: Figure, frame: Frame) -> Iterable[str]:
    for role, colour, thick, dashes in (
        (Role.TRAJECTORY, "accent", 1.8, "2.5 3"),
        (Role.ACTUAL, "ink", 1.8, None),
    ):
        series = figure.of(role)
        for stretch in stretches(figure, series) if series else ():
            yield element(
                "path",
                fill="none",
                line=colour,
                d=path(frame.place(vertex) for vertex in stretch),
                stroke_width=thick,
                stroke_dasharray=dashes,
                stroke_linejoin="round",
            )


def _gap(figure: Figure, gap: Gap, frame: Frame) -> Iterable[str]:
    """An arrow from the latest figure to its path."""
    x, y = frame.place((figure.x[gap.tick].at, gap.value))
    end = frame.y(gap.expected)
    yield element("circle", fill="ink", cx=x, cy=y, r=3.8)
    back = -6 if end > y else 6
    if abs(end - y) > 12:
        head = path([(x - 4, end + back), (x, end), (x + 4, end + back)])
        shaft = path([(x, y), (x, end)])
        yield element("path", fill="none", line="ink", d=shaft + head, stroke_width=1.2)
    yield text(x + 8, (y + end) / 2 + 4, gap.words, fill="ink", is_strong=True, has_halo=True)
    yield text(x - 8, end + 4 - back, gap.path_words, fill="accent", anchor="end", has_halo=True)


def _target_places(figure: Figure) -> list[tuple[float, Decimal, str]]:
    """Each value that the path is to come to, with its words; else the last target."""
    trajectory, target = figure.of(Role.TRAJECTORY), figure.of(Role.TARGET)
    levels = {value for value in target.values if value is not None} if target else set()
    dated = [
        (figure.x[index].at, value, figure.x[index].label)
        for index in sorted(trajectory.starts if trajectory else ())
        if trajectory and (value := trajectory.values[index]) in levels and value is not None
    ]
    if dated or target is None:
        return dated
    at, value = stretches(figure, target)[-1][-1]
    return [(at, value, "")]


def _target_names(figure: Figure) -> list[str]:
    return [_target_name(figure, value, when) for _, value, when in _target_places(figure)[-1:]]


def _target_name(figure: Figure, value: Decimal, when: str) -> str:
    name = f"Target {short_text(value, figure.value_unit)}"
    return f"{name}, {when}" if when else name


def _targets(figure: Figure, frame: Frame) -> Iterable[str]:
    places = _target_places(figure)
    for place, (at, value, when) in enumerate(places):
        x, y = frame.place((at, value))
        cross = path([(x - 6, y), (x + 6, y)]) + path([(x, y - 6), (x, y + 6)])
        yield element("path", fill="none", line="accent", d=cross, stroke_width=2)
        is_last = place == len(places) - 1
        words = _target_name(figure, value, when if is_last else "")
        room = frame.right + 8 - x if is_last else 10
        yield text(x + max(room, 10), y + 4, words, fill="accent", is_strong=True, has_halo=True)

"""The words inside a measure's chart: the name of each line at its end, values beside their points.

The same for every way of drawing: a label stands at a place of the chart, moved by some pixels.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kpis.charts.spec import Figure, Role, Series
from kpis.charts.spec.axes import stretches
from kpis.charts.spec.parts import short_text
from kpis.charts.svg.frame import Frame
from kpis.charts.svg.svg import spread, width_of

# Pixels: how near to the plot's edge a line ends that is named beside it; from label to label.
NEAR = 60.0
APART = 15.0

LINE_NAMES = {
    Role.MEAN: "Mean",
    Role.UPPER: "Upper limit",
    Role.LOWER: "Lower limit",
    Role.TARGET: "Target",
    Role.TRAJECTORY: "Trajectory",
}


@dataclass(frozen=True, slots=True)
class Label:
    """`dx` and `dy` are pixels to the right and downwards, to the middle of the line of words."""

    at: float
    value: Decimal
    words: str
    colour: str = "ink"
    is_strong: bool = False
    anchor: str = "start"
    dx: float = 0
    dy: float = 0
    # In the dashed box of a small number.
    is_boxed: bool = False


def labels(figure: Figure, frame: Frame) -> list[Label]:
    all_labels = [*_line_ends(figure, frame), *_earlier_targets(figure), *_dated(figure, frame)]
    all_labels = [label for label in all_labels if frame.holds(label.value)]
    for role in (Role.PROJECTED, Role.ACTUAL):
        series = figure.of(role)
        if series:
            all_labels += _beside_points(figure, series, frame)
    return all_labels


def line_end_text(figure: Figure) -> list[tuple[Series, str]]:
    texts = []
    for role, name in LINE_NAMES.items():
        series = figure.of(role)
        if series:
            value = stretches(figure, series)[-1][-1][1]
            texts.append((series, f"{name} {short_text(value, figure.value_unit)}"))
    for series in figure.comparators:
        value = stretches(figure, series)[-1][-1][1]
        texts.append((series, f"{series.name} {short_text(value, figure.value_unit)}"))
    return texts


def _line_ends(figure: Figure, frame: Frame) -> Iterable[Label]:
    ends = [
        (series, text, at, value)
        for series, text in line_end_text(figure)
        for at, value in stretches(figure, series)[-1][-1:]
        if frame.holds(value)
    ]
    places = spread([frame.y(value) for *_, value in ends], APART, frame.top, frame.bottom)
    for (series, text, at, value), y in zip(ends, places, strict=True):
        x = frame.x(at)
        # Beside the plot, unless the line ends long before.
        beside = frame.right - x if x > frame.right - NEAR else 0
        yield Label(
            at,
            value,
            text,
            {Role.TARGET: "accent", Role.MEAN: "ink"}.get(series.role, "ink-2"),
            is_strong=series.role in {Role.MEAN, Role.TARGET},
            dx=beside + 8,
            dy=y - frame.y(value),
        )


def _earlier_targets(figure: Figure) -> Iterable[Label]:
    target = figure.of(Role.TARGET)
    if target is None:
        return
    lines = stretches(figure, target)
    # The last step is named at its end.
    steps = [edge for line in lines for edge in pairwise(line) if edge[0][1] == edge[1][1]]
    for (at, value), _ in steps[:-1]:
        text = f"Target {short_text(value, figure.value_unit)}"
        yield Label(at, value, text, "accent", is_strong=True, dx=2, dy=-11)


def _dated(figure: Figure, frame: Frame) -> Iterable[Label]:
    """The dated values of the trajectory, but for the last, which is named at its end."""
    trajectory = figure.of(Role.TRAJECTORY)
    if trajectory is None:
        return
    dated = sorted(trajectory.starts)
    for index in dated[:-1]:
        value = trajectory.values[index]
        if value is not None:
            anchor = "start" if index == dated[0] else "middle"
            text = short_text(value, figure.value_unit)
            # On the side of the line where the measure is not, and not among the months.
            is_below = _is_above(figure, index, value) and frame.y(value) + 20 < frame.bottom
            dy = 13 if is_below else -13
            yield Label(figure.x[index].at, value, text, anchor=anchor, dy=dy)


def _is_above(figure: Figure, index: int, value: Decimal) -> bool:
    measured = [figure.of(role) for role in (Role.ACTUAL, Role.PROJECTED)]
    return any(
        actual >= value
        for series in measured
        if series
        for actual in series.values[max(index - 1, 0) : index + 2]
        if actual is not None
    )


def _beside_points(figure: Figure, series: Series, frame: Frame) -> Iterable[Label]:
    last = max(index for index, value in enumerate(series.values) if value is not None)
    for index, value in enumerate(series.values):
        if value is None:
            continue
        at = figure.x[index].at
        if index in series.provisional:
            yield Label(at, value, "p", anchor="middle", dy=13)
        text, note = short_text(value, figure.value_unit), series.notes[index]
        if note:
            wide = width_of(text) * 1.1 + 6
            whole = 10 + wide + width_of(note)
            dx = -whole if frame.x(at) + whole > frame.right else 10
            yield Label(at, value, text, is_strong=True, dx=dx)
            yield Label(at, value, note, "ink-2", dx=dx + wide)
        elif index in series.marked:
            yield Label(at, value, text, is_strong=True, anchor="middle", dy=-17, is_boxed=True)
        elif index == last:
            yield Label(at, value, text, is_strong=True, anchor="middle", dy=-15)

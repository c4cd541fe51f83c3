"""The rectangle a chart is drawn in: its scales, its gridlines, its axis of time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpis.charts.spec import Figure
from kpis.charts.spec.axes import axis_labels
from kpis.charts.svg.svg import element, path, text


@dataclass(frozen=True, slots=True)
class Frame:
    left: float
    right: float
    top: float
    bottom: float
    x_span: tuple[float, float]
    y_span: tuple[Decimal, Decimal]

    def x(self, at: float) -> float:
        low, high = self.x_span
        return self.left + (at - low) / (high - low) * (self.right - self.left)

    def y(self, value: Decimal) -> float:
        low, high = self.y_span
        return self.bottom - float((value - low) / (high - low)) * (self.bottom - self.top)

    def holds(self, value: Decimal) -> bool:
        return self.y_span[0] <= value <= self.y_span[1]

    def place(self, vertex: tuple[float, Decimal]) -> tuple[float, float]:
        return self.x(vertex[0]), self.y(vertex[1])


def scale_lines(frame: Frame, scale: Sequence[Decimal], labels: Sequence[str]) -> Iterable[str]:
    for value, label in zip(scale, labels, strict=True):
        y = frame.y(value)
        yield element(
            "path",
            fill="none",
            line="hair",
            d=path([(frame.left, y), (frame.right, y)]),
            stroke_width=1,
        )
        yield text(frame.left - 8, y + 4, label, anchor="end")


def bottom_axis(figure: Figure, frame: Frame, *, has_base: bool = True) -> Iterable[str]:
    """Months and years; the last month that has happened is bold."""
    if has_base:
        ends = [(frame.left, frame.bottom), (frame.right, frame.bottom)]
        yield element("path", fill="none", line="ink", d=path(ends), stroke_width=1)
    for label in axis_labels(figure):
        x = frame.x(label.at)
        strong = label.is_last
        fill = "ink" if strong else "ink-2"
        yield text(x, frame.bottom + 18, label.text, fill=fill, anchor="middle", is_strong=strong)
        if label.year:
            yield text(x, frame.bottom + 34, label.year, anchor="middle")

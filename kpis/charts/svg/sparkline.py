"""A measure's last values as one small line of ink."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from kpis.charts.svg.svg import FONTS, element, number, path

EDGE = 4.0


def sparkline(
    values: Sequence[Decimal | None],
    *,
    alt: str,
    target: Decimal | None = None,
    width: float = 96.0,
    height: float = 24.0,
) -> str:
    """The values in time order, None a gap; the last one has a dot. `alt` says them in words.

    The target is a dotted line; one further off than the values reach stands at the edge.
    """
    known = [value for value in values if value is not None]
    step = (width - 2 * EDGE) / max(len(values) - 1, 1)
    parts = []
    if known:
        low, high = min(known), max(known)
        if target is not None:
            # Of a constant series, as far as the value itself.
            reach = (high - low) or abs(high) or Decimal(1)
            low, high = max(min(low, target), low - reach), min(max(high, target), high + reach)

        def place(index: int, value: Decimal) -> tuple[float, float]:
            # A constant series runs through the middle.
            share = float((value - low) / (high - low)) if high > low else 0.5
            return EDGE + step * index, height - EDGE - share * (height - 2 * EDGE)

        if target is not None:
            _, y = place(0, min(max(target, low), high))
            across = path([(EDGE, y), (width - EDGE, y)])
            parts.append(
                element(
                    "path",
                    fill="none",
                    line="accent",
                    d=across,
                    stroke_width=1.25,
                    stroke_dasharray="1.5 2.5",
                )
            )
        for line in _lines(values):
            places = [place(index, value) for index, value in line]
            if len(places) == 1:
                parts.append(_dot(*places[0], 1.2))
            else:
                parts.append(
                    element("path", fill="none", line="ink", d=path(places), stroke_width=1.5)
                )
        last = max(index for index, value in enumerate(values) if value is not None)
        parts.append(_dot(*place(last, known[-1]), 2.6))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sparkline" role="img" '
        f'aria-label="{escape(alt)}" viewBox="0 0 {number(width)} {number(height)}" '
        f'width="{number(width)}" height="{number(height)}" font-family="{FONTS}">'
        f"{''.join(parts)}</svg>"
    )


def _lines(values: Sequence[Decimal | None]) -> list[list[tuple[int, Decimal]]]:
    lines: list[list[tuple[int, Decimal]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            lines.append([])
        else:
            lines[-1].append((index, value))
    return [line for line in lines if line]


def _dot(x: float, y: float, radius: float) -> str:
    return element("circle", fill="ink", cx=x, cy=y, r=radius)

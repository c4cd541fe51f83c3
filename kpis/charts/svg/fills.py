"""The colours of ratings, each with a pattern or an edge besides, so that none is needed alone."""

from collections.abc import Iterator

from actions.rules.status import COLOURS, Rating
from kpis.charts.svg.svg import element, number, title

SLANT = 8.0
DOT = 6.0
# Too low for a pattern to be told from dirt.
LOWEST = 8.0


def patch(rating: Rating, x: float, y: float, width: float, height: float, words: str = "") -> str:
    """A rectangle of a rating: Amber is dotted, Red slanted, not yet rated and paused outlines."""
    inside = title(words) if words else ""
    box = {"x": x, "y": y, "width": width, "height": height, "stroke_width": 1}
    if rating not in COLOURS:
        dashes = "2 2" if rating is Rating.NOT_YET_RATED else None
        return element("rect", inside, fill="sheet", line="edge", stroke_dasharray=dashes, **box)
    name = rating.value
    drawn = element("rect", inside, fill=name, line=f"edge-{name}", **box)
    if height < LOWEST:
        return drawn
    if rating is Rating.RED:
        lines = "".join(_slants(x, y, width, height))
        return drawn + _pattern(lines, "on-red", 0.7)
    if rating is Rating.AMBER:
        dots = "".join(_dots(x, y, width, height))
        return drawn + _pattern(dots, "on-amber", 1.4, ends="round")
    return drawn


def _pattern(drawn: str, line: str, thick: float, *, ends: str | None = None) -> str:
    # Drawn out, not a <pattern>: that would need an id of its own for every figure of a page.
    if not drawn:
        return ""
    return element("path", fill="none", line=line, d=drawn, stroke_width=thick, stroke_linecap=ends)


def _slants(x: float, y: float, width: float, height: float) -> Iterator[str]:
    """Lines at 45 degrees, cut off at the rectangle's edges."""
    start = SLANT
    while start < width + height:
        from_x, from_y = (x + start, y) if start <= width else (x + width, y + start - width)
        to_x, to_y = (x, y + start) if start <= height else (x + start - height, y + height)
        yield f"M{number(from_x)} {number(from_y)}L{number(to_x)} {number(to_y)}"
        start += SLANT


def _dots(x: float, y: float, width: float, height: float) -> Iterator[str]:
    row = y + DOT / 2
    while row < y + height - 1:
        column = x + DOT / 2
        while column < x + width - 1:
            yield f"M{number(column)} {number(row)}h.1"
            column += DOT
        row += DOT

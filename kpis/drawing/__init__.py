"""Figures as SVG: on a page without script, on paper, and in documents. Standard library only.

A drawing is text of our own making: every word in it is escaped, colours are attributes (so that it
needs no stylesheet) with a class each (so that a stylesheet can follow the dark).
"""

from kpis.drawing.grid import draw_grid
from kpis.drawing.icons import assurance_icon, variation_icon
from kpis.drawing.measure import draw_measure
from kpis.drawing.ratings import draw_ratings
from kpis.drawing.shapes import KeyItem, key, point_symbol
from kpis.drawing.sparkline import sparkline
from kpis.drawing.timeline import draw_timeline
from kpis.figures import Figure, Kind

__all__ = [
    "KeyItem",
    "assurance_icon",
    "draw",
    "key",
    "point_symbol",
    "sparkline",
    "variation_icon",
]

WIDTH = 720.0

_BY_KIND = {
    Kind.MEASURE: draw_measure,
    Kind.RATINGS: draw_ratings,
    Kind.GRID: draw_grid,
    Kind.TIMELINE: draw_timeline,
}


def draw(figure: Figure, *, width: float = WIDTH) -> str:
    """The figure without its title, notes and key, which stand around it as text."""
    return _BY_KIND[figure.kind](figure, width)

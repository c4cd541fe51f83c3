"""Figures as SVG: on a page without script, on paper, and in documents. Standard library only.

A drawing is text of our own making: every word in it is escaped, colours are attributes (so that it
needs no stylesheet) with a class each (so that a stylesheet can follow the dark).
"""

from kpis.charts.spec import Figure, Kind
from kpis.charts.svg.grid import draw_grid
from kpis.charts.svg.icons import assurance_icon, variation_icon
from kpis.charts.svg.measure import draw_measure
from kpis.charts.svg.ratings import draw_ratings
from kpis.charts.svg.shapes import KeyItem, key, point_symbol
from kpis.charts.svg.sparkline import sparkline
from kpis.charts.svg.timeline import draw_timeline

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

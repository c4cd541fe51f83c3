"""What a chart shows, told once: for the page, the documents, a screen reader and the table.

A `Figure` is made by one of the builders and never changes. It holds the finding, the series with
their gaps, the words of its text alternative and the table of its numbers. `kpis/charts/svg` and
`kpis/charts/plotly` put the same figure on paper and on the screen, and neither computes a number.

A value that may not be shown is not in the figure: its period says "too few to show" and has no
number, and where there is one such period, the limits of the whole series are left out, because
they could give it away. A missing value is a gap, never zero. A projected one is a series of its
own, because it has not been achieved.
"""

from kpis.charts.spec.grid import AreaLine, AreaMonth, grid_figure
from kpis.charts.spec.measure import Certainty, PeriodValue, measure_figure
from kpis.charts.spec.parts import (
    LATER,
    Cell,
    Figure,
    Kind,
    Mark,
    Role,
    Row,
    Series,
    Shape,
    Table,
    Tick,
)
from kpis.charts.spec.ratings import ratings_figure
from kpis.charts.spec.timeline import TimelineLine, timeline_figure

__all__ = [
    "LATER",
    "AreaLine",
    "AreaMonth",
    "Cell",
    "Certainty",
    "Figure",
    "Kind",
    "Mark",
    "PeriodValue",
    "Role",
    "Row",
    "Series",
    "Shape",
    "Table",
    "Tick",
    "TimelineLine",
    "grid_figure",
    "measure_figure",
    "ratings_figure",
    "timeline_figure",
]

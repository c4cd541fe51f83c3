"""Figures as plotly draws them in a browser: the same numbers and words as everywhere.

Colours and fonts are names of the stylesheet, `var(--ink)`; the page's script puts in what they are
in the reader's light or dark. Plotly reads markup in texts, so every text is escaped. It is plain
data, which a test holds against plotly's own schema: no process that serves loads its library.
"""

from typing import Any

from kpis.charts.plotly.measure import plot_measure
from kpis.charts.plotly.ratings import plot_ratings
from kpis.charts.plotly.timeline import plot_timeline
from kpis.charts.spec import Figure, Kind

# The one configuration of every chart. Nothing leaves the page: no button to share, no server to
# share with.
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "responsive": True,
    "doubleClick": False,
    "scrollZoom": False,
}


def plot(figure: Figure) -> dict[str, Any] | None:
    """What `Plotly.newPlot` takes, as JSON. None for a grid, which is drawn as SVG alone.

    A grid's cells are letters over bars, of which plotly has no kind but pictures that our policy
    refuses.
    """
    if figure.kind is Kind.GRID or not (figure.series or figure.rows):
        return None
    draw = {
        Kind.MEASURE: plot_measure,
        Kind.RATINGS: plot_ratings,
        Kind.TIMELINE: plot_timeline,
    }[figure.kind]
    return {**draw(figure), "config": CONFIG}

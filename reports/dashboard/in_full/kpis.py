"""KPIs that stand out, with the latest figure and how far it is from where it should be."""

from dataclasses import dataclass

from actions.pages import formatting
from kpis.rules.state import KpiState
from kpis.rules.text import figure_text, gap_text
from reports.dashboard.dashboard_data import ComparedData


@dataclass(frozen=True, slots=True)
class KpiRow:
    code: str
    title: str
    url: str
    words: str


def kpi_row(data: ComparedData, kpi: KpiState) -> KpiRow:
    described = data.kpis.rows[kpi.id]
    figure = figure_text(kpi.latest, described.unit) if kpi.latest else ""
    return KpiRow(
        code=kpi.code,
        title=formatting.in_short(described),
        url=data.page.link("kpi", kpi.code),
        words=", ".join(filter(None, (figure, gap_text(kpi, described.unit)))),
    )

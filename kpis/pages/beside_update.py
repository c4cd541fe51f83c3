"""What stands of a commitment's KPIs beside the form of its update: the last figures of each."""

from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.progress.beside.form_margin import TELLERS, Beside, Section
from actions.rules.state import CommitmentState
from kpis.pages.kpi_rows import KpiRow, kpi_lines, load_kpi_set
from kpis.rules.text import figure_text, short_period

LAST = 3
# A commitment with more has them on its page.
MOST_KPIS = 3


def _beside(page: PlanPage, state: CommitmentState) -> Beside:
    """Three queries."""
    rows = kpi_lines(page, load_kpi_set(page, commitments=state.id), {})
    return Beside(sections=[_section(row) for row in rows[:MOST_KPIS]])


def _section(row: KpiRow) -> Section:
    pairs = [
        formatting.Pair(
            short_period(figure.starts_on, figure.ends_on), figure_text(figure, row.unit)
        )
        for figure in reversed(row.state.figures[-LAST:])
    ]
    if row.target_text:
        pairs.append(formatting.Pair(f"Target {row.target_note}".strip(), row.target_text))
    return Section(
        heading=f"KPI {row.code}, {row.in_short}",
        url=row.url,
        pairs=pairs,
        note=row.due_text and f"{row.due_text}." if pairs else "No figure yet.",
    )


TELLERS.append(_beside)

"""What the record says beside words that people edit: the colours, dates and figures they speak of.

Where one of these has changed since words were edited, the words may no longer be true, whatever
text they replaced: see `reports/contents/editable_texts.py`.
"""

from collections.abc import Iterable

from actions.rules.state import CommitmentState, count
from kpis.pages.kpi_rows import KpiRow
from kpis.rules.text import figure_text
from reports.contents.queries import AreaPart
from reports.contents.report_data import ReportData


def of_commitment(report_data: ReportData, state: CommitmentState) -> str:
    """Its colour, its date and what became of it, and the newest figures of its measures."""
    completion = state.completion
    facts = [state.rating.label]
    if completion:
        facts.append(f"due {completion.now.in_sentence}")
        facts.append(f"delivered {completion.delivered_on}" if completion.delivered_on else "")
    facts.append("overdue" if state.is_overdue else "")
    measured = [kpi for kpi in report_data.measures if state.id in kpi.history.commitments]
    return _joined([*facts, *_figures(measured)])


def of_area(report_data: ReportData, area: AreaPart) -> str:
    """The officer's judgement, the colours of its commitments and its newest figures."""
    judgement = f"{area.judgement.label} {area.judged_on}" if area.judgement else ""
    return _joined(
        [
            judgement,
            *_colours(report_data.standing(area.id)),
            *_figures(report_data.measures_of(area.id)),
        ]
    )


def of_plan(report_data: ReportData) -> str:
    """The colours of all commitments and every newest figure."""
    return _joined([*_colours(report_data.standing()), *_figures(report_data.measures)])


def _colours(states: Iterable[CommitmentState]) -> list[str]:
    counts = count(states)
    colours = [f"{counts.ratings[rating]} {rating.label}" for rating in counts.shown]
    return [*colours, f"{counts.overdue} overdue"]


def _figures(kpis: Iterable[KpiRow]) -> list[str]:
    return [f"{kpi.code}: {figure_text(kpi.newest, kpi.unit)}" for kpi in kpis if kpi.newest]


def _joined(facts: Iterable[str]) -> str:
    return "\n".join(filter(None, facts))

"""The monthly report: the numbers, for discussion and challenge."""

from reports.contents.blocks import facts, measures
from reports.contents.report_data import ReportData, day_text
from reports.rendering.document import Block, Paragraph, Section


def sections(report_data: ReportData) -> tuple[Section, ...]:
    return (
        Section(
            key="summary",
            title="Summary",
            blocks=(
                Paragraph(text=measures.summary(report_data), style="lead"),
                *measures.passed_counts(report_data),
                report_data.words.paragraph(
                    "summary",
                    "Summary",
                    empty="The programme team adds nothing to this summary.",
                    beside=facts.of_plan(report_data),
                ),
            ),
        ),
        Section(
            key="challenge",
            title="Points for discussion and challenge",
            blocks=(
                report_data.words.paragraph(
                    "challenge",
                    "Points for discussion and challenge",
                    empty="No points for challenge were put forward.",
                    beside=facts.of_plan(report_data),
                ),
            ),
        ),
        Section(key="missed", title="Targets missed", blocks=tuple(_missed(report_data))),
        Section(key="off", title="Off trajectory", blocks=tuple(_off(report_data))),
        Section(key="new", title="New figures", blocks=(measures.new_figures(report_data),)),
        Section(
            key="due",
            title="Figures due and missing",
            blocks=(measures.missing_figures(report_data),),
        ),
        Section(key="baselines", title="Baselines awaited", blocks=(_awaited(report_data),)),
        Section(key="rest", title="All other KPIs", blocks=(_rest(report_data),)),
    )


def _missed(report_data: ReportData) -> list[Block]:
    kpis = measures.missed(report_data)
    return [measures.missed_table(report_data), *measures.charts(report_data, kpis)]


def _off(report_data: ReportData) -> list[Block]:
    kpis = measures.off(report_data)
    return [
        measures.table(
            report_data,
            kpis,
            "KPIs off trajectory",
            f"KPIs off trajectory on {day_text(report_data.until)}",
            "No KPI is off its trajectory.",
        ),
        *measures.charts(report_data, kpis),
    ]


def _awaited(report_data: ReportData) -> Block:
    return measures.table(
        report_data,
        measures.awaited(report_data),
        "Baselines awaited",
        "KPIs whose baseline is awaited",
        "No baseline is awaited.",
    )


def _rest(report_data: ReportData) -> Block:
    shown = (
        *measures.missed(report_data),
        *measures.off(report_data),
        *measures.awaited(report_data),
    )
    shown_codes = {kpi.code for kpi in shown}
    return measures.table(
        report_data,
        [kpi for kpi in report_data.measures if kpi.code not in shown_codes],
        "Other KPIs",
        f"All other KPIs on {day_text(report_data.until)}",
    )

"""The 6-weekly report: what stands out, for the group that decides."""

from actions.wording import in_words
from reports.contents.blocks import exceptional, facts, measures, oversight, ratings
from reports.contents.editable_texts import FORUM
from reports.contents.report_data import ReportData, day_text
from reports.dashboard.exceptions import PARTS
from reports.rendering.document import Block, Paragraph, Section
from reports.rules.exceptions import Part


def sections(report_data: ReportData) -> tuple[Section, ...]:
    return (
        _summary(report_data),
        *(_part(report_data, part) for part in Part),
        Section(
            key="missed",
            title="KPI targets missed",
            blocks=(*measures.passed_counts(report_data), measures.missed_table(report_data)),
        ),
        _measures(report_data),
        Section(
            key="delivered",
            title="What was delivered",
            blocks=(exceptional.done_since(report_data),),
        ),
        Section(
            key="forum",
            title="The parent carer forum’s item",
            blocks=(
                report_data.words.paragraph(
                    "forum",
                    "The parent carer forum’s item",
                    empty=oversight.none_received(report_data),
                    owner=FORUM,
                ),
            ),
        ),
        _decisions(report_data),
    )


def _summary(report_data: ReportData) -> Section:
    blocks: list[Block] = [
        ratings.lead(report_data),
        report_data.words.paragraph(
            "summary",
            "Summary",
            empty="The programme team adds nothing to this summary.",
            beside=facts.of_plan(report_data),
        ),
        ratings.all_counts(report_data),
    ]
    quiet = exceptional.quiet_areas(report_data)
    if quiet and report_data.now.tracked:
        blocks.append(Paragraph(text=quiet))
    return Section(key="summary", title="Summary", blocks=tuple(blocks))


def _part(report_data: ReportData, part: Part) -> Section:
    title, meaning = PARTS[part]
    meaning = in_words(meaning).replace("since then", f"since {day_text(report_data.since)}")
    return Section(
        key=part.value,
        title=title,
        blocks=(
            Paragraph(text=meaning, style="note"),
            exceptional.part_table(report_data, part),
        ),
    )


def _measures(report_data: ReportData) -> Section:
    return Section(
        key="kpis",
        title="KPIs off trajectory",
        blocks=(
            measures.table(
                report_data,
                measures.off(report_data),
                "KPIs off trajectory",
                f"KPIs off trajectory on {day_text(report_data.until)}",
                "No KPI is off its trajectory.",
            ),
        ),
    )


def _decisions(report_data: ReportData) -> Section:
    begins = report_data.report.starts_on
    made = [decision for decision in report_data.decisions if decision.decided_on >= begins]
    older = [decision for decision in report_data.decisions if decision.decided_on < begins]
    return Section(
        key="decisions",
        title="Decisions",
        blocks=(
            oversight.decision_table(
                report_data,
                made,
                "Decisions made",
                f"Decisions recorded since {day_text(report_data.since)}",
                "No decision was recorded.",
            ),
            oversight.decision_table(
                report_data,
                older,
                "Older decisions",
                "Earlier decisions that are still open, or were done since then",
                "No earlier decision was open.",
            ),
        ),
    )

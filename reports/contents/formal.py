"""The quarterly formal report: every action, with what shows it and what it changed."""

from actions.wording import in_words, levels, scale
from reports.contents.blocks import (
    accounts,
    changes,
    commitments,
    facts,
    found,
    front,
    measures,
    oversight,
    promised,
    ratings,
)
from reports.contents.queries import AreaPart, Verdict
from reports.contents.report_data import ReportData, day_text
from reports.rendering.document import Block, Fact, Facts, Heading, Paragraph, Section


def sections(report_data: ReportData) -> tuple[Section, ...]:
    return (
        summary(report_data),
        Section(
            key="reviews",
            title="Answers to the Department for Education and NHS England",
            blocks=tuple(oversight.reviews(report_data)),
        ),
        Section(
            key=oversight.CO_PRODUCTION,
            title="What the parent carer forum says",
            blocks=tuple(oversight.co_production(report_data)),
        ),
        Section(
            key="changes",
            title="Changes to the plan",
            blocks=tuple(changes.change_log(report_data)),
        ),
        Section(
            key="next",
            title=f"What is due in {report_data.next_period.words}",
            blocks=tuple(oversight.due_next(report_data)),
        ),
        *(area_section(report_data, area) for area in report_data.areas),
        *_whole_plan(report_data),
        Section(key="movement", title="Movement", blocks=(ratings.movement(report_data),)),
        Section(
            key="money", title="Resources and funding", blocks=tuple(oversight.money(report_data))
        ),
        *_contacts(report_data),
    )


def _contacts(report_data: ReportData) -> list[Section]:
    blocks = tuple(promised.contacts(report_data))
    return [Section(key="contacts", title="Contacts", blocks=blocks)] if blocks else []


def summary(report_data: ReportData) -> Section:
    """The front: how the areas stand, what is Red or late and why, what is asked of the readers."""
    blocks: list[Block] = [
        ratings.lead(report_data),
        report_data.words.paragraph(
            "summary",
            "Summary",
            empty="The programme team adds nothing to this summary.",
            beside=facts.of_plan(report_data),
        ),
        front.areas_at_a_glance(report_data),
        front.red_or_late(report_data),
        front.support_needed(report_data),
        Heading(level=2, text="KPIs"),
        Paragraph(text=measures.summary(report_data)),
        *measures.passed(report_data),
        Heading(level=2, text=in_words("{Commitments} by rating")),
        ratings.all_counts(report_data),
    ]
    chart = ratings.over_time(report_data)
    if chart:
        blocks.append(chart)
    return Section(key="summary", title="Summary", blocks=tuple(blocks))


def area_section(report_data: ReportData, area: AreaPart) -> Section:
    """What the area's officer signs."""
    kpis = report_data.measures_of(area.id)
    blocks: list[Block] = [
        found.heading(area),
        *found.paragraphs(area),
        Facts(items=tuple(_facts(report_data, area))),
        Heading(level=2, text="What the senior responsible officer says"),
        *accounts.account(report_data, area),
        *promised.where_now(report_data, area),
        Heading(level=2, text="Impact for children and families"),
        *promised.impact(report_data, area),
        *commitments.difference(report_data, area),
        Heading(level=2, text=levels().actions_and_commitments),
        ratings.counts_of(
            report_data,
            f"{levels().commitments} of {area.in_sentence} by rating",
            report_data.now.of_area(area.id),
            report_data.before.of_area(area.id),
        ),
        commitments.table(report_data, area),
        *promised.accountability(report_data, area),
        Heading(level=2, text="Evidence"),
        commitments.evidence(report_data, area),
        Heading(level=2, text="KPIs"),
        measures.table(
            report_data,
            kpis,
            f"{area.label} KPIs",
            f"KPIs of {area.in_sentence}",
            in_words("No KPI belongs to this {area}."),
        ),
        *_milestones(report_data, area),
        *measures.charts(report_data, measures.first_listed_in(report_data, area.id)),
        Heading(level=2, text="Risks and issues"),
        commitments.risk_table(
            report_data,
            commitments.risks_of(report_data, area),
            f"{area.label} risks",
            f"Risks and issues of {area.in_sentence}",
        ),
    ]
    return Section(key=f"area:{area.code}", title=area.name, blocks=tuple(blocks), area=area.label)


def _milestones(report_data: ReportData, area: AreaPart) -> list[Block]:
    steps = measures.milestone_table(
        report_data,
        measures.first_listed_in(report_data, area.id),
        f"{area.label} milestones",
        f"Milestones of the KPIs of {area.in_sentence}",
    )
    return [steps] if steps else []


def _judged(verdict: Verdict) -> str:
    return day_text(verdict.judged_on) if verdict.judged_on else "not dated"


def _facts(report_data: ReportData, area: AreaPart) -> list[Fact]:
    judgement = "Not rated"
    if area.judgement:
        judgement = f"{area.word or scale().word(area.judgement)}, {day_text(area.judged_on)}"
        if area.was_judged and area.was_judged is not area.judgement:
            judgement += f" (was {scale().word(area.was_judged)} on {day_text(report_data.since)})"
    facts = [
        Fact(label="Senior responsible officer", value=area.sro or "Nobody named"),
        Fact(label=in_words("The SRO rating of the {area}"), value=judgement),
        *(
            Fact(
                label=f"What {verdict.who} said later: {verdict.by}",
                value=(f"{verdict.verdict}, {_judged(verdict)}. {verdict.summary}").strip(),
            )
            for verdict in area.verdicts
        ),
    ]
    if area.outcomes:
        facts.append(Fact(label="What it is to achieve", value="\n".join(area.outcomes)))
    facts += promised.headline(report_data, area)
    standing = report_data.standing(area.id)
    facts.append(
        Fact(
            label=in_words("{Commitments} in the plan"),
            value=levels().some("commitment", len(standing)),
        )
    )
    return facts


def _whole_plan(report_data: ReportData) -> list[Section]:
    """What belongs to no area, where there is anything."""
    kpis = report_data.measures_of(None)
    risks = commitments.risks_of(report_data, None)
    if not kpis and not risks:
        return []
    return [
        Section(
            key="whole-plan",
            title="The plan as a whole",
            blocks=(
                measures.table(
                    report_data, kpis, "KPIs of the whole plan", "KPIs of the whole plan"
                ),
                *measures.charts(report_data, kpis),
                commitments.risk_table(
                    report_data,
                    risks,
                    "Risks of the whole plan",
                    "Risks and issues of the whole plan",
                ),
            ),
        )
    ]

"""The quarterly formal report: every action, with what shows it and what it changed."""

from actions.pages import formatting
from reports.contents.blocks import changes, commitments, facts, measures, oversight, ratings
from reports.contents.queries import AreaPart
from reports.contents.report_data import Material, day_words
from reports.rendering.document import Block, Fact, Facts, Heading, Paragraph, Section


def sections(material: Material) -> tuple[Section, ...]:
    return (
        summary(material),
        *(area_section(material, area) for area in material.areas),
        *_whole_plan(material),
        Section(
            key="changes",
            title="Changes to the plan",
            blocks=tuple(changes.change_log(material)),
        ),
        Section(
            key="reviews",
            title="Answers to the Department for Education and NHS England",
            blocks=tuple(oversight.reviews(material)),
        ),
        Section(
            key=oversight.CO_PRODUCTION,
            title="What the parent carer forum says",
            blocks=tuple(oversight.co_production(material)),
        ),
        Section(key="movement", title="Movement", blocks=(ratings.movement(material),)),
        Section(
            key="next",
            title=f"What is due in {material.next_period.words}",
            blocks=tuple(oversight.due_next(material)),
        ),
        Section(
            key="money", title="Resources and funding", blocks=tuple(oversight.money(material))
        ),
    )


def summary(material: Material) -> Section:
    blocks: list[Block] = [
        ratings.lead(material),
        material.words.paragraph(
            "summary",
            "Summary",
            empty="The programme team adds nothing to this summary.",
            beside=facts.of_plan(material),
        ),
        ratings.all_counts(material),
        ratings.by_area(material),
    ]
    chart = ratings.over_time(material)
    if chart:
        blocks.append(chart)
    blocks.append(Paragraph(text=measures.summary(material)))
    return Section(key="summary", title="Summary", blocks=tuple(blocks))


def area_section(material: Material, area: AreaPart) -> Section:
    """What the area's officer signs."""
    number = area.number
    lines = material.measures_of(area.id)
    blocks: list[Block] = [
        Heading(level=2, text="What the inspectors found"),
        Paragraph(text=area.weakness or "This area answers no finding of its own."),
        Facts(items=tuple(_facts(material, area))),
        Heading(level=2, text="What the senior responsible officer says"),
        material.words.paragraph(
            f"area:{number}:account",
            f"Area {number}: what the senior responsible officer says",
            area.reason,
            empty="No SRO commentary this quarter.",
            leads=area.told,
            beside=facts.of_area(material, area),
        ),
        Heading(level=2, text="The difference for children and families"),
        *commitments.difference(material, area),
        Heading(level=2, text="Actions and commitments"),
        ratings.counts_of(
            material,
            f"Commitments of area {number} by rating",
            material.now.of_area(area.id),
            material.before.of_area(area.id),
        ),
        commitments.table(material, area),
        Heading(level=2, text="Evidence"),
        commitments.evidence(material, area),
        Heading(level=2, text="Measures"),
        measures.table(
            lines,
            f"Area {number} KPIs",
            f"Measures of area {number}",
            "No measure belongs to this area.",
        ),
        *measures.charts(material, measures.first_told(material, area.id)),
        Heading(level=2, text="Risks and issues"),
        commitments.risk_table(
            material,
            commitments.risks_of(material, area),
            f"Area {number} risks",
            f"Risks and issues of area {number}",
        ),
    ]
    return Section(key=f"area:{number}", title=area.name, blocks=tuple(blocks), area=number)


def _facts(material: Material, area: AreaPart) -> list[Fact]:
    judgement = "Not judged"
    if area.judgement:
        judgement = f"{area.judgement.label}, {day_words(area.judged_on)}"
        if area.was_judged and area.was_judged is not area.judgement:
            judgement += f" (was {area.was_judged.label} on {day_words(material.since)})"
    facts = [
        Fact(label="Senior responsible officer", value=area.sro or "Nobody named"),
        Fact(label="The SRO rating of the area", value=judgement),
        *(
            Fact(
                label=f"What inspectors said later: {one.inspection}",
                value=f"{one.verdict}, {day_words(one.judged_on)}. {one.summary}".strip(),
            )
            for one in area.verdicts
        ),
    ]
    if area.outcomes:
        facts.append(Fact(label="What it is to achieve", value="\n".join(area.outcomes)))
    standing = material.standing(area.id)
    facts.append(
        Fact(label="Commitments in the plan", value=formatting.plural(len(standing), "commitment"))
    )
    return facts


def _whole_plan(material: Material) -> list[Section]:
    """What belongs to no area, where there is anything."""
    lines = material.measures_of(None)
    risks = commitments.risks_of(material, None)
    if not lines and not risks:
        return []
    return [
        Section(
            key="whole-plan",
            title="The plan as a whole",
            blocks=(
                measures.table(lines, "KPIs of the whole plan", "Measures of the whole plan"),
                *measures.charts(material, lines),
                commitments.risk_table(
                    material,
                    risks,
                    "Risks of the whole plan",
                    "Risks and issues of the whole plan",
                ),
            ),
        )
    ]

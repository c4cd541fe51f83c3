"""The 6-weekly report: what stands out, for the group that decides."""

from reports.contents.blocks import exceptional, facts, measures, oversight, ratings
from reports.contents.editable_texts import FORUM
from reports.contents.report_data import Material, day_words
from reports.dashboard.exceptions import PARTS
from reports.rendering.document import Block, Paragraph, Section
from reports.rules.exceptions import Part


def sections(material: Material) -> tuple[Section, ...]:
    return (
        _summary(material),
        *(_part(material, part) for part in Part),
        _measures(material),
        Section(
            key="delivered",
            title="What was delivered",
            blocks=(exceptional.done_since(material),),
        ),
        Section(
            key="forum",
            title="The parent carer forum’s item",
            blocks=(
                material.words.paragraph(
                    "forum",
                    "The parent carer forum’s item",
                    empty=oversight.none_received(material),
                    owner=FORUM,
                ),
            ),
        ),
        _decisions(material),
    )


def _summary(material: Material) -> Section:
    blocks: list[Block] = [
        ratings.lead(material),
        material.words.paragraph(
            "summary",
            "Summary",
            empty="The programme team adds nothing to this summary.",
            beside=facts.of_plan(material),
        ),
        ratings.all_counts(material),
    ]
    quiet = exceptional.quiet_areas(material)
    if quiet and material.now.tracked:
        blocks.append(Paragraph(text=quiet))
    return Section(key="summary", title="Summary", blocks=tuple(blocks))


def _part(material: Material, part: Part) -> Section:
    title, meaning = PARTS[part]
    meaning = meaning.replace("since then", f"since {day_words(material.since)}")
    return Section(
        key=part.value,
        title=title,
        blocks=(
            Paragraph(text=meaning, style="note"),
            exceptional.part_table(material, part),
        ),
    )


def _measures(material: Material) -> Section:
    return Section(
        key="kpis",
        title="Measures off trajectory",
        blocks=(
            measures.table(
                measures.off(material),
                "KPIs off trajectory",
                f"Measures off trajectory on {day_words(material.until)}",
                "No measure is off its trajectory.",
            ),
        ),
    )


def _decisions(material: Material) -> Section:
    begins = material.report.starts_on
    made = [one for one in material.decisions if one.decided_on >= begins]
    older = [one for one in material.decisions if one.decided_on < begins]
    return Section(
        key="decisions",
        title="Decisions",
        blocks=(
            oversight.decision_table(
                material,
                made,
                "Decisions made",
                f"Decisions recorded since {day_words(material.since)}",
                "No decision was recorded.",
            ),
            oversight.decision_table(
                material,
                older,
                "Older decisions",
                "Earlier decisions that are still open, or were done since then",
                "No earlier decision was open.",
            ),
        ),
    )

"""The monthly report: the numbers, for discussion and challenge."""

from reports.contents.blocks import facts, measures
from reports.contents.report_data import Material, day_words
from reports.rendering.document import Block, Paragraph, Section


def sections(material: Material) -> tuple[Section, ...]:
    return (
        Section(
            key="summary",
            title="Summary",
            blocks=(
                Paragraph(text=measures.summary(material), style="lead"),
                material.words.paragraph(
                    "summary",
                    "Summary",
                    empty="The programme team adds nothing to this summary.",
                    beside=facts.of_plan(material),
                ),
            ),
        ),
        Section(
            key="challenge",
            title="Points for discussion and challenge",
            blocks=(
                material.words.paragraph(
                    "challenge",
                    "Points for discussion and challenge",
                    empty="No points for challenge were put forward.",
                    beside=facts.of_plan(material),
                ),
            ),
        ),
        Section(key="off", title="Off trajectory", blocks=tuple(_off(material))),
        Section(key="new", title="New figures", blocks=(measures.new_figures(material),)),
        Section(
            key="due", title="Figures due and missing", blocks=(measures.missing_figures(material),)
        ),
        Section(key="baselines", title="Baselines awaited", blocks=(_awaited(material),)),
        Section(key="rest", title="All other measures", blocks=(_rest(material),)),
    )


def _off(material: Material) -> list[Block]:
    lines = measures.off(material)
    return [
        measures.table(
            lines,
            "KPIs off trajectory",
            f"Measures off trajectory on {day_words(material.until)}",
            "No measure is off its trajectory.",
        ),
        *measures.charts(material, lines),
    ]


def _awaited(material: Material) -> Block:
    return measures.table(
        measures.awaited(material),
        "Baselines awaited",
        "Measures whose baseline is awaited",
        "No baseline is awaited.",
    )


def _rest(material: Material) -> Block:
    told = {line.code for line in (*measures.off(material), *measures.awaited(material))}
    return measures.table(
        [line for line in material.measures if line.code not in told],
        "Other KPIs",
        f"All other measures on {day_words(material.until)}",
    )

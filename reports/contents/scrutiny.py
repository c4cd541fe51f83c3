"""The half-yearly report for councillors who scrutinise: plain words, in a committee's own form."""

from collections.abc import Sequence
from typing import Any

from actions.models import Theme
from actions.pages import formatting
from actions.rules.state import CommitmentState, count
from actions.rules.status import Rating
from reports.contents import abbreviations
from reports.contents.blocks import commitments, facts, measures, oversight, ratings
from reports.contents.queries import AreaPart
from reports.contents.report_data import Material
from reports.rendering.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Section,
    Table,
)

NOT_WRITTEN = "Not written yet."
# More than this is for the appendix.
MOST_WORRIES = 8


def sections(material: Material) -> tuple[Section, ...]:
    words = abbreviations.glossary(material)
    told = abbreviations.spelt_out(_sections(material), words)
    return (*told, abbreviations.list_of(words))


def _sections(material: Material) -> list[Section]:
    themes = _themes(material)
    return [
        Section(
            key="recommendations",
            title="Recommendations",
            blocks=(_written(material, "recommendations", "Recommendations"),),
        ),
        summary(material),
        *(area_section(material, area, themes.get(area.id, [])) for area in material.areas),
        Section(
            key="implications",
            title="Implications",
            blocks=(
                Heading(level=2, text="Financial implications"),
                _written(material, "financial", "Financial implications"),
                Heading(level=2, text="Environmental implications"),
                _written(material, "environmental", "Environmental implications"),
                Heading(level=2, text="Equality implications"),
                _written(material, "equality", "Equality implications"),
            ),
        ),
        Section(
            key="next",
            title="Timescales and next steps",
            blocks=(
                _written(material, "next", "Timescales and next steps"),
                *oversight.due_next(material),
            ),
        ),
        Section(
            key=oversight.CO_PRODUCTION,
            title="What the parent carer forum says",
            blocks=tuple(oversight.co_production(material)),
        ),
        *_appendices(material),
        Section(
            key="papers",
            title="Background papers",
            blocks=(
                material.words.paragraph(
                    "scrutiny:papers", "Background papers", material.plan.title, empty=NOT_WRITTEN
                ),
            ),
        ),
        Section(key="contacts", title="Contacts", blocks=tuple(_contacts(material))),
        Section(key="circulation", title="Circulation", blocks=(_circulation(material),)),
    ]


def _written(material: Material, key: str, label: str) -> Paragraph:
    """A part that only a person can write."""
    return material.words.paragraph(f"scrutiny:{key}", label, empty=NOT_WRITTEN)


# --- In short ---------------------------------------------------------------------------------


def summary(material: Material) -> Section:
    return Section(
        key="summary",
        title="Executive summary",
        blocks=(
            ratings.lead(material),
            material.words.paragraph(
                "summary",
                "Executive summary",
                empty="The programme team adds nothing to this summary.",
                beside=facts.of_plan(material),
            ),
            ratings.all_counts(material),
            Heading(level=2, text="What the colours mean"),
            Facts(items=tuple(Fact(label=one.label, value=one.meaning) for one in Rating)),
            Paragraph(text=measures.summary(material)),
        ),
    )


# --- By area ----------------------------------------------------------------------------------


def _themes(material: Material) -> dict[int, list[Any]]:
    """The themes of each area that say what families should be able to say. One query."""
    found: dict[int, list[Any]] = {}
    rows = material.worded(Theme, plan=material.plan)
    for row in sorted(rows, key=lambda row: (row.position, row.key)):
        if row.i_statement and row.withdrawn_at is None:
            found.setdefault(row.area_id, []).append(row)
    return found


def area_section(material: Material, area: AreaPart, themes: Sequence[Any]) -> Section:
    """What the area's officer signs."""
    number, states = area.number, material.standing(area.id)
    blocks: list[Block] = [
        Heading(level=2, text="What the inspectors found"),
        Paragraph(text=area.weakness or "This area answers no finding of its own."),
    ]
    if themes:
        blocks.append(Heading(level=2, text="What families should be able to say"))
        for theme in themes:
            blocks.append(Paragraph(text=f"“{theme.i_statement}”", style="quote"))
            blocks.append(Paragraph(text=_voice(theme), style="note"))
    blocks += [
        Heading(level=2, text="Where it stands"),
        Paragraph(text=counts_words(states)),
        Facts(items=tuple(_answerable(area))),
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
        Heading(level=2, text="What is late or worrying"),
        *_worries(material, states),
    ]
    return Section(key=f"area:{number}", title=area.name, blocks=tuple(blocks), area=number)


def _voice(theme: Any) -> str:
    voices = [Theme.Voice(one).label.lower() for one in theme.voice]
    what = f"{theme.title} ({theme.ref})"
    return f"In the words of {formatting.listed(voices)}. {what}" if voices else what


def counts_words(states: Sequence[CommitmentState]) -> str:
    """`Of 14 commitments, 3 are Blue, 8 Green and 3 Amber. 2 are overdue.`"""
    counts = count(states)
    if not counts.total:
        return "The plan has no commitments here."
    said = [
        f"{number} {rating.label if rating is not Rating.NOT_YET_RATED else 'not yet rated'}"
        for rating in Rating
        if (number := counts.ratings[rating])
    ]
    sentence = f"Of {formatting.plural(counts.total, 'commitment')}: {formatting.listed(said)}."
    overdue = sum(state.is_overdue for state in states)
    if overdue:
        sentence += f" {overdue} {'is' if overdue == 1 else 'are'} overdue."
    return sentence


def _answerable(area: AreaPart) -> list[Fact]:
    judgement = "Not judged"
    if area.judgement and area.judged_on:
        judged_on = formatting.short_day(area.judged_on)
        judgement = f"{area.judgement.label} ({area.judgement.meaning.lower()}), {judged_on}"
    return [
        Fact(label="Senior responsible officer", value=area.sro or "Nobody named"),
        Fact(label="The SRO rating of the area", value=judgement),
    ]


def worrying(states: Sequence[CommitmentState]) -> list[CommitmentState]:
    """Those rated Red, and those whose time has passed."""
    return [state for state in states if state.rating is Rating.RED or state.is_overdue]


def _worries(material: Material, states: Sequence[CommitmentState]) -> list[Block]:
    found = worrying(states)
    if not found:
        return [Paragraph(text="Nothing here is overdue or rated Red.")]
    blocks: list[Block] = [
        Bullets(items=tuple(_worry(material, state) for state in found[:MOST_WORRIES]))
    ]
    more = len(found) - MOST_WORRIES
    if more > 0:
        blocks.append(Paragraph(text=f"{more} more {'is' if more == 1 else 'are'} in appendix 1."))
    return blocks


def _worry(material: Material, state: CommitmentState) -> str:
    """`1.1.1c, A form: Red. Due in February 2023, first agreed for October 2022.`"""
    name = material.named[state.id].name.rstrip(".")
    when = "No completion date is agreed."
    if state.completion:
        now, first = state.completion.now, state.completion.first
        when = f"{'Overdue, due in' if state.is_overdue else 'Due in'} {now}"
        when += f", first agreed for {first}." if first != now else "."
    return f"{state.ref}, {name}: {state.rating.label}. {when}"


# --- Appendices -------------------------------------------------------------------------------


def _appendices(material: Material) -> list[Section]:
    return [
        Section(
            key="appendix:1",
            title="Appendix 1. Every commitment",
            blocks=(_every_commitment(material),),
        ),
        Section(
            key="appendix:2",
            title="Appendix 2. Every measure",
            blocks=(measures.table(material.measures, "Measures", "The measures of the plan"),),
        ),
        Section(
            key="appendix:3",
            title="Appendix 3. Resources and funding",
            blocks=tuple(oversight.money(material)),
        ),
    ]


def _every_commitment(material: Material) -> Table:
    return Table(
        name="Commitments",
        caption=f"The plan’s commitments as at {formatting.short_day(material.until)}",
        columns=(
            Column(title="Ref", width=2),
            Column(title="Commitment", width=8),
            Column(title="Rating", kind="rating", width=3),
            Column(title="First agreed", kind="date", width=3),
            Column(title="Due date", kind="date", width=3),
        ),
        rows=tuple(
            (
                Cell(text=state.ref),
                Cell(text=material.named[state.id].name),
                ratings.rating_cell(state.rating),
                Cell(text=str(state.completion.first) if state.completion else "none agreed"),
                Cell(text=str(state.completion.now) if state.completion else "none agreed"),
            )
            for state in material.standing()
        ),
        empty="The plan has no commitments.",
    )


# --- Whom to ask, and who is sent it ----------------------------------------------------------


def _contacts(material: Material) -> list[Block]:
    blocks: list[Block] = [
        material.words.paragraph(
            "scrutiny:contacts", "Contacts", empty="No contact for this report is named yet."
        )
    ]
    officers = tuple(
        Fact(
            label=f"Senior responsible officer, area {area.number}", value=_officer(material, area)
        )
        for area in material.areas
    )
    return [*blocks, Facts(items=officers)] if officers else blocks


def _officer(material: Material, area: AreaPart) -> str:
    row = material.people.get(area.sro_id) if area.sro_id else None
    if row is None:
        return "Nobody named"
    return ", ".join(filter(None, (row.name, row.job_title, row.works_for)))


def _circulation(material: Material) -> Block:
    if not material.audiences:
        return Paragraph(text="Nobody is named whom this report is for.")
    return Bullets(items=material.audiences)

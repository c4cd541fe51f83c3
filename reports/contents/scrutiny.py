"""The half-yearly report for councillors who scrutinise: plain words, in a committee's own form."""

from collections.abc import Iterable, Sequence
from typing import Any

from actions.models import Theme
from actions.pages import formatting
from actions.rules.state import CommitmentState, count
from actions.rules.status import Rating
from actions.wording import in_words, levels, scale
from reports.contents import abbreviations
from reports.contents.blocks import (
    accounts,
    commitments,
    facts,
    found,
    measures,
    oversight,
    ratings,
)
from reports.contents.queries import AreaPart
from reports.contents.report_data import ReportData
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
# Beside a word of a plan’s key that says no more of it.
KEY_GIVES_A_WORD = "The plan’s key gives the word alone."
# More than this is for the appendix.
MOST_WORRIES = 8


def sections(report_data: ReportData) -> tuple[Section, ...]:
    glossary = abbreviations.load_glossary(report_data)
    main_sections = abbreviations.spelt_out(_sections(report_data), glossary)
    return (*main_sections, abbreviations.list_of(glossary))


def _sections(report_data: ReportData) -> list[Section]:
    themes = _themes(report_data)
    return [
        Section(
            key="recommendations",
            title="Recommendations",
            blocks=(_written(report_data, "recommendations", "Recommendations"),),
        ),
        summary(report_data),
        *(area_section(report_data, area, themes.get(area.id, [])) for area in report_data.areas),
        Section(
            key="implications",
            title="Implications",
            blocks=(
                Heading(level=2, text="Financial implications"),
                _written(report_data, "financial", "Financial implications"),
                Heading(level=2, text="Environmental implications"),
                _written(report_data, "environmental", "Environmental implications"),
                Heading(level=2, text="Equality implications"),
                _written(report_data, "equality", "Equality implications"),
            ),
        ),
        Section(
            key="next",
            title="Timescales and next steps",
            blocks=(
                _written(report_data, "next", "Timescales and next steps"),
                *oversight.due_next(report_data),
            ),
        ),
        Section(
            key=oversight.CO_PRODUCTION,
            title="What the parent carer forum says",
            blocks=tuple(oversight.co_production(report_data)),
        ),
        *_appendices(report_data),
        Section(
            key="papers",
            title="Background papers",
            blocks=(
                report_data.words.paragraph(
                    "scrutiny:papers",
                    "Background papers",
                    report_data.plan.title,
                    empty=NOT_WRITTEN,
                ),
            ),
        ),
        Section(key="contacts", title="Contacts", blocks=tuple(_contacts(report_data))),
        Section(key="circulation", title="Circulation", blocks=(_circulation(report_data),)),
    ]


def _written(report_data: ReportData, key: str, label: str) -> Paragraph:
    """A part that only a person can write."""
    return report_data.words.paragraph(f"scrutiny:{key}", label, empty=NOT_WRITTEN)


# --- In short ---------------------------------------------------------------------------------


def summary(report_data: ReportData) -> Section:
    return Section(
        key="summary",
        title="Executive summary",
        blocks=(
            ratings.lead(report_data),
            report_data.words.paragraph(
                "summary",
                "Executive summary",
                empty="The programme team adds nothing to this summary.",
                beside=facts.of_plan(report_data),
            ),
            ratings.all_counts(report_data),
            Heading(level=2, text="What the colours mean"),
            Facts(items=tuple(_meanings(report_data))),
            Heading(level=2, text="KPIs"),
            Paragraph(text=measures.summary(report_data)),
            *measures.passed(report_data),
        ),
    )


# --- By area ----------------------------------------------------------------------------------


def _themes(report_data: ReportData) -> dict[int, list[Any]]:
    """The themes of each area that say what families should be able to say. One query."""
    by_area: dict[int, list[Any]] = {}
    rows = report_data.worded(Theme, plan=report_data.plan)
    for row in sorted(rows, key=lambda row: (row.position, row.key)):
        if row.i_statement and row.withdrawn_at is None:
            by_area.setdefault(row.area_id, []).append(row)
    return by_area


def area_section(report_data: ReportData, area: AreaPart, themes: Sequence[Any]) -> Section:
    """What the area's officer signs."""
    states = report_data.standing(area.id)
    blocks: list[Block] = [
        found.heading(area),
        *found.paragraphs(area),
    ]
    if themes:
        blocks.append(Heading(level=2, text="What families should be able to say"))
        for theme in themes:
            blocks.append(Paragraph(text=f"“{theme.i_statement}”", style="quote"))
            blocks.append(Paragraph(text=_voice(theme), style="note"))
    blocks += [
        Heading(level=2, text="Where it stands"),
        Paragraph(text=counts_text(states)),
        Facts(items=tuple(_answerable(area))),
        *accounts.account(report_data, area),
        Heading(level=2, text="Impact for children and families"),
        *commitments.difference(report_data, area),
        Heading(level=2, text="What is late or worrying"),
        *_worries(report_data, states),
    ]
    return Section(key=f"area:{area.code}", title=area.name, blocks=tuple(blocks), area=area.label)


def _voice(theme: Any) -> str:
    voices = [Theme.Voice(voice).label.lower() for voice in theme.voice]
    what = f"{theme.title} ({theme.ref})"
    return f"In the words of {formatting.listed(voices)}. {what}" if voices else what


def _meanings(report_data: ReportData) -> Iterable[Fact]:
    if key := scale().entries:
        for entry in key:
            yield Fact(label=entry.word, value=entry.text or KEY_GIVES_A_WORD)
    for rating in scale().shown(report_data.counts.ratings):
        if not scale().entry(rating.value):
            yield Fact(label=rating.label, value=rating.meaning)


def counts_text(states: Sequence[CommitmentState]) -> str:
    """`Of 14 commitments, 3 are Blue, 8 Green and 3 Amber. 2 are overdue.`"""
    counts = count(states)
    if not counts.total:
        return in_words("The plan has no {commitments} here.")
    texts = [
        f"{number} {scale().within(rating)}"
        for rating in Rating
        if (number := counts.ratings[rating])
    ]
    sentence = f"Of {levels().some('commitment', counts.total)}: {formatting.listed(texts)}."
    overdue = sum(state.is_overdue for state in states)
    if overdue:
        sentence += f" {overdue} {'is' if overdue == 1 else 'are'} overdue."
    return sentence


def _answerable(area: AreaPart) -> list[Fact]:
    judgement = "Not rated"
    if area.judgement and area.judged_on:
        judged_on = formatting.short_day(area.judged_on)
        word, means = area.word or scale().word(area.judgement), scale().text(area.judgement)
        if not scale().entries:
            means = means.lower()
        judgement = f"{word} ({means}), {judged_on}" if means else f"{word}, {judged_on}"
    return [
        Fact(label="Senior responsible officer", value=area.sro or "Nobody named"),
        Fact(label=in_words("The SRO rating of the {area}"), value=judgement),
    ]


def worrying(states: Sequence[CommitmentState]) -> list[CommitmentState]:
    """Those rated Red, and those whose time has passed."""
    return [state for state in states if state.rating is Rating.RED or state.is_overdue]


def _worries(report_data: ReportData, states: Sequence[CommitmentState]) -> list[Block]:
    worries = worrying(states)
    if not worries:
        return [Paragraph(text=in_words("Nothing here is overdue or rated {Red}."))]
    blocks: list[Block] = [
        Bullets(items=tuple(_worry(report_data, state) for state in worries[:MOST_WORRIES]))
    ]
    more = len(worries) - MOST_WORRIES
    if more > 0:
        blocks.append(Paragraph(text=f"{more} more {'is' if more == 1 else 'are'} in appendix 1."))
    return blocks


def _worry(report_data: ReportData, state: CommitmentState) -> str:
    """`1.1.1c, A form: Red. Due in February 2023, first agreed for October 2022.`"""
    name = report_data.named[state.id].name.rstrip(".")
    timescale = report_data.named[state.id].timescale.rstrip(".")
    when = f"{timescale}." if timescale else "No completion date is agreed."
    if state.completion:
        now, first = state.completion.now, state.completion.first
        when = f"{'Overdue, due in' if state.is_overdue else 'Due in'} {now}"
        when += f", first agreed for {first}." if first != now else "."
    return f"{state.ref}, {name}: {scale().word(state.rating)}. {when}"


# --- Appendices -------------------------------------------------------------------------------


def _appendices(report_data: ReportData) -> list[Section]:
    return [
        Section(
            key="appendix:1",
            title=in_words("Appendix 1. Every {commitment}"),
            blocks=(_every_commitment(report_data),),
        ),
        Section(
            key="appendix:2",
            title="Appendix 2. Every KPI",
            blocks=(
                measures.table(
                    report_data, report_data.measures, "Measures", "The KPIs of the plan"
                ),
            ),
        ),
        Section(
            key="appendix:3",
            title="Appendix 3. Resources and funding",
            blocks=tuple(oversight.money(report_data)),
        ),
    ]


def _every_commitment(report_data: ReportData) -> Table:
    return Table(
        name=in_words("{Commitments}"),
        caption=in_words("The plan’s {commitments} as at ")
        + formatting.short_day(report_data.until),
        columns=(
            Column(title="Ref", width=2),
            Column(title=in_words("{Commitment}"), width=8),
            Column(title="Rating", kind="rating", width=3),
            Column(title="First agreed", kind="date", width=3),
            Column(title="Due date", kind="date", width=3),
        ),
        rows=tuple(
            (
                Cell(text=state.ref),
                Cell(text=report_data.named[state.id].name),
                ratings.standing_cell(state),
                Cell(text=str(state.completion.first) if state.completion else otherwise),
                Cell(text=str(state.completion.now) if state.completion else otherwise),
            )
            for state in report_data.standing()
            for otherwise in [report_data.named[state.id].timescale or commitments.NO_DATE]
        ),
        empty=in_words("The plan has no {commitments}."),
    )


# --- Whom to ask, and who is sent it ----------------------------------------------------------


def _contacts(report_data: ReportData) -> list[Block]:
    blocks: list[Block] = [
        report_data.words.paragraph(
            "scrutiny:contacts", "Contacts", empty="No contact for this report is named yet."
        )
    ]
    officers = tuple(
        Fact(
            label=f"Senior responsible officer, {area.in_sentence}",
            value=_officer(report_data, area),
        )
        for area in report_data.areas
    )
    return [*blocks, Facts(items=officers)] if officers else blocks


def _officer(report_data: ReportData, area: AreaPart) -> str:
    row = report_data.people.get(area.sro_id) if area.sro_id else None
    if row is None:
        return "Nobody named"
    return ", ".join(filter(None, (row.name, row.job_title, row.works_for)))


def _circulation(report_data: ReportData) -> Block:
    if not report_data.audiences:
        return Paragraph(text="Nobody is named whom this report is for.")
    return Bullets(items=report_data.audiences)

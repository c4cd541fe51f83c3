"""Commitments in tables: how each stands, what was said of it, and what shows it."""

from collections.abc import Iterable, Sequence
from typing import Any

from actions.pages import formatting
from actions.rules.state import CommitmentState
from actions.wording import in_words, levels
from kpis.rules.state import effect_of
from kpis.rules.text import EFFECTS
from reports.contents.blocks import facts
from reports.contents.blocks.ratings import standing_cell
from reports.contents.queries import AreaPart, EvidencePart, RiskPart
from reports.contents.report_data import ReportData, day_text, refs_of
from reports.rendering.document import Block, Bullets, Cell, Column, Paragraph, Table

NOBODY_REPORTED = "Nobody has reported on it yet."

# What stands where a commitment has no completion date, and the plan prints nothing in its place.
NO_DATE = "none agreed"

# What stands where nobody wrote what is done about a risk.
NOT_RECORDED = "Not recorded"


def table(report_data: ReportData, area: AreaPart) -> Table:
    """Every action and commitment of an area, in the plan's order."""
    withdrawn = [state for state in report_data.now.of_area(area.id) if state.is_withdrawn]
    notes = []
    if withdrawn:
        notes.append(f"Withdrawn from the plan and not counted: {refs_of(withdrawn)}.")
    return Table(
        name=f"{area.label} {levels().lower.commitments}",
        caption=f"{levels().actions_and_commitments} of {area.in_sentence}",
        columns=(
            Column(title="Ref", width=2),
            Column(title=in_words("{Action}"), width=5),
            Column(title="What shows that it is done", width=7),
            Column(title="Led by", width=5),
            Column(title="Rating", kind="rating", width=4),
            Column(title="Beside the rating", width=5),
            Column(title="Progress", width=8),
            Column(title="First agreed", kind="date", width=3),
            Column(title="Due date", kind="date", width=3),
        ),
        rows=tuple(_row(report_data, state) for state in report_data.standing(area.id)),
        empty=in_words("No {commitments}."),
        notes=tuple(notes),
    )


def _row(report_data: ReportData, state: CommitmentState) -> tuple[Cell, ...]:
    named, action = report_data.named[state.id], report_data.actions.get(state.action)
    completion = state.completion
    evidence = named.name
    if named.evidence_beside_name:
        evidence += f"\n{named.evidence_beside_name}"
    return (
        Cell(text=state.ref),
        Cell(text=_action_text(action) if action else ""),
        Cell(text=evidence),
        Cell(text=report_data.leads(state)),
        standing_cell(state),
        Cell(text="\n".join(beside(report_data, state))),
        progress_cell(report_data, state),
        Cell(text=str(completion.first) if completion else named.timescale or NO_DATE),
        Cell(text=str(completion.now) if completion else named.timescale or NO_DATE),
    )


def named_action(action: Any) -> str:
    """Its number and title; the title alone where the plan prints no number."""
    return str(action.title) if action.is_unnumbered else f"{action.ref} {action.title}"


def _action_text(action: Any) -> str:
    """Its name, and what the plan prints beside it of when it is to be done."""
    beside = (("Urgency", action.urgency), ("Waits for", action.waits_for))
    return "\n".join(
        [named_action(action), *(f"{label}: {text}" for label, text in beside if text)]
    )


def progress_cell(report_data: ReportData, state: CommitmentState) -> Cell:
    update = report_data.updates.worded.get(state.id)
    return report_data.words.cell(
        f"commitment:{state.code}:progress",
        f"Progress of {state.ref}",
        update.progress if update else "",
        empty=NOBODY_REPORTED,
        leads=report_data.users(state),
        beside=facts.of_commitment(report_data, state),
    )


def beside(report_data: ReportData, state: CommitmentState) -> list[str]:
    """The facts of dates and records, in words; they never change the rating."""
    texts = [tag.text for tag in formatting.tags(state)]
    update = report_data.updates.worded.get(state.id)
    if update:
        texts.append(f"Last update, {day_text(update.said_on)}")
    newest = report_data.updates.newest.get(state.id)
    if newest and newest.forecast:
        texts.append(f"Its leads expect {newest.forecast}")
    if newest and newest.late_reason and state.is_overdue:
        texts.append(f"Why it is late: {newest.late_reason}")
    return texts


def difference(report_data: ReportData, area: AreaPart) -> list[Block]:
    """What changed for children and families, and whether the measures say so too."""
    states = report_data.standing(area.id)
    differences = [
        f"{state.ref}: {update.changed_for_families}"
        for state in states
        for update in report_data.updates.in_period.get(state.id, ())
        if update.changed_for_families
    ]
    blocks: list[Block] = [
        report_data.words.paragraph(
            f"area:{area.code}:difference",
            f"{area.label}: impact for children and families",
            "\n".join(dict.fromkeys(differences)),
            empty="Nothing is recorded yet on the impact for children and families.",
            leads=area.told,
            beside=facts.of_area(report_data, area),
        )
    ]
    effects = list(_effects(report_data, states))
    if effects:
        blocks.append(
            Paragraph(text="Done is not the same as better. For this work it has to be said:")
        )
        blocks.append(Bullets(items=tuple(effects)))
    return blocks


def _effects(report_data: ReportData, states: Iterable[CommitmentState]) -> Iterable[str]:
    for state in states:
        for pk, kpi in report_data.kpis.items():
            if state.id in kpi.commitments and (effect := effect_of(kpi, state)):
                title = report_data.kpi_set.rows[pk].title
                yield f"{state.ref}: {EFFECTS[effect].lower()} ({kpi.code} {title})."


# --- Evidence ---------------------------------------------------------------------------------


def evidence(report_data: ReportData, area: AreaPart) -> Table:
    """What may be named outside, by name; the rest is counted."""
    shown = [
        (state, piece)
        for state in report_data.standing(area.id)
        for piece in report_data.evidence.get(state.id, ())
    ]
    named = [(state, piece) for state, piece in shown if piece.title]
    return Table(
        name=f"{area.label} evidence",
        caption=f"Evidence for {area.in_sentence} that may be shared outside",
        columns=(
            Column(title="Ref", width=2),
            Column(title="Evidence", width=8),
            Column(title="Kind", width=3),
            Column(title="Added on", kind="date", width=3),
        ),
        rows=tuple(
            (
                Cell(text=state.ref),
                Cell(text=piece.title, link=piece.link),
                Cell(text=_kind(piece)),
                Cell(text=day_text(piece.added_on)),
            )
            for state, piece in named
        ),
        empty="No evidence that may be shared outside.",
        notes=_not_named(len(shown) - len(named)),
    )


def _kind(piece: EvidencePart) -> str:
    kind = "File" if piece.is_file else ("Link" if piece.link else "Title alone")
    if piece.place:
        kind = f"In “{piece.place}”"
    return f"{kind}, case study, anonymised, with consent" if piece.is_case_study else kind


def _not_named(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    pieces = formatting.plural(count, "further piece")
    return (f"{pieces} of evidence {'is' if count == 1 else 'are'} for people of the plan alone.",)


# --- Risks ------------------------------------------------------------------------------------


def open_risks_of(report_data: ReportData, commitment: int) -> list[RiskPart]:
    return [
        risk
        for risk in report_data.risks
        if risk.commitment == commitment and risk.closed_on is None
    ]


def risks_of(report_data: ReportData, area: AreaPart | None) -> list[RiskPart]:
    """Those on an area, its commitments and its measures; with None those of the whole plan."""
    areas_of_kpi = {history.id: history.areas for history in report_data.kpi_set.histories}
    risks = []
    for risk in report_data.risks:
        if risk.area:
            of: Sequence[int] = (risk.area,)
        elif risk.commitment:
            state = report_data.by_id.get(risk.commitment)
            # Nothing is told of what was withdrawn, or came later; nor of such a measure below.
            if state is None or state.is_withdrawn:
                continue
            of = (state.area,)
        elif risk.kpi:
            if risk.kpi not in areas_of_kpi:
                continue
            of = areas_of_kpi[risk.kpi]
        else:
            of = ()
        if (area.id in of) if area else not of:
            risks.append(risk)
    return risks


def risk_table(
    report_data: ReportData, risks: Iterable[RiskPart], name: str, caption: str
) -> Table:
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(title="On", width=2),
            Column(title="Kind", width=2),
            Column(title="Risk or issue", width=6),
            Column(title="What is being done about it", width=5),
            Column(title="Support needed", width=4),
            Column(title="State", width=4),
        ),
        rows=tuple(
            (
                Cell(text=_on(report_data, risk)),
                Cell(text=risk.kind),
                Cell(text=risk.text),
                Cell(text=risk.mitigation or NOT_RECORDED),
                Cell(text=risk.help_needed or "none"),
                Cell(text=_state(risk)),
            )
            for risk in risks
        ),
        empty="No open risks or issues.",
    )


def _on(report_data: ReportData, risk: RiskPart) -> str:
    if risk.commitment:
        return report_data.by_id[risk.commitment].ref
    if risk.area:
        return report_data.area_of[risk.area].label
    if risk.kpi in report_data.kpi_set.rows:
        return f"KPI {report_data.kpi_set.rows[risk.kpi].code}"
    return "The plan"


def _state(risk: RiskPart) -> str:
    if risk.closed_on:
        return f"Closed on {day_text(risk.closed_on)}: {risk.how_closed}"
    return f"Open since {day_text(risk.raised_on)}"

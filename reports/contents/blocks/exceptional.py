"""What stands out, with its reasons, movement, mitigation, help asked for and forecast."""

from actions.pages import formatting
from actions.pages.formatting import Chip
from actions.rules.comparison import ChangeKind
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from actions.wording import in_words, levels, scale
from reports.contents.blocks import facts
from reports.contents.blocks.commitments import NO_DATE, NOT_RECORDED, open_risks_of
from reports.contents.blocks.ratings import rating_cell, standing_cell
from reports.contents.report_data import ReportData, day_text
from reports.dashboard.exceptions import PARTS, reason_chips
from reports.rendering.document import Cell, Column, Table
from reports.rules.exceptions import Exceptional, Part


def part_table(report_data: ReportData, part: Part) -> Table:
    title = PARTS[part][0]
    exceptions = {
        Part.DECISION: report_data.exceptions.decision,
        Part.ATTENTION: report_data.exceptions.attention,
        Part.NOTE: report_data.exceptions.note,
    }[part]
    return Table(
        name=title,
        caption=f"{title}: {levels().lower.commitments} on {day_text(report_data.until)}",
        columns=(
            Column(title="Ref", width=2),
            Column(title=in_words("{Commitment}"), width=6),
            Column(title="Rating", kind="rating", width=4),
            Column(title=f"On {day_text(report_data.since)}", kind="rating", width=4),
            Column(title="Why it stands here", width=5),
            Column(title="What is being done about it", width=6),
            Column(title="Support needed", width=5),
            Column(title="Agreed date and forecast", width=4),
            Column(title="Led by", width=5),
        ),
        rows=tuple(_row(report_data, exception) for exception in exceptions),
        empty="Nothing.",
    )


def _row(report_data: ReportData, exception: Exceptional) -> tuple[Cell, ...]:
    state = exception.state
    beside = facts.of_commitment(report_data, state)
    return (
        Cell(text=state.ref),
        Cell(text=report_data.named[state.id].name),
        standing_cell(state),
        rating_cell(exception.was, "not in the plan"),
        Cell(text="\n".join(_why(chip) for chip in reason_chips(exception))),
        report_data.words.cell(
            f"commitment:{state.code}:mitigation",
            f"What is being done about {state.ref}",
            _mitigation(report_data, state),
            empty=NOT_RECORDED,
            leads=report_data.users(state),
            beside=beside,
        ),
        report_data.words.cell(
            f"commitment:{state.code}:help",
            f"Support needed with {state.ref}",
            _help(report_data, state),
            empty="None.",
            leads=report_data.users(state),
            beside=beside,
        ),
        Cell(text="\n".join(_dates(report_data, state))),
        Cell(text=report_data.leads(state)),
    )


def _why(chip: Chip) -> str:
    return f"{chip.text} (new)" if chip.is_new else chip.text


def _mitigation(report_data: ReportData, state: CommitmentState) -> str:
    """Of each open risk and issue, what it is and what is done about it; empty where nothing is.

    A risk alone is no answer to what is being done about it.
    """
    risks = open_risks_of(report_data, state.id)
    if not any(risk.mitigation for risk in risks):
        return ""
    return "\n".join(
        f"{risk.kind}: {_sentence(risk.text)} {risk.mitigation or NOT_RECORDED}" for risk in risks
    )


def _help(report_data: ReportData, state: CommitmentState) -> str:
    """What the newest update asks for, and what the open risks ask for."""
    newest = report_data.updates.newest.get(state.id)
    requested = [newest.help_needed] if newest else []
    requested += [risk.help_needed for risk in open_risks_of(report_data, state.id)]
    return "\n".join(dict.fromkeys(filter(None, requested)))


def _dates(report_data: ReportData, state: CommitmentState) -> list[str]:
    if state.completion is None:
        timescale = report_data.named[state.id].timescale
        texts = [timescale or "No completion date agreed"]
    else:
        texts = [f"Agreed {state.completion.now}"]
        if state.completion.is_moved:
            texts.append(f"First agreed {state.completion.first}")
    newest = report_data.updates.newest.get(state.id)
    if newest and newest.forecast:
        texts.append(f"Its leads expect {newest.forecast}")
    return texts


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def done_since(report_data: ReportData) -> Table:
    """What was delivered, or became Blue with a second person’s word."""
    labels = {
        ChangeKind.DELIVERED: "Delivered",
        ChangeKind.RATED: scale().blue if scale().entries else "Completed and embedded",
    }
    return Table(
        name="Delivered and embedded",
        caption=f"Delivered or completed since {day_text(report_data.since)}",
        columns=(
            Column(title="Ref", width=2),
            Column(title=in_words("{Commitment}"), width=6),
            Column(title="What was reached", width=4),
            Column(title="Rating", kind="rating", width=3),
            Column(title="First agreed for", kind="date", width=3),
        ),
        rows=tuple(
            (
                Cell(text=change.ref),
                Cell(text=report_data.named[change.commitment].name),
                Cell(text=labels[change.kind]),
                standing_cell(state),
                Cell(
                    text=str(state.completion.first)
                    if state.completion
                    else report_data.named[change.commitment].timescale or NO_DATE
                ),
            )
            for change in report_data.changes
            if change.kind is ChangeKind.DELIVERED
            or (change.kind is ChangeKind.RATED and change.now is Rating.BLUE)
            for state in [report_data.by_id[change.commitment]]
        ),
        empty=f"Nothing was delivered or became {scale().blue} since "
        f"{day_text(report_data.since)}.",
    )


def quiet_areas(report_data: ReportData) -> str:
    """The areas in which nothing stands out, named; empty where there is none."""
    loud = {exception.state.area for exception in report_data.exceptions.commitments}
    for kpi in (*report_data.exceptions.missed, *report_data.exceptions.kpis):
        loud.update(kpi.areas)
    quiet = [area.label for area in report_data.areas if area.id not in loud]
    if not quiet:
        return ""
    return f"Nothing stands out in {formatting.listed(quiet)}."

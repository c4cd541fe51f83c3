"""Changes to the plan: dates, texts, targets, what came into the plan and left."""

from typing import Any

from actions.rules.comparison import ChangeKind
from actions.rules.dates import day_of
from actions.wording import in_words
from reports.contents.queries import Move
from reports.contents.report_data import ReportData, day_text
from reports.rendering.document import Block, Cell, Column, Table
from wsoa.oversight.changes.change_list import from_to, title_of
from wsoa.oversight.changes.change_requests import Kind


def change_log(report_data: ReportData) -> list[Block]:
    return [dates_moved(report_data), changes_decided(report_data), parts_changed(report_data)]


def dates_moved(report_data: ReportData) -> Table:
    return Table(
        name="Dates moved",
        caption=f"Dates moved since {day_text(report_data.since)}",
        columns=(
            Column(title="Ref", width=2),
            Column(title="Date", width=3),
            Column(title="Was", kind="date", width=3),
            Column(title="Now", kind="date", width=3),
            Column(title="First agreed", kind="date", width=3),
            Column(title="Moved on", kind="date", width=3),
            Column(title="Reason", width=6),
            Column(title="Decided by", width=4),
        ),
        rows=tuple(
            _moved(report_data, move)
            for move in report_data.moves
            if move.commitment in report_data.by_id
        ),
        empty="No date was moved.",
    )


def _moved(report_data: ReportData, move: Move) -> tuple[Cell, ...]:
    state = report_data.by_id[move.commitment]
    first = next((key_date.first for key_date in state.dates if key_date.id == move.id), None)
    return (
        Cell(text=state.ref),
        Cell(text=move.kind.label),
        Cell(text=str(move.was)),
        Cell(text=str(move.now)),
        Cell(text=str(first) if first else "moved again since"),
        Cell(text=day_text(move.moved_on)),
        Cell(text=move.reason),
        Cell(text=move.decided_by or "not said"),
    )


def changes_decided(report_data: ReportData) -> Table:
    """Asks that a meeting answered in the period, with the reason of each."""
    return Table(
        name="Changes decided",
        caption=f"Changes asked for and decided since {day_text(report_data.since)}",
        columns=(
            Column(title="What was asked for", width=5),
            Column(title="Was", width=4),
            Column(title="Asked for", width=4),
            Column(title="Reason", width=5),
            Column(title="Decided", width=4),
            Column(title="In", width=4),
        ),
        rows=tuple(_decided(report_data, request) for request in report_data.requests),
        empty="No change was decided.",
    )


def _decided(report_data: ReportData, request: Any) -> tuple[Cell, ...]:
    about = request.commitment.ref if request.commitment else request.kpi and request.kpi.code
    if request.kind == Kind.LEAD:
        was = report_data.person(request.old_lead_id) or "nobody"
        wanted = report_data.person(request.new_lead_id) or "nobody"
    elif request.kind == Kind.WORDING:
        was, wanted = report_data.evidence_before[request.commitment_id], request.wanted_text
    else:
        was, wanted = from_to(request)
    return (
        Cell(text=title_of(request, about)),
        Cell(text=was),
        Cell(text=wanted),
        Cell(text=request.reason),
        Cell(text=_outcome(report_data, request)),
        Cell(text=request.decision.decided_in),
    )


def _outcome(report_data: ReportData, request: Any) -> str:
    decided_on = day_text(day_of(request.decision.effective_at))
    if not request.decision.is_agreed:
        return f"Not agreed on {decided_on}: {request.decision.reason}"
    if not report_data.plan.outside_approver:
        return f"Agreed on {decided_on}"
    if request.approved_on:
        return f"Agreed on {decided_on}, approved from outside on {day_text(request.approved_on)}"
    return f"Agreed on {decided_on}, awaits approval from outside"


WITH_THE_PLAN = "The plan itself began in this period, and its {commitments} came with it."


def parts_changed(report_data: ReportData) -> Table:
    is_new = report_data.before.is_before_first_record
    labels = {
        ChangeKind.ADDED: "Added to the plan",
        ChangeKind.WITHDRAWN: "Withdrawn from the plan",
        ChangeKind.REINSTATED: "Put back into the plan",
        ChangeKind.DATE_ADDED: "Date added",
        ChangeKind.DATE_DROPPED: "Date no longer needed",
    }
    return Table(
        name="Parts changed",
        caption=f"Added and withdrawn since {day_text(report_data.since)}",
        columns=(
            Column(title="Ref", width=2),
            Column(title=in_words("{Commitment}"), width=6),
            Column(title="What changed", width=4),
            Column(title="Date", kind="date", width=4),
        ),
        rows=tuple(
            (
                Cell(text=change.ref),
                Cell(text=report_data.named[change.commitment].name),
                Cell(text=labels[change.kind]),
                Cell(
                    text=f"{change.date_kind.label} {change.now or change.was}"
                    if change.date_kind
                    else ""
                ),
            )
            for change in report_data.changes
            if change.kind in labels and not (is_new and change.kind is ChangeKind.ADDED)
        ),
        empty=in_words(WITH_THE_PLAN)
        if is_new
        else "Nothing came into the plan and nothing left it.",
    )

"""What was decided, asked from outside and said by the forum; what is due next; the money."""

from collections.abc import Iterable
from decimal import Decimal

from actions.pages import formatting
from actions.progress.history_text import families_text
from actions.rules.status import DateKind
from actions.wording import in_words, levels
from kpis.rules.text import target_text
from reports.contents.blocks.ratings import standing_cell
from reports.contents.editable_texts import FORUM
from reports.contents.queries import DecisionPart, Review, ReviewActionPart
from reports.contents.report_data import ReportData, day_text
from reports.rendering.document import Block, Cell, Column, Fact, Facts, Heading, Paragraph, Table

CO_PRODUCTION = "co-production"


# --- Decisions --------------------------------------------------------------------------------


def decision_table(
    report_data: ReportData, decisions: Iterable[DecisionPart], name: str, caption: str, empty: str
) -> Table:
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(title="About", width=2),
            Column(title="Decision", width=6),
            Column(title="In", width=4),
            Column(title="Minute", width=2),
            Column(title="Owner", width=4),
            Column(title="State", width=4),
        ),
        rows=tuple(
            (
                Cell(text=decision.about),
                Cell(text=decision.text),
                Cell(text=f"{decision.body}, {day_text(decision.held_on)}"),
                Cell(text=decision.minute),
                Cell(text=report_data.person(decision.owner) or "nobody named"),
                Cell(text=_state(report_data, decision)),
            )
            for decision in decisions
        ),
        empty=empty,
    )


def _state(report_data: ReportData, decision: DecisionPart) -> str:
    if decision.done_on:
        return f"Done on {day_text(decision.done_on)}. {decision.done_text}".strip()
    if not decision.is_open:
        return "For the record"
    if decision.due_on is None:
        return "Open"
    if decision.due_on < report_data.now.on:
        return f"Overdue since {day_text(decision.due_on)}"
    return f"Open, due by {day_text(decision.due_on)}"


# --- DfE and NHS England ----------------------------------------------------------------------


def reviews(report_data: ReportData) -> list[Block]:
    """The last meeting with what it asked for, and what older ones asked and nobody answered."""
    if not report_data.reviews:
        return [Paragraph(text="No review meeting with DfE and NHS England has been held yet.")]
    last, *older = report_data.reviews
    blocks: list[Block] = [
        Facts(
            items=(
                Fact(label="Last review meeting", value=day_text(last.held_on)),
                Fact(label="With", value=last.advisers),
                Fact(label="What they said", value=last.feedback or "No feedback on record."),
            )
        ),
        _actions(
            report_data,
            [(last, action) for action in last.actions],
            "Asks and answers",
            _LAST_ACTIONS,
        ),
    ]
    unanswered = [
        (review, action)
        for review in reversed(older)
        for action in review.actions
        if not action.answer
    ]
    if unanswered:
        blocks.append(_actions(report_data, unanswered, "Older asks", _OLDER_ACTIONS))
    return blocks


_LAST_ACTIONS = "What was asked for in the last review meeting, and what was answered"
_OLDER_ACTIONS = "What was asked for before that and has not been answered"


def _actions(
    report_data: ReportData, actions: list[tuple[Review, ReviewActionPart]], name: str, caption: str
) -> Table:
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(title="What was asked for", width=6),
            Column(title="Asked on", kind="date", width=3),
            Column(title="Owner", width=4),
            Column(title="Due", kind="date", width=3),
            Column(title="Answer", width=6),
        ),
        rows=tuple(
            (
                Cell(text=action.text),
                Cell(text=day_text(review.held_on)),
                Cell(text=report_data.person(action.owner) or "nobody named"),
                Cell(text=day_text(action.due_on) or "no day given"),
                Cell(text=_answer(report_data, action)),
            )
            for review, action in actions
        ),
        empty="Nothing was asked for.",
    )


def _answer(report_data: ReportData, action: ReviewActionPart) -> str:
    if action.answer:
        return f"{action.answer}\nAnswered on {day_text(action.answered_on)}"
    is_late = action.due_on is not None and action.due_on < report_data.until
    return "Not answered, and overdue" if is_late else "Not answered yet"


# --- The forum --------------------------------------------------------------------------------


def none_received(report_data: ReportData) -> str:
    return f"None received by {day_text(report_data.known_on)}."


def co_production(report_data: ReportData) -> list[Block]:
    """The forum's own words, which nobody else edits, and its views of work said to be done."""
    statement = report_data.words.paragraph(
        CO_PRODUCTION,
        "The parent carer forum’s statement",
        empty=none_received(report_data),
        owner=FORUM,
    )
    views = [
        (report_data.by_id[view.commitment].ref, view)
        for view in report_data.updates.views
        if view.commitment in report_data.by_id
    ]
    if not views:
        return [statement]
    return [
        statement,
        Table(
            name="What the forum said",
            caption="What the forum said of work proposed as completed and embedded",
            columns=(
                Column(title="Ref", width=2),
                Column(title="View", width=8),
                Column(title="Said on", kind="date", width=3),
            ),
            rows=tuple(
                (
                    Cell(text=ref),
                    Cell(text=families_text(view.view, view.text)),
                    Cell(text=day_text(view.said_on)),
                )
                for ref, view in views
            ),
        ),
    ]


# --- What is due next -------------------------------------------------------------------------


def due_next(report_data: ReportData) -> list[Block]:
    """Dates of commitments and of targets in the next period, in time order."""
    period = report_data.next_period
    dates = [
        (dated, state)
        for state in report_data.standing()
        if not state.standing.is_confirmed_blue
        for dated in state.dates
        if dated.met_on is None
        and dated.delivered_on is None
        and period.starts_on <= dated.now.last_day <= period.ends_on
    ]
    dates.sort(key=lambda pair: pair[0].now.last_day)
    targets = [
        (target, kpi)
        for kpi in report_data.measures
        for target in kpi.state.targets
        if target.on and period.starts_on <= target.on.last_day <= period.ends_on
    ]
    targets.sort(key=lambda pair: pair[0].on.last_day if pair[0].on else period.ends_on)
    return [
        Table(
            name="Dates due next",
            caption=f"Dates due in {period.words}",
            columns=(
                Column(title="Ref", width=2),
                Column(title=in_words("{Commitment}"), width=6),
                Column(title="Date", width=3),
                Column(title="Due", kind="date", width=3),
                Column(title="First agreed", kind="date", width=3),
                Column(title="Rating", kind="rating", width=3),
            ),
            rows=tuple(
                (
                    Cell(text=state.ref),
                    Cell(text=report_data.named[state.id].name),
                    Cell(text=DateKind(dated.kind).label),
                    Cell(text=str(dated.now)),
                    Cell(text=str(dated.first)),
                    standing_cell(state),
                )
                for dated, state in dates
            ),
            empty=in_words("No date of {a_commitment} is due."),
        ),
        Table(
            name="Targets due next",
            caption=f"Targets due in {period.words}",
            columns=(
                Column(title="KPI", width=2),
                Column(title="What it measures", width=6),
                Column(title="Target", width=4),
                Column(title="By", kind="date", width=3),
                Column(title="Where it stands", width=4),
            ),
            rows=tuple(
                (
                    Cell(text=kpi.code),
                    Cell(text=kpi.title),
                    Cell(text=target_text(target, kpi.unit, kpi.row.comparator)),
                    Cell(text=str(target.on)),
                    Cell(text=kpi.position_text),
                )
                for target, kpi in targets
            ),
            empty="No target is due.",
        ),
    ]


# --- Money ------------------------------------------------------------------------------------


def money(report_data: ReportData) -> list[Block]:
    """What the plan names as resources, and its funding: two papers, which are never added."""
    return [
        Paragraph(
            text="The two tables come from different papers. The amounts of one are not added to "
            "those of the other."
        ),
        Heading(level=2, text="Resources that the plan names"),
        _resources(report_data),
        Heading(level=2, text="Funding"),
        _funding(report_data),
        *_other_sums(report_data),
    ]


def _resources(report_data: ReportData) -> Table:
    rows = []
    for resource in report_data.resources:
        action = report_data.actions.get(resource.action)
        state = report_data.by_id.get(resource.commitment) if resource.commitment else None
        rows.append(
            (
                Cell(text=state.ref if state else (action.ref if action else "")),
                Cell(text=resource.text),
                _pounds(resource.amount, "no amount"),
            )
        )
    return Table(
        name="Resources",
        caption=f"Resources by {levels().action_or_commitment}",
        columns=(
            Column(title="Ref", width=2),
            Column(title="Resource", width=8),
            Column(title="Amount", kind="number", width=3),
        ),
        rows=tuple(rows),
        empty="The plan names no resources.",
    )


def _other_sums(report_data: ReportData) -> list[Block]:
    """Sums for no financial year, which are added to nothing; no table where there are none."""
    if not report_data.other_sums:
        return []
    return [
        Heading(level=2, text="Other sums that the papers name"),
        Table(
            name="Other sums",
            caption="Sums for no financial year in particular, added to nothing",
            columns=(
                Column(title="For", width=5),
                Column(title="Source", width=5),
                Column(title="Period", width=3),
                Column(title="Sum", kind="number", width=3),
            ),
            rows=tuple(
                (
                    Cell(text=row.title),
                    Cell(text=row.source),
                    Cell(text=row.period),
                    _pounds(row.total, ""),
                )
                for row in report_data.other_sums
            ),
        ),
    ]


def _funding(report_data: ReportData) -> Table:
    years = sorted({row.year for row in report_data.funding})
    amounts_by_line: dict[int, dict[str, Decimal | None]] = {}
    titles: dict[int, str] = {}
    for row in report_data.funding:
        amounts_by_line.setdefault(row.line_id, {})[row.year] = row.amount
        source = f" ({row.line.source})" if row.line.source else ""
        titles[row.line_id] = f"{row.line.title}{source}"
    return Table(
        name="Funding",
        caption="Funding by line and financial year",
        columns=(
            Column(title="Line", width=6),
            *(Column(title=year, kind="number", width=3) for year in years),
        ),
        rows=tuple(
            (Cell(text=titles[pk]), *(_pounds(amounts.get(year), "") for year in years))
            for pk, amounts in amounts_by_line.items()
        ),
        empty="The plan gives no funding lines.",
    )


def _pounds(amount: Decimal | None, otherwise: str) -> Cell:
    if amount is None:
        return Cell(text=otherwise)
    return Cell(text=formatting.pounds(amount), number=amount)

"""The agenda of a meeting, gathered at each look from what waits for it.

Standing items come first, then what waits, by kind and each with its things, then what is last in
every meeting. Numbers run through. An item for which nothing waits is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from actions.models import Body
from actions.pages import formatting
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState
from actions.wording import in_words, scale
from kpis.rules.state import KpiState
from reports.dashboard.dashboard_data import DashboardData
from reports.dashboard.in_full.kpis import kpi_row
from reports.dashboard.in_full.points_to_check import point_counts
from wsoa.oversight.changes.change_list import ChangeItem
from wsoa.oversight.decisions.decision_list import DecisionItem
from wsoa.oversight.models import ChangeSupport, Meeting
from wsoa.oversight.questions.question_list import QuestionItem


class Purpose(StrEnum):
    DECISION = "Decision"
    DISCUSSION = "Discussion"
    ASSURANCE = "Assurance"
    INFORMATION = "Information"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of an item: its reference, a clause, and where it is settled."""

    ref: str
    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """`minutes` is what it usually takes; `number` its place in the agenda."""

    title: str
    purpose: Purpose
    minutes: int
    things: tuple[Thing, ...] = ()
    note: str = ""
    # What its papers are called, and where they are.
    paper: formatting.Linked | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    note: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    groups: tuple[Group, ...]

    @property
    def items(self) -> list[Item]:
        return [item for group in self.groups for item in group.items]

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.items)

    @property
    def decisions(self) -> int:
        """How many things are to be decided."""
        return sum(
            len(item.things)
            for item in self.items
            if item.purpose is Purpose.DECISION and item.things
        )


@dataclass(frozen=True)
class Waiting:
    """All that an agenda is made of, as at the day of the page."""

    board: DashboardData
    meeting: Meeting
    # Those to decide, with the SRO's support where it was given.
    changes: Sequence[tuple[ChangeItem, ChangeSupport | None]]
    questions: Sequence[QuestionItem]
    decisions: Sequence[DecisionItem]


# Minutes of a thing to decide, to answer, to be assured of; and of an item as a whole.
PER_DECISION, PER_QUESTION = 5, 3
OPENING, MINUTES, ACTION_LOG, FORUM, REPORT, ASSURANCE, CLOSING = 5, 5, 10, 15, 10, 10, 2


def agenda_of(waiting: Waiting) -> Agenda:
    waits = _waiting(waiting) if is_of_the_group(waiting.meeting) else _reports(waiting)
    groups = (
        Group("Standing items", "", tuple(_standing(waiting))),
        Group("What waits", "", tuple(waits)),
        Group("At the end", "", tuple(_closing(waiting))),
    )
    numbered = []
    number = 0
    for group in groups:
        items = []
        for item in group.items:
            number += 1
            items.append(replace(item, number=number))
        count = sum(len(item.things) for item in items)
        note = formatting.plural(count, "thing") if group.title == "What waits" and count else ""
        if items:
            numbered.append(Group(group.title, note, tuple(items)))
    return Agenda(tuple(numbered))


def _standing(waiting: Waiting) -> Iterator[Item]:
    page = waiting.board.page
    yield Item("Welcome, apologies, declarations of interest", Purpose.INFORMATION, OPENING)
    before = [
        meeting
        for meeting in waiting.board.meetings
        if meeting.body_id == waiting.meeting.body_id and meeting.held_on < waiting.meeting.held_on
    ]
    if before:
        last = max(before, key=lambda meeting: meeting.held_on)
        yield Item(
            f"Minutes of {formatting.short_day(last.held_on)}",
            Purpose.DECISION,
            MINUTES,
            note="Approved as a true record, or put right",
            paper=formatting.Linked("What it decided", page.url("oversight:meeting", last.pk)),
        )
    if log := [item for item in waiting.decisions if item.is_open]:
        yield Item(
            "Decisions not carried out yet",
            Purpose.ASSURANCE,
            ACTION_LOG,
            tuple(_logged(item) for item in sorted(log, key=lambda item: not item.is_overdue)),
            paper=formatting.Linked("All", page.listed("oversight:decisions", state="open")),
        )
    yield Item(
        "From the parent carer forum and young people",
        Purpose.DISCUSSION,
        FORUM,
        paper=formatting.Linked("What families said", page.url("actions:engagement")),
    )


def _logged(item: DecisionItem) -> Thing:
    due = f", due {item.due_text}" if item.due_text else ""
    note = item.chip.text if item.chip else ""
    return Thing(item.about_text, f"{item.decision.text} {item.owner}{due}", item.about_url, note)


def _waiting(waiting: Waiting) -> Iterator[Item]:
    board = waiting.board
    page = board.page
    if waiting.changes:
        yield Item(
            "Changes to decide",
            Purpose.DECISION,
            PER_DECISION * len(waiting.changes),
            tuple(_change(change, support) for change, support in waiting.changes),
            paper=formatting.Linked("The requests", page.url("oversight:changes")),
        )
    asking = [
        one.state for one in board.exceptions.decision if one.state.help_asked_since is not None
    ]
    if asking:
        yield Item(
            "Support needed",
            Purpose.DECISION,
            PER_DECISION * len(asking),
            tuple(_support(board, state) for state in asking),
            paper=formatting.Linked("For decision", f"{page.url('reports:in_full')}#decision"),
        )
    if unanswered := [one for one in waiting.questions if one.is_open and not one.answers]:
        yield Item(
            "Questions without an answer",
            Purpose.DISCUSSION,
            PER_QUESTION * len(unanswered),
            tuple(_question(one) for one in unanswered),
            paper=formatting.Linked(
                "The questions", page.listed("oversight:questions", state="unanswered")
            ),
        )
    proposed = [
        state
        for state in board.state.commitments
        if state.standing.blue_proposed_at and not state.is_withdrawn
    ]
    if proposed:
        yield Item(
            in_words("{Blue} proposed, to be confirmed or returned"),
            Purpose.DECISION,
            PER_QUESTION * len(proposed),
            tuple(_blue(board, state) for state in proposed),
        )
    if missed := board.exceptions.missed:
        yield Item(
            "KPIs that missed their target",
            Purpose.ASSURANCE,
            ASSURANCE,
            tuple(_kpi(board, kpi) for kpi in missed),
            paper=formatting.Linked("The KPIs", page.listed("kpis:kpis", target="missed")),
        )
    if points := point_counts(board, page.url("reports:in_full")):
        yield Item(
            "Points to check",
            Purpose.ASSURANCE,
            ASSURANCE,
            tuple(Thing(str(one.count), one.words, one.url) for one in points),
        )
    yield from _reports(waiting)


def _reports(waiting: Waiting) -> Iterator[Item]:
    board, held_on = waiting.board, waiting.meeting.held_on
    if due := [report for report in board.reports_due if report.due_on <= held_on]:
        yield Item(
            "Reports due by then",
            Purpose.DECISION,
            REPORT * len(due),
            tuple(
                Thing(formatting.brief_day(report.due_on), f"{report.title}, {report.period}")
                for report in due
            ),
            paper=formatting.Linked("The timetable", board.page.url("reports:calendar")),
        )


def _change(change: ChangeItem, support: ChangeSupport | None) -> Thing:
    moved = " to ".join(filter(None, (change.was, change.wanted))) if change.was else change.wanted
    said = "no answer of the SRO yet" if support is None else str(support).lower()
    return Thing(change.about, f"{change.title}: {moved}", change.url, f"{said}; {change.asked}")


def _support(board: DashboardData, state: CommitmentState) -> Thing:
    newest = state.newest_update
    said = board.words.updates.get(newest.id) if newest else None
    since = state.help_asked_since
    assert since is not None
    age = formatting.age_text(since, state.on)
    return Thing(
        state.ref,
        said.first if said else "",
        board.page.link("commitment", state.code),
        f"asked since {formatting.short_day(since)}, {age}",
    )


def _question(question: QuestionItem) -> Thing:
    asked = f"{question.asked_by}, {question.asked_text}"
    return Thing(
        question.on.ref,
        question.question.text,
        question.url,
        ". ".join(filter(None, (asked, question.due_text))),
    )


def _blue(board: DashboardData, state: CommitmentState) -> Thing:
    assert state.standing.blue_proposed_at is not None
    proposed = formatting.short_day(day_of(state.standing.blue_proposed_at))
    return Thing(
        state.ref,
        board.texts[state.id].in_short,
        board.page.link("commitment", state.code),
        f"{scale().blue} proposed {proposed}",
    )


def _kpi(board: DashboardData, kpi: KpiState) -> Thing:
    row = kpi_row(board, kpi)
    return Thing(row.code, f"{row.title}: {row.words}", row.url)


def _closing(waiting: Waiting) -> Iterator[Item]:
    after = [
        meeting.held_on
        for meeting in waiting.board.meetings
        if meeting.body_id == waiting.meeting.body_id and meeting.held_on > waiting.meeting.held_on
    ]
    following = f"; next meeting {formatting.short_day(min(after))}" if after else ""
    yield Item(f"Any other business{following}", Purpose.INFORMATION, CLOSING)


def is_of_the_group(meeting: Meeting) -> bool:
    """Whether it is the steering group's, which decides on what the plan has before it."""
    return bool(meeting.body.kind == Body.Kind.STEERING_GROUP)

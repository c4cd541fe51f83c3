"""What the group must decide on or attend to: the first rows, with the words of what is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions import access
from actions.models import Body
from actions.pages import formatting
from actions.pages.formatting import Chip
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from reports.dashboard.areas import first_sentence
from reports.dashboard.dashboard_data import DashboardData
from reports.dashboard.exceptions import reason_chips, was_text
from reports.rules.exceptions import Exceptional, Part
from wsoa.oversight.changes.change_requests import Kind
from wsoa.oversight.models import Meeting

MOST_DECISIONS = 8
MOST_ATTENTION = 8
# Of the words of what is needed: they stand in one line.
LONGEST_NEED = 110


@dataclass(frozen=True, slots=True)
class DecisionRow:
    ref: str
    name: str
    url: str
    # How late it is, or when it is due.
    chip: Chip | None
    needed: str
    rating: Rating
    word: str
    was: str
    since: str
    age: str
    request_url: str


@dataclass(frozen=True, slots=True)
class AttentionRow:
    ref: str
    name: str
    url: str
    chip: Chip
    rating: Rating
    word: str


def decision_rows(data: DashboardData) -> list[DecisionRow]:
    """The longest overdue first, then what is Red and not yet due, then the rest."""
    ordered = sorted(data.exceptions.decision, key=_urgency)
    return [_decision(data, one) for one in ordered[:MOST_DECISIONS]]


def _urgency(exceptional: Exceptional) -> tuple[date, bool]:
    state = exceptional.state
    return state.overdue_since or date.max, state.rating is not Rating.RED


def _decision(data: DashboardData, exceptional: Exceptional) -> DecisionRow:
    state = exceptional.state
    since = _since(exceptional)
    request = state.open_requests[0] if state.open_requests else None
    return DecisionRow(
        ref=state.ref,
        name=data.texts[state.id].in_short,
        url=data.page.link("commitment", state.code),
        chip=_lateness(data, exceptional),
        needed=needed_text(data, state),
        rating=state.rating,
        word=state.word,
        was=was_text(exceptional),
        since=formatting.brief_day(since) if since else "",
        age=formatting.age_text(since, state.on) if since else "",
        request_url=data.page.url("oversight:change", request.id) if request else "",
    )


def _since(exceptional: Exceptional) -> date | None:
    """The day on which the oldest of the reasons for a decision began."""
    days = [
        why.since for why in exceptional.reasons if why.since and why.reason.part is Part.DECISION
    ]
    return min(days, default=None)


def _lateness(data: DashboardData, exceptional: Exceptional) -> Chip | None:
    state = exceptional.state
    if state.is_overdue:
        then = data.previous_overdue
        return Chip("clock", formatting.overdue_text(state), state.id not in then)
    if state.completion is None or state.delivered_on:
        return None
    return Chip("calendar", f"Due {state.completion.now}")


def needed_text(data: DashboardData, state: CommitmentState) -> str:
    """What is asked of the group, in one line: a change, support; else what happened."""
    parts = [
        text
        for request in state.open_requests
        if (said := data.words.requests.get(request.id))
        and (text := _request_text(state, said.first, said.second))
    ]
    newest = state.newest_update
    said_last = data.words.updates.get(newest.id) if newest else None
    if said_last and said_last.first and state.help_asked_since:
        parts.append(_sentence(said_last.first))
    if not parts and said_last:
        parts.append(_sentence(first_sentence(said_last.second)))
    first, *others = parts or [""]
    # The next only where it fits whole: half a sentence asks for nothing.
    for other in others:
        if len(first) + len(other) < LONGEST_NEED:
            first = f"{first} {other}"
    return formatting.cut(first, LONGEST_NEED)


def _request_text(state: CommitmentState, kind: str, reason: str) -> str:
    if kind == Kind.DATE and state.requested_date:
        now = f" in place of {state.completion.now}" if state.completion else ""
        return f"Agree {state.requested_date}{now}."
    return f"{Kind(kind).label} asked for: {_sentence(first_sentence(reason))}"


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def attention_rows(data: DashboardData) -> list[AttentionRow]:
    """What began since the earlier day first, then in the plan's order."""
    ordered = sorted(data.exceptions.attention, key=lambda one: not one.has_new_reason)
    return [
        AttentionRow(
            ref=one.state.ref,
            name=data.texts[one.state.id].in_short,
            url=data.page.link("commitment", one.state.code),
            chip=_telling_chip(one),
            rating=one.state.rating,
            word=one.state.word,
        )
        for one in ordered[:MOST_ATTENTION]
    ]


def _telling_chip(exceptional: Exceptional) -> Chip:
    """One that is new where there is any, since the colour stands at the end of the line."""
    chips = reason_chips(exceptional)
    return next((chip for chip in chips if chip.is_new), chips[0])


# --- Where it is decided ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MeetingLink:
    """The next meeting of the steering group, or the page on which it is planned."""

    words: str
    url: str
    # Whether it is the page's one button, for who prepares or leads the meeting.
    is_button: bool
    day: str = ""


def where_decided(data: DashboardData) -> MeetingLink | None:
    page = data.page
    prepares = access.can_record_decision(page.access)
    meeting = next_meeting(data.meetings, page.day)
    if meeting:
        day = formatting.brief_day(meeting.held_on)
        long_day = formatting.day_without_year(meeting.held_on)
        words = f"Decide in the meeting of {long_day}" if prepares else f"Meeting of {long_day}"
        url = page.link("agenda", meeting.pk)
        return MeetingLink(words, url, prepares and page.is_today, day)
    if page.is_today and access.can_add_meeting(page.access):
        return MeetingLink("Plan the next meeting", page.url("oversight:add_meeting"), True)
    return None


def next_meeting(meetings: Sequence[Meeting], day: date) -> Meeting | None:
    """The steering group's first from the day on."""
    ahead = [
        meeting
        for meeting in meetings
        if meeting.held_on >= day and meeting.body.kind == Body.Kind.STEERING_GROUP
    ]
    return min(ahead, key=lambda meeting: meeting.held_on, default=None)

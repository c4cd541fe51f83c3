"""The exceptions for decision, for attention and to note, each with its reasons and their age."""

from collections.abc import Iterable
from dataclasses import dataclass

from actions.pages import formatting
from actions.pages.formatting import Chip
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from actions.wording import in_words, scale
from reports.dashboard.dashboard_data import InFullData
from reports.dashboard.in_full.people import leads_of
from reports.rules.exceptions import Exceptional, Part, Reason, Why

PARTS = {
    Part.DECISION: ("For decision", "{Red}, a change requested, or support needed."),
    Part.ATTENTION: (
        "For attention",
        "Newly {Amber} or newly overdue since then; a date missed, {Blue} returned or lapsed, "
        "{Grey} although due, or an update overdue.",
    ),
    Part.NOTE: ("To note", "{Amber}, unchanged."),
}

_REASONS = {
    Reason.RED: ("flag", "{Red}"),
    Reason.CHANGE_ASKED: ("arrow", "Change asked for"),
    Reason.HELP_ASKED: ("question", "Support needed"),
    Reason.NEWLY_AMBER: ("flag", "{Amber}"),
    Reason.NEWLY_OVERDUE: ("clock", "Overdue"),
    Reason.DATE_MISSED: ("clock", "Date missed"),
    Reason.BLUE_RETURNED: ("flag", "{Blue} returned"),
    Reason.BLUE_LAPSED: ("flag", "{Blue} not said again for {blue_lasts}"),
    Reason.GREY_ALTHOUGH_DUE: ("broken", "{Grey} although due"),
    Reason.UPDATE_OVERDUE: ("bubble", "Update overdue"),
    Reason.AMBER: ("flag", "{Amber}"),
}


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    ref: str
    name: str
    url: str
    rating: Rating
    # As it was written, or empty for its own word.
    word: str
    was: str
    chips: list[Chip]
    said_by: str
    said_on: str


@dataclass(frozen=True, slots=True)
class ExceptionPart:
    key: str
    title: str
    about: str
    lines: list[ExceptionRow]


def exception_parts(data: InFullData) -> list[ExceptionPart]:
    by_part = {
        Part.DECISION: data.exceptions.decision,
        Part.ATTENTION: data.exceptions.attention,
        Part.NOTE: data.exceptions.note,
    }
    return [
        ExceptionPart(part.value, title, in_words(about), _rows(data, by_part[part]))
        for part, (title, about) in PARTS.items()
    ]


def _rows(data: InFullData, exceptions: Iterable[Exceptional]) -> list[ExceptionRow]:
    return [
        ExceptionRow(
            ref=exception.state.ref,
            name=data.texts[exception.state.id].in_short,
            url=data.page.link("commitment", exception.state.code),
            rating=exception.state.rating,
            word=exception.state.word,
            was=was_text(exception),
            chips=reason_chips(exception),
            said_by=leads_of(exception.state, data.people),
            said_on=_last_update(exception.state),
        )
        for exception in exceptions
    ]


def was_text(exception: Exceptional) -> str:
    """`was Amber`, `unchanged`; empty where it had no rating on the earlier day."""
    if exception.was is None or exception.was is Rating.NOT_YET_RATED:
        return ""
    is_same = exception.was is exception.state.rating
    return "unchanged" if is_same else f"was {scale().word(exception.was)}"


def _last_update(state: CommitmentState) -> str:
    newest = state.newest_update
    return formatting.short_day(day_of(newest.effective_at)) if newest else "not updated yet"


def reason_chips(exception: Exceptional) -> list[Chip]:
    """Why a commitment stands out, each reason with its age, and how late it is."""
    chips = [_chip(exception.state, why) for why in exception.reasons]
    told = {why.reason for why in exception.reasons}
    if exception.state.is_overdue and Reason.NEWLY_OVERDUE not in told:
        chips.append(Chip("clock", formatting.overdue_text(exception.state)))
    return chips


def _chip(state: CommitmentState, why: Why) -> Chip:
    glyph, words = _REASONS[why.reason]
    text = in_words(words)
    if why.reason is Reason.UPDATE_OVERDUE:
        return Chip(glyph, formatting.update_overdue_text(state), why.is_new)
    if why.reason is Reason.NEWLY_OVERDUE:
        return Chip(glyph, formatting.overdue_text(state), why.is_new)
    if why.missed:
        text = f"{why.missed.kind.label} of {why.missed.now.short} missed"
        return Chip(glyph, text, why.is_new)
    if why.reason is Reason.CHANGE_ASKED and state.requested_date:
        return Chip(glyph, f"Move to {state.requested_date} asked for", why.is_new)
    if why.since:
        text = f"{text} since {formatting.brief_day(why.since)}"
    return Chip(glyph, text, why.is_new)

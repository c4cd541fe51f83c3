"""What oversight adds to a commitment's record: facts for its state, items for its history."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Case, F, Q, When

from actions.models import Body, Plan
from actions.pages import formatting
from actions.progress.history_text import ITEM_BUILDERS, HistoryItem, author_line, month_text
from actions.records.history_entries import Entry
from actions.records.sources import (
    ENTRIES,
    FACTS,
    PAPERS,
    EntrySource,
    FactSource,
    date_details,
    date_told,
)
from actions.rules.cycle import MeetingDay
from actions.rules.dates import day_of
from wsoa.oversight.models import (
    CHAIRS_ACTION,
    SROS_OWN,
    Challenge,
    ChallengeAnswer,
    ChallengeClosing,
    ChangeDecision,
    ChangeRequest,
    ChangeSupport,
    ChangeTakenBack,
    Decision,
    DecisionDone,
    HandoverPart,
    Meeting,
    OutsideApproval,
)

# --- Facts, for the state ---------------------------------------------------------------------

# A request ends when it is refused, taken back, or takes effect: by the decision alone, or by the
# approval from outside where the plan needs one.
_IN_EFFECT = Q(is_agreed=False) | Q(request__commitment__plan__outside_approver="")

FACTS += [
    FactSource(
        "request",
        lambda: ChangeRequest.objects.exclude(commitment=None),
        "",
        {
            # The month of a pause is no date that moves.
            "day": Case(When(kind=ChangeRequest.Kind.DATE, then=F("wanted_on"))),
            "other": F("key_date_id"),
        },
    ),
    FactSource(
        "request_end",
        lambda: ChangeDecision.objects.filter(_IN_EFFECT),
        "request__",
        {"other": F("request_id")},
    ),
    FactSource("request_end", ChangeTakenBack.objects.all, "request__", {"other": F("request_id")}),
    FactSource("request_end", OutsideApproval.objects.all, "request__", {"other": F("request_id")}),
    FactSource("question", Challenge.objects.all, "", {"by": F("by_id")}),
    FactSource(
        "question_end", ChallengeClosing.objects.all, "challenge__", {"other": F("challenge_id")}
    ),
]


def _papers(plans: Collection[Plan]) -> Iterable[tuple[int, MeetingDay]]:
    rows = Meeting.objects.filter(plan__in=plans).values_list(
        "plan_id", "body_id", "body__name", "body__kind", "held_on", "papers_due_on"
    )
    for plan, body, name, kind, held_on, papers_due_on in rows:
        is_steering_group = kind == Body.Kind.STEERING_GROUP
        yield plan, MeetingDay(body, name, is_steering_group, held_on, papers_due_on)


PAPERS.append(_papers)

# --- Entries, for people ----------------------------------------------------------------------

ENTRIES += [
    EntrySource(
        "request",
        ChangeRequest,
        {
            "request_kind": "kind",
            "on": "wanted_on",
            "text": "reason",
            **date_details("key_date__", "was_"),
            "wanted_text": "wanted_text",
            "old_lead": "old_lead__name",
            "new_lead": "new_lead__name",
        },
    ),
    EntrySource(
        "request_support",
        ChangeSupport,
        {"is_supported": "is_supported", "text": "reason"},
        "request__commitment",
    ),
    EntrySource(
        "request_decision",
        ChangeDecision,
        {
            "is_agreed": "is_agreed",
            "text": "reason",
            "body": "meeting__body__name",
            "held_on": "meeting__held_on",
            "own_move_weeks": "own_move_weeks",
            "request_kind": "request__kind",
        },
        "request__commitment",
    ),
    EntrySource(
        "request_approval",
        OutsideApproval,
        {"approver": "approver", "on": "approved_on", "text": "reference"},
        "request__commitment",
    ),
    EntrySource("request_withdrawn", ChangeTakenBack, {"text": "reason"}, "request__commitment"),
    EntrySource(
        "question",
        Challenge,
        {
            "text": "text",
            "asked_by": "asked_by",
            "due": "answer_due_on",
            "body": "meeting__body__name",
            "held_on": "meeting__held_on",
        },
    ),
    EntrySource(
        "answer",
        ChallengeAnswer,
        {"text": "text", "question": "challenge_id"},
        "challenge__commitment",
    ),
    EntrySource(
        "question_closed",
        ChallengeClosing,
        {
            "text": "text",
            "question": "challenge_id",
            "body": "meeting__body__name",
            "held_on": "meeting__held_on",
        },
        "challenge__commitment",
    ),
    EntrySource(
        "decision",
        Decision,
        {
            "text": "text",
            "minute": "minute",
            "owner": "owner__name",
            "due": "due_on",
            "body": "meeting__body__name",
            "held_on": "meeting__held_on",
        },
    ),
    EntrySource(
        "handover",
        HandoverPart,
        {
            "leaver": "handover__leaver__name",
            "successor": "handover__successor__name",
            "on": "handover__starts_on",
            "text": "handover__reason",
        },
    ),
    EntrySource(
        "decision_done",
        DecisionDone,
        {"text": "text", "on": "done_on", "decided": "decision__text"},
        "decision__commitment",
    ),
]


def _request(entry: Entry) -> HistoryItem:
    is_date = entry.details["request_kind"] == ChangeRequest.Kind.DATE
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Date" if is_date else "Change",
        text=f"Asked {_requested_text(entry.details)}: {entry.details['text']}",
        author_line=f"{entry.author or entry.source}. What was agreed stands until it is decided.",
    )


def _requested_text(details: dict[str, Any]) -> str:
    kind = ChangeRequest.Kind(details["request_kind"])
    if kind is ChangeRequest.Kind.DATE:
        was = date_told(details, "was_")
        start = f"from {was} " if was else ""
        return f"to move {start}to {month_text(details['on'])}"
    if kind is ChangeRequest.Kind.WORDING:
        return f"to reword it as “{details['wanted_text']}”"
    if kind is ChangeRequest.Kind.LEAD:
        old, new = details["old_lead"], details["new_lead"]
        if old and new:
            return f"that {new} leads it in place of {old}"
        return f"that {new} leads it too" if new else f"that {old} no longer leads it"
    if kind is ChangeRequest.Kind.PAUSE:
        until = f" until {month_text(details['on'])}" if details["on"] else ""
        return f"to pause it{until}"
    if kind is ChangeRequest.Kind.RESTART:
        return "to take it up again"
    return "to take it out of the plan"


def _request_support(entry: Entry) -> HistoryItem:
    supported = entry.details["is_supported"]
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Change",
        text="Supported." if supported else f"Not supported: {entry.details['text']}",
        author_line=author_line(entry),
    )


def _request_decision(entry: Entry) -> HistoryItem:
    details = entry.details
    answer = "Agreed" if details["is_agreed"] else f"Not agreed: {details['text']}"
    if details["held_on"]:
        held = formatting.short_day(date.fromisoformat(details["held_on"]))
        where = f"{details['body']}, {held}"
    elif details["own_move_weeks"]:
        answer, where = f"Agreed: {details['text']}", SROS_OWN
    else:
        where = CHAIRS_ACTION
        if details["is_agreed"]:
            answer = f"Agreed between meetings: {details['text']}"
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Decision",
        text=f"{answer} ({where}).",
        author_line=author_line(entry),
    )


def _request_approval(entry: Entry) -> HistoryItem:
    details = entry.details
    on = formatting.short_day(date.fromisoformat(details["on"]))
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Approval",
        text=f"{details['approver']} approved it on {on}: {details['text']}.",
        author_line=author_line(entry),
    )


def _request_withdrawn(entry: Entry) -> HistoryItem:
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Change",
        text=f"Taken back. {entry.details['text']}".strip(),
        author_line=author_line(entry),
    )


def _question(entry: Entry) -> HistoryItem:
    details = entry.details
    author = author_line(entry)
    if details["asked_by"]:
        author = f"{details['asked_by']}, recorded by {author}"
    sentences = [author]
    if details["body"]:
        sentences.append(f"Asked in {_meeting(details)}.")
    if details["due"]:
        sentences.append(f"An answer is due on {_day(details['due'])}.")
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Question",
        text=details["text"],
        is_quote=True,
        author_line=" ".join(sentences),
        anchor=f"question-{entry.id}",
    )


def _answer(entry: Entry) -> HistoryItem:
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Answer",
        text=entry.details["text"],
        author_line=author_line(entry),
    )


def _question_closed(entry: Entry) -> HistoryItem:
    author = author_line(entry)
    if entry.details["body"]:
        author += f" Closed in {_meeting(entry.details)}."
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Question closed",
        text=entry.details["text"] or "The question is settled.",
        author_line=author,
    )


def _decision(entry: Entry) -> HistoryItem:
    decided = entry.details
    sentences = [f"{_meeting(decided)}, {decided['minute']}."]
    if decided["owner"]:
        due = f", by {_day(decided['due'])}" if decided["due"] else ""
        sentences.append(f"Owner: {decided['owner']}{due}.")
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Decision",
        text=decided["text"],
        author_line=" ".join(sentences),
    )


def _decision_done(entry: Entry) -> HistoryItem:
    done = entry.details
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Decision done",
        text=f"{done['decided']} {done['text']}".strip(),
        author_line=author_line(entry),
    )


def _handover(entry: Entry) -> HistoryItem:
    passed = entry.details
    day = _day(passed["on"])
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Handed over",
        text=f"{passed['successor']} leads it in place of {passed['leaver']} from {day}: "
        f"{passed['text']}",
        author_line=author_line(entry),
    )


def _meeting(details: dict[str, Any]) -> str:
    return f"{details['body']}, {_day(details['held_on'])}"


def _day(text: str) -> str:
    return formatting.short_day(date.fromisoformat(text))


ITEM_BUILDERS.update(
    request=_request,
    request_support=_request_support,
    request_decision=_request_decision,
    request_approval=_request_approval,
    request_withdrawn=_request_withdrawn,
    question=_question,
    answer=_answer,
    question_closed=_question_closed,
    decision=_decision,
    decision_done=_decision_done,
    handover=_handover,
)

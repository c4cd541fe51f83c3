"""What was changed, decided and asked from outside."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date

from actions.models import KeyDate
from actions.models.base import SPAN
from actions.rules.dates import PlanDate, day_of
from actions.rules.status import DateKind
from reports.contents.cut_off import AtCutOff
from reports.contents.queries.moments import day_in
from wsoa.oversight.decisions.owners import owner_on
from wsoa.oversight.models import ChangeRequest, Decision, ReviewAction, ReviewMeeting

# --- Changes of what was agreed ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Move:
    """A key date that was replaced by another in the period."""

    commitment: int
    kind: DateKind
    was: PlanDate
    now: PlanDate
    reason: str
    decided_by: str
    moved_on: date
    id: int


def moves(cut_off: AtCutOff) -> list[Move]:
    rows = (
        KeyDate.objects.filter(
            cut_off.seen(in_period=True),
            commitment__plan=cut_off.plan,
            replaces__isnull=False,
        )
        .order_by("effective_at", "recorded_at")
        .values_list(
            "commitment_id",
            "kind",
            "reason",
            "decided_by",
            "effective_at",
            "pk",
            *(f"replaces__{name}" for name in SPAN),
            *SPAN,
        )
    )
    replaced = [
        Move(
            commitment,
            DateKind(kind),
            PlanDate.stored(*span[: len(SPAN)]),
            PlanDate.stored(*span[len(SPAN) :]),
            reason,
            decided_by,
            day_of(at),
            pk,
        )
        for commitment, kind, reason, decided_by, at, pk, *span in rows
    ]
    # A row that only changes the note replaces the date by itself.
    return [move for move in replaced if move.was != move.now]


def requests_decided(cut_off: AtCutOff) -> list[ChangeRequest]:
    """Changes asked for that a meeting decided in the period, oldest decision first.

    `approved_on` is the day of the approval from outside, where one was known at the cut-off.
    """
    approvals = ChangeRequest.objects.filter(cut_off.seen("approval__"), pk=OuterRef("pk"))
    requests: QuerySet[ChangeRequest] = (
        ChangeRequest.objects.filter(
            cut_off.seen(),
            cut_off.seen("decision__", in_period=True),
            Q(commitment__plan=cut_off.plan) | Q(kpi__plan=cut_off.plan) | Q(plan=cut_off.plan),
        )
        .select_related(
            "commitment",
            "key_date",
            "kpi",
            "target",
            "decision__meeting__body",
        )
        .annotate(approved_on=Subquery(approvals.values("approval__approved_on")))
        .order_by("decision__effective_at", "decision__recorded_at")
    )
    return list(requests)


# --- Decisions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DecisionPart:
    text: str
    about: str
    body: str
    held_on: date
    minute: str
    owner: int | None
    due_on: date | None
    decided_on: date
    done_on: date | None
    done_text: str

    @property
    def is_open(self) -> bool:
        return self.owner is not None and self.done_on is None


def decisions(cut_off: AtCutOff) -> list[DecisionPart]:
    """Those made in the period, and those from before that were still to be done at its start."""
    done = Decision.objects.filter(cut_off.seen("done__"), pk=OuterRef("pk"))
    rows = (
        Decision.objects.filter(cut_off.seen(), plan=cut_off.plan)
        .annotate(
            owner_then=owner_on(cut_off.until, cut_off.seen()),
            over=Subquery(
                done.values(
                    one=JSONObject(on="done__done_on", at="done__effective_at", text="done__text")
                )
            ),
        )
        .order_by("effective_at", "recorded_at")
        .values_list(
            "text",
            "commitment__ref",
            "area__label",
            "kpi__code",
            "meeting__body__name",
            "meeting__held_on",
            "minute",
            "owner_then",
            "due_on",
            "effective_at",
            "over",
        )
    )
    parts = []
    for text, ref, area, code, body, held_on, minute, owner, due_on, at, over in rows:
        part = DecisionPart(
            text=text,
            about=ref or (area if area else f"KPI {code}" if code else "The plan"),
            body=body,
            held_on=held_on,
            minute=minute,
            owner=owner,
            due_on=due_on,
            decided_on=day_of(at),
            done_on=parse_date(over["on"]) if over else None,
            done_text=over["text"] if over else "",
        )
        begins = cut_off.report.starts_on
        was_done_before = over is not None and day_in(over["at"]) < begins
        if part.decided_on >= begins or part.is_open or (over and not was_done_before):
            parts.append(part)
    return parts


# --- Reviews from outside ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReviewActionPart:
    text: str
    due_on: date | None
    owner: int | None
    answer: str
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Review:
    """A meeting with DfE and NHS England, and what they asked for in it."""

    held_on: date
    advisers: str
    feedback: str
    actions: tuple[ReviewActionPart, ...]


def reviews(cut_off: AtCutOff) -> list[Review]:
    """Held by the day shown, newest first, as they were known at the cut-off. Two queries."""
    by_meeting: dict[int, list[ReviewActionPart]] = defaultdict(list)
    actions = cut_off.known(ReviewAction).filter(meeting__plan=cut_off.plan)
    for row in actions.order_by("position", "key"):
        is_answered = row.answered_on is not None and row.answered_on <= cut_off.until
        by_meeting[row.meeting_id].append(
            ReviewActionPart(
                row.text,
                row.due_on,
                row.owner_id,
                row.answer if is_answered else "",
                row.answered_on if is_answered else None,
            )
        )
    held = cut_off.known(ReviewMeeting).filter(plan=cut_off.plan, held_on__lte=cut_off.until)
    return [
        Review(row.held_on, row.advisers, row.feedback, tuple(by_meeting[row.key]))
        for row in held.order_by("-held_on", "-key")
    ]

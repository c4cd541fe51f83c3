"""Questions of every kind as at a day: on commitments, areas and KPIs."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from actions import access
from actions.models import Area
from actions.pages import formatting
from actions.pages.filters import FilterForm, area_field, choice, has_words, words_field
from actions.pages.plan_page import PlanPage
from actions.records.text_versions import worded
from actions.records.written_once import written_once
from actions.rules.dates import day_of, end_of_day
from kpis.models import KpiCommitment
from wsoa.oversight.models import Challenge, ChallengeAnswer, Meeting
from wsoa.oversight.models.questions import open_on
from wsoa.oversight.subjects import Subject, areas_of_kpi, subjects_on

# --- One question -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Statement:
    """An answer, or the closing."""

    text: str
    about: str


@dataclass(frozen=True)
class QuestionItem:
    """One question as at a day, and what the reader may do with it."""

    question: Any
    on: Subject
    day: date
    closed_on: date | None
    answers: list[Statement]
    url: str
    is_today: bool
    # Whether the reader is one of those who answer it, or close it, while it is open.
    answers_it: bool
    closes_it: bool
    is_mine: bool

    @property
    def may_answer(self) -> bool:
        return self.answers_it and self.is_today and self.is_open

    @property
    def may_close(self) -> bool:
        return self.closes_it and self.is_today and self.is_open

    @property
    def waits_for_me(self) -> bool:
        return self.may_answer and not self.answers

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def asked_on(self) -> date:
        return day_of(self.question.effective_at)

    @property
    def asked_by(self) -> str:
        """Who asked, with who recorded it where it came from outside."""
        recorder = self.recorded_by
        outside = str(self.question.asked_by)
        return f"{outside}, recorded by {recorder}" if outside else recorder

    @property
    def recorded_by(self) -> str:
        return self.question.by.name if self.question.by else str(self.question.source)

    @property
    def asked_text(self) -> str:
        return formatting.short_day(self.asked_on)

    @property
    def meeting_text(self) -> str:
        return meeting_text(self.question.meeting)

    @property
    def chip(self) -> formatting.Chip | None:
        if not self.is_open:
            return None
        return formatting.Chip("question", formatting.open_text(self.asked_on, self.day))

    @property
    def due_text(self) -> str:
        """When an answer is due, while there is none; empty otherwise."""
        due = self.question.answer_due_on
        if not due or self.answers or not self.is_open:
            return ""
        verb = "was" if due < self.day else "is"
        return f"An answer {verb} due on {formatting.short_day(due)}"

    @property
    def state_text(self) -> str:
        """`closed 3 May 2022`, `answered, open`, `open, no answer yet`"""
        if self.closed_on:
            return f"closed {formatting.short_day(self.closed_on)}"
        return "answered, open" if self.answers else "open, no answer yet"

    @property
    def closing(self) -> Statement | None:
        if self.is_open:
            return None
        closing = self.question.closing
        who = closing.by.name if closing.by else str(closing.source)
        about = f"{who}, {formatting.short_day(day_of(closing.effective_at))}"
        if closing.meeting:
            about += f", in {meeting_text(closing.meeting)}"
        return Statement(closing.text or "The question is settled.", f"{about}.")


def meeting_text(meeting: Meeting | None) -> str:
    """`Steering group, 3 May 2022`; empty for none."""
    return f"{meeting.body}, {formatting.short_day(meeting.held_on)}" if meeting else ""


def questions_of(
    page: PlanPage,
    *narrowed: Q,
    areas: Iterable[Any] | None = None,
    only: Collection[int] | None = None,
) -> list[QuestionItem]:
    """The plan's questions as at the page's day, or those of these keys; open ones first, oldest
    first.

    Three queries; two for who has read the plan's areas already.
    """
    wanted = (page.plan.pk, end_of_day(page.day))
    questions: list[Any]
    if only is None:
        questions = list(_questions(*wanted).filter(*narrowed))
    else:
        questions = _questions_of_keys(*wanted, list(only))
    if areas is None:
        areas = (
            _areas_today(page.plan.pk)
            if page.worded_day is None
            else worded(Area, page.worded_day, plan=page.plan)
        )
    subject_of = subjects_on(
        page, questions, {area.key: area for area in areas}, lambda row: row.kpi
    )
    items = [_item(page, question, subject_of(question)) for question in questions]
    return sorted(items, key=lambda item: (not item.is_open, _late_first(item)))


@written_once
def _areas_today(plan: int) -> QuerySet[Any, Any]:
    return worded(Area, None, plan=plan)


@written_once
def _questions_of_keys(plan: int, end: datetime, keys: list[int]) -> QuerySet[Any, Any]:
    return _questions(plan, end).filter(pk__any=keys)


def _questions(plan: int, end: datetime) -> QuerySet[Any, Any]:
    answers = (
        ChallengeAnswer.objects.filter(challenge=OuterRef("pk"), effective_at__lt=end)
        .order_by("effective_at", "recorded_at")
        .values(one=JSONObject(text="text", by="by__name", source="source", at="effective_at"))
    )
    of_kpi = KpiCommitment.objects.filter(kpi=OuterRef("kpi")).order_by()
    return (
        Challenge.objects.filter(plan=plan, effective_at__lt=end)
        .select_related(
            "by",
            "meeting__body",
            "closing__by",
            "closing__meeting__body",
            "kpi__data_owner",
            "kpi__data_passes_to",
        )
        .annotate(
            kpi_areas=areas_of_kpi("kpi"),
            kpi_commitments=ArraySubquery(of_kpi.values("commitment")),
            answer_rows=ArraySubquery(answers),
        )
        .order_by("effective_at", "recorded_at")
    )


def _late_first(item: QuestionItem) -> int:
    return item.asked_on.toordinal() if item.is_open else -(item.closed_on or date.min).toordinal()


def _item(page: PlanPage, question: Any, on: Subject) -> QuestionItem:
    closing = getattr(question, "closing", None)
    is_closed = closing is not None and closing.effective_at < end_of_day(page.day)
    user = page.access.user.pk
    states = [on.state] if on.state else []
    owner = None
    if question.kpi:
        data_owner = question.kpi.owner_on(page.today)
        owner = data_owner.user_id if data_owner else None
        of_kpi = set(question.kpi_commitments)
        states = [state for state in page.state.commitments if state.id in of_kpi]
    answers = [
        Statement(answer["text"], f"{answer['by'] or answer['source']}, {_day(answer['at'])}.")
        for answer in question.answer_rows
    ]
    return QuestionItem(
        question,
        on,
        max(page.still_on, day_of(question.effective_at)),
        day_of(closing.effective_at) if closing is not None and is_closed else None,
        answers,
        page.url("oversight:question", question.pk),
        is_today=page.is_today,
        answers_it=access.can_answer_question(
            page.access, areas=on.areas, states=states, data_owner=owner
        ),
        closes_it=access.can_close_question(
            page.access, author=question.by_id, is_outside=bool(question.asked_by)
        ),
        is_mine=question.by_id == user,
    )


def _day(text: str) -> str:
    moment = parse_datetime(text)
    assert moment is not None
    return formatting.short_day(day_of(moment))


def open_questions_of_kpi(day: date) -> ArraySubquery:
    """The questions open about a measure on a day, oldest first, as a column of measures."""
    questions = Challenge.objects.filter(open_on(day), kpi=OuterRef("pk"))
    return ArraySubquery(
        questions.order_by("effective_at").values(
            one=JSONObject(
                pk="pk",
                text="text",
                at="effective_at",
                by="by__name",
                asked_by="asked_by",
                source="source",
            )
        )
    )


# --- Narrowing the list -----------------------------------------------------------------------

STATES = [("open", "Open"), ("unanswered", "Open, no answer yet"), ("closed", "Closed")]
WHOSE = [("asked", "Asked by me"), ("to_answer", "For me to answer")]


class QuestionFilter(FilterForm):
    first = ("q", "state", "area", "whose")
    kept_in_address = ("as_at",)

    q = words_field()
    state = choice("Open or closed", "Choose open or closed", "Open and closed")
    area = area_field()
    whose = choice("Whose", "Choose whose questions", "Everybody’s")

    def __init__(self, data: QueryDict, *, items: list[QuestionItem], areas: Iterable[Any]) -> None:
        super().__init__(data)
        self.all_items = items
        self.offer("state", STATES)
        self.offer_areas(areas)
        self.offer("whose", WHOSE)

    def matching(self) -> list[QuestionItem]:
        return [item for item in self.all_items if self._fits(item)]

    def _fits(self, item: QuestionItem) -> bool:
        wanted = self.answers()
        state, whose = wanted.get("state"), wanted.get("whose")
        answer_texts = [answer.text for answer in item.answers]
        text = "\n".join((item.question.text, item.asked_by, item.on.name, *answer_texts))
        return all(
            (
                not (words := wanted.get("q")) or has_words(words, item.on.ref, text),
                not state or item.is_open == (state != "closed"),
                state != "unanswered" or not item.answers,
                not (area := wanted.get("area")) or self.areas[area] in item.on.areas,
                whose != "asked" or item.is_mine,
                whose != "to_answer" or item.may_answer,
            )
        )

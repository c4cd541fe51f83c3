"""Open questions and decisions as they stand beside what they are about."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date, parse_datetime

from actions import access
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.rules.dates import day_of, end_of_day
from wsoa.oversight.decisions.owners import with_owners
from wsoa.oversight.models import Challenge, Decision
from wsoa.oversight.models.questions import open_on


def with_oversight(areas: QuerySet[Any], day: date) -> QuerySet[Any]:
    """The areas with the questions open on a day and the decisions that were to be done."""
    end = end_of_day(day)
    questions = Challenge.objects.filter(open_on(day), area=OuterRef("key"))
    to_do = with_owners(
        Decision.objects.filter(
            Q(done=None) | Q(done__effective_at__gte=end),
            area=OuterRef("key"),
            owner__isnull=False,
            effective_at__lt=end,
        ),
        day,
    )
    rows: QuerySet[Any] = areas.annotate(
        asked=ArraySubquery(
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
        ),
        to_do=ArraySubquery(
            to_do.order_by("due_on", "pk").values(
                one=JSONObject(text="text", owner="owner_told__name", due="due_on")
            )
        ),
    )
    return rows


def oversight_of(page: PlanPage, area: Any) -> dict[str, Any]:
    """What includes/open_questions.html says of an area that `with_oversight` read."""
    return {
        **open_questions(page, area.asked, f"area:{area.code}"),
        "open_decisions": [
            {
                "text": decision["text"],
                "about": decision["owner"]
                + (
                    f", due {formatting.short_day(day)}"
                    if (day := parse_date(decision["due"] or ""))
                    else ""
                ),
            }
            for decision in area.to_do
            if not page.shared_view
        ],
        "decisions_url": page.url("oversight:decisions"),
    }


def open_questions(page: PlanPage, questions: list[dict[str, Any]], on: str) -> dict[str, Any]:
    """Open questions beside what they are on, and where to ask; `on` names it in the address.

    Whoever reads a shared view is told of none: what the partners ask one another stays with them.
    """
    may_ask = page.is_today and access.can_ask_question(page.access)
    return {
        "open_questions": [
            {
                "text": question["text"],
                "url": page.url("oversight:question", question["pk"]),
                "about": f"{question['asked_by'] or question['by'] or question['source']}, "
                f"{_day_of(question['at'])}",
            }
            for question in questions
            if not page.shared_view
        ],
        "ask_url": f"{page.url('oversight:ask_question')}?{urlencode({'on': on})}"
        if may_ask
        else "",
    }


def _day_of(text: str) -> str:
    moment = parse_datetime(text)
    assert moment is not None
    return formatting.short_day(day_of(moment))

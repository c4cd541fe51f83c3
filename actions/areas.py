"""Areas with their officer and what that officer says of them; what is asked and decided there."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date, parse_datetime

from actions import access
from actions.models import Area, AreaJudgement, AreaOfficer, Challenge, Decision
from actions.models.people import active_on
from actions.pages import formatting
from actions.pages.plan_page import Desk
from actions.questions import open_on
from actions.records.text_versions import worded
from actions.rules.dates import day_of, end_of_day
from actions.rules.status import Rating


def areas_of(desk: Desk, **filters: Any) -> QuerySet[Any]:
    """Areas as worded on the day, with their officer and newest judgement. One query."""
    day, end = desk.day, end_of_day(desk.day)
    officers = (
        AreaOfficer.objects.filter(area=OuterRef("key"))
        .filter(active_on(day))
        .order_by("-id")
        .values("person__name")
    )
    judgements = (
        AreaJudgement.objects.filter(area=OuterRef("key"), effective_at__lt=end)
        .order_by("-effective_at", "-recorded_at")
        .values(
            said=JSONObject(
                brag="brag", reason="reason", at="effective_at", by="by__name", source="source"
            )
        )
    )
    areas: QuerySet[Any] = (
        worded(Area, desk.worded_day, plan=desk.plan, **filters)
        .select_related("weakness")
        .annotate(sro=Subquery(officers[:1]), judgement=Subquery(judgements[:1]))
    )
    return areas


def judgement_of(area: Any) -> formatting.JudgementView | None:
    """What its officer says of an area that `areas_of` read; None: not judged."""
    said = area.judgement
    if not said:
        return None
    moment = parse_datetime(said["at"])
    assert moment is not None
    return formatting.JudgementView(
        Rating(said["brag"]), day_of(moment), said["by"] or said["source"], said["reason"]
    )


def with_oversight(areas: QuerySet[Any], day: date) -> QuerySet[Any]:
    """The areas with the questions open on a day and the decisions that were to be done."""
    end = end_of_day(day)
    asked = Challenge.objects.filter(open_on(day), area=OuterRef("key"))
    to_do = Decision.objects.filter(
        Q(done=None) | Q(done__effective_at__gte=end),
        area=OuterRef("key"),
        owner__isnull=False,
        effective_at__lt=end,
    )
    rows: QuerySet[Any] = areas.annotate(
        asked=ArraySubquery(
            asked.order_by("effective_at").values(
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
                one=JSONObject(text="text", owner="owner__name", due="due_on")
            )
        ),
    )
    return rows


def oversight_of(desk: Desk, area: Any) -> dict[str, Any]:
    """What includes/open_questions.html says of an area that `with_oversight` read."""
    return {
        **open_questions(desk, area.asked, f"area:{area.number}"),
        "open_decisions": [
            {
                "text": one["text"],
                "about": one["owner"]
                + (
                    f", due {formatting.short_day(day)}"
                    if (day := parse_date(one["due"] or ""))
                    else ""
                ),
            }
            for one in area.to_do
            if not desk.lent
        ],
        "decisions_url": desk.url("kpis:decisions"),
    }


def open_questions(desk: Desk, asked: list[dict[str, Any]], on: str) -> dict[str, Any]:
    """Open questions beside what they are on, and where to ask; `on` names it in the address.

    Whoever reads a shared view is told of none: what the partners ask one another stays with them.
    """
    may_ask = desk.is_today and access.can_ask_question(desk.access)
    return {
        "open_questions": [
            {
                "text": one["text"],
                "url": desk.url("kpis:question", one["pk"]),
                "about": f"{one['asked_by'] or one['by'] or one['source']}, {_day_of(one['at'])}",
            }
            for one in asked
            if not desk.lent
        ],
        "ask_url": f"{desk.url('kpis:ask_question')}?{urlencode({'on': on})}" if may_ask else "",
    }


def _day_of(text: str) -> str:
    moment = parse_datetime(text)
    assert moment is not None
    return formatting.short_day(day_of(moment))

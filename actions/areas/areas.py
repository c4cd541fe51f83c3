"""Areas with their officer and what that officer says of them; what is asked and decided there."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from actions.models import Area, AreaJudgement, AreaOfficer
from actions.models.people import active_on
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.records.text_versions import worded
from actions.rules.dates import day_of, end_of_day
from actions.rules.status import Rating


def areas_of(page: PlanPage, **filters: Any) -> QuerySet[Any]:
    """Areas as worded on the day, with their officer and newest judgement. One query."""
    day, end = page.day, end_of_day(page.day)
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
                brag="brag",
                word="word",
                reason="reason",
                at="effective_at",
                by="by__name",
                source="source",
            )
        )
    )
    areas: QuerySet[Any] = worded(Area, page.worded_day, plan=page.plan, **filters).annotate(
        sro=Subquery(officers[:1]), judgement=Subquery(judgements[:1])
    )
    return areas


def judgement_of(area: Any) -> formatting.JudgementView | None:
    """What its officer says of an area that `areas_of` read; None: not rated."""
    judgement = area.judgement
    if not judgement:
        return None
    moment = parse_datetime(judgement["at"])
    assert moment is not None
    return formatting.JudgementView(
        Rating(judgement["brag"]),
        day_of(moment),
        judgement["by"] or judgement["source"],
        judgement["reason"],
        judgement["word"],
    )

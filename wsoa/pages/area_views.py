"""The page of an area: its themes and actions, its rating, and what is asked and decided there."""

from collections import defaultdict
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions import access
from actions.areas.areas import areas_of, judgement_of
from actions.areas.findings import answered_by_area
from actions.kept_pages import kept_page
from actions.models import (
    Action,
    Resource,
    Theme,
)
from actions.pages import formatting
from actions.pages.commitment_rows import commitment_texts, line, people_of
from actions.pages.plan_page import get_plan_page
from actions.plan.growing.ways import propose_beside
from actions.records.text_versions import worded
from actions.records.written_once import written_once
from actions.rules.state import count
from actions.wording import in_words
from kpis.models import HeadlineKpi
from wsoa.oversight.changes.made import made_of
from wsoa.oversight.questions.beside import oversight_of, with_oversight
from wsoa.pages.kpi_items import kpi_item, kpis_of


@require_GET
@kept_page()
def area(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    page = get_plan_page(request, slug, may_be_shared=True)
    headline = HeadlineKpi.objects.filter(area=OuterRef("key")).values("kpi")
    areas = with_oversight(areas_of(page, code=code), page.day)
    area = areas.annotate(headline_kpi=Subquery(headline)).first()
    if area is None:
        raise Http404
    states = page.state.of_area(area.key)
    texts = commitment_texts(page, states)
    people = people_of(states)
    is_today = page.worded_day is None
    themes = sorted(
        _themes_today(area.key) if is_today else worded(Theme, page.worded_day, area=area.key),
        key=lambda theme: theme.position,
    )
    actions = sorted(
        _actions_today(area.key) if is_today else worded(Action, page.worded_day, area=area.key),
        key=lambda action: action.position,
    )
    resources: dict[int, list[Resource]] = defaultdict(list)
    for resource in Resource.objects.filter(action__area=area.key, withdrawn_at=None):
        resources[resource.action_id].append(resource)
    findings, through_actions = answered_by_area(page, area.key)
    counts = count(states)
    tracked = page.state.tracked and bool(states)
    rows = {state.id: line(page, state, texts[state.id]) for state in states}

    def action_view(action: Any) -> dict[str, Any]:
        of_action = [state for state in states if state.action == action.key]
        leads = {lead.person: None for state in of_action for lead in state.leads}
        about = _about(
            [people[person].name for person in leads],
            [resource.text for resource in resources[action.key]],
        )
        return {
            "ref": action.ref,
            "title": action.title,
            "url": page.url("pages:action", action.code),
            "about": about,
            "is_whole": len(of_action) == 1 and texts[of_action[0].id].row.is_whole_action,
            "commitments": [rows[state.id] for state in of_action],
        }

    return render(
        request,
        "pages/area.html",
        {
            **page.context("plan"),
            "breadcrumbs": [
                formatting.Breadcrumb("The plan", page.url("actions:plan")),
                formatting.Breadcrumb(area.label),
            ],
            "area": area,
            "made": made_of(page, "area", area.code),
            "propose": propose_beside(
                page,
                within=area.code,
                new=(("New {theme}", "theme"), ("New {action}", "action")),
                kind="area",
            ),
            "findings": findings,
            "through_actions": through_actions,
            "judgement": judgement_of(area),
            "can_judge": page.is_today and access.can_judge_area(page.access, area.key),
            "judge_url": page.url("actions:judge_area", code),
            **oversight_of(page, area),
            "headlines": [kpi_item(kpi) for kpi in kpis_of(page, pk=area.headline_kpi)]
            if area.headline_kpi
            else [],
            "counts": formatting.counts_view(counts) if tracked else None,
            "not_enough": formatting.not_enough_text(counts) if tracked else "",
            "months": next((shown.strip.cells for shown in rows.values()), []),
            "themes": [
                *_without_a_theme(
                    [action_view(action) for action in actions if action.theme_id is None]
                ),
                *(
                    {
                        "ref": theme.ref,
                        "title": theme.title,
                        "i_statement": theme.i_statement,
                        "voice": formatting.voice_text(
                            Theme.Voice(voice).label for voice in theme.voice
                        ),
                        "actions": [
                            action_view(action)
                            for action in actions
                            if action.theme_id == theme.key
                        ],
                    }
                    for theme in themes
                    if theme.withdrawn_at is None
                ),
            ],
        },
    )


@written_once
def _themes_today(area: int) -> QuerySet[Any, Any]:
    return worded(Theme, None, area=area)


@written_once
def _actions_today(area: int) -> QuerySet[Any, Any]:
    return worded(Action, None, area=area)


def _about(leads: list[str], resources: list[str]) -> str:
    sentences = []
    if leads:
        sentences.append(f"Led by {formatting.listed(leads)}.")
    if resources:
        # One cell of the plan may stand for several commitments, so a text may come twice.
        sentences.append(f"Resources: {'; '.join(dict.fromkeys(resources))}.")
    return " ".join(sentences)


def _without_a_theme(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The actions that hang on the area itself, under a heading of their own; none: nothing."""
    if not actions:
        return []
    return [
        {
            "ref": "",
            "title": in_words("{Actions}"),
            "i_statement": "",
            "voice": "",
            "actions": actions,
        }
    ]

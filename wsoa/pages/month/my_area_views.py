"""A senior responsible officer's page: what in their area waits for them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions import access
from actions.areas.areas import areas_of, judgement_of
from actions.kept_pages import kept_page
from actions.pages import formatting
from actions.pages.commitment_rows import commitment_texts, line
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState
from wsoa.oversight.changes import change_list
from wsoa.oversight.changes.change_requests import Step, step_of
from wsoa.oversight.decisions.decision_list import decisions_of
from wsoa.oversight.decisions.owners import owned_by
from wsoa.oversight.models.questions import open_on
from wsoa.oversight.questions.question_list import questions_of


@require_GET
@kept_page()
def my_area(request: HttpRequest, slug: str) -> HttpResponse:
    """Their rating, Blues to confirm, changes to support, questions, decisions, updates owed."""
    page = get_plan_page(request, slug)
    access.require(access.has_own_area(page.access))
    own = page.access.sro_areas
    states = [
        state for state in page.state.commitments if state.area in own and not state.is_withdrawn
    ]
    blues = [state for state in states if access.answers_blue_of_area(page.access, state)]
    due = [state for state in states if state.update_overdue or state.update_due_now]
    texts = commitment_texts(page, [*blues, *due])
    rows = {state.id: line(page, state, texts[state.id]) for state in [*blues, *due]}
    areas = list(areas_of(page))
    questions = [
        item
        for item in questions_of(page, open_on(page.day), areas=areas)
        if item.on.areas & own or item.is_mine
    ]
    to_do = decisions_of(page, owned_by(page.access.user.pk))
    shown = next(iter(rows.values()), None)
    return render(
        request,
        "pages/my_area.html",
        {
            **page.context("my_area"),
            "areas": [
                {
                    "number": area.ref,
                    "label": area.label,
                    "title": area.title,
                    "url": page.url("pages:area", area.code),
                    "judgement": judgement_of(area),
                    "reason": area.judgement["reason"] if area.judgement else "",
                    "judge_url": page.url("actions:judge_area", area.code)
                    if page.is_today and access.can_judge_area(page.access, area.key)
                    else "",
                }
                for area in sorted(areas, key=lambda area: area.position)
                if area.key in own
            ],
            "blues": [
                {
                    "state": rows[state.id],
                    "note": f"Proposed on {_proposed_text(state)}",
                    "url": page.url("actions:answer_blue", state.code),
                }
                for state in blues
            ],
            "changes": _changes_to_support(page),
            "questions": questions,
            "owed": [_due_item(rows[state.id], state) for state in due],
            "decisions": [item for item in to_do if item.is_open],
            "months": shown.strip.cells if shown else [],
        },
    )


def _changes_to_support(page: PlanPage) -> list[change_list.ChangeItem]:
    """The changes asked for in the own areas that wait for the user's word. Two queries."""
    if not page.is_today:
        return []
    kpi_areas = change_list.kpi_areas_of(page)
    items = [
        change_list.change_item(page, change_request, kpi_areas)
        for change_request in change_list.requests_of(page)
        if step_of(change_request) is Step.TO_SUPPORT
        and page.access.sro_areas.intersection(change_list.areas_of(change_request, kpi_areas))
    ]
    return [item for item in items if item.next_text]


def _proposed_text(state: CommitmentState) -> str:
    proposed_at = state.standing.blue_proposed_at
    return formatting.short_day(day_of(proposed_at)) if proposed_at else ""


def _due_item(shown: formatting.LedgerRow, state: CommitmentState) -> dict[str, Any]:
    return {
        "state": shown,
        "note": "" if state.update_overdue else "The update has not come yet.",
        "button_label": "Update" if shown.update_url else "",
        "url": shown.update_url,
    }

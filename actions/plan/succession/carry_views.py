"""The page on which an officer chooses what a draft takes over from the plans that it continues."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions import access, memberships
from actions.forms.refusals import show_refusal
from actions.models import ClosingOutcome, Commitment, Plan, Succession
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.plan.editing import standing
from actions.plan.editing_forms import named
from actions.plan.succession import carrying
from actions.plan.succession.carry_forms import CarryForwardForm
from actions.rules.status import AtClosing
from actions.wording import levels


@require_http_methods(["GET", "POST"])
def carry_forward(request: HttpRequest, slug: str) -> HttpResponse:
    """The rows of its closed predecessors, those carried forward ticked; brought over at once.

    Of a predecessor, by who is its programme officer too: to others it shows nothing.
    """
    page = get_plan_page(request, slug)
    access.require(access.can_edit_plan(page.access))
    plans = _predecessors(page)
    rows = _rows(plans)
    here = carrying.here_already(page.plan)
    offered = [row for row in rows if row.pk not in here]
    form = CarryForwardForm(
        request.POST if request.method == "POST" else None,
        rows=[row.pk for row in offered],
        initial={
            "rows": [
                row.pk
                for row in offered
                if (said := _at_closing(row)) and said.outcome == AtClosing.CARRIED_FORWARD
            ]
        },
    )
    if form.is_valid():
        try:
            brought = carrying.carry_forward(
                plan=page.plan, commitments=form.cleaned_data["rows"], by=page.access.user
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            some = levels().some("commitment", len(brought.commitments))
            messages.success(request, f"Brought over: {some}, with what they stand in.")
            return redirect("actions:edit_plan", slug)
    ticked = {str(pk) for pk in form["rows"].value() or ()}
    return render(
        request,
        "actions/carry_forward.html",
        {
            **page.context("plan"),
            "breadcrumbs": [formatting.Breadcrumb("Edit the plan", page.url("actions:edit_plan"))],
            "form": form,
            "plans": [
                {
                    "title": plan.title,
                    "state_text": formatting.state_text(plan),
                    "areas": _areas([row for row in rows if row.plan_id == plan.pk], here, ticked),
                }
                for plan in plans
            ],
            "is_empty": not offered,
            "leave_url": page.url("actions:edit_plan"),
        },
        status=422 if form.errors else 200,
    )


def _predecessors(page: PlanPage) -> list[Plan]:
    """The closed plans that it continues and whose officer the reader is. Two queries."""
    own = {granted.plan.pk for granted in memberships.officers_plans(page.access.user)}
    links = Succession.objects.filter(plan=page.plan, predecessor__state=Plan.State.CLOSED)
    plans = (link.predecessor for link in links.select_related("predecessor"))
    return [plan for plan in plans if plan.pk in own]


def _rows(plans: list[Plan]) -> list[Any]:
    """What stood in them as they closed, in their order. One query."""
    return list(
        standing(Commitment.objects.filter(plan__in=plans))
        .select_related("action__area", "same_evidence_as", "closing")
        .order_by(
            "plan_id",
            "action__area__position",
            "action__theme__position",
            "action__position",
            "position",
        )
    )


def _at_closing(row: Any) -> ClosingOutcome | None:
    return getattr(row, "closing", None)


def _areas(rows: list[Any], here: dict[int, Commitment], ticked: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "title": formatting.numbered(area.ref, area.title),
            "rows": [
                {
                    "pk": row.pk,
                    "name": named(row),
                    "note": _note(row),
                    "here": here[row.pk].ref if row.pk in here else "",
                    "is_ticked": str(row.pk) in ticked,
                }
                for row in group
            ],
        }
        for area, group in (
            (area, list(group)) for area, group in groupby(rows, key=lambda row: row.action.area)
        )
    ]


def _note(row: Any) -> str:
    said = _at_closing(row)
    if said is None:
        return "Finished before the plan was closed"
    outcome = AtClosing(said.outcome).label
    return f"{outcome}: {said.reason}" if said.reason else outcome

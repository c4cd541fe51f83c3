"""Searching one plan, or all plans of a user."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from actions import access, memberships
from actions.forms.fields import PlainText
from actions.kept_pages import kept_page
from actions.models import Plan
from actions.pages import formatting
from actions.pages.plan_page import UnusableAddress, get_plan_page
from actions.records.history import load_history
from actions.rules.state import PlanState, state_at
from wsoa.pages.search.search import Hit, Kind, current, hits_of
from wsoa.pages.search.search_results import LABELS, groups_of

# Of each kind beside the others, and of one kind alone.
AT_A_GLANCE = 5
PER_PAGE = 20

States = Mapping[int, PlanState]


class SearchForm(forms.Form):
    q = PlainText(label="Words, a name or a reference", max_length=200)

    def clean_q(self) -> str:
        query: str = self.cleaned_data["q"].strip()
        if len(query) == 1 and not query.isdigit():
            raise ValidationError("One letter finds too much. Give a word or a reference")
        return query


def _live_plans(granted: memberships.PlanAccess) -> Hashable:
    """How many plans the user could search instead: memberships of others raise their versions."""
    return sum(access.can_see_live(other) for other in memberships.plans_of(granted.user))


@require_GET
@kept_page(also=_live_plans)
def search_plan(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    if not page.is_today:
        raise UnusableAddress("A search looks at the plan as it is today, not as at another day.")
    others = [
        granted for granted in memberships.plans_of(request.user) if access.can_see_live(granted)
    ]
    everywhere = reverse("pages:search") if len(others) > 1 else ""
    return _answer(
        request,
        [page.plan],
        {page.plan.pk: page.state},
        {
            **page.context("search"),
            "breadcrumbs": [
                formatting.Breadcrumb("The plan", page.url("actions:plan")),
                formatting.Breadcrumb("Search"),
            ],
            "place_text": "this plan",
            "elsewhere": everywhere and formatting.Breadcrumb("all your plans", everywhere),
        },
    )


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """All plans that the user sees live."""
    plans = [
        granted.plan
        for granted in memberships.plans_of(request.user)
        if access.can_see_live(granted)
    ]
    access.require(bool(plans))
    return _answer(
        request,
        plans,
        None,
        {
            "breadcrumbs": [
                formatting.Breadcrumb("Your plans", reverse("pages:plans")),
                formatting.Breadcrumb("Search"),
            ],
            "place_text": "all your plans",
        },
    )


def _answer(
    request: HttpRequest, plans: Sequence[Plan], states: States | None, context: dict[str, Any]
) -> HttpResponse:
    form = SearchForm(request.GET if "q" in request.GET else None)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    hits = hits_of([plan.pk for plan in plans], query) if query else []
    names_plan = states is None
    if states is None:
        states = _states_of(plans, hits)
    current_hits = current(hits, states)
    counts = {kind: len(group) for kind, group in current_hits.items()}
    chosen = _kind(request.GET.get("kind", ""))
    page_of_results = None
    if chosen is None or not current_hits[chosen]:
        chosen = None
        shown = {kind: group[:AT_A_GLANCE] for kind, group in current_hits.items()}
    else:
        page_of_results = Paginator(current_hits[chosen], PER_PAGE).get_page(
            request.GET.get("page")
        )
        shown = {chosen: list(page_of_results.object_list)}
    return render(
        request,
        "pages/search.html",
        {
            **context,
            # The page has a form of its own.
            "search_url": "",
            "form": form,
            "asked": query,
            "count_text": formatting.plural(sum(counts.values()), "result"),
            "kinds": [
                {
                    "label": LABELS[kind],
                    "count": counts[kind],
                    "kind": kind,
                    "is_chosen": kind is chosen,
                }
                for kind in Kind
                if counts[kind]
            ],
            "chosen": chosen,
            "groups": groups_of(
                shown, counts, query, plans=plans, states=states, names_plan=names_plan
            )
            if query
            else [],
            "page": page_of_results,
            "numbers": page_of_results.paginator.get_elided_page_range(page_of_results.number)
            if page_of_results
            else [],
        },
        status=422 if form.errors else 200,
    )


def _states_of(plans: Sequence[Plan], hits: Sequence[Hit]) -> States:
    """The states of today of the plans in which something was found. Four queries."""
    found_in = {plan for hit in hits for plan in hit.plans}
    today = timezone.localdate()
    return state_at(load_history([plan for plan in plans if plan.pk in found_in], today), today)


def _kind(name: str) -> Kind | None:
    """The one kind that an address asks for; none where it asks for none that there is."""
    return next((kind for kind in Kind if kind == name), None)

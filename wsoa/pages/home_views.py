"""The way in: where users land, their plans, the pages of explanations, and the choice of a day."""

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from actions import access, memberships
from actions.models import Plan
from actions.pages import formatting
from actions.pages.plan_page import get_plan_page
from wsoa.pages.day_forms import DatesForm


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where users land: their one plan, or the list; a superuser with the users."""
    if request.user.is_superuser:
        return redirect("accounts:user_list")
    granted = memberships.plans_of(request.user)
    return redirect(_landing(granted[0]) if len(granted) == 1 else "pages:plans")


def _landing(granted: memberships.PlanAccess) -> str:
    slug = granted.plan.slug
    if not access.can_see_live(granted):
        return reverse("reports:index", args=(slug,))
    is_tracked = granted.plan.tracked_from and granted.plan.state == Plan.State.AGREED
    name = "pages:my_work" if is_tracked else "actions:plan"
    return reverse(name, args=(slug,))


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """The plans a user belongs to."""
    granted_plans = memberships.plans_of(request.user)
    sees_live = any(access.can_see_live(granted) for granted in granted_plans)
    return render(
        request,
        "pages/plans.html",
        {
            "plans": [
                {
                    "short_name": granted.plan.short_name,
                    "title": granted.plan.title,
                    "local_area": granted.plan.local_area,
                    "url": _landing(granted),
                    "period": granted.plan.period,
                    "state_text": formatting.state_text(granted.plan),
                    "your_part": "; ".join(granted.parts),
                    "is_sample": granted.plan.is_sample,
                }
                for granted in granted_plans
            ],
            "start_url": reverse("actions:start_plan")
            if any(granted.is_officer for granted in granted_plans)
            else "",
            "search_url": reverse("pages:search") if sees_live else "",
        },
    )


@login_not_required
@require_GET
def explanation(request: HttpRequest, name: str) -> HttpResponse:
    """A page of explanations, the same for everybody."""
    try:
        template = get_template(f"pages/explanations/{name}.html")
    except TemplateDoesNotExist:
        raise Http404 from None
    return HttpResponse(template.render({}, request))


@require_GET
def dates(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the day a page is shown as at."""
    page = get_plan_page(request, slug)
    back = _page_of_plan(request.GET.get("next", ""), request, slug)
    comparison_day = page.comparison_day
    form = DatesForm(
        request.GET if "day" in request.GET else None,
        today=page.today,
        compares=comparison_day is not None or "compared" in request.GET,
        initial={
            "day": page.day.strftime("%d/%m/%Y"),
            "compared": comparison_day.strftime("%d/%m/%Y") if comparison_day else "",
        },
    )
    if form.is_valid():
        day, comparison_day = form.cleaned_data["day"], form.cleaned_data.get("compared")
        return redirect(_on_days(back, None if day == page.today else day, comparison_day))
    return render(
        request,
        "pages/dates.html",
        {
            **page.context("plan"),
            "form": form,
            "next": back,
            "leave_url": back,
            "breadcrumbs": [formatting.Breadcrumb("The plan", page.url("actions:plan"))],
        },
        status=422 if form.errors else 200,
    )


def _on_days(address: str, day: date | None, comparison_day: date | None) -> str:
    """The address with the day it shows and the one it compares with; none: today, and none."""
    path, _, rest = address.partition("?")
    query = QueryDict(rest, mutable=True)
    if day:
        query["as_at"] = day.isoformat()
    if comparison_day:
        query["compare_with"] = comparison_day.isoformat()
    return f"{path}?{query.urlencode()}" if query else path


def _page_of_plan(address: str, request: HttpRequest, slug: str) -> str:
    """The page to go back to, narrowed as it was; the plan's own where the address is none of ours.

    What follows a page's path cannot lead elsewhere, and is written anew.
    """
    home = reverse("actions:plan", args=(slug,))
    path, _, rest = address.partition("?")
    if not path.startswith(home) or not url_has_allowed_host_and_scheme(path, request.get_host()):
        return home
    query = QueryDict(rest, mutable=True)
    query.pop("as_at", None)
    query.pop("compare_with", None)
    return f"{path}?{query.urlencode()}" if query else path

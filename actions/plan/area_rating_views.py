"""A senior responsible officer judges her area."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions import access
from actions.areas import areas_of, judgement_of
from actions.models import Area
from actions.oversight_forms import JudgeAreaForm
from actions.pages import formatting
from actions.pages.plan_page import UnusableAddress, open_plan
from actions.plan import area_ratings
from actions.plan.editing_views import show_refusal
from actions.rules.state import count


@require_http_methods(["GET", "POST"])
def judge_area(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    desk = open_plan(request, slug)
    if not desk.is_today:
        raise UnusableAddress("An area is judged as of today, not as at another day.")
    found = areas_of(desk, number=number).first()
    if found is None:
        raise Http404
    access.require(access.can_judge_area(desk.access, found.key))
    form = JudgeAreaForm(request.POST if request.method == "POST" else None)
    page = desk.url("actions:area", number)
    if form.is_valid():
        try:
            area_ratings.judge_area(
                area=Area.objects.select_related("plan").get(pk=found.key),
                by=desk.access.user,
                today=desk.today,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"Your judgement of Area {number} is on record.")
            return redirect(page)
    return render(
        request,
        "actions/judge_area.html",
        {
            **desk.context("my_area"),
            "crumbs": [
                formatting.Crumb("The plan", desk.url("actions:plan")),
                formatting.Crumb(f"Area {number}", page),
            ],
            "area": found,
            "judgement": judgement_of(found),
            "counts": formatting.counts_view(count(desk.state.of_area(found.key))),
            "form": form,
            "leave_url": page,
        },
        status=422 if form.errors else 200,
    )

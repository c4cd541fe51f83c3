"""A senior responsible officer rates their area."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions import access
from actions.areas import area_ratings
from actions.areas.area_rating_forms import JudgeAreaForm
from actions.areas.areas import areas_of, judgement_of
from actions.forms.refusals import show_refusal
from actions.models import Area
from actions.pages import formatting
from actions.pages.plan_page import get_page_today
from actions.rules.state import count


@require_http_methods(["GET", "POST"])
def judge_area(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    page = get_page_today(request, slug)
    area = areas_of(page, code=code).first()
    if area is None:
        raise Http404
    access.require(access.can_judge_area(page.access, area.key))
    form = JudgeAreaForm(request.POST if request.method == "POST" else None)
    area_url = page.link("area", code)
    if form.is_valid():
        try:
            area_ratings.judge_area(
                area=Area.objects.select_related("plan").get(pk=area.key),
                by=page.access.user,
                today=page.today,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"Your judgement of {area.label} is on record.")
            return redirect(area_url)
    return render(
        request,
        "actions/judge_area.html",
        {
            **page.context("my_area"),
            "breadcrumbs": [
                formatting.Breadcrumb("The plan", page.url("actions:plan")),
                formatting.Breadcrumb(area.label, area_url),
            ],
            "area": area,
            "judgement": judgement_of(area),
            "counts": formatting.counts_view(count(page.state.of_area(area.key))),
            "form": form,
            "leave_url": area_url,
        },
        status=422 if form.errors else 200,
    )

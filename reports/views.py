"""The reports of a plan. A report reader lands here and sees nothing live."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from actions import access
from actions.desk import MenuItem
from reports.models import ReportSeries


@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The series a plan reports in, with what has been published of each."""
    granted = access.get_plan(request.user, slug)
    series = ReportSeries.objects.filter(plan=granted.plan, withdrawn_at=None).prefetch_related(
        "audiences"
    )
    menu = []
    if access.can_see_live(granted):
        menu.append(MenuItem("The plan", reverse("actions:plan", args=(slug,)), False))
    menu.append(MenuItem("Reports", request.path, True))
    return render(
        request,
        "reports/index.html",
        {
            "plan": granted.plan,
            "menu": menu,
            "series": [
                {
                    "title": one.title,
                    "rhythm": one.get_rhythm_display(),
                    "audiences": ", ".join(
                        body.name for body in one.audiences.all() if body.withdrawn_at is None
                    ),
                }
                for one in series
            ],
        },
    )

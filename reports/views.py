"""The reports of a plan. A report reader lands here and sees nothing live."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from actions import access
from actions.desk import MenuItem, open_plan
from actions.sharing import lent_now
from reports.models import ReportSeries


@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The series a plan reports in, with what has been published of each."""
    granted = access.get_plan(request.user, slug)
    series = ReportSeries.objects.filter(plan=granted.plan, withdrawn_at=None).prefetch_related(
        "audiences"
    )
    today = timezone.localdate()
    is_live = access.can_see_live(granted)
    lent = None if is_live else lent_now(granted.user, granted.plan, today)
    context = (
        open_plan(request, slug, may_be_lent=True).context("reports")
        if is_live or lent
        else {
            "plan": granted.plan,
            "menu": [MenuItem("Reports", request.path, True)],
        }
    )
    return render(
        request,
        "reports/index.html",
        {
            **context,
            "lent": lent,
            "share_url": access.can_share_view(granted)
            and reverse("actions:shared_views", args=(slug,)),
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

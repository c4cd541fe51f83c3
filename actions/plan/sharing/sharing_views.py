"""Lending a report reader the plan as at a day."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from actions import access
from actions.models import SharedView
from actions.pages import formatting
from actions.pages.plan_page import get_plan_page
from actions.plan.sharing import sharing
from actions.plan.sharing.sharing_forms import SharedViewForm
from actions.rules.dates import day_of


@require_http_methods(["GET", "POST"])
def shared_views(request: HttpRequest, slug: str) -> HttpResponse:
    """What is shared with whom, and sharing it."""
    page = get_plan_page(request, slug)
    access.require(access.can_share_view(page.access))
    form = SharedViewForm(
        request.POST if request.method == "POST" else None,
        readers=sharing.possible_readers(page.plan, page.today),
        initial={"as_at": page.day.strftime("%d/%m/%Y")},
    )
    if form.is_valid():
        try:
            view = sharing.share_view(
                plan=page.plan, by=page.access.user, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as refusal:
            for name, problems in refusal.message_dict.items():
                form.add_error(name, problems)
        else:
            messages.success(
                request,
                f"{view.reader} may read the plan as at {formatting.short_day(view.as_at)} until "
                f"{formatting.short_day(view.ends_on)}.",
            )
            return redirect("actions:shared_views", slug)
    return render(
        request,
        "actions/shared_views.html",
        {
            **page.context("reports"),
            "breadcrumbs": [
                formatting.Breadcrumb("Reports", page.link("reports")),
                formatting.Breadcrumb("Shared views"),
            ],
            "form": form,
            "views": [
                {
                    "words": f"{view.reader}: as at {formatting.short_day(view.as_at)}",
                    "days": _days(view),
                    "end_url": _runs(view) and page.url("actions:end_shared_view", view.pk),
                }
                for view in sharing.views_of(page.plan)
            ],
            "leave_url": page.link("reports"),
        },
        status=422 if form.errors else 200,
    )


def _runs(view: SharedView) -> bool:
    return view.ended_at is None and view.ends_on >= timezone.localdate()


def _days(view: SharedView) -> str:
    shared = f"shared by {view.by} on {formatting.short_day(day_of(view.shared_at))}"
    if view.ended_at:
        return f"{shared}, ended on {formatting.short_day(day_of(view.ended_at))}"
    return (
        f"{shared}, {'until' if _runs(view) else 'ended on'} {formatting.short_day(view.ends_on)}"
    )


@require_POST
def end_shared_view(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = get_plan_page(request, slug)
    access.require(access.can_share_view(page.access))
    view = get_object_or_404(SharedView, pk=pk, plan=page.plan)
    sharing.end_view(view, timezone.now())
    messages.success(request, "That is ended.")
    return redirect("actions:shared_views", slug)

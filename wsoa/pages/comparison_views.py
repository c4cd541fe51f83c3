"""What moved between two days, on a page and as a file."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from actions.kept_pages import kept_page
from actions.pages import formatting
from actions.pages.exporting import files_of, list_file, require_file
from actions.pages.plan_page import PlanPage, get_plan_page
from wsoa.oversight.meetings.comparison_day import (
    ComparisonDay,
    comparison_day_of,
    days_to_choose,
    meetings_before,
)
from wsoa.oversight.models import Meeting
from wsoa.pages.comparison import COLUMNS, GROUPS, ONLY, Moved, moved_between


@dataclass(frozen=True, slots=True)
class Listed:
    page: PlanPage
    comparison_day: ComparisonDay
    meetings: list[Meeting]
    moves: list[Moved]
    # The kind that the address narrows them to, in words; empty for all.
    only: str


def _listed(request: HttpRequest, slug: str) -> Listed:
    page = get_plan_page(request, slug)
    meetings = meetings_before(page)
    comparison_day = comparison_day_of(page, meetings)
    moves = moved_between(page, comparison_day.day)
    only = request.GET.get("only", "")
    if only in ONLY:
        moves = [move for move in moves if move.kind == only]
    return Listed(page, comparison_day, meetings, moves, str(ONLY.get(only, "")))


@require_GET
@kept_page()
def changed(request: HttpRequest, slug: str) -> HttpResponse:
    """All that moved, by kind, each with the way to who said it and why."""
    listed = _listed(request, slug)
    page, comparison_day = listed.page, listed.comparison_day
    query = request.GET.urlencode()
    return render(
        request,
        "pages/changed.html",
        {
            **page.context(
                "dashboard", comparison_day=comparison_day.day, compared_note=comparison_day.note
            ),
            "choose": days_to_choose(page, comparison_day, listed.meetings),
            "since": formatting.short_day(comparison_day.day),
            "until": formatting.short_day(page.day),
            "only": listed.only,
            "all_url": page.url("pages:changed"),
            "groups": [
                {"title": title, "lines": moves}
                for group, title in GROUPS.items()
                if (moves := [move for move in listed.moves if move.group == group])
            ],
            "files": files_of(
                lambda kind: (
                    reverse("pages:changed_file", args=(slug, kind))
                    + (f"?{query}" if query else "")
                )
            ),
        },
    )


@require_GET
@kept_page()
def changed_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What the page of the same address shows."""
    listed = _listed(request, slug)
    require_file(kind)
    return list_file(
        listed.page,
        kind,
        "Changes",
        COLUMNS,
        listed.moves,
        count_text=formatting.plural(len(listed.moves), "change"),
        filter_text=", ".join(
            filter(None, (f"since {formatting.short_day(listed.comparison_day.day)}", listed.only))
        ),
    )

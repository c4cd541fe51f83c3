"""The page of one form about a question, a meeting or a decision."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from actions.pages import formatting
from actions.pages.plan_page import PlanPage

# Lines of a list of oversight that one page holds.
PER_PAGE = 25


def form_page(
    page: PlanPage,
    form: Any,
    *,
    menu_key: str,
    title: str,
    button: str,
    leave_url: str,
    breadcrumbs: list[formatting.Breadcrumb],
    words: str = "",
    line: Any = None,
    decision: Any = None,
) -> HttpResponse:
    """`words` say what follows from it; `line` or `decision` is the one it is about, if any."""
    return render(
        page.request,
        "oversight/oversight_form.html",
        {
            **page.context(menu_key),
            "breadcrumbs": breadcrumbs,
            "form": form,
            "title": title,
            "button": button,
            "words": words,
            "line": line,
            "decision": decision,
            "leave_url": leave_url,
        },
        status=422 if form.errors else 200,
    )

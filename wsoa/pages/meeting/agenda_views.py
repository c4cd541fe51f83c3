"""The agenda of a meeting, as a page to prepare it from and to print."""

from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from actions.kept_pages import kept_page
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.rules.dates import end_of_day
from reports.dashboard.dashboard_data import load_dashboard
from wsoa.oversight.changes import change_list
from wsoa.oversight.changes.change_requests import Step, said_of, step_of
from wsoa.oversight.decisions.decision_list import decisions_of
from wsoa.oversight.meetings.comparison_day import meetings_of
from wsoa.oversight.models import Meeting
from wsoa.oversight.questions.question_list import questions_of
from wsoa.pages.meeting.agenda import Agenda, Waiting, agenda_of, is_of_the_group


@require_GET
@kept_page()
def agenda(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What the meeting has before it, by item; of one that was held, as at its day."""
    page = get_plan_page(request, slug)
    meetings = meetings_of(page.plan)
    meeting = next((one for one in meetings if one.pk == pk), None)
    if meeting is None:
        raise Http404
    if meeting.held_on < page.day:
        address = reverse("pages:agenda", args=(slug, pk))
        return redirect(f"{address}?{urlencode({'as_at': meeting.held_on})}")
    made = agenda_of(_waiting(page, meeting, meetings))
    day = formatting.day_text(meeting.held_on)
    dashboard = reverse("reports:dashboard", args=(slug,))
    return render(
        request,
        "pages/agenda.html",
        {
            **page.context("meetings"),
            "breadcrumbs": [
                formatting.Breadcrumb("Meetings", page.url("oversight:meetings")),
                formatting.Breadcrumb(str(meeting.body), page.url("oversight:meeting", pk)),
                formatting.Breadcrumb("Agenda"),
            ],
            "body": meeting.body.name,
            "day": day,
            "lead": _lead(made),
            "groups": made.groups,
            "minutes": made.minutes,
            "papers_text": formatting.short_day(meeting.papers_due_on),
            "is_of_the_group": is_of_the_group(meeting),
            "dashboard_url": f"{dashboard}?{urlencode(_days(page, meeting, meetings))}",
            "meeting_url": page.url("oversight:meeting", pk),
        },
    )


def _waiting(page: PlanPage, meeting: Meeting, meetings: list[Meeting]) -> Waiting:
    areas, end = change_list.kpi_areas_of(page), end_of_day(page.day)
    return Waiting(
        board=load_dashboard(page, _since(page, meeting, meetings), meetings),
        meeting=meeting,
        changes=[
            (change_list.change_item(page, one, areas), said_of(one, "support", end))
            for one in reversed(change_list.requests_of(page))
            if step_of(one, end) is Step.TO_DECIDE
        ],
        questions=questions_of(page),
        decisions=decisions_of(page),
    )


def _since(page: PlanPage, meeting: Meeting, meetings: list[Meeting]) -> date:
    """The body's meeting before, or the day itself where there was none."""
    held = [
        one.held_on for one in meetings if one.body_id == meeting.body_id and one.held_on < page.day
    ]
    return max(held, default=page.day)


def _days(page: PlanPage, meeting: Meeting, meetings: list[Meeting]) -> dict[str, object]:
    since = _since(page, meeting, meetings)
    days: dict[str, object] = {} if page.is_today else {"as_at": page.day}
    return days | ({"compare_with": since} if since < page.day else {})


def _lead(made: Agenda) -> str:
    """`12 items, of about 95 minutes. Four things to decide.`"""
    items = formatting.plural(len(made.items), "item")
    text = f"{items}, of about {made.minutes} minutes."
    if made.decisions:
        number = formatting.number_text(made.decisions).capitalize()
        text += f" {number} {'thing' if made.decisions == 1 else 'things'} to decide."
    return text

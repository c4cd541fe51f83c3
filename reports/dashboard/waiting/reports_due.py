"""The reports that fall due in the days ahead, over all series of a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from actions.models import Body, Plan
from actions.pages.plan_page import PlanPage
from actions.records.history import bank_holidays
from actions.rules.dates import end_of_day
from reports.models import Report, ReportSeries
from reports.rules.calendar import Entry, Period, ReportState, timetable
from wsoa.oversight.models import Meeting


@dataclass(frozen=True, slots=True)
class DueReport:
    """One that is not published yet."""

    title: str
    period: str
    due_on: date


def due_reports(page: PlanPage, meetings: Sequence[Meeting], until: date) -> list[DueReport]:
    """Due from the page's day up to another, the first due first; `meetings` are all of the plan's.

    One query.
    """
    bodies = Body.objects.filter(report_series=OuterRef("pk")).order_by().values("pk")
    end = end_of_day(page.day)
    made = (
        Report.objects.filter(series=OuterRef("pk"), made_at__lt=end)
        .exclude(discarded_at__lt=end)
        .order_by()
        .values(
            one=JSONObject(
                starts_on="starts_on",
                ends_on="ends_on",
                number="number",
                out_at="publication__effective_at",
            )
        )
    )
    in_use = Q(withdrawn_at=None) | Q(withdrawn_at__gte=end)
    series = (
        ReportSeries.objects.filter(in_use, plan=page.plan)
        .select_related("body")
        .annotate(bodies=ArraySubquery(bodies), reports_made=ArraySubquery(made))
    )
    found = [
        DueReport(one.title, entry.period.words, entry.due_on)
        for one in series
        if not one.lacks_a_day
        for entry in _entries(page, one, meetings)
        if page.day <= entry.due_on <= until and entry.state is not ReportState.PUBLISHED
    ]
    return sorted(found, key=lambda due: (due.due_on, due.title))


def _entries(page: PlanPage, series: Any, meetings: Sequence[Meeting]) -> list[Entry]:
    is_for_meetings = series.rhythm == ReportSeries.Rhythm.MEETINGS
    bodies = {series.body_id} if is_for_meetings else set(series.bodies)
    made: dict[Period, bool] = {}
    for report in series.reports_made:
        starts_on, ends_on = (date.fromisoformat(report[end]) for end in ("starts_on", "ends_on"))
        period = Period(starts_on, ends_on, report["number"])
        made[period] = made.get(period, False) or _is_out(report["out_at"], page.day)
    plan = page.plan
    return timetable(
        series.cycle_with(meetings),
        page.day,
        made,
        tracked_from=None if plan.state == Plan.State.DRAFT else plan.tracked_from,
        closed_on=plan.closed_on,
        papers={meeting.papers_due_on for meeting in meetings if meeting.body_id in bodies},
        due_after=series.due_after,
        holidays=bank_holidays(page.day.year - 1, page.day.year + 2),
    )


def _is_out(moment: str | None, day: date) -> bool:
    return moment is not None and datetime.fromisoformat(moment) < end_of_day(day)

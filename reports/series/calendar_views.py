"""The calendar of a plan's reports: what is due, prepared, published, late and to come."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from actions import access
from actions.kept_pages import kept_page
from actions.models import Plan
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.records.history import bank_holidays
from actions.rules.dates import day_of, end_of_day
from reports.models import Report, ReportSeries
from reports.rules.calendar import Entry, Period, ReportState, timetable
from wsoa.oversight.models import Meeting

WORDS = {
    ReportState.PUBLISHED: "Published",
    ReportState.DRAFTED: "Being prepared",
    ReportState.LATE: "Late",
    ReportState.DUE: "Due",
    ReportState.TO_COME: "To come",
    ReportState.NOT_MADE: "Not made",
}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class DueReport:
    """One report in words. `chip` says in place of `state` that it is late."""

    name: str
    due: str
    state: str
    chip: formatting.Chip | None
    links: list[Link]


@require_GET
@kept_page()
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Per series, the latest period first. Four queries besides the page's."""
    page = get_plan_page(request, slug)
    may_set_up = page.is_today and access.can_set_up_reports(page.access)
    series = list(_series(page))
    reports = _reports(page)
    meetings = _meetings(page)
    entries = {
        report_series.pk: _entries(page, report_series, reports[report_series.pk], meetings)
        for report_series in series
    }
    return render(
        request,
        "reports/calendar.html",
        {
            **page.context("reports"),
            "breadcrumbs": [formatting.Breadcrumb("Reports", page.url("reports:index"))],
            "words": _summary_text(page.plan, page.day, series, entries),
            "sections": [
                {
                    "title": report_series.title,
                    "about": f"{report_series.rhythm_text}, to {_audience(report_series)}",
                    "lines": [
                        _due_report(page, report_series, entry, reports[report_series.pk], meetings)
                        for entry in entries[report_series.pk]
                    ],
                    "lacks_a_day": report_series.lacks_a_day,
                    "edit_url": may_set_up
                    and reverse(
                        "actions:edit_part", args=(slug, "report-series", report_series.pk)
                    ),
                }
                for report_series in series
            ],
            "series_url": may_set_up and page.url("reports:series"),
            "word_template_url": may_set_up and page.url("reports:word_template"),
            "meetings_url": page.url("oversight:meetings"),
        },
    )


# --- What there is ------------------------------------------------------------------------------


def _series(page: PlanPage) -> Any:
    """Those in use on the day."""
    in_use = Q(withdrawn_at=None) | Q(withdrawn_at__gte=end_of_day(page.day))
    series = ReportSeries.objects.filter(in_use, plan=page.plan).select_related("body")
    return series.prefetch_related("audiences")


def _reports(page: PlanPage) -> dict[int, list[Report]]:
    """The reports there were on the day, by series, the newest version of each period first."""
    by_series: dict[int, list[Report]] = defaultdict(list)
    end = end_of_day(page.day)
    for report in Report.objects.filter(series__plan=page.plan).select_related(
        "publication__files_job"
    ):
        was_dropped = report.discarded_at is not None and report.discarded_at < end
        if not was_dropped and (report.made_at < end or _is_out(report, page.day)):
            by_series[report.series_id].append(report)
    return by_series


def _is_out(report: Report, day: date) -> bool:
    return report.is_published and report.publication.effective_at < end_of_day(day)


def _meetings(page: PlanPage) -> list[Meeting]:
    """All of them: a period for a meeting begins the day after the papers of the one before."""
    return list(Meeting.objects.filter(plan=page.plan).select_related("body"))


def _entries(
    page: PlanPage, series: ReportSeries, reports: list[Report], meetings: list[Meeting]
) -> list[Entry]:
    if series.lacks_a_day:
        return []
    made: dict[Period, bool] = {}
    for report in reports:
        made[report.period] = made.get(report.period, False) or _is_out(report, page.day)
    is_draft = page.plan.state == Plan.State.DRAFT
    return timetable(
        series.cycle_with(meetings),
        page.day,
        made,
        tracked_from=None if is_draft else page.plan.tracked_from,
        closed_on=page.plan.closed_on,
        papers={meeting.papers_due_on for meeting in _of_its_bodies(series, meetings)},
        due_after=series.due_after,
        # The next half-year ends within the year after this, and its report is due later still.
        holidays=bank_holidays(page.day.year - 1, page.day.year + 2),
    )


def _of_its_bodies(series: ReportSeries, meetings: Iterable[Meeting]) -> list[Meeting]:
    """Those with whose papers its reports are due."""
    is_for_meetings = series.rhythm == ReportSeries.Rhythm.MEETINGS
    bodies = {series.body_id} if is_for_meetings else {body.pk for body in series.audiences.all()}
    return [meeting for meeting in meetings if meeting.body_id in bodies]


# --- In words -----------------------------------------------------------------------------------


def _audience(series: ReportSeries) -> str:
    names = [body.name for body in series.audiences.all() if body.withdrawn_at is None]
    return ", ".join(names) or "nobody named"


def _summary_text(
    plan: Plan, day: date, series: list[ReportSeries], entries: dict[int, list[Entry]]
) -> str:
    """What is late and due, and what comes next; or why nothing is due."""
    if plan.state == Plan.State.DRAFT:
        return "The plan is not agreed yet, so no report is due."
    if plan.closed_on and plan.closed_on <= day:
        closed = formatting.short_day(plan.closed_on)
        return f"The plan was closed on {closed}. No more reports are due."
    if plan.tracked_from is None:
        return "This plan is kept as it was published. No report of it is due."
    listed = [
        (entry, report_series) for report_series in series for entry in entries[report_series.pk]
    ]
    late, due = (
        sum(entry.state is state for entry, _ in listed)
        for state in (ReportState.LATE, ReportState.DUE)
    )
    sentences = [
        f"{formatting.plural(count, 'report')} {'is' if count == 1 else 'are'} {word}."
        for count, word in ((late, "late"), (due, "due"))
        if count
    ] or ["No report is late."]
    ahead = [
        (entry.due_on, entry, report_series)
        for entry, report_series in listed
        if entry.due_on >= day
    ]
    open_ahead = [item for item in ahead if item[1].state is not ReportState.PUBLISHED]
    if open_ahead:
        due_on, entry, report_series = min(open_ahead, key=lambda item: item[0])
        sentences.append(
            f"Next: {report_series.title}, {entry.period.number}, "
            f"due {formatting.short_day(due_on)}."
        )
    return " ".join(sentences)


def _due_report(
    page: PlanPage,
    series: ReportSeries,
    entry: Entry,
    reports: list[Report],
    meetings: list[Meeting],
) -> DueReport:
    period = entry.period
    of_it = [report for report in reports if report.period == period]
    out = next((report for report in of_it if _is_out(report, page.day)), None)
    draft = next((report for report in of_it if report.is_draft), None)
    is_late = entry.state is ReportState.LATE
    return DueReport(
        name=period.words if period.number == period.words else f"{period.number}, {period.words}",
        due=_due_text(series, entry, meetings),
        state=_state_text(entry, out, draft),
        chip=formatting.Chip("clock", "Late") if is_late else None,
        links=_links(page, series, entry, out, draft),
    )


def _state_text(entry: Entry, out: Report | None, draft: Report | None) -> str:
    if entry.state is ReportState.LATE:
        return "being prepared" if draft else ""
    text = WORDS[entry.state]
    if out is None:
        return text
    text += f" {formatting.short_day(day_of(out.publication.effective_at))}"
    return f"{text}, version {out.version}" if out.version > 1 else text


def _due_text(series: ReportSeries, entry: Entry, meetings: list[Meeting]) -> str:
    due = f"Due {formatting.short_day(entry.due_on)}"
    if entry.papers_on is None:
        days = formatting.plural(series.due_after, "working day")
        return f"{due}, {days} after the period" if series.due_after else due
    bodies = [
        meeting.body.name
        for meeting in _of_its_bodies(series, meetings)
        if meeting.papers_due_on == entry.papers_on
    ]
    return f"{due}, with the papers of {formatting.listed(list(dict.fromkeys(bodies)))}"


def _links(
    page: PlanPage, series: ReportSeries, entry: Entry, out: Report | None, draft: Report | None
) -> list[Link]:
    slug, links = page.plan.slug, []
    if out:
        links.append(Link("Read", reverse("reports:report", args=(slug, out.pk))))
    if draft:
        label = "New version being prepared" if out else "Open the draft"
        links.append(Link(label, reverse("reports:draft", args=(slug, draft.pk))))
    has_begun = entry.period.starts_on <= page.today
    may_start = page.is_today and has_begun and access.can_prepare_report(page.access)
    if may_start and not (out or draft):
        address = reverse("reports:start", args=(slug, series.pk))
        links.append(Link("Start", f"{address}?period={entry.period.starts_on:%Y-%m-%d}"))
    return links

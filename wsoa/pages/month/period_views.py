"""For officers: who owes what this month, and when updates close; deputies for those away."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions import access, memberships
from actions.forms.refusals import show_refusal
from actions.memberships import Role
from actions.models import Area, Body, Membership, Person
from actions.pages import formatting
from actions.pages.commitment_rows import commitment_texts
from actions.pages.plan_page import PlanPage, UnusableAddress, get_plan_page
from actions.rules import periods
from actions.rules.dates import PlanDate
from actions.rules.periods import DueUpdate, Met
from wsoa.oversight.meetings.meeting_forms import MeetingForm
from wsoa.oversight.models import Meeting
from wsoa.pages.month.period_forms import ClosingForm, DeputyForm

# --- Who owes what ----------------------------------------------------------------------------


@require_GET
def period(request: HttpRequest, slug: str) -> HttpResponse:
    """One update period by area and by lead: done, late, owed, overdue."""
    page = get_plan_page(request, slug)
    access.require(access.can_manage_periods(page.access))
    (plan,) = page.history.plans
    chosen = _chosen_period(request, page)
    due_updates = periods.owed_in(plan, chosen, page.day, page.history.holidays)
    states = [
        row
        for row in page.state.commitments
        if row.id in {update.commitment for update in due_updates}
    ]
    texts = commitment_texts(page, states)
    areas = {area.pk: area for area in Area.objects.filter(plan=page.plan)}
    people = Person.objects.in_bulk(
        {lead.person for update in due_updates for lead in update.leads}
    )
    away = _away(page)
    closes, ends = (
        plan.closes_on(chosen, page.history.holidays),
        plan.grace_ends_on(chosen, page.history.holidays),
    )
    return render(
        request,
        "pages/period.html",
        {
            **page.context("period"),
            "period": chosen,
            "closes": formatting.day_text(closes),
            "grace_ends": formatting.day_text(ends),
            "is_closed": page.day > ends,
            "counts": _counts(due_updates),
            "total": len(due_updates),
            "areas": [
                {
                    "title": formatting.area_name(area),
                    "words": _counts_text(of_area),
                    "rows": [
                        _row(page, update, texts[update.commitment].name, people, away)
                        for update in of_area
                    ],
                }
                for area in sorted(areas.values(), key=lambda area: area.position)
                if (of_area := [update for update in due_updates if update.area == area.pk])
            ],
            "leads": _by_lead(due_updates, people, away),
            "earlier_url": _period_url(page, chosen.plus_months(-1)),
            "later_url": _period_url(page, chosen.plus_months(1)),
            "settings_url": page.url("pages:periods"),
            "deputies_url": page.url("pages:deputies"),
            "upload_url": access.can_import_progress(page.access)
            and page.url("actions:upload_progress"),
        },
    )


def _chosen_period(request: HttpRequest, page: PlanPage) -> PlanDate:
    """The month of the address, the current one without it; 400 for one that cannot be shown."""
    current = PlanDate.month_of(page.day)
    text = request.GET.get("period")
    if not text:
        return current
    try:
        chosen = PlanDate.parse(text)
    except ValueError:
        raise UnusableAddress(
            "The month in the address is not one. Write it like 2023-01."
        ) from None
    if chosen.is_day or chosen > current:
        raise UnusableAddress("That month has not come yet, so no update is due for it.")
    return chosen


def _period_url(page: PlanPage, month: PlanDate) -> str:
    """The page of another month; none before the plan or after the day shown."""
    if month > PlanDate.month_of(page.day) or month < PlanDate.month_of(page.plan.starts_on):
        return ""
    address = page.url("pages:period")
    return f"{address}{'&' if '?' in address else '?'}period={month.iso}"


def _counts(due_updates: list[DueUpdate]) -> list[dict[str, Any]]:
    return [
        {"label": met.label, "count": sum(update.met is met for update in due_updates)}
        for met in Met
    ]


def _counts_text(due_updates: list[DueUpdate]) -> str:
    """`3 done, 1 overdue`"""
    counts = [(met, sum(update.met is met for update in due_updates)) for met in Met]
    return ", ".join(f"{count} {met.label.lower()}" for met, count in counts if count)


def _row(
    page: PlanPage, update: DueUpdate, name: str, people: dict[int, Person], away: dict[int, str]
) -> dict[str, Any]:
    waits = update.met in (Met.OWED, Met.OVERDUE)
    return {
        "ref": update.ref,
        "name": name,
        "url": page.url("pages:commitment", update.code),
        "leads": ", ".join(people[lead.person].name for lead in update.leads),
        "covered": " ".join(away[lead.user] for lead in update.leads if lead.user in away),
        "met": update.met.label,
        "waits": waits,
        "came_on": formatting.short_day(update.came_on) if update.came_on else "",
        "record_url": page.url("actions:record_update", update.code)
        if waits and page.is_today
        else "",
    }


def _away(page: PlanPage) -> dict[int, str]:
    """By the user who is away, the sentence that says who stands in on the day shown."""
    covered = (
        Membership.objects.active_on(page.day)
        .filter(plan=page.plan, deputy_for__isnull=False, role=Role.LEAD)
        .select_related("user", "deputy_for__user")
    )
    return {
        membership.deputy_for.user_id: f"{membership.user} covers for "
        f"{membership.deputy_for.user} to {formatting.short_day(membership.ends_on)}."
        for membership in covered
        if membership.deputy_for and membership.ends_on
    }


def _by_lead(
    due_updates: list[DueUpdate], people: dict[int, Person], away: dict[int, str]
) -> list[dict[str, str]]:
    """Each lead's own, by name: a list to write to, not a table of merit."""
    by_person: dict[int, list[DueUpdate]] = defaultdict(list)
    users: dict[int, int | None] = {}
    for update in due_updates:
        for lead in update.leads:
            by_person[lead.person].append(update)
            users[lead.person] = lead.user
    return [
        {
            "name": people[person].name,
            "words": _counts_text(rows),
            "waiting": ", ".join(
                update.ref for update in rows if update.met in (Met.OWED, Met.OVERDUE)
            ),
            "covered": away.get(users[person] or 0, ""),
        }
        for person, rows in sorted(by_person.items(), key=lambda item: people[item[0]].name)
    ]


# --- When updates close -----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """How a plan's periods close, and the meetings whose papers they may wait for."""
    page = get_plan_page(request, slug)
    access.require(access.can_manage_periods(page.access))
    sends_meeting = request.method == "POST" and "held_on" in request.POST
    closing = ClosingForm(
        request.POST if request.method == "POST" and not sends_meeting else None,
        instance=page.plan,
    )
    bodies = Body.objects.filter(plan=page.plan, withdrawn_at=None)
    meeting = MeetingForm(request.POST if sends_meeting else None, bodies=bodies)
    if closing.is_bound and closing.is_valid():
        closing.save()
        messages.success(request, "The closing of monthly updates is changed.")
        return redirect("pages:periods", slug)
    if meeting.is_bound and meeting.is_valid():
        _, made = Meeting.objects.update_or_create(
            plan=page.plan,
            body=meeting.cleaned_data["body"],
            held_on=meeting.cleaned_data["held_on"],
            defaults={"papers_due_on": meeting.cleaned_data["papers_due_on"]},
        )
        messages.success(request, "The meeting is added." if made else "The meeting is changed.")
        return redirect("pages:periods", slug)
    return render(
        request,
        "pages/periods.html",
        {
            **page.context("period"),
            "breadcrumbs": [
                formatting.Breadcrumb("Updates", page.url("pages:period")),
                formatting.Breadcrumb("When updates close"),
            ],
            "closing": closing,
            "meeting": meeting,
            "form": meeting if meeting.is_bound else closing,
            "meetings": [
                {
                    "body": upcoming.body.name,
                    "held_on": formatting.short_day(upcoming.held_on),
                    "papers_due_on": formatting.short_day(upcoming.papers_due_on),
                }
                for upcoming in _meetings_ahead(page)
            ],
        },
        status=422 if closing.errors or meeting.errors else 200,
    )


def _meetings_ahead(page: PlanPage) -> Any:
    since: date = page.day.replace(day=1)
    return Meeting.objects.filter(plan=page.plan, held_on__gte=since).select_related("body")


# --- Deputies ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def deputies(request: HttpRequest, slug: str) -> HttpResponse:
    """Who stands in for whom, and naming somebody."""
    page = get_plan_page(request, slug)
    access.require(access.can_name_deputy(page.access))
    form = DeputyForm(
        request.POST if request.method == "POST" else None,
        parts=memberships.memberships_to_deputise(page.access),
        users=memberships.possible_deputies(page.access),
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            memberships.name_deputy(
                of=data["part"],
                user=data["user"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"{data['user']} covers for {data['part'].user}.")
            return redirect("pages:deputies", slug)
    return render(
        request,
        "pages/deputies.html",
        {
            **page.context("period" if access.can_manage_periods(page.access) else "my_work"),
            "breadcrumbs": [
                formatting.Breadcrumb("Updates", page.url("pages:period"))
                if access.can_manage_periods(page.access)
                else formatting.Breadcrumb("My work", page.url("pages:my_work")),
                formatting.Breadcrumb("Cover"),
            ],
            "form": form,
            "deputies": [
                {
                    "words": f"{deputy.user} for {deputy.deputy_for.user}",
                    "part": str(deputy),
                    "days": formatting.days_text(deputy.starts_on, deputy.ends_on),
                    "end_url": page.url("pages:end_deputy", deputy.pk),
                }
                for deputy in memberships.deputies_of(page.access)
                if deputy.deputy_for and deputy.starts_on and deputy.ends_on
            ],
            "leave_url": page.url(
                "pages:period" if access.can_manage_periods(page.access) else "pages:my_work"
            ),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def end_deputy(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = get_plan_page(request, slug)
    access.require(access.can_name_deputy(page.access))
    mine = {deputy.pk for deputy in memberships.deputies_of(page.access)}
    membership = get_object_or_404(Membership, pk=pk, plan=page.plan)
    access.require(membership.pk in mine)
    memberships.end_membership(membership=membership)
    messages.success(request, "That is ended.")
    return redirect("pages:deputies", slug)

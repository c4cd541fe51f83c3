"""For officers: who owes what this month, and when updates close; deputies for those away."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions import access
from actions.access import Role
from actions.forms import ClosingForm, DeputyForm, MeetingForm
from actions.models import Area, Body, Meeting, Membership, Person
from actions.pages import formatting
from actions.pages.commitment_rows import words_of
from actions.pages.plan_page import Desk, UnusableAddress, open_plan
from actions.rules import periods
from actions.rules.dates import PlanDate
from actions.rules.periods import Met, Owed

# --- Who owes what ----------------------------------------------------------------------------


@require_GET
def period(request: HttpRequest, slug: str) -> HttpResponse:
    """One update period by area and by lead: done, late, owed, overdue."""
    desk = open_plan(request, slug)
    access.require(access.can_manage_periods(desk.access))
    (plan,) = desk.history.plans
    chosen = _chosen_period(request, desk)
    owed = periods.owed_in(plan, chosen, desk.day, desk.history.holidays)
    states = [row for row in desk.state.commitments if row.id in {one.commitment for one in owed}]
    words = words_of(desk, states)
    areas = {area.pk: area for area in Area.objects.filter(plan=desk.plan)}
    people = Person.objects.in_bulk({lead.person for one in owed for lead in one.leads})
    away = _away(desk)
    closes, ends = (
        plan.closes_on(chosen, desk.history.holidays),
        plan.grace_ends_on(chosen, desk.history.holidays),
    )
    return render(
        request,
        "actions/period.html",
        {
            **desk.context("period"),
            "period": chosen,
            "closes": formatting.day_words(closes),
            "grace_ends": formatting.day_words(ends),
            "is_closed": desk.day > ends,
            "counts": _counts(owed),
            "total": len(owed),
            "areas": [
                {
                    "title": f"Area {area.number}. {area.title}",
                    "words": _counts_words(of_area),
                    "rows": [
                        _row(desk, one, words[one.commitment].name, people, away) for one in of_area
                    ],
                }
                for area in sorted(areas.values(), key=lambda area: area.number)
                if (of_area := [one for one in owed if one.area == area.pk])
            ],
            "leads": _by_lead(owed, people, away),
            "earlier_url": _period_url(desk, chosen.plus_months(-1)),
            "later_url": _period_url(desk, chosen.plus_months(1)),
            "settings_url": desk.url("actions:periods"),
            "deputies_url": desk.url("actions:deputies"),
            "upload_url": access.can_import_progress(desk.access)
            and desk.url("actions:upload_progress"),
        },
    )


def _chosen_period(request: HttpRequest, desk: Desk) -> PlanDate:
    """The month of the address, the current one without it; 400 for one that cannot be shown."""
    current = PlanDate.month_of(desk.day)
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
        raise UnusableAddress("That month has not come yet, so nobody owes anything for it.")
    return chosen


def _period_url(desk: Desk, month: PlanDate) -> str:
    """The page of another month; none before the plan or after the day shown."""
    if month > PlanDate.month_of(desk.day) or month < PlanDate.month_of(desk.plan.starts_on):
        return ""
    address = desk.url("actions:period")
    return f"{address}{'&' if '?' in address else '?'}period={month.iso}"


def _counts(owed: list[Owed]) -> list[dict[str, Any]]:
    return [{"label": met.label, "count": sum(one.met is met for one in owed)} for met in Met]


def _counts_words(owed: list[Owed]) -> str:
    """`3 done, 1 overdue`"""
    counts = [(met, sum(one.met is met for one in owed)) for met in Met]
    return ", ".join(f"{count} {met.value}" for met, count in counts if count)


def _row(
    desk: Desk, one: Owed, name: str, people: dict[int, Person], away: dict[int, str]
) -> dict[str, Any]:
    waits = one.met in (Met.OWED, Met.OVERDUE)
    return {
        "ref": one.ref,
        "name": name,
        "url": desk.url("kpis:commitment", one.ref),
        "leads": ", ".join(people[lead.person].name for lead in one.leads),
        "covered": " ".join(away[lead.user] for lead in one.leads if lead.user in away),
        "met": one.met.label,
        "waits": waits,
        "came_on": formatting.short_day(one.came_on) if one.came_on else "",
        "record_url": desk.url("actions:record_update", one.ref) if waits and desk.is_today else "",
    }


def _away(desk: Desk) -> dict[int, str]:
    """By the user who is away, the sentence that says who stands in on the day shown."""
    covered = (
        Membership.objects.active_on(desk.day)
        .filter(plan=desk.plan, deputy_for__isnull=False, role=Role.LEAD)
        .select_related("user", "deputy_for__user")
    )
    return {
        membership.deputy_for.user_id: f"{membership.user} covers for "
        f"{membership.deputy_for.user} to {formatting.short_day(membership.ends_on)}."
        for membership in covered
        if membership.deputy_for and membership.ends_on
    }


def _by_lead(
    owed: list[Owed], people: dict[int, Person], away: dict[int, str]
) -> list[dict[str, str]]:
    """Each lead's own, by name: a list to write to, not a table of merit."""
    by_person: dict[int, list[Owed]] = defaultdict(list)
    users: dict[int, int | None] = {}
    for one in owed:
        for lead in one.leads:
            by_person[lead.person].append(one)
            users[lead.person] = lead.user
    return [
        {
            "name": people[person].name,
            "words": _counts_words(rows),
            "waiting": ", ".join(one.ref for one in rows if one.met in (Met.OWED, Met.OVERDUE)),
            "covered": away.get(users[person] or 0, ""),
        }
        for person, rows in sorted(by_person.items(), key=lambda item: people[item[0]].name)
    ]


# --- When updates close -----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """How a plan's periods close, and the meetings whose papers they may wait for."""
    desk = open_plan(request, slug)
    access.require(access.can_manage_periods(desk.access))
    sends_meeting = request.method == "POST" and "held_on" in request.POST
    closing = ClosingForm(
        request.POST if request.method == "POST" and not sends_meeting else None,
        instance=desk.plan,
    )
    bodies = Body.objects.filter(plan=desk.plan, withdrawn_at=None)
    meeting = MeetingForm(request.POST if sends_meeting else None, bodies=bodies)
    if closing.is_bound and closing.is_valid():
        closing.save()
        messages.success(request, "The closing of monthly updates is changed.")
        return redirect("actions:periods", slug)
    if meeting.is_bound and meeting.is_valid():
        _, made = Meeting.objects.update_or_create(
            plan=desk.plan,
            body=meeting.cleaned_data["body"],
            held_on=meeting.cleaned_data["held_on"],
            defaults={"papers_due_on": meeting.cleaned_data["papers_due_on"]},
        )
        messages.success(request, "The meeting is added." if made else "The meeting is changed.")
        return redirect("actions:periods", slug)
    return render(
        request,
        "actions/periods.html",
        {
            **desk.context("period"),
            "crumbs": [
                formatting.Crumb("Updates", desk.url("actions:period")),
                formatting.Crumb("When updates close"),
            ],
            "closing": closing,
            "meeting": meeting,
            "form": meeting if meeting.is_bound else closing,
            "meetings": [
                {
                    "body": one.body.name,
                    "held_on": formatting.short_day(one.held_on),
                    "papers_due_on": formatting.short_day(one.papers_due_on),
                }
                for one in _meetings_ahead(desk)
            ],
        },
        status=422 if closing.errors or meeting.errors else 200,
    )


def _meetings_ahead(desk: Desk) -> Any:
    since: date = desk.day.replace(day=1)
    return Meeting.objects.filter(plan=desk.plan, held_on__gte=since).select_related("body")


# --- Deputies ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def deputies(request: HttpRequest, slug: str) -> HttpResponse:
    """Who stands in for whom, and naming somebody."""
    desk = open_plan(request, slug)
    access.require(access.can_name_deputy(desk.access))
    form = DeputyForm(
        request.POST if request.method == "POST" else None,
        parts=access.memberships_to_deputise(desk.access),
        users=access.possible_deputies(desk.access),
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            access.name_deputy(
                of=data["part"],
                user=data["user"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
            )
        except ValidationError as refusal:
            _add_errors(form, refusal)
        else:
            messages.success(request, f"{data['user']} covers for {data['part'].user}.")
            return redirect("actions:deputies", slug)
    return render(
        request,
        "actions/deputies.html",
        {
            **desk.context("period" if access.can_manage_periods(desk.access) else "my_work"),
            "crumbs": [
                formatting.Crumb("Updates", desk.url("actions:period"))
                if access.can_manage_periods(desk.access)
                else formatting.Crumb("My work", desk.url("actions:my_work")),
                formatting.Crumb("Cover"),
            ],
            "form": form,
            "deputies": [
                {
                    "words": f"{one.user} for {one.deputy_for.user}",
                    "part": str(one),
                    "days": formatting.days_words(one.starts_on, one.ends_on),
                    "end_url": desk.url("actions:end_deputy", one.pk),
                }
                for one in access.deputies_of(desk.access)
                if one.deputy_for and one.starts_on and one.ends_on
            ],
            "leave_url": desk.url(
                "actions:period" if access.can_manage_periods(desk.access) else "actions:my_work"
            ),
        },
        status=422 if form.errors else 200,
    )


def _add_errors(form: DeputyForm, refusal: ValidationError) -> None:
    for name, problems in refusal.message_dict.items():
        for problem in problems:
            form.add_error(name if name in form.fields else None, problem)


@require_POST
def end_deputy(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    desk = open_plan(request, slug)
    access.require(access.can_name_deputy(desk.access))
    mine = {one.pk for one in access.deputies_of(desk.access)}
    membership = get_object_or_404(Membership, pk=pk, plan=desk.plan)
    access.require(membership.pk in mine)
    access.end_membership(membership=membership)
    messages.success(request, "That is ended.")
    return redirect("actions:deputies", slug)

"""For officers: who owes what in a period, when updates close, deputies for those away."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions import access, memberships
from actions.forms.refusals import show_refusal
from actions.io.mailing import mails_to
from actions.kept_pages import kept_page
from actions.memberships import Role
from actions.models import Area, Body, Membership, Person
from actions.pages import formatting
from actions.pages.commitment_rows import commitment_texts
from actions.pages.plan_page import PlanPage, UnusableAddress, get_plan_page
from actions.plan import update_cycle
from actions.rules import periods
from actions.rules.cycle import Cycle, CycleKind, UpdatePeriod
from actions.rules.dates import PlanDate, Precision, add_months
from actions.rules.periods import DueUpdate, Met
from wsoa.oversight.meetings.meeting_forms import MeetingForm
from wsoa.oversight.models import Meeting
from wsoa.pages.month.period_forms import (
    CycleForm,
    DeputyForm,
    TreatmentForm,
    cycle_answers,
)

# So many periods to come are listed, and may be skipped or joined.
MOST_AHEAD = 16

# --- Who owes what ----------------------------------------------------------------------------


@require_GET
@kept_page()
def period(request: HttpRequest, slug: str) -> HttpResponse:
    """One update period by area and by lead: done, late, owed, overdue."""
    page = get_plan_page(request, slug)
    access.require(access.can_manage_periods(page.access))
    (plan,) = page.history.plans
    chosen = _chosen_period(request, page)
    due_updates = periods.owed_in(plan, chosen, page.day)
    states = [
        row
        for row in page.state.commitments
        if row.id in {update.commitment for update in due_updates}
    ]
    texts = commitment_texts(page, states)
    areas = {area.pk: area for area in Area.objects.filter(plan=page.plan)}
    people = Person.objects.select_related("user").in_bulk(
        {lead.person for update in due_updates for lead in update.leads}
    )
    away = _away(page)
    earlier, later = page.periods.before(chosen), page.periods.after(chosen)
    return render(
        request,
        "pages/period.html",
        {
            **page.context("period"),
            "period": chosen,
            "closes": formatting.day_text(chosen.closes_on),
            "grace_ends": formatting.day_text(chosen.grace_ends_on),
            "is_closed": page.day > chosen.grace_ends_on,
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
            "leads": _by_lead(page, due_updates, people, away),
            "chase": _chase(page, chosen, due_updates, people),
            "earlier": earlier,
            "earlier_url": _period_url(page, earlier),
            "later": later,
            "later_url": _period_url(page, later) if later else "",
            "settings_url": page.url("pages:periods"),
            "deputies_url": page.url("pages:deputies"),
            "hand_over_url": page.url("oversight:hand_over")
            if page.is_today and access.can_hand_over(page.access)
            else "",
            "sheets_url": page.url("pages:team_sheets") if page.is_today else "",
            "upload_url": access.can_import_progress(page.access)
            and page.url("actions:upload_progress"),
        },
    )


def _chosen_period(request: HttpRequest, page: PlanPage) -> UpdatePeriod:
    """The period of the address: its month or its first day; without one the newest.

    400 for one that cannot be shown.
    """
    text = request.GET.get("period")
    if not text:
        return page.periods.begun_by(page.day)
    try:
        when = PlanDate.parse(text)
    except ValueError:
        raise UnusableAddress(
            "The update period in the address is not one. Write its month, like 2023-01, or its"
            " first day, like 2023-01-09."
        ) from None
    if when.first_day > page.day:
        raise UnusableAddress("That month or period has not come yet, so no update is due for it.")
    chosen = page.periods.on(when.first_day)
    is_known = chosen is not None and (
        when.precision is Precision.MONTH or (when.is_day and chosen.first_day == when.first_day)
    )
    if chosen is None or not is_known:
        raise UnusableAddress(
            "No update period begins on the day in the address. Choose one from the page of"
            " updates, by its month or its first day."
        )
    return chosen


def _period_url(page: PlanPage, other: UpdatePeriod) -> str:
    """The page of another period; none before the plan or after the day shown."""
    if other.first_day > page.day or other.last_day < page.plan.starts_on:
        return ""
    address = page.url("pages:period")
    return f"{address}{'&' if '?' in address else '?'}period={other.key}"


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
    page: PlanPage, due_updates: list[DueUpdate], people: dict[int, Person], away: dict[int, str]
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
            "told_url": page.url("pages:told", person)
            if page.is_today and any(row.met in (Met.OWED, Met.OVERDUE) for row in rows)
            else "",
            "sheet_url": page.url("pages:sheet_of", person) if page.is_today else "",
        }
        for person, rows in sorted(by_person.items(), key=lambda item: people[item[0]].name)
    ]


def _chase(
    page: PlanPage,
    chosen: UpdatePeriod,
    due_updates: list[DueUpdate],
    people: dict[int, Person],
) -> dict[str, Any]:
    """Writing to those whose update has not come, and who has no address here; oldest due first."""
    waiting: dict[int, list[str]] = defaultdict(list)
    for update in sorted(due_updates, key=lambda update: update.met is not Met.OVERDUE):
        if update.met in (Met.OWED, Met.OVERDUE):
            for lead in update.leads:
                waiting[lead.person].append(update.ref)
    users = {person: people[person].user for person in waiting}
    addresses = [user.email for user in users.values() if user and user.is_active]
    mails = mails_to(
        addresses,
        f"{page.plan.short_name}: {chosen.update_title}",
        f"The {chosen.update_name} closes on {formatting.day_text(chosen.closes_on)}. What waits "
        "for you stands under My work in Plan Ledger.",
    )
    return {
        "mails": [
            formatting.Breadcrumb(
                "Write to them" if len(mails) == 1 else f"Write to them, {number} of {len(mails)}",
                mail,
            )
            for number, mail in enumerate(mails, start=1)
        ],
        "addresses": "; ".join(dict.fromkeys(addresses)),
        "unreachable": [
            people[person].name for person, user in users.items() if not (user and user.is_active)
        ],
    }


# --- When updates close -----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """When a plan asks for updates, single periods to come, and the meetings they wait for."""
    page = get_plan_page(request, slug)
    access.require(access.can_manage_periods(page.access))
    cycle = page.history.plans[0].cycle
    ahead = _ahead(page, cycle)
    bodies = Body.objects.filter(plan=page.plan, withdrawn_at=None)
    sent = next(
        (name for name in ("held_on", "treatment") if name in request.POST),
        "kind" if request.method == "POST" else "",
    )
    chosen = CycleForm(
        request.POST if sent == "kind" else None,
        bodies=bodies,
        first_days=update_cycle.first_days(page.plan, cycle, page.today),
        initial=cycle_answers(cycle.in_force[-1]),
    )
    treatment = TreatmentForm(request.POST if sent == "treatment" else None, ahead=ahead)
    meeting = MeetingForm(request.POST if sent == "held_on" else None, bodies=bodies)
    done = (
        (chosen.is_valid() and _set_cycle(page, chosen))
        or (treatment.is_valid() and _treat_period(page, treatment))
        or (meeting.is_valid() and _save_meeting(page, meeting))
    )
    if done:
        messages.success(request, done)
        return redirect("pages:periods", slug)
    forms = (chosen, treatment, meeting)
    return render(
        request,
        "pages/periods.html",
        {
            **page.context("period"),
            "breadcrumbs": [
                formatting.Breadcrumb("Updates", page.url("pages:period")),
                formatting.Breadcrumb("When updates close"),
            ],
            "cycles": _cycle_lines(page, cycle, bodies),
            "chosen": chosen,
            "treatment": treatment,
            "ahead": [_ahead_line(period) for period in ahead],
            "note": _meetings_note(page, cycle),
            "meeting": meeting,
            "form": next((form for form in forms if form.is_bound), chosen),
            "meetings": [
                {
                    "body": upcoming.body.name,
                    "held_on": formatting.short_day(upcoming.held_on),
                    "papers_due_on": formatting.short_day(upcoming.papers_due_on),
                }
                for upcoming in _meetings_ahead(page)
            ],
        },
        status=422 if any(form.errors for form in forms) else 200,
    )


def _set_cycle(page: PlanPage, form: CycleForm) -> str:
    """What was done, in words; nothing where it was refused."""
    try:
        row = update_cycle.set_cycle(
            plan=page.plan, by=page.access.user, today=page.today, **form.answers()
        )
    except ValidationError as refusal:
        show_refusal(form, refusal, form.put)
        return ""
    return f"Updates are asked for in this way from {formatting.short_day(row.starts_on)}."


def _treat_period(page: PlanPage, form: TreatmentForm) -> str:
    try:
        update_cycle.treat_period(
            plan=page.plan,
            by=page.access.user,
            today=page.today,
            day=form.cleaned_data["period"],
            treatment=form.cleaned_data["treatment"],
        )
    except ValidationError as refusal:
        show_refusal(form, refusal)
        return ""
    return "The update period is changed."


def _save_meeting(page: PlanPage, form: MeetingForm) -> str:
    _, is_new = Meeting.objects.update_or_create(
        plan=page.plan,
        body=form.cleaned_data["body"],
        held_on=form.cleaned_data["held_on"],
        defaults={"papers_due_on": form.cleaned_data["papers_due_on"]},
    )
    return "The meeting is added." if is_new else "The meeting is changed."


def _cycle_lines(page: PlanPage, cycle: Cycle, bodies: Iterable[Body]) -> list[dict[str, str]]:
    """How updates are asked for on the day shown, and from which days otherwise."""
    names = {body.pk: body.name for body in bodies}
    now = cycle.rule_on(page.today)
    return [
        {
            "since": ""
            if rule is now
            else f"From {formatting.short_day(rule.starts_on or page.today)}",
            "text": rule.words(names.get(rule.body or 0, "")),
        }
        for rule in cycle.in_force
        if rule is now or (rule.starts_on and rule.starts_on > page.today)
    ]


def _ahead(page: PlanPage, cycle: Cycle) -> list[UpdatePeriod]:
    until = add_months(page.today, update_cycle.MONTHS_AHEAD)
    return update_cycle.periods_of(cycle, page.today).ahead(page.today, until)[:MOST_AHEAD]


def _ahead_line(period: UpdatePeriod) -> dict[str, str]:
    closes = f"closes {formatting.short_day(period.closes_on)}"
    return {
        "name": period.name,
        "words": "No updates are asked for" if period.is_skipped else closes,
    }


def _meetings_note(page: PlanPage, cycle: Cycle) -> str:
    """Of a cycle that waits for meetings or dates, from which day nothing is asked for."""
    rule = cycle.in_force[-1]
    if rule.kind not in (CycleKind.MEETINGS, CycleKind.DATES):
        return ""
    periods = update_cycle.periods_of(cycle, page.today)
    last = periods.begun_by(page.today)
    while following := periods.after(last):
        last = following
    after = formatting.short_day(last.last_day)
    what = "a meeting is" if rule.kind is CycleKind.MEETINGS else "more dates are"
    return f"After {after} no update is asked for until {what} entered."


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

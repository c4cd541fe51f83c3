"""The programme team's pages of mails: what will go, what went, and what became of it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actions import access
from actions.models import Person
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_page_today
from actions.rules.dates import day_of
from wsoa.accounts.models import User
from wsoa.pages.work.items import near_day
from wsoa.reaching import wishes
from wsoa.reaching.letters import letter
from wsoa.reaching.mail_forms import AddressForm, HoldForm, MailSettingsForm
from wsoa.reaching.models import ClosedDays, ContactAddress, Delivery, Message
from wsoa.reaching.recipients import Mailing, key_of_receiver, mailing_for
from wsoa.reaching.rules.mail_days import MailDays
from wsoa.reaching.sending import mails_on, settings_of

PER_PAGE = 50
# Who is written to is shown today and so many working days ahead.
AHEAD = 3


def _team_page(request: HttpRequest, slug: str) -> PlanPage:
    page = get_page_today(request, slug)
    access.require(access.can_manage_periods(page.access))
    return page


@require_GET
def mail(request: HttpRequest, slug: str) -> HttpResponse:
    """What goes in the next days, and what went: to one person with `?to=` their key.

    Of who has no account it is the person's key, less 0.
    """
    page = _team_page(request, slug)
    about = settings_of(page.plan)
    to = request.GET.get("to", "")
    rows = _with_outcome(Message.objects.filter(plan=page.plan))
    if to.removeprefix("-").isdecimal():
        who = int(to)
        rows = rows.filter(user=who) if who > 0 else rows.filter(person=-who)
    paginator = Paginator(rows.order_by("-recorded_at", "-pk"), PER_PAGE)
    sent = paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "reaching/mail.html",
        {
            **page.context("mail"),
            "is_on": about.is_on,
            "is_kept": not settings.MAIL_FROM,
            "coming": _coming(page) if about.is_on and not to else [],
            "days_ahead": formatting.number_text(AHEAD),
            "sent": [_sent(page, message) for message in sent],
            "page": sent,
            "numbers": paginator.get_elided_page_range(sent.number),
            "to": sent[0].receiver if to and sent else "",
            "all_url": page.url("reaching:mail"),
            "settings_url": page.url("reaching:mail_settings"),
            "everybody_url": page.url("reaching:everybody"),
        },
    )


def _with_outcome(rows: Any) -> Any:
    newest = Delivery.objects.filter(message=OuterRef("pk")).order_by("-recorded_at", "-pk")
    return rows.select_related("user", "person", "by").annotate(
        outcome=Subquery(newest.values("outcome")[:1])
    )


def _sent(page: PlanPage, message: Any) -> dict[str, Any]:
    return {
        "day": near_day(day_of(message.recorded_at), page.today),
        "name": message.receiver,
        "address": message.address,
        "subject": message.subject,
        "url": page.url("reaching:message", message.pk),
        "why": message.get_why_display(),
        "outcome": _outcome_text(message.outcome),
        "is_wrong": message.outcome
        in (Delivery.Outcome.REFUSED, Delivery.Outcome.UNKNOWN, Delivery.Outcome.GIVEN_UP),
    }


def _outcome_text(outcome: str | None) -> str:
    return str(Delivery.Outcome(outcome).label) if outcome else "Waits to be sent"


def _coming(page: PlanPage) -> list[dict[str, Any]]:
    """By day, whom a mail would reach if nothing changed until then."""
    mailing = mailing_for(page)
    days = MailDays(page.history.holidays, _closed(page)).coming(page.today, AHEAD + 1)
    told: set[int] = set()
    groups = []
    for day in days:
        lines = list(_lines(page, mailing, day, told))
        if lines:
            groups.append({"title": formatting.day_text(day), "lines": lines})
    return groups


def _closed(page: PlanPage) -> list[tuple[date, date]]:
    return list(ClosedDays.objects.filter(plan=page.plan).values_list("first_day", "last_day"))


def _lines(page: PlanPage, mailing: Mailing, day: date, told: set[int]) -> Iterable[dict[str, Any]]:
    """Each person once: what goes on the first of these days changes what goes on the next."""
    about = settings_of(page.plan)
    for due in mails_on(mailing, day):
        who = key_of_receiver(due.to.user, due.to.holder.person)
        if who in told:
            continue
        if not due.is_held:
            told.add(who)
        yield {
            "name": due.to.holder.name,
            "about": due.to.holder.roles,
            "subject": letter(mailing, due.to, due.rule, day, about).subject,
            "is_held": due.is_held,
            "held_text": near_day(due.to.held_until, page.today) if due.to.held_until else "",
            "hold_url": page.url("reaching:hold", due.to.user) if due.to.user else "",
            "end_url": page.url("reaching:end_hold", due.to.user) if due.to.user else "",
        }


@require_GET
def message(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One mail as it was written, and what became of it."""
    page = _team_page(request, slug)
    row = get_object_or_404(
        Message.objects.select_related("user", "person", "by"), pk=pk, plan=page.plan
    )
    receiver = key_of_receiver(row.user_id, row.person_id)
    deliveries = row.deliveries.order_by("recorded_at", "pk")
    return render(
        request,
        "reaching/message.html",
        {
            **page.context("mail"),
            "breadcrumbs": [formatting.Breadcrumb("Mail", page.url("reaching:mail"))],
            "message": row,
            "why": row.get_why_display(),
            "by": row.by.name if row.by else "",
            "deliveries": [
                {
                    "at": one.recorded_at,
                    "words": one.get_outcome_display(),
                    "detail": one.detail,
                }
                for one in deliveries
            ],
            "to_url": f"{page.url('reaching:mail')}?to={receiver}",
            "hold_url": page.url("reaching:hold", row.user_id) if row.user_id else "",
        },
    )


@require_http_methods(["GET", "POST"])
def mail_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether the plan writes, where answers go, and on which days it does not."""
    page = _team_page(request, slug)
    form = MailSettingsForm(
        request.POST if request.method == "POST" else None,
        about=settings_of(page.plan),
        closed=list(ClosedDays.objects.filter(plan=page.plan)),
    )
    if form.is_valid():
        wishes.set_mail(plan=page.plan, **form.cleaned_data)
        messages.success(request, "The choice is saved.")
        return redirect("reaching:mail", slug)
    return render(
        request,
        "reaching/mail_settings.html",
        {
            **page.context("mail"),
            "breadcrumbs": [formatting.Breadcrumb("Mail", page.url("reaching:mail"))],
            "form": form,
            "is_kept": not settings.MAIL_FROM,
            "leave_url": page.url("reaching:mail"),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, slug: str, person: int) -> HttpResponse:
    """Where one of the plan's people without an account is written to."""
    page = _team_page(request, slug)
    contact = get_object_or_404(Person, pk=person, local_area=page.plan.local_area)
    standing = ContactAddress.objects.filter(person=contact).first()
    form = AddressForm(
        request.POST if request.method == "POST" else None,
        initial={"email": standing.email if standing else ""},
    )
    if form.is_valid():
        wishes.set_address(person=contact, email=form.cleaned_data["email"])
        messages.success(request, "The address is saved.")
        return redirect("reaching:everybody", slug)
    return render(
        request,
        "reaching/address.html",
        {
            **page.context("everybody"),
            "breadcrumbs": [
                formatting.Breadcrumb("Everybody’s work", page.url("reaching:everybody"))
            ],
            "form": form,
            "name": contact.name,
            "leave_url": page.url("reaching:everybody"),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, slug: str, user: int) -> HttpResponse:
    """Write nothing to somebody for a while."""
    page = _team_page(request, slug)
    person = _of_plan(page, user)
    form = HoldForm(request.POST if request.method == "POST" else None, today=page.today)
    if form.is_valid():
        wishes.hold(plan=page.plan, user=person, by=page.access.user, **form.cleaned_data)
        until = formatting.day_text(form.cleaned_data["until"])
        messages.success(request, f"Nothing is written to {person.name} until {until}.")
        return redirect("reaching:mail", slug)
    return render(
        request,
        "reaching/hold.html",
        {
            **page.context("mail"),
            "breadcrumbs": [formatting.Breadcrumb("Mail", page.url("reaching:mail"))],
            "form": form,
            "name": person.name,
            "leave_url": page.url("reaching:mail"),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def end_hold(request: HttpRequest, slug: str, user: int) -> HttpResponse:
    page = _team_page(request, slug)
    person = _of_plan(page, user)
    wishes.hold(plan=page.plan, user=person, by=page.access.user, until=None)
    messages.success(request, f"{person.name} is written to again.")
    return redirect("reaching:mail", slug)


def _of_plan(page: PlanPage, user: int) -> User:
    """404 for who has no part in the plan."""
    return get_object_or_404(
        User.objects.filter(memberships__plan=page.plan, is_active=True).distinct(), pk=user
    )

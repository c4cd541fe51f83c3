"""Inviting people to a plan, and the page that an invitation opens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from actions import access
from actions.models import Invitation, Membership
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.plan.inviting import inviting, words
from actions.plan.inviting.inviting import Outcome
from actions.plan.inviting.inviting_forms import (
    Choices,
    GuestForm,
    ListForm,
    TakeUpForm,
    first_values,
)
from actions.plan.inviting.reading import read
from actions.rules.dates import day_of
from actions.wording import use_words_of
from wsoa.accounts import mail, sessions
from wsoa.accounts.models import User
from wsoa.accounts.organisations.known import is_bound

HAPPENS = {
    Outcome.INVITED: "Invited; link for 7 days",
    Outcome.ADDED: "Known already: added at once, told by mail",
    Outcome.INVITED_BEFORE: "Invited already: nothing is sent again",
    Outcome.HAS_PART: "Has this part already",
}


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Paste a list, put right what was read, invite. A wrong row holds back no other."""
    page = get_plan_page(request, slug)
    access.require(access.can_edit_people(page.access))
    now = timezone.now()
    form = ListForm(request.POST if request.method == "POST" else None)
    rows: list[GuestForm] = []
    if request.POST.get("step") == "invite":
        rows = _invite(page, _sent_rows(request, Choices.of(page.plan)), now)
        if not rows:
            return redirect("actions:invite", slug)
        form = ListForm(initial={"people": "\n".join(row["email"].value() or "" for row in rows)})
    elif form.is_valid():
        choices = Choices.of(page.plan)
        entries = form.entries_from(
            read(
                form.cleaned_data["people"],
                choices.roles_typed(),
                choices.areas_typed(),
                Membership.Role.LEAD,
            )
        )
        rows = [
            GuestForm(first_values(entry, number, choices), number=number, choices=choices)
            for number, entry in enumerate(entries, 1)
        ]
    shown = _shown(page, rows, now)
    wrong = sum(bool(row["problem"]) for row in shown)
    return render(
        request,
        "actions/invite.html",
        {
            **page.context("plan"),
            "breadcrumbs": [
                formatting.Breadcrumb("People", page.url("actions:edit_people")),
                formatting.Breadcrumb("Invite"),
            ],
            "form": form,
            "rows": shown,
            "wrong": wrong,
            "press": _press(shown),
            "example": _example(page),
            "open": [
                _open_line(page, invitation, now) for invitation in inviting.open_of(page.plan)
            ],
            "leave_url": page.url("actions:edit_people"),
        },
        status=422 if form.errors or wrong else 200,
    )


def _sent_rows(request: HttpRequest, choices: Choices) -> list[GuestForm]:
    numbers = [int(text) for text in request.POST.getlist("row") if text.isdecimal()]
    return [
        GuestForm(request.POST, number=number, choices=choices)
        for number in numbers[: inviting.MOST_AT_ONCE]
        if f"r{number}-take" in request.POST
    ]


def _invite(page: PlanPage, rows: Iterable[GuestForm], now: datetime) -> list[GuestForm]:
    """Do what the rows say; those that are wrong, to be put right."""
    by, mails, wrong = page.access.user, [], []
    counts = dict.fromkeys(Outcome, 0)
    for row in rows:
        if _problem(page, row, now):
            wrong.append(row)
            continue
        try:
            done = inviting.invite(plan=page.plan, guest=row.guest(), by=by, now=now)
        except ValidationError as refusal:
            row.add_error(None, refusal.messages[0])
            wrong.append(row)
            continue
        counts[done.outcome] += 1
        if done.invitation is not None:
            mails.append((done.invitation, _written(page.request, done)))
    if mail.is_set_up():
        inviting.send(mails, now)
    if told := _told(counts):
        messages.success(page.request, told)
    return wrong


def _written(request: HttpRequest, done: inviting.Done) -> words.Written:
    assert done.invitation is not None
    if done.outcome is Outcome.ADDED:
        address = reverse("actions:plan", args=(done.invitation.plan.slug,))
        return words.added(done.invitation, request.build_absolute_uri(address))
    return words.invited(done.invitation, _link(request, done.token))


def _link(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("actions:invitation", args=(token,)))


def _told(counts: dict[Outcome, int]) -> str:
    parts = [
        f"{counts[outcome]} {word}"
        for outcome, word in ((Outcome.INVITED, "invited"), (Outcome.ADDED, "added"))
        if counts[outcome]
    ]
    before = counts[Outcome.INVITED_BEFORE] + counts[Outcome.HAS_PART]
    told = f"{', '.join(parts)}." if parts else ""
    if before:
        told += f" {before} had been invited or added before: nothing was sent again."
    return told.strip()


def _problem(page: PlanPage, row: GuestForm, now: datetime) -> str:
    """Why a row cannot be invited; empty where it can."""
    if row.is_valid():
        try:
            outcome = inviting.outcome_of(page.plan, row.guest(), now)
        except ValidationError as refusal:
            return refusal.messages[0]
        row.happens = HAPPENS[outcome]  # type: ignore[attr-defined]
        row.outcome = outcome  # type: ignore[attr-defined]
        if outcome is Outcome.INVITED and not mail.is_set_up():
            return (
                "Nobody signs in with this address, and mail is not set up. "
                "Ask whoever manages users to add the account"
            )
        return ""
    if "email" in row.errors:
        return f"“{row['email'].value() or ''}” is not an address"
    return str(next(iter(next(iter(row.errors.values())))))


def _shown(page: PlanPage, rows: list[GuestForm], now: datetime) -> list[dict[str, Any]]:
    seen: dict[tuple[str, str, str], int] = {}
    shown = []
    for row in rows:
        problem = _problem(page, row, now)
        if not problem:
            data = row.cleaned_data
            first = seen.setdefault((data["email"], data["role"], data["area"]), row.number)
            if first != row.number:
                problem = f"This is row {first} again"
        shown.append({"form": row, "problem": problem, "happens": getattr(row, "happens", "")})
    return shown


def _press(shown: list[dict[str, Any]]) -> str:
    """What the button says: `Invite 3, add 1`."""
    good = [row["form"].outcome for row in shown if not row["problem"]]
    invited, added = good.count(Outcome.INVITED), good.count(Outcome.ADDED)
    parts = [f"{word} {count}" for word, count in (("invite", invited), ("add", added)) if count]
    text = ", ".join(parts) or "invite"
    return text[0].upper() + text[1:]


def _example(page: PlanPage) -> str:
    plan = page.plan
    return (
        f"{page.access.user.name}, of the programme team, invites you to the {plan.title} of "
        f"{plan.local_area} as: Action lead. Open this address, then press the button on the page."
    )


def _open_line(page: PlanPage, invitation: Invitation, now: datetime) -> dict[str, Any]:
    if not invitation.is_open(now):
        where = f"Link expired on {formatting.short_day(day_of(invitation.expires_at))}"
    elif invitation.refused_at:
        where = "Address refused by its mail server"
    elif invitation.mailed_at:
        where = "Mail sent; button not pressed yet"
    else:
        where = "Mail not sent yet"
    return {
        "email": invitation.email,
        "name": invitation.name,
        "part": invitation.part,
        "invited": f"{formatting.short_day(day_of(invitation.invited_at))}, by {invitation.by}",
        "where": where,
        "is_refused": bool(invitation.refused_at),
        "again_url": mail.is_set_up() and page.url("actions:invite_again", invitation.pk),
        "withdraw_url": page.url("actions:withdraw_invitation", invitation.pk),
    }


@require_POST
def invite_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page, invitation = _of_plan(request, slug, pk)
    now = timezone.now()
    token = inviting.renew(invitation=invitation, by=page.access.user, now=now)
    if token is None:
        messages.error(request, "This invitation was taken up or withdrawn meanwhile.")
    else:
        invitation.refresh_from_db()
        inviting.send([(invitation, words.invited(invitation, _link(request, token)))], now)
        messages.success(
            request, f"Sent again to {invitation.email}. The link of before works no more."
        )
    return redirect("actions:invite", slug)


@require_POST
def withdraw_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page, invitation = _of_plan(request, slug, pk)
    if inviting.withdraw(invitation=invitation, by=page.access.user, now=timezone.now()):
        messages.success(request, f"The invitation of {invitation.email} is withdrawn.")
    else:
        messages.error(request, "This invitation was taken up or withdrawn meanwhile.")
    return redirect("actions:invite", slug)


def _of_plan(request: HttpRequest, slug: str, pk: int) -> tuple[PlanPage, Invitation]:
    page = get_plan_page(request, slug)
    access.require(access.can_edit_people(page.access))
    of_plan = Invitation.objects.select_related("by", "area", "plan__local_area")
    return page, get_object_or_404(of_plan, pk=pk, plan=page.plan)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads. Opening it does nothing: mail scanners do so too."""
    found = inviting.by_token(token)
    now = timezone.now()
    if found is None:
        return _over(request)
    use_words_of(found.plan)
    if isinstance(request.user, User) and request.user.email != found.email:
        context = {"invitation": found}
        return render(request, "actions/invitation_of_another.html", context, status=403)
    plan_url = reverse("actions:plan", args=(found.plan.slug,))
    if found.accepted_at:
        return redirect(plan_url)
    if not found.is_open(now):
        return _over(request)
    is_known = User.objects.filter(email=found.email).exists()
    form = TakeUpForm(
        request.POST if request.method == "POST" else None,
        email=found.email,
        wants_password=not is_bound(found.email)
        and found.role not in settings.CODE_FOR
        and found.role in settings.PASSWORD_FOR,
        initial={"name": found.name},
    )
    if request.method == "POST" and (is_known or form.is_valid()):
        data = {} if is_known else form.cleaned_data
        taken = inviting.accept(
            invitation=found,
            name=data.get("name", found.name),
            password=data.get("password"),
            now=now,
        )
        if taken is None:
            return _over(request)
        user, is_new = taken
        # Of an organisation that alone signs its people in, they go there next.
        if is_new and not is_bound(found.email):
            return sessions.begin(request, user, method="invitation", onward=plan_url)
        return redirect(plan_url)
    return render(
        request,
        "actions/invitation.html",
        {"invitation": found, "form": None if is_known else form},
        status=422 if request.method == "POST" else 200,
    )


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "actions/invitation_over.html", status=404)

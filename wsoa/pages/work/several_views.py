"""Recording several updates at once: one's own, and what somebody told the programme team."""

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from actions import access
from actions.models import Commitment, Person, ProgressUpdate
from actions.pages import formatting
from actions.pages.commitment_rows import commitment_texts, line
from actions.pages.plan_page import PlanPage, get_page_today
from actions.progress import updates
from actions.records import submissions
from actions.rules.dates import LONDON
from actions.rules.state import CommitmentState
from actions.wording import levels
from wsoa.pages.error_views import stale_form
from wsoa.pages.work.list import is_due
from wsoa.pages.work.several_forms import SeveralForm, Standing, ToldForm, filled


@login_not_required
@require_http_methods(["GET", "POST"])
def several(request: HttpRequest, slug: str) -> HttpResponse:
    """The reader's own commitments that are owed an update, on one page."""
    if not request.user.is_authenticated:
        return _signed_out(request)
    page = get_page_today(request, slug)
    access.require(access.can_see_live(page.access))
    states = [state for state in page.own() if _may(page, state)]
    standings = standings_of(page, states)
    form = SeveralForm(_sent(request), standings=standings, initial=_filled(request, standings))
    return _answer(page, form, None, leave_url=page.url("pages:my_work"))


@login_not_required
@require_http_methods(["GET", "POST"])
def told(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Those of a lead, recorded by the programme team of what that lead told them."""
    if not request.user.is_authenticated:
        return _signed_out(request)
    page = get_page_today(request, slug)
    access.require(access.can_manage_periods(page.access))
    person = get_object_or_404(Person, pk=pk, local_area=page.plan.local_area)
    states = [
        state
        for state in page.state.commitments
        if any(lead.person == person.pk for lead in state.leads) and _may(page, state)
    ]
    standings = standings_of(page, states)
    form = ToldForm(
        _sent(request),
        standings=standings,
        today=page.today,
        initial={"told_on": page.today} | _filled(request, standings),
    )
    return _answer(page, form, person, leave_url=page.url("pages:period"))


def _signed_out(request: HttpRequest) -> HttpResponse:
    """A session that ended while somebody wrote nine updates: their words come back."""
    if request.method == "POST":
        return stale_form(request)
    return redirect_to_login(request.get_full_path())


def _may(page: PlanPage, state: CommitmentState) -> bool:
    return (
        not state.is_withdrawn
        and (is_due(state) or _is_sent_again(page, state))
        and access.can_record_update(page.access, state)
    )


def _is_sent_again(page: PlanPage, state: CommitmentState) -> bool:
    """What the very form that is sent has recorded already is owed no more, and is answered."""
    return f"colour_{state.id}" in page.request.POST


def _sent(request: HttpRequest) -> Any:
    """None also where rows are to be filled in: what is missing is no error yet."""
    return request.POST if request.method == "POST" and not _fills(request) else None


def _fills(request: HttpRequest) -> bool:
    return request.POST.get("step") == "fill"


def _filled(request: HttpRequest, standings: list[Standing]) -> dict[str, Any]:
    return filled(request.POST, standings) if _fills(request) else {}


def standings_of(page: PlanPage, states: list[CommitmentState]) -> list[Standing]:
    """Two queries: their texts, and their last updates."""
    texts = commitment_texts(page, states)
    newest = [state.newest_update.id for state in states if state.newest_update]
    rows = ProgressUpdate.objects.select_related("risk__closing", "by").in_bulk(newest)
    return [
        Standing(
            state,
            texts[state.id].name,
            rows[state.newest_update.id] if state.newest_update else None,
        )
        for state in states
    ]


def _answer(
    page: PlanPage, form: SeveralForm, person: Person | None, *, leave_url: str
) -> HttpResponse:
    """The form; the page that checks it; and, from there, what was recorded."""
    step = page.request.POST.get("step", "")
    if form.is_bound and step != "change" and form.is_valid():
        if step != "record":
            return _page(page, form, person, leave_url, template="pages/several_check.html")
        try:
            made = _record(page, form, person)
        except ValidationError as refusal:
            for place, problems in refusal.message_dict.items():
                form.refuse(place, problems)
        else:
            what = levels().some("commitment", len(made))
            of = f" of {person.name}" if person else ""
            messages.success(page.request, f"Updates recorded for {what}{of}.")
            return redirect(leave_url)
    if form.is_bound and form.errors:
        form.stand_on_newest()
    return _page(page, form, person, leave_url, template="pages/several.html")


def _page(
    page: PlanPage, form: SeveralForm, person: Person | None, leave_url: str, *, template: str
) -> HttpResponse:
    texts = commitment_texts(page, [one.state for one in form.standings])
    lines = {one.state.id: line(page, one.state, texts[one.state.id]) for one in form.standings}
    is_wrong = form.is_bound and page.request.POST.get("step") != "change" and bool(form.errors)
    parent = formatting.Breadcrumb("Updates" if person else "My work", leave_url)
    return render(
        page.request,
        template,
        {
            **page.context("period" if person else "my_work"),
            "breadcrumbs": [parent, formatting.Breadcrumb("Several at once")],
            "form": form,
            "person": person,
            "told": _told_text(form) if template.endswith("check.html") else "",
            "rows": form.rows_shown(lines),
            "summary": form.summary() if template.endswith("check.html") else [],
            "sent": [
                (name, value)
                for name in page.request.POST
                if name not in ("csrfmiddlewaretoken", "step")
                for value in page.request.POST.getlist(name)
            ],
            "leave_url": leave_url,
        },
        status=422 if is_wrong else 200,
    )


def _told_text(form: SeveralForm) -> str:
    """`E-mail of 24 November 2026`; empty of one's own."""
    if not isinstance(form, ToldForm):
        return ""
    told_on: date = form.cleaned_data["told_on"]
    return f"{form.cleaned_data['how']} of {formatting.short_day(told_on)}"


def _record(page: PlanPage, form: SeveralForm, person: Person | None) -> list[ProgressUpdate]:
    chosen = form.chosen()
    rows = Commitment.objects.in_bulk([one.state.id for one in chosen])
    covered = {
        one.state.id: access.leads_to_name(page.access, one.state)[0]
        for one in chosen
        if person is None and access.records_on_behalf(page.access, one.state)
    }
    people = Person.objects.in_bulk(covered.values())
    submission = form.cleaned_data["submission"]
    return updates.record_several(
        by=page.access.user,
        accounts=[
            updates.Account(
                rows[one.state.id],
                form.answers(one),
                person or people.get(covered.get(one.state.id, 0)),
                submissions.part(submission, one.state.id) if submission else None,
                base=form.base_of(one),
            )
            for one in chosen
        ],
        effective_at=_told_at(page, form),
        source=_told_text(form),
    )


def _told_at(page: PlanPage, form: SeveralForm) -> datetime | None:
    """The middle of the day on which it was told; None for what is told today."""
    return moment_of(form.cleaned_data["told_on"], page) if isinstance(form, ToldForm) else None


def moment_of(told_on: date, page: PlanPage) -> datetime | None:
    """The middle of a day that has passed."""
    return None if told_on == page.today else datetime.combine(told_on, time(12), LONDON)

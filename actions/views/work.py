"""A lead's own pages: what she owes, recording it, correcting it; and the answer to a Blue."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from actions import access, present, updates
from actions.dates import PlanDate, day_of, is_working_day, last_working_day
from actions.desk import Desk, open_plan
from actions.entries import Entry, entries_of, evidence_items, uncorrected
from actions.forms import AnswerForm, CorrectionForm, ProgressUpdateForm, said_before
from actions.lines import Words, line, people_of, person_words, words_of
from actions.models import Area, Commitment, Person, ProgressUpdate
from actions.state import CommitmentState
from actions.status import Rating

# --- My work ----------------------------------------------------------------------------------


@require_GET
def my_work(request: HttpRequest, slug: str) -> HttpResponse:
    """What the user leads: owed first, then done; for an SRO, the Blues that wait for her."""
    desk = open_plan(request, slug)
    own = [state for state in desk.own() if not state.is_withdrawn]
    waiting = _blues_to_answer(desk)
    words = words_of(desk, [*own, *waiting])
    expected = [state for state in own if state.owes_update_now or _said_this_month(desk, state)]
    owed = sorted(
        (state for state in own if state.owes_update_now or state.update_overdue), key=_longest
    )
    done = [state for state in own if _said_this_month(desk, state)]
    idle = [state for state in own if state not in owed and state not in done]
    lines = {state.id: line(desk, state, words[state.id]) for state in [*own, *waiting]}
    shown = next(iter(lines.values()), None)
    return render(
        request,
        "actions/my_work.html",
        {
            **desk.context("my_work"),
            "period_words": f"{PlanDate.month_of(desk.day)}",
            "done_count": len(done),
            "total_count": len(expected),
            "lead_in": _lead_in(desk, own, owed),
            "tally": [{"ref": state.ref, "is_done": True} for state in done]
            + [{"ref": state.ref, "is_done": False} for state in owed],
            "owed": [
                {
                    "state": lines[state.id],
                    "note": "",
                    "press_words": "Update",
                    "url": lines[state.id].update_url,
                }
                for state in owed
            ],
            "done": [_done_line(desk, state, lines[state.id]) for state in done],
            "idle": [
                {
                    "state": lines[state.id],
                    "press_words": "Update" if lines[state.id].update_url else "",
                    "url": lines[state.id].update_url,
                }
                for state in idle
            ],
            "to_confirm": [
                {
                    "state": lines[state.id],
                    "note": "Proposed on " + present.short_day(day_of(_proposed_at(state))),
                    "url": desk.url("actions:answer_blue", state.ref),
                }
                for state in waiting
            ],
            "months": shown.strip.cells if shown else [],
            "period_facts": _period_facts(desk),
            "people": _people_beside(desk, own),
        },
    )


def _proposed_at(state: CommitmentState) -> Any:
    return state.standing.blue_proposed_at


def _longest(state: CommitmentState) -> tuple[bool, Any, Any]:
    far = state.on + timedelta(days=36500)
    return (
        not state.is_overdue,
        state.overdue_since or state.owes_update_since or far,
        state.completion.now.last_day if state.completion else far,
    )


def _said_this_month(desk: Desk, state: CommitmentState) -> bool:
    newest = state.newest_update
    return newest is not None and day_of(newest.effective_at) >= desk.day.replace(day=1)


def _lead_in(desk: Desk, own: list[CommitmentState], owed: list[CommitmentState]) -> str:
    if not own:
        return "You lead no commitment of this plan."
    if not owed:
        return "Nothing is owed by you this month."
    closes = last_working_day(PlanDate.month_of(desk.day), desk.history.holidays)
    late = sum(state.is_overdue for state in owed)
    number = present.number_words(len(owed)).capitalize()
    noun = "commitment is" if len(owed) == 1 else "commitments are"
    sentence = f"{number} {noun} owed by {present.day_words(closes)}."
    days = _working_days_until(desk, closes)
    if days:
        counting = ", counting today" if is_working_day(desk.day, desk.history.holidays) else ""
        sentence += f" You have {present.plural(days, 'working day')}{counting}."
    if late:
        one = (
            "One of them is past its date."
            if late == 1
            else (f"{present.number_words(late).capitalize()} of them are past their date.")
        )
        sentence += f" {one}"
    return sentence


def _working_days_until(desk: Desk, closes: Any) -> int:
    days = (desk.day + timedelta(days=n) for n in range((closes - desk.day).days + 1))
    return sum(is_working_day(day, desk.history.holidays) for day in days)


def _done_line(desk: Desk, state: CommitmentState, shown: present.Line) -> dict[str, Any]:
    newest = state.newest_update
    assert newest is not None
    moment = newest.effective_at
    if state.standing.blue_proposed_at:
        follows = "Waits for a second person to confirm it"
    elif state.standing.blue_returned_at:
        follows = "Blue was returned"
    elif state.standing.before not in (Rating.NOT_YET_RATED, state.rating) and day_of(
        state.standing.since or moment
    ) == day_of(moment):
        follows = f"It {present.was_words(state)}"
    else:
        follows = "No change"
    correct_url = ""
    if access.can_correct_update(desk.access, state, desk.access.user.pk):
        correct_url = desk.url("actions:correct_update", state.ref, newest.id)
    return {
        "ref": state.ref,
        "name": shown.name,
        "url": shown.url,
        "rating": newest.rating,
        "sent_words": present.short_day(day_of(moment)),
        "follows": follows,
        "correct_url": correct_url,
    }


def _period_facts(desk: Desk) -> list[present.Pair]:
    if not desk.state.tracked:
        return []
    month = PlanDate.month_of(desk.day)
    closes = last_working_day(month, desk.history.holidays)
    return [
        present.Pair("Opened", present.day_words(month.first_day)),
        present.Pair("Closes", f"{present.day_words(closes)}, last working day"),
    ]


def _people_beside(desk: Desk, own: list[CommitmentState]) -> list[present.Pair]:
    """Who confirms a Blue, and who leads with her. One query."""
    areas = {state.area for state in own}
    if not areas:
        return []
    officers = (
        Area.objects.filter(pk__in=areas, officers__ends_on=None)
        .order_by("number")
        .values_list("number", "officers__person__name")
    )
    return [
        present.Pair(f"Senior responsible officer, Area {number}", name)
        for number, name in officers
        if name
    ]


def _blues_to_answer(desk: Desk) -> list[CommitmentState]:
    """The proposed Blues of the user's areas. Who recorded them is checked when she opens one."""
    return [
        state
        for state in desk.state.commitments
        if state.standing.blue_proposal
        and state.area in desk.access.sro_areas
        and not state.is_led_by(desk.access.user.pk)
    ]


# --- Recording and correcting -----------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def record_update(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    desk = open_plan(request, slug)
    state = _state_of(desk, ref)
    access.require(access.can_record_update(desk.access, state))
    commitment = get_object_or_404(Commitment, pk=state.id)
    form = ProgressUpdateForm(
        _sent(request),
        state=state,
        has_evidence=updates.has_evidence(commitment),
        on_behalf_choices=_leads_to_name(desk, state),
        previous_on=_previous_day(state),
    )
    if form.is_valid():
        try:
            updates.record_update(commitment=commitment, by=desk.access.user, **form.arguments())
        except ValidationError as refusal:
            _show_refusal(form, refusal)
        else:
            messages.success(request, f"Your update of {ref} is recorded.")
            return redirect("kpis:commitment", slug, ref)
    return render(
        request,
        "actions/record_update.html",
        _form_context(desk, state, commitment, form),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def correct_update(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponse:
    """Put the newest update right. What was said at first stays visible."""
    desk = open_plan(request, slug)
    state = _state_of(desk, ref)
    wrong = get_object_or_404(
        ProgressUpdate.objects.select_related("commitment", "risk", "by"),
        pk=pk,
        commitment=state.id,
    )
    access.require(access.can_correct_update(desk.access, state, wrong.by_id))
    form = CorrectionForm(
        _sent(request),
        state=state,
        has_evidence=updates.has_evidence(wrong.commitment),
        on_behalf_choices=_leads_to_name(desk, state) if wrong.on_behalf_of_id else None,
        initial=said_before(wrong),
    )
    if form.is_valid():
        try:
            updates.record_update(
                commitment=wrong.commitment,
                by=desk.access.user,
                corrects=wrong,
                **form.arguments(),
            )
        except ValidationError as refusal:
            _show_refusal(form, refusal)
        else:
            messages.success(request, f"The update of {ref} is corrected.")
            return redirect("kpis:commitment", slug, ref)
    said = {
        "rating": Rating(wrong.brag),
        "day_words": present.short_day(day_of(wrong.effective_at)),
        "text": wrong.progress,
        "author_line": wrong.by.name if wrong.by else wrong.source,
    }
    context = _form_context(desk, state, wrong.commitment, form)
    return render(
        request,
        "actions/correct_update.html",
        {**context, "said": said, "send_words": "Send correction"},
        status=422 if form.errors else 200,
    )


def _sent(request: HttpRequest) -> Any:
    """What a form is bound to: what was posted, though it be nothing."""
    return request.POST if request.method == "POST" else None


def _state_of(desk: Desk, ref: str) -> CommitmentState:
    for state in desk.state.commitments:
        if state.ref == ref:
            return state
    raise Http404


def _leads_to_name(desk: Desk, state: CommitmentState) -> Any:
    """The leads an update may be recorded for; None where the user records her own."""
    if not access.records_on_behalf(desk.access, state):
        return None
    return Person.objects.filter(pk__in=[lead.person for lead in state.leads])


def _previous_day(state: CommitmentState) -> str:
    newest = state.newest_update
    return present.short_day(day_of(newest.effective_at)) if newest else ""


def _show_refusal(form: ProgressUpdateForm, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, problems in refusal.message_dict.items():
        for problem in problems:
            form.refuse(name, problem)


def _form_context(
    desk: Desk, state: CommitmentState, commitment: Commitment, form: ProgressUpdateForm
) -> dict[str, Any]:
    words: Words = words_of(desk, [state])[state.id]
    said = uncorrected(entries_of(state.id, desk.day, ["update"]))
    page = desk.url("kpis:commitment", state.ref)
    facts = []
    if state.completion:
        if state.completion.is_moved:
            facts.append(present.Pair("First agreed", state.completion.first))
        facts.append(present.Pair("Now", state.completion.now))
    facts += [
        present.Pair(row.kind.label, row.now) for row in state.dates if row is not state.completion
    ]
    return {
        **desk.context("my_work"),
        "crumbs": [
            present.Crumb("My work", desk.url("actions:my_work")),
            present.Crumb(state.ref, page),
        ],
        "c": line(desk, state, words),
        "over_words": f"{state.ref}, {PlanDate.month_of(desk.day)} update",
        "form": form,
        "grey_note": _grey_note(desk, state),
        "send_words": "Send update",
        "leave_url": page,
        "previous": _previous(said[0]) if said else None,
        "earlier": [_previous(entry) for entry in said[1:3]],
        "facts": facts,
    }


def _previous(entry: Entry) -> dict[str, Any]:
    return {
        "rating": Rating(entry.details["brag"]),
        "day_words": present.short_day(day_of(entry.effective_at)),
        "text": entry.details["text"],
        "risk": entry.details["risk"],
        "author_line": entry.author or entry.source,
    }


def _grey_note(desk: Desk, state: CommitmentState) -> str:
    dates = [row.now for row in state.dates]
    first = min(dates, key=lambda when: when.last_day, default=None)
    if first is None or not first.passed_by(desk.day):
        return ""
    return f"Its first date was {first}, so Grey needs a reason"


# --- Answering a proposed Blue ----------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def answer_blue(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """A second person confirms a proposed Blue, or returns it with the reason."""
    desk = open_plan(request, slug)
    state = _state_of(desk, ref)
    proposal = (
        ProgressUpdate.objects.select_related("commitment", "by")
        .filter(pk=state.standing.blue_proposal or 0)
        .first()
    )
    author = proposal.by_id if proposal else None
    access.require(
        access.can_answer_blue(
            desk.access, state, author=author, area_sros=access.sros_of(desk.plan, state.area)
        )
    )
    if proposal is None:
        messages.info(request, f"No Blue of {ref} is waiting for an answer.")
        return redirect("kpis:commitment", slug, ref)
    form = AnswerForm(_sent(request))
    if form.is_valid():
        confirmed = form.cleaned_data["decision"] == "confirm"
        try:
            updates.answer_blue(
                update=proposal,
                by=desk.access.user,
                is_confirmed=confirmed,
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages[0])
        else:
            done = "confirmed" if confirmed else "returned to the lead"
            messages.success(request, f"The Blue of {ref} is {done}.")
            return redirect("kpis:commitment", slug, ref)
    words = words_of(desk, [state])[state.id]
    return render(
        request,
        "actions/confirm_blue.html",
        {
            **desk.context("my_work"),
            "crumbs": [
                present.Crumb("My work", desk.url("actions:my_work")),
                present.Crumb(state.ref, desk.url("kpis:commitment", ref)),
            ],
            "c": line(desk, state, words),
            "proposal": {
                "day_words": present.short_day(day_of(proposal.effective_at)),
                "text": proposal.progress,
                "changed_for_families": proposal.changed_for_families,
                "author_line": proposal.by.name if proposal.by else proposal.source,
            },
            "evidences": evidence_items(entries_of(state.id, desk.day, ["evidence"])),
            "promised": words.evidence,
            "measures": words.measures,
            "form": form,
            "leave_url": desk.url("kpis:commitment", ref),
            "people": [
                present.Pair("Lead", person_words(person)) for person in people_of([state]).values()
            ],
        },
        status=422 if form.errors else 200,
    )

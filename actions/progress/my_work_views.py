"""A lead's month: what she owes, what is done, and her Greens said again in one step."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.forms import NoChangeForm, SubmissionField
from actions.models import Area, Commitment, Draft, Person, ProgressUpdate
from actions.pages import formatting
from actions.pages.commitment_rows import line, words_of
from actions.pages.notices import notices_for
from actions.pages.plan_page import Desk, open_plan
from actions.progress import updates
from actions.records import submissions
from actions.rules.dates import PlanDate, day_of, is_working_day
from actions.rules.state import CommitmentState
from actions.rules.status import Rating

# --- My work ----------------------------------------------------------------------------------


@require_GET
def my_work(request: HttpRequest, slug: str) -> HttpResponse:
    """What the user leads: owed first, then done; for an SRO, the Blues that wait for her."""
    desk = open_plan(request, slug)
    own = [state for state in desk.own() if not state.is_withdrawn]
    waiting = _blues_to_answer(desk)
    words = words_of(desk, [*own, *waiting])
    owed = sorted(
        (state for state in own if state.owes_update_now or state.update_overdue), key=longest_owed
    )
    done = [state for state in own if state not in owed and _said_this_month(desk, state)]
    idle = [state for state in own if state not in owed and state not in done]
    lines = {state.id: line(desk, state, words[state.id]) for state in [*own, *waiting]}
    shown = next(iter(lines.values()), None)
    saved = dict(
        Draft.objects.filter(
            user=desk.access.user, commitment__in=[state.id for state in own]
        ).values_list("commitment", "saved_at")
    )
    return render(
        request,
        "actions/my_work.html",
        {
            **desk.context("my_work"),
            "notices": notices_for(desk.access, desk.today),
            "period_words": f"{PlanDate.month_of(desk.day)}",
            "done_count": len(done),
            "total_count": len(done) + len(owed),
            "lead_in": _lead_in(desk, own, owed),
            "tally": [{"ref": state.ref, "is_done": True} for state in done]
            + [{"ref": state.ref, "is_done": False} for state in owed],
            "owed": [_owed_line(desk, state, lines[state.id], saved) for state in owed],
            "no_change_url": desk.url("actions:no_change")
            if any(_may_say_no_change(desk, state) for state in owed)
            else "",
            "done": _done_lines(desk, done, lines),
            "idle": [_owed_line(desk, state, lines[state.id], saved) for state in idle],
            "to_confirm": [
                {
                    "state": lines[state.id],
                    "note": "Proposed on " + formatting.short_day(day_of(_proposed_at(state))),
                    "url": desk.url("actions:answer_blue", state.ref),
                }
                for state in waiting
            ],
            "months": shown.strip.cells if shown else [],
            "period_facts": _period_facts(desk),
            "people": _people_beside(desk, own),
            "deputy_url": desk.url("actions:deputies")
            if access.can_name_deputy(desk.access)
            else "",
        },
    )


def _owed_line(
    desk: Desk, state: CommitmentState, shown: formatting.Line, saved: dict[int, Any]
) -> dict[str, Any]:
    draft = saved.get(state.id)
    notes = []
    if access.deputises(desk.access, state) and not access.leads(desk.access, state):
        notes.append("You cover for its lead.")
    if draft:
        moment = timezone.localtime(draft)
        notes.append(f"Draft saved {formatting.short_day(moment.date())}, {moment:%H:%M}.")
    words = "Continue" if draft else "Update"
    return {
        "state": shown,
        "note": " ".join(notes),
        "press_words": words if shown.update_url else "",
        "url": shown.update_url,
    }


def _proposed_at(state: CommitmentState) -> Any:
    return state.standing.blue_proposed_at


def longest_owed(state: CommitmentState) -> tuple[bool, Any, Any]:
    """The order in which updates are asked for."""
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
    closes = desk.closes_on
    late = sum(state.is_overdue for state in owed)
    number = formatting.number_words(len(owed)).capitalize()
    noun = "commitment is" if len(owed) == 1 else "commitments are"
    sentence = f"{number} {noun} owed by {formatting.day_words(closes)}."
    days = _working_days_until(desk, closes)
    if days:
        counting = ", counting today" if is_working_day(desk.day, desk.history.holidays) else ""
        sentence += f" You have {formatting.plural(days, 'working day')}{counting}."
    if late:
        one = (
            "One of them is past its date."
            if late == 1
            else (f"{formatting.number_words(late).capitalize()} of them are past their date.")
        )
        sentence += f" {one}"
    return sentence


def _working_days_until(desk: Desk, closes: Any) -> int:
    days = (desk.day + timedelta(days=n) for n in range((closes - desk.day).days + 1))
    return sum(is_working_day(day, desk.history.holidays) for day in days)


def _done_lines(
    desk: Desk, done: list[CommitmentState], lines: dict[int, formatting.Line]
) -> list[dict[str, Any]]:
    """What was recorded this month, by whomever. One query."""
    newest = [state.newest_update.id for state in done if state.newest_update]
    updates = ProgressUpdate.objects.select_related("by", "on_behalf_of").in_bulk(newest)
    return [
        _done_line(desk, state, lines[state.id], updates[state.newest_update.id])
        for state in done
        if state.newest_update
    ]


def _done_line(
    desk: Desk, state: CommitmentState, shown: formatting.Line, newest: ProgressUpdate
) -> dict[str, Any]:
    moment = newest.effective_at
    if state.standing.blue_proposed_at:
        follows = "Waits for a second person to confirm it"
    elif state.standing.blue_returned_at:
        follows = "Blue was returned"
    elif state.standing.before not in (Rating.NOT_YET_RATED, state.rating) and day_of(
        state.standing.since or moment
    ) == day_of(moment):
        follows = f"It {formatting.was_words(state)}"
    else:
        follows = "No change"
    user = desk.access.user.pk
    account_of = newest.on_behalf_of.user_id if newest.on_behalf_of else None
    correct_url = ""
    if access.can_correct_update(desk.access, state, author=newest.by_id, account_of=account_of):
        correct_url = desk.url("actions:correct_update", state.ref, newest.pk)
    if newest.by_id != user:
        # Either lead's update counts; the other is told whose it is.
        whose = "Recorded for you by" if account_of == user else "Recorded by"
        follows = f"{follows}. {whose} {newest.by.name if newest.by else newest.source}"
    return {
        "ref": state.ref,
        "name": shown.name,
        "url": shown.url,
        "rating": Rating(newest.brag),
        "sent_words": formatting.short_day(day_of(moment)),
        "follows": follows,
        "correct_url": correct_url,
    }


def _period_facts(desk: Desk) -> list[formatting.Pair]:
    if not desk.state.tracked or desk.is_closed:
        return []
    month = PlanDate.month_of(desk.day)
    closes = desk.closes_on
    return [
        formatting.Pair("Opened", formatting.day_words(month.first_day)),
        formatting.Pair("Closes", formatting.day_words(closes)),
    ]


def _people_beside(desk: Desk, own: list[CommitmentState]) -> list[formatting.Pair]:
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
        formatting.Pair(f"Senior responsible officer, Area {number}", name)
        for number, name in officers
        if name
    ]


def _blues_to_answer(desk: Desk) -> list[CommitmentState]:
    """The proposed Blues of the user's areas that are theirs to answer."""
    if desk.is_closed:
        return []
    return [
        state for state in desk.state.commitments if access.answers_blue_of_area(desk.access, state)
    ]


# --- No change --------------------------------------------------------------------------------


def _may_say_no_change(desk: Desk, state: CommitmentState) -> bool:
    """A Green that is owed and not late may be said again without more questions."""
    return (
        desk.is_today
        and state.rating is Rating.GREEN
        and state.owes_update_now
        and not state.is_overdue
        and not state.standing.blue_proposal
        and access.can_record_update(desk.access, state)
    )


@require_http_methods(["GET", "POST"])
def no_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Several Greens said again in one step; the third time in a row one says something."""
    desk = open_plan(request, slug)
    sent = _sent_before(desk, request)
    states = [row for row in desk.own() if row.id in sent or _may_say_no_change(desk, row)]
    words = words_of(desk, states)
    form = NoChangeForm(
        request.POST if request.method == "POST" else None,
        rows=[(state, words[state.id].name) for state in states],
    )
    if form.is_valid():
        chosen = form.chosen()
        try:
            submission = form.cleaned_data["submission"]
            updates.reaffirm(by=desk.access.user, rows=_reaffirmed(desk, chosen, submission))
        except ValidationError as refusal:
            for ref, problems in refusal.message_dict.items():
                form.refuse(ref, problems)
        else:
            messages.success(
                request,
                f"{formatting.plural(len(chosen), 'commitment')} recorded: Green, no change.",
            )
            return redirect("actions:my_work", slug)
    return render(
        request,
        "actions/no_change.html",
        {
            **desk.context("my_work"),
            "crumbs": [
                formatting.Crumb("My work", desk.url("actions:my_work")),
                formatting.Crumb("No change"),
            ],
            "form": form,
            "rows": form.rows_shown(
                {state.id: line(desk, state, words[state.id]) for state in states}
            ),
            "leave_url": desk.url("actions:my_work"),
        },
        status=422 if form.errors else 200,
    )


def _sent_before(desk: Desk, request: HttpRequest) -> set[int]:
    """The commitments recorded already by what is being sent, when it is sent twice."""
    submission = SubmissionField().clean(request.POST.get("submission", ""))
    if submission is None:
        return set()
    keys = [submissions.part(submission, state.id) for state in desk.own()]
    found = ProgressUpdate.objects.filter(by=desk.access.user, submission__in=keys)
    return set(found.values_list("commitment", flat=True))


def _reaffirmed(
    desk: Desk, chosen: list[tuple[CommitmentState, str]], submission: UUID | None
) -> list[updates.Reaffirmed]:
    commitments = Commitment.objects.in_bulk([state.id for state, _ in chosen])
    covered = {
        state.id: access.leads_to_name(desk.access, state)[0]
        for state, _ in chosen
        if access.records_on_behalf(desk.access, state)
    }
    people = Person.objects.in_bulk(covered.values())
    return [
        updates.Reaffirmed(
            commitments[state.id],
            said,
            people.get(covered[state.id]) if state.id in covered else None,
            submissions.part(submission, state.id) if submission else None,
        )
        for state, said in chosen
    ]

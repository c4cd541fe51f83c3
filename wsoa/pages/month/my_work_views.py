"""A lead's update period: what they owe, what is done, their Greens said again in one step."""

from collections.abc import Hashable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from actions import access, memberships
from actions.forms.fields import SubmissionField
from actions.kept_pages import kept_page
from actions.models import Area, Commitment, Draft, Person, ProgressUpdate
from actions.pages import formatting
from actions.pages.commitment_rows import commitment_texts, line, longest_due
from actions.pages.notices import notices_for
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.progress import updates
from actions.records import submissions
from actions.rules.dates import day_of, is_working_day
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from actions.wording import in_words, levels, scale
from wsoa.pages.month.my_work_forms import NoChangeForm

# --- My work ----------------------------------------------------------------------------------


def _own_drafts(granted: memberships.PlanAccess) -> Hashable:
    """Which unsent updates the user has, and since when: what raises no version."""
    drafts = Draft.objects.filter(user=granted.user, commitment__plan=granted.plan)
    return tuple(drafts.order_by("pk").values_list("commitment", "saved_at"))


@require_GET
@kept_page(also=_own_drafts)
def my_work(request: HttpRequest, slug: str) -> HttpResponse:
    """What the user leads: owed first, then done; for an SRO, the Blues that wait for them."""
    page = get_plan_page(request, slug)
    own = [state for state in page.own() if not state.is_withdrawn]
    waiting = _blues_to_answer(page)
    texts = commitment_texts(page, [*own, *waiting])
    due = sorted(
        (state for state in own if state.update_due_now or state.update_overdue), key=longest_due
    )
    done = [state for state in own if state not in due and _updated_since_it_began(page, state)]
    idle = [state for state in own if state not in due and state not in done]
    rows = {state.id: line(page, state, texts[state.id]) for state in [*own, *waiting]}
    shown = next(iter(rows.values()), None)
    saved = dict(
        Draft.objects.filter(
            user=page.access.user, commitment__in=[state.id for state in own]
        ).values_list("commitment", "saved_at")
    )
    return render(
        request,
        "pages/my_work.html",
        {
            **page.context("my_work"),
            "notices": notices_for(page.access, page.today),
            "period": page.period,
            "period_text": _period_text(page),
            "done_count": len(done),
            "total_count": len(done) + len(due),
            "lead_in": _lead_in(page, own, due),
            "tally": [{"ref": state.ref, "is_done": True} for state in done]
            + [{"ref": state.ref, "is_done": False} for state in due],
            "owed": [_due_item(page, state, rows[state.id], saved) for state in due],
            "no_change_url": page.url("pages:no_change")
            if any(_may_say_no_change(page, state) for state in due)
            else "",
            "done": _done_items(page, done, rows),
            "idle": [_due_item(page, state, rows[state.id], saved) for state in idle],
            "to_confirm": [
                {
                    "state": rows[state.id],
                    "note": "Proposed on " + formatting.short_day(day_of(_proposed_at(state))),
                    "url": page.url("actions:answer_blue", state.code),
                }
                for state in waiting
            ],
            "months": shown.strip.cells if shown else [],
            "period_facts": _period_facts(page),
            "people": _people_beside(page, own),
            "deputy_url": page.url("pages:deputies") if access.can_name_deputy(page.access) else "",
        },
    )


def _due_item(
    page: PlanPage, state: CommitmentState, shown: formatting.LedgerRow, saved: dict[int, Any]
) -> dict[str, Any]:
    draft = saved.get(state.id)
    notes = []
    if access.deputises(page.access, state) and not access.leads(page.access, state):
        notes.append("You cover for its lead.")
    if draft:
        moment = timezone.localtime(draft)
        notes.append(f"Draft saved {formatting.short_day(moment.date())}, {moment:%H:%M}.")
    label = "Continue" if draft else "Update"
    return {
        "state": shown,
        "note": " ".join(notes),
        "button_label": label if shown.update_url else "",
        "url": shown.update_url,
    }


def _proposed_at(state: CommitmentState) -> Any:
    return state.standing.blue_proposed_at


def _updated_since_it_began(page: PlanPage, state: CommitmentState) -> bool:
    newest, period = state.newest_update, page.period
    if newest is None or period is None:
        return False
    return day_of(newest.effective_at) >= period.first_day


def _period_text(page: PlanPage) -> str:
    """`this month`; `for the autumn term 2026`; `now`, between two terms."""
    return page.period.in_text if page.period else "now"


def _lead_in(page: PlanPage, own: list[CommitmentState], due: list[CommitmentState]) -> str:
    if not own:
        return in_words("You lead no {commitment} of this plan.")
    if not due:
        return f"You have no updates due {_period_text(page)}."
    late = sum(state.is_overdue for state in due)
    number = formatting.number_text(len(due)).capitalize()
    noun = in_words("{commitment} is") if len(due) == 1 else in_words("{commitments} are")
    sentence = f"{number} {noun} due an update."
    days = 0
    if page.period:
        closes = page.period.closes_on
        sentence = f"{number} {noun} due an update by {formatting.day_text(closes)}."
        days = _working_days_until(page, closes)
    if days:
        counting = ", counting today" if is_working_day(page.day, page.history.holidays) else ""
        sentence += f" You have {formatting.plural(days, 'working day')}{counting}."
    if late:
        late_text = (
            "One of them is past its date."
            if late == 1
            else (f"{formatting.number_text(late).capitalize()} of them are past their date.")
        )
        sentence += f" {late_text}"
    return sentence


def _working_days_until(page: PlanPage, closes: Any) -> int:
    days = (page.day + timedelta(days=n) for n in range((closes - page.day).days + 1))
    return sum(is_working_day(day, page.history.holidays) for day in days)


def _done_items(
    page: PlanPage, done: list[CommitmentState], rows: dict[int, formatting.LedgerRow]
) -> list[dict[str, Any]]:
    """What was recorded in this period, by whomever. One query."""
    newest = [state.newest_update.id for state in done if state.newest_update]
    updates = ProgressUpdate.objects.select_related("by", "on_behalf_of").in_bulk(newest)
    return [
        _done_item(page, state, rows[state.id], updates[state.newest_update.id])
        for state in done
        if state.newest_update
    ]


def _done_item(
    page: PlanPage, state: CommitmentState, shown: formatting.LedgerRow, newest: ProgressUpdate
) -> dict[str, Any]:
    moment = newest.effective_at
    if state.standing.blue_proposed_at:
        follows = "Waits for a second person to confirm it"
    elif state.standing.blue_returned_at:
        follows = in_words("{Blue} was returned")
    elif state.standing.before not in (Rating.NOT_YET_RATED, state.rating) and day_of(
        state.standing.since or moment
    ) == day_of(moment):
        follows = f"It {formatting.was_text(state)}"
    else:
        follows = "No change"
    user = page.access.user.pk
    account_of = newest.on_behalf_of.user_id if newest.on_behalf_of else None
    correct_url = ""
    if access.can_correct_update(page.access, state, author=newest.by_id, account_of=account_of):
        correct_url = page.url("actions:correct_update", state.code, newest.pk)
    if newest.by_id != user:
        # Either lead's update counts; the other is told whose it is.
        whose = "Recorded for you by" if account_of == user else "Recorded by"
        follows = f"{follows}. {whose} {newest.by.name if newest.by else newest.source}"
    return {
        "ref": state.ref,
        "name": shown.name,
        "url": shown.url,
        "rating": Rating(newest.brag),
        "word": newest.word,
        "sent_text": formatting.short_day(day_of(moment)),
        "follows": follows,
        "correct_url": correct_url,
    }


def _period_facts(page: PlanPage) -> list[formatting.Pair]:
    period = page.period
    if not page.state.tracked or page.is_closed or period is None:
        return []
    return [
        formatting.Pair("Opened", formatting.day_text(period.first_day)),
        formatting.Pair("Closes", formatting.day_text(period.closes_on)),
    ]


def _people_beside(page: PlanPage, own: list[CommitmentState]) -> list[formatting.Pair]:
    """Who confirms a Blue, and who leads with them. One query."""
    areas = {state.area for state in own}
    if not areas:
        return []
    officers = (
        Area.objects.filter(pk__in=areas, officers__ends_on=None)
        .order_by("position")
        .values_list("label", "officers__person__name")
    )
    return [
        formatting.Pair(f"Senior responsible officer, {label}", name)
        for label, name in officers
        if name
    ]


def _blues_to_answer(page: PlanPage) -> list[CommitmentState]:
    """The proposed Blues of the user's areas that are theirs to answer."""
    if page.is_closed:
        return []
    return [
        state for state in page.state.commitments if access.answers_blue_of_area(page.access, state)
    ]


# --- No change --------------------------------------------------------------------------------


def _may_say_no_change(page: PlanPage, state: CommitmentState) -> bool:
    """A Green that is owed and not late may be said again without more questions."""
    return (
        page.is_today
        and state.rating is Rating.GREEN
        and state.update_due_now
        and not state.is_overdue
        and not state.standing.blue_proposal
        and access.can_record_update(page.access, state)
    )


@require_http_methods(["GET", "POST"])
def no_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Several Greens said again in one step; the third time in a row one says something."""
    page = get_plan_page(request, slug)
    sent = _sent_before(page, request)
    states = [row for row in page.own() if row.id in sent or _may_say_no_change(page, row)]
    texts = commitment_texts(page, states)
    form = NoChangeForm(
        request.POST if request.method == "POST" else None,
        rows=[(state, texts[state.id].name) for state in states],
    )
    if form.is_valid():
        chosen = form.chosen()
        try:
            submission = form.cleaned_data["submission"]
            updates.reaffirm(by=page.access.user, rows=_reaffirmed(page, chosen, submission))
        except ValidationError as refusal:
            for ref, problems in refusal.message_dict.items():
                form.refuse(ref, problems)
        else:
            messages.success(
                request,
                f"{levels().some('commitment', len(chosen))} recorded: {scale().green}, no change.",
            )
            return redirect("pages:my_work", slug)
    return render(
        request,
        "pages/no_change.html",
        {
            **page.context("my_work"),
            "breadcrumbs": [
                formatting.Breadcrumb("My work", page.url("pages:my_work")),
                formatting.Breadcrumb("No change"),
            ],
            "form": form,
            "rows": form.rows_shown(
                {state.id: line(page, state, texts[state.id]) for state in states}
            ),
            "leave_url": page.url("pages:my_work"),
        },
        status=422 if form.errors else 200,
    )


def _sent_before(page: PlanPage, request: HttpRequest) -> set[int]:
    """The commitments recorded already by what is being sent, when it is sent twice."""
    submission = SubmissionField().clean(request.POST.get("submission", ""))
    if submission is None:
        return set()
    keys = [submissions.part(submission, state.id) for state in page.own()]
    recorded = ProgressUpdate.objects.filter(by=page.access.user, submission__in=keys)
    return set(recorded.values_list("commitment", flat=True))


def _reaffirmed(
    page: PlanPage, chosen: list[tuple[CommitmentState, str]], submission: UUID | None
) -> list[updates.Reaffirmed]:
    commitments = Commitment.objects.in_bulk([state.id for state, _ in chosen])
    covered = {
        state.id: access.leads_to_name(page.access, state)[0]
        for state, _ in chosen
        if access.records_on_behalf(page.access, state)
    }
    people = Person.objects.in_bulk(covered.values())
    return [
        updates.Reaffirmed(
            commitments[state.id],
            statement,
            people.get(covered[state.id]) if state.id in covered else None,
            submissions.part(submission, state.id) if submission else None,
        )
        for state, statement in chosen
    ]

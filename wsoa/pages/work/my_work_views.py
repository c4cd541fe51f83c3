"""My work: what waits for a person, what they did; their Greens said again in one step."""

from collections.abc import Collection, Hashable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from actions import access, memberships
from actions.kept_pages import kept_page
from actions.models import Area, Draft, ProgressUpdate
from actions.pages import formatting
from actions.pages.commitment_rows import commitment_texts, line, longest_due
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from actions.wording import in_words
from wsoa.pages.work.items import Kind, WorkItem, grouped, late_text, lead_in, near_day
from wsoa.pages.work.list import is_due, work_of

# --- My work ----------------------------------------------------------------------------------


def _own_drafts(granted: memberships.PlanAccess) -> Hashable:
    """Which unsent updates the user has, and since when: what raises no version."""
    drafts = Draft.objects.filter(user=granted.user, commitment__plan=granted.plan)
    return tuple(drafts.order_by("pk").values_list("commitment", "saved_at"))


@require_GET
@kept_page(also=_own_drafts)
def my_work(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that waits for the user, then what they did and what else they lead."""
    page = get_plan_page(request, slug)
    access.require(access.can_see_live(page.access))
    items = work_of(page)
    own = [state for state in page.own() if not state.is_withdrawn]
    due = sorted((state for state in own if is_due(state)), key=longest_due)
    done = [state for state in own if state not in due and _updated_since_it_began(page, state)]
    idle = [state for state in own if state not in due and state not in done]
    texts = commitment_texts(page, own)
    rows = {state.id: line(page, state, texts[state.id]) for state in own}
    shown = [item.row for item in items if item.row] or list(rows.values())
    closes = page.period.closes_on if page.period else None
    holidays = page.history.holidays
    saved = _saved_at(page, own)
    return render(
        request,
        "pages/my_work.html",
        {
            **page.context("my_work"),
            "count": len(items),
            "lead_in": lead_in(items, page.day, closes) or _nothing_waits(page),
            "period": page.period,
            "period_text": _period_text(page),
            "done_count": len(done),
            "total_count": len(done) + len(due),
            "tally": [{"ref": state.ref, "is_done": True} for state in done]
            + [{"ref": state.ref, "is_done": False} for state in due],
            "groups": [
                {
                    "title": group.title,
                    "note": group.note,
                    "lines": [_shown(page, item, saved, holidays) for item in group.items],
                }
                for group in grouped(items, page.day, closes, holidays)
            ],
            "several_url": page.url("pages:several") if len(due) > 1 else "",
            "sheets_url": page.url("pages:sheets") if due else "",
            "done": _done_items(page, done, rows),
            "idle": [_idle_item(page, state, rows[state.id]) for state in idle],
            "months": shown[0].strip.cells if shown else [],
            "period_facts": _period_facts(page),
            "people": _people_beside(page, own),
            "everybody_url": page.url("reaching:everybody")
            if page.is_today and access.can_manage_periods(page.access)
            else "",
            "deputy_url": page.url("pages:deputies") if access.can_name_deputy(page.access) else "",
        },
    )


def _saved_at(page: PlanPage, own: list[CommitmentState]) -> dict[str, str]:
    """When the unsent updates of these were saved, by the address they are gone on with."""
    if not own:
        return {}
    codes = {state.id: state.code for state in own}
    drafts = Draft.objects.filter(user=page.access.user, commitment__in=codes)
    return {
        page.url("actions:record_update", codes[pk]): _moment_text(saved_at)
        for pk, saved_at in drafts.values_list("commitment", "saved_at")
    }


def _moment_text(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{formatting.short_day(local.date())}, {local:%H:%M}"


def _shown(
    page: PlanPage, item: WorkItem, saved: dict[str, str], holidays: Collection[date]
) -> dict[str, Any]:
    draft = saved.get(item.url, "") if item.kind is Kind.UPDATE else ""
    return {
        "item": item,
        "draft": draft,
        "button_label": "Continue" if draft else item.button,
        "due_text": near_day(item.due, page.day) if item.due else "",
        "late_text": late_text(item.due, page.day, holidays)
        if item.due and item.is_overdue(page.day)
        else "",
    }


def _nothing_waits(page: PlanPage) -> str:
    """When something will, where that is known."""
    if page.is_closed or not page.state.tracked or not page.own():
        return ""
    following = page.periods.after(page.periods.begun_by(page.day))
    if following is None:
        return ""
    opens = formatting.day_text(following.first_day)
    return f"The {following.update_name} opens on {opens}."


def _idle_item(
    page: PlanPage, state: CommitmentState, shown: formatting.LedgerRow
) -> dict[str, Any]:
    covers = access.deputises(page.access, state) and not access.leads(page.access, state)
    return {
        "state": shown,
        "note": "You cover for its lead." if covers else "",
        "button_label": "Update" if shown.update_url else "",
        "url": shown.update_url,
    }


def _updated_since_it_began(page: PlanPage, state: CommitmentState) -> bool:
    newest, period = state.newest_update, page.period
    if newest is None or period is None:
        return False
    return day_of(newest.effective_at) >= period.first_day


def _period_text(page: PlanPage) -> str:
    """`this month`; `for the autumn term 2026`; `now`, between two terms."""
    return page.period.in_text if page.period else "now"


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

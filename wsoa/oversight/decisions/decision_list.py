"""Decisions of the plan's meetings as at a day: open, overdue and done."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from actions import access
from actions.pages import formatting
from actions.pages.filters import FilterForm, choice, has_words, words_field
from actions.pages.plan_page import PlanPage
from actions.records.written_once import written_once
from actions.rules.dates import day_of, end_of_day
from wsoa.oversight.decisions.owners import with_owners
from wsoa.oversight.models import Decision


@dataclass(frozen=True)
class DecisionItem:
    """One decision. One without an owner asks nobody to do anything, so it is not open."""

    decision: Any
    day: date
    done_on: date | None
    about_text: str
    about_url: str
    meeting_url: str
    finish_url: str
    question_url: str

    @property
    def areas(self) -> tuple[int, ...]:
        """The area it is about, or that of its commitment."""
        decision = self.decision
        area = decision.commitment.action.area_id if decision.commitment else decision.area_id
        return (area,) if area else ()

    @property
    def is_open(self) -> bool:
        return self.decision.owner_now is not None and self.done_on is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and bool(self.decision.due_on) and self.decision.due_on < self.day

    @property
    def meeting_text(self) -> str:
        meeting = self.decision.meeting
        return f"{meeting.body}, {formatting.short_day(meeting.held_on)}"

    @property
    def owner(self) -> str:
        return str(self.decision.owner_told["name"]) if self.decision.owner_told else ""

    @property
    def owner_user(self) -> int | None:
        user: int | None = self.decision.owner_told["user"] if self.decision.owner_told else None
        return user

    @property
    def due_text(self) -> str:
        return formatting.short_day(self.decision.due_on) if self.decision.due_on else ""

    @property
    def state_text(self) -> str:
        if self.done_on:
            return f"done {formatting.short_day(self.done_on)}"
        if not self.is_open:
            return "for the record"
        return "overdue" if self.is_overdue else "open"

    @property
    def chip(self) -> formatting.Chip | None:
        if not self.is_overdue:
            return None
        weeks = (self.day - self.decision.due_on).days // 7
        amount = f" {formatting.plural(weeks, 'week')}" if weeks else ""
        return formatting.Chip("clock", f"Overdue{amount}")

    @property
    def done_text(self) -> str:
        """What was done, and who says so; empty while it is open."""
        if not self.done_on:
            return ""
        done = self.decision.done
        who = done.by.name if done.by else str(done.source)
        return f"{done.text} {who}.".strip()


def decisions_of(
    page: PlanPage, *narrowed: Q, only: Collection[int] | None = None
) -> list[DecisionItem]:
    """Open ones first, by the day they are due; then the others, newest first. One query.

    Of all, or of these keys.
    """
    wanted = (page.plan.pk, end_of_day(page.day), page.day)
    decisions: Iterable[Any]
    if only is None:
        decisions = _decisions(*wanted).filter(*narrowed)
    else:
        decisions = _decisions_of_keys(*wanted, list(only))
    return sorted((_item(page, decision) for decision in decisions), key=_first_due)


@written_once
def _decisions_of_keys(plan: int, end: datetime, day: date, keys: list[int]) -> QuerySet[Any, Any]:
    return _decisions(plan, end, day).filter(pk__any=keys)


def _decisions(plan: int, end: datetime, day: date) -> QuerySet[Any, Any]:
    return (
        with_owners(Decision.objects.filter(plan=plan, effective_at__lt=end), day)
        .select_related("meeting__body", "commitment__action", "area", "kpi", "done__by")
        .order_by("effective_at", "recorded_at")
    )


def _first_due(item: DecisionItem) -> tuple[bool, int]:
    if item.is_open:
        return False, (item.decision.due_on or date.max).toordinal()
    return True, -day_of(item.decision.effective_at).toordinal()


def _item(page: PlanPage, decision: Any) -> DecisionItem:
    done = getattr(decision, "done", None)
    is_done = done is not None and done.effective_at < end_of_day(page.day)
    owner = decision.owner_told
    may_finish = (
        page.is_today
        and not is_done
        and owner is not None
        and access.can_finish_decision(page.access, owner=owner["user"])
    )
    about_text, about_url = _about(page, decision)
    return DecisionItem(
        decision,
        page.still_on,
        done.done_on if done is not None and is_done else None,
        about_text,
        about_url,
        page.url("oversight:meeting", decision.meeting_id),
        page.url("oversight:finish_decision", decision.pk) if may_finish else "",
        page.url("oversight:question", decision.challenge_id) if decision.challenge_id else "",
    )


def _about(page: PlanPage, decision: Any) -> tuple[str, str]:
    if decision.commitment:
        commitment = decision.commitment
        return commitment.ref, page.link("commitment", commitment.code)
    if decision.area:
        return decision.area.label, page.link("area", decision.area.code)
    if decision.kpi:
        code = decision.kpi.code
        return f"KPI {code}", page.link("kpi", code)
    return "The plan", ""


# --- Narrowing the list -----------------------------------------------------------------------

STATES = [("open", "Open"), ("overdue", "Overdue"), ("done", "Done")]


class DecisionFilter(FilterForm):
    first = ("q", "state", "owner")
    kept_in_address = ("as_at",)

    q = words_field()
    state = choice("Open or done", "Choose open, overdue or done", "All decisions")
    owner = choice("Owner", "Choose an owner of the list", "Everybody")

    def __init__(self, data: QueryDict, *, items: list[DecisionItem]) -> None:
        super().__init__(data)
        self.all_items = items
        self.offer("state", STATES)
        owners = {item.decision.owner_now: item.owner for item in items if item.owner}
        by_name = sorted(owners.items(), key=lambda owner: owner[1])
        self.offer("owner", [(str(pk), name) for pk, name in by_name])

    def matching(self) -> list[DecisionItem]:
        return [item for item in self.all_items if self._fits(item)]

    def _fits(self, item: DecisionItem) -> bool:
        wanted = self.answers()
        decision = item.decision
        text = "\n".join((decision.text, decision.minute, item.owner, item.meeting_text))
        is_in = {"open": item.is_open, "overdue": item.is_overdue, "done": bool(item.done_on)}
        return all(
            (
                not (words := wanted.get("q")) or has_words(words, item.about_text, text),
                not (state := wanted.get("state")) or is_in[state],
                not (owner := wanted.get("owner")) or str(decision.owner_now) == owner,
            )
        )

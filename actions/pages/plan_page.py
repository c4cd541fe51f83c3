"""What every live page of a plan starts from: who asks, the plan as at a day, and its state.

Six queries with session and user, whatever the number and size of plans.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest
from django.urls import get_urlconf, reverse
from django.utils import timezone

from actions import access, memberships
from actions.models import Plan, SharedView
from actions.pages import formatting
from actions.pages.addresses import PAGES
from actions.pages.shared_view import active_share
from actions.records.history import kept_history
from actions.records.history_entries import Reads
from actions.records.kept import keep, of_same, same
from actions.rules.cycle import UpdatePeriod, UpdatePeriods
from actions.rules.dates import day_of, iso_day
from actions.rules.levels import LevelNames
from actions.rules.rating_course import Ratings, ratings_on
from actions.rules.scale import Scale
from actions.rules.state import (
    CommitmentHistory,
    CommitmentState,
    History,
    Month,
    PlanHistory,
    PlanState,
    Terms,
    changed_at,
    commitment_state,
    state_at,
    strip,
    terms_of,
)
from actions.wording import levels, scale

T = TypeVar("T")


class UnusableAddress(BadRequest):
    """An address that cannot be answered; the text goes on the page."""


# A page names the same hundreds of addresses again and again, and each is searched for anew.
@lru_cache(maxsize=20_000)
def _address(urlconf: str | None, name: str, *args: Any) -> str:
    return reverse(name, urlconf, args=args)


@dataclass(frozen=True, slots=True)
class Shown:
    """Where in the site a page stands, for its menu and dateline (`wsoa/pages/navigation.py`)."""

    page: "PlanPage"
    menu_key: str
    # The day that a comparing page compares with, and a note on which day that is.
    comparison_day: date | None
    compared_note: str


@dataclass(frozen=True)
class PlanPage:
    """One user's view of one plan as at a day."""

    request: HttpRequest
    access: memberships.PlanAccess
    day: date
    today: date
    # The earlier day of the address, where it names one to compare with.
    comparison_day: date | None = None
    # The view shared with a reader who sees nothing live, where that is how they read this page.
    shared_view: SharedView | None = None

    @property
    def plan(self) -> Plan:
        return self.access.plan

    @property
    def is_today(self) -> bool:
        return self.day == self.today

    @property
    def worded_day(self) -> date | None:
        """The day for `worded`: none when today's words do."""
        return None if self.is_today else self.day

    def keep(
        self,
        name: str,
        key: tuple[Hashable, ...],
        make: Callable[[], T],
        facts: Callable[[T], int] = len,  # type: ignore[assignment]
    ) -> T:
        """What `make` gives for the plan as at the page's day, kept until something changes.

        It may depend on the key, and on nothing of the user or of the request besides.
        """
        return keep(self.access.version, (name, self.plan.pk, self.day, *key), make, facts)

    @cached_property
    def history(self) -> History:
        """All that was recorded by the end of the day shown."""
        return kept_history(self.plan, self.access.version, self.day)

    @cached_property
    def state(self) -> PlanState:
        return self.state_on(self.day)

    def state_on(self, day: date) -> PlanState:
        """The state of the day shown, or of an earlier one."""
        return self.keep(
            "state",
            (day,),
            lambda: state_at(self.history, day, state_of=self._kept_state)[self.plan.pk],
            lambda state: 8 * len(state.commitments),
        )

    @cached_property
    def _terms(self) -> Terms:
        (plan,) = self.history.plans
        return same(("terms", plan.id), terms_of(plan, self.history.holidays), 0)

    def _kept_state(
        self,
        commitment: CommitmentHistory,
        plan: PlanHistory,
        day: date,
        known_at: datetime | None,
        periods: UpdatePeriods,
    ) -> CommitmentState | None:
        return of_same(
            ("state", commitment.id, day, known_at),
            (commitment, self._terms),
            lambda: commitment_state(commitment, plan, day, known_at, periods),
            8,
        )

    @cached_property
    def _words(self) -> tuple[Scale, LevelNames]:
        return same(("words", self.plan.pk), (scale(), levels()), 0)

    def ratings_on(self, days: Sequence[date]) -> list[Ratings]:
        """How many commitments had each rating on days in time order, by area."""
        return self.keep(
            "ratings",
            tuple(days),
            lambda: ratings_on(self.history.plans[0], days),
            lambda found: sum(map(len, found)),
        )

    @cached_property
    def previous_states(self) -> dict[int, CommitmentState]:
        """Each commitment on the earlier day of the address, by id; empty where it names none."""
        if self.comparison_day is None:
            return {}
        return {state.id: state for state in self.state_on(self.comparison_day).commitments}

    @cached_property
    def _histories(self) -> dict[int, CommitmentHistory]:
        return {row.id: row for row in self.history.plans[0].commitments}

    @property
    def still_on(self) -> date:
        """The day whose state is shown: the closing day of a plan that had closed by then."""
        return self.history.plans[0].still_on(self.day)

    @property
    def is_closed(self) -> bool:
        """Whether the plan had closed by the day shown."""
        return self.history.plans[0].is_closed_on(self.day)

    @cached_property
    def periods(self) -> UpdatePeriods:
        """When the plan asks for updates."""
        (plan,) = self.history.plans
        return plan.cycle.periods(self.history.holidays)

    @cached_property
    def period(self) -> UpdatePeriod | None:
        """The update period that asks for updates on the day shown, where one does."""
        return self.periods.current(self.day)

    def strip(self, commitment: CommitmentState) -> formatting.Strip:
        """The commitment's months in a row."""
        history = self._histories[commitment.id]
        return of_same(
            ("strip", commitment.id, self.still_on),
            (history, self._words),
            lambda: formatting.strip_view(strip(history, self.still_on)),
            12,
        )

    def commitment(self, code: str) -> CommitmentState:
        """The commitment by its code; 404 where the plan had none on the day."""
        for row in self.state.commitments:
            if row.code == code:
                return row
        raise Http404

    def led_today(self, commitment: CommitmentState) -> CommitmentState:
        """The state with the leads of today: what one may do follows them, whatever the day."""
        leads = self._histories[commitment.id].leads
        return replace(commitment, leads=tuple(lead for lead in leads if lead.leads_on(self.today)))

    def reads_restricted(self, commitment: CommitmentState) -> Reads:
        """Whether the user reads what somebody restricted here, by who that was."""
        state = self.led_today(commitment)
        return lambda author: access.can_read_restricted(self.access, state, author)

    def months(self, commitment: CommitmentState, count: int) -> list[Month]:
        return strip(self._histories[commitment.id], self.still_on, months=count)

    def changed_on(self, commitment: CommitmentState) -> date:
        """The day of the newest thing on record of a commitment."""
        return day_of(changed_at(self._histories[commitment.id], self.day))

    def url(self, name: str, *args: Any) -> str:
        """An address within the plan that keeps the day, and the one compared with."""
        address = _address(get_urlconf(), name, self.plan.slug, *args)
        days = {} if self.is_today else {"as_at": self.day}
        if self.comparison_day:
            days["compare_with"] = self.comparison_day
        return f"{address}?{urlencode(days)}" if days else address

    def listed(self, name: str, **narrowed: object) -> str:
        """A list of the plan as at the day, narrowed by the answers of its filter."""
        days = {} if self.is_today else {"as_at": self.day}
        address = _address(get_urlconf(), name, self.plan.slug)
        return f"{address}?{urlencode({**days, **narrowed}, doseq=True)}"

    def own(self) -> list[CommitmentState]:
        """The commitments the user leads or stands in for, in the plan's order."""
        return [
            row
            for row in self.state.commitments
            if access.leads(self.access, row) or access.deputises(self.access, row)
        ]

    def link(self, shows: str, *args: Any) -> str:
        """As `url`, of a page above the room that links to it: `actions/pages/addresses.py`."""
        return self.url(PAGES[shows], *args)

    def context(
        self, menu_key: str, *, comparison_day: date | None = None, compared_note: str = ""
    ) -> dict[str, Any]:
        """What every template of a plan needs; `menu_key` names the menu item of the page.

        A page that compares names the day it compares with, and a note on which day that is.
        """
        place = Shown(self, menu_key, comparison_day, compared_note)
        self.request.shown = place  # type: ignore[attr-defined]
        return {"plan": self.plan}


def get_plan_page(request: HttpRequest, slug: str, *, may_be_shared: bool = False) -> PlanPage:
    """The plan for a page; 404 or 403 as access has it, 400 for a day that cannot be shown.

    A page that `may_be_shared` also opens for a report reader with whom an officer has shared the
    plan as at a day: for that day alone.
    """
    today = timezone.localdate()
    granted = access_of(request, slug)
    if not access.can_see_live(granted):
        access.require(may_be_shared)
        return _shared(request, granted, today)
    day = as_at_day(request.GET.get("as_at"), today)
    comparison_day = comparison_day_in(request.GET.get("compare_with"), day)
    return PlanPage(request, granted, day, today, comparison_day)


def access_of(request: HttpRequest, slug: str) -> memberships.PlanAccess:
    """What the user may do on the plan; 404 for who does not belong to it.

    Of a page that may be kept it was read already: see `actions/kept_pages.py`.
    """
    granted: memberships.PlanAccess | None = getattr(request, "granted", None)
    return granted or memberships.get_plan(request.user, slug)


def get_page_today(request: HttpRequest, slug: str) -> PlanPage:
    """The page for a write, which is of today: who leads on another day has no say now."""
    page = get_plan_page(request, slug)
    require_today(page)
    return page


def require_today(page: PlanPage) -> None:
    """400 where the address names another day than today."""
    if not page.is_today:
        raise UnusableAddress("This is done as of today. Leave the day out of the address.")


def _shared(request: HttpRequest, granted: memberships.PlanAccess, today: date) -> PlanPage:
    view = active_share(granted.user, granted.plan, today)
    access.require(view is not None and request.method in ("GET", "HEAD"))
    assert view is not None
    return PlanPage(request, granted, view.as_at, today, shared_view=view)


def comparison_day_in(text: str | None, day: date) -> date | None:
    """The day of an address's `compare_with`, which comes before the one it shows."""
    if not text:
        return None
    comparison_day = as_at_day(text, day)
    if comparison_day >= day:
        raise UnusableAddress("The day to compare with must come before the day shown.")
    return comparison_day


def as_at_day(text: str | None, today: date) -> date:
    """The day of an address's `as_at`; today without one."""
    if not text:
        return today
    try:
        day = iso_day(text)
    except ValueError:
        raise UnusableAddress(
            "The day in the address is not a date. Write it like 2023-01-31."
        ) from None
    if day > today:
        raise UnusableAddress("That day has not come yet, so there is nothing to show for it.")
    if day.year < 2000:
        raise UnusableAddress("That day lies before any plan of this kind.")
    return day

"""All that the group's pages are made of, read once: what shows it asks nothing more.

Nothing restricted is in it, and no number too small to show.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from actions import access
from actions.areas.areas import areas_of
from actions.models import AreaJudgement, AreaOfficer, Person
from actions.models.people import active_on
from actions.pages.commitment_rows import CommitmentText, commitment_texts, people_of
from actions.pages.plan_page import PlanPage
from actions.rules.comparison import Change, changes_between
from actions.rules.dates import end_of_day
from actions.rules.state import DUE_SOON_DAYS, Counts, PlanState, count
from actions.rules.status import Rating
from kpis.models import HeadlineKpi
from kpis.pages.kpi_rows import kpi_set_of, kpi_states_of
from kpis.recording.history import KpiSet
from kpis.rules.facts import KpiHistory
from kpis.rules.state import KpiState
from reports.dashboard.waiting.open_things import Waiting, Words, load_waiting, words_of
from reports.dashboard.waiting.reports_due import DueReport, due_reports
from reports.rules.exceptions import Exceptions, ToCheck, exceptions, points_to_check
from wsoa.oversight.models import Meeting

# References of commitments with an update overdue, by the person who leads them; None: nobody.
OverdueUpdates = Mapping[int | None, Sequence[str]]


@dataclass(frozen=True)
class AreaRatings:
    """What each area's SRO said of it, oldest first, by the area's id."""

    given: Mapping[int, Sequence[tuple[datetime, Rating]]]

    def on(self, area: int, days: Iterable[date]) -> list[Rating | None]:
        """The rating that stood by the end of each day; None where there was none yet."""
        newest_first = list(reversed(self.given[area]))
        return [
            next((rating for moment, rating in newest_first if moment < end_of_day(day)), None)
            for day in days
        ]


@dataclass(frozen=True)
class TimelineData:
    """`page` gives the day, its state and those before it, and addresses; none needs a query."""

    page: PlanPage
    texts: Mapping[int, CommitmentText]
    # As worded on the day, in the plan's order, each with its officer and newest judgement.
    areas: Sequence[Any]
    area_ratings: AreaRatings


@dataclass(frozen=True)
class ComparedData(TimelineData):
    """The plan on the page's day and on an earlier one."""

    comparison_day: date
    # As the group may see them.
    kpis: KpiSet
    kpi_states: Mapping[int, KpiState]

    @property
    def state(self) -> PlanState:
        return self.page.state

    @cached_property
    def previous_state(self) -> PlanState:
        return self.page.state_on(self.comparison_day)

    @cached_property
    def counts(self) -> Counts:
        return count(self.state.commitments)

    @cached_property
    def previous_counts(self) -> Counts:
        return count(self.previous_state.commitments)

    @cached_property
    def previous_overdue(self) -> frozenset[int]:
        return frozenset(one.id for one in self.previous_state.commitments if one.is_overdue)

    @cached_property
    def histories(self) -> Mapping[int, KpiHistory]:
        return {history.id: history for history in self.kpis.histories}

    @cached_property
    def changes(self) -> Sequence[Change]:
        return changes_between(self.previous_state, self.state)

    @cached_property
    def exceptions(self) -> Exceptions:
        return exceptions(self.state, self.previous_state, self.kpi_states.values())

    @cached_property
    def judged(self) -> Mapping[int, Rating]:
        """What the SRO of each area said last, in the plan's order."""
        ratings = {
            area.key: self.area_ratings.on(area.key, [self.page.day])[0] for area in self.areas
        }
        return {area: rating for area, rating in ratings.items() if rating}

    @cached_property
    def points(self) -> Sequence[ToCheck]:
        return points_to_check(self.state, self.kpi_states.values(), self.judged)


@dataclass(frozen=True)
class DashboardData(ComparedData):
    meetings: Sequence[Meeting]
    words: Words
    waiting: Waiting
    reports_due: Sequence[DueReport]


@dataclass(frozen=True)
class InFullData(ComparedData):
    people: Mapping[int, Person]
    overdue_updates: OverdueUpdates
    # Of those who lead them, where the user may write to them now; None where not.
    addresses: Mapping[int, str] | None


def load_timeline(page: PlanPage) -> TimelineData:
    """Two queries."""
    areas = _areas(page)
    return TimelineData(
        page=page,
        texts=commitment_texts(page, page.state.commitments),
        areas=areas,
        area_ratings=_area_ratings(areas),
    )


def load_dashboard(
    page: PlanPage, comparison_day: date, meetings: Sequence[Meeting]
) -> DashboardData:
    """At most eight queries; `meetings` are all of the plan's."""
    areas = _areas(page)
    kpis = kpi_set_of(page)
    compared = ComparedData(
        page=page,
        comparison_day=comparison_day,
        texts=commitment_texts(page, page.state.commitments),
        areas=areas,
        area_ratings=_area_ratings(areas),
        kpis=kpis,
        kpi_states=kpi_states_of(page, kpis),
    )
    return DashboardData(
        **{field.name: getattr(compared, field.name) for field in fields(compared)},
        meetings=meetings,
        words=words_of([one.state for one in compared.exceptions.decision]),
        waiting=load_waiting(page),
        reports_due=due_reports(page, meetings, page.day + timedelta(days=DUE_SOON_DAYS)),
    )


def load_in_full(page: PlanPage, comparison_day: date) -> InFullData:
    """Six queries; one more where the user may write to those with updates overdue."""
    areas = _areas(page)
    kpis = kpi_set_of(page)
    overdue = _overdue_updates(page.state)
    return InFullData(
        page=page,
        comparison_day=comparison_day,
        texts=commitment_texts(page, page.state.commitments),
        people=page.keep("leads", (), lambda: people_of(page.state.commitments)),
        areas=areas,
        area_ratings=_area_ratings(areas),
        kpis=kpis,
        kpi_states=kpi_states_of(page, kpis),
        overdue_updates=overdue,
        addresses=_addresses(page, overdue),
    )


def _areas(page: PlanPage) -> list[Any]:
    ratings = (
        AreaJudgement.objects.filter(area=OuterRef("key"), effective_at__lt=end_of_day(page.day))
        .order_by("effective_at", "recorded_at")
        .values(rating=JSONObject(at="effective_at", brag="brag"))
    )
    officers = (
        AreaOfficer.objects.filter(active_on(page.day), area=OuterRef("key"))
        .order_by("-id")
        .values("person__organisation__code")
    )
    headlines = HeadlineKpi.objects.filter(area=OuterRef("key")).values("kpi")
    areas = areas_of(page).annotate(
        ratings=ArraySubquery(ratings),
        sro_organisation=Subquery(officers[:1]),
        headline_kpi=Subquery(headlines[:1]),
    )
    return sorted(areas, key=lambda area: area.position)


def _area_ratings(areas: Iterable[Any]) -> AreaRatings:
    return AreaRatings(
        {
            area.key: [
                (datetime.fromisoformat(rating["at"]), Rating(rating["brag"]))
                for rating in area.ratings
            ]
            for area in areas
        }
    )


def _overdue_updates(state: PlanState) -> dict[int | None, list[str]]:
    overdue: dict[int | None, list[str]] = {}
    for commitment in state.commitments:
        if commitment.update_overdue:
            leads: list[int | None] = [lead.person for lead in commitment.leads]
            for person in leads or [None]:
                overdue.setdefault(person, []).append(commitment.ref)
    return overdue


def _addresses(page: PlanPage, overdue: OverdueUpdates) -> dict[int, str] | None:
    """E-mail addresses are for the programme team alone, and only to chase what is overdue now."""
    if not page.is_today or not access.can_manage_periods(page.access):
        return None
    leads = [person for person in overdue if person]
    if not leads:
        return {}
    reachable = Person.objects.filter(pk__in=leads, user__is_active=True).exclude(user__email="")
    return dict(reachable.values_list("pk", "user__email"))

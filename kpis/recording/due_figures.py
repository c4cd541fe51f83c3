"""What one user enters figures of: periods of their KPIs, and what stands there.

Whoever may record a figure and not read small ones (`access.can_read_small_numbers`) gets none
here either: what is too few to show is absent from every row, with the words said of it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from actions import access
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.rules.dates import PlanDate, add_months
from kpis.models import Measurement
from kpis.recording.history import load_kpis
from kpis.recording.sparks import spark
from kpis.rules import jumps
from kpis.rules.disclosure import year_of
from kpis.rules.due import due_by_of, period_holding
from kpis.rules.facts import KpiHistory, Status
from kpis.rules.figures import PeriodFigure
from kpis.rules.state import KpiState
from kpis.rules.text import figure_text, period_text, short_period, status_text, target_text
from kpis.rules.validation import has_parts, period_of

NOBODY = "No data owner"
# A figure may be projected for so many months to come.
MONTHS_AHEAD = 24


@dataclass(frozen=True)
class Enterable:
    """A measure whose figures the user may record."""

    row: Any
    history: KpiHistory
    state: KpiState

    @property
    def id(self) -> int:
        return self.history.id

    @property
    def code(self) -> str:
        return str(self.row.code)

    @property
    def owner(self) -> str:
        return self.row.owner.name if self.row.owner else NOBODY

    def figure_of(self, ends_on: date) -> PeriodFigure | None:
        return next((figure for figure in self.state.figures if figure.ends_on == ends_on), None)

    def before(self, starts_on: date) -> PeriodFigure | None:
        """The last figure of an earlier period that says something."""
        return next(
            (
                figure
                for figure in reversed(self.state.figures)
                if figure.ends_on < starts_on and (figure.counts or figure.is_too_few)
            ),
            None,
        )

    def is_far(self, value: Decimal, starts_on: date, ends_on: date) -> bool:
        """Whether a new value of the period is far from what was said of the measure so far."""
        return jumps.is_far(value, self.state.chart, self._value_before(starts_on, ends_on))

    def _value_before(self, starts_on: date, ends_on: date) -> Decimal | None:
        last = self.before(starts_on)
        if last is None or last.is_too_few:
            return None
        if self.history.kind == "cumulative" and self.history.year_starts:
            years = {year_of(day, self.history.year_starts) for day in (last.ends_on, ends_on)}
            if len(years) > 1:
                return None
        return last.value

    def asks_for(self, starts_on: date, ends_on: date) -> bool:
        """Whether a figure of this period is expected of anybody."""
        history = self.history
        if history.due_from is None or history.months is None:
            return False
        first, _ = period_holding(
            history.due_from.first_day, history.months, history.year_starts or 4
        )
        return first <= starts_on and not (history.closed_on and ends_on > history.closed_on)


def enterable(page: PlanPage) -> list[Enterable]:
    """The plan's measures whose figures the user may record, in print order. Three queries."""
    kpi_set = load_kpis([page.plan], page.day, worded_day=page.worded_day)
    granted = page.access
    states = kpi_set.states(
        reads_small={
            history.id
            for history in kpi_set.histories
            if access.can_read_small_numbers(granted, data_owner=history.data_owner)
        }
    )
    return [
        Enterable(kpi_set.rows[history.id], history, states[history.id])
        for history in kpi_set.histories
        if access.can_record_figure(granted, data_owner=history.data_owner, areas=history.areas)
    ]


def may_enter(page: PlanPage, kpis: Collection[Enterable]) -> bool:
    """Whether the page is the user's at all; an officer's and an SRO's also without measures."""
    areas = page.access.sro_areas
    return bool(kpis) or access.can_record_figure(page.access, data_owner=None, areas=areas)


# --- One month --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """One period of one measure, as it stands and with what its row says beside the fields."""

    kpi: Enterable
    starts_on: date
    ends_on: date
    due_by: date
    is_asked: bool
    is_overdue: bool
    has_ended: bool
    figure: PeriodFigure | None
    # What people wrote with each account of the period that the reader may read, by its key.
    texts: dict[int, Measurement] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.kpi.id

    @property
    def row(self) -> Any:
        return self.kpi.row

    @property
    def has_parts(self) -> bool:
        return has_parts(self.kpi.row)

    @property
    def newest(self) -> int | None:
        return self.figure.id if self.figure else None

    @property
    def newest_row(self) -> Measurement | None:
        return self.texts[self.figure.id] if self.figure else None

    @property
    def newest_status(self) -> Status | None:
        """As it was recorded: a final one that waits for a second person is final here."""
        return Status(self.newest_row.status) if self.newest_row else None

    @property
    def is_done(self) -> bool:
        return self.newest_status not in (None, Status.PROJECTED)

    @property
    def period(self) -> str:
        return period_text(self.starts_on, self.ends_on)

    @property
    def said(self) -> str:
        """What stands there: `217 weeks, final`."""
        return self.commitment_texts(self.figure) if self.figure else ""

    @property
    def said_by(self) -> str:
        if self.figure is None or self.newest_row is None:
            return ""
        row = self.newest_row
        who = row.by.name if row.by else row.source
        return f"{who}, {formatting.short_day(self.figure.said_on)}"

    def commitment_texts(self, figure: PeriodFigure) -> str:
        status = status_text(figure)
        text = figure_text(figure, self.row.unit)
        return f"{text}, {status}" if status else text

    @property
    def last_text(self) -> str:
        """The figure before: `218 weeks in Sep 2026`."""
        last = self.kpi.before(self.starts_on)
        if last is None:
            return ""
        text = figure_text(last, self.row.unit)
        status = "" if last.status is Status.FINAL else f", {status_text(last)}"
        return f"{text} in {short_period(last.starts_on, last.ends_on)}{status}"

    @property
    def spark(self) -> SafeString | None:
        """The last figures as a small line, of what the user may read."""
        return spark(self.kpi.history, self.kpi.state, self.row.unit)

    def is_far(self, value: Decimal) -> bool:
        return self.kpi.is_far(value, self.starts_on, self.ends_on)

    @property
    def far_text(self) -> str:
        """What it is far from, and what to do."""
        last = f"The figure before is {self.last_text}. " if self.last_text else ""
        return f"{last}If it is right, tick the box and send again"

    @property
    def target_text(self) -> str:
        target = self.kpi.state.target
        if target is None:
            return ""
        text = target_text(target, self.row.unit, self.row.comparator)
        return f"{text} by {target.on}" if target.on else text

    @property
    def due_text(self) -> str:
        return formatting.day_text(self.due_by) if self.is_asked else ""

    def account(self, key: int | None) -> tuple[PeriodFigure, Measurement] | None:
        """One account of the period, as far as it may be shown."""
        if self.figure is None or key is None:
            return None
        for figure in (self.figure, *self.figure.before):
            if figure.id == key:
                return figure, self.texts[key]
        return None


@dataclass(frozen=True)
class Group:
    owner: str
    places: list[Place]


@dataclass(frozen=True)
class MonthDue:
    """A month's page: what is asked of the user, and what they may say besides."""

    month: PlanDate
    asked: list[Place]
    others: list[Place]
    # Months before that are owed, each with how many figures.
    earlier: list[tuple[PlanDate, int]]

    @property
    def places(self) -> list[Place]:
        return [*self.asked, *self.others]

    @property
    def done(self) -> int:
        return sum(place.is_done for place in self.asked)

    def groups(self, user: str) -> list[Group]:
        """By data owner: the user's own first, those of nobody last."""
        owners = dict.fromkeys(place.kpi.owner for place in self.asked)
        order = sorted(owners, key=lambda name: (name == NOBODY, name != user, name))
        return [
            Group(owner, [place for place in self.asked if place.kpi.owner == owner])
            for owner in order
        ]


def owed_in(page: PlanPage, kpis: list[Enterable], month: PlanDate) -> MonthDue:
    """The periods that end in a month. One query, for what people wrote."""
    ends_on = month.last_day
    periods = {}
    for kpi in kpis:
        period = period_of(kpi.row, ends_on)
        if period[1] == ends_on:
            periods[kpi.id] = period
    texts: dict[int, dict[int, Measurement]] = {}
    for row in Measurement.objects.filter(kpi__in=periods, ends_on=ends_on).select_related("by"):
        texts.setdefault(row.kpi_id, {})[row.pk] = row
    places = [
        _place(page, kpi, *periods[kpi.id], texts.get(kpi.id, {}))
        for kpi in kpis
        if kpi.id in periods
    ]
    return MonthDue(
        month=month,
        asked=[place for place in places if place.is_asked],
        others=[place for place in places if not place.is_asked],
        earlier=_earlier(kpis, ends_on),
    )


def _place(
    page: PlanPage, kpi: Enterable, starts_on: date, ends_on: date, texts: dict[int, Measurement]
) -> Place:
    due_by = due_by_of(kpi.history, ends_on, page.history.holidays)
    figure = kpi.figure_of(ends_on)
    return Place(
        kpi=kpi,
        starts_on=starts_on,
        ends_on=ends_on,
        due_by=due_by,
        is_asked=kpi.asks_for(starts_on, ends_on),
        is_overdue=any(due.ends_on == ends_on and due.is_overdue for due in kpi.state.due),
        has_ended=ends_on < page.today,
        figure=figure,
        texts=texts,
    )


def _earlier(kpis: list[Enterable], before: date) -> list[tuple[PlanDate, int]]:
    counts: dict[PlanDate, int] = {}
    for kpi in kpis:
        for due in kpi.state.due:
            if due.ends_on < before:
                month = PlanDate.month_of(due.ends_on)
                counts[month] = counts.get(month, 0) + 1
    return sorted(counts.items())


def month_to_show(text: str | None, today: date) -> PlanDate:
    """The month of an address's `month`; without one the last that has ended. ValueError."""
    if not text:
        return PlanDate.month_of(add_months(today.replace(day=1), -1))
    month = PlanDate.parse(text)
    if month.is_day:
        raise ValueError
    latest = add_months(today.replace(day=1), MONTHS_AHEAD)
    if not date(2000, 1, 1) <= month.first_day <= latest:
        raise ValueError
    return month

"""Measures as lines: where each stands on a day, with its words, and what its figures look like."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from actions import access
from actions.pages import formatting
from actions.pages.commitment_list import Group, Heading
from actions.pages.plan_page import PlanPage
from actions.rules.dates import PlanDate
from kpis.pages.page_chart import Icon, assurance_icon, variation_icon
from kpis.recording.history import KpiSet, kept_kpis
from kpis.recording.sparks import spark
from kpis.rules.facts import KpiHistory
from kpis.rules.figures import PeriodFigure
from kpis.rules.standing.position import Position
from kpis.rules.state import KpiState, last_year_end
from kpis.rules.text import (
    amount,
    apart_words,
    asks_text,
    by_text,
    due_text,
    figure_text,
    gap_text,
    number,
    position_text,
    short_period,
    shown_value,
    status_text,
    target_text,
    tidy,
)

GLYPHS = {
    Position.AT_TARGET: "tick",
    Position.MISSED: "cross",
    Position.ON: "on",
    Position.NEAR: "near",
    Position.OFF: "off",
    Position.SHORT: "flag",
    Position.NOT_DUE: "calendar",
    Position.IN_WORDS: "bubble",
    Position.TOO_FEW: "broken",
}


@dataclass(frozen=True, slots=True)
class Book:
    """The measures of a plan for one reader: no small number is in it that they may not see."""

    rows: dict[int, Any]
    histories: dict[int, KpiHistory]
    states: dict[int, KpiState]


def load_kpi_set(page: PlanPage, *, with_small: bool = True, **filters: Any) -> Book:
    """The measures of the page's plan as at its day; `filters` narrow them. Three queries.

    Small numbers are there for who may see them, and only `with_small`.
    """
    kpi_set = kpi_set_of(page, **filters)
    return Book(
        kpi_set.rows,
        {history.id: history for history in kpi_set.histories},
        kpi_states_of(page, kpi_set, reads_small_of(page, kpi_set) if with_small else set()),
    )


def kpi_set_of(page: PlanPage, **filters: Any) -> KpiSet:
    """All of the page's plan as at its day, small numbers included. Three queries."""
    return kept_kpis(
        page.plan, page.access.version, page.day, worded_day=page.worded_day, **filters
    )


def kpi_states_of(
    page: PlanPage, kpi_set: KpiSet, reads_small: Collection[int] = ()
) -> dict[int, KpiState]:
    """The states of these KPIs for a reader who may see the small numbers of some."""
    return page.keep(
        "KPI states",
        (page.worded_day, frozenset(reads_small), tuple(kpi_set.rows)),
        lambda: kpi_set.states(reads_small=reads_small),
        lambda states: 40 * len(states),
    )


def reads_small_of(page: PlanPage, kpi_set: KpiSet) -> set[int]:
    """The measures of which the reader may see small numbers."""
    return {
        history.id
        for history in kpi_set.histories
        if access.can_read_small_numbers(page.access, data_owner=history.data_owner)
    }


@dataclass(frozen=True, slots=True)
class Apart:
    """A figure and what it counts; or words: there is none, or it is too few to show."""

    value: str
    unit: str = ""
    is_words: bool = False


@dataclass(frozen=True)
class KpiRow:
    """One measure as at a day, for one reader. A document leads nowhere and has no page."""

    page: PlanPage | None = field(repr=False)
    row: Any
    history: KpiHistory
    state: KpiState
    areas: tuple[Heading, ...] = ()
    group: Group | None = None

    @property
    def code(self) -> str:
        return str(self.row.code)

    @property
    def title(self) -> str:
        return str(self.row.title)

    @property
    def in_short(self) -> str:
        """Its title where space is short."""
        return formatting.in_short(self.row)

    @property
    def unit(self) -> str:
        return str(self.row.unit)

    @property
    def url(self) -> str:
        return self.page.link("kpi", self.code) if self.page else ""

    @property
    def newest(self) -> PeriodFigure | None:
        """The newest figure, which may be too few to show."""
        return self.state.newest

    @property
    def is_hidden(self) -> bool:
        """Whether the newest figure is too few to show: nothing is worked out of an older one."""
        return self.newest is not None and self.newest.is_too_few

    @property
    def latest_text(self) -> str:
        return figure_text(self.newest, self.unit) if self.newest else ""

    @property
    def latest_apart(self) -> "Apart":
        """The newest figure with its unit apart, to be set large; in words where it has none."""
        value = shown_value(self.newest) if self.newest else None
        if value is None:
            return Apart(self.latest_text or "no figure", is_words=True)
        if self.unit == "%":
            return Apart(amount(value, "%"))
        return Apart(number(value), amount(value, self.unit).partition(" ")[2])

    @property
    def latest_note(self) -> str:
        """`Dec 2022, provisional`; a final figure is not said to be final."""
        return _when(self.newest) if self.newest else ""

    @property
    def previous_text(self) -> str:
        return figure_text(self.state.previous, self.unit) if self.state.previous else ""

    @property
    def previous_note(self) -> str:
        return _when(self.state.previous) if self.state.previous else ""

    @property
    def target_text(self) -> str:
        target = self.state.target
        return target_text(target, self.unit, self.row.comparator) if target else ""

    @property
    def target_note(self) -> str:
        target = self.state.target
        if target is None:
            return ""
        return f"by {target.on.short}" if target.on else by_text(target).strip()

    @property
    def asks_text(self) -> str:
        """What the plan asks of it: from where, to where, by when."""
        state = self.state
        return asks_text(state.baseline, state.targets, self.unit, self.row.comparator)

    @property
    def position_text(self) -> str:
        return position_text(self.state, self.history.kind)

    @property
    def position(self) -> formatting.Chip:
        return formatting.Chip(GLYPHS.get(self.state.position, "question"), self.position_text)

    @property
    def gap_text(self) -> str:
        """Of the newest figure; nothing where that may not be shown."""
        return "" if self.is_hidden else gap_text(self.state, self.unit)

    @property
    def last_year_text(self) -> str:
        """How a running total's last whole year ended; empty where nothing says."""
        ended = last_year_end(self.history, self.state)
        if ended is None:
            return ""
        year = PlanDate.month_of(ended.figure.ends_on)
        text = f"The year to {year} ended at {figure_text(ended.figure, self.unit)}"
        level = amount(tidy(ended.level, self.state), self.unit)
        if ended.gap >= 0:
            return f"{text}, and met its target of {level}"
        apart = apart_words(ended.gap, self.unit, self.state)
        way = "above" if self.history.direction == "lower" else "below"
        return f"{text}, {apart} {way} its target of {level}"

    @property
    def due_text(self) -> str:
        return due_text(self.state.due)

    @property
    def awaits_second_person(self) -> bool:
        return any(figure.awaits_second_person for figure in self.state.figures)

    @property
    def chips(self) -> list[formatting.Chip]:
        """What is owed of it."""
        chips = []
        if self.due_text:
            chips.append(
                formatting.Chip("clock" if self.state.is_overdue else "calendar", self.due_text)
            )
        if self.state.awaits_baseline and self.state.position is not Position.BASELINE_AWAITED:
            chips.append(formatting.Chip("question", "Baseline awaited"))
        if self.awaits_second_person:
            chips.append(formatting.Chip("tick", "A figure waits for a second person"))
        return chips

    @property
    def variation(self) -> Icon | None:
        chart = self.state.chart
        if chart is None or self.state.chart_withheld or not chart.variation:
            return None
        return variation_icon(chart.variation)

    @property
    def assurance(self) -> Icon | None:
        chart = self.state.chart
        if chart is None or self.state.chart_withheld or not chart.assurance:
            return None
        return assurance_icon(chart.assurance)

    @cached_property
    def spark(self) -> SafeString | None:
        """A small line of the last figures; none where there are fewer than two to draw."""
        return spark(self.history, self.state, self.unit)


def _when(figure: PeriodFigure) -> str:
    text, status = short_period(figure.starts_on, figure.ends_on), status_text(figure)
    return text if status in ("", "final") else f"{text}, {status.removeprefix('final, ')}"


def kpi_lines(page: PlanPage, kpi_set: Book, areas: dict[int, Heading]) -> list[KpiRow]:
    """The measures in the plan's order, each with the areas it serves."""
    return [
        KpiRow(
            page,
            row,
            kpi_set.histories[pk],
            kpi_set.states[pk],
            tuple(areas[area] for area in kpi_set.states[pk].areas if area in areas),
        )
        for pk, row in kpi_set.rows.items()
    ]


def in_order_of_areas(kpi_rows: Iterable[KpiRow], areas: Collection[str]) -> list[KpiRow]:
    """Under the area each serves first, in the plan's order of areas; the whole plan's last."""
    places = {code: place for place, code in enumerate(areas)}
    return sorted(
        kpi_rows,
        key=lambda kpi_row: places[kpi_row.areas[0].code] if kpi_row.areas else len(places),
    )

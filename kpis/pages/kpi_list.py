"""The measures of a plan as one list: narrowed, ordered, under their areas, and as a file."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import QueryDict

from actions.io.sheets import Value
from actions.models import Area
from actions.pages import formatting
from actions.pages.commitment_list import Group, Heading, Order
from actions.pages.exporting import Column, iso
from actions.pages.filters import FilterForm, area_field, choice, choices, has_words, words_field
from actions.pages.plan_page import PlanPage
from actions.pages.tables import BESIDE, AccessibleTable, AsGiven, Drawn
from actions.records.text_versions import worded
from actions.wording import in_words_lazy
from kpis.models import Kpi
from kpis.pages import kpi_cells
from kpis.pages.kpi_rows import KpiRow, in_order_of_areas, kpi_lines, load_kpi_set
from kpis.rules.figures import PeriodFigure
from kpis.rules.standing.passed import OUTCOMES, milestones_text, passed_text
from kpis.rules.standing.position import Position
from kpis.rules.state import KpiState
from kpis.rules.text import (
    CLOSED,
    DIRECTIONS,
    FREQUENCIES,
    POSITIONS,
    figure_text,
    plain,
    shown_value,
    status_text,
    target_text,
    tidy,
)

WHOLE_PLAN = "whole"


def kpi_rows_of(page: PlanPage, *, with_small: bool) -> list[KpiRow]:
    """Every measure of the plan as at the page's day, under its areas. Four queries."""
    areas = {
        area.key: Heading(
            area.code, area.ref, area.title, area.label, area.position, area.short_title
        )
        for area in sorted(
            worded(Area, page.worded_day, plan=page.plan), key=lambda area: area.position
        )
    }
    kpi_rows = kpi_lines(page, load_kpi_set(page, with_small=with_small), areas)
    return in_order_of_areas(kpi_rows, [heading.code for heading in areas.values()])


# --- Narrowing it -----------------------------------------------------------------------------

AWAITS: dict[str, tuple[str, Callable[[KpiRow], bool]]] = {
    "overdue": ("Data overdue", lambda kpi_row: kpi_row.state.is_overdue),
    "due": (
        "Data due, not overdue",
        lambda kpi_row: bool(kpi_row.state.due) and not kpi_row.state.is_overdue,
    ),
    "second_person": ("Waits for a second person", lambda kpi_row: kpi_row.awaits_second_person),
    "baseline": ("Baseline awaited", lambda kpi_row: kpi_row.state.awaits_baseline),
}


class KpiFilter(FilterForm):
    first = ("q", "area", "stands", "target", "awaits", "kind", "mine")

    q = words_field()
    area = area_field()
    stands = choices("Where it stands", "Choose from the list", POSITIONS.items())
    target = choices(
        "Target passed",
        "Choose from the list",
        ((outcome.value, label) for outcome, label in OUTCOMES.items()),
    )
    awaits = choices(
        "Data", "Choose from the list", ((name, label) for name, (label, _) in AWAITS.items())
    )
    kind = choice("Kind", "Choose a kind of the list", "All kinds")
    mine = forms.BooleanField(label="I own the data", required=False)

    def __init__(self, data: QueryDict, *, lines: list[KpiRow], user: int) -> None:
        super().__init__(data)
        self.lines, self.user = lines, user
        headings = {heading for kpi_row in lines for heading in kpi_row.areas}
        in_order = sorted(headings, key=lambda heading: heading.position)
        self.area_labels = {area.code: area.label for area in in_order}
        self.offer("area", ((area.code, area.numbered) for area in in_order))
        if any(not kpi_row.areas for kpi_row in lines):
            self.offer("area", [(WHOLE_PLAN, "Whole plan")])
        self.offer("kind", Kpi.Kind.choices)

    def label_of(self, name: str, value: Any) -> str:
        match name:
            case "area" if value == WHOLE_PLAN:
                return "Whole plan"
            case "mine":
                return "I own the data"
        return super().label_of(name, value)

    def matching(self) -> list[KpiRow]:
        return [kpi_row for kpi_row in self.lines if self._fits(kpi_row)]

    def _fits(self, kpi_row: KpiRow) -> bool:
        wanted = self.answers()
        return all(
            (
                not (query := wanted.get("q")) or has_words(query, kpi_row.code, _text(kpi_row)),
                not (area := wanted.get("area")) or area in _areas(kpi_row),
                not (stands := wanted.get("stands")) or kpi_row.state.position.value in stands,
                not (target := wanted.get("target")) or kpi_row.state.outcome in target,
                not (awaits := wanted.get("awaits"))
                or any(AWAITS[reason][1](kpi_row) for reason in awaits),
                not (kind := wanted.get("kind")) or kpi_row.history.kind == kind,
                not wanted.get("mine") or kpi_row.history.data_owner == self.user,
            )
        )


def _areas(kpi_row: KpiRow) -> list[str]:
    return [heading.code for heading in kpi_row.areas] or [WHOLE_PLAN]


def _text(kpi_row: KpiRow) -> str:
    return f"{kpi_row.title}\n{kpi_row.row.definition}"


def passed_sentences(kpi_rows: Iterable[KpiRow]) -> list[str]:
    """What became of the targets whose date has passed, and of the milestones before them."""
    kpi_rows = list(kpi_rows)
    sentences = (
        passed_text(kpi_row.state.outcome for kpi_row in kpi_rows),
        milestones_text((kpi_row.history, kpi_row.state) for kpi_row in kpi_rows),
    )
    return [sentence for sentence in sentences if sentence]


def has_small_numbers(kpi_rows: Iterable[KpiRow]) -> bool:
    """Whether a figure stands in these lines, or in their file, that is not for everybody."""
    return any(
        figure is not None and figure.is_marked
        for kpi_row in kpi_rows
        for figure in (kpi_row.newest, kpi_row.state.previous)
    )


# --- Order and groups -------------------------------------------------------------------------

_WORST_FIRST = [
    Position.MISSED,
    Position.PASSED,
    Position.OFF,
    Position.SHORT,
    Position.NEAR,
    Position.ON,
    Position.AT_TARGET,
    Position.NOT_DUE,
    Position.IN_WORDS,
    Position.TOO_FEW,
    Position.NO_TARGET,
    Position.BASELINE_AWAITED,
    Position.NO_FIGURE,
]


def _target_day(state: KpiState) -> date | None:
    return state.target.on.last_day if state.target and state.target.on else None


# By the column that is pressed; None is last whichever way the list runs.
ORDERS: dict[str, Callable[[KpiRow], Any]] = {
    "ref": lambda kpi_row: 0,  # as it comes: the plan's own order
    "name": lambda kpi_row: kpi_row.title.casefold(),
    "latest": lambda kpi_row: kpi_row.newest.ends_on if kpi_row.newest else None,
    "target": lambda kpi_row: _target_day(kpi_row.state),
    "colour": lambda kpi_row: _WORST_FIRST.index(kpi_row.state.position),
}


def grouped(kpi_rows: Iterable[KpiRow], pool: Iterable[KpiRow]) -> list[KpiRow]:
    """Lines under the heading of their area, with what of it matches and needs somebody."""
    kpi_rows, pool = list(kpi_rows), list(pool)
    return [replace(kpi_row, group=_group(kpi_row, kpi_rows, pool)) for kpi_row in kpi_rows]


def _group(kpi_row: KpiRow, kpi_rows: list[KpiRow], pool: list[KpiRow]) -> Group:
    area = kpi_row.areas[:1]
    matching = [row for row in kpi_rows if row.areas[:1] == area]
    total = sum(row.areas[:1] == area for row in pool)
    count_text = formatting.plural(total, "KPI")
    parts = [count_text if len(matching) == total else f"{len(matching)} of {count_text} match"]
    if missed := sum(row.state.is_missed for row in matching):
        parts.append(f"{formatting.plural(missed, 'target')} missed")
    if off := sum(row.state.is_off for row in matching):
        parts.append(f"{off} off trajectory")
    if overdue := sum(row.state.is_overdue for row in matching):
        parts.append(f"data overdue for {overdue}")
    title = formatting.area_name(area[0]) if area else "Whole plan"
    return Group(title, ", ".join(parts))


# --- Showing it, and taking it away -----------------------------------------------------------


class KpiTable(AccessibleTable):
    ref = tables.Column(accessor="code", verbose_name="KPI")
    name = Drawn(kpi_cells.name, "What is measured")
    latest = Drawn(kpi_cells.latest, "Latest", attrs=BESIDE)
    previous = Drawn(kpi_cells.previous, "Previous", orderable=False, attrs=BESIDE)
    target = Drawn(kpi_cells.target, "Target", attrs=BESIDE)
    colour = Drawn(kpi_cells.stands, "Where it stands")
    icons = Drawn(kpi_cells.icons, "Variation and assurance", orderable=False)
    trend = Drawn(kpi_cells.trend, "Trend", orderable=False)

    caption = "KPIs of the plan"
    end_note = "Trend: the last thirteen periods; a gap is a period without a figure."

    class Meta:
        attrs = {"id": "kpis"}

    def __init__(self, kpi_rows: list[KpiRow], order: Order, **options: Any) -> None:
        exclude = (
            ()
            if any(kpi_row.variation or kpi_row.assurance for kpi_row in kpi_rows)
            else ("icons",)
        )
        super().__init__(AsGiven(kpi_rows), order_by=str(order), exclude=exclude, **options)


def _figure(of: Callable[[KpiRow], PeriodFigure | None]) -> dict[str, Callable[[KpiRow], Value]]:
    def number(kpi_row: KpiRow) -> Value:
        figure = of(kpi_row)
        if figure is None:
            return None
        if figure.is_too_few and figure.shown is None:
            return CLOSED
        if figure.value is None:
            return figure_text(figure, kpi_row.unit)
        return shown_value(figure)

    return {
        "value": number,
        "from": lambda kpi_row: iso(figure.starts_on) if (figure := of(kpi_row)) else "",
        "to": lambda kpi_row: iso(figure.ends_on) if (figure := of(kpi_row)) else "",
        "status": lambda kpi_row: _status(figure) if (figure := of(kpi_row)) else "",
    }


def _status(figure: PeriodFigure) -> str:
    return f"{status_text(figure)}, small number" if figure.is_marked else status_text(figure)


def _plain(value: Decimal | None) -> Decimal | None:
    return None if value is None else plain(value)


def _worked_out(kpi_row: KpiRow, value: Decimal | None) -> Decimal | None:
    if value is None or kpi_row.is_hidden:
        return None
    return _plain(tidy(value, kpi_row.state))


_NEWEST = _figure(lambda kpi_row: kpi_row.newest)
_PREVIOUS = _figure(lambda kpi_row: kpi_row.state.previous)

KPI_COLUMNS: list[Column[KpiRow]] = [
    Column("Code", lambda kpi_row: kpi_row.code, 11),
    Column("KPI", lambda kpi_row: kpi_row.title, 44),
    Column("Definition", lambda kpi_row: kpi_row.row.definition, 44),
    Column(
        in_words_lazy("{Areas}"),
        lambda kpi_row: "; ".join(heading.ref for heading in kpi_row.areas),
        9,
    ),
    Column("Kind", lambda kpi_row: kpi_row.row.get_kind_display()),
    Column("Unit", lambda kpi_row: kpi_row.unit),
    Column("Which way is better", lambda kpi_row: DIRECTIONS[kpi_row.history.direction]),
    Column("How often", lambda kpi_row: FREQUENCIES.get(kpi_row.row.frequency, "")),
    Column(
        "Data owner",
        lambda kpi_row: kpi_row.row.owner.name if kpi_row.row.owner else "",
        24,
    ),
    Column("Latest", _NEWEST["value"]),
    Column("Latest from", _NEWEST["from"]),
    Column("Latest to", _NEWEST["to"]),
    Column("Latest is", _NEWEST["status"], 20),
    Column("Previous", _PREVIOUS["value"]),
    Column("Previous to", _PREVIOUS["to"]),
    Column("Previous is", _PREVIOUS["status"], 20),
    Column("Baseline", lambda kpi_row: _plain(kpi_row.state.baseline)),
    Column("Baseline in words", lambda kpi_row: kpi_row.row.baseline_text, 24),
    Column("Source of the baseline", lambda kpi_row: kpi_row.row.baseline_source, 20),
    Column(
        "Target",
        lambda kpi_row: (
            target_text(kpi_row.state.target, kpi_row.unit, kpi_row.row.comparator)
            if kpi_row.state.target
            else ""
        ),
        20,
    ),
    Column(
        "Target level",
        lambda kpi_row: _plain(kpi_row.state.target.level) if kpi_row.state.target else None,
    ),
    Column(
        "Target by",
        lambda kpi_row: iso(kpi_row.state.target.on) if kpi_row.state.target else "",
    ),
    Column("All targets", lambda kpi_row: kpi_row.asks_text, 40),
    Column("Expected of the latest", lambda kpi_row: _worked_out(kpi_row, kpi_row.state.expected)),
    Column("Gap to trajectory", lambda kpi_row: _worked_out(kpi_row, kpi_row.state.gap)),
    Column("Gap to target", lambda kpi_row: _worked_out(kpi_row, kpi_row.state.target_gap)),
    Column("Where it stands", lambda kpi_row: kpi_row.position_text, 22),
    Column(
        "Target whose date has passed",
        lambda kpi_row: OUTCOMES[kpi_row.state.outcome] if kpi_row.state.outcome else "",
        22,
    ),
    Column("Last year ended", lambda kpi_row: kpi_row.last_year_text, 30),
    Column("Reaches its last target by", lambda kpi_row: iso(kpi_row.state.reaches_on)),
    Column("Variation", lambda kpi_row: kpi_row.variation.name if kpi_row.variation else "", 26),
    Column("Assurance", lambda kpi_row: kpi_row.assurance.name if kpi_row.assurance else "", 26),
    Column(
        "Data due since",
        lambda kpi_row: iso(kpi_row.state.due[0].ends_on) if kpi_row.state.due else "",
    ),
    Column("Periods due", lambda kpi_row: len(kpi_row.state.due) or None, 9),
    Column("Data overdue", lambda kpi_row: "yes" if kpi_row.state.is_overdue else ""),
    Column("Baseline awaited", lambda kpi_row: "yes" if kpi_row.state.awaits_baseline else ""),
]

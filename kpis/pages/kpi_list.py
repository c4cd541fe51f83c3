"""The measures of a plan as one list: narrowed, ordered, under their areas, and as a file."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import QueryDict

from actions.models import Area
from actions.pages import formatting
from actions.pages.commitment_list import Group, Heading, Order
from actions.pages.exporting import Column, Value, iso
from actions.pages.filters import FilterForm, choice, choices, has_words, words_field
from actions.pages.plan_page import PlanPage
from actions.pages.tables import AsGiven, cell
from actions.records.text_versions import worded
from kpis.models import Kpi
from kpis.pages.kpi_rows import KpiRow, in_order_of_areas, kpi_lines, load_kpi_set
from kpis.rules.state import KpiState, PeriodFigure, Position
from kpis.rules.text import (
    DIRECTIONS,
    FREQUENCIES,
    POSITIONS,
    figure_text,
    status_text,
    target_text,
    tidy,
)

WHOLE_PLAN = "whole"


def lines_of(page: PlanPage) -> list[KpiRow]:
    """Every measure of the plan as at the page's day, under its areas. Four queries."""
    areas = {
        area.key: Heading(str(area.number), area.title)
        for area in sorted(
            worded(Area, page.worded_day, plan=page.plan), key=lambda area: area.number
        )
    }
    lines = kpi_lines(page, load_kpi_set(page), areas)
    return in_order_of_areas(lines, [heading.ref for heading in areas.values()])


# --- Narrowing it -----------------------------------------------------------------------------

AWAITS: dict[str, tuple[str, Callable[[KpiRow], bool]]] = {
    "overdue": ("Data overdue", lambda line: line.state.is_overdue),
    "due": (
        "Data due, not overdue",
        lambda line: bool(line.state.due) and not line.state.is_overdue,
    ),
    "second_person": ("Waits for a second person", lambda line: line.awaits_second_person),
    "baseline": ("Baseline awaited", lambda line: line.state.awaits_baseline),
}


class KpiFilter(FilterForm):
    first = ("q", "area", "stands", "awaits", "kind", "mine")

    q = words_field()
    area = choice("Area", "Choose an area of this plan", "All areas")
    stands = choices("Where it stands", "Choose from the list", POSITIONS.items())
    awaits = choices(
        "Data", "Choose from the list", ((name, label) for name, (label, _) in AWAITS.items())
    )
    kind = choice("Kind", "Choose a kind of the list", "All kinds")
    mine = forms.BooleanField(label="I own the data", required=False)

    def __init__(self, data: QueryDict, *, lines: list[KpiRow], user: int) -> None:
        super().__init__(data)
        self.lines, self.user = lines, user
        headings = dict.fromkeys(heading for line in lines for heading in line.areas)
        in_order = sorted(headings, key=lambda heading: int(heading.ref))
        self.offer("area", ((one.ref, f"{one.ref}. {one.title}") for one in in_order))
        if any(not line.areas for line in lines):
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
        return [line for line in self.lines if self._fits(line)]

    def _fits(self, line: KpiRow) -> bool:
        wanted = self.answers()
        return all(
            (
                not (words := wanted.get("q")) or has_words(words, line.code, _text(line)),
                not (area := wanted.get("area")) or area in _areas(line),
                not (stands := wanted.get("stands")) or line.state.position.value in stands,
                not (awaits := wanted.get("awaits")) or any(AWAITS[one][1](line) for one in awaits),
                not (kind := wanted.get("kind")) or line.history.kind == kind,
                not wanted.get("mine") or line.history.data_owner == self.user,
            )
        )


def _areas(line: KpiRow) -> list[str]:
    return [heading.ref for heading in line.areas] or [WHOLE_PLAN]


def _text(line: KpiRow) -> str:
    return f"{line.title}\n{line.row.definition}"


# --- Order and groups -------------------------------------------------------------------------

_WORST_FIRST = [
    Position.OFF,
    Position.SHORT,
    Position.NEAR,
    Position.ON,
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
    "ref": lambda line: 0,  # as it comes: the plan's own order
    "name": lambda line: line.title.casefold(),
    "latest": lambda line: line.newest.ends_on if line.newest else None,
    "target": lambda line: _target_day(line.state),
    "colour": lambda line: _WORST_FIRST.index(line.state.position),
}


def grouped(lines: Iterable[KpiRow], pool: Iterable[KpiRow]) -> list[KpiRow]:
    """Lines under the heading of their area, with what of it matches and needs somebody."""
    lines, pool = list(lines), list(pool)
    return [replace(line, group=_group(line, lines, pool)) for line in lines]


def _group(line: KpiRow, lines: list[KpiRow], pool: list[KpiRow]) -> Group:
    area = line.areas[:1]
    matching = [one for one in lines if one.areas[:1] == area]
    total = sum(one.areas[:1] == area for one in pool)
    words = formatting.plural(total, "KPI")
    parts = [words if len(matching) == total else f"{len(matching)} of {words} match"]
    if off := sum(one.state.is_off for one in matching):
        parts.append(f"{off} off trajectory")
    if overdue := sum(one.state.is_overdue for one in matching):
        parts.append(f"data overdue for {overdue}")
    title = f"Area {area[0].ref}. {area[0].title}" if area else "Whole plan"
    return Group(title, ", ".join(parts))


# --- Showing it, and taking it away -----------------------------------------------------------

BESIDE = {"td": {"class": "is-beside"}}


class KpiTable(tables.Table):  # type: ignore[misc]  # it has no types
    ref = tables.Column(accessor="code", verbose_name="KPI")
    name = cell("kpi", "What is measured")
    latest = cell("kpi_latest", "Latest", attrs=BESIDE)
    previous = cell("kpi_previous", "Previous", orderable=False, attrs=BESIDE)
    target = cell("kpi_target", "Target", attrs=BESIDE)
    colour = cell("kpi_stands", "Where it stands")
    icons = cell("kpi_icons", "Variation and assurance", orderable=False)
    trend = cell("kpi_trend", "Trend", orderable=False)

    caption = "KPIs of the plan"
    end_note = "Trend: the last thirteen periods; a gap is a period without a figure."

    class Meta:
        attrs = {"id": "kpis"}

    def __init__(self, lines: list[KpiRow], order: Order, **options: Any) -> None:
        exclude = () if any(line.variation or line.assurance for line in lines) else ("icons",)
        super().__init__(AsGiven(lines), order_by=str(order), exclude=exclude, **options)


def _figure(of: Callable[[KpiRow], PeriodFigure | None]) -> dict[str, Callable[[KpiRow], Value]]:
    def number(line: KpiRow) -> Value:
        figure = of(line)
        if figure is None or figure.value is None:
            return figure_text(figure, line.unit) if figure else None
        return _short(figure.value)

    return {
        "value": number,
        "from": lambda line: iso(figure.starts_on) if (figure := of(line)) else "",
        "to": lambda line: iso(figure.ends_on) if (figure := of(line)) else "",
        "status": lambda line: status_text(figure) if (figure := of(line)) else "",
    }


def _short(value: Decimal | None) -> Decimal | None:
    """Without the zeros a column keeps behind the point."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _worked_out(line: KpiRow, value: Decimal | None) -> Decimal | None:
    if value is None or line.state.position is Position.TOO_FEW:
        return None
    return _short(tidy(value, line.state))


_NEWEST = _figure(lambda line: line.newest)
_PREVIOUS = _figure(lambda line: line.state.previous)

KPI_COLUMNS: list[Column[KpiRow]] = [
    Column("Code", lambda line: line.code, 11),
    Column("KPI", lambda line: line.title, 44),
    Column("Definition", lambda line: line.row.definition, 44),
    Column("Areas", lambda line: "; ".join(heading.ref for heading in line.areas), 9),
    Column("Kind", lambda line: line.row.get_kind_display()),
    Column("Unit", lambda line: line.unit),
    Column("Which way is better", lambda line: DIRECTIONS[line.history.direction]),
    Column("How often", lambda line: FREQUENCIES.get(line.row.frequency, "")),
    Column("Data owner", lambda line: line.row.data_owner.name if line.row.data_owner else "", 24),
    Column("Latest", _NEWEST["value"]),
    Column("Latest from", _NEWEST["from"]),
    Column("Latest to", _NEWEST["to"]),
    Column("Latest is", _NEWEST["status"], 20),
    Column("Previous", _PREVIOUS["value"]),
    Column("Previous to", _PREVIOUS["to"]),
    Column("Baseline", lambda line: _short(line.state.baseline)),
    Column(
        "Target",
        lambda line: (
            target_text(line.state.target, line.unit, line.row.comparator)
            if line.state.target
            else ""
        ),
        20,
    ),
    Column(
        "Target level",
        lambda line: _short(line.state.target.level) if line.state.target else None,
    ),
    Column(
        "Target by",
        lambda line: iso(line.state.target.on) if line.state.target else "",
    ),
    Column("All targets", lambda line: line.asks_text, 40),
    Column("Expected of the latest", lambda line: _worked_out(line, line.state.expected)),
    Column("Gap to trajectory", lambda line: _worked_out(line, line.state.gap)),
    Column("Gap to target", lambda line: _worked_out(line, line.state.target_gap)),
    Column("Where it stands", lambda line: line.position_text, 22),
    Column("Reaches its last target by", lambda line: iso(line.state.reaches_on)),
    Column("Variation", lambda line: line.variation.name if line.variation else "", 26),
    Column("Assurance", lambda line: line.assurance.name if line.assurance else "", 26),
    Column(
        "Data due since",
        lambda line: iso(line.state.due[0].ends_on) if line.state.due else "",
    ),
    Column("Periods due", lambda line: len(line.state.due) or None, 9),
    Column("Data overdue", lambda line: "yes" if line.state.is_overdue else ""),
    Column("Baseline awaited", lambda line: "yes" if line.state.awaits_baseline else ""),
]

"""The register of a plan's risks and issues as at a day: its lines, its filter, its table."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from actions import access
from actions.models import Area, Risk
from actions.pages import formatting
from actions.pages.commitment_list import Group
from actions.pages.exporting import Column, iso
from actions.pages.filters import FilterForm, area_field, choice, has_words, words_field
from actions.pages.plan_page import PlanPage
from actions.progress.risks import open_risks_of
from actions.records.text_versions import worded
from actions.rules.dates import day_of, end_of_day
from actions.rules.state import CommitmentState
from kpis.models import Kpi
from wsoa.oversight.subjects import Subject, areas_of_kpi, subjects_on


@dataclass(frozen=True)
class RiskItem:
    """One risk or issue as at a day."""

    risk: Any
    on: Subject
    day: date
    raised_on: date
    closed_on: date | None
    close_url: str = ""
    group: Group | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def kind(self) -> str:
        return str(self.risk.get_kind_display())

    @property
    def raised_by(self) -> str:
        return self.risk.by.name if self.risk.by else str(self.risk.source)

    @property
    def closed_by(self) -> str:
        if self.is_open:
            return ""
        closing = self.risk.closing
        return closing.by.name if closing.by else str(closing.source)

    @property
    def how_closed(self) -> str:
        return "" if self.is_open else str(self.risk.closing.reason)

    @property
    def weeks(self) -> int:
        """Whole weeks open, to the day or to its closing."""
        return ((self.closed_on or self.day) - self.raised_on).days // 7

    @property
    def age_text(self) -> str:
        return formatting.plural(self.weeks, "week") if self.weeks else "under a week"

    @property
    def raised_text(self) -> str:
        return formatting.short_day(self.raised_on)

    @property
    def closed_text(self) -> str:
        return formatting.short_day(self.closed_on) if self.closed_on else ""


@dataclass(frozen=True, slots=True)
class Register:
    """Every risk and issue raised by a day: the longest open first, closed ones after."""

    items: list[RiskItem]
    areas: dict[int, Any]


def register_of(page: PlanPage) -> Register:
    """The register as at the page's day. Three queries."""
    risks = list(
        Risk.objects.filter(plan=page.plan, effective_at__lt=end_of_day(page.day))
        .select_related("by", "closing__by", "on_kpi__kpi")
        .annotate(kpi_areas=areas_of_kpi("on_kpi__kpi"))
        .order_by("effective_at", "recorded_at")
    )
    rows = worded(Area, page.worded_day, plan=page.plan)
    areas = {area.key: area for area in sorted(rows, key=lambda area: area.position)}
    subject_of = subjects_on(page, risks, areas, _kpi_of)
    items = [_item(page, risk, subject_of(risk)) for risk in risks]
    still_open = [item for item in items if item.is_open]
    closed = [item for item in items if not item.is_open]
    closed.sort(key=lambda item: item.closed_on or page.day, reverse=True)
    return Register(still_open + closed, areas)


def _item(page: PlanPage, risk: Any, on: Subject) -> RiskItem:
    closing = getattr(risk, "closing", None)
    is_closed = closing is not None and closing.effective_at < end_of_day(page.day)
    may_close = (
        page.is_today
        and not is_closed
        and access.can_close_risk(page.access, areas=on.areas, state=on.state)
    )
    return RiskItem(
        risk,
        on,
        max(page.still_on, day_of(risk.effective_at)),
        day_of(risk.effective_at),
        day_of(closing.effective_at) if closing is not None and is_closed else None,
        page.url("oversight:close_risk", risk.pk) if may_close else "",
    )


def _kpi_of(risk: Risk) -> Kpi | None:
    on_kpi = getattr(risk, "on_kpi", None)
    return None if on_kpi is None else on_kpi.kpi


def beside(page: PlanPage, state: CommitmentState) -> dict[str, Any]:
    """What the page of a commitment says of its open risks and issues. One query."""
    areas, led = [state.area], page.led_today(state)
    can_close = page.is_today and access.can_close_risk(page.access, areas=areas, state=led)
    can_raise = page.is_today and access.can_raise_risk(page.access, areas=areas, state=led)
    raise_url = f"{page.url('oversight:raise_risk')}?{urlencode({'on': f'commitment:{state.ref}'})}"
    return {
        "raise_risk_url": raise_url if can_raise else "",
        "open_risks": [
            {
                "kind": risk.get_kind_display(),
                "text": risk.text,
                "mitigation": risk.mitigation,
                "help_needed": risk.help_needed,
                "about": f"Raised {formatting.short_day(day_of(risk.effective_at))}"
                f" by {risk.by.name if risk.by else risk.source}",
                "close_url": page.url("oversight:close_risk", risk.pk) if can_close else "",
            }
            for risk in ([] if page.shared_view else open_risks_of(state.id, page.day))
        ],
    }


# --- Narrowing it -----------------------------------------------------------------------------

STATES = [("open", "Open"), ("closed", "Closed")]


class RiskFilter(FilterForm):
    first = ("q", "kind", "state", "area")
    kept_in_address = ("as_at",)

    q = words_field()
    kind = choice("Kind", "Choose risks or issues", "Risks and issues")
    state = choice("Open or closed", "Choose open or closed", "Open and closed")
    area = area_field()

    def __init__(self, data: QueryDict, *, register: Register) -> None:
        super().__init__(data)
        self.all_items = register.items
        self.offer("kind", Risk.Kind.choices)
        self.offer("state", STATES)
        self.offer_areas(register.areas.values())

    def matching(self) -> list[RiskItem]:
        return [item for item in self.all_items if self._fits(item)]

    def _fits(self, item: RiskItem) -> bool:
        wanted = self.answers()
        return all(
            (
                not (words := wanted.get("q")) or has_words(words, item.on.ref, _text(item)),
                not (kind := wanted.get("kind")) or item.risk.kind == kind,
                not (state := wanted.get("state")) or item.is_open == (state == "open"),
                not (area := wanted.get("area")) or self.areas[area] in item.on.areas,
            )
        )


def _text(item: RiskItem) -> str:
    risk = item.risk
    return "\n".join((risk.text, risk.mitigation, risk.help_needed, item.how_closed, item.on.name))


def grouped(items: Iterable[RiskItem]) -> list[RiskItem]:
    """Open ones under their heading, closed ones under theirs."""
    items = list(items)
    still_open = [item for item in items if item.is_open]
    closed = [item for item in items if not item.is_open]
    return [
        replace(item, group=Group(title, _counts(part)))
        for title, part in (("Open", still_open), ("Closed", closed))
        for item in part
    ]


def _counts(items: list[RiskItem]) -> str:
    issues = sum(item.risk.kind == Risk.Kind.ISSUE for item in items)
    parts = [(issues, "issue"), (len(items) - issues, "risk")]
    return ", ".join(formatting.plural(number, noun) for number, noun in parts if number)


# --- The same list as a file ------------------------------------------------------------------


RISK_COLUMNS: list[Column[RiskItem]] = [
    Column("Kind", lambda item: item.kind, 8),
    Column("State", lambda item: "Open" if item.is_open else "Closed", 9),
    Column("Risk or issue", lambda item: item.risk.text, 50),
    Column("Being done about it", lambda item: item.risk.mitigation, 40),
    Column("Help needed", lambda item: item.risk.help_needed, 40),
    Column("On", lambda item: item.on.what_text, 12),
    Column("Ref", lambda item: item.on.ref, 10),
    Column("Name", lambda item: item.on.name, 40),
    Column("Raised by", lambda item: item.raised_by, 24),
    Column("Raised on", lambda item: iso(item.raised_on), 12),
    Column("Age in weeks", lambda item: item.weeks, 9),
    Column("Closed on", lambda item: iso(item.closed_on), 12),
    Column("Closed by", lambda item: item.closed_by, 24),
    Column("How it ended", lambda item: item.how_closed, 40),
]

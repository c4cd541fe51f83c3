"""What moved between two days, line by line: ratings, dates, what came and went, measures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from actions.models import Risk, RiskClosing
from actions.pages import formatting
from actions.pages.commitment_rows import CommitmentText, commitment_texts
from actions.pages.exporting import Column
from actions.pages.plan_page import PlanPage
from actions.rules.comparison import Change, ChangeKind, Direction, changes_between, direction
from actions.rules.dates import PlanDate, day_of, end_of_day
from actions.rules.status import Rating
from actions.wording import in_words_lazy, scale
from kpis.pages.kpi_rows import kpi_set_of, reads_small_of
from kpis.rules.comparison import KpiChangeKind, KpiMove, kpi_moves
from kpis.rules.text import asks_text, figure_text, period_text, position_text

GROUPS = {
    "ratings": "Ratings",
    "dates": "Dates",
    "plan": "Added and withdrawn",
    "updates": "Updates",
    "kpis": "Measures",
    "risks": "Risks and issues",
}

_LABELS = {
    ChangeKind.ADDED: ("plan", "Added to the plan"),
    ChangeKind.WITHDRAWN: ("plan", "Withdrawn from the plan"),
    ChangeKind.REINSTATED: ("plan", "Put back into the plan"),
    ChangeKind.RATED: ("ratings", "Rating"),
    ChangeKind.BLUE_PROPOSED: ("ratings", in_words_lazy("{Blue} proposed")),
    ChangeKind.BLUE_RETURNED: ("ratings", in_words_lazy("{Blue} returned")),
    ChangeKind.BLUE_LAPSED: ("ratings", in_words_lazy("{Blue}: reconfirm")),
    ChangeKind.DELIVERED: ("dates", "Delivered"),
    ChangeKind.DATE_MOVED: ("dates", "moved"),
    ChangeKind.DATE_ADDED: ("dates", "added"),
    ChangeKind.DATE_DROPPED: ("dates", "no longer needed"),
    ChangeKind.DATE_MET: ("dates", "met"),
    ChangeKind.DATE_MISSED: ("dates", "missed"),
    ChangeKind.OVERDUE: ("dates", "Newly overdue"),
    ChangeKind.UPDATE_OVERDUE: ("updates", "Update newly overdue"),
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One line: what it is about, what moved, and from where to where."""

    group: str
    ref: str
    name: str
    url: str
    what: str
    was: str = ""
    now: str = ""
    was_rating: Rating | None = None
    now_rating: Rating | None = None
    # By which an address narrows the list: one of ONLY, or another that it does not offer.
    kind: str = ""


# What the dashboard counts, in the words of this page.
ONLY = {
    Direction.WORSE.value: "ratings that are worse",
    Direction.BETTER.value: "ratings that are better",
    Direction.BEGUN.value: in_words_lazy("{commitments} that have begun"),
    Direction.OTHER.value: "ratings that are neither better nor worse",
    ChangeKind.DATE_MOVED.value: "dates that moved",
    ChangeKind.DELIVERED.value: "what was delivered",
    ChangeKind.OVERDUE.value: "what is newly overdue",
    ChangeKind.UPDATE_OVERDUE.value: "updates that are newly overdue",
    ChangeKind.ADDED.value: "what was added to the plan",
    ChangeKind.WITHDRAWN.value: "what was withdrawn from the plan",
}

COLUMNS: list[Column[Moved]] = [
    Column("Group", lambda moved: GROUPS[moved.group]),
    Column("Reference", lambda moved: moved.ref),
    Column("Name", lambda moved: moved.name, 50),
    Column("What moved", lambda moved: moved.what, 26),
    Column("Was", lambda moved: moved.was, 22),
    Column("Now", lambda moved: moved.now, 22),
]


def moved_between(page: PlanPage, since: date) -> list[Moved]:
    """All that moved from the end of `since` to the page's day. Six queries."""
    changes = changes_between(page.state_on(since), page.state)
    texts = commitment_texts(page, page.state.commitments)
    moves = [_commitment(page, change, texts) for change in changes]
    moves += _measures(page, since)
    moves += _risks(page, since)
    order = list(GROUPS)
    return sorted(moves, key=lambda moved: order.index(moved.group))


def _commitment(page: PlanPage, change: Change, texts: Mapping[int, CommitmentText]) -> Moved:
    group, words = _LABELS[change.kind]
    what = str(words)
    if change.date_kind:
        what = f"{change.date_kind.label} {what}"
    was, now = _value_text(change.was), _value_text(change.now)
    if change.kind is ChangeKind.DATE_MOVED and change.first and change.first != change.was:
        was += f" (first {change.first})"
    return Moved(
        group,
        change.ref,
        texts[change.commitment].name,
        page.url("pages:commitment", change.code),
        what,
        was,
        now,
        change.was if isinstance(change.was, Rating) else None,
        change.now if isinstance(change.now, Rating) else None,
        (direction(change) or change.kind).value,
    )


def _value_text(value: Rating | PlanDate | None) -> str:
    if value is None:
        return ""
    return scale().word(value) if isinstance(value, Rating) else str(value)


# --- Measures ---------------------------------------------------------------------------------


def _measures(page: PlanPage, since: date) -> Iterator[Moved]:
    kpi_set = kpi_set_of(page)
    small = reads_small_of(page, kpi_set)
    before, after = kpi_set.states(since, reads_small=small), kpi_set.states(reads_small=small)
    for move in kpi_moves(before, after):
        row = kpi_set.rows[move.kpi]
        what, was, now = _kpi_text(move, row, before.get(move.kpi), after[move.kpi])
        yield Moved("kpis", move.code, row.title, page.url("pages:kpi", move.code), what, was, now)


def _kpi_text(move: KpiMove, row: Any, was: Any, now: Any) -> tuple[str, str, str]:
    if move.kind in (KpiChangeKind.NEW_FIGURE, KpiChangeKind.RESTATED):
        figure: Any = move.now
        verb = "New figure" if move.kind is KpiChangeKind.NEW_FIGURE else "Restated"
        earlier: Any = move.was
        return (
            f"{verb}, {period_text(figure.starts_on, figure.ends_on)}",
            figure_text(earlier, row.unit) if earlier else "",
            figure_text(figure, row.unit),
        )
    if move.kind is KpiChangeKind.POSITION:
        return "Where it stands", position_text(was, row.kind), position_text(now, row.kind)
    if move.kind is KpiChangeKind.TARGETS:
        return (
            "Targets",
            asks_text(None, was.targets, row.unit, row.comparator),
            asks_text(None, now.targets, row.unit, row.comparator),
        )
    return ("Added" if move.kind is KpiChangeKind.ADDED else "Data newly overdue"), "", ""


# --- Risks ------------------------------------------------------------------------------------


def _risks(page: PlanPage, since: date) -> Iterator[Moved]:
    """Those raised and those closed between the two days. Two queries."""
    between = {"effective_at__gte": end_of_day(since), "effective_at__lt": end_of_day(page.day)}
    on = ("commitment", "area", "on_kpi__kpi")
    raised = Risk.objects.filter(plan=page.plan, **between).select_related(*on)
    for risk in raised.order_by("id"):
        yield _risk(page, risk, "raised", risk.effective_at)
    closings = RiskClosing.objects.filter(risk__plan=page.plan, **between)
    for closing in closings.select_related(*(f"risk__{name}" for name in on)).order_by("id"):
        yield _risk(page, closing.risk, "closed", closing.effective_at, closing.reason)


def _risk(page: PlanPage, risk: Risk, verb: str, moment: datetime, now: str = "") -> Moved:
    if risk.commitment:
        ref = risk.commitment.ref
    elif risk.area:
        ref = risk.area.label
    else:
        ref = f"KPI {risk.on_kpi.kpi.code}"
    what = f"{risk.get_kind_display()} {verb} {formatting.short_day(day_of(moment))}"
    return Moved("risks", ref, risk.text, page.url("oversight:risks"), what, "", now)

"""The points to check, by kind, each with the commitments it is about."""

from collections import Counter
from dataclasses import dataclass, field

from actions.pages import formatting
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState, count
from actions.rules.status import Rating
from actions.wording import in_words, scale
from reports.dashboard.dashboard_data import ComparedData, InFullData
from reports.dashboard.in_full.kpis import kpi_row
from reports.rules.exceptions import Point, ToCheck

_POINTS = {
    Point.LATE_ALTHOUGH_RATED: "Late although rated {Green_or_Amber}",
    Point.GREY_ALTHOUGH_DUE: "{Grey} although due",
    Point.BLUE_WAITS: "{Blue} proposed more than two weeks ago",
    Point.DATE_MOVED: "Date moved",
    Point.NO_COMPLETION_DATE: "No completion date agreed",
    Point.PAUSE_RUN_OUT: "Paused beyond the month in which work was to go on",
    Point.NO_BETTER: "Done for three months, and its measure no better than the baseline",
    Point.NO_DATA_SINCE: "Done for three months, and no figure since",
    Point.RATED_ABOVE: "SRO rating two steps better than the worst {commitments} below it",
    Point.TARGET_MISSED: "KPI target missed",
    Point.TARGET_PASSED: "KPI target passed, and no figure tells whether it was met",
}


@dataclass(frozen=True, slots=True)
class PointCount:
    words: str
    count: int
    url: str


def point_counts(data: ComparedData, in_full: str) -> list[PointCount]:
    """How many there are of each kind; each leads to its list on the page of all."""
    counts = Counter(one.point for one in data.points)
    return [
        PointCount(point_words(point), count, f"{in_full}#{point.value}")
        for point, count in counts.items()
    ]


@dataclass(frozen=True, slots=True)
class PointRow:
    ref: str
    name: str
    url: str
    detail: str


@dataclass(frozen=True, slots=True)
class PointGroup:
    key: str
    words: str
    lines: list[PointRow] = field(default_factory=list)


def point_words(point: Point) -> str:
    return in_words(_POINTS[point])


def point_groups(data: InFullData) -> list[PointGroup]:
    groups: dict[Point, PointGroup] = {}
    for point in data.points:
        kind = point.point
        group = groups.setdefault(kind, PointGroup(kind.value, point_words(kind)))
        group.lines.append(_row(data, point))
    return list(groups.values())


def _row(data: InFullData, point: ToCheck) -> PointRow:
    if point.area is not None:
        return _area_row(data, point.area)
    if point.state is None:
        assert point.kpi is not None
        kpi = kpi_row(data, point.kpi)
        return PointRow(kpi.code, kpi.title, kpi.url, kpi.words)
    return PointRow(
        ref=point.state.ref,
        name=data.texts[point.state.id].in_short,
        url=data.page.link("commitment", point.state.code),
        detail=_detail(data, point, point.state),
    )


def _area_row(data: InFullData, area: int) -> PointRow:
    row = next(row for row in data.areas if row.key == area)
    states = [state for state in data.state.of_area(area) if not state.is_withdrawn]
    counts = count(states)
    worst = next(rating for rating in (Rating.RED, Rating.AMBER) if counts.ratings[rating])
    return PointRow(
        ref=row.ref,
        name=row.short_title or row.title,
        url=data.page.link("area", row.code),
        detail=f"rated {scale().word(data.judged[area])}, "
        f"{counts.ratings[worst]} of {len(states)} {scale().word(worst)}",
    )


def _detail(data: InFullData, point: ToCheck, state: CommitmentState) -> str:
    if point.kpi:
        return formatting.in_short(data.kpis.rows[point.kpi.id])
    if point.point is Point.DATE_MOVED and state.completion:
        days = state.completion.moved_by_days
        return f"{formatting.moved_text(state)} ({abs(days)} days)"
    if point.point is Point.NO_COMPLETION_DATE:
        timescale = data.texts[state.id].timescale
        return f"the plan prints: {timescale}" if timescale else ""
    if point.point is Point.BLUE_WAITS and state.standing.blue_proposed_at:
        return f"proposed {formatting.short_day(day_of(state.standing.blue_proposed_at))}"
    if point.point is Point.LATE_ALTHOUGH_RATED:
        due = state.completion and state.completion.now.in_sentence
        return f"{scale().word(state.rating)}, due {due}"
    if state.pause_has_run_out and point.point is Point.PAUSE_RUN_OUT and state.pause:
        return f"to go on in {state.pause.restarts}"
    return ""

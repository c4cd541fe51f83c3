"""What moved since the earlier day: the counts, each area's, and the list of what changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from actions.pages import formatting
from actions.pages.addresses import address_of
from actions.rules.comparison import Change, ChangeKind, Direction, direction
from actions.rules.dates import PlanDate
from actions.rules.state import Counts
from actions.rules.status import Rating
from actions.wording import scale
from reports.dashboard.dashboard_data import DashboardData


def compared_counts(data: DashboardData) -> formatting.CountsView:
    """The counts with how each has moved, in words: fewer Grey is neither good nor bad.

    Each leads to the list of those.
    """
    page, counts, previous = data.page, data.counts, data.previous_counts
    view = formatting.counts_view(counts, with_overdue=False)
    than = f"than {formatting.brief_day(data.comparison_day)}"
    rows = []
    for row in view.lines:
        row = replace(row, url=page.listed(LISTED, rating=row.rating.value))
        change = row.count - previous.ratings[row.rating]
        if change:
            text = f"{abs(change)} {'more' if change > 0 else 'fewer'}"
            rows.append(replace(row, change=text, words=than))
        else:
            rows.append(replace(row, change="No change"))
    links = []
    if counts.overdue:
        overdue = page.listed(LISTED, needs="overdue")
        links.append(formatting.Linked(f"{counts.overdue} overdue", overdue))
    if counts.update_overdue:
        words = f"{formatting.plural(counts.update_overdue, 'update')} overdue"
        links.append(formatting.Linked(words, page.listed(LISTED, needs="update_overdue")))
    return replace(
        view,
        lines=rows,
        total_url=page.url(LISTED),
        total_links=tuple(links),
    )


def area_movement(counts: Counts, previous: Counts) -> str:
    """`1 more Red, 1 fewer Green`; the largest two moves."""
    moves = [(counts.ratings[rating] - previous.ratings[rating], rating) for rating in Rating]
    largest = sorted((move for move in moves if move[0]), key=lambda move: -abs(move[0]))[:2]
    if not largest:
        return "No change"
    return ", ".join(
        f"{abs(change)} {'more' if change > 0 else 'fewer'} {scale().within(rating)}"
        for change, rating in largest
    )


LISTED = "actions:commitments"
# A group of more shows the first five.
MOST_ROWS = 6


@dataclass(frozen=True, slots=True)
class MovedRow:
    """One rating or date: what it was, and what it is, as a rating or in words."""

    ref: str
    name: str
    url: str
    was: str
    rating: Rating | None = None
    now: str = ""


@dataclass(frozen=True, slots=True)
class MovedGroup:
    """`url` lists all of them, of which `lines` are the first."""

    words: str
    note: str
    url: str
    count: int
    lines: list[MovedRow]

    @property
    def is_cut(self) -> bool:
        return len(self.lines) < self.count


@dataclass(frozen=True, slots=True)
class Movement:
    """What moved, in three columns; and, in a line each, what else happened."""

    text: str
    worse: MovedGroup | None
    better: MovedGroup | None
    others: list[MovedGroup]
    besides: list[MovedGroup]

    @property
    def columns(self) -> list[list[MovedGroup]]:
        return [[group] if group else [] for group in (self.worse, self.better)] + [self.others]

    @property
    def is_empty(self) -> bool:
        return not (self.worse or self.better or self.others or self.besides)


_BESIDES: tuple[tuple[ChangeKind, str], ...] = (
    (ChangeKind.DELIVERED, "delivered"),
    (ChangeKind.OVERDUE, "newly overdue"),
    (ChangeKind.UPDATE_OVERDUE, "with an update newly overdue"),
    (ChangeKind.ADDED, "added to the plan"),
    (ChangeKind.WITHDRAWN, "withdrawn from the plan"),
)


def movement(data: DashboardData) -> Movement:
    by_way: dict[Direction, list[Change]] = {}
    for change in data.changes:
        if way := direction(change):
            by_way.setdefault(way, []).append(change)
    moved = [change for change in data.changes if change.kind is ChangeKind.DATE_MOVED]
    others = [
        _group(data, "date_moved", moved, f"{_noun(moved, 'date', 'dates')} moved"),
        _group(data, "begun", by_way.get(Direction.BEGUN, []), "begun"),
        _group(data, "other", by_way.get(Direction.OTHER, []), "neither better nor worse"),
    ]
    besides = [
        _group(data, kind.value, [one for one in data.changes if one.kind is kind], words)
        for kind, words in _BESIDES
    ]
    return Movement(
        _summary(sum(map(len, by_way.values())), len(moved)),
        _group(data, "worse", by_way.get(Direction.WORSE, []), "worse"),
        _group(data, "better", by_way.get(Direction.BETTER, []), "better"),
        [group for group in others if group],
        [group for group in besides if group],
    )


def _noun(changes: Sequence[Change], one: str, many: str) -> str:
    return one if len(changes) == 1 else many


def _summary(ratings: int, dates: int) -> str:
    """`Nine ratings and three dates`"""
    parts = [
        f"{formatting.number_text(count)} {noun if count == 1 else f'{noun}s'}"
        for count, noun in ((ratings, "rating"), (dates, "date"))
        if count
    ]
    text = " and ".join(parts)
    return text[:1].upper() + text[1:]


def _group(
    data: DashboardData, key: str, changes: Sequence[Change], words: str
) -> MovedGroup | None:
    if not changes:
        return None
    shown = changes if len(changes) <= MOST_ROWS else changes[: MOST_ROWS - 1]
    return MovedGroup(
        words=f"{len(changes)} {words}",
        note=_months_text(changes) if key == "date_moved" else "",
        url=changed_url(data, only=key),
        count=len(changes),
        lines=[_row(data, change) for change in shown],
    )


def _months_text(changes: Sequence[Change]) -> str:
    """`by 9 months in all`, of dates that moved later; earlier ones are not set against them."""
    later = sum(
        max(0, change.was.last_month.months_until(change.now.last_month))
        for change in changes
        if isinstance(change.was, PlanDate) and isinstance(change.now, PlanDate)
    )
    return f"by {formatting.plural(later, 'month')} in all" if later else ""


def _row(data: DashboardData, change: Change) -> MovedRow:
    return MovedRow(
        ref=change.ref,
        name=data.texts[change.commitment].in_short,
        url=data.page.link("commitment", change.code),
        was=_text(change.was),
        rating=change.now if isinstance(change.now, Rating) else None,
        now=change.now.short if isinstance(change.now, PlanDate) else "",
    )


def _text(value: Rating | PlanDate | None) -> str:
    if value is None:
        return ""
    return scale().word(value) if isinstance(value, Rating) else value.short


def changed_url(data: DashboardData, **narrowed: str) -> str:
    """All that moved between the two days of this page, or only of one kind."""
    page = data.page
    address = address_of("changed", page.plan.slug)
    days = {} if page.is_today else {"as_at": page.day}
    return f"{address}?{urlencode({**days, 'compare_with': data.comparison_day, **narrowed})}"


def dates_moved(changes: Sequence[Change]) -> int:
    return sum(change.kind is ChangeKind.DATE_MOVED for change in changes)

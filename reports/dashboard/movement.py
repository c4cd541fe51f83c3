"""What moved since the earlier day: the counts, each area's, and the list of what changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from actions.pages import formatting
from actions.rules.comparison import Change, ChangeKind
from actions.rules.state import Counts
from actions.rules.status import Rating
from actions.wording import in_words, scale


def compared_counts(
    counts: Counts, previous: Counts, comparison_day: date
) -> formatting.CountsView:
    """The counts with how each has moved, in words: fewer Grey is neither good nor bad."""
    view = formatting.counts_view(counts)
    than = f"than {formatting.brief_day(comparison_day)}"
    rows = []
    for row in view.lines:
        change = row.count - previous.ratings[row.rating]
        if change:
            text = f"{abs(change)} {'more' if change > 0 else 'fewer'}"
            rows.append(replace(row, change=text, words=than))
        else:
            rows.append(replace(row, change="No change"))
    return replace(view, lines=rows)


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


@dataclass(frozen=True, slots=True)
class ChangeRow:
    count: int
    words: str
    refs: str


_CHANGES: tuple[tuple[ChangeKind, Rating | None, str], ...] = (
    (ChangeKind.RATED, Rating.BLUE, "became {Blue}, confirmed by a second person"),
    (ChangeKind.RATED, Rating.RED, "fell to {Red}"),
    (ChangeKind.DELIVERED, None, "delivered"),
    (ChangeKind.DATE_MOVED, None, "with a date moved"),
    (ChangeKind.OVERDUE, None, "newly overdue"),
    (ChangeKind.UPDATE_OVERDUE, None, "with an update newly overdue"),
    (ChangeKind.ADDED, None, "added to the plan"),
    (ChangeKind.WITHDRAWN, None, "withdrawn from the plan"),
)


def change_rows(changes: Sequence[Change]) -> list[ChangeRow]:
    """What moved, in counts with their references."""
    by_kind = [(text, _refs(changes, kind, rating)) for kind, rating, text in _CHANGES]
    return [ChangeRow(len(refs), in_words(text), ", ".join(refs)) for text, refs in by_kind if refs]


def _refs(changes: Sequence[Change], kind: ChangeKind, rating: Rating | None) -> list[str]:
    """Each commitment once, though several of its dates have moved."""
    return list(
        dict.fromkeys(
            change.ref
            for change in changes
            if change.kind is kind and (rating is None or change.now is rating)
        )
    )


def dates_moved(changes: Sequence[Change]) -> int:
    return sum(change.kind is ChangeKind.DATE_MOVED for change in changes)

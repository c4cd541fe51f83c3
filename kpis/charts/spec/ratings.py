"""How many commitments had each colour, month by month."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from actions.rules.dates import PlanDate
from actions.rules.scale import OURS, Scale
from actions.rules.status import Rating
from kpis.charts.spec.parts import Figure, Kind, Role, Series, Table, counts_text, month_ticks


def ratings_figure(
    *,
    title: str,
    months: Sequence[PlanDate],
    counts: Sequence[Mapping[Rating, int]],
    unit_text: str = "Commitments at each month’s end",
    scale: Scale = OURS,
) -> Figure:
    """How many commitments had each colour, month by month; Blue first, paused last."""
    if len(months) != len(counts):
        raise ValueError("each month needs its counts")
    x, ratings = month_ticks(months), scale.shown(*counts)
    series = [
        Series(
            name=scale.word(rating),
            role=Role.RATING,
            values=tuple(Decimal(count.get(rating, 0)) for count in counts),
            words=tuple(
                f"{scale.word(rating)}, {month}: {count.get(rating, 0)} of {sum(count.values())}"
                for month, count in zip(months, counts, strict=True)
            ),
            rating=rating,
        )
        for rating in ratings
    ]
    rows = [
        (str(month), *(str(count.get(rating, 0)) for rating in ratings), str(sum(count.values())))
        for month, count in reversed(list(zip(months, counts, strict=True)))
    ]
    columns = ("Month", *(scale.word(rating) for rating in ratings), "All")
    return Figure(
        kind=Kind.RATINGS,
        title=title,
        unit=unit_text,
        x=x,
        series=tuple(series),
        alt=_ratings_alt(unit_text, months, counts, scale),
        table=Table(unit_text, columns, tuple(rows), frozenset(range(1, len(columns)))),
    )


def _ratings_alt(
    unit_text: str,
    months: Sequence[PlanDate],
    counts: Sequence[Mapping[Rating, int]],
    scale: Scale,
) -> str:
    if not months:
        return f"{unit_text}: no month yet."
    opening = f"Stacked columns. {unit_text}, {months[0]} to {months[-1]}."
    ends = dict.fromkeys((0, len(months) - 1))
    said = (f"{months[at]}: {counts_text(counts[at], scale)}." for at in ends)
    return " ".join((opening, *said))

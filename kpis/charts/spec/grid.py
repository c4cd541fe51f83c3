"""Areas by months: what their SROs judged, and the counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions.rules.dates import PlanDate
from actions.rules.levels import OURS, LevelNames
from actions.rules.scale import OURS as OUR_SCALE
from actions.rules.scale import Scale
from actions.rules.status import Rating, shown_ratings
from kpis.charts.spec.parts import (
    Cell,
    Figure,
    Kind,
    Row,
    Table,
    counts_text,
    month_ticks,
    sentence,
)


@dataclass(frozen=True, slots=True)
class AreaMonth:
    """An area at a month's end: its SRO's judgement in force, or None, and its counts."""

    judgement: Rating | None
    counts: Mapping[Rating, int]


@dataclass(frozen=True, slots=True)
class AreaLine:
    # "1" and "Area 1"; the reference is empty where the plan prints none.
    ref: str
    label: str
    title: str
    months: Sequence[AreaMonth]


def grid_figure(
    *,
    title: str,
    months: Sequence[PlanDate],
    areas: Sequence[AreaLine],
    unit_text: str = "",
    levels: LevelNames = OURS,
    scale: Scale = OUR_SCALE,
) -> Figure:
    """Each area at each month's end: what its SRO judged, and the counts. No colour is computed."""
    if any(len(area.months) != len(months) for area in areas):
        raise ValueError("each area needs every month")
    rows = tuple(
        Row(
            ref=area.ref,
            name=area.title,
            cells=tuple(
                Cell(
                    tick=index,
                    words=f"{area.label}, {month}: {_area_month_text(at, scale)}",
                    rating=at.judgement,
                    letter=scale.letter(at.judgement) if at.judgement and scale.entries else "",
                    counts=tuple(at.counts.get(rating, 0) for rating in shown_ratings(at.counts)),
                )
                for index, (month, at) in enumerate(zip(months, area.months, strict=True))
            ),
        )
        for area in areas
    )
    unit = unit_text or "The SRO rating in force at each month’s end"
    return Figure(
        kind=Kind.GRID,
        title=title,
        unit=unit,
        x=month_ticks(months),
        rows=rows,
        alt=_grid_alt(unit, months, areas, levels, scale),
        table=Table(
            caption=f"{unit}, and the counts of {levels.lower.commitments}",
            columns=(levels.area, *(str(month) for month in months)),
            rows=tuple(
                (
                    f"{area.ref} {area.title}".strip(),
                    *(sentence(_area_month_text(at, scale)) for at in area.months),
                )
                for area in areas
            ),
        ),
        notes=(
            f"A letter is the {levels.lower.area}’s SRO rating, a dash that there was none. "
            f"The bar shows the {levels.lower.area}’s {levels.lower.commitments} by colour, "
            f"{scale.word(scale.colours[0])} at the left.",
        ),
    )


def _area_month_text(at: AreaMonth, scale: Scale) -> str:
    judged = f"rated {scale.word(at.judgement)}" if at.judgement else "not rated"
    return f"{judged}; {counts_text(at.counts, scale)}"


def _grid_alt(
    unit: str,
    months: Sequence[PlanDate],
    areas: Sequence[AreaLine],
    levels: LevelNames,
    scale: Scale,
) -> str:
    if not months or not areas:
        return f"{unit}: nothing yet."
    sentences = [f"Grid of {levels.lower.areas} by month. {unit}, {months[0]} to {months[-1]}."]
    for area in areas:
        runs = [
            f"{_judged(at.judgement, scale)} from {month}"
            if index
            else _judged(at.judgement, scale)
            for index, (month, at) in enumerate(zip(months, area.months, strict=True))
            if not index or at.judgement is not area.months[index - 1].judgement
        ]
        sentences.append(
            f"{_named(area)}: {', '.join(runs)}; now {counts_text(area.months[-1].counts, scale)}."
        )
    return " ".join(sentences)


def _named(area: AreaLine) -> str:
    return f"{area.label}, {area.title}" if area.ref else area.title


def _judged(judgement: Rating | None, scale: Scale) -> str:
    return scale.word(judgement) if judgement else "not rated"

"""A finding over time, month by month: what was judged outside, the SRO's rating, Red and Amber."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.areas.findings import JudgementItem
from actions.models import AreaJudgement
from actions.pages.plan_page import PlanPage
from actions.rules.dates import PlanDate, day_of, end_of_day, months_back
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from actions.wording import scale
from wsoa.pages.findings.finding_rows import FindingRow

MONTHS_SHOWN = 12
WORRIED = (Rating.AMBER, Rating.RED)


@dataclass(frozen=True, slots=True)
class RatingLine:
    """An area that answers the finding, with its SRO's rating at each month's end."""

    label: str
    ratings: Sequence[Rating | None]


@dataclass(frozen=True, slots=True)
class Course:
    """The last months, oldest first; each line has as many entries as there are months."""

    months: Sequence[PlanDate]
    # What was said in each month, in a word or two.
    judged: Sequence[str]
    areas: Sequence[RatingLine]
    counts: Sequence[dict[Rating, int]]


def course_of(row: FindingRow) -> Course:
    """One query, for the ratings of the areas that answer it."""
    page = row.page
    months = _months(page)
    days = [min(month.last_day, page.still_on) for month in months]
    return Course(
        months=months,
        judged=[_judged_in(month, row.item.judgements) for month in months],
        areas=_areas(row, days),
        counts=[_counts(page, row.states, place, len(months)) for place in range(len(months))],
    )


def _months(page: PlanPage) -> list[PlanDate]:
    """None before the plan was tracked."""
    tracked = page.plan.tracked_from or page.still_on
    months = months_back(page.still_on, MONTHS_SHOWN)
    return [month for month in months if month.last_day >= tracked] or months[-1:]


def _judged_in(month: PlanDate, judgements: Sequence[JudgementItem]) -> str:
    return "; ".join(
        one.text for one in judgements if one.on and month.first_day <= one.on <= month.last_day
    )


def _areas(row: FindingRow, days: Sequence[date]) -> list[RatingLine]:
    areas = {one.id: one.label for one in row.item.answered_by if one.what == "area"}
    given: dict[int, list[tuple[datetime, Rating]]] = {area: [] for area in areas}
    ratings = AreaJudgement.objects.filter(
        area__in=areas, effective_at__lt=end_of_day(row.page.day)
    ).order_by("effective_at", "recorded_at")
    for area, moment, brag in ratings.values_list("area_id", "effective_at", "brag"):
        given[area].append((moment, Rating(brag)))
    return [
        RatingLine(
            label,
            [
                next((brag for at, brag in reversed(given[area]) if day_of(at) <= day), None)
                for day in days
            ],
        )
        for area, label in areas.items()
    ]


def _counts(
    page: PlanPage, states: Sequence[CommitmentState], place: int, months: int
) -> dict[Rating, int]:
    """How many were Amber and Red at a month's end."""
    ratings = [page.months(state, months)[place].rating for state in states]
    return {rating: ratings.count(rating) for rating in WORRIED}


def course_table(course: Course) -> dict[str, object]:
    """The course as the rows of a table; a month that says nothing has an empty cell."""
    key = scale()
    lines: list[dict[str, object]] = []
    if any(course.judged):
        lines.append(
            {"label": "Judged outside", "cells": [{"text": text} for text in course.judged]}
        )
    lines += [
        {
            "label": "SRO rating" if len(course.areas) == 1 else f"SRO rating, {line.label}",
            "cells": [
                {"text": key.word(rating), "rating": rating.value, "letter": key.letter(rating)}
                if rating
                else {"text": ""}
                for rating in line.ratings
            ],
        }
        for line in course.areas
        if any(line.ratings)
    ]
    lines += [
        {
            "label": key.word(rating),
            "cells": [{"text": str(counts[rating] or "–")} for counts in course.counts],
        }
        for rating in WORRIED
        if key.has(rating)
    ]
    return {"months": [month.short for month in course.months], "lines": lines}

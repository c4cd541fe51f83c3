"""Each area with its officer's judgement, its counts, and how they moved."""

from collections.abc import Sequence
from dataclasses import dataclass

from actions.areas.areas import judgement_of
from actions.pages import formatting
from actions.rules.dates import PlanDate, months_back
from actions.rules.state import count
from actions.rules.status import Rating
from actions.wording import levels, scale
from reports.dashboard.dashboard_data import DashboardData
from reports.dashboard.movement import area_movement

STRIP_MONTHS = 12


@dataclass(frozen=True, slots=True)
class AreaRow:
    number: str
    title: str
    url: str
    about: str
    judgement: formatting.JudgementView | None
    share: formatting.Share | None
    strip: formatting.Strip
    moved: str


def area_rows(data: DashboardData) -> list[AreaRow]:
    day = data.page.day
    months = months_back(day, STRIP_MONTHS)
    days = [min(month.last_day, day) for month in months]
    rows = []
    for area in data.areas:
        counts = count(data.state.of_area(area.key))
        about = (area.sro, levels().some("commitment", counts.total))
        rows.append(
            AreaRow(
                number=(number := formatting.narrow_ref(area)),
                title=area.title if number else formatting.area_name(area),
                url=data.page.link("area", area.code),
                about=". ".join(filter(None, about)),
                judgement=judgement_of(area),
                share=formatting.share_view(counts) if counts.total else None,
                strip=_strip(months, data.area_ratings.on(area.key, days)),
                moved=area_movement(counts, count(data.previous_state.of_area(area.key))),
            )
        )
    return rows


def _strip(months: Sequence[PlanDate], ratings: Sequence[Rating | None]) -> formatting.Strip:
    cells = [
        formatting.StripCell(
            kind="written" if rating else "before",
            rating=rating or Rating.NOT_YET_RATED,
            letter=scale().letter(rating) if rating else "",
            month_initial=str(month)[0],
            is_current=position == len(months) - 1,
        )
        for position, (month, rating) in enumerate(zip(months, ratings, strict=True))
    ]
    by_month = "; ".join(
        f"{month.short}: {scale().word(rating) if rating else 'not rated'}"
        for month, rating in zip(months, ratings, strict=True)
    )
    first, last = months[0].short.split()[0], months[-1].short.split()[0]
    return formatting.Strip(cells, f"SRO rating. {by_month}", f"{first} to {last}")

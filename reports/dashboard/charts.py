"""The charts: ratings by month, what each area's officer said, and the completion dates."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.rules.dates import PlanDate, months_back
from actions.rules.rating_course import total
from actions.rules.status import Rating
from actions.wording import in_words, levels, scale
from kpis.charts.spec import (
    AreaLine,
    AreaMonth,
    TimelineLine,
    grid_figure,
    ratings_figure,
    timeline_figure,
)
from kpis.pages.page_chart import Chart, chart, explored_in
from reports.dashboard.dashboard_data import TimelineData

# The months of the charts, the current one included.
MONTHS_SHOWN = 13


def ratings_chart(data: TimelineData) -> Chart:
    """How many commitments had each colour at each month's end, the current month up to the day."""
    months, days = _months(data.page)
    counts = [total(ratings) for ratings in data.page.ratings_on(days)]
    figure = ratings_figure(
        title=ratings_title(counts),
        months=months,
        counts=counts,
        unit_text=in_words("{Commitments} at each month’s end"),
        scale=scale(),
    )
    return chart(figure, id="ratings", explored=explored_in(data.page))


def ratings_title(counts: Sequence[Mapping[Rating, int]]) -> str:
    """How Blue, and Amber and Red together, went from the first month to the last."""
    first, last = counts[0], counts[-1]
    key = scale()
    shown = key.shown(*counts)
    worried: list[Rating] = [rating for rating in (Rating.AMBER, Rating.RED) if rating in shown]
    pairs: list[list[Rating]] = [[Rating.BLUE]] if Rating.BLUE in shown else []
    pairs += [worried] if worried else []
    clauses: list[str] = []
    for ratings in pairs:
        words = formatting.listed([key.word(rating) for rating in ratings])
        words += " together" if len(ratings) > 1 else ""
        went = "" if clauses else " went"
        of = "" if clauses else f" of {sum(last.values())}"
        start, end = (sum(at[rating] for rating in ratings) for at in (first, last))
        clauses.append(f"{words}{went} from {start} to {end}{of}")
    return f"{'; '.join(clauses)}." if clauses else "Ratings, month by month"


def _months(page: PlanPage) -> tuple[list[PlanDate], list[date]]:
    """The months shown, none before the plan was tracked or after it was closed, and the day each
    is counted on."""
    day = page.still_on
    tracked = page.plan.tracked_from or day
    months = [month for month in months_back(day, MONTHS_SHOWN) if month.last_day >= tracked] or [
        PlanDate.month_of(day)
    ]
    return months, [min(month.last_day, day) for month in months]


def grid_chart(data: TimelineData) -> Chart:
    """Area by month: the officer's judgement, over the counts of the month's end."""
    months, days = _months(data.page)
    counts = data.page.ratings_on(days)
    areas = [
        AreaLine(
            area.ref,
            area.label,
            formatting.in_short(area),
            [
                AreaMonth(rating, total({area.key: ratings.get(area.key, Counter())}))
                for rating, ratings in zip(
                    data.area_ratings.on(area.key, days), counts, strict=True
                )
            ],
        )
        for area in data.areas
    ]
    title = in_words("SRO rating of each {area}, month by month")
    return chart(
        grid_figure(title=title, months=months, areas=areas, levels=levels(), scale=scale()),
        id="grid",
        width=1000,
    )


def timeline_chart(data: TimelineData) -> Chart:
    """Each commitment's completion: as first agreed, now, and asked for; and what was delivered."""
    groups = {
        area.key: formatting.area_name(area, formatting.in_short(area)) for area in data.areas
    }
    rows = [
        TimelineLine(
            ref=state.ref,
            name=data.texts[state.id].in_short,
            first=state.completion.first,
            now=state.completion.now,
            asked=state.requested_date,
            delivered=PlanDate.month_of(state.completion.delivered_on)
            if state.completion.delivered_on
            else None,
            group=groups[state.area],
        )
        for state in data.page.state.commitments
        if state.completion and not state.is_withdrawn
    ]
    moved = sum(row.first != row.now for row in rows)
    title = (
        f"{formatting.plural(moved, 'completion date')} of {len(rows)} "
        f"{'has' if moved == 1 else 'have'} moved"
    )
    figure = timeline_figure(title=title, lines=rows, as_at=data.page.day, levels=levels())
    return chart(figure, id="timeline", width=1000, explored=explored_in(data.page))

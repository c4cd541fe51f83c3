"""Each area with its officer's judgement and words, its counts, and its headline KPI."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from actions.areas.areas import judgement_of
from actions.pages import formatting
from actions.rules.comparison import Direction, direction_of
from actions.rules.dates import PlanDate, months_back
from actions.rules.state import Counts, count
from actions.rules.status import Rating
from actions.wording import scale
from kpis.pages.kpi_rows import KpiRow
from kpis.recording.sparks import spark
from kpis.rules.text import amount, number, tidy
from reports.dashboard.dashboard_data import DashboardData
from reports.dashboard.movement import area_movement

STRIP_MONTHS = 12
# An SRO's words stand in one line.
LONGEST_WORDS = 95
SPARK = (118.0, 28.0)


@dataclass(frozen=True, slots=True)
class Step:
    """A value on the way from the baseline to the target, and its day, month or term."""

    value: str
    unit: str = ""
    when: str = ""
    # "no figure", or what is said in place of one that is too few to show.
    is_words: bool = False


@dataclass(frozen=True, slots=True)
class Headline:
    name: str
    url: str
    baseline: Step | None
    now: Step
    target: Step | None
    position: formatting.Chip
    spark: SafeString | None


@dataclass(frozen=True, slots=True)
class Trend:
    """How the SRO's rating moved: its arrow, and the words that say the same."""

    arrow: str
    words: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    number: str
    title: str
    url: str
    sro: str
    judgement: formatting.JudgementView | None
    # Whether it was given before the earlier day.
    is_old: bool
    trend: Trend | None
    words: str
    share: formatting.Share | None
    strip: formatting.Strip
    moved: str
    headline: Headline | None


def area_rows(data: DashboardData) -> list[AreaRow]:
    day = data.page.day
    months = months_back(day, STRIP_MONTHS)
    days = [min(month.last_day, day) for month in months]
    rows = []
    for area in data.areas:
        counts = count(data.state.of_area(area.key))
        number = formatting.narrow_ref(area)
        title = formatting.in_short(area)
        judgement = judgement_of(area)
        rows.append(
            AreaRow(
                number=number,
                title=title if number else formatting.area_name(area, title),
                url=data.page.link("area", area.code),
                sro=", ".join(filter(None, (area.sro, area.sro_organisation))),
                judgement=judgement,
                is_old=judgement is not None and judgement.judged_on < data.comparison_day,
                trend=_trend(*data.area_ratings.on(area.key, [data.comparison_day, day])),
                words=first_sentence(judgement.reason) if judgement else "",
                share=_share(data, area, counts) if counts.total else None,
                strip=_strip(months, data.area_ratings.on(area.key, days)),
                moved=area_movement(counts, count(data.previous_state.of_area(area.key))),
                headline=_headline(data, area.headline_kpi),
            )
        )
    return rows


def _share(data: DashboardData, area: Any, counts: Counts) -> formatting.Share:
    """Each part leads to the commitments that it counts."""
    return formatting.linked_share(
        counts,
        lambda rating: data.page.listed("actions:commitments", area=area.code, rating=rating.value),
    )


_ARROWS = {Direction.BETTER: "better", Direction.WORSE: "worse"}


def _trend(was: Rating | None, now: Rating | None) -> Trend | None:
    if now is None:
        return None
    if was is None:
        return Trend("", "first rating")
    if was is now:
        return Trend("same", "unchanged")
    return Trend(_ARROWS.get(direction_of(was, now), "same"), f"was {scale().word(was)}")


_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“‘\"'(])")


def first_sentence(text: str) -> str:
    """The first sentence of somebody's words, cut between words where it is long."""
    first = _END_OF_SENTENCE.split(" ".join(text.split()), maxsplit=1)[0]
    return formatting.cut(first, LONGEST_WORDS)


# --- The headline KPI -------------------------------------------------------------------------


def _headline(data: DashboardData, kpi: int | None) -> Headline | None:
    if kpi is None or kpi not in data.kpi_states:
        return None
    row = KpiRow(data.page, data.kpis.rows[kpi], data.histories[kpi], data.kpi_states[kpi])
    width, height = SPARK
    return Headline(
        name=row.in_short,
        url=row.url,
        baseline=_baseline(row),
        now=_now(row),
        target=_target(row),
        position=row.position,
        spark=None
        if row.is_hidden
        else spark(row.history, row.state, row.unit, width=width, height=height),
    )


def _baseline(row: KpiRow) -> Step | None:
    baseline = row.state.baseline
    if baseline is None:
        return None
    on = row.history.baseline_on
    return Step(_bare(row, tidy(baseline, row.state)), when=on.short if on else "")


def _now(row: KpiRow) -> Step:
    latest = row.latest_apart
    return Step(latest.value, latest.unit, row.latest_note, latest.is_words)


def _target(row: KpiRow) -> Step | None:
    target = row.state.target
    if target is None:
        return None
    when = target.on.short if target.on else ""
    if target.level is None:
        return Step(row.target_text, when=when, is_words=True)
    return Step(_bare(row, tidy(target.level, row.state)), when=when)


def _bare(row: KpiRow, value: Decimal) -> str:
    """Without its unit, which stands once, beside the figure of now."""
    return amount(value, "%") if row.unit == "%" else number(value)


# --- The strip --------------------------------------------------------------------------------


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

"""Areas and actions by month: SRO ratings, the lowest rating of an action's commitments, dates due.

An area's cell is its officer's rating at the month's end. An action's is a count: the lowest rating
among its commitments, and how many have it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.models import Action
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.records.text_versions import worded
from actions.rules.dates import PlanDate, months_back
from actions.rules.rating_course import courses_by_action, lowest
from actions.rules.state import CommitmentState, count
from actions.rules.status import Rating
from actions.wording import in_words, levels, scale
from reports.dashboard.dashboard_data import TimelineData

MONTHS_BACK = 12
MONTHS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class Cell:
    """One month. `letter` and `number` are drawn; `words` are read: `2 Red`."""

    kind: str
    rating: Rating
    letter: str
    number: str
    words: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Row:
    ref: str
    title: str
    url: str
    is_area: bool
    cells: list[Cell]
    share: formatting.Share | None
    overdue: formatting.Linked | None
    # How many are due in each month ahead.
    due: list[int]


@dataclass(frozen=True, slots=True)
class MonthHead:
    """`year` where a year begins, or the row of months does."""

    name: str
    full: str
    year: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class HeatMap:
    lead: str
    # The plan's word for Grey, where it knows one.
    low_bar: str
    months: list[MonthHead]
    ahead: list[MonthHead]
    rows: list[Row]


def heat_map(data: TimelineData, actions: Sequence[Any]) -> HeatMap:
    page = data.page
    months = months_back(page.still_on, MONTHS_BACK)
    days = [min(month.last_day, page.still_on) for month in months]
    this_month = months[-1]
    ahead = [this_month.plus_months(number) for number in range(1, MONTHS_AHEAD + 1)]
    courses = page.keep(
        "courses by action",
        tuple(days),
        lambda: courses_by_action(page.history.plans[0], days),
        lambda found: 12 * len(found),
    )
    rows = []
    for area in data.areas:
        of_area = [one for one in page.state.of_area(area.key) if not one.is_withdrawn]
        rows.append(_area_row(data, area, of_area, days, ahead))
        rows += [
            _action_row(data, action, states, courses.get(action.key, []), ahead)
            for action in actions
            if action.area_id == area.key
            and (states := [one for one in of_area if one.action == action.key])
        ]
    low_bar = scale().grey if scale().has(Rating.GREY) else ""
    return HeatMap(_lead(data, rows), low_bar, _heads(months, this_month), _heads(ahead), rows)


def actions_of(page: PlanPage) -> list[Any]:
    """The plan's actions with commitments, as worded on the day, in the plan's order. One query."""
    places: dict[int, int] = {}
    for place, state in enumerate(page.state.commitments):
        places.setdefault(state.action, place)
    rows = worded(Action, page.worded_day, plan=page.plan)
    return sorted((row for row in rows if row.key in places), key=lambda row: places[row.key])


def _lead(data: TimelineData, rows: Sequence[Row]) -> str:
    """`71 commitments in 20 actions and five areas. Eight actions hold a Red commitment.`"""
    words = levels()
    total = count(data.page.state.commitments).total
    actions = [row for row in rows if not row.is_area]
    areas = len(rows) - len(actions)
    red = sum(
        row.cells[-1].rating is Rating.RED and row.cells[-1].kind == "written" for row in actions
    )
    text = (
        f"{words.some('commitment', total)} in {words.some('action', len(actions))} and "
        f"{words.some('area', areas)}."
    )
    if red:
        holds = in_words("{action} holds" if red == 1 else "{actions} hold")
        text += f" {red} {holds} {in_words('{a_commitment}')} that is {scale().red}."
    return text


# --- Rows -------------------------------------------------------------------------------------


def _area_row(
    data: TimelineData,
    area: Any,
    states: Sequence[CommitmentState],
    days: Sequence[date],
    ahead: Sequence[PlanDate],
) -> Row:
    ratings = data.area_ratings.on(area.key, days)
    cells = [
        _written(rating, "", is_current=place == len(ratings) - 1)
        if rating
        else _empty("not rated", is_current=place == len(ratings) - 1)
        for place, rating in enumerate(ratings)
    ]
    number = formatting.narrow_ref(area)
    title = formatting.in_short(area)
    narrowed = {"area": area.code}
    return Row(
        number,
        title if number else formatting.area_name(area, title),
        data.page.link("area", area.code),
        True,
        cells,
        _share(states),
        _overdue(data.page, states, narrowed),
        _due(states, ahead),
    )


def _action_row(
    data: TimelineData,
    action: Any,
    states: Sequence[CommitmentState],
    course: Sequence[Counter[Rating]],
    ahead: Sequence[PlanDate],
) -> Row:
    is_single = len(states) == 1
    cells = []
    for place, ratings in enumerate(course):
        found = lowest(ratings)
        is_current = place == len(course) - 1
        if found is None:
            cells.append(_empty("not in the plan", is_current=is_current))
        else:
            rating, number = found
            cells.append(_written(rating, "" if is_single else str(number), is_current=is_current))
    # One that prints no rows of its own is called as its commitment is.
    title = action.title or data.texts[states[0].id].in_short
    narrowed = {"action": action.code}
    return Row(
        action.ref,
        title,
        data.page.link("action", action.code),
        False,
        cells,
        _share(states),
        _overdue(data.page, states, narrowed),
        _due(states, ahead),
    )


_KINDS = {Rating.GREY: "grey", Rating.NOT_YET_RATED: "unrated", Rating.PAUSED: "paused"}


def _written(rating: Rating, number: str, *, is_current: bool) -> Cell:
    kind = _KINDS.get(rating, "written")
    words = " ".join(filter(None, (number, scale().word(rating))))
    return Cell(kind, rating, scale().letter(rating), number, words, is_current)


def _empty(words: str, *, is_current: bool) -> Cell:
    return Cell("before", Rating.NOT_YET_RATED, "", "", words, is_current)


def _share(states: Sequence[CommitmentState]) -> formatting.Share | None:
    counts = count(states)
    return formatting.share_view(counts) if counts.total else None


def _overdue(
    page: PlanPage, states: Sequence[CommitmentState], narrowed: Mapping[str, str]
) -> formatting.Linked | None:
    number = sum(state.is_overdue for state in states)
    if not number:
        return None
    url = page.listed("actions:commitments", needs="overdue", **narrowed)
    return formatting.Linked(str(number), url)


def _due(states: Sequence[CommitmentState], ahead: Sequence[PlanDate]) -> list[int]:
    """Of what is not done yet, by the month in which it is due."""
    by_month = Counter(
        state.completion.now.month_number
        for state in states
        if state.completion and not state.delivered_on and not state.is_finished
    )
    return [by_month[month.month_number] for month in ahead]


def _heads(months: Sequence[PlanDate], current: PlanDate | None = None) -> list[MonthHead]:
    heads = []
    for place, month in enumerate(months):
        is_first = place == 0 or month.first_day.month == 1
        heads.append(
            MonthHead(
                month.short.split()[0],
                str(month),
                str(month.first_day.year) if is_first else "",
                current is not None and month == current,
            )
        )
    return heads

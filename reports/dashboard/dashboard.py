"""The steering group's page: what changed since its last meeting, what needs it, and why.

The finding at its head comes from a fixed, ordered set of sentences over counts, so that nobody can
tune it: see `finding`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from actions import access
from actions.areas.areas import areas_of, judgement_of
from actions.models import AreaJudgement, Person
from actions.pages import formatting
from actions.pages.commitment_rows import Words, people_of, person_words, words_of
from actions.pages.formatting import Chip
from actions.pages.plan_page import PlanPage
from actions.rules.comparison import ChangeKind, changes_between
from actions.rules.dates import PlanDate, day_of, end_of_day, months_back
from actions.rules.state import CommitmentState, Counts, PlanState, count
from actions.rules.status import Rating
from kpis.charts.spec import (
    AreaLine,
    AreaMonth,
    TimelineLine,
    grid_figure,
    ratings_figure,
    timeline_figure,
)
from kpis.pages.page_chart import chart
from kpis.recording.history import KpiBook, load_kpis
from kpis.rules.state import KpiState
from kpis.rules.text import figure_words, gap_words
from reports.rules.exceptions import (
    Exceptional,
    Exceptions,
    Part,
    Point,
    Reason,
    ToCheck,
    Why,
    exceptions,
    points_to_check,
)

# The months of the charts, the current one included.
MONTHS_SHOWN = 13
# A title names so many commitments, each in so many signs.
MOST_NAMED = 3
LONGEST_NAME = 60


# --- The finding ------------------------------------------------------------------------------


def finding(now: PlanState, before: PlanState, title_day: date, names: Mapping[int, str]) -> str:
    """The page's title: the first two of these that hold, else that nothing moved.

    More Blue; Red in more areas, or more Red; fewer Red; more overdue; more Amber; more Green. The
    good and the bad are joined by "but". What is newly Red is named, up to three commitments.
    """
    counts, earlier = count(now.commitments), count(before.commitments)
    found = list(_clauses(now, before, counts, earlier, names))[:2]
    if not found:
        return f"How the plan stands on {formatting.short_day(title_day)}"
    joint = "but" if len({is_good for _, is_good in found}) > 1 else "and"
    first, *others = (clause for clause, _ in found)
    # After a list of names a comma would read as one of them.
    stop = ";" if ":" in first else "," if joint == "but" else ""
    words = f"{stop} {joint} ".join((first, *others))
    return words[:1].upper() + words[1:]


def _clauses(
    now: PlanState,
    before: PlanState,
    counts: Counts,
    earlier: Counts,
    names: Mapping[int, str],
) -> Iterator[tuple[str, bool]]:
    def more(rating: Rating) -> int:
        return counts.ratings[rating] - earlier.ratings[rating]

    if more(Rating.BLUE) > 0:
        yield f"{_more(more(Rating.BLUE))} done and embedded", True
    red, was_red = _red(now), _red(before)
    reached = len({state.area for state in red.values()})
    if more(Rating.RED) > 0 or reached > len({state.area for state in was_red.values()}):
        yield _now_red(red, was_red, names), False
    elif more(Rating.RED) < 0:
        fewer = -more(Rating.RED)
        yield f"{_fewer(fewer)} Red", True
    if counts.overdue > earlier.overdue:
        yield f"{_more(counts.overdue - earlier.overdue)} overdue", False
    if more(Rating.AMBER) > 0:
        yield f"{_more(more(Rating.AMBER))} Amber", False
    if more(Rating.GREEN) > 0:
        yield f"{_more(more(Rating.GREEN))} Green", True


def _red(state: PlanState) -> dict[int, CommitmentState]:
    return {
        one.id: one
        for one in state.commitments
        if one.rating is Rating.RED and not one.is_withdrawn
    }


def _now_red(
    red: Mapping[int, CommitmentState],
    was_red: Mapping[int, CommitmentState],
    names: Mapping[int, str],
) -> str:
    """`one commitment is now Red: 1.1.1a, Waiting times`; a count where there are many.

    It is commitments that are Red, and never an area: an area has its officer's judgement.
    """
    newly = [state for key, state in red.items() if key not in was_red]
    is_more = was_red and len(red) - len(was_red) == len(newly)
    noun = "commitment is" if len(newly) == 1 else "commitments are"
    number = f"{formatting.number_words(len(newly))} {'more ' if is_more else ''}"
    words = f"{number}{noun} now Red"
    if len(newly) > MOST_NAMED:
        return words
    named = [
        f"{one.ref}, {formatting.cut(names[one.id].rstrip('.'), LONGEST_NAME)}" for one in newly
    ]
    return f"{words}: {'; '.join(named)}"


def _more(number: int) -> str:
    noun = "commitment is" if number == 1 else "commitments are"
    return f"{formatting.number_words(number)} more {noun}"


def _fewer(number: int) -> str:
    noun = "commitment is" if number == 1 else "commitments are"
    return f"{formatting.number_words(number)} fewer {noun}"


def lead_in(found: Exceptions, before: Exceptions, moved: int, counts: Counts, since: str) -> str:
    """`Since 16 December 2022, eight commitments have a new reason for attention and five …`"""
    new = sum(one.has_new_reason for one in found.commitments)
    now = {one.state.id for one in found.commitments}
    over = len({one.state.id for one in (*before.decision, *before.attention)} - now)
    unrated = counts.ratings[Rating.NOT_YET_RATED]
    # From ten up a number is a numeral, and so are those beside it.
    is_few = max(new, over, moved, unrated) < 10

    def number(count: int, noun: str, one: str, many: str) -> str:
        digits = formatting.number_words(count) if is_few else str(count)
        return f"{digits} {noun if count == 1 else f'{noun}s'} {one if count == 1 else many}"

    said = []
    if new:
        has = number(new, "commitment", "has", "have")
        said.append(f"{has} a new reason for attention")
    if over:
        said.append(
            number(over, "commitment", "is no longer an exception", "are no longer exceptions")
        )
    sentences = [f"Since {since}, {' and '.join(said) or 'nothing new needs attention'}."]
    if moved:
        sentences.append(f"{number(moved, 'date', 'moved', 'moved').capitalize()}.")
    if unrated:
        rated = number(unrated, "commitment", "has", "have").capitalize()
        sentences.append(f"{rated} never been rated.")
    return " ".join(sentences)


# --- Counts -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Movement:
    rating: Rating
    count: int
    change: str
    words: str


def moved_counts(counts: Counts, before: Counts, since: date, day: date) -> formatting.CountsView:
    """The counts with how each has moved, in words: fewer Grey is neither good nor bad."""
    view = formatting.counts_view(counts)
    lines: list[Any] = []
    for line in view.lines:
        change = line.count - before.ratings[line.rating]
        if not change:
            lines.append(Movement(line.rating, line.count, "No change", ""))
            continue
        words = f"{abs(change)} {'more' if change > 0 else 'fewer'}"
        than = f"than {formatting.day_month(since, day)}"
        lines.append(Movement(line.rating, line.count, words, than))
    return formatting.CountsView(view.total, lines, view.facts)


# --- Exceptions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    ref: str
    name: str
    url: str
    rating: Rating
    was: str
    chips: list[Chip]
    said_by: str
    said_on: str


def exception_lines(
    page: PlanPage,
    found: Iterable[Exceptional],
    words: Mapping[int, Words],
    people: Mapping[int, Person],
) -> list[ExceptionLine]:
    return [
        ExceptionLine(
            ref=one.state.ref,
            name=words[one.state.id].name,
            url=page.link("commitment", one.state.ref),
            rating=one.state.rating,
            was=_was(one),
            chips=reasons_of(one, page.day),
            said_by=_leads(one.state, people),
            said_on=_said_on(one.state),
        )
        for one in found
    ]


def _was(one: Exceptional) -> str:
    if one.was is None or one.was is Rating.NOT_YET_RATED:
        return ""
    return "unchanged" if one.was is one.state.rating else f"was {one.was.label}"


def reasons_of(one: Exceptional, day: date) -> list[Chip]:
    """Why a commitment stands out, each reason with its age, as said on a day."""
    return [_chip(one.state, why, day) for why in one.reasons]


def _leads(state: CommitmentState, people: Mapping[int, Person]) -> str:
    return "; ".join(person_words(people[lead.person]) for lead in state.leads) or "No lead named"


def _said_on(state: CommitmentState) -> str:
    newest = state.newest_update
    return formatting.short_day(day_of(newest.effective_at)) if newest else "not updated yet"


def _chip(state: CommitmentState, why: Why, day: date) -> Chip:
    glyph, text = _REASONS[why.reason]
    if why.reason is Reason.UPDATE_OVERDUE:
        return Chip(glyph, formatting.update_overdue_words(state), why.is_new)
    if why.reason is Reason.NEWLY_OVERDUE:
        months = state.overdue_months
        amount = formatting.plural(months, "month") if months else "since this month"
        return Chip(glyph, f"Overdue {amount}", why.is_new)
    if why.missed:
        text = f"{why.missed.kind.label} of {why.missed.now.short} missed"
        return Chip(glyph, text, why.is_new)
    if why.reason is Reason.CHANGE_ASKED and state.asked_for:
        return Chip(glyph, f"Move to {state.asked_for} asked for", why.is_new)
    if why.since:
        text = f"{text} since {formatting.day_month(why.since, day)}"
    return Chip(glyph, text, why.is_new)


_REASONS = {
    Reason.RED: ("flag", "Red"),
    Reason.CHANGE_ASKED: ("arrow", "Change asked for"),
    Reason.HELP_ASKED: ("question", "Support needed"),
    Reason.NEWLY_AMBER: ("flag", "Amber"),
    Reason.NEWLY_OVERDUE: ("clock", "Overdue"),
    Reason.DATE_MISSED: ("clock", "Date missed"),
    Reason.BLUE_RETURNED: ("flag", "Blue returned"),
    Reason.BLUE_LAPSED: ("flag", "Blue not said again for six months"),
    Reason.GREY_ALTHOUGH_DUE: ("broken", "Grey although due"),
    Reason.UPDATE_OVERDUE: ("bubble", "Update overdue"),
    Reason.AMBER: ("flag", "Amber"),
}

PARTS = {
    Part.DECISION: ("For decision", "Red, a change requested, or support needed."),
    Part.ATTENTION: ("For attention", "New since then, or overdue, missed, lapsed or not updated."),
    Part.NOTE: ("To note", "Amber, unchanged."),
}

_POINTS = {
    Point.LATE_ALTHOUGH_RATED: "Late although rated Green or Amber",
    Point.GREY_ALTHOUGH_DUE: "Grey although due",
    Point.BLUE_WAITS: "Blue proposed more than two weeks ago",
    Point.DATE_MOVED: "Date moved",
    Point.NO_COMPLETION_DATE: "No completion date agreed",
    Point.NO_BETTER: "Done for three months, and its measure no better than the baseline",
    Point.NO_DATA_SINCE: "Done for three months, and no figure since",
}


def point_groups(
    page: PlanPage, points: Iterable[ToCheck], words: Mapping[int, Words], book: KpiBook
) -> list[dict[str, Any]]:
    """The points to check, by kind, each with the commitments it is about."""
    groups: dict[Point, list[dict[str, str]]] = {}
    for one in points:
        groups.setdefault(one.point, []).append(
            {
                "ref": one.state.ref,
                "name": words[one.state.id].name,
                "url": page.link("commitment", one.state.ref),
                "detail": _point_detail(one, book),
            }
        )
    return [{"words": _POINTS[point], "lines": lines} for point, lines in groups.items()]


def _point_detail(one: ToCheck, book: KpiBook) -> str:
    if one.kpi:
        return str(book.rows[one.kpi.id].title)
    if one.point is Point.DATE_MOVED and one.state.completion:
        days = one.state.completion.moved_by_days
        return f"{formatting.moved_words(one.state)} ({abs(days)} days)"
    if one.point is Point.BLUE_WAITS and one.state.standing.blue_proposed_at:
        return f"proposed {formatting.short_day(day_of(one.state.standing.blue_proposed_at))}"
    if one.point is Point.LATE_ALTHOUGH_RATED:
        return f"{one.state.rating.label}, due {one.state.completion and one.state.completion.now}"
    return ""


# --- What is due, and who is to be reminded ---------------------------------------------------


def agenda(
    page: PlanPage, words: Mapping[int, Words], people: Mapping[int, Person]
) -> list[dict[str, Any]]:
    """Completion dates within six weeks, by month."""
    months: dict[PlanDate, list[dict[str, Any]]] = {}
    due = [state for state in page.state.commitments if state.is_due_soon and state.completion]
    for state in sorted(
        due, key=lambda one: one.completion.now.last_day if one.completion else date.max
    ):
        assert state.completion is not None
        now = state.completion.now
        months.setdefault(PlanDate.month_of(now.first_day), []).append(
            {
                "ref": state.ref,
                "name": words[state.id].name,
                "url": page.link("commitment", state.ref),
                "rating": state.rating,
                "about": ", moved from ".join(
                    [_leads(state, people), str(state.completion.first)]
                    if state.completion.is_moved
                    else [_leads(state, people)]
                ),
            }
        )
    return [{"month": str(month), "lines": lines} for month, lines in months.items()]


def reminders(page: PlanPage, people: Mapping[int, Person]) -> list[dict[str, Any]]:
    """Who has updates overdue, with the references; a person with several stands once."""
    owed = _owing(page)
    return [
        {"name": person_words(people[person]) if person else "No lead named", "refs": refs}
        for person, refs in sorted(
            owed.items(), key=lambda one: people[one[0]].name if one[0] else ""
        )
    ]


def _owing(page: PlanPage) -> dict[int | None, list[str]]:
    owed: dict[int | None, list[str]] = {}
    for state in page.state.commitments:
        if state.update_overdue:
            leads: list[int | None] = [lead.person for lead in state.leads]
            for person in leads or [None]:
                owed.setdefault(person, []).append(state.ref)
    return owed


# Longer addresses are cut short, or not opened at all, by some mail programs and browsers.
LONGEST_ADDRESS = 1800


@dataclass(frozen=True, slots=True)
class Chasing:
    """Mails to those with updates overdue, several where one address cannot hold them all."""

    mails: tuple[formatting.Crumb, ...] = ()
    # Those without an account to write to.
    unreachable: tuple[str, ...] = ()


def chasing(page: PlanPage, people: Mapping[int, Person]) -> Chasing:
    """For the programme team, today. One query where an update is overdue, else none."""
    owing = [person for person in _owing(page) if person]
    if not owing or not page.is_today or not access.can_manage_periods(page.access):
        return Chasing()
    found = Person.objects.filter(pk__in=owing, user__is_active=True).exclude(user__email="")
    addresses = dict(found.values_list("pk", "user__email"))
    in_order = sorted(owing, key=lambda person: people[person].name)
    mails = mails_to(
        [addresses[person] for person in in_order if person in addresses],
        f"{page.plan.short_name}: updates overdue",
    )
    return Chasing(
        mails=tuple(
            formatting.Crumb(
                "Write to them" if len(mails) == 1 else f"Write to them, {number} of {len(mails)}",
                mail,
            )
            for number, mail in enumerate(mails, start=1)
        ),
        unreachable=tuple(people[person].name for person in in_order if person not in addresses),
    )


def mails_to(addresses: Iterable[str], subject: str) -> list[str]:
    """Addresses of new mails to these, none longer than `LONGEST_ADDRESS`."""
    about = f"?subject={quote(subject)}"
    mails: list[str] = []
    for address in dict.fromkeys(quote(one, safe="@") for one in addresses):
        more = f"{mails[-1]},{address}" if mails else ""
        if more and len(more) + len(about) <= LONGEST_ADDRESS:
            mails[-1] = more
        else:
            mails.append(f"mailto:{address}")
    return [f"{mail}{about}" for mail in mails]


# --- Areas ------------------------------------------------------------------------------------


def judged(page: PlanPage, days: Sequence[date]) -> dict[int, list[Rating | None]]:
    """By area, its officer's judgement as it stood by the end of each day. One query."""
    said: dict[int, list[tuple[Any, Rating]]] = {}
    for area, moment, brag in (
        AreaJudgement.objects.filter(area__plan=page.plan, effective_at__lt=end_of_day(page.day))
        .order_by("effective_at", "recorded_at")
        .values_list("area_id", "effective_at", "brag")
    ):
        said.setdefault(area, []).append((moment, Rating(brag)))
    return {
        area: [
            next((rating for at, rating in reversed(rows) if at < end_of_day(day)), None)
            for day in days
        ]
        for area, rows in said.items()
    }


def area_lines(page: PlanPage, before: PlanState, since: date) -> list[dict[str, Any]]:
    """Each area with its officer's judgement, its counts, and how they moved. Two queries."""
    months = months_back(page.day, 12)
    days = [min(month.last_day, page.day) for month in months]
    judgements = judged(page, days)
    lines = []
    for area in sorted(areas_of(page), key=lambda area: area.number):
        counts = count(page.state.of_area(area.key))
        lines.append(
            {
                "number": area.number,
                "title": area.title,
                "url": page.link("area", area.number),
                "about": ". ".join(
                    filter(None, (area.sro, formatting.plural(counts.total, "commitment")))
                ),
                "judgement": judgement_of(area),
                "share": formatting.share_view(counts) if counts.total else None,
                "strip": _judged_strip(months, judgements.get(area.key, [None] * len(months))),
                "moved": _moved(counts, count(before.of_area(area.key))),
            }
        )
    return lines


def _judged_strip(months: Sequence[PlanDate], ratings: Sequence[Rating | None]) -> Any:
    cells = [
        formatting.StripCell(
            kind="written" if rating else "before",
            rating=rating or Rating.NOT_YET_RATED,
            letter=rating.letter if rating else "",
            month_initial=str(month)[0],
            is_current=position == len(months) - 1,
        )
        for position, (month, rating) in enumerate(zip(months, ratings, strict=True))
    ]
    words = "; ".join(
        f"{month.short}: {rating.label if rating else 'not judged'}"
        for month, rating in zip(months, ratings, strict=True)
    )
    first, last = months[0].short.split()[0], months[-1].short.split()[0]
    return formatting.Strip(cells, f"The officer’s judgement. {words}", f"{first} to {last}")


def _moved(now: Counts, before: Counts) -> str:
    """`1 more Red, 1 fewer Green`; the largest two moves."""
    changes = [(now.ratings[rating] - before.ratings[rating], rating) for rating in Rating]
    changes = sorted((one for one in changes if one[0]), key=lambda one: -abs(one[0]))[:2]
    if not changes:
        return "No change"
    return ", ".join(
        f"{abs(change)} {'more' if change > 0 else 'fewer'} "
        f"{'not yet rated' if rating is Rating.NOT_YET_RATED else rating.label}"
        for change, rating in changes
    )


# --- Measures ---------------------------------------------------------------------------------


def kpi_book(page: PlanPage) -> tuple[KpiBook, dict[int, KpiState]]:
    """The plan's measures as the group may see them: no small numbers. Three queries."""
    book = load_kpis([page.plan], page.day, worded_day=page.worded_day)
    return book, book.states()


def kpi_lines(page: PlanPage, kpis: Iterable[KpiState], book: KpiBook) -> list[dict[str, str]]:
    """Measures with their latest figure and how far it is from where it should be."""
    lines = []
    for kpi in kpis:
        row = book.rows[kpi.id]
        said = [figure_words(kpi.latest, row.unit)] if kpi.latest else []
        lines.append(
            {
                "code": kpi.code,
                "title": row.title,
                "url": page.link("kpi", kpi.code),
                "words": ", ".join(filter(None, [*said, gap_words(kpi, row.unit)])),
            }
        )
    return lines


# --- What changed -----------------------------------------------------------------------------


def changed_lines(page: PlanPage, before: PlanState) -> tuple[list[dict[str, Any]], int]:
    """What moved, in counts with their references; and how many dates moved."""
    changes = changes_between(before, page.state)

    def refs(kind: ChangeKind, now: Rating | None = None) -> list[str]:
        return list(
            dict.fromkeys(
                one.ref for one in changes if one.kind is kind and (now is None or one.now is now)
            )
        )

    found = [
        (refs(ChangeKind.RATED, Rating.BLUE), "became Blue, confirmed by a second person"),
        (refs(ChangeKind.RATED, Rating.RED), "fell to Red"),
        (refs(ChangeKind.DELIVERED), "delivered"),
        (refs(ChangeKind.DATE_MOVED), "with a date moved"),
        (refs(ChangeKind.OVERDUE), "newly overdue"),
        (refs(ChangeKind.UPDATE_OVERDUE), "with an update newly overdue"),
        (refs(ChangeKind.ADDED), "added to the plan"),
        (refs(ChangeKind.WITHDRAWN), "withdrawn from the plan"),
    ]
    lines = [
        {"count": len(of_kind), "words": words, "refs": ", ".join(of_kind)}
        for of_kind, words in found
        if of_kind
    ]
    return lines, sum(one.kind is ChangeKind.DATE_MOVED for one in changes)


# --- Charts -----------------------------------------------------------------------------------


def ratings_chart(page: PlanPage) -> Any:
    """How many commitments had each colour at each month's end, the current month up to the day."""
    months, days = _months(page)
    counts = [count(page.state_on(day).commitments).ratings for day in days]
    first, last = counts[0], counts[-1]
    title = (
        f"Blue went from {first[Rating.BLUE]} to {last[Rating.BLUE]} of {sum(last.values())}; "
        f"Amber and Red together from {_worried(first)} to {_worried(last)}."
    )
    return chart(ratings_figure(title=title, months=months, counts=counts), id="ratings")


def _worried(counts: Mapping[Rating, int]) -> int:
    return counts[Rating.AMBER] + counts[Rating.RED]


def _months(page: PlanPage) -> tuple[list[PlanDate], list[date]]:
    """The months shown, none before the plan was tracked or after it was closed, and the day each
    is counted on."""
    day = page.still_on
    tracked = page.plan.tracked_from or day
    months = [month for month in months_back(day, MONTHS_SHOWN) if month.last_day >= tracked] or [
        PlanDate.month_of(day)
    ]
    return months, [min(month.last_day, day) for month in months]


def grid_chart(page: PlanPage, areas: Iterable[Any]) -> Any:
    """Area by month: the officer's judgement, over the counts of the month's end."""
    months, days = _months(page)
    judgements = judged(page, days)
    states = [page.state_on(day) for day in days]
    lines = [
        AreaLine(
            str(area.number),
            area.title,
            [
                AreaMonth(judgement, count(state.of_area(area.key)).ratings)
                for judgement, state in zip(
                    judgements.get(area.key, [None] * len(days)), states, strict=True
                )
            ],
        )
        for area in areas
    ]
    title = "What each area’s officer said, month by month"
    return chart(grid_figure(title=title, months=months, areas=lines), id="grid", width=1000)


def timeline_chart(page: PlanPage, words: Mapping[int, Words], areas: Mapping[int, Any]) -> Any:
    """Each commitment's completion: as first agreed, now, and asked for; and what was delivered."""
    lines = [
        TimelineLine(
            ref=state.ref,
            name=words[state.id].name,
            first=state.completion.first,
            now=state.completion.now,
            asked=state.asked_for,
            delivered=PlanDate.month_of(state.completion.delivered_on)
            if state.completion.delivered_on
            else None,
            group=f"Area {areas[state.area].number}. {areas[state.area].title}",
        )
        for state in page.state.commitments
        if state.completion and not state.is_withdrawn
    ]
    moved = sum(line.first != line.now for line in lines)
    title = (
        f"{formatting.plural(moved, 'completion date')} of {len(lines)} "
        f"{'has' if moved == 1 else 'have'} moved"
    )
    figure = timeline_figure(title=title, lines=lines, as_at=page.day)
    return chart(figure, id="timeline", width=1000)


def texts_of(page: PlanPage) -> tuple[dict[int, Words], dict[int, Person]]:
    """The words and the leads of every commitment. Two queries."""
    states = page.state.commitments
    return words_of(page, states), people_of(states)


def exceptions_of(
    page: PlanPage, before: PlanState, kpis: Mapping[int, KpiState]
) -> tuple[Exceptions, Exceptions, list[ToCheck]]:
    """Those of now, those that stood on the earlier day, and the points to check now."""
    return (
        exceptions(page.state, before, kpis.values()),
        exceptions(before, before, ()),
        points_to_check(page.state, kpis.values()),
    )

"""A finding over time, month by month: what was judged outside, the SRO's rating, Red and Amber."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.models import AreaJudgement
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.rules.dates import PlanDate, day_of, end_of_day
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from actions.wording import levels, scale
from wsoa.pages.findings.finding_rows import FindingRow

# Of a longer course the end is shown; more months would be too narrow to read.
MOST_MONTHS = 36
WORRIED = (Rating.RED, Rating.AMBER)


@dataclass(frozen=True, slots=True)
class Event:
    """What was said outside: the finding itself, and each judgement of it that has a day."""

    on: date
    text: str
    about: str


@dataclass(frozen=True, slots=True)
class Given:
    """A rating that an SRO gave."""

    at: datetime
    rating: Rating
    word: str
    reason: str
    by: str

    @property
    def on(self) -> date:
        return day_of(self.at)


@dataclass(frozen=True, slots=True)
class RatingLine:
    """An area that answers the finding, with all that its SRO gave, oldest first."""

    label: str
    given: Sequence[Given]

    def on(self, day: date) -> Given | None:
        return next((one for one in reversed(self.given) if one.on <= day), None)


@dataclass(frozen=True, slots=True)
class Course:
    """The months up to `day`, oldest first; the SRO's ratings end when the plan closed."""

    months: Sequence[PlanDate]
    day: date
    rated_to: date
    events: Sequence[Event]
    areas: Sequence[RatingLine]
    # As many as there are months; None of one that the plan was not tracked in.
    counts: Sequence[dict[Rating, int] | None]
    of: int

    def judged_in(self, month: PlanDate) -> list[Event]:
        return [one for one in self.events if month.first_day <= one.on <= month.last_day]

    def rating_at_end(self, line: RatingLine, month: PlanDate) -> Given | None:
        """None after the plan closed, as well as before the first."""
        if month.first_day > self.rated_to:
            return None
        return line.on(min(month.last_day, self.rated_to))


def course_of(row: FindingRow) -> Course:
    """One query, for the ratings of the areas that answer it."""
    page = row.page
    events = _events(row)
    day = max([page.still_on, *(event.on for event in events)])
    tracked = page.plan.tracked_from or page.still_on
    months = _months(min([tracked, *(event.on for event in events)]), day)
    return Course(
        months=months,
        day=day,
        rated_to=page.still_on,
        events=events,
        areas=rating_lines(row),
        counts=_counts(page, row.states, months, tracked),
        of=len(row.states),
    )


def _months(first: date, last: date) -> list[PlanDate]:
    end = PlanDate.month_of(last)
    count = end.month_number - PlanDate.month_of(first).month_number + 1
    return [end.plus_months(offset) for offset in range(1 - min(count, MOST_MONTHS), 1)]


def _events(row: FindingRow) -> list[Event]:
    item, day = row.item, row.page.day
    found = [Event(item.found_on, item.name, item.found_text)] if item.found_on else []
    judged = [
        Event(one.on, one.text, ", ".join(filter(None, (one.day_text, one.by))))
        for one in item.judgements
        if one.on
    ]
    return sorted((one for one in found + judged if one.on <= day), key=lambda one: one.on)


def rating_lines(row: FindingRow) -> list[RatingLine]:
    areas = {one.id: one.label for one in row.item.answered_by if one.what == "area"}
    given: dict[int, list[Given]] = {area: [] for area in areas}
    ratings = (
        AreaJudgement.objects.filter(area__in=areas, effective_at__lt=end_of_day(row.page.still_on))
        .select_related("by")
        .order_by("effective_at", "recorded_at")
    )
    key = scale()
    for one in ratings:
        rating, by = Rating(one.brag), one.by.name if one.by else one.source
        given[one.area_id].append(
            Given(one.effective_at, rating, one.word or key.word(rating), one.reason, by)
        )
    return [RatingLine(label, given[area]) for area, label in areas.items()]


def _counts(
    page: PlanPage, states: Sequence[CommitmentState], months: Sequence[PlanDate], tracked: date
) -> list[dict[Rating, int] | None]:
    """How many were Amber and Red at each month's end."""
    last = PlanDate.month_of(page.still_on)
    rated = [month for month in months if month.month_number <= last.month_number]
    strips = [page.months(state, len(rated)) for state in states] if rated else []
    counts: list[dict[Rating, int] | None] = []
    for place, month in enumerate(months):
        if place >= len(rated) or month.last_day < tracked:
            counts.append(None)
            continue
        ratings = [strip[place].rating for strip in strips]
        counts.append({rating: ratings.count(rating) for rating in WORRIED})
    return counts


# --- In words ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CourseTable:
    columns: list[str]
    rows: list[list[str]]


def course_table(course: Course) -> CourseTable:
    """The course as a table, a month to a line, newest first."""
    key = scale()
    lines = [line for line in course.areas if line.given]
    rated = [rating for rating in WORRIED if key.has(rating)]
    return CourseTable(
        columns=[
            "Month",
            "Judged outside",
            *(rating_label(course, line) for line in lines),
            *(f"{key.word(rating)}, of {course.of}" for rating in rated),
        ],
        rows=[
            [
                month.short,
                "; ".join(f"{one.text} ({one.about})" for one in course.judged_in(month)),
                *(
                    given.word if (given := course.rating_at_end(line, month)) else ""
                    for line in lines
                ),
                *("" if counts is None else str(counts[rating]) for rating in rated),
            ]
            for month, counts in reversed(list(zip(course.months, course.counts, strict=True)))
        ],
    )


def rating_label(course: Course, line: RatingLine) -> str:
    """`SRO rating`, with the area where several have one."""
    several = sum(bool(one.given) for one in course.areas) > 1
    return f"SRO rating, {line.label}" if several else "SRO rating"


def course_text(course: Course) -> str:
    """What the drawing shows, for whoever does not see it; the table has every month."""
    key = scale()
    sentences = [f"{event.text}, {event.about}" for event in course.events]
    sentences += [
        f"{rating_label(course, line)}: {line.given[-1].word} since "
        f"{formatting.short_day(_since(line))}"
        for line in course.areas
        if line.given
    ]
    newest = next((counts for counts in reversed(course.counts) if counts is not None), None)
    if newest is not None:
        worried = formatting.listed(
            [f"{newest[rating]} {key.word(rating)}" for rating in WORRIED if key.has(rating)]
        )
        sentences.append(f"{worried} of {levels().some('commitment', course.of)} at the end")
    return ". ".join(sentences)


def _since(line: RatingLine) -> date:
    """Since when the newest rating was given without another between."""
    since = line.given[-1]
    for one in reversed(line.given):
        if one.word != since.word:
            break
        since = one
    return since.on

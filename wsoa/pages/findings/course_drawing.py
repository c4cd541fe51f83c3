"""A finding's course drawn on one time axis: outside judgements, SRO ratings, Red and Amber."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString, mark_safe

from actions.rules.dates import PlanDate
from actions.wording import levels, scale
from kpis.charts.svg.fills import patch
from kpis.charts.svg.svg import SIZE, element, path, picture, shortened, text, title, width_of
from wsoa.pages.findings.finding_course import (
    WORRIED,
    Course,
    Event,
    RatingLine,
    rating_label,
)

WIDTH = 824.0
NAMES = 132.0
# Of the words of one event, and how high two lines of them are.
LONGEST = 220.0
WORDS = 38.0
LANE = 32.0
BOX = 20.0
# The highest column, one commitment's height in it, and how much of a month is column.
COLUMN = 72.0
STEP = 9.0
SHARE = 0.66
# So wide a month has its letter; narrower, only every third has.
LETTER = 16.0


@dataclass(frozen=True, slots=True)
class _Axis:
    months: Sequence[PlanDate]

    @property
    def step(self) -> float:
        return (WIDTH - NAMES - 4) / len(self.months)

    def middle(self, place: int) -> float:
        return NAMES + self.step * (place + 0.5)

    def x(self, day: date) -> float:
        """Where a day stands; one before the first month at its edge."""
        first = self.months[0]
        if day < first.first_day:
            return NAMES
        month = PlanDate.month_of(day)
        place = month.month_number - first.month_number
        return NAMES + self.step * (place + day.day / month.last_day.day)


def course_drawing(course: Course) -> SafeString:
    axis = _Axis(course.months)
    shown = [one for one in course.events if one.on >= axis.months[0].first_day]
    labels = list(_placed(shown, axis))
    lines_used = max((level for *_, level in labels), default=-1) + 1
    pins = 18 + WORDS * lines_used
    parts = [text(0, pins - 22, "Outside", fill="ink", is_strong=True)] if shown else []
    for event, x, level in labels:
        parts += _event(event, x, axis.x(event.on), pins - WORDS * level, pins)
    top = pins + 22 if shown else 4
    for line in course.areas:
        if line.given:
            parts += _lane(course, line, axis, top)
            top += LANE
    bottom = top + COLUMN + 6
    parts += _columns(course, axis, bottom)
    parts += _foot(axis, bottom)
    edge = axis.x(course.day)
    now = path([(edge, pins if shown else 4), (edge, bottom)])
    parts.append(element("path", fill="none", line="accent", d=now, stroke_width=2))
    # Every word in it was escaped where it was drawn: kpis/charts/svg/svg.py.
    return mark_safe(picture(WIDTH, bottom + 38, parts))


def _placed(events: list[Event], axis: _Axis) -> Iterator[tuple[Event, float, int]]:
    """Each event with the middle of its words, and the lowest line on which they fit."""
    ends: list[float] = []
    for event in events:
        wide = min(LONGEST, max(width_of(event.text, SIZE * 1.06), width_of(event.about)))
        x = min(max(axis.x(event.on), NAMES + wide / 2), WIDTH - wide / 2)
        level = next((at for at, end in enumerate(ends) if end + 10 <= x - wide / 2), len(ends))
        if level == len(ends):
            ends.append(0.0)
        ends[level] = x + wide / 2
        yield event, x, level


def _event(event: Event, words_x: float, x: float, foot: float, pins: float) -> Iterable[str]:
    first = shortened(event.text, LONGEST, SIZE * 1.06)
    yield text(
        words_x, foot - 30, first, fill="ink", anchor="middle", is_strong=True, has_halo=True
    )
    yield text(
        words_x, foot - 15, shortened(event.about, LONGEST), size=12, anchor="middle", has_halo=True
    )
    stem = path([(x, pins), (x, pins + 12)])
    yield element("path", fill="none", line="ink-2", d=stem, stroke_width=1.5)
    words = title(f"{event.text}, {event.about}")
    yield element("circle", words, fill="ink", cx=x, cy=pins, r=5.0)


def _lane(course: Course, line: RatingLine, axis: _Axis, top: float) -> Iterable[str]:
    """A band in the colour that held, and a box with its letter where one was given."""
    middle = top + LANE / 2
    label = shortened(rating_label(course, line), NAMES - 6)
    yield text(0, middle + 4, label, fill="ink", is_strong=True)
    key = scale()
    ends = [one.on for one in line.given[1:]] + [course.rated_to]
    for one, end in zip(line.given, ends, strict=True):
        start_x, end_x = axis.x(one.on), axis.x(end)
        if end_x > start_x:
            yield patch(one.rating, start_x, middle - 3, end_x - start_x, 6)
    # Later ones over earlier, so that of two given close together the newer is read.
    for one in line.given:
        first = axis.months[0].first_day
        if one.on < first and line.on(first) is not one:
            continue
        x = min(max(axis.x(one.on), NAMES), WIDTH - BOX / 2 - 4)
        name = one.rating.value
        box = element(
            "rect",
            fill=name,
            line=f"edge-{name}",
            x=x - BOX / 2,
            y=middle - BOX / 2,
            width=BOX,
            height=BOX,
        )
        letter = text(
            x,
            middle + 4.5,
            key.letter(one.rating),
            fill=f"on-{name}",
            anchor="middle",
            is_strong=True,
        )
        words = f"{one.word}, {PlanDate.of_day(one.on).short}"
        yield element("g", title(words) + box + letter)


def _columns(course: Course, axis: _Axis, bottom: float) -> Iterable[str]:
    key = scale()
    rated = [rating for rating in WORRIED if key.has(rating)]
    words = shortened(levels().commitments, NAMES - 6)
    yield text(0, bottom - 22, words, fill="ink", is_strong=True)
    counted = " and ".join(key.word(rating) for rating in rated)
    yield text(0, bottom - 7, shortened(f"{counted} of {course.of}", NAMES + 16, 12), size=12)
    most = max((sum(counts.values()) for counts in course.counts if counts), default=0)
    high = min(STEP, COLUMN / most) if most else STEP
    wide = axis.step * SHARE
    for place, counts in enumerate(course.counts):
        foot = bottom
        for rating in rated:
            count = counts[rating] if counts else 0
            if count:
                said = f"{axis.months[place].short}: {count} {key.word(rating)}"
                x = axis.middle(place) - wide / 2
                yield patch(rating, x, foot - high * count, wide, high * count, said)
                foot -= high * count


def _foot(axis: _Axis, bottom: float) -> Iterable[str]:
    line = path([(NAMES, bottom), (WIDTH - 4, bottom)])
    yield element("path", fill="none", line="ink-2", d=line, stroke_width=1.5)
    last = len(axis.months) - 1
    year = ""
    for place, month in enumerate(axis.months):
        if axis.step < LETTER and (last - place) % 3:
            continue
        name, this_year = month.short.split()
        x = axis.middle(place)
        strong = place == last
        letter = name if axis.step > 40 or axis.step < LETTER else name[0]
        fill = "ink" if strong else "ink-2"
        yield text(x, bottom + 17, letter, fill=fill, anchor="middle", is_strong=strong)
        if this_year != year:
            yield text(x, bottom + 33, this_year, anchor="middle")
            year = this_year

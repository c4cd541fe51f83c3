"""Turning states into what a page says: words, chips, strips and bars. No queries, no rules."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from actions.models import Plan
from actions.pages import components
from actions.rules.dates import MONTHS, PlanDate, day_of
from actions.rules.state import Cell, CommitmentState, Counts, Month
from actions.rules.status import DateKind, Rating
from actions.rules.text import listed as listed
from actions.rules.text import short_day as short_day
from actions.wording import levels, scale

# Letters of a reference that fit a column of numbers, such as "12" or "A2".
LONGEST_NARROW = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """A fact from dates and records, beside a person's judgement."""

    glyph: str
    text: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class StripCell:
    kind: str
    rating: Rating
    letter: str
    month_initial: str
    is_current: bool


@dataclass(frozen=True)
class Strip:
    cells: list[StripCell]
    alt: str
    span: str

    @cached_property
    def drawn(self) -> SafeString:
        return components.strip(self.cells, self.alt)


@dataclass(frozen=True, slots=True)
class CountLine:
    """A count by rating; where it is compared, how it moved: `4 more`, `than 16 Dec`."""

    rating: Rating
    count: int
    words: str = ""
    change: str = ""
    # The list of just those, where the count leads to one.
    url: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """Some words that lead somewhere."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class CountsView:
    total: int
    lines: list[CountLine]
    facts: list[str]
    total_text: str = ""
    total_url: str = ""
    # What of the total needs looking at, each with its list.
    total_links: tuple[Linked, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    rating: Rating
    count: int
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Share:
    segments: list[Segment]
    alt: str


@dataclass(frozen=True, slots=True)
class LinkedSegment(Segment):
    """A part of a bar that leads to what it counts; `words` say it: `3 Blue`."""

    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Breadcrumb:
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A label over its value, or over several."""

    label: str
    value: object = ""
    several: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgementView:
    """An SRO's judgement of an area. The area has no colour of its own."""

    rating: Rating
    judged_on: date
    by: str
    reason: str
    # As written, where that is another word of the key than the rating's own.
    word: str = ""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One commitment as a line of the ledger."""

    ref: str
    # The reference where the plan prints one, else empty; and what stands for it in a sentence.
    number: str
    called: str
    pk: int
    name: str
    evidence: str
    rating: Rating
    rated_on: date | None
    was: str
    tags: list[Chip]
    strip: Strip
    completion_first: PlanDate | None
    completion_now: PlanDate | None
    is_moved: bool
    withdrawn: bool
    url: str
    update_url: str = ""
    leads: list[str] = field(default_factory=list)
    note: str = ""
    # The rating as it was written, or empty for its own word.
    word: str = ""
    # What the plan prints in place of a completion date, or empty.
    timescale: str = ""


def not_yet_blue() -> str:
    """What a delivered commitment still lacks: in the plan's word where that is not the usual."""
    return "not yet embedded" if scale().blue_lapses else f"not yet {scale().blue}"


def rating_text(state: CommitmentState) -> str:
    """A rating as it was written: the word of its half-step, else its own."""
    return state.word or scale().word(state.rating)


def day_text(day: date) -> str:
    """`Tuesday 24 January 2023`"""
    return f"{day:%A} {day.day} {MONTHS[day.month - 1]} {day.year}"


def brief_day(day: date) -> str:
    """`24 Jan 2023`: for chips and narrow columns; never without its year, which paper outlives."""
    return PlanDate.of_day(day).short


def day_without_year(day: date) -> str:
    """`15 December`, of a day near the one shown."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def age_text(since: date, day: date) -> str:
    """`16 weeks`; of less than two weeks, in days; `today`."""
    days = (day - since).days
    if days >= 14:
        return plural(days // 7, "week")
    return plural(days, "day") if days > 0 else "today"


def shown_text(shown: int, total: int) -> str:
    """`5 of 17`, or `All 17`."""
    return f"{shown} of {total}" if shown < total else f"All {total}"


def days_text(first: date, last: date) -> str:
    """`3 May 2022 to 9 May 2022`"""
    return f"{short_day(first)} to {short_day(last)}"


def in_short(part: Any) -> str:
    """The title of an area or a KPI where space is short."""
    return str(part.short_title or part.title)


def numbered(ref: str, title: str) -> str:
    """`1. Joint commissioning`; the title alone where the plan prints no reference."""
    return f"{ref}. {title}" if ref else title


def narrow_ref(area: Any) -> str:
    """An area's reference for a narrow column of numbers; empty where it does not fit there."""
    return str(area.ref) if len(area.ref) <= LONGEST_NARROW else ""


def area_name(area: Any, title: str = "") -> str:
    """`Area 1. Joint commissioning`, with its own title or a shorter one."""
    title = title or area.title
    return f"{area.label}. {title}" if area.ref else title


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def cut(text: str, longest: int) -> str:
    """A text that fits a line or two, cut between words."""
    if len(text) <= longest:
        return text
    return f"{text[:longest].rpartition(' ')[0] or text[:longest]} …"


_SMALL = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def number_text(count: int) -> str:
    """Small numbers in words, as running text has them: `five`, but `10`."""
    return _SMALL[count] if count < len(_SMALL) else str(count)


def tags(state: CommitmentState) -> list[Chip]:
    """The facts beside a rating, gravest first."""
    if state.is_withdrawn:
        return [Chip("flag", "Withdrawn from the plan")]
    standing = state.standing
    chips = []
    if state.at_closing:
        chips.append(Chip("flag", f"At closing: {state.at_closing.label.lower()}"))
    if standing.blue_proposed_at:
        proposed = brief_day(day_of(standing.blue_proposed_at))
        chips.append(Chip("tick", f"{scale().blue} proposed {proposed}"))
    if standing.blue_returned_at:
        returned = brief_day(day_of(standing.blue_returned_at))
        chips.append(Chip("flag", f"{scale().blue} returned {returned}"))
    if state.pause_has_run_out:
        chips.append(Chip("clock", "Pause has run out"))
    if state.is_overdue:
        chips.append(Chip("clock", overdue_text(state)))
    if state.late_although_rated:
        chips.append(Chip("broken", f"{scale().word(state.rating)} although late"))
    if state.is_grey_although_due:
        chips.append(Chip("broken", f"{scale().grey} although due"))
    if state.delivered_not_embedded and state.delivered_on:
        chips.append(Chip("tick", f"Delivered {_month_year(state.delivered_on)}, {not_yet_blue()}"))
    if state.is_lapsed:
        chips.append(Chip("flag", lapsed_text()))
    chips.extend(
        Chip("clock", f"{missed.kind.label} of {missed.now.short} missed")
        for missed in state.missed_dates
    )
    if state.update_overdue:
        chips.append(Chip("bubble", update_overdue_text(state)))
    if state.requested_date:
        chips.append(Chip("calendar", f"Move to {state.requested_date} asked for"))
    if state.question_open_since:
        chips.append(Chip("question", open_text(state.question_open_since, state.on)))
    if state.completion and state.completion.is_moved:
        chips.append(Chip("arrow", moved_text(state)))
    if state.tracked and state.completion is None:
        chips.append(Chip("calendar", "No completion date agreed"))
    if state.is_due_soon:
        chips.append(Chip("calendar", "Due within 6 weeks"))
    return chips


def overdue_text(state: CommitmentState) -> str:
    """`Overdue 11 months`, of one that is."""
    months = state.overdue_months
    return f"Overdue {plural(months, 'month') if months else 'since this month'}"


def lapsed_text() -> str:
    """`Blue not said again for six months`"""
    return f"{scale().blue} not said again for {scale().blue_lasts}"


def open_text(since: date, day: date) -> str:
    """`Question open 6 weeks`"""
    weeks = (day - since).days // 7
    return f"Question open {plural(weeks, 'week')}" if weeks else "Question open"


def update_overdue_text(state: CommitmentState) -> str:
    if state.newest_update is None:
        return "Update overdue"
    weeks = (state.on - day_of(state.newest_update.effective_at)).days // 7
    return f"Update overdue, {plural(weeks, 'week')} since the last"


def moved_text(state: CommitmentState) -> str:
    assert state.completion is not None
    moves = state.completion.moves
    times = {1: "once", 2: "twice"}.get(moves, f"{moves} times")
    months = state.completion.moved_by_months
    amount = ""
    if months:
        by = plural(abs(months), "month")
        amount = f", by {by}" if months > 0 else f", {by} earlier"
    return f"Moved {times}{amount}"


def _month_year(day: date) -> str:
    return PlanDate.month_of(day).short


_CELL_WORDS = {
    Cell.CARRIED: "nobody wrote, {rating} stood",
    Cell.WRITTEN: "{rating}",
    Cell.GREY: "{grey}, not due yet",
    Cell.PAUSED: "paused",
    Cell.UNRATED: "not yet rated",
    Cell.BEFORE: "before the first update",
}


def cell_text(month: Month) -> str:
    return _CELL_WORDS[month.cell].format(rating=scale().word(month.rating), grey=scale().grey)


def voice_text(voices: Iterable[str]) -> str:
    """`Parent carers and children and young people`"""
    return " and ".join(voices).capitalize()


def pounds(amount: Decimal | None) -> str:
    """`£57,750`; pence only where there are any; empty for none."""
    if amount is None:
        return ""
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"


def strip_view(months: Sequence[Month]) -> Strip:
    cells = [
        StripCell(
            kind=month.cell.value,
            rating=month.rating,
            letter=scale().letter(month.rating),
            month_initial=str(month.month)[0],
            is_current=position == len(months) - 1,
        )
        for position, month in enumerate(months)
    ]
    first, last = months[0].month.short.split()[0], months[-1].month.short.split()[0]
    return Strip(cells, "; ".join(_runs(months)), f"{first} to {last}")


def _runs(months: Sequence[Month]) -> Iterable[str]:
    """The strip in words; months that say the same are named together."""
    start = 0
    for end in range(1, len(months) + 1):
        first, last = months[start], months[end - 1]
        if end < len(months) and (months[end].cell, months[end].rating) == (
            first.cell,
            first.rating,
        ):
            continue
        text = cell_text(first)
        span = (
            first.month.short if start == end - 1 else f"{first.month.short} to {last.month.short}"
        )
        yield f"{span}: {text}"
        start = end


def counts_view(counts: Counts, *, with_overdue: bool = True) -> CountsView:
    """`with_overdue` says how many are overdue in sentences below, for who links them nowhere."""
    facts = []
    if counts.blue_proposed:
        proposed = plural(counts.blue_proposed, scale().blue, scale().several(Rating.BLUE))
        facts.append(f"{proposed} proposed, waiting for an answer.")
    if counts.overdue and with_overdue:
        facts.append(f"{levels().some('commitment', counts.overdue)} overdue.")
    if counts.update_overdue and with_overdue:
        facts.append(f"{plural(counts.update_overdue, 'update')} overdue.")
    if counts.withdrawn:
        facts.append(f"{levels().some('commitment', counts.withdrawn, 'withdrawn')} left out.")
    return CountsView(
        total=counts.total,
        lines=[
            CountLine(rating, counts.ratings[rating]) for rating in scale().shown(counts.ratings)
        ],
        facts=facts,
    )


def not_enough_text(counts: Counts) -> str:
    """The warning that stands beside counts too thin to judge by; empty where they are not."""
    if not counts.total or counts.has_enough_ratings:
        return ""
    return (
        f"Not enough current ratings: {counts.doubtful} of "
        f"{levels().some('commitment', counts.total)} not yet rated or with an update overdue."
    )


def share_view(counts: Counts) -> Share:
    """A bar of the counts, by per cent of its length."""
    segments = []
    x = 0.0
    present = [(rating, counts.ratings[rating]) for rating in Rating if counts.ratings[rating]]
    for rating, number in present:
        width = 100 * number / counts.total
        segments.append(Segment(rating, number, f"{x:.3f}", f"{width:.3f}"))
        x += width
    text = ", ".join(f"{number} {scale().word(rating)}" for rating, number in present)
    return Share(segments, f"{levels().some('commitment', counts.total)}: {text or 'none'}")


# A part that is pressed is never narrower: 24 px of a bar of 144.
LEAST_LINKED = 100 * 24 / 144


def linked_share(counts: Counts, url_of: Callable[[Rating], str]) -> Share:
    """A bar of the counts, each part of which leads somewhere: the smallest are wide enough for it.

    What they need beyond their share is taken from the others by theirs.
    """
    share = share_view(counts)
    shares = [100 * segment.count / counts.total for segment in share.segments]
    widths = _at_least(shares, min(LEAST_LINKED, 100 / max(len(shares), 1)))
    segments: list[Segment] = []
    x = 0.0
    for segment, width in zip(share.segments, widths, strict=True):
        words = f"{segment.count} {scale().word(segment.rating)}"
        place = (f"{x:.3f}", f"{width:.3f}")
        segments.append(
            LinkedSegment(segment.rating, segment.count, *place, url_of(segment.rating), words)
        )
        x += width
    return Share(segments, share.alt)


def _at_least(shares: Sequence[float], least: float) -> list[float]:
    """Shares of 100, none under `least`, which times their number is at most 100."""
    narrow = {place for place, share in enumerate(shares) if share < least}
    while True:
        room = 100 - least * len(narrow)
        rest = sum(share for place, share in enumerate(shares) if place not in narrow)
        widths = [
            least if place in narrow else share * room / rest for place, share in enumerate(shares)
        ]
        newly = {place for place, width in enumerate(widths) if width < least - 1e-9}
        if newly <= narrow:
            return widths
        narrow |= newly


def was_text(state: CommitmentState) -> str:
    before = state.standing.before
    if state.pause:
        last = state.standing.rating
        return "" if last is Rating.NOT_YET_RATED else f"was {scale().word(last)}"
    if state.rating is Rating.NOT_YET_RATED or before is Rating.NOT_YET_RATED:
        return ""
    return f"was {scale().word(before)}"


DATE_KINDS = {kind.value: kind.label for kind in DateKind}


def state_text(plan: Plan) -> str:
    """`Agreed on 24 December 2021`"""
    if plan.state == Plan.State.DRAFT:
        return "Draft"
    if plan.state == Plan.State.CLOSED and plan.closed_on:
        return f"Closed on {short_day(plan.closed_on)}"
    assert plan.agreed_on is not None
    return f"Agreed on {short_day(plan.agreed_on)}"

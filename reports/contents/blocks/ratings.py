"""How many commitments have which rating, how that moved, and what it comes to in a sentence."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from actions.pages import formatting
from actions.rules.comparison import Change, ChangeKind
from actions.rules.dates import months_back
from actions.rules.rating_course import total
from actions.rules.state import CommitmentState, count
from actions.rules.status import Rating
from actions.wording import in_words, levels, scale
from kpis.charts.spec import ratings_figure
from reports.contents.report_data import ReportData, day_text
from reports.dashboard.charts import MONTHS_SHOWN, ratings_title
from reports.dashboard.headline import headline, lead_in
from reports.dashboard.movement import dates_moved
from reports.rendering.document import Cell, Chart, Column, Count, Counts, Paragraph, Table
from reports.rules.exceptions import exceptions


def rating_cell(rating: Rating | None, otherwise: str = "", word: str = "") -> Cell:
    """A rating in the word of the plan's key, or in the one it was written with."""
    if rating is None:
        return Cell(text=otherwise)
    return Cell(text=word or scale().word(rating), rating=rating)


def standing_cell(state: CommitmentState) -> Cell:
    """A commitment's rating, as the update wrote it that it stands on."""
    return rating_cell(state.rating, word=state.word)


def number_cell(number: int) -> Cell:
    return Cell(text=str(number), number=Decimal(number))


def lead(report_data: ReportData) -> Paragraph:
    """The finding by the rules of the dashboard, which nobody can tune."""
    if not report_data.now.tracked:
        return Paragraph(text=report_data.untracked_text, style="lead")
    names = {key: text.name for key, text in report_data.named.items()}
    nothing = headline(report_data.now, report_data.now, report_data.until, names)
    finding = headline(report_data.now, report_data.before, report_data.until, names)
    more = lead_in(
        report_data.exceptions,
        exceptions(report_data.before, report_data.before, ()),
        dates_moved(report_data.changes),
        report_data.counts,
        day_text(report_data.since),
    )
    return Paragraph(text=more if finding == nothing else f"{finding}. {more}", style="lead")


def counts_of(
    report_data: ReportData,
    caption: str,
    states: Iterable[CommitmentState],
    before: Iterable[CommitmentState],
) -> Counts:
    """Counts, and how each has moved since the day before the period."""
    counts, earlier = count(states), count(before)

    def movement(rating: Rating) -> str:
        change = counts.ratings[rating] - earlier.ratings[rating]
        if not report_data.has_before:
            return ""
        if not change:
            return f"the same as on {day_text(report_data.since)}"
        word = "more" if change > 0 else "fewer"
        return f"{abs(change)} {word} than on {day_text(report_data.since)}"

    notes = [*formatting.counts_view(counts).facts, formatting.not_enough_text(counts)]
    return Counts(
        caption=caption,
        items=tuple(
            Count(
                rating=rating,
                count=counts.ratings[rating],
                movement=movement(rating),
                word=scale().word(rating) if scale().entries else "",
            )
            for rating in scale().shown(counts.ratings, earlier.ratings)
        ),
        total=counts.total,
        counted=levels().commitments,
        notes=tuple(filter(None, notes)),
    )


def all_counts(report_data: ReportData) -> Counts:
    caption = f"{levels().commitments} by rating on {day_text(report_data.until)}"
    return counts_of(
        report_data, caption, report_data.now.commitments, report_data.before.commitments
    )


def over_time(report_data: ReportData) -> Chart | None:
    """The counts at each month’s end; None where there are fewer than two months to show."""
    tracked = report_data.plan.tracked_from
    if not report_data.now.tracked or tracked is None:
        return None
    until = report_data.now.on
    months = [month for month in months_back(until, MONTHS_SHOWN) if month.last_day >= tracked]
    if len(months) < 2:
        return None
    days = [min(month.last_day, until) for month in months]
    counts = [total(ratings) for ratings in report_data.ratings_on(days)]
    return Chart(
        name="Ratings by month",
        figure=replace(
            ratings_figure(
                title=ratings_title(counts),
                months=months,
                counts=counts,
                unit_text=in_words("{Commitments} at each month’s end"),
                scale=scale(),
            ),
            subject=in_words("{Commitments} by rating at the end of each month"),
        ),
    )


def movement(report_data: ReportData) -> Table:
    """Which commitments changed colour, and which were delivered or proposed as Blue."""
    labels = {
        ChangeKind.RATED: "Rating",
        ChangeKind.BLUE_PROPOSED: f"{scale().blue} proposed",
        ChangeKind.BLUE_RETURNED: f"{scale().blue} returned",
        ChangeKind.BLUE_LAPSED: formatting.lapsed_text(),
        ChangeKind.DELIVERED: "Delivered",
    }
    since = day_text(report_data.since)
    return Table(
        name="Movement",
        caption=f"What moved since {since}",
        columns=(
            Column(title="Ref", width=2),
            Column(title=in_words("{Commitment}"), width=6),
            Column(title="What moved", width=4),
            Column(title="Was", kind="rating", width=2),
            Column(title="Now", kind="rating", width=2),
        ),
        rows=tuple(
            (
                Cell(text=change.ref),
                Cell(text=report_data.named[change.commitment].name),
                Cell(text=labels[change.kind]),
                _was_cell(change),
                rating_cell(change.now if isinstance(change.now, Rating) else None),
            )
            for change in report_data.changes
            if change.kind in labels
        ),
        empty=f"No rating changed since {since}.",
    )


def _was_cell(change: Change) -> Cell:
    if change.kind is ChangeKind.RATED and change.was is None:
        return Cell(text="not in the plan")
    return rating_cell(change.was if isinstance(change.was, Rating) else None)

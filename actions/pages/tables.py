"""The tables of pages, drawn by django-tables2 with includes/table.html."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import django_tables2 as tables
from django_tables2.data import TableData

from actions.models import ProgressUpdate
from actions.pages import formatting
from actions.pages.commitment_list import CommitmentRow, Order
from actions.pages.exporting import Column, Value, iso
from actions.pages.plan_page import PlanPage
from actions.rules.dates import day_of
from actions.rules.scale import Scale
from actions.rules.status import DateState, Rating
from actions.wording import in_words_lazy, scale


class AsGiven(TableData):  # type: ignore[misc]  # it has no types
    """Rows that are in order already: `Order` knows the plan's order, which no accessor does."""

    def __len__(self) -> int:
        return len(self.data)

    def order_by(self, aliases: Any) -> None:
        pass


def cell(name: str, header: str, **options: Any) -> tables.TemplateColumn:
    """A column drawn by a template of its own, from the whole record.

    The accessor only has to name something that every record has: where it finds nothing,
    django-tables2 prints the record into an error that nobody sees, and that takes long.
    """
    return tables.TemplateColumn(
        template_name=f"includes/cells/{name}.html",
        verbose_name=header,
        accessor="group",
        **options,
    )


class CommitmentTable(tables.Table):  # type: ignore[misc]  # it has no types
    ref = tables.Column(accessor="state__ref", verbose_name="Ref")
    name = cell("commitment", in_words_lazy("{Commitment}"), orderable=False)
    colour = cell("colour", "Rating")
    lead = tables.Column(accessor="lead_text", verbose_name="Lead", default="not named")
    first = cell("first_agreed", "First agreed", attrs={"td": {"class": "is-beside"}})
    now = cell("due_now", "Now", attrs={"td": {"class": "is-beside"}})
    strip = cell("strip", "Twelve months", orderable=False)
    last_said = tables.Column(accessor="last_said_text", verbose_name="Last update")

    caption = in_words_lazy("{Commitments} of the plan")
    end_note = in_words_lazy(
        "Full cell: written that month. Low bar: nobody wrote, the colour stood. "
        "Thin {grey}: not due yet."
    )

    class Meta:
        attrs = {"id": "commitments"}

    # Nobody rates a plan that is only kept here as published.
    of_progress = ("colour", "strip", "last_said")

    def __init__(
        self, rows: list[CommitmentRow], order: Order, *, is_tracked: bool, **options: Any
    ) -> None:
        exclude = () if is_tracked else self.of_progress
        super().__init__(AsGiven(rows), order_by=str(order), exclude=exclude, **options)
        strip: formatting.Strip | None = rows[0].line.strip if rows else None
        self.strip_months = strip.cells if strip else []
        self.strip_span = strip.span if strip else ""
        if not is_tracked:
            self.end_note = ""


# --- The same list as a file ------------------------------------------------------------------


def _day(moment: datetime | None) -> str:
    return iso(day_of(moment)) if moment else ""


def _yes(fact: object) -> str:
    return "yes" if fact else ""


def _rating(row: CommitmentRow) -> str:
    return "" if row.state.is_withdrawn else formatting.rating_text(row.state)


def _counts_as(row: CommitmentRow) -> str:
    return scale().word(row.state.rating) if row.state.word and not row.state.is_withdrawn else ""


# What a plan's colour key must have for a column to say something.


def _has_blue(key: Scale) -> bool:
    return key.has_blue


def _lapses(key: Scale) -> bool:
    return key.blue_lapses


def _has_grey(key: Scale) -> bool:
    return key.has(Rating.GREY)


def _goes_well(key: Scale) -> bool:
    return key.has(Rating.GREEN) or key.has(Rating.AMBER)


def _overdue(row: CommitmentRow) -> str:
    if not row.state.is_overdue:
        return ""
    months = row.state.overdue_months
    return formatting.plural(months, "month") if months else "since this month"


def _missed(row: CommitmentRow) -> str:
    return "; ".join(f"{date.kind.label} {date.now.iso}" for date in row.state.missed_dates)


def _dates(of: Callable[[DateState], Value]) -> Callable[[CommitmentRow], Value]:
    """A fact of the completion date; empty where there is none."""
    return lambda row: of(row.state.completion) if row.state.completion else None


def _of_newest_update(of: Callable[[ProgressUpdate], Value]) -> Callable[[CommitmentRow], Value]:
    """Words of the newest update; empty where nobody has written."""
    return lambda row: of(row.said) if row.said else None


def _in_place_of_date(row: CommitmentRow) -> Value:
    """What the plan prints where it has no completion date."""
    return None if row.state.completion else row.words.timescale


def _number_or_text(ref: str) -> Value:
    return int(ref) if ref.isdecimal() else ref


COMMITMENT_COLUMNS: list[Column[CommitmentRow]] = [
    Column("Ref", lambda row: row.state.ref, 9),
    Column(in_words_lazy("{Commitment}"), lambda row: row.words.name, 44),
    Column("Evidence of success", lambda row: row.words.evidence, 44),
    Column(in_words_lazy("{Area}"), lambda row: _number_or_text(row.area.ref), 7),
    Column(in_words_lazy("{Area} title"), lambda row: row.area.title, 30),
    Column(in_words_lazy("{Action}"), lambda row: row.action.ref, 9),
    Column(in_words_lazy("{Action} title"), lambda row: row.action.title, 30),
    Column("Leads", lambda row: row.lead_text, 24),
    Column("Organisations", lambda row: "; ".join(row.organisations)),
    Column("Rating", _rating),
    Column("Counts as", _counts_as, applies=lambda key: bool(key.half_steps)),
    Column("Rating before", lambda row: formatting.was_text(row.state).removeprefix("was ")),
    Column("Rated on", lambda row: _day(row.state.standing.rated_at)),
    Column(
        in_words_lazy("{Blue} proposed on"),
        lambda row: _day(row.state.standing.blue_proposed_at),
        applies=_has_blue,
    ),
    Column(
        in_words_lazy("{Blue} returned on"),
        lambda row: _day(row.state.standing.blue_returned_at),
        applies=_has_blue,
    ),
    Column("First agreed", _dates(lambda date: date.first.iso)),
    Column("Completion now", _dates(lambda date: date.now.iso)),
    Column("In place of a date", _in_place_of_date, 18),
    Column("Times moved", _dates(lambda date: date.moves or None), 9),
    Column("Months moved", _dates(lambda date: date.moved_by_months or None), 9),
    Column("Asked to move to", lambda row: iso(row.state.requested_date)),
    Column("Overdue", _overdue),
    Column(
        in_words_lazy("Late although {Green_or_Amber}"),
        lambda row: _yes(row.state.late_although_rated),
        applies=_goes_well,
    ),
    Column("Dates missed", _missed, 24),
    Column("Update overdue", lambda row: _yes(row.state.update_overdue)),
    Column(
        in_words_lazy("{Grey} although due"),
        lambda row: _yes(row.state.is_grey_although_due),
        applies=_has_grey,
    ),
    Column("Delivered on", lambda row: iso(row.state.delivered_on)),
    Column(
        "Delivered, not yet embedded",
        lambda row: _yes(row.state.delivered_not_embedded),
        applies=_has_blue,
    ),
    Column(
        in_words_lazy("{Blue}: reconfirm"),
        lambda row: _yes(row.state.is_lapsed),
        applies=_lapses,
    ),
    Column(
        "No completion date agreed",
        lambda row: _yes(row.state.tracked and row.state.completion is None),
    ),
    Column("Due within six weeks", lambda row: _yes(row.state.is_due_soon)),
    Column("Last said on", lambda row: iso(row.last_said_on)),
    # What was said with the newest update, under the names that an upload of updates knows.
    Column("What was said", _of_newest_update(lambda update: update.progress or "No change."), 60),
    Column(
        "Risk or issue",
        _of_newest_update(lambda update: update.risk.text if update.risk else ""),
        44,
    ),
    Column(
        "Mitigation",
        _of_newest_update(lambda update: update.risk.mitigation if update.risk else ""),
        44,
    ),
    Column("Help needed", _of_newest_update(lambda update: update.help_needed), 44),
    Column(
        "What changed for families",
        _of_newest_update(lambda update: update.changed_for_families),
        44,
    ),
    Column("Work starts", _of_newest_update(lambda update: iso(update.work_starts))),
    Column("Withdrawn", lambda row: _yes(row.state.is_withdrawn)),
]


def commitment_columns(page: PlanPage) -> list[Column[CommitmentRow]]:
    """The columns of the file; with two days, also how each commitment stood on the earlier one."""
    columns = [column for column in COMMITMENT_COLUMNS if column.applies(page.plan.scale)]
    if page.comparison_day is None:
        return columns
    day = page.comparison_day.isoformat()
    return [
        *columns,
        Column(
            f"Rating on {day}",
            lambda row: formatting.rating_text(row.then) if row.then else "",
        ),
        Column(f"Completion on {day}", _previous_completion),
    ]


def _previous_completion(row: CommitmentRow) -> str:
    previous_state = row.then
    return previous_state.completion.now.iso if previous_state and previous_state.completion else ""

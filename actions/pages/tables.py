"""The tables of pages, drawn by django-tables2 with includes/table.html."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django_tables2.data import TableData

from actions.io.sheets import Value
from actions.models import ProgressUpdate
from actions.pages import components, formatting
from actions.pages.commitment_list import CommitmentRow, Group, Order
from actions.pages.exporting import Column, iso
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


class Drawn(tables.Column):  # type: ignore[misc]  # it has no types
    """A column drawn by a function from the whole record.

    The accessor only has to name something that every record has: where it finds nothing,
    django-tables2 prints the record into an error that nobody sees, and that takes long.
    """

    def __init__(self, draw: Callable[[Any], str], header: str, **options: Any) -> None:
        super().__init__(verbose_name=header, accessor="group", empty_values=(), **options)
        self.draw = draw

    def render(self, record: Any) -> str:
        return self.draw(record)


# What shares a row of the entry that a line becomes on a narrow screen.
BESIDE = {"td": {"class": "is-beside"}}


class AccessibleTable(tables.Table):  # type: ignore[misc]  # it has no types
    """A table of includes/table.html: roles and headers stay where a narrow screen shows entries.

    A record may have `.group` (.title .note): a heading stands before the first line of each.
    Columns named ref, colour and name take their places in an entry; any other stands after its
    header. One named strip stands after `strip_span`.
    """

    caption: Any = "Table"
    show_caption = False
    # At the right of the paging.
    end_note: Any = ""
    # The cells of any strip of the table, whose months are the head of the column.
    strip_months: Sequence[formatting.StripCell] = ()
    strip_span = "Twelve months"

    def drawn_rows(self) -> Iterator[SafeString]:
        """Each line with its heading, in one piece: a table has hundreds of cells."""
        columns = list(self.columns)
        draws = [_draw(column) for column in columns]
        openings = [self._opening(column) for column in columns]
        closings = [_CELL_ENDS["ref" if column.name == "ref" else "td"] for column in columns]
        heading = None
        for row in self.paginated_rows:
            group = getattr(row.record, "group", None)
            if group and group.title != heading:
                heading = group.title
                yield _heading(group, len(columns))
            cells = format_html_join(
                "",
                "{}{}{}",
                (
                    (opening, draw(row), closing)
                    for opening, draw, closing in zip(openings, draws, closings, strict=True)
                ),
            )
            yield format_html('<tr role="row">{}</tr>\n', cells)

    def _opening(self, column: Any) -> SafeString:
        """The tag before each cell of a column."""
        name = column.name
        if name == "ref":
            return mark_safe('<th role="rowheader" scope="row" class="ref">')
        classes = f"col-{name}{' colour' if name == 'colour' else ''}"
        if more := column.attrs.get("td", {}).get("class", ""):
            classes = f"{classes} {more}"
        if name in ("colour", "name"):
            return format_html('<td role="cell" class="{}">', classes)
        label = self.strip_span if name == "strip" else column.header
        return format_html('<td role="cell" class="{}" data-label="{}">', classes, label)


def _draw(column: Any) -> Callable[[Any], Any]:
    """What gives a column's cell of a row.

    A drawn one is asked for it at once: django-tables2 finds out anew for each cell which arguments
    its column's method takes, which takes longer than to draw it.
    """
    if isinstance(column.column, Drawn):
        draw = column.column.draw
        return lambda row: draw(row.record)
    return lambda row: row.get_cell(column.name)


_CELL_ENDS = {"ref": mark_safe("</th>"), "td": mark_safe("</td>")}


def _heading(group: Group, columns: int) -> SafeString:
    note = format_html(' <span class="note">{}</span>', group.note) if group.note else ""
    return format_html(
        '<tr class="group" role="row"><th role="rowheader" scope="colgroup" colspan="{}">{}{}</th>'
        "</tr>\n",
        columns,
        group.title,
        note,
    )


# --- The list of commitments ------------------------------------------------------------------

_NONE = mark_safe('<span class="same">none</span>')
_SAME = mark_safe('<span class="same">same</span>')


def _name_cell(row: CommitmentRow) -> SafeString:
    line = row.line
    return format_html(
        '<p class="name"><a href="{}">{}</a></p>{}',
        line.url,
        line.name,
        components.chips(line.tags),
    )


def _colour_cell(row: CommitmentRow) -> SafeString:
    if row.line.withdrawn:
        return format_html('<span class="withdrawn">{}</span>', scale().withdrawn)
    lozenge = components.lozenge(row.line.rating, word=row.line.word)
    if not row.then_text:
        return lozenge
    return format_html('{}<br><span class="note">{}</span>', lozenge, row.then_text)


def _first_agreed_cell(row: CommitmentRow) -> str:
    first = row.line.completion_first
    return first.short if first else _NONE


def _due_now_cell(row: CommitmentRow) -> SafeString:
    now = row.line.completion_now
    if now and row.line.is_moved:
        return format_html('<b class="moved">{}</b>', now.short)
    if row.line.timescale and not now:
        return format_html('<span class="same">{}</span>', row.line.timescale)
    return _SAME if now else _NONE


def _strip_cell(row: CommitmentRow) -> str:
    return "" if row.line.withdrawn or row.line.strip is None else row.line.strip.drawn


class CommitmentTable(AccessibleTable):
    ref = tables.Column(accessor="state__ref", verbose_name="Ref")
    name = Drawn(_name_cell, in_words_lazy("{Commitment}"), orderable=False)
    colour = Drawn(_colour_cell, "Rating")
    lead = tables.Column(accessor="lead_text", verbose_name="Lead", default="not named")
    first = Drawn(_first_agreed_cell, "First agreed", attrs=BESIDE)
    now = Drawn(_due_now_cell, "Now", attrs=BESIDE)
    strip = Drawn(_strip_cell, "Twelve months", orderable=False)
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
        if strip:
            self.strip_months, self.strip_span = strip.cells, strip.span
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


def _at_closing(row: CommitmentRow) -> str:
    return row.state.at_closing.label if row.state.at_closing else ""


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


# What was said with the newest update, under the names that an upload of updates knows.
SAID_COLUMNS: list[Column[CommitmentRow]] = [
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
]

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
    Column("At closing", _at_closing, 16),
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
    *SAID_COLUMNS,
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

"""The cells of a line of the list of commitments, each drawn from its row."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from actions.pages import components
from actions.pages.commitment_list import CommitmentRow
from actions.wording import scale

NONE = mark_safe('<span class="same">none</span>')
SAME = mark_safe('<span class="same">same</span>')


def name(row: CommitmentRow) -> SafeString:
    line = row.line
    return format_html(
        '<p class="name"><a href="{}">{}</a></p>{}',
        line.url,
        line.name,
        components.chips(line.tags),
    )


def colour(row: CommitmentRow) -> SafeString:
    if row.line.withdrawn:
        return format_html('<span class="withdrawn">{}</span>', scale().withdrawn)
    lozenge = components.lozenge(row.line.rating, word=row.line.word)
    if not row.then_text:
        return lozenge
    return format_html('{}<br><span class="note">{}</span>', lozenge, row.then_text)


def first_agreed(row: CommitmentRow) -> str:
    first = row.line.completion_first
    return first.short if first else NONE


def due_now(row: CommitmentRow) -> SafeString:
    now = row.line.completion_now
    if now and row.line.is_moved:
        return format_html('<b class="moved">{}</b>', now.short)
    if row.line.timescale and not now:
        return format_html('<span class="same">{}</span>', row.line.timescale)
    return SAME if now else NONE


def strip(row: CommitmentRow) -> str:
    return "" if row.line.withdrawn or row.line.strip is None else row.line.strip.drawn

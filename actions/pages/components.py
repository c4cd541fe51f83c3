"""The small parts of a page that stand many times on it: a colour, chips, a strip of months.

Written here and not as templates, since a table has hundreds of them and a template takes longer
to begin than these take whole. `{% load components %}` has them for templates.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from actions.rules.scale import CANCELLED
from actions.rules.status import Rating
from actions.wording import scale


class Chip(Protocol):
    @property
    def glyph(self) -> str:
        """One of `templates/includes/glyphs.html`, or none."""

    @property
    def text(self) -> str: ...

    @property
    def is_new(self) -> bool:
        """Since the day compared with."""


class MonthCell(Protocol):
    @property
    def kind(self) -> str:
        """`written`, `carried`, `grey`, `paused`, `unrated` or `before`."""

    @property
    def rating(self) -> Rating: ...

    @property
    def letter(self) -> str: ...

    @property
    def is_current(self) -> bool: ...


def rating_word(rating: object) -> str:
    """A rating in the word of the plan at hand."""
    return scale().withdrawn if str(rating) == CANCELLED else scale().word(str(rating))


def lozenge(rating: object, *, word: str = "", is_large: bool = False) -> SafeString:
    """A rating as its colour and its word, or in the word it was written in."""
    return _lozenge(str(rating), word or rating_word(rating), is_large)


@lru_cache(maxsize=256)
def _lozenge(value: str, word: str, is_large: bool) -> SafeString:
    size = " is-large" if is_large else ""
    return format_html('<span class="lozenge r-{}{}">{}</span>', value, size, word)


def chips(tags: Iterable[Chip]) -> SafeString:
    """Facts beside a name; nothing where there are none."""
    all_chips = format_html_join("", "{}", ((chip(tag),) for tag in tags))
    return format_html('<div class="chips">{}</div>', all_chips) if all_chips else all_chips


def chip(tag: Chip) -> SafeString:
    return _chip(tag.glyph, tag.text, tag.is_new)


@lru_cache(maxsize=1024)
def _chip(glyph: str, text: str, is_new: bool) -> SafeString:
    drawing = (
        format_html(
            '<svg aria-hidden="true" focusable="false"><use href="#glyph-{}"/></svg>', glyph
        )
        if glyph
        else ""
    )
    new = mark_safe('<span class="visually-hidden">, new</span>') if is_new else ""
    return format_html(
        '<span class="chip{}">{}<span>{}{}</span></span>',
        " is-new" if is_new else "",
        drawing,
        text,
        new,
    )


class Bar(Protocol):
    """A bar of counts by rating; `alt` says them in words."""

    @property
    def segments(self) -> Sequence[Any]: ...

    @property
    def alt(self) -> str: ...


def share(bar: Bar) -> SafeString:
    """A bar whose parts (.rating .count .x .width, in per cent of it) are counts."""
    segments = format_html_join(
        "",
        '<svg class="r-{}" x="{}%" width="{}%" height="24"><rect width="100%" height="24"/>'
        '<text x="50%" y="16.5">{}</text></svg>',
        (
            (getattr(part.rating, "value", part.rating), part.x, part.width, part.count)
            for part in bar.segments
        ),
    )
    return format_html('<svg class="share" role="img" aria-label="{}">{}</svg>', bar.alt, segments)


def linked_share(bar: Bar) -> SafeString:
    """The same, where each part (.url .words too) leads to what it counts."""
    segments = format_html_join(
        "",
        '<a href="{}" aria-label="{}"><svg class="r-{}" x="{}%" width="{}%" height="24">'
        '<rect width="100%" height="24"/><text x="50%" y="16.5">{}</text></svg></a>',
        (
            (
                part.url,
                part.words,
                getattr(part.rating, "value", part.rating),
                part.x,
                part.width,
                part.count,
            )
            for part in bar.segments
        ),
    )
    return format_html(
        '<svg class="share" role="group" aria-label="{}">{}</svg>', bar.alt, segments
    )


def strip(cells: Sequence[MonthCell], alt: str) -> SafeString:
    """Months in a row, oldest first; `alt` says them in words."""
    months = format_html_join("", "{}", ((_month(cell),) for cell in cells))
    return format_html('<span class="strip" role="img" aria-label="{}">{}</span>', alt, months)


def _month(cell: MonthCell) -> SafeString:
    letter = cell.letter if cell.kind in ("written", "paused") else ""
    return _cell(cell.kind, str(cell.rating), letter, cell.is_current)


@lru_cache(maxsize=256)
def _cell(kind: str, rating: str, letter: str, is_current: bool) -> SafeString:
    pair = " is-pair" if len(letter) > 1 else ""
    cell = format_html('<span class="cell is-{}{} r-{}">{}</span>', kind, pair, rating, letter)
    return format_html('<span class="now">{}</span>', cell) if is_current else cell

"""The cells of a line of the list of KPIs, each drawn from its row."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from actions.pages import components
from kpis.pages.kpi_rows import KpiRow
from kpis.pages.page_chart import Icon
from kpis.rules.figures import PeriodFigure

NONE = mark_safe('<span class="same">none</span>')


def name(row: KpiRow) -> SafeString:
    return format_html(
        '<p class="name"><a href="{}">{}</a></p>{}', row.url, row.title, components.chips(row.chips)
    )


def latest(row: KpiRow) -> SafeString:
    if not row.latest_text:
        return NONE
    text = _marked(row.latest_text, row.newest)
    return format_html('<b>{}</b> <span class="note">{}</span>', text, row.latest_note)


def previous(row: KpiRow) -> SafeString:
    return _noted(_marked(row.previous_text, row.state.previous), row.previous_note)


def _marked(text: str, figure: PeriodFigure | None) -> str:
    """A small number in its mark, for who may see it."""
    if figure is None or not figure.is_marked:
        return text
    return format_html(
        '<span class="small-number">{}</span><span class="visually-hidden"> (small number)</span>',
        text,
    )


def target(row: KpiRow) -> SafeString:
    return _noted(row.target_text, row.target_note)


def _noted(text: str, note: str) -> SafeString:
    return format_html('{} <span class="note">{}</span>', text, note) if text else NONE


def stands(row: KpiRow) -> SafeString:
    notes = [text for text in (row.gap_text, row.last_year_text) if text]
    return format_html(
        "{}{}",
        components.chip(row.position),
        format_html_join("", '<p class="note">{}</p>', ((text,) for text in notes)),
    )


def icons(row: KpiRow) -> SafeString:
    """Variation and assurance; their sentences are read out alone."""
    both = [icon for icon in (row.variation, row.assurance) if icon]
    if not both:
        return mark_safe('<span class="same narrow-only">none</span>')
    return format_html_join("", "{}", ((_small(icon),) for icon in both))


def _small(icon: Icon) -> SafeString:
    return format_html(
        '<div class="spc-icon is-small">{}<p><b>{}</b> <span class="visually-hidden">{}</span></p>'
        "</div>",
        icon.svg,
        icon.name,
        icon.sentence,
    )


def trend(row: KpiRow) -> SafeString:
    if row.spark:
        return row.spark
    text = "not enough yet" if row.state.figures else "none yet"
    return format_html('<span class="same">{}</span>', text)

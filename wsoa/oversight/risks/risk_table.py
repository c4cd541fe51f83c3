"""The register of risks and issues as a table of its page."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from actions.pages.tables import BESIDE, AccessibleTable, AsGiven, Drawn
from wsoa.oversight.risks.risk_register import RiskItem


def _on(item: RiskItem) -> str:
    on = item.on
    return format_html('<a href="{}">{}</a>', on.url, on.ref_text) if on.url else on.ref_text


def _text(item: RiskItem) -> SafeString:
    risk, on = item.risk, item.on
    parts = [format_html('<p class="name pre">{}</p>', risk.text)]
    for label, text in (
        ("Being done about it", risk.mitigation),
        ("Help needed", risk.help_needed),
    ):
        if text:
            parts.append(format_html('<p class="note pre"><b>{}:</b> {}</p>', label, text))
    if on.name:
        parts.append(format_html('<p class="note">{}: {}</p>', on.what_text, on.name))
    return format_html_join("", "{}", ((part,) for part in parts))


def _kind(item: RiskItem) -> SafeString:
    state = "open" if item.is_open else "closed"
    return format_html('{}<span class="visually-hidden">, {}</span>', item.kind, state)


def _raised(item: RiskItem) -> SafeString:
    return format_html('{} <span class="note">{}</span>', item.raised_text, item.raised_by)


def _state(item: RiskItem) -> SafeString:
    if not item.is_open:
        return format_html(
            'closed {} <span class="note">{}</span><p class="note pre">{}</p>',
            item.closed_text,
            item.closed_by,
            item.how_closed,
        )
    if not item.close_url:
        return mark_safe('<span class="same">open</span>')
    return format_html(
        '<a class="button is-small is-second" href="{}">Close<span class="visually-hidden"> the {}'
        " on {}</span></a>",
        item.close_url,
        item.kind.lower(),
        item.on.ref_text,
    )


class RiskTable(AccessibleTable):
    ref = Drawn(_on, "On", orderable=False)
    name = Drawn(_text, "Risk or issue", orderable=False)
    colour = Drawn(_kind, "Kind", orderable=False)
    raised = Drawn(_raised, "Raised", orderable=False)
    age = tables.Column(accessor="age_text", verbose_name="Age", orderable=False, attrs=BESIDE)
    state = Drawn(_state, "State", orderable=False)

    caption = "Risks and issues of the plan"

    class Meta:
        attrs = {"id": "risks"}

    def __init__(self, items: list[RiskItem], **options: Any) -> None:
        super().__init__(AsGiven(items), **options)

"""A report as a page that stands alone, kept and printed: it loads nothing and runs nothing."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from kpis.charts.svg.svg import PALETTE
from reports.rendering import layout
from reports.rendering.document import Document
from reports.rendering.glyphs import clean
from reports.rendering.page import view_of

OWN_STYLE = Path(__file__).with_name("file.css")


def as_html(document: Document) -> bytes:
    style = _style() + _foot(layout.foot_text(document, document.digest))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = render_to_string(
        "reports/document/file.html",
        {
            "document": view_of(document),
            # Ours alone, but for the day and the fingerprint at the foot.
            "style": mark_safe(style),
            "policy": f"default-src 'none'; style-src 'sha256-{digest}'",
        },
    )
    return clean(page).encode()


@cache
def _style() -> str:
    """The colours, what the page stands on, and the style that it shares with the site's."""
    shared = finders.find("wsoa/report.css")
    if not shared:
        raise FileNotFoundError("wsoa/report.css")
    tokens = "".join(f"--{name}:{colour};" for name, colour in PALETTE.items())
    return f":root{{{tokens}}}\n{OWN_STYLE.read_text()}\n{Path(shared).read_text()}\n"


def _foot(text: str) -> str:
    """The foot of each printed page. `text` holds no sign that a style reads."""
    return f'@page {{ @bottom-left {{ content: "{text}"; font: 9pt sans-serif; }} }}\n'

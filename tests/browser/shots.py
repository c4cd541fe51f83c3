"""Pictures of every page, to hold against the mock-ups: `make shots`, into .local/shots.

Not collected with the tests. The pages are those of tests/browser/pages.py.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.pages import PAGES
from wsoa import embedded_postgres

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESKTOP},
    "dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "320": {"viewport": PHONE},
    "print": {"viewport": DESKTOP},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("visit", PAGES, ids=lambda visit: visit.name)
def test_shot(open_context, signed_in, trouble, visit, look):
    options = LOOKS[look]
    page = signed_in(visit.role, **options) if visit.role else open_context(**options).new_page()
    visit.open(page)
    if look == "print":
        page.emulate_media(media="print")

    folder = embedded_postgres.LOCAL / "shots"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"{visit.name}-{look}.png", full_page=True)
    # Pictures are for looking at; what is wrong behind them is for the tests to say.
    trouble.clear()


@pytest.mark.parametrize("name", ["dashboard", "update"])
def test_picture_of_the_readme(signed_in, trouble, name):
    """The two of README.md, to be copied into docs/pictures when those pages have changed."""
    visit = next(one for one in PAGES if one.name == name)
    page = signed_in(visit.role, viewport={"width": 1200, "height": 820})
    visit.open(page)
    folder = embedded_postgres.LOCAL / "shots"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"readme-{name}.png")
    trouble.clear()

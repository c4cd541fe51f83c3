"""Pictures of the main pages, to hold against the mock-ups: `make shots`, into .local/shots.

Not collected with the tests. A new page gets a line in PAGES.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.browser.conftest import PHONE
from wsoa import embedded

DESKTOP = {"width": 1280, "height": 900}
LOOKS = {
    "light": {"viewport": DESKTOP},
    "dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "320": {"viewport": PHONE},
    "print": {"viewport": DESKTOP},
}


@dataclass(frozen=True)
class Shot:
    name: str
    role: str | None  # None: not signed in
    address: str


SAMPLE = "/plans/sample-plan"
PAGES = [
    Shot("sign-in", None, "/sign-in/"),
    Shot("my-work", "lead", f"{SAMPLE}/my-work/"),
    Shot("update", "lead", f"{SAMPLE}/commitments/1.2.1a/update/"),
    Shot("plans", "officer", "/plans/"),
    Shot("plan", "officer", f"{SAMPLE}/"),
    Shot("plan-earlier", "officer", f"{SAMPLE}/?as_at=2022-09-30"),
    Shot("area", "officer", f"{SAMPLE}/areas/1/"),
    Shot("action", "officer", f"{SAMPLE}/actions/1.2.1/"),
    Shot("commitment", "officer", f"{SAMPLE}/commitments/1.2.1a/"),
    Shot("weaknesses", "officer", f"{SAMPLE}/weaknesses/"),
    Shot("bodies", "officer", f"{SAMPLE}/bodies/"),
    Shot("engagement", "officer", f"{SAMPLE}/engagement/"),
    Shot("glossary", "officer", f"{SAMPLE}/glossary/"),
    Shot("funding", "officer", f"{SAMPLE}/funding/"),
    Shot("reports", "reader", f"{SAMPLE}/reports/"),
    Shot("first-officer", "admin", "/officers/"),
    Shot("users", "admin", "/users/"),
    Shot("new-user", "admin", "/users/new/"),
    Shot("user", "admin", "/users/1/"),
    Shot("change-password", "admin", "/password/"),
]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("shot", PAGES, ids=lambda shot: shot.name)
def test_shot(open_context, signed_in, shot, look):
    options = LOOKS[look]
    page = signed_in(shot.role, **options) if shot.role else open_context(**options).new_page()
    page.goto(shot.address)
    if look == "print":
        page.emulate_media(media="print")

    folder = embedded.LOCAL / "shots"
    folder.mkdir(exist_ok=True)
    page.screenshot(path=folder / f"{shot.name}-{look}.png", full_page=True)

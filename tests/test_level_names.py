"""A plan that calls its levels otherwise is spoken of in its own words, on every page."""

import re
from html.parser import HTMLParser

import pytest

from actions.models import Area, LocalArea, Theme
from actions.plan.references import show_references
from tests.test_access import TABLE, address, sign_in

OTHERWISE = {"area": "Priority", "theme": "Strand", "action": "Step", "commitment": "Milestone"}
# Where our words are somebody else's: a kind of plan, a judgement, a role, the place, the scene.
NOT_LEVELS = re.compile(
    r"local area\w*|area SEND|(written )?statements? of action|\w+ action plans?|action leads?"
    r"|accelerated progress|(not )?effective action|actions from the last review|action log"
    r"|decisions? and actions?|agreed actions?|support requested"
    r"|area \d+( of the plan)?|theme \d\.\d"
    r"|area: priority.*milestone",
    re.IGNORECASE,
)
OURS = re.compile(r"\b(commitments?|themes?|areas?|actions?)\b", re.IGNORECASE)
# Of the site and not of a plan, or of no page at all.
OF_NO_PLAN = (
    "accounts:",
    "actions:start_plan",
    "pages:explanation",
    "pages:plans",
    "pages:search",
    "unknown",
)


class Text(HTMLParser):
    """What a person reads or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in ("script", "style")
        for name, value in attrs:
            if name in ("aria-label", "title", "placeholder", "alt") and value:
                self.texts.append(value)

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.unread and data.strip():
            self.texts.append(data.strip())


def ours_in(html: str) -> list[str]:
    reader = Text()
    reader.feed(html)
    return [text for text in reader.texts if OURS.search(NOT_LEVELS.sub("", text))]


# What was published stays as it was; a draft tells areas as they were called at its cut-off.
PUBLISHED = ("reports:report", "reports:report_families")
PAGES = [name for name in TABLE if not name.startswith(OF_NO_PLAN) and name not in PUBLISHED]


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_no_page_says_our_word_for_a_level_that_the_plan_calls_otherwise(client, everything, name):
    world = everything
    world.plan.level_names = OTHERWISE
    world.plan.save(update_fields=["level_names"])
    # What the scene itself is called by our words.
    LocalArea.objects.update(name="Somewhere")
    Theme.objects.update(title="Waits")
    Area.objects.update(title="Help sooner")
    show_references(world.plan)
    sign_in(client, world, "officer")

    response = client.get(address(name, world))

    # Read to its end, a file is closed.
    content = b"".join(response)
    if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
        texts = ours_in(content.decode())
        assert not texts

"""A plan with a colour key of its own is spoken of in that key's words, on every page."""

import re

import pytest

from tests.test_access import TABLE, address, sign_in
from tests.test_level_names import OF_NO_PLAN, Text

KEY = [
    {"word": "Complete", "means": "blue", "text": "All of it is done"},
    {"word": "On track", "means": "green", "text": "As planned"},
    {"word": "Some delay", "means": "amber", "text": "Late by weeks"},
    {"word": "Stuck", "means": "red", "text": "Late by months"},
    {"word": "Not started", "means": "grey"},
    {"word": "Set aside", "means": "paused", "text": "Until the board says otherwise"},
    {"word": "Dropped", "means": "cancelled"},
]
OURS = re.compile(r"\b(blues?|greens?|ambers?|reds?|greys?)\b", re.IGNORECASE)
# Somebody else's word: the name of what officers call the whole.
NOT_COLOURS = re.compile(r"\bBRAG\b")
# What was published stays as it was.
PUBLISHED = ("reports:report", "reports:report_families")
PAGES = [name for name in TABLE if not name.startswith(OF_NO_PLAN) and name not in PUBLISHED]


def ours_in(html: str) -> list[str]:
    reader = Text()
    reader.feed(html)
    return [text for text in reader.texts if OURS.search(NOT_COLOURS.sub("", text))]


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_no_page_says_our_word_for_a_colour_that_the_plan_calls_otherwise(client, everything, name):
    world = everything
    world.plan.colour_key = KEY
    world.plan.save(update_fields=["colour_key"])
    sign_in(client, world, "officer")

    response = client.get(address(name, world))

    # Read to its end, a file is closed.
    content = b"".join(response)
    if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
        assert not ours_in(content.decode())

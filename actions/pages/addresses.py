"""Addresses of pages that stand above the room which links to them, by what they show.

A room names its own addresses and those below. What it must link to above, such as the page of a
commitment, it asks for here; the site says at its start which address that is.
"""

from typing import Any

from django.urls import reverse

# What a page shows, and the name of its address: filled in by `wsoa.pages.apps`.
PAGES: dict[str, str] = {}


def address_of(shows: str, *args: Any) -> str:
    """The address of the page that shows this, as `commitment` of a plan and a reference."""
    return reverse(PAGES[shows], args=args)

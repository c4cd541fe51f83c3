"""Every page of the sample, walked as each role: no link leads nowhere, or where one may not go."""

from __future__ import annotations

from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from wsoa.accounts.models import User
from wsoa.demo.loading import SIGN_INS

BEGINNING = ["/", "/pages/help/"]
# What a person may be answered; the refusals are for those who were shown no link.
FINE = {200, 302, 304}


class Links(HTMLParser):
    """The addresses that a page offers, and the places within it that can be gone to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[tuple[str, str]] = []
        self.places: set[str] = set()
        self._open = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.places.add(values["id"] or "")
        if tag in {"a", "area"} and "href" in values:
            self.links.append((tag, values["href"] or ""))
        if tag == "form" and (values.get("method") or "get").lower() == "get":
            self.links.append((tag, values.get("action") or "?"))


class Walk:
    """One person's way through the site, along every kind of link that they are shown."""

    # How many pages of one address are read, and how many links to it are tried.
    most_read, most_tried = 2, 3

    def __init__(self, client: Client) -> None:
        self.client = client
        self.wrong: list[str] = []
        self.read: Counter[str] = Counter()
        self.tried: Counter[str] = Counter()
        self._seen: set[str] = set()
        self._to_go: deque[tuple[str, str]] = deque()

    def go(self, beginning: list[str]) -> None:
        for address in beginning:
            self._add(address, "the beginning")
        while self._to_go:
            self._visit(*self._to_go.popleft())

    def _visit(self, address: str, shown_on: str) -> None:
        try:
            name = resolve(urlsplit(address).path).view_name
        except Resolver404:
            self.wrong.append(f"{shown_on}: {address} is no address of the site")
            return
        if self.tried[name] >= self.most_tried:
            return
        self.tried[name] += 1
        answer = self.client.get(address)
        if answer.status_code not in FINE:
            self.wrong.append(f"{shown_on}: {address} answers {answer.status_code}")
        elif answer.status_code == 302:
            self._add(urljoin(address, answer["Location"]), shown_on)
        elif answer["Content-Type"].startswith("text/html") and self.read[name] < self.most_read:
            self.read[name] += 1
            self._read(address, answer.content.decode())
        elif answer.streaming:
            # Read to its end, a file is closed.
            b"".join(answer)

    def _read(self, address: str, page: str) -> None:
        found = Links(page)
        for tag, link in found.links:
            # A mail to nobody is for passing an address on, and then holds one.
            to_nobody = link.startswith("mailto:?") and "body=" not in link
            if not link or link in {"#", "mailto:"} or to_nobody:
                self.wrong.append(f"{address}: a link that leads nowhere, {link!r}")
            elif link.startswith("#"):
                if link[1:] not in found.places:
                    self.wrong.append(f"{address}: {link} is nowhere on the page")
            elif not urlsplit(link).scheme and not (tag == "form" and link == "?"):
                self._add(urljoin(address, link), address)

    def _add(self, address: str, shown_on: str) -> None:
        place = address.partition("#")[0]
        if place not in self._seen:
            self._seen.add(place)
            self._to_go.append((place, shown_on))


@pytest.mark.slow
@pytest.mark.parametrize("email", [one.email for one in SIGN_INS])
def test_every_link_that_somebody_is_shown_can_be_followed(as_loaded, client, email):
    client.force_login(User.objects.get(email=email))
    walk = Walk(client)

    walk.go(BEGINNING)

    assert not walk.wrong, "\n".join(walk.wrong)
    # It went somewhere: a walk that is turned away at the door finds nothing wrong.
    assert len(walk.read) >= LEAST[email.partition("@")[0]]


# Kinds of pages that each is shown at the least.
LEAST = {
    "officer": 60,
    "lead": 30,
    "sro": 30,
    "chair": 30,
    "member": 30,
    "forum": 30,
    "reader": 4,
    "admin": 4,
}


def test_somebody_who_has_not_signed_in_finds_only_what_is_for_everybody(db, client):
    walk = Walk(client)
    walk.go(BEGINNING)
    assert not walk.wrong, "\n".join(walk.wrong)
    assert "accounts:sign_in" in walk.read

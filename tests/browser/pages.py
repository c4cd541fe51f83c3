"""Every page of the site, each as whoever may do most there, and as others where theirs differs.

The tests look at each of them once, and `make shots` takes their pictures. A new page gets a line
in PAGES.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone
from playwright.sync_api import Page

SAMPLE = "/plans/sample-plan"
WARWICKSHIRE = "/plans/warwickshire-2022"
WORCESTERSHIRE = "/plans/worcestershire-2018"

TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)
# A day in the sample's past on which its progress was different.
EARLIER = TODAY - timedelta(days=92)


def choose_red_and_send(page: Page) -> None:
    """Red without an issue and without help, and a month to move to that is past."""
    page.get_by_role("radio", name="Red").check()
    page.get_by_label("Yes, ask to move it").check()
    page.get_by_role("group", name="New month").get_by_label("Month").fill("1")
    page.get_by_role("group", name="New month").get_by_label("Year").fill("2020")
    page.get_by_label("Why does it move?").fill("The new start is set by the contract.")
    page.get_by_label("What happened").fill("The contract was signed three months late.")
    page.get_by_role("button", name="Send update").click()
    page.get_by_role("heading", name="Three answers need putting right").wait_for()


def choose_blue_and_send(page: Page) -> None:
    page.get_by_role("radio", name="Blue").check()
    page.get_by_role("button", name="Send update").click()
    page.get_by_role("heading", name="answers need putting right").wait_for()


def correct_the_newest(page: Page) -> None:
    page.get_by_role("link", name="Correct the last update").click()
    page.get_by_role("heading", level=1).wait_for()


def correct_without_a_reason(page: Page) -> None:
    correct_the_newest(page)
    page.get_by_role("button", name="Send correction").click()
    page.get_by_role("heading", name="One answer needs putting right").wait_for()


def return_without_a_reason(page: Page) -> None:
    page.get_by_label("No, I return it to the lead").check()
    page.get_by_role("button", name="Send your answer").click()
    page.get_by_role("heading", name="One answer needs putting right").wait_for()


def send_nothing(button: str) -> Callable[[Page], None]:
    def send(page: Page) -> None:
        page.get_by_role("button", name=button).click()
        page.get_by_role("heading", name="putting right").wait_for()

    return send


def add_somebody(page: Page) -> None:
    page.get_by_label("Name").fill("Sample newcomer")
    page.get_by_label("E-mail address").fill(f"{uuid4().hex}@sample.example")
    page.get_by_role("button", name="Add user").click()
    page.get_by_role("heading", name="Password of Sample newcomer").wait_for()


@dataclass(frozen=True)
class Visit:
    """A page, and how to get there."""

    name: str
    role: str | None  # None: not signed in
    address: str
    then: Callable[[Page], None] | None = None
    leads_to: str = ""  # the view `then` ends at, where it is not the one of the address
    status: int = 200

    def open(self, page: Page) -> None:
        page.goto(self.address)
        if self.then:
            self.then(page)


PAGES = [
    # One's own work
    Visit("my-work-lead", "lead", f"{SAMPLE}/my-work/"),
    Visit("my-work-sro", "sro", f"{SAMPLE}/my-work/"),
    Visit("update", "lead", f"{SAMPLE}/commitments/1.2.2c/update/"),
    Visit(
        "update-red-refused",
        "lead",
        f"{SAMPLE}/commitments/1.2.2c/update/",
        then=choose_red_and_send,
        status=422,
    ),
    Visit("update-on-behalf", "officer", f"{SAMPLE}/commitments/3.1.1h/update/"),
    Visit(
        "update-blue-refused",
        "officer",
        f"{SAMPLE}/commitments/5.1.1b/update/",
        then=choose_blue_and_send,
        status=422,
    ),
    Visit(
        "correction",
        "lead",
        f"{SAMPLE}/commitments/1.2.1b/",
        then=correct_the_newest,
        leads_to="actions:correct_update",
    ),
    Visit(
        "correction-refused",
        "lead",
        f"{SAMPLE}/commitments/1.2.1b/",
        then=correct_without_a_reason,
        leads_to="actions:correct_update",
        status=422,
    ),
    Visit("blue", "sro", f"{SAMPLE}/commitments/1.2.4a/blue/"),
    Visit(
        "blue-refused",
        "sro",
        f"{SAMPLE}/commitments/1.2.4a/blue/",
        then=return_without_a_reason,
        status=422,
    ),
    # A commitment in each of its conditions
    Visit("commitment-moved", "lead", f"{SAMPLE}/commitments/1.2.2a/"),
    Visit("commitment-blue-waits", "sro", f"{SAMPLE}/commitments/1.2.4a/"),
    Visit("commitment-blue-waits-member", "member", f"{SAMPLE}/commitments/1.2.4a/"),
    Visit("commitment-blue", "lead", f"{SAMPLE}/commitments/1.2.1b/"),
    Visit("commitment-corrected", "officer", f"{SAMPLE}/commitments/2.1.1d/"),
    Visit("commitment-grey", "officer", f"{SAMPLE}/commitments/2.1.1a/"),
    Visit("commitment-not-yet-rated", "officer", f"{SAMPLE}/commitments/5.1.1b/"),
    Visit("commitment-published", "officer", f"{WARWICKSHIRE}/commitments/1.2.2a/"),
    # The plan
    Visit("plan", "officer", f"{SAMPLE}/"),
    Visit("plan-earlier", "officer", f"{SAMPLE}/?as_at={EARLIER}"),
    Visit("plan-published", "officer", f"{WARWICKSHIRE}/"),
    Visit("area", "officer", f"{SAMPLE}/areas/1/"),
    Visit("area-earlier", "officer", f"{SAMPLE}/areas/4/?as_at={EARLIER}"),
    Visit("action", "officer", f"{SAMPLE}/actions/1.2.2/"),
    Visit("weaknesses", "officer", f"{WORCESTERSHIRE}/weaknesses/"),
    Visit("bodies", "officer", f"{SAMPLE}/bodies/"),
    Visit("engagement", "officer", f"{SAMPLE}/engagement/"),
    Visit("glossary", "officer", f"{SAMPLE}/glossary/"),
    Visit("funding", "officer", f"{SAMPLE}/funding/"),
    Visit("dates", "officer", f"{SAMPLE}/dates/?next={SAMPLE}/areas/1/"),
    Visit("dates-refused", "officer", f"{SAMPLE}/dates/?day={TOMORROW}", status=422),
    Visit("reports", "officer", f"{SAMPLE}/reports/"),
    Visit("reports-reader", "reader", f"{SAMPLE}/reports/"),
    Visit("plans", "officer", "/plans/"),
    Visit("plans-reader", "reader", "/plans/"),
    Visit("plans-none", "admin", "/plans/"),
    # A superuser's
    Visit("first-officer", "admin", "/officers/"),
    Visit(
        "first-officer-refused",
        "admin",
        "/officers/",
        then=send_nothing("Name the officer"),
        status=422,
    ),
    Visit("users", "admin", "/users/"),
    Visit("new-user", "admin", "/users/new/"),
    Visit("new-user-refused", "admin", "/users/new/", then=send_nothing("Add user")),
    Visit("password-once", "admin", "/users/new/", then=add_somebody),
    Visit("user", "admin", "/users/1/"),
    Visit("reset-password", "admin", "/users/1/password/"),
    # Everybody's
    Visit("sign-in", None, "/sign-in/"),
    Visit("sign-in-refused", None, "/sign-in/", then=send_nothing("Sign in")),
    Visit("change-password", "admin", "/password/"),
    Visit("change-password-refused", "admin", "/password/", then=send_nothing("Change password")),
    Visit("help", "lead", "/pages/help/"),
    Visit("colours", "lead", "/pages/colours/"),
    Visit("access", None, "/pages/access/"),
    Visit("accessibility", None, "/pages/accessibility/"),
    # Refusals
    Visit("not-found", "lead", "/nowhere/", status=404),
    Visit("forbidden", "member", f"{SAMPLE}/commitments/1.2.2a/update/", status=403),
    Visit("bad-request", "lead", f"{SAMPLE}/?as_at=yesterday", status=400),
]

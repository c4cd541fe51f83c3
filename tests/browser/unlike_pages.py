"""The main pages of three unlike plans, each as the role that may do most there.

What the sample does not have: another plan's words for its levels and colours, items without a
number, the same number twice, dates as printed. The plans are those of tests/unlike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone
from playwright.sync_api import Page

from reports.drafts import drafting
from reports.models import ReportSeries
from tests.reports.report_builders import database_now
from wsoa.accounts.models import User

PASSWORD = "long-enough-word"
# What is kept is dear to work out; the pages are not there to try that.
HASHED = PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=1)
CONTENTS = ("kpis", "exceptions", "formal", "scrutiny")


@dataclass(frozen=True, slots=True)
class UnlikePlan:
    """Which plan of a scene is looked at, as at which day, and what of it."""

    name: str
    scene: str
    which: int
    as_at: date  # in its tracked year
    area: str
    action: str
    commitment: str
    updated: str  # a commitment that can still be updated
    kpis: tuple[str, ...]
    # Of a plan whose like is looked at whole: the pages where its words are others.
    only: tuple[str, ...] = ()

    def addresses(self, slug: str, drafts: list[int]) -> Iterator[tuple[str, str]]:
        """A name for each page that is looked at, and its address."""
        for name, address in self._all_addresses(slug, drafts):
            if not self.only or name in self.only:
                yield name, address

    def _all_addresses(self, slug: str, drafts: list[int]) -> Iterator[tuple[str, str]]:
        plan, then = f"/plans/{slug}", f"?as_at={self.as_at}"
        yield "plan", f"{plan}/{then}"
        yield "dashboard", f"{plan}/dashboard/{then}"
        yield "timeline", f"{plan}/dashboard/timeline/{then}"
        yield "commitments", f"{plan}/commitments/{then}"
        yield "area", f"{plan}/areas/{self.area}/{then}"
        yield "action", f"{plan}/actions/{self.action}/{then}"
        yield "commitment", f"{plan}/commitments/{self.commitment}/{then}"
        yield "update", f"{plan}/commitments/{self.updated}/update/"
        yield "my-work", f"{plan}/my-work/"
        yield "updates", f"{plan}/updates/"
        yield "updates-close", f"{plan}/updates/closing/"
        yield "kpis", f"{plan}/kpis/{then}"
        for code in self.kpis:
            yield f"kpi-{code}", f"{plan}/kpis/{code}/{then}"
        yield "findings", f"{plan}/findings/{then}"
        yield "documents", f"{plan}/documents/"
        yield "record", f"{plan}/record/"
        yield "edit", f"{plan}/edit/"
        yield "reports", f"{plan}/reports/"
        for content, pk in zip(CONTENTS, drafts, strict=True):
            yield f"draft-{content}", f"{plan}/reports/drafts/{pk}/"


PLANS = (
    UnlikePlan(
        "accelerated",
        "accelerated",
        0,
        as_at=date(2025, 6, 30),
        area="A",
        action="1.4",
        commitment="1.3",
        updated="1.4",
        kpis=("A1", "D1"),
    ),
    UnlikePlan(
        "priority",
        "one_inspection",
        0,
        as_at=date(2025, 6, 30),
        area="1",
        action="1-2",
        commitment="2-3",
        updated="1-3",
        kpis=("waits",),
    ),
    UnlikePlan(
        "improvement",
        "one_inspection",
        1,
        as_at=date(2025, 6, 30),
        area="3",
        action="3-1",
        commitment="1-1",
        updated="3-1",
        kpis=("letters",),
        only=("plan", "dashboard", "commitments", "area", "commitment", "kpi-letters", "reports"),
    ),
    UnlikePlan(
        "strategic",
        "strategic",
        0,
        as_at=date(2024, 12, 15),
        area="1",
        action="r1-a",
        commitment="r1-b",
        updated="r6-b",
        kpis=("weeks",),
    ),
)


def prepare(plan: UnlikePlan, scene: SimpleNamespace) -> SimpleNamespace:
    """Let its programme team sign in, and start a draft of each content."""
    tracked = scene.of[plan.which]
    officer = tracked.users["officer"]
    User.objects.filter(pk=officer.pk).update(password=HASHED)
    drafts = []
    for content in CONTENTS:
        series = ReportSeries.objects.get(plan=tracked.plan, content=content)
        report = drafting.start(
            series=series,
            period=series.cycle.period_of(plan.as_at),
            by=officer,
            today=timezone.localdate(),
            now=database_now(),
        )
        drafts.append(report.pk)
    return SimpleNamespace(slug=tracked.plan.slug, email=officer.email, drafts=drafts)


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)

"""Many people at once, on two workers: pages mixed with updates, and everybody's update at once.

Each is of another plan of 71 commitments, as the months of several areas go on side by side. What
is measured depends on the machine, whose two cores the people share with the server: read it beside
the bare page of the same run. What must hold everywhere: nothing fails, and each update that was
acknowledged is on record, once.
"""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter
from uuid import uuid4

import pytest
from django.urls import reverse

from actions.models import Person, ProgressUpdate
from tests.benchmarks.served_pages import Browser, Site, fields_of, two_workers
from tests.large_plans import LargePlan, make_large_plan

# Each has twelve leads.
PLANS = 17
AT_ONCE = (1, 4, 16)
SECONDS = 20
# Of what a person does, so much is an update.
UPDATES = 0.15
AT_THE_SAME_SECOND = 200
PATIENCE = 10  # seconds that nobody of them waits longer for any answer

PAGES = ("actions:commitments", "reports:dashboard", "kpis:kpis", "pages:my_work", "actions:plan")

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Lead:
    """One lead, who reads pages and sends updates of the commitments of one plan."""

    browser: Browser
    plan: LargePlan
    refs: list[str]
    chance: random.Random
    waited: list[float] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    def at(self, name: str, *args: object) -> str:
        return reverse(name, args=[self.plan.plan.slug, *args])

    def ask(self, ask: Callable[..., str], *args: object) -> str:
        begun = perf_counter()
        answer = ask(*args)
        self.waited.append(perf_counter() - begun)
        return answer

    def read(self) -> None:
        name = self.chance.choice((*PAGES, "pages:commitment"))
        args = [self.chance.choice(self.refs)] if name == "pages:commitment" else []
        self.ask(self.browser.get, self.at(name, *args))

    def update(self) -> None:
        """The whole way: form, check, sent, next."""
        ref, text = self.chance.choice(self.refs), f"What moved, {uuid4()}."
        address = self.at("actions:record_update", ref)
        form = fields_of(self.ask(self.browser.get, address))
        answers = {"brag": "green", "progress": text, "late_reason": "Late.", "date_move": "no"}
        check = self.ask(self.browser.post, address, form | answers)
        assert check.endswith("/check/"), check
        page = fields_of(self.ask(self.browser.get, check))
        done = self.ask(self.browser.post, check, page)
        assert done.endswith("/done/"), done
        self.sent.append(text)
        self.ask(self.browser.get, done)

    def go_on(self, until: float) -> None:
        while perf_counter() < until:
            self.update() if self.chance.random() < UPDATES else self.read()


def people(site: Site, plans: list[LargePlan], many: int) -> list[Lead]:
    """Leads, each with commitments of their own, of one plan after another."""
    leads = [
        [lead.user for lead in Person.objects.filter(leads__commitment__plan=large.plan).distinct()]
        for large in plans
    ]
    found = []
    for number in range(many):
        turn, place = divmod(number, len(plans))
        plan, lead = plans[place], leads[place][turn]
        led = plan.plan.commitments.filter(leads__person__user=lead)
        refs = list(led.values_list("code", flat=True))
        found.append(Lead(site.browser(lead.email), plan, refs, random.Random(number)))
    return found


def check_all_recorded(everybody: list[Lead]) -> None:
    texts = [text for person in everybody for text in person.sent]
    recorded = ProgressUpdate.objects.filter(progress__in=texts).values_list("progress", flat=True)
    assert sorted(recorded) == sorted(texts)


def test_pages_mixed_with_updates():
    plans = [make_large_plan(71, 12) for _ in range(PLANS)]
    with two_workers() as site:
        lone = site.browser(plans[0].officer.email)
        bare = site.usual(lambda: lone.get("/floor/"), changed=False, runs=40)[0]
        print(f"\nbare page: {bare:.1f} ms")
        for many in AT_ONCE:
            everybody = people(site, plans, many)
            until = perf_counter() + SECONDS
            with ThreadPoolExecutor(many) as pool:
                list(pool.map(Lead.go_on, everybody, [until] * many))
            waited = [1000 * one for person in everybody for one in person.waited]
            longest = quantiles(waited, n=20)[-1]
            print(
                f"{many:3} at once: {len(waited) / SECONDS:5.1f} pages a second; "
                f"waited {median(waited):.0f} ms, one in twenty {longest:.0f}"
            )
            check_all_recorded(everybody)
        print(f"memory: {site.memory():.0f} MiB")


def test_everybody_sends_an_update_in_the_same_second():
    plans = [make_large_plan(71, 12) for _ in range(PLANS)]
    with two_workers() as site:
        everybody = people(site, plans, AT_THE_SAME_SECOND)
        begun = perf_counter()
        with ThreadPoolExecutor(AT_THE_SAME_SECOND) as pool:
            list(pool.map(Lead.update, everybody))
        print(
            f"\n{AT_THE_SAME_SECOND} updates in {perf_counter() - begun:.0f} s; one waits for an "
            f"answer {max(one for person in everybody for one in person.waited):.1f} s at most"
        )
    check_all_recorded(everybody)

"""The table of docs/performance.md: the sample served by two workers, beside a bare page."""

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

import pytest
from django.urls import reverse

from tests.benchmarks.pages import REF, quarterly_draft
from tests.benchmarks.served_pages import Browser, fields_of, two_workers
from wsoa.demo.sample import SLUG

RUNS = 15

pytestmark = pytest.mark.django_db(transaction=True)


def at(name: str, *args: object) -> str:
    return reverse(name, args=[SLUG, *args])


def pages(officer: Browser, lead: Browser, draft: int) -> dict[str, Callable[[], object]]:
    addresses = {
        "commitments, 71 rows": at("actions:commitments"),
        "one commitment": at("pages:commitment", REF),
        "dashboard": at("reports:dashboard"),
        "CSV": at("actions:commitments_file", "csv"),
        "KPIs": at("kpis:kpis"),
        "area": at("pages:area", 1),
        "search": at("pages:search_plan") + "?q=autism",
        "quarterly draft": at("reports:draft", draft),
        "quarterly draft as PDF": at("reports:draft_file", draft, "report", "pdf"),
    }
    asks: dict[str, Callable[[], object]] = {
        name: partial(officer.get, address) for name, address in addresses.items()
    }
    return asks | {"My work": partial(lead.get, at("pages:my_work"))}


def updates(lead: Browser, many: int) -> tuple[float, float]:
    """Milliseconds: the median of the answer that records an update, and of all from sending the
    form to the next page."""
    recorded, flow = [], []
    for number in range(many):
        form = fields_of(lead.get(at("actions:record_update", REF)))
        answers = {"brag": "green", "progress": f"The clinic's session {number} was held."}
        sent_at = perf_counter()
        check = lead.post(
            at("actions:record_update", REF),
            form | answers | {"late_reason": "The building was late.", "date_move": "no"},
        )
        shown = fields_of(lead.get(check))
        checked_at = perf_counter()
        done = lead.post(check, shown)
        recorded.append(1000 * (perf_counter() - checked_at))
        assert done.endswith("/done/"), done
        lead.get(done)
        flow.append(1000 * (perf_counter() - sent_at))
    return median(recorded), median(flow)


def test_what_people_wait_for(as_loaded, settings):
    draft = quarterly_draft().pk
    with two_workers() as site:
        print(f"\nmemory at start: {site.memory():.0f} MiB")
        officer, lead = (site.browser(f"{name}@sample.example") for name in ("officer", "lead"))
        asks = pages(officer, lead, draft)
        bare = site.usual(lambda: officer.get("/floor/"), changed=False, runs=4 * RUNS)
        print(f"bare page: {bare[0]:.1f} ms waited, {bare[1]:.1f} ms computed")
        print(f"{'in bare pages':28} first: waited, computed   unchanged: waited, computed")
        for name, ask in asks.items():
            runs = 3 if "PDF" in name else RUNS
            first = site.usual(ask, changed=True, runs=runs)
            same = site.usual(ask, changed=False, runs=runs)
            ratios = [one / other for one, other in zip(first + same, bare * 2, strict=True)]
            print(f"{name:28}" + "".join(f"{ratio:8.1f}" for ratio in ratios))
        recorded, flow = updates(lead, RUNS)
        print(f"{'an update, recorded':28}{recorded / bare[0]:8.1f}")
        print(f"{'an update, as waited for':28}{flow / bare[0]:8.1f}")
        print(f"memory after all of it: {site.memory():.0f} MiB")

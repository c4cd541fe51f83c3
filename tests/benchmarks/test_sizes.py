"""How pages grow with the plan: 300 rows over three years, and 1,200, beside 71 over one.

The table and the dashboard of 300 take at most four times the processor's time of those of 71,
which is about as many times the rows, with three times the months in each. No page of 1,200 takes
more than its rows and their months would. Time is of this process, in one run and by turns, so that
a machine's speed and what else it does fall out.
"""

import gc
from collections.abc import Callable, Iterator
from statistics import median
from time import process_time
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from tests.benchmarks.pages import Browser
from tests.databases import run_as_owner
from tests.large_plans import LargePlan, make_large_plan
from wsoa.wsgi import settle

RUNS = 9
SMALL, LARGE, LARGEST = (71, 12), (300, 36), (1200, 36)
PAGES = {
    "commitments": "actions:commitments",
    "dashboard": "reports:dashboard",
    "timeline": "reports:timeline",
    "My work": "pages:my_work",
    "KPIs": "kpis:kpis",
}
# Of a plan of 300.
MOST_TIMES = {"commitments": 4, "dashboard": 4}


@pytest.fixture(autouse=True)
def as_served() -> Iterator[None]:
    """Python looks for cycles as it does in the process that serves the site."""
    threshold = gc.get_threshold()
    settle()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()


def usual(*asks: Callable[[], Any], runs: int = RUNS) -> list[float]:
    """The median processor time of each, taken by turns; the first turn fills caches."""
    took: list[list[float]] = [[] for _ in asks]
    for turn in range(runs + 1):
        for times, ask in zip(took, asks, strict=True):
            with transaction.atomic():
                spent = process_time()
                ask()
                if turn:
                    times.append(process_time() - spent)
                transaction.set_rollback(True)
    return [median(times) for times in took]


def ask_of(large: LargePlan, name: str) -> Callable[[], Any]:
    browser = Browser((large.lead if name == "My work" else large.officer).email)
    address = reverse(PAGES[name], args=[large.plan.slug])
    return lambda: browser.get(address)


def made(*sizes: tuple[int, int]) -> list[LargePlan]:
    plans = [make_large_plan(*size) for size in sizes]
    run_as_owner("ANALYZE")
    return plans


@pytest.mark.django_db(transaction=True)
def test_a_plan_of_300_rows_takes_no_more_than_its_rows():
    small, large = made(SMALL, LARGE)
    print("\nms of 71 × 12, of 300 × 36, times as long")
    slow = []
    for name in PAGES:
        few, many = usual(ask_of(small, name), ask_of(large, name))
        print(f"{name:14} {1000 * few:7.1f} {1000 * many:7.1f} {many / few:6.1f}")
        if many > MOST_TIMES.get(name, many / few) * few:
            slow.append(f"{name}: {many / few:.1f} times")
    assert slow == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_plan_of_1200_rows_takes_no_more_than_its_rows_and_their_months():
    """Beside 300 of as many months: four times the rows."""
    large, largest = made(LARGE, LARGEST)
    print("\nms of 300 × 36, of 1,200 × 36, times as long")
    slow = []
    for name in PAGES:
        many, most = usual(ask_of(large, name), ask_of(largest, name), runs=3)
        print(f"{name:14} {1000 * many:7.1f} {1000 * most:7.1f} {most / many:6.1f}")
        # A tenth for what is not measured twice alike.
        if most > 1.1 * LARGEST[0] / LARGE[0] * many:
            slow.append(f"{name}: {most / many:.1f} times")
    assert slow == []

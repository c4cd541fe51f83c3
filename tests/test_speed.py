"""No page takes twice what it took, in processor time and in bare pages of the same run.

`make bench` prints them all, more exactly; docs/performance.md says what each is made of.
"""

import pytest

from tests.benchmarks import pages


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_page_takes_twice_what_it_took(as_loaded, settings):
    settings.ROOT_URLCONF = "tests.benchmarks.floor"
    asked = pages.asked()
    floor = asked.pop("floor")
    slow: dict[str, tuple[float, float]] = {}
    for name, ask in asked.items():
        first, unchanged = pages.LIMITS[name]
        # A busy machine slows some readings: only what is slow three times is slow.
        for _ in range(3):
            bare = pages.least(floor, 2)[0]
            writes = name in pages.WRITES
            again = 0 if writes else pages.least_unchanged(ask, 2)
            took = pages.least(ask, 2, writes=writes)[0] / bare, again / bare
            if took[0] <= 2 * first and took[1] <= 2 * unchanged:
                slow.pop(name, None)
                break
            slow[name] = took
    assert slow == {}

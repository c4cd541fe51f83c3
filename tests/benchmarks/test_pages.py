"""Each page as a ratio to a bare page of the same run, printed; `tests/test_speed.py` holds it."""

import pytest

from tests.benchmarks import pages
from tests.benchmarks.floor import ROWS

# A page gone badly wrong: many times its limit.
TOO_MANY_TIMES = 5


@pytest.mark.django_db(transaction=True)
def test_pages_take_so_many_times_a_bare_page(as_loaded, settings):
    settings.ROOT_URLCONF = "tests.benchmarks.floor"
    asked = pages.asked()
    floor = asked.pop("floor")
    print(f"\ntimes a bare page of {ROWS} rows: processor of this process, wall, unchanged since")
    slow = []
    for name, ask in asked.items():
        # Beside each page, since other work on the machine comes and goes.
        bare = pages.least(floor)
        took = pages.least(ask, writes=name in pages.WRITES)
        processor, wall = (one / other for one, other in zip(took, bare, strict=True))
        again = "" if name in pages.WRITES else f"{pages.least_unchanged(ask) / bare[0]:5.1f}"
        print(f"{name:28} {processor:5.1f} {wall:5.1f} {again}")
        if max(processor, wall) > TOO_MANY_TIMES * pages.LIMITS[name][0]:
            slow.append(f"{name}: {processor:.0f}, {wall:.0f} times")
    assert slow == []

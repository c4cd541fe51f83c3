"""A hostile plan file takes time in proportion to its size."""

from time import process_time

import pytest

from tests.planfile.test_document import problems_of


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_ten_times_the_nesting_takes_at_most_twelve_times_as_long(opening):
    def refused(depth: int) -> float:
        times = []
        for _ in range(5):
            begun = process_time()
            problems_of(opening * depth)
            times.append(process_time() - begun)
        return min(times)

    short, long = refused(20_000), refused(200_000)
    assert long <= 12 * max(short, 0.001)

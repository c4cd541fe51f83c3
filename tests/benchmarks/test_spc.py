"""A control chart takes time in proportion to its points."""

from datetime import date, timedelta
from time import perf_counter

from kpis.rules.spc import control_chart


def seconds(count: int) -> float:
    """The least of five runs, which is the one least disturbed."""
    rows = [
        (date(1990, 1, 1) + timedelta(days=day), 50 + day * 7919 % 13 / 10) for day in range(count)
    ]
    times = []
    for _ in range(5):
        start = perf_counter()
        control_chart(rows, improvement="increase", targets=[(None, 55)])
        times.append(perf_counter() - start)
    return min(times)


def test_ten_times_the_points_take_at_most_twelve_times_as_long():
    short, long = seconds(1_000), seconds(10_000)
    print(f"10,000 points: {long / short:.1f} times 1,000 points")
    assert long <= 12 * short

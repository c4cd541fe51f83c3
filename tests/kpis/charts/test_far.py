"""A target far from the figures: an axis for these alone, and a panel with everything below it."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.charts import plotly
from kpis.charts import svg as drawing
from kpis.charts.spec import Certainty, PeriodValue, measure_figure
from kpis.charts.svg.far import cut
from kpis.rules.trajectory import Dated
from tests.kpis.charts.figure_samples import far_figure, months
from tests.kpis.charts.test_svg import texts


def year_of(*values, unit="weeks", **fields):
    starts = months(date(2026, 1, 1), len(values))
    return measure_figure(
        title="",
        name="Waits",
        unit=unit,
        periods=[
            PeriodValue(month.last_day, str(month), Decimal(value))
            for month, value in zip(starts, values, strict=True)
        ],
        **fields,
    )


def to(value):
    return [(date(2026, 1, 1), Decimal(value))]


def test_figures_keep_their_axis_and_the_target_beyond_it_is_named():
    far = far_figure().far

    # From 218 to 240, with path and target down to 13.
    assert (far.scale[0], far.scale[-1]) == (215, 245)
    assert (far.whole[0], far.whole[-1]) == (0, 300)
    assert far.is_below
    assert far.name == "Target 125 ↓"
    assert far.distance == ("by April 2027", "90 weeks below this edge")
    # 364 of the 545 days to April 2027: 242 - 117 × 364 / 545 = 163.86.
    assert (far.gap.value, far.gap.expected) == (218, Decimal("163.9"))
    assert far.gap.words == "54.1 weeks above its path"
    assert far.gap.path_words == "path: 163.9 in Oct 2026"


def test_the_scale_is_said_where_it_is_cut():
    assert far_figure().unit == "weeks; scale from 215 to 245"
    assert year_of(10, 12, 14, 13, 15, 16, targets=to(20)).unit == "weeks"


@pytest.mark.parametrize(
    ("values", "target", "is_far"),
    [
        # The figures reach over 6 of 11, and of 12; over 6 of 13 they would be squeezed.
        ((10, 16, 12, 13, 14, 15), 21, False),
        ((10, 16, 12, 13, 14, 15), 22, False),
        ((10, 16, 12, 13, 14, 15), 23, True),
        ((10, 16, 12, 13, 14, 15), 3, True),
        # Five figures, and six that are all the same, show no course.
        ((10, 16, 12, 13, 14), 100, False),
        ((10, 10, 10, 10, 10, 10), 100, False),
    ],
)
def test_only_a_target_that_takes_over_half_of_the_axis_is_far(values, target, is_far):
    assert (year_of(*values, targets=to(target)).far is not None) is is_far


def test_a_target_above_is_named_above_and_one_that_is_in_sight_is_not_named_at_the_edge():
    above = year_of(10, 12, 11, 12, 11, 12, targets=to(90)).far
    assert (above.name, above.is_below) == ("Target 90 ↑", False)

    # Met by now, while the path came from far below.
    path = [Dated(date(2025, 12, 31), Decimal(0)), Dated(date(2026, 6, 30), Decimal(12))]
    met = year_of(10, 12, 11, 12, 11, 12, targets=to(12), trajectory=path).far
    assert met.name == ""
    assert met.gap is None


def test_the_next_target_beyond_is_the_one_that_is_named():
    steps = [*to(100), (date(2026, 4, 1), Decimal(200)), (date(2026, 9, 1), Decimal(300))]
    assert year_of(10, 12, 11, 12, 11, 12, targets=steps).far.name == "Target 200 ↑"


def test_a_percentage_is_never_drawn_beyond_a_hundred():
    far = year_of(95, 97, 96, 98, 97, 100, unit="%", targets=to(20)).far
    assert far.scale[-1] == 100
    assert far.distance == ("74% below this edge",)


def test_what_is_projected_has_room_beside_the_figures():
    periods = [
        PeriodValue(month.last_day, str(month), Decimal(10 + index))
        for index, month in enumerate(months(date(2026, 1, 1), 6))
    ]
    periods.append(PeriodValue(date(2026, 7, 31), "July 2026", Decimal(40), Certainty.PROJECTED))
    figure = measure_figure(title="", name="Waits", unit="weeks", periods=periods, targets=to(200))
    assert figure.far.scale[-1] >= 40


def test_both_panels_are_drawn_and_each_point_once():
    drawn = drawing.draw(far_figure())
    said = texts(drawn)

    assert "Target 125 ↓" in said
    assert "90 weeks below this edge" in said
    assert "The same figures beside the target" in said
    assert "scale from 0 to 300" in said
    assert "54.1 weeks above its path" in said
    assert "Target 125" in said
    assert "Target 13, January 2028" in said
    assert drawn.count("<title>October 2026: 218 weeks") == 1
    # Of the path only what lies between the edges, and its start alone has a number there.
    assert "242" in said
    assert "Trajectory 13" not in said


def test_whoever_explores_the_chart_sees_the_whole_scale():
    axis = plotly.plot(far_figure())["layout"]["yaxis"]
    low, high = axis["range"]
    assert low <= 0
    assert high >= 300


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ([(0, 5), (10, 5)], [[(0, 5), (10, 5)]]),
        # Down through the lower edge half way along; up and down again through the upper one.
        ([(0, 5), (10, -5)], [[(0, 5), (5, 0)]]),
        ([(0, 5), (10, 15), (20, 5)], [[(0, 5), (5, 10)], [(15, 10), (20, 5)]]),
        ([(0, -5), (10, 15)], [[(2.5, 0), (7.5, 10)]]),
        ([(0, 20), (10, 30)], []),
        # A step that runs along an edge from outside touches it.
        ([(0, 20), (10, 20), (10, 4), (20, 4)], [[(10, 10), (10, 4), (20, 4)]]),
        ([(3, 4)], [[(3, 4)]]),
        ([(3, 40)], []),
    ],
)
def test_a_line_is_cut_where_it_leaves_the_axis(line, parts):
    vertices = [(float(at), Decimal(value)) for at, value in line]
    assert list(cut(vertices, Decimal(0), Decimal(10))) == parts

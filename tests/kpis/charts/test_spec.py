"""What a figure holds: the numbers, the gaps, the words, the table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from actions.rules.dates import PlanDate
from actions.rules.status import Rating
from kpis.charts import plotly, svg
from kpis.charts.spec import (
    AreaLine,
    AreaMonth,
    Certainty,
    PeriodValue,
    Role,
    Shape,
    TimelineLine,
    grid_figure,
    measure_figure,
    ratings_figure,
    timeline_figure,
)
from kpis.charts.spec.axes import axis_labels, narrowed, span, stretches, value_scale
from kpis.rules.spc import control_chart
from kpis.rules.trajectory import Dated
from tests.kpis.charts.figure_samples import (
    FIGURES,
    columns_figure,
    control_figure,
    months,
    rebased_figure,
    suppressed_figure,
    trajectory_figure,
)


def month_values(*values: str | None, first: date = date(2022, 1, 1)) -> list[PeriodValue]:
    return [
        PeriodValue(month.last_day, str(month), None if value is None else Decimal(value))
        for month, value in zip(months(first, len(values)), values, strict=True)
    ]


def row_of(figure, period: str) -> dict[str, str]:
    row = next(row for row in figure.table.rows if row[0] == period)
    return dict(zip(figure.table.columns, row, strict=True))


def lines_of(figure, role):
    """The unbroken lines of one of a figure's series."""
    return stretches(figure, figure.of(role))


# --- A measure --------------------------------------------------------------------------------


def test_others_are_lines_with_their_names_in_the_table_the_key_and_the_words():
    figure = measure_figure(
        title="Seen in time",
        name="Seen in time",
        unit="%",
        periods=month_values("50", "51", "52"),
        comparators=[
            (
                "England",
                [Dated(date(2021, 12, 31), Decimal(60)), Dated(date(2022, 3, 31), Decimal(62))],
            ),
            ("The region", [Dated(date(2022, 2, 28), Decimal("55.5"))]),
            ("Neighbours", []),
        ],
    )
    england, region = figure.comparators
    assert (england.name, region.name) == ("England", "The region")
    # A value a year is one line, beside figures a month; its day is on the axis.
    assert [value for _, value in lines_of(figure, Role.COMPARATOR)[0]] == [60, 62]
    assert figure.x[0].on == date(2021, 12, 31)
    assert not figure.x[0].is_period
    assert figure.table.columns == ("Period", "Seen in time", "England", "The region", "State")
    assert row_of(figure, "February 2022")["The region"] == "55.5%"
    assert row_of(figure, "February 2022")["England"] == "–"
    assert "England, December 2021: 60%; March 2022: 62%. The region, February 2022: 55.5%." in (
        figure.alt
    )
    assert [item.words for item in svg.key(figure)] == ["England", "The region"]
    drawn = svg.draw(figure)
    assert "England 62%" in drawn
    assert "The region, February 2022: 55.5%" in drawn
    traces = {trace["name"]: trace for trace in plotly.plot(figure)["data"]}
    assert list(traces["England"]["y"]) == [60, 62]
    assert traces["England"]["line"]["dash"] != traces["The region"]["line"]["dash"]


def test_the_worked_control_chart_has_its_mean_limits_and_shapes():
    figure = control_figure()

    # spc.py on 2021's twelve values: they add up to 2440, over 12 is 203.33…; their eleven moving
    # ranges 8 13 18 9 13 15 8 12 8 8 13 add up to 125, over 11 is 11.3636…, times 2.66 is 30.227….
    assert row_of(figure, "January 2021") == {
        "Period": "January 2021",
        "Referrals": "201",
        "Target": "–",
        "Mean": "203.3",
        "Limits": "173.1 to 233.6",
        "Point": "Usual variation",
        "State": "Final",
    }
    actual = figure.of(Role.ACTUAL)
    assert actual.shapes[14] is Shape.SQUARE  # 238, above 233.6, where lower is better
    assert actual.shapes[13] is Shape.CIRCLE
    assert actual.shapes[16] is Shape.DIAMOND  # May 2022, the first of nine below the mean
    assert figure.table.shapes[-1] is Shape.CIRCLE
    assert figure.table.shapes[0] is Shape.DIAMOND


def test_the_alternative_text_says_first_latest_extremes_target_limits_and_signals():
    alt = control_figure().alt

    for said in (
        "Control chart of referrals, referrals per month, January 2021 to January 2023.",
        "First, January 2021: 201 referrals.",
        "Latest, January 2023: 181 referrals, provisional.",
        "Lowest, November 2022: 179 referrals. Highest, March 2022: 238 referrals.",
        "Target: 193 referrals from July 2022 and 183 referrals from December 2022.",
        "Mean 203.3 referrals, limits 173.1 referrals to 233.6 referrals.",
        "Unlikely to be chance: 9 better and 1 worse.",
        "Marked: Plan begins.",
    ):
        assert said in alt


def test_a_stepped_target_changes_half_way_between_two_periods():
    figure = control_figure()

    (line,) = lines_of(figure, Role.TARGET)
    june, july = date(2022, 6, 30).toordinal(), date(2022, 7, 31).toordinal()
    november, december = date(2022, 11, 30).toordinal(), date(2022, 12, 31).toordinal()
    assert line[0] == ((june + july) / 2, 193)
    assert line[1:3] == [
        ((november + december) / 2, 193),
        ((november + december) / 2, 183),
    ]


def test_a_withdrawn_target_ends_its_line():
    figure = measure_figure(
        title="",
        name="Waits",
        unit="weeks",
        periods=month_values("9", "8", "7", "6"),
        targets=[(None, Decimal(5)), (date(2022, 3, 1), None)],
    )

    assert figure.of(Role.TARGET).values == (5, 5, None, None)
    assert "Target: 5 weeks and none from March 2022." in figure.alt


def test_a_missing_month_is_a_gap_and_never_zero():
    figure = rebased_figure()
    actual = figure.of(Role.ACTUAL)

    assert actual.values[9] is None
    assert [len(line) for line in lines_of(figure, Role.ACTUAL)] == [9, 15]
    assert row_of(figure, "October 2021")["Referrals"] == "no figure"
    assert "No figure: October 2021." in figure.notes


def test_a_rebase_breaks_mean_and_limits_but_not_the_line_of_the_data():
    figure = rebased_figure()

    assert len(lines_of(figure, Role.MEAN)) == 2
    assert len(lines_of(figure, Role.UPPER)) == 2
    # April and May 2022, either side of the rebase, are in one stretch.
    last = lines_of(figure, Role.ACTUAL)[-1]
    assert {date(2022, 4, 30).toordinal(), date(2022, 5, 31).toordinal()} <= {at for at, _ in last}
    assert "The limits are provisional: based on 9 values." in figure.notes


def test_where_no_direction_is_good_a_signal_is_a_triangle():
    figure = rebased_figure()

    assert figure.of(Role.ACTUAL).shapes[-1] is Shape.UP
    assert row_of(figure, "January 2023")["Point"] == "Changed: above the upper limit"


def test_what_is_projected_is_a_series_of_its_own():
    figure = trajectory_figure()
    actual, projected = figure.of(Role.ACTUAL), figure.of(Role.PROJECTED)
    june = next(i for i, tick in enumerate(figure.x) if tick.label == "Quarter to June 2023")

    assert actual.values[june] is None
    assert projected.values[june] == 150
    assert "Latest, Quarter to March 2023: 171 weeks." in figure.alt
    assert "Projected, Quarter to June 2023: 150 weeks." in figure.alt
    assert row_of(figure, "Quarter to June 2023")["State"] == "Projected"
    # It goes on from the last quarter that has happened.
    ((start, value), _) = lines_of(figure, Role.PROJECTED)[0]
    assert (start, value) == (date(2023, 3, 31).toordinal(), 171)


def test_a_trajectory_goes_on_after_the_last_period_and_between_its_points():
    figure = trajectory_figure()

    # From 242 on 31 January 2022 to 125 on 30 June 2023, 515 days; 424 of them by 31 March 2023:
    # 242 - 117 * 424 / 515 = 145.67….
    assert row_of(figure, "Quarter to March 2023")["Trajectory"] == "145.7"
    assert row_of(figure, "March 2024")["Trajectory"] == "13"
    assert row_of(figure, "March 2024")["Longest wait, weeks"] == "–"
    assert (
        "Trajectory: 242 weeks by January 2022, 125 weeks by June 2023 and 13 weeks by March 2024."
        in figure.alt
    )


def test_a_day_of_the_trajectory_between_two_periods_does_not_break_the_line():
    figure = measure_figure(
        title="",
        name="Waits",
        unit="weeks",
        periods=month_values("9", "8"),
        trajectory=[Dated(date(2022, 2, 10), Decimal(8)), Dated(date(2022, 2, 28), Decimal(7))],
    )

    assert len(lines_of(figure, Role.ACTUAL)) == 1
    assert [tick.is_period for tick in figure.x] == [True, False, True]


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        ("0.45", "%", "0.45%"),
        ("0.45", "", "0.45"),
        ("45.00", "%", "45%"),
        ("1250", "referrals", "1,250"),
        ("-3.5", "%", "-3.5%"),
        ("0", "%", "0%"),
    ],
)
def test_numbers_are_written_as_entered_and_a_percentage_keeps_its_sign(value, unit, written):
    figure = measure_figure(title="", name="Absence", unit=unit, periods=month_values(value))

    assert figure.table.rows[0][1] == written


def test_a_unit_other_than_per_cent_stands_in_the_head_of_its_column_and_in_the_alternative():
    figure = measure_figure(
        title="", name="Longest wait", unit="weeks", periods=month_values("125")
    )

    assert figure.table.columns[1] == "Longest wait, weeks"
    assert "January 2022: 125 weeks" in figure.alt


def test_a_suppressed_value_is_nowhere_and_takes_the_limits_with_it():
    figure = suppressed_figure()

    assert row_of(figure, "July 2021")["Exclusions"] == "too few to show"
    assert {series.role for series in figure.series} == {Role.ACTUAL, Role.TARGET}
    assert "Mean" not in figure.table.columns
    assert "Limits" not in figure.table.columns
    assert figure.table.shapes == ()
    assert "Too few to show, [c]: July 2021." in figure.alt
    assert "Limits are left out: they could give away what is too few to show." in figure.alt
    assert "Mean" not in figure.alt


def test_a_suppressed_period_refuses_a_number():
    with pytest.raises(ValueError, match="suppressed"):
        PeriodValue(date(2022, 1, 31), "January 2022", Decimal(3), is_suppressed=True)


def test_two_periods_of_one_day_are_refused():
    with pytest.raises(ValueError, match="same day"):
        measure_figure(
            title="", name="Waits", unit="", periods=[*month_values("1"), *month_values("2")]
        )


def test_a_chart_of_other_days_is_refused():
    chart = control_chart([(date(2022, 1, 1), 3)], improvement="increase")
    with pytest.raises(ValueError, match="other days"):
        measure_figure(title="", name="Waits", unit="", periods=month_values("3"), chart=chart)


def test_a_provisional_value_is_marked():
    period = PeriodValue(date(2022, 1, 31), "January 2022", Decimal(5), Certainty.PROVISIONAL)
    figure = measure_figure(title="", name="Waits", unit="weeks", periods=[period])

    assert figure.of(Role.ACTUAL).provisional == {0}
    assert figure.of(Role.ACTUAL).words == ("January 2022: 5 weeks, provisional",)
    assert figure.table.rows[0][-1] == "Provisional"


def test_a_measure_without_a_figure_says_so():
    figure = measure_figure(title="", name="Waits", unit="weeks", periods=month_values(None, None))

    assert figure.series == ()
    assert "No figures yet." in figure.alt
    assert [row[1] for row in figure.table.rows] == ["no figure", "no figure"]


def test_a_mark_stands_before_its_period_and_one_off_the_axis_is_left_out():
    figure = measure_figure(
        title="",
        name="Waits",
        unit="",
        periods=month_values("1", "2", "3"),
        marks=[(date(2022, 2, 14), "Clinic opens"), (date(2019, 1, 1), "Long ago")],
    )

    january, february = date(2022, 1, 31).toordinal(), date(2022, 2, 28).toordinal()
    assert [(mark.at, mark.words) for mark in figure.marks] == [
        ((january + february) / 2, "Clinic opens")
    ]
    assert "Long ago" not in figure.alt


# --- Ratings, areas, commitments ---------------------------------------------------------------


def test_ratings_count_each_colour_in_the_plans_order():
    figure = columns_figure()

    assert [series.name for series in figure.series] == [
        "Blue",
        "Green",
        "Amber",
        "Red",
        "Grey",
        "Not yet rated",
    ]
    assert figure.of(Role.RATING).values[-1] == 21
    assert figure.table.rows[0] == ("January 2023", "21", "24", "13", "6", "8", "4", "76")
    assert "January 2022: 14 Green, 2 Amber, 44 Grey and 16 not yet rated, 76 in all." in figure.alt


def test_a_month_without_its_counts_is_refused():
    with pytest.raises(ValueError, match="counts"):
        ratings_figure(title="", months=months(date(2022, 1, 1), 2), counts=[{Rating.BLUE: 1}])


def test_an_area_shows_what_its_sro_judged_and_never_a_colour_worked_out():
    counts = {Rating.RED: 5, Rating.GREEN: 1}
    figure = grid_figure(
        title="",
        months=months(date(2022, 1, 1), 2),
        areas=[
            AreaLine(
                "1", "Area 1", "Waits", [AreaMonth(None, counts), AreaMonth(Rating.GREEN, counts)]
            )
        ],
    )

    assert [cell.rating for cell in figure.rows[0].cells] == [None, Rating.GREEN]
    assert figure.table.rows == (
        (
            "1 Waits",
            "Not rated; 1 Green and 5 Red, 6 in all",
            "Rated Green; 1 Green and 5 Red, 6 in all",
        ),
    )
    assert "Area 1, Waits: not rated, Green from February 2022; now" in figure.alt


def test_an_area_needs_every_month():
    with pytest.raises(ValueError, match="every month"):
        grid_figure(
            title="",
            months=months(date(2022, 1, 1), 2),
            areas=[AreaLine("1", "Area 1", "Waits", [])],
        )


def test_a_timeline_holds_every_date_and_counts_what_moved():
    june, august = PlanDate(date(2022, 6, 1)), PlanDate(date(2022, 8, 1))
    figure = timeline_figure(
        title="",
        lines=[
            TimelineLine("1.1.1a", "Waits", june, august, asked=PlanDate(date(2022, 10, 1))),
            TimelineLine("1.1.1b", "Schools", june, june, delivered=june),
            TimelineLine("1.1.1c", "Governors", None, None),
        ],
        as_at=date(2022, 9, 1),
    )

    assert [tick.label for tick in figure.x] == [
        "June 2022",
        "July 2022",
        "August 2022",
        "September 2022",
        "October 2022",
    ]
    assert [(cell.role, cell.tick) for cell in figure.rows[0].cells] == [
        (Role.FIRST, 0),
        (Role.NOW, 2),
        (Role.ASKED, 4),
    ]
    assert figure.alt == (
        "Timeline of 3 commitments as at 1 September 2022: 1 delivered, 1 past their date and not "
        "delivered, 1 moved from the month first agreed, 1 with another date asked for and 1 "
        "without a completion date."
    )
    assert figure.table.rows[2] == ("1.1.1c", "Governors", "–", "–", "–", "–", "–")
    # The first of the month is where the month begins.
    assert figure.marks[0].at == 2.5


# --- Where things stand ------------------------------------------------------------------------


def test_months_along_the_axis_end_with_the_last_that_has_a_figure():
    labels = axis_labels(control_figure())

    assert [label.text for label in labels] == [
        *("Jan", "Apr", "Jul", "Oct"),
        *("Jan", "Apr", "Jul", "Oct"),
        "Jan",
    ]
    assert [label.year for label in labels if label.year] == ["2021", "2022", "2023"]
    assert [label.is_last for label in labels] == [False] * 8 + [True]


def test_a_narrow_screen_has_five_quarter_ends():
    figure = narrowed(columns_figure())

    assert [label.text for label in axis_labels(figure)] == ["Jan", "Apr", "Jul", "Oct", "Jan"]
    assert figure.of(Role.RATING).values == (0, 5, 9, 13, 21)
    assert span(figure) == (-0.5, 4.5)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (["179", "238"], ["160", "180", "200", "220", "240", "260"]),
        (["0.42", "0.53"], ["0.4", "0.42", "0.44", "0.46", "0.48", "0.5", "0.52", "0.54"]),
        (["0"], ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (["12"], ["6", "8", "10", "12", "14", "16", "18"]),
        (["-5", "5"], ["-6", "-4", "-2", "0", "2", "4", "6"]),
    ],
)
def test_a_scale_is_round_holds_every_value_and_goes_below_nought_only_for_one(values, scale):
    figure = measure_figure(title="", name="Waits", unit="", periods=month_values(*values))

    assert value_scale(figure) == [Decimal(number) for number in scale]


def test_columns_begin_at_nought_and_count_whole_commitments():
    figure = ratings_figure(
        title="", months=months(date(2022, 1, 1), 1), counts=[{Rating.GREEN: 1, Rating.RED: 1}]
    )

    assert value_scale(figure) == [0, 1, 2]


@pytest.mark.parametrize("name", FIGURES)
def test_every_table_is_whole(name):
    table = FIGURES[name]().table

    assert table.rows
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert all(cell for row in table.rows for cell in row)

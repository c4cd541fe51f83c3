"""The 6-weekly report of exceptions and the monthly one of measures, worked by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from actions.models import Commitment
from actions.progress.risks import raise_risk
from actions.rules.dates import PlanDate, day_of
from actions.rules.status import Rating
from kpis.models import ComparatorSeries
from kpis.recording.comparators import record_comparator_figure
from reports.contents.building import build
from reports.rendering.document import Document
from tests.factories import at, make_area, record_figure
from tests.reports.report_builders import database_now, make_report, part, rows, table, texts

LED = "Service manager, The health board"


@pytest.fixture
def six_weekly(told):
    """From 21 November to 31 December 2022: since 20 November 1.1.1a and 1.1.1c have got worse."""
    return build(make_report(told, "exceptions"))


@pytest.fixture
def monthly(told):
    return build(make_report(told, "kpis"))


# --- Six weeks --------------------------------------------------------------------------------


def test_what_a_group_must_decide_stands_with_reasons_movement_and_help(six_weekly):
    assert rows(six_weekly, "For decision") == [
        [
            "1.1.1a",
            "What 1.1.1a promises is there",
            "Amber",
            "Green",
            "Support needed since 5 Dec 2022 (new)\nAmber since 5 Dec 2022 (new)",
            "Risk: Nobody applies. An agency looks.",
            "Money for an agency.",
            "Agreed December 2022\nIts leads expect February 2023",
            LED,
        ],
        [
            "1.1.1c",
            "What 1.1.1c promises is there",
            "Red",
            "Amber",
            "Red since 6 Dec 2022 (new)\nSupport needed since 6 Dec 2022 (new)",
            "Risk: Too few bid. Firms are called\n"
            "Issue: There is no supplier. A new tender is out.",
            "A shorter tender.",
            "Agreed February 2023\nFirst agreed October 2022",
            LED,
        ],
    ]
    (first, _) = table(six_weekly, "For decision").rows
    assert (first[2].rating, first[3].rating) == (Rating.AMBER, Rating.GREEN)


def test_what_needs_attention_and_what_does_not_say_so(six_weekly):
    (line,) = rows(six_weekly, "For attention")
    assert line[:5] == [
        "2.1.1a",
        "What 2.1.1a promises is there",
        "Not yet rated",
        "Not yet rated",
        "Update overdue\nOverdue 4 months",
    ]
    assert line[5:7] == ["Not recorded", "None."]
    assert rows(six_weekly, "To note") == []
    assert table(six_weekly, "To note").empty == "Nothing."


def test_a_risk_is_no_answer_to_what_is_being_done_about_it(told):
    risk = {"plan": told.plan, "by": told.users["officer"], "effective_at": at("2022-12-01")}
    for ref, text in (("2.1.1a", "Nobody is free to chair it"), ("1.1.1a", "The room is small")):
        raise_risk(
            **risk,
            kind="risk",
            text=text,
            commitment=Commitment.objects.get(plan=told.plan, ref=ref),
        )
    built = build(make_report(told, "exceptions"))
    (silent,) = rows(built, "For attention")
    assert silent[5] == "Not recorded"
    # Where something is done about another risk, this one stands beside it.
    first, _ = rows(built, "For decision")
    assert first[5] == (
        "Risk: The room is small. Not recorded\nRisk: Nobody applies. An agency looks."
    )


def test_areas_without_exceptions_are_named(told):
    make_area(told.plan, 3)
    make_area(told.plan, 4)
    built = build(make_report(told, "exceptions"))
    assert "Nothing stands out in Area 3 and Area 4." in texts(part(built, "summary"))


def test_measures_off_trajectory_and_what_was_delivered(six_weekly):
    assert [row[0] for row in rows(six_weekly, "KPIs off trajectory")] == ["K1"]
    # 1.1.1b became Blue on 18 November, before these six weeks.
    assert rows(six_weekly, "Delivered and embedded") == []


def test_what_became_blue_in_the_period_is_told(told):
    built = build(make_report(told, "exceptions", starts_on=date(2022, 11, 1)))
    assert rows(built, "Delivered and embedded") == [
        ["1.1.1b", "What 1.1.1b promises is there", "Completed and embedded", "Blue"]
        + ["November 2022"]
    ]


def test_the_forums_item_is_the_forums(six_weekly):
    assert six_weekly.places["forum"].owner == "forum"
    assert texts(part(six_weekly, "forum"))[0].startswith("None received by ")


def test_decisions_of_the_period_and_open_ones(six_weekly):
    assert rows(six_weekly, "Decisions made") == [
        [
            "1.1.1c",
            "Show the steps to the new date.",
            "The steering group, 22 November 2022",
            "item 4",
            LED,
            "Overdue since 13 December 2022",
        ]
    ]
    # That of September was done in October, before these six weeks.
    assert rows(six_weekly, "Older decisions") == []


def test_an_older_decision_that_was_done_in_the_period_is_told(told):
    built = build(make_report(told, "exceptions", starts_on=date(2022, 10, 1)))
    assert [row[1:2] + row[5:] for row in rows(built, "Older decisions")] == [
        ["Bring the waits of each team.", "Done on 30 October 2022. In the papers."]
    ]


def test_it_has_no_approval_and_no_signatures(six_weekly):
    assert "approval" not in {section.key for section in six_weekly.document.sections}
    assert six_weekly.families is None
    assert not any("signed" in one.words for one in six_weekly.missing)


# --- A month ----------------------------------------------------------------------------------


def test_figures_given_in_the_month_stand_with_their_period(monthly):
    assert rows(monthly, "New figures") == [
        ["K1", "The longest wait", "November 2022", "49 weeks", "final", ""],
        ["K2", "Families who used the form", "November 2022", "too few to show", "final", ""],
    ]


def test_a_figure_put_right_in_the_month_stands_with_what_was_said_before(told):
    """It speaks of the day on which the wrong one was given, and people are told when it comes."""
    record_figure(told.wait, "2022-10", 77, reason="A team was left out.")
    moment = database_now()
    today = day_of(moment)
    days = {"starts_on": today - timedelta(days=30), "ends_on": today, "as_at": today}
    found = rows(build(make_report(told, "kpis", known_at=moment, **days)), "New figures")
    assert found == [
        ["K1", "The longest wait", "October 2022", "77 weeks", "final, restated", "50 weeks, final"]
    ]
    days = {"starts_on": today - timedelta(days=30), "ends_on": today - timedelta(days=1)}
    earlier = make_report(told, "kpis", known_at=moment, as_at=days["ends_on"], **days)
    assert not rows(build(earlier), "New figures")


def test_figures_that_are_due_stand_with_their_owner(monthly):
    owner = "Data analyst, The county council"
    # Fifteen working days from 30 September: 21 October. From 31 December, with the holiday of
    # 2 January 2023: 23 January.
    assert rows(monthly, "Figures due") == [
        ["K3", "Trust in the plan", "July to September 2022", "21 October 2022", "overdue", owner],
        ["K1", "The longest wait", "December 2022", "23 January 2023", "due", owner],
        ["K2", "Families who used the form", "December 2022", "23 January 2023", "due", owner],
        ["K3", "Trust in the plan", "October to December 2022", "23 January 2023", "due", owner],
    ]


def test_each_measure_stands_once_in_the_tables_of_where_it_stands(monthly):
    found = [
        [row[0] for row in rows(monthly, name)]
        for name in ("KPIs off trajectory", "Baselines awaited", "Other KPIs")
    ]
    assert found == [["K1"], ["K3"], ["K2"]]
    (chart,) = monthly.document.charts()
    assert (chart.name, chart.figure.subject) == ("KPI K1", "K1 The longest wait")
    assert chart.figure.alt.startswith(f"K1 The longest wait: {chart.figure.title}. ")


def test_points_for_challenge_are_empty_until_somebody_writes_them(monthly):
    assert texts(part(monthly, "challenge")) == ["No points for challenge were put forward."]
    assert monthly.places["challenge"].text == ""
    assert not any("challenge" in one.words for one in monthly.missing)


# --- Comparators ------------------------------------------------------------------------------


@pytest.fixture
def england(told):
    """England's longest wait: 40 weeks in September, put right to 41; 39 in November."""
    series = ComparatorSeries.objects.create(kpi=told.wait, position=0, name="England")
    for month, value, said_on in (
        ("2022-09", 40, "2022-11-02"),
        ("2022-09", 41, "2022-12-02"),
        ("2022-11", 39, "2023-01-10"),
    ):
        period = PlanDate.parse(month)
        record_comparator_figure(
            series=series,
            starts_on=period.first_day,
            ends_on=period.last_day,
            value=Decimal(value),
            by=None,
            source="statistics",
            today=date(2023, 1, 24),
            reason="Revised",
            effective_at=at(said_on),
        )
    ComparatorSeries.objects.create(kpi=told.wait, position=1, name="The region")
    return series


def test_others_by_name_stand_in_the_table_and_are_drawn_as_far_as_they_were_known(told, england):
    built = build(make_report(told, "kpis"))
    found = table(built, "KPIs off trajectory")
    assert [column.title for column in found.columns][3:5] == ["Newest figure", "Comparators"]
    # November's is of January, after the day shown; the region has none yet.
    assert found.rows[0][4].text == "England: 41 weeks, September 2022"
    # A table of which nobody has a comparator is as before.
    assert len(table(built, "Other KPIs").columns) == len(found.columns) - 1
    (chart,) = built.document.charts()
    (drawn,) = chart.figure.comparators
    assert (drawn.name, [value for value in drawn.values if value]) == ("England", [41])
    assert "England, September 2022: 41 weeks." in chart.figure.alt


def test_what_is_frozen_holds_others_by_name_and_reads_back_the_same(told, england):
    document = build(make_report(told, "kpis")).document
    again = Document.read(document.text)
    assert again.text == document.text
    assert [series.name for series in again.charts()[0].figure.comparators] == ["England"]


def test_others_taken_out_of_the_plan_are_in_no_later_report(told, england):
    before = make_report(told, "kpis")
    ComparatorSeries.objects.update(withdrawn_at=database_now())
    assert table(build(before), "KPIs off trajectory").columns[4].title == "Comparators"
    moment = database_now()
    today = day_of(moment)
    days = {"starts_on": today - timedelta(days=30), "ends_on": today, "as_at": today}
    later = build(make_report(told, "kpis", version=2, known_at=moment, **days))
    assert not [
        column
        for found in later.document.tables()
        for column in found.columns
        if column.title == "Comparators"
    ]

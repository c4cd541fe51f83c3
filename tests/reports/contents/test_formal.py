"""The quarterly formal report of a quarter worked by hand: tests/reports/report_builders.py."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from actions.areas.area_ratings import judge_area
from actions.models import AreaFinding, Body, FundingLine, Judgement, Plan
from actions.pages import formatting
from actions.rules.dates import day_of
from actions.rules.status import Rating
from kpis.models import HeadlineKpi
from reports.contents.building import build
from reports.models import Report, ReportSeries
from tests.factories import (
    at,
    make_finding,
    make_kpi,
    make_plan,
    make_target,
    make_user,
    record_figure,
)
from tests.reports.report_builders import FORM, make_report, part, rows, table, texts
from wsoa.oversight.models import Meeting


@pytest.fixture
def built(told):
    return build(make_report(told))


def test_the_document_says_which_report_it_is(built):
    document = built.document
    assert document.title == "The formal report, October to December 2022"
    assert (document.number, document.version) == ("Q3 2022/23", 1)
    assert document.audiences == ("The board",)
    assert [section.key for section in document.sections] == [
        "summary",
        "reviews",
        "co-production",
        "changes",
        "next",
        "area:1",
        "area:2",
        "whole-plan",
        "movement",
        "money",
        "approval",
    ]
    assert [section.area for section in document.sections if section.area] == ["Area 1", "Area 2"]


def test_the_lead_sentence_is_worked_out(built):
    # Blue: 1 more; Red: 1.1.1c. New reasons: 1.1.1a and 1.1.1c. None any more: 2.1.1b.
    assert texts(part(built, "summary"))[0] == (
        "One more commitment is done and embedded, but one commitment is now Red: 1.1.1c, "
        "What 1.1.1c promises is there. Since 30 September 2022, two commitments have a new reason "
        "for attention and one commitment is no longer an exception. One date moved. One "
        "commitment has never been rated."
    )


def test_the_lead_sentence_says_that_nothing_moved(told):
    built = build(make_report(told, starts_on=date(2022, 12, 28)))
    assert texts(part(built, "summary"))[0] == (
        "Since 27 December 2022, nothing new needs attention. One commitment has never been rated."
    )


def test_a_percentage_stands_with_what_it_was_worked_out_of(told):
    heard = make_kpi(
        told.plan,
        "K4",
        (told.a,),
        unit="%",
        kind="rate",
        direction="higher",
        numerator="families heard",
        denominator="families",
        first_due_on=date(2022, 11, 1),
    )
    record_figure(heard, "2022-11", numerator=45, denominator=60, effective_at=at("2022-12-05"))
    (line,) = [row for row in rows(build(make_report(told)), "Area 1 KPIs") if row[0] == "K4"]
    assert line[3] == "75%"
    assert line[5].startswith("Nov 2022, 45 families heard of 60 families\n")


def test_counts_leave_the_withdrawn_out_and_say_how_they_moved(built):
    (counts, *_) = [one for one in part(built, "summary").blocks if one.kind == "counts"]
    assert counts.total == 4
    assert [(one.rating, one.count, one.movement) for one in counts.items] == [
        (Rating.BLUE, 1, "1 more than on 30 September 2022"),
        (Rating.GREEN, 0, "2 fewer than on 30 September 2022"),
        (Rating.AMBER, 1, "the same as on 30 September 2022"),
        (Rating.RED, 1, "1 more than on 30 September 2022"),
        (Rating.GREY, 0, "the same as on 30 September 2022"),
        # 2.1.1a; on 30 September also 2.1.1b, which has left the plan.
        (Rating.NOT_YET_RATED, 1, "1 fewer than on 30 September 2022"),
    ]
    assert counts.notes == (
        "1 commitment overdue.",
        "1 update overdue.",
        "1 withdrawn commitment left out.",
        "Not enough current ratings: 1 of 4 commitments not yet rated or with an update overdue.",
    )


def test_areas_stand_at_a_glance_with_their_officers_rating_then_and_now(built):
    assert rows(built, "Areas at a glance") == [
        [
            "1. Waiting times\nThe tender failed.",
            "Amber",
            "Red",
            *["1", "0", "1", "1", "0", "0"],
            "none chosen",
        ],
        [
            "2. Area 2 of the plan",
            "not rated",
            "not rated",
            *["0", "0", "0", "0", "0", "1"],
            "none chosen",
        ],
        ["All 4", "", "", *["1", "0", "1", "1", "0", "1"], ""],
    ]
    assert [row[2].rating for row in table(built, "Areas at a glance").rows] == [
        Rating.RED,
        None,
        None,
    ]


def test_a_headline_goes_from_its_baseline_to_its_target(told):
    kpi = make_kpi(told.plan, "K4", (told.a,), title="Longest wait", unit="weeks", baseline=253)
    make_target(kpi, 125, "2023-03")
    record_figure(kpi, "2022-11", 217, effective_at=at("2022-12-05"))
    HeadlineKpi.objects.create(area=told.area, kpi=kpi)
    first, *_ = rows(build(make_report(told)), "Areas at a glance")
    assert first[-1].split("\n") == [
        "Longest wait",
        "253 weeks → 217 weeks (Nov 2022) → 125 weeks or less by Mar 2023",
        "Off trajectory",
    ]


def test_what_is_red_or_late_stands_by_name_with_why(built):
    c, d = (["What 1.1.1c promises is there"], ["What 2.1.1a promises is there"])
    assert rows(built, "Red or late") == [
        ["1.1.1c", *c, "Red", "Feb 2023", "not late", "No bidder came."],
        ["2.1.1a", *d, "Not yet rated", "Aug 2022", "4 months", "Nobody has reported on it yet."],
    ]
    found = table(built, "Red or late")
    assert found.caption == "Red or late: 2 of 4 commitments"
    assert found.notes == ("1 Red, 1 late.",)


def test_support_needed_has_its_words_and_since_when(built):
    assert rows(built, "Support needed") == [
        ["1.1.1a", "What 1.1.1a promises is there", "Money for an agency.", "5 December 2022"],
        ["1.1.1c", "What 1.1.1c promises is there", "A shorter tender.", "6 December 2022"],
    ]


def test_nothing_red_and_nothing_late_is_said(told):
    built = build(make_report(told, starts_on=date(2022, 7, 1)))
    assert table(built, "Red or late").empty == "Nothing is Red, and nothing is late."


def test_an_area_says_what_was_found_who_answers_and_how_it_is_judged(built):
    area = part(built, "area:1")
    assert area.title == "Area 1. Waiting times"
    assert texts(area)[0] == "Families wait too long."
    (facts,) = [one for one in area.blocks if one.kind == "facts"]
    assert [(one.label, one.value) for one in facts.items] == [
        ("Senior responsible officer", "Sam Officer"),
        (
            "The SRO rating of the area",
            "Red, 10 December 2022 (was Amber on 30 September 2022)",
        ),
        (
            "What inspectors said later: The revisit",
            "Not sufficient progress, 1 December 2022. Waits are still long.",
        ),
        ("What it is to achieve", "Families wait less."),
        ("Commitments in the plan", "3 commitments"),
    ]
    assert built.places["area:1:account"].text == "The tender failed."
    other = part(built, "area:2")
    (facts,) = [one for one in other.blocks if one.kind == "facts"]
    assert [one.value for one in facts.items] == ["Nobody named", "Not rated", "1 commitment"]


def test_every_commitment_stands_with_its_words_and_dates(built):
    led = "Service manager, The health board"
    assert rows(built, "Area 1 commitments") == [
        [
            "1.1.1a",
            "1.1.1 Do what 1.1.1 says",
            "What 1.1.1a promises is there",
            led,
            "Amber",
            "Due within 6 weeks\nLast update, 5 December 2022\nIts leads expect February 2023",
            "One of two posts is empty again.",
            "December 2022",
            "December 2022",
        ],
        [
            "1.1.1b",
            "1.1.1 Do what 1.1.1 says",
            "What 1.1.1b promises is there",
            led,
            "Blue",
            "Last update, 15 November 2022",
            "The form is in use.",
            "November 2022",
            "November 2022",
        ],
        [
            "1.1.1c",
            "1.1.1 Do what 1.1.1 says",
            "What 1.1.1c promises is there",
            led,
            "Red",
            "Moved once, by 4 months\nLast update, 6 December 2022",
            "No bidder came.",
            "October 2022",
            "February 2023",
        ],
    ]
    assert rows(built, "Area 2 commitments") == [
        [
            "2.1.1a",
            "2.1.1 Do what 2.1.1 says",
            "What 2.1.1a promises is there",
            "No lead named",
            "Not yet rated",
            "Overdue 4 months\nUpdate overdue",
            "Nobody has reported on it yet.",
            "August 2022",
            "August 2022",
        ]
    ]
    assert table(built, "Area 2 commitments").notes == (
        "Withdrawn from the plan and not counted: 2.1.1b.",
    )


def test_the_difference_for_families_is_what_leads_said(built):
    assert built.places["area:1:difference"].original == (
        "1.1.1a: Families wait nine weeks less.\n1.1.1b: Parents fill in one form."
    )
    assert "Nothing is recorded yet on the impact for children and families." in texts(
        part(built, "area:2")
    )


def test_evidence_is_named_where_it_may_leave_the_plan_and_counted_where_not(built):
    assert rows(built, "Area 1 evidence") == [
        ["1.1.1b", "Notes of the launch", "Link", "20 November 2022"]
    ]
    shown = table(built, "Area 1 evidence")
    assert shown.rows[0][1].link == FORM
    assert shown.notes == ("1 further piece of evidence is for people of the plan alone.",)


def test_measures_stand_with_baseline_figure_target_and_position(built):
    wait, form = rows(built, "Area 1 KPIs")
    # From 31 January 2022 to 31 March 2023 are 424 days, to 30 November 303: the line expects
    # 60 − 30 × 303 / 424 = 38.56, and 49 is 10.44 above it.
    assert wait == [
        "K1",
        "The longest wait",
        "60 weeks",
        "49 weeks",
        "30 weeks or less by Mar 2023",
        "Nov 2022\nOff trajectory\n10.4 weeks above its trajectory\nData due: December 2022",
    ]
    assert form[:4] == ["K2", "Families who used the form", "none", "too few to show"]
    first = table(built, "Area 1 KPIs").rows[0]
    assert (first[2].number, first[3].number) == (Decimal(60), Decimal(49))
    assert rows(built, "KPIs of the whole plan")[0][:4] == [
        "K3",
        "Trust in the plan",
        "awaited",
        "none yet",
    ]
    assert (
        "Of 3 measures: 1 off trajectory, 1 awaiting a baseline"
        in texts(part(built, "summary"))[-1]
    )


def test_a_chart_is_drawn_from_three_figures_on(built):
    assert [chart.name for chart in built.document.charts()] == [
        "Ratings by month",
        "KPI K1",
        "KPI K2",
    ]


def test_every_chart_says_what_it_is_about_before_its_finding(built):
    subjects = [chart.figure.subject for chart in built.document.charts()]
    assert subjects[0] == "Commitments by rating at the end of each month"
    assert [one.split()[0] for one in subjects[1:]] == ["K1", "K2"]


def test_risks_stand_where_they_belong(built):
    assert rows(built, "Area 1 risks") == [
        [
            "1.1.1c",
            "Risk",
            "Too few bid",
            "Firms are called",
            "none",
            "Open since 14 September 2022",
        ],
        [
            "Area 1",
            "Issue",
            "The room is closed",
            "Not recorded",
            "none",
            "Closed on 3 November 2022: It is open again.",
        ],
        ["1.1.1a", "Risk", "Nobody applies", "An agency looks.", "none"]
        + ["Open since 5 December 2022"],
        ["1.1.1c", "Issue", "There is no supplier", "A new tender is out.", "none"]
        + ["Open since 6 December 2022"],
    ]
    assert [row[:3] for row in rows(built, "Risks of the whole plan")] == [
        ["KPI K3", "Risk", "The survey may fail"]
    ]


def test_the_change_log_says_what_moved_why_and_who_decided(built):
    assert rows(built, "Dates moved") == [
        [
            "1.1.1c",
            "Completion",
            "October 2022",
            "February 2023",
            "October 2022",
            "20 October 2022",
            "The market is asked first.",
            "The steering group, 18 October 2022",
        ]
    ]
    assert rows(built, "Changes decided") == [
        [
            "Reword 1.1.1a",
            "What 1.1.1a promises is there",
            "What 1.1.1a promises is there and used",
            "It says too little.",
            "Not agreed on 22 November 2022: It is said already.",
            "The steering group, 22 November 2022",
        ]
    ]
    assert rows(built, "Parts changed") == [
        ["2.1.1b", "What 2.1.1b promises is there", "Withdrawn from the plan", ""]
    ]


def test_what_was_asked_from_outside_stands_with_its_answers(built):
    (facts,) = [one for one in part(built, "reviews").blocks if one.kind == "facts"]
    assert [one.value for one in facts.items] == [
        "3 November 2022",
        "DfE and NHS England",
        "Show what families notice.",
    ]
    assert rows(built, "Asks and answers") == [
        [
            "The waits by team",
            "3 November 2022",
            "Sam Officer",
            "25 November 2022",
            "Sent with the papers.\nAnswered on 20 November 2022",
        ],
        [
            "What happens without staff",
            "3 November 2022",
            "Service manager, The health board",
            "1 December 2022",
            "Not answered, and overdue",
        ],
    ]


def test_the_forums_statement_says_that_none_came(built):
    known_on = formatting.short_day(day_of(built.document.known_at))
    assert texts(part(built, "co-production")) == [f"None received by {known_on}."]
    assert built.places["co-production"].owner == "forum"
    assert rows(built, "What the forum said") == [
        ["1.1.1b", "Families see this: yes. Our members like it.", "16 November 2022"]
    ]


def test_movement_names_each_colour_that_changed(built):
    assert rows(built, "Movement") == [
        ["1.1.1a", "What 1.1.1a promises is there", "Rating", "Green", "Amber"],
        ["1.1.1b", "What 1.1.1b promises is there", "Rating", "Green", "Blue"],
        ["1.1.1c", "What 1.1.1c promises is there", "Rating", "Amber", "Red"],
    ]


def test_next_quarters_dates_and_targets_stand_in_time_order(built):
    assert part(built, "next").title == "What is due in January to March 2023"
    # Not 1.1.1a, due in December; not 2.1.1b, withdrawn.
    assert rows(built, "Dates due next") == [
        ["1.1.1c", "What 1.1.1c promises is there", "Completion"]
        + ["February 2023", "October 2022", "Red"]
    ]
    assert rows(built, "Targets due next") == [
        ["K1", "The longest wait", "30 weeks or less", "March 2023", "Off trajectory"]
    ]


def test_a_report_for_a_meeting_looks_ahead_to_the_next_one(told):
    body = Body.objects.create(plan=told.plan, position=90, name="Review Board", kind="board")
    ReportSeries.objects.create(
        plan=told.plan,
        code="formal",
        position=9,
        title="For the Review Board",
        rhythm="meetings",
        content="formal",
        body=body,
        anchor_on=date(2022, 10, 1),
    )

    def meets(held_on, papers_due_on):
        Meeting.objects.create(
            plan=told.plan, body=body, held_on=held_on, papers_due_on=papers_due_on
        )

    meets("2023-01-07", "2022-12-31")
    report = make_report(told)
    assert (report.starts_on, report.number) == (date(2022, 10, 1), "Meeting of 7 January 2023")
    # Nobody has entered the next: as many days on as 1 October to 31 December are, 92.
    title = part(build(report), "next").title
    assert title == "What is due in 1 January to 2 April 2023"
    meets("2023-02-08", "2023-02-01")
    report = Report.objects.get(pk=report.pk)
    assert part(build(report), "next").title == "What is due in 1 January to 1 February 2023"


def test_resources_and_funding_are_never_added(built):
    assert rows(built, "Resources") == [
        ["1.1.1", "Two posts", "£60,000"],
        ["1.1.1a", "A room", "no amount"],
    ]
    assert rows(built, "Funding") == [["Communications (SEND reserve)", "£27,750", ""]]
    assert [one.title for one in table(built, "Funding").columns] == ["Line", "2022/23", "2023/24"]


def test_sums_for_no_year_stand_in_a_table_of_their_own(told):
    FundingLine.objects.create(
        plan=told.plan,
        position=2,
        title="Waiting list",
        source="NHS",
        total=1_500_000,
        period="2021 to 2023",
    )
    built = build(make_report(told))

    assert rows(built, "Other sums") == [["Waiting list", "NHS", "2021 to 2023", "£1,500,000"]]
    assert rows(built, "Funding") == [["Communications (SEND reserve)", "£27,750", ""]]


def test_several_findings_of_an_area_are_told_by_name(told):
    other = make_finding(told.plan, "priority_action", "2", text="Health must act.")
    AreaFinding.objects.create(area=told.area, finding=other, position=1)
    Judgement.objects.create(
        finding=other,
        code="review",
        judged_by="DfE",
        verdict="rating",
        rating="Amber",
        source="letter",
        effective_at=at("2022-12-01"),
    )
    section = part(build(make_report(told)), "area:1")
    area = texts(section)

    assert "Significant weakness 1: Families wait too long." in area
    assert "Priority action 2: Health must act." in area
    assert '"What others said later: DfE","value":"Amber, not dated."' in section.model_dump_json()


def test_each_table_and_chart_has_a_name_of_its_own(built):
    names = [one.name for one in (*built.document.tables(), *built.document.charts())]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("content", ["kpis", "exceptions", "formal"])
def test_a_plan_with_nothing_in_it_makes_a_report(db, content):
    told = SimpleNamespace(
        plan=make_plan(), board=None, users={"officer": make_user("The officer")}
    )
    built = build(make_report(told, content))
    assert built.document.audiences == ()
    assert "audience" in {one.key for one in built.missing}


@pytest.mark.parametrize("content", ["kpis", "exceptions", "formal"])
def test_a_plan_that_is_closed_or_not_reported_on_makes_a_report(told, content):
    Plan.objects.filter(pk=told.plan.pk).update(
        state=Plan.State.CLOSED, closed_on="2022-12-15", closed_by="The board"
    )
    assert build(make_report(told, content)).document.sections
    Plan.objects.filter(pk=told.plan.pk).update(
        state=Plan.State.AGREED, closed_on=None, tracked_from=None
    )
    kept = build(make_report(told, content, version=2))
    if content != "kpis":
        assert texts(part(kept, "summary"))[0].startswith("This plan is kept here as it was")


def test_nothing_names_more_than_it_should(built):
    """The lead is named by office; the officer who answers for an area by name."""
    assert "Lea Lead" not in built.document.text
    assert "Sam Officer" in built.document.text


def test_what_an_officer_says_bears_its_day_and_says_where_it_is_of_before(told):
    built = build(make_report(told))
    said = texts(part(built, "area:1"))
    assert said[said.index("The tender failed.") + 1] == "Written on 10 December 2022."
    assert "No SRO commentary this quarter." in texts(part(built, "area:2"))
    later = build(make_report(told, starts_on=date(2022, 12, 11), version=2))
    said = texts(part(later, "area:1"))
    assert said[said.index("The tender failed.") + 1] == (
        "Written on 10 December 2022, before this quarter. No SRO commentary this quarter."
    )


def test_a_rating_two_steps_above_the_worst_is_to_be_checked(told):
    assert not any(
        text.startswith("To check:") for text in texts(part(build(make_report(told)), "area:1"))
    )
    judge_area(
        area=told.area,
        by=told.users["sro"],
        brag="green",
        reason="All is well.",
        today=date(2022, 12, 31),
        effective_at=at("2022-12-20"),
    )
    assert "To check: the area is rated Green, and 1 of its 3 commitments is Red." in texts(
        part(build(make_report(told, version=2)), "area:1")
    )


def test_targets_whose_date_has_passed_are_counted_and_the_missed_are_named(told):
    # One of December with November's figure alone, one of November missed, one met.
    for code, by, value in (("T1", "2022-12", 40), ("T2", "2022-11", 59), ("T3", "2022-11", 60)):
        kpi = make_kpi(told.plan, code, title=f"What {code} counts", direction="higher", unit="%")
        make_target(kpi, 60, by, "at_least")
        record_figure(
            kpi, "2022-11", value, by=told.users["officer"], effective_at=at("2022-12-05")
        )
    built = build(make_report(told))
    assert "Of 2 targets whose date has passed, 1 was met and 1 missed." in texts(
        part(built, "summary")
    )
    (row,) = rows(built, "KPI targets missed")
    assert row[:2] == ["T2", "What T2 counts"]
    assert row[-1].split("\n")[1:3] == ["Target missed", "1 percentage point below its target"]


def test_several_dated_targets_are_told_as_milestones(told):
    kpi = make_kpi(
        told.plan, "M1", (told.a,), title="Waits", baseline=50, unit="%", direction="higher"
    )
    make_target(kpi, 60, "2022-11", "at_least")
    make_target(kpi, 80, "2023-06", "at_least")
    record_figure(kpi, "2022-11", 58, by=told.users["officer"], effective_at=at("2022-12-05"))
    built = build(make_report(told))
    assert [row[0] for row in rows(built, "Area 1 milestones")] == ["M1"] * 3
    assert [row[2:] for row in rows(built, "Area 1 milestones")] == [
        ["", "Baseline", "50%", "", ""],
        ["November 2022", "at least 60%", "58%", "", "Missed"],
        ["June 2023", "at least 80%", "", "", "Not due yet"],
    ]
    assert "The one milestone on the way whose date has passed was missed." in " ".join(
        texts(part(built, "summary"))
    )

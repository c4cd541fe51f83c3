"""What no report may tell: notes, evidence and small numbers; what came after the cut-off."""

from datetime import date, timedelta

import pytest

from actions.areas.area_ratings import judge_area
from actions.evidence.evidence import add_evidence
from actions.models import Commitment, Evidence
from actions.progress.risks import close_risk, raise_risk
from actions.progress.update_answers import NewRisk
from actions.rules.dates import day_of
from kpis.models import Measurement
from reports.contents.building import build
from tests.factories import at, make_commitment, make_kpi, make_update, record_figure
from tests.reports.report_builders import SECRETS, database_now, make_report, part, rows, table
from wsoa.oversight.models import ReviewAction, ReviewMeeting

CONTENTS = ["kpis", "exceptions", "formal", "scrutiny"]
LATER = "said-after-the-cut-off"


@pytest.mark.parametrize("content", CONTENTS)
def test_what_is_for_people_of_the_plan_stays_in(told, content):
    built = build(make_report(told, content))
    papers = [paper.text for paper in (built.document, built.families) if paper]
    for secret in SECRETS:
        assert not any(secret in text for text in papers)


def test_where_evidence_lies_is_printed_where_it_may_be_named_and_no_name_with_it(told):
    day = at("2022-11-21")
    for visibility, place in (
        (Evidence.Visibility.SHAREABLE, "SEND / Heads / 2022"),
        (Evidence.Visibility.MEMBERS, "members-place-secret"),
    ):
        add_evidence(
            commitment=told.a,
            by=told.users["lead"],
            title="Minutes of the heads’ group",
            place=place,
            held_by="held-by-secret",
            ask_whom="ask-whom-secret",
            visibility=visibility,
            effective_at=day,
        )
    report = make_report(told)
    report.known_at = database_now()
    built = build(report)
    assert ["1.1.1a", "Minutes of the heads’ group", "In “SEND / Heads / 2022”"] in [
        row[:3] for row in rows(built, "Area 1 evidence")
    ]
    assert "-secret" not in built.document.text


def _say_later(told):
    """One of each kind, of a day in the period, after the cut-off."""
    day = at("2022-12-20")
    make_update(
        told.a,
        told.users["lead"],
        brag="red",
        progress=LATER,
        risk=NewRisk(LATER),
        help_needed=LATER,
        changed_for_families=LATER,
        corrects=told.newest,
        correction_reason="It was worse.",
        source="minutes",
    )
    raised = raise_risk(
        plan=told.plan,
        by=told.users["officer"],
        kind="risk",
        text=LATER,
        area=told.area,
        effective_at=day,
    )
    close_risk(risk=raised, by=told.users["officer"], reason=LATER, effective_at=day)
    add_evidence(
        commitment=told.a,
        by=told.users["lead"],
        title=LATER,
        visibility=Evidence.Visibility.SHAREABLE,
        effective_at=day,
    )
    judge_area(
        area=told.area,
        by=told.users["sro"],
        brag="green",
        reason=LATER,
        today=date(2022, 12, 20),
        effective_at=day,
    )
    record_figure(told.wait, "2022-12", 77, effective_at=day, note=LATER)
    ask = ReviewAction.objects.get(answer="")
    ask.answer, ask.answered_on = LATER, date(2022, 12, 20)
    ask.save()
    ReviewMeeting.objects.create(
        plan=told.plan, held_on=date(2022, 12, 21), advisers=LATER, feedback=LATER
    )


@pytest.mark.parametrize("content", CONTENTS)
def test_what_was_recorded_after_the_cut_off_stays_out(told, content):
    report = make_report(told, content)
    before = build(report)
    _say_later(told)
    after = build(report)
    assert LATER not in after.document.text
    assert after.document.text == before.document.text
    assert after.substance == before.substance


def test_it_comes_in_when_the_cut_off_moves(told):
    report = make_report(told)
    before = build(report)
    _say_later(told)
    report.known_at = database_now()
    after = build(report)
    # The correction stands in the place of what it corrects.
    first = rows(after, "Area 1 commitments")[0]
    assert (first[4], first[6]) == ("Red", LATER)
    assert "One of two posts is empty again." not in after.document.text
    assert rows(after, "Area 1 KPIs")[0][3] == "77 weeks"
    assert part(after, "area:1").digest != part(before, "area:1").digest
    assert part(after, "area:2").digest == part(before, "area:2").digest


def test_words_of_the_plan_are_those_of_the_cut_off(told):
    """Shown as at a day that has not ended, before and after the wording changes."""
    moment = database_now()
    day = day_of(moment) + timedelta(days=2)
    report = make_report(told, known_at=moment, starts_on=day, ends_on=day, as_at=day)
    Commitment.objects.filter(pk=told.a.pk).update(evidence=LATER)
    assert LATER not in build(report).document.text
    report.known_at = database_now()
    assert rows(build(report), "Area 1 commitments")[0][2] == LATER


def test_a_commitment_added_after_the_cut_off_is_not_in_the_plan_yet(told):
    moment = database_now()
    day = day_of(moment) + timedelta(days=2)
    report = make_report(told, known_at=moment, starts_on=day, ends_on=day, as_at=day)
    make_commitment(told.action, "z", added_at=database_now())
    found = [row[0] for row in rows(build(report), "Area 1 commitments")]
    assert found == ["1.1.1a", "1.1.1b", "1.1.1c"]
    report.known_at = database_now()
    found = [row[0] for row in rows(build(report), "Area 1 commitments")]
    assert found == ["1.1.1a", "1.1.1b", "1.1.1c", "1.1.1z"]


# --- Small numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["kpis", "formal"])
def test_a_small_number_is_in_no_table(told, content):
    built = build(make_report(told, content))
    cells = [
        cell
        for one in built.document.tables()
        for row in one.rows
        if row[0].text == "K2"
        for cell in row
    ]
    assert "too few to show" in {cell.text for cell in cells}
    assert "3 families" not in {cell.text for cell in cells}
    assert not any(cell.number == 3 for cell in cells)


def test_a_small_number_is_in_no_chart_and_no_text_of_one(told):
    built = build(make_report(told))
    (chart,) = [one for one in built.document.charts() if one.name == "KPI K2"]
    figure = chart.figure
    assert [str(value) for series in figure.series[:1] for value in series.values] == [
        "11",
        "12",
        "14",
        "None",
    ]
    newest = figure.table.rows[0]
    assert newest[0] == "November 2022"
    assert "too few to show" in newest
    assert not any(cell.startswith("3") for cell in newest[1:])
    assert "3 families" not in figure.alt


def test_nobody_may_see_it_in_a_report_who_may_see_it_on_a_page(told):
    """A report is for all its readers, so it is built without regard to who prepares it."""
    assert Measurement.objects.filter(kpi=told.families, value=3).exists()
    told.families.data_owner = told.sro
    told.families.save()
    report = make_report(told, prepared_by=told.users["sro"])
    assert table(build(report), "Area 1 KPIs").rows[1][3].number is None


def test_what_was_said_before_gives_no_small_number_away(told):
    """September's 14 is 2 fewer than October's 16, which was shown; after it October is late."""
    helped = make_kpi(
        told.plan,
        "K4",
        unit="families",
        direction="higher",
        kind="cumulative",
        year="financial",
        counts_people=True,
    )
    for month, count, status, said_on in (
        ("2022-09", 10, "provisional", "2022-10-05"),
        ("2022-10", 16, "provisional", "2022-11-05"),
        ("2022-09", 14, "final", "2022-12-05"),
        ("2022-10", 17, "final", "2022-12-06"),
    ):
        record_figure(helped, month, count, status=status, effective_at=at(said_on))
    found = rows(build(make_report(told, "kpis")), "New figures")
    assert [row[2:] for row in found if row[0] == "K4"] == [
        ["September 2022", "too few to show", "final", ""],
        ["October 2022", "too few to show", "final", ""],
    ]


@pytest.mark.parametrize(
    ("april", "may", "status", "now"),
    [(9020, 9023, "final", 9029), (8020, 8023, "provisional", 8029)],
)
def test_a_total_restated_out_of_hiding_does_not_tell_what_was_hidden(
    told, april, may, status, now
):
    """May's first total is 3 more than April's, and was hidden until it became 9 more."""
    total = make_kpi(
        told.plan, "K4", unit="pupils", kind="cumulative", year="financial", counts_people=True
    )
    record_figure(total, "2022-04", april)
    record_figure(total, "2022-05", may, status=status)
    record_figure(total, "2022-05", now, reason="A late return" if status == "final" else "")
    moment = database_now()
    today = day_of(moment)
    days = {"starts_on": today - timedelta(days=30), "ends_on": today, "as_at": today}
    for report in (
        make_report(told, "kpis", known_at=moment, **days),
        make_report(told, "kpis", known_at=moment, starts_on=date(2022, 5, 1), as_at=today),
    ):
        text = build(report).document.text
        assert f"{now:,}" in text
        assert not any(told_as in text for told_as in (str(may), f"{may:,}"))


def test_a_measure_of_which_too_few_are_counted_is_not_said_to_have_no_target(told):
    told_text = part(build(make_report(told, "kpis")), "summary").blocks[0].text
    assert told_text.startswith(
        "Of 3 measures: 1 off trajectory, 1 awaiting a baseline and 1 not set against a trajectory."
    )

"""A draft: begun, worded by several people, cut off elsewhere, and put away."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from actions.models import Plan
from reports.contents.building import build
from reports.contents.signing import FORUMS_SECTION
from reports.drafts import drafting
from reports.drafts.drafting import Conflict, digest_of
from reports.models import Approval, Report, ReportText, Signature
from tests.factories import make_world
from tests.reports.draft_builders import (
    approve,
    begin,
    cut_off_now,
    make_series,
    put,
    say,
    section,
    set_up_and_said,
    sign_area,
    text_of,
)

PROGRESS = "commitment:1.1.1a:progress"


@pytest.fixture
def world(db):
    return set_up_and_said(make_world())


# --- Beginning --------------------------------------------------------------------------------


def test_a_report_begins_as_at_the_day_it_may_show(world):
    report = begin(world)
    today = timezone.localdate()
    assert (report.as_at, report.version, report.is_draft) == (today, 1, True)
    earlier = world.series.cycle.period_of(report.starts_on - timedelta(days=1))
    past = drafting.start(
        series=world.series,
        period=earlier,
        by=world.users["officer"],
        today=today,
        now=timezone.now(),
    )
    assert past.as_at == past.ends_on == report.starts_on - timedelta(days=1)


def test_a_period_has_one_report_until_its_draft_is_put_away(world):
    report = begin(world)
    with pytest.raises(ValidationError, match="report of this period already"):
        begin(world)
    drafting.discard(report=report, now=timezone.now())
    assert begin(world).pk != report.pk
    assert Report.objects.filter(series=world.series).count() == 2


def test_a_period_to_come_an_ended_series_and_a_plan_not_agreed_are_refused(world):
    today = timezone.localdate()
    period = world.series.cycle.period_of(today)
    following = world.series.cycle.period_of(period.ends_on + timedelta(days=1))
    assert "not begun" in drafting.start_problem(world.series, following, today)
    ended = make_series(world.plan, "kpis", "monthly", withdrawn_at=timezone.now())
    assert "ended" in drafting.start_problem(ended, period, today)
    world.plan.state = Plan.State.DRAFT
    world.series.plan = world.plan
    assert "not agreed" in drafting.start_problem(world.series, period, today)


# --- Words ------------------------------------------------------------------------------------


def test_edited_words_stand_and_the_original_is_kept(world):
    report = begin(world)
    put(world, report, PROGRESS, "Two of five posts are filled.")
    place = build(report).places[PROGRESS]
    assert (place.text, place.original) == (
        "Two of five posts are filled.",
        "Two posts are filled.",
    )
    assert place.leads == (world.users["lead"].pk, world.users["other_lead"].pk)
    kept = ReportText.objects.get()
    assert (kept.original, kept.by) == ("Two posts are filled.", world.users["officer"])
    assert "Two of five posts" in build(report).document.text


def test_the_originals_words_bring_the_original_back(world):
    report = begin(world)
    put(world, report, PROGRESS, "Other words")
    put(world, report, PROGRESS, "Two posts are filled.")
    assert not ReportText.objects.exists()
    assert text_of(build(report), PROGRESS) == "Two posts are filled."


def test_whoever_saves_second_sees_the_firsts_words_and_nothing_is_lost(world):
    report = begin(world)
    seen = digest_of(text_of(build(report), PROGRESS))
    put(world, report, PROGRESS, "First")
    with pytest.raises(Conflict) as conflict:
        drafting.word(
            report=report, place=PROGRESS, text="Second", seen=seen, by=world.users["officer"]
        )
    assert conflict.value.theirs == "First"
    assert text_of(build(report), PROGRESS) == "First"


def test_a_place_that_is_not_there_is_refused(world):
    report = begin(world)
    with pytest.raises(ValidationError, match="left the draft"):
        drafting.word(
            report=report,
            place="commitment:9.9.9z:progress",
            text="x",
            seen="",
            by=report.prepared_by,
        )


def test_a_draft_that_is_put_away_takes_nothing_more(world):
    report = begin(world)
    drafting.discard(report=report, now=timezone.now())
    with pytest.raises(ValidationError, match="discarded"):
        put(world, report, PROGRESS, "x")
    with pytest.raises(ValidationError, match="discarded"):
        cut_off_now(report)


# --- The cut-off ------------------------------------------------------------------------------


def test_what_is_recorded_after_the_cut_off_stays_out_until_it_moves(world):
    report = begin(world)
    say(world, "The last post is filled.", brag="green")
    assert text_of(build(report), PROGRESS) == "Two posts are filled."
    moved = cut_off_now(report)
    assert text_of(build(moved), PROGRESS) == "The last post is filled."


def test_a_correction_of_what_is_in_comes_in_with_the_cut_off(world):
    report = begin(world)
    say(
        world,
        "One post is filled.",
        corrects=world.update,
        correction_reason="I counted one twice.",
    )
    assert text_of(build(report), PROGRESS) == "Two posts are filled."
    assert text_of(build(cut_off_now(report)), PROGRESS) == "One post is filled."


def test_edited_words_survive_a_move_and_show_that_the_record_moved_on(world):
    report = begin(world)
    put(world, report, PROGRESS, "Edited")
    say(world, "All posts are filled.", brag="green")
    place = build(cut_off_now(report)).places[PROGRESS]
    assert (place.text, place.original) == ("Edited", "All posts are filled.")
    assert ReportText.objects.get().original == "Two posts are filled."


def test_edited_words_that_somebody_compared_and_keeps_are_stale_no_more(world):
    report = begin(world)
    put(world, report, PROGRESS, "Edited")
    say(world, "All posts are filled.", brag="green")
    report = cut_off_now(report)
    assert build(report).places[PROGRESS].is_stale
    put(world, report, PROGRESS, "Edited")
    place = build(report).places[PROGRESS]
    assert (place.text, place.original, place.is_stale) == (
        "Edited",
        "All posts are filled.",
        False,
    )


def test_signatures_hold_where_a_move_changes_nothing_and_fall_where_it_does(world):
    report = begin(world)
    sign_area(world, report, 1)
    sign_area(world, report, 2, by="other_sro")
    approve(world, report)
    before = build(report)
    again = build(cut_off_now(report))
    assert set(again.signed) == {"area:1", "area:2"}
    assert set(again.approved) == {world.council.pk}
    assert again.substance == before.substance
    say(world, "All posts are filled.", brag="green")
    after = build(cut_off_now(report))
    assert set(after.signed) == {"area:2"}
    assert after.fallen == {"area:1"}
    assert not after.approved


@pytest.mark.parametrize(
    ("days_of_start", "days_of_today", "field"), [(None, 1, "as_at"), (-1, None, "as_at")]
)
def test_a_cut_off_outside_the_period_or_in_the_future_is_refused(
    world, days_of_start, days_of_today, field
):
    report, today, now = begin(world), timezone.localdate(), timezone.now()
    day = (
        today + timedelta(days=days_of_today)
        if days_of_today
        else report.starts_on + timedelta(days=days_of_start)
    )
    problems = drafting.cut_off_problems(report, as_at=day, known_at=now, today=today, now=now)
    assert list(problems) == [field]
    later = now + timedelta(hours=1)
    problems = drafting.cut_off_problems(report, as_at=today, known_at=later, today=today, now=now)
    assert list(problems) == ["known_at"]


def test_a_look_at_another_cut_off_saves_nothing(world):
    report = begin(world)
    say(world, "All posts are filled.", brag="green")
    looked = drafting.moved(report, as_at=report.as_at, known_at=timezone.now())
    assert text_of(looked, PROGRESS) == "All posts are filled."
    report.refresh_from_db()
    assert text_of(build(report), PROGRESS) == "Two posts are filled."


# --- Signatures and approvals -----------------------------------------------------------------


def test_nobody_signs_words_that_have_changed(world):
    report = begin(world)
    digest = section(report, "area:1").digest
    put(world, report, PROGRESS, "Other words")
    with pytest.raises(ValidationError, match="changed while you read it"):
        drafting.sign(
            report=report, area=world.area, digest=digest, by=world.users["sro"], office="SRO"
        )
    digest = build(report).substance
    put(world, report, PROGRESS, "And others")
    with pytest.raises(ValidationError, match="changed while you read it"):
        approve(world, report, digest=digest)


def test_an_edit_voids_the_signature_of_its_area_and_the_approval_alone(world):
    report = begin(world)
    sign_area(world, report, 1)
    sign_area(world, report, 2, by="other_sro")
    approve(world, report)
    put(world, report, PROGRESS, "Other words")
    built = build(report)
    assert set(built.signed) == {"area:2"}
    assert not built.approved
    put(world, report, PROGRESS, "Two posts are filled.")
    assert set(build(report).signed) == {"area:1", "area:2"}
    assert set(build(report).approved) == {world.council.pk}


def test_a_signature_voids_no_approval(world):
    report = begin(world)
    approve(world, report)
    sign_area(world, report, 1)
    assert set(build(report).approved) == {world.council.pk}


def test_a_report_is_returned_with_a_reason_and_approved_later(world):
    report = begin(world)
    with pytest.raises(ValidationError, match="must change"):
        approve(world, report, is_approved=False)
    approve(world, report, is_approved=False, reason="Area 2 says nothing of schools.")
    assert not build(report).approved[world.council.pk].is_approved
    approve(world, report)
    assert build(report).approved[world.council.pk].is_approved


def test_a_double_press_signs_and_approves_once(world):
    report = begin(world)
    assert sign_area(world, report, 1) == sign_area(world, report, 1)
    assert sign_area(world, report, 2, by="other_sro") != sign_area(world, report, 1)
    assert approve(world, report) == approve(world, report)
    returned = approve(world, report, is_approved=False, reason="Area 2 says nothing of schools.")
    assert returned == approve(
        world, report, is_approved=False, reason="Area 2 says nothing of schools."
    )
    # The answer changes as often as its giver's mind.
    approve(world, report)
    assert build(report).approved[world.council.pk].is_approved
    assert (Signature.objects.count(), Approval.objects.count()) == (2, 3)
    # Seen again after an edit elsewhere, it is signed again.
    put(world, report, FORUMS_SECTION, "We were asked, and heard.", by="forum")
    sign_area(world, report, 1)
    assert Signature.objects.count() == 3


def test_whoever_prepared_a_report_does_not_approve_it(world):
    report = begin(world)
    with pytest.raises(ValidationError, match="nobody who prepared"):
        approve(world, report, by=world.users["officer"])


def test_the_forum_writes_and_signs_its_own_statement(world):
    report = begin(world)
    put(world, report, FORUMS_SECTION, "We were asked, and heard.", by="forum")
    drafting.sign(
        report=report,
        area=None,
        digest=section(report, FORUMS_SECTION).digest,
        by=world.users["forum"],
        office="Forum representative",
    )
    built = build(report)
    assert built.signed[FORUMS_SECTION].name == world.users["forum"].name
    assert built.places[FORUMS_SECTION].owner == "forum"

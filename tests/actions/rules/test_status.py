"""Rules 1 to 6 of actions/rules/status.py, each against cases worked by hand."""

from dataclasses import replace
from datetime import date

import pytest

from actions.rules import status
from actions.rules.dates import PlanDate
from actions.rules.status import Rating
from tests.actions.rules.pure_factories import (
    AGREED,
    at,
    confirmed,
    key_date,
    mark,
    returned,
    update,
    withdrawal,
)


def standing(updates, answers=()):
    return status.standing(updates, answers)


def dates(key_dates, marks=(), on="2023-01-24"):
    return status.date_states(key_dates, marks, on=date.fromisoformat(on), agreed_on=AGREED)


# --- The current rating -----------------------------------------------------------------------


def test_nobody_has_rated_it_and_that_is_not_grey():
    assert standing([]) == status.RatingState()
    assert standing([]).rating is Rating.NOT_YET_RATED


def test_the_newest_update_counts_by_the_moment_it_speaks_of():
    paper = update("red", "2022-05-10", recorded="2022-09-01")
    typed = update("green", "2022-06-10")
    assert standing([typed, paper]).rating is Rating.GREEN


def test_of_two_for_the_same_moment_the_later_recorded_counts():
    first = update("green", "2022-05-10", recorded="2022-05-11")
    second = update("amber", "2022-05-10", recorded="2022-05-12")
    assert standing([second, first]).rating is Rating.AMBER


def test_a_correction_takes_the_place_of_what_it_corrects():
    wrong = update("green", "2022-05-10")
    right = update("amber", "2022-05-10", recorded="2022-05-20", corrects=wrong)
    assert standing([wrong, right]).rating is Rating.AMBER
    assert standing([wrong, right, update("red", "2022-05-15")]).rating is Rating.RED


def test_a_correction_of_a_correction_counts_alone():
    wrong = update("green", "2022-05-10")
    second = update("amber", "2022-05-10", recorded="2022-05-20", corrects=wrong)
    third = update("red", "2022-05-10", recorded="2022-05-21", corrects=second)
    assert [u.id for u in status.in_force([wrong, second, third])] == [third.id]


def test_a_proposed_blue_leaves_the_last_rating_standing():
    blue = update("blue", "2022-10-03")
    now = standing([update("green", "2022-09-03"), blue])
    assert now.rating is Rating.GREEN
    assert now.blue_proposed_at == at("2022-10-03")
    assert now.blue_proposal == blue.id


def test_a_first_blue_is_only_a_proposal():
    assert standing([update("blue", "2022-10-03")]).rating is Rating.NOT_YET_RATED


def test_a_confirmed_blue_counts_from_its_confirmation():
    blue = update("blue", "2022-10-03")
    now = standing([update("green", "2022-09-03"), blue], [confirmed(blue, "2022-10-10")])
    assert now.rating is Rating.BLUE
    assert now.since == now.affirmed_at == at("2022-10-10")
    # Its colour was said on 3 October, and counts from the answer.
    assert (now.update, now.rated_at) == (blue.id, at("2022-10-03"))
    assert now.before is Rating.GREEN
    assert now.blue_proposed_at is None


def test_a_returned_blue_leaves_the_last_rating_and_a_tag():
    blue = update("blue", "2022-10-03")
    now = standing([update("green", "2022-09-03"), blue], [returned(blue, "2022-10-10")])
    assert now.rating is Rating.GREEN
    assert now.blue_proposed_at is None
    assert now.blue_returned_at == at("2022-10-10")


def test_a_blue_proposed_again_after_a_return_waits_again():
    first, second = update("blue", "2022-10-03"), update("blue", "2022-11-03")
    now = standing([first, second], [returned(first, "2022-10-10")])
    assert now.blue_proposal == second.id
    assert now.blue_returned_at is None


def test_the_return_of_an_older_blue_leaves_a_newer_proposal_waiting():
    # Proposed on 3 October and again on 3 November; on the 10th the first is sent back.
    first, second = update("blue", "2022-10-03"), update("blue", "2022-11-03")
    now = standing([first, second], [returned(first, "2022-11-10")])
    assert now.blue_proposal == second.id
    assert now.blue_proposed_at == at("2022-11-03")
    assert now.blue_returned_at is None


@pytest.mark.parametrize(
    ("said", "recorded", "tag"),
    [
        # Between proposal and return by its day, on record only after the return.
        ("2022-10-05", "2022-10-12", "2022-10-10"),
        # On record before it, the Blue was no proposal any more.
        ("2022-10-05", "2022-10-06", None),
        # Of a day after the return, it is the newest word.
        ("2022-10-11", "2022-10-12", None),
    ],
)
def test_a_return_stays_tagged_where_a_paper_update_came_in_after_it(said, recorded, tag):
    blue = update("blue", "2022-10-03")
    paper = update("green", said, recorded=recorded)
    now = standing([update("amber", "2022-09-03"), blue, paper], [returned(blue, "2022-10-10")])
    assert now.rating is Rating.GREEN
    assert now.blue_returned_at == (at(tag) if tag else None)


def test_a_proposal_beside_a_rating_keeps_what_stood_and_a_return_does_too():
    green, blue = update("green", "2022-09-03"), update("blue", "2022-10-03")
    proposed = standing([green, blue])
    sent_back = standing([green, blue], [returned(blue, "2022-10-10")])
    for now in (proposed, sent_back):
        assert (now.rating, now.update, now.rated_at) == (
            Rating.GREEN,
            green.id,
            at("2022-09-03"),
        )
        assert now.since == now.affirmed_at == at("2022-09-03")
    assert sent_back.blue_proposal is None


def test_a_later_colour_ends_a_proposal_and_a_confirmed_blue():
    blue = update("blue", "2022-10-03")
    later = update("amber", "2022-11-03")
    assert standing([blue, later]).blue_proposed_at is None
    now = standing([blue, later], [confirmed(blue, "2022-10-10")])
    assert now.rating is Rating.AMBER
    assert now.before is Rating.BLUE


def test_blue_said_again_affirms_a_confirmed_blue():
    blue, again = update("blue", "2022-10-03"), update("blue", "2023-01-20")
    now = standing([blue, again], [confirmed(blue, "2022-10-10")])
    assert now.rating is Rating.BLUE
    assert now.blue_proposed_at is None
    assert now.affirmed_at == now.rated_at == at("2023-01-20")
    assert now.update == again.id
    assert now.since == at("2022-10-10")


def test_an_older_update_entered_later_does_not_undo_a_confirmed_blue():
    blue = update("blue", "2022-10-03")
    answer = confirmed(blue, "2022-10-10")
    paper = update("green", "2022-10-05", recorded="2022-11-20")
    assert standing([blue, paper], [answer]).rating is Rating.BLUE


def test_a_corrected_blue_takes_its_confirmation_with_it():
    blue = update("blue", "2022-10-03")
    right = update("green", "2022-10-03", recorded="2022-10-12", corrects=blue)
    now = standing([blue, right], [confirmed(blue, "2022-10-10")])
    assert now.rating is Rating.GREEN


def test_the_same_colour_again_keeps_since_when_it_stands():
    now = standing(
        [
            update("green", "2022-08-03"),
            update("amber", "2022-09-03"),
            update("amber", "2022-10-03"),
        ]
    )
    assert now.since == at("2022-09-03")
    assert now.rated_at == at("2022-10-03")
    assert now.before is Rating.GREEN


# --- Dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "on", "overdue"),
    [
        ("2022-12", "2022-12-31", False),  # the last day of the month is not late
        ("2022-12", "2023-01-01", True),
        ("2023-02", "2023-02-28", False),
        ("2023-02", "2023-03-01", True),
        ("2022-12-07", "2022-12-07", False),
        ("2022-12-07", "2022-12-08", True),
        ("2026", "2026-12-31", False),
        ("2026", "2027-01-01", True),
        ("summer term 2026", "2026-07-24", False),
        ("summer term 2026", "2026-07-25", True),
        ("financial year 2025/26", "2026-03-31", False),
        ("financial year 2025/26", "2026-04-01", True),
    ],
)
def test_it_is_overdue_once_its_month_or_day_has_passed(due, on, overdue):
    found = dates([key_date("completion", due)], on=on)
    completion = status.completion_of(found)
    now = standing([update("green", "2022-11-03")])
    assert status.is_overdue(completion, now, date.fromisoformat(on)) is overdue


def test_without_a_completion_date_it_is_never_overdue():
    found = dates([key_date("start", "2022-04"), key_date("evaluation", "2022-06")])
    assert status.completion_of(found) is None
    assert not status.is_overdue(None, standing([]), date(2030, 1, 1))


def test_delivered_ends_lateness():
    due = key_date("completion", "2022-12")
    found = status.completion_of(dates([due], [mark(due, "delivered", "2023-01-10")]))
    assert found.delivered_on == date(2023, 1, 10)
    assert not status.is_overdue(found, standing([]), date(2023, 1, 24))


def test_a_confirmed_blue_ends_lateness_and_a_proposed_one_does_not():
    found = status.completion_of(dates([key_date("completion", "2022-10")]))
    blue = update("blue", "2022-12-03")
    day = date(2023, 1, 24)
    assert status.is_overdue(found, standing([blue]), day)
    assert not status.is_overdue(found, standing([blue], [confirmed(blue, "2022-12-05")]), day)


def test_a_reopened_date_is_open_again():
    due = key_date("completion", "2022-12")
    marks = [mark(due, "delivered", "2023-01-10"), mark(due, "reopened", "2023-01-12")]
    assert status.completion_of(dates([due], marks)).delivered_on is None


def test_a_date_moved_twice_keeps_its_first_and_counts_its_moves():
    first = key_date("completion", "2022-10")
    second = key_date("completion", "2022-12", "2022-10-20", replaces=first)
    third = key_date("completion", "2023-03", "2022-12-20", replaces=second)
    found = status.completion_of(dates([third, first, second]))
    assert (str(found.first), str(found.now), found.moves) == ("October 2022", "March 2023", 2)
    assert found.moved_by_months == 5
    # 31 October to 31 March: 30 + 31 + 31 + 28 + 31
    assert found.moved_by_days == 151


def test_a_changed_note_is_no_move():
    first = key_date("completion", "2022-10")
    noted = key_date("completion", "2022-10", "2022-10-20", replaces=first)
    assert status.completion_of(dates([first, noted])).moves == 0


def test_other_words_for_a_date_are_no_move():
    first = key_date("completion", "2026")
    noted = key_date("completion", "2026", "2025-10-20", replaces=first)
    noted = replace(noted, when=replace(noted.when, printed="By the end of 2026"))
    found = status.completion_of(dates([first, noted]))
    assert (found.moves, str(found.now)) == (0, "By the end of 2026")


def test_a_year_moved_to_its_last_month_is_a_move_by_no_day():
    first = key_date("completion", "2026")
    moved = key_date("completion", "2026-12", "2026-10-20", replaces=first)
    found = status.completion_of(dates([first, moved]))
    assert (found.moves, found.moved_by_days, found.moved_by_months) == (1, 0, 0)


def test_grey_may_begin_until_the_year_in_which_the_first_point_falls_is_over():
    found = dates([key_date("interim", "2026")], on="2026-02-01")
    start = PlanDate.parse
    assert not status.grey_start_is_late(start("2026-12"), found, date(2026, 2, 1))
    assert status.grey_start_is_late(start("2027-01"), found, date(2026, 2, 1))


def test_a_confirmed_blue_lapses_by_a_term_that_began_after_it():
    blue = update("blue", "2026-03-02")
    now = standing([blue], [confirmed(blue, "2026-03-04")])
    for term, lapsed in (("spring term 2026", False), ("summer term 2026", True)):
        found = dates([key_date("interim", term)], on="2026-07-25")
        assert status.is_lapsed(now, found, date(2026, 7, 25)) is lapsed


def test_the_agreed_date_governs_until_the_move():
    first = key_date("completion", "2022-10")
    found = status.completion_of(dates([first], on="2022-11-02"))
    assert status.is_overdue(found, standing([]), date(2022, 11, 2))


@pytest.mark.parametrize(
    "kind", ["interim", "baseline", "follow_up", "launch", "evaluation", "review"]
)
def test_a_passed_date_not_marked_met_is_missed(kind):
    (found,) = dates([key_date(kind, "2022-07")], on="2022-08-01")
    assert found.is_missed
    (found,) = dates([key_date(kind, "2022-07")], on="2022-07-31")
    assert not found.is_missed


@pytest.mark.parametrize("kind", ["start", "completion"])
def test_a_start_or_completion_is_never_a_missed_date(kind):
    (found,) = dates([key_date(kind, "2022-07")], on="2022-09-01")
    assert not found.is_missed


def test_a_date_from_before_the_plan_was_agreed_is_not_missed():
    (found,) = dates([key_date("launch", "2021-10")], on="2022-02-01")
    assert not found.is_missed
    # the month of agreement ends after it
    (found,) = dates([key_date("launch", "2021-12")], on="2022-02-01")
    assert found.is_missed


@pytest.mark.parametrize(
    ("when", "missed"),
    [("2021-12-23", False), ("2021-12-24", True), ("2021-12-25", True)],
)
def test_a_date_on_the_very_day_of_agreement_is_one_of_the_plans(when, missed):
    (found,) = dates([key_date("launch", when)], on="2022-02-01")
    assert found.is_missed is missed


def test_of_a_plan_that_was_never_agreed_no_date_is_missed():
    (found,) = status.date_states(
        [key_date("launch", "2022-07")], (), on=date(2022, 9, 1), agreed_on=None
    )
    assert not found.is_missed


def test_a_date_is_met_late_when_marked_with_a_later_day():
    interim = key_date("interim", "2022-07")
    (in_time,) = dates([interim], [mark(interim, "met", "2022-07-31")])
    (late,) = dates([interim], [mark(interim, "met", "2022-08-01")])
    assert (in_time.is_missed, in_time.is_met_late) == (False, False)
    assert (late.is_missed, late.is_met_late) == (False, True)


def test_a_date_state_names_its_row_its_chain_and_what_was_said_of_it():
    first = key_date("interim", "2022-07")
    second = key_date("interim", "2022-09", "2022-06-20", replaces=first)
    (found,) = dates([first, second], [mark(first, "met", "2022-09-10")])
    assert (found.id, found.chain, found.kind) == (second.id, first.id, "interim")
    assert found.set_at == at("2022-06-20")
    # A mark of an earlier row of the chain is one of the chain.
    assert (found.met_on, found.delivered_on) == (date(2022, 9, 10), None)
    assert (found.is_moved, found.moves, found.moved_by_months) == (True, 1, 2)
    # 31 July to 30 September
    assert found.moved_by_days == 61


def test_a_mark_of_another_date_says_nothing_of_this_one():
    one, other = key_date("interim", "2022-07"), key_date("launch", "2022-08")
    found = dates([one, other], [mark(one, "met", "2022-07-10"), mark(other, "met", "2022-08-10")])
    assert [state.met_on for state in found] == [date(2022, 7, 10), date(2022, 8, 10)]
    (met, missed) = dates([one, other], [mark(one, "met", "2022-07-10")])
    assert (met.met_on, missed.met_on) == (date(2022, 7, 10), None)
    (missed, met) = dates([one, other], [mark(other, "met", "2022-08-10")])
    assert (missed.met_on, met.met_on) == (None, date(2022, 8, 10))


def test_marks_count_in_the_order_they_speak_of_and_then_were_recorded():
    due = key_date("completion", "2022-12")
    delivered = mark(due, "delivered", "2023-01-10")
    reopened = mark(due, "reopened", "2023-01-12")
    # The reopening was entered first, and speaks of the later day.
    assert status.completion_of(dates([due], [reopened, delivered])).delivered_on is None
    same = replace(reopened, effective_at=delivered.effective_at)
    entered_later = replace(delivered, recorded_at=at("2023-01-20"))
    found = status.completion_of(dates([due], [entered_later, same]))
    assert found.delivered_on == date(2023, 1, 10)
    # Of one moment on both clocks the row that came last.
    first, second = replace(delivered, id=1), replace(delivered, id=2, on=date(2023, 1, 9))
    assert status.completion_of(dates([due], [second, first])).delivered_on == date(2023, 1, 9)


def test_dates_that_end_on_one_day_stand_in_the_order_of_their_rows():
    first = key_date("interim", "2022-07")
    second = key_date("launch", "2022-07-31")
    assert [state.id for state in dates([second, first])] == [first.id, second.id]


def test_the_latest_of_several_completion_dates_counts():
    early, late = key_date("completion", "2022-07"), key_date("completion", "2022-09")
    assert str(status.completion_of(dates([late, early])).now) == "September 2022"


def test_a_withdrawn_date_is_gone():
    interim = key_date("interim", "2022-07")
    assert dates([interim], [mark(interim, "withdrawn", "2022-06-01")]) == ()


def test_several_dates_stand_in_time_order_whatever_the_order_of_print():
    found = dates([key_date("completion", "2022-09"), key_date("baseline", "2022-03")])
    assert [state.kind for state in found] == ["baseline", "completion"]


# --- Grey and lapsed Blue ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "first_point", "on", "late"),
    [
        ("2022-04", "2022-06", "2022-01-20", False),
        ("2022-06", "2022-06", "2022-01-20", False),  # the same month is not after it
        ("2022-07", "2022-06", "2022-01-20", True),  # starts after the first dated point
        ("2022-04", "2022-06", "2022-04-30", False),
        ("2022-04", "2022-06", "2022-05-01", True),  # that month has passed
    ],
)
def test_grey_needs_a_reason_past_its_start_or_its_first_date(starts, first_point, on, late):
    found = dates([key_date("completion", first_point)], on=on)
    grey = update("grey", "2022-01-20", starts=starts)
    assert status.is_grey_although_due(standing([grey]), found, date.fromisoformat(on)) is late


def test_grey_without_any_date_holds_until_its_month():
    now = standing([update("grey", "2022-01-20", starts="2022-09")])
    assert status.is_validly_grey(now, (), date(2022, 8, 1))
    assert not status.is_validly_grey(now, (), date(2022, 9, 1))
    assert not status.is_grey_although_due(now, (), date(2022, 9, 30))
    assert status.is_grey_although_due(now, (), date(2022, 10, 1))


def test_an_imported_grey_without_a_start_is_due_once_its_first_date_has_passed():
    now = standing([update("grey", "2022-01-20")])
    found = dates([key_date("interim", "2022-07")], on="2022-08-01")
    assert not status.is_grey_although_due(now, found, date(2022, 7, 31))
    assert status.is_grey_although_due(now, found, date(2022, 8, 1))


def test_valid_grey_excuses_until_the_month_it_gave_and_not_past_a_date():
    now = standing([update("grey", "2022-01-20", starts="2022-09")])
    point = dates([key_date("interim", "2022-09")], on="2022-08-31")
    assert status.is_validly_grey(now, point, date(2022, 8, 31))
    assert not status.is_validly_grey(now, point, date(2022, 9, 1))
    # Its start lies after the first dated point: it is Grey although due, and excuses from nothing.
    sooner = dates([key_date("interim", "2022-08")], on="2022-07-31")
    assert not status.is_validly_grey(now, sooner, date(2022, 7, 31))
    assert not status.is_validly_grey(standing([update("red", "2022-01-20")]), (), AGREED)
    assert not status.is_validly_grey(standing([]), (), AGREED)


def test_a_grey_that_gives_no_start_is_valid_while_no_date_has_passed():
    now = standing([update("grey", "2022-01-20")])
    assert status.is_validly_grey(now, (), date(2030, 1, 1))
    assert not status.is_grey_although_due(now, (), date(2030, 1, 1))
    found = dates([key_date("interim", "2022-07")], on="2022-08-01")
    assert status.is_validly_grey(now, found, date(2022, 7, 31))
    assert not status.is_validly_grey(now, found, date(2022, 8, 1))


def test_the_first_dated_point_is_the_one_that_ends_first():
    # 14 July comes before the end of July, whichever was added first.
    found = dates([key_date("interim", "2022-07"), key_date("launch", "2022-07-14")])
    assert str(status.first_dated_point(found)) == "14 July 2022"
    assert str(status.first_dated_point(found[::-1])) == "14 July 2022"
    assert status.first_dated_point(()) is None


def test_a_grey_whose_first_date_has_passed_is_late_before_its_own_start():
    # It begins in July, with the first date: late once the day of that date is over.
    found = dates([key_date("interim", "2022-07-14")], on="2022-07-15")
    starts = PlanDate.parse("2022-07")
    assert not status.grey_start_is_late(starts, found, date(2022, 7, 14))
    assert status.grey_start_is_late(starts, found, date(2022, 7, 15))


def test_another_colour_is_never_grey_although_due():
    assert not status.is_grey_although_due(standing([update("red", "2022-01-20")]), (), AGREED)


@pytest.mark.parametrize(("on", "lapsed"), [("2023-04-10", False), ("2023-04-11", True)])
def test_a_confirmed_blue_lapses_after_six_months(on, lapsed):
    blue = update("blue", "2022-10-03")
    now = standing([blue], [confirmed(blue, "2022-10-10")])
    assert status.is_lapsed(now, (), date.fromisoformat(on)) is lapsed


def test_a_confirmed_blue_lapses_at_a_later_date_nobody_spoke_to():
    blue = update("blue", "2022-10-03")
    answer = confirmed(blue, "2022-10-10")
    found = dates([key_date("evaluation", "2023-01")], on="2023-02-01")
    assert not status.is_lapsed(standing([blue], [answer]), found, date(2023, 1, 31))
    assert status.is_lapsed(standing([blue], [answer]), found, date(2023, 2, 1))
    again = update("blue", "2023-01-20")
    assert not status.is_lapsed(standing([blue, again], [answer]), found, date(2023, 2, 1))


@pytest.mark.parametrize(
    ("when", "on", "lapsed"),
    [
        # Said again on 20 January: what was due that very day was spoken to.
        ("2023-01-20", "2023-01-21", False),
        ("2023-01-21", "2023-01-21", False),
        ("2023-01-21", "2023-01-22", True),
    ],
)
def test_a_date_on_the_day_of_the_affirmation_was_spoken_to(when, on, lapsed):
    blue, again = update("blue", "2022-10-03"), update("blue", "2023-01-20")
    now = standing([blue, again], [confirmed(blue, "2022-10-10")])
    found = dates([key_date("evaluation", when)], on=on)
    assert status.is_lapsed(now, found, date.fromisoformat(on)) is lapsed


@pytest.mark.parametrize(
    ("kind", "marked", "lapsed"),
    [
        ("evaluation", "", True),
        ("evaluation", "met", False),
        ("completion", "", False),  # it concerns the work, and the work is done
        ("start", "", False),
    ],
)
def test_a_blue_lapses_at_a_date_that_can_be_missed_and_was_not_met(kind, marked, lapsed):
    blue = update("blue", "2022-10-03")
    now = standing([blue], [confirmed(blue, "2022-10-10")])
    later = key_date(kind, "2023-01")
    marks = [mark(later, marked, "2023-01-20")] if marked else []
    found = dates([later], marks, on="2023-02-01")
    assert status.is_lapsed(now, found, date(2023, 2, 1)) is lapsed


def test_only_a_confirmed_blue_lapses():
    assert not status.is_lapsed(standing([update("green", "2022-01-03")]), (), date(2023, 1, 1))
    assert not status.is_lapsed(standing([update("blue", "2022-01-03")]), (), date(2023, 1, 1))
    assert not status.is_lapsed(standing([]), (), date(2023, 1, 1))


@pytest.mark.parametrize(("on", "too_long"), [("2022-10-17", False), ("2022-10-18", True)])
def test_a_proposed_blue_waits_too_long_after_fourteen_days(on, too_long):
    now = standing([update("blue", "2022-10-03")])
    assert status.waits_too_long(now, date.fromisoformat(on)) is too_long


def test_without_a_proposal_nothing_waits():
    assert status.waits_too_long(standing([]), date(2023, 1, 1)) is False
    assert status.waits_too_long(standing([update("red", "2022-01-03")]), date(2023, 1, 1)) is False


def test_of_two_withdrawals_of_one_moment_the_later_recorded_decides():
    out, back = withdrawal("2022-05-01"), withdrawal("2022-05-01", is_withdrawn=False)
    later = replace(back, recorded_at=at("2022-05-02"))
    assert not status.is_withdrawn([later, out])
    assert status.is_withdrawn([replace(out, recorded_at=at("2022-05-03")), later])


def test_the_newest_withdrawal_decides():
    out, back = withdrawal("2022-05-01"), withdrawal("2022-06-01", is_withdrawn=False)
    assert status.is_withdrawn([out])
    assert not status.is_withdrawn([back, out])
    assert not status.is_withdrawn([])


def test_dates_that_replace_nothing_are_chains_of_their_own():
    """Also beside the first row that was ever recorded, whose id is 1."""
    first = replace(key_date("interim", "2022-05"), id=1)
    other = key_date("completion", "2022-09")
    states = status.date_states(
        [first, other], [], on=date(2022, 1, 1), agreed_on=date(2021, 12, 24)
    )
    assert [(one.kind.value, one.chain, one.moves) for one in states] == [
        ("interim", 1, 0),
        ("completion", other.id, 0),
    ]

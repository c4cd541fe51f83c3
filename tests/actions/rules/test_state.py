"""State as at a day, and as known at a moment; and the months that ask for an update."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.rules.dates import LONDON, PlanDate, end_of_day
from actions.rules.state import Cell, changed_at, count, state_at, strip
from actions.rules.status import ConfirmationFact, Rating, UpdateFact
from tests.actions.rules.pure_factories import (
    ask,
    at,
    before_papers,
    commitment,
    confirmed,
    end,
    history,
    key_date,
    lead,
    mark,
    question,
    update,
    withdrawal,
)


def state_of(row, day, known_at=None, **plan):
    (plan_state,) = state_at(history(row, **plan), date.fromisoformat(day), known_at).values()
    (state,) = plan_state.commitments
    return state


# --- As at, as known --------------------------------------------------------------------------


def test_a_day_shows_what_was_effective_by_its_end():
    row = commitment(
        updates=[update("green", "2022-05-10 23:59"), update("red", "2022-05-11 00:00")]
    )
    assert state_of(row, "2022-05-09").rating is Rating.NOT_YET_RATED
    assert state_of(row, "2022-05-10").rating is Rating.GREEN
    assert state_of(row, "2022-05-11").rating is Rating.RED


def test_the_clocks_change_within_a_day_of_london():
    # 23:30 UTC on 30 July is 00:30 on the 31st in London, in summer.
    utc = datetime.fromisoformat("2022-07-30T23:30:00+00:00")
    row = commitment(updates=[UpdateFact(1, utc, utc, Rating.RED)])
    assert state_of(row, "2022-07-30").rating is Rating.NOT_YET_RATED
    assert state_of(row, "2022-07-31").rating is Rating.RED


def test_what_was_entered_late_shows_at_its_day_as_known_now():
    row = commitment(updates=[update("red", "2022-05-10", recorded="2022-09-01")])
    assert state_of(row, "2022-06-01").rating is Rating.RED
    assert state_of(row, "2022-06-01", at("2022-06-01")).rating is Rating.NOT_YET_RATED


def test_a_correction_changes_the_past_as_known_now_and_not_as_known_then():
    wrong = update("green", "2022-05-10")
    right = update("amber", "2022-05-10", recorded="2022-05-20", corrects=wrong)
    row = commitment(updates=[wrong, right])
    assert state_of(row, "2022-05-12").rating is Rating.AMBER
    assert state_of(row, "2022-05-12", at("2022-05-15")).rating is Rating.GREEN


def test_a_move_governs_only_from_the_day_it_was_decided():
    first = key_date("completion", "2022-10")
    row = commitment(key_dates=[first, key_date("completion", "2023-03", "2022-11-15", first)])
    before, after = state_of(row, "2022-11-14"), state_of(row, "2022-11-15")
    assert (before.is_overdue, str(before.completion.now)) == (True, "October 2022")
    assert (after.is_overdue, str(after.completion.now)) == (False, "March 2023")


def test_a_day_past_the_loaded_history_is_refused():
    with pytest.raises(ValueError, match="loaded until"):
        state_at(history(until="2022-06-30"), date(2022, 7, 1))


def test_a_commitment_is_not_there_before_it_was_added():
    row = commitment(added_at=at("2022-03-01"))
    (plan_state,) = state_at(history(row), date(2022, 2, 28)).values()
    assert plan_state.commitments == ()
    assert plan_state.is_before_first_record


def test_leads_are_those_of_the_day():
    row = commitment(leads=[lead(1, 11, ends="2022-05-31"), lead(2, 12, starts="2022-06-01")])
    assert state_of(row, "2022-05-31").is_led_by(11)
    assert not state_of(row, "2022-06-01").is_led_by(11)
    assert state_of(row, "2022-06-01").is_led_by(12)


def test_a_plan_kept_as_published_is_never_late():
    row = commitment(key_dates=[key_date("completion", "2022-02"), key_date("interim", "2022-01")])
    state = state_of(row, "2023-06-01", tracked_from=None)
    assert not state.is_overdue
    assert not state.update_overdue
    assert state.missed_dates == ()


def test_a_withdrawn_commitment_is_neither_late_nor_owed():
    row = commitment(
        key_dates=[key_date("completion", "2022-02")], withdrawals=[withdrawal("2022-04-01")]
    )
    assert state_of(row, "2022-03-31").is_overdue
    state = state_of(row, "2022-06-30")
    assert state.is_withdrawn
    assert not state.is_overdue
    assert not state.update_overdue


def test_overdue_is_counted_in_months():
    row = commitment(key_dates=[key_date("completion", "2022-12")])
    assert state_of(row, "2023-01-24").overdue_months == 1
    assert state_of(row, "2023-03-01").overdue_months == 3


def test_late_although_green_is_a_fact_beside_the_colour():
    row = commitment(
        key_dates=[key_date("completion", "2022-12")], updates=[update("green", "2023-01-10")]
    )
    state = state_of(row, "2023-01-24")
    assert state.rating is Rating.GREEN
    assert state.late_although_rated


def test_delivered_not_embedded_until_blue_is_confirmed():
    due = key_date("completion", "2022-12")
    blue = update("blue", "2023-02-10")
    row = commitment(
        key_dates=[due],
        marks=[mark(due, "delivered", "2022-12-20")],
        updates=[update("green", "2022-12-20"), blue],
        confirmations=[confirmed(blue, "2023-02-20")],
    )
    assert state_of(row, "2023-02-19").delivered_not_embedded
    assert not state_of(row, "2023-02-20").delivered_not_embedded


def test_an_asked_date_is_shown_until_a_date_is_set():
    first = key_date("completion", "2022-12")
    row = commitment(
        key_dates=[first, key_date("completion", "2023-03", "2023-01-20", first)],
        requests=[ask("2023-04", "2023-01-10")],
    )
    assert str(state_of(row, "2023-01-15").requested_date) == "April 2023"
    assert state_of(row, "2023-01-20").requested_date is None


def test_a_move_asked_for_of_a_milestone_is_none_of_the_completion_date():
    due, milestone = key_date("completion", "2022-12"), key_date("interim", "2022-11")
    row = commitment(
        key_dates=[due, milestone],
        requests=[replace(ask("2023-04", "2023-01-10"), key_date=milestone.id)],
    )
    assert state_of(row, "2023-01-15").requested_date is None
    assert len(state_of(row, "2023-01-15").open_requests) == 1
    of_it = commitment(
        key_dates=[due, milestone],
        requests=[replace(ask("2023-04", "2023-01-10"), key_date=due.id)],
    )
    assert str(state_of(of_it, "2023-01-15").requested_date) == "April 2023"


# --- Updates owed -----------------------------------------------------------------------------


def test_a_period_is_closed_five_working_days_after_its_last():
    # January 2023 closes on Tuesday 31st; five working days later is Tuesday 7 February.
    plan = history().plans[0]
    assert str(plan.cycle.periods(()).last_closed(date(2023, 2, 7))) == "December 2022"
    assert str(plan.cycle.periods(()).last_closed(date(2023, 2, 8))) == "January 2023"


def test_a_period_that_closes_early_in_its_month_is_over_before_the_month_is():
    # Papers due on Friday 13 January 2023: it closes on Friday 6th, five working days before, and
    # its five working days of grace end on Friday 13th.
    cycle = before_papers(date(2023, 1, 13))
    plan = replace(
        history(commitment(updates=[update("green", "2022-12-20")])).plans[0], cycle=cycle
    )
    assert str(plan.cycle.periods(()).last_closed(date(2023, 1, 13))) == "December 2022"
    assert str(plan.cycle.periods(()).last_closed(date(2023, 1, 14))) == "January 2023"
    (late,) = state_at(replace(history(), plans=(plan,)), date(2023, 1, 14))[1].commitments
    assert late.update_due_since == date(2023, 1, 14)


def test_an_update_is_overdue_after_the_grace_and_until_one_is_recorded():
    row = commitment(updates=[update("green", "2022-12-20"), update("green", "2023-02-20")])
    assert not state_of(row, "2023-02-07").update_overdue
    state = state_of(row, "2023-02-08")
    assert state.update_overdue
    assert state.update_due_since == date(2023, 2, 8)
    assert not state_of(row, "2023-02-20").update_overdue


def test_an_update_on_the_first_day_of_its_month_counts():
    # Written on 1 January for January, which closes on Tuesday 31 and is overdue on 8 February.
    row = commitment(updates=[update("green", "2022-12-20"), update("green", "2023-01-01")])
    assert not state_of(row, "2023-01-01").update_due_now
    assert not state_of(row, "2023-02-08").update_overdue
    eve = commitment(updates=[update("green", "2022-12-20"), update("green", "2022-12-31")])
    assert state_of(eve, "2023-01-01").update_due_now
    assert state_of(eve, "2023-02-08").update_overdue


def test_an_update_within_the_grace_meets_the_month():
    row = commitment(updates=[update("green", "2022-12-20"), update("green", "2023-02-03")])
    assert not state_of(row, "2023-02-08").update_overdue


def test_long_silence_is_overdue_since_its_first_missed_month():
    # Silent since 20 October: November closes on Wednesday 30th, five working days on is the 7th.
    row = commitment(updates=[update("green", "2022-10-20")])
    assert state_of(row, "2023-02-08").update_due_since == date(2022, 12, 8)


@pytest.mark.parametrize(
    ("newest", "since"),
    [
        # As at 8 February 2023. January's grace ended on 7 February, December's on 6 January,
        # November's on 7 December, October's on 7 November.
        ("2023-01-20", None),
        ("2022-12-20", date(2023, 2, 8)),
        ("2022-11-20", date(2023, 1, 7)),
        ("2022-10-20", date(2022, 12, 8)),
        ("2022-09-20", date(2022, 11, 8)),
    ],
)
def test_each_month_of_silence_is_counted_back(newest, since):
    row = commitment(updates=[update("green", newest)])
    assert state_of(row, "2023-02-08").update_due_since == since


def test_months_before_the_tracking_began_ask_for_nothing():
    # Tracked from 10 June: June is the first to owe one, and its grace ends on Thursday 7 July.
    state = state_of(commitment(), "2022-07-10", tracked_from="2022-06-10")
    assert state.update_due_since == date(2022, 7, 8)
    assert not state_of(commitment(), "2022-07-07", tracked_from="2022-06-10").update_overdue


def test_what_was_added_at_the_end_of_the_first_day_owes_from_the_next_month():
    row = commitment(added_at=at("2022-03-02 00:00"))
    assert not state_of(row, "2022-03-31").update_due_now
    eve = commitment(added_at=at("2022-03-01 23:59"))
    assert state_of(eve, "2022-03-31").update_due_now


def test_what_is_put_back_at_the_end_of_the_first_day_owes_from_the_next_month():
    out = withdrawal("2022-02-10")
    row = commitment(withdrawals=[out, withdrawal("2022-03-02 00:00", is_withdrawn=False)])
    assert not state_of(row, "2022-03-31").update_due_now
    eve = commitment(withdrawals=[out, withdrawal("2022-03-01 23:59", is_withdrawn=False)])
    assert state_of(eve, "2022-03-31").update_due_now


def test_a_grey_whose_date_passed_owes_an_update_and_one_whose_date_was_withdrawn_does_not():
    grey, due = update("grey", "2022-02-10"), key_date("interim", "2022-02")
    assert state_of(commitment(updates=[grey], key_dates=[due]), "2022-03-10").update_due_now
    gone = mark(due, "withdrawn", "2022-02-20")
    row = commitment(updates=[grey], key_dates=[due], marks=[gone])
    assert not state_of(row, "2022-03-10").update_due_now


def test_this_month_owes_one_until_it_is_written():
    row = commitment(updates=[update("green", "2022-12-20"), update("green", "2023-01-16")])
    assert state_of(row, "2023-01-15").update_due_now
    assert not state_of(row, "2023-01-16").update_due_now


def test_the_first_month_of_tracking_owes_one():
    assert state_of(commitment(), "2022-01-10").update_due_now
    assert state_of(commitment(), "2022-01-10", tracked_from="2022-01-10").update_due_now
    state = state_of(commitment(), "2022-01-10", tracked_from="2022-01-11")
    assert not state.update_due_now


def test_a_plan_agreed_on_the_first_of_a_month_owes_for_it():
    assert state_of(commitment(), "2022-05-31", agreed_on="2022-05-01").update_due_now
    assert not state_of(commitment(), "2022-05-31", agreed_on="2022-05-02").update_due_now


def test_what_was_withdrawn_on_the_first_day_owes_nothing_for_the_month():
    row = commitment(
        withdrawals=[withdrawal("2022-03-01"), withdrawal("2022-03-10", is_withdrawn=False)]
    )
    assert not state_of(row, "2022-03-31").update_due_now
    assert state_of(row, "2022-04-01").update_due_now


def test_holidays_put_the_end_of_grace_off():
    # December 2022 closes on Friday 30; with Monday 2 January a holiday its grace ends on Monday 9.
    row = commitment(updates=[update("green", "2022-11-20")])
    new_year = frozenset({date(2023, 1, 2)})
    assert not state_of(row, "2023-01-09", holidays=new_year).update_overdue
    assert state_of(row, "2023-01-10", holidays=new_year).update_due_since == date(2023, 1, 10)
    assert state_of(row, "2023-01-09").update_due_since == date(2023, 1, 7)


def test_what_closes_before_papers_is_overdue_within_its_own_month():
    # January closes on Thursday 12 and its grace ends on Thursday 19, before the group meets.
    cycle = before_papers(date(2023, 1, 19))
    row = commitment(updates=[update("green", "2022-12-20")])
    plan = replace(history(row).plans[0], cycle=cycle)
    assert str(plan.cycle.periods(()).last_closed(date(2023, 1, 19))) == "December 2022"
    assert str(plan.cycle.periods(()).last_closed(date(2023, 1, 20))) == "January 2023"

    def since(day):
        found = state_at(replace(history(row), plans=(plan,)), date.fromisoformat(day))
        return found[1].commitments[0].update_due_since

    assert since("2023-01-19") is None
    assert since("2023-01-20") == since("2023-02-20") == date(2023, 1, 20)


def test_a_draft_owes_nothing_and_is_late_with_nothing():
    row = commitment(key_dates=[key_date("completion", "2022-03"), key_date("interim", "2022-02")])
    state = state_of(row, "2022-06-15", agreed_on=None)
    assert not state.tracked
    assert not any([state.update_due_now, state.update_overdue, state.is_overdue])
    assert state.missed_dates == ()


def test_the_first_month_that_owes_one_begins_after_the_agreement():
    # Agreed on 10 May: nothing was promised on 1 May, so June is the first month.
    assert not state_of(commitment(), "2022-05-31", agreed_on="2022-05-10").update_due_now
    state = state_of(commitment(), "2022-06-15", agreed_on="2022-05-10")
    assert state.update_due_now
    assert not state.update_overdue
    assert not state_of(commitment(), "2022-05-09", agreed_on="2022-05-10").tracked


def test_what_was_taken_out_of_a_draft_was_never_in_the_plan():
    added = "2021-12-24 00:00"
    row = commitment(withdrawals=[withdrawal(added)])
    (plan_state,) = state_at(history(row), date(2022, 6, 1)).values()
    assert plan_state.commitments == ()
    assert not plan_state.is_before_first_record
    back = commitment(
        withdrawals=[
            withdrawal(added),
            replace(withdrawal(added, False), recorded_at=at("2022-01-02")),
        ]
    )
    assert not state_of(back, "2022-06-01").is_withdrawn
    # Withdrawn since, it is among the withdrawn ones.
    gone = commitment(withdrawals=[withdrawal("2022-03-01")])
    assert state_of(gone, "2022-06-01").is_withdrawn
    # Put back in the draft and withdrawn since: the same.
    both = commitment(withdrawals=[withdrawal(added), withdrawal("2022-03-01")])
    assert state_of(both, "2022-06-01").is_withdrawn


def test_confirmed_blue_on_the_first_day_owes_nothing():
    blue = update("blue", "2022-05-10")
    row = commitment(updates=[blue], confirmations=[confirmed(blue, "2022-05-31")])
    assert not state_of(row, "2022-06-15").update_due_now
    late = commitment(updates=[blue], confirmations=[confirmed(blue, "2022-06-02")])
    assert state_of(late, "2022-06-15").update_due_now


def test_valid_grey_on_the_first_day_owes_nothing():
    row = commitment(updates=[update("grey", "2022-01-10", starts="2022-04")])
    assert not state_of(row, "2022-03-31").update_due_now
    assert state_of(row, "2022-04-01").update_due_now
    assert not state_of(row, "2022-03-31").update_overdue


def test_what_joined_the_plan_within_the_month_owes_from_the_next():
    row = commitment(added_at=at("2022-03-02"))
    assert not state_of(row, "2022-03-31").update_due_now
    assert state_of(row, "2022-04-01").update_due_now


def test_a_closed_plan_asks_for_nothing_more():
    assert not state_of(commitment(), "2023-07-10", closed_on="2023-06-30").update_due_now
    assert not state_of(commitment(), "2023-06-30", closed_on="2023-06-30").update_due_now
    assert state_of(commitment(), "2023-06-29", closed_on="2023-06-30").update_due_now


AFTER_17_MARCH = "2023-03-17", "2023-03-20", "2023-04-30", "2024-03-17"


@pytest.mark.parametrize("day", AFTER_17_MARCH)
def test_a_plan_closed_on_17_march_stands_still(day):
    # Nobody wrote in February: it closed on the 28th and its grace ended on 7 March. The completion
    # date is March's, not over on the 17th; the interim date was missed before, the launch was not.
    silent = commitment(
        updates=[update("amber", "2023-01-20")],
        key_dates=[
            key_date("completion", "2023-03"),
            key_date("interim", "2023-02"),
            key_date("launch", "2023-03-20"),
        ],
    )
    before = state_of(silent, "2023-03-16", closed_on="2023-03-17")
    assert before.update_due_since == date(2023, 3, 8)
    assert before.is_due_soon
    assert before == state_of(silent, "2023-03-16")

    state = state_of(silent, day, closed_on="2023-03-17")
    assert (state.update_overdue, state.update_due_now, state.is_due_soon) == (False,) * 3
    assert not state.is_overdue
    assert [str(one.now) for one in state.missed_dates] == ["February 2023"]
    assert state.rating is Rating.AMBER
    assert state == state_of(silent, "2023-03-17", closed_on="2023-03-17")


def test_what_was_late_when_a_plan_closed_stays_as_late_as_it_was():
    late = commitment(
        updates=[update("red", "2023-03-10")], key_dates=[key_date("completion", "2022-12")]
    )
    for day in AFTER_17_MARCH:
        state = state_of(late, day, closed_on="2023-03-17")
        assert (state.is_overdue, state.overdue_months) == (True, 3)


def test_a_blue_does_not_lapse_after_its_plan_was_closed():
    blue = update("blue", "2022-12-01")
    row = commitment(updates=[blue], confirmations=[confirmed(blue, "2022-12-05")])
    assert state_of(row, "2023-07-01").is_lapsed
    assert not state_of(row, "2023-07-01", closed_on="2023-03-17").is_lapsed


# --- Summaries and strips ---------------------------------------------------------------------


def test_a_summary_counts_and_leaves_the_withdrawn_out():
    blue = update("blue", "2022-03-10")
    rows = [
        commitment(updates=[update("green", "2022-03-10")]),
        commitment(updates=[update("green", "2022-02-10"), blue]),
        commitment(updates=[update("red", "2022-03-10")], withdrawals=[withdrawal("2022-03-12")]),
        commitment(),
    ]
    (plan_state,) = state_at(history(*rows), date(2022, 3, 20)).values()
    counts = count(plan_state.commitments)
    assert counts.total == 3
    assert counts.ratings[Rating.GREEN] == 2
    assert counts.ratings[Rating.NOT_YET_RATED] == 1
    assert (counts.blue_proposed, counts.withdrawn) == (1, 1)
    # the one without an update has been owing since January
    assert counts.update_overdue == 1
    # and stands once among those in doubt
    assert counts.doubtful == 1
    assert not counts.has_enough_ratings


def test_a_tenth_without_a_current_rating_is_still_enough():
    rated = [commitment(updates=[update("green", "2022-01-20")]) for _ in range(9)]
    (plan_state,) = state_at(history(*rated, commitment()), date(2022, 1, 31)).values()
    assert count(plan_state.commitments).has_enough_ratings
    (plan_state,) = state_at(history(*rated[1:], commitment()), date(2022, 1, 31)).values()
    assert not count(plan_state.commitments).has_enough_ratings


def test_a_summary_counts_what_is_overdue_and_has_each_colour():
    late = {"key_dates": [key_date("completion", "2022-02")]}
    rows = [
        commitment(updates=[update("red", "2022-03-10")], **late),
        commitment(updates=[update("amber", "2022-03-10")], **late),
        commitment(updates=[update("amber", "2022-03-10")]),
        commitment(updates=[update("red", "2022-03-10")], withdrawals=[withdrawal("2022-03-12")]),
    ]
    (plan_state,) = state_at(history(*rows), date(2022, 3, 20)).values()
    counts = count(plan_state.commitments)
    assert (counts.overdue, counts.update_overdue, counts.doubtful) == (2, 0, 0)
    assert counts.ratings == {
        Rating.BLUE: 0,
        Rating.GREEN: 0,
        Rating.AMBER: 2,
        Rating.RED: 1,
        Rating.GREY: 0,
        Rating.NOT_YET_RATED: 0,
        Rating.PAUSED: 0,
    }


def test_a_plans_commitments_are_found_by_area_and_by_action():
    rows = [
        commitment(ref="1.1.1a", area=1, action=11),
        commitment(ref="1.1.2a", area=1, action=12),
        commitment(ref="2.1.1a", area=2, action=21),
    ]
    (plan_state,) = state_at(history(*rows), date(2022, 3, 20)).values()
    assert [state.ref for state in plan_state.of_area(1)] == ["1.1.1a", "1.1.2a"]
    assert [state.ref for state in plan_state.of_action(12)] == ["1.1.2a"]


def test_a_state_says_which_commitment_of_which_plan_it_is_and_of_which_day():
    row = commitment(id=77, ref="3.2.1b", area=3, theme=32, action=321)
    state = state_of(row, "2022-03-20")
    assert (state.id, state.ref, state.plan) == (77, "3.2.1b", 1)
    assert (state.area, state.theme, state.action) == (3, 32, 321)
    assert state.on == date(2022, 3, 20)
    (plan_state,) = state_at(history(row), date(2022, 3, 20)).values()
    assert (plan_state.id, plan_state.on, plan_state.tracked) == (1, date(2022, 3, 20), True)
    assert not plan_state.is_before_first_record


def test_a_plan_without_commitments_is_not_before_its_first_record():
    (plan_state,) = state_at(history(), date(2022, 3, 20)).values()
    assert plan_state.is_before_first_record is False


def test_the_last_day_that_was_loaded_may_be_asked_for():
    assert state_at(history(until="2022-06-30"), date(2022, 6, 30))
    with pytest.raises(ValueError, match=r"^history was loaded until 2022-06-30, not 2022-07-01$"):
        state_at(history(until="2022-06-30"), date(2022, 7, 1))


@pytest.mark.parametrize(
    ("added", "day", "is_there"),
    [
        ("2022-03-01 00:00", "2022-02-28", False),  # the first moment of the next day
        ("2022-03-01 00:00", "2022-03-01", True),
        ("2022-02-28 23:59", "2022-02-28", True),
    ],
)
def test_a_commitment_is_there_by_the_end_of_the_day_it_was_added_on(added, day, is_there):
    (plan_state,) = state_at(
        history(commitment(added_at=at(added))), date.fromisoformat(day)
    ).values()
    assert bool(plan_state.commitments) is is_there


def test_what_was_known_at_a_moment_was_recorded_by_it():
    moment = at("2022-06-01")
    row = commitment(added_at=moment, updates=[update("red", "2022-06-01", recorded="2022-06-01")])
    assert state_of(row, "2022-06-30", moment).rating is Rating.RED
    (before,) = state_at(
        history(row), date(2022, 6, 30), moment - timedelta(microseconds=1)
    ).values()
    assert before.commitments == ()


def test_a_plan_is_tracked_from_the_day_named_and_from_its_agreement():
    def tracked(day, **plan):
        return state_of(commitment(added_at=at("2021-01-01")), day, **plan).tracked

    assert not tracked("2022-01-31", tracked_from="2022-02-01")
    assert tracked("2022-02-01", tracked_from="2022-02-01")
    assert not tracked("2022-03-31", agreed_on="2022-04-01")
    assert tracked("2022-04-01", agreed_on="2022-04-01")


def test_help_is_asked_since_the_first_of_the_run_that_reaches_up_to_now():
    def since(*requests):
        days = ("2022-02-10", "2022-03-10", "2022-04-10")
        updates = [
            update("green", day, asks_help=ask) for day, ask in zip(days, requests, strict=True)
        ]
        return state_of(commitment(updates=updates), "2022-04-20").help_asked_since

    assert since(False, True, True) == date(2022, 3, 10)
    assert since(True, False, True) == date(2022, 4, 10)
    assert since(True, True, False) is None
    assert since(True, True, True) == date(2022, 2, 10)


def test_updates_without_a_change_are_counted_back_from_the_newest():
    def running(*kinds):
        days = ("2022-02-10", "2022-03-10", "2022-04-10")
        updates = [
            replace(update("green", day), is_no_change=kind)
            for day, kind in zip(days, kinds, strict=True)
        ]
        return state_of(commitment(updates=updates), "2022-04-20").no_changes_running

    assert running(False, True, True) == 2
    assert running(True, False, True) == 1
    assert running(True, True, False) == 0
    assert state_of(commitment(), "2022-04-20").no_changes_running == 0


def test_the_newest_update_is_the_one_that_speaks_of_the_latest_moment():
    late, early = update("red", "2022-04-10"), update("green", "2022-03-10", "2022-04-15")
    assert state_of(commitment(updates=[late, early]), "2022-04-20").newest_update is late
    assert state_of(commitment(), "2022-04-20").newest_update is None


def test_a_proposed_blue_that_waits_is_told_of_a_tracked_plan_alone():
    row = commitment(updates=[update("blue", "2022-03-01")])
    assert not state_of(row, "2022-03-15").blue_waits_too_long
    assert state_of(row, "2022-03-16").blue_waits_too_long
    assert not state_of(row, "2022-03-16", tracked_from=None).blue_waits_too_long


def test_grey_although_due_and_lapsed_are_told_of_a_tracked_plan_alone():
    grey = commitment(updates=[update("grey", "2022-01-10", starts="2022-02")])
    assert state_of(grey, "2022-03-01").is_grey_although_due
    assert not state_of(grey, "2022-03-01", tracked_from=None).is_grey_although_due
    blue = update("blue", "2022-01-10")
    done = commitment(updates=[blue], confirmations=[confirmed(blue, "2022-01-10")])
    assert not state_of(done, "2022-07-10").is_lapsed
    assert state_of(done, "2022-07-11").is_lapsed
    assert not state_of(done, "2022-07-11", tracked_from=None).is_lapsed


@pytest.mark.parametrize(
    ("starts", "ends", "day", "leads"),
    [
        (None, None, "2022-05-31", True),
        ("2022-05-31", None, "2022-05-31", True),
        ("2022-06-01", None, "2022-05-31", False),
        (None, "2022-05-31", "2022-05-31", True),
        (None, "2022-05-30", "2022-05-31", False),
        ("2022-06-01", "2022-06-30", "2022-07-01", False),
        ("2022-06-01", "2022-06-30", "2022-06-30", True),
    ],
)
def test_a_lead_leads_from_the_first_day_to_the_last(starts, ends, day, leads):
    row = commitment(leads=[lead(1, 11, starts=starts, ends=ends)])
    assert state_of(row, day).is_led_by(11) is leads


def test_overdue_begins_on_the_day_after_the_completion_date():
    month = commitment(key_dates=[key_date("completion", "2022-12")])
    assert state_of(month, "2022-12-31").overdue_since is None
    assert state_of(month, "2023-01-24").overdue_since == date(2023, 1, 1)
    day = commitment(key_dates=[key_date("completion", "2022-12-07")])
    assert state_of(day, "2022-12-24").overdue_since == date(2022, 12, 8)
    assert state_of(day, "2022-12-24").overdue_months == 0


def test_a_strip_shows_twelve_months_unless_told_otherwise():
    months = strip(commitment(), date(2022, 12, 20))
    assert [month.month.iso for month in months][::11] == ["2022-01", "2022-12"]
    assert len(months) == 12


def test_a_strip_shows_what_was_known():
    row = commitment(
        updates=[
            update("green", "2022-03-10", recorded="2022-05-20"),
            update("red", "2022-04-10"),
        ]
    )
    known = strip(row, date(2022, 5, 10), at("2022-05-10"), months=3)
    assert [(month.cell, month.rating) for month in known] == [
        (Cell.BEFORE, Rating.NOT_YET_RATED),
        (Cell.WRITTEN, Rating.RED),
        (Cell.CARRIED, Rating.RED),
    ]
    since = strip(row, date(2022, 5, 10), months=3)
    assert [month.rating for month in since] == [Rating.GREEN, Rating.RED, Rating.RED]


@pytest.mark.parametrize("day", ["2022-03-01", "2022-03-31"])
def test_a_month_is_written_from_its_first_day_to_its_last(day):
    row = commitment(updates=[update("green", "2022-02-10"), update("amber", day)])
    _, march, april = strip(row, date(2022, 4, 20), months=3)
    assert (march.cell, march.rating) == (Cell.WRITTEN, Rating.AMBER)
    assert (april.cell, april.rating) == (Cell.CARRIED, Rating.AMBER)
    first = strip(commitment(updates=[update("amber", day)]), date(2022, 4, 20), months=2)
    assert first[0].cell is Cell.WRITTEN


def test_a_commitment_added_on_the_last_day_of_a_month_is_there_in_it():
    row = commitment(added_at=at("2022-03-31"))
    cells = [month.cell for month in strip(row, date(2022, 4, 20), months=3)]
    assert cells == [Cell.BEFORE, Cell.UNRATED, Cell.UNRATED]


def test_a_strip_tells_written_from_carried():
    row = commitment(
        updates=[
            update("grey", "2022-02-10", starts="2022-04"),
            update("green", "2022-04-10"),
            update("red", "2022-06-10"),
        ]
    )
    months = strip(row, date(2022, 6, 20), months=6)
    assert [month.cell for month in months] == [
        Cell.BEFORE,
        Cell.GREY,
        Cell.GREY,
        Cell.WRITTEN,
        Cell.CARRIED,
        Cell.WRITTEN,
    ]
    assert [month.rating for month in months][3:] == [Rating.GREEN, Rating.GREEN, Rating.RED]
    assert months[-1].month == PlanDate.parse("2022-06")


def test_a_strip_of_what_nobody_rated_is_unrated_since_it_was_added():
    months = strip(commitment(added_at=at("2022-03-02")), date(2022, 4, 20), months=3)
    assert [month.cell for month in months] == [Cell.BEFORE, Cell.UNRATED, Cell.UNRATED]


# --- Against a naive replay -------------------------------------------------------------------

_FIRST = datetime(2022, 1, 1, 12, tzinfo=LONDON)
_days = st.integers(min_value=0, max_value=300)
_colours = st.sampled_from(["blue", "green", "amber", "red", "grey"])


@st.composite
def histories(draw):
    """Updates, some entered late, some corrected, and answers to Blues that were newest then."""
    updates: list[UpdateFact] = []
    answers: list[ConfirmationFact] = []
    recorded = _FIRST
    for pk in range(1, draw(st.integers(min_value=0, max_value=12)) + 1):
        recorded += timedelta(hours=draw(st.integers(min_value=1, max_value=24 * 30)))
        kind = draw(st.sampled_from(["update", "update", "late", "correct", "answer"]))
        newest = _newest(updates)
        if kind == "answer" and newest and newest.rating is Rating.BLUE:
            if newest.id not in {answer.update for answer in answers}:
                answers.append(
                    ConfirmationFact(pk, recorded, recorded, newest.id, draw(st.booleans()))
                )
        elif kind == "correct" and newest:
            updates.append(
                UpdateFact(pk, newest.effective_at, recorded, Rating(draw(_colours)), newest.id)
            )
        else:
            late = timedelta(days=draw(_days)) if kind == "late" else timedelta()
            effective = max(recorded - late, _FIRST)
            updates.append(UpdateFact(pk, effective, recorded, Rating(draw(_colours))))
    return updates, answers


def _newest(updates):
    corrected = {row.corrects for row in updates}
    standing = [row for row in updates if row.id not in corrected]
    return max(standing, key=lambda row: (row.effective_at, row.recorded_at), default=None)


def naive_rating(updates, answers, day, known_at):
    """The rules read aloud: walk through every moment seen, and keep what stands after it."""

    def seen(rows):
        return [
            row
            for row in rows
            if row.effective_at < end_of_day(day) and row.recorded_at <= known_at
        ]

    replaced = [row.corrects for row in seen(updates)]
    said = [row for row in seen(updates) if row.id not in replaced]
    yes = [answer for answer in seen(answers) if answer.is_confirmed]
    rating = Rating.NOT_YET_RATED
    for moment in sorted({row.effective_at for row in [*said, *yes]}):
        for row in sorted(said, key=lambda row: row.recorded_at):
            if row.effective_at == moment and row.rating is not Rating.BLUE:
                rating = row.rating
        for answer in yes:
            if answer.effective_at == moment and any(row.id == answer.update for row in said):
                rating = Rating.BLUE
    return rating


@given(histories(), _days, _days)
@settings(max_examples=300, deadline=None)
def test_state_equals_a_naive_replay(rows, day, known):
    updates, answers = rows
    on = (_FIRST + timedelta(days=day)).date()
    known_at = _FIRST + timedelta(days=known)
    row = commitment(updates=updates, confirmations=answers, added_at=_FIRST)
    state = state_of(row, on.isoformat(), known_at)
    assert state.rating is naive_rating(updates, answers, on, known_at)


@given(histories(), _days)
@settings(max_examples=100, deadline=None)
def test_the_order_of_rows_does_not_matter(rows, day):
    updates, answers = rows
    on = (_FIRST + timedelta(days=day)).date().isoformat()
    one = commitment(id=1, updates=updates, confirmations=answers, added_at=_FIRST)
    other = commitment(id=1, updates=updates[::-1], confirmations=answers[::-1], added_at=_FIRST)
    assert state_of(one, on) == state_of(other, on)


# --- When something last changed, and what is due soon -----------------------------------------


def test_the_newest_record_of_any_kind_says_when_it_changed():
    first = key_date("completion", "2022-10")
    blue = update("blue", "2022-03-01")
    row = commitment(
        updates=[blue],
        confirmations=[confirmed(blue, "2022-04-01")],
        key_dates=[first, key_date("completion", "2023-03", "2022-05-01", first)],
        marks=[mark(first, "delivered", "2022-06-01")],
        withdrawals=[withdrawal("2022-07-01")],
        requests=[ask("2023-05", "2022-08-01")],
    )
    for month in range(3, 9):
        day = date(2022, month, 1)
        assert changed_at(row, day) == at(f"2022-{month:02}-01")
        assert changed_at(row, day - timedelta(days=1)) < at(f"2022-{month:02}-01")


def test_with_no_record_it_changed_when_it_was_added():
    assert changed_at(commitment(added_at=at("2022-03-01")), date(2022, 5, 1)) == at("2022-03-01")


def test_a_correction_changes_it_as_of_what_it_corrects_and_once_it_is_known():
    wrong = update("green", "2022-05-10")
    row = commitment(updates=[wrong, update("red", "2022-05-10", "2022-06-20", corrects=wrong)])
    assert changed_at(row, date(2022, 7, 1)) == at("2022-05-10")


def test_questions_and_ends_are_records_that_say_when_it_changed():
    asked, report_page = ask("2023-04", "2022-03-01"), question("2022-05-01")
    row = commitment(
        requests=[asked],
        request_ends=[end(asked, "2022-04-01")],
        questions=[report_page],
        question_ends=[end(report_page, "2022-06-01")],
    )
    for month in range(3, 7):
        assert changed_at(row, date(2022, month, 1)) == at(f"2022-{month:02}-01")


def test_what_was_not_known_yet_has_changed_nothing():
    row = commitment(updates=[update("green", "2022-05-10", recorded="2022-06-20")])
    assert changed_at(row, date(2022, 7, 1), at("2022-06-19")) == row.added_at
    assert changed_at(row, date(2022, 7, 1), at("2022-06-20")) == at("2022-05-10")


@pytest.mark.parametrize(
    ("day", "soon"),
    [
        ("2022-11-18", False),  # 43 days to 31 December
        ("2022-11-19", True),  # 42
        ("2022-12-31", True),
        ("2023-01-01", False),  # it is overdue
    ],
)
def test_due_soon_is_within_six_weeks_of_the_months_end(day, soon):
    row = commitment(key_dates=[key_date("completion", "2022-12")])
    assert state_of(row, day).is_due_soon is soon


def test_what_is_delivered_or_not_tracked_is_not_due_soon():
    first = key_date("completion", "2022-12")
    done = commitment(key_dates=[first], marks=[mark(first, "delivered", "2022-11-01")])
    assert state_of(done, "2022-12-10").is_due_soon is False
    row = commitment(key_dates=[first])
    assert state_of(row, "2022-12-10", tracked_from=None).is_due_soon is False
    assert state_of(commitment(), "2022-12-10").is_due_soon is False


# --- Asks and questions -----------------------------------------------------------------------


def test_an_ask_that_was_refused_or_taken_back_no_longer_stands():
    first, second = ask("2023-04", "2023-01-10"), ask("", "2023-01-12")
    row = commitment(
        key_dates=[key_date("completion", "2023-03")],
        requests=[first, second],
        request_ends=[end(first, "2023-02-01")],
    )
    before, after = state_of(row, "2023-01-31"), state_of(row, "2023-02-01")
    assert (str(before.requested_date), len(before.open_requests)) == ("April 2023", 2)
    assert (after.requested_date, after.open_requests) == (None, (second,))


def test_a_question_is_open_until_it_is_closed():
    early, late = question("2023-01-10"), question("2023-02-10")
    row = commitment(questions=[late, early], question_ends=[end(early, "2023-03-01")])
    assert state_of(row, "2023-02-15").question_open_since == date(2023, 1, 10)
    assert state_of(row, "2023-03-01").question_open_since == date(2023, 2, 10)
    assert state_of(row, "2023-01-09").question_open_since is None


def test_of_several_dates_asked_for_the_newest_stands():
    rows = [ask("2023-04", "2023-01-10"), ask("2023-06", "2023-01-20")]
    assert (
        str(state_of(commitment(requests=rows[::-1]), "2023-01-31").requested_date) == "June 2023"
    )
    # Of one moment, the one that was recorded later.
    later = replace(rows[0], effective_at=rows[1].effective_at, recorded_at=at("2023-01-25"))
    assert (
        str(state_of(commitment(requests=[later, rows[1]]), "2023-01-31").requested_date)
        == "April 2023"
    )


def test_a_date_set_at_the_moment_of_the_ask_leaves_it_standing():
    row = commitment(
        key_dates=[key_date("completion", "2023-03", "2023-01-10")],
        requests=[ask("2023-04", "2023-01-10")],
    )
    assert str(state_of(row, "2023-01-20").requested_date) == "April 2023"


def test_a_date_asked_for_stands_where_there_is_none():
    assert str(
        state_of(commitment(requests=[ask("2023-04", "2023-01-10")]), "2023-01-20").requested_date
    ) == ("April 2023")

"""What stands out since an earlier day, worked by hand."""

from dataclasses import replace
from datetime import date

import pytest

from actions.rules.state import state_at
from actions.rules.status import Rating
from kpis.rules.state import kpi_states
from reports.rules.exceptions import Part, Point, Reason, exceptions, points_to_check
from tests.actions.rules import pure_factories
from tests.actions.rules.pure_factories import (
    ask,
    at,
    commitment,
    confirmed,
    end,
    key_date,
    mark,
    pause,
    restart,
    returned,
    update,
    withdrawal,
)
from tests.kpis.rules.pure_factories import figure, kpi, target

BEFORE, NOW = "2022-09-30", "2022-10-31"
# Somebody wrote each month, so that no update is owed where a case is about something else.
WRITTEN = [update("green", "2022-08-20"), update("green", "2022-09-20")]


def found(*commitments, kpis=(), **plan):
    history = pure_factories.history(*commitments, **plan)
    before, now = (state_at(history, date.fromisoformat(day))[1] for day in (BEFORE, NOW))
    measures = kpi_states(kpis, date.fromisoformat(NOW), frozenset()).values()
    return exceptions(now, before, measures), points_to_check(now, measures)


def reasons(*commitments):
    return [
        (one.part, [why.reason for why in one.reasons])
        for one in found(*commitments)[0].commitments
    ]


def rated(*ratings_and_days):
    return commitment(updates=[*WRITTEN, *(update(*one) for one in ratings_and_days)])


def test_green_is_no_exception():
    assert reasons(rated(("green", "2022-10-20"))) == []


def test_red_is_for_decision_since_the_day_it_became_red():
    exceptional = found(rated(("red", "2022-10-03"), ("red", "2022-10-20")))[0].decision[0]
    assert [why.reason for why in exceptional.reasons] == [Reason.RED]
    assert exceptional.reasons[0].since == date(2022, 10, 3)
    assert exceptional.was == "green"


def whys(*commitments, **plan):
    """Of each reason: what it is, since when it has held, and whether it is new."""
    return [
        (why.reason, why.since, why.is_new)
        for one in found(*commitments, **plan)[0].commitments
        for why in one.reasons
    ]


def asking(*days, updates=()):
    return commitment(
        updates=[*updates, *(update("green", day, asks_help=True) for day in days)],
    )


def test_help_is_asked_since_the_first_of_the_updates_that_ask_for_it_one_after_another():
    # Asked in July, August, September and October, and set against 30 September: an old ask.
    months = "2022-07-24", "2022-08-18", "2022-09-18", "2022-10-22"
    assert whys(asking(*months)) == [(Reason.HELP_ASKED, date(2022, 7, 24), False)]
    # Nothing asked on 20 September: what October asks is a new ask, since the 22nd.
    quiet = update("green", "2022-09-20")
    asked = update("green", "2022-07-24", asks_help=True)
    assert whys(asking("2022-10-22", updates=[asked, quiet])) == [
        (Reason.HELP_ASKED, date(2022, 10, 22), True)
    ]


def test_a_correction_stands_in_the_place_of_the_update_it_corrects():
    first = update("green", "2022-08-18", asks_help=True)
    second = update("green", "2022-09-18")
    third = update("green", "2022-10-22", asks_help=True)
    # September is put right on 25 October: it did ask for help, so the run goes back to August.
    put_right = update("green", "2022-09-18", "2022-10-25", corrects=second, asks_help=True)
    assert whys(commitment(updates=[first, second, third, put_right])) == [
        (Reason.HELP_ASKED, date(2022, 8, 18), False)
    ]
    # And the other way round: October did not ask for any.
    taken_back = update("green", "2022-10-22", "2022-10-25", corrects=third)
    assert whys(commitment(updates=[first, third, taken_back])) == []


def test_red_that_ended_and_began_again_is_new():
    row = rated(("red", "2022-09-25"), ("amber", "2022-10-03"), ("red", "2022-10-20"))
    assert whys(row) == [(Reason.RED, date(2022, 10, 20), True)]
    assert whys(rated(("red", "2022-09-25"), ("red", "2022-10-20"))) == [
        (Reason.RED, date(2022, 9, 25), False)
    ]


def test_an_update_is_overdue_since_the_day_after_its_grace():
    # September closes on Friday the 30th; the five working days end on Friday 7 October.
    assert whys(commitment(updates=[update("green", "2022-08-20")])) == [
        (Reason.UPDATE_OVERDUE, date(2022, 10, 8), True)
    ]
    # Silent since July: August closed on the 31st, its grace ended on 7 September.
    assert whys(commitment(updates=[update("green", "2022-07-20")])) == [
        (Reason.UPDATE_OVERDUE, date(2022, 9, 8), False)
    ]


@pytest.mark.parametrize(
    "set_aside",
    [
        {"withdrawals": [withdrawal("2022-10-12"), withdrawal("2022-10-14", is_withdrawn=False)]},
        {"pauses": [pause("2022-10-12"), restart("2022-10-14")]},
    ],
)
def test_two_days_set_aside_leave_a_missing_update_as_old_as_it_was(set_aside):
    """Neither 1 September nor 1 October lies within them, so no period was let off."""
    row = commitment(updates=[update("green", "2022-07-20")], **set_aside)
    assert whys(row) == [(Reason.UPDATE_OVERDUE, date(2022, 9, 8), False)]


def test_a_period_that_began_while_it_was_set_aside_ends_the_run():
    # August was overdue on 30 September. Paused on 1 September, it owed nothing for September,
    # whose grace ended on 7 October; October still runs on the 31st.
    row = commitment(
        updates=[update("green", "2022-07-20")],
        pauses=[pause("2022-08-28"), restart("2022-09-10")],
    )
    assert whys(row) == []


def test_a_colour_that_counts_again_after_a_pause_is_new():
    """Red since July, paused over 30 September: then it counted as paused."""
    row = commitment(
        updates=[
            update("red", "2022-07-20"),
            *(update("red", f"2022-{m}-20") for m in ("08", "09")),
        ],
        pauses=[pause("2022-09-25"), restart("2022-10-03")],
    )
    assert whys(row) == [(Reason.RED, date(2022, 7, 20), True)]
    assert whys(replace(row, pauses=row.pauses[:1])) == []


def test_each_missed_date_is_a_reason_of_its_own():
    row = commitment(
        updates=[*WRITTEN, update("green", "2022-10-20")],
        key_dates=[key_date("interim", "2022-08"), key_date("baseline", "2022-10-14")],
    )
    assert whys(row) == [
        (Reason.DATE_MISSED, date(2022, 9, 1), False),
        (Reason.DATE_MISSED, date(2022, 10, 15), True),
    ]


def test_what_became_overdue_counts_from_the_first_day_of_the_next_month():
    row = commitment(
        updates=[*WRITTEN, update("green", "2022-10-20")],
        key_dates=[key_date("completion", "2022-09")],
    )
    assert whys(row) == [(Reason.NEWLY_OVERDUE, date(2022, 10, 1), True)]


def test_a_blue_that_lapsed_since_is_new_and_one_that_had_lapsed_is_not():
    def lapsing(confirmed_on):
        blue = update("blue", confirmed_on)
        return commitment(updates=[blue], confirmations=[confirmed(blue, confirmed_on)])

    # Six months on from 10 April is 10 October; from 10 March, 10 September.
    assert whys(lapsing("2022-04-10")) == [(Reason.BLUE_LAPSED, None, True)]
    assert whys(lapsing("2022-03-10")) == [(Reason.BLUE_LAPSED, None, False)]


def test_a_blue_that_was_said_again_and_lapsed_again_is_new():
    # Lapsed from 11 September; said again on 3 October, and not after the milestone of the 10th.
    blue = update("blue", "2022-03-10")
    row = commitment(
        updates=[blue, update("blue", "2022-10-03")],
        confirmations=[confirmed(blue, "2022-03-10")],
        key_dates=[key_date("interim", "2022-10-10")],
    )
    assert whys(row) == [(Reason.BLUE_LAPSED, None, True)]


def test_grey_although_due_again_after_another_colour_is_new():
    # Work was to start in June; Amber from 5 to 20 October, then Grey once more.
    def grey(*between):
        return commitment(
            updates=[
                update("grey", "2022-09-20", starts="2022-06"),
                *between,
                update("grey", "2022-10-20", starts="2022-06"),
            ]
        )

    assert whys(grey()) == [(Reason.GREY_ALTHOUGH_DUE, None, False)]
    assert whys(grey(update("amber", "2022-10-05"))) == [(Reason.GREY_ALTHOUGH_DUE, None, True)]


def test_amber_is_for_attention_when_new_and_to_note_after():
    assert reasons(rated(("amber", "2022-10-20"))) == [(Part.ATTENTION, [Reason.NEWLY_AMBER])]
    assert reasons(rated(("amber", "2022-09-25"), ("amber", "2022-10-20"))) == [
        (Part.NOTE, [Reason.AMBER])
    ]


def test_a_change_asked_for_is_for_decision_until_it_is_answered():
    asked = ask("2023-04", "2022-10-05")
    row = commitment(updates=[*WRITTEN, update("green", "2022-10-20")], requests=[asked])
    assert reasons(row) == [(Part.DECISION, [Reason.CHANGE_ASKED])]
    answered = commitment(
        updates=[*WRITTEN, update("green", "2022-10-20")],
        requests=[asked],
        request_ends=[end(asked, "2022-10-25")],
    )
    assert reasons(answered) == []


def test_a_commitment_stands_once_with_all_its_reasons():
    due = key_date("completion", "2022-10"), key_date("interim", "2022-09")
    late = commitment(
        updates=[*WRITTEN, update("amber", "2022-10-20")],
        key_dates=list(due),
        requests=[ask("2023-04", "2022-10-20")],
    )
    # October is over on 1 November: the completion date has not passed on the 31st.
    assert reasons(late) == [
        (Part.DECISION, [Reason.CHANGE_ASKED, Reason.NEWLY_AMBER, Reason.DATE_MISSED])
    ]


def test_newly_overdue_is_new_once():
    def due(month):
        return commitment(
            updates=[*WRITTEN, update("green", "2022-10-20")],
            key_dates=[key_date("completion", month)],
        )

    assert reasons(due("2022-09")) == [(Part.ATTENTION, [Reason.NEWLY_OVERDUE])]
    assert reasons(due("2022-08")) == []
    assert [one.point for one in found(due("2022-08"))[1]] == [Point.LATE_ALTHOUGH_RATED]


def test_an_update_nobody_sent():
    # September closed on the 30th; five working days later, on Friday 7 October, it is overdue.
    (quiet,) = found(commitment(updates=[update("green", "2022-08-20")]))[0].attention
    assert [why.reason for why in quiet.reasons] == [Reason.UPDATE_OVERDUE]


def test_a_blue_returned_before_the_earlier_day_is_listed_no_more():
    def sent_back(day):
        blue = update("blue", "2022-09-22")
        return commitment(updates=[*WRITTEN, blue], confirmations=[returned(blue, day)])

    # Nobody wrote in October, which is owed from the first of it and overdue in November alone.
    assert whys(sent_back("2022-09-28")) == []
    assert whys(sent_back("2022-09-30")) == []
    assert whys(sent_back("2022-10-01")) == [(Reason.BLUE_RETURNED, date(2022, 10, 1), True)]


def test_grey_although_due_is_for_attention_and_a_point():
    grey = commitment(
        updates=[update("grey", "2022-08-20", starts="2022-10"), update("grey", "2022-10-20")],
        key_dates=[key_date("interim", "2022-10"), key_date("completion", "2023-03")],
    )
    late = commitment(
        updates=[*WRITTEN, update("grey", "2022-10-20", starts="2022-10")],
        key_dates=[key_date("interim", "2022-09"), key_date("completion", "2023-03")],
    )
    assert reasons(grey) == []
    assert reasons(late) == [(Part.ATTENTION, [Reason.DATE_MISSED, Reason.GREY_ALTHOUGH_DUE])]


def test_a_measure_off_its_trajectory_stands_for_itself():
    on_its_way = {"baseline": 10, "targets": (target(80, "2022-12"),)}
    off = kpi(figure("2022-09", 20), **on_its_way, id=7)
    on = kpi(figure("2022-09", 80), **on_its_way, id=8)
    assert [one.id for one in found(kpis=[off, on])[0].kpis] == [7]


def test_a_target_missed_or_passed_without_a_figure_is_a_point_of_its_kpi():
    missed = kpi(figure("2022-09", 20), targets=(target(80, "2022-09"),), id=7)
    met = kpi(figure("2022-09", 80), targets=(target(80, "2022-09"),), id=8)
    silent = kpi(figure("2022-08", 80), targets=(target(80, "2022-09"),), id=9)
    standing_out, points = found(kpis=[missed, met, silent])
    assert [one.id for one in standing_out.missed] == [7]
    assert standing_out.kpis == ()
    assert [(one.point, one.kpi.id, one.state) for one in points] == [
        (Point.TARGET_MISSED, 7, None),
        (Point.TARGET_PASSED, 9, None),
    ]
    # Of a plan that nobody is asked about, nothing.
    kept, none = found(kpis=[missed, silent], tracked_from=None)
    assert (kept.missed, none) == ((), [])


def test_the_withdrawn_and_a_plan_nobody_tracks_have_none():
    red = {"updates": [*WRITTEN, update("red", "2022-10-20")]}
    assert found(commitment(**red, withdrawals=[withdrawal("2022-10-25")])) == (
        found()[0],
        [],
    )
    kept = found(commitment(**red), tracked_from=None)
    assert (kept[0].commitments, kept[1]) == ((), [])


def test_withdrawn_commitments_are_listed_neither_as_exceptions_nor_to_check():
    """Whatever else a state says: a withdrawn one stands nowhere."""
    due = key_date("completion", "2022-08")
    row = commitment(updates=[*WRITTEN, update("red", "2022-10-20")], key_dates=[due])
    history = pure_factories.history(row)
    before, now = (state_at(history, date.fromisoformat(day))[1] for day in (BEFORE, NOW))
    gone = replace(now, commitments=(replace(now.commitments[0], is_withdrawn=True),))
    assert exceptions(now, before, ()).commitments
    assert exceptions(gone, before, ()).commitments == ()
    kept = replace(now, commitments=(replace(now.commitments[0], tracked=False),))
    assert exceptions(kept, before, ()).commitments == ()
    undated = commitment(updates=WRITTEN)
    plan = state_at(pure_factories.history(undated), date.fromisoformat(NOW))[1]
    assert [one.point for one in points_to_check(plan, ())] == [Point.NO_COMPLETION_DATE]
    (state,) = plan.commitments
    for other in (replace(state, is_withdrawn=True), replace(state, tracked=False)):
        assert points_to_check(replace(plan, commitments=(other,)), ()) == []


def test_measures_of_a_plan_that_nobody_tracks_are_not_listed():
    off = kpi(figure("2022-09", 20), baseline=10, targets=(target(80, "2022-12"),), id=7)
    assert [one.id for one in found(kpis=[off])[0].kpis] == [7]
    assert found(kpis=[off], tracked_from=None)[0].kpis == ()


def test_a_commitment_that_came_since_has_reasons_that_are_all_new():
    blue = update("blue", "2022-10-05")
    rows = {
        "requests": [ask("2023-04", "2022-10-20")],
        "key_dates": [key_date("completion", "2022-10-14"), key_date("interim", "2022-10-20")],
        "added_at": at("2022-10-03"),
    }
    red = commitment(updates=[update("red", "2022-10-10", asks_help=True)], **rows)
    found_red = found(red)[0].decision[0]
    assert (found_red.state.ref, found_red.was) == ("1.1.1a", None)
    assert whys(red) == [
        (Reason.RED, date(2022, 10, 10), True),
        (Reason.CHANGE_ASKED, date(2022, 10, 20), True),
        (Reason.HELP_ASKED, date(2022, 10, 10), True),
        (Reason.NEWLY_OVERDUE, date(2022, 10, 15), True),
        (Reason.DATE_MISSED, date(2022, 10, 21), True),
    ]
    amber = commitment(updates=[update("amber", "2022-10-10")], added_at=at("2022-10-03"))
    assert whys(amber) == [(Reason.NEWLY_AMBER, date(2022, 10, 10), True)]
    grey = commitment(
        updates=[update("grey", "2022-10-04", starts="2022-09")], added_at=at("2022-10-03")
    )
    assert whys(grey) == [(Reason.GREY_ALTHOUGH_DUE, None, True)]
    unrated = commitment(updates=[blue], added_at=at("2022-10-03"))
    assert whys(unrated) == []


def test_an_update_that_a_new_commitment_never_sent():
    # Added on 31 August, it owed September's, whose grace ended on Friday 7 October; and set
    # against 30 August, when it was not there.
    row = commitment(added_at=at("2022-08-31"))
    history = pure_factories.history(row)
    before, now = (state_at(history, date.fromisoformat(day))[1] for day in ("2022-08-30", NOW))
    (one,) = exceptions(now, before, ()).attention
    assert [(why.reason, why.since, why.is_new) for why in one.reasons] == [
        (Reason.UPDATE_OVERDUE, date(2022, 10, 8), True)
    ]


def test_a_blue_that_a_new_commitment_let_lapse():
    blue = update("blue", "2022-02-02")
    row = commitment(
        added_at=at("2022-02-01"), updates=[blue], confirmations=[confirmed(blue, "2022-02-02")]
    )
    history = pure_factories.history(row)
    before, now = (state_at(history, date.fromisoformat(day))[1] for day in ("2022-01-31", NOW))
    (one,) = exceptions(now, before, ()).attention
    assert [(why.reason, why.is_new) for why in one.reasons] == [(Reason.BLUE_LAPSED, True)]


def test_a_change_asked_for_before_is_no_new_one_and_stands_since_the_oldest():
    first, second = ask("2023-04", "2022-09-10"), ask("2023-05", "2022-10-10")
    row = commitment(updates=[*WRITTEN, update("green", "2022-10-20")], requests=[first, second])
    assert whys(row) == [(Reason.CHANGE_ASKED, date(2022, 9, 10), False)]
    other = commitment(
        updates=[*WRITTEN, update("green", "2022-10-20")],
        requests=[first, second],
        request_ends=[end(first, "2022-10-05")],
    )
    assert whys(other) == [(Reason.CHANGE_ASKED, date(2022, 10, 10), True)]


@pytest.mark.parametrize(
    ("day", "is_new"), [("2022-09-29", False), ("2022-09-30", False), ("2022-10-01", True)]
)
def test_what_began_on_the_earlier_day_itself_is_not_new(day, is_new):
    assert whys(rated(("red", day), ("red", "2022-10-20"))) == [
        (Reason.RED, date.fromisoformat(day), is_new)
    ]


def test_a_reason_of_a_missed_date_says_which():
    row = commitment(
        updates=[*WRITTEN, update("green", "2022-10-20")],
        key_dates=[key_date("interim", "2022-08"), key_date("baseline", "2022-10-14")],
    )
    (one,) = found(row)[0].attention
    assert [why.missed.kind for why in one.reasons] == ["interim", "baseline"]
    assert one.state.ref == "1.1.1a"


def test_grey_that_was_due_before_is_not_new():
    row = commitment(updates=[update("grey", "2022-08-20", starts="2022-08")])
    assert whys(row) == [
        (Reason.GREY_ALTHOUGH_DUE, None, False),
        (Reason.UPDATE_OVERDUE, date(2022, 10, 8), True),
    ]


def test_each_part_holds_its_own_and_the_parts_stand_in_their_order():
    red = rated(("red", "2022-10-20"))
    new = rated(("amber", "2022-10-20"))
    old = rated(("amber", "2022-09-25"), ("amber", "2022-10-20"))
    found_now = found(old, new, red)[0]
    parts = (found_now.decision, found_now.attention, found_now.note)
    assert [[one.state.id for one in part] for part in parts] == [[red.id], [new.id], [old.id]]
    assert [one.state.id for one in found_now.commitments] == [red.id, new.id, old.id]
    assert [one.has_new_reason for one in found_now.commitments] == [True, True, False]


def test_nothing_new_stands_out_after_a_plan_was_closed():
    # Closed on 20 September: what is late or silent after that is no exception of October's.
    row = commitment(
        updates=[update("amber", "2022-08-20")],
        key_dates=[key_date("completion", "2022-09"), key_date("launch", "2022-10")],
    )
    assert whys(row, closed_on="2022-09-20") == [(Reason.AMBER, date(2022, 8, 20), False)]
    assert [reason for reason, _, _ in whys(row)] == [
        Reason.NEWLY_OVERDUE,
        Reason.UPDATE_OVERDUE,
        Reason.AMBER,
    ]


def test_points_are_said_by_kind():
    moved = key_date("completion", "2022-12")
    later = key_date("completion", "2023-03", "2022-09-01", replaces=moved)
    waits = update("blue", "2022-10-01")
    blue = commitment(updates=[*WRITTEN, waits], key_dates=[moved, later], ref="1.1.1a")
    undated = commitment(updates=[*WRITTEN, update("green", "2022-10-20")], ref="1.1.1b")
    assert [(one.point, one.state.ref) for one in found(undated, blue)[1]] == [
        (Point.BLUE_WAITS, "1.1.1a"),
        (Point.DATE_MOVED, "1.1.1a"),
        (Point.NO_COMPLETION_DATE, "1.1.1b"),
    ]


def test_points_say_of_which_commitment_they_are():
    late = commitment(
        ref="1.1.1a",
        updates=[*WRITTEN, update("amber", "2022-10-20")],
        key_dates=[key_date("completion", "2022-08")],
    )
    grey = commitment(
        ref="1.1.1b",
        updates=[update("grey", "2022-08-20", starts="2022-08")],
        key_dates=[key_date("completion", "2023-08")],
    )
    assert [(one.point, one.state.ref, one.kpi) for one in found(grey, late)[1]] == [
        (Point.LATE_ALTHOUGH_RATED, "1.1.1a", None),
        (Point.GREY_ALTHOUGH_DUE, "1.1.1b", None),
    ]


def test_each_measure_of_a_commitment_says_its_own():
    completion = key_date("completion", "2022-06")
    done = commitment(
        id=900,
        updates=WRITTEN,
        key_dates=[completion],
        marks=[mark(completion, "delivered", "2022-06-10")],
    )
    fine = kpi(figure("2022-09", 60), baseline=50, commitments=(900,), id=1)
    same = kpi(figure("2022-09", 50), baseline=50, commitments=(900,), id=2)
    silent = kpi(figure("2022-05", 60), baseline=50, commitments=(899, 900), id=3)
    other = kpi(figure("2022-09", 50), baseline=50, commitments=(899,), id=4)
    points = found(done, kpis=[silent, fine, same, other])[1]
    assert [(one.point, one.state.id, one.kpi.id) for one in points] == [
        (Point.NO_BETTER, 900, 2),
        (Point.NO_DATA_SINCE, 900, 3),
    ]


@pytest.mark.parametrize(
    ("values", "point"),
    [
        ([figure("2022-09", 50)], Point.NO_BETTER),
        ([figure("2022-05", 60)], Point.NO_DATA_SINCE),
        ([figure("2022-09", 60)], None),
    ],
)
def test_done_for_three_months_and_what_its_measure_says(values, point):
    completion = key_date("completion", "2022-06")
    blue = update("blue", "2022-06-10")
    done = commitment(
        id=900,
        updates=[blue],
        confirmations=[confirmed(blue, "2022-06-15")],
        key_dates=[completion],
        marks=[mark(completion, "delivered", "2022-06-10")],
    )
    measure = kpi(*values, baseline=50, commitments=(900,), due_from=None)
    points = [one.point for one in found(done, kpis=[measure])[1]]
    assert points == ([point] if point else [])


@pytest.mark.parametrize(
    ("judged", "colours", "is_above"),
    [
        ("green", ["green", "red"], True),
        ("green", ["green", "amber"], False),
        ("blue", ["blue", "amber"], True),
        ("blue", ["blue", "green"], False),
        ("amber", ["red"], False),
        ("red", ["red"], False),
        # Grey says nothing of how work goes, of an area or of a commitment.
        ("grey", ["red"], False),
        ("green", ["grey"], False),
        ("green", [], False),
    ],
)
def test_an_officer_may_rate_an_area_one_step_above_its_worst_and_no_more(
    judged, colours, is_above
):
    rows = [
        commitment(updates=[update(colour, "2022-10-20", starts="2023-01")]) for colour in colours
    ]
    plan = state_at(pure_factories.history(*rows), date.fromisoformat(NOW))[1]
    area = plan.commitments[0].area if plan.commitments else 1
    points = points_to_check(plan, (), {area: Rating(judged)})
    assert [one.area for one in points if one.point is Point.RATED_ABOVE] == [area] * is_above

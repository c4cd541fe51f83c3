"""What moved in a measure between two days, worked by hand."""

import re

from actions.rules.dates import PlanDate
from kpis.rules.comparison import KpiChangeKind, kpi_moves
from kpis.rules.standing.position import Position
from tests.kpis.rules.pure_factories import figure, kpi, state_of, target


def moves(history, before="2022-06-15", after="2022-07-15"):
    states = [{1: state_of(history, day)} for day in (before, after)]
    return kpi_moves(*states)


def test_a_new_figure_and_where_it_stands_now():
    history = kpi(
        figure("2022-05", 100, said="2022-06-05"),
        figure("2022-06", 60, said="2022-07-05"),
        targets=(target(80),),
    )
    new, position = moves(history)
    assert (new.kind, new.was.value, new.now.value) == (KpiChangeKind.NEW_FIGURE, 100, 60)
    assert (position.was, position.now) == (Position.AT_TARGET, Position.SHORT)


def test_a_final_figure_put_right_is_a_restatement():
    # Two figures said on two days, the second putting the first right.
    first = figure("2022-05", 60, said="2022-06-05", id=910)
    again = figure("2022-05", 50, said="2022-06-20", corrects=910)
    (move,) = moves(kpi(first, again))
    assert (move.kind, move.was.value, move.now.value) == (KpiChangeKind.RESTATED, 60, 50)


def test_what_was_shown_stays_and_what_comes_late_is_closed():
    """May's 9,023 was shown, so that April's 9,020 is not; nor is what May is put right to."""
    history = kpi(
        figure("2022-05", 9023, said="2022-06-05", id=910),
        figure("2022-04", 9020, said="2022-07-01"),
        figure("2022-05", 9029, said="2022-07-02", corrects=910),
        figure("2022-06", 9050, said="2022-07-05"),
        kind="cumulative",
        year="financial",
        counts_people=True,
    )
    new, restated = moves(history)
    assert (new.kind, restated.kind) == (KpiChangeKind.NEW_FIGURE, KpiChangeKind.RESTATED)
    assert (new.was.value, restated.was.value) == (9023, 9023)
    assert restated.now.is_too_few
    assert not re.search(r"\b9029\b", repr((new, restated)))


def test_a_target_that_was_replaced():
    old = target(80, "2022-12", id=920)
    new = target(70, "2022-12", said="2022-07-01", replaces=920)
    assert [move.kind for move in moves(kpi(targets=(old, new)))] == [KpiChangeKind.TARGETS]


def test_a_measure_that_is_new_and_one_that_stood_still():
    still = kpi(figure("2022-05", 60, said="2022-06-05"))
    assert moves(still) == []
    assert [one.kind for one in kpi_moves({}, {1: state_of(still, "2022-07-15")})] == [
        KpiChangeKind.ADDED
    ]


def test_each_move_says_of_which_measure_it_is():
    history = kpi(figure("2022-05", 60, said="2022-06-05"), id=7, code="K7")
    state = state_of(history, "2022-07-15")
    (move,) = kpi_moves({}, {7: state})
    assert (move.kpi, move.code, move.was, move.now) == (7, "K7", None, None)


def test_a_changed_position_is_said_with_both():
    history = kpi(
        figure("2022-05", 100, said="2022-06-05"),
        figure("2022-06", 60, said="2022-07-05"),
        targets=(target(80),),
    )
    assert [move.kind for move in moves(history)] == [
        KpiChangeKind.NEW_FIGURE,
        KpiChangeKind.POSITION,
    ]


def test_replaced_targets_are_said_with_both():
    old = target(80, "2022-12", id=920)
    new = target(70, "2022-12", said="2022-07-01", replaces=920)
    (move,) = moves(kpi(targets=(old, new)))
    assert [[one.level for one in targets] for targets in (move.was, move.now)] == [[80], [70]]


def test_a_target_said_again_in_the_same_words_is_no_change():
    old = target(80, "2022-12", id=920)
    same = target(80, "2022-12", said="2022-07-01", replaces=920)
    assert moves(kpi(targets=(old, same))) == []


def test_data_that_became_overdue():
    # May's figure is due by Tuesday 21 June, June's by Thursday 21 July: fifteen working days.
    may = figure("2022-05", 60, said="2022-06-05")
    late = kpi(may, due_from=PlanDate.parse("2022-05"))
    overdue = moves(late, before="2022-07-21", after="2022-07-22")
    assert [move.kind for move in overdue] == [KpiChangeKind.DATA_OVERDUE]
    assert moves(late, after="2022-07-21") == []
    # Overdue on both days: no change.
    assert moves(late, before="2022-07-22", after="2022-07-31") == []


def test_a_provisional_figure_that_became_final_is_no_restatement():
    first = figure("2022-05", 60, said="2022-06-05", status="provisional", id=910)
    final = figure("2022-05", 61, said="2022-06-20", corrects=910)
    assert moves(kpi(first, final)) == []


def test_a_restatement_of_before_is_said_no_more():
    first = figure("2022-05", 60, said="2022-06-05", id=910)
    again = figure("2022-05", 50, said="2022-06-10", corrects=910)
    assert moves(kpi(first, again)) == []


def test_a_first_figure_has_nothing_before_it():
    (new, *_) = moves(kpi(figure("2022-06", 60, said="2022-07-05")))
    assert (new.kind, new.was, new.now.value) == (KpiChangeKind.NEW_FIGURE, None, 60)


def test_a_figure_of_an_earlier_month_is_no_newer_one():
    history = kpi(
        figure("2022-05", 60, said="2022-06-05"), figure("2022-03", 50, said="2022-07-05")
    )
    assert moves(history) == []

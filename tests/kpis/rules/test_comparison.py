"""What moved in a measure between two days, worked by hand."""

from kpis.rules.comparison import KpiChangeKind, kpi_moves
from kpis.rules.state import Position
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
    assert (position.was, position.now) == (Position.ON, Position.SHORT)


def test_a_final_figure_put_right_is_a_restatement():
    # Two figures said on two days, the second putting the first right.
    first = figure("2022-05", 60, said="2022-06-05", id=910)
    again = figure("2022-05", 50, said="2022-06-20", corrects=910)
    (move,) = moves(kpi(first, again))
    assert (move.kind, move.was.value, move.now.value) == (KpiChangeKind.RESTATED, 60, 50)


def test_what_was_shown_alone_is_hidden_beside_what_would_tell_a_small_number():
    """May's 9,023 could be shown until April's 9,020 came; by then May had become 9,029."""
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
    assert (new.was.is_too_few, restated.was.is_too_few) == (True, True)
    assert "9023" not in repr((new.was, restated.was))


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

"""What an update must say, over plain history rows. No test here may query."""

from dataclasses import replace
from datetime import date

import pytest

from actions.progress.update_answers import (
    DateRequest,
    NewEvidence,
    NewMark,
    NewRisk,
    UpdateAnswers,
)
from actions.progress.update_rules import NO_CHANGE_AGAIN, date_request_problems, update_problems
from actions.rules.dates import PlanDate
from actions.rules.state import state_at
from actions.rules.status import Rating
from tests.actions.rules.pure_factories import ask, commitment, history, key_date

IN_TIME, LATE = "2022-10-10", "2023-01-10"
DUE = key_date("completion", "2022-12")
RISK = NewRisk("No staff")
MINUTES = NewEvidence("Minutes")


def state_of(day, **rows):
    row = commitment(key_dates=[DUE], **rows)
    (plan,) = state_at(history(row), date.fromisoformat(day)).values()
    return plan.commitments[0]


def missing(brag, day=IN_TIME, *, has_evidence=False, **said):
    """The answers that are refused."""
    answers = UpdateAnswers(brag=Rating(brag), progress="Work goes on.", **said)
    on = date.fromisoformat(day)
    return set(update_problems(answers, state_of(day), on, has_evidence=has_evidence))


@pytest.mark.parametrize(
    ("brag", "said", "asked"),
    [
        ("green", {}, set()),
        ("amber", {}, {"risk"}),
        ("amber", {"risk": RISK}, set()),
        ("red", {}, {"risk", "help_needed"}),
        ("red", {"risk": RISK}, {"help_needed"}),
        ("red", {"risk": RISK, "help_needed": "A chair"}, set()),
        ("blue", {}, {"evidence", "changed_for_families"}),
        ("blue", {"evidence": MINUTES}, {"changed_for_families"}),
        ("blue", {"evidence": MINUTES, "changed_for_families": "Much"}, set()),
        ("grey", {}, {"work_starts"}),
        ("grey", {"work_starts": PlanDate.parse("2022-11")}, set()),
        ("grey", {"work_starts": PlanDate.parse("2023-02")}, {"grey_reason"}),
        ("grey", {"work_starts": PlanDate.parse("2023-02"), "grey_reason": "The law"}, set()),
    ],
)
def test_each_colour_asks_for_its_own_answers(brag, said, asked):
    assert missing(brag, **said) == asked


def test_evidence_on_record_serves_a_blue():
    assert missing("blue", has_evidence=True) == {"changed_for_families"}


def test_green_and_amber_past_the_date_say_why_unless_it_is_delivered_with_them():
    delivered = [NewMark(DUE.id, date(2023, 1, 5))]
    for brag, said in (("green", {}), ("amber", {"risk": RISK})):
        assert missing(brag, LATE, **said) == {"late_reason"}
        assert missing(brag, LATE, **said, late_reason="The tender ran twice.") == set()
        assert missing(brag, LATE, **said, marks=delivered) == set()
    assert missing("red", LATE, risk=RISK, help_needed="A chair") == set()


def test_a_mark_is_of_an_open_date_and_of_a_day_that_has_come():
    assert missing("green", marks=[NewMark(DUE.id, date(2022, 10, 10))]) == set()
    assert missing("green", marks=[NewMark(DUE.id, date(2022, 10, 11))]) == {f"met_{DUE.id}"}
    assert missing("green", marks=[NewMark(-1, date(2022, 10, 1))]) == {"met_-1"}


def test_all_that_is_wrong_is_named_at_once_the_colours_questions_first():
    answers = UpdateAnswers(
        brag=Rating.AMBER,
        progress="",
        is_no_change=True,
        marks=[NewMark(DUE.id, date(2022, 10, 11))],
        date_request=DateRequest(PlanDate.parse("2022-12"), ""),
    )
    state = replace(state_of(IN_TIME), no_changes_running=2)
    problems = update_problems(answers, state, date(2022, 10, 10), has_evidence=False)
    assert list(problems) == ["risk", f"met_{DUE.id}", "progress", "new_month", "move_reason"]
    assert problems["progress"] == NO_CHANGE_AGAIN


def test_another_month_is_not_asked_for_while_one_is_open():
    move = replace(ask("2023-03", "2022-09-01"), key_date=DUE.id)
    again = DateRequest(PlanDate.parse("2023-05"), "The contract is late.")
    assert set(date_request_problems(again, state_of(IN_TIME, requests=[move]))) == {"date_move"}
    assert date_request_problems(again, state_of(IN_TIME)) == {}

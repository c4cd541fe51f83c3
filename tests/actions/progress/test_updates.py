"""Recording, correcting and answering: each verb's happy path and each refusal."""

import uuid
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from actions.io.storage import checked_file
from actions.models import Evidence, Plan, ProgressUpdate, Risk
from actions.plan import amendments
from actions.progress import updates
from actions.progress.update_answers import (
    DateRequest,
    NewEvidence,
    NewMark,
    NewRisk,
    UpdateAnswers,
)
from actions.records.history import load_history
from actions.rules.dates import PlanDate
from actions.rules.state import state_at
from actions.rules.status import Outcome, Rating
from tests.actions.io.documents import PDF, sent
from tests.factories import at, make_commitment, make_update, yesterday
from wsoa.oversight.models import ChangeRequest


def record(world, **fields):
    return make_update(
        **{
            "commitment": world.commitment,
            "by": world.users["lead"],
            "brag": "green",
            "progress": "Work goes on.",
            "late_reason": "The tender ran twice.",
        }
        | fields
    )


def propose_blue(world, **fields):
    return record(
        world,
        **{
            "brag": "blue",
            "evidence": NewEvidence("Minutes of May"),
            "changed_for_families": "They get an answer within a week.",
        }
        | fields,
    )


def state_of(world, day=None):
    day = day or timezone.localdate()
    history = load_history([world.plan], day)
    return next(
        row
        for row in state_at(history, day)[world.plan.pk].commitments
        if row.id == world.commitment.pk
    )


def refused(world, verb=record, **fields):
    """The refusal's messages by argument; nothing may have been written."""
    before = ProgressUpdate.objects.count(), Risk.objects.count(), Evidence.objects.count()
    with pytest.raises(ValidationError) as refusal:
        verb(world, **fields)
    after = ProgressUpdate.objects.count(), Risk.objects.count(), Evidence.objects.count()
    assert before == after
    return getattr(refusal.value, "message_dict", {"": refusal.value.messages})


def test_an_update_is_the_commitments_rating(world):
    update = record(world, brag="green", forecast=PlanDate.parse("2023-01"), based_on=["figures"])
    assert state_of(world).rating is Rating.GREEN
    assert update.forecast_on == date(2023, 1, 1)


def test_amber_names_a_risk(world):
    assert "risk" in refused(world, brag="amber")
    update = record(world, brag="amber", risk=NewRisk("No staff", "Agency cover"))
    assert (update.risk.kind, update.risk.mitigation) == ("risk", "Agency cover")


def test_red_names_an_issue_and_the_help_it_needs(world):
    assert set(refused(world, brag="red")) == {"risk", "help_needed"}
    update = record(world, brag="red", risk=NewRisk("No staff"), help_needed="A chair")
    assert update.risk.kind == "issue"


def test_the_same_risk_is_not_written_twice(world):
    first = record(world, brag="amber", risk=NewRisk("No staff"))
    second = record(world, brag="amber", risk=NewRisk("No staff"))
    assert first.risk == second.risk
    assert record(world, brag="amber", risk=NewRisk("No room")).risk != first.risk


def test_blue_needs_evidence_and_what_changed_for_families(world):
    assert set(refused(world, brag="blue")) == {"evidence", "changed_for_families"}
    propose_blue(world)
    state = state_of(world)
    assert state.rating is Rating.NOT_YET_RATED
    assert state.standing.blue_proposed_at


def test_evidence_given_before_serves_a_later_blue(world):
    propose_blue(world)
    propose_blue(world, evidence=None)
    assert Evidence.objects.count() == 1


def test_grey_needs_the_month_in_which_work_starts(world):
    assert "work_starts" in refused(world, brag="grey", effective_at=at("2022-02-10"), source="x")
    record(
        world,
        brag="grey",
        work_starts=PlanDate.parse("2022-10"),
        effective_at=at("2022-02-10"),
        source="paper",
    )
    assert state_of(world, date(2022, 2, 10)).rating is Rating.GREY


def test_grey_past_the_first_date_needs_a_reason_and_is_listed(world):
    past = {"work_starts": PlanDate.parse("2030-01"), "brag": "grey"}
    assert "grey_reason" in refused(world, **past)
    record(world, **past, grey_reason="The law changed.")
    assert state_of(world).is_grey_although_due


def test_a_date_move_is_asked_for_and_the_agreed_date_governs(world):
    wanted = PlanDate.month_of(timezone.localdate()).plus_months(3)
    red = {"brag": "red", "risk": NewRisk("No staff"), "help_needed": "A chair"}
    record(world, **red, date_request=DateRequest(wanted, "The contract is late."))
    state = state_of(world)
    assert state.requested_date == wanted
    assert str(state.completion.now) == "December 2022"
    assert ChangeRequest.objects.get().key_date == world.commitment.key_dates.get()


def test_an_asked_date_lies_ahead_and_has_a_reason(world):
    red = {"brag": "red", "risk": NewRisk("No staff"), "help_needed": "A chair"}
    past = DateRequest(PlanDate.parse("2022-12"), "")
    assert set(refused(world, **red, date_request=past)) == {"new_month", "move_reason"}


def test_asking_for_the_agreed_month_is_refused(world):
    red = {"brag": "red", "risk": NewRisk("No staff"), "help_needed": "A chair"}
    same = DateRequest(PlanDate.parse("2022-12"), "Because.")
    problems = refused(
        world, **red, date_request=same, effective_at=at("2022-05-10"), source="paper"
    )
    assert "already" in problems["new_month"][0]


def test_the_same_form_sent_twice_is_one_update(world):
    key = uuid.uuid4()
    assert record(world, submission=key) == record(world, submission=key)
    assert ProgressUpdate.objects.count() == 1


def test_the_same_form_sent_with_other_words_is_not_taken_for_the_first(world):
    key = uuid.uuid4()
    record(world, submission=key)
    for other in (
        {"progress": "Work has stopped."},
        {"brag": "amber", "risk": NewRisk("No staff")},
        {"by": world.users["other_lead"]},
        {"commitment": world.second},
    ):
        with pytest.raises(updates.Conflict):
            record(world, submission=key, **other)
    assert ProgressUpdate.objects.count() == 1


OTHERWISE: dict[str, Any] = {
    "brag": "blue",
    "word": "Amber/Green",
    "progress": "Work has stopped.",
    "working_note": "Ask Ann.",
    "based_on": ["figures"],
    "forecast": PlanDate.parse("2023-01"),
    "risk": NewRisk("No staff"),
    "help_needed": "A chair",
    "late_reason": "The tender ran three times.",
    "is_no_change": True,
    "marks": [NewMark(1, date(2023, 1, 10))],
    "evidence": NewEvidence("Minutes"),
    "files": [NewEvidence("Notes", file=checked_file(sent("notes.pdf", PDF)))],
    "changed_for_families": "They wait less.",
    "work_starts": PlanDate.parse("2023-01"),
    "grey_reason": "The law changed.",
    "date_request": DateRequest(PlanDate.parse("2030-01"), "The contract is late."),
    "takes_back": 1,
    "on_behalf_of": "lead",
    "effective_at": at("2023-01-24"),
    "source": "mail",
    "correction_reason": "Wrong line.",
}


def test_every_answer_can_be_given_otherwise():
    assert {field.name for field in fields(UpdateAnswers)} <= OTHERWISE.keys()


@pytest.mark.parametrize("name", OTHERWISE)
def test_no_answer_is_left_out_where_the_words_of_two_sendings_are_compared(world, name):
    """What stood in the second sending and was passed over would be lost without a word."""
    key = uuid.uuid4()
    record(world, submission=key)
    other = world.people["lead"] if name == "on_behalf_of" else OTHERWISE[name]
    with pytest.raises(updates.Conflict):
        record(world, submission=key, **{name: other})


def test_a_reason_for_lateness_is_kept_where_something_is_late_and_nowhere_else(world):
    late = record(world)
    in_time = make_commitment(world.action, "x", leads=(world.people["lead"],), due="2999-12")
    assert late.late_reason == "The tender ran twice."
    assert record(world, commitment=in_time).late_reason == ""


def test_an_update_from_paper_keeps_its_day_and_source(world):
    record(world, brag="green")
    record(
        world,
        brag="amber",
        risk=NewRisk("No staff"),
        effective_at=at("2022-05-10"),
        source="paper form of May",
    )
    assert state_of(world).rating is Rating.GREEN
    assert state_of(world, date(2022, 5, 31)).rating is Rating.AMBER


def test_an_update_of_before_the_commitment_was_in_the_plan_is_refused(world):
    problems = refused(world, effective_at=at("2021-11-01"), source="paper")
    assert "not yet in the plan" in problems[""][0]


def test_a_correction_takes_the_place_of_the_newest(world):
    wrong = record(world, effective_at=yesterday(), source="mail")
    right = record(
        world,
        brag="amber",
        risk=NewRisk("No staff"),
        corrects=wrong,
        correction_reason="Wrong line.",
    )
    assert right.effective_at == wrong.effective_at
    assert state_of(world).rating is Rating.AMBER
    assert ProgressUpdate.objects.count() == 2


def test_only_the_newest_update_can_be_corrected(world):
    old = record(world, effective_at=yesterday(), source="mail")
    record(world)
    problems = refused(world, corrects=old, correction_reason="Wrong line.")
    assert "newest" in problems[""][0]


def test_a_correction_says_what_was_wrong(world):
    assert "correction_reason" in refused(world, corrects=record(world))


def test_nothing_is_recorded_on_what_was_withdrawn(world):
    amendments.withdraw_commitment(
        commitment=world.commitment, reason="Merged", by=world.users["officer"]
    )
    assert "withdrawn" in refused(world)[""][0]
    amendments.reinstate_commitment(
        commitment=world.commitment, reason="Needed", by=world.users["officer"]
    )
    assert record(world).pk


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"state": Plan.State.DRAFT, "agreed_on": None}, "not agreed"),
        ({"state": Plan.State.CLOSED, "closed_on": date(2023, 7, 1)}, "closed"),
    ],
)
def test_nothing_is_recorded_on_a_plan_that_is_not_live(world, fields, word):
    Plan.objects.filter(pk=world.plan.pk).update(**fields)
    assert word in refused(world)[""][0]


# --- Answering a Blue -------------------------------------------------------------------------


def test_a_confirmed_blue_counts(world):
    update = propose_blue(world)
    updates.answer_blue(update=update, by=world.users["sro"], is_confirmed=True)
    assert state_of(world).rating is Rating.BLUE


def test_a_returned_blue_says_why(world):
    update = propose_blue(world)
    with pytest.raises(ValidationError, match="Say why"):
        updates.answer_blue(update=update, by=world.users["sro"], is_confirmed=False)
    updates.answer_blue(
        update=update, by=world.users["sro"], is_confirmed=False, reason="Show that it lasts."
    )
    assert state_of(world).standing.blue_returned_at


def test_a_blue_is_not_answered_before_it_was_proposed(world):
    """Such an answer would stand before the Blue, which would wait for ever: it has one answer."""
    update = propose_blue(world)
    with pytest.raises(ValidationError, match="before the Blue was proposed"):
        updates.answer_blue(
            update=update,
            by=world.users["sro"],
            is_confirmed=False,
            reason="Show that it lasts.",
            effective_at=update.effective_at - timedelta(microseconds=1),
        )
    assert state_of(world).standing.blue_proposed_at


def test_only_an_open_proposal_can_be_answered(world):
    update = propose_blue(world)
    record(world)
    with pytest.raises(ValidationError, match="no longer waiting"):
        updates.answer_blue(update=update, by=world.users["sro"], is_confirmed=True)
    again = propose_blue(world)
    updates.answer_blue(update=again, by=world.users["sro"], is_confirmed=True)
    with pytest.raises(ValidationError, match="no longer waiting"):
        updates.answer_blue(update=again, by=world.users["sro"], is_confirmed=True)


# --- Dates ------------------------------------------------------------------------------------


def test_a_delivered_date_ends_lateness(world):
    due = world.commitment.key_dates.get()
    assert state_of(world).is_overdue
    updates.mark_date(
        key_date=due, by=world.users["lead"], outcome=Outcome.DELIVERED, on=date(2023, 1, 10)
    )
    assert not state_of(world).is_overdue


def test_only_a_completion_date_is_delivered(world):
    from tests.factories import make_key_date

    interim = make_key_date(world.commitment, "interim", "2022-07")
    with pytest.raises(ValidationError, match="Only a completion date"):
        updates.mark_date(
            key_date=interim, by=world.users["lead"], outcome=Outcome.DELIVERED, on=AT_ONCE
        )


AT_ONCE = date(2023, 1, 10)


def test_a_replaced_date_is_neither_marked_nor_moved_again(world):
    due = world.commitment.key_dates.get()
    move: dict[str, Any] = {
        "to": PlanDate.parse("2023-05"),
        "reason": "The tender ran twice.",
        "by": None,
    }
    amendments.move_date(key_date=due, **move, source="minutes")
    with pytest.raises(ValidationError, match="replaced"):
        updates.mark_date(key_date=due, by=world.users["lead"], outcome=Outcome.MET, on=AT_ONCE)
    with pytest.raises(ValidationError, match="replaced"):
        amendments.move_date(key_date=due, **move, source="minutes")


def test_a_move_says_why(world):
    with pytest.raises(ValidationError, match="Say why"):
        amendments.move_date(
            key_date=world.commitment.key_dates.get(),
            to=PlanDate.parse("2023-05"),
            reason="",
            by=world.users["officer"],
        )


def test_a_date_is_not_marked_with_a_day_to_come(world):
    with pytest.raises(ValidationError, match="must not be in the future"):
        updates.mark_date(
            key_date=world.commitment.key_dates.get(),
            by=world.users["lead"],
            outcome=Outcome.DELIVERED,
            on=date(2999, 1, 1),
        )

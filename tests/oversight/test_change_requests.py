"""Changing what was agreed: asked, supported, decided, approved, and in effect only then."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions.models import Body, CommitmentLead, DateMark, KeyDate, ProgressUpdate, Withdrawal
from actions.pages.formatting import short_day
from actions.plan.amendments import move_date, pause_commitment, withdraw_commitment
from actions.progress.update_answers import DateRequest, NewRisk
from actions.records.history import load_history
from actions.rules.dates import PlanDate
from actions.rules.state import state_at
from actions.rules.status import Rating
from tests.factories import make_commitment, make_key_date, make_plan, make_update, make_world
from wsoa.oversight.changes import change_requests as changes
from wsoa.oversight.changes.change_requests import Step
from wsoa.oversight.models import ChangeDecision, ChangeRequest, Meeting

TODAY = timezone.localdate()
NEXT = PlanDate.month_of(TODAY).plus_months(3)


@pytest.fixture
def world(db):
    world = make_world()
    body = Body.objects.create(
        plan=world.plan, name="Steering group", kind=Body.Kind.STEERING_GROUP, position=1
    )
    world.meeting = hold(world.plan, body, TODAY)
    world.key_date = world.commitment.key_dates.get()
    return world


def hold(plan, body, day):
    return Meeting.objects.create(plan=plan, body=body, held_on=day, papers_due_on=day)


def ask(world, who="lead", **fields):
    values = {
        "commitment": world.commitment,
        "kind": "date",
        "key_date": world.key_date,
        "wanted": NEXT,
        "reason": "The contract was signed late.",
        "today": TODAY,
    }
    if fields.get("kind", "date") != "date":
        values |= {"key_date": None, "wanted": None}
    return changes.ask(by=world.users[who], **(values | fields))


def decide(world, request, is_agreed=True, who="chair", **fields):
    values = {
        "meeting": world.meeting,
        "reason": "" if is_agreed else "Not yet.",
        "today": TODAY,
    }
    return changes.decide(
        request=request, by=world.users[who], is_agreed=is_agreed, **(values | fields)
    )


def step(request):
    return changes.step_of(ChangeRequest.objects.get(pk=request.pk))


def state(world):
    (plan,) = state_at(load_history([world.plan], TODAY), TODAY).values()
    return next(one for one in plan.commitments if one.id == world.commitment.pk)


def problems(call, *args, **fields):
    with pytest.raises(ValidationError) as refusal:
        call(*args, **fields)
    return refusal.value


# --- The whole way ----------------------------------------------------------------------------


def test_a_date_moves_when_the_group_has_agreed_and_not_before(world):
    request = ask(world)
    assert step(request) is Step.TO_SUPPORT
    changes.support(request=request, by=world.users["sro"], is_supported=True)
    assert step(request) is Step.TO_DECIDE
    before = state(world)
    assert (str(before.completion.now), before.requested_date) == ("December 2022", NEXT)
    decision = decide(world, request)
    after = state(world)
    assert (after.completion.now, after.completion.moves) == (NEXT, 1)
    assert str(after.completion.first) == "December 2022"
    assert (after.requested_date, after.open_requests) == (None, ())
    moved = KeyDate.objects.get(replaces=world.key_date)
    assert moved.asked_by == "The lead"
    assert moved.decided_by == f"Steering group, {short_day(TODAY)}"
    changes.minute(decision=decision, by=world.users["officer"], text="Item 4")
    assert step(request) is Step.IN_EFFECT


def test_what_is_refused_changes_nothing_and_no_longer_stands(world):
    request = ask(world)
    decide(world, request, is_agreed=False)
    assert step(request) is Step.REFUSED
    assert (str(state(world).completion.now), state(world).requested_date) == (
        "December 2022",
        None,
    )


def test_the_old_date_governs_until_the_approval_from_outside(world):
    world.plan.outside_approver = "DfE"
    world.plan.save()
    request = ask(world)
    decide(world, request)
    assert step(request) is Step.TO_APPROVE
    assert str(state(world).completion.now) == "December 2022"
    assert state(world).requested_date == NEXT
    missing = problems(
        changes.approve_outside,
        request=request,
        by=world.users["officer"],
        approver="",
        approved_on=TODAY + timedelta(days=1),
        reference="",
        today=TODAY,
    )
    assert missing.message_dict.keys() == {"approver", "approved_on", "reference"}
    changes.approve_outside(
        request=request,
        by=world.users["officer"],
        approver="The DfE adviser",
        approved_on=TODAY,
        reference="Letter of today",
        today=TODAY,
    )
    assert (state(world).completion.now, state(world).requested_date) == (NEXT, None)


def test_the_asker_takes_it_back(world):
    request = ask(world)
    changes.take_back(request=request, by=world.users["lead"])
    assert step(request) is Step.TAKEN_BACK
    assert state(world).requested_date is None
    assert "taken back" in problems(decide, world, request).messages[0]


def test_a_wording_a_lead_and_a_withdrawal(world):
    decide(world, ask(world, kind="wording", wanted_text="A pathway that families helped write"))
    world.commitment.refresh_from_db()
    assert world.commitment.evidence == "A pathway that families helped write"

    leads = world.people
    decide(world, ask(world, kind="lead", old_lead=leads["lead"], new_lead=leads["sro"]))
    now = CommitmentLead.objects.filter(commitment=world.commitment, ends_on=None)
    assert {one.person.name for one in now} == {"The other lead", "The sro"}
    ended = CommitmentLead.objects.get(commitment=world.commitment, person=leads["lead"])
    assert ended.ends_on == TODAY - timedelta(days=1)

    decide(world, ask(world, kind="withdrawal", reason="Merged into 1.1.1b."))
    withdrawal = Withdrawal.objects.get(commitment=world.commitment)
    assert withdrawal.is_withdrawn
    assert "Merged into 1.1.1b." in withdrawal.reason


def test_a_pause_and_its_end_are_asked_for_and_decided(world):
    asked = ask(world, kind="pause", wanted=NEXT, reason="No staff.")
    # The month in which work is to go on moves no date.
    assert state(world).requested_date is None
    with pytest.raises(ValidationError, match="It is not paused"):
        ask(world, kind="restart", reason="Go on.")
    decide(world, asked)

    paused = state(world)
    assert (paused.rating, paused.pause.restarts) == (Rating.PAUSED, NEXT)
    row = world.commitment.pauses.get()
    assert row.reason == "No staff. (asked by The lead)"
    assert row.decided_by == f"Steering group, {short_day(TODAY)}"
    with pytest.raises(ValidationError, match="It is paused already"):
        ask(world, kind="pause", reason="Again.")

    decide(world, ask(world, kind="restart", reason="Staff are back."))
    assert state(world).pause is None


def test_a_pause_that_came_meanwhile_overtakes_the_ask_for_one(world):
    asked = ask(world, kind="pause", reason="No staff.")
    pause_commitment(commitment=world.commitment, reason="Decided", by=world.users["officer"])
    assert step(asked) is Step.OVERTAKEN


def test_a_pause_is_asked_for_on_the_page_of_the_commitment(client, world):
    client.force_login(world.users["lead"])
    address = reverse("oversight:ask_change", args=[world.plan.slug, "1.1.1a"])
    page = client.get(address, {"kind": "pause"}).content.decode()
    assert "In which month should work go on?" in page
    assert client.get(address, {"kind": "restart"}).status_code == 404

    answer = client.post(
        f"{address}?kind=pause", {"wanted": str(NEXT), "reason": "No staff."}, follow=True
    )
    asked = ChangeRequest.objects.get(kind="pause")
    assert asked.wanted == NEXT
    assert "Pause 1.1.1a" in answer.content.decode()
    listed = client.get(reverse("oversight:changes", args=[world.plan.slug])).content.decode()
    assert "Pause 1.1.1a" in listed
    history = client.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"]))
    assert f"Asked to pause it until {NEXT}: No staff." in history.content.decode()


def test_a_commitment_without_a_completion_date_gets_one(world):
    world.commitment = make_commitment(world.action, "z", leads=(world.people["lead"],))
    decide(world, ask(world, key_date=None))
    assert state(world).completion.now == NEXT


# --- What is refused --------------------------------------------------------------------------


def red(world, month, who="lead"):
    """Record a Red that asks to move the completion date."""
    return make_update(
        world.commitment,
        world.users[who],
        brag="red",
        progress="Stuck.",
        risk=NewRisk("No staff"),
        help_needed="A chair",
        date_request=DateRequest(month, "The contract is late."),
    )


def test_a_date_is_asked_to_move_once_at_a_time(world):
    later = NEXT.plus_months(1)
    first = ask(world)
    words = f"A move to {NEXT} was asked for on {short_day(TODAY)} and is still open."
    for who in ("lead", "sro"):
        assert words in problems(ask, world, who, wanted=later).message_dict["wanted"][0]
    assert words in problems(red, world, later).message_dict["date_move"][0]
    assert words in problems(red, world, NEXT).message_dict["date_move"][0]
    assert (ChangeRequest.objects.count(), ProgressUpdate.objects.count()) == (1, 0)
    # another date of the same commitment is another matter
    interim = make_key_date(world.commitment, "interim", "2022-10")
    assert ask(world, key_date=interim, wanted=later) != first
    # taken back, refused or in effect, it no longer stands in the way
    changes.take_back(request=first, by=world.users["lead"])
    second = red(world, later).requests.get()
    decide(world, second, is_agreed=False)
    third = ask(world, wanted=later)
    decide(world, third)
    assert state(world).completion.now == later
    world.key_date = KeyDate.objects.get(replaces=world.key_date)
    assert ask(world, wanted=NEXT)


def test_what_waits_for_an_approval_from_outside_is_still_open(world):
    world.plan.outside_approver = "DfE"
    world.plan.save()
    decide(world, ask(world))
    assert "date_move" in problems(red, world, NEXT.plus_months(1)).message_dict
    assert "wanted" in problems(ask, world, wanted=NEXT.plus_months(1)).message_dict


def test_a_commitment_without_a_date_is_asked_for_one_at_a_time(world):
    world.commitment = make_commitment(world.action, "z", leads=(world.people["lead"],))
    ask(world, key_date=None)
    assert "date_move" in problems(red, world, NEXT.plus_months(1)).message_dict
    assert "wanted" in problems(ask, world, key_date=None, wanted=NEXT.plus_months(1)).message_dict


def test_whoever_asked_replaces_an_open_request_with_their_update_or_takes_it_back(client, world):
    later = NEXT.plus_months(1)
    first = ask(world)
    client.force_login(world.users["lead"])
    page = reverse("actions:record_update", args=[world.plan.slug, "1.1.1a"])
    choices = dict(client.get(page).context["form"].fields["date_move"].choices)
    assert choices["no"] == f"Keep the open request for {NEXT}"
    sent = {
        "brag": "red",
        "progress": "Stuck.",
        "issue_text": "No staff",
        "help_needed": "A chair",
        "date_move": "yes",
        "new_month_month": later.first_day.month,
        "new_month_year": later.first_day.year,
        "move_reason": "The contract is later still.",
    }
    assert client.post(page, sent).status_code == 302
    client.post(f"{page}check/")
    assert step(first) is Step.TAKEN_BACK
    (second,) = ProgressUpdate.objects.get().requests.all()
    assert (second.wanted, step(second)) == (later, Step.TO_SUPPORT)
    taken = first.taken_back
    assert (taken.by, taken.reason) == (
        world.users["lead"],
        f"A request for {later} takes its place.",
    )
    # And back altogether.
    back = sent | {"date_move": "take_back", "base": ProgressUpdate.objects.get().pk}
    assert client.post(page, back).status_code == 302
    assert f"The request for {later} is taken back" in client.get(f"{page}check/").content.decode()
    client.post(f"{page}check/")
    assert step(second) is Step.TAKEN_BACK
    assert state(world).open_requests == ()


def test_what_another_asked_is_not_taken_back_with_an_update(world):
    first = ask(world, "sro")
    for said in ({"takes_back": first.pk}, {"date_request": replacing(first)}):
        assert "whoever asked for it" in str(problems(red_without_move, world, **said).messages)
    assert step(first) is Step.TO_SUPPORT
    assert not ProgressUpdate.objects.exists()


def test_a_request_that_was_decided_meanwhile_is_not_replaced(world):
    first = ask(world)
    decide(world, first, is_agreed=False)
    refusal = problems(red_without_move, world, takes_back=first.pk)
    assert refusal.message_dict == {
        "date_move": ["The request was decided or taken back meanwhile"]
    }


def replacing(request):
    return DateRequest(NEXT.plus_months(1), "The contract is late.", request.pk)


def red_without_move(world, **said):
    return make_update(
        world.commitment,
        world.users["lead"],
        brag="red",
        progress="Stuck.",
        risk=NewRisk("No staff"),
        help_needed="A chair",
        **said,
    )


def test_the_update_form_shows_the_open_request_and_refuses_a_second(client, world):
    """Also where the request came after the form was opened."""
    client.force_login(world.users["lead"])
    page = reverse("actions:record_update", args=[world.plan.slug, "1.1.1a"])
    assert "Does the date need to move?" in client.get(page).content.decode()
    request = ask(world, "sro")
    shown = client.get(page).content.decode()
    assert f"A move of its date to {NEXT} was asked for on {short_day(TODAY)}" in shown
    assert reverse("oversight:change", args=[world.plan.slug, request.pk]) in shown
    assert "Does the date need to move?" not in shown
    later = NEXT.plus_months(1).first_day
    sent = {
        "brag": "red",
        "progress": "Stuck.",
        "issue_text": "No staff",
        "help_needed": "A chair",
        "date_move": "yes",
        "new_month_month": later.month,
        "new_month_year": later.year,
        "move_reason": "The contract is late.",
    }
    answer = client.post(page, sent)
    assert answer.status_code == 422
    assert "It must be decided or taken back before another is asked for." in (
        answer.content.decode()
    )
    assert "The contract is late." in answer.content.decode()
    assert client.post(page, sent | {"date_move": "no"}).status_code == 302


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"wanted": None}, "wanted"),
        ({"wanted": PlanDate.month_of(TODAY).plus_months(-1)}, "wanted"),
        ({"wanted": PlanDate.parse("2022-12")}, "wanted"),
        ({"reason": ""}, "reason"),
        ({"kind": "wording", "wanted_text": ""}, "wanted_text"),
        ({"kind": "wording", "wanted_text": "What 1.1.1a promises is there"}, "wanted_text"),
        ({"kind": "lead"}, "new_lead"),
        ({"kind": "target"}, "kind"),
    ],
)
def test_an_ask_that_says_nothing_new_is_refused_at_its_field(world, fields, field):
    assert field in problems(ask, world, **fields).message_dict
    assert not ChangeRequest.objects.exists()


def test_a_date_that_was_met_stays_as_it_is(world):
    DateMark.objects.create(
        key_date=world.key_date,
        commitment=world.commitment,
        outcome="delivered",
        on=TODAY,
        by=world.users["lead"],
    )
    assert "has been met" in problems(ask, world).message_dict["key_date"][0]
    assert "key_date" in problems(ask, world, key_date=None).message_dict


def test_somebody_must_lead_it(world):
    world.commitment = world.second
    refusal = problems(ask, world, kind="lead", old_lead=world.people["lead"])
    assert refusal.message_dict == {"new_lead": ["Somebody must lead it. Choose who takes over"]}


def test_a_decision_needs_a_meeting_that_was_held_and_a_reason_to_refuse(world):
    request = ask(world)
    body = world.meeting.body
    to_come = hold(world.plan, body, TODAY + timedelta(days=7))
    elsewhere = hold(
        make_plan(),
        Body.objects.create(plan=make_plan(), name="Board", kind="board", position=1),
        TODAY,
    )
    for meeting in (None, to_come, elsewhere):
        assert "meeting" in problems(decide, world, request, meeting=meeting).message_dict
    assert "reason" in problems(decide, world, request, is_agreed=False, reason="").message_dict
    assert not ChangeDecision.objects.exists()


def test_nobody_decides_what_they_asked_for(world):
    request = ask(world, who="chair")
    assert "nobody what they asked" in problems(decide, world, request).messages[0]
    assert not ChangeDecision.objects.exists()


def test_the_second_decision_finds_the_first(world):
    request = ask(world)
    decide(world, request)
    assert problems(decide, world, request, is_agreed=False).messages == [
        "This was decided meanwhile."
    ]
    assert KeyDate.objects.filter(commitment=world.commitment).count() == 2


def test_an_ask_whose_date_has_moved_meanwhile_must_be_asked_again(world):
    request = ask(world)
    move_date(
        key_date=world.key_date, to=NEXT, reason="Agreed by letter.", by=world.users["officer"]
    )
    assert step(request) is Step.OVERTAKEN
    assert "asked again" in problems(decide, world, request).messages[0]


def test_of_what_was_withdrawn_nothing_is_asked_or_decided(world):
    request = ask(world)
    withdraw_commitment(commitment=world.commitment, reason="Merged.", by=world.users["officer"])
    assert "withdrawn" in problems(ask, world).messages[0]
    assert "withdrawn" in problems(decide, world, request).messages[0]


def test_the_same_ask_twice_is_one(world):
    assert ask(world) == ask(world)
    assert ChangeRequest.objects.count() == 1


def test_an_sro_who_does_not_support_it_says_why(world):
    request = ask(world)
    refusal = problems(changes.support, request=request, by=world.users["sro"], is_supported=False)
    assert "reason" in refusal.message_dict


def test_a_comment_sent_twice_is_one(world):
    request = ask(world)
    said = {"request": request, "by": world.users["forum"]}
    first = changes.comment(**said, text="Families were promised May.")
    assert changes.comment(**said, text="Families were promised May.") == first
    assert changes.comment(**said, text="And were told so in June.") != first

"""Closing a plan: what becomes of each open commitment, on a page, as a record, and afterwards."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.models import ClosingDraft, ClosingOutcome, Commitment, Plan
from actions.plan.closing.closing import Becomes, close_plan, open_commitments
from actions.progress.update_answers import NewEvidence
from actions.progress.updates import answer_blue
from actions.rules.status import AtClosing
from tests.factories import make_action, make_area, make_commitment, make_update

TODAY = timezone.localdate()
TOMORROW = f"{TODAY + timedelta(days=1):%d/%m/%Y}"
DAYS_AGO = TODAY - timedelta(days=10)


def page_of(world):
    return reverse("actions:close_plan", args=[world.plan.slug])


def answers(world, **more):
    """Of the three open commitments: one done, one carried forward, one no longer needed."""
    a, b, c = world.commitment.pk, world.second.pk, world.elsewhere.pk
    return {
        "closed_by": "Steering group",
        "closed_on": f"{TODAY:%d/%m/%Y}",
        f"becomes_{a}": "done",
        f"becomes_{b}": "carried_forward",
        f"reason_{b}": "Into the improvement plan",
        f"becomes_{c}": "not_needed",
        f"reason_{c}": "Now in the NHS workforce plan",
    } | more


@pytest.fixture
def officer(client, world):
    client.force_login(world.users["officer"])
    return client


def embed(world, commitment):
    """Blue, confirmed by the senior responsible officer."""
    update = make_update(
        commitment,
        world.users["lead"],
        brag="blue",
        changed_for_families="Families get an answer in a week.",
        evidence=NewEvidence("The report"),
    )
    answer_blue(update=update, by=world.users["sro"], is_confirmed=True)


def test_the_officer_answers_checks_and_closes(officer, world):
    page = page_of(world)
    assert "What becomes of 3 open commitments?" in officer.get(page).content.decode()
    checked = officer.post(page, answers(world) | {"check": "yes"})
    assert checked.status_code == 200
    assert "Check before the plan is closed" in checked.content.decode()
    world.plan.refresh_from_db()
    assert world.plan.state == Plan.State.AGREED

    closed = officer.post(page, dict(checked.context["answers"]) | {"close": "yes"})
    assert closed.status_code == 302
    world.plan.refresh_from_db()
    assert (world.plan.state, world.plan.closed_on) == ("closed", TODAY)
    assert world.plan.closed_by == "Steering group"
    said = ClosingOutcome.objects.order_by("pk").values_list("commitment", "outcome", "reason")
    assert list(said) == [
        (world.commitment.pk, "done", ""),
        (world.second.pk, "carried_forward", "Into the improvement plan"),
        (world.elsewhere.pk, "not_needed", "Now in the NHS workforce plan"),
    ]
    assert not ClosingDraft.objects.exists()
    assert officer.get(page).status_code == 403
    assert officer.get(reverse("actions:edit_people", args=[world.plan.slug])).status_code == 403


def test_nothing_is_preset(officer, world):
    assert "checked" not in officer.get(page_of(world)).content.decode()


def test_what_is_missing_is_said_at_its_row_and_what_was_typed_stays(officer, world):
    """And on the next visit too: a refused page is kept as the plan's draft."""
    first = world.commitment.pk
    third = world.elsewhere.pk
    sent = answers(world) | {f"becomes_{first}": "", f"reason_{third}": "", "check": "yes"}
    refused = officer.post(page_of(world), sent)
    assert refused.status_code == 422
    words = refused.content.decode()
    assert "1.1.1a: say what becomes of it" in words
    assert "2.1.1a: say why it is no longer needed" in words
    assert "Into the improvement plan" in words
    again = officer.get(page_of(world)).content.decode()
    assert "Into the improvement plan" in again
    assert "Draft saved by The officer" in again
    assert not ClosingOutcome.objects.exists()


def test_a_closing_day_before_the_agreement_or_to_come_is_refused(officer, world):
    for day, words in (("1/1/2000", "before the plan was agreed"), (TOMORROW, "in the future")):
        refused = officer.post(page_of(world), answers(world) | {"closed_on": day, "check": "yes"})
        assert refused.status_code == 422
        assert words in refused.content.decode()


def test_all_that_is_not_answered_is_filled_in_at_once_in_one_area(officer, world):
    sent = answers(world) | {
        f"becomes_{world.commitment.pk}": "",
        f"becomes_{world.elsewhere.pk}": "",
        f"reason_{world.elsewhere.pk}": "",
        "fill": "yes",
        "fill_area": "1",
        "fill_with": "carried_forward",
        "fill_reason": "Priority 1",
    }
    assert officer.post(page_of(world), sent).status_code == 302
    draft = ClosingDraft.objects.get().answers
    assert draft[f"becomes_{world.commitment.pk}"] == "carried_forward"
    assert draft[f"reason_{world.commitment.pk}"] == "Priority 1"
    # Answered before, and in another area.
    assert draft[f"reason_{world.second.pk}"] == "Into the improvement plan"
    assert draft[f"becomes_{world.elsewhere.pk}"] == ""


def test_a_confirmed_blue_is_not_asked_about(officer, world):
    embed(world, world.commitment)
    assert [state.ref for state in open_commitments(world.plan, TODAY)] == ["1.1.1b", "2.1.1a"]
    assert "What becomes of 2 open commitments?" in officer.get(page_of(world)).content.decode()


def test_what_was_open_on_an_earlier_closing_day_is_asked_about(officer, world):
    """Though it was finished between that day and today."""
    embed(world, world.commitment)
    sent = answers(world) | {"closed_on": f"{DAYS_AGO:%d/%m/%Y}", "close": "yes"}
    assert officer.post(page_of(world), sent).status_code == 302
    outcome = ClosingOutcome.objects.get(commitment=world.commitment)
    assert timezone.localdate(outcome.effective_at) == DAYS_AGO


def test_a_commitment_finished_meanwhile_is_not_closed_over(world):
    becomes = {
        state.id: Becomes(AtClosing.CARRIED_FORWARD)
        for state in open_commitments(world.plan, TODAY)
    }
    embed(world, world.commitment)
    with pytest.raises(ValidationError, match="recorded meanwhile"):
        close_plan(
            plan=world.plan,
            by=world.users["officer"],
            closed_by="The board",
            closed_on=TODAY,
            today=TODAY,
            becomes=becomes,
        )
    assert not ClosingOutcome.objects.exists()


def closed(world, closed_on=TODAY):
    a, b, c = world.commitment.pk, world.second.pk, world.elsewhere.pk
    close_plan(
        plan=world.plan,
        by=world.users["officer"],
        closed_by="The board",
        closed_on=closed_on,
        today=TODAY,
        becomes={
            a: Becomes(AtClosing.DONE),
            b: Becomes(AtClosing.CARRIED_FORWARD),
            c: Becomes(AtClosing.NOT_NEEDED, "Now in the NHS workforce plan"),
        },
    )


def test_it_stands_on_the_page_of_the_commitment_beside_its_last_rating(client, world):
    closed(world)
    client.force_login(world.users["member"])
    page = client.get(reverse("pages:commitment", args=[world.plan.slug, "2.1.1a"]))
    words = page.content.decode()
    assert "At closing: no longer needed" in words
    assert "Now in the NHS workforce plan" in words


def test_the_plan_page_counts_it_and_links_to_lists_of_so_many_rows(client, world):
    closed(world)
    client.force_login(world.users["member"])
    page = client.get(reverse("actions:plan", args=[world.plan.slug]))
    shown = {count["label"]: count for count in page.context["at_closing"]}
    assert {label: count["number"] for label, count in shown.items()} == {
        "Done": 1,
        "Carried forward": 1,
        "No longer needed": 1,
    }
    listed = client.get(shown["Carried forward"]["url"])
    assert [row.record.state.ref for row in listed.context["table"].rows] == ["1.1.1b"]


def test_the_file_of_the_list_has_it(client, world):
    closed(world)
    client.force_login(world.users["member"])
    file = client.get(reverse("actions:commitments_file", args=[world.plan.slug, "csv"]))
    head, *lines = (line.split('","') for line in file.content.decode("utf-8-sig").splitlines())
    place = head.index("At closing")
    assert [line[place] for line in lines] == ["Done", "Carried forward", "No longer needed"]


def test_before_the_closing_day_nothing_is_said_of_it(client, world):
    closed(world, closed_on=DAYS_AGO)
    client.force_login(world.users["member"])
    address = reverse("pages:commitment", args=[world.plan.slug, "1.1.1b"])
    before = (DAYS_AGO - timedelta(days=1)).isoformat()
    assert "At closing" not in client.get(f"{address}?as_at={before}").content.decode()
    assert "At closing: carried forward" in client.get(address).content.decode()


def test_the_page_has_the_same_number_of_queries_for_3_and_for_71_rows(officer, world):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(page_of(world)).status_code == 200
        return len(captured)

    before = queries()
    for number in range(3, 20):
        action = make_action(make_area(world.plan, number), f"{number}.1.1")
        for letter in "abcd":
            make_commitment(action, letter, leads=(world.people["lead"],), due="2023-01")
    assert Commitment.objects.filter(plan=world.plan).count() == 71
    # Three of them for the count in the menu.
    assert queries() == before <= 15


def test_a_draft_is_not_closed(officer, world):
    Plan.objects.filter(pk=world.plan.pk).update(state="draft", agreed_on=None)
    assert officer.get(page_of(world)).status_code == 403

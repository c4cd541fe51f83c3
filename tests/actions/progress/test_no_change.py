"""Greens said again in one step; the third time in a row says something."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from actions.models import ProgressUpdate
from actions.progress import update_rules
from tests.factories import at, make_commitment, make_update


@pytest.fixture
def greens(world):
    """Two Greens of the lead that are owed and not late."""
    found = [
        make_commitment(world.action, letter, leads=(world.people["lead"],), due="2999-12")
        for letter in "xy"
    ]
    for commitment in found:
        make_update(
            commitment,
            world.users["lead"],
            brag="green",
            progress="On track.",
            effective_at=at("2023-01-10"),
            source="paper",
        )
    return found


def page_of(world):
    return reverse("pages:no_change", args=[world.plan.slug])


def test_several_greens_are_said_again_at_once(client, world, greens):
    client.force_login(world.users["lead"])
    assert (
        "Still Green, no change"
        in client.get(reverse("pages:my_work", args=[world.plan.slug])).content.decode()
    )
    client.post(page_of(world), {f"same_{row.pk}": "on" for row in greens})
    assert ProgressUpdate.objects.filter(is_no_change=True).count() == 2


def test_a_double_press_says_each_once_and_is_told_so(client, world, greens):
    client.force_login(world.users["lead"])
    key = client.get(page_of(world)).context["form"]["submission"].value()
    first, second = greens
    sent = {"submission": str(key), f"same_{first.pk}": "on"}
    for _ in range(2):
        answer = client.post(page_of(world), sent)
        assert answer.status_code == 302
    assert ProgressUpdate.objects.filter(is_no_change=True).count() == 1
    # back on the page, and one more chosen
    client.post(page_of(world), sent | {f"same_{second.pk}": "on"})
    assert ProgressUpdate.objects.filter(is_no_change=True).count() == 2
    # other words for one that is recorded are not taken for it
    answer = client.post(page_of(world), sent | {f"words_{first.pk}": "All but one."})
    assert answer.status_code == 422
    assert "recorded from the same page already" in answer.content.decode()
    assert "All but one." in answer.content.decode()


def test_late_commitments_are_not_offered(client, world, greens):
    client.force_login(world.users["lead"])
    shown = client.get(page_of(world)).content.decode()
    assert "1.1.1x" in shown
    assert "1.1.1a" not in shown


def test_nothing_chosen_is_said(client, world, greens):
    client.force_login(world.users["lead"])
    answer = client.post(page_of(world), {})
    assert answer.status_code == 422
    assert "Choose the commitments" in answer.content.decode()


def test_the_third_in_a_row_says_something(client, world, greens):
    first, second = greens
    for day in ("2023-02-10", "2023-03-10"):
        make_update(
            first,
            world.users["lead"],
            brag="green",
            progress="",
            is_no_change=True,
            effective_at=at(day),
            source="paper",
        )
    client.force_login(world.users["lead"])
    both = {f"same_{row.pk}": "on" for row in greens}
    answer = client.post(page_of(world), both)
    assert answer.status_code == 422
    assert "say something now" in answer.content.decode()
    # all or none
    assert not ProgressUpdate.objects.filter(commitment=second, is_no_change=True).exists()
    client.post(page_of(world), both | {f"words_{first.pk}": "The second school has joined."})
    assert ProgressUpdate.objects.filter(commitment=second, is_no_change=True).exists()
    newest = ProgressUpdate.objects.filter(commitment=first).latest("pk")
    assert (newest.progress, newest.is_no_change) == ("The second school has joined.", False)


def test_the_third_in_a_row_is_refused_wherever_it_comes_from(world, greens):
    """A page asks for words first; the verb behind it takes none of it on trust."""

    def again(day):
        return make_update(
            greens[0],
            world.users["lead"],
            brag="green",
            progress="",
            is_no_change=True,
            effective_at=at(day),
            source="paper",
        )

    again("2023-02-10")
    again("2023-03-10")
    with pytest.raises(ValidationError) as refusal:
        again("2023-04-10")
    assert refusal.value.message_dict == {"progress": [update_rules.NO_CHANGE_AGAIN]}
    assert ProgressUpdate.objects.filter(is_no_change=True).count() == 2


def test_somebody_elses_commitment_is_not_said_again(client, world, greens):
    client.force_login(world.users["other_lead"])
    client.post(page_of(world), {f"same_{row.pk}": "on" for row in greens})
    assert not ProgressUpdate.objects.filter(is_no_change=True).exists()

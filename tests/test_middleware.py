"""Addresses that no page could answer are refused in plain words, signed in or not."""

import pytest

from tests.factories import make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.mark.parametrize("user", ["officer", "outsider"])
@pytest.mark.parametrize(
    "address",
    [
        "kpis/%00/",
        "kpis/%00/rebase/",
        "actions/a%00/",
        "commitments/1.1.1a%00/",
        "commitments/%00/update/",
    ],
)
def test_an_address_with_a_nul_is_not_found(client, world, user, address):
    client.force_login(world.users[user])
    answer = client.get(f"/plans/{world.plan.slug}/{address}")
    assert answer.status_code == 404
    assert "Content-Security-Policy" in answer


@pytest.mark.parametrize(
    "address",
    [
        "kpis/?sort=%00",
        "commitments/?text=a%00b",
        "search/?q=%00",
        "questions/new/?on=%00",
        "?%00=1",
    ],
)
def test_what_is_asked_with_a_nul_is_refused_in_words(client, world, address):
    client.force_login(world.users["officer"])
    answer = client.get(f"/plans/{world.plan.slug}/{address}")
    assert answer.status_code == 400
    assert "no page here has" in answer.content.decode()


def test_a_percent_sign_before_zeros_is_words(client, world):
    client.force_login(world.users["officer"])
    answer = client.get(f"/plans/{world.plan.slug}/search/?q=100%2500")
    assert answer.status_code == 200

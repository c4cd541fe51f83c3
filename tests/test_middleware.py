"""Addresses that no page could answer are refused in plain words, signed in or not."""

import pytest

from tests.factories import make_world


@pytest.fixture
def world(db):
    return make_world()


@pytest.mark.parametrize(
    "address",
    [
        "kpis/%00/",
        "kpis/%00/rebase/",
        "kpis/?sort=%00",
        "actions/a%00/",
        "commitments/1.1.1a%00/",
        "commitments/%00/update/",
        "commitments/?text=a%00b",
        "search/?q=%00",
        "questions/new/?on=%00",
        "?as_at=2023-01-31%00",
        "?%00=1",
    ],
)
def test_an_address_with_a_nul_is_no_server_error(client, world, address):
    for user in ("officer", "outsider"):
        client.force_login(world.users[user])
        answer = client.get(f"/plans/{world.plan.slug}/{address}")
        assert answer.status_code == 400
        assert "no page here has" in answer.content.decode()
        assert "Content-Security-Policy" in answer


def test_a_percent_sign_before_zeros_is_words(client, world):
    client.force_login(world.users["officer"])
    answer = client.get(f"/plans/{world.plan.slug}/search/?q=100%2500")
    assert answer.status_code == 200

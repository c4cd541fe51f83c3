"""What stands before every page: compressed answers, and addresses that no database holds."""

import gzip

import pytest

from actions.io import own_process
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
    ("address", "status"),
    [
        ("kpis/?sort=%00", 200),
        ("my-work/?%00=1", 200),
        ("commitments/?page=%00", 200),
        ("questions/new/?on=%00", 200),
        ("changes/?page=%00", 200),
        ("updates/?period=%00", 400),
        ("dates/?next=%00", 200),
        ("search/?q=%00", 422),
        ("search/?kind=%00", 200),
        ("?compare_with=%00", 400),
        ("commitments/1.1.1a/changes/new/?kind=%00", 404),
        ("edit/people/?in=%00", 200),
        ("edit/body-member/new/?in=%00", 404),
    ],
)
def test_what_is_asked_with_a_nul_has_a_calm_answer(client, world, address, status):
    client.force_login(world.users["officer"])
    answer = client.get(f"/plans/{world.plan.slug}/{address}")
    assert answer.status_code == status


def test_a_page_is_sent_compressed_to_who_can_read_it(client, world):
    client.force_login(world.users["officer"])
    address = f"/plans/{world.plan.slug}/commitments/"
    plain = client.get(address)
    packed = client.get(address, headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert "1.1.1a" in gzip.decompress(packed.content).decode()
    assert len(packed.content) * 3 < len(plain.content)
    # Its length differs by chance, so that nothing can be learnt from it.
    lengths = {
        len(client.get(address, headers={"accept-encoding": "gzip"}).content) for _ in range(20)
    }
    assert len(lengths) > 1


@pytest.mark.parametrize(("kind", "is_packed"), [("csv", True), ("xlsx", False)])
def test_a_file_that_is_packed_already_is_sent_as_it_is(client, world, kind, is_packed):
    client.force_login(world.users["officer"])
    address = f"/plans/{world.plan.slug}/commitments.{kind}"
    answer = client.get(address, headers={"accept-encoding": "gzip"})

    assert answer.status_code == 200
    assert ("Content-Encoding" in answer) is is_packed


def test_a_document_that_cannot_be_made_now_is_answered_in_plain_words(client, world, monkeypatch):
    monkeypatch.setattr(own_process, "SECONDS", 0)
    client.force_login(world.users["officer"])
    answer = client.get(f"/plans/{world.plan.slug}/commitments.xlsx")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert own_process.TOO_LONG in answer.content.decode()

"""Every address, asked for by everybody. A new address without a row here fails the suite."""

import pytest
from django.urls import URLPattern, get_resolver, reverse

from actions import updates
from actions.models import Confirmation, Membership, ProgressUpdate
from tests.factories import make_plan, make_world
from wsoa.accounts.models import User

PERSONAS = (
    "officer",
    "lead",
    "other_lead",
    "sro",
    "other_sro",
    "chair",
    "member",
    "forum",
    "reader",
    "outsider",
    "superuser",
    "signed_out",
)

# What an address answers to each persona, by groups: SEE is a page, AWAY a redirect to sign in.
SEE, MOVED, REFUSED, UNKNOWN, AWAY = 200, 302, 403, 404, 302

LIVE = dict.fromkeys(PERSONAS, SEE) | {
    "reader": REFUSED,
    "outsider": UNKNOWN,
    "superuser": UNKNOWN,
    "signed_out": AWAY,
}
MEMBERS = LIVE | {"reader": SEE}
EVERYBODY_IN = dict.fromkeys(PERSONAS, SEE) | {"signed_out": AWAY}
SUPERUSER = dict.fromkeys(PERSONAS, REFUSED) | {"superuser": SEE, "signed_out": AWAY}


def only(*names: str) -> dict[str, int]:
    """Of those with a live view, these may; the others are refused."""
    return LIVE | {name: REFUSED for name in PERSONAS if LIVE[name] == SEE and name not in names}


# Addresses by name: what GET answers. Arguments come from the world below.
TABLE = {
    "actions:home": dict.fromkeys(PERSONAS, MOVED),
    "actions:page": dict.fromkeys(PERSONAS, SEE),
    "actions:first_officer": SUPERUSER,
    "actions:plans": EVERYBODY_IN,
    "actions:plan": LIVE,
    "actions:dates": LIVE,
    "actions:my_work": LIVE,
    "actions:area": LIVE,
    "actions:weaknesses": LIVE,
    "actions:bodies": LIVE,
    "actions:engagement": LIVE,
    "actions:glossary": LIVE,
    "actions:funding": LIVE,
    # 1.1.1a: led by both leads, in the area of the SRO
    "actions:record_update": only("officer", "lead", "other_lead", "sro"),
    # her own newest; the SRO of the area did not write it
    "actions:correct_update": only("officer", "lead"),
    # nobody who leads it or recorded it; the area's SRO may, so no other answers
    "actions:answer_blue": only("sro"),
    "kpis:action": LIVE,
    "kpis:commitment": LIVE,
    "reports:index": MEMBERS,
}
# Tested where they belong, in tests/accounts.
ELSEWHERE = {"accounts", "unknown_address"}


def names_of_the_site():
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        else:
            yield from (f"{pattern.app_name}:{inner.name}" for inner in pattern.url_patterns)


def test_every_address_has_a_row():
    named = {name for name in names_of_the_site() if name.split(":")[0] not in ELSEWHERE}
    assert named == set(TABLE)


@pytest.fixture
def world(db):
    """The world of the factories, with a Blue of 1.1.1a that waits for an answer."""
    world = make_world()
    world.blue = updates.record_update(
        commitment=world.commitment,
        by=world.users["lead"],
        brag="blue",
        progress="Done.",
        evidence=updates.NewEvidence("Minutes"),
        changed_for_families="Answers come sooner.",
    )
    return world


def address(name, world):
    slug = world.plan.slug
    arguments = {
        "actions:home": [],
        "actions:page": ["help"],
        "actions:first_officer": [],
        "actions:plans": [],
        "actions:area": [slug, 1],
        "actions:record_update": [slug, "1.1.1a"],
        "actions:correct_update": [slug, "1.1.1a", world.blue.pk],
        "actions:answer_blue": [slug, "1.1.1a"],
        "kpis:action": [slug, "1.1.1"],
        "kpis:commitment": [slug, "1.1.1a"],
    }
    return reverse(name, args=arguments.get(name, [slug]))


def sign_in(client, world, persona):
    client.logout()
    if persona != "signed_out":
        client.force_login(world.users[persona])


@pytest.mark.parametrize("name", TABLE)
def test_an_address_answers_each_persona(client, world, name):
    answers = {}
    for persona in PERSONAS:
        sign_in(client, world, persona)
        answers[persona] = client.get(address(name, world)).status_code
    assert answers == TABLE[name]


UPDATE = {"brag": "green", "progress": "Work goes on."}


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize(
    ("name", "sent", "model"),
    [
        ("actions:record_update", UPDATE, ProgressUpdate),
        (
            "actions:correct_update",
            UPDATE | {"correction_reason": "Wrong line."},
            ProgressUpdate,
        ),
        ("actions:answer_blue", {"decision": "confirm"}, Confirmation),
    ],
)
def test_refused_means_nothing_written(client, world, persona, name, sent, model):
    sign_in(client, world, persona)
    if persona in ("officer", "sro") and name == "actions:record_update":
        sent = sent | {"on_behalf_of": world.people["lead"].pk}
    before = model.objects.count()
    status = client.post(address(name, world), sent).status_code
    may = TABLE[name][persona] == SEE
    assert model.objects.count() - before == (1 if may else 0)
    assert status == (302 if may else TABLE[name][persona])


@pytest.mark.parametrize("persona", PERSONAS)
def test_only_a_superuser_names_a_first_officer(client, world, persona):
    plan = make_plan(tracked_from=None)
    sign_in(client, world, persona)
    sent = {"plan": plan.pk, "user": world.users["outsider"].pk}
    client.post(reverse("actions:first_officer"), sent)
    named = Membership.objects.filter(plan=plan, role=Membership.Role.PROGRAMME_OFFICER)
    assert named.exists() is (persona == "superuser")
    plan.refresh_from_db()
    assert (plan.tracked_from is not None) is (persona == "superuser")


def test_where_the_areas_sro_may_not_answer_another_sro_or_the_chair_does(client, world):
    by_sro = updates.record_update(
        commitment=world.second,
        by=world.users["sro"],
        brag="blue",
        progress="Done.",
        evidence=updates.NewEvidence("Minutes"),
        changed_for_families="Answers come sooner.",
        on_behalf_of=world.people["lead"],
    )
    answers = {}
    for persona in PERSONAS:
        sign_in(client, world, persona)
        found = client.get(reverse("actions:answer_blue", args=[world.plan.slug, "1.1.1b"]))
        answers[persona] = found.status_code
    assert answers == only("other_sro", "chair")
    assert by_sro.by == world.users["sro"]


def test_nobody_confirms_a_commitment_they_lead(client, world):
    """Though she is an SRO of the plan."""
    Membership.objects.create(
        user=world.users["lead"], plan=world.plan, role="sro", area=world.area
    )
    sign_in(client, world, "lead")
    assert client.get(address("actions:answer_blue", world)).status_code == REFUSED


def test_a_membership_that_has_ended_opens_nothing(client, world):
    Membership.objects.filter(user=world.users["lead"]).update(ends_on="2022-01-31")
    sign_in(client, world, "lead")
    assert client.get(address("actions:plan", world)).status_code == UNKNOWN


def test_another_plan_is_unknown_to_its_neighbours(client, world):
    other = make_plan()
    sign_in(client, world, "officer")
    assert client.get(reverse("actions:plan", args=[other.slug])).status_code == UNKNOWN
    assert client.get(reverse("actions:plan", args=["no-such-plan"])).status_code == UNKNOWN


def test_a_commitment_of_another_plan_is_unknown(client, world):
    other = make_world()
    sign_in(client, world, "lead")
    for name in ("kpis:commitment", "actions:record_update"):
        found = client.get(reverse(name, args=[other.plan.slug, "1.1.1a"]))
        assert found.status_code == UNKNOWN


def test_an_inactive_user_is_signed_out(client, world):
    sign_in(client, world, "lead")
    User.objects.filter(pk=world.users["lead"].pk).update(is_active=False)
    assert client.get(address("actions:plan", world)).status_code == AWAY


@pytest.mark.parametrize(
    ("persona", "lands_on"),
    [
        ("lead", "/my-work/"),
        ("sro", "/my-work/"),
        ("officer", "/plans/"),
        ("reader", "/reports/"),
        ("outsider", "/plans/"),
        ("superuser", "/users/"),
    ],
)
def test_everybody_lands_where_their_work_is(client, world, persona, lands_on):
    sign_in(client, world, persona)
    assert lands_on in client.get(reverse("actions:home"))["Location"]

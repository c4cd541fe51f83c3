"""The way of a change from the lead's ask to its effect, on the pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Body, KeyDate
from actions.rules.dates import PlanDate
from tests.factories import make_commitment, make_world
from tests.test_queries import queries
from wsoa.oversight.changes import change_requests
from wsoa.oversight.models import ChangeRequest, Meeting

TODAY = timezone.localdate()
NEXT = PlanDate.month_of(TODAY).plus_months(3)


@pytest.fixture
def world(db):
    world = make_world()
    body = Body.objects.create(
        plan=world.plan, name="Steering group", kind=Body.Kind.STEERING_GROUP, position=1
    )
    world.meeting = Meeting.objects.create(
        plan=world.plan, body=body, held_on=TODAY, papers_due_on=TODAY
    )
    return world


def url(world, name, *args):
    return reverse(f"oversight:{name}", args=[world.plan.slug, *args])


def send(client, world, who, address, **answers):
    client.force_login(world.users[who])
    return client.post(address, answers)


def asked(world, who="lead"):
    return change_requests.ask(
        commitment=world.commitment,
        by=world.users[who],
        kind="date",
        key_date=world.commitment.key_dates.get(),
        wanted=NEXT,
        reason="The contract was signed late.",
        today=TODAY,
    )


def act(client, world, who, request, name, **answers):
    return send(client, world, who, url(world, "change", request.pk), act=name, **answers)


def test_from_the_leads_ask_to_the_minute(client, world):
    dated = world.commitment.key_dates.get()
    answer = send(
        client,
        world,
        "lead",
        url(world, "ask_change", "1.1.1a"),
        key_date=dated.pk,
        wanted=f"{NEXT.first_day:%m/%Y}",
        reason="The contract was signed late.",
    )
    assert answer.status_code == 302
    request = ChangeRequest.objects.get()
    assert act(client, world, "sro", request, "support", is_supported="yes").status_code == 302
    assert act(client, world, "forum", request, "comment", text="Tell families.").status_code == 302
    decided = act(
        client, world, "chair", request, "decide", is_agreed="yes", meeting=world.meeting.pk
    )
    assert decided.status_code == 302
    assert KeyDate.objects.get(replaces=dated).when == NEXT
    assert act(client, world, "officer", request, "minute", text="Item 4").status_code == 302
    page = client.get(url(world, "change", request.pk))
    assert [entry.kind_text for entry in page.context["history"]] == [
        "Minute",
        "Decision",
        "Forum",
        "SRO",
        "Asked",
    ]
    assert page.context["acts"] == []
    assert page.context["change"].was == "December 2022"


@pytest.mark.parametrize(
    ("who", "acts"),
    [
        ("lead", ["take_back"]),
        ("other_lead", []),
        ("sro", ["support"]),
        ("other_sro", []),
        ("chair", ["decide"]),
        ("member", []),
        ("forum", ["comment"]),
        ("officer", ["take_back"]),
    ],
)
def test_each_reader_is_offered_what_is_theirs_and_nothing_else_is_taken(client, world, who, acts):
    request = asked(world)
    client.force_login(world.users[who])
    page = client.get(url(world, "change", request.pk))
    assert [one["key"] for one in page.context["acts"]] == acts
    for name in {"support", "decide", "comment", "take_back", "minute", "approve"} - set(acts):
        assert act(client, world, who, request, name).status_code == 403


@pytest.mark.parametrize(
    ("who", "own", "others"),
    [("sro", "support", "Support it or not"), ("chair", "decide", "Decide it")],
)
def test_nobody_is_offered_to_support_or_decide_what_they_asked_for(
    client, world, who, own, others
):
    request = asked(world, who=who)
    client.force_login(world.users[who])
    page = client.get(url(world, "change", request.pk))
    # Their own they may take back, and no more.
    assert [one["key"] for one in page.context["acts"]] == ["take_back"]
    assert act(client, world, who, request, own, is_supported="yes").status_code == 403
    assert others not in client.get(url(world, "changes")).content.decode()
    change_requests.take_back(request=request, by=world.users[who])
    asked(world)
    assert others in client.get(url(world, "changes")).content.decode()


def test_a_decision_without_a_meeting_is_refused_at_its_field(client, world):
    request = asked(world)
    answer = act(client, world, "chair", request, "decide", is_agreed="yes", meeting="")
    assert answer.status_code == 422
    assert "meeting" in answer.context["form"].errors
    assert not hasattr(ChangeRequest.objects.get(pk=request.pk), "decision")


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"wanted": "soon", "reason": "Late."}, "wanted"),
        ({"wanted": "1/2020", "reason": "Late."}, "wanted"),
        ({"wanted": f"{NEXT.first_day:%m/%Y}", "reason": ""}, "reason"),
        ({"wanted": f"{NEXT.first_day:%m/%Y}", "reason": "Late.", "key_date": "0"}, "key_date"),
    ],
)
def test_an_ask_says_what_is_wrong_at_its_field_and_keeps_the_words(client, world, answers, field):
    values = {"key_date": world.commitment.key_dates.get().pk} | answers
    answer = send(client, world, "lead", url(world, "ask_change", "1.1.1a"), **values)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert answer.context["form"]["reason"].value() == answers["reason"]
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize("kind", ["wording", "lead", "withdrawal"])
def test_each_kind_has_its_form(client, world, kind):
    client.force_login(world.users["lead"])
    address = url(world, "ask_change", "1.1.1a")
    assert client.get(f"{address}?kind={kind}").status_code == 200
    assert client.get(f"{address}?kind=budget").status_code == 404


def test_the_list_says_what_waits_for_whom(client, world):
    asked(world)
    for who, title in (("sro", "For you"), ("chair", "For you"), ("member", "Open")):
        client.force_login(world.users[who])
        page = client.get(url(world, "changes"))
        assert [group["title"] for group in page.context["groups"]] == [title]


def test_the_list_takes_the_same_queries_for_one_ask_and_for_many(client, world):
    asked(world)
    client.force_login(world.users["chair"])
    few = queries(client, url(world, "changes"))
    for letter in "cdefgh":
        world.commitment = make_commitment(
            world.action, letter, leads=(world.people["lead"],), due="2022-12"
        )
        asked(world)
    many = queries(client, url(world, "changes"))
    assert len(many) == len(few) <= 14


def test_before_it_was_asked_there_was_nothing(client, world):
    request = asked(world)
    client.force_login(world.users["member"])
    day = TODAY - timedelta(days=1)
    assert client.get(url(world, "changes") + f"?as_at={day}").context["groups"] == []
    assert client.get(url(world, "change", request.pk) + f"?as_at={day}").status_code == 404

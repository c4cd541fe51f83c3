"""The programme team's month: for each what they read of themselves, and how to reach them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import Membership, Organisation, Person
from actions.progress.update_answers import NewEvidence
from kpis.models import Kpi
from tests.factories import (
    make_commitment,
    make_kpi,
    make_meeting,
    make_update,
    make_user,
    record_figure,
)
from tests.reports.draft_builders import begin, set_up
from wsoa.oversight.changes import change_requests
from wsoa.oversight.decisions import decisions
from wsoa.oversight.handovers import handovers
from wsoa.oversight.models import ChangeRequest
from wsoa.oversight.questions import questions

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LISTED = ("officer", "lead", "other_lead", "sro", "other_sro", "chair", "member")
Role = Membership.Role


@pytest.fixture
def busy(world):
    """Something of every kind waits for somebody."""
    plan, users, people = world.plan, world.users, world.people
    world.kpi = make_kpi(plan, "K1", (world.commitment,), data_owner=people["lead"])
    checked = make_kpi(plan, "K2", (world.commitment,), needs_second_person=True)
    record_figure(checked, "2022-03", 50, by=users["lead"])
    asked = {"plan": plan, "by": users["member"], "today": TODAY}
    questions.ask(text="Why?", commitment=world.commitment, **asked)
    questions.ask(text="How many?", kpi=world.kpi, **asked)
    answered = questions.ask(text="Who?", area=world.area, **asked)
    questions.answer(question=answered, by=users["sro"], text="We do.")
    decisions.record_decision(
        plan=plan,
        by=users["officer"],
        meeting=make_meeting(plan, days=-5),
        text="Write to the schools",
        minute="item 4",
        commitment=world.elsewhere,
        owner=people["other_lead"],
        due_on=TODAY - timedelta(days=2),
        today=TODAY,
    )
    change_requests.ask(
        commitment=world.second,
        by=users["lead"],
        kind=ChangeRequest.Kind.WITHDRAWAL,
        reason="It is done elsewhere.",
        today=TODAY,
    )
    make_update(
        world.second,
        users["lead"],
        brag="blue",
        progress="All six schools use it.",
        evidence=NewEvidence("Figures"),
        changed_for_families="Families are answered sooner.",
    )
    moved = Person.objects.create(local_area=plan.local_area, name="Gone away")
    make_commitment(world.action, "c", leads=(moved,), due="2023-01")
    handovers.hand_over(
        plan=plan,
        by=users["officer"],
        leaver=moved,
        successor=people["other_lead"],
        starts_on=TODAY,
        reason="A new post",
        today=TODAY,
    )
    set_up(world)
    begin(world)
    return world


def page_of(client, world, by="person"):
    client.force_login(world.users["officer"])
    answer = client.get(reverse("reaching:everybody", args=[world.plan.slug]) + f"?by={by}")
    assert answer.status_code == 200
    return answer


def lines(page):
    return [
        (group["title"], person["name"], ref, text)
        for group in page.context["groups"]
        for person in group["people"]
        for ref, _, text in things(person)
    ]


def things(person):
    """What waits for one, as reference, address and words."""
    return [
        (thing["ref"], thing["url"], line["text"])
        for line in person["waits"]
        for thing in line["things"] or [{"ref": "", "url": line["url"]}]
    ]


def own_list(client, world, persona):
    """References and addresses as the persona reads them in My work."""
    client.force_login(world.users[persona])
    page = client.get(reverse("pages:my_work", args=[world.plan.slug]))
    return sorted(
        (line["item"].ref, line["item"].name_url)
        for group in page.context["groups"]
        for line in group["lines"]
    )


@pytest.mark.parametrize("by", ["person", "organisation"])
def test_each_has_what_they_read_of_themselves(client, busy, by):
    page = page_of(client, busy, by)
    listed = {}
    for group in page.context["groups"]:
        for person in group["people"]:
            listed[person["name"]] = sorted((ref, url) for ref, url, _ in things(person))
    for persona in LISTED:
        theirs = own_list(client, busy, persona)
        assert theirs, persona
        assert listed[busy.users[persona].name] == theirs, persona
    assert "The forum" not in listed


def test_what_is_overdue_stands_first_and_the_oldest_of_it(client, busy):
    page = page_of(client, busy)
    titles = [group["title"] for group in page.context["groups"]]
    assert titles == ["Overdue", "Due next"]
    late, following = page.context["groups"]
    assert all(person["late_text"] for person in late["people"])
    assert not any(person["late_text"] for person in following["people"])
    found = {(ref, text) for _, _, ref, text in lines(page)}
    assert ("2.1.1a", "Agreed action: Write to the schools") in found


def test_somebody_without_an_account_is_listed_like_anybody(client, world):
    mailbox = Person.objects.create(
        local_area=world.plan.local_area, name="Portal team", organisation=world.council
    )
    gone = make_user("Left Long Ago")
    gone.is_active = False
    gone.save()
    left = Person.objects.create(local_area=world.plan.local_area, name="Left", user=gone)
    make_commitment(world.action, "c", leads=(mailbox,), due="2022-12")
    make_commitment(world.action, "d", leads=(left,), due="2022-12")
    kpi = make_kpi(world.plan, "K1", (world.elsewhere,), data_owner=mailbox)
    questions.ask(plan=world.plan, by=world.users["member"], today=TODAY, kpi=kpi, text="How many?")
    decisions.record_decision(
        plan=world.plan,
        by=world.users["officer"],
        meeting=make_meeting(world.plan, days=-5),
        text="Write to the schools",
        minute="item 4",
        owner=mailbox,
        today=TODAY,
    )
    page = page_of(client, world)
    people = {
        person["name"]: person for group in page.context["groups"] for person in group["people"]
    }
    team = people["Portal team"]
    assert team["email"] == people["Left"]["email"] == ""
    assert team["about"] == "The county council"
    assert {(ref, text.split(":")[0]) for ref, _, text in things(team)} == {
        ("1.1.1c", "Update"),
        ("KPI K1", "Figures"),
        ("K1", "Question"),
        ("", "Agreed action"),
    }
    assert team["told_url"] == reverse("pages:told", args=[world.plan.slug, mailbox.pk])
    assert [ref for ref, _, _ in things(people["Left"])] == ["1.1.1d"]
    assert "No account" in page.content.decode()


def test_who_leads_without_the_part_of_a_lead_is_not_forgotten(client, world):
    world.users["lead"].memberships.update(role=Role.MEMBER)
    page = page_of(client, world)
    (person,) = [
        person
        for group in page.context["groups"]
        for person in group["people"]
        if {"1.1.1a", "1.1.1b"} <= {ref for ref, _, _ in things(person)}
    ]
    assert person["name"] == world.people["lead"].name
    assert person["email"] == world.users["lead"].email


def test_under_an_area_stands_what_is_in_it(client, busy):
    found = lines(page_of(client, busy, "area"))
    first = {ref for title, _, ref, _ in found if title.startswith("Area 1")}
    other = {ref for title, _, ref, _ in found if title.startswith("Area 2")}
    assert {"1.1.1a", "1.1.1b", "KPI K1"} <= first
    assert "2.1.1a" in other
    assert not {"1.1.1a", "KPI K1"} & other
    assert any(title == "The plan as a whole" for title, *_ in found)


def test_cover_is_named(client, busy):
    memberships.name_deputy(
        of=Membership.objects.get(user=busy.users["lead"], role=Role.LEAD),
        user=busy.users["member"],
        starts_on=TODAY,
        ends_on=TODAY,
    )
    page = page_of(client, busy)
    person = next(
        person
        for group in page.context["groups"]
        for person in group["people"]
        if person["name"] == busy.users["lead"].name
    )
    assert person["cover"] == busy.users["member"].name


def test_another_way_to_group_is_refused_in_words(client, world):
    client.force_login(world.users["officer"])
    address = reverse("reaching:everybody", args=[world.plan.slug])
    assert client.get(f"{address}?by=merit").status_code == 400


def test_nothing_waits_of_a_closed_plan(client, busy):
    plan = busy.plan
    plan.state, plan.closed_on = "closed", TODAY
    plan.save()
    assert "Nothing waits for anybody" in page_of(client, busy).content.decode()


def test_it_is_found_from_my_work_and_from_the_menu(client, world):
    client.force_login(world.users["officer"])
    address = reverse("reaching:everybody", args=[world.plan.slug])
    for name in ("pages:my_work", "pages:period"):
        assert address in client.get(reverse(name, args=[world.plan.slug])).content.decode()
    client.force_login(world.users["lead"])
    page = client.get(reverse("pages:my_work", args=[world.plan.slug])).content.decode()
    assert address not in page


def test_as_many_queries_for_many_people_as_for_few(client, busy):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page_of(client, busy)
        return [q["sql"] for q in captured if not q["sql"].startswith(("SAVE", "RELEASE"))]

    queries()
    few = queries()
    plan = busy.plan
    for number in range(12):
        user = make_user(f"Person {number}")
        organisation = Organisation.objects.create(
            local_area=plan.local_area, code=f"O{number}", name=f"Organisation {number}"
        )
        person = Person.objects.create(
            local_area=plan.local_area,
            name=user.name,
            user=user if number % 2 else None,
            organisation=organisation,
        )
        roles = (Role.LEAD, Role.CHAIR, Role.PROGRAMME_OFFICER)
        memberships.grant(user=user, plan=plan, role=roles[number % 3])
        memberships.grant(user=user, plan=plan, role=Role.SRO, area=busy.area)
        commitment = make_commitment(busy.action, "efghijklmnop"[number], leads=(person,))
        make_kpi(plan, f"P{number}", (commitment,), data_owner=person)
        make_update(
            commitment,
            user,
            brag="green",
            progress="On track.",
            late_reason="The contract came late.",
        )
    many = queries()
    assert Kpi.objects.filter(plan=plan).count() > 12
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))

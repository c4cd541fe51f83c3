"""A draft takes over rows of closed plans, and what they were is read through."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.evidence.evidence import add_evidence, withdraw_evidence
from actions.io.storage import checked_file
from actions.models import (
    Action,
    Area,
    AreaFinding,
    Commitment,
    Inspection,
    KeyDate,
    Membership,
    Plan,
    ProgressUpdate,
)
from actions.plan.amendments import move_date
from actions.plan.closing.closing import Becomes, close_plan, open_commitments
from actions.plan.editing import agree_plan
from actions.plan.starting.starting import start_plan
from actions.plan.succession.carrying import carry_forward
from actions.records.history import load_history
from actions.rules.dates import PlanDate
from actions.rules.state import state_at
from actions.rules.status import AtClosing
from kpis.models import Kpi
from tests.actions.io import documents
from tests.factories import make_finding, make_kpi, make_target, make_update

TODAY = timezone.localdate()


def close(plan, by, outcomes=None):
    """Everything open is carried forward, but for what `outcomes` says by reference."""
    return close_plan(
        plan=plan,
        by=by,
        closed_by="Steering group",
        closed_on=TODAY,
        today=TODAY,
        becomes={
            state.id: (outcomes or {}).get(state.ref, Becomes(AtClosing.CARRIED_FORWARD))
            for state in open_commitments(plan, TODAY)
        },
    )


def begin(world, *predecessors, title="Accelerated progress plan", kind=Plan.Kind.APP):
    return start_plan(
        by=world.users["officer"],
        local_area=world.plan.local_area,
        title=title,
        kind=kind,
        starts=PlanDate.month_of(TODAY),
        predecessors=predecessors,
    )


def agree(world, plan):
    return agree_plan(plan=plan, by=world.users["officer"], agreed_by="The board", agreed_on=TODAY)


def bring(world, plan, *rows):
    return carry_forward(plan=plan, commitments=[row.pk for row in rows], by=world.users["officer"])


def state_of(plan, row):
    states = state_at(load_history([plan], TODAY), TODAY)[plan.pk].commitments
    return next(state for state in states if state.id == row.pk)


@pytest.fixture
def closed(world):
    """1.1.1a was to be done in December 2022 and moved twice; it answers a finding, has a KPI."""
    due = KeyDate.objects.get(commitment=world.commitment)
    for month in ("2023-06", "2024-09"):
        due = move_date(
            key_date=due,
            to=PlanDate.parse(month),
            reason="The tender ran twice.",
            by=world.users["officer"],
        )
    world.plan.inspection = Inspection.objects.create(
        local_area=world.plan.local_area, code="2021", position=0, title="Inspection of 2021"
    )
    world.plan.save()
    world.finding = make_finding(world.plan, number="1")
    AreaFinding.objects.create(area=world.area, finding=world.finding, position=0)
    world.kpi = make_kpi(world.plan, "K1", commitments=(world.commitment,))
    make_target(world.kpi, Decimal(20), by=f"{TODAY.year + 1}-03")
    make_update(
        world.commitment,
        world.users["lead"],
        brag="green",
        progress="Six schools have begun.",
        late_reason="The tender ran twice.",
    )
    close(world.plan, world.users["officer"])
    world.plan.refresh_from_db()
    return world


def test_a_row_comes_with_all_that_it_stands_in(closed):
    plan = begin(closed, closed.plan)
    row = bring(closed, plan, closed.commitment).commitments[closed.commitment.pk]
    assert (row.ref, row.evidence) == ("1.1.1a", closed.commitment.evidence)
    assert (row.continues, row.lineage) == (closed.commitment, closed.commitment.pk)
    assert row.action.area.title == closed.area.title
    assert [area.code for area in Area.objects.filter(plan=plan)] == ["1"]
    assert [lead.person for lead in row.leads.all()] == [
        lead.person for lead in closed.commitment.leads.all()
    ]
    assert list(row.action.area.findings.all()) == [closed.finding]
    assert str(row.key_dates.get().when) == "September 2024"


def test_its_kpi_comes_once_and_says_what_it_goes_on_from(closed):
    plan = begin(closed, closed.plan)
    bring(closed, plan, closed.commitment)
    kpi = Kpi.objects.get(plan=plan)
    assert (kpi.code, kpi.continues, kpi.lineage) == ("K1", closed.kpi, closed.kpi.pk)
    assert [target.value for target in kpi.targets.all()] == [Decimal(20)]
    assert not kpi.measurements.exists()
    bring(closed, plan, closed.second)
    assert Kpi.objects.filter(plan=plan).count() == 1


def test_what_comes_later_joins_what_came_before(closed):
    plan = begin(closed, closed.plan)
    bring(closed, plan, closed.commitment)
    bring(closed, plan, closed.commitment, closed.second)
    assert Action.objects.filter(plan=plan).count() == 1
    refs = Commitment.objects.filter(plan=plan).values_list("ref", flat=True)
    assert sorted(refs) == ["1.1.1a", "1.1.1b"]


def test_ratings_and_updates_stay_with_the_old_plan(closed):
    plan = begin(closed, closed.plan)
    row = bring(closed, plan, closed.commitment).commitments[closed.commitment.pk]
    assert not ProgressUpdate.objects.filter(commitment=row).exists()
    assert state_of(plan, row).rating == "not_yet_rated"


def test_first_agreed_and_moves_are_read_through_three_plans(closed):
    """December 2022, moved twice to September 2024; set for a month later in the next, and kept."""
    second = begin(closed, closed.plan)
    row = bring(closed, second, closed.commitment).commitments[closed.commitment.pk]
    due = row.key_dates.get()
    agree(closed, second)
    move_date(
        key_date=due,
        to=PlanDate.parse("2027-12"),
        reason="Staff are recruited first.",
        by=closed.users["officer"],
    )
    completion = state_of(second, row).completion
    assert (str(completion.first), str(completion.now)) == ("December 2022", "December 2027")
    assert completion.moves == 3
    assert completion.moved_by_months == 60

    close(second, closed.users["officer"])
    second.refresh_from_db()
    third = begin(closed, second, title="Improvement plan", kind=Plan.Kind.IMPROVEMENT)
    last = bring(closed, third, row).commitments[row.pk]
    completion = state_of(third, last).completion
    assert (str(completion.first), completion.moves) == ("December 2022", 3)
    assert last.lineage == closed.commitment.pk
    assert [former.plan for former in state_of(third, last).formers] == [closed.plan.pk, second.pk]


def test_two_plans_continue_one_and_each_reads_its_own_chain(closed):
    one = begin(closed, closed.plan)
    other = begin(closed, closed.plan, title="Improvement plan", kind=Plan.Kind.IMPROVEMENT)
    first = bring(closed, one, closed.commitment).commitments[closed.commitment.pk]
    again = bring(closed, other, closed.commitment).commitments[closed.commitment.pk]
    assert first.lineage == again.lineage
    for plan, row in ((one, first), (other, again)):
        assert [former.plan for former in state_of(plan, row).formers] == [closed.plan.pk]


def test_only_rows_of_a_closed_predecessor_are_brought(closed):
    plan = begin(closed)
    with pytest.raises(ValidationError, match="closed plans that this one continues"):
        bring(closed, plan, closed.commitment)
    assert not Commitment.objects.filter(plan=plan).exists()


def test_nothing_is_brought_into_an_agreed_plan(closed):
    plan = begin(closed, closed.plan)
    bring(closed, plan, closed.commitment)
    agree(closed, plan)
    with pytest.raises(ValidationError, match="agreed meanwhile"):
        bring(closed, plan, closed.second)


# --- On pages -------------------------------------------------------------------------------------


def test_the_officer_is_offered_what_was_carried_forward(client, world):
    close(
        world.plan,
        world.users["officer"],
        {"1.1.1b": Becomes(AtClosing.NOT_NEEDED, "Now in the workforce plan")},
    )
    plan = begin(world, world.plan)
    client.force_login(world.users["officer"])
    address = reverse("actions:carry_forward", args=[plan.slug])
    page = client.get(address)
    assert page.context["form"].initial["rows"] == [world.commitment.pk, world.elsewhere.pk]
    assert "Now in the workforce plan" in page.content.decode()
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"rows": ["0"]}).status_code == 422
    assert client.post(address, {"rows": [world.commitment.pk]}).status_code == 302
    assert [row.ref for row in Commitment.objects.filter(plan=plan)] == ["1.1.1a"]
    again = client.get(address).content.decode()
    assert "In this plan as 1.1.1a" in again


def test_an_officer_of_the_draft_alone_is_shown_nothing_of_the_plan_before(client, closed):
    plan = begin(closed, closed.plan)
    memberships.grant(
        user=closed.users["outsider"], plan=plan, role=Membership.Role.PROGRAMME_OFFICER
    )
    client.force_login(closed.users["outsider"])
    address = reverse("actions:carry_forward", args=[plan.slug])
    assert "1.1.1a" not in client.get(address).content.decode()
    assert client.post(address, {"rows": [closed.commitment.pk]}).status_code == 422
    assert not Commitment.objects.filter(plan=plan).exists()


def test_both_plans_name_each_other_and_link_for_members_of_both(client, closed):
    plan = begin(closed, closed.plan)
    bring(closed, plan, closed.commitment)
    agree(closed, plan)
    memberships.grant(user=closed.users["outsider"], plan=plan, role=Membership.Role.MEMBER)
    client.force_login(closed.users["outsider"])
    page = client.get(reverse("actions:plan", args=[plan.slug]))
    (former,) = page.context["chain"]
    assert (former.words, former.title, former.url) == ("Continues", closed.plan.title, "")
    assert client.get(reverse("actions:plan", args=[closed.plan.slug])).status_code == 404
    client.force_login(closed.users["officer"])
    page = client.get(reverse("actions:plan", args=[closed.plan.slug]))
    (later,) = page.context["chain"]
    assert (later.words, later.title) == ("Continued by", plan.title)
    assert later.url == reverse("actions:plan", args=[plan.slug])


def test_a_draft_successor_is_no_news_for_who_does_not_belong_to_it(client, closed):
    begin(closed, closed.plan)
    client.force_login(closed.users["member"])
    page = client.get(reverse("actions:plan", args=[closed.plan.slug]))
    assert page.context["chain"] == []


def test_the_list_and_its_file_say_when_a_row_was_first_agreed(client, closed):
    plan = begin(closed, closed.plan)
    bring(closed, plan, closed.commitment)
    agree(closed, plan)
    client.force_login(closed.users["officer"])
    file = client.get(reverse("actions:commitments_file", args=[plan.slug, "csv"]))
    head, line = (line.split('","') for line in file.content.decode("utf-8-sig").splitlines())
    assert line[head.index("First agreed")] == "2022-12"
    assert line[head.index("Times moved")] == "2"


def test_history_is_read_in_the_same_number_of_queries_for_one_row_and_for_three(
    closed, django_assert_num_queries
):
    plan = begin(closed, closed.plan)
    bring(closed, plan, closed.commitment)
    with django_assert_num_queries(4):
        load_history([plan], TODAY)
    bring(closed, plan, closed.second, closed.elsewhere)
    with django_assert_num_queries(4):
        load_history([plan], TODAY)


# --- What is read through ---------------------------------------------------------------------


@pytest.fixture
def carried(closed):
    """The next plan, agreed, with 1.1.1a of the old; the outsider belongs to the new one alone."""
    for title, visibility in (("Published pathway", "shareable"), ("Minutes of May", "members")):
        setattr(
            closed,
            visibility,
            add_evidence(
                commitment=closed.commitment,
                by=closed.users["lead"],
                title=title,
                file=checked_file(documents.sent("paper.pdf", documents.PDF)),
                visibility=visibility,
            ),
        )
    closed.next = begin(closed, closed.plan)
    closed.row = bring(closed, closed.next, closed.commitment).commitments[closed.commitment.pk]
    agree(closed, closed.next)
    memberships.grant(user=closed.users["outsider"], plan=closed.next, role=Membership.Role.MEMBER)
    return closed


def commitment_page(client, carried, name, plan=None):
    client.force_login(carried.users[name])
    return client.get(reverse("pages:commitment", args=[(plan or carried.next).slug, "1.1.1a"]))


def test_its_page_tells_when_it_was_first_agreed_and_how_it_moved(client, carried):
    (before,) = commitment_page(client, carried, "outsider").context["before"]
    assert before.first_text == "First agreed for December 2022"
    assert [move.split(" on ")[0] for move in before.moves] == [
        "Moved to June 2023",
        "Moved to September 2024",
    ]
    assert (before.plan, before.ref, before.url) == (carried.plan.title, "", "")


def test_evidence_that_may_be_shared_comes_through_and_no_other(client, carried):
    page = commitment_page(client, carried, "outsider")
    (before,) = page.context["before"]
    assert [item.title for item in before.evidence] == ["Published pathway"]
    words = page.content.decode()
    assert "Minutes of May" not in words
    assert "Six schools have begun." not in words
    file = client.get(before.evidence[0].url)
    assert b"".join(file.streaming_content) == documents.PDF
    slug = carried.next.slug
    other = reverse("actions:former_evidence_file", args=[slug, "1.1.1a", carried.members.pk])
    assert client.get(other).status_code == 404


def test_no_page_of_the_old_plan_opens_to_a_member_of_the_new_alone(client, carried):
    assert commitment_page(client, carried, "outsider", carried.plan).status_code == 404
    file = reverse(
        "actions:evidence_file", args=[carried.plan.slug, "1.1.1a", carried.shareable.pk]
    )
    assert client.get(file).status_code == 404


def test_the_old_row_says_where_it_goes_on_and_links_for_members_of_both(client, carried):
    (after,) = commitment_page(client, carried, "officer", carried.plan).context["after"]
    assert (after.plan, after.ref) == (carried.next.title, "1.1.1a")
    (after,) = commitment_page(client, carried, "member", carried.plan).context["after"]
    assert (after.plan, after.ref, after.url) == (carried.next.title, "", "")


def test_withdrawn_evidence_comes_through_no_longer(client, carried):
    withdraw_evidence(
        evidence=carried.shareable, by=carried.users["officer"], reason="It names a family."
    )
    (before,) = commitment_page(client, carried, "outsider").context["before"]
    assert before.evidence == ()


def test_a_page_that_reads_through_takes_two_queries_more_at_any_length_of_chain(client, carried):
    """One for the state, one for the page."""

    def queries(plan):
        with CaptureQueriesContext(connection) as captured:
            assert commitment_page(client, carried, "officer", plan).status_code == 200
        return len(captured)

    one = queries(carried.next)
    close(carried.next, carried.users["officer"])
    carried.next.refresh_from_db()
    third = begin(carried, carried.next, title="Improvement plan", kind=Plan.Kind.IMPROVEMENT)
    bring(carried, third, carried.row)
    assert queries(third) <= one

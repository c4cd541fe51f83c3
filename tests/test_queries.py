"""Each page's number of queries, session and user included: the same for 3 and for 20 plans."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import ActionFinding, AreaFinding, CommitmentFinding, Membership
from actions.progress.update_answers import NewRisk
from kpis.models import ComparatorSeries, Kpi, KpiCommitment
from reports.models import Report, ReportSeries
from tests.factories import (
    make_action,
    make_area,
    make_commitment,
    make_cycle,
    make_finding,
    make_kpi,
    make_meeting,
    make_plan,
    make_target,
    make_update,
    make_world,
    record_figure,
)
from wsoa.oversight.decisions import decisions
from wsoa.oversight.models import Decision, Handover, HandoverPart, ReviewAction, ReviewMeeting
from wsoa.oversight.questions import questions

# The count in the menu, of today: what may wait for the reader, and the drafts of reports.
MENU = 3
BUDGETS = {
    # Words of what waits, besides what it counts: of updates, questions, figures.
    "pages:my_work": 17,
    "pages:several": 12,
    "pages:told": 12,
    "pages:own_sheet": 10,
    "pages:sheet_of": 10,
    "pages:sheets": 10,
    "pages:team_sheets": 10,
    # Each kind of thing that may wait, its people and their papers: however many those are.
    "reaching:everybody": 33,
    # That, and what each was told, wants, and is held from.
    "reaching:mail": 42,
    # Two more than a page has: its measures come with their figures and targets.
    # One more on each page of a part: what requests have made of it.
    "pages:commitment": 17,
    "pages:action": 16,
    "kpis:kpis": 10,
    "kpis:grid": 10,
    "kpis:kpis_file": 10,
    "pages:kpi": 13,
    "kpis:comparator_figure": 14,
    "kpis:small_numbers": 14,
    "kpis:plan_small_numbers": 9,
    # What it and its actions answer, and what was judged of that.
    "pages:area": 15,
    # Each kind of part has its texts as at the day; what is of today alone is one query.
    "pages:record": 14,
    "actions:plan": 12,
    "pages:period": 12,
    "actions:commitments": 10,
    "actions:commitments_file": 11,
    "oversight:risks": 10,
    "oversight:risks_file": 10,
    "pages:changed": 14,
    "pages:changed_file": 14,
    "oversight:changes": 10,
    "oversight:own_moves": 9,
    "oversight:propose": 10,
    # Each question with a choice asks what there is to choose from.
    "oversight:propose_part": 20,
    "oversight:propose_wording": 18,
    "reports:dashboard": 15,
    "reports:in_full": 15,
    "reports:on_a_page": 9,
    "reports:timeline": 8,
    "reports:calendar": 12,
    "reports:history": 14,
    "reports:history_file": 14,
    "oversight:questions": 10,
    "oversight:question": 12,
    "oversight:meetings": 10,
    # What the chair decided since the meeting before, and which that was.
    "oversight:meeting": 14,
    # What the dashboard reads, and each kind of thing that may wait.
    "pages:agenda": 24,
    "oversight:decisions": 10,
    "oversight:hand_over": 10,
    "oversight:handover": 12,
    # Five lists, each of another kind.
    "pages:my_area": 14,
    "oversight:reviews": 12,
    "pages:plans": 4,
    "actions:bodies": 12,
    "actions:documents": 8,
    "actions:engagement": 12,
    "actions:glossary": 12,
    "actions:funding": 12,
    "pages:findings": 15,
    "pages:findings_file": 15,
    "pages:finding": 17,
    "pages:inspectors_file": 19,
}
OFFICERS = {
    "pages:period",
    "kpis:comparator_figure",
    "kpis:small_numbers",
    "kpis:plan_small_numbers",
    "oversight:own_moves",
    "oversight:hand_over",
    "pages:told",
    "pages:sheet_of",
    "pages:team_sheets",
    "reaching:everybody",
    "reaching:mail",
}
# Pages on which something is recorded, which is of today.
OF_TODAY = {
    "kpis:comparator_figure",
    "kpis:small_numbers",
    "kpis:plan_small_numbers",
    "oversight:own_moves",
    "oversight:hand_over",
    "reaching:everybody",
    "reaching:mail",
    "oversight:propose",
    "oversight:propose_part",
    "oversight:propose_wording",
    "pages:several",
    "pages:told",
    "pages:own_sheet",
    "pages:sheet_of",
    "pages:sheets",
    "pages:team_sheets",
}
SROS = {"pages:my_area"}
# Pages of one thing that `oversee` makes, by its name in the world.
OF_ONE = {
    "oversight:question": "question",
    "oversight:meeting": "meeting",
    "pages:agenda": "to_come",
    "oversight:handover": "handover",
}
ARGUMENTS: dict[str, list[Any]] = {
    "actions:commitments_file": ["csv"],
    "kpis:kpis_file": ["csv"],
    "pages:kpi": ["K1"],
    "kpis:comparator_figure": ["K1"],
    "kpis:small_numbers": ["K1"],
    "oversight:risks_file": ["xlsx"],
    "pages:changed_file": ["csv"],
    "reports:history_file": ["csv"],
    "pages:plans": [],
    "pages:area": [1],
    "pages:commitment": ["1.1.1a"],
    "pages:action": ["1.1.1"],
    "pages:findings_file": ["csv"],
    "pages:finding": ["found"],
    "pages:inspectors_file": ["found"],
    "oversight:propose_part": ["commitment"],
    "oversight:propose_wording": ["commitment", "1.1.1a"],
}


def grow(world, letters, plans):
    """More plans of the same people, and more in the plan that is looked at."""
    for number in plans:
        plan = make_plan(slug=f"another-{number}")
        memberships.grant(user=world.users["lead"], plan=plan, role=Membership.Role.LEAD)
        make_commitment(make_action(make_area(plan, 1), "1.1.1"), leads=(), due="2022-12")
    for letter in letters:
        commitment = make_commitment(
            world.action, letter, leads=(world.people["lead"],), due="2022-12"
        )
        for _ in range(2):
            make_update(
                commitment,
                world.users["lead"],
                brag="amber",
                progress="Work goes on.",
                risk=NewRisk("No staff"),
                late_reason="The tender ran twice.",
            )
        finding = make_finding(world.plan, number=letter)
        AreaFinding.objects.create(area=world.action.area, finding=finding, position=0)
        ActionFinding.objects.create(action=world.action, finding=finding, position=0)
        CommitmentFinding.objects.create(commitment=commitment, finding=finding, position=0)
        kpi = make_kpi(world.plan, f"K{letter}", (commitment, world.commitment))
        make_target(kpi, 5, "2022-12")
        for month in range(1, 13):
            record_figure(kpi, f"2022-{month:02}", 50 + month, by=world.users["lead"])
        looked_at = Kpi.objects.get(plan=world.plan, code="K1")
        KpiCommitment.objects.create(kpi=looked_at, commitment=commitment, position=ord(letter))
        record_figure(looked_at, f"2023-{ord(letter) - ord('b'):02}", 50, by=world.users["lead"])
        begin_reports(world, letter)


def begin_reports(world, letter):
    """Another series, with drafts of three months."""
    body = make_meeting(world.plan).body if letter == "c" else None
    series = ReportSeries.objects.create(
        plan=world.plan,
        code=letter,
        position=ord(letter),
        title=f"Report {letter}",
        rhythm="monthly",
        content="kpis",
    )
    series.audiences.set([body] if body else [])
    for month in (1, 2, 3):
        period = series.cycle.period_of(date(2026, month, 1))
        Report.objects.create(
            series=series,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            number=period.number,
            as_at=period.ends_on,
            known_at=timezone.now(),
            prepared_by=world.users["officer"],
        )


def oversee(world, words):
    """Questions of each kind asked in a meeting of last year, answered, and decided about."""
    if not hasattr(world, "meeting"):
        world.meeting = make_meeting(world.plan, days=-400)
        world.to_come = make_meeting(world.plan, days=10)
        world.kpi = make_kpi(world.plan, "KQ", (world.commitment,))
        world.handover = Handover.objects.create(
            plan=world.plan,
            leaver=world.people["lead"],
            successor=world.people["other_lead"],
            starts_on=timezone.localdate() - timedelta(days=399),
            reason="A new post",
            area_ids=[world.area.pk, world.other_area.pk],
            by=world.users["officer"],
            effective_at=timezone.now() - timedelta(days=399),
        )
    for part in ({"commitment": world.commitment}, {"kpi": world.kpi}):
        HandoverPart.objects.create(handover=world.handover, by=world.users["officer"], **part)
    lead, member = world.users["lead"], world.users["member"]
    asked = {
        "plan": world.plan,
        "by": member,
        "today": timezone.localdate(),
        "meeting": world.meeting,
        "effective_at": timezone.now() - timedelta(days=399),
    }
    made = [
        questions.ask(text=f"Why? {words}", commitment=world.commitment, **asked),
        questions.ask(text=f"Who? {words}", area=world.area, **asked),
        questions.ask(kpi=world.kpi, text=f"How many? {words}", **asked),
    ]
    world.question = made[0]
    for one in made:
        questions.answer(
            question=one, by=lead, text="So.", effective_at=timezone.now() - timedelta(days=398)
        )
        decisions.record_decision(
            plan=world.plan,
            by=world.users["officer"],
            meeting=make_meeting(world.plan, days=-390 + Decision.objects.count()),
            text="Go on",
            minute="item 1",
            question=one,
            owner=world.people["sro"],
            today=timezone.localdate(),
        )
    decisions.record_decision(
        plan=world.plan,
        by=world.users["officer"],
        meeting=world.meeting,
        text=f"Write, {words}",
        minute="item 2",
        area=world.area,
        owner=world.people["sro"],
        today=timezone.localdate(),
    )
    review = ReviewMeeting.objects.create(plan=world.plan, held_on="2022-05-03", advisers="DfE")
    ReviewAction.objects.create(
        meeting=review, position=1, text="Figures", owner=world.people["lead"]
    )


def queries(client, address):
    # Savepoints are transaction control, which is not counted.
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
        assert answer.status_code == 200
        # Read to its end, a file is closed.
        b"".join(answer)
    return [
        query["sql"]
        for query in captured
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("as_at", ["", "?as_at=2026-01-31"], ids=["today", "another day"])
@pytest.mark.parametrize("name", BUDGETS)
def test_a_page_keeps_to_its_queries_at_two_sizes(client, name, as_at):
    as_at = "" if name in OF_TODAY else as_at
    world = make_world()
    looked_at = make_kpi(world.plan, "K1", (world.commitment,))
    record_figure(looked_at, "2022-03", 50, by=world.users["officer"])
    ComparatorSeries.objects.create(kpi=looked_at, position=0, name="England")
    oversee(world, "first")
    found = make_finding(world.plan, code="found")
    AreaFinding.objects.create(area=world.area, finding=found, position=0)
    if name == "pages:plans":
        address = reverse(name)
    elif name in ("pages:told", "pages:sheet_of"):
        address = reverse(name, args=[world.plan.slug, world.people["lead"].pk])
    elif name in OF_ONE:
        one = getattr(world, OF_ONE[name])
        address = reverse(name, args=[world.plan.slug, one.pk]) + as_at
    else:
        address = reverse(name, args=[world.plan.slug, *ARGUMENTS.get(name, [])]) + as_at
    persona = "officer" if name in OFFICERS else "sro" if name in SROS else "lead"
    client.force_login(world.users[persona])
    grow(world, "cd", plans=range(2))
    few = queries(client, address)
    grow(world, "efghijklm", plans=range(2, 19))
    for number in range(5):
        oversee(world, f"again {number}")
    many = queries(client, address)
    assert len(many) == len(few)
    # An SRO's areas to rate, and changes to support, wait as well.
    menu = 0 if as_at else MENU + (name in SROS)
    assert len(many) <= BUDGETS[name] + menu, "\n".join(many)


def test_a_cycle_of_its_own_costs_no_query_and_one_that_waits_for_meetings_one(client, world):
    address = reverse("actions:commitments", args=[world.plan.slug])
    client.force_login(world.users["lead"])
    monthly = len(queries(client, address))
    make_cycle(world.plan, date(2023, 1, 1), "termly")
    assert len(queries(client, address)) == monthly
    group = make_meeting(world.plan).body
    make_cycle(world.plan, date(2023, 2, 1), "meetings", body=group)
    assert len(queries(client, address)) == monthly + 1

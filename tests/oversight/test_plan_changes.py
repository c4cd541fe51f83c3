"""An agreed plan grows by request: asked with a fragment, supported, decided, and then there."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions.models import Action, Area, Commitment, KeyDate, Theme, Withdrawal
from actions.records.history import load_history
from actions.rules.dates import day_of
from actions.rules.state import state_at
from actions.rules.status import Rating
from kpis.models import TargetPoint
from reports.contents.building import build
from tests.factories import (
    make_action,
    make_commitment,
    make_kpi,
    make_meeting,
    make_plan,
    make_target,
    make_world,
)
from tests.reports.report_builders import make_report
from wsoa.oversight.changes import change_requests as changes
from wsoa.oversight.changes import plan_change_requests
from wsoa.oversight.changes.change_requests import Step
from wsoa.oversight.models import ChangeDraft, ChangeRequest, Meeting
from wsoa.planfile.exporting import export_plan
from wsoa.planfile.format.reading import read
from wsoa.planfile.importing import import_plan

TODAY = timezone.localdate()


@pytest.fixture
def world(db):
    world = make_world()
    world.meeting = make_meeting(world.plan)
    return world


def new_commitment(ref="1.1.1c", within="1.1.1", **says):
    return {
        "kind": "commitment",
        "act": "add",
        "ref": ref,
        "within": within,
        "says": {
            "title": "Letters to families",
            "evidence": "Families who wait are written to every three months",
            "leads": ["The lead"],
            "key_dates": [{"kind": "completion", "date": "2027-03"}],
            **says,
        },
        "said": {},
    }


def reword(ref, kind="commitment", **texts):
    """A part that rewords: by field, what it said and what it should say."""
    return {
        "kind": kind,
        "act": "reword",
        "ref": ref,
        "within": "",
        "says": {name: new for name, (_, new) in texts.items()},
        "said": {name: old for name, (old, _) in texts.items()},
    }


def ask(world, *parts, who="lead", reason="DfE asked for it at the stocktake."):
    return plan_change_requests.ask(
        plan=world.plan, parts=list(parts), by=world.users[who], reason=reason, today=TODAY
    )


def agree(world, request, who="chair"):
    request = ChangeRequest.objects.get(pk=request.pk)
    return changes.decide(
        request=request, by=world.users[who], is_agreed=True, meeting=world.meeting, today=TODAY
    )


def refused(call, *args, **fields):
    with pytest.raises(ValidationError) as refusal:
        call(*args, **fields)
    return " ".join(refusal.value.messages)


def step(request):
    return changes.step_of(ChangeRequest.objects.get(pk=request.pk))


def test_a_new_commitment_is_in_the_plan_when_the_chair_agrees_and_not_before(world):
    request = ask(world, new_commitment())

    assert step(request) is Step.TO_SUPPORT
    changes.support(request=request, by=world.users["sro"], is_supported=True)
    assert not Commitment.objects.filter(code="1.1.1c").exists()

    agree(world, request)

    made = Commitment.objects.get(plan=world.plan, code="1.1.1c")
    assert (made.title, made.ref) == ("Letters to families", "1.1.1c")
    assert [lead.person.name for lead in made.leads.all()] == ["The lead"]
    assert str(made.key_dates.get().when) == "March 2027"
    assert day_of(made.added_at) == TODAY
    assert step(request) is Step.IN_EFFECT
    (plan,) = state_at(load_history([world.plan], TODAY), TODAY).values()
    state = next(one for one in plan.commitments if one.ref == "1.1.1c")
    assert (state.rating, state.update_due_now) == (Rating.NOT_YET_RATED, True)
    assert made.key_dates.get().source == f"Change request {request.pk}"


def test_parts_of_one_request_may_stand_in_one_another(world):
    make_kpi(world.plan, "K1", (world.commitment,))
    request = ask(
        world,
        {"kind": "area", "act": "add", "ref": "3", "within": "", "says": {"title": "Transport"}},
        {
            "kind": "theme",
            "act": "add",
            "ref": "3.1",
            "within": "3",
            "says": {"title": "Journeys"},
        },
        {
            "kind": "action",
            "act": "add",
            "ref": "3.1.1",
            "within": "3.1",
            "says": {"title": "Plan routes with families"},
        },
        new_commitment("3.1.1a", "3.1.1"),
        {
            "kind": "target",
            "act": "add",
            "ref": "",
            "within": "K1",
            "says": {"value": "12.5", "operator": "at_most", "date": "2027-09"},
        },
        who="officer",
    )
    agree(world, request)

    area = Area.objects.get(plan=world.plan, code="3")
    assert Theme.objects.get(area=area).title == "Journeys"
    assert Action.objects.get(area=area).commitments.get().code == "3.1.1a"
    target = TargetPoint.objects.get(kpi__code="K1")
    assert (str(target.value.normalize()), str(target.when)) == ("12.5", "September 2027")


def test_a_text_is_reworded_and_one_that_was_reworded_meanwhile_is_not_written_over(world):
    commitment = world.commitment
    old = commitment.evidence
    first = ask(world, reword(commitment.code, evidence=(old, "One telephone number is there")))
    second = ask(world, reword(commitment.code, evidence=(old, "Two numbers are there")))
    agree(world, first)

    commitment.refresh_from_db()
    assert commitment.evidence == "One telephone number is there"
    assert "reworded since it was asked" in refused(agree, world, second)
    commitment.refresh_from_db()
    assert commitment.evidence == "One telephone number is there"
    assert step(second) is Step.TO_SUPPORT


def test_a_part_that_cannot_be_leaves_the_others_undone(world):
    request = ask(
        world,
        reword(world.second.code, evidence=(world.second.evidence, "Another wording")),
        new_commitment("1.1.1c"),
    )
    # Somebody else's request gave the reference away meanwhile.
    make_commitment(world.action, "c", leads=())

    assert "The plan has 1.1.1c already" in refused(agree, world, request)
    world.second.refresh_from_db()
    assert world.second.evidence != "Another wording"
    assert not hasattr(ChangeRequest.objects.get(pk=request.pk), "decision")


def test_what_cannot_be_is_refused_when_it_is_asked(world):
    assert "The plan has 1.1.1a already" in refused(ask, world, new_commitment("1.1.1a"))
    assert "9.9.9 is no longer in the plan" in refused(ask, world, new_commitment(within="9.9.9"))
    unknown = new_commitment(leads=["Nobody Known"])
    assert "Nobody Known" in refused(ask, world, unknown)
    assert refused(ask, world) == "Add what should be new or other than agreed"
    assert refused(ask, world, new_commitment(), reason="") == "Say why the plan should change"
    assert not ChangeRequest.objects.exists()


def test_a_problem_names_its_part_and_field(world):
    parts = [new_commitment(), new_commitment("1.1.1d", leads=["Nobody Known"])]
    (problem,) = plan_change_requests.check(world.plan, parts, TODAY).problems

    assert (problem.part, problem.field) == (1, "leads")


def test_a_date_moves_with_its_first_date_kept_and_another_is_added(world):
    old = world.commitment.key_dates.get()
    request = ask(
        world,
        {
            "kind": "date",
            "act": "reword",
            "ref": "",
            "within": world.commitment.code,
            "says": {"date": "2027-02"},
            "said": {"kind": "completion", "date": "2022-12"},
        },
        {
            "kind": "date",
            "act": "add",
            "ref": "",
            "within": world.commitment.code,
            "says": {"kind": "interim", "date": "2026-12"},
            "said": {},
        },
    )
    agree(world, request)

    moved = KeyDate.objects.get(replaces=old)
    assert (str(moved.when), moved.reason) == ("February 2027", request.reason)
    assert "The chair" not in moved.asked_by
    assert moved.asked_by == "The lead"
    added = KeyDate.objects.get(commitment=world.commitment, kind="interim")
    assert str(added.when) == "December 2026"


def test_a_commitment_moves_within_the_plan_and_another_leaves_it(world):
    make_action(world.area, "1.1.2")
    request = ask(
        world,
        {
            "kind": "commitment",
            "act": "move",
            "ref": world.second.code,
            "within": "1.1.2",
            "said": {"within": "1.1.1"},
        },
        {
            "kind": "commitment",
            "act": "withdraw",
            "ref": world.elsewhere.code,
            "within": "",
            "says": {},
            "said": {},
        },
        who="officer",
    )
    agree(world, request)

    world.second.refresh_from_db()
    assert (world.second.action.code, world.second.code) == ("1.1.2", "1.1.1b")
    assert Withdrawal.objects.get(commitment=world.elsewhere).is_withdrawn
    assert "no longer in the plan" in refused(
        ask, world, reword(world.elsewhere.code, evidence=("x", "y"))
    )


def test_nobody_supports_or_decides_what_they_asked_or_lead(world):
    asked = ask(world, new_commitment(), who="sro")
    assert "nobody what they asked" in refused(
        changes.support, request=asked, by=world.users["sro"], is_supported=True
    )
    other = ask(world, new_commitment("1.1.1d"))
    assert "senior responsible officer answers" in refused(
        changes.support, request=other, by=world.users["other_sro"], is_supported=True
    )
    assert "The chair decides" in refused(agree, world, other, "sro")


def test_who_leads_what_a_request_changes_does_not_decide_it(world):
    world.people["lead"].user = world.users["chair"]
    world.people["lead"].save()
    text = world.commitment.evidence
    request = ask(world, reword(world.commitment.code, evidence=(text, "Other words")), who="sro")

    assert "nobody what they asked themselves or lead" in refused(agree, world, request)


def test_the_old_governs_until_the_outside_approver_has_answered(world):
    world.plan.outside_approver = "DfE"
    world.plan.save()
    request = ask(world, new_commitment())
    agree(world, request)

    assert step(request) is Step.TO_APPROVE
    assert not Commitment.objects.filter(code="1.1.1c").exists()
    changes.approve_outside(
        request=ChangeRequest.objects.get(pk=request.pk),
        by=world.users["officer"],
        approver="DfE adviser",
        approved_on=TODAY,
        reference="Letter",
        today=TODAY,
    )
    assert Commitment.objects.filter(code="1.1.1c").exists()


@pytest.mark.parametrize("who", ["chair", "member", "forum", "reader", "outsider", "superuser"])
def test_who_neither_leads_nor_answers_for_the_plan_asks_for_nothing(world, who):
    assert "Officers, leads and senior" in refused(ask, world, new_commitment(), who=who)
    assert not ChangeRequest.objects.exists()


def test_the_same_request_sent_twice_is_one(world):
    assert ask(world, new_commitment()).pk == ask(world, new_commitment()).pk


def test_a_plan_that_has_grown_is_exported_and_reads_back_the_same(world):
    make_target(make_kpi(world.plan, "K1", (world.commitment,)), 10, "2027-03")
    agree(world, ask(world, new_commitment()))

    exported = export_plan(world.plan)
    file = read(exported).file

    assert "1.1.1c" in [part.ref for part in file.commitments]
    assert not import_plan(file, by=world.users["officer"], reason="The same again")


def test_a_draft_is_edited_and_asks_for_nothing(world):
    draft = make_plan(state="draft", agreed_on=None)
    world.plan = draft

    assert refused(ask, world, new_commitment()) == "Only an agreed plan changes by request."


def act_between(world, request, **answers):
    return changes.decide(
        request=request,
        by=world.users["chair"],
        meeting=None,
        today=TODAY,
        is_between_meetings=True,
        **{"is_agreed": True, "reason": "The term begins before we meet.", **answers},
    )


def test_the_chair_decides_between_meetings_with_a_reason(world):
    request = ask(world, new_commitment())
    assert "could not wait" in refused(act_between, world, request, reason="")
    assert "Choose the meeting" in refused(
        changes.decide,
        request=request,
        by=world.users["chair"],
        is_agreed=True,
        meeting=None,
        today=TODAY,
    )
    assert "The chair decides" in refused(
        changes.decide,
        request=request,
        by=world.users["officer"],
        is_agreed=True,
        meeting=None,
        today=TODAY,
        reason="It could not wait.",
        is_between_meetings=True,
    )
    decision = act_between(world, request)

    assert decision.decided_in == "chair’s action"
    assert Commitment.objects.filter(plan=world.plan, code="1.1.1c").exists()


# --- On the pages -----------------------------------------------------------------------------


def url(world, name, *args):
    return reverse(f"oversight:{name}", args=[world.plan.slug, *args])


def test_from_the_form_of_a_draft_to_the_plan(client, world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,))
    client.force_login(world.users["lead"])
    page = client.get(url(world, "propose_part", "commitment") + "?in=1.1.1")
    assert page.context["form"]["reference"].value() == "1.1.1c"

    sent = client.post(
        url(world, "propose_part", "commitment"),
        {
            "within": "1.1.1",
            "reference": "1.1.1c",
            "title": "Letters to families",
            "evidence": "Families who wait are written to",
            "lead": world.people["lead"].pk,
            "due": "March 2027",
            "kpi": kpi.pk,
        },
    )
    assert sent.status_code == 302, sent.context["form"].errors
    target = client.post(
        url(world, "propose_part", "target"),
        {"within": "K1", "kind": "final", "operator": "at_most", "value": "9", "when": "2027-09"},
    )
    assert target.status_code == 302, target.context["form"].errors
    page = client.get(url(world, "propose"))
    assert [line.title for line in page.context["lines"]] == [
        "New commitment",
        "Wording",
        "New KPI target",
    ]
    assert client.post(url(world, "propose"), {"act": "send", "reason": ""}).status_code == 422
    sent = client.post(url(world, "propose"), {"act": "send", "reason": "A stocktake asked."})
    request = ChangeRequest.objects.get()
    assert sent.url == url(world, "change", request.pk)
    assert not ChangeDraft.objects.exists()
    page = client.get(url(world, "change", request.pk))
    assert page.context["change"].title == "Add a commitment, reword K1 and add a KPI target"

    client.force_login(world.users["sro"])
    client.post(url(world, "change", request.pk), {"act": "support", "is_supported": "yes"})
    client.force_login(world.users["chair"])
    decided = client.post(
        url(world, "change", request.pk),
        {"act": "decide", "is_agreed": "yes", "meeting": world.meeting.pk},
    )
    assert decided.status_code == 302
    made = Commitment.objects.get(plan=world.plan, code="1.1.1c")
    assert kpi in made.kpis.all()
    assert str(TargetPoint.objects.get(kpi=kpi).when) == "September 2027"
    page = client.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1c"]))
    (said,) = page.context["made"]
    assert said.text.startswith("Added to the plan on ")
    assert "asked by The lead, agreed by The steering group" in said.text


def test_what_cannot_be_is_said_at_its_question_and_nothing_typed_is_lost(client, world):
    client.force_login(world.users["lead"])
    answers = {"within": "1.1.1", "reference": "1.1.1a", "evidence": "Families are written to"}
    page = client.post(url(world, "propose_part", "commitment"), answers)

    assert page.status_code == 422
    assert page.context["form"].errors == {
        "reference": ["The plan has 1.1.1a already: give it another reference"]
    }
    assert page.context["form"]["evidence"].value() == "Families are written to"
    assert not ChangeDraft.objects.exists()


def test_other_words_start_from_those_of_the_plan(client, world):
    client.force_login(world.users["sro"])
    address = url(world, "propose_wording", "commitment", "1.1.1a")
    words = client.get(address).context["form"]["evidence"].value()
    assert words == world.commitment.evidence

    same = client.post(address, {"evidence": words})
    assert "This is how the plan says it" in same.content.decode()
    assert client.post(address, {"evidence": "One number is there"}).status_code == 302
    assert client.post(address, {"evidence": "Two numbers are there"}).status_code == 302
    (line,) = client.get(url(world, "propose")).context["lines"]
    assert "".join(piece.text for piece in line.after[0].words) == "Two numbers are there"
    client.post(url(world, "propose"), {"act": "remove", "part": "0"})
    assert client.get(url(world, "propose")).context["lines"] == []


@pytest.mark.parametrize("kind", ["area", "theme", "action", "kpi"])
def test_every_kind_of_part_can_be_reworded_in_its_form(client, world, kind):
    make_kpi(world.plan, "K1", (world.commitment,))
    theme = Theme.objects.filter(plan=world.plan).first()
    ref = {"area": "1", "theme": theme and theme.code, "action": "1.1.1", "kpi": "K1"}[kind]
    client.force_login(world.users["officer"])
    address = url(world, "propose_wording", kind, ref)
    form = client.get(address).context["form"]
    answers = {
        name: form[name].value()
        for name in form.fields
        if form[name].value() not in (None, "", [], False)
    }
    sent = client.post(address, {**answers, "title": "Another title"})

    assert sent.status_code == 302, sent.context["form"].errors
    (part,) = ChangeDraft.objects.get().parts
    assert part["says"] == {"title": "Another title"}


def test_a_date_moves_and_a_target_changes_by_their_forms(client, world):
    key_date = world.commitment.key_dates.get()
    target = make_target(make_kpi(world.plan, "K1", (world.commitment,)), 10, "2027-03")
    client.force_login(world.users["officer"])
    moved = client.post(url(world, "propose_wording", "date", key_date.pk), {"when": "May 2027"})
    assert moved.status_code == 302, moved.context["form"].errors
    changed = client.post(
        url(world, "propose_wording", "target", target.pk),
        {"kind": "final", "operator": "at_most", "value": "8", "when": "March 2027"},
    )
    assert changed.status_code == 302, changed.context["form"].errors
    client.post(url(world, "propose"), {"act": "send", "reason": "The contract was late."})
    agree(world, ChangeRequest.objects.get())

    assert str(KeyDate.objects.get(replaces=key_date).when) == "May 2027"
    assert TargetPoint.objects.get(replaces=target).value == 8


def test_the_next_meeting_lists_what_the_chair_decided_since_the_one_before(client, world):
    earlier = make_meeting(world.plan, -30)
    coming = make_meeting(world.plan, 14)
    later = make_meeting(world.plan, 60)
    Meeting.objects.filter(pk=world.meeting.pk).delete()
    act_between(world, ask(world, new_commitment()))
    client.force_login(world.users["member"])

    def noted(meeting):
        page = client.get(url(world, "meeting", meeting.pk))
        return [line["on"] for line in page.context["to_note"]]

    assert noted(earlier) == []
    assert noted(coming) == ["Add a commitment"]
    assert noted(later) == []
    assert (
        "The term begins before we meet."
        in client.get(url(world, "meeting", coming.pk)).content.decode()
    )


def test_the_chair_says_so_on_the_page_of_the_request(client, world):
    request = ask(world, new_commitment())
    client.force_login(world.users["chair"])
    answers = {"act": "decide", "is_agreed": "yes", "is_between_meetings": "on"}
    assert client.post(url(world, "change", request.pk), answers).status_code == 422
    sent = client.post(
        url(world, "change", request.pk), {**answers, "reason": "It could not wait."}
    )
    assert sent.status_code == 302
    history = client.get(url(world, "change", request.pk)).context["history"]
    assert history[0].text == "Agreed between meetings: It could not wait. (chair’s action)."


def test_the_history_of_edits_shows_every_act_of_a_request(client, world):
    world.plan.outside_approver = "DfE"
    world.plan.save()
    request = ask(world, new_commitment())
    changes.support(request=request, by=world.users["sro"], is_supported=True)
    changes.comment(request=request, by=world.users["forum"], text="Letters matter most.")
    decision = agree(world, request)
    changes.minute(decision=decision, by=world.users["officer"], text="Item 4")
    changes.approve_outside(
        request=ChangeRequest.objects.get(pk=request.pk),
        by=world.users["officer"],
        approver="The adviser",
        approved_on=TODAY,
        reference="Letter",
        today=TODAY,
    )
    client.force_login(world.users["member"])
    told = client.get(reverse("reports:history", args=[world.plan.slug])).content.decode()

    for words in (
        "Change asked for",
        "new commitment 1.1.1c: Letters to families",
        "Support of a change",
        "Families’ view of a change",
        "Decision on a change",
        "Minute of a change",
        "Approval of a change from outside",
        f"Change request {request.pk}",
    ):
        assert words in told


def test_reports_list_what_was_asked_for_and_decided(world):
    agree(world, ask(world, new_commitment()))
    world.board = None
    report = make_report(
        world, starts_on=TODAY.replace(day=1), ends_on=TODAY, as_at=TODAY, number="Q1"
    )
    ((log,),) = [
        [block for block in section.blocks if getattr(block, "name", "") == "Changes decided"]
        for section in build(report).document.sections
        if any(getattr(block, "name", "") == "Changes decided" for block in section.blocks)
    ]
    (row,) = [[cell.text for cell in line] for line in log.rows]

    assert row[0] == "Add a commitment"
    assert row[2] == "new commitment 1.1.1c: Letters to families"
    assert row[4].startswith("Agreed on ")

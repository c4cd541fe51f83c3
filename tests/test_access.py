"""Every address, asked for by everybody. A new address without a row here fails the suite."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import signing
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from actions import memberships
from actions.backfill import past_updates
from actions.documents import documents as documents_of_plan
from actions.evidence import evidence
from actions.io.storage import checked_file
from actions.models import (
    AreaJudgement,
    Confirmation,
    Draft,
    Evidence,
    EvidenceWithdrawal,
    FamiliesView,
    Membership,
    PeriodTreatment,
    Person,
    Plan,
    PlanDocument,
    PlanDocumentWithdrawal,
    ProgressUpdate,
    ProgressUpload,
    RestrictedNote,
    Risk,
    RiskClosing,
    SharedView,
    Succession,
    UpdateCycle,
)
from actions.progress import risks
from actions.progress.update_answers import NewEvidence
from actions.rules.dates import add_months
from kpis.models import (
    ComparatorSeries,
    Kpi,
    Measurement,
    MeasurementCheck,
    MeasurementUpload,
    Rebase,
)
from kpis.recording import rebases
from reports.models import Report, WordTemplate
from tests.actions.io import documents
from tests.factories import (
    make_action,
    make_area,
    make_commitment,
    make_finding,
    make_kpi,
    make_meeting,
    make_plan,
    make_update,
    make_world,
    record_figure,
)
from tests.reports.draft_builders import begin, make_series, put_out, said_by_the_chair, set_up
from wsoa.accounts.models import User
from wsoa.oversight.changes import change_requests
from wsoa.oversight.decisions import decisions
from wsoa.oversight.models import (
    Challenge,
    ChallengeAnswer,
    ChallengeClosing,
    Decision,
    DecisionDone,
    Handover,
    HandoverSeen,
    Meeting,
    ReviewAction,
    ReviewMeeting,
)
from wsoa.oversight.questions import questions
from wsoa.reaching import wishes
from wsoa.reaching.models import Message
from wsoa.reaching.unsubscribing import SALT

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


RECORDERS = ("officer", "lead", "other_lead", "sro")
# Addresses that only take a POST answer a GET like this, to everybody who is signed in.
NOT_THAT_WAY = 405
POST_ONLY = dict.fromkeys(PERSONAS, NOT_THAT_WAY) | {"signed_out": AWAY}
DRAFT_READERS = ("officer", "sro", "other_sro", "chair", "member", "forum")
# Addresses by name: what GET answers. Arguments come from the world below.
TABLE = {
    "pages:home": dict.fromkeys(PERSONAS, MOVED),
    "pages:explanation": dict.fromkeys(PERSONAS, SEE),
    "actions:first_officer": SUPERUSER,
    "pages:plans": EVERYBODY_IN,
    # an officer of any plan starts another of its local area
    "actions:start_plan": dict.fromkeys(PERSONAS, REFUSED) | {"officer": SEE, "signed_out": AWAY},
    "actions:plan": LIVE,
    "actions:edit_plan": only("officer"),
    "actions:edit_people": only("officer"),
    "actions:invite": only("officer"),
    "actions:invite_again": POST_ONLY,
    "actions:withdraw_invitation": POST_ONLY,
    # Of nobody's; the links of those there are: tests/actions/plan/test_inviting.py.
    "actions:invitation": dict.fromkeys(PERSONAS, UNKNOWN),
    # a person; parts that are agreed are locked here: see tests/actions/plan/test_editing.py
    "actions:add_part": only("officer"),
    "actions:edit_part": only("officer"),
    "actions:remove_part": only("officer"),
    "actions:restore_part": POST_ONLY,
    "actions:move_part": POST_ONLY,
    # it is agreed already
    "actions:agree_plan": only(),
    "actions:close_plan": only("officer"),
    # it is agreed already
    "actions:carry_forward": only(),
    "pages:dates": LIVE,
    "pages:hide_line": POST_ONLY,
    "pages:my_work": LIVE,
    "pages:several": LIVE,
    "reaching:everybody": only("officer"),
    "pages:told": only("officer"),
    "reaching:my_mail": EVERYBODY_IN,
    # whoever has the mail: it needs no signing in
    "reaching:unsubscribe": dict.fromkeys(PERSONAS, SEE),
    "reaching:renew_calendar": POST_ONLY,
    # whoever has the address
    "reaching:calendar": dict.fromkeys(PERSONAS, SEE),
    "reaching:mail": only("officer"),
    "reaching:write": only("officer"),
    "reaching:address": only("officer"),
    "reaching:message": only("officer"),
    "reaching:mail_settings": only("officer"),
    "reaching:hold": only("officer"),
    "reaching:end_hold": POST_ONLY,
    "pages:own_sheet": LIVE,
    "pages:sheets": LIVE,
    "pages:sheet_of": only("officer"),
    "pages:sheets_of_several": only("officer"),
    "pages:team_sheets": only("officer"),
    "pages:area": LIVE,
    "pages:record": LIVE,
    "actions:edit_reference": only("officer"),
    "actions:judge_finding": only("officer"),
    "pages:findings": LIVE,
    "pages:findings_file": LIVE,
    "pages:finding": LIVE,
    "pages:inspectors_file": LIVE,
    "actions:bodies": LIVE,
    "actions:documents": LIVE,
    "actions:document_file": LIVE,
    "actions:add_document": only("officer"),
    "actions:withdraw_document": only("officer"),
    "actions:engagement": LIVE,
    "actions:glossary": LIVE,
    "actions:funding": LIVE,
    "actions:commitments": LIVE,
    "actions:commitments_file": LIVE,
    # 1.1.1a: led by both leads, in the area of the SRO
    "actions:record_update": only("officer", "lead", "other_lead", "sro"),
    "actions:save_draft": POST_ONLY,
    "actions:discard_draft": POST_ONLY,
    "actions:keep_text": dict.fromkeys(PERSONAS, NOT_THAT_WAY),
    # Nothing is drafted, so nothing is to be checked or compared: those who may go back.
    "actions:check_update": only() | dict.fromkeys(RECORDERS, MOVED),
    "actions:update_conflict": only() | dict.fromkeys(RECORDERS, MOVED),
    "actions:update_done": only(*RECORDERS),
    "pages:period": only("officer"),
    "pages:periods": only("officer"),
    "pages:deputies": only("officer", "lead", "other_lead", "sro", "other_sro", "chair"),
    "pages:end_deputy": POST_ONLY,
    # her own newest; the SRO of the area did not write it
    "actions:correct_update": only("officer", "lead"),
    # nobody who leads it or recorded it; the area's SRO may, so no other answers
    "actions:answer_blue": only("sro"),
    # evidence of 1.1.1a that the lead added, for people of the plan; restricted: see below
    "actions:add_evidence": only("officer", "lead", "other_lead", "sro"),
    "actions:evidence_file": LIVE,
    "actions:former_evidence_file": LIVE,
    "actions:withdraw_evidence": only("officer", "lead", "other_lead", "sro"),
    "actions:add_note": only("officer", "lead", "other_lead", "sro"),
    # whether families see the Blue of 1.1.1a
    "actions:families_view": only("forum"),
    # area 1
    "actions:judge_area": only("sro"),
    "oversight:reviews": LIVE,
    "oversight:add_review": only("officer"),
    "oversight:edit_review": only("officer"),
    "oversight:add_review_ask": only("officer"),
    "oversight:edit_review_ask": only("officer"),
    "actions:upload_progress": only("officer"),
    "actions:upload_preview": only("officer"),
    "actions:progress_template": only("officer"),
    "kpis:edit_kpis": only("officer"),
    # whoever may record a figure of any measure, and an SRO also where she has none yet; K1 is
    # the lead's own, and serves 1.1.1a
    "kpis:figures": only("officer", "lead", "sro", "other_sro"),
    "kpis:upload_figures": only("officer", "lead", "sro", "other_sro"),
    "kpis:figures_template": only("officer", "lead", "sro", "other_sro"),
    # the officer's file: nobody else's
    "kpis:figures_preview": only("officer") | dict.fromkeys(["lead", "sro", "other_sro"], UNKNOWN),
    "kpis:baseline": only("officer", "lead", "sro"),
    "kpis:comparator_figure": only("officer", "lead", "sro"),
    "kpis:kpis": LIVE,
    "kpis:kpis_file": LIVE,
    "pages:kpi": LIVE,
    "kpis:rebase": only("officer"),
    # K1 is the lead's own
    "kpis:small_numbers": only("officer", "lead"),
    "kpis:plan_small_numbers": only("officer"),
    "kpis:withdraw_rebase": only("officer"),
    # the officer recorded it; of its area there is one SRO, and nobody owns its data
    "kpis:check_figure": only("sro"),
    "pages:action": LIVE,
    "pages:commitment": LIVE,
    "oversight:risks": LIVE,
    "oversight:risks_file": LIVE,
    # on something of their own; the forum's representative leads nothing here
    "oversight:raise_risk": only("officer", "lead", "other_lead", "sro", "other_sro"),
    # one on 1.1.1a
    "oversight:close_risk": only("officer", "lead", "other_lead", "sro"),
    # the member's own, on 1.1.1a
    "oversight:questions": LIVE,
    "oversight:question": LIVE,
    "oversight:ask_question": only("officer", "sro", "other_sro", "chair", "member", "forum"),
    "oversight:answer_question": only("lead", "other_lead", "sro"),
    "oversight:close_question": only("chair", "member"),
    "oversight:meetings": LIVE,
    "oversight:meeting": LIVE,
    "pages:agenda": LIVE,
    "oversight:add_meeting": only("officer", "chair"),
    "oversight:edit_meeting": only("officer"),
    "oversight:cancel_meeting": only("officer"),
    "oversight:decisions": LIVE,
    "oversight:record_decision": only("officer", "chair"),
    # owned by the other lead
    "oversight:finish_decision": only("officer", "other_lead"),
    "oversight:hand_over": only("officer"),
    "oversight:handover": LIVE,
    "oversight:note_handover": POST_ONLY,
    "pages:my_area": only("sro", "other_sro"),
    # of all plans that one sees live: there must be one
    "pages:search": LIVE | {"outsider": REFUSED, "superuser": REFUSED},
    "pages:search_plan": LIVE,
    "reports:index": MEMBERS,
    "reports:calendar": LIVE,
    "reports:series": only("officer"),
    "reports:word_template": only("officer"),
    "reports:word_template_file": only("officer"),
    # a draft: its leads read their own lines
    "reports:start": only("officer"),
    "reports:draft": LIVE,
    "reports:draft_families": only(*DRAFT_READERS),
    "reports:draft_file": only(*DRAFT_READERS),
    # the progress of 1.1.1a
    "reports:words": only("officer"),
    "reports:cut_off": only("officer"),
    # area 1
    "reports:sign": only("sro"),
    # the chair is named for it
    "reports:approve": only("chair"),
    # of area 1 and for the council; recorded by another officer, who is of no persona here
    "reports:record_signature": only("officer"),
    "reports:record_answer": only("officer"),
    "reports:check_said": only("officer"),
    "reports:publish": only("officer"),
    "reports:discard": only("officer"),
    # published to a board on which the report reader sits
    "reports:report": MEMBERS,
    "reports:report_families": MEMBERS,
    "reports:report_file": MEMBERS,
    "reports:new_version": only("officer"),
    "actions:shared_views": only("officer"),
    "actions:end_shared_view": POST_ONLY,
    "pages:changed": LIVE,
    "pages:changed_file": LIVE,
    "oversight:changes": LIVE,
    "oversight:change": LIVE,
    "oversight:own_moves": only("officer"),
    "oversight:ask_change": only("officer", "lead", "other_lead", "sro"),
    "oversight:ask_kpi_change": only("officer", "lead", "sro"),
    "oversight:propose": only("officer", "lead", "other_lead", "sro", "other_sro"),
    "oversight:propose_part": only("officer", "lead", "other_lead", "sro", "other_sro"),
    "oversight:propose_wording": only("officer", "lead", "other_lead", "sro", "other_sro"),
    "reports:dashboard": LIVE,
    "reports:in_full": LIVE,
    "kpis:grid": LIVE,
    "reports:on_a_page": LIVE,
    "reports:timeline": LIVE,
    "reports:history": LIVE,
    "reports:history_file": LIVE,
}
# Tested where they belong, in tests/accounts.
ELSEWHERE = {"accounts", "allauth", "unknown_address"}


def names_of_the_site():
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        else:
            yield from (
                f"{pattern.app_name or 'allauth'}:{inner.name}" for inner in pattern.url_patterns
            )


def test_every_address_has_a_row():
    named = {name for name in names_of_the_site() if name.split(":")[0] not in ELSEWHERE}
    assert named == set(TABLE)


@pytest.fixture
def world(everything):
    return everything


def make_everything():
    """The world of the factories, with a Blue of 1.1.1a that waits for an answer."""
    world = make_world()
    world.blue = make_update(
        world.commitment,
        world.users["lead"],
        brag="blue",
        progress="Done.",
        evidence=NewEvidence("Minutes"),
        changed_for_families="Answers come sooner.",
    )
    world.risk = risks.raise_risk(
        plan=world.plan,
        commitment=world.commitment,
        by=world.users["lead"],
        kind=Risk.Kind.RISK,
        text="No staff",
    )
    world.evidence = evidence.add_evidence(
        commitment=world.commitment,
        by=world.users["lead"],
        title="Minutes of May",
        file=checked_file(documents.sent("minutes.pdf", documents.PDF)),
    )
    world.former_evidence = make_former(world)
    world.document = documents_of_plan.add_document(
        plan=world.plan,
        by=world.users["officer"],
        today=timezone.localdate(),
        kind="letter",
        title="Letter of the inspectors",
        file=checked_file(documents.sent("letter.pdf", documents.PDF)),
    )
    world.question = questions.ask(
        plan=world.plan,
        commitment=world.commitment,
        by=world.users["member"],
        text="What holds it up?",
        today=timezone.localdate(),
    )
    world.finding = make_finding(world.plan)
    world.meeting = make_meeting(world.plan)
    world.decision = decisions.record_decision(
        plan=world.plan,
        by=world.users["officer"],
        meeting=make_meeting(world.plan, days=-8),
        text="Write to the schools",
        minute="item 4",
        owner=world.people["other_lead"],
        today=timezone.localdate(),
    )
    world.handover = Handover.objects.create(
        plan=world.plan,
        leaver=world.people["lead"],
        successor=world.people["other_lead"],
        starts_on=timezone.localdate(),
        reason="A new post",
        area_ids=[world.area.pk],
        by=world.users["officer"],
    )
    world.message = Message.objects.create(
        plan=world.plan,
        day=timezone.localdate(),
        why="late",
        user=world.users["lead"],
        address=world.users["lead"].email,
        subject="1 thing is overdue",
        text="Dear lead",
        html="<p>Dear lead</p>",
        source="send_mail_due",
    )
    world.review = ReviewMeeting.objects.create(
        plan=world.plan, held_on=date(2022, 5, 3), advisers="DfE"
    )
    world.review_ask = ReviewAction.objects.create(
        meeting=world.review, position=1, text="The figures of May"
    )
    world.upload = past_updates.keep_upload(
        plan=world.plan, by=world.users["officer"], file_name="board.csv", data=BOARD
    ).kept
    world.change = change_requests.ask(
        commitment=world.commitment,
        by=world.users["lead"],
        kind="withdrawal",
        reason="Merged into 1.1.1b.",
        today=timezone.localdate(),
    )
    world.kpi = make_kpi(world.plan, "K1", (world.commitment,), data_owner=world.people["lead"])
    world.comparator = ComparatorSeries.objects.create(kpi=world.kpi, name="England", position=0)
    checked = make_kpi(world.plan, "K2", (world.commitment,), needs_second_person=True)
    record_figure(checked, "2022-02", 5, by=world.users["officer"])
    world.figure = record_figure(checked, "2022-03", 5, by=world.users["officer"])
    world.rebase = rebases.record_rebase(
        kpi=checked,
        on=date(2022, 3, 1),
        reason="A clinic opened",
        decided_by="The group",
        by=world.users["officer"],
        today=timezone.localdate(),
    )
    world.figures_upload = MeasurementUpload.objects.create(
        plan=world.plan, by=world.users["officer"], file_name="figures.csv", rows=[]
    )
    WordTemplate.objects.create(
        plan=world.plan, by=world.users["officer"], file_name="council.docx", content=b"PK"
    )
    set_up(world)
    world.draft = begin(world)
    world.said = said_by_the_chair(world, world.draft)
    monthly = make_series(world.plan, "kpis", "monthly")
    monthly.audiences.set([world.board])
    world.report = begin(world, monthly)
    put_out(world, world.report)
    world.unbegun = make_series(world.plan, "scrutiny", "six_monthly")
    return world


def make_former(world):
    """1.1.1b goes on from a row of a closed plan to which nobody of this one belongs."""
    plan = make_plan(local_area=world.plan.local_area)
    row = make_commitment(make_action(make_area(plan, 1), "1.1.1"), "a", due="2021-06")
    shared = evidence.add_evidence(
        commitment=row,
        by=world.users["lead"],
        title="Published pathway",
        file=checked_file(documents.sent("pathway.pdf", documents.PDF)),
        visibility="shareable",
    )
    Plan.objects.filter(pk=plan.pk).update(state="closed", closed_on=date(2022, 1, 31))
    Succession.objects.create(plan=world.plan, predecessor=plan, position=0)
    world.second.continues, world.second.lineage = row, row.pk
    world.second.save()
    return shared


def address(name, world):
    slug = world.plan.slug
    arguments = {
        "pages:home": [],
        "pages:explanation": ["help"],
        "pages:hide_line": ["kpis:kpis"],
        "actions:first_officer": [],
        "pages:plans": [],
        "pages:area": [slug, 1],
        "actions:record_update": [slug, "1.1.1a"],
        "actions:correct_update": [slug, "1.1.1a", world.blue.pk],
        "actions:answer_blue": [slug, "1.1.1a"],
        "pages:end_deputy": [slug, 1],
        "actions:end_shared_view": [slug, 1],
        **{
            f"actions:{name}": [slug, "1.1.1a"]
            for name in [
                "save_draft",
                "discard_draft",
                "keep_text",
                "check_update",
                "update_conflict",
                "update_done",
            ]
        },
        "actions:add_evidence": [slug, "1.1.1a"],
        "actions:document_file": [slug, world.document.pk],
        "actions:withdraw_document": [slug, world.document.pk],
        "actions:evidence_file": [slug, "1.1.1a", world.evidence.pk],
        "actions:former_evidence_file": [slug, "1.1.1b", world.former_evidence.pk],
        "actions:withdraw_evidence": [slug, "1.1.1a", world.evidence.pk],
        "actions:add_note": [slug, "1.1.1a"],
        "actions:upload_preview": [slug, world.upload.pk],
        "actions:progress_template": [slug, "csv"],
        "actions:start_plan": [],
        "actions:add_part": [slug, "person"],
        "actions:edit_part": [slug, "person", world.people["lead"].pk],
        "actions:remove_part": [slug, "person", world.people["lead"].pk],
        "actions:restore_part": [slug, "person", world.people["lead"].pk],
        "actions:move_part": [slug, "person", world.people["lead"].pk],
        "actions:invite_again": [slug, 1],
        "actions:withdraw_invitation": [slug, 1],
        "actions:invitation": ["nobodys"],
        "pages:told": [slug, world.people["lead"].pk],
        "pages:sheet_of": [slug, world.people["lead"].pk],
        "reaching:my_mail": [],
        "reaching:renew_calendar": [],
        "reaching:calendar": [wishes.wishes_of(world.users["lead"]).calendar_key],
        "reaching:unsubscribe": [signing.dumps(world.users["lead"].pk, salt=SALT)],
        "reaching:message": [slug, world.message.pk],
        "reaching:address": [slug, world.people["lead"].pk],
        "reaching:hold": [slug, world.users["lead"].pk],
        "reaching:end_hold": [slug, world.users["lead"].pk],
        "kpis:figures_template": [slug, "csv"],
        "kpis:figures_preview": [slug, world.figures_upload.pk],
        "kpis:baseline": [slug, "K1"],
        "kpis:comparator_figure": [slug, "K1"],
        "kpis:kpis_file": [slug, "csv"],
        "pages:kpi": [slug, "K1"],
        "kpis:rebase": [slug, "K1"],
        "kpis:small_numbers": [slug, "K1"],
        "kpis:withdraw_rebase": [slug, "K2", world.rebase.pk],
        "kpis:check_figure": [slug, "K2", world.figure.pk],
        "pages:changed_file": [slug, "csv"],
        "pages:findings_file": [slug, "csv"],
        "pages:finding": [slug, world.finding.code],
        "pages:inspectors_file": [slug, world.finding.code],
        "actions:judge_finding": [slug, world.finding.code],
        "oversight:change": [slug, world.change.pk],
        "oversight:ask_change": [slug, "1.1.1a"],
        "oversight:ask_kpi_change": [slug, "K1"],
        "oversight:propose_part": [slug, "commitment"],
        "oversight:propose_wording": [slug, "commitment", "1.1.1a"],
        "pages:action": [slug, "1.1.1"],
        "pages:commitment": [slug, "1.1.1a"],
        "actions:commitments_file": [slug, "csv"],
        "oversight:risks_file": [slug, "xlsx"],
        "pages:search": [],
        "reports:history_file": [slug, "csv"],
        "oversight:close_risk": [slug, world.risk.pk],
        "actions:families_view": [slug, "1.1.1a"],
        "actions:judge_area": [slug, 1],
        "oversight:edit_review": [slug, world.review.pk],
        "oversight:add_review_ask": [slug, world.review.pk],
        "oversight:edit_review_ask": [slug, world.review.pk, world.review_ask.pk],
        **{
            f"oversight:{name}": [slug, world.question.pk]
            for name in ("question", "answer_question", "close_question")
        },
        **{
            name: [slug, world.meeting.pk]
            for name in (
                "oversight:meeting",
                "pages:agenda",
                "oversight:edit_meeting",
                "oversight:cancel_meeting",
            )
        },
        "oversight:finish_decision": [slug, world.decision.pk],
        "oversight:handover": [slug, world.handover.pk],
        "oversight:note_handover": [slug, world.handover.pk],
        "reports:start": [slug, world.unbegun.pk],
        **{
            f"reports:{name}": [slug, world.draft.pk]
            for name in ("draft", "draft_families", "words", "cut_off", "publish", "discard")
        },
        "reports:draft_file": [slug, world.draft.pk, "report", "json"],
        "reports:sign": [slug, world.draft.pk, "1"],
        "reports:approve": [slug, world.draft.pk, world.council.pk],
        "reports:record_signature": [slug, world.draft.pk, "1"],
        "reports:record_answer": [slug, world.draft.pk, world.council.pk],
        "reports:check_said": [slug, world.draft.pk, world.said.pk],
        **{
            f"reports:{name}": [slug, world.report.pk]
            for name in ("report", "report_families", "new_version")
        },
        "reports:report_file": [slug, world.report.pk, "report", "json"],
    }
    asked = {
        "reports:words": "?place=commitment:1.1.1a:progress",
        "pages:sheets_of_several": f"?to={world.people['lead'].pk}",
    }
    return reverse(name, args=arguments.get(name, [slug])) + asked.get(name, "")


def sign_in(client, world, persona):
    client.logout()
    if persona != "signed_out":
        client.force_login(world.users[persona])


@pytest.mark.parametrize("name", TABLE)
def test_an_address_answers_each_persona(client, world, name):
    answers = {}
    for persona in PERSONAS:
        sign_in(client, world, persona)
        answer = client.get(address(name, world))
        answers[persona] = answer.status_code
        # Read to its end, a file is closed.
        b"".join(answer)
    assert answers == TABLE[name]


# What a view that an officer has shared opens to a report reader, and nothing else does.
LENT = {
    "actions:plan",
    "pages:area",
    "pages:findings",
    "pages:findings_file",
    "pages:finding",
    "actions:engagement",
    "actions:glossary",
    "pages:commitment",
    "pages:action",
    "kpis:grid",
    "kpis:kpis",
    "kpis:kpis_file",
    "pages:kpi",
}


@pytest.mark.parametrize("name", TABLE)
def test_a_shared_view_opens_some_pages_to_its_reader_and_no_other(client, world, name):
    today = timezone.localdate()
    view = SharedView.objects.create(
        plan=world.plan,
        reader=world.users["reader"],
        by=world.users["officer"],
        as_at=today,
        ends_on=today,
    )
    sign_in(client, world, "reader")
    answer = client.get(address(name, world)).status_code
    assert answer == (SEE if name in LENT else TABLE[name]["reader"])
    # Nothing is written through it either.
    if name in LENT:
        assert client.post(address(name, world), {}).status_code in (REFUSED, 405)
    view.ends_on = today - timedelta(days=1)
    view.save()
    assert client.get(address(name, world)).status_code == TABLE[name]["reader"]


BOARD = b"Ref,Date,Rating,Progress\n1.1.1a,2022-05-31,Green,Work goes on.\n"
UPDATE = {"brag": "green", "progress": "Work goes on.", "late_reason": "The tender ran twice."}


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize(
    ("name", "sent", "model"),
    [
        (
            "actions:correct_update",
            UPDATE | {"correction_reason": "Wrong line."},
            ProgressUpdate,
        ),
        ("actions:answer_blue", {"decision": "confirm"}, Confirmation),
        ("actions:add_evidence", {"title": "Figures", "visibility": "members"}, Evidence),
        ("actions:withdraw_evidence", {"reason": "Wrong."}, EvidenceWithdrawal),
        (
            "actions:add_document",
            {"kind": "letter", "title": "Letter", "visibility": "members"},
            PlanDocument,
        ),
        ("actions:withdraw_document", {"reason": "Wrong."}, PlanDocumentWithdrawal),
        ("actions:add_note", {"kind": "legal", "text": "A note."}, RestrictedNote),
        ("actions:upload_preview", {}, ProgressUpdate),
        ("oversight:close_risk", {"reason": "Two nurses started."}, RiskClosing),
        ("actions:families_view", {"view": "yes"}, FamiliesView),
        ("actions:judge_area", {"brag": "amber", "reason": "Waits fall."}, AreaJudgement),
        ("oversight:add_review", {"held_on": "3/5/2022", "advisers": "DfE"}, ReviewMeeting),
        ("oversight:add_review_ask", {"text": "A plan for staff"}, ReviewAction),
        ("oversight:answer_question", {"text": "The tender."}, ChallengeAnswer),
        (
            "oversight:finish_decision",
            {"done_on": f"{timezone.localdate():%d/%m/%Y}"},
            DecisionDone,
        ),
        ("kpis:withdraw_rebase", {"reason": "Too early."}, Rebase),
        ("kpis:check_figure", {"decision": "confirm"}, MeasurementCheck),
        ("actions:add_part", {"name": "Ann Other"}, Person),
        ("reports:start", {}, Report),
        ("reports:new_version", {"reason": "A colour was wrong."}, Report),
    ],
)
def test_refused_means_nothing_written(client, world, persona, name, sent, model):
    sign_in(client, world, persona)
    before = model.objects.count()
    status = client.post(address(name, world), sent).status_code
    may = TABLE[name][persona] == SEE
    assert model.objects.count() - before == (1 if may else 0)
    assert status == (302 if may else TABLE[name][persona])


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_handover_is_acknowledged_by_the_sro_whose_area_it_touches(client, world, persona):
    sign_in(client, world, persona)
    client.post(address("oversight:note_handover", world), {})
    assert HandoverSeen.objects.exists() is (persona == "sro")


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_risk_is_raised_by_those_whose_job_it_is(client, world, persona):
    sign_in(client, world, persona)
    sent = {"kind": "issue", "text": "No chair", "on": "commitment:1.1.1a"}
    status = client.post(address("oversight:raise_risk", world), sent).status_code
    may = persona in ("officer", "lead", "other_lead", "sro")
    assert Risk.objects.filter(text="No chair").exists() is may
    # An SRO elsewhere has the form, and no such choice on it.
    refused = 422 if persona == "other_sro" else TABLE["oversight:raise_risk"][persona]
    assert status == (302 if may else refused)


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_figure_is_recorded_by_those_whose_measure_it_is(client, world, persona):
    sign_in(client, world, persona)
    sent = {f"f{world.kpi.pk}_value": "217", f"f{world.kpi.pk}_status": "final"}
    status = client.post(address("kpis:figures", world), sent).status_code
    may = persona in ("officer", "lead", "sro")
    assert Measurement.objects.filter(value=217).exists() is may
    # An SRO elsewhere has the page, and no such row on it.
    refused = 422 if persona == "other_sro" else TABLE["kpis:figures"][persona]
    assert status == (302 if may else refused)
    client.post(address("kpis:baseline", world), {"value": "242", "on": "March 2022"})
    assert (Kpi.objects.get(pk=world.kpi.pk).baseline is not None) is may
    others = {"series": world.comparator.pk, "period": "2022", "value": "62.7"}
    client.post(address("kpis:comparator_figure", world), others)
    assert world.comparator.figures.exists() is may


@pytest.mark.parametrize("persona", PERSONAS)
def test_questions_meetings_and_decisions_are_written_by_those_whose_job_it_is(
    client, world, persona
):
    """Each names something, so the forms are filled in for everybody alike."""
    sign_in(client, world, persona)
    held = make_meeting(world.plan, days=-30)
    sent: dict[str, tuple[dict[str, Any], Any]] = {
        "oversight:ask_question": (
            {"on": "area:1", "text": "Who pays?", "asked_by": "A councillor"},
            Challenge,
        ),
        "oversight:close_question": (
            {"text": "Seen.", "meeting": world.meeting.pk},
            ChallengeClosing,
        ),
        "oversight:record_decision": (
            {"meeting": held.pk, "text": "Go on", "minute": "item 1"},
            Decision,
        ),
        "oversight:add_meeting": (
            {"body": held.body_id, "held_on": "3/6/2030", "papers_due_on": "27/5/2030"},
            Meeting,
        ),
    }
    for name, (answers, model) in sent.items():
        before = model.objects.count()
        may = TABLE[name][persona] == SEE
        status = client.post(address(name, world), answers).status_code
        assert model.objects.count() - before == (1 if may else 0), name
        assert status == (302 if may else TABLE[name][persona]), name
    client.post(address("oversight:cancel_meeting", world))
    # The chair closed a question in it, so that it stays.
    kept = persona in ("chair", "member")
    assert Meeting.objects.filter(pk=world.meeting.pk).exists() is (kept or persona != "officer")


@pytest.mark.parametrize("persona", PERSONAS)
def test_an_update_is_kept_checked_and_sent_by_those_who_may(client, world, persona):
    may = TABLE["actions:record_update"][persona] == SEE
    sign_in(client, world, persona)
    sent = UPDATE | {"on_behalf_of": world.people["lead"].pk, "base": world.blue.pk}
    for name in ("actions:save_draft", "actions:record_update"):
        status = client.post(address(name, world), sent).status_code
        # Whoever is signed out meanwhile is asked to sign in with the words in hand.
        asked = persona == "signed_out" and name == "actions:record_update"
        assert Draft.objects.exists() is may
        expected = TABLE["actions:record_update"][persona]
        assert status in (200, 302) if may or asked else status == expected
    before = ProgressUpdate.objects.count()
    for name in ("actions:check_update", "actions:update_conflict"):
        client.post(address(name, world), {"choice": "record_mine"})
    assert ProgressUpdate.objects.count() - before == (1 if may else 0)


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_deputy_is_named_and_ended_by_those_who_may(client, world, persona):
    sign_in(client, world, persona)
    part = Membership.objects.get(user=world.users["lead"], role=Membership.Role.LEAD)
    days = {"starts_on": "1/1/2030", "ends_on": "31/1/2030"}
    sent = {"part": part.pk, "user": world.users["member"].pk, **days}
    client.post(address("pages:deputies", world), sent)
    may = persona in ("officer", "lead")
    assert Membership.objects.filter(deputy_for=part).exists() is may
    other = memberships.name_deputy(
        of=part,
        user=world.users["member"],
        starts_on=date(2031, 1, 1),
        ends_on=date(2031, 1, 31),
    )
    client.post(reverse("pages:end_deputy", args=[world.plan.slug, other.pk]))
    assert Membership.objects.filter(pk=other.pk).exists() is not may


@pytest.mark.parametrize("persona", PERSONAS)
def test_only_an_officer_sets_when_updates_close(client, world, persona):
    sign_in(client, world, persona)
    # The first of a month that has not begun.
    starts_on = add_months(timezone.localdate().replace(day=1), 2)
    sent = {"kind": "termly", "grace_days": "5", "starts_on": starts_on}
    client.post(address("pages:periods", world), sent)
    assert UpdateCycle.objects.exists() is (persona == "officer")
    skipped = {"period": add_months(starts_on, -1), "treatment": "skipped"}
    client.post(address("pages:periods", world), skipped)
    assert PeriodTreatment.objects.exists() is (persona == "officer")


@pytest.mark.parametrize("persona", PERSONAS)
def test_only_an_officer_brings_in_a_file(client, world, persona):
    sign_in(client, world, persona)
    board = BOARD.replace(b"1.1.1a", b"1.1.1b")
    client.post(
        address("actions:upload_progress", world), {"file": documents.sent("board.csv", board)}
    )
    kept = ProgressUpload.objects.exclude(pk=world.upload.pk)
    assert kept.exists() is (persona == "officer")


def test_restricted_evidence_is_given_to_the_few_who_need_it(client, world):
    restricted = evidence.add_evidence(
        commitment=world.commitment,
        by=world.users["forum"],
        title="Letter",
        file=checked_file(documents.sent("letter.pdf", documents.PDF)),
        visibility=Evidence.Visibility.RESTRICTED,
    )
    found = {}
    for persona in PERSONAS:
        sign_in(client, world, persona)
        slug = world.plan.slug
        file = reverse("actions:evidence_file", args=[slug, "1.1.1a", restricted.pk])
        answer = client.get(file)
        found[persona] = answer.status_code
        b"".join(answer)
    assert found == only("officer", "lead", "other_lead", "sro", "forum")


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
    by_sro = make_update(
        world.second,
        world.users["sro"],
        brag="blue",
        progress="Done.",
        evidence=NewEvidence("Minutes"),
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


def test_an_sro_who_leads_the_commitment_keeps_nobody_else_from_answering(client, world):
    """The one SRO of the area wrote the update, and the other leads it: neither may answer."""
    Membership.objects.create(
        user=world.users["lead"], plan=world.plan, role="sro", area=world.area
    )
    make_update(
        world.commitment,
        world.users["sro"],
        brag="blue",
        progress="Done.",
        evidence=NewEvidence("Minutes"),
        changed_for_families="Answers come sooner.",
        on_behalf_of=world.people["lead"],
    )
    found = {}
    for persona in ("lead", "sro", "other_sro", "chair"):
        sign_in(client, world, persona)
        found[persona] = client.get(address("actions:answer_blue", world)).status_code
    assert found == {"lead": REFUSED, "sro": REFUSED, "other_sro": 200, "chair": 200}


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
    for name in ("pages:commitment", "actions:record_update"):
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
        ("officer", "/my-work/"),
        ("chair", "/my-work/"),
        ("member", "/my-work/"),
        ("reader", "/reports/"),
        ("outsider", "/plans/"),
        ("superuser", "/users/"),
    ],
)
def test_everybody_lands_where_their_work_is(client, world, persona, lands_on):
    sign_in(client, world, persona)
    assert lands_on in client.get(reverse("pages:home"))["Location"]

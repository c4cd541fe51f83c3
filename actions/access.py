"""Who may see and do what. Every view and write goes through here.

A page shows what a verb would do, by the same predicate: a view asks it with the access of its
request and answers 403, and a verb that confirms, supports, decides, approves or signs asks it
again under its lock, with `granted_to`, and refuses in words. So whoever calls the verb, nobody
answers for what they recorded, asked or lead.

Outside one's plan the answer is 404, as if it did not exist. Inside it, where it is not one's job,
403. A superuser manages users and names a plan's first officer; that is no role on a plan.
"""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from actions.memberships import (
    COVERED_ROLES,
    LIVE_ROLES,
    PlanAccess,
    Role,
    bodies_of,
    has_been_officer,
)
from actions.models import Plan
from actions.rules.state import CommitmentState
from wsoa.accounts.models import User


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def refuse_unless(allowed: bool, words: str) -> None:
    """A verb's refusal of whose job it is not: in words, for whoever called it."""
    if not allowed:
        raise ValidationError(words)


def require_superuser(user: User | AnonymousUser) -> None:
    require(user.is_superuser)


def can_see_live(access: PlanAccess) -> bool:
    return bool(access.roles & LIVE_ROLES)


# Who may lead a commitment.
LEADING = frozenset({Role.LEAD, Role.FORUM})


def leads(access: PlanAccess, state: CommitmentState) -> bool:
    """Whether the commitment is the user's own."""
    if not access.roles & LEADING:
        return False
    return state.is_led_by(access.user.pk)


def deputises(access: PlanAccess, state: CommitmentState) -> bool:
    """Whether the user stands in for one of its leads today."""
    return any(state.is_led_by(user) for user in access.deputises)


def _covers_a_lead(access: PlanAccess, state: CommitmentState) -> bool:
    """Whether the user covers today, in any part, for somebody who leads it."""
    return any(state.is_led_by(user) for user in access.covers)


def leads_to_name(access: PlanAccess, state: CommitmentState) -> list[int]:
    """The people an update may be recorded for: those they stand in for, else every lead."""
    covered = [lead.person for lead in state.leads if lead.user in access.deputises]
    return covered or [lead.person for lead in state.leads]


def can_record_update(access: PlanAccess, state: CommitmentState) -> bool:
    if access.plan.state != Plan.State.AGREED:
        return False
    return _speaks_of(access, state)


def can_add_evidence(access: PlanAccess, state: CommitmentState) -> bool:
    """Who may say how it goes; also of a plan that is closed, where the last of it comes later."""
    if access.plan.state == Plan.State.DRAFT:
        return False
    return _speaks_of(access, state)


def _speaks_of(access: PlanAccess, state: CommitmentState) -> bool:
    if state.is_withdrawn:
        return False
    if access.is_officer:
        return True
    if state.area in access.sro_areas:
        return True
    if deputises(access, state):
        return True
    return leads(access, state)


def records_on_behalf(access: PlanAccess, state: CommitmentState) -> bool:
    """Whether the user, recording here, must name the lead whose account it is."""
    return not leads(access, state)


def can_correct_update(
    access: PlanAccess, state: CommitmentState, *, author: int | None, account_of: int | None = None
) -> bool:
    """Who recorded an update, the user whose account it is if that is another, and officers."""
    if not can_record_update(access, state):
        return False
    return access.is_officer or access.user.pk in (author, account_of)


def can_read_restricted(access: PlanAccess, state: CommitmentState, author: int | None) -> bool:
    """Whether the user reads restricted notes and evidence of a commitment.

    `state` has the leads of today, whatever day a page shows: see `PlanPage.led_today`.
    """
    if author == access.user.pk:
        return True
    if access.is_officer:
        return True
    if state.area in access.sro_areas:
        return True
    return leads(access, state)


def can_withdraw_evidence(access: PlanAccess, state: CommitmentState, author: int | None) -> bool:
    """Also of a plan that is closed: what should never have been shown must not stay for that."""
    return can_read_restricted(access, state, author)


def can_import_progress(access: PlanAccess) -> bool:
    if access.plan.state != Plan.State.AGREED:
        return False
    return access.is_officer


def can_raise_risk(
    access: PlanAccess, *, areas: Collection[int], state: CommitmentState | None = None
) -> bool:
    """On a commitment (`state`, with the leads of today), an area, or a measure of these areas."""
    if state is not None and state.is_withdrawn:
        return False
    return can_close_risk(access, areas=areas, state=state)


def can_record_figure(
    access: PlanAccess, *, data_owner: int | None, areas: Collection[int]
) -> bool:
    """Of a KPI: by its data owner (a user), an officer, and the SRO of an area it serves.

    Also of a plan that is closed, whose last figures come after its closing day.
    """
    if access.plan.state == Plan.State.DRAFT:
        return False
    if access.is_officer or access.sro_areas.intersection(areas):
        return True
    return data_owner == access.user.pk and can_see_live(access)


def can_check_figure(
    access: PlanAccess,
    *,
    data_owner: int | None,
    areas: Collection[int],
    author: int | None,
    is_hidden: bool,
) -> bool:
    """Nobody confirms a figure they recorded themselves, nor one that `is_hidden` from them."""
    if author == access.user.pk or is_hidden:
        return False
    return can_record_figure(access, data_owner=data_owner, areas=areas)


def can_read_small_numbers(access: PlanAccess, *, data_owner: int | None) -> bool:
    """The programme team, the KPI's data owner, and whom the programme team lets."""
    if access.is_officer or data_owner == access.user.pk:
        return True
    return access.sees_small_numbers and can_see_live(access)


def can_set_small_numbers(access: PlanAccess, *, data_owner: int | None) -> bool:
    """Say from which numbers up the figures of a KPI are shown to everybody."""
    if access.plan.state == Plan.State.CLOSED:
        return False
    return access.is_officer or (data_owner == access.user.pk and can_see_live(access))


def can_rebase(access: PlanAccess) -> bool:
    """Record the decision to compute a control chart's limits afresh."""
    return access.is_officer and access.plan.state == Plan.State.AGREED


def can_close_risk(
    access: PlanAccess, *, areas: Collection[int], state: CommitmentState | None = None
) -> bool:
    if access.plan.state != Plan.State.AGREED:
        return False
    if access.is_officer:
        return True
    if access.sro_areas.intersection(areas):
        return True
    if state is None:
        return False
    return leads(access, state) or deputises(access, state)


def can_answer_blue(
    access: PlanAccess,
    state: CommitmentState,
    *,
    author: int | None,
    area_sros: frozenset[int],
) -> bool:
    """Whether the user may confirm or return this proposed Blue.

    Nobody answers for an update they recorded or a commitment they lead. The area's SRO answers;
    where no SRO of the area may, another SRO of the plan or the chair does.
    """
    user = access.user.pk
    if user == author or state.is_led_by(user) or _covers_a_lead(access, state):
        return False
    if state.area in access.sro_areas:
        return True
    if any(sro != author and not state.is_led_by(sro) for sro in area_sros):
        return False
    return bool(access.roles & {Role.SRO, Role.CHAIR})


def answers_blue_of_area(access: PlanAccess, state: CommitmentState) -> bool:
    """Whether a Blue waits that the user answers as the area's SRO."""
    if not state.standing.blue_proposal or state.area not in access.sro_areas:
        return False
    own = frozenset({access.user.pk})
    return can_answer_blue(access, state, author=state.blue_author, area_sros=own)


# --- Questions, meetings, decisions ---------------------------------------------------------------

ASKING = frozenset({Role.SRO, Role.CHAIR, Role.MEMBER, Role.FORUM})


def can_ask_question(access: PlanAccess) -> bool:
    """Ask, or, as an officer, record what somebody outside asked."""
    if access.plan.state != Plan.State.AGREED:
        return False
    return access.is_officer or asks_personally(access)


def asks_personally(access: PlanAccess) -> bool:
    """Whether a question can be the user's own; an officer records those from outside."""
    return bool(access.roles & ASKING)


def can_answer_question(
    access: PlanAccess,
    *,
    areas: Collection[int],
    states: Collection[CommitmentState] = (),
    data_owner: int | None = None,
) -> bool:
    """The leads of what it is about and their deputies, the SRO of its area, a KPI's data owner."""
    if access.plan.state != Plan.State.AGREED or not can_see_live(access):
        return False
    if access.sro_areas.intersection(areas) or data_owner == access.user.pk:
        return True
    return any(leads(access, state) or deputises(access, state) for state in states)


def can_close_question(access: PlanAccess, *, author: int | None, is_outside: bool) -> bool:
    """Its asker; an officer one from outside; the chair any, in a meeting."""
    if access.plan.state != Plan.State.AGREED:
        return False
    if access.is_officer and is_outside:
        return True
    if asks_personally(access) and not is_outside and author == access.user.pk:
        return True
    return Role.CHAIR in access.roles


def closes_in_a_meeting(access: PlanAccess, *, author: int | None, is_outside: bool) -> bool:
    """Whether the closing must name the meeting: the chair's of what others asked."""
    if access.is_officer and is_outside:
        return False
    return is_outside or author != access.user.pk


def can_add_meeting(access: PlanAccess) -> bool:
    """Enter a meeting of one of the plan's bodies: the chair calls one as well."""
    if access.plan.state == Plan.State.CLOSED:
        return False
    return access.is_officer or Role.CHAIR in access.roles


def can_manage_meetings(access: PlanAccess) -> bool:
    """Change and cancel the meetings of the plan's bodies."""
    if access.plan.state == Plan.State.CLOSED:
        return False
    return access.is_officer


def can_manage_reviews(access: PlanAccess) -> bool:
    """Review meetings with DfE and NHS England: what was wanted, said and asked."""
    return can_manage_meetings(access)


def can_record_decision(access: PlanAccess) -> bool:
    if access.plan.state != Plan.State.AGREED:
        return False
    return access.is_officer or Role.CHAIR in access.roles


def can_finish_decision(access: PlanAccess, *, owner: int | None) -> bool:
    """Say that a decision is done: its owner (a user) or an officer."""
    if access.plan.state != Plan.State.AGREED:
        return False
    return access.is_officer or (owner == access.user.pk and can_see_live(access))


def can_judge_area(access: PlanAccess, area: int) -> bool:
    if access.plan.state != Plan.State.AGREED:
        return False
    return area in access.sro_areas


def can_say_for_families(access: PlanAccess, state: CommitmentState, *, author: int | None) -> bool:
    """Whether families see a proposed Blue: a representative who neither leads nor proposed it."""
    if access.plan.state != Plan.State.AGREED or Role.FORUM not in access.roles:
        return False
    user = access.user.pk
    return author != user and not state.is_led_by(user) and not _covers_a_lead(access, state)


def has_own_area(access: PlanAccess) -> bool:
    return bool(access.sro_areas)


# --- Who is who ---------------------------------------------------------------------------------


def can_manage_periods(access: PlanAccess) -> bool:
    """See who owes what, record for others, set when updates close."""
    return access.is_officer


def can_add_documents(access: PlanAccess) -> bool:
    """Also of a plan that is closed: the last letters come after that."""
    return access.is_officer


def can_ask_change(
    access: PlanAccess,
    *,
    areas: Collection[int],
    state: CommitmentState | None = None,
    data_owner: int | None = None,
) -> bool:
    """Of a commitment (`state`, with the leads of today), or of a measure of these areas."""
    if access.plan.state != Plan.State.AGREED:
        return False
    if state is not None and state.is_withdrawn:
        return False
    if access.is_officer or access.sro_areas.intersection(areas):
        return True
    if state is None:
        return data_owner == access.user.pk and can_see_live(access)
    return leads(access, state) or deputises(access, state)


def can_propose(access: PlanAccess) -> bool:
    """Something new in an agreed plan, or other words: who leads or answers for part of it."""
    if access.plan.state != Plan.State.AGREED:
        return False
    return access.is_officer or bool(access.roles & {Role.LEAD, Role.SRO})


def can_support_change(
    access: PlanAccess, *, areas: Collection[int], asker: int | None, leads: Collection[int]
) -> bool:
    """An SRO answers for the own area, but not for what they asked themselves or lead."""
    if _asked_or_leads(access, asker, leads):
        return False
    return bool(access.sro_areas.intersection(areas))


def _asked_or_leads(access: PlanAccess, asker: int | None, leads: Collection[int]) -> bool:
    """Whether a change is the matter of the user, or of somebody whom they cover for.

    `leads` are the users who lead what it is of.
    """
    return not access.covers.union({access.user.pk}).isdisjoint({asker, *leads})


def can_agree_move(
    access: PlanAccess, *, areas: Collection[int], asker: int | None, leads: Collection[int]
) -> bool:
    """An SRO, in place of the steering group, where the plan leaves a short move of a date to them.

    Of whose request they could support. Where somebody outside must agree, nothing is left to them.
    """
    if not access.plan.own_move_weeks or access.plan.outside_approver:
        return False
    return can_support_change(access, areas=areas, asker=asker, leads=leads)


def can_set_own_moves(access: PlanAccess) -> bool:
    """Say by how many weeks an SRO may move a date without the steering group."""
    return access.is_officer and access.plan.state != Plan.State.CLOSED


def can_comment_change(access: PlanAccess) -> bool:
    return Role.FORUM in access.roles


def can_decide_change(access: PlanAccess, *, asker: int | None, leads: Collection[int]) -> bool:
    """The chair, but not what they asked themselves or lead."""
    return Role.CHAIR in access.roles and not _asked_or_leads(access, asker, leads)


def can_record_for_change(access: PlanAccess) -> bool:
    """Where the minutes have a decision, and an approval from outside.

    The programme team writes down what others decided, so also of what a member of it asked.
    """
    return access.is_officer


def can_take_back_change(access: PlanAccess, *, asker: int | None) -> bool:
    return access.is_officer or asker == access.user.pk


def can_share_view(access: PlanAccess) -> bool:
    """Lend a report reader the plan as at a day."""
    return access.is_officer and access.plan.state != Plan.State.DRAFT


def can_name_deputy(access: PlanAccess) -> bool:
    return bool(access.roles & {Role.PROGRAMME_OFFICER, *COVERED_ROLES})


def can_edit_plan(access: PlanAccess) -> bool:
    """What is to be agreed: the parts of a draft, and agreeing it."""
    if access.plan.state != Plan.State.DRAFT:
        return False
    return access.is_officer


def can_edit_people(access: PlanAccess) -> bool:
    """Who is who and may do what: people, bodies, memberships, data owners."""
    if access.plan.state == Plan.State.CLOSED:
        return False
    return access.is_officer


def can_hand_over(access: PlanAccess) -> bool:
    """Pass all that is open with somebody to another person."""
    if access.plan.state != Plan.State.AGREED:
        return False
    return access.is_officer


def can_note_handover(access: PlanAccess, *, areas: Collection[int]) -> bool:
    """Take note of it: the senior responsible officers of what passed."""
    return not access.sro_areas.isdisjoint(areas)


def can_record_judgement(access: PlanAccess) -> bool:
    """What an outside body said of a finding; of a closed plan too, since inspectors return."""
    return access.is_officer


def can_close_plan(access: PlanAccess) -> bool:
    if access.plan.state != Plan.State.AGREED:
        return False
    return access.is_officer


# --- Reports --------------------------------------------------------------------------------------


def can_prepare_report(access: PlanAccess) -> bool:
    """Start, edit, cut off, publish and drop reports; a closed plan still has its last ones."""
    return access.is_officer and access.plan.state != Plan.State.DRAFT


def can_check_said_outside(access: PlanAccess, *, recorder: int | None) -> bool:
    """What was said of a report elsewhere: a second member of the team, never who recorded it."""
    return can_prepare_report(access) and access.user.pk != recorder


def can_set_up_reports(access: PlanAccess) -> bool:
    """The series, who approves, and the council's Word file."""
    return access.is_officer and access.plan.state != Plan.State.CLOSED


def can_see_drafts(access: PlanAccess) -> bool:
    """A whole draft. A lead sees what it says of the own commitments."""
    return bool(access.roles & (LIVE_ROLES - {Role.LEAD}))


def can_word_report(access: PlanAccess, *, is_forums: bool) -> bool:
    """An officer edits a draft's words; what the families' forum says, its representative alone."""
    return _speaks_for_forum(access) if is_forums else can_prepare_report(access)


def can_sign_area(access: PlanAccess, area: int, *, preparer: int) -> bool:
    """Its SRO or the SRO's deputy, but not who prepared the report or prepares the plan's."""
    return area in access.sro_areas and not prepares(access, preparer)


def can_sign_for_forum(access: PlanAccess, *, preparer: int) -> bool:
    return _speaks_for_forum(access) and not prepares(access, preparer)


def _speaks_for_forum(access: PlanAccess) -> bool:
    return Role.FORUM in access.roles and not access.is_officer


def can_approve_report(access: PlanAccess, *, approver: int, preparer: int) -> bool:
    """Whoever approves for an organisation (a user), but not who prepared the report."""
    return not prepares(access, preparer) and approves_reports(access, approver=approver)


APPROVING = frozenset({Role.SRO, Role.CHAIR})


def approves_reports(access: PlanAccess, *, approver: int) -> bool:
    """The accountable person named for an organisation (a user), an SRO or the chair, or who covers
    for them.

    Nobody who prepares the plan's reports, or did so.
    """
    if approver not in {access.user.pk, *access.covers} or access.is_officer:
        return False
    if not access.roles & APPROVING:
        return False
    return not has_been_officer(access.user, access.plan)


def prepares(access: PlanAccess, preparer: int) -> bool:
    """Whether the user prepared a report, or prepares those of the plan."""
    return access.is_officer or preparer == access.user.pk


def can_read_report(access: PlanAccess, addressed_to: Collection[int]) -> bool:
    """Everybody with the live plan; others, what is addressed to a body of theirs."""
    return can_see_live(access) or not bodies_of(access).isdisjoint(addressed_to)

"""A small plan with a quarter worked by hand, for the tests of what reports say.

The quarter is October to December 2022, compared with 30 September. On 31 December area 1 has
1.1.1a Amber (was Green), 1.1.1b Blue (was Green) and 1.1.1c Red (was Amber, its date moved once);
area 2 has 2.1.1a, which nobody rated and which is overdue, and 2.1.1b, withdrawn in November.
"""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.utils import timezone

from actions import memberships
from actions.areas.area_ratings import judge_area
from actions.evidence.evidence import add_evidence
from actions.evidence.restricted_notes import add_restricted_note
from actions.models import (
    Area,
    AreaFinding,
    AreaOfficer,
    Body,
    Evidence,
    FundingAmount,
    FundingLine,
    Inspection,
    Judgement,
    KeyDate,
    Membership,
    Organisation,
    Person,
    Resource,
    ResponsibleOrganisation,
    Withdrawal,
)
from actions.plan.amendments import move_date
from actions.progress.forum_view import say_for_families
from actions.progress.risks import close_risk, raise_risk
from actions.progress.update_answers import NewEvidence, NewRisk
from actions.progress.updates import answer_blue
from actions.rules.dates import PlanDate
from kpis.models import KpiRisk
from reports.contents.building import Built
from reports.models import Approver, Report, ReportSeries
from reports.rendering.document import Document, Section, Table
from tests.factories import (
    area_numbered,
    at,
    make_action,
    make_area,
    make_commitment,
    make_finding,
    make_kpi,
    make_plan,
    make_target,
    make_update,
    make_user,
    record_figure,
)
from wsoa.oversight.decisions.decisions import finish_decision, record_decision
from wsoa.oversight.models import (
    ChangeDecision,
    ChangeRequest,
    Meeting,
    ReviewAction,
    ReviewMeeting,
)

# Words that no report may hold.
SECRETS = (
    "working-note-secret",
    "restricted-note-secret",
    "restricted-evidence-secret",
    "members-evidence-secret",
    "members-link-secret",
)
FORM = "https://example.org/form"


def database_now() -> datetime:
    """The moment by the database's own clock, which is that of every record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment


def make_told() -> SimpleNamespace:
    told = _make_plan()
    _tell_updates(told)
    _show_evidence(told)
    _measure(told)
    _oversee(told)
    _give_money(told)
    return told


def _make_plan() -> SimpleNamespace:
    plan = make_plan()
    council, health = (
        Organisation.objects.create(
            local_area=plan.local_area, code=code, name=name, position=position
        )
        for position, (code, name) in enumerate(
            (("CC", "The county council"), ("NHS", "The health board"))
        )
    )
    for position, organisation in enumerate((council, health)):
        ResponsibleOrganisation.objects.create(
            plan=plan, organisation=organisation, position=position
        )
    users = {
        name: make_user(f"The {name}") for name in ("officer", "sro", "lead", "forum", "chief")
    }
    sro, lead, analyst = (
        Person.objects.create(
            local_area=plan.local_area,
            name=name,
            job_title=title,
            organisation=organisation,
            user=user,
        )
        for name, title, organisation, user in (
            ("Sam Officer", "Director", council, users["sro"]),
            ("Lea Lead", "Service manager", health, users["lead"]),
            ("Dana Data", "Data analyst", council, None),
        )
    )
    finding = make_finding(plan, text="Families wait too long.")
    area = Area.objects.create(
        plan=plan,
        **area_numbered(1),
        title="Waiting times",
        outcomes=["Families wait less."],
    )
    AreaFinding.objects.create(area=area, finding=finding, position=0)
    AreaOfficer.objects.create(area=area, person=sro)
    other_area = make_area(plan, 2)
    action, other_action = make_action(area, "1.1.1"), make_action(other_area, "2.1.1")
    memberships.grant(user=users["officer"], plan=plan, role=Membership.Role.PROGRAMME_OFFICER)
    memberships.grant(user=users["sro"], plan=plan, role=Membership.Role.SRO, area=area)
    memberships.grant(user=users["forum"], plan=plan, role=Membership.Role.FORUM)
    board = Body.objects.create(plan=plan, position=1, name="The board", kind=Body.Kind.BOARD)
    group = Body.objects.create(
        plan=plan, position=2, name="The steering group", kind=Body.Kind.STEERING_GROUP
    )
    return SimpleNamespace(
        plan=plan,
        council=council,
        health=health,
        users=users,
        sro=sro,
        lead=lead,
        analyst=analyst,
        finding=finding,
        area=area,
        other_area=other_area,
        action=action,
        board=board,
        group=group,
        a=make_commitment(action, "a", leads=(lead,), due="2022-12"),
        b=make_commitment(action, "b", leads=(lead,), due="2022-11"),
        c=make_commitment(action, "c", leads=(lead,), due="2022-10"),
        d=make_commitment(other_action, "a", due="2022-08"),
        e=make_commitment(other_action, "b", due="2023-01"),
    )


def say(told: SimpleNamespace, commitment: Any, day: str, brag: str, text: str, **more: Any) -> Any:
    return make_update(
        commitment,
        told.users["lead"],
        brag=brag,
        progress=text,
        effective_at=at(f"{day} 12:00"),
        source="minutes",
        **more,
    )


def _tell_updates(told: SimpleNamespace) -> None:
    say(told, told.a, "2022-09-12", "green", "Two posts are filled.")
    say(told, told.b, "2022-09-13", "green", "The form is tried out.")
    say(
        told,
        told.c,
        "2022-09-14",
        "amber",
        "The tender is out.",
        risk=NewRisk("Too few bid", "Firms are called"),
    )
    completion = KeyDate.objects.get(commitment=told.c)
    move_date(
        key_date=completion,
        to=PlanDate.parse("2023-02"),
        reason="The market is asked first.",
        by=told.users["officer"],
        decided_by="The steering group, 18 October 2022",
        effective_at=at("2022-10-20"),
    )
    blue = say(
        told,
        told.b,
        "2022-11-15",
        "blue",
        "The form is in use.",
        evidence=NewEvidence("members-evidence-secret", "https://example.org/members-link-secret"),
        changed_for_families="Parents fill in one form.",
    )
    say_for_families(
        update=blue,
        by=told.users["forum"],
        view="yes",
        text="Our members like it.",
        effective_at=at("2022-11-16"),
    )
    answer_blue(update=blue, by=told.users["sro"], is_confirmed=True, effective_at=at("2022-11-18"))
    told.newest = say(
        told,
        told.a,
        "2022-12-05",
        "amber",
        "One of two posts is empty again.",
        risk=NewRisk("Nobody applies", "An agency looks."),
        working_note="working-note-secret",
        help_needed="Money for an agency.",
        forecast=PlanDate.parse("2023-02"),
        changed_for_families="Families wait nine weeks less.",
    )
    say(
        told,
        told.c,
        "2022-12-06",
        "red",
        "No bidder came.",
        risk=NewRisk("There is no supplier", "A new tender is out."),
        help_needed="A shorter tender.",
    )
    Withdrawal.objects.create(
        commitment=told.e,
        is_withdrawn=True,
        reason="Another plan does it.",
        by=told.users["officer"],
        effective_at=at("2022-11-10"),
    )


def _show_evidence(told: SimpleNamespace) -> None:
    for title, visibility, link in (
        ("Notes of the launch", Evidence.Visibility.SHAREABLE, FORM),
        ("restricted-evidence-secret", Evidence.Visibility.RESTRICTED, ""),
    ):
        add_evidence(
            commitment=told.b,
            by=told.users["lead"],
            title=title,
            link=link,
            visibility=visibility,
            effective_at=at("2022-11-20"),
        )
    add_restricted_note(
        commitment=told.a,
        by=told.users["lead"],
        kind="staffing",
        text="restricted-note-secret",
        effective_at=at("2022-12-01"),
    )


def _measure(told: SimpleNamespace) -> None:
    """K1 is off its trajectory, K2 counts few people, K3 waits for its baseline."""
    told.wait = make_kpi(
        told.plan,
        "K1",
        (told.a,),
        title="The longest wait",
        baseline=60,
        baseline_date="2022-01",
        first_due_on=date(2022, 9, 1),
        data_owner=told.analyst,
    )
    make_target(told.wait, 30, "2023-03")
    for month, value, said_on in (
        ("2022-08", 53, "2022-09-05"),
        ("2022-09", 52, "2022-10-05"),
        ("2022-10", 50, "2022-11-05"),
        ("2022-11", 49, "2022-12-05"),
    ):
        record_figure(told.wait, month, value, effective_at=at(said_on))
    told.families = make_kpi(
        told.plan,
        "K2",
        (told.b,),
        title="Families who used the form",
        unit="families",
        direction="higher",
        counts_people=True,
        first_due_on=date(2022, 8, 1),
        data_owner=told.analyst,
    )
    for month, value, said_on in (
        ("2022-08", 11, "2022-09-06"),
        ("2022-09", 12, "2022-10-06"),
        ("2022-10", 14, "2022-11-06"),
        ("2022-11", 3, "2022-12-06"),
    ):
        record_figure(told.families, month, value, effective_at=at(said_on))
    told.trust = make_kpi(
        told.plan,
        "K3",
        title="Trust in the plan",
        unit="%",
        direction="higher",
        frequency="quarterly",
        awaits_baseline=True,
        first_due_on=date(2022, 7, 1),
        data_owner=told.analyst,
    )


def _oversee(told: SimpleNamespace) -> None:
    today = timezone.localdate()
    for brag, reason, day in (
        ("amber", "Waits fall slowly.", "2022-09-20"),
        ("red", "The tender failed.", "2022-12-10"),
    ):
        judge_area(
            area=told.area,
            by=told.users["sro"],
            brag=brag,
            reason=reason,
            today=today,
            effective_at=at(day),
        )
    inspection = Inspection.objects.create(
        local_area=told.plan.local_area, code="revisit", position=1, title="The revisit"
    )
    Judgement.objects.create(
        finding=told.finding,
        inspection=inspection,
        code="revisit",
        judged_on=date(2022, 12, 1),
        verdict="not_sufficient",
        summary="Waits are still long.",
        source="letter",
        effective_at=at("2022-12-01"),
    )
    earlier, held = (
        Meeting.objects.create(
            plan=told.plan, body=told.group, held_on=day, papers_due_on=day.replace(day=1)
        )
        for day in (date(2022, 9, 6), date(2022, 11, 22))
    )
    decided = {"plan": told.plan, "by": told.users["officer"], "today": today}
    older = record_decision(
        **decided,
        meeting=earlier,
        text="Bring the waits of each team.",
        minute="item 2",
        area=told.area,
        owner=told.sro,
        due_on=date(2022, 10, 15),
    )
    finish_decision(
        decision=older,
        by=told.users["sro"],
        done_on=date(2022, 10, 30),
        today=today,
        text="In the papers.",
    )
    record_decision(
        **decided,
        meeting=held,
        text="Show the steps to the new date.",
        minute="item 4",
        commitment=told.c,
        owner=told.lead,
        due_on=date(2022, 12, 13),
    )
    reworded = ChangeRequest.objects.create(
        commitment=told.a,
        kind=ChangeRequest.Kind.WORDING,
        wanted_text="What 1.1.1a promises is there and used",
        reason="It says too little.",
        by=told.users["lead"],
        effective_at=at("2022-11-01"),
    )
    ChangeDecision.objects.create(
        request=reworded,
        is_agreed=False,
        reason="It is said already.",
        meeting=held,
        by=told.users["officer"],
        effective_at=at("2022-11-22 12:00"),
    )
    for met_on, advisers, feedback in (
        (date(2022, 11, 3), "DfE and NHS England", "Show what families notice."),
        (date(2023, 2, 1), "Advisers to come", ""),
    ):
        review = ReviewMeeting.objects.create(
            plan=told.plan, held_on=met_on, advisers=advisers, feedback=feedback
        )
        if not feedback:
            continue
        ReviewAction.objects.create(
            meeting=review,
            position=1,
            text="The waits by team",
            due_on=date(2022, 11, 25),
            owner=told.sro,
            answer="Sent with the papers.",
            answered_on=date(2022, 11, 20),
        )
        ReviewAction.objects.create(
            meeting=review,
            position=2,
            text="What happens without staff",
            due_on=date(2022, 12, 1),
            owner=told.lead,
        )
    on_measure = raise_risk(
        plan=told.plan,
        by=told.users["officer"],
        kind="risk",
        text="The survey may fail",
        effective_at=at("2022-10-02"),
    )
    KpiRisk.objects.create(risk=on_measure, kpi=told.trust)
    over = raise_risk(
        plan=told.plan,
        by=told.users["officer"],
        kind="issue",
        text="The room is closed",
        area=told.area,
        effective_at=at("2022-10-03"),
    )
    close_risk(
        risk=over,
        by=told.users["officer"],
        reason="It is open again.",
        effective_at=at("2022-11-03"),
    )


def _give_money(told: SimpleNamespace) -> None:
    Resource.objects.create(action=told.action, position=1, text="Two posts", amount=60000)
    Resource.objects.create(action=told.action, commitment=told.a, position=2, text="A room")
    line = FundingLine.objects.create(
        plan=told.plan, position=1, title="Communications", source="SEND reserve"
    )
    FundingAmount.objects.create(line=line, year="2022/23", amount=27750)
    FundingAmount.objects.create(line=line, year="2023/24")


# --- Reports of it ----------------------------------------------------------------------------


def make_report(told: SimpleNamespace, content: str = "formal", **fields: Any) -> Report:
    """Of the quarter for the formal report and scrutiny; of December, of six weeks, for others."""
    rhythm = {"kpis": "monthly", "exceptions": "six_weekly"}.get(content, "quarterly")
    series, is_new = ReportSeries.objects.get_or_create(
        plan=told.plan,
        code=content,
        defaults={
            "position": 1,
            "title": f"The {content} report",
            "rhythm": rhythm,
            "content": content,
            "anchor_on": date(2022, 11, 21) if rhythm == "six_weekly" else None,
            "year_starts_in": 4,
        },
    )
    if is_new and told.board:
        series.audiences.set([told.board])
    period = series.cycle.period_of(date(2022, 12, 31))
    values = {
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "number": period.number,
        "as_at": date(2022, 12, 31),
        "known_at": database_now(),
        "prepared_by": told.users["officer"],
    }
    return Report.objects.create(series=series, **(values | fields))


def make_approver(told: SimpleNamespace) -> Approver:
    return Approver.objects.create(
        plan=told.plan, organisation=told.council, user=told.users["chief"], office="Chief officer"
    )


def part(built: Built | Document, key: str) -> Section:
    document = built.document if isinstance(built, Built) else built
    return next(section for section in document.sections if section.key == key)


def table(built: Built, name: str) -> Table:
    return next(one for one in built.document.tables() if one.name == name)


def rows(built: Built, name: str) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table(built, name).rows]


def texts(section: Section) -> list[str]:
    """Its paragraphs."""
    return [block.text for block in section.blocks if block.kind == "paragraph"]

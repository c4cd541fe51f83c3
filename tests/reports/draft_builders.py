"""Series, drafts and what is said in them, for the tests of making a report."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.utils import timezone

from actions import memberships
from actions.models import Body, BodyMember, Person, ProgressUpdate, ResponsibleOrganisation
from actions.progress.update_answers import NewRisk
from reports.contents.building import Built, build
from reports.drafts import drafting
from reports.drafts.outside import said_outside
from reports.making import jobs
from reports.models import (
    Approver,
    Publication,
    PublishedFile,
    PublishedPaper,
    Report,
    ReportSeries,
    SaidOutside,
)
from tests.factories import make_update, make_user
from tests.reports.documents import make_document

FORMAL = ReportSeries.Content.FORMAL


def make_files() -> None:
    """What a worker does beside the server: the files of all that is frozen."""
    while jobs.work(uuid4()):
        pass


def make_series(plan: Any, content: str = FORMAL, rhythm: str = "quarterly", **fields: Any) -> Any:
    """A series whose running period holds today, whatever day that is."""
    today = timezone.localdate()
    values = {
        "code": content,
        "position": ReportSeries.objects.filter(plan=plan).count() + 1,
        "title": f"The {content} report",
        "year_starts_in": today.month,
        "anchor_on": today.replace(day=1) if rhythm == "six_weekly" else None,
    }
    return ReportSeries.objects.create(
        plan=plan, content=content, rhythm=rhythm, **(values | fields)
    )


def set_up(world: SimpleNamespace) -> SimpleNamespace:
    """The world with a quarterly series to a board and NHS England, and two who approve.

    The report reader of the world sits on the board.
    """
    plan = world.plan
    world.board, world.nhse = (
        Body.objects.create(plan=plan, position=number, name=name, kind=kind)
        for number, name, kind in (
            (1, "The board", Body.Kind.BOARD),
            (2, "NHS England", Body.Kind.NATIONAL_BODY),
        )
    )
    seat = BodyMember.objects.create(body=world.board, position=1, role="Member")
    seat.people.add(
        Person.objects.create(
            local_area=plan.local_area, name="The reader", user=world.users["reader"]
        )
    )
    for position, organisation in enumerate((world.council, world.nhs)):
        ResponsibleOrganisation.objects.create(
            plan=plan, organisation=organisation, position=position
        )
    world.series = make_series(plan)
    world.series.audiences.set([world.board, world.nhse])
    for organisation, name in ((world.council, "chair"), (world.nhs, "other_sro")):
        Approver.objects.create(
            plan=plan, organisation=organisation, user=world.users[name], office="Chief officer"
        )
    return world


def set_up_and_said(world: SimpleNamespace) -> SimpleNamespace:
    """The same, with one update of 1.1.1a."""
    set_up(world)
    world.update = say(world, "Two posts are filled.")
    return world


def say(
    world: SimpleNamespace, progress: str, brag: str = "amber", **fields: Any
) -> ProgressUpdate:
    """An update of 1.1.1a by its lead, recorded now."""
    return make_update(
        fields.pop("commitment", world.commitment),
        world.users["lead"],
        brag=brag,
        progress=progress,
        risk=NewRisk("Nobody applies") if brag == "amber" else None,
        late_reason="The tender ran late.",
        **fields,
    )


def begin(world: SimpleNamespace, series: Any = None) -> Report:
    """The report of the running period, cut off now."""
    series = series or world.series
    today = timezone.localdate()
    return drafting.start(
        series=series,
        period=series.cycle.period_of(today),
        by=world.users["officer"],
        today=today,
        now=timezone.now(),
    )


def text_of(built: Built, key: str) -> str:
    return built.places[key].text


def put(world: SimpleNamespace, report: Report, key: str, text: str, by: str = "officer") -> None:
    """Edit the words of a place, as read now."""
    seen = drafting.digest_of(text_of(build(report), key))
    drafting.word(report=report, place=key, text=text, seen=seen, by=world.users[by])


def cut_off_now(report: Report) -> Report:
    return drafting.move_cut_off(
        report=report,
        as_at=timezone.localdate(),
        known_at=timezone.now(),
        today=timezone.localdate(),
        now=timezone.now(),
    )


def section(report: Report, key: str) -> Any:
    return next(one for one in build(report).document.sections if one.key == key)


def sign_area(world: SimpleNamespace, report: Report, number: int = 1, by: str = "sro") -> Any:
    area = {1: world.area, 2: world.other_area}[number]
    return drafting.sign(
        report=report,
        area=area,
        digest=section(report, f"area:{number}").digest,
        by=world.users[by],
        office="Senior responsible officer",
    )


def approve(world: SimpleNamespace, report: Report, **fields: Any) -> Any:
    values = {
        "organisation": world.council,
        "by": world.users["chair"],
        "is_approved": True,
        "digest": build(report).substance,
        "office": "Chief officer",
    }
    return drafting.answer(report=report, **(values | fields))


def said_by_the_chair(world: SimpleNamespace, report: Report) -> SaidOutside:
    """The chair's approval for the council by e-mail, today, recorded by a second officer."""
    today, recorder = timezone.localdate(), make_user("The recorder")
    memberships.grant(user=recorder, plan=world.plan, role=memberships.Role.PROGRAMME_OFFICER)
    return said_outside.record_said_outside(
        report=report,
        by=recorder,
        organisation=world.council,
        is_approved=True,
        name="The chair",
        how="email",
        said_on=today,
        found_at="Programme mailbox",
        message="I approve it.",
        digest=build(report).substance,
        today=today,
    )


def put_out(world: SimpleNamespace, report: Report) -> Publication:
    """The report as if it had been published to its audience, with a text of its own and no more
    files than its record: quicker than to publish it."""
    officer = world.users["officer"]
    publication = Publication.objects.create(report=report, by=officer)
    publication.addressed_to.set(report.series.audiences.all())
    document = make_document(is_draft=False)
    for paper in PublishedPaper.Paper.values:
        kept = PublishedPaper.objects.create(
            publication=publication,
            paper=paper,
            payload=document.text,
            digest=document.digest,
            by=officer,
        )
        PublishedFile.objects.create(
            paper=kept,
            format="json",
            name="report.json",
            content=document.text.encode(),
            digest=document.digest,
            size=len(document.text.encode()),
            by=officer,
        )
    return publication

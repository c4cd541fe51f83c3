"""The sample plan's reports: two of each series published, and a quarter's in preparation."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import yaml

from actions import memberships
from actions.models import Area, AreaOfficer, Body, BodyMember, Organisation, Person, Plan
from actions.models.base import SAMPLE_SOURCE, ClockTimestamp
from actions.plan import editing
from actions.plan.editing import PARTS
from actions.records.history import bank_holidays
from actions.rules.dates import LONDON, day_of
from reports.contents.building import Built, build
from reports.contents.signing import FORUMS_SECTION
from reports.drafts import drafting, publishing
from reports.drafts.outside import said_outside
from reports.making import jobs
from reports.models import Approver, Report, ReportSeries, ReportText, SaidOutside, Signature
from reports.rules.calendar import Period, due_on
from wsoa.accounts.models import User
from wsoa.demo.working_days import WorkingDays
from wsoa.oversight.models import Meeting

Content = ReportSeries.Content

TEXTS = Path(__file__).parent / "texts" / "reports.yaml"
IN_PREPARATION = {
    "summary": "This is being written. Figures of the last month are still to come.",
    "co-production": "We have read the draft with 12 families and will say here what they told us.",
}
SROS_OFFICE = "Senior responsible officer"
FORUMS_PLACES = ("forum", "co-production")
ALL_THE_SAME = "Sample: the meeting is this week, and is told what is missing."


def load_reports(plan: Plan, today: date) -> None:
    _Reporting(plan, today).load()


class _Reporting:
    def __init__(self, plan: Plan, today: date) -> None:
        self.plan = plan
        self.today = today
        accounts = User.objects.filter(email__endswith="@sample.example")
        self.users = {user.email.partition("@")[0]: user for user in accounts}
        self.officer = self.users["officer"]
        self.texts = yaml.load(TEXTS.read_text(), Loader=yaml.CSafeLoader)
        self.days = WorkingDays(plan.starts_on.year - 1, today)
        self.areas = list(Area.objects.filter(plan=plan))
        sros = AreaOfficer.objects.filter(area__plan=plan).values_list("area", "person__user")
        by_key = {user.pk: user for user in accounts}
        self.sros = {area: by_key[user] for area, user in sros if user}

    def load(self) -> None:
        self._seat_the_reader()
        self.approvers = self._approvers()
        for series in ReportSeries.objects.filter(plan=self.plan).select_related(
            "plan__local_area"
        ):
            if series.rhythm == ReportSeries.Rhythm.SIX_WEEKLY:
                self._count_from_the_first_meeting(series)
            current = series.cycle.period_of(self.today)
            later = series.cycle.period_of(current.starts_on - timedelta(days=1))
            earlier = series.cycle.period_of(later.starts_on - timedelta(days=1))
            for turn, period in enumerate((earlier, later)):
                self._publish(series, period, turn, self._day_of_issue(series, period))
            if series.content == Content.FORMAL:
                self._prepare(series, current)

    # --- What is set up -----------------------------------------------------------------------

    def _seat_the_reader(self) -> None:
        """The report reader advises for the DfE, and reads what is addressed to it."""
        person = Person.objects.create(
            local_area=self.plan.local_area,
            name=self.users["reader"].name,
            job_title="Sample adviser",
            user=self.users["reader"],
        )
        body = Body.objects.filter(plan=self.plan, kind=Body.Kind.NATIONAL_BODY).first()
        assert body is not None
        seat = BodyMember.objects.create(body=body, position=0, role="Adviser")
        seat.people.add(person)

    def _approvers(self) -> list[Approver]:
        organisations = Organisation.objects.filter(plans=self.plan)
        people = (
            (self.users["chair"], "Sample director for children"),
            (self.users["sro"], "Sample chief nurse"),
        )
        return [
            editing.add(
                PARTS["approver"],
                plan=self.plan,
                holder=self.plan,
                values={"organisation": organisation, "user": user, "office": office},
                by=self.officer,
            )
            for organisation, (user, office) in zip(organisations, people, strict=False)
        ]

    def _count_from_the_first_meeting(self, series: ReportSeries) -> None:
        """Each six weeks end on the Sunday of the week before papers are due."""
        papers = Meeting.objects.filter(plan=self.plan, body__in=series.audiences.all()).first()
        assert papers is not None
        due = papers.papers_due_on
        series.anchor_on = due - timedelta(days=due.weekday() + 7)
        series.save(update_fields=["anchor_on"])

    def _day_of_issue(self, series: ReportSeries, period: Period) -> date:
        """The day on which it was due: with a meeting's papers, or some days after its period."""
        papers = Meeting.objects.filter(plan=self.plan, body__in=series.audiences.all())
        due = due_on(
            period,
            series.cycle,
            [meeting.papers_due_on for meeting in papers],
            series.due_after,
            bank_holidays(period.ends_on.year, period.ends_on.year + 1),
        )
        yesterday = self.today - timedelta(days=1)
        return self.days.on_or_before(min(self.days.on_or_after(due), yesterday))

    # --- Reports ------------------------------------------------------------------------------

    def _publish(self, series: ReportSeries, period: Period, turn: int, issued_on: date) -> None:
        """Signed in the days before, approved the day before, out in the morning."""
        report = self._begin(series, period)
        self._write(
            report,
            {key: texts[turn] for key, texts in self.texts[series.content].items()},
        )
        built = build(report)
        if series.content in (Content.FORMAL, Content.SCRUTINY):
            signed_on = self._working_days_before(issued_on, 3)
            # At once, for each signature of its own would build the whole report again.
            Signature.objects.bulk_create(
                self._signature(report, built, area, signed_on) for area in (*self.areas, None)
            )
            approved_on = self._working_days_before(issued_on, 1)
            for approver in self.approvers:
                self._approve(report, built, approver, approved_on)
        publication = publishing.publish(
            report=report,
            by=self.officer,
            now=self._now(),
            # What was signed and approved meanwhile is missing no longer.
            seen=[gap.words for gap in built.missing],
            reason=ALL_THE_SAME,
            effective_at=_at(issued_on, 10),
            source=SAMPLE_SOURCE,
        )
        jobs.make(publication.files_job)

    def _prepare(self, series: ReportSeries, period: Period) -> None:
        """A draft with words of the officer and the forum, a lead's words cut, one area signed."""
        report = self._begin(series, period)
        self._write(report, IN_PREPARATION)
        for key, place in build(report).places.items():
            if key.endswith(":progress") and ". " in place.text:
                drafting.word(
                    report=report,
                    place=key,
                    text=f"{place.text.partition('. ')[0]}.",
                    seen=drafting.digest_of(place.text),
                    by=self.officer,
                )
                break
        today = self.days.on_or_before(self.today - timedelta(days=1))
        area = self.areas[0]
        drafting.sign(
            report=report,
            area=area,
            digest=_digest(build(report), f"area:{area.code}"),
            by=self.sros[area.pk],
            office=SROS_OFFICE,
            effective_at=_at(today, 11),
            source=SAMPLE_SOURCE,
        )
        self._say_outside(report, self.areas[1])

    def _say_outside(self, report: Report, area: Area) -> None:
        """An area signed by e-mail, as a colleague recorded: it waits for the officer's check."""
        colleague = User.objects.create_user(
            email="colleague@sample.example", name="Sample programme colleague", password=None
        )
        memberships.grant(user=colleague, plan=self.plan, role=memberships.Role.PROGRAMME_OFFICER)
        today = day_of(self._now())
        said_outside.record_said_outside(
            report=report,
            area=area,
            by=colleague,
            name=self.sros[area.pk].name,
            how=SaidOutside.How.EMAIL,
            said_on=today,
            found_at="Sample programme mailbox",
            message="I have read the section and sign it as it stands.",
            digest=_digest(build(report), f"area:{area.code}"),
            today=today,
        )

    def _working_days_before(self, day: date, count: int) -> date:
        for _ in range(count):
            day = self.days.on_or_before(day - timedelta(days=1))
        return day

    def _begin(self, series: ReportSeries, period: Period) -> Report:
        return drafting.start(
            series=series, period=period, by=self.officer, today=self.today, now=self._now()
        )

    def _now(self) -> datetime:
        """By the database's clock, by which all of the sample has been recorded."""
        now: datetime = Plan.objects.values_list(ClockTimestamp()).get(pk=self.plan.pk)[0]
        return now

    def _write(self, report: Report, texts: Mapping[str, str]) -> None:
        """Fill places in which nothing stands, all at once."""
        ReportText.objects.bulk_create(
            ReportText(
                report=report,
                place=key,
                text=text,
                by=self.users["forum"] if key in FORUMS_PLACES else self.officer,
            )
            for key, text in texts.items()
        )

    def _signature(self, report: Report, built: Built, area: Area | None, on: date) -> Signature:
        """An area's by its senior responsible officer; the statement's by the forum."""
        key = f"area:{area.code}" if area else FORUMS_SECTION
        by = self.sros[area.pk] if area else self.users["forum"]
        return Signature(
            report=report,
            area=area,
            digest=_digest(built, key),
            name=by.name,
            office=SROS_OFFICE if area else "Forum representative",
            by=by,
            effective_at=_at(on, 11 + (area.position if area else 5)),
            source=SAMPLE_SOURCE,
        )

    def _approve(self, report: Report, built: Built, approver: Approver, on: date) -> None:
        """The council's director on the page; the ICB's chief nurse by e-mail."""
        by_email = approver == self.approvers[-1]
        drafting.answer(
            report=report,
            organisation=approver.organisation,
            is_approved=True,
            digest=built.substance,
            by=approver.user,
            office=approver.office,
            effective_at=_at(on, 15),
            source=f"{SAMPLE_SOURCE}, e-mail to the programme team" if by_email else SAMPLE_SOURCE,
        )


def _digest(built: Built, key: str) -> str:
    return next(section.digest for section in built.document.sections if section.key == key)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=LONDON)

"""The sample plan's reports: two of each series published, and a quarter's in preparation."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from actions.models import Area, AreaOfficer, Body, BodyMember, Organisation, Person, Plan
from actions.models.base import SAMPLE_SOURCE, ClockTimestamp
from actions.plan import editing
from actions.plan.editing import PARTS
from reports.contents.building import Built, build
from reports.contents.signing import FORUMS_SECTION
from reports.drafts import drafting, publishing
from reports.models import Approver, Report, ReportSeries, ReportText
from reports.rules.calendar import Period
from wsoa.accounts.models import User
from wsoa.oversight.models import Meeting

Content = ReportSeries.Content

# What the officer and the forum write, by the key of its place: in the earlier report, the later.
WORDS = {
    (Content.KPIS, "summary"): (
        "Most figures came in on time. Waits move in the right direction, and more slowly than the "
        "plan says.",
        "Most figures came in on time. Where one is off its path, its data owner says why.",
    ),
    (Content.KPIS, "challenge"): (
        "What would bring waits down faster, and who decides about it?",
        "Which of the figures that are late will come in time next month, and which will not?",
    ),
    (Content.EXCEPTIONS, "summary"): (
        "Staff are still the first reason why work is late. The group is asked for its help with "
        "posts that were advertised twice.",
        "What is for decision comes first. Posts are still the reason most often named.",
    ),
    (Content.EXCEPTIONS, "forum"): (
        "Families ask us for dates they can rely on. We would like each letter to name one.",
        "Letters have begun to name dates. Families notice, and tell us where one passes.",
    ),
    (Content.FORMAL, "summary"): (
        "Work goes on in all five areas. What needs new staff is late; what the two organisations "
        "had to agree on is mostly done.",
        "Some of what was delivered is not yet felt by families; the report says where. Posts are "
        "still the reason for most of what is late.",
    ),
    (Content.FORMAL, "co-production"): (
        "Parent carers sat in every working group. We are heard earlier than we were; we do not "
        "see yet that waits are shorter.",
        "We wrote two of the pages that families now read. We still hear of answers that come "
        "late, and say so in each meeting.",
    ),
    (Content.FORMAL, "families:you-said"): (
        "You said that nobody tells you how long you will wait. Letters now name a date.",
        "You said that the pages about help were hard to find. Parent carers wrote two of them "
        "again.",
    ),
    (Content.SCRUTINY, "summary"): (
        "The plan is in its first year. Foundations are laid in all five areas, and the members "
        "are asked to look at staffing, on which most of the rest depends.",
        "Half-way through the plan, families begin to notice some of it. Waits are the part that "
        "members may want to ask about most.",
    ),
    (Content.SCRUTINY, "co-production"): (
        "We helped to write the plan and sit in its groups. What we ask for is that families are "
        "told what happens next.",
        "Co-production has become usual in three areas. In the others we are asked once things "
        "are decided.",
    ),
    (Content.SCRUTINY, "scrutiny:recommendations"): (
        "That the committee notes what has been done, and what is late.\n"
        "That it asks both organisations for an account of staffing in six months.",
        "That the committee notes what has been done, and what is late.\n"
        "That it asks how long families wait, and hears from the parent carer forum itself.",
    ),
    (Content.SCRUTINY, "scrutiny:financial"): (
        "The work is paid for from the budgets that appendix 3 names.",
    )
    * 2,
    (Content.SCRUTINY, "scrutiny:environmental"): ("None that the programme team knows of.",) * 2,
    (Content.SCRUTINY, "scrutiny:equality"): (
        "The plan is there for disabled children and young people. Nobody is known to be worse "
        "off by it.",
    )
    * 2,
    (Content.SCRUTINY, "scrutiny:next"): ("The committee hears of it again in six months.",) * 2,
    (Content.SCRUTINY, "scrutiny:contacts"): ("The programme officer answers questions.",) * 2,
    (Content.SCRUTINY, "families:you-said"): (
        "You said that you tell your story again and again. Three services now share one form.",
        "You said that you hear nothing after a referral. Somebody now calls within a month.",
    ),
}
IN_PREPARATION = {
    "summary": "This is being written. Figures of the last month are still to come.",
    "co-production": "We have read the draft with twelve families and will say here what they "
    "told us.",
}
FORUMS_PLACES = ("forum", "co-production")
ALL_THE_SAME = "Sample: the meeting’s day stands, and what is missing is told to it."


def load_reports(plan: Plan, today: date) -> None:
    _Reporting(plan, today).load()


class _Reporting:
    def __init__(self, plan: Plan, today: date) -> None:
        self.plan = plan
        self.today = today
        accounts = User.objects.filter(email__endswith="@sample.example")
        self.users = {user.email.partition("@")[0]: user for user in accounts}
        self.officer = self.users["officer"]
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
                self._publish(series, period, turn)
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

    # --- Reports ------------------------------------------------------------------------------

    def _publish(self, series: ReportSeries, period: Period, turn: int) -> None:
        report = self._begin(series, period)
        self._write(
            report,
            {key: texts[turn] for (of, key), texts in WORDS.items() if of == series.content},
        )
        built = build(report)
        if series.content in (Content.FORMAL, Content.SCRUTINY):
            for area in self.areas:
                self._sign(report, built, area)
            self._sign(report, built, None)
            for approver in self.approvers:
                self._approve(report, built, approver)
            built = build(report)
        missing = [gap.words for gap in built.missing]
        publishing.publish(
            report=report,
            by=self.officer,
            now=self._now(),
            seen=missing,
            reason=ALL_THE_SAME if missing else "",
            source=SAMPLE_SOURCE,
        )

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
        self._sign(report, build(report), self.areas[0])

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

    def _sign(self, report: Report, built: Built, area: Area | None) -> None:
        """An area by its senior responsible officer; the statement by the forum."""
        key = f"area:{area.code}" if area else FORUMS_SECTION
        sections = {section.key: section for section in built.document.sections}
        drafting.sign(
            report=report,
            area=area,
            digest=sections[key].digest,
            by=self.sros[area.pk] if area else self.users["forum"],
            office="Senior responsible officer" if area else "Forum representative",
            source=SAMPLE_SOURCE,
        )

    def _approve(self, report: Report, built: Built, approver: Approver) -> None:
        drafting.answer(
            report=report,
            organisation=approver.organisation,
            is_approved=True,
            digest=built.substance,
            by=approver.user,
            office=approver.office,
            source=SAMPLE_SOURCE,
        )

"""The sample plan's oversight: its meetings, what was asked, decided and judged, reviews."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from actions.areas import area_ratings
from actions.documents.documents import add_document
from actions.models import (
    Area,
    AreaOfficer,
    Body,
    Commitment,
    FamiliesView,
    Person,
    Plan,
    PlanDocument,
    ProgressUpdate,
)
from actions.models.base import SAMPLE_SOURCE
from actions.progress import forum_view
from actions.records.history import bank_holidays
from actions.rules.dates import LONDON, add_months, working_days_before
from kpis.models import Kpi
from wsoa.accounts.models import User
from wsoa.oversight.decisions import decisions
from wsoa.oversight.models import Challenge, Meeting, ReviewAction, ReviewMeeting
from wsoa.oversight.questions import questions

PAPERS = 5

# What each area's officer has said of it, by months before today, oldest first. Area 4 is not
# judged.
JUDGEMENTS: dict[int, list[tuple[int, str, str]]] = {
    1: [
        (7, "amber", "Posts are advertised; waits have not grown."),
        (4, "amber", "Half of the posts are filled. The front door opens late."),
        (1, "red", "Waits fall too slowly, and the new service has no staff for its front door."),
    ],
    2: [
        (6, "red", "Families say that nobody asks them."),
        (1, "amber", "Families are heard more; two actions wait for their second survey."),
    ],
    3: [(1, "amber", "Schools have signed up. The placements have not changed yet.")],
    5: [
        (5, "amber", "The pages are written and wait for the forum."),
        (1, "green", "The pages are live, used and kept up to date."),
    ],
}


def load_oversight(plan: Plan, today: date) -> None:
    _Oversight(plan, today).load()


class _Oversight:
    def __init__(self, plan: Plan, today: date) -> None:
        self.plan = plan
        self.today = today
        accounts = User.objects.filter(email__endswith="@sample.example")
        self.users = {user.email.partition("@")[0]: user for user in accounts}
        self.people = {
            person.user_id: person for person in Person.objects.filter(user__in=accounts)
        }

    def load(self) -> None:
        held = self._meetings()
        self._judge()
        self._ask(held)
        self._decide(held)
        self._reviews()
        self._families()
        self._documents()

    def _documents(self) -> None:
        """What goes with the plan."""
        officer = self.users["officer"]
        for kind, title, months in (
            ("letter", "Letter after the review meeting (sample)", 5),
            ("young_people", "The plan for children and young people (sample)", 12),
        ):
            add_document(
                plan=self.plan,
                by=officer,
                today=self.today,
                kind=kind,
                title=title,
                dated_on=add_months(self.today, -months),
                visibility=PlanDocument.Visibility.SHAREABLE,
            )

    # --- Meetings -----------------------------------------------------------------------------

    def _meetings(self) -> list[Meeting]:
        """The steering group's, every six weeks: those held, oldest first; and the next two."""
        body = Body.objects.filter(plan=self.plan, kind=Body.Kind.STEERING_GROUP).first()
        assert body is not None
        held = [self._meeting(body, -weeks) for weeks in (32, 26, 20, 14, 8, 2)]
        for weeks in (4, 10):
            self._meeting(body, weeks)
        return held

    def _meeting(self, body: Body, weeks: int) -> Meeting:
        held_on = self.today + timedelta(weeks=weeks)
        held_on -= timedelta(days=held_on.weekday() - 1)
        holidays = bank_holidays(held_on.year - 1, held_on.year)
        papers = working_days_before(held_on, PAPERS, holidays)
        return Meeting.objects.get_or_create(
            plan=self.plan, body=body, held_on=held_on, defaults={"papers_due_on": papers}
        )[0]

    # --- Judgements ---------------------------------------------------------------------------

    def _judge(self) -> None:
        officers = dict(
            AreaOfficer.objects.filter(area__plan=self.plan).values_list(
                "area__code", "person__user"
            )
        )
        users = User.objects.in_bulk([user for user in officers.values() if user])
        for area in Area.objects.filter(
            plan=self.plan, code__in=[str(number) for number in JUDGEMENTS]
        ):
            for months, brag, reason in JUDGEMENTS[int(area.code)]:
                day = add_months(self.today, -months).replace(day=20)
                area_ratings.judge_area(
                    area=area,
                    by=users[officers[area.code]],
                    brag=brag,
                    reason=reason,
                    today=self.today,
                    effective_at=_noon(day),
                    source=SAMPLE_SOURCE,
                )

    # --- Questions ----------------------------------------------------------------------------

    def _ask(self, held: list[Meeting]) -> None:
        *_, before, last = held
        late = self._asked(
            last,
            "chair",
            "The date has moved once, and a second move is asked for. What will be in place by "
            "then that is not in place now?",
            commitment=self._commitment("1.2.2a"),
            answer_due_on=last.held_on + timedelta(days=28),
        )
        answered = self._asked(
            before,
            "forum",
            "Families still wait without hearing anything. Who writes to them, and how often?",
            area=Area.objects.get(plan=self.plan, code="1"),
        )
        self._answered(
            answered,
            "sro",
            9,
            "From this month the front door writes every four weeks, with a name and a number to "
            "call.",
        )
        closed = self._asked(
            before,
            "member",
            "Does the survey reach families whose first language is not English?",
            commitment=self._commitment("1.2.1b"),
        )
        self._answered(closed, "lead", 6, "It is out in four languages; a fifth part answered so.")
        self._closed(closed, "member", 12, "Answered; the next figures will show it.")
        outside = self._asked(
            before,
            "officer",
            "How does the local area know that its first contact is right?",
            asked_by="DfE adviser",
            area=Area.objects.get(plan=self.plan, code="3"),
        )
        self._closed(
            outside,
            "officer",
            20,
            "Answered in the review meeting: every tenth is looked at again.",
        )
        self._asked(
            last,
            "officer",
            "Who checks that the published pages are kept up to date?",
            asked_by="A county councillor",
            area=Area.objects.get(plan=self.plan, code="5"),
        )
        kpi = Kpi.objects.filter(plan=self.plan, withdrawn_at=None).first()
        if kpi:
            questions.ask(
                plan=self.plan,
                kpi=kpi,
                by=self.users["chair"],
                text="The figure and what families say point apart. Which months are in it?",
                today=self.today,
                meeting=last,
                effective_at=_noon(last.held_on),
                source=SAMPLE_SOURCE,
            )
        self.late = late

    def _asked(self, meeting: Meeting, by: str, text: str, **fields: Any) -> Challenge:
        return questions.ask(
            plan=self.plan,
            by=self.users[by],
            text=text,
            today=self.today,
            meeting=meeting,
            effective_at=_noon(meeting.held_on),
            source=SAMPLE_SOURCE,
            **fields,
        )

    def _answered(self, question: Challenge, by: str, days: int, text: str) -> None:
        questions.answer(
            question=question,
            by=self.users[by],
            text=text,
            effective_at=question.effective_at + timedelta(days=days),
            source=SAMPLE_SOURCE,
        )

    def _closed(self, question: Challenge, by: str, days: int, text: str) -> None:
        questions.close(
            question=question,
            by=self.users[by],
            today=self.today,
            text=text,
            effective_at=question.effective_at + timedelta(days=days),
            source=SAMPLE_SOURCE,
        )

    def _commitment(self, ref: str) -> Commitment:
        return Commitment.objects.select_related("plan").get(plan=self.plan, ref=ref)

    # --- Decisions ----------------------------------------------------------------------------

    def _decide(self, held: list[Meeting]) -> None:
        *_, before, last = held
        lead, sro = (self.people[self.users[name].pk] for name in ("lead", "sro"))
        done = self._decided(
            before,
            "Bring the waits of each team, not only of the county, to the next meeting.",
            "item 5",
            owner=sro,
            due_on=last.held_on,
            area=Area.objects.get(plan=self.plan, code="1"),
        )
        decisions.finish_decision(
            decision=done,
            by=self.users["sro"],
            done_on=last.held_on - timedelta(days=4),
            today=self.today,
            text="In the papers of the next meeting.",
            source=SAMPLE_SOURCE,
        )
        self._decided(
            before,
            "Ask schools that have not signed up what holds them back, and say so here.",
            "item 7",
            owner=lead,
            due_on=before.held_on + timedelta(days=28),
            commitment=self._commitment("1.2.2c"),
        )
        self._decided(
            last,
            "Show the steps to the new date month by month, with what each depends on.",
            "item 4",
            owner=lead,
            due_on=self.today + timedelta(days=16),
            question=self.late,
        )
        self._decided(
            last,
            "Say in the next newsletter when the new service takes its first families.",
            "item 6",
            owner=sro,
            due_on=self.today + timedelta(days=9),
            area=Area.objects.get(plan=self.plan, code="1"),
        )
        self._decided(
            last, "Keep the order of the areas as it is for the next two meetings.", "item 2"
        )

    def _decided(self, meeting: Meeting, text: str, minute: str, **fields: Any) -> Any:
        return decisions.record_decision(
            plan=self.plan,
            by=self.users["officer"],
            meeting=meeting,
            text=text,
            minute=minute,
            today=self.today,
            source=SAMPLE_SOURCE,
            **fields,
        )

    # --- Review meetings ----------------------------------------------------------------------

    def _reviews(self) -> None:
        lead, sro = (self.people[self.users[name].pk] for name in ("lead", "sro"))
        held_on = self.today - timedelta(weeks=11)
        held = ReviewMeeting.objects.create(
            plan=self.plan,
            held_on=held_on,
            evidence_due_on=held_on - timedelta(days=14),
            advisers="DfE, NHS England",
            feedback="Sample feedback: the plan is clear about what is late. Show next time what "
            "families notice, and not only what was done.",
        )
        for position, (text, owner, due, answer) in enumerate(_asks(held_on, lead, sro)):
            ReviewAction.objects.create(
                meeting=held,
                position=position + 1,
                text=text,
                owner=owner,
                due_on=due,
                answer=answer,
                answered_on=due - timedelta(days=3) if answer else None,
            )
        ahead = self.today + timedelta(weeks=7)
        ReviewMeeting.objects.create(
            plan=self.plan,
            held_on=ahead,
            evidence_due_on=ahead - timedelta(days=14),
            advisers="DfE, NHS England",
        )

    # --- Families -----------------------------------------------------------------------------

    def _families(self) -> None:
        """What the forum says of a Blue that waits."""
        waiting = (
            ProgressUpdate.objects.filter(commitment=self._commitment("1.2.4a"), brag="blue")
            .order_by("-effective_at", "-recorded_at")
            .first()
        )
        if waiting:
            forum_view.say_for_families(
                update=waiting,
                by=self.users["forum"],
                view=FamiliesView.View.NOT_YET,
                text="Parents of the forum know of the new form; few have had an answer to it yet.",
                source=SAMPLE_SOURCE,
            )


def _asks(held_on: date, lead: Person, sro: Person) -> Iterator[tuple[str, Person, date, str]]:
    yield (
        "The waits by team, with the number of families behind each.",
        sro,
        held_on + timedelta(days=21),
        "Sent with the papers of the steering group.",
    )
    yield (
        "How the forum’s members are found, and whom they speak for.",
        lead,
        held_on + timedelta(days=35),
        "A note of the forum went to both advisers.",
    )
    yield (
        "What happens if the new service stays short of staff.",
        sro,
        held_on + timedelta(days=63),
        "",
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=LONDON)

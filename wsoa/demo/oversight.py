"""The sample plan's oversight: its meetings, what was asked, decided and judged, reviews."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

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
from wsoa.demo.working_days import WorkingDays
from wsoa.oversight.decisions import decisions
from wsoa.oversight.models import Challenge, Meeting, ReviewAction, ReviewMeeting
from wsoa.oversight.questions import questions

PAPERS = 5

TEXTS = Path(__file__).parent / "texts" / "oversight.yaml"


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
        self.days = WorkingDays(plan.starts_on.year - 1, today)
        self.texts = yaml.load(TEXTS.read_text(), Loader=yaml.CSafeLoader)
        by_key = {user.pk: user for user in accounts}
        officers = AreaOfficer.objects.filter(area__plan=plan)
        self.sros: dict[str, User] = {
            code: by_key[user]
            for code, user in officers.values_list("area__code", "person__user")
            if user
        }

    def load(self) -> None:
        held = self._meetings()
        self._rate()
        self._decide(held, self._ask(held))
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
                dated_on=self.days.on_or_before(add_months(self.today, -months)),
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
        held_on = self.days.on_or_after(held_on - timedelta(days=held_on.weekday() - 1))
        holidays = bank_holidays(held_on.year - 1, held_on.year)
        papers = working_days_before(held_on, PAPERS, holidays)
        return Meeting.objects.get_or_create(
            plan=self.plan, body=body, held_on=held_on, defaults={"papers_due_on": papers}
        )[0]

    # --- Ratings ------------------------------------------------------------------------------

    def _rate(self) -> None:
        for area in Area.objects.filter(plan=self.plan):
            for rating in self.texts["ratings"][int(area.code)]:
                brag = next(key for key in rating if key != "months")
                day = add_months(self.today, -rating["months"]).replace(day=20)
                area_ratings.judge_area(
                    area=area,
                    by=self._user(f"sro {area.code}"),
                    brag=brag,
                    reason=rating[brag],
                    today=self.today,
                    effective_at=_noon(self.days.on_or_before(day)),
                    source=SAMPLE_SOURCE,
                )

    # --- Questions ----------------------------------------------------------------------------

    def _ask(self, held: list[Meeting]) -> dict[str, Challenge]:
        """Those that a decision answers, by their key."""
        keyed = {}
        for told in self.texts["questions"]:
            meeting = held[told["meeting"]]
            due = meeting.held_on + timedelta(days=told.get("due", 0))
            question = questions.ask(
                plan=self.plan,
                by=self._user(told["by"]),
                text=told["text"],
                today=self.today,
                meeting=meeting,
                asked_by=told.get("asked_by", ""),
                answer_due_on=self.days.on_or_after(due) if "due" in told else None,
                effective_at=_noon(meeting.held_on),
                source=SAMPLE_SOURCE,
                **self._subject(told["about"]),
            )
            if answer := told.get("answer"):
                questions.answer(
                    question=question,
                    by=self._user(answer["by"]),
                    text=answer["text"],
                    effective_at=self._after(meeting, answer["days"]),
                    source=SAMPLE_SOURCE,
                )
            if close := told.get("close"):
                questions.close(
                    question=question,
                    by=self._user(close["by"]),
                    today=self.today,
                    text=close["text"],
                    effective_at=self._after(meeting, close["days"]),
                    source=SAMPLE_SOURCE,
                )
            if "key" in told:
                keyed[told["key"]] = question
        return keyed

    def _user(self, part: str) -> User:
        """`chair`, or `sro 2`: the senior responsible officer of Area 2."""
        role, _, area = part.partition(" ")
        return self.sros[area] if area else self.users[role]

    def _subject(self, about: str) -> dict[str, Any]:
        """`1.2.2a`, `area 1` or `kpi 1.1.1-1`."""
        kind, _, code = about.rpartition(" ")
        if kind == "area":
            return {"area": Area.objects.get(plan=self.plan, code=code)}
        if kind == "kpi":
            return {"kpi": Kpi.objects.get(plan=self.plan, code=code)}
        return {"commitment": self._commitment(code)}

    def _after(self, meeting: Meeting, days: int) -> datetime:
        """So many days later or on the working day after that; yesterday at the latest."""
        day = self.days.on_or_after(meeting.held_on + timedelta(days=days))
        latest = self.days.on_or_before(self.today - timedelta(days=1))
        return datetime.combine(min(day, latest), time(14), tzinfo=LONDON)

    def _commitment(self, ref: str) -> Commitment:
        return Commitment.objects.select_related("plan").get(plan=self.plan, ref=ref)

    # --- Decisions ----------------------------------------------------------------------------

    def _decide(self, held: list[Meeting], asked: dict[str, Challenge]) -> None:
        for told in self.texts["decisions"]:
            meeting = held[told["meeting"]]
            subject: dict[str, Any] = self._subject(told["about"]) if "about" in told else {}
            if "answers" in told:
                subject["question"] = asked[told["answers"]]
            owner = self._user(told["owner"]) if "owner" in told else None
            decision = decisions.record_decision(
                plan=self.plan,
                by=self.users["officer"],
                meeting=meeting,
                text=told["text"],
                minute=told["minute"],
                owner=self.people[owner.pk] if owner else None,
                due_on=self._due(told, held),
                today=self.today,
                source=SAMPLE_SOURCE,
                **subject,
            )
            if owner and "done" in told:
                before = held[told["due_at"]].held_on - timedelta(days=4)
                decisions.finish_decision(
                    decision=decision,
                    by=owner,
                    done_on=self.days.on_or_before(before),
                    today=self.today,
                    text=told["done"],
                    source=SAMPLE_SOURCE,
                )

    def _due(self, told: dict[str, Any], held: list[Meeting]) -> date | None:
        if "due_at" in told:
            due: date = held[told["due_at"]].held_on
        elif "due_after" in told:
            due = held[told["meeting"]].held_on + timedelta(days=told["due_after"])
        elif "due_ahead" in told:
            due = self.today + timedelta(days=told["due_ahead"])
        else:
            return None
        return self.days.on_or_after(due)

    # --- Review meetings ----------------------------------------------------------------------

    def _reviews(self) -> None:
        lead, sro = (self.people[self.users[name].pk] for name in ("lead", "sro"))
        held_on = self.days.on_or_before(self.today - timedelta(weeks=11))
        held = ReviewMeeting.objects.create(
            plan=self.plan,
            held_on=held_on,
            evidence_due_on=held_on - timedelta(days=14),
            advisers="DfE; NHS England, regional team",
            feedback="Sample feedback: the plan is clear about what is late, and about what was "
            "decided. Show next time what families notice, and not only what was done; and bring "
            "the new path for waits.",
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
        ahead = self.days.on_or_after(self.today + timedelta(weeks=7))
        ReviewMeeting.objects.create(
            plan=self.plan,
            held_on=ahead,
            evidence_due_on=ahead - timedelta(days=14),
            advisers="DfE; NHS England, regional team",
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
                text="Parents with joint triage hear sooner. Elsewhere few know of it.",
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
        "What happens to families if the front door stays short of staff.",
        sro,
        held_on + timedelta(days=63),
        "",
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=LONDON)

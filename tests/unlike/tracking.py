"""Three unlike plans, typed as printed and tracked over twelve months by their leads.

What is said is a row of twelve letters for each commitment, one a month, so that a test can count
down a column by hand. Each is said at noon on the tenth, by the commitment's leads in turn:

    g a r   Green, Amber, Red
    y       Grey: work starts in the month that `Tracked.starts` names
    b       Blue, confirmed four days later by the area's officer
    B       Blue said again, which stands as it is
    p       Blue that nobody answers
    d       Green, and the completion date is delivered
    m       Amber, and the chair moves the completion date to the month that `Tracked.moved` names
    -       nothing
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from actions import memberships
from actions.models import Commitment, KeyDate, Membership, Person, Plan
from actions.plan.amendments import move_date
from actions.progress.update_answers import NewEvidence, NewMark, NewRisk
from actions.progress.updates import answer_blue
from actions.rules.dates import PlanDate, day_of
from kpis.models import ComparatorSeries, Kpi
from kpis.recording.comparators import record_comparator_figure
from kpis.rules.validation import period_of
from tests.factories import at, make_update, make_user, record_figure
from wsoa.accounts.models import User
from wsoa.planfile.format.reading import read_plan_file
from wsoa.planfile.importing import import_plan

PLANS = Path(__file__).parent / "plans"
Role = Membership.Role
COLOURS = {"g": "green", "d": "green", "a": "amber", "m": "amber", "r": "red", "y": "grey"}
COLOURS |= dict.fromkeys("bBp", "blue")


@dataclass(frozen=True, slots=True)
class Tracked:
    """Twelve months of one plan, from the month `begins`."""

    file: str
    begins: str
    said: Mapping[str, str]
    moved: Mapping[str, str] = field(default_factory=dict)
    starts: Mapping[str, str] = field(default_factory=dict)
    # By KPI: a figure, or a numerator and a denominator, by a month of its period.
    figures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    # By KPI and by whose it is: a value, by a month of its period.
    others: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)


ACCELERATED = Tracked(
    "accelerated.yaml",
    begins="2024-10",
    said={
        # ONDJFMAMJJAS
        "1.1": "ggb---------",
        "1.2": "ggggdggggggg",
        "1.3": "gaaamggggb--",
        "1.4": "gggggggaaarr",
        "1.5": "y-----gggggg",
        "1.6": "gg--rrraaagg",
        "2.1": "ggggggb-----",
        "2.2": "aaaaaaaadggg",
        "2.3": "ggggggggggp-",
        "2.4": "rrrraaaagggg",
        "2.5": "------------",
        "3.1": "gggggggggggg",
        "3.2": "gggggdgggggg",
        "3.3": "aaaaaaaaaaaa",
        "3.4": "y-----------",
        "3.5": "ggggggggb---",
        "4.1": "gb----B-----",
        "4.2": "ggggggaaaggg",
        "4.3": "gggggggg----",
        "4.4": "rrrrrmaaaggg",
    },
    moved={"1.3": "2025-07", "4.4": "2025-08"},
    starts={"1.5": "2025-04", "3.4": "2025-10"},
    figures={
        # Each a milestone’s own quarter: 47.5, 59, 64 and 71 per cent.
        "A1": {
            "2024-12": (38, 80),
            "2025-03": (59, 100),
            "2025-06": (64, 100),
            "2025-09": (71, 100),
        },
        "B1": {"2024-12": 371, "2025-03": 330, "2025-06": 262, "2025-09": 188},
        "D1": {"2024-12": 0.44, "2025-03": 0.41, "2025-06": 0.36, "2025-09": 0.3},
        "D2": {"2024-12": 1.65, "2025-03": 1.72, "2025-06": 1.7, "2025-09": 1.62},
    },
    others={"D1": {"England": {"2024-12": "0.37", "2025-03": "0.38"}}},
)
PRIORITY = Tracked(
    "priority.yaml",
    begins="2024-08",
    said={
        # ASONDJFMAMJJ
        "1-1": "gggggb------",
        "1-2": "gggaaagggggg",
        "1-3": "rrraaaaaaggg",
        "2-1": "ggggggggd---",
        "2-2": "y----ggggggg",
        "2-3": "ggg-maaagggb",
    },
    moved={"2-3": "2025-06"},
    starts={"2-2": "2025-01"},
    figures={
        "waits": {"2024-09": 322, "2024-12": 290, "2025-03": 251, "2025-06": 240},
        "tuition": {"2024-09": (20, 50), "2024-12": (27, 60), "2025-03": (33, 60)},
    },
)
IMPROVEMENT = Tracked(
    "improvement.yaml",
    begins="2024-08",
    said={
        # ASONDJFMAMJJ
        "1-1": "ggggb-------",
        "1-2": "aaaaaaaaaaaa",
        "2-1": "ggggggggb---",
        "2-2": "gggggggggggg",
        "3-1": "rrrrrrrrrrrr",
        "3-2": "y-----gggggg",
        "4-1": "gggggggggggg",
        "4-2": "ggggggggggd-",
        "5-1": "------------",
        "5-2": "gggggggggggg",
    },
    starts={"3-2": "2025-02"},
    figures={"letters": {"2024-12": (12, 40), "2025-03": (19, 40)}},
)
STRATEGIC = Tracked(
    "strategic.yaml",
    begins="2024-01",
    said={
        # JFMAMJJASOND
        "r1-a": "gggggggggggd",
        "r1-b": "aaaaaagggggg",
        "r2-a": "gggd--------",
        "r2-b": "gggggggggggg",
        "r3-a": "rrrraaaagggg",
        "r3-b": "gg----------",
        "r4-a": "y-----gggggg",
        "r4-b": "gggggggg----",
        "r5-a": "y-----------",
        "r5-b": "gggaaagggaaa",
        "r6-a": "gggggggggggg",
        "r6-b": "aaaaaaaaaaaa",
    },
    starts={"r4-a": "2024-07", "r5-a": "2025-01"},
    figures={
        "weeks": {"2024-03": 31, "2024-06": 28.5, "2024-09": 26, "2024-12": 24},
        "near": {"2024-12": 69},
    },
)


def make_accelerated() -> SimpleNamespace:
    return SimpleNamespace(of=[track(ACCELERATED)])


def make_one_inspection() -> SimpleNamespace:
    """Two plans that answer one inspection."""
    return SimpleNamespace(of=[track(PRIORITY), track(IMPROVEMENT)])


def make_strategic() -> SimpleNamespace:
    return SimpleNamespace(of=[track(STRATEGIC)])


def track(tracked: Tracked) -> SimpleNamespace:
    """Import the plan, give everybody their part, and say what they said."""
    file = read_plan_file(PLANS / tracked.file)
    import_plan(file, name=tracked.file)
    plan = Plan.objects.get(slug=file.plan.slug)
    users = _take_part(plan, tracked)
    teller = _Teller(plan, tracked, users)
    for month in range(12):
        for ref, letters in tracked.said.items():
            teller.say(ref, letters[month], month)
    teller.measure()
    return SimpleNamespace(plan=plan, users=users, file=file, tracked=tracked)


def _take_part(plan: Plan, tracked: Tracked) -> dict[str, User]:
    """An account for every lead and officer of the plan; an officer and a chair beside them."""
    users = {name: make_user(f"{plan.local_area} {name}") for name in ("officer", "chair", "forum")}
    memberships.name_first_officer(
        plan=plan, user=users["officer"], tracked_from=PlanDate.parse(tracked.begins).first_day
    )
    memberships.grant(user=users["chair"], plan=plan, role=Role.CHAIR)
    memberships.grant(user=users["forum"], plan=plan, role=Role.FORUM)
    people = Person.objects.filter(local_area=plan.local_area)
    for person in people:
        if person.user is None:
            person.user = make_user(person.name)
            person.save(update_fields=["user"])
    for person in people.filter(leads__commitment__plan=plan).distinct():
        memberships.grant(user=_user(person), plan=plan, role=Role.LEAD)
        users.setdefault("lead", _user(person))
    for officer in people.filter(areas__area__plan=plan).distinct():
        for held in officer.areas.filter(area__plan=plan):
            memberships.grant(user=_user(officer), plan=plan, role=Role.SRO, area=held.area)
        users.setdefault("sro", _user(officer))
    return users


def _user(person: Person) -> User:
    assert person.user is not None
    return person.user


class _Teller:
    def __init__(self, plan: Plan, tracked: Tracked, users: Mapping[str, User]) -> None:
        self.plan, self.tracked, self.users = plan, tracked, users
        self.first = PlanDate.parse(tracked.begins)
        self.rows = {row.code: row for row in Commitment.objects.filter(plan=plan)}
        assert self.rows.keys() == tracked.said.keys()

    def say(self, ref: str, letter: str, month: int) -> None:
        if letter == "-":
            return
        row = self.rows[ref]
        moment = self._moment(month)
        leads = [_user(lead.person) for lead in row.leads.select_related("person__user")]
        more: dict[str, Any] = {
            "late_reason": "The last part comes later.",
            "effective_at": moment,
            "source": "minutes",
        }
        if letter in "amr":
            more["risk"] = NewRisk(f"Too few hands for {row.title.lower()}", "Others step in.")
        if letter == "r":
            more["help_needed"] = "A decision about the post."
        if letter == "y":
            more["work_starts"] = PlanDate.parse(self.tracked.starts[ref])
        if letter in "bBp":
            more["evidence"] = NewEvidence(f"Minutes about {ref}", is_shareable=True)
            more["changed_for_families"] = f"Families notice it: {row.title}."
        if letter == "d":
            more["marks"] = [NewMark(self._completion(row).pk, day_of(moment))]
        update = make_update(
            row,
            leads[month % len(leads)],
            brag=COLOURS[letter],
            progress=f"In month {month + 1}: {row.title}.",
            **more,
        )
        if letter == "b":
            area = row.action.area
            answer_blue(
                update=update,
                by=self._who_answers(_user(area.officers.get().person), leads),
                is_confirmed=True,
                effective_at=moment + timedelta(days=4),
                source="minutes",
            )
        if letter == "m":
            move_date(
                key_date=self._completion(row),
                to=PlanDate.parse(self.tracked.moved[ref]),
                reason="Less is ready than was thought.",
                by=self.users["chair"],
                decided_by="The board",
                effective_at=moment + timedelta(hours=3),
            )

    def _who_answers(self, sro: User, leads: list[User]) -> User:
        """Nobody answers for what they lead."""
        return self.users["chair"] if sro in leads else sro

    def measure(self) -> None:
        for code, figures in self.tracked.figures.items():
            kpi = Kpi.objects.get(plan=self.plan, code=code)
            for month, value in figures.items():
                said = PlanDate.parse(month).plus_months(1).first_day + timedelta(days=8)
                parts: dict[str, Any] = {"value": value}
                if isinstance(value, tuple):
                    parts = {"value": None, "numerator": value[0], "denominator": value[1]}
                record_figure(kpi, month, effective_at=at(f"{said} 10:00"), **parts)

        for code, series in self.tracked.others.items():
            for name, values in series.items():
                row = ComparatorSeries.objects.get(kpi__plan=self.plan, kpi__code=code, name=name)
                for month, value in values.items():
                    starts_on, ends_on = period_of(row.kpi, PlanDate.parse(month).first_day)
                    record_comparator_figure(
                        series=row,
                        starts_on=starts_on,
                        ends_on=ends_on,
                        value=Decimal(value),
                        by=self.users["officer"],
                        today=timezone.localdate(),
                        effective_at=at("2025-06-02 10:00"),
                    )

    def _moment(self, month: int) -> datetime:
        return at(f"{self.first.plus_months(month).first_day.replace(day=10)} 12:00")

    def _completion(self, row: Commitment) -> KeyDate:
        return KeyDate.objects.get(commitment=row, kind="completion", replaced_by__isnull=True)

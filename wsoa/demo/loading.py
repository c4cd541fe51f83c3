"""Loading the demo: both real plans as published, and the sample plan with a year of progress."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from actions import memberships
from actions.evidence.evidence import add_evidence
from actions.evidence.restricted_notes import add_restricted_note
from actions.io.storage import checked_file
from actions.models import (
    Area,
    AreaOfficer,
    Commitment,
    Draft,
    Evidence,
    KeyDate,
    Membership,
    Person,
    Plan,
    RestrictedNote,
    Risk,
)
from actions.models.base import SAMPLE_SOURCE
from actions.plan import amendments
from actions.progress import updates
from actions.progress.risks import close_risk
from actions.progress.update_answers import DateRequest, NewEvidence, NewRisk, UpdateAnswers
from actions.records.history import load_history
from actions.rules.dates import LONDON, PlanDate, last_day_of_month
from actions.rules.state import CommitmentState, state_at
from actions.rules.status import Outcome, Rating
from wsoa.accounts.models import User
from wsoa.demo import update_texts
from wsoa.demo.changing import load_changes
from wsoa.demo.figures import load_figures
from wsoa.demo.next_plan import load_next
from wsoa.demo.oversight import load_oversight
from wsoa.demo.reporting import load_reports
from wsoa.demo.sample import SLUG, sample_of
from wsoa.demo.storylines import storylines
from wsoa.demo.telling import tell
from wsoa.planfile.format.reading import read_plan_file
from wsoa.planfile.format.schema import PlanFile
from wsoa.planfile.importing import import_plan

Role = Membership.Role

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
REAL = ("warwickshire-2022", "worcestershire-2018")
PASSWORD = "sample-sign-in"
# Whose lead never signs in: what they say comes to the officer by e-mail and telephone.
WITHOUT_ACCOUNT = "3.2.1d"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One account of the demo: of a commitment's lead, an area's officer, or nobody in the plan."""

    email: str
    part: str
    role: str = ""
    leads: str = ""
    area: int | None = None
    name: str = ""
    reads_real: bool = False


SIGN_INS = (
    SignIn(
        "officer@sample.example",
        "Programme officer",
        Role.PROGRAMME_OFFICER,
        name="Sample programme officer",
        reads_real=True,
    ),
    SignIn("lead@sample.example", "Action lead, Area 1", Role.LEAD, leads="1.2.1a"),
    SignIn("sro@sample.example", "Senior responsible officer, Area 1", Role.SRO, area=1),
    SignIn(
        "chair@sample.example",
        "Steering group chair",
        Role.CHAIR,
        name="Sample chair",
        reads_real=True,
    ),
    SignIn(
        "member@sample.example",
        "Steering group member",
        Role.MEMBER,
        name="Sample steering member",
        reads_real=True,
    ),
    SignIn(
        "forum@sample.example",
        "Forum representative",
        Role.FORUM,
        name="Sample forum representative",
    ),
    SignIn("reader@sample.example", "Report reader", Role.READER, name="Sample report reader"),
    SignIn("admin@sample.example", "Superuser: users and first officers", name="Sample superuser"),
)


def load(today: date, say: Callable[[str], None]) -> bool:
    """Load what is missing. False when the sample plan is there already; nothing changes then."""
    if Plan.objects.filter(slug=SLUG).exists():
        return False
    for slug in REAL:
        if not Plan.objects.filter(slug=slug).exists():
            say(f"Loading {slug} as published …")
            import_plan(_published(slug), name=f"{slug}.yaml")
    say("Loading the sample plan and a year of sample progress …")
    with transaction.atomic():
        _load_sample(today)
    return True


def _published(slug: str) -> PlanFile:
    return read_plan_file(FIXTURES / f"{slug}.yaml")


def _load_sample(today: date) -> None:
    import_plan(sample_of(_published(REAL[0]), today), name="sample plan")
    plan = Plan.objects.get(slug=SLUG)
    plan.is_sample = True
    plan.tracked_from = plan.starts_on
    plan.save(update_fields=["is_sample", "tracked_from"])
    _make_accounts(plan)
    officer = User.objects.get(email="officer@sample.example")
    figures = load_figures(plan, officer, today)
    tell(plan, figures, today)
    _Teller(plan, today).tell()
    load_oversight(plan, today)
    load_changes(plan, today)
    load_reports(plan, today)
    load_next(plan, officer)


def _make_accounts(plan: Plan) -> None:
    """An account for each sign-in, and one without a password for every other lead and officer."""
    for sign_in in SIGN_INS:
        person = _person_of(plan, sign_in)
        name = person.name if person else sign_in.name
        if not sign_in.role:
            User.objects.create_superuser(email=sign_in.email, name=name, password=PASSWORD)
            continue
        user = User.objects.create_user(email=sign_in.email, name=name, password=PASSWORD)
        if person:
            person.user = user
            person.save(update_fields=["user"])
        area = Area.objects.get(plan=plan, code=str(sign_in.area)) if sign_in.area else None
        memberships.grant(user=user, plan=plan, role=sign_in.role, area=area)
        if sign_in.reads_real:
            for real in Plan.objects.filter(slug__in=REAL):
                memberships.grant(user=user, plan=real, role=Role.MEMBER)
    people = Person.objects.filter(leads__commitment__plan=plan) | Person.objects.filter(
        areas__area__plan=plan
    )
    without = Person.objects.filter(
        leads__commitment__plan=plan, leads__commitment__ref=WITHOUT_ACCOUNT
    )
    for person in people.exclude(pk__in=without).distinct():
        if person.user is None:
            email = f"{person.name.lower().replace(' ', '.')}@sample.example"
            person.user = User.objects.create_user(email=email, name=person.name, password=None)
            person.save(update_fields=["user"])
        _grant_parts(plan, person)


def _person_of(plan: Plan, sign_in: SignIn) -> Person | None:
    if sign_in.leads:
        leads = Person.objects.filter(leads__commitment__plan=plan)
        return leads.filter(leads__commitment__ref=sign_in.leads).first()
    if sign_in.area:
        return Person.objects.get(areas__area__plan=plan, areas__area__code=str(sign_in.area))
    return None


def _grant_parts(plan: Plan, person: Person) -> None:
    """A lead's and an officer's part, to whom the plan names as such."""
    assert person.user is not None
    held: set[tuple[str, int | None]] = set(
        Membership.objects.filter(plan=plan, user=person.user).values_list("role", "area_id")
    )
    if person.leads.exists() and (Role.LEAD, None) not in held:
        memberships.grant(user=person.user, plan=plan, role=Role.LEAD)
    for officer in person.areas.filter(area__plan=plan):
        if (Role.SRO, officer.area_id) not in held:
            memberships.grant(user=person.user, plan=plan, role=Role.SRO, area=officer.area)


def _source(ref: str, on_paper: bool) -> str:
    if on_paper:
        return f"{SAMPLE_SOURCE}, paper form"
    # One commitment's year came in from a sheet.
    return f"{SAMPLE_SOURCE}, workbook of last year" if ref == "4.1.1b" else SAMPLE_SOURCE


class _Teller:
    """Records the stories, each by the account whose job it is and at the moment it speaks of."""

    def __init__(self, plan: Plan, today: date) -> None:
        self.plan = plan
        self.today = today
        self.now = plan.starts.months_until(PlanDate.month_of(today))
        self.sros = dict(
            AreaOfficer.objects.filter(area__plan=plan).values_list("area_id", "person__user_id")
        )
        self.users = {user.pk: user for user in User.objects.all()}
        self.officer = User.objects.get(email="officer@sample.example")
        self.chair = User.objects.get(email="chair@sample.example")

    def tell(self) -> None:
        history = load_history([self.plan], self.today)
        commitments = Commitment.objects.select_related("plan").in_bulk()
        for state in state_at(history, self.today)[self.plan.pk].commitments:
            if state.ref not in storylines():
                self._tell_one(commitments[state.id], state)
        self._close_risks()
        self._add_what_is_under_way()

    def _tell_one(self, commitment: Commitment, state: CommitmentState) -> None:
        completion = state.completion.now if state.completion else None
        others = [row for row in state.dates if row is not state.completion and row.kind != "start"]
        events = update_texts.story(
            state.ref,
            self.plan.starts.months_until(completion) if completion else None,
            [self.plan.starts.months_until(row.now) for row in others],
            self.now,
        )
        leads = [self.users[lead.user] for lead in state.leads if lead.user]
        for turn, event in enumerate(events):
            lead = leads[turn % len(leads)]
            moment = self._moment(event.month, state.ref, turn)
            if moment is None:
                continue
            if isinstance(event, update_texts.Update):
                self._say(commitment, state, event, lead, moment)
            elif isinstance(event, update_texts.Moved):
                self._move(commitment, event, lead, moment)
            elif isinstance(event, update_texts.Delivered) and state.completion:
                self._mark(self._date_in_force(commitment), Outcome.DELIVERED, lead, moment)
            elif isinstance(event, update_texts.Met):
                key_date = KeyDate.objects.get(pk=others[event.which].id)
                self._mark(key_date, Outcome.MET, lead, moment)

    def _moment(self, month: int, ref: str, turn: int) -> datetime | None:
        """A working hour of that month, the same for the same story; None if it has not come."""
        number = crc32(f"{ref}.{turn}".encode())
        first = self.plan.starts.plus_months(month).first_day
        latest = min(last_day_of_month(first), self.today - timedelta(days=1))
        if latest < first:
            return None
        day = min(first + timedelta(days=8 + number % 18), latest)
        if day.weekday() > 4:
            day = max(first, day - timedelta(days=day.weekday() - 4))
        # Within one month a story keeps its order.
        hour = time(9 + min(turn % 8, 7), number % 60)
        return datetime.combine(day, hour, tzinfo=LONDON)

    def _say(
        self,
        commitment: Commitment,
        state: CommitmentState,
        event: update_texts.Update,
        by: User,
        moment: datetime,
    ) -> None:
        # One lead sends an update in on paper, and the officer types it in.
        on_paper = state.ref.startswith("3.2.1") and state.leads[0].user == by.pk
        answers = self._answers(commitment, event)
        sent: dict[str, Any] = {
            "commitment": commitment,
            "by": self.officer if on_paper else by,
            "on_behalf_of": Person.objects.get(pk=state.leads[0].person) if on_paper else None,
            "source": _source(state.ref, on_paper),
        }
        update = updates.record_update(**sent, answers=answers, effective_at=moment)
        if event.corrects:
            right = update_texts.corrected(event)
            updates.record_update(
                **sent,
                answers=replace(
                    answers, brag=right.rating, progress=right.text, risk=NewRisk(right.risk)
                ),
                corrects=update,
                correction_reason=event.corrects,
            )
        if event.answer:
            sro = self.users[self.sros[state.area]]
            by_sro = sro != by and not state.is_led_by(sro.pk)
            latest = datetime.combine(self.today, time(0), tzinfo=LONDON) - timedelta(minutes=1)
            updates.answer_blue(
                update=update,
                by=sro if by_sro else self.chair,
                is_confirmed=event.answer == "confirm",
                reason="" if event.answer == "confirm" else update_texts.RETURNED,
                effective_at=min(moment + timedelta(days=4), max(latest, moment)),
                source=SAMPLE_SOURCE,
            )

    def _answers(self, commitment: Commitment, event: update_texts.Update) -> UpdateAnswers:
        wanted = self._month(event.requested)
        evidence = None
        if event.rating is Rating.BLUE and not updates.has_evidence(commitment):
            evidence = NewEvidence("Notes of the last review meeting", is_shareable=True)
        return UpdateAnswers(
            brag=event.rating,
            progress=event.text,
            based_on=["contract_or_minutes"] if event.rating in (Rating.RED, Rating.BLUE) else [],
            risk=NewRisk(event.risk) if event.risk else None,
            help_needed=event.help_needed,
            late_reason="The last part comes with the next term.",
            evidence=evidence,
            changed_for_families=event.families,
            work_starts=self._month(event.starts),
            grey_reason=event.grey_reason,
            date_request=DateRequest(wanted, event.request_reason) if wanted else None,
        )

    def _month(self, number: int | None) -> PlanDate | None:
        return None if number is None else self.plan.starts.plus_months(number)

    def _move(
        self, commitment: Commitment, moved: update_texts.Moved, lead: User, moment: datetime
    ) -> None:
        to = self._month(moved.to)
        assert to is not None
        amendments.move_date(
            key_date=self._date_in_force(commitment),
            to=to,
            reason=moved.reason,
            by=self.chair,
            asked_by=lead.name,
            decided_by="Sample steering group",
            effective_at=moment,
            source=SAMPLE_SOURCE,
        )

    def _date_in_force(self, commitment: Commitment) -> KeyDate:
        return KeyDate.objects.get(
            commitment=commitment, kind="completion", replaced_by__isnull=True
        )

    def _mark(self, key_date: KeyDate, outcome: Outcome, by: User, moment: datetime) -> None:
        updates.mark_date(
            key_date=key_date,
            by=by,
            outcome=outcome,
            on=moment.date(),
            effective_at=moment,
            source=SAMPLE_SOURCE,
        )

    def _close_risks(self) -> None:
        """A risk is over where the commitment has been Green since; others stay open."""
        greens = {
            state.id: state.standing.since
            for state in state_at(load_history([self.plan], self.today), self.today)[
                self.plan.pk
            ].commitments
            if state.rating in (Rating.GREEN, Rating.BLUE)
        }
        for risk in Risk.objects.filter(
            plan=self.plan, closing=None, commitment__in=greens
        ).order_by("id"):
            since = greens[risk.commitment_id or 0]
            if since and since > risk.effective_at and risk.by:
                close_risk(
                    risk=risk,
                    by=risk.by,
                    reason="It did not happen; the work is on course again.",
                    effective_at=since,
                    source=SAMPLE_SOURCE,
                )

    def _add_what_is_under_way(self) -> None:
        """What a visitor should find half-done: a draft, a file, a deputy."""
        lead = User.objects.get(email="lead@sample.example")
        drafted = Commitment.objects.get(plan=self.plan, ref="1.2.3b")
        Draft.objects.create(
            user=lead,
            commitment=drafted,
            base=drafted.updates.order_by("-effective_at").first(),
            answers={
                "brag": ["green"],
                "progress": ["The answers of the second round are sorted by theme. Next week"],
            },
        )
        notes = SimpleUploadedFile(
            "Notes of the conference.txt",
            b"Sample notes. 312 families came; 40 asked for a second day.\n",
        )
        add_evidence(
            commitment=Commitment.objects.get(plan=self.plan, ref="1.2.1b"),
            by=lead,
            title="Notes of the conference",
            file=checked_file(notes),
            visibility=Evidence.Visibility.SHAREABLE,
            source=SAMPLE_SOURCE,
        )
        add_restricted_note(
            commitment=Commitment.objects.get(plan=self.plan, ref="1.2.2a"),
            by=lead,
            kind=RestrictedNote.Kind.STAFFING,
            text="Sample note: two of the five posts were offered and turned down.",
            source=SAMPLE_SOURCE,
        )
        absent = Membership.objects.filter(
            plan=self.plan, role=Role.LEAD, user__people__leads__commitment__ref="5.1.3a"
        ).first()
        if absent:
            memberships.name_deputy(
                of=absent,
                user=lead,
                starts_on=self.today - timedelta(days=3),
                ends_on=self.today + timedelta(days=11),
            )

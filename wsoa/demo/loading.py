"""Loading the demo: both real plans as published, and the sample plan with a year of progress."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from actions import memberships
from actions.evidence.evidence import add_evidence
from actions.evidence.restricted_notes import add_restricted_note
from actions.io.storage import checked_file
from actions.models import (
    Area,
    Commitment,
    Draft,
    Evidence,
    Membership,
    Person,
    Plan,
    RestrictedNote,
)
from actions.models.base import SAMPLE_SOURCE
from wsoa.accounts.models import User
from wsoa.demo.changing import load_changes
from wsoa.demo.figures import load_figures
from wsoa.demo.mails import load_mails
from wsoa.demo.next_plan import load_next
from wsoa.demo.oversight import load_oversight
from wsoa.demo.reporting import load_reports
from wsoa.demo.sample import SLUG, sample_of
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
    _add_what_is_under_way(plan, today)
    load_oversight(plan, today)
    load_changes(plan, today)
    load_reports(plan, today)
    load_next(plan, officer)
    load_mails(plan, today)


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


def _add_what_is_under_way(plan: Plan, today: date) -> None:
    """What a visitor should find half-done: a draft, a file, a deputy."""
    lead = User.objects.get(email="lead@sample.example")
    drafted = Commitment.objects.get(plan=plan, ref="1.2.3b")
    Draft.objects.create(
        user=lead,
        commitment=drafted,
        base=drafted.updates.order_by("-effective_at").first(),
        answers={
            "brag": ["green"],
            "progress": [
                "Nine schools in which pupils notice a change have a quiet room. Next week"
            ],
        },
    )
    notes = SimpleUploadedFile(
        "Notes of the conference.txt",
        b"Sample notes. 312 families came; 40 asked for a second day.\n",
    )
    add_evidence(
        commitment=Commitment.objects.get(plan=plan, ref="1.2.1b"),
        by=lead,
        title="Notes of the conference",
        file=checked_file(notes),
        visibility=Evidence.Visibility.SHAREABLE,
        source=SAMPLE_SOURCE,
    )
    add_restricted_note(
        commitment=Commitment.objects.get(plan=plan, ref="1.2.2a"),
        by=lead,
        kind=RestrictedNote.Kind.STAFFING,
        text="Sample note: the two posts are graded below what the trust pays for the same work.",
        source=SAMPLE_SOURCE,
    )
    absent = Membership.objects.filter(
        plan=plan, role=Role.LEAD, user__people__leads__commitment__ref="5.1.3a"
    ).first()
    if absent:
        memberships.name_deputy(
            of=absent,
            user=lead,
            starts_on=today - timedelta(days=3),
            ends_on=today + timedelta(days=11),
        )

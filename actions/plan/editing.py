"""Editing a plan while it is a draft, and its people and bodies at any time; agreeing it.

A `Part` is a kind of thing in a plan: what it stands in, how it is called, what must hold of it.
The verbs below work on any part. Each locks the local area and the plan, so that one person edits
at a time, and looks again at what is true inside the lock; a refusal is a ValidationError whose
keys are names of fields.

*Two people edit one thing.* A form carries a mark of each field as it was shown. Where somebody
saved another text meanwhile, `Conflict` says which, and nothing is written.

*What a draft said is no promise.* A part nothing hangs on is deleted. What holds records is
withdrawn from the moment it was added, which leaves it out of the plan for good: so a date changed
in a draft is no move, and the first agreed date is the one in force at the agreement.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import Max, Model, OuterRef, ProtectedError, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from pghistory.models import Event

from actions import memberships
from actions.models import (
    Action,
    ActionLead,
    Area,
    AreaOfficer,
    Commitment,
    CommitmentLead,
    DateMark,
    Finding,
    KeyDate,
    LocalArea,
    Membership,
    Plan,
    Theme,
    Withdrawal,
    findings_of,
)
from actions.models.base import (
    Record,
    Withdrawable,
    date_columns,
    date_of_columns,
    plan_date,
)
from actions.models.people import active_on
from actions.pages import formatting
from actions.plan import amendments
from actions.plan.inviting.telling import tell_of_officer
from actions.plan.references import KNOWN_BY, give_reference, show_references
from actions.rules.dates import PlanDate
from actions.rules.levels import with_article
from actions.rules.refs import next_ref
from actions.rules.status import Outcome
from actions.wording import in_words, in_words_lazy
from wsoa.accounts.models import User

Values = Mapping[str, Any]

IN_DRAFT = "Changed while the plan was a draft"

# What may hang on a part, as people call it.
NOUNS = {
    "accountableofficer": (
        in_words_lazy("{action} it is accountable for"),
        in_words_lazy("{actions} it is accountable for"),
    ),
    "action": (in_words_lazy("{action}"), in_words_lazy("{actions}")),
    "actionlead": (in_words_lazy("{action} it leads"), in_words_lazy("{actions} it leads")),
    "approver": ("approver of reports", "approvers of reports"),
    "area": (in_words_lazy("{area}"), in_words_lazy("{areas}")),
    "areaofficer": (in_words_lazy("{area} to answer for"), in_words_lazy("{areas} to answer for")),
    "body": ("body", "bodies"),
    "bodymember": ("line in a list of members", "lines in lists of members"),
    "commitment": (in_words_lazy("{commitment}"), in_words_lazy("{commitments}")),
    "comparatorfigure": ("figure of others", "figures of others"),
    "comparatorseries": ("comparison", "comparisons"),
    "finding": ("finding", "findings"),
    "commitmentlead": (
        in_words_lazy("{commitment} it leads"),
        in_words_lazy("{commitments} it leads"),
    ),
    "kpi": ("measure", "measures"),
    "kpicommitment": ("measure", "measures"),
    "membership": ("membership", "memberships"),
    "person": ("person", "people"),
    "resource": ("resource", "resources"),
    "theme": (in_words_lazy("{theme}"), in_words_lazy("{themes}")),
    "reportseries": ("report series", "report series"),
    "responsibleorganisation": ("plan it is responsible for", "plans it is responsible for"),
}


# The page that lists what is edited whatever was agreed, and its title.
REFERENCE_HOME = ("actions:edit_reference", "Reference parts")


class Conflict(Exception):
    """Somebody saved another text meanwhile.

    `now` are the values that stand; `theirs` the fields that only they changed, `both` those that
    were changed differently by both.
    """

    def __init__(self, now: Values, theirs: Collection[str], both: Collection[str]) -> None:
        super().__init__("saved meanwhile")
        self.now, self.theirs, self.both = now, theirs, both


class Gone(Exception):
    """Somebody removed the part meanwhile."""


# --- Parts ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A kind of thing in a plan. Fields of its form are named as its model's.

    `holder` is the field that names what it stands in, `of_plan` the lookup that leads to its plan,
    `months` the fields kept as a date and whether it is a day, `dates` those of any precision, both
    by the prefix of their columns.
    """

    kind: str
    noun: str
    model: type[Model]
    form: type[Any]
    holder: str = "plan"
    of_plan: str = "plan"
    holder_kind: str = ""
    children: tuple[str, ...] = ()
    months: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    # Links that have a place among their like: by field, the relation of their rows.
    placed: Mapping[str, str] = field(default_factory=dict)
    # What is deleted along with it, by the name of the relation.
    goes_with: tuple[str, ...] = ()
    # By constraint: the field at fault and what is said there.
    clashes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    # Agreed parts change only while the plan is a draft; people and bodies until it is closed.
    is_agreed: bool = True
    # Whether it has a position, and whether people choose it.
    has_place: bool = True
    can_move: bool = True
    can_add: bool = True
    # What a line of it names, to be read along.
    related: tuple[str, ...] = ()
    title: Callable[[Any], str] = str
    note: Callable[[Any], str] = lambda row: ""
    # What is said before it is removed.
    removing: str = "It goes out of the plan. What holds records stays on record."
    # The page that lists it: its name among the addresses, and its title. None: the usual one.
    home: tuple[str, str] | None = None
    # What the page that edits it shows in the margin: a template.
    margin: str = ""

    plural: str = ""

    @property
    def called(self) -> str:
        """Its noun in the words of the plan."""
        return in_words(self.noun)

    @property
    def a_noun(self) -> str:
        return with_article(self.called)

    @property
    def several(self) -> str:
        several = in_words(self.plural) if self.plural else f"{self.called}s"
        return several[0].upper() + several[1:]

    @property
    def list_page(self) -> tuple[str, str]:
        if self.home:
            return self.home
        if self.is_agreed:
            return "actions:edit_plan", "Edit the plan"
        return "actions:edit_people", "People, boards and groups"

    # What there is

    def rows(self, plan: Plan) -> QuerySet[Any]:
        """All of the plan, in their order; withdrawn ones too."""
        of = {self.of_plan: plan.local_area_id if self.of_plan == "local_area" else plan.pk}
        return self.model._default_manager.filter(**of).prefetch_related(*self.related)

    def top(self, plan: Plan) -> Any:
        """What it stands in where that is no part itself."""
        return plan.local_area if self.holder == "local_area" else plan

    def within(self, plan: Plan, holder: Any) -> list[Any]:
        return list(self.rows(plan).filter(**{self.holder: holder}))

    def holder_of(self, row: Any) -> Any:
        """What a part stands in."""
        return getattr(row, self.holder)

    def kind_of(self, holder: Any) -> str:
        """The kind of what it stands in; empty where that is no part itself."""
        return self.holder_kind

    def find(self, plan: Plan, pk: int) -> Any:
        """The part; `Gone` where there is none of that key."""
        row = self.rows(plan).filter(pk=pk).first()
        if row is None:
            raise Gone
        return row

    def is_withdrawn(self, row: Any) -> bool:
        return getattr(row, "withdrawn_at", None) is not None

    def initial(self, plan: Plan, holder: Any) -> dict[str, Any]:
        """What the form of a new one starts from."""
        return {}

    # What it says

    def read(self, row: Any, names: Iterable[str]) -> dict[str, Any]:
        return {name: self._read(row, name) for name in names}

    def _read(self, row: Any, name: str) -> Any:
        if name in self.links:
            return list(getattr(row, name).order_by("pk"))
        if name in self.placed:
            return _tied(row, self.placed[name])
        if name in self.months:
            prefix = self.months[name]
            return plan_date(getattr(row, f"{prefix}on"), getattr(row, f"{prefix}is_day"))
        if name in self.dates:
            return date_of_columns(row, self.dates[name])
        stem, _, what = name.rpartition("_")
        if stem in self.dates:
            return _beside_date(date_of_columns(row, self.dates[stem]), what)
        return getattr(row, name)

    def assign(self, row: Any, values: Values) -> None:
        for name, value in values.items():
            if name in self.months:
                prefix = self.months[name]
                setattr(row, f"{prefix}on", value and value.first_day)
                setattr(row, f"{prefix}is_day", bool(value and value.is_day))
            elif name in self.dates:
                for column, part in date_columns(value, self.dates[name]).items():
                    setattr(row, column, part)
            elif name in self.links or name in self.placed:
                continue
            elif name.rpartition("_")[0] not in self.dates:
                setattr(row, name, value)

    # What is done with it

    def create(self, plan: Plan, holder: Any, values: Values, by: User) -> Any:
        row: Any = self.model(**{self.holder: holder})
        if hasattr(row, "plan_id"):
            row.plan_id = plan.pk
        if self.has_place:
            row.position = _end(self.rows(plan))
        self.save(row, values, by)
        return row

    def save(self, row: Any, values: Values, by: User) -> Any:
        """Write the values; return the row that has them."""
        self.assign(row, values)
        self.check(row)
        row.save()
        for name in self.links:
            if name in values:
                getattr(row, name).set(values[name])
        for name, relation in self.placed.items():
            if name in values:
                _tie(row, relation, values[name])
        return row

    def check(self, row: Any) -> None:
        problems = {}
        for constraint in row._meta.constraints:
            if constraint.name not in self.clashes:
                continue
            try:
                constraint.validate(type(row), row)
            except ValidationError:
                name, message = self.clashes[constraint.name]
                problems[name] = message
        if problems:
            raise ValidationError(problems)

    def remove(self, row: Any, by: User, *, is_draft: bool) -> None:
        """Delete it, or withdraw it where something hangs on it that stays."""
        stays = self._what_stays(row)
        if isinstance(row, Withdrawable) and (stays or not is_draft):
            row.withdrawn_at = timezone.now()
            row.save(update_fields=["withdrawn_at"])
            return
        for name in self.goes_with:
            getattr(row, name).all().delete()
        try:
            row.delete()
        except ProtectedError:
            raise ValidationError(
                "It is named in what was recorded, so it cannot be removed."
            ) from None

    def restore(self, row: Any, by: User) -> None:
        row.withdrawn_at = None
        row.save(update_fields=["withdrawn_at"])

    def _what_stays(self, row: Any) -> bool:
        """Whether withdrawn things hang on it; ValidationError where live ones do."""
        live: dict[str, int] = {}
        stays = False
        for relation in row._meta.related_objects:
            model, name = relation.related_model, relation.get_accessor_name()
            if name in self.goes_with or issubclass(model, Event) or relation.one_to_one:
                continue
            rows = getattr(row, name).all()
            hanging = len(rows)
            if issubclass(model, Commitment):
                rows = standing(rows)
            elif issubclass(model, Withdrawable):
                rows = rows.filter(withdrawn_at=None)
            elif issubclass(model, Record):
                rows = rows.none()
            if count := len(rows):
                noun = NOUNS.get(model._meta.model_name, ("record", "records"))
                live[formatting.plural(count, *noun)] = count
            stays = stays or hanging > 0
        if live:
            raise ValidationError(
                f"There hangs on it: {formatting.listed(list(live))}. Remove or change that first."
            )
        return stays


def _tied(row: Any, relation: str) -> list[Finding]:
    return [link.finding for link in getattr(row, relation).select_related("finding")]


def _tie(row: Any, relation: str, findings: Iterable[Finding]) -> None:
    """Make these the findings that the row answers. What stays keeps its place, in the front."""
    links = getattr(row, relation)
    wanted = list(findings)
    links.exclude(finding__in=wanted).delete()
    known = set(links.values_list("finding_id", flat=True))
    start = _end(links.all())
    new = [finding for finding in wanted if finding.pk not in known]
    for position, finding in enumerate(new, start):
        links.create(finding=finding, position=position)


PARTS: dict[str, Part] = {}


def register(*parts: Part) -> None:
    """Make parts known by their kind. An app above this one adds its own."""
    PARTS.update({part.kind: part for part in parts})


def standing(commitments: QuerySet[Any]) -> QuerySet[Any]:
    """Those that are not withdrawn."""
    return with_withdrawal(commitments).filter(is_out=False)


def with_withdrawal(commitments: QuerySet[Any]) -> QuerySet[Any]:
    newest = Withdrawal.objects.filter(commitment=OuterRef("pk")).order_by(
        "-effective_at", "-recorded_at"
    )
    newest_answer = Subquery(newest.values("is_withdrawn")[:1])
    rows: QuerySet[Any] = commitments.annotate(is_out=Coalesce(newest_answer, False))
    return rows


def _end(rows: QuerySet[Any]) -> int:
    last = rows.order_by().aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


@dataclass(frozen=True)
class FactsPart(Part):
    """The plan's own facts."""

    has_place: bool = False
    can_add: bool = False

    def rows(self, plan: Plan) -> QuerySet[Any]:
        return Plan.objects.filter(pk=plan.pk)


@dataclass(frozen=True)
class FindingPart(Part):
    """What inspectors found. Of an inspection it is there for all plans that answer that one."""

    def rows(self, plan: Plan) -> QuerySet[Any]:
        rows = Finding.objects.filter(findings_of(plan)).select_related("inspection")
        return rows.order_by("inspection__position", "position", "id")

    def within(self, plan: Plan, holder: Any) -> list[Any]:
        return list(self.rows(plan))

    def holder_of(self, row: Any) -> Any:
        return row.plan or row.inspection

    def initial(self, plan: Plan, holder: Any) -> dict[str, Any]:
        """The next one is mostly of the kind of the last."""
        last = self.rows(plan).last()
        return {"kind": last.kind if last else Finding.Kind.WEAKNESS}

    def create(self, plan: Plan, holder: Any, values: Values, by: User) -> Any:
        of = {"inspection": plan.inspection} if plan.inspection else {"plan": plan}
        row = Finding(local_area_id=plan.local_area_id, **of)
        row.position = _end(Finding.objects.filter(**of))
        row.code = free_code(row, **values)
        return self.save(row, values, by)


# How the code of a finding says its kind.
_KIND_LETTERS = {
    Finding.Kind.WEAKNESS: "w",
    Finding.Kind.PRIORITY: "p",
    Finding.Kind.IMPROVEMENT: "i",
    Finding.Kind.RECOMMENDATION: "r",
    Finding.Kind.DEVELOPMENT: "d",
    Finding.Kind.STRENGTH: "s",
}


def free_code(row: Finding, *, kind: str, number: str, **_: Any) -> str:
    """`2021-07-w1`: by its inspection or plan, its kind and number, and one that nobody has."""
    of = row.inspection.code if row.inspection else row.plan and row.plan.slug
    known = Finding.objects.filter(local_area=row.local_area_id)
    printed = re.sub(r"[^A-Za-z0-9.-]", "", number)
    letter = _KIND_LETTERS[Finding.Kind(kind)]
    start = f"{of}-{letter}{printed or known.filter(kind=kind).count() + 1}"
    taken = set(known.filter(code__startswith=start).values_list("code", flat=True))
    code, times = start, 1
    while code in taken:
        times += 1
        code = f"{start}-{times}"
    return code


@dataclass(frozen=True)
class LevelNamesPart(FactsPart):
    """What the plan calls its levels: one text for each name, kept together."""

    def _read(self, row: Any, name: str) -> Any:
        return row.level_names.get(name, "")

    def assign(self, row: Any, values: Values) -> None:
        names = {**row.level_names, **values}
        row.level_names = {name: text for name, text in names.items() if text}

    def save(self, row: Any, values: Values, by: User) -> Any:
        super().save(row, values, by)
        show_references(row)
        return row


@dataclass(frozen=True)
class NumberedPart(Part):
    """A part known and ordered by its number."""

    has_place: bool = False

    def initial(self, plan: Plan, holder: Any) -> dict[str, Any]:
        last = self.rows(plan).order_by().aggregate(last=Max("number"))["last"] or 0
        return {"number": last + 1}


@dataclass(frozen=True)
class ReferencedPart(Part):
    """An area, theme, action or commitment, known by the reference that the plan prints, or none.

    A new one is offered the next after those beside it. Those that begin with the reference of what
    they stand in take part when that changes.
    """

    letters: bool = False

    def beside(self, plan: Plan, holder: Any) -> QuerySet[Any]:
        """Those that stand in the same place."""
        return self.rows(plan).filter(**{self.holder: holder})

    def initial(self, plan: Plan, holder: Any) -> dict[str, Any]:
        taken = [row.reference for row in self.beside(plan, holder)]
        return {"reference": next_ref(known_by(holder), taken, letters=self.letters)}

    def assign(self, row: Any, values: Values) -> None:
        super().assign(row, {name: value for name, value in values.items() if name != "reference"})
        if "reference" in values:
            give_reference(row, values["reference"])

    def check(self, row: Any) -> None:
        super().check(row)
        printed = row.reference.casefold()
        for other in self.beside(row.plan, self.holder_of(row)).exclude(pk=row.pk):
            if printed and other.reference.casefold() == printed and not self.is_withdrawn(other):
                raise ValidationError({"reference": f"Another {self.called} has this reference"})

    def save(self, row: Any, values: Values, by: User) -> Any:
        before = row.reference
        super().save(row, values, by)
        if before and before != row.reference and not self.letters:
            inner = "" if isinstance(row, Action) else "."
            _carry_references(row.plan_id, f"{before}{inner}", f"{row.reference}{inner}")
        show_references(row.plan)
        row.refresh_from_db(fields=["ref"])
        return row


@dataclass(frozen=True)
class AreaPart(ReferencedPart):
    def beside(self, plan: Plan, holder: Any) -> QuerySet[Any]:
        return self.rows(plan)

    def initial(self, plan: Plan, holder: Any) -> dict[str, Any]:
        """The number after the last; nothing where areas have no numbers."""
        references = [row.reference for row in self.rows(plan)]
        numbers = [int(text) for text in references if text.isdecimal()]
        return {"reference": str(max(numbers, default=0) + 1) if numbers or not references else ""}


def known_by(holder: Any) -> str:
    return str(holder.reference or holder.code)


def _carry_references(plan: int, before: str, after: str) -> None:
    """Give every reference that begins with `before` the new beginning."""
    letters_follow = not before.endswith(".")
    for model in (Theme, Action, Commitment):
        for row in model._default_manager.filter(plan=plan):
            rest = row.reference.removeprefix(before)
            if rest == row.reference or (letters_follow and not rest.isalpha()):
                continue
            give_reference(row, after + rest)
            row.save(update_fields=list(KNOWN_BY))


@dataclass(frozen=True)
class ActionPart(ReferencedPart):
    """An action, of a theme or, where the plan has none there, of the area itself."""

    def within(self, plan: Plan, holder: Any) -> list[Any]:
        return list(self.beside(plan, holder))

    def beside(self, plan: Plan, holder: Any) -> QuerySet[Any]:
        of = {"theme": None, "area": holder} if isinstance(holder, Area) else {"theme": holder}
        return self.rows(plan).filter(**of)

    def initial(self, plan: Plan, holder: Any) -> dict[str, Any]:
        if not isinstance(holder, Area):
            return super().initial(plan, holder)
        # Themes of the area are numbered beside its own actions.
        beside = (*Theme.objects.filter(area=holder), *self.beside(plan, holder))
        taken = [row.reference for row in beside]
        return {"reference": next_ref(known_by(holder), taken, letters=False)}

    def holder_of(self, row: Any) -> Any:
        return row.theme or row.area

    def kind_of(self, holder: Any) -> str:
        return "area" if isinstance(holder, Area) else "theme"

    def check(self, row: Any) -> None:
        if row.theme:
            row.area = row.theme.area
        super().check(row)

    def save(self, row: Any, values: Values, by: User) -> Any:
        """The one commitment of an action without rows has its reference and title."""
        row = super().save(row, values, by)
        for whole in Commitment.objects.filter(action=row, is_whole_action=True):
            whole.title = row.title
            for name in KNOWN_BY:
                setattr(whole, name, getattr(row, name))
            whole.save(update_fields=["title", *KNOWN_BY])
        show_references(row.plan)
        return row


@dataclass(frozen=True)
class CommitmentPart(ReferencedPart):
    letters: bool = True

    def within(self, plan: Plan, holder: Any) -> list[Any]:
        return [row for row in super().within(plan, holder) if not row.is_whole_action]

    def rows(self, plan: Plan) -> QuerySet[Any]:
        commitments = super().rows(plan).select_related("same_evidence_as", "action")
        return with_withdrawal(commitments)

    def is_withdrawn(self, row: Any) -> bool:
        return bool(getattr(row, "is_out", False))

    def create(self, plan: Plan, holder: Any, values: Values, by: User) -> Any:
        """Led by those who lead the action, until somebody says otherwise."""
        row = super().create(plan, holder, values, by)
        for lead in ActionLead.objects.filter(action=holder, ends_on=None):
            CommitmentLead.objects.create(
                commitment=row, person_id=lead.person_id, position=lead.position
            )
        return row

    def save(self, row: Any, values: Values, by: User) -> Any:
        row.added_at = row.added_at or timezone.now()
        return super().save(row, values, by)

    def check(self, row: Any) -> None:
        super().check(row)
        beside = standing(Commitment.objects.filter(action=row.action, is_whole_action=True))
        if beside.exclude(pk=row.pk).exists():
            raise ValidationError(
                in_words(
                    "This {action} is tracked as one {commitment}. Remove that before adding "
                    "rows to it."
                )
            )

    def remove(self, row: Any, by: User, *, is_draft: bool) -> None:
        if self._what_stays(row):
            amendments.withdraw_commitment(commitment=row, reason=IN_DRAFT, by=by)
            return
        super().remove(row, by, is_draft=is_draft)

    def restore(self, row: Any, by: User) -> None:
        amendments.reinstate_commitment(commitment=row, reason=IN_DRAFT, by=by)


@dataclass(frozen=True)
class WholeActionPart(CommitmentPart):
    """The one commitment that an action without rows is: it has the action's name and reference."""

    def rows(self, plan: Plan) -> QuerySet[Any]:
        return super().rows(plan).filter(is_whole_action=True)

    def within(self, plan: Plan, holder: Any) -> list[Any]:
        return list(self.rows(plan).filter(action=holder))

    def initial(self, plan: Plan, holder: Any) -> dict[str, Any]:
        return {}

    def create(self, plan: Plan, holder: Any, values: Values, by: User) -> Any:
        if standing(Commitment.objects.filter(action=holder)).exists():
            raise ValidationError(in_words("This {action} has {commitments} of its own."))
        known = {name: getattr(holder, name) for name in KNOWN_BY}
        named = {**known, "title": holder.title, "is_whole_action": True}
        return super().create(plan, holder, {**values, **named}, by)


@dataclass(frozen=True)
class DatePart(Part):
    """A key date: a record, so that another date is a new row, and the old one is dropped."""

    has_place: bool = False

    def rows(self, plan: Plan) -> QuerySet[Any]:
        """Those in force. A plan that was agreed before has chains, of which the last counts."""
        newest = DateMark.objects.filter(key_date=OuterRef("pk")).order_by(
            "-effective_at", "-recorded_at"
        )
        rows: QuerySet[Any] = (
            super()
            .rows(plan)
            .filter(replaced_by=None)
            .annotate(said=Coalesce(Subquery(newest.values("outcome")[:1]), Value("")))
            .exclude(said=Outcome.WITHDRAWN)
            .order_by("position", "id")
        )
        return rows

    def find(self, plan: Plan, pk: int) -> Any:
        """The date in force in the place of that one."""
        key_date = self._in_place_of(plan, pk)
        if key_date is None:
            raise Gone
        return key_date

    def _in_place_of(self, plan: Plan, pk: int) -> Any:
        requested = KeyDate.objects.filter(commitment__plan=plan, pk=pk).first()
        return requested and (
            self.rows(plan)
            .filter(commitment=requested.commitment_id, position=requested.position)
            .last()
        )

    def create(self, plan: Plan, holder: Any, values: Values, by: User) -> Any:
        position = _end(KeyDate.objects.filter(commitment=holder))
        return self._begin(holder.pk, position, values, by)

    def _begin(self, commitment: int, position: int, values: Values, by: User) -> KeyDate:
        row = KeyDate(commitment_id=commitment, position=position, by=by)
        self.assign(row, values)
        self.check(row)
        row.save()
        return row

    def save(self, row: Any, values: Values, by: User) -> Any:
        self.remove(row, by, is_draft=True)
        return self._begin(row.commitment_id, row.position, values, by)

    def check(self, row: Any) -> None:
        others = self.rows(row.commitment.plan).filter(commitment=row.commitment_id)
        if row.kind == "completion" and others.filter(kind="completion").exists():
            raise ValidationError({"kind": "It has a completion date already; it has one at most"})

    def remove(self, row: Any, by: User, *, is_draft: bool) -> None:
        DateMark.objects.create(
            key_date=row,
            commitment_id=row.commitment_id,
            outcome=Outcome.WITHDRAWN,
            on=timezone.localdate(),
            note=IN_DRAFT,
            by=by,
            effective_at=row.effective_at,
        )


@dataclass(frozen=True)
class SroPart(Part):
    """Who answers for an area. Whoever does no longer did so until yesterday."""

    has_place: bool = False
    can_add: bool = False

    def rows(self, plan: Plan) -> QuerySet[Any]:
        today = timezone.localdate()
        officers = AreaOfficer.objects.filter(active_on(today), area=OuterRef("pk"))
        name = officers.order_by("-id").values("person__name")[:1]
        there = super().rows(plan).filter(withdrawn_at=None)
        rows: QuerySet[Any] = there.annotate(sro_name=Subquery(name))
        return rows

    def read(self, row: Any, names: Iterable[str]) -> dict[str, Any]:
        now = self._now(row)
        return {"sro": now and now.person}

    def _now(self, row: Any) -> AreaOfficer | None:
        return (
            AreaOfficer.objects.filter(active_on(timezone.localdate()), area=row)
            .select_related("person")
            .order_by("-id")
            .first()
        )

    def save(self, row: Any, values: Values, by: User) -> Any:
        now, sro = self._now(row), values["sro"]
        if now and now.person == sro:
            return row
        today = timezone.localdate()
        is_draft = row.plan.state == Plan.State.DRAFT
        if now and (is_draft or (now.starts_on and now.starts_on >= today)):
            now.delete()
        elif now:
            now.ends_on = today - timedelta(days=1)
            now.save(update_fields=["ends_on"])
        if sro:
            starts_on = None if is_draft else today
            AreaOfficer.objects.create(area=row, person=sro, starts_on=starts_on)
        return row


@dataclass(frozen=True)
class MembershipPart(Part):
    """What a user may do on the plan. Deputies have a page of their own."""

    has_place: bool = False

    def rows(self, plan: Plan) -> QuerySet[Any]:
        held = super().rows(plan).filter(deputy_for=None).select_related("user", "area")
        return held.order_by("user__name", "id")

    def save(self, row: Any, values: Values, by: User) -> Any:
        was_officer = Membership.objects.filter(
            pk=row.pk, role=Membership.Role.PROGRAMME_OFFICER
        ).exists()
        super().save(row, values, by)
        self._keep_an_officer(row)
        if row.role == Membership.Role.PROGRAMME_OFFICER and not was_officer:
            tell_of_officer(plan=row.plan, user=row.user, by=by)
        return row

    def remove(self, row: Any, by: User, *, is_draft: bool) -> None:
        """End it with yesterday; what has not begun is taken back."""
        memberships.end_membership(membership=row)
        self._keep_an_officer(row)

    def _keep_an_officer(self, row: Any) -> None:
        lasting = Membership.objects.active_on(timezone.localdate()).filter(
            plan=row.plan_id, role=Membership.Role.PROGRAMME_OFFICER, user__is_active=True
        )
        if not lasting.exists():
            raise ValidationError(
                "Then nobody would be this plan’s programme officer. Name another one first."
            )


def _beside_date(when: PlanDate | None, what: str) -> Any:
    """What a form asks beside a date: its printed words, and days that are not those proposed."""
    if what == "printed":
        return when.printed if when else ""
    if when is None or when == when.proposed:
        return None
    return when.first_day if what == "first" else when.last_day


# --- Marks of what was shown ------------------------------------------------------------------


def marks_of(values: Values) -> str:
    """`title:1f3a… number:9c0b…`: what each field said, for a form to carry."""
    return " ".join(f"{name}:{_mark(value)}" for name, value in values.items())


def _mark(value: Any) -> str:
    return hashlib.sha256(repr(_plain(value)).encode()).hexdigest()[:12]


def _plain(value: Any) -> Any:
    """Equal for values that say the same, whether from a form or from a row."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, list | tuple | QuerySet):
        items = [_plain(item) for item in value]
        is_choice = any(isinstance(item, Model) for item in value)
        return sorted(items) if is_choice else items
    if isinstance(value, str):
        return " ".join(value.split())
    if value is None or isinstance(value, bool):
        return value or ""
    if isinstance(value, PlanDate):
        return f"{value.iso} {value.first_day} {value.last_day} {value.printed}"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}".rstrip("0").rstrip(".") if "." in str(value) else str(value)


def _changed_since(marks: str, now: Values) -> set[str]:
    shown = dict(mark.split(":", 1) for mark in marks.split() if ":" in mark)
    return {name for name, value in now.items() if shown.get(name) != _mark(value)}


def check_unchanged(now: Values, values: Values, shown: str) -> None:
    """Conflict where somebody saved something else than `values` since a form showed `shown`."""
    touched = {
        name for name in _changed_since(shown, now) if _plain(now[name]) != _plain(values[name])
    }
    if touched:
        both = touched & _changed_since(shown, values)
        raise Conflict(now, touched - both, both)


# --- Verbs ------------------------------------------------------------------------------------


def locked(part: Part, plan: Plan) -> Plan:
    """The plan, locked with its local area; ValidationError where the part may not be edited."""
    plan = locked_plan(plan)
    if plan.state == Plan.State.CLOSED:
        raise ValidationError("This plan is closed.")
    if part.is_agreed and plan.state != Plan.State.DRAFT:
        raise ValidationError("This plan was agreed meanwhile: it changes by change request now.")
    return plan


def locked_plan(plan: Plan) -> Plan:
    LocalArea.objects.select_for_update(no_key=True).get(pk=plan.local_area_id)
    return Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)


@transaction.atomic
def add(part: Part, *, plan: Plan, holder: Any, values: Values, by: User) -> Any:
    """A new part at the end of what it stands in."""
    plan = locked(part, plan)
    try:
        holder.refresh_from_db()
    except ObjectDoesNotExist:
        raise ValidationError("Somebody removed what this stands in meanwhile.") from None
    return part.create(plan, holder, values, by)


@transaction.atomic
def change(part: Part, *, plan: Plan, pk: int, values: Values, shown: str, by: User) -> Any:
    """Make the part say this. `shown` are the marks of what its form showed."""
    plan = locked(part, plan)
    row = part.find(plan, pk)
    now = part.read(row, values)
    check_unchanged(now, values, shown)
    if all(_plain(now[name]) == _plain(values[name]) for name in values):
        return row
    return part.save(row, values, by)


@transaction.atomic
def remove(part: Part, *, plan: Plan, pk: int, by: User) -> None:
    """Take the part out. ValidationError, with what hangs on it, where it cannot be."""
    plan = locked(part, plan)
    part.remove(part.find(plan, pk), by, is_draft=plan.state == Plan.State.DRAFT)


@transaction.atomic
def restore(part: Part, *, plan: Plan, pk: int, by: User) -> None:
    """Reinstate what was withdrawn."""
    plan = locked(part, plan)
    row = part.find(plan, pk)
    if part.is_withdrawn(row):
        part.restore(row, by)


@transaction.atomic
def move(part: Part, *, plan: Plan, pk: int, up: bool) -> None:
    """Swap the part with its neighbour. At the end of its list it stays."""
    plan = locked(part, plan)
    row = part.find(plan, pk)
    rows = part.within(plan, part.holder_of(row))
    live = [sibling for sibling in rows if not part.is_withdrawn(sibling)]
    place = next((place for place, sibling in enumerate(live) if sibling.pk == row.pk), None)
    if place is None:
        return
    other = place + (-1 if up else 1)
    if not 0 <= other < len(live):
        return
    live[place], live[other] = live[other], live[place]
    _check_sharing(live)
    for position, sibling in enumerate(
        [*live, *(sibling for sibling in rows if part.is_withdrawn(sibling))]
    ):
        if sibling.position != position:
            sibling.position = position
            sibling.save(update_fields=["position"])


def _check_sharing(rows: list[Any]) -> None:
    """What a commitment shares stands with an earlier one, as on paper: "same as above"."""
    earlier: set[int] = set()
    for row in rows:
        for key in (
            getattr(row, "same_evidence_as_id", None),
            getattr(row, "same_measures_as_id", None),
        ):
            if key and key not in earlier:
                raise ValidationError(
                    f"{row} shares what an earlier commitment holds, so it stays below it."
                )
        earlier.add(row.pk)


# --- The plan as a whole ----------------------------------------------------------------------


# What the apps above do to their parts of a plan as it is agreed, in the same transaction.
AT_AGREEMENT: list[Callable[[Plan, User], None]] = []


@transaction.atomic
def agree_plan(
    *, plan: Plan, by: User, agreed_by: str, agreed_on: date, agreement_reference: str = ""
) -> Plan:
    """Lock the draft into what was agreed. From today updates are expected of it."""
    plan = locked_plan(plan)
    if plan.state != Plan.State.DRAFT:
        raise ValidationError("This plan is agreed already.")
    if not standing(Commitment.objects.filter(plan=plan)).exists():
        raise ValidationError(
            in_words("There is no {commitment} in this plan yet, so nothing to agree.")
        )
    plan.state = Plan.State.AGREED
    plan.agreed_on = agreed_on
    plan.agreed_by = agreed_by
    plan.agreement_reference = agreement_reference
    plan.tracked_from = timezone.localdate()
    plan.save(
        update_fields=["state", "agreed_on", "agreed_by", "agreement_reference", "tracked_from"]
    )
    for follow in AT_AGREEMENT:
        follow(plan, by)
    return plan

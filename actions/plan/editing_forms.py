"""Forms of the parts of a plan, its people and bodies: the shape of what an officer types.

The fields of a form are named as those of the part they describe. Whether a part fits into the plan
is for the verbs of `actions/plan/editing.py`.
"""

import re
from dataclasses import replace
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from actions.forms.date_fields import DAY_EXAMPLE, DayField, MonthOrDayField, PlanDateField
from actions.forms.fields import SHORT, PlainText
from actions.models import (
    Action,
    Area,
    Body,
    Commitment,
    Finding,
    Inspection,
    Membership,
    Notice,
    Organisation,
    Person,
    Plan,
    PlanContact,
    Theme,
    answered_by,
    findings_of,
)
from actions.pages.formatting import short_day
from actions.rules.levels import LONGEST_NAME, OURS
from actions.rules.status import DateKind
from actions.wording import in_words, in_words_lazy
from wsoa.accounts.models import User

# As long as a plan file allows, so that what came from one can be saved again.
LONGEST = 10_000

# --- Fields -----------------------------------------------------------------------------------


def words(label: str, must: str = "", *, rows: int = 0, **options: Any) -> PlainText:
    """A question answered in words; `must` is what is said where there is no answer."""
    return PlainText(
        label=label if must else f"{label} (optional)",
        rows=rows,
        max_length=LONGEST if rows else SHORT,
        required=bool(must),
        error_messages={"required": must},
        **options,
    )


class LinesField(PlainText):
    """Several texts, one on each line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(rows=4, max_length=LONGEST, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(" ".join(text.split()) for text in value) if _is_list(value) else value

    def clean(self, value: Any) -> list[str]:
        return [text.strip() for text in super().clean(value).split("\n") if text.strip()]


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


class OneOf(forms.ModelChoiceField[Any]):
    """One thing of this plan, chosen from a list."""

    def __init__(self, label: str, must: str = "", **options: Any) -> None:
        super().__init__(
            label=label if must else f"{label} (optional)",
            queryset=options.pop("queryset", Plan.objects.none()),
            required=bool(must),
            empty_label="Choose" if must else "None",
            error_messages={
                "required": must,
                "invalid_choice": "Choose an entry of the list: this one is gone",
            },
            **options,
        )

    def label_from_instance(self, obj: Any) -> str:
        return named(obj)


class SeveralOf(forms.ModelMultipleChoiceField[Any]):
    """Several things of this plan, ticked in a list."""

    def __init__(self, label: str, must: str = "", **options: Any) -> None:
        super().__init__(
            label=label if must else f"{label} (optional)",
            queryset=options.pop("queryset", Plan.objects.none()),
            required=bool(must),
            widget=forms.CheckboxSelectMultiple(attrs={"class": "one-on-each-line"}),
            error_messages={
                "required": must,
                "invalid_choice": "Choose entries of the list: one of these is gone",
                "invalid_pk_value": "Choose entries of the list",
            },
            **options,
        )

    def label_from_instance(self, obj: Any) -> str:
        return named(obj)


def named(row: Any) -> str:
    """A part as a list of choices or a line names it."""
    if isinstance(row, Area):
        return f"{row}. {_short(row.title)}"
    if isinstance(row, Finding):
        return f"{row}. {_short(row.short_title or row.text)}"
    if isinstance(row, Theme | Action):
        return f"{row.ref} {_short(row.title)}"
    if isinstance(row, Commitment):
        shared = row.same_evidence_as
        return f"{row.ref} {_short(row.title or (shared.evidence if shared else row.evidence))}"
    return str(row)


def _short(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:88].rstrip()} …"


class AccountField(forms.EmailField):
    """Somebody's account, by its address: a list would show who uses other plans."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["invalid"] = "Give an e-mail address, like name@example.org"

    def prepare_value(self, value: Any) -> Any:
        return value.email if isinstance(value, User) else value

    def clean(self, value: Any) -> User | None:
        address = super().clean(value)
        if not address:
            return None
        user = User.objects.filter(
            email=User.objects.normalize_email(address), is_active=True, is_superuser=False
        ).first()
        if user is None:
            raise ValidationError(
                "Nobody signs in with this address. Ask whoever manages users to add the account"
            )
        return user


def choices(label: str, must: str, options: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", "Choose"), *options],
        error_messages={"required": must, "invalid_choice": must},
        **more,
    )


REF_HINT = "As the plan prints it. Whatever stands in it takes its reference along."


class ReferenceField(PlainText):
    """By what a part is known in the plan: a number, letters, words, or nothing."""

    def __init__(self, help_text: str = "As the plan prints it.") -> None:
        super().__init__(
            label="Reference (optional)",
            help_text=f"{help_text} Leave it empty where the plan prints none.",
            required=False,
            max_length=40,
        )


def a_number(label: str, must: str) -> forms.IntegerField:
    fits = "Give a number from 1 to 99"
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=99,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 12}),
        error_messages={
            "required": must,
            "invalid": fits,
            "min_value": fits,
            "max_value": fits,
        },
    )


# What is asked beside a date that may be a term or a year: see `PartForm.compose_date`.


def printed_date() -> PlainText:
    return PlainText(
        label="The date as printed (optional)",
        help_text="Where the plan has other words for it, such as “By the end of summer”.",
        max_length=100,
        required=False,
    )


def own_day(label: str) -> DayField:
    return DayField(
        label=f"{label} (optional)",
        help_text="Of a term or a school year, where your schools have other days than most.",
    )


def check_period(form: forms.Form) -> None:
    starts, ends = form.cleaned_data.get("starts"), form.cleaned_data.get("ends")
    if starts and ends and ends.last_day < starts.first_day:
        form.add_error("ends", f"The plan ends before it starts, in {starts}")


def kind_name_field() -> PlainText:
    return PlainText(
        label="What it is called (optional)",
        help_text="If this kind of plan has another name here, such as SEND Improvement Plan.",
        max_length=60,
    )


def check_kind(form: forms.Form) -> None:
    """A plan of none of the usual kinds goes by its own name."""
    data = form.cleaned_data
    is_other = data.get("kind") == Plan.Kind.OTHER
    if is_other and not data.get("kind_name") and "kind_name" not in form.errors:
        form.add_error("kind_name", "Say what this kind of plan is called")


# --- The forms --------------------------------------------------------------------------------


class PartForm(forms.Form):
    """`holder` is what the part stands in; `row` the part itself, none where it is new."""

    def __init__(
        self, data: Any = None, *, plan: Plan, holder: Any, row: Any = None, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.plan, self.holder, self.row = plan, holder, row
        for name, queryset in self.to_choose_from().items():
            field = cast(forms.ModelChoiceField[Any], self.fields[name])
            field.queryset = queryset
            # An optional question with nothing to choose from is not asked.
            if not field.required and not queryset.exists():
                del self.fields[name]

    def to_choose_from(self) -> dict[str, Any]:
        return {}

    def in_order(self, first: str, last: str, message: str) -> None:
        earlier, later = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if earlier and later and later < earlier:
            self.add_error(last, message)

    def compose_date(self, name: str) -> None:
        """The date with its printed words and the days it has of its own."""
        data = self.cleaned_data
        when = data.get(name)
        printed, first, last = (data.get(f"{name}_{what}") for what in ("printed", "first", "last"))
        if when is None:
            if name not in self.errors and (printed or first or last):
                self.add_error(name, "Give the date that these are about")
            return
        if first or last:
            try:
                when = when.with_days(first, last)
            except ValueError:
                self.add_error(
                    f"{name}_{'first' if first else 'last'}",
                    f"These are not days of {when.words}: only a term or a school year has its own",
                )
        data[name] = replace(when, printed=printed or "")


class FactsForm(PartForm):
    title = words("Title", "Give the plan’s title")
    kind = choices("Kind of plan", "Choose the kind of plan", Plan.Kind.choices)
    kind_name = kind_name_field()
    starts = MonthOrDayField(
        label="Starts", required=True, error_messages={"required": "Give the month it starts"}
    )
    ends = MonthOrDayField(label="Ends (optional)")
    inspection = OneOf("The inspection it answers")
    submission_due = DayField(label="Due to the inspectors (optional)", help_text=DAY_EXAMPLE)
    vision = words("Vision", rows=2)
    purpose = words("Purpose", rows=4)
    priorities = LinesField(label="Priorities (optional)", help_text="One on each line.")
    is_restated = forms.BooleanField(
        label="Sentences are restated here in short",
        help_text="Only if there is a published document with the full text. The plan’s page then "
        "says that the document governs.",
        required=False,
    )
    note = words("Note", rows=3, help_text="What a reader must know about this record of it.")

    def to_choose_from(self) -> dict[str, Any]:
        return {"inspection": Inspection.objects.filter(local_area=self.plan.local_area_id)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        check_kind(self)
        check_period(self)
        return data


def _level_name(ours: str) -> PlainText:
    return PlainText(label=f"In place of “{ours}” (optional)", max_length=LONGEST_NAME)


class LevelNamesForm(PartForm):
    """Each empty where the plan says as we do."""

    area = _level_name(OURS.area)
    areas = _level_name(OURS.areas)
    theme = _level_name(OURS.theme)
    themes = _level_name(OURS.themes)
    action = _level_name(OURS.action)
    actions = _level_name(OURS.actions)
    commitment = _level_name(OURS.commitment)
    commitments = _level_name(OURS.commitments)


class SignatoryForm(PartForm):
    name = words("Name", "Give the name")
    office = words("Office", "Give the office")


class ResponsibleForm(PartForm):
    organisation = OneOf("Organisation", "Choose an organisation")

    def to_choose_from(self) -> dict[str, Any]:
        return {"organisation": Organisation.objects.filter(local_area=self.plan.local_area_id)}


class FindingForm(PartForm):
    kind = choices("Kind", "Choose the kind of finding", Finding.Kind.choices)
    number = PlainText(
        label="Number as printed (optional)",
        help_text="A number or a letter, as the inspectors count this kind.",
        max_length=20,
        required=False,
    )
    text = words("What the inspectors found", "Give the words of the finding", rows=4)
    short_title = PlainText(
        label="Short title (optional)",
        help_text="For lists, where the words are too long: at most 80 characters.",
        max_length=80,
        required=False,
    )
    addressed_to = words(
        "Addressed to", help_text="If the inspectors say who must act, such as the NHS alone."
    )
    reference = words("Where the letter says it", help_text="A page or a section.")


class NoticeForm(PartForm):
    kind = choices("Kind", "Choose what DfE issued", Notice.Kind.choices)
    issued_on = DayField(
        label="Issued on",
        help_text=DAY_EXAMPLE,
        required=True,
        error_messages={"required": "Give the day it was issued"},
    )
    ended_on = DayField(label="Ended on (optional)", help_text=DAY_EXAMPLE)
    board = words("Board", help_text="Which oversees it.")
    chair = words("Chair")
    note = words("Note", rows=2)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.in_order("issued_on", "ended_on", "It ended before it was issued")
        return data


class AnswersForm(PartForm):
    """Of what answers findings."""

    def to_choose_from(self) -> dict[str, Any]:
        here = findings_of(self.plan) | answered_by(self.plan)
        known = Finding.objects.filter(here, withdrawn_at=None)
        ordered = known.order_by("inspection__position", "position", "id")
        return {**super().to_choose_from(), "findings": ordered}


class AreaForm(AnswersForm):
    reference = ReferenceField(help_text=REF_HINT)
    title = words("Title", in_words_lazy("Give the {area}’s title"))
    short_title = PlainText(
        label="Short title (optional)",
        help_text="For lists and charts, where space is short: at most 32 characters.",
        max_length=32,
    )
    findings = SeveralOf("Findings it answers")
    outcomes = LinesField(label="Outcomes (optional)", help_text="One on each line.")
    impact = words(
        "Impact for children and families", rows=3, help_text="What will be different for them."
    )
    note = words("Note", rows=3)


class ThemeForm(PartForm):
    reference = ReferenceField(help_text=REF_HINT)
    title = words("Title", in_words_lazy("Give the {theme}’s title"))
    i_statement = words("I statement", rows=2, help_text="What families should be able to say.")
    voice = forms.MultipleChoiceField(
        label="Whose words are these? (optional)",
        choices=Theme.Voice.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class ActionForm(AnswersForm):
    reference = ReferenceField(help_text=REF_HINT)
    title = words("Title", in_words_lazy("Give the {action}’s title"), rows=2)
    detail = words("Detail", rows=4)
    where_now = words(
        "Where things are now",
        rows=3,
        help_text="If the plan says in words where things stood when it was written.",
    )
    urgency = PlainText(
        label="Urgency (optional)",
        help_text="As the plan prints it, such as Immediate, or Must, should or could.",
        max_length=60,
    )
    waits_for = words(
        "Waits for",
        help_text=in_words_lazy(
            "If the plan says that another {action} or a decision comes first."
        ),
    )
    works_with = SeveralOf(in_words_lazy("Works with these {areas}"))
    findings = SeveralOf("Findings it answers")
    responsible_group = OneOf("Responsible board or group")
    responsible_group_text = words(
        "Another responsible group",
        help_text="Only if the plan’s list of boards and groups does not have it.",
    )
    impact = words(
        "Impact for children and families", rows=3, help_text="What will be different for them."
    )
    quotation = words("Quotation", rows=3, help_text="If the plan quotes somebody here.")
    quotation_by = words("Who said it", help_text="Such as a parent, or a young person.")
    quotation_date = PlanDateField(label="When they said it (optional)")
    quotation_date_printed = printed_date()
    quotation_date_first = own_day("First day")
    quotation_date_last = own_day("Last day")
    note = words("Note", rows=3)

    def to_choose_from(self) -> dict[str, Any]:
        others = Area.objects.filter(plan=self.plan, withdrawn_at=None)
        others = others.exclude(pk=getattr(self.holder, "area_id", self.holder.pk))
        return {
            **super().to_choose_from(),
            "works_with": others,
            "responsible_group": Body.objects.filter(plan=self.plan, withdrawn_at=None),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("responsible_group") and data.get("responsible_group_text"):
            self.add_error(
                "responsible_group_text", "Choose a group from the list or give another, not both"
            )
        self.compose_date("quotation_date")
        is_of_one = data.get("quotation_by") or data.get("quotation_date")
        if is_of_one and not data.get("quotation") and "quotation" not in self.errors:
            self.add_error("quotation", "Give what they said")
        return data


class PersonChosenForm(PartForm):
    person = OneOf("Person", "Choose a person")

    def to_choose_from(self) -> dict[str, Any]:
        return {"person": people_of(self.plan)}


def people_of(plan: Plan) -> Any:
    return Person.objects.filter(local_area=plan.local_area_id).order_by("name")


def money(label: str, **options: Any) -> forms.DecimalField:
    """Pounds, which need not be given."""
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 12}),
        error_messages={
            "invalid": "Give an amount in figures, for example 57750",
            "min_value": "Give an amount of nothing or more",
            "max_decimal_places": "Give no more than pence",
            "max_digits": "This is too large an amount",
            "max_whole_digits": "This is too large an amount",
        },
        **options,
    )


class ResourceForm(PartForm):
    text = words("What is used", "Say what is used")
    amount = money("Pounds (optional)")


def short_title_field() -> PlainText:
    return PlainText(
        label="Short title (optional)",
        help_text="For charts and lists, where space is short: at most 40 characters.",
        max_length=40,
    )


def timescale_field() -> PlainText:
    return PlainText(
        label="In place of a completion date (optional)",
        help_text="Only if the plan prints words and no date, such as Ongoing.",
        max_length=100,
    )


class CommitmentForm(AnswersForm):
    reference = ReferenceField()
    title = words("Title", help_text="Where the evidence of success is no name for it.")
    short_title = short_title_field()
    evidence = words(
        "Evidence of success",
        rows=4,
        help_text="What will be there when it is done.",
    )
    evidence_is_list = forms.BooleanField(
        label="This is a list: each line is a criterion of its own", required=False
    )
    same_evidence_as = OneOf("Or the same evidence as")
    measures = LinesField(
        label="Measures without a number (optional)", help_text="One on each line."
    )
    same_measures_as = OneOf("Or the same measures as")
    timescale = timescale_field()
    findings = SeveralOf("Findings it answers")
    note = words("Note", rows=2)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # It may be another's; `clean` says so where it is nobody's.
        self.fields["evidence"].label = "Evidence of success"

    def to_choose_from(self) -> dict[str, Any]:
        """Earlier commitments of the action that hold what may be shared."""
        earlier = Commitment.objects.filter(action=self.holder)
        if self.row is not None:
            earlier = earlier.filter(position__lt=self.row.position)
        return {
            **super().to_choose_from(),
            "same_evidence_as": earlier.exclude(evidence=""),
            "same_measures_as": earlier.exclude(measures=[]),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        own, shared = data.get("evidence"), data.get("same_evidence_as")
        if own and shared:
            self.add_error("same_evidence_as", "Give the evidence, or whose it shares, not both")
        elif not own and not shared and "evidence" not in self.errors:
            self.add_error("evidence", "Say what will be there when it is done")
        if data.get("measures") and data.get("same_measures_as"):
            self.add_error("same_measures_as", "Give measures, or whose it shares, not both")
        return with_criteria(data)


def with_criteria(data: dict[str, Any]) -> dict[str, Any]:
    """Evidence that is a list as one criterion on each line; without any, it is no list."""
    if data.get("evidence_is_list"):
        lines = (line.strip() for line in (data.get("evidence") or "").splitlines())
        data["evidence"] = "\n".join(filter(None, lines))
        data["evidence_is_list"] = bool(data["evidence"])
    return data


class WholeActionForm(PartForm):
    short_title = short_title_field()
    evidence = words("Evidence of success", rows=6, help_text="What will be there when it is done.")
    evidence_is_list = forms.BooleanField(
        label="This is a list: each line is a criterion of its own", required=False
    )
    measures = LinesField(
        label="Measures without a number (optional)", help_text="One on each line."
    )
    timescale = timescale_field()
    note = words("Note", rows=2)

    def clean(self) -> dict[str, Any]:
        return with_criteria(super().clean() or {})


class KeyDateForm(PartForm):
    kind = choices(
        "What is the date for?",
        "Choose what the date is for",
        [(kind.value, kind.label) for kind in DateKind],
    )
    when = PlanDateField(label="Date", required=True, error_messages={"required": "Give the date"})
    when_printed = printed_date()
    when_first = own_day("First day")
    when_last = own_day("Last day")
    note = words("Note", rows=2)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.compose_date("when")
        return data


# --- People, bodies, memberships --------------------------------------------------------------


class OrganisationForm(PartForm):
    code = words("Short form", "Give a short form", help_text="As tables print it: WCC, CWPT.")
    name = words("Name", "Give its name")
    note = words("Note", rows=2)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", code):
            raise ValidationError("Use at most 40 letters, digits, dots and hyphens, and no spaces")
        return code


class PersonForm(PartForm):
    name = words("Name", "Give the name")
    job_title = words("Job title")
    organisation = OneOf("Organisation")
    user = AccountField(
        label="E-mail address of their account (optional)",
        help_text="So that what they lead is theirs to report on. They also need a part below.",
        required=False,
    )
    also_printed_as = LinesField(
        label="Also printed as (optional)", help_text="One spelling on each line."
    )
    note = words("Note", rows=2)

    def to_choose_from(self) -> dict[str, Any]:
        return {"organisation": Organisation.objects.filter(local_area=self.plan.local_area_id)}


class SroForm(PartForm):
    sro = OneOf("Senior responsible officer")

    def to_choose_from(self) -> dict[str, Any]:
        return {"sro": people_of(self.plan)}


class BodyForm(PartForm):
    name = words("Name", "Give its name")
    kind = choices("Kind", "Choose what kind of body it is", Body.Kind.choices)
    area = OneOf(in_words_lazy("The {area} it works on"))
    note = words("Note", rows=3)

    def to_choose_from(self) -> dict[str, Any]:
        return {"area": Area.objects.filter(plan=self.plan, withdrawn_at=None)}


class BodyMemberForm(PartForm):
    role = words("Role", "Give the role", help_text="As the list of members prints it.")
    people = SeveralOf("Who", "Choose who it is")
    organisations = SeveralOf("Organisations")

    def to_choose_from(self) -> dict[str, Any]:
        return {
            "people": people_of(self.plan),
            "organisations": Organisation.objects.filter(local_area=self.plan.local_area_id),
        }


class ContactForm(PartForm):
    name = words("Name", "Give the name")
    role = choices("Role", "Choose the role", PlanContact.Role.choices)
    job_title = words("Job title")
    organisation = words("Organisation")
    email = forms.EmailField(
        label="E-mail address (optional)",
        required=False,
        max_length=254,
        error_messages={"invalid": "Give an e-mail address, like name@example.org"},
    )
    phone = PlainText(label="Phone (optional)", required=False, max_length=60)


class MembershipForm(PartForm):
    user = AccountField(
        label="E-mail address they sign in with",
        error_messages={"required": "Give the address of their account"},
    )
    role = choices("Role", "Choose their part", Membership.Role.choices)
    area = OneOf(in_words_lazy("{Area} of a senior responsible officer"))
    starts_on = DayField(label="First day (optional)", help_text=DAY_EXAMPLE)
    ends_on = DayField(
        label="Last day (optional)", help_text="After it they see this plan no longer."
    )
    sees_small_numbers = forms.BooleanField(
        label="May see small numbers",
        help_text="Under the partnership’s sharing agreement. The programme team sees them all, and"
        " a data owner those of their own KPIs.",
        required=False,
    )

    def to_choose_from(self) -> dict[str, Any]:
        return {"area": Area.objects.filter(plan=self.plan, withdrawn_at=None)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_sro = data.get("role") == Membership.Role.SRO
        if is_sro and not data.get("area") and "area" not in self.errors:
            self.add_error("area", in_words("Choose the {area} they answer for"))
        if data.get("role") and not is_sro and data.get("area"):
            self.add_error(
                "area", in_words("Only a senior responsible officer answers for one {area}")
            )
        self.in_order("starts_on", "ends_on", "The last day comes before the first")
        return data


# --- The plan as a whole ----------------------------------------------------------------------


class PastDayForm(forms.Form):
    """A day that has come, for what is recorded of the plan as a whole."""

    def __init__(self, data: Any = None, *, today: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.today = today

    def has_come(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if day > self.today:
            raise ValidationError(
                f"The date must not be in the future: today is {short_day(self.today)}"
            )
        return day


class AgreeForm(PastDayForm):
    agreed_by = words(
        "Who agreed the plan?", "Say who agreed it", help_text="For example: SEND steering group."
    )
    agreed_on = DayField(
        label="On which day?",
        help_text=DAY_EXAMPLE,
        required=True,
        error_messages={"required": "Give the day it was agreed"},
    )
    agreement_reference = words(
        "Where is that written down?", help_text="A minute or a letter, with its date or number."
    )

    def clean_agreed_on(self) -> date:
        return self.has_come("agreed_on")

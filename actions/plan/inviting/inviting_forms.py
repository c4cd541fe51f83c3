"""The pasted list, its rows as a table to put right, and what somebody invited fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Count, Q

from actions.models import Area, Membership, Person, Plan
from actions.plan.inviting.inviting import MOST_AT_ONCE, Guest
from actions.plan.inviting.reading import Entry
from actions.wording import in_words, in_words_lazy
from wsoa.accounts.forms import PASSWORD_HELP
from wsoa.accounts.models import User, UserManager

Role = Membership.Role
NEW_PERSON = "new"
# What people type for a role, besides its name.
ALSO_CALLED = {
    "officer": Role.PROGRAMME_OFFICER,
    "programme team": Role.PROGRAMME_OFFICER,
    "lead": Role.LEAD,
    "sro": Role.SRO,
    "chair": Role.CHAIR,
    "member": Role.MEMBER,
    "clerk": Role.MEMBER,
    "forum": Role.FORUM,
    "reader": Role.READER,
}


@dataclass(frozen=True)
class Choices:
    """What of the plan each row chooses from, read once for all rows."""

    areas: Mapping[str, Area]
    people: Mapping[str, Person]

    @classmethod
    def of(cls, plan: Plan) -> Choices:
        areas = Area.objects.filter(plan=plan, withdrawn_at=None)
        people = (
            Person.objects.filter(local_area=plan.local_area_id, user=None)
            .annotate(led=Count("leads", filter=Q(leads__commitment__plan=plan), distinct=True))
            .order_by("name", "id")
        )
        return cls({str(one.pk): one for one in areas}, {str(one.pk): one for one in people})

    def roles_typed(self) -> dict[str, str]:
        named = {label.casefold(): value for value, label in Role.choices}
        return {**named, **{word: str(role) for word, role in ALSO_CALLED.items()}}

    def areas_typed(self) -> dict[str, str]:
        found = {}
        for key, area in self.areas.items():
            for word in (area.ref, in_words(f"{{area}} {area.ref}"), str(area), area.short_title):
                if word:
                    found[str(word).casefold()] = key
        return found

    def person_named(self, name: str) -> str:
        wanted = name.casefold()
        for key, person in self.people.items():
            if wanted in {one.casefold() for one in (person.name, *person.also_printed_as)}:
                return key
        return ""


class ListForm(forms.Form):
    people = forms.CharField(
        label="Addresses",
        help_text=in_words_lazy(
            "One on each line, or pasted from Outlook or a sheet: address, name, role, {area}."
        ),
        error_messages={"required": "Paste or type at least one address."},
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        max_length=200_000,
    )

    def entries_from(self, entries: list[Entry]) -> list[Entry]:
        """The entries, or none and the reason at the field."""
        if len(entries) > MOST_AT_ONCE:
            self.add_error(
                "people",
                f"This list has {len(entries):,} people. At most {MOST_AT_ONCE} are read at once: "
                "take the others in a second list.",
            )
            return []
        return entries


class GuestForm(forms.Form):
    """A row of the table."""

    take = forms.BooleanField(required=False)
    email = forms.EmailField(
        max_length=254,
        error_messages={"required": "Give an address", "max_length": "This address is too long"},
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    name = forms.CharField(max_length=200, required=False)
    role = forms.ChoiceField(choices=Role.choices)
    area = forms.ChoiceField(required=False)
    person = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, number: int, choices: Choices, **options: Any) -> None:
        super().__init__(data, prefix=f"r{number}", **options)
        self.number, self.of_plan = number, choices
        for name, label in (
            ("take", "Invite"),
            ("email", "Address"),
            ("role", "Role"),
            ("area", in_words("{Area}")),
            ("person", "Person of the plan"),
        ):
            self.fields[name].widget.attrs["aria-label"] = f"{label}, row {number}"
        self._choices("area", [("", "–"), *((key, str(one)) for key, one in choices.areas.items())])
        people = [(key, f"{one.name} ({one.led})") for key, one in choices.people.items()]  # type: ignore[attr-defined]
        self._choices("person", [("", "Nobody"), (NEW_PERSON, "New person"), *people])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_email(self) -> str:
        return UserManager.normalize_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        is_sro = data.get("role") == Role.SRO
        if is_sro and not data.get("area"):
            self.add_error("area", in_words("Choose the {area} they answer for"))
        if not is_sro:
            # Of no other role; the list may have said it all the same.
            data["area"] = ""
        return data

    def guest(self) -> Guest:
        data = self.cleaned_data
        return Guest(
            email=data["email"],
            name=data["name"] or data["email"].partition("@")[0],
            role=data["role"],
            area=self.of_plan.areas.get(data["area"]),
            person=self.of_plan.people.get(data["person"]),
            is_new_person=data["person"] == NEW_PERSON,
        )


def first_values(entry: Entry, number: int, choices: Choices) -> dict[str, str]:
    """An entry of the list as what its row would be sent as."""
    values = {
        "take": "on",
        "email": entry.email,
        "name": entry.name[:200],
        "role": entry.role,
        "area": entry.area,
        "person": choices.person_named(entry.name),
    }
    return {f"r{number}-{name}": value for name, value in values.items()}


class TakeUpForm(forms.Form):
    """What somebody without an account fills in to take up a part."""

    name = forms.CharField(
        label="Your name",
        max_length=200,
        help_text="As it stands in the plan and on papers.",
        error_messages={"required": "Enter your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(
        self, data: Any = None, *, email: str, wants_password: bool, **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.email = email
        if wants_password:
            self.fields["password"] = forms.CharField(
                label="Choose a password",
                strip=False,
                max_length=128,
                help_text=PASSWORD_HELP,
                error_messages={"required": "Choose a password."},
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("password"):
            try:
                validate_password(
                    data["password"], User(email=self.email, name=data.get("name", ""))
                )
            except ValidationError as error:
                self.add_error("password", error)
        return data

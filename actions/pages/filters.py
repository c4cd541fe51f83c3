"""Narrowing a list by what stands in its address: plain forms, and what of the list they match."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import (
    Q,
)
from django.http import QueryDict

from actions.forms.date_fields import DayField, MonthField
from actions.forms.fields import PlainText
from actions.pages import formatting
from actions.pages.commitment_list import CommitmentRow
from actions.rules.dates import PlanDate
from actions.rules.state import CommitmentState
from actions.rules.status import AtClosing, Rating
from actions.wording import in_words, in_words_lazy, levels, scale


@dataclass(frozen=True, slots=True)
class Tag:
    """One thing the list is narrowed by, and the address without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Question:
    """A field of the form with the words of what is chosen in it, for one that folds away."""

    field: forms.BoundField
    chosen_text: str


class FilterForm(forms.Form):
    """Answers that stand in the address of a list. One that cannot be read narrows nothing."""

    first: ClassVar[tuple[str, ...]]
    # Folded away until one of them is used.
    more: ClassVar[tuple[str, ...]] = ()
    # What else the address of a list says and a filter leaves alone.
    kept_in_address: ClassVar[tuple[str, ...]] = ("as_at", "compare_with", "sort")

    data: QueryDict
    # By the codes of the areas that are offered: "Area 1".
    area_labels: Mapping[str, str] = MappingProxyType({})

    def first_questions(self) -> list[Question]:
        return [self._question(name) for name in self.first]

    def more_questions(self) -> list[Question]:
        return [self._question(name) for name in self.more]

    def uses_more(self) -> bool:
        return any(self._answer(name) or name in self.errors for name in self.more)

    def kept(self) -> list[tuple[str, str]]:
        return [
            (name, str(self.data[name])) for name in self.kept_in_address if self.data.get(name)
        ]

    def clear_url(self) -> str:
        return f"?{urlencode(self.kept())}"

    def here(self) -> str:
        """The address of the whole list as it is narrowed now, without its page."""
        data = self.data.copy()
        data.pop("page", None)
        return f"?{data.urlencode()}"

    def tags(self) -> list[Tag]:
        return [
            Tag(self.label_of(name, value), self._without(name, value))
            for name in (*self.first, *self.more)
            for value in self._answers(name)
        ]

    def words(self) -> str:
        """What the list is narrowed by, in one line."""
        return "; ".join(tag.label for tag in self.tags())

    def offer(self, name: str, options: Iterable[tuple[str, str]]) -> None:
        """Each option once, after the one that narrows nothing."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        before = cast(list[tuple[str, str]], field.choices)
        field.choices = list((dict(before) | dict(options)).items())

    def offer_areas(self, areas: Iterable[Any]) -> None:
        """The areas of the plan, read by `worded`; `self.areas` then has their keys by code."""
        in_order = sorted(areas, key=lambda area: area.position)
        self.areas = {area.code: area.key for area in in_order}
        self.area_labels = {area.code: area.label for area in in_order}
        self.offer(
            "area",
            (
                (area.code, formatting.numbered(area.ref, formatting.in_short(area)))
                for area in in_order
            ),
        )

    def answers(self) -> dict[str, Any]:
        """What could be read, by field."""
        self.is_valid()
        return self.cleaned_data

    def _answer(self, name: str) -> Any:
        return self.answers().get(name)

    def _answers(self, name: str) -> list[Any]:
        answer = self._answer(name)
        if not answer:
            return []
        return list(dict.fromkeys(answer)) if isinstance(answer, list) else [answer]

    def _question(self, name: str) -> Question:
        chosen = [self.label_of(name, value) for value in self._answers(name)]
        text = f"{len(chosen)} chosen" if len(chosen) > 2 else " or ".join(chosen)
        return Question(self[name], text or "Any")

    def label_of(self, name: str, value: Any) -> str:
        """How a tag says an answer: a choice by its own label, words in quotes."""
        if name == "q":
            return f"“{value}”"
        if name == "area":
            return self.area_labels.get(value, str(value))
        choices = getattr(self.fields[name], "choices", ())
        return next((str(label) for choice, label in choices if str(choice) == value), str(value))

    def _without(self, name: str, value: Any) -> str:
        data = self.data.copy()
        data.pop("page", None)
        if isinstance(self.fields[name], forms.MultipleChoiceField):
            data.setlist(name, [other for other in data.getlist(name) if other != value])
        else:
            data.pop(name, None)
        return f"?{data.urlencode()}"


def choice(label: str, wrong: str, any_text: str = "") -> forms.ChoiceField:
    """One of several; `any_text` is the choice that narrows nothing."""
    field = forms.ChoiceField(
        label=label,
        required=False,
        error_messages={"invalid_choice": wrong},
        choices=[("", any_text)] if any_text else [],
    )
    return field


def area_field() -> forms.ChoiceField:
    return choice(
        in_words_lazy("{Area}"),
        in_words_lazy("Choose {an_area} of this plan"),
        in_words_lazy("All {areas}"),
    )


def choices(
    label: str,
    wrong: str,
    options: Iterable[tuple[str, Any]] | Callable[[], Iterable[tuple[str, Any]]],
) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=options if callable(options) else list(options),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": wrong, "invalid_list": wrong},
    )


# --- Words as people write them --------------------------------------------------------------


def words_field() -> PlainText:
    return PlainText(label="Search")


# A whole reference or the beginning of some: 1, 1.2, 1.2.3, 1.2.3a.
REFERENCE = re.compile(r"\d+(?:\.\d+)*(?:\.|[a-z])?")


def has_words(query: str, ref: str, text: str) -> bool:
    """Whether a line has all the words asked for, or stands under the reference asked for.

    `1.2` finds 1.2.1a and not 1.20.1a; in a text a number is found as a whole alone.
    """
    query, text = query.casefold().strip(), text.casefold()
    if not REFERENCE.fullmatch(query):
        return all(word in text for word in query.split())
    number = query.rstrip(".")
    return _is_under(ref.casefold(), number) or bool(
        re.search(rf"(?<![\w.]){re.escape(number)}(?!\w|\.\d)", text)
    )


def _is_under(ref: str, number: str) -> bool:
    if not ref.startswith(number):
        return False
    rest = ref[len(number) :]
    return not rest or not (number[-1].isdigit() and rest[0].isdigit())


# --- Commitments ------------------------------------------------------------------------------

# Facts from dates and records that ask for somebody's attention.
# Each with its words and what of a commitment it is; a plan is asked of those that its colour key
# can have.
NEEDS: dict[str, tuple[Any, Callable[[CommitmentState], bool]]] = {
    "overdue": ("Overdue", lambda state: state.is_overdue),
    "late_although_rated": (
        in_words_lazy("Late although {Green_or_Amber}"),
        lambda state: state.late_although_rated,
    ),
    "date_missed": ("Date missed", lambda state: bool(state.missed_dates)),
    "update_overdue": ("Update overdue", lambda state: state.update_overdue),
    "grey_although_due": (
        in_words_lazy("{Grey} although due"),
        lambda state: state.is_grey_although_due,
    ),
    "not_embedded": (
        "Delivered, not yet embedded",
        lambda state: state.delivered_not_embedded,
    ),
    "blue_back": (
        in_words_lazy("{Blue} returned or lapsed"),
        lambda state: state.standing.blue_returned_at is not None or state.is_lapsed,
    ),
    "moved": (
        "Date moved",
        lambda state: state.completion is not None and state.completion.is_moved,
    ),
    "no_date": (
        "No completion date",
        lambda state: state.tracked and state.completion is None,
    ),
    "pause_over": ("Pause has run out", lambda state: state.pause_has_run_out),
    "due_soon": ("Due within six weeks", lambda state: state.is_due_soon),
}

BLUE_PROPOSED = "blue_proposed"


def _needs() -> Iterator[tuple[str, str]]:
    key = scale()
    cannot = {
        "late_although_rated": not (key.has(Rating.GREEN) or key.has(Rating.AMBER)),
        "grey_although_due": not key.has(Rating.GREY),
        "not_embedded": not key.has_blue,
        "blue_back": not key.has_blue,
    }
    for name, (label, _) in NEEDS.items():
        if name == "blue_back" and not key.blue_lapses:
            label = in_words("{Blue} returned")
        if name == "not_embedded":
            label = f"Delivered, {formatting.not_yet_blue()}"
        if not cannot.get(name):
            yield name, label


def _ratings() -> Iterator[tuple[str, str]]:
    """Those of the plan's key; a Blue that waits for its second person stands after Blue."""
    key = scale()
    for rating in key.ratings:
        yield rating.value, key.word(rating)
        if rating is Rating.BLUE:
            yield BLUE_PROPOSED, in_words("{Blue} proposed")


class CommitmentFilter(FilterForm):
    first = ("q", "area", "rating", "lead", "needs")
    more = ("action", "organisation", "due_from", "due_to", "changed_since", "closing", "withdrawn")

    q = words_field()
    area = area_field()
    rating = choices("Rating", "Choose from the ratings of the list", _ratings)
    lead = choice("Lead", "Choose somebody who leads in this plan", "Everyone")
    needs = choices(
        "Needs attention",
        "Choose from the reasons of the list",
        _needs,
    )
    action = choice(
        in_words_lazy("{Action}"),
        in_words_lazy("Choose {an_action} of this plan"),
        in_words_lazy("All {actions}"),
    )
    organisation = choice(
        "Organisation of a lead", "Choose an organisation that leads in this plan", "All"
    )
    due_from = MonthField(label="Due from the month", help_text="")
    due_to = MonthField(label="Due up to the month", help_text="")
    changed_since = DayField(label="Changed since the day")
    closing = choices(
        "At closing",
        "Choose from the answers of the list",
        [(outcome.value, outcome.label) for outcome in AtClosing],
    )
    withdrawn = forms.BooleanField(label="Show withdrawn ones too", required=False)

    def __init__(self, data: QueryDict, *, rows: list[CommitmentRow], day: date) -> None:
        super().__init__(data)
        self.rows, self.day = rows, day
        self.area_labels = {row.area.code: row.area.label for row in rows}
        self.offer("area", ((row.area.code, row.area.numbered) for row in rows))
        self.offer("action", ((r.action.code, f"{r.action.ref} {r.action.title}") for r in rows))
        leads = ((str(lead.pk), lead.name) for row in rows for lead in row.leads)
        self.offer("lead", sorted(leads, key=lambda lead: lead[1].casefold()))
        self.offer("organisation", sorted((c, c) for row in rows for c in row.organisations))

    def more_questions(self) -> list[Question]:
        """What became of it is asked of a closed plan alone."""
        is_closed = any(row.state.at_closing for row in self.rows)
        return [q for q in super().more_questions() if is_closed or q.field.name != "closing"]

    def clean_changed_since(self) -> date | None:
        day: date | None = self.cleaned_data["changed_since"]
        if day and day > self.day:
            raise ValidationError("That day has not come yet. Give an earlier day")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        due_from, due_to = data.get("due_from"), data.get("due_to")
        if due_from and due_to and due_to < due_from:
            self.add_error("due_to", f"Give a month from {due_from} on")
        return data

    def label_of(self, name: str, value: Any) -> str:
        match name:
            case "action":
                refs = {row.action.code: row.action.ref for row in self.rows}
                return f"{levels().action} {refs.get(value, value)}"
            case "due_from":
                return f"Due from {value}"
            case "due_to":
                return f"Due up to {value}"
            case "changed_since":
                return f"Changed since {formatting.short_day(value)}"
            case "withdrawn":
                return "Withdrawn ones too"
        return super().label_of(name, value)

    def pool(self) -> list[CommitmentRow]:
        """What the list is taken from: withdrawn commitments only where they are asked for."""
        if self._answer("withdrawn"):
            return self.rows
        return [row for row in self.rows if not row.state.is_withdrawn]

    def matching(self) -> list[CommitmentRow]:
        """The rows of the pool that fit every answer, in the plan's order."""
        return [row for row in self.pool() if self._fits(row)]

    def _fits(self, row: CommitmentRow) -> bool:
        wanted, state = self.answers(), row.state
        return all(
            (
                not (query := wanted.get("q")) or has_words(query, state.ref, _text(row)),
                not (area := wanted.get("area")) or row.area.code == area,
                not (action := wanted.get("action")) or row.action.code == action,
                not (lead := wanted.get("lead")) or any(str(p.pk) == lead for p in row.leads),
                not (code := wanted.get("organisation")) or code in row.organisations,
                not (ratings := wanted.get("rating")) or _is_rated(state, ratings),
                not (needs := wanted.get("needs")) or _needs_any(state, needs),
                not (closing := wanted.get("closing")) or state.at_closing in closing,
                _is_due(state, wanted.get("due_from"), wanted.get("due_to")),
                not (since := wanted.get("changed_since")) or row.changed_on >= since,
            )
        )


def _text(row: CommitmentRow) -> str:
    return "\n".join((row.words.name, row.words.evidence, *row.words.measures))


def _is_rated(state: CommitmentState, ratings: list[str]) -> bool:
    """A withdrawn commitment has no rating any more."""
    if state.is_withdrawn:
        return False
    if BLUE_PROPOSED in ratings and state.standing.blue_proposed_at:
        return True
    return state.rating.value in ratings


def _needs_any(state: CommitmentState, needs: list[str]) -> bool:
    return not state.is_withdrawn and any(NEEDS[name][1](state) for name in needs)


def _is_due(state: CommitmentState, first: PlanDate | None, last: PlanDate | None) -> bool:
    if first is None and last is None:
        return True
    if state.completion is None:
        return False
    month = state.completion.now.month_number
    return (first is None or month >= first.month_number) and (
        last is None or month <= last.month_number
    )


def begins(field: str, reference: str) -> Q:
    """Whether a reference is the one asked for or begins with it, its numbers whole."""
    return Q(**{f"{field}__iregex": beginning(reference)})


def beginning(reference: str) -> str:
    """The pattern of references that `begins` finds."""
    return rf"^{re.escape(reference.rstrip('.'))}(?![0-9])"

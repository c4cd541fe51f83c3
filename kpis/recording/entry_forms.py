"""The form of a month's figures: a row of fields for each measure, and only what was filled in."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from actions.forms.date_fields import PlanDateField
from actions.forms.fields import PlainText
from actions.rules.dates import PlanDate
from kpis.recording.due_figures import Place
from kpis.recording.history import hides_text
from kpis.recording.measurements import Entry, Outcome, Problem
from kpis.rules import validation
from kpis.rules.facts import Status
from kpis.rules.parsing import number_of, whole_number_of
from kpis.rules.text import JUDGEMENTS, number
from kpis.rules.validation import Given

# What says that a row was filled in; its status alone does not.
_CONTENT = (
    "value",
    "numerator",
    "denominator",
    "respondents",
    "compared_with",
    "judgement",
    "based_on",
    "note",
)


class NumberField(forms.CharField):
    """A number as people write it."""

    def __init__(self, *, is_percentage: bool = False, is_whole: bool = False, **options: Any):
        super().__init__(
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 12}),
            **options,
        )
        self.is_percentage = is_percentage
        self.is_whole = is_whole

    def clean(self, value: Any) -> Decimal | int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            if self.is_whole:
                return whole_number_of(text)
            return number_of(text, is_percentage=self.is_percentage)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class MonthForm(forms.Form):
    """Fields are called after their measure: `f12_value`."""

    def __init__(self, data: Any = None, *, places: Sequence[Place], today: date) -> None:
        super().__init__(data)
        self.places = list(places)
        self.today = today
        self.entries: list[tuple[Place, Entry]] = []
        # Of which somebody else has recorded a figure since the page was shown.
        self.conflicts: set[int] = set()
        # Whose figure is far from what was said so far.
        self.far: set[int] = set()
        for place in self.places:
            for name, field in _fields(place):
                self.fields[_called(place, name)] = field
            for name, value in _initial(place, place.newest).items():
                self.initial[_called(place, name)] = value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for place in self.places:
            for name, errors in self.errors.items():
                if name.startswith(_called(place, "")):
                    # The summary of errors stands away from the rows.
                    errors.data = [f"{place.kpi.code}: {text}" for text in errors]
            if not self._is_filled_in(place):
                continue
            if not data.get(_called(place, "status"), "unread"):
                self.refuse(place, "status", "choose the status")
            if not self._has_errors(place):
                self._check(place, self._entry(place, data))
        if not self.entries and not self.errors:
            self.add_error(None, "Nothing was filled in or changed, so there is nothing to record")
        return data

    def _check(self, place: Place, entry: Entry) -> None:
        self.entries.append((place, entry))
        if Outcome.of(place.row, entry, place.newest_row).is_same:
            return
        if entry.base != place.newest:
            self._meet(place)
            return
        status = place.newest_status
        for name, text in validation.problems(
            place.row, entry.figure, self.today, status, entry.reason
        ):
            self.refuse(place, name, text)
        if not self._has_errors(place):
            self._ask_about_jump(place, entry)

    def _ask_about_jump(self, place: Place, entry: Entry) -> None:
        """Once: who says that it is right is not asked again."""
        figure = validation.worked_out(place.row, entry.figure)
        if figure.value is None or not place.is_far(figure.value):
            return
        self.far.add(place.id)
        name, value = _called(place, "sure"), str(figure.value)
        self.fields[name].widget.attrs["value"] = value
        if self.data.get(name) == value:
            return
        # A tick that was set for another figure says nothing of this one.
        data = cast(QueryDict, self.data).copy()
        data.pop(name, None)
        self.data = data
        self.refuse(place, "sure", f"is {number(figure.value)} right? {place.far_text}")

    def _meet(self, place: Place) -> None:
        """Show what another has recorded meanwhile; sent once more, the row knows of it."""
        self.conflicts.add(place.id)
        self.refuse(
            place, "value", "somebody else recorded a figure meanwhile. Decide which one stands"
        )
        data = cast(QueryDict, self.data).copy()
        data[_called(place, "base")] = str(place.newest or "")
        self.data = data

    def _is_filled_in(self, place: Place) -> bool:
        """Whether the row says anything, and anything else than it did when it was shown."""
        base = self._base(place)
        shown = _initial(place, base)
        names = [name for name in (*_CONTENT, "status") if _called(place, name) in self.fields]
        entered = {name: _plain(self[_called(place, name)].data or "") for name in names}
        # How many there are beneath is filled in beforehand, and says nothing by itself.
        is_empty = not any(entered[name] for name in names[:-1] if name != "denominator")
        if is_empty and entered["status"] != Status.MISSING:
            return False
        if base is None:
            return True
        return any(entered[name] != _plain(shown.get(name, "")) for name in names)

    def _base(self, place: Place) -> int | None:
        text = self[_called(place, "base")].data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    def _has_errors(self, place: Place) -> bool:
        return any(name.startswith(_called(place, "")) for name in self.errors)

    def _entry(self, place: Place, data: dict[str, Any]) -> Entry:
        values = {
            name: data[_called(place, name)] for name in _CONTENT if _called(place, name) in data
        }
        status = Status(data[_called(place, "status")])
        if status is Status.MISSING and not any(
            values.get(name) for name in ("value", "numerator", "judgement")
        ):
            # How many there are beneath was filled in beforehand, and says nothing here.
            values["denominator"] = None
        return Entry(
            kpi=place.id,
            figure=Given(place.starts_on, place.ends_on, status, **values),
            reason=data.get(_called(place, "reason"), ""),
            base=self._base(place),
        )

    def refuse(self, place: Place, name: str, text: str) -> None:
        """Put what a rule or the verb refuses at the field it is about."""
        field = _called(place, name)
        if field not in self.fields or name == "base":
            field = _called(place, "numerator" if place.has_parts else "value")
        if field not in self.fields:
            field = _called(place, "judgement")
        self.add_error(field, f"{place.kpi.code}: {text}")

    def refuse_all(self, problems: Mapping[int, list[Problem]]) -> None:
        """The verb's refusals, by the number of their entry."""
        for entry, entry_problems in problems.items():
            place, _ = self.entries[entry]
            for problem in entry_problems:
                self.refuse(place, problem.field, problem.words)

    def rows(self, places: Sequence[Place]) -> list[dict[str, Any]]:
        """The bound fields of each place, for the page."""
        return [self._row(place) for place in places]

    def _row(self, place: Place) -> dict[str, Any]:
        bound = {name: self[_called(place, name)] for name in self._names(place)}
        base, sure = bound.pop("base"), bound.pop("sure")
        numbers = ("value", "numerator", "denominator", "respondents", "compared_with")
        has_errors = any(field.errors for field in bound.values())
        return {
            "place": place,
            "base": base,
            "judgement": bound.get("judgement"),
            "numbers": [bound[name] for name in numbers if name in bound],
            "status": bound["status"],
            "sure": sure if place.id in self.far else None,
            "words": [bound[name] for name in ("based_on", "note", "reason") if name in bound],
            "is_open": has_errors or (self.is_bound and self._is_filled_in(place)),
            "is_conflict": place.id in self.conflicts,
        }

    def _names(self, place: Place) -> list[str]:
        return [name for name, _ in _fields(place)]


def _called(place: Place, name: str) -> str:
    return f"f{place.id}_{name}"


def _plain(text: str) -> str:
    """Line ends as they were sent or kept are the same words."""
    return text.replace("\r\n", "\n").strip()


def _fields(place: Place) -> Iterator[tuple[str, forms.Field]]:
    row, unit = place.row, str(place.row.unit)
    is_percentage = unit == "%"
    yield "base", forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    if row.kind == "qualitative":
        yield (
            "judgement",
            forms.ChoiceField(
                label="What do people say?",
                choices=[("", "Not said yet"), *JUDGEMENTS.items()],
                required=False,
                error_messages={"invalid_choice": "Choose one of the list"},
            ),
        )
        yield "respondents", NumberField(label="How many people it rests on", is_whole=True)
    elif place.has_parts:
        yield "numerator", NumberField(label=_capital(row.numerator))
        yield "denominator", NumberField(label=_capital(row.denominator), help_text=_about(place))
    else:
        of = " of the twelve months" if row.kind == "rolling" else ""
        label = f"Figure{of}, in {'per cent' if is_percentage else unit}"
        yield "value", NumberField(label=label, is_percentage=is_percentage)
        if row.kind == "survey":
            yield "respondents", NumberField(label="How many people answered", is_whole=True)
    if row.kind == "comparator":
        label = _capital(f"{row.comparator or 'the others'}")
        yield "compared_with", NumberField(label=label, is_percentage=is_percentage)
    yield (
        "status",
        forms.ChoiceField(
            label="Status",
            choices=_statuses(place),
            # A row that was not on the page when it was shown sends none.
            required=False,
            error_messages={"invalid_choice": "Choose one of the list"},
        ),
    )
    if row.kind == "qualitative":
        yield (
            "based_on",
            PlainText(
                label="What it rests on", help_text="For example: talks with the forum in June."
            ),
        )
    yield (
        "note",
        PlainText(
            label="Note (optional)", help_text="Needed where there is no figure: why.", rows=2
        ),
    )
    # Asked where the figure is far from what was said so far.
    yield "sure", forms.BooleanField(label="Yes, this figure is right", required=False)
    if place.newest_status is Status.FINAL:
        yield (
            "reason",
            PlainText(
                label="Why does it change?",
                help_text="What was said before stays on record beside it.",
                rows=2,
            ),
        )


def _about(place: Place) -> str:
    about = place.row.denominator_about
    return f"The plan says about {about:,}. Give the number counted." if about else ""


def _statuses(place: Place) -> list[tuple[str, str]]:
    is_monthly = place.starts_on.month == place.ends_on.month
    missing = (Status.MISSING.value, f"No figure this {'month' if is_monthly else 'period'}")
    projected = (Status.PROJECTED.value, "Projected")
    if not place.has_ended:
        return [projected, missing]
    ended = [
        (Status.FINAL.value, "Final"),
        (Status.PROVISIONAL.value, "Provisional: it may still change"),
        missing,
    ]
    return ended if place.newest_status is Status.FINAL else [*ended, projected]


def _initial(place: Place, shown: int | None) -> dict[str, str]:
    """What the fields start from: what stood there, or what can be known beforehand."""
    account = place.account(shown)
    if account is None:
        about = place.row.denominator_about
        status = Status.FINAL if place.has_ended else Status.PROJECTED
        return {"status": status.value, "denominator": str(about) if about else ""}
    figure, row = account
    values = {
        name: number(value).replace(",", "") if isinstance(value, Decimal) else str(value)
        for name in ("value", "numerator", "denominator", "respondents", "compared_with")
        if (value := getattr(figure, name)) is not None
    }
    is_hidden = place.figure is not None and hides_text(place.figure, place.texts)
    return values | {
        "status": row.status,
        "judgement": figure.judgement,
        "based_on": "" if is_hidden else row.based_on,
        "note": "" if is_hidden else row.note,
        "base": str(row.pk),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class BaselineForm(forms.Form):
    value = NumberField(label="Baseline")
    on = PlanDateField(label="Date or period it speaks of")

    def __init__(self, *args: Any, unit: str, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["value"]
        assert isinstance(field, NumberField)
        field.is_percentage = unit == "%"
        field.label = "Baseline, in per cent" if unit == "%" else f"Baseline, in {unit}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "value" not in self.errors and data.get("value") is None:
            self.add_error("value", "Give the baseline")
        if "on" not in self.errors and not isinstance(data.get("on"), PlanDate):
            self.add_error("on", "Say of which date or period it speaks")
        return data

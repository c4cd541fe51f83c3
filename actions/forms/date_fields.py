"""Fields for a day, a month, or either, as people type them; with examples of this year.

One way to ask for each, everywhere: a day in one box, a month in two or, where it is one of
several answers on a line, in one. `actions/rules/typed_dates.py` says what is read.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazystr

from actions.rules.dates import PlanDate
from actions.rules.typed_dates import read_any, read_date, read_day, read_month


def this_year(text: str) -> Any:
    """The text with this year in the place of `YYYY`, the next in that of `NEXT`, as it is read."""
    return lazystr(_ThisYear(text))


class _ThisYear:
    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        year = timezone.localdate().year
        return self.text.replace("YYYY", str(year)).replace("NEXT", f"{(year + 1) % 100:02}")


DAY_EXAMPLE = this_year("For example 31/1/YYYY.")
MONTH_EXAMPLE = this_year("For example 3/YYYY or March YYYY.")
_WRONG_DAY = this_year("Enter a date, for example 31/1/YYYY")
_WRONG_MONTH = this_year("Enter a month and a year, for example 3 YYYY or March YYYY")
_WRONG_EITHER = this_year("Enter a month or a day, for example March YYYY or 7 March YYYY")

_WRONG_ANY = this_year(
    "Enter a date, for example March YYYY, 7 March YYYY, summer term YYYY, YYYY or school year"
    " YYYY/NEXT"
)


class _TypedDate(forms.CharField):
    """Words that `read` makes a date of; None where there are none."""

    def __init__(
        self, *, read: Callable[[str], Any], wrong: Any, size: int = 12, **options: Any
    ) -> None:
        self.read, self.wrong = read, wrong
        options.setdefault("required", False)
        options.setdefault("widget", forms.TextInput(attrs={"size": size, "autocomplete": "off"}))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, date):
            return f"{value.day}/{value.month}/{value.year}"
        return value.words if isinstance(value, PlanDate) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, date | PlanDate):
            return value
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError:
            raise ValidationError(str(self.wrong), code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True


class DayField(_TypedDate):
    def __init__(self, **options: Any) -> None:
        super().__init__(read=read_day, wrong=_WRONG_DAY, **options)


class MonthField(_TypedDate):
    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", MONTH_EXAMPLE)
        super().__init__(read=read_month, wrong=_WRONG_MONTH, **options)


class MonthOrDayField(_TypedDate):
    """A month, as plans give most dates, or a day."""

    def __init__(self, **options: Any) -> None:
        example = this_year("A month or a day: March YYYY, or 7 March YYYY.")
        options.setdefault("help_text", example)
        super().__init__(read=read_date, wrong=_WRONG_EITHER, size=18, **options)


class PlanDateField(_TypedDate):
    """A date of a plan, of any precision."""

    def __init__(self, **options: Any) -> None:
        example = this_year(
            "A month or a day: March YYYY, or 7 March YYYY. Or a term, a year or a range: summer"
            " term YYYY, YYYY, financial year YYYY/NEXT, 1 to 5 May YYYY."
        )
        options.setdefault("help_text", example)
        super().__init__(read=read_any, wrong=_WRONG_ANY, size=24, **options)


class MonthBox(forms.CharField):
    """The month or the year of a month in two boxes: see `month_of_boxes`."""

    def __init__(self, size: int, label: str = "") -> None:
        super().__init__(
            label=label or None,
            required=False,
            # Room for a month's name.
            max_length=10,
            widget=forms.TextInput(attrs={"size": size}),
        )
        self.error_messages["max_length"] = str(_WRONG_MONTH)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


def month_of_boxes(month: str, year: str) -> PlanDate | None:
    """The month two boxes give; None where both are empty. ValidationError where it is none."""
    if not month and not year:
        return None
    try:
        return read_month(f"{month} {year}")
    except ValueError:
        raise ValidationError(str(_WRONG_MONTH)) from None

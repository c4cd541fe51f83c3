"""The forms of a plan's reference parts: engagement, glossary, funding, its inspection."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions.forms.date_fields import DAY_EXAMPLE, DayField
from actions.forms.fields import PlainText
from actions.models import Inspection
from actions.plan.editing_forms import LinesField, PartForm, choices, money, words

_YEAR_AND_SUM = re.compile(r"(\d{4})/(\d{2})\s*:?\s*(.*)")
MOST_POUNDS = Decimal(10**10)


class EngagementForm(PartForm):
    on = DayField(
        label="Day",
        help_text=DAY_EXAMPLE,
        required=True,
        error_messages={"required": "Give the day of the meeting"},
    )
    is_week = forms.BooleanField(label="It was in the week that begins on this day", required=False)
    meeting = words("Meeting", "Say which meeting it was")
    description = words("What was done there", "Say what was done there", rows=3)


class GlossaryTermForm(PartForm):
    abbreviation = PlainText(
        label="Abbreviation",
        max_length=300,
        error_messages={"required": "Give the abbreviation"},
    )
    meaning = PlainText(
        label="What it means", max_length=300, error_messages={"required": "Say what it means"}
    )


class AmountsField(LinesField):
    """Sums by financial year, one on each line: `2025/26: 120000`; no sum for an empty cell."""

    def clean(self, value: Any) -> list[str]:
        lines, years = [], set()
        for line in super().clean(value):
            year, amount = self._read(line)
            if year in years:
                raise ValidationError(f"{year} stands twice: give each year once")
            years.add(year)
            lines.append(amount_line(year, amount))
        return sorted(lines)

    def _read(self, line: str) -> tuple[str, Decimal | None]:
        match = _YEAR_AND_SUM.fullmatch(line)
        if not match or (int(match[1]) + 1) % 100 != int(match[2]):
            raise ValidationError(
                f"“{line}” does not begin with a financial year. Write it like 2025/26: 120000"
            )
        typed = match[3].replace(",", "").replace("£", "").strip()
        if not typed:
            return f"{match[1]}/{match[2]}", None
        try:
            amount = Decimal(typed)
        except InvalidOperation:
            raise ValidationError(
                f"“{match[3]}” is not an amount. Write it in figures, for example 120000"
            ) from None
        if not amount.is_finite() or not 0 <= amount < MOST_POUNDS:
            raise ValidationError(f"“{match[3]}” is not an amount that can be kept here")
        if amount != round(amount, 2):
            raise ValidationError("Give no more than pence")
        return f"{match[1]}/{match[2]}", amount


def amount_line(year: str, amount: Decimal | None) -> str:
    """`2025/26: 120000.00`; of an empty cell the year alone."""
    return year if amount is None else f"{year}: {amount:.2f}"


def amounts_of(lines: list[str]) -> dict[str, Decimal | None]:
    """The sums of such lines, by year."""
    pairs = (line.partition(": ") for line in lines)
    return {year: Decimal(amount) if amount else None for year, _, amount in pairs}


class FundingLineForm(PartForm):
    title = PlainText(
        label="For", max_length=300, error_messages={"required": "Say what the money is for"}
    )
    source = words("Source", help_text="Who pays, and out of what.")
    amounts = AmountsField(
        label="By financial year (optional)",
        help_text="One year on each line, for example 2025/26: 120000",
        required=False,
    )
    total = money(
        "Sum for no financial year (optional)", help_text="In pounds, in place of sums by year."
    )
    period = PlainText(label="What time that sum is for (optional)", max_length=60, required=False)
    spent = money("Spent to date (optional)", help_text="In pounds.")
    spent_on = DayField(label="Spent by (optional)", help_text=DAY_EXAMPLE)
    note = words("Note", rows=2)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("amounts") and data.get("total") is not None:
            self.add_error("total", "Give either sums by year or one sum for no year")
        if data.get("spent") is not None and "spent_on" not in self.errors:
            if data.get("spent_on") is None:
                self.add_error("spent_on", "Give the day up to which this was spent")
        elif data.get("spent_on") and "spent" not in self.errors:
            self.add_error("spent", "Give what was spent by that day")
        return data


class InspectionForm(PartForm):
    title = PlainText(label="Title", max_length=300, error_messages={"required": "Give its title"})
    kind = choices(
        "Kind (optional)", "", [("", "Not said"), *Inspection.Kind.choices], required=False
    )
    outcome = choices(
        "Outcome (optional)", "", [("", "Not said"), *Inspection.Outcome.choices], required=False
    )
    visited_from = DayField(label="First day of the visit (optional)", help_text=DAY_EXAMPLE)
    visited_to = DayField(label="Last day of the visit (optional)", help_text=DAY_EXAMPLE)
    letter_on = DayField(label="Date of the letter (optional)", help_text=DAY_EXAMPLE)
    published_on = DayField(label="Letter published (optional)", help_text=DAY_EXAMPLE)
    inspectors = LinesField(
        label="Inspectors (optional)", help_text="One name on each line.", required=False
    )
    reinspection_expected = PlainText(
        label="When inspectors return (optional)",
        help_text="As they say it, for example: within 18 months.",
        max_length=300,
        required=False,
    )
    note = words("Note", rows=2)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.in_order("visited_from", "visited_to", "The visit ended before it began")
        self.in_order("letter_on", "published_on", "It was published before it was written")
        if data.get("visited_to") and not data.get("visited_from"):
            self.add_error("visited_from", "Give the first day too")
        return data

"""What was known of the sample's figures at a moment, for the texts that cite them.

A text has places: `{1.1.1-1}` is the newest figure then known, as people write it; with `:of`
"58 of 82", with `:month` the month in which its period ended, with `:size` the number without its
sign. `{month+2}` is two months after the month of the text, `{month@12}` the plan's thirteenth.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from actions.models import Plan
from kpis.rules.text import amount, number

PLACE = re.compile(r"\{([^{}]+)\}")
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Known:
    said_at: datetime
    ends_on: date
    unit: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None

    def as_written(self, form: str) -> str:
        if form == "month":
            return f"{self.ends_on:%B}"
        if form == "of":
            assert self.numerator is not None
            assert self.denominator is not None
            return f"{number(self.numerator)} of {number(self.denominator)}"
        value = self._value()
        if form == "size":
            return number(abs(value))
        return amount(value, self.unit) if self.unit == "%" else number(value)

    def _value(self) -> Decimal:
        if self.value is not None:
            return self.value
        assert self.numerator is not None
        assert self.denominator
        share = self.numerator * 100 / self.denominator
        return share.quantize(_TENTH, rounding=ROUND_HALF_UP)


class KnownFigures:
    """Final and provisional figures of one plan, each from the moment at which it was said."""

    def __init__(self, plan: Plan, said: Iterable[tuple[str, Known]]) -> None:
        self.starts = plan.starts
        self._of: dict[str, list[Known]] = defaultdict(list)
        for code, known in said:
            self._of[code].append(known)

    def newest(self, code: str, moment: datetime) -> Known:
        """The newest period's figure, in the form in which it was last said by then."""
        known = [figure for figure in self._of[code] if figure.said_at <= moment]
        if not known:
            raise LookupError(f"No figure of {code} was known on {moment:%d %B %Y}")
        return max(known, key=lambda figure: (figure.ends_on, figure.said_at))

    def _month(self, number: int) -> str:
        return f"{self.starts.plus_months(number).first_day:%B}"

    def filled(self, text: str, month: int, moment: datetime) -> str:
        """A text with each place filled, as somebody could have written it at that moment."""

        def written(match: re.Match[str]) -> str:
            what, _, form = match[1].partition(":")
            if what.startswith("month@"):
                return self._month(int(what.removeprefix("month@")))
            if what.startswith("month"):
                return self._month(month + int(what.removeprefix("month") or 0))
            return self.newest(what, moment).as_written(form)

        return PLACE.sub(written, text)

"""What a period of a KPI came to, and with how many places it is said. Standard library only.

A value worked out of its parts, such as 7,316 of 7,319, is said with no more places than it bears:
one from 1 up, two from 0.1, else three. It gets more where it would else be said to be none, all or
the very target, and is not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kpis.rules import disclosure
from kpis.rules.facts import Status


@dataclass(frozen=True, slots=True)
class PeriodFigure:
    """What a period came to, as far as it may be shown."""

    id: int
    starts_on: date
    ends_on: date
    status: Status
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    respondents: int | None
    compared_with: Decimal | None
    judgement: str
    said_on: date
    # Closed, and its numbers taken out; what is shown in their place: the nearest ten of a count,
    # or where the band of a rate begins.
    is_too_few: bool = False
    shown: Decimal | None = None
    # Closed, and seen by who may see small numbers.
    is_marked: bool = False
    awaits_second_person: bool = False
    is_returned: bool = False
    # The places that a value worked out of its parts is said with.
    places: int | None = None
    # What was said of the period before, oldest first, as far as it may be shown.
    before: tuple["PeriodFigure", ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it says how things are: neither projected nor missing nor hidden."""
        if self.status in (Status.PROJECTED, Status.MISSING):
            return False
        return self.value is not None or bool(self.judgement)

    @property
    def waits(self) -> bool:
        """Whether a second person has not confirmed it, or has returned it."""
        return self.awaits_second_person or self.is_returned

    @property
    def is_said(self) -> bool:
        """Whether it says how things are, though it may be too small to show to this reader."""
        if self.status in (Status.PROJECTED, Status.MISSING):
            return False
        return self.is_too_few or self.counts

    @property
    def band(self) -> tuple[Decimal, Decimal] | None:
        """Of a closed rate: between which percentages it lies."""
        if self.shown is None or self.shown >= disclosure.LARGE:
            return None
        return self.shown, self.shown + disclosure.BAND

    def hides(self, respondents: int | None) -> bool:
        """Whether a number of it is not shown; so many respondents are on record."""
        return self.is_too_few or (self.respondents is None and respondents is not None)

    @property
    def is_restated(self) -> bool:
        """Whether a final figure was put right later."""
        return any(earlier.status is Status.FINAL for earlier in self.before)


def said_of(figure: PeriodFigure) -> PeriodFigure | None:
    """What a period came to by its newest account that waits for no second person.

    Until that person has answered, what was said before it stands; None where nothing does.
    """
    accounts = (figure, *reversed(figure.before))
    account = next((account for account in accounts if not account.waits), None)
    return account if account and account.is_said else None


# Each would say what is not so, where a value only comes near it: none, all.
NONE_AND_ALL = frozenset({Decimal(0), Decimal(100)})


def places_of(value: Decimal, not_onto: Collection[Decimal] = NONE_AND_ALL) -> int:
    """With how many places a value worked out of its parts is said."""
    size = abs(value)
    places = 1 if size >= 1 or not size else 2 if size >= Decimal("0.1") else 3
    return finer(value, places, not_onto)


def finer(value: Decimal, places: int, not_onto: Collection[Decimal]) -> int:
    """So many places, or as many more as keep the value off each of these that it is not."""
    while (shown := rounded(value, places)) != value and shown in not_onto:
        places += 1
    return places


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)

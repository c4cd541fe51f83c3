"""What a figure must be before it is recorded. No queries and no clock.

1. A figure speaks of one of the measure's own periods; final and provisional ones of a period that
   has ended, projected ones of any.
2. It is what its kind asks for: a value, or both parts of one, or a judgement with its source. With
   both parts the value is worked out of them, to four places, halves up; a value given beside them
   must be the same at its own number of places.
3. A percentage of a whole is at most 100. A count, a rate, a survey, a comparison and a running
   total are not below zero; a change may be.
4. A survey names how many answered, a judgement how many it rests on. Only a comparison has the
   others' figure. Saying that there is no figure says why, and says no figure.
5. What was final is changed only with a reason, and is never again only projected.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Protocol

from actions.rules.dates import PlanDate
from kpis.rules.due import period_holding
from kpis.rules.facts import MONTHS_OF, YEAR_STARTS, Status

PLACES = Decimal("0.0001")
LARGEST = Decimal(10) ** 12
MOST_PEOPLE = 2**31
CHANGES = frozenset({"relative", "quantity"})
# What says how things are, each of which “No figure” leaves out.
SAYS = (
    "value",
    "numerator",
    "denominator",
    "respondents",
    "compared_with",
    "judgement",
    "based_on",
)


class Described(Protocol):
    """What a rule asks of a KPI."""

    kind: str
    unit: str
    frequency: str
    year: str
    per: int | None
    counts_people: bool
    numerator: str
    denominator: str


@dataclass(frozen=True, slots=True)
class Given:
    """A figure as somebody gives it, before it is recorded."""

    starts_on: date
    ends_on: date
    status: Status
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    respondents: int | None = None
    compared_with: Decimal | None = None
    judgement: str = ""
    based_on: str = ""
    note: str = ""


def period_of(kpi: Described, day: date) -> tuple[date, date]:
    """The first and last day of the measure's period that holds a day; a month without a rhythm."""
    return period_holding(day, MONTHS_OF.get(kpi.frequency, 1), YEAR_STARTS.get(kpi.year, 4))


def has_parts(kpi: Described) -> bool:
    return bool(kpi.numerator and kpi.denominator)


def per(kpi: Described) -> int:
    return kpi.per or (100 if kpi.unit == "%" else 1)


def worked_out(kpi: Described, figure: Given) -> Given:
    """The figure with the value that its parts come to, where it has both."""
    if figure.numerator is None or not figure.denominator:
        return figure
    exact = figure.numerator * per(kpi) / figure.denominator
    if abs(exact) >= LARGEST:
        return replace(figure, value=exact)
    value = exact.quantize(PLACES, ROUND_HALF_UP)
    # Nearly none and nearly all are not none and all, at the last place that is kept.
    if value != exact and value in (0, per(kpi)):
        value = exact.quantize(PLACES, ROUND_DOWN if value else ROUND_UP)
    return replace(figure, value=value)


def problems(
    kpi: Described, figure: Given, today: date, newest: Status | None = None, reason: str = ""
) -> Iterator[tuple[str, str]]:
    """What is wrong with a figure, each with the field it is about.

    `newest` is the status of what was said of the period before, None where nothing was.
    """
    yield from _of_the_period(kpi, figure, today)
    if figure.status is Status.MISSING:
        yield from _of_none(figure)
    elif kpi.kind == "qualitative":
        yield from _of_a_judgement(figure)
    else:
        yield from _of_a_number(kpi, figure)
    if newest is Status.FINAL:
        if figure.status is Status.PROJECTED:
            yield "status", "A final figure was given for this period. It cannot be projected now"
        if not reason:
            yield "reason", "The figure of this period was final. Say why it changes"


def _of_the_period(kpi: Described, figure: Given, today: date) -> Iterator[tuple[str, str]]:
    if (figure.starts_on, figure.ends_on) != period_of(kpi, figure.starts_on):
        yield "period", "This is not one of the periods in which the measure is taken"
    elif figure.status in (Status.FINAL, Status.PROVISIONAL) and figure.ends_on >= today:
        ends = f"{figure.ends_on.day} {PlanDate.month_of(figure.ends_on)}"
        yield "status", f"This period ends on {ends}. Until then a figure is projected"


def _of_none(figure: Given) -> Iterator[tuple[str, str]]:
    given = [name for name in SAYS if getattr(figure, name) not in (None, "")]
    if given:
        yield given[0], "A figure stands here, and “No figure” was chosen. Leave one of them out"
    if not figure.note:
        yield "note", "Say why there is no figure"


def _of_a_judgement(figure: Given) -> Iterator[tuple[str, str]]:
    if not figure.judgement:
        yield "judgement", "Choose what people say"
    if not figure.based_on and figure.judgement != "not_known":
        yield "based_on", "Say what this rests on"
    if figure.respondents is None and figure.judgement != "not_known":
        yield "respondents", "Say how many people it rests on"
    yield from _of_people(figure)
    for name in ("value", "numerator", "denominator", "compared_with"):
        if getattr(figure, name) is not None:
            yield name, "This measure is judged in words. Leave the number out"
            return


def _of_people(figure: Given) -> Iterator[tuple[str, str]]:
    if figure.respondents is not None and figure.respondents >= MOST_PEOPLE:
        yield "respondents", "This number is too large"
    elif figure.respondents is not None and figure.respondents < 1:
        yield "respondents", "This must be more than 0"


def _of_a_number(kpi: Described, figure: Given) -> Iterator[tuple[str, str]]:
    if figure.judgement:
        yield "judgement", "This measure is a number. Leave the judgement out"
    parts = (figure.numerator, figure.denominator)
    if parts != (None, None):
        wrong = list(_of_parts(kpi, figure))
        yield from wrong
        if wrong:
            return
        value = worked_out(kpi, figure).value
        given = figure.value
        if given is not None and value is not None and not _agree(given, value):
            yield "value", f"The parts come to {_short(value)}, and not to {_short(given)}"
    else:
        value = figure.value
    if value is None:
        yield "value", "Give the figure, or say that there is none"
        return
    yield from value_problems(kpi, "value" if parts == (None, None) else "numerator", value)
    if figure.compared_with is not None and kpi.kind != "comparator":
        yield "compared_with", "This measure is compared with nobody. Leave this out"
    elif figure.compared_with is not None:
        yield from value_problems(kpi, "compared_with", figure.compared_with)
    if kpi.kind == "survey" and figure.respondents is None and figure.denominator is None:
        yield "respondents", "Say how many people answered"
    yield from _of_people(figure)


def _of_parts(kpi: Described, figure: Given) -> Iterator[tuple[str, str]]:
    above, below = figure.numerator, figure.denominator
    if above is None:
        yield "numerator", "Give both numbers"
    elif below is None:
        yield "denominator", "Give both numbers"
    elif wrong := [
        (name, text)
        for name, part in (("numerator", above), ("denominator", below))
        if (text := _size_problem(part))
    ]:
        yield from wrong
    elif below <= 0:
        yield "denominator", "This must be more than 0"
    elif above < 0:
        yield "numerator", "This cannot be less than 0"
    elif _is_share(kpi) and above > below:
        yield "numerator", f"This cannot be more than {_short(below)}"


def _is_share(kpi: Described) -> bool:
    """Whether its value is a percentage of a whole."""
    return kpi.unit == "%" and kpi.kind not in CHANGES


def _size_problem(number: Decimal) -> str:
    if abs(number) >= LARGEST:
        return "This number is too large"
    if number != number.quantize(PLACES):
        return "Give at most four figures after the point"
    return ""


def value_problems(kpi: Described, field: str, value: Decimal) -> Iterator[tuple[str, str]]:
    """What is wrong with a number as a value of the measure."""
    may_be_below = kpi.kind in CHANGES and not kpi.counts_people
    if wrong := _size_problem(value):
        yield field, wrong
    elif _is_share(kpi) and value > 100:
        yield field, "This percentage cannot be more than 100"
    elif value < 0 and not may_be_below:
        yield field, "This cannot be less than 0"


def _agree(given: Decimal, worked: Decimal) -> bool:
    """Whether they are the same at the number of places that was given."""
    places = min(0, int(given.as_tuple().exponent))
    return worked.quantize(Decimal(1).scaleb(places), ROUND_HALF_UP) == given


def _short(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

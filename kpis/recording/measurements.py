"""Recording figures: one or ten thousand, all of them or none, in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from actions import access, memberships
from actions.models import Plan
from actions.models.base import at, date_columns
from actions.rules.dates import PlanDate
from kpis.models import Kpi, Measurement, MeasurementCheck
from kpis.recording.deciding import decide_figures
from kpis.recording.history import load_kpis
from kpis.rules import validation
from kpis.rules.facts import Status
from kpis.rules.validation import Given
from wsoa.accounts.models import User

_SAME = (
    "status",
    "value",
    "numerator",
    "denominator",
    "respondents",
    "compared_with",
    "judgement",
    "based_on",
    "note",
)


class Unchecked:
    """No base: the caller does not claim to know what was said before."""


UNCHECKED = Unchecked()


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure to record. `base` is the newest row of its period when the form was shown."""

    kpi: int
    figure: Given
    reason: str = ""
    base: int | Unchecked | None = UNCHECKED


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one entry. `newest` is what somebody else recorded meanwhile."""

    field: str
    words: str
    newest: Measurement | None = None


class Refused(Exception):
    """Nothing was recorded. `problems` by the place of their entry."""

    def __init__(self, problems: Mapping[int, list[Problem]]) -> None:
        super().__init__(f"{len(problems)} figures were refused")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Outcome:
    """What recording an entry comes to. `newest` is what was said before, `figure` as checked."""

    entry: Entry
    figure: Given
    newest: Measurement | None = None
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, kpi: Kpi, entry: Entry, newest: Measurement | None) -> "Outcome":
        return cls(entry, validation.worked_out(kpi, entry.figure), newest)

    @property
    def is_same(self) -> bool:
        return self.newest is not None and all(
            getattr(self.newest, name) == getattr(self.figure, name) for name in _SAME
        )

    @property
    def is_restatement(self) -> bool:
        return (
            not self.is_same
            and self.newest is not None
            and self.newest.status == Measurement.Status.FINAL
        )


def foresee(plan: Plan, entries: Sequence[Entry], today: date) -> list[Outcome]:
    """What recording these entries would come to now. Two queries, nothing written."""
    kpis = Kpi.objects.filter(plan=plan, withdrawn_at=None).in_bulk(
        {entry.kpi for entry in entries}
    )
    return _outcomes(kpis, entries, today, plan.closed_on)


@transaction.atomic
def record_figures(
    *,
    plan: Plan,
    entries: Sequence[Entry],
    by: User | None,
    today: date,
    effective_at: datetime | None = None,
    source: str = "",
) -> list[Measurement]:
    """Record figures of a plan's measures. Those that are already on record add nothing.

    ValidationError where the plan takes none, Refused with every entry's problems.
    """
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    refuse_if_draft(plan)
    kpis = {
        kpi.pk: kpi
        for kpi in Kpi.objects.select_for_update(no_key=True)
        .filter(plan=plan, withdrawn_at=None, pk__in={entry.kpi for entry in entries})
        .order_by("pk")
    }
    outcomes = _outcomes(kpis, entries, today, plan.closed_on)
    refused = {
        place: outcome.problems for place, outcome in enumerate(outcomes) if outcome.problems
    }
    if refused:
        raise Refused(refused)
    rows = Measurement.objects.bulk_create(
        _row(outcome, by, effective_at, source) for outcome in outcomes if not outcome.is_same
    )
    decide_figures(rows, kpis, plan)
    return rows


def _outcomes(
    kpis: Mapping[int, Kpi], entries: Sequence[Entry], today: date, closed_on: date | None
) -> list[Outcome]:
    newest = newest_rows(kpis, {entry.figure.ends_on for entry in entries})
    seen: set[tuple[int, date]] = set()
    outcomes = []
    for entry in entries:
        kpi, place = kpis.get(entry.kpi), (entry.kpi, entry.figure.ends_on)
        if kpi is None:
            gone = Problem("kpi", "This measure is no longer part of the plan")
            outcomes.append(Outcome(entry, entry.figure, problems=[gone]))
            continue
        outcome = Outcome.of(kpi, entry, newest.get(place))
        outcome.problems.extend(_problems(kpi, outcome, today, closed_on))
        if place in seen:
            outcome.problems.append(Problem("period", "This period stands here twice"))
        seen.add(place)
        outcomes.append(outcome)
    return outcomes


def _problems(kpi: Kpi, outcome: Outcome, today: date, closed_on: date | None) -> Iterable[Problem]:
    entry, before = outcome.entry, outcome.newest
    if outcome.is_same:
        return
    newest_pk = before.pk if before else None
    if not isinstance(entry.base, Unchecked) and entry.base != newest_pk:
        yield Problem("value", "Somebody recorded a figure for this period meanwhile", before)
        return
    if closed_on and entry.figure.ends_on > closed_on:
        text = f"The plan was closed on {PlanDate.of_day(closed_on)}. Give figures until then"
        yield Problem("period", text)
        return
    status = Status(before.status) if before else None
    for name, text in validation.problems(kpi, entry.figure, today, status, entry.reason):
        yield Problem(name, text)


def newest_rows(kpis: Iterable[int], days: Iterable[date]) -> dict[tuple[int, date], Measurement]:
    """What stands for these measures and last days of a period, by both."""
    rows = Measurement.objects.filter(kpi__in=kpis, ends_on__in=days, corrected_by=None)
    return {(row.kpi_id, row.ends_on): row for row in rows}


def _row(
    outcome: Outcome, by: User | None, effective_at: datetime | None, source: str
) -> Measurement:
    """A restatement speaks of the moment of what it puts right; any other figure of now."""
    before = outcome.newest
    if outcome.is_restatement and before:
        effective_at = before.effective_at
    figure = outcome.figure
    fields: dict[str, Any] = {name: getattr(figure, name) for name in _SAME}
    return Measurement(
        kpi_id=outcome.entry.kpi,
        starts_on=figure.starts_on,
        ends_on=figure.ends_on,
        corrects=before,
        reason=outcome.entry.reason if before else "",
        by=by,
        source=source,
        **fields,
        **at(effective_at),
    )


@transaction.atomic
def check_figure(
    *,
    measurement: Measurement,
    by: User,
    today: date,
    is_confirmed: bool,
    reason: str = "",
    effective_at: datetime | None = None,
    source: str = "",
) -> MeasurementCheck:
    """A second person's answer to a final figure that asks for one, and that they may see whole.

    Of one that nobody here recorded (a file's, with its `source`), whoever may record the measure.
    """
    kpi = locked_kpi(measurement.kpi_id, also_closed=True)
    measurement = Measurement.objects.select_related("second_look", "corrected_by").get(
        pk=measurement.pk
    )
    if hasattr(measurement, "second_look"):
        raise ValidationError("Somebody has answered for this figure already.")
    if hasattr(measurement, "corrected_by"):
        raise ValidationError("This figure has been replaced by a newer one.")
    if not kpi.needs_second_person or measurement.status != Measurement.Status.FINAL:
        raise ValidationError("This figure asks for no second person.")
    access.refuse_unless(
        _may_check(kpi, measurement, memberships.granted_to(by, kpi.plan), today),
        "Somebody else must confirm this: a second person who may record this measure, who did not "
        "record the figure, and who may see it in full.",
    )
    if not is_confirmed and not reason:
        raise ValidationError({"reason": "Say what must be put right"})
    return MeasurementCheck.objects.create(
        measurement=measurement,
        by=by,
        is_confirmed=is_confirmed,
        reason=reason,
        source=source,
        **at(effective_at),
    )


def _may_check(
    kpi: Kpi, measurement: Measurement, granted: memberships.PlanAccess, today: date
) -> bool:
    """As `access.can_check_figure`, of what the reader sees of the figure."""
    kpi_set = load_kpis([kpi.plan], today, worded_day=None, code=kpi.code)
    (history,) = kpi_set.histories
    reads = access.can_read_small_numbers(granted, data_owner=history.data_owner)
    state = kpi_set.states(reads_small=[kpi.pk] if reads else [])[kpi.pk]
    figure = next((figure for figure in state.figures if figure.id == measurement.pk), None)
    return access.can_check_figure(
        granted,
        data_owner=history.data_owner,
        areas=history.areas,
        author=measurement.by_id,
        is_hidden=figure is None or figure.hides(measurement.respondents),
    )


@transaction.atomic
def record_baseline(*, kpi: Kpi, value: Decimal, on: PlanDate, today: date) -> Kpi:
    """Record the first baseline of a measure. What is there changes by request only.

    Who did it is in the history of edits, as of everything that describes a measure.
    """
    kpi = locked_kpi(kpi.pk)
    if kpi.baseline is not None:
        raise ValidationError("This measure has a baseline. It changes by request only.")
    problems = dict(validation.value_problems(kpi, "value", value))
    if on.first_day > today:
        problems["on"] = "This has not come yet"
    if problems:
        raise ValidationError(problems)
    kpi.baseline, kpi.awaits_baseline = value, False
    columns = date_columns(on, "baseline_")
    for column, part in columns.items():
        setattr(kpi, column, part)
    kpi.save(update_fields=["baseline", "awaits_baseline", *columns])
    return kpi


def locked_kpi(pk: int, *, also_closed: bool = False) -> Kpi:
    """The measure, locked until the transaction ends, of an agreed plan and not withdrawn.

    `also_closed`: what is recorded may still come after its plan was closed.
    """
    kpi = Kpi.objects.select_for_update(of=("self",), no_key=True).select_related("plan").get(pk=pk)
    if also_closed:
        refuse_if_draft(kpi.plan)
    else:
        refuse_if_not_agreed(kpi.plan)
    if kpi.withdrawn_at:
        raise ValidationError("This measure is no longer part of the plan.")
    return kpi


def refuse_if_draft(plan: Plan) -> None:
    if plan.state == Plan.State.DRAFT:
        raise ValidationError("This plan is not agreed yet, so there is nothing to record.")


def refuse_if_not_agreed(plan: Plan) -> None:
    refuse_if_draft(plan)
    if plan.state == Plan.State.CLOSED:
        raise ValidationError("This plan is closed.")

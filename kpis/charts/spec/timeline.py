"""Commitments on an axis of months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.rules.dates import PlanDate
from kpis.charts.spec.parts import (
    NONE,
    Cell,
    Figure,
    Kind,
    Mark,
    Role,
    Row,
    Table,
    counted,
    listed,
    month_ticks,
)


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """A commitment with its completion dates; None where there is none. `group` is its area."""

    ref: str
    name: str
    first: PlanDate | None
    now: PlanDate | None
    asked: PlanDate | None = None
    forecast: PlanDate | None = None
    delivered: PlanDate | None = None
    group: str = ""

    @property
    def dates(self) -> list[tuple[Role, PlanDate]]:
        found = [
            (Role.FIRST, self.first),
            (Role.NOW, self.now),
            (Role.FORECAST, self.forecast),
            (Role.ASKED, self.asked),
            (Role.DELIVERED, self.delivered),
        ]
        return [(role, when) for role, when in found if when]

    @property
    def is_moved(self) -> bool:
        return bool(self.first and self.now and self.first != self.now)


def timeline_figure(*, title: str, lines: Sequence[TimelineLine], as_at: date) -> Figure:
    """When each commitment was first to be complete, when it is now, and when it was delivered."""
    dated = [when for line in lines for _, when in line.dates]
    span = [PlanDate.month_of(when.first_day) for when in dated] + [PlanDate.month_of(as_at)]
    first, last = min(span), max(span)
    months = [first.plus_months(offset) for offset in range(first.months_until(last) + 1)]
    rows = tuple(
        Row(
            ref=line.ref,
            name=line.name,
            cells=tuple(
                Cell(
                    tick=first.months_until(when),
                    words=f"{line.ref} {line.name}: {role.value} {when}",
                    role=role,
                )
                for role, when in line.dates
            ),
            group=line.group,
            end=line.now.short if line.now else "no date",
            is_moved=line.is_moved,
        )
        for line in lines
    )
    columns = ("Ref", "Commitment", "First agreed", "Now", "Forecast", "Asked for", "Delivered")
    return Figure(
        kind=Kind.TIMELINE,
        title=title,
        unit="Completion dates by month",
        x=month_ticks(months),
        rows=rows,
        # Within the month of the day, as far along as the day is.
        marks=(Mark(_within_months(first, as_at), "as at", is_as_at=True),),
        alt=_timeline_alt(lines, as_at),
        table=Table(
            caption="Completion dates of the commitments",
            columns=columns,
            rows=tuple(
                (
                    line.ref,
                    line.name,
                    *(
                        str(when) if when else NONE
                        for when in (
                            line.first,
                            line.now,
                            line.forecast,
                            line.asked,
                            line.delivered,
                        )
                    ),
                )
                for line in lines
            ),
        ),
    )


def _within_months(first: PlanDate, day: date) -> float:
    month = PlanDate.month_of(day)
    share = (day.day - 1) / (month.last_day.day)
    return first.months_until(month) - 0.5 + share


def _timeline_alt(lines: Sequence[TimelineLine], as_at: date) -> str:
    day = PlanDate(as_at, is_day=True)
    if not lines:
        return f"Timeline as at {day}: no commitments."
    facts = [
        (sum(line.delivered is not None for line in lines), "delivered"),
        (
            sum(
                line.delivered is None and line.now is not None and line.now.passed_by(as_at)
                for line in lines
            ),
            "past their date and not delivered",
        ),
        (sum(line.is_moved for line in lines), "moved from the month first agreed"),
        (sum(line.asked is not None for line in lines), "with another date asked for"),
        (sum(line.now is None for line in lines), "without a completion date"),
    ]
    said = listed([f"{count} {words}" for count, words in facts if count]) or "no date has passed"
    return f"Timeline of {counted(len(lines), 'commitment')} as at {day}: {said}."

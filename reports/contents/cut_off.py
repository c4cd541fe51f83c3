"""What a report may see: up to the day it shows, and no more than was on record at its cut-off."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q

from actions.models import Plan
from actions.records.text_versions import known, worded
from actions.rules.dates import day_after, day_of, end_of_day, start_of_day
from reports.models import Report, ReportSeries
from reports.rules.calendar import Period


@dataclass
class AtCutOff:
    """A report's period and cut-off; every query of its contents goes by them."""

    report: Report
    series: ReportSeries

    @property
    def plan(self) -> Plan:
        return self.series.plan

    @property
    def period(self) -> Period:
        return self.report.period

    @property
    def until(self) -> date:
        """The day as at which the plan is shown."""
        return self.report.as_at

    @property
    def since(self) -> date:
        """The day before the period, which the plan is compared with."""
        return self.report.starts_on - timedelta(days=1)

    @property
    def known_on(self) -> date:
        return day_of(self.report.known_at)

    @cached_property
    def next_period(self) -> Period:
        """The one that follows; as long as this one, where its meeting is not entered yet."""
        starts_on = day_after(self.report.ends_on)
        known_period = self.series.cycle.period_on(starts_on)
        length = self.report.ends_on - self.report.starts_on
        return known_period or Period(starts_on, starts_on + length, "")

    def seen(self, path: str = "", *, in_period: bool = False) -> Q:
        """Records that speak of a moment up to the day shown and were known at the cut-off."""
        condition = Q(
            **{
                f"{path}effective_at__lt": end_of_day(self.until),
                f"{path}recorded_at__lte": self.report.known_at,
            }
        )
        if in_period:
            condition &= Q(**{f"{path}effective_at__gte": start_of_day(self.report.starts_on)})
        return condition

    def worded(self, model: type[Any], **filters: Any) -> Any:
        """Parts of the plan as worded on the day shown, as known at the cut-off."""
        return worded(model, self.until, known_at=self.report.known_at, **filters)

    def known(self, model: type[Any]) -> Any:
        """Rows with days of their own, as they were on record at the cut-off."""
        return known(model, self.report.known_at)

"""Recording the sample's figures, by the verbs and the accounts of those whose job it is."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32

from actions.models import Plan
from actions.models.base import SAMPLE_SOURCE
from actions.rules.dates import LONDON, PlanDate, add_months
from kpis.models import Kpi, Measurement, Rebase
from kpis.recording.comparators import record_comparator_figure
from kpis.recording.measurements import Entry, check_figure, record_figures
from kpis.rules.state import MONTHS_OF, YEAR_STARTS, DuePeriod, Status, periods_of
from kpis.rules.validation import Given, period_of
from wsoa.accounts.models import User
from wsoa.demo.known_figures import Known, KnownFigures
from wsoa.demo.measures import COMPARED, FIGURES, REBASED, Series
from wsoa.demo.working_days import WorkingDays

_NUMBERS = ("value", "numerator", "denominator", "compared_with")


def load_figures(plan: Plan, officer: User, today: date) -> KnownFigures:
    """Each owner's figures month by month; none of a day that has not come.

    What was known of them when, for those who cite them.
    """
    teller = _Teller(plan, officer, today)
    for code in FIGURES:
        teller.tell(code)
    teller.record()
    teller.confirm()
    teller.rebase()
    teller.compare()
    return KnownFigures(plan, teller.known())


class _Teller:
    def __init__(self, plan: Plan, officer: User, today: date) -> None:
        self.plan = plan
        self.officer = officer
        self.today = today
        self.kpis = {
            kpi.code: kpi
            for kpi in Kpi.objects.filter(plan=plan).select_related("data_owner__user")
        }
        self.days = WorkingDays(plan.starts_on.year - 2, today)
        # What one account says in one sitting, in time order.
        self.sittings: dict[tuple[datetime, User], list[Entry]] = defaultdict(list)

    def tell(self, code: str) -> None:
        kpi, series = self.kpis[code], FIGURES[code]
        figures = list(self._figures_of(kpi, series))[::-1]
        for period, values in figures:
            if series.settles:
                self._say(kpi, period, {**values, "status": "provisional"}, 1)
            self._say(kpi, period, values, 2 if series.settles else 1)
        for place, restated in series.restated.items():
            period, _ = figures[place]
            self._say(kpi, period, restated.figure, 1 + restated.months, restated.reason)
        if series.projected and figures:
            self._project(kpi, figures[-1][0], series.projected)

    def _figures_of(
        self, kpi: Kpi, series: Series
    ) -> Iterator[tuple[DuePeriod, Mapping[str, Any]]]:
        """Each period that was told of, the last one first."""
        months = MONTHS_OF.get(kpi.frequency, 1)
        first = kpi.first_due_on or self.plan.starts.plus_months(series.begins).first_day
        starts_in = YEAR_STARTS.get(kpi.year, 4)
        ended = self.today - timedelta(days=1)
        periods = list(periods_of(months, PlanDate(first), ended, starts_in))
        if callable(series.figures):
            figures = [series.figures(period.ends_on) for period in periods]
        else:
            figures = list(series.figures)
            if kpi.frequency == Kpi.Frequency.ONCE:
                periods = periods[:1]
        if series.owed:
            periods, figures = periods[: -series.owed], figures[: -series.owed]
        for period, figure in zip(reversed(periods), reversed(figures), strict=False):
            if figure is not None:
                yield period, figure

    def _project(self, kpi: Kpi, last: DuePeriod, projected: Sequence[Mapping[str, Any]]) -> None:
        day = last.ends_on
        for figure in projected:
            starts_on, ends_on = period_of(kpi, day + timedelta(days=1))
            day = ends_on
            self._put(kpi, (starts_on, ends_on), {**figure, "status": "projected"}, last.ends_on, 1)

    def _say(
        self, kpi: Kpi, period: DuePeriod, values: Mapping[str, Any], months: int, reason: str = ""
    ) -> None:
        days = (period.starts_on, period.ends_on)
        self._put(kpi, days, values, period.ends_on, months, reason)

    def _put(
        self,
        kpi: Kpi,
        period: tuple[date, date],
        values: Mapping[str, Any],
        after: date,
        months: int,
        reason: str = "",
    ) -> None:
        owner = kpi.data_owner.user if kpi.data_owner else None
        by, moment = owner or self.officer, self._moment(kpi, after, months)
        if after < self.plan.starts_on:
            # The years before came in at once, with the plan.
            by, moment = self.officer, self._moment(kpi, self.plan.starts_on, 0)
        if moment.date() >= self.today:
            return
        fields: dict[str, Any] = {
            name: Decimal(str(value)) if name in _NUMBERS else value
            for name, value in values.items()
        }
        status = Status(fields.pop("status", Status.FINAL))
        starts_on, ends_on = period
        figure = Given(starts_on, ends_on, status, **fields)
        self.sittings[moment, by].append(Entry(kpi.pk, figure, reason))

    def _moment(self, kpi: Kpi, after: date, months: int) -> datetime:
        """A working morning so many months after; the same for all measures of one owner."""
        month = add_months(after.replace(day=1), months)
        day = month + timedelta(days=7 + crc32(str(kpi.data_owner).encode()) % 5)
        return datetime.combine(self.days.on_or_before(day), time(10), tzinfo=LONDON)

    def record(self) -> None:
        for (moment, by), entries in sorted(self.sittings.items(), key=lambda item: item[0][0]):
            record_figures(
                plan=self.plan,
                entries=entries,
                by=by,
                today=moment.date(),
                effective_at=moment,
                source=SAMPLE_SOURCE,
            )

    def known(self) -> Iterator[tuple[str, Known]]:
        """What could be cited. Nobody cites a figure that waits for its second person."""
        waiting = {
            kpi.pk: max(entry.figure.ends_on for entry in self._entries_of(kpi))
            for kpi in self.kpis.values()
            if kpi.needs_second_person
        }
        by_key = {kpi.pk: kpi for kpi in self.kpis.values()}
        for (moment, _), entries in self.sittings.items():
            for entry in entries:
                figure = entry.figure
                if figure.status not in (Status.FINAL, Status.PROVISIONAL):
                    continue
                if figure.ends_on == waiting.get(entry.kpi):
                    continue
                kpi = by_key[entry.kpi]
                numbers = (figure.value, figure.numerator, figure.denominator)
                yield kpi.code, Known(moment, figure.ends_on, kpi.unit, *numbers)

    def _entries_of(self, kpi: Kpi) -> list[Entry]:
        every = (entry for entries in self.sittings.values() for entry in entries)
        return [entry for entry in every if entry.kpi == kpi.pk]

    def confirm(self) -> None:
        """All but the newest of those that ask for a second person."""
        for kpi in self.kpis.values():
            if not kpi.needs_second_person:
                continue
            *earlier, _ = Measurement.objects.filter(kpi=kpi).order_by("ends_on")
            for figure in earlier:
                check_figure(
                    measurement=figure,
                    by=self.officer,
                    today=self.today,
                    is_confirmed=True,
                    effective_at=figure.effective_at + timedelta(hours=3),
                    source=SAMPLE_SOURCE,
                )

    def compare(self) -> None:
        code, values = COMPARED
        for series in self.kpis[code].comparators.all():
            for month, value in values.items():
                ended = self.plan.starts.plus_months(month)
                record_comparator_figure(
                    series=series,
                    starts_on=ended.first_day,
                    ends_on=ended.last_day,
                    value=Decimal(value),
                    by=self.officer,
                    today=self.today,
                    effective_at=datetime.combine(
                        self.days.on_or_after(ended.plus_months(1).first_day),
                        time(11),
                        tzinfo=LONDON,
                    ),
                    source=SAMPLE_SOURCE,
                )

    def rebase(self) -> None:
        code, month, reason = REBASED
        Rebase.objects.create(
            kpi=self.kpis[code],
            on=self.plan.starts.plus_months(month).first_day,
            reason=reason,
            decided_by="Sample steering group",
            by=self.officer,
            effective_at=datetime.combine(
                self.days.on_or_after(
                    self.plan.starts.plus_months(9).first_day + timedelta(days=14)
                ),
                time(14),
                tzinfo=LONDON,
            ),
            source=SAMPLE_SOURCE,
        )

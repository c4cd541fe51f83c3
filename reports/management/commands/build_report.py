"""`build_report SLUG CODE`: a report's files, as it reads now or as it was published."""

from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from actions.models import Plan
from reports.contents.building import build
from reports.drafts.drafting import start_problem
from reports.models import PUBLISHED, PublishedFile, Report, ReportSeries, WordTemplate
from reports.rendering import FORMATS, file_name, render
from reports.rules.calendar import NoPeriodError, Period

# A file's name and what is in it.
Named = tuple[str, bytes]


class Command(BaseCommand):
    help = "Write the files of a report. A draft is built as it reads now, and nothing is saved."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="of the plan")
        parser.add_argument("series", help="the code of the report series")
        parser.add_argument(
            "--period",
            type=_day,
            metavar="YYYY-MM-DD",
            help="any day of the period; else the last that is over, or was published",
        )
        parser.add_argument(
            "--as-at",
            type=_day,
            metavar="YYYY-MM-DD",
            help="the day on which the plan is shown; else the period’s last, or today",
        )
        parser.add_argument("--format", nargs="+", choices=FORMATS, help="else all of them")
        parser.add_argument("--output", type=Path, default=Path(), metavar="DIR", help="else here")
        parser.add_argument(
            "--published", action="store_true", help="the files that went out, as they were kept"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        series = _series(options["slug"], options["series"])
        formats: list[str] = options["format"] or list(FORMATS)
        if options["published"]:
            if options["as_at"]:
                raise CommandError("What was published stays as it was: leave --as-at out.")
            files = _published(series, options["period"], formats)
        else:
            period = _period(series, options["period"], timezone.localdate())
            files = _built(self._report(series, period, options["as_at"]), formats)
        output: Path = options["output"]
        for name, content in files:
            path = output / name
            try:
                output.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            except OSError as error:
                raise CommandError(f"{path}: cannot be written: {error.strerror}") from None
            self.stdout.write(str(path))

    def _report(self, series: ReportSeries, period: Period, as_at: date | None) -> Report:
        """The draft of the period, with its words and signatures, or one that nobody has begun."""
        today, now = timezone.localdate(), timezone.now()
        reports = Report.objects.filter(
            series=series, starts_on=period.starts_on, discarded_at=None
        ).select_related("publication")
        report = next((report for report in reports if report.is_draft), None)
        if report is None:
            problem = "" if reports else start_problem(series, period, today)
            if problem:
                raise CommandError(problem)
            report = Report(
                series=series,
                starts_on=period.starts_on,
                ends_on=period.ends_on,
                number=period.number,
                as_at=min(period.ends_on, today),
                known_at=now,
            )
        if as_at:
            if not period.starts_on <= as_at <= min(period.ends_on, today):
                raise CommandError(
                    f"--as-at: {as_at} is no day of {period.words}, or has not come yet."
                )
            report.as_at = as_at
        return report


def _day(text: str) -> date:
    return date.fromisoformat(text)


_day.__name__ = "day"


def _series(slug: str, code: str) -> ReportSeries:
    plan = Plan.objects.filter(slug=slug).first()
    if plan is None:
        known = ", ".join(Plan.objects.values_list("slug", flat=True)) or "none"
        raise CommandError(f"There is no plan {slug!r}. Plans here: {known}.")
    series = ReportSeries.objects.filter(plan=plan).select_related("plan__local_area")
    report_series = series.filter(code=code).first()
    if report_series is None:
        known = ", ".join(report_series.code for report_series in series) or "none"
        raise CommandError(f"The plan has no report series {code!r}. Its series: {known}.")
    return report_series


def _period(series: ReportSeries, day: date | None, today: date) -> Period:
    """The period that holds the day; else the last that is over."""
    try:
        if day:
            return series.cycle.period_of(day)
        return series.cycle.last_over(today)
    except NoPeriodError as refusal:
        raise CommandError(str(refusal)) from None
    except (ValueError, OverflowError):
        raise CommandError(f"--period: {day} is out of reach.") from None


def _published(series: ReportSeries, day: date | None, formats: list[str]) -> Iterable[Named]:
    """Of the newest version that went out."""
    reports = Report.objects.filter(PUBLISHED, series=series)
    if day:
        reports = reports.filter(starts_on__lte=day, ends_on__gte=day)
    report = reports.order_by("-ends_on", "-version").first()
    if report is None:
        of = f" for {day}" if day else ""
        raise CommandError(f"No report of this series was published{of}.")
    kept = PublishedFile.objects.filter(
        paper__publication__report=report, format__in=formats
    ).order_by("pk")
    return [(file.name, bytes(file.content)) for file in kept]


def _built(report: Report, formats: list[str]) -> Iterable[Named]:
    built = build(report)
    template = WordTemplate.bytes_in_use(report.series.plan)
    for document in (built.document, built.families):
        if document:
            for key in formats:
                yield file_name(document, key), render(document, key, template=template)

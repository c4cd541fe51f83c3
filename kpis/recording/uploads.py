"""Figures from a file: in the tracker's own template, or one row for each measure and period.

A file is read and checked as a whole, kept as its rows while somebody looks at what it would
change, and applied all or nothing after the same check once more inside the lock. The rules are
those of the page (`kpis/rules/validation.py`); so is the answer where another has recorded a figure
since: nothing is recorded, and the file is brought in anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from actions.io.spreadsheets import KeptFile, SheetError
from actions.io.spreadsheets import Problem as SheetProblem
from actions.models import Plan
from kpis.models import MeasurementUpload
from kpis.recording import comparators, measurements
from kpis.recording.comparators import NamedSeries, OthersOutcome
from kpis.recording.due_figures import Enterable
from kpis.recording.figure_rows import TITLES, FileRow, read_rows
from kpis.recording.measurements import Outcome, Refused
from wsoa.accounts.models import User

AnyOutcome = Outcome | OthersOutcome


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rows of a file would come to now. With problems, nothing of it can be applied."""

    outcomes: list[AnyOutcome]
    problems: list[SheetProblem]


def checked(plan: Plan, rows: Sequence[FileRow], kpis: Iterable[Enterable], today: date) -> Checked:
    """The rows against what is on record. Four queries at most, however many rows."""
    own, others = _apart(rows)
    told = iter(measurements.foresee(plan, [row.entry for row in own], today))
    told_of_others = iter(
        comparators.foresee_comparators(plan, [row.others_entry for row in others], today)
    )
    outcomes: list[AnyOutcome] = [
        next(told) if row.series is None else next(told_of_others) for row in rows
    ]
    problems = _not_theirs(rows, kpis)
    for row, outcome in zip(rows, outcomes, strict=True):
        problems += _as_problems(row, outcome.problems)
    return Checked(outcomes, problems)


def _apart(rows: Iterable[FileRow]) -> tuple[list[FileRow], list[FileRow]]:
    """The KPIs' own figures, and those of others."""
    rows = list(rows)
    return (
        [row for row in rows if row.series is None],
        [row for row in rows if row.series is not None],
    )


def _not_theirs(rows: Iterable[FileRow], kpis: Iterable[Enterable]) -> list[SheetProblem]:
    allowed = {kpi.id for kpi in kpis}
    return [
        SheetProblem(
            f"the figures of {row.code} are not yours to record", row.number, TITLES["code"]
        )
        for row in rows
        if row.kpi not in allowed
    ]


def _as_problems(row: FileRow, problems: Iterable[measurements.Problem]) -> list[SheetProblem]:
    return [
        SheetProblem(
            f"{problem.words[:1].lower()}{problem.words[1:]}",
            row.number,
            TITLES["code" if problem.field == "kpi" else problem.field],
        )
        for problem in problems
    ]


def _refused(rows: Sequence[FileRow], refusal: Refused) -> list[SheetProblem]:
    return [
        problem
        for place, problems in refusal.problems.items()
        for problem in _as_problems(rows[place], problems)
    ]


@transaction.atomic
def keep_upload(
    *,
    plan: Plan,
    by: User,
    file_name: str,
    data: bytes,
    kpis: Sequence[Enterable],
    codes: Iterable[str],
    others: Mapping[int, Sequence[NamedSeries]],
) -> KeptFile[MeasurementUpload]:
    """Read a file and keep its rows until somebody applies them. No figure changes.

    ValidationError lists every problem. What the same person kept before and never applied goes.
    """
    measurements.refuse_if_draft(plan)
    try:
        read = read_rows(data, kpis, codes, others)
        # Of no base yet: what stands there now is what the reader is about to be shown.
        rows = _based(plan, read.rows)
        problems = checked(plan, rows, kpis, timezone.localdate()).problems
        if problems:
            raise SheetError(problems)
    except SheetError as refusal:
        raise ValidationError({"file": [str(problem) for problem in refusal.problems]}) from refusal
    MeasurementUpload.objects.filter(plan=plan, by=by, applied_at=None).delete()
    kept = MeasurementUpload.objects.create(
        plan=plan, by=by, file_name=file_name, rows=[row.as_json() for row in rows]
    )
    return KeptFile(kept, read.notices)


def _based(plan: Plan, rows: Sequence[FileRow]) -> list[FileRow]:
    own, others = _apart(rows)
    newest = measurements.newest_rows({row.kpi for row in own}, {row.figure.ends_on for row in own})
    newest_of_others = comparators.newest_values(
        {row.series for row in others if row.series}, {row.figure.ends_on for row in others}
    )

    def base(row: FileRow) -> int | None:
        ends_on = row.figure.ends_on
        if row.series is not None:
            value = newest_of_others.get((row.series, ends_on))
            return value.pk if value else None
        figure = newest.get((row.kpi, ends_on))
        return figure.pk if figure else None

    return [replace(row, base=base(row)) for row in rows]


def rows_of(upload: MeasurementUpload) -> list[FileRow]:
    return [FileRow.from_json(kept) for kept in upload.rows]


@transaction.atomic
def apply_upload(*, upload: MeasurementUpload, by: User, kpis: Iterable[Enterable]) -> int:
    """Record all figures of a kept file, or none, and say how many were new."""
    upload = (
        MeasurementUpload.objects.select_for_update(of=("self",))
        .select_related("plan")
        .get(pk=upload.pk)
    )
    if upload.applied_at:
        raise ValidationError("This file has been applied already.")
    rows = rows_of(upload)
    if problems := _not_theirs(rows, kpis):
        raise ValidationError([str(problem) for problem in problems])
    given: dict[str, Any] = {"plan": upload.plan, "by": by, "today": timezone.localdate()}
    own, others = _apart(rows)
    recorded = 0
    try:
        recorded += len(measurements.record_figures(entries=[row.entry for row in own], **given))
    except Refused as refusal:
        problems += _refused(own, refusal)
    try:
        entries = [row.others_entry for row in others]
        recorded += len(comparators.record_comparator_figures(entries=entries, **given))
    except Refused as refusal:
        problems += _refused(others, refusal)
    if problems:
        problems.sort(key=lambda problem: problem.row or 0)
        raise ValidationError([str(problem) for problem in problems])
    upload.applied_at = timezone.now()
    upload.save(update_fields=["applied_at"])
    return recorded

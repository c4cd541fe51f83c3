"""Importing a plan file: a new plan, or the changes that a later file makes to one that is here.

All or nothing. Refs, codes and names are identity. What the file lacks is withdrawn, a changed date
is a move, and each is a record with who and why. Importing the same file changes nothing.

What an import did is checked before it counts: the tracker, exported, must then say what the file
says. That text is kept, so that a later import knows what was edited in the tracker in between.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import pghistory
from django.db import transaction
from django.utils import timezone

from actions import memberships
from actions.models import Commitment, LocalArea, Membership, Plan
from actions.rules.dates import day_of, start_of_day
from kpis.models import Kpi
from reports.models import Report
from wsoa.accounts.models import User
from wsoa.planfile.applying import apply
from wsoa.planfile.cycles import cycle_problems
from wsoa.planfile.exporting import plan_file
from wsoa.planfile.format import checks
from wsoa.planfile.format.differences import Change, ChangeKind, differences
from wsoa.planfile.format.matching import PastDiffersError, paired_dates, steps
from wsoa.planfile.format.problems import PlanFileError, Problem
from wsoa.planfile.format.reading import read
from wsoa.planfile.format.schema import PlanFile
from wsoa.planfile.format.writing import canonical_bytes
from wsoa.planfile.models import PlanImport
from wsoa.planfile.records import ImportEvent, dates_on_record
from wsoa.planfile.snapshot import Tracker, is_new


@dataclass(frozen=True, slots=True)
class Diff:
    """What an import changes, or on a dry run would change."""

    slug: str
    is_new: bool
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def summary(self) -> list[str]:
        """How many of each kind of thing a new plan has."""
        kinds = Counter(kind for change in self.changes if (kind := change.part_kind))
        return [f"+ {number} × {kind}" for kind, number in kinds.items()]

    @property
    def edited_since(self) -> tuple[Change, ...]:
        """The changes to what somebody has edited in the tracker since the last import."""
        return tuple(change for change in self.changes if change.is_edited_since)


class ImportRefusedError(Exception):
    """The file is sound, and yet it may not be imported like this. The message says what to do."""

    def __init__(self, message: str, diff: Diff | None = None) -> None:
        super().__init__(message)
        self.diff = diff


@transaction.atomic
def import_plan(
    file: PlanFile,
    *,
    name: str = "plan file",
    by: User | None = None,
    reason: str = "",
    officer: User | None = None,
    dry_run: bool = False,
    force: bool = False,
) -> Diff:
    """Bring the tracker to what the file says, and return what that changed.

    `name` is the file's, for the record. A change to a plan that is here needs `by` and `reason`;
    one to what was edited here since the last import needs `force`. `officer` becomes the plan's
    first programme officer. A dry run does everything and takes it back.
    """
    now = timezone.now()
    today = day_of(now)
    _refuse(checks.problems_of(file) + checks.problems_on(file, today))
    plan = _locked_plan(file)
    tracker = Tracker.for_new(plan) if is_new(plan) else Tracker.load(plan, lock=True)
    _refuse(problems_here(file, tracker, today))
    diff = _diff(file, tracker, today)
    if diff:
        if not dry_run:
            _check_leave(diff, plan, by=by, reason=reason, force=force)
        event = _occasion(file, plan, now=now, by=by, reason=reason.strip(), name=name)
        with pghistory.context(
            user=by.pk if by else None, reason=event.reason, source=event.source
        ):
            apply(tracker, file, event)
            _record_import(file, plan, event)
    if officer is not None:
        _name_officer(plan, officer, today)
    if dry_run:
        transaction.set_rollback(True)
    return diff


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise PlanFileError(problems)


def _locked_plan(file: PlanFile) -> Plan:
    """The plan of this slug, or a new one not saved yet. One import at a time in a local area."""
    local_area, _ = LocalArea.objects.get_or_create(name=file.plan.local_area)
    LocalArea.objects.select_for_update(no_key=True).get(pk=local_area.pk)
    plan = (
        Plan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("local_area")
        .filter(slug=file.plan.slug)
        .first()
    )
    return plan or Plan(local_area=local_area)


# --- What the tracker has to say to the file --------------------------------------------------


def problems_here(file: PlanFile, tracker: Tracker, today: date) -> list[Problem]:
    """What the tracker has on record that the file cannot be brought together with."""
    return [
        *_plan_problems(file, tracker.plan),
        *cycle_problems(file, tracker, today),
        *_date_problems(file, tracker),
        *_pause_problems(file, tracker),
        *_finding_problems(file, tracker),
        *_judgement_problems(file, tracker),
        *_series_problems(file, tracker),
    ]


def _plan_problems(file: PlanFile, plan: Plan) -> Iterator[Problem]:
    facts = file.plan
    known = set(Plan.objects.filter(slug__in=facts.predecessors).values_list("slug", flat=True))
    for n, slug in enumerate(facts.predecessors):
        if slug not in known:
            yield Problem(("plan", "predecessors", n), f'the tracker has no plan "{slug}"')
    yield from _continued_problems(file, known)
    if is_new(plan):
        return
    closed_on = plan.closed_on.isoformat() if plan.closed_on else None
    if facts.closed_on and facts.closed_on != closed_on:
        yield Problem(
            ("plan", "closed_on"),
            "a plan that is here is closed on its page, which asks what becomes of what is open",
        )
    if plan.local_area.name != facts.local_area:
        yield Problem(
            ("plan", "local_area"),
            f'the tracker has a plan "{facts.slug}" of {plan.local_area.name}',
        )
    if plan.state != Plan.State.DRAFT and not facts.agreed_on:
        yield Problem(
            ("plan", "agreed_on"),
            f"is missing: the plan was agreed on {plan.agreed_on} and cannot be a draft again",
        )


def _continued_problems(file: PlanFile, known: set[str]) -> Iterator[Problem]:
    """What goes on from a row or KPI names one that is here."""
    rows = set(Commitment.objects.filter(plan__slug__in=known).values_list("plan__slug", "code"))
    for place, _, part in file.placed_commitments():
        old = part.continues
        if old and old.plan in known and (old.plan, old.ref) not in rows:
            yield Problem((*place, "continues", "ref"), f'the plan "{old.plan}" has no "{old.ref}"')
    kpis = set(Kpi.objects.filter(plan__slug__in=known).values_list("plan__slug", "code"))
    for k, kpi in enumerate(file.kpis):
        before = kpi.continues
        if before and before.plan in known and (before.plan, before.code) not in kpis:
            yield Problem(
                ("kpis", k, "continues", "code"),
                f'the plan "{before.plan}" has no KPI "{before.code}"',
            )


def _date_problems(file: PlanFile, tracker: Tracker) -> Iterator[Problem]:
    on_record = dates_on_record(tracker)
    keys = {row.code: row.pk for row in tracker.commitments}
    for place, _, commitment in file.placed_commitments():
        known = [part for part, _ in on_record.get(keys.get(commitment.ref, 0), [])]
        for o, n in paired_dates(known, commitment.key_dates):
            if o is None or n is None:
                continue
            try:
                steps(known[o], commitment.key_dates[n])
            except PastDiffersError as error:
                yield Problem((*place, "key_dates", n), str(error))


def _pause_problems(file: PlanFile, tracker: Tracker) -> Iterator[Problem]:
    """A pause stands from its day on, so that of a file comes after what is on record."""
    keys = {row.code: row.pk for row in tracker.commitments}
    newest = {row.commitment_id: day_of(row.effective_at) for row in tracker.pauses}
    for place, _, commitment in file.placed_commitments():
        on_record = newest.get(keys.get(commitment.ref, 0))
        if commitment.paused and on_record:
            since = date.fromisoformat(commitment.paused.since)
            if since < on_record:
                yield Problem(
                    (*place, "paused", "since"),
                    f"is before {on_record}, from which a pause or its end is on record",
                )


def _finding_problems(file: PlanFile, tracker: Tracker) -> Iterator[Problem]:
    """A key says the same finding in all plans of a local area."""
    inspections = {row.pk: row.code for row in tracker.inspections}
    rows = {row.code: row for row in tracker.findings}
    for place, part in file.placed_findings():
        row = rows.get(part.key)
        if row is None:
            continue
        if row.plan_id and row.plan_id != tracker.plan.pk:
            yield Problem(
                (*place, "key"),
                f'another plan of {file.plan.local_area} has a finding "{part.key}": give this one'
                " another key",
            )
        elif row.inspection_id and inspections[row.inspection_id] != part.inspection:
            yield Problem(
                (*place, "inspection"),
                f'the tracker has "{part.key}" as a finding of inspection'
                f' "{inspections[row.inspection_id]}": give this one another key',
            )


def _judgement_problems(file: PlanFile, tracker: Tracker) -> Iterator[Problem]:
    codes = {row.pk: row.code for row in tracker.findings}
    on_record = list(tracker.judged())
    for place, finding, judgements in file.placed_judgements():
        given = {judgement.name for judgement in judgements}
        for key, code in on_record:
            if (codes[key] if key else None) == (finding and finding.key) and code not in given:
                yield Problem(place, f'the judgement "{code}" is on record and cannot be taken out')


def _series_problems(file: PlanFile, tracker: Tracker) -> Iterator[Problem]:
    """Of a series with reports, what its periods and their contents follow from stays."""
    rows = {row.code: row for row in tracker.report_series}
    bodies = {body.pk: body.name for body in tracker.bodies}
    made = Report.objects.filter(series__in=[row.pk for row in rows.values()], discarded_at=None)
    with_reports = set(made.values_list("series__code", flat=True))
    for s, part in enumerate(file.report_series):
        if part.code not in with_reports:
            continue
        row = rows[part.code]
        anchor = row.anchor_on and row.anchor_on.isoformat()
        for name, wanted, stands in (
            ("rhythm", part.rhythm, row.rhythm),
            ("content", part.content, row.content),
            ("anchor", part.anchor, anchor),
            ("year_starts_in", part.year_starts_in, row.year_starts_in),
            ("weeks", part.weeks, row.weeks),
            ("body", part.body, bodies.get(row.body_id or 0)),
        ):
            if wanted != stands:
                yield Problem(
                    ("report_series", s, name),
                    f"reports of this series have been made, so this stays {stands}",
                )


def _diff(file: PlanFile, tracker: Tracker, today: date) -> Diff:
    plan = tracker.plan
    if is_new(plan):
        empty = PlanFile(format=file.format, plan=file.plan)
        added = [Change(ChangeKind.ADDED, "plan"), *differences(empty, file)]
        return Diff(file.plan.slug, is_new=True, changes=tuple(added))
    here = plan_file(tracker, today)
    changes = differences(here, file)
    if changes:
        changes = _with_reinstated(changes, tracker)
        changes = _with_edits(changes, here, plan)
    return Diff(file.plan.slug, is_new=False, changes=tuple(changes))


def _with_reinstated(changes: Sequence[Change], tracker: Tracker) -> list[Change]:
    """What the tracker had before comes back; it is not new."""
    had = (
        {f"commitment {row.code}" for row in tracker.commitments}
        | {f"action {row.code}" for row in tracker.actions}
        | {f"theme {row.code}" for row in tracker.themes}
        | {f"area {row.code}" for row in tracker.areas}
        | {f"finding {row.code}" for row in tracker.findings}
        | {f"body {row.name}" for row in tracker.bodies}
        | {f"contact {row.name}" for row in tracker.contacts}
        | {f"KPI {row.code}" for row in tracker.kpis}
        | {f"report series {row.code}" for row in tracker.report_series}
    )
    return [
        replace(change, kind=ChangeKind.REINSTATED)
        if change.kind is ChangeKind.ADDED and not change.field and change.what in had
        else change
        for change in changes
    ]


def _with_edits(changes: Sequence[Change], here: PlanFile, plan: Plan) -> list[Change]:
    """Mark what was edited in the tracker since the last import.

    Where the tracker does not know what that import said, everything counts as edited.
    """
    last = PlanImport.objects.filter(plan=plan).last()
    try:
        edits = differences(read(last.content.encode()).file, here) if last else None
    except PlanFileError:
        # Written by an earlier form of the format.
        edits = None
    return [
        replace(
            change,
            is_edited_since=edits is None or any(change.touches(edit) for edit in edits),
        )
        for change in changes
    ]


def _check_leave(diff: Diff, plan: Plan, *, by: User | None, reason: str, force: bool) -> None:
    if diff.is_new:
        return
    if plan.state == Plan.State.CLOSED:
        raise ImportRefusedError("This plan is closed, so nothing in it changes any more.", diff)
    if by is None or not reason.strip():
        raise ImportRefusedError(
            "These changes are put on record: say who makes them (--by) and why (--reason).", diff
        )
    if diff.edited_since and not force:
        raise ImportRefusedError(
            "The lines marked above were edited in the tracker since the last import, and the file"
            " would undo that. Take the edits into the file (export_plan writes them), or import"
            " with --force.",
            diff,
        )


# --- Doing it ---------------------------------------------------------------------------------


def _occasion(
    file: PlanFile, plan: Plan, *, now: datetime, by: User | None, reason: str, name: str
) -> ImportEvent:
    agreed_on = file.plan.agreed_on
    took_effect_at = None
    if is_new(plan) and agreed_on:
        took_effect_at = start_of_day(date.fromisoformat(agreed_on))
    file_name = name.encode("utf-8", "replace").decode()[:200]
    return ImportEvent(
        now=now,
        today=day_of(now),
        by=by,
        # Only a dry run or a new plan comes without one, and what it needs one for is never kept.
        reason=reason or "As in the plan file",
        source=f"Plan as agreed, {file_name}" if took_effect_at else f"Plan file, {file_name}",
        was_draft=plan.state == Plan.State.DRAFT,
        took_effect_at=took_effect_at,
        agreed_on=date.fromisoformat(agreed_on) if agreed_on else None,
    )


def _record_import(file: PlanFile, plan: Plan, event: ImportEvent) -> None:
    """Keep what the tracker now says, having seen that it is what the file says."""
    here = plan_file(Tracker.load(plan), event.today)
    if left := differences(here, file):
        raise AssertionError(f"the import did not take: {left[0]}")
    PlanImport.objects.create(
        plan=plan,
        reason=event.reason,
        content=canonical_bytes(here).decode(),
        **event.record(),
    )


def _name_officer(plan: Plan, user: User, today: date) -> None:
    officers = Membership.objects.active_on(today).filter(
        plan=plan, role=Membership.Role.PROGRAMME_OFFICER
    )
    known = set(officers.values_list("user_id", flat=True))
    if user.pk in known:
        return
    if known:
        raise ImportRefusedError("The plan has a programme officer already.")
    if user.is_superuser or not user.is_active:
        raise ImportRefusedError(f"{user.email} cannot be an officer: the account sees no plan.")
    memberships.name_first_officer(plan=plan, user=user)

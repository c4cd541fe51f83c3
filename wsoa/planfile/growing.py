"""An agreed plan grows: a request's fragment is checked and applied as an imported file is.

Registered with `wsoa.oversight`, which knows a request's course and not what a plan file says.
The request's effect is the import of the plan as it stands with the fragment in it: all or nothing,
seen to say afterwards what it should. A later import of a file from before finds it edited here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.utils import timezone

from actions.models import Plan
from actions.rules.dates import day_of
from wsoa.accounts.models import User
from wsoa.oversight.changes import plan_change_requests
from wsoa.oversight.changes.plan_change_requests import Checked, Problem
from wsoa.oversight.models import ChangeRequest
from wsoa.planfile.applying import apply
from wsoa.planfile.exporting import plan_file
from wsoa.planfile.format import checks, fragment
from wsoa.planfile.format.differences import differences
from wsoa.planfile.format.problems import PlanFileError
from wsoa.planfile.importing import problems_here
from wsoa.planfile.records import ImportEvent
from wsoa.planfile.snapshot import Tracker


def read_parts(parts: Iterable[dict[str, Any]]) -> list[fragment.Part]:
    return [fragment.Part.model_validate(part) for part in parts]


def check(plan: Plan, parts: Sequence[dict[str, Any]], today: date) -> Checked:
    """What stands against a fragment today, and what of the plan it is about."""
    tracker = Tracker.load(plan)
    on = fragment.Occasion(today.isoformat(), "As asked")
    read = read_parts(parts)
    grown = _grown(tracker, read, on, today)
    areas, commitments = _about(tracker, read)
    return Checked(
        problems=tuple(Problem(fault.part, fault.field, fault.message) for fault in grown.faults),
        areas=areas,
        commitments=commitments,
    )


def take_effect(request: ChangeRequest, by: User, asked_by: str, decided_by: str) -> None:
    """Bring a request's fragment into its plan. ValidationError, in words, where it cannot be.

    The caller has locked the plan; the rows are locked here, as an import locks them.
    """
    assert request.plan is not None
    plan = Plan.objects.select_related("local_area").get(pk=request.plan.pk)
    now = timezone.now()
    today = day_of(now)
    tracker = Tracker.load(plan, lock=True)
    on = fragment.Occasion(today.isoformat(), request.reason, asked_by[:300], decided_by[:300])
    grown = _grown(tracker, read_parts(request.parts), on, today)
    if grown.file is None:
        raise ValidationError([_sentence(fault.message) for fault in grown.faults])
    event = ImportEvent(
        now=now,
        today=today,
        by=by,
        reason=f"{request.reason} (asked by {asked_by}, decided by {decided_by})",
        source=plan_change_requests.source_of(request),
        was_draft=False,
        took_effect_at=None,
        agreed_on=plan.agreed_on,
    )
    with pghistory.context(user=by.pk, reason=event.reason, source=event.source):
        apply(tracker, grown.file, event)
    here = plan_file(Tracker.load(plan), today)
    if left := differences(here, grown.file):
        raise AssertionError(f"the change did not take: {left[0]}")


def _grown(
    tracker: Tracker, parts: Sequence[fragment.Part], on: fragment.Occasion, today: date
) -> fragment.Grown:
    """The plan's file with the fragment in it, checked against itself and the tracker."""
    try:
        file = plan_file(tracker, today)
    except PlanFileError as error:
        problem = f"The plan as it stands is not ready for this. {error.problems[0]}"
        return fragment.Grown(None, (fragment.Fault(0, "", problem),))
    grown = fragment.grown(file, parts, on)
    if grown.file is None:
        return grown
    stands = {str(problem) for problem in checks.problems_on(file, today)}
    against = [*checks.problems_on(grown.file, today), *problems_here(grown.file, tracker, today)]
    new = [problem for problem in against if str(problem) not in stands]
    if new:
        return fragment.Grown(
            None, tuple(fragment.Fault(len(parts) - 1, "", problem.message) for problem in new)
        )
    return grown


def _about(
    tracker: Tracker, parts: Sequence[fragment.Part]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The areas whose SROs answer for a fragment, and the commitments there that it changes.

    A new area has nobody to answer for it yet, so its request goes to all SROs of the plan.
    """
    areas = {row.code: row.pk for row in tracker.areas}
    themes = {row.code: row.area_id for row in tracker.themes}
    actions = {row.code: row.area_id for row in tracker.actions}
    by_key = {row.pk: row.area_id for row in tracker.actions}
    commitments = {row.code: row for row in tracker.commitments}
    by_commitment = {row.pk: by_key[row.action_id] for row in tracker.commitments}
    kpis = {row.code: row.pk for row in tracker.kpis}
    of_kpi: dict[int, set[int]] = defaultdict(set)
    for link in tracker.kpi_commitments:
        of_kpi[link.kpi_id].add(by_commitment[link.commitment_id])
    about: set[int] = set()
    changed: set[int] = set()
    new: dict[str, set[int]] = {}
    for part in parts:
        names = {part.ref, part.within} - {""}
        if part.kind in ("kpi", "target"):
            code = part.within or part.ref
            found = set(of_kpi[kpis[code]]) if code in kpis else set(new.get(code, ()))
            named = part.says.get("commitments") or ()
            refs = {ref: commitments[ref].pk for ref in named if ref in commitments}
            found |= {by_commitment[key] for key in refs.values()}
            found |= {area for ref in named for area in new.get(ref, ())}
        else:
            found = {
                area
                for name in names
                for area in (areas.get(name), themes.get(name), actions.get(name))
                if area is not None
            }
            found |= {by_commitment[commitments[name].pk] for name in names if name in commitments}
            found |= {area for name in names for area in new.get(name, ())}
            changed |= {commitments[name].pk for name in names if name in commitments}
        if part.kind == "area" and part.act == "add":
            found |= set(areas.values())
        if part.ref:
            new[part.ref] = found
        about |= found
    return tuple(sorted(about or set(areas.values()))), tuple(sorted(changed))


def _sentence(message: str) -> str:
    text = message[:1].upper() + message[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."


plan_change_requests.register_source(check, take_effect)

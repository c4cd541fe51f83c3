"""The append-only records that an import makes: judgements, dates and their moves, targets.

In a new plan they speak of the day it was agreed on, or of the day the file gives; in a plan that
is here already, of the moment they are recorded.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from actions.models import Commitment, DateMark, Judgement, KeyDate
from actions.models.base import date_columns
from actions.rules.dates import PlanDate, start_of_day
from actions.rules.status import Outcome
from kpis.models import Kpi, TargetPoint
from kpis.rules.standing.targets import month_after
from wsoa.accounts.models import User
from wsoa.planfile.fields import day
from wsoa.planfile.format import schema
from wsoa.planfile.format.matching import (
    Step,
    due_of,
    now_of,
    paired_dates,
    paired_targets,
    steps,
)
from wsoa.planfile.format.values import DateParts, plan_date
from wsoa.planfile.parts import key_date_part, target_part
from wsoa.planfile.snapshot import Tracker


@dataclass(frozen=True, slots=True)
class ImportEvent:
    """One import: when, by whom, why, and what it is to be called on the record."""

    now: datetime
    today: date
    by: User | None
    reason: str
    source: str
    was_draft: bool
    # When what the file says took effect; None: now.
    took_effect_at: datetime | None
    # The day on which the plan was agreed, as the file says; None: it is a draft.
    agreed_on: date | None

    def record(self, effective_at: datetime | None = None) -> dict[str, Any]:
        """What every record of the import says of itself. Without a moment: as it is recorded."""
        return {"by": self.by, "source": self.source, "effective_at": effective_at}


@dataclass(frozen=True, slots=True)
class _Chain:
    """Rows to be recorded one after another, each replacing the one before."""

    rows: list[KeyDate]
    follows: KeyDate | None = None


def record_judgements(
    tracker: Tracker,
    event: ImportEvent,
    findings: Mapping[str, int],
    inspections: Mapping[str, int],
    file: schema.PlanFile,
) -> None:
    """Record new judgements, and those that say otherwise than on record as their successors."""
    on_record = tracker.judged()
    new = []
    for _, finding, parts in file.placed_judgements():
        key = findings[finding.key] if finding else None
        of: dict[str, Any] = {"finding_id": key} if key else {"plan_id": tracker.plan.pk}
        for part in parts:
            row = on_record.get((key, part.name))
            wanted = _judgement_fields(part, inspections)
            if row is None or any(getattr(row, name) != wanted[name] for name in wanted):
                judged_at = start_of_day(wanted["judged_on"]) if part.judged_on else None
                new.append(
                    Judgement(
                        code=part.name, replaces=row, **of, **wanted, **event.record(judged_at)
                    )
                )
    Judgement.objects.bulk_create(new)


def _judgement_fields(part: schema.Judgement, inspections: Mapping[str, int]) -> dict[str, Any]:
    return {
        "inspection_id": inspections[part.inspection] if part.inspection else None,
        "judged_by": part.judged_by or "",
        "judged_on": day(part.judged_on),
        "letter": part.letter or "",
        "letter_on": day(part.letter_on),
        "verdict": part.verdict,
        "rating": part.rating or "",
        "summary": part.summary or "",
    }


# --- Key dates --------------------------------------------------------------------------------


class DateRecorder:
    """Records new dates, moves, withdrawals and returns of the commitments' dates.

    Made before the plan's own facts change: what its dates say depends on them.
    """

    def __init__(self, tracker: Tracker, event: ImportEvent) -> None:
        self.plan = tracker.plan
        self.event = event
        self.on_record = dates_on_record(tracker)
        self.gone = dates_on_record(tracker, withdrawn=True)
        self.chains: list[_Chain] = []
        self.marks: list[DateMark] = []

    def record(
        self, commitments: Mapping[str, Commitment], parts: Iterable[schema.Commitment]
    ) -> None:
        for part in parts:
            self._bring(commitments[part.ref], part.key_dates)
        self._write()

    def _bring(self, commitment: Commitment, wanted: list[schema.KeyDate]) -> None:
        rows = self.on_record.get(commitment.pk, [])
        gone = list(self.gone.get(commitment.pk, []))
        for o, n in paired_dates([part for part, _ in rows], wanted):
            if n is None:
                if o is not None:
                    self._mark(rows[o][1], Outcome.WITHDRAWN)
            elif o is not None:
                self._go_on(rows[o], wanted[n], n)
            elif back := next((row for row in gone if _is_same(row[0], wanted[n])), None):
                gone.remove(back)
                self._mark(back[1], Outcome.REOPENED)
                self._go_on(back, wanted[n], n)
            else:
                self._begin(commitment, wanted[n], n)

    def _begin(self, commitment: Commitment, part: schema.KeyDate, position: int) -> None:
        dates = [*(move.was for move in part.moves), part.date]
        effective_at = self.event.took_effect_at
        if part.moves and self.plan.agreed_on:
            effective_at = start_of_day(self.plan.agreed_on)
        fields = {"commitment": commitment, "kind": part.kind, "position": position}
        first = self._row(dates[0], part.note, effective_at=effective_at, **fields)
        moves = [
            self._move(Step(next_date, move), part.note, **fields)
            for next_date, move in zip(dates[1:], part.moves, strict=True)
        ]
        self.chains.append(_Chain([first, *moves]))

    def _go_on(self, row: tuple[schema.KeyDate, KeyDate], part: schema.KeyDate, n: int) -> None:
        recorded, head = row
        to_do = steps(recorded, part)
        if not to_do:
            return
        if self.event.was_draft:
            # What a draft said is no promise, so another date is no move.
            self._mark(head, Outcome.WITHDRAWN)
            self._begin(head.commitment, part, n)
            return
        fields = {
            "commitment": head.commitment,
            "kind": head.kind,
            "position": head.position,
        }
        self.chains.append(
            _Chain([self._move(step, part.note, **fields) for step in to_do], follows=head)
        )

    def _move(self, step: Step, note: str | None, **fields: Any) -> KeyDate:
        if step.move is None:
            return self._row(step.date, note, reason=self.event.reason, **fields)
        return self._row(
            step.date,
            note,
            reason=step.move.reason,
            asked_by=step.move.asked_by or "",
            decided_by=step.move.decided_by or "",
            effective_at=start_of_day(date.fromisoformat(step.move.moved_on)),
            **fields,
        )

    def _row(self, text: str | DateParts, note: str | None, **fields: Any) -> KeyDate:
        return KeyDate(
            **date_columns(plan_date(text)),
            note=note or "",
            **{**self.event.record(), **fields},
        )

    def _mark(self, head: KeyDate, outcome: Outcome) -> None:
        self.marks.append(
            DateMark(
                key_date=head,
                commitment_id=head.commitment_id,
                outcome=outcome,
                on=self.event.today,
                note=self.event.reason,
                **self.event.record(),
            )
        )

    def _write(self) -> None:
        """All first rows of the chains in one statement, then all second ones, and so on."""
        DateMark.objects.bulk_create(self.marks)
        for n in range(max((len(chain.rows) for chain in self.chains), default=0)):
            rows = []
            for chain in self.chains:
                if n < len(chain.rows):
                    chain.rows[n].replaces = chain.rows[n - 1] if n else chain.follows
                    rows.append(chain.rows[n])
            KeyDate.objects.bulk_create(rows)


def dates_on_record(
    tracker: Tracker, *, withdrawn: bool = False
) -> dict[int, list[tuple[schema.KeyDate, KeyDate]]]:
    """By commitment: what each date says in the format's terms, and its newest row."""
    gone = tracker.withdrawn_dates()
    dates: dict[int, list[tuple[schema.KeyDate, KeyDate]]] = defaultdict(list)
    for commitment, chains in tracker.date_chains().items():
        for chain in chains:
            if (chain[-1].pk in gone) == withdrawn:
                dates[commitment].append((key_date_part(chain, tracker.plan), chain[-1]))
    return dates


def _is_same(gone: schema.KeyDate, wanted: schema.KeyDate) -> bool:
    """Whether a withdrawn date is the one that comes back, and its past is not told otherwise."""
    if (gone.kind, now_of(gone)) != (wanted.kind, now_of(wanted)):
        return False
    return not wanted.moves or wanted.moves == gone.moves


# --- Targets ----------------------------------------------------------------------------------


def record_targets(
    tracker: Tracker, event: ImportEvent, kpis: Mapping[str, Kpi], parts: Iterable[schema.Kpi]
) -> None:
    """Record new, changed, withdrawn and returned targets."""
    heads = tracker.target_heads()
    new: list[TargetPoint] = []
    for part in parts:
        kpi = kpis[part.code]
        rows = heads.get(kpi.pk, [])
        live = [row for row in rows if not row.is_withdrawn]
        gone = [row for row in rows if row.is_withdrawn]
        for o, n in paired_targets([target_part(row) for row in live], part.targets):
            if n is None:
                if o is not None:
                    new.append(_withdrawn(live[o], event))
                continue
            wanted = part.targets[n]
            old = live[o] if o is not None else _returning(gone, wanted)
            is_same = old is not None and not old.is_withdrawn and target_part(old) == wanted
            # The day of the agreement may be told for the first time, or otherwise than before.
            if not is_same or (old and old.when != _due_of(wanted, event)):
                new.append(_target(kpi, wanted, n, old, event))
    TargetPoint.objects.bulk_create(new)


def _returning(gone: list[TargetPoint], wanted: schema.Target) -> TargetPoint | None:
    """The withdrawn target that comes back, taken from the list."""
    for row in gone:
        part = target_part(row)
        if (part.kind, due_of(part)) == (wanted.kind, due_of(wanted)):
            gone.remove(row)
            return row
    return None


def _due_of(part: schema.Target, event: ImportEvent) -> PlanDate | None:
    return due_of(part) or month_after(event.agreed_on, part.months_after_agreement)


def _target(
    kpi: Kpi,
    part: schema.Target,
    position: int,
    old: TargetPoint | None,
    event: ImportEvent,
) -> TargetPoint:
    return TargetPoint(
        kpi=kpi,
        position=old.position if old else position,
        **date_columns(_due_of(part, event)),
        value=part.value,
        operator=part.operator,
        kind=part.kind,
        months_after_agreement=part.months_after_agreement,
        tolerance=part.tolerance,
        label=part.label or "",
        borrowed_from=part.borrowed_from or "",
        note=part.note or "",
        replaces=old,
        reason=event.reason if old else "",
        **event.record(None if old else event.took_effect_at),
    )


def _withdrawn(row: TargetPoint, event: ImportEvent) -> TargetPoint:
    return row.replacement(is_withdrawn=True, reason=event.reason, **event.record())

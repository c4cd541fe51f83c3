"""Bringing rows to what a file says: create, save what differs, withdraw; never delete content.

Rows are matched by what identifies them. What is new goes in by one statement for each table; what
has changed is saved row by row, so that each change is in the history by itself.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, TypeVar

from django.db.models import Model

from actions.models import AccountableOfficer, ActionLead, AreaOfficer, CommitmentLead, Finding
from actions.models.base import Withdrawable
from wsoa.planfile.format import schema
from wsoa.planfile.snapshot import Links, day_before, grouped

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")
Lead = TypeVar("Lead", ActionLead, AccountableOfficer, CommitmentLead, AreaOfficer)

Fields = dict[str, Any]


def sync(
    model: type[Row], rows: Mapping[Key, Row], wanted: Mapping[Key, Fields], *, now: datetime
) -> dict[Key, Row]:
    """Make the rows say what is wanted, and return them by key.

    A withdrawn row that is wanted again is reinstated. One that is not wanted is withdrawn; of a
    kind that cannot be, it stays as it is.
    """
    kept: dict[Key, Row] = {}
    new: list[Row] = []
    for key, fields in wanted.items():
        if key in rows:
            kept[key] = rows[key]
            reinstate = {"withdrawn_at": None} if isinstance(kept[key], Withdrawable) else {}
            save(kept[key], fields | reinstate)
        else:
            kept[key] = model(**fields)
            new.append(kept[key])
    model._default_manager.bulk_create(new)
    for key, row in rows.items():
        if key not in wanted and isinstance(row, Withdrawable) and row.withdrawn_at is None:
            save(row, {"withdrawn_at": now})
    return kept


def sync_in_place(
    model: type[Row],
    rows: Mapping[Key, Row],
    wanted: Mapping[Key, Fields],
    *,
    within: Sequence[str] = (),
    now: datetime,
) -> dict[Key, Row]:
    """The same for rows that have a position among those that agree in the fields `within`."""
    return sync(model, rows, in_places(rows, wanted, within), now=now)


def keep_links(
    model: type[Row], rows: Mapping[Key, Row], wanted: Mapping[Key, Fields], *, now: datetime
) -> None:
    """The same for rows that only tie two others together: those not wanted are taken away."""
    for key, row in rows.items():
        if key not in wanted:
            row.delete()
    sync(model, rows, wanted, now=now)


def save(row: Model, fields: Fields) -> None:
    """Save what differs, and nothing where nothing does."""
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, fields[name])
        row.save(update_fields=changed)


def in_places(
    rows: Mapping[Key, Any], wanted: Mapping[Key, Fields], within: Sequence[str] = ()
) -> dict[Key, Fields]:
    """The wanted fields with a position each: rows that stand in the right order keep theirs."""
    siblings: dict[tuple[Any, ...], list[Key]] = defaultdict(list)
    for key, fields in wanted.items():
        siblings[tuple(fields[name] for name in within)].append(key)
    position: dict[Key, int] = {}
    for keys in siblings.values():
        present = [rows[key].position if key in rows else None for key in keys]
        position |= zip(keys, in_order(present), strict=True)
    return {key: {**fields, "position": position[key]} for key, fields in wanted.items()}


def finding_places(
    rows: Iterable[Finding], parts: Iterable[schema.Finding], inspections: Mapping[str, int]
) -> dict[str, int]:
    """A position for each finding of a file, among those of its inspection or its plan.

    The places of those that are named are dealt out again in the order of the file, with new ones
    at the end; what the file does not name stays where it is.
    """
    of_inspection: dict[int | None, list[str]] = defaultdict(list)
    for part in parts:
        inspection = inspections[part.inspection] if part.inspection else None
        of_inspection[inspection].append(part.key)
    there = list(rows)
    places: dict[str, int] = {}
    for inspection, keys in of_inspection.items():
        known = {row.code: row.position for row in there if row.inspection_id == inspection}
        end = max(known.values(), default=-1) + 1
        free = sorted(known[key] for key in keys if key in known)
        free += range(end, end + len(keys) - len(free))
        places |= zip(keys, free, strict=True)
    return places


def in_order(present: Sequence[int | None]) -> list[int]:
    """Positions for a list whose rows have these, or none yet; as few are changed as is simple."""
    known = [position for position in present if position is not None]
    rises = all(one < other for one, other in pairwise(known))
    if rises and present[: len(known)] == known:
        start = known[-1] + 1 if known else 0
        return [*known, *range(start, start + len(present) - len(known))]
    return list(range(len(present)))


def numbered(items: Iterable[tuple[Key, Item]]) -> dict[tuple[Key, int], Item]:
    """Items by key, and by which one of that key each is: two lines may say the same."""
    by_key: dict[tuple[Key, int], Item] = {}
    times: dict[Key, int] = defaultdict(int)
    for key, item in items:
        by_key[key, times[key]] = item
        times[key] += 1
    return by_key


def live_first(rows: Iterable[Row]) -> list[Row]:
    """In their order, the withdrawn last: of two that say the same, the live one is meant."""
    return sorted(rows, key=lambda row: bool(getattr(row, "withdrawn_at", None)))


def sync_pairs(through: type[Model], names: tuple[str, str], present: Links, wanted: Links) -> None:
    """Make a many-to-many table hold the wanted pairs for each key of `wanted`, in order."""
    left, right = names
    changed = {key: keys for key, keys in wanted.items() if present.get(key, []) != keys}
    if stale := [key for key in changed if present.get(key)]:
        through._default_manager.filter(**{f"{left}__in": stale}).delete()
    through._default_manager.bulk_create(
        [through(**{left: key, right: other}) for key, keys in changed.items() for other in keys]
    )


def sync_people(
    model: type[Lead],
    of: str,
    rows: Iterable[Lead],
    wanted: Links,
    *,
    today: date,
    known: Collection[int],
) -> None:
    """Make the wanted people lead (or answer for) each key of `wanted`, in order.

    Who no longer does did so until yesterday. Who is new does so from today, or without a beginning
    where the thing itself is new, not among those `known`. What has ended stays as it is.
    """
    lasting = grouped(
        (row for row in rows if row.ends_on is None or row.ends_on >= today),
        lambda row: int(getattr(row, of)),
    )
    new: list[Lead] = []
    for holder, people in wanted.items():
        present = {row.person_id: row for row in lasting.get(holder, [])}
        for person, row in present.items():
            has_begun = row.starts_on is None or row.starts_on <= today
            if person not in people and has_begun:
                save(row, {"ends_on": day_before(today)})
        for position, person in enumerate(people):
            fields: Fields = {} if model is AreaOfficer else {"position": position}
            if person in present:
                row = present[person]
                begun = {"starts_on": today} if row.starts_on and row.starts_on > today else {}
                save(row, fields | begun)
            else:
                start = today if holder in known else None
                new.append(model(**{of: holder, "person_id": person, "starts_on": start, **fields}))
    model._default_manager.bulk_create(new)

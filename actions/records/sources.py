"""What rooms above add to the record, so that one query reads it all.

`wsoa.oversight` adds change requests, questions, decisions and the days when papers are due. An app
adds its sources in `AppConfig.ready`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet

from actions.models import Plan
from actions.models.base import SPAN
from actions.rules.cycle import MeetingDay
from actions.rules.dates import PlanDate


@dataclass(frozen=True, slots=True)
class FactSource:
    """Rows from which a state is worked out (`actions/records/history.py`).

    `kind` is one that `history` makes a fact of; `path` leads from a row to that which names the
    commitment, as `request__`; `columns` are what it fills of a fact's columns.
    """

    kind: str
    rows: Callable[[], QuerySet[Any]]
    path: str
    columns: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EntrySource:
    """Rows that stand in a commitment's history for people (`actions/records/history_entries.py`).

    `details` names what each has to tell; `commitment` leads from a row to its commitment.
    """

    kind: str
    model: type[Model]
    details: dict[str, Any]
    commitment: str = "commitment"


def date_details(path: str, prefix: str) -> dict[str, str]:
    """The columns of a date of a plan as details of an entry; `date_told` reads them."""
    return {f"{prefix}{name}": f"{path}{name}" for name in SPAN}


def date_told(details: Mapping[str, Any], prefix: str) -> PlanDate | None:
    first, last, precision, printed = (details[f"{prefix}{name}"] for name in SPAN)
    if not first:
        return None
    return PlanDate.stored(date.fromisoformat(first), date.fromisoformat(last), precision, printed)


FACTS: list[FactSource] = []
ENTRIES: list[EntrySource] = []
# Each gives, of these plans, the meetings whose papers updates may wait for, in one query.
PAPERS: list[Callable[[Collection[Plan]], Iterable[tuple[int, MeetingDay]]]] = []

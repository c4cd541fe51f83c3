"""A new completion date asked for with an update: a change request, which a room above records."""

from typing import Any, Protocol

from actions.models import ProgressUpdate
from actions.rules.dates import PlanDate


class Recorder(Protocol):
    def __call__(
        self,
        *,
        update: ProgressUpdate,
        key_date: int | None,
        wanted: PlanDate,
        reason: str,
        clocks: dict[str, Any],
    ) -> object: ...


# Filled by `wsoa.oversight`, where change requests are at home.
RECORDERS: list[Recorder] = []


def record_date_request(
    *,
    update: ProgressUpdate,
    key_date: int | None,
    wanted: PlanDate,
    reason: str,
    clocks: dict[str, Any],
) -> None:
    """Ask that a key date move, or for a first one; in the update's transaction and by its author.

    `clocks` are the fields that every record of the update shares.
    """
    for record in RECORDERS:
        record(update=update, key_date=key_date, wanted=wanted, reason=reason, clocks=clocks)

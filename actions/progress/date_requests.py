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
        replaces: int | None,
        clocks: dict[str, Any],
    ) -> object: ...


class Withdrawer(Protocol):
    def __call__(self, *, update: ProgressUpdate, request: int) -> object: ...


# Filled by `wsoa.oversight`, where change requests are at home.
RECORDERS: list[Recorder] = []
WITHDRAWERS: list[Withdrawer] = []


def record_date_request(
    *,
    update: ProgressUpdate,
    key_date: int | None,
    wanted: PlanDate,
    reason: str,
    replaces: int | None,
    clocks: dict[str, Any],
) -> None:
    """Ask that a key date move, or for a first one; in the update's transaction and by its author.

    `replaces` is the open request that it takes the place of, which is taken back. `clocks` are
    the fields that every record of the update shares.
    """
    for record in RECORDERS:
        record(
            update=update,
            key_date=key_date,
            wanted=wanted,
            reason=reason,
            replaces=replaces,
            clocks=clocks,
        )


def take_back_request(*, update: ProgressUpdate, request: int) -> None:
    """Take an open request for a date back, in the update's transaction and by its author."""
    for withdraw in WITHDRAWERS:
        withdraw(update=update, request=request)

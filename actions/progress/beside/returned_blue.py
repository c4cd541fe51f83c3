"""The Blue that was returned and not proposed again: what it said, and what came since."""

from actions.models import Commitment, Confirmation, Evidence
from actions.progress.update_rules import ReturnedBlue
from actions.rules.dates import day_of


def returned_blue(commitment: Commitment) -> ReturnedBlue | None:
    """None where none was returned, or one was confirmed since. A query; two where one was.

    Whatever was recorded in between: what was not shown then must be shown now.
    """
    answer = (
        Confirmation.objects.filter(commitment=commitment)
        .select_related("update")
        .order_by("effective_at", "recorded_at")
        .last()
    )
    if answer is None or answer.is_confirmed:
        return None
    since = Evidence.objects.filter(
        commitment=commitment, withdrawal=None, recorded_at__gt=answer.recorded_at
    )
    return ReturnedBlue(
        day_of(answer.effective_at), answer.update.changed_for_families, since.exists()
    )

"""What the forum says of a proposed Blue: whether families see it. It confirms nothing."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from actions import access, memberships
from actions.models import Confirmation, FamiliesView, ProgressUpdate
from actions.models.base import at
from actions.records import history
from actions.records.locking import locked_open
from actions.wording import in_words
from wsoa.accounts.models import User


@transaction.atomic
def say_for_families(
    *,
    update: ProgressUpdate,
    by: User,
    view: str,
    text: str = "",
    effective_at: datetime | None = None,
    source: str = "",
) -> FamiliesView:
    """Say it of a Blue that waits. "Not yet" says what is missing; a new view answers an older."""
    commitment = locked_open(update.commitment)
    newer = ProgressUpdate.objects.filter(
        commitment=commitment, recorded_at__gt=update.recorded_at
    ).exists()
    if newer or Confirmation.objects.filter(update=update).exists():
        raise ValidationError(in_words("This {Blue} is no longer waiting for an answer."))
    access.refuse_unless(
        access.can_say_for_families(
            memberships.granted_to(by, commitment.plan),
            history.led_today(commitment),
            author=update.by_id,
        ),
        "Only a representative of the parent carer forum says whether families see it, and not of "
        "what they proposed or lead.",
    )
    problems = {}
    if view not in FamiliesView.View.values:
        problems["view"] = "Choose whether families see it"
    if view == FamiliesView.View.NOT_YET and not text:
        problems["text"] = "Say what families do not see yet"
    if problems:
        raise ValidationError(problems)
    newest = FamiliesView.objects.filter(update=update).order_by("-recorded_at").first()
    if newest and (newest.by_id, newest.view, newest.text) == (by.pk, view, text):
        return newest
    return FamiliesView.objects.create(
        update=update,
        commitment=commitment,
        by=by,
        view=view,
        text=text,
        source=source,
        **at(effective_at),
    )

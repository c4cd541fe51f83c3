"""A senior responsible officer's dated colour for an area. A newer one answers an older."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Area, AreaJudgement
from actions.models.base import at
from actions.records.locking import locked_agreed
from actions.rules.dates import day_of
from actions.rules.status import COLOURS, Rating
from wsoa.accounts.models import User


@transaction.atomic
def judge_area(
    *,
    area: Area,
    by: User,
    brag: str,
    reason: str,
    today: date,
    effective_at: datetime | None = None,
    source: str = "",
) -> AreaJudgement:
    """Judge an area. The same colour for the same reason, sent again the same day, counts once."""
    locked_agreed(area.plan)
    problems = {}
    rating, _, word = brag.partition(":")
    if rating not in COLOURS or not area.plan.scale.has(Rating(rating), word):
        problems["brag"] = "Choose a colour"
    if not reason:
        problems["reason"] = "Say why"
    if problems:
        raise ValidationError(problems)
    newest = AreaJudgement.objects.filter(area=area).order_by("-recorded_at").first()
    previous = (newest.by_id, newest.brag, newest.word, newest.reason) if newest else None
    if newest and previous == (by.pk, rating, word, reason) and day_of(newest.recorded_at) == today:
        return newest
    return AreaJudgement.objects.create(
        area=area, by=by, brag=rating, word=word, reason=reason, source=source, **at(effective_at)
    )

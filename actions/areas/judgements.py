"""What an outside body said of a finding, put on record by the programme team; a correction of it.

Of a closed plan too: inspectors return after it has ended.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from actions import access, memberships
from actions.models import Finding, Inspection, Judgement, Plan
from actions.rules.dates import start_of_day
from wsoa.accounts.models import User


@transaction.atomic
def record_judgement(
    *,
    plan: Plan,
    finding: Finding,
    by: User,
    today: date,
    verdict: str,
    judged_on: date | None,
    judged_by: str = "",
    inspection: Inspection | None = None,
    rating: str = "",
    letter: str = "",
    letter_on: date | None = None,
    summary: str = "",
    corrects: Judgement | None = None,
) -> Judgement:
    """Record a judgement; with `corrects`, in the place of that one. The same twice is one.

    ValidationError by argument where it cannot stand.
    """
    granted = memberships.granted_to(by, plan)
    access.refuse_unless(
        access.can_record_judgement(granted), "Only the programme team records judgements."
    )
    finding = Finding.objects.select_for_update(no_key=True).get(pk=finding.pk)
    said: dict[str, Any] = {
        "verdict": verdict,
        "rating": rating,
        "judged_by": judged_by,
        "judged_on": judged_on,
        "inspection": inspection,
        "letter": letter,
        "letter_on": letter_on,
        "summary": summary,
    }
    same = Judgement.objects.filter(finding=finding, replaced_by=None, **said).first()
    if same is not None:
        return same
    _check(said, today)
    if corrects is not None:
        if hasattr(corrects, "replaced_by"):
            raise ValidationError("Somebody corrected this judgement meanwhile. Look at it again.")
        code = corrects.code
    else:
        code = _free_code(finding, judged_on)
    effective = {"effective_at": start_of_day(judged_on)} if judged_on else {}
    return Judgement.objects.create(
        finding=finding, code=code, replaces=corrects, by=by, **said, **effective
    )


def _check(said: dict[str, Any], today: date) -> None:
    problems = {}
    if not said["judged_by"] and said["inspection"] is None:
        problems["judged_by"] = "Say who judged, or choose the inspection"
    needs_day = said["inspection"] or said["verdict"] == Judgement.Verdict.MONITORING_ENDED
    if said["judged_on"] is None and needs_day:
        problems["judged_on"] = "Give the day"
    for name in ("judged_on", "letter_on"):
        if said[name] and said[name] > today:
            problems[name] = "The date must not be in the future"
    is_rating = said["verdict"] == Judgement.Verdict.RATING
    if is_rating and not said["rating"]:
        problems["rating"] = "Give the colour or the words of the rating"
    if said["rating"] and not is_rating:
        problems["rating"] = "Only a rating at a review has a colour or words of its own"
    if problems:
        raise ValidationError(problems)


def _free_code(finding: Finding, judged_on: date | None) -> str:
    """`2026-09-22`, and `2026-09-22-2` where there is one of that day."""
    start = judged_on.isoformat() if judged_on else "undated"
    taken = set(Judgement.objects.filter(finding=finding).values_list("code", flat=True))
    code, times = start, 1
    while code in taken:
        times += 1
        code = f"{start}-{times}"
    return code

"""Adding evidence to a commitment, and withdrawing it. Both are rows; no file is ever deleted."""

import logging
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from actions import access, memberships
from actions.io import storage
from actions.io.keeping import kept
from actions.io.storage import CheckedFile
from actions.models import Commitment, Evidence, EvidenceWithdrawal, ProgressUpdate
from actions.models.base import at
from actions.records import history, submissions
from actions.records.locking import lock_record, locked_open
from actions.wording import in_words
from wsoa.accounts.models import User
from wsoa.accounts.security_log import note

logger = logging.getLogger(__name__)


@transaction.atomic
def add_evidence(
    *,
    commitment: Commitment,
    by: User,
    title: str,
    link: str = "",
    file: CheckedFile | None = None,
    place: str = "",
    held_by: str = "",
    ask_whom: str = "",
    visibility: str = Evidence.Visibility.MEMBERS,
    is_case_study: bool = False,
    is_anonymised_with_consent: bool = False,
    update: ProgressUpdate | None = None,
    effective_at: datetime | None = None,
    source: str = "",
    submission: uuid.UUID | None = None,
) -> Evidence:
    """Record what shows that a commitment was kept: a named thing, with a link, a file or a place
    where it lies, or with none of them.

    Also of a plan that is closed: the last evidence of its time comes later. The same words of one
    `submission` count once, unless they were withdrawn meanwhile.
    """
    commitment = locked_open(commitment, also_closed=True)
    problems = evidence_problems(
        title=title,
        link=link,
        has_file=file is not None,
        place=place,
        is_case_study=is_case_study,
        is_anonymised_with_consent=is_anonymised_with_consent,
    )
    if problems:
        raise ValidationError(problems)
    key = submissions.key(
        submission,
        commitment=commitment,
        by=by,
        title=title,
        link=link,
        file=file and (file.digest, file.name),
        place=(place, held_by, ask_whom),
        visibility=visibility,
        is_case_study=is_case_study,
    )
    if key and (made := Evidence.objects.filter(submission=key).first()):
        if not EvidenceWithdrawal.objects.filter(evidence=made).exists():
            return made
        key = None
    return Evidence.objects.create(
        commitment=commitment,
        submission=key,
        update=update,
        by=by,
        title=title,
        link=link,
        place=place,
        held_by=held_by if place else "",
        ask_whom=ask_whom if place else "",
        visibility=visibility,
        is_case_study=is_case_study,
        is_anonymised_with_consent=is_case_study and is_anonymised_with_consent,
        source=source,
        **kept(file),
        **at(effective_at),
    )


def evidence_problems(
    *,
    title: str,
    link: str,
    has_file: bool,
    place: str = "",
    is_case_study: bool = False,
    is_anonymised_with_consent: bool = False,
) -> dict[str, str]:
    """What is missing or does not go together, by argument."""
    problems = {}
    if not title:
        problems["title"] = "Say what it is"
    if link and has_file:
        problems["file"] = "Give a link or a file, not both"
    if place and (link or has_file):
        problems["place"] = "Give a link, a file or a place, only one of them"
    if link and not link.lower().startswith(("https://", "http://")):
        problems["link"] = "Give a web address, for example https://www.example.org/page"
    if is_case_study and not is_anonymised_with_consent:
        problems["is_anonymised_with_consent"] = (
            "A case study needs this: take out what would tell who it is, and ask the family first"
        )
    return problems


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, by: User, reason: str) -> EvidenceWithdrawal:
    """Say that evidence no longer stands. It stays on record; its file is no longer given out.

    Also of a closed plan, by who added it, the leads, the area's SRO or the programme team.
    """
    lock_record(evidence)
    evidence = Evidence.objects.select_related("commitment__plan").get(pk=evidence.pk)
    commitment = evidence.commitment
    access.refuse_unless(
        access.can_withdraw_evidence(
            memberships.granted_to(by, commitment.plan),
            history.led_today(commitment),
            evidence.by_id,
        ),
        in_words(
            "Evidence is withdrawn by who added it, the {commitment}’s leads, the {area}’s "
            "senior responsible officer or the programme team."
        ),
    )
    if EvidenceWithdrawal.objects.filter(evidence=evidence).exists():
        raise ValidationError("This evidence has been withdrawn already.")
    if not reason:
        raise ValidationError({"reason": "Say why it is withdrawn"})
    return EvidenceWithdrawal.objects.create(evidence=evidence, by=by, reason=reason)


def checked_files() -> Iterator[tuple[Evidence, str]]:
    """Each row of evidence with a file, and what is wrong with that. Each file is read once."""
    problems: dict[tuple[str, int], str] = {}
    rows = Evidence.objects.exclude(digest="").select_related("commitment__plan").order_by("pk")
    for row in rows.iterator():
        assert row.size is not None
        of_file = (row.digest, row.size)
        if of_file not in problems:
            problems[of_file] = storage.problem_of(*of_file)
            if problems[of_file]:
                tell_wrong(row, problems[of_file])
        yield row, problems[of_file]


def tell_wrong(evidence: Evidence, problem: str, **facts: Any) -> None:
    """Tell whoever watches over the site that a file is not what was sent."""
    note(
        "evidence-file-wrong",
        level=logging.ERROR,
        evidence=evidence.pk,
        problem=problem,
        digest=evidence.digest,
        **facts,
    )

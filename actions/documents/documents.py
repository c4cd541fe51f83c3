"""Adding a document to a plan, and withdrawing it. Both are rows; no file is ever deleted."""

import uuid
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from actions import access, memberships
from actions.io.keeping import kept
from actions.io.storage import CheckedFile
from actions.models import Area, Plan, PlanDocument, PlanDocumentWithdrawal
from actions.records import submissions
from actions.records.locking import lock_record
from wsoa.accounts.models import User

NOT_YOURS = "Documents are added and withdrawn by the programme team."


@transaction.atomic
def add_document(
    *,
    plan: Plan,
    by: User,
    today: date,
    kind: str,
    title: str,
    dated_on: date | None = None,
    version: str = "",
    author: str = "",
    area: Area | None = None,
    link: str = "",
    file: CheckedFile | None = None,
    visibility: str = PlanDocument.Visibility.MEMBERS,
    note: str = "",
    source: str = "",
    submission: uuid.UUID | None = None,
) -> PlanDocument:
    """Record a letter, a paper, a version of the plan, in a draft and after its closing too.

    The same words of one `submission` count once, unless they were withdrawn meanwhile.
    """
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    access.refuse_unless(
        access.can_add_documents(memberships.granted_to(by, plan)),
        NOT_YOURS,
    )
    problems = document_problems(title=title, link=link, has_file=file is not None)
    if dated_on and dated_on > today:
        problems["dated_on"] = "The date must not be in the future"
    if area is not None and area.plan_id != plan.pk:
        problems["area"] = "Choose one of this plan"
    if problems:
        raise ValidationError(problems)
    key = submissions.key(
        submission,
        plan=plan,
        by=by,
        kind=kind,
        title=title,
        dated_on=dated_on,
        version=version,
        author=author,
        area=area,
        link=link,
        file=file and (file.digest, file.name),
        visibility=visibility,
        note=note,
    )
    if key and (made := PlanDocument.objects.filter(submission=key).first()):
        if not PlanDocumentWithdrawal.objects.filter(document=made).exists():
            return made
        key = None
    return PlanDocument.objects.create(
        plan=plan,
        submission=key,
        by=by,
        kind=kind,
        title=title,
        dated_on=dated_on,
        version=version,
        author=author,
        area=area,
        link=link,
        visibility=visibility,
        note=note,
        source=source,
        **kept(file),
    )


def document_problems(*, title: str, link: str, has_file: bool) -> dict[str, str]:
    """What is missing or does not go together, by argument."""
    problems = {}
    if not title:
        problems["title"] = "Enter its title"
    if link and has_file:
        problems["file"] = "Give a link or a file, not both"
    if link and not link.lower().startswith(("https://", "http://")):
        problems["link"] = "Give a web address, for example https://www.example.org/page"
    return problems


@transaction.atomic
def withdraw_document(*, document: PlanDocument, by: User, reason: str) -> PlanDocumentWithdrawal:
    """Say that a document should not be here. It stays on record; its file is given out no more."""
    lock_record(document)
    access.refuse_unless(
        access.can_add_documents(memberships.granted_to(by, document.plan)), NOT_YOURS
    )
    if PlanDocumentWithdrawal.objects.filter(document=document).exists():
        raise ValidationError("This document has been withdrawn already.")
    if not reason:
        raise ValidationError({"reason": "Say why it is withdrawn"})
    return PlanDocumentWithdrawal.objects.create(document=document, by=by, reason=reason)

"""Unsent updates, kept on the server as typed: one for each person and commitment."""

import json
import uuid
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.http import QueryDict

from actions.models import Commitment, Draft, ProgressUpdate
from actions.progress import updates
from wsoa.accounts.models import User

# What a browser sends beside the answers.
NOT_ANSWERS = frozenset({"csrfmiddlewaretoken", "base", "save_draft", "username", "password"})
# Which form they were typed into. One that is opened again is another.
SUBMISSION = "submission"
# Far above the longest form that can be sent; what is longer is not words.
LONGEST = 100_000


def find(user: User, commitment: int) -> Draft | None:
    return Draft.objects.filter(user=user, commitment=commitment).first()


@transaction.atomic
def save(*, user: User, commitment: Commitment, sent: QueryDict) -> Draft:
    """Keep what was typed. The first saving notes which update its author had read.

    Text that a database cannot hold (NUL) is kept without those characters; a field whose very
    name has one is none of the form's.
    """
    answers = {
        name: [value.replace("\x00", "")[:LONGEST] for value in values]
        for name, values in sent.lists()
        if name not in NOT_ANSWERS and "\x00" not in name
    }
    draft = Draft.objects.select_for_update().filter(user=user, commitment=commitment).first()
    if draft is None:
        draft, _ = Draft.objects.update_or_create(
            user=user,
            commitment=commitment,
            defaults={"answers": answers, "base": _base(commitment, sent.get("base", ""))},
        )
    else:
        draft.answers = answers
        draft.save(update_fields=["answers", "saved_at"])
    return draft


class Changed(Exception):
    """The draft was changed, sent or thrown away after its answers were checked."""


@transaction.atomic
def send(*, draft: Draft, **arguments: Any) -> ProgressUpdate:
    """Record the answers of a draft and let the draft go: both, or neither.

    Only what was checked is sent, so the draft must still say it.
    """
    kept = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if kept is None or kept.answers != draft.answers:
        raise Changed
    update = updates.record_update(
        commitment=draft.commitment, by=draft.user, base=draft.base_id, **arguments
    )
    kept.delete()
    return update


def rebase(draft: Draft, base: int | None) -> None:
    """Let a draft stand on a newer update, which its author has now read, as another form."""
    draft.base_id = base
    draft.answers = draft.answers | {SUBMISSION: [str(uuid.uuid4())]}
    draft.save(update_fields=["base", "answers"])


def digest(draft: Draft) -> str:
    """What stands on a page that shows the answers, so that nothing else is sent from it."""
    return sha256(json.dumps(draft.answers, sort_keys=True).encode()).hexdigest()


def _base(commitment: Commitment, text: str) -> ProgressUpdate | None:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return ProgressUpdate.objects.filter(commitment=commitment, pk=int(text)).first()


def as_sent(draft: Draft) -> QueryDict:
    """The answers as a form is bound to them."""
    data = QueryDict(mutable=True)
    for name, values in draft.answers.items():
        data.setlist(name, values)
    return data


def as_reopened(draft: Draft) -> QueryDict:
    """The same for a form that is shown anew, and so is sent as another."""
    data = as_sent(draft)
    data[SUBMISSION] = str(uuid.uuid4())
    return data


def as_initial(draft: Draft) -> dict[str, Any]:
    """The answers as a form starts from them, which is another form than they were typed into."""
    several = {"based_on"}
    return {
        name: values if name in several else values[-1]
        for name, values in draft.answers.items()
        if values and name != SUBMISSION
    }

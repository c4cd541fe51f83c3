"""Unsent updates, kept on the server as typed: one for each person and commitment."""

import json
import uuid
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.http import QueryDict

from actions.models import Commitment, Draft, ProgressUpdate
from actions.progress import draft_files, updates
from actions.progress.update_answers import UpdateAnswers
from wsoa.accounts.models import User

# What a browser sends beside the answers.
NOT_ANSWERS = frozenset({"csrfmiddlewaretoken", "base", "save_draft", "username", "password"})
# What is said of files stands with them.
_OF_FILES = (draft_files.TITLE, draft_files.SHAREABLE, draft_files.REMOVE)
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
        if name not in NOT_ANSWERS and not name.startswith(_OF_FILES) and "\x00" not in name
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
        draft_files.keep_titles(draft, sent)
    return draft


@transaction.atomic
def discard(*, user: User, commitment: Commitment) -> None:
    """Throw a draft away, with its files."""
    draft = Draft.objects.select_for_update().filter(user=user, commitment=commitment).first()
    if draft is not None:
        _let_go(draft)


def _let_go(draft: Draft) -> None:
    draft_files.let_go(draft_files.of(draft))
    draft.delete()


class Changed(Exception):
    """The draft was changed, sent or thrown away after its answers were checked."""


@transaction.atomic
def send(*, draft: Draft, checked: str, answers: UpdateAnswers, **arguments: Any) -> ProgressUpdate:
    """Record the answers and files of a draft and let the draft go: all of it, or nothing.

    Only what was checked is sent, so the draft must still say it: `checked` is its digest then.
    """
    kept = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if kept is None or digest(kept) != checked:
        raise Changed
    with draft_files.as_evidence(kept) as files:
        update = updates.record_update(
            commitment=draft.commitment,
            by=draft.user,
            base=draft.base_id,
            answers=replace(answers, files=files),
            **arguments,
        )
    _let_go(kept)
    return update


def rebase(draft: Draft, base: int | None) -> None:
    """Let a draft stand on a newer update, which its author has now read, as another form."""
    draft.base_id = base
    draft.answers = draft.answers | {SUBMISSION: [str(uuid.uuid4())]}
    draft.save(update_fields=["base", "answers"])


def digest(draft: Draft) -> str:
    """What stands on a page that shows the answers, so that nothing else is sent from it."""
    files = [(row.digest, row.title, row.is_shareable) for row in draft_files.of(draft)]
    return sha256(json.dumps([draft.answers, files], sort_keys=True).encode()).hexdigest()


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

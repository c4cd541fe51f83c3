"""Unsent updates, kept on the server as typed: one for each person and commitment."""

from typing import Any

from django.db import transaction
from django.http import QueryDict

from actions.models import Commitment, Draft, ProgressUpdate
from wsoa.accounts.models import User

# What a browser sends beside the answers.
NOT_ANSWERS = frozenset({"csrfmiddlewaretoken", "base", "save_draft", "username", "password"})
# Far above the longest form that can be sent; what is longer is not words.
LONGEST = 100_000


def find(user: User, commitment: int) -> Draft | None:
    return Draft.objects.filter(user=user, commitment=commitment).first()


@transaction.atomic
def save(*, user: User, commitment: Commitment, sent: QueryDict) -> Draft:
    """Keep what was typed. The first saving notes which update its author had read.

    Text that a database cannot hold (NUL) is kept without those characters.
    """
    answers = {
        name: [value.replace("\x00", "")[:LONGEST] for value in values]
        for name, values in sent.lists()
        if name not in NOT_ANSWERS
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


def as_initial(draft: Draft) -> dict[str, Any]:
    """The answers as a form starts from them."""
    several = {"based_on"}
    return {
        name: values if name in several else values[-1]
        for name, values in draft.answers.items()
        if values
    }

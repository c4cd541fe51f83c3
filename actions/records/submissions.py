"""A form that is sent twice makes one row: what tells the same words from others."""

import json
import uuid
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Model


def digest(**content: Any) -> str:
    """The same for the same words, whoever computes it and when."""
    return sha256(json.dumps(content, default=_plain, sort_keys=True).encode()).hexdigest()


def key(submission: uuid.UUID | None, **content: Any) -> uuid.UUID | None:
    """The key under which a form's words are recorded, once.

    `submission` is made when the form is shown. Other words from the same form, as after going
    back to it, have a key of their own: they are not on record yet.
    """
    return None if submission is None else uuid.uuid5(submission, digest(**content))


def part(submission: uuid.UUID, number: int) -> uuid.UUID:
    """The key of one row of a form that records several."""
    return uuid.uuid5(submission, str(number))


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if is_dataclass(value) and not isinstance(value, type):
        # What is not compared tells nothing apart: the content of a file beside its digest.
        return {field.name: getattr(value, field.name) for field in fields(value) if field.compare}
    return str(value)

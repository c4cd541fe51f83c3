"""A council's own Word template: checked before anything reads it, and kept without its text."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from actions.io import ooxml
from actions.io.own_process import NotDone, in_own_process
from reports.series.template_reading import IS_TEMPLATE, NOT_WORD, SAVE_AS, emptied

MAX_BYTES = 10 * ooxml.MIB
HAS_MACROS = f"This is a Word file with macros ({{ending}}). {SAVE_AS} That leaves the macros out."
IS_OLD = f"This is a Word file of the old kind ({{ending}}). {SAVE_AS}"
_BY_ENDING = {
    ".dotx": IS_TEMPLATE,
    ".docm": HAS_MACROS.format(ending=".docm"),
    ".dotm": HAS_MACROS.format(ending=".dotm"),
    ".doc": IS_OLD.format(ending=".doc"),
    ".dot": IS_OLD.format(ending=".dot"),
}
TOO_LARGE = "This file is larger than a template may be, which is 10 MB."


def checked_template(upload: UploadedFile[Any]) -> bytes:
    """The template as it is kept: its look, head and foot, without what it says.

    ValidationError, in plain words, where it cannot be one.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(TOO_LARGE)
    ending = Path(upload.name or "").suffix.lower()
    if ending != ".docx":
        raise ValidationError(_BY_ENDING.get(ending, NOT_WORD))
    upload.seek(0)
    content = upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValidationError(TOO_LARGE)
    if content.startswith(ooxml.OLD_OFFICE):
        raise ValidationError(ooxml.PROTECTED)
    if not content.startswith(ooxml.ZIP):
        raise ValidationError(NOT_WORD)
    try:
        return in_own_process(emptied, content)
    except (ooxml.Unusable, NotDone) as refusal:
        raise ValidationError(str(refusal)) from refusal

"""Storing a checked file for the row that will name it."""

import logging
from typing import Any

from django.core.exceptions import ValidationError

from actions.io import storage
from actions.io.storage import CheckedFile

logger = logging.getLogger(__name__)

NOT_STORED = (
    "The file could not be stored: there is no room for it here, or nothing can be written just "
    "now. Tell your programme officer. Until it is mended, it can be added without a file"
)


def kept(file: CheckedFile | None) -> dict[str, Any]:
    """Store the file, and give what its row says of it; nothing without a file.

    Stored before the row is written: a row never names a file that is not there.
    """
    if file is None:
        return {}
    try:
        storage.keep(file)
    except OSError as error:
        logger.exception("A file could not be stored")
        raise ValidationError({"file": NOT_STORED}) from error
    return {
        "digest": file.digest,
        "file_name": file.name,
        "size": file.size,
        "content_type": file.kind.content_type,
    }

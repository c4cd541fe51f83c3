"""Lines for whoever watches over the site: who signed in, who could not, and who may now.

No line holds a password or an e-mail address: people type the one in place of the other. An
account is named by its key, and by a digest that is the same in every line about one address.
"""

import json
import logging
from typing import Any

from wsoa.accounts.models import User
from wsoa.accounts.throttling import account_key

logger = logging.getLogger("wsoa.security")


def note(event: str, *, level: int = logging.INFO, email: str = "", **facts: Any) -> None:
    """One line: `sign-in-failed account=3f… address="192.0.2.7"`.

    Values are quoted as JSON in ASCII, so that none can break the line or pretend to be another.
    """
    parts = [event]
    if email:
        parts.append(f"account={account_key(email)[:12]}")
    for name, value in facts.items():
        shown = value.pk if isinstance(value, User) else value
        parts.append(f"{name}={json.dumps(shown, default=str)}")
    logger.log(level, " ".join(parts))

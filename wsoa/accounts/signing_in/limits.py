"""How often something may be asked for: a code, a mailed link. Counted over all processes.

What is guessed (a password, a code) is counted by `wsoa/accounts/throttling.py`.
"""

import logging

from allauth.core.ratelimit import consume
from django.http import HttpRequest

from wsoa.accounts.addresses import address_of
from wsoa.accounts.models import UserManager
from wsoa.accounts.security_log import note

TOO_OFTEN = "This has been asked for too often. Wait ten minutes, then ask again."


def may_ask(request: HttpRequest, action: str, email: str) -> bool:
    """Count the asking, by who asks and for whom; the same for addresses without an account."""
    if consume(request, action=action, key=UserManager.normalize_email(email)):
        return True
    note(
        "asked-too-often",
        level=logging.WARNING,
        email=email,
        address=address_of(request),
        door=action,
    )
    return False

"""Mails about one's account: codes, links to a new password, notice of a change.

They wait for nobody: a mail server that is slow or away must not hold the page up, nor tell by the
time it takes whether somebody has an account.
"""

import logging
from collections.abc import Callable
from enum import Enum
from smtplib import SMTPException, SMTPRecipientsRefused
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection

logger = logging.getLogger("wsoa.mail")
# What the threads are called that send.
THREADS = "mail"


def is_set_up() -> bool:
    """Whether the site can send mail at all; else nobody is offered what comes by it."""
    return bool(settings.MAIL_FROM)


class Went(Enum):
    """What became of a mail."""

    TAKEN = "taken"
    # The server has no such mailbox: trying again is of no use.
    REFUSED = "refused"
    NOT_SENT = "not sent"


def send_plain(subject: str, text: str, to: str) -> Went:
    """Send one mail now. What went wrong is logged, without address or words."""
    # A subject of two lines could name receivers of its own.
    message = EmailMessage(" ".join(subject.split()), text, settings.MAIL_FROM, [to])
    try:
        message.send()
    except SMTPRecipientsRefused:
        logger.warning("mail-not-sent because=SMTPRecipientsRefused")
        return Went.REFUSED
    # ValueError: an address that no header can hold.
    except (OSError, SMTPException, ValueError) as error:
        logger.warning("mail-not-sent because=%s", type(error).__name__)
        return Went.NOT_SENT
    return Went.TAKEN


def send_soon(subject: str, text: str, to: str) -> None:
    """Send one mail beside the request that asks for it. What it tells is on record by then."""
    Thread(target=send_plain, args=(subject, text, to), name=THREADS).start()


def beside(work: Callable[[], None]) -> None:
    """Do what sends several mails beside the request, and keeps what became of them."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    Thread(target=run, name=THREADS).start()

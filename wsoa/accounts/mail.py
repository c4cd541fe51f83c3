"""Mails about one's account: codes, links to a new password, notice of a change.

They wait for nobody: a mail server that is slow or away must not hold the page up, nor tell by the
time it takes whether somebody has an account.
"""

import logging
from smtplib import SMTPException
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage

logger = logging.getLogger("wsoa.mail")


def is_set_up() -> bool:
    """Whether the site can send mail at all; else nobody is offered what comes by it."""
    return bool(settings.MAIL_FROM)


def send_plain(subject: str, text: str, to: str) -> bool:
    """Send one mail now; whether the server took it. What went wrong is logged, without words."""
    # A subject of two lines could name receivers of its own.
    message = EmailMessage(" ".join(subject.split()), text, settings.MAIL_FROM, [to])
    try:
        message.send()
    # ValueError: an address that no header can hold.
    except (OSError, SMTPException, ValueError) as error:
        logger.warning("mail-not-sent because=%s", type(error).__name__)
        return False
    return True


def send_soon(subject: str, text: str, to: str) -> None:
    """Send one mail beside the request that asks for it. What it tells is on record by then."""
    Thread(target=send_plain, args=(subject, text, to), name="mail").start()

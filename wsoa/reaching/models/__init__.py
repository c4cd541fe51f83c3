"""Mails on record, and what people and plans have said about them."""

from wsoa.reaching.models.messages import Delivery, Hold, Message
from wsoa.reaching.models.wishes import ClosedDays, ContactAddress, MailSettings, MailWishes

__all__ = [
    "ClosedDays",
    "ContactAddress",
    "Delivery",
    "Hold",
    "MailSettings",
    "MailWishes",
    "Message",
]

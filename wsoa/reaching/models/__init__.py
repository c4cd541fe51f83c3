"""Mails on record, and what people and plans have said about them."""

from wsoa.reaching.models.messages import Delivery, Hold, Message
from wsoa.reaching.models.wishes import ClosedDays, MailSettings, MailWishes

__all__ = ["ClosedDays", "Delivery", "Hold", "MailSettings", "MailWishes", "Message"]

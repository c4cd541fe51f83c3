"""Putting mails on record, and handing them to the mail server: nothing twice, nothing lost.

A mail is on record before it is sent, and before each try stands that it begins. Where a process
ends between handing a mail over and writing that down, nobody can know whether it went: it is not
sent again, and the programme team reads so.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import formataddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from actions import memberships
from actions.models import Person, Plan
from actions.wording import words_of
from wsoa.accounts.models import User
from wsoa.pages.work.sheets.making import XLSX, content_of, led_by
from wsoa.reaching.letters import Letter, letter, written_letter
from wsoa.reaching.models import Delivery, MailSettings, Message
from wsoa.reaching.recipients import Mailing, Recipient, mailing_of
from wsoa.reaching.rules.reminders import Rule
from wsoa.reaching.unsubscribing import unsubscribe_url

logger = logging.getLogger("wsoa.mail")

SOURCE = "send_mail_due"
# After so many days what a mail says is no longer so.
TRIED_FOR = timedelta(days=3)
# Of PostgreSQL's advisory locks: one process sends at a time.
LOCK = 7_325_501

Outcome = Delivery.Outcome
# With these a mail is to be sent, or sent again.
OPEN = (None, Outcome.WAITS)


@dataclass(frozen=True, slots=True)
class Due:
    """A mail that goes on a day, unless the programme team holds it."""

    to: Recipient
    rule: Rule
    is_held: bool


def mails_on(mailing: Mailing, day: date) -> list[Due]:
    """Who is written to on a day, and why, by what waits now."""
    period = mailing.period_on(day)
    return [
        Due(to, rule, to.is_held(day))
        for to in mailing.recipients
        if (rule := to.rule_on(day, period))
    ]


def plans_that_write() -> QuerySet[Plan]:
    return Plan.objects.filter(mail_settings__is_on=True, state=Plan.State.AGREED).order_by("pk")


def record_due(
    plan: Plan, today: date, *, day: date | None = None, source: str = SOURCE
) -> list[Message]:
    """Put on record what goes to the people of a plan today. Once a day, whoever asks.

    What waits is read as of today; `day` is another day whose mails they are to be.
    """
    day = day or today
    recorded = []
    with words_of(plan):
        mailing = mailing_of(plan, today)
        if mailing is None:
            return []
        about = settings_of(plan)
        for due in mails_on(mailing, day):
            if due.is_held:
                continue
            made = letter(mailing, due.to, due.rule, day, about)
            if message := record(mailing, due.to, due.rule, day, made, source=source):
                recorded.append(message)
    return recorded


def settings_of(plan: Plan) -> MailSettings:
    return MailSettings.objects.filter(plan=plan).first() or MailSettings(plan=plan)


def record(
    mailing: Mailing,
    to: Recipient,
    rule: Rule,
    day: date,
    made: Letter,
    *,
    by: User | None = None,
    source: str = "",
    once: UUID | None = None,
) -> Message | None:
    """None where the person was written to today, by another plan or another process.

    Of what the team writes: where it has gone to that person already, from the same form (`once`).
    """
    message = Message(
        plan=mailing.plan,
        day=day,
        why=rule,
        user_id=to.user,
        person_id=None if to.user else to.holder.person,
        sheet=None if to.user else _sheet(mailing, to),
        address=to.holder.email,
        subject=made.subject,
        text=made.text,
        html=made.html,
        keys=made.keys,
        by=by,
        source=source,
        once=once,
    )
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError as error:
        # Of either kind of receiver: the name of the constraint begins with it.
        if not any(name in str(error) for name in ("message_one_a_day", "message_written_once")):
            raise
        return None
    return message


def _sheet(mailing: Mailing, to: Recipient) -> bytes | None:
    """The updates that wait for somebody who does not sign in, to be filled in and sent back."""
    assert to.holder.person is not None
    person = Person.objects.get(pk=to.holder.person)
    led = led_by(mailing.page, person)
    return content_of(mailing.page, led, person) if led else None


def write(
    mailing: Mailing,
    to: Iterable[Recipient],
    *,
    subject: str,
    words: str,
    by: User,
    once: UUID,
) -> list[Message]:
    """Put on record what somebody of the programme team writes, a mail to each."""
    plan, day = mailing.plan, mailing.page.today
    about = settings_of(plan)
    recorded = []
    for one in to:
        made = written_letter(mailing, one, subject, words, day, about, by.name)
        if message := record(mailing, one, Rule.WRITTEN, day, made, by=by, once=once):
            recorded.append(message)
    return recorded


def send_waiting(today: date) -> list[Delivery]:
    """Hand over what is on record and has not gone. Nothing where another process is at it."""
    with _alone() as is_alone:
        if not is_alone:
            return []
        made = list(_close_unknown())
        waiting = list(_with_outcome(*OPEN).select_related("plan__local_area"))
        made += [
            _tell(message, Outcome.GIVEN_UP, "It was not sent for three days.")
            for message in waiting
            if today - message.day > TRIED_FOR
        ]
        return made + list(_send([one for one in waiting if today - one.day <= TRIED_FOR]))


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (is_alone,) = cursor.fetchone()
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _with_outcome(*outcomes: Outcome | None) -> QuerySet[Message]:
    """Mails by what happened to them last, oldest first; None: nothing yet."""
    newest = Delivery.objects.filter(message=OuterRef("pk")).order_by("-recorded_at", "-pk")
    messages = Message.objects.annotate(outcome=Subquery(newest.values("outcome")[:1]))
    named = messages.filter(outcome__in=[one for one in outcomes if one])
    if None in outcomes:
        named = named | messages.filter(outcome=None)
    return named.order_by("recorded_at", "pk")


def _close_unknown() -> Iterator[Delivery]:
    """Of what a process began that has ended since: who begins holds the lock until it is told."""
    for message in _with_outcome(Outcome.BEGUN):
        yield _tell(message, Outcome.UNKNOWN, "The program ended while it was being sent.")


def _send(messages: Iterable[Message]) -> Iterator[Delivery]:
    if not settings.MAIL_FROM:
        for message in messages:
            yield _tell(message, Outcome.KEPT)
        return
    server = get_connection(fail_silently=False)
    for message in messages:
        try:
            server.open()
        except (OSError, SMTPException) as error:
            # Nobody after this one either; all are tried again at the next run.
            yield _tell(message, Outcome.WAITS, _words(error))
            return
        _tell(message, Outcome.BEGUN)
        try:
            _mail(message, server).send()
        except SMTPRecipientsRefused as error:
            refused = next(iter(error.recipients.values()), (0, b""))
            yield _tell(message, *_refusal(*refused))
        except SMTPResponseException as error:
            yield _tell(message, *_refusal(error.smtp_code, error.smtp_error))
        except ValueError as error:
            # An address or a subject that no header can hold.
            yield _tell(message, Outcome.REFUSED, _words(error))
        except (OSError, SMTPException) as error:
            yield _tell(message, Outcome.UNKNOWN, _words(error))
            return
        else:
            yield _tell(message, Outcome.SENT)
    server.close()


def _refusal(code: int, words: bytes | str) -> tuple[Outcome, str]:
    """A server that says 4xx asks to be tried again later; one that says 5xx does not."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    outcome = Outcome.WAITS if 400 <= code < 500 else Outcome.REFUSED
    return outcome, f"{code} {text}".strip()


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _tell(message: Message, outcome: Outcome, detail: str = "") -> Delivery:
    delivery = Delivery(
        message=message,
        outcome=outcome,
        detail=detail.replace("\x00", "")[:500],
        source=SOURCE,
    )
    delivery.save()
    if outcome in (Outcome.REFUSED, Outcome.UNKNOWN, Outcome.GIVEN_UP):
        logger.warning("mail %s message=%s", outcome, message.pk)
    return delivery


def _mail(message: Message, server: Any) -> EmailMultiAlternatives:
    """In the plan's name; answers go to its team."""
    about = settings_of(message.plan)
    answers = [about.reply_to] if about.reply_to else _team(message.plan)
    headers = {
        "Auto-Submitted": "auto-generated",
        # The same at every try, so that a mailbox shows it once.
        "Message-ID": f"<message-{message.pk}@{settings.MAIL_FROM.rpartition('@')[2]}>",
    }
    # Of what is overdue with others nobody is spared.
    if message.user_id and message.why != Rule.OTHERS:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url(message.user_id)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        formataddr((f"{message.plan.local_area.name} plan", settings.MAIL_FROM)),
        [message.address],
        reply_to=answers,
        connection=server,
        headers=headers,
    )
    mail.attach_alternative(message.html, "text/html")
    if message.sheet:
        mail.attach(f"updates-{message.day.isoformat()}.xlsx", bytes(message.sheet), XLSX)
    return mail


def _team(plan: Plan) -> list[str]:
    return [one.user.email for one in memberships.everybodys_access(plan) if one.is_officer]

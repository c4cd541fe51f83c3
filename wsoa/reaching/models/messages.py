"""Each mail as it was written, and what became of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from actions.models import Person, Plan
from actions.models.base import OF_PLAN, Record, append_only
from wsoa.reaching.rules.reminders import Rule


class Message(Record):
    """A mail about a plan to one person. It is on record before it is sent."""

    class Why(models.TextChoices):
        OPENS = Rule.OPENS, "The updates opened"
        CLOSES = Rule.CLOSES, "The updates close soon"
        LATE = Rule.LATE, "Something is overdue"
        DUE = Rule.DUE, "Something is due soon"
        NEW = Rule.NEW, "Something new waits"
        OTHERS = Rule.OTHERS, "Overdue with others in their area"
        WRITTEN = Rule.WRITTEN, "Written by the programme team"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="messages")
    # The day it speaks of: things are due, or overdue, as at that day.
    day = models.DateField()
    why = models.CharField(max_length=20, choices=Why)
    # To whom: somebody who signs in, or one of the plan's people without an account.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="messages",
        null=True,
        blank=True,
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="messages", null=True, blank=True
    )
    # As it was then, like all that follows.
    address = models.EmailField(max_length=254)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    # The sheet of updates that goes with it to somebody who does not sign in.
    sheet = models.BinaryField(null=True, blank=True)
    # Of what the team writes: one for the form it was written in, so that it goes once however
    # often it is sent.
    once = models.UUIDField(null=True, blank=True)
    # What it named or counted: `wsoa/reaching/rules/reminders.py`.
    keys = ArrayField(models.CharField(max_length=400), default=list, blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_PLAN)
        constraints = [
            *Record.Meta.constraints,
            # One a day at most, over all plans; what somebody writes themselves goes besides.
            models.UniqueConstraint(
                "user", "day", condition=~Q(why=Rule.WRITTEN), name="message_one_a_day"
            ),
            models.UniqueConstraint(
                "person", "day", condition=~Q(why=Rule.WRITTEN), name="message_one_a_day_to_contact"
            ),
            models.UniqueConstraint("user", "once", name="message_written_once"),
            models.UniqueConstraint("person", "once", name="message_written_once_to_contact"),
            models.CheckConstraint(
                name="message_is_to_one",
                condition=Q(user__isnull=False, person=None) | Q(user=None, person__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["plan", "-recorded_at"], name="message_of_plan")]

    def __str__(self) -> str:
        return self.subject

    @property
    def receiver(self) -> str:
        """The name of whom it is to."""
        return str(self.user or self.person)


class Delivery(Record):
    """What happened to a mail. The newest says how it stands."""

    class Outcome(models.TextChoices):
        # Before it is handed over: if nothing follows, nobody knows whether it went.
        BEGUN = "begun", "Being sent"
        SENT = "sent", "Sent"
        WAITS = "waits", "The mail server was away"
        REFUSED = "refused", "Refused"
        GIVEN_UP = "given_up", "Not sent"
        UNKNOWN = "unknown", "Perhaps not sent"
        # Where no mail server is set up: it can be read here.
        KEPT = "kept", "Kept here"

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    outcome = models.CharField(max_length=10, choices=Outcome)
    # What the mail server said.
    detail = models.CharField(max_length=500, blank=True)

    class Meta(Record.Meta):
        triggers = append_only(answers=(Message, "message_id"))
        constraints = [*Record.Meta.constraints]
        indexes = [models.Index(fields=["message", "-recorded_at"], name="delivery_of_message")]

    def __str__(self) -> str:
        return f"{self.outcome} of message {self.message_id}"


class Hold(Record):
    """The programme team writes nothing to somebody for a while. The newest holds."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="holds")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="holds"
    )
    # The last day on which nothing goes; None: it goes again.
    until = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_PLAN)
        constraints = [*Record.Meta.constraints]

    def __str__(self) -> str:
        return f"Hold of user {self.user_id} until {self.until}"

"""What a plan and its people have said about mails."""

import secrets

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from actions.models import Person, Plan
from wsoa.reaching.rules.mail_days import WORKING_WEEK


def new_key() -> str:
    """What nobody can guess, for an address that needs no signing in."""
    return secrets.token_urlsafe(24)


def working_week() -> list[int]:
    return sorted(WORKING_WEEK)


@pghistory.track()
class MailSettings(models.Model):
    """Whether a plan writes to its people, and where their answers go."""

    plan = models.OneToOneField(Plan, on_delete=models.PROTECT, related_name="mail_settings")
    is_on = models.BooleanField(default=False)
    # The programme team's mailbox; without one answers go to each of the team.
    reply_to = models.EmailField(max_length=254, blank=True)
    # How the team signs: its name as people know it, and a telephone number.
    signed = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"Mail of plan {self.plan_id}"


@pghistory.track()
class ClosedDays(models.Model):
    """Days on which a plan writes to nobody, as at Christmas."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="closed_days")
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                name="closed_days_end_after_they_start",
                condition=Q(last_day__gte=F("first_day")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}"


@pghistory.track()
class ContactAddress(models.Model):
    """Where somebody without an account is written to: a team, a shared mailbox."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="contact_address")
    email = models.EmailField(max_length=254)

    def __str__(self) -> str:
        return f"Address of person {self.person_id}"


# Never the key: history is kept for good, and one who reads it could read the calendar.
@pghistory.track(exclude=["calendar_key"])
class MailWishes(models.Model):
    """What a person wants to be written to about, and when."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mail_wishes"
    )
    reminders = models.BooleanField(default=True)
    late = models.BooleanField(default=True)
    at_once = models.BooleanField(default=True)
    # Monday is 0.
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=working_week)
    # Part of the address of the person's calendar; another makes the old one useless.
    calendar_key = models.CharField(max_length=43, unique=True, default=new_key)

    def __str__(self) -> str:
        return f"Mail wishes of user {self.user_id}"

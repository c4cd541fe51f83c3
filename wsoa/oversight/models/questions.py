"""Questions about a plan, their answers, and what settled them."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q

from actions.models import Area, Commitment, Plan
from actions.models.base import OF_PLAN, Record, append_only
from actions.rules.dates import end_of_day
from kpis.models import Kpi
from wsoa.oversight.models.about import about_one_thing
from wsoa.oversight.models.meetings import Meeting


class Challenge(Record):
    """A question to those who answer for a commitment, area or KPI, open until it is closed."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="challenges")
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="challenges", null=True, blank=True
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="challenges", null=True, blank=True
    )
    kpi = models.ForeignKey(
        Kpi, on_delete=models.PROTECT, related_name="challenges", null=True, blank=True
    )
    text = models.TextField()
    # The meeting in which it was put, where it was.
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="challenges", null=True, blank=True
    )
    # Who asked, of a question from outside that an officer recorded.
    asked_by = models.CharField(max_length=300, blank=True)
    answer_due_on = models.DateField(null=True, blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_PLAN)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(name="challenge_has_one_subject", condition=about_one_thing()),
        ]

    def __str__(self) -> str:
        return self.text


def open_on(day: date) -> Q:
    """Questions asked by the end of a day and not closed by then."""
    return open_before(end_of_day(day))


def open_before(end: datetime) -> Q:
    """Questions asked before a moment and not closed by then."""
    return Q(effective_at__lt=end) & (Q(closing=None) | Q(closing__effective_at__gte=end))


class ChallengeAnswer(Record):
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField()

    class Meta(Record.Meta):
        triggers = append_only(answers=(Challenge, "challenge_id"))

    def __str__(self) -> str:
        return self.text


class ChallengeClosing(Record):
    """The asker, or the chair in a meeting, has the answer."""

    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="closing")
    text = models.TextField(blank=True)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="challenges_closed", null=True, blank=True
    )

    class Meta(Record.Meta):
        triggers = append_only(answers=(Challenge, "challenge_id"))

    def __str__(self) -> str:
        return f"Closed: {self.text}"

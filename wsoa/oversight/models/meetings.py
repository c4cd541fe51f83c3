"""Meetings of a plan's bodies, and of its reviewers from outside."""

import pghistory
from django.db import models
from django.db.models import F, Q

from actions.models import Body, Person, Plan


@pghistory.track()
class Meeting(models.Model):
    """A meeting of a body, and the day by which its papers are due."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="meetings")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    papers_due_on = models.DateField()

    class Meta:
        ordering = ["held_on", "id"]
        constraints = [
            models.UniqueConstraint("body", "held_on", name="meeting_once"),
            models.CheckConstraint(
                name="meeting_papers_come_before", condition=Q(papers_due_on__lte=F("held_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}, {self.held_on}"


@pghistory.track()
class ReviewMeeting(models.Model):
    """A meeting with DfE and NHS England: what they want to see, what they said and asked."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="review_meetings")
    held_on = models.DateField()
    evidence_due_on = models.DateField(null=True, blank=True)
    # Who came from outside, by organisation.
    advisers = models.CharField(max_length=300)
    feedback = models.TextField(blank=True)

    class Meta:
        ordering = ["held_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="review_meeting_evidence_comes_before",
                condition=Q(evidence_due_on=None) | Q(evidence_due_on__lte=F("held_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.advisers}, {self.held_on}"


@pghistory.track()
class ReviewAction(models.Model):
    """One thing asked for in such a meeting, and what was answered."""

    meeting = models.ForeignKey(ReviewMeeting, on_delete=models.PROTECT, related_name="actions")
    position = models.PositiveIntegerField()
    text = models.TextField()
    due_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="review_asks", null=True, blank=True
    )
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="review_ask_answer_has_day",
                condition=Q(answer="", answered_on=None)
                | (~Q(answer="") & Q(answered_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.text

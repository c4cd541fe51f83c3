"""What is asked and decided about a plan: questions, decisions, changes, reviews from outside."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from actions.models.base import OF_COMMITMENT, Record, append_only
from actions.models.people import Person
from actions.models.plan import Area, Commitment, Plan
from actions.models.progress import ChangeRequest, ProgressUpdate
from actions.models.working import Meeting

OF_PLAN = "actions_plan WHERE id = NEW.plan_id"


class Challenge(Record):
    """A question to those who answer for a commitment or an area, open until it is closed.

    One that is on neither is a measure's (`kpis.KpiChallenge`).
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="challenges")
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="challenges", null=True, blank=True
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="challenges", null=True, blank=True
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
            models.CheckConstraint(
                name="challenge_has_one_subject", condition=Q(commitment=None) | Q(area=None)
            ),
        ]

    def __str__(self) -> str:
        return self.text


OF_CHALLENGE = "actions_challenge WHERE id = NEW.challenge_id"


class ChallengeAnswer(Record):
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField()

    class Meta(Record.Meta):
        triggers = append_only(OF_CHALLENGE)

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
        triggers = append_only(OF_CHALLENGE)

    def __str__(self) -> str:
        return f"Closed: {self.text}"


class Decision(Record):
    """What a body decided in a meeting; one with an owner stays open until it is done."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="decisions", null=True, blank=True
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="decisions", null=True, blank=True
    )
    challenge = models.ForeignKey(
        Challenge, on_delete=models.PROTECT, related_name="decisions", null=True, blank=True
    )
    text = models.TextField()
    # The minute reference: "item 4".
    minute = models.CharField(max_length=300)
    owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="decisions", null=True, blank=True
    )
    due_on = models.DateField(null=True, blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_PLAN)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="decision_has_one_subject", condition=Q(commitment=None) | Q(area=None)
            ),
            models.CheckConstraint(
                name="decision_due_has_owner", condition=Q(due_on=None) | Q(owner__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.text


class DecisionDone(Record):
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="done")
    done_on = models.DateField()
    text = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only("actions_decision WHERE id = NEW.decision_id")

    def __str__(self) -> str:
        return f"Done on {self.done_on}"


OF_REQUEST = "actions_changerequest WHERE id = NEW.request_id"


class ChangeSupport(Record):
    """Whether the area's SRO supports what was asked."""

    request = models.OneToOneField(ChangeRequest, on_delete=models.PROTECT, related_name="support")
    is_supported = models.BooleanField()
    reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_REQUEST)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="change_not_supported_has_reason",
                condition=Q(is_supported=True) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return "Supported" if self.is_supported else "Not supported"


class ChangeComment(Record):
    """What the parent carer forum says of what was asked."""

    request = models.ForeignKey(ChangeRequest, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()

    class Meta(Record.Meta):
        triggers = append_only(OF_REQUEST)

    def __str__(self) -> str:
        return self.text


class ChangeDecision(Record):
    """The answer to an ask, given in a meeting by the group or its chair."""

    request = models.OneToOneField(ChangeRequest, on_delete=models.PROTECT, related_name="decision")
    is_agreed = models.BooleanField()
    reason = models.TextField(blank=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="changes_decided")

    class Meta(Record.Meta):
        triggers = append_only(OF_REQUEST)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="change_refused_has_reason", condition=Q(is_agreed=True) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return "Agreed" if self.is_agreed else "Not agreed"


class ChangeMinute(Record):
    """Where the minutes have a decision on an ask: "item 4". An officer's record."""

    decision = models.OneToOneField(ChangeDecision, on_delete=models.PROTECT, related_name="minute")
    text = models.CharField(max_length=300)

    class Meta(Record.Meta):
        triggers = append_only("actions_changedecision WHERE id = NEW.decision_id")

    def __str__(self) -> str:
        return self.text


class OutsideApproval(Record):
    """Whoever outside must agree has agreed, where the plan asks for that."""

    request = models.OneToOneField(ChangeRequest, on_delete=models.PROTECT, related_name="approval")
    approver = models.CharField(max_length=300)
    approved_on = models.DateField()
    reference = models.CharField(max_length=300)

    class Meta(Record.Meta):
        triggers = append_only(OF_REQUEST)

    def __str__(self) -> str:
        return f"{self.approver}, {self.approved_on}"


class ChangeTakenBack(Record):
    """The asker no longer asks."""

    request = models.OneToOneField(
        ChangeRequest, on_delete=models.PROTECT, related_name="taken_back"
    )
    reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_REQUEST)

    def __str__(self) -> str:
        return f"Taken back: {self.reason}"


class FamiliesView(Record):
    """What the forum says of a proposed Blue: whether families see it."""

    class View(models.TextChoices):
        YES = "yes", "Yes"
        NOT_YET = "not_yet", "Not yet"
        NO_VIEW = "no_view", "No view"

    update = models.ForeignKey(
        ProgressUpdate, on_delete=models.PROTECT, related_name="families_views"
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="families_views"
    )
    view = models.CharField(max_length=10, choices=View)
    text = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_COMMITMENT)

    def __str__(self) -> str:
        return f"Families see this: {self.get_view_display().lower()}"


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
class ReviewAsk(models.Model):
    """One thing asked for in such a meeting, and what was answered."""

    meeting = models.ForeignKey(ReviewMeeting, on_delete=models.PROTECT, related_name="asks")
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


@pghistory.track()
class SharedView(models.Model):
    """A plan as at a day, lent to a report reader to read, for a time."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="shared_views")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shared_views"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    as_at = models.DateField()
    ends_on = models.DateField()
    shared_at = models.DateTimeField(auto_now_add=True)
    # Ended by an officer before its day.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-shared_at"]

    def __str__(self) -> str:
        return f"{self.plan_id} as at {self.as_at} for {self.reader_id}"

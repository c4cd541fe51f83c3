"""Changes of what was agreed: asked for, supported, commented on, decided, approved, taken back."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from actions.models import Commitment, KeyDate, Person, Plan, ProgressUpdate
from actions.models.base import OF_COMMITMENT, OF_PLAN, Record, append_only, month_only, plan_date
from actions.rules.dates import PlanDate
from kpis.models import OF_KPI, Kpi, TargetPoint
from wsoa.oversight.models.meetings import Meeting

# Where something was decided, when that was in no meeting.
CHAIRS_ACTION = "chair’s action"
SROS_OWN = "SRO’s own decision"


class ChangeRequest(Record):
    """An ask to change what was agreed. That stands until the change takes effect.

    On a commitment, or of a target or a baseline on a KPI, or of the plan: then it holds a fragment
    of the plan file, of one part or several. What is wanted stands in the fields of its kind.
    """

    class Kind(models.TextChoices):
        DATE = "date", "Date"
        WORDING = "wording", "Wording"
        WITHDRAWAL = "withdrawal", "Withdrawal"
        PAUSE = "pause", "Pause"
        RESTART = "restart", "Restart"
        LEAD = "lead", "Lead"
        TARGET = "target", "Target"
        BASELINE = "baseline", "Baseline"
        PLAN = "plan", "Plan"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DATE)
    commitment = models.ForeignKey(
        Commitment,
        on_delete=models.PROTECT,
        related_name="change_requests",
        null=True,
        blank=True,
    )
    kpi = models.ForeignKey(
        Kpi, on_delete=models.PROTECT, related_name="change_requests", null=True, blank=True
    )
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="change_requests", null=True, blank=True
    )
    # Of a plan: the parts of the fragment, in the terms of the plan file (its `format/fragment`).
    parts = models.JSONField(default=list, blank=True)
    # Whose senior responsible officers answer for it, and what was there already that it changes.
    area_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    commitment_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    key_date = models.ForeignKey(
        KeyDate, on_delete=models.PROTECT, related_name="change_requests", null=True, blank=True
    )
    # Of a KPI: the target that should change; none, where it is the baseline.
    target = models.ForeignKey(
        TargetPoint,
        on_delete=models.PROTECT,
        related_name="change_requests",
        null=True,
        blank=True,
    )
    wanted_on = models.DateField(null=True, blank=True)
    # The target or baseline as it should be, in the KPI's unit.
    wanted_value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    # The evidence of success as it should read.
    wanted_text = models.TextField(blank=True)
    # Instead of `old_lead`; beside the others where there is none.
    old_lead = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    new_lead = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    reason = models.TextField()
    update = models.ForeignKey(
        ProgressUpdate, on_delete=models.PROTECT, related_name="requests", null=True, blank=True
    )

    class Meta(Record.Meta):
        triggers = append_only(OF_COMMITMENT, OF_KPI, OF_PLAN)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="change_request_is_month", condition=month_only("wanted_on")
            ),
            models.CheckConstraint(
                name="change_request_says_what",
                condition=(Q(kind="date") & Q(wanted_on__isnull=False))
                | (Q(kind="wording") & ~Q(wanted_text=""))
                | (Q(kind="lead") & (Q(old_lead__isnull=False) | Q(new_lead__isnull=False)))
                | (Q(kind="target") & Q(target__isnull=False, wanted_value__isnull=False))
                | (Q(kind="baseline") & Q(target=None, wanted_value__isnull=False))
                | (Q(kind="plan") & ~Q(parts=[]))
                | Q(kind__in=("withdrawal", "pause", "restart")),
            ),
            models.CheckConstraint(
                name="change_request_is_on_a_commitment_kpi_or_plan",
                condition=Q(
                    kind__in=("target", "baseline"), commitment=None, kpi__isnull=False, plan=None
                )
                | Q(kind="plan", commitment=None, kpi=None, target=None, plan__isnull=False)
                | (
                    ~Q(kind__in=("target", "baseline", "plan"))
                    & Q(commitment__isnull=False, kpi=None, target=None, plan=None)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"

    @property
    def wanted(self) -> PlanDate | None:
        return plan_date(self.wanted_on)


class ChangeSupport(Record):
    """Whether the area's SRO supports what was asked."""

    request = models.OneToOneField(ChangeRequest, on_delete=models.PROTECT, related_name="support")
    is_supported = models.BooleanField()
    reason = models.TextField(blank=True)
    # The SRO for whom it was said, by who covered for them.
    stands_in_for = models.CharField(max_length=300, blank=True)

    class Meta(Record.Meta):
        triggers = append_only(answers=(ChangeRequest, "request_id"))
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
        triggers = append_only(answers=(ChangeRequest, "request_id"))

    def __str__(self) -> str:
        return self.text


class ChangeDecision(Record):
    """The answer to an ask, given in a meeting by the group or its chair.

    Without a meeting it is chair's action: between meetings, with a reason, noted at the next. Or
    an SRO's own, of a date that moves within as many weeks as the plan then left to them.
    """

    request = models.OneToOneField(ChangeRequest, on_delete=models.PROTECT, related_name="decision")
    is_agreed = models.BooleanField()
    reason = models.TextField(blank=True)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="changes_decided", null=True, blank=True
    )
    # None: the chair's.
    own_move_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    # The chair or the SRO for whom it was decided, by who covered for them.
    stands_in_for = models.CharField(max_length=300, blank=True)

    class Meta(Record.Meta):
        triggers = append_only(answers=(ChangeRequest, "request_id"))
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="change_refused_has_reason", condition=Q(is_agreed=True) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="chairs_action_has_reason",
                condition=Q(meeting__isnull=False) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="sros_own_decision_agrees_between_meetings",
                condition=Q(own_move_weeks=None)
                | Q(own_move_weeks__gt=0, meeting=None, is_agreed=True),
            ),
        ]

    def __str__(self) -> str:
        return "Agreed" if self.is_agreed else "Not agreed"

    @property
    def decided_in(self) -> str:
        """Where it was decided, as records and pages say it."""
        if self.own_move_weeks is not None:
            return SROS_OWN
        if self.meeting is None:
            return CHAIRS_ACTION
        return f"{self.meeting.body}, {self.meeting.held_on:%-d %B %Y}"


class ChangeMinute(Record):
    """Where the minutes have a decision on an ask: "item 4". An officer's record."""

    decision = models.OneToOneField(ChangeDecision, on_delete=models.PROTECT, related_name="minute")
    text = models.CharField(max_length=300)

    class Meta(Record.Meta):
        triggers = append_only(answers=(ChangeDecision, "decision_id"))

    def __str__(self) -> str:
        return self.text


class OutsideApproval(Record):
    """Whoever outside must agree has agreed, where the plan asks for that."""

    request = models.OneToOneField(ChangeRequest, on_delete=models.PROTECT, related_name="approval")
    approver = models.CharField(max_length=300)
    approved_on = models.DateField()
    reference = models.CharField(max_length=300)

    class Meta(Record.Meta):
        triggers = append_only(answers=(ChangeRequest, "request_id"))

    def __str__(self) -> str:
        return f"{self.approver}, {self.approved_on}"


class ChangeTakenBack(Record):
    """The asker no longer asks."""

    request = models.OneToOneField(
        ChangeRequest, on_delete=models.PROTECT, related_name="taken_back"
    )
    reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(answers=(ChangeRequest, "request_id"))

    def __str__(self) -> str:
        return f"Taken back: {self.reason}"


class ChangeDraft(models.Model):
    """What one person puts together to ask for in a plan, before it is sent. It goes with sending.

    The parts are those of a request; whoever asks may look at them, and nobody else.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="change_drafts"
    )
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="change_drafts")
    parts = models.JSONField(default=list)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint("user", "plan", name="change_draft_once")]

    def __str__(self) -> str:
        return f"Draft of {self.user_id} for plan {self.plan_id}"

"""What meetings decided, and that it is done."""

from django.db import models
from django.db.models import Q

from actions.models import Area, Commitment, Person, Plan
from actions.models.base import OF_PLAN, Record, append_only
from kpis.models import Kpi
from wsoa.oversight.models.about import about_one_thing_or_the_plan
from wsoa.oversight.models.meetings import Meeting
from wsoa.oversight.models.questions import Challenge


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
    kpi = models.ForeignKey(
        Kpi, on_delete=models.PROTECT, related_name="decisions", null=True, blank=True
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
                name="decision_has_one_subject", condition=about_one_thing_or_the_plan()
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
        triggers = append_only(answers=(Decision, "decision_id"))

    def __str__(self) -> str:
        return f"Done on {self.done_on}"

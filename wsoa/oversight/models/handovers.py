"""The work of somebody who leaves, passed to another in one act."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from actions.models import Area, Commitment, Person, Plan
from actions.models.base import OF_PLAN, Record, append_only
from kpis.models import Kpi
from wsoa.oversight.models.decisions import Decision


class Handover(Record):
    """All that was open with one person of a plan passes to another from a day on."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="handovers")
    leaver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="handed_over")
    successor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="taken_over")
    # The first day on which it is the successor's.
    starts_on = models.DateField()
    reason = models.TextField()
    # Whose senior responsible officers are told.
    area_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_PLAN)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="handover_to_somebody_else", condition=~Q(leaver=F("successor"))
            ),
            models.CheckConstraint(name="handover_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"From {self.leaver_id} to {self.successor_id}, {self.starts_on}"


class HandoverPart(Record):
    """One thing that passed with it: a commitment, a KPI's data, or the owner of a decision."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="parts")
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="handovers", null=True, blank=True
    )
    kpi = models.ForeignKey(
        Kpi, on_delete=models.PROTECT, related_name="handovers", null=True, blank=True
    )
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, related_name="handovers", null=True, blank=True
    )

    class Meta(Record.Meta):
        triggers = append_only(answers=(Handover, "handover_id"))
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="handover_part_is_one_thing",
                condition=Q(commitment__isnull=False, kpi=None, decision=None)
                | Q(commitment=None, kpi__isnull=False, decision=None)
                | Q(commitment=None, kpi=None, decision__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Part of handover {self.handover_id}"


class HandoverSeen(Record):
    """The senior responsible officer of an area has taken note of it."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="seen")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="handovers_seen")

    class Meta(Record.Meta):
        triggers = append_only(answers=(Handover, "handover_id"))
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint("handover", "area", name="handover_seen_once"),
        ]

    def __str__(self) -> str:
        return f"Handover {self.handover_id} seen for area {self.area_id}"

"""What inspectors found, what of a plan answers it, and what outside bodies have judged since."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from actions.models.base import OF_PLAN, Record, Withdrawable, append_only
from actions.models.people import LocalArea
from actions.models.plan import Action, Area, Commitment, Inspection, Plan


@pghistory.track()
class Finding(Withdrawable):
    """One thing that inspectors found. It belongs to their inspection, and so to every plan that
    answers that inspection; where a plan names no inspection, to the plan."""

    class Kind(models.TextChoices):
        # In the order of pages: what a plan must be written for, then the rest.
        WEAKNESS = "significant_weakness", "Significant weakness"
        PRIORITY = "priority_action", "Priority action"
        IMPROVEMENT = "area_for_improvement", "Area for improvement"
        RECOMMENDATION = "recommendation", "Recommendation"
        DEVELOPMENT = "area_for_development", "Area for development"
        STRENGTH = "strength", "Strength"

    local_area = models.ForeignKey(LocalArea, on_delete=models.PROTECT, related_name="findings")
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="findings", null=True, blank=True
    )
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="own_findings", null=True, blank=True
    )
    # Its key in files and addresses; never shown.
    code = models.CharField(max_length=80)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=30, choices=Kind)
    # As printed, within its kind: a number, a letter, or nothing.
    number = models.CharField(max_length=20, blank=True)
    # For lists, where the text is too long.
    short_title = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    # Who is to see to it, in the inspectors' words: the partnership, or some of its bodies.
    addressed_to = models.CharField(max_length=300, blank=True)
    # The page or section of the letter.
    reference = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("local_area", "code", name="finding_code_once"),
            models.CheckConstraint(
                name="finding_of_inspection_or_plan",
                condition=Q(inspection__isnull=False, plan=None)
                | Q(inspection=None, plan__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="in_the_local_area_of_its_inspection",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("local_area_id", "inspection_id", "plan_id"),  # type: ignore[no-untyped-call]
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM actions_inspection
                        WHERE id = NEW.inspection_id AND local_area_id = NEW.local_area_id
                        UNION ALL
                        SELECT 1 FROM actions_plan
                        WHERE id = NEW.plan_id AND local_area_id = NEW.local_area_id
                    ) THEN
                        RAISE EXCEPTION 'A finding is of the local area of its inspection.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return finding_name(self.kind, self.number)


def finding_name(kind: str, number: str) -> str:
    """`Significant weakness 1`, or the kind alone where no number is printed."""
    return f"{Finding.Kind(kind).label} {number}".strip()


def findings_of(plan: Plan) -> Q:
    """The findings that a plan answers or is to answer: those of its inspection and its own."""
    return Q(plan=plan) | Q(inspection=plan.inspection_id, inspection__isnull=False)


class _Answer(models.Model):
    """Part of a plan that answers a finding, at its place among the findings it answers."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        abstract = True
        ordering = ["position", "id"]


@pghistory.track()
class AreaFinding(_Answer):
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="answers")

    class Meta(_Answer.Meta):
        constraints = [models.UniqueConstraint("area", "finding", name="area_finding_once")]

    def __str__(self) -> str:
        return f"area {self.area_id} answers {self.finding_id}"


@pghistory.track()
class ActionFinding(_Answer):
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="answers")

    class Meta(_Answer.Meta):
        constraints = [models.UniqueConstraint("action", "finding", name="action_finding_once")]

    def __str__(self) -> str:
        return f"action {self.action_id} answers {self.finding_id}"


@pghistory.track()
class CommitmentFinding(_Answer):
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="answers")

    class Meta(_Answer.Meta):
        constraints = [
            models.UniqueConstraint("commitment", "finding", name="commitment_finding_once")
        ]

    def __str__(self) -> str:
        return f"commitment {self.commitment_id} answers {self.finding_id}"


class Judgement(Record):
    """What an outside body said, on a day, of a finding or of the plan as a whole.

    Inspectors on a later visit, DfE and NHS England at a review. A correction is a row of its own
    that replaces the one before.
    """

    class Verdict(models.TextChoices):
        SUFFICIENT = "sufficient", "Sufficient progress"
        NOT_SUFFICIENT = "not_sufficient", "Not sufficient progress"
        EFFECTIVE = "effective", "Effective action"
        NOT_EFFECTIVE = "not_effective", "Not effective action"
        MONITORING_ENDED = "monitoring_ended", "Formal monitoring ended"
        RATING = "rating", "Rated at a review"

    finding = models.ForeignKey(
        Finding, on_delete=models.PROTECT, related_name="judgements", null=True, blank=True
    )
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="judgements", null=True, blank=True
    )
    # What it is called beside others of the same thing: a correction has that of what it replaces.
    code = models.CharField(max_length=40)
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="judgements", null=True, blank=True
    )
    judged_by = models.CharField(max_length=300, blank=True)
    # None: the source gives no day.
    judged_on = models.DateField(null=True, blank=True)
    letter = models.CharField(max_length=300, blank=True)
    letter_on = models.DateField(null=True, blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict)
    # An adviser's colour, or the words in place of one.
    rating = models.CharField(max_length=60, blank=True)
    summary = models.TextField(blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )

    class Meta(Record.Meta):
        triggers = append_only("actions_finding WHERE id = NEW.finding_id", OF_PLAN)
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                "finding", "code", name="judgement_code_once", condition=Q(replaces=None)
            ),
            models.UniqueConstraint(
                "plan", "code", name="judgement_of_plan_once", condition=Q(replaces=None)
            ),
            models.CheckConstraint(
                name="judgement_of_finding_or_plan",
                condition=Q(finding__isnull=False, plan=None) | Q(finding=None, plan__isnull=False),
            ),
            models.CheckConstraint(
                name="judgement_has_judge", condition=Q(inspection__isnull=False) | ~Q(judged_by="")
            ),
            # An inspection judges on a day, and monitoring ends on one.
            models.CheckConstraint(
                name="judgement_has_day",
                condition=Q(judged_on__isnull=False)
                | (Q(inspection=None) & ~Q(verdict="monitoring_ended")),
            ),
            models.CheckConstraint(
                name="judgement_rating_is_said",
                condition=(Q(verdict="rating") & ~Q(rating=""))
                | (~Q(verdict="rating") & Q(rating="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.judged_on or 'not dated'}"

    @property
    def label(self) -> str:
        """What was said, in a word or two."""
        return self.rating or self.get_verdict_display()


@pghistory.track()
class Notice(Withdrawable):
    """A formal step of DfE beside a plan, with a board and a chair of its own."""

    class Kind(models.TextChoices):
        IMPROVEMENT = "improvement_notice", "Improvement notice"
        DIRECTION = "direction", "Statutory direction"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="notices")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    issued_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    board = models.CharField(max_length=300, blank=True)
    chair = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="notice_ends_after_it_begins",
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("issued_on")),
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


def answered_by(plan: Plan) -> Q:
    """The findings that parts of a plan answer, of whatever inspection.

    What was carried forward goes on answering what an earlier one found.
    """
    links = (
        AreaFinding.objects.filter(area__plan=plan),
        ActionFinding.objects.filter(action__plan=plan),
        CommitmentFinding.objects.filter(commitment__plan=plan),
    )
    of_areas, of_actions, of_commitments = (Q(pk__in=rows.values("finding")) for rows in links)
    return of_areas | of_actions | of_commitments

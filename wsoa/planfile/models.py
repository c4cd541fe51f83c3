"""What was imported: the record against which a later import sees what was edited here since."""

from django.db import models

from actions.models import Plan
from actions.models.base import Record, append_only


class PlanImport(Record):
    """One import that changed a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="imports")
    reason = models.TextField(blank=True)
    # The plan's canonical file when the import was done. What the tracker says otherwise later was
    # edited in it.
    content = models.TextField()

    class Meta(Record.Meta):
        ordering = ["id"]
        triggers = append_only("actions_plan WHERE id = NEW.plan_id")

    def __str__(self) -> str:
        return self.source

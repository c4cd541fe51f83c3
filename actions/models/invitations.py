"""Who was invited to a plan, as what, and what became of it."""

from datetime import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q

from actions.models.people import Membership


# The link is a key to the account that comes of it: its digest is of no use in history.
@pghistory.track(exclude=["token"])
class Invitation(models.Model):
    """Whoever has the mailbox may take up this part of the plan, until it expires."""

    plan = models.ForeignKey("actions.Plan", on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Membership.Role)
    area = models.ForeignKey(
        "actions.Area", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    # Whom of the plan's people the account will be of; or somebody new of this name.
    person = models.ForeignKey(
        "actions.Person", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    is_new_person = models.BooleanField(default=False)
    # A digest of what the newest link ends in.
    token = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # What the mail server said of the newest mail: nothing yet, that it took it, or that not.
    mailed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        ordering = ["-invited_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                "plan",
                "email",
                "role",
                "area",
                name="invitation_open_once",
                condition=Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.part

    @property
    def part(self) -> str:
        """What they are invited to be: `Senior responsible officer, Area 4`."""
        role = self.get_role_display()
        return f"{role}, {self.area}" if self.area else role

    def is_open(self, now: datetime) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at

"""Who: local areas, organisations, people, bodies, and who may do what on a plan."""

from datetime import date

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from actions.models.base import Withdrawable, words_index


@pghistory.track()
class LocalArea(models.Model):
    name = models.CharField(max_length=300, unique=True)

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Organisation(models.Model):
    local_area = models.ForeignKey(
        LocalArea, on_delete=models.PROTECT, related_name="organisations"
    )
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("local_area", "code", name="organisation_code_once"),
        ]
        indexes = [words_index("organisation_words", "code", "name")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Person(models.Model):
    """Somebody a plan names; perhaps with a user account, never the same thing as one."""

    local_area = models.ForeignKey(LocalArea, on_delete=models.PROTECT, related_name="people")
    name = models.CharField(max_length=300)
    job_title = models.CharField(max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="people", null=True, blank=True
    )
    also_printed_as = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    note = models.TextField(blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="people",
        null=True,
        blank=True,
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("local_area", "name", name="person_name_once"),
            models.UniqueConstraint(
                "local_area", "user", name="person_user_once", condition=Q(user__isnull=False)
            ),
        ]
        indexes = [words_index("person_words", "name", "job_title")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Body(Withdrawable):
    """A board, group, panel or committee; the audience of reports."""

    class Kind(models.TextChoices):
        STEERING_GROUP = "steering_group", "Steering group"
        WORKING_GROUP = "working_group", "Working group"
        BOARD = "board", "Board"
        PANEL = "panel", "Panel"
        COMMITTEE = "committee", "Committee"
        MANAGEMENT_TEAM = "management_team", "Management team"
        NATIONAL_BODY = "national_body", "National body"

    plan = models.ForeignKey("actions.Plan", on_delete=models.PROTECT, related_name="bodies")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=Kind)
    area = models.ForeignKey(
        "actions.Area", on_delete=models.PROTECT, related_name="bodies", null=True, blank=True
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint("plan", "name", name="body_name_once")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class BodyMember(Withdrawable):
    """One line of a list of members as printed: now and then it names two people."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="members")
    position = models.PositiveIntegerField()
    role = models.CharField(max_length=300)
    people = models.ManyToManyField(Person, related_name="body_members")
    organisations = models.ManyToManyField(Organisation, related_name="body_members", blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.role


@pghistory.track()
class BodyMemberPerson(BodyMember.people.through):  # type: ignore[name-defined, misc]
    class Meta:
        proxy = True


@pghistory.track()
class BodyMemberOrganisation(BodyMember.organisations.through):  # type: ignore[name-defined, misc]
    class Meta:
        proxy = True


@pghistory.track()
class PlanContact(Withdrawable):
    """Somebody outside whom the plan names as a contact: an adviser of DfE or of NHS England."""

    class Role(models.TextChoices):
        DFE = "dfe_adviser", "DfE adviser"
        NHSE = "nhse_adviser", "NHS England adviser"
        OTHER = "other", "Other contact"

    plan = models.ForeignKey("actions.Plan", on_delete=models.PROTECT, related_name="contacts")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    role = models.CharField(max_length=20, choices=Role)
    job_title = models.CharField(max_length=300, blank=True)
    organisation = models.CharField(max_length=300, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint("plan", "name", "role", name="plan_contact_once")]

    def __str__(self) -> str:
        return self.name


def active_on(day: date) -> Q:
    """Rows with `starts_on` and `ends_on`, either of which may be open, that hold on a day."""
    return (Q(starts_on__isnull=True) | Q(starts_on__lte=day)) & (
        Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    )


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active_on(self, day: date) -> "MembershipQuerySet":
        return self.filter(active_on(day))


@pghistory.track()
class Membership(models.Model):
    """What a user may do on a plan, for a time. Access always follows today's memberships."""

    class Role(models.TextChoices):
        PROGRAMME_OFFICER = "programme_officer", "Programme officer"
        LEAD = "lead", "Action lead"
        SRO = "sro", "Senior responsible officer"
        CHAIR = "chair", "Steering group chair"
        MEMBER = "member", "Steering group member"
        FORUM = "forum", "Forum representative"
        READER = "reader", "Report reader"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    plan = models.ForeignKey("actions.Plan", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    area = models.ForeignKey(
        "actions.Area", on_delete=models.PROTECT, related_name="memberships", null=True, blank=True
    )
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, related_name="memberships", null=True, blank=True
    )
    deputy_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="deputies", null=True, blank=True
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    # May see small numbers, under the partnership's sharing agreement, whatever the role.
    sees_small_numbers = models.BooleanField(default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "user",
                "plan",
                "role",
                "area",
                "starts_on",
                name="membership_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="membership_area_is_the_sros",
                condition=Q(role="sro", area__isnull=False) | (~Q(role="sro") & Q(area=None)),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        role = self.get_role_display()
        return f"{role}, {self.area}" if self.area else role

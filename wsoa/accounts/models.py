"""Who may sign in. What a person may do follows from memberships, in the app above."""

from __future__ import annotations

from typing import Any

import pghistory
from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.password_validation import validate_password
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.functions import Lower, Now


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The one form in which an address is stored and looked up."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=self.normalize_email(username))

    def create_user(self, email: str, name: str, password: str | None = None) -> User:
        """A user who may sign in; without a password, not before one is set."""
        return self._create(email, name, password, is_superuser=False)

    def create_superuser(self, email: str, name: str, password: str | None = None) -> User:
        """ValidationError where the password is too weak: Django's command lets it pass."""
        if password is not None:
            validate_password(password, self.model(email=email, name=name))
        return self._create(email, name, password, is_superuser=True)

    def _create(self, email: str, name: str, password: str | None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email), name=name, **extra)
        user.set_password(password)
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            # Nobody has an account who did not have the address from the programme team.
            EmailAddress(user=user, email=user.email, verified=True, primary=True).save(
                using=self._db
            )
        return user


# Never the password, even hashed: history is kept for good. Nor the sign-ins: they change nothing.
@pghistory.track(exclude=["password", "last_login", "sessions_key", "hidden_lines"])
class User(AbstractBaseUser):
    email = models.EmailField("e-mail address", max_length=254, unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField("may sign in", default=True)
    # Manages users and names a plan's first officer; sees no plan.
    is_superuser = models.BooleanField("manages users", default=False)
    date_joined = models.DateTimeField(db_default=Now(), editable=False)

    # Made anew, it ends every session begun before.
    sessions_key = models.CharField(
        max_length=32, blank=True, default="", db_default="", editable=False
    )

    # The pages whose first line the person has hidden, by the names of their views.
    hidden_lines = ArrayField(
        models.CharField(max_length=60), default=list, db_default=[], blank=True, editable=False
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_is_lower_case",
                violation_error_message="Write the e-mail address in lower case.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """What each session is held against; it has the key once there is one."""
        by_password: str = super().get_session_auth_hash()
        return f"{by_password}{self.sessions_key}"

    def clean(self) -> None:
        super().clean()
        self.email = UserManager.normalize_email(self.email)


class SignInTry(models.Model):
    """A password that was tried, for as long as it counts: see `throttling.py`."""

    # Digests: who has no account, or mistypes the address, is not to be remembered by it.
    account = models.CharField(max_length=64)
    address = models.CharField(max_length=43, blank=True)
    at = models.DateTimeField()
    succeeded = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index("account", "address", name="sign_in_try_by_account"),
            models.Index("address", "at", name="sign_in_try_by_address"),
            models.Index("succeeded", "at", name="sign_in_try_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.account[:12]} at {self.at}"


class CacheEntry(models.Model):
    """What is counted over all processes for a while, by Django's cache: how often asked for."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key

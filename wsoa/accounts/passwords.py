"""What a password must be beyond long and uncommon."""

from django.core.exceptions import ValidationError

from wsoa.accounts.models import User

LEAST_DIFFERENT = 5


class VariedPassword:
    """Refuses `aaaaaaaaaaaa`, which is long and on no list of common ones."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(set(password.casefold())) < LEAST_DIFFERENT:
            raise ValidationError(
                f"Use at least {LEAST_DIFFERENT} different letters, digits or signs.",
                code="password_of_few_letters",
            )

    def get_help_text(self) -> str:
        return f"At least {LEAST_DIFFERENT} different letters, digits or signs."

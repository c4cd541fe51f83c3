"""What a verb refuses, put at the question of the form that it concerns."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError


def show_refusal(
    form: forms.Form,
    refusal: ValidationError,
    put: Callable[[str, str], None] | None = None,
) -> None:
    """Put what a verb refuses at the question it concerns.

    A form whose questions are not named as the verb's arguments are has its own way to `put` one.
    """
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, problems in refusal.message_dict.items():
        for problem in problems:
            if put:
                put(name, problem)
            else:
                form.add_error(name if name in form.fields else None, problem)

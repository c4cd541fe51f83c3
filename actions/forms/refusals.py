"""What a verb refuses, put at the question of the form that it concerns."""

from django import forms
from django.core.exceptions import ValidationError


def show_refusal(form: forms.Form, refusal: ValidationError) -> None:
    """Put what a verb refuses at the question it concerns."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, problems in refusal.message_dict.items():
        for problem in problems:
            form.add_error(name if name in form.fields else None, problem)

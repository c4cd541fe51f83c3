"""The field of a form that takes a file of evidence."""

from typing import Any

from django import forms
from django.conf import settings

from actions.io import storage
from actions.io.storage import CheckedFile, checked_file


def what_is_kept() -> str:
    return f"{storage.ALLOWED}, up to {storage.limit_text(settings.EVIDENCE_MAX_BYTES)}"


class _SeveralInput(forms.FileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Where several files are chosen at once. Each is checked by itself, so this checks none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            help_text=f"{what_is_kept()} each; several at once.",
            widget=_SeveralInput(attrs={"accept": storage.ENDINGS, "multiple": True}),
            **options,
        )

    def clean(self, data: Any, initial: Any = None) -> None:
        return None


class CheckedFileField(forms.FileField):
    """A file whose content says what it is; its cleaned value is a `CheckedFile` or none."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault(
            "help_text",
            f"{what_is_kept()}. It is kept as you send it and never overwritten.",
        )
        # That a file is empty is said by the check, in our own words.
        super().__init__(
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"accept": storage.ENDINGS}),
            **options,
        )

    def clean(self, data: Any, initial: Any = None) -> CheckedFile | None:
        uploaded = super().clean(data, initial)
        return checked_file(uploaded) if uploaded else None

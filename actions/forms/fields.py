"""Fields of forms: plain text as people paste it, and the key of a form that is sent twice."""

import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


SHORT = 300
LONG = 5_000
# Of a place where evidence lies, and of who holds it.
LONGEST_PLACE = 500
LONGEST_NAME = 200


class PlainText(forms.CharField):
    """Text that can be shown and printed, with an error in plain words where it cannot.

    `words` is how many it may have; the browser counts them in the same way.
    """

    def __init__(self, *, rows: int = 0, words: int = 0, **options: Any) -> None:
        options.setdefault("max_length", LONG if rows else SHORT)
        options.setdefault("required", False)
        if rows:
            # No maxlength in the browser: it would cut off what somebody pastes without a word.
            options["widget"] = forms.Textarea(attrs={"rows": rows})
        super().__init__(**options)
        self.limit_words(words)
        self.error_messages["max_length"] = (
            "This is too long: %(show_value)s characters, and %(limit_value)s fit"
        )

    def limit_words(self, words: int) -> None:
        self.words = words
        if words:
            self.widget.attrs["data-max-words"] = words

    def validate(self, value: Any) -> None:
        super().validate(value)
        if self.words and (count := len(value.split())) > self.words:
            raise ValidationError(
                f"This is too long: {count} words, and {self.words} fit. "
                f"Take out {count - self.words}"
            )

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        if _CONTROL.search(text):
            raise ValidationError(
                "There is a character here that cannot be shown. Type the words again, "
                "or paste them as plain text"
            )
        return text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class SubmissionField(forms.UUIDField):
    """The key of one showing of a form, by which what is sent twice is known. Made here."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)

    def clean(self, value: Any) -> Any:
        """Nobody types it, so one that is none is as good as none."""
        try:
            return super().clean(value)
        except ValidationError:
            return None

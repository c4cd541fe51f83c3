"""The form by which an officer chooses rows of the plans before."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms


class CarryForwardForm(forms.Form):
    rows = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": "Choose at least one to bring over",
            "invalid_choice": "Choose entries of the list: one of these is here already or gone",
        },
    )

    def __init__(self, data: Any = None, *, rows: Iterable[int], **options: Any) -> None:
        super().__init__(data, **options)
        field = cast(forms.TypedMultipleChoiceField, self.fields["rows"])
        field.choices = [(row, str(row)) for row in rows]

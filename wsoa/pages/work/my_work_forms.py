"""The form that says several Greens again in one step."""

from typing import Any

from django import forms

from actions.forms.fields import PlainText, SubmissionField
from actions.progress import update_rules
from actions.rules.state import CommitmentState
from actions.wording import in_words


class NoChangeForm(forms.Form):
    """The Greens of a lead that may be said again: which of them, and any words."""

    submission = SubmissionField()

    def __init__(
        self, data: Any = None, *, rows: list[tuple[CommitmentState, str]], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.rows = rows
        for state, name in rows:
            self.fields[f"same_{state.id}"] = forms.BooleanField(
                label=f"{state.ref} {name}", required=False
            )
            must = state.no_changes_running >= update_rules.MOST_NO_CHANGES
            self.fields[f"words_{state.id}"] = PlainText(
                label=f"What happened with {state.ref}?" + ("" if must else " (optional)"),
                help_text="Nothing was said the last two times." if must else "",
                rows=2,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"same_{state.id}") for state, _ in self.rows):
            first = f"same_{self.rows[0][0].id}" if self.rows else None
            self.add_error(
                first, in_words("Choose the {commitments} that are still {Green}, with no change")
            )
        for state, _ in self.rows:
            must = state.no_changes_running >= update_rules.MOST_NO_CHANGES
            if data.get(f"same_{state.id}") and must and not data.get(f"words_{state.id}"):
                self.add_error(f"words_{state.id}", update_rules.NO_CHANGE_AGAIN)
        return data

    def chosen(self) -> list[tuple[CommitmentState, str]]:
        return [
            (state, self.cleaned_data[f"words_{state.id}"])
            for state, _ in self.rows
            if self.cleaned_data[f"same_{state.id}"]
        ]

    def refuse(self, code: str, problems: list[str]) -> None:
        """Put a refusal of the verb at the commitment it concerns."""
        field = next((f"words_{state.id}" for state, _ in self.rows if state.code == code), None)
        for problem in problems:
            self.add_error(field, problem)

    def rows_shown(self, ledger_rows: dict[int, Any]) -> list[dict[str, Any]]:
        return [
            {
                "c": ledger_rows[state.id],
                "same": self[f"same_{state.id}"],
                "words": self[f"words_{state.id}"],
            }
            for state, _ in self.rows
        ]

"""The form with which an SRO rates an area."""

from django import forms

from actions.forms.colours import colours_in_words
from actions.forms.fields import PlainText
from actions.wording import in_words_lazy


class JudgeAreaForm(forms.Form):
    brag = forms.ChoiceField(
        label=in_words_lazy("How is the {area} going?"),
        help_text=in_words_lazy("Your judgement of the {area} as a whole, as it stands today."),
        choices=colours_in_words,
        widget=forms.RadioSelect(attrs={"class": "one-on-each-line"}),
        error_messages={
            "required": "Choose a colour",
            "invalid_choice": "Choose one of the colours",
        },
    )
    reason = PlainText(
        label="Why?",
        help_text="One or two sentences. They stand beside your colour, with your name and the "
        "day.",
        rows=4,
        required=True,
        error_messages={"required": "Say why"},
    )

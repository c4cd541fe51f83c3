from django import forms


class NameForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="As it stands on papers and beside what you record.",
        error_messages={"required": "Enter your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

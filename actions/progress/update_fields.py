"""The questions of the update form: their texts, and which of them each colour opens."""

from django import forms

from actions.forms.colours import colours_to_choose
from actions.forms.date_fields import MonthBox
from actions.forms.fields import LONGEST_NAME, LONGEST_PLACE, PlainText, SubmissionField
from actions.io.file_field import SeveralFiles
from actions.models import Person, ProgressUpdate, Risk
from actions.rules.status import Rating
from actions.wording import in_words_lazy

# The questions a colour opens, beside those with answers of more than one field.
QUESTIONS_OF_COLOUR: dict[Rating, tuple[str, ...]] = {
    Rating.BLUE: (
        "evidence_title",
        "evidence_link",
        "evidence_place",
        "evidence_held_by",
        "evidence_ask_whom",
        "evidence_is_shareable",
        "changed_for_families",
    ),
    Rating.GREEN: ("late_reason",),
    Rating.AMBER: ("late_reason", "open_risk", "risk_text", "mitigation_text"),
    Rating.RED: ("open_issue", "issue_text", "help_needed"),
    Rating.GREY: ("grey_reason",),
}
IF_MOVED = ("new_month_month", "new_month_year", "move_reason")
# Every field a colour opens.
FIELDS_OF_COLOUR = QUESTIONS_OF_COLOUR | {
    Rating.RED: (*QUESTIONS_OF_COLOUR[Rating.RED], "date_move", *IF_MOVED),
    Rating.GREY: (*QUESTIONS_OF_COLOUR[Rating.GREY], "work_starts_month", "work_starts_year"),
}


class UpdateFields(forms.Form):
    """Every question that any colour may open, in the order in which they stand on the page."""

    submission = SubmissionField()
    on_behalf_of = forms.ModelChoiceField(
        label="On behalf of",
        help_text="You are recording for the lead. Both names stand in the history.",
        queryset=Person.objects.none(),
        empty_label="Choose the lead",
        error_messages={"required": "Choose whose account this is"},
    )
    source = PlainText(
        label="Source (optional)",
        help_text="For example: the form they sent on 3 May.",
    )
    brag = forms.ChoiceField(
        label="How is it going?",
        help_text=in_words_lazy(
            "Rate the {commitment} as it stands today. Dates are shown beside your colour "
            "and never change it."
        ),
        choices=colours_to_choose,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a colour",
            "invalid_choice": "Choose one of the colours",
        },
    )
    evidence_title = PlainText(
        label="What shows that it is completed?",
        help_text="The name of the paper, page or figure. Files are given below.",
    )
    evidence_link = forms.URLField(
        label="Where it can be found (optional)",
        help_text="A web address, if it has one.",
        required=False,
        max_length=1000,
        assume_scheme="https",
        error_messages={"invalid": "Give a web address, for example https://www.example.org/page"},
    )
    evidence_place = PlainText(
        label="Its place (optional)",
        help_text="A path, or the name of the system. For example SEND / Heads / 2026.",
        max_length=LONGEST_PLACE,
    )
    evidence_held_by = PlainText(label="Held by (optional)", max_length=LONGEST_NAME)
    evidence_ask_whom = PlainText(label="Ask whom for it (optional)", max_length=LONGEST_NAME)
    evidence_is_shareable = forms.BooleanField(
        label="It may be shared outside, with inspectors and families",
        help_text="Reports name it only then. If you do not tick this, people of the plan see it.",
        required=False,
    )
    changed_for_families = PlainText(label="What changed for children and families?", rows=3)
    open_risk = forms.ModelChoiceField(
        label="Which risk?",
        queryset=Risk.objects.none(),
        required=False,
        empty_label="A new one, in the box below",
    )
    open_issue = forms.ModelChoiceField(
        label="Which issue?",
        queryset=Risk.objects.none(),
        required=False,
        empty_label="A new one, in the box below",
    )
    risk_text = PlainText(
        label="What is the risk?", help_text="What may go wrong, in one or two sentences.", rows=2
    )
    mitigation_text = PlainText(label="What is being done about it? (optional)", rows=2)
    issue_text = PlainText(
        label="What is the issue?",
        help_text="One or two sentences. The steering group reads this first.",
        rows=2,
    )
    help_needed = PlainText(label="What help do you need, and from whom?", rows=2)
    date_move = forms.ChoiceField(
        label="Does the date need to move?",
        choices=[("no", "No, it stays"), ("yes", "Yes, ask to move it")],
        widget=forms.RadioSelect,
        required=False,
        initial="no",
    )
    new_month_month = MonthBox(2, "New month")
    new_month_year = MonthBox(4)
    move_reason = PlainText(label="Why does it move?", rows=2)
    work_starts_month = MonthBox(2, "Work starts")
    work_starts_year = MonthBox(4)
    late_reason = PlainText(
        label=in_words_lazy("Why {Green_or_Amber} although its date has passed?"), rows=2
    )
    grey_reason = PlainText(
        label="Why is it not due yet?",
        help_text="Only needed where one of its dates has come.",
        rows=2,
    )
    progress = PlainText(
        label="What happened?",
        help_text="Plain words; spell out abbreviations. Up to 150 words. This goes into reports.",
        rows=5,
        words=150,
        required=True,
        error_messages={"required": "Say what happened"},
    )
    evidence_files = SeveralFiles(label="Files as evidence (optional)")
    working_note = PlainText(
        label="Working note (optional)",
        help_text="For people of this plan. It does not go into reports.",
        rows=2,
    )
    based_on = forms.MultipleChoiceField(
        label="What is this based on?",
        choices=ProgressUpdate.Basis.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    forecast_month = MonthBox(2, "Expected to be done")
    forecast_year = MonthBox(4)

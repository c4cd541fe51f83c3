"""Several updates in one form: for each a colour, a line or two, and what its colour asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator

from actions.forms.date_fields import DayField
from actions.forms.fields import PlainText, SubmissionField
from actions.models import ProgressUpdate, Risk
from actions.progress.update_answers import NewRisk, UpdateAnswers
from actions.records import submissions
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from actions.wording import scale

# What a line or two can say; Blue and Grey ask for more, and have the full form.
OFFERED = (Rating.GREEN, Rating.AMBER, Rating.RED)
NO_UPDATE = ""
MOST_WORDS = 150
# As much of a colleague's words as an error repeats; all of them stand beside it.
IN_SHORT = 160
# What stands for having nothing to say.
NO_CHANGE = "No change."
# The answer that each of the verb's names is given by.
_FIELDS = {
    "brag": "colour",
    "progress": "words",
    "risk": "risk",
    "help_needed": "help",
    "late_reason": "late",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A commitment of the form: how it stands, what it is called, and its last update."""

    state: CommitmentState
    name: str
    newest: ProgressUpdate | None

    @property
    def open_risk(self) -> Risk | None:
        """What the last update named, where nobody has closed it since."""
        risk = self.newest.risk if self.newest else None
        return risk if risk and not hasattr(risk, "closing") else None


def _meanwhile(one: Standing) -> str:
    """Whose update came first, and in which words."""
    newest = one.newest
    assert newest is not None
    who = newest.by.name if newest.by else newest.source
    said = Truncator(newest.progress or NO_CHANGE).chars(IN_SHORT)
    colour = newest.word or scale().word(Rating(newest.brag))
    return (
        f"{one.state.ref}: {who} recorded {colour} meanwhile: “{said}” Your words are below. Send "
        "them on top of it, or choose “No update”"
    )


def says_nothing(words: str) -> bool:
    return words.strip().rstrip(".").casefold() == NO_CHANGE.rstrip(".").casefold()


def filled(data: QueryDict, standings: Iterable[Standing]) -> dict[str, Any]:
    """The answers, and each row that has no colour yet as it was last said, with no change.

    What was Blue, Grey or not rated stays without an answer: it has the full form.
    """
    answers: dict[str, Any] = data.dict()
    for one in standings:
        last = Rating(one.newest.brag) if one.newest else None
        if last in OFFERED and not answers.get(f"colour_{one.state.id}"):
            answers[f"colour_{one.state.id}"] = last.value
            if not answers.get(f"words_{one.state.id}"):
                answers[f"words_{one.state.id}"] = NO_CHANGE
    return answers


class SeveralForm(forms.Form):
    submission = SubmissionField()

    def __init__(self, data: Any = None, *, standings: Iterable[Standing], **options: Any) -> None:
        super().__init__(data, **options)
        self.standings = list(standings)
        colours = [rating for rating in OFFERED if scale().has(rating)]
        for one in self.standings:
            self._add(
                one, [(NO_UPDATE, "No update")] + [(c.value, scale().word(c)) for c in colours]
            )

    def _add(self, one: Standing, choices: list[tuple[str, str]]) -> None:
        state, newest, risk = one.state, one.newest, one.open_risk
        called = f"{state.ref} {one.name}".strip()

        def put(name: str, field: forms.Field) -> None:
            self.fields[f"{name}_{state.id}"] = field

        put(
            "colour",
            forms.ChoiceField(
                label=f"How is {called} going?",
                choices=choices,
                widget=forms.RadioSelect,
                required=False,
                initial=NO_UPDATE,
            ),
        )
        put("words", PlainText(label="What happened", rows=2, words=MOST_WORDS))
        put("risk", PlainText(label="Risk or issue", rows=2, initial=risk.text if risk else ""))
        put(
            "help",
            PlainText(
                label="Support needed, and from whom",
                rows=2,
                initial=newest.help_needed if newest else "",
            ),
        )
        if state.is_overdue:
            put(
                "late",
                PlainText(
                    label="Why it is late",
                    rows=2,
                    initial=newest.late_reason if newest else "",
                ),
            )
        base = forms.IntegerField(
            required=False, widget=forms.HiddenInput, initial=newest.pk if newest else None
        )
        put("base", base)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for one in self.standings:
            if self._colour(one) and not data.get(f"words_{one.state.id}"):
                self.add_error(
                    f"words_{one.state.id}", f"{one.state.ref}: say what happened, or “No change”"
                )
            if self._colour(one) and self._is_newer(one) and not self._was_made_here(one):
                self.add_error(f"words_{one.state.id}", _meanwhile(one))
        if not self.errors and not self.chosen():
            first = f"colour_{self.standings[0].state.id}" if self.standings else None
            self.add_error(first, "Choose a colour for what you want to record")
        return data

    def _colour(self, one: Standing) -> Rating | None:
        value = self.cleaned_data.get(f"colour_{one.state.id}")
        return Rating(value) if value else None

    def _is_newer(self, one: Standing) -> bool:
        """Whether an update was recorded after the form was first shown."""
        return self.base_of(one) != (one.newest.pk if one.newest else None)

    def _was_made_here(self, one: Standing) -> bool:
        """Whether this very form has recorded the newest, as where it is sent twice."""
        submission: UUID | None = self.cleaned_data.get("submission")
        return (
            one.newest is not None
            and submission is not None
            and one.newest.submission == submissions.part(submission, one.state.id)
        )

    def stand_on_newest(self) -> None:
        """Let what is sent next stand on the updates that are shown beside it now.

        Else a form that was refused because of a newer update would be refused for ever. One that
        has recorded something already is sent next as another.
        """
        data = cast(QueryDict, self.data).copy()
        if any(self._was_made_here(one) for one in self.standings):
            data["submission"] = str(uuid4())
        for one in self.standings:
            data[f"base_{one.state.id}"] = str(one.newest.pk) if one.newest else ""
        self.data = data

    def chosen(self) -> list[Standing]:
        """Those that get an update."""
        return [one for one in self.standings if self._colour(one)]

    def answers(self, one: Standing) -> UpdateAnswers:
        """Only what the chosen colour asks for is read."""

        def said(name: str) -> str:
            return str(self.cleaned_data.get(f"{name}_{one.state.id}") or "")

        colour = self._colour(one)
        assert colour is not None
        asks_risk = colour in (Rating.AMBER, Rating.RED)
        words = said("words")
        # Counted, so that the third time in a row something is said.
        is_same = says_nothing(words) and colour is Rating.GREEN is one.state.rating
        return UpdateAnswers(
            brag=colour,
            progress="" if is_same else words,
            is_no_change=is_same,
            working_note=self.working_note(),
            risk=self._risk(one, said("risk")) if asks_risk and said("risk") else None,
            help_needed=said("help") if colour is Rating.RED else "",
            late_reason=said("late") if colour is not Rating.RED else "",
        )

    def _risk(self, one: Standing, words: str) -> NewRisk:
        """With the mitigation of the open one where its words were left as they are.

        In words, never as the record: what is sent again reads the same after it was recorded.
        """
        risk = one.open_risk
        return NewRisk(words, risk.mitigation if risk and risk.text == words else "")

    def base_of(self, one: Standing) -> int | None:
        base: int | None = self.cleaned_data.get(f"base_{one.state.id}")
        return base

    def working_note(self) -> str:
        return ""

    def refuse(self, place: str, problems: Iterable[str]) -> None:
        """Put what the verb refuses at the answer it concerns, with the row's reference."""
        code, _, name = place.partition(" ")
        one = next((one for one in self.standings if one.state.code == code), None)
        field = f"{_FIELDS.get(name, 'words')}_{one.state.id}" if one else None
        for problem in problems:
            words = f"{one.state.ref}: {problem[:1].lower()}{problem[1:]}" if one else problem
            self.add_error(field if field in self.fields else None, words)

    def rows_shown(self, ledger_rows: Mapping[int, Any]) -> list[dict[str, Any]]:
        return [
            {
                "c": ledger_rows[one.state.id],
                "last": one.newest,
                "rating": Rating(one.newest.brag) if one.newest else None,
                **{
                    name: self[f"{name}_{one.state.id}"]
                    for name in ("colour", "words", "risk", "help", "late", "base")
                    if f"{name}_{one.state.id}" in self.fields
                },
            }
            for one in self.standings
        ]

    def summary(self) -> list[dict[str, Any]]:
        """What will be recorded, in the form's order, for the page that checks it."""
        shown = []
        for one in self.chosen():
            answers = self.answers(one)
            risk = answers.risk
            facts = [
                ("Issue" if answers.brag is Rating.RED else "Risk", risk.text if risk else ""),
                ("Support needed", answers.help_needed),
                ("Why it is late", answers.late_reason),
            ]
            shown.append(
                {
                    "ref": one.state.ref,
                    "name": one.name,
                    "rating": answers.brag,
                    "words": answers.progress or NO_CHANGE,
                    "facts": [(label, words) for label, words in facts if words],
                }
            )
        return shown


SOURCES = [("E-mail", "E-mail"), ("Call", "Call"), ("Meeting", "Meeting"), ("Paper", "Paper")]


class ToldForm(SeveralForm):
    """The same by the programme team, of what somebody told them: how, when, and the message."""

    how = forms.ChoiceField(
        label="How they told you",
        choices=SOURCES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how they told you"},
    )
    told_on = DayField(
        label="On which day",
        required=True,
        error_messages={"required": "Give the day on which they told you"},
    )
    message = PlainText(
        label="The message (optional)",
        help_text="Pasted or in your words. It stands with each update, for the people of this plan"
        " alone, and goes into no report.",
        rows=3,
    )

    def __init__(self, data: Any = None, *, today: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.today = today

    def clean_told_on(self) -> date:
        told_on: date = self.cleaned_data["told_on"]
        if told_on > self.today:
            raise forms.ValidationError("The day must not be in the future")
        return told_on

    def working_note(self) -> str:
        return str(self.cleaned_data.get("message") or "")

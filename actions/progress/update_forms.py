"""The update form: the shape of what people send. Whether it may be recorded is for the verb."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from actions.forms.colours import chosen, colours_in_words, value_of
from actions.forms.date_fields import DayField, month_of_boxes, this_year
from actions.forms.fields import PlainText
from actions.models import Evidence, ProgressUpdate, Risk
from actions.pages.formatting import short_day
from actions.progress import update_rules
from actions.progress.update_answers import (
    DateRequest,
    NewEvidence,
    NewMark,
    NewRisk,
    UpdateAnswers,
)
from actions.progress.update_fields import (
    FIELDS_OF_COLOUR,
    IF_MOVED,
    QUESTIONS_OF_COLOUR,
    UpdateFields,
)
from actions.rules.dates import PlanDate
from actions.rules.state import CommitmentState
from actions.rules.status import DateKind, DateState, Rating
from actions.wording import in_words

TAKE_BACK = "take_back"


class ProgressUpdateForm(UpdateFields):
    """One account of a commitment. Only the questions of the chosen colour are read."""

    def __init__(
        self,
        data: Any = None,
        *,
        state: CommitmentState,
        has_evidence: bool,
        has_files: bool = False,
        returned: update_rules.ReturnedBlue | None = None,
        may_take_back: bool = False,
        on_behalf_choices: Any = None,
        previous_on: str = "",
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.state = state
        # On record, or given with the draft.
        self.has_evidence = has_evidence or has_files
        # What came with the draft since a Blue was returned is new.
        self.returned = None if has_files else returned
        # The open request for its date, where the author may take it back.
        self.open_move = update_rules.open_move(state) if may_take_back else None
        if on_behalf_choices is None:
            del self.fields["on_behalf_of"], self.fields["source"]
        else:
            whose = cast(forms.ModelChoiceField[Any], self.fields["on_behalf_of"])
            whose.queryset = on_behalf_choices
        self._ask_of_dates()
        self._name_open_risks()
        if previous_on:
            self.fields["progress"].label = f"What happened since {previous_on}?"
        if state.completion:
            cast(forms.ChoiceField, self.fields["date_move"]).choices = self._moves(
                state.completion.now
            )
        if returned and has_files is False:
            on = short_day(returned.on)
            self.fields["changed_for_families"].help_text = in_words(
                "{Blue} was returned on " + on + ". Say what is new since, or add evidence: "
                "without either it cannot be proposed again."
            )

    def _moves(self, agreed: PlanDate) -> list[tuple[str, str]]:
        if self.open_move is None or self.open_move.wanted is None:
            return [("no", f"No, it stays {agreed}"), ("yes", "Yes, ask to move it")]
        return [
            ("no", f"Keep the open request for {self.open_move.wanted}"),
            ("yes", "Replace it with a request for another month"),
            (TAKE_BACK, f"Take it back: the date stays {agreed}"),
        ]

    def _ask_of_dates(self) -> None:
        """A question for each date that has come and nobody has marked."""
        self.dates_that_have_come: list[DateState] = [
            row
            for row in self.state.dates
            if row.now.first_day <= self.state.on
            and row.met_on is None
            and row.delivered_on is None
            and row.kind is not DateKind.START
        ]
        for row in self.dates_that_have_come:
            what = "delivered" if row is self.state.completion else "met"
            self.fields[f"met_{row.id}"] = DayField(
                label=f"{row.kind.label}, {row.now.in_sentence}: the day it was {what}",
                help_text=this_year("Leave it empty if it was not. For example 31/1/YYYY."),
            )
        if not self.state.is_overdue:
            del self.fields["late_reason"]
        elif self.state.completion:
            why = in_words("Why {Green_or_Amber} although")
            self.fields[
                "late_reason"
            ].label = f"{why} {self.state.completion.now.in_sentence} has passed?"

    def _name_open_risks(self) -> None:
        """Risks stay open until they are closed: they are named again, not typed again."""
        still_open = Risk.objects.filter(commitment=self.state.id, closing=None).order_by("-id")
        for name, kind in (("open_risk", Risk.Kind.RISK), ("open_issue", Risk.Kind.ISSUE)):
            field = cast(forms.ModelChoiceField[Any], self.fields[name])
            field.queryset = still_open.filter(kind=kind)
            newest = field.queryset.first()
            if newest is None:
                del self.fields[name]
            else:
                self._ask_of_another(kind)
                if not self.is_bound:
                    self.initial.setdefault(name, newest.pk)

    def _ask_of_another(self, kind: str) -> None:
        """One that is open stands as it is; the box is for another."""
        text = self.fields["issue_text" if kind == Risk.Kind.ISSUE else "risk_text"]
        noun = "issue" if kind == Risk.Kind.ISSUE else "risk"
        text.label = f"Another {noun} (optional)"
        text.help_text = f"Leave it empty where the {noun} above still stands as it is."

    @property
    def date_fields(self) -> list[forms.BoundField]:
        return [self[f"met_{row.id}"] for row in self.dates_that_have_come]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._clear_irrelevant(data)
        self._month("forecast")
        data["marks"] = [
            NewMark(row.id, day)
            for row in self.dates_that_have_come
            if (day := data.get(f"met_{row.id}"))
        ]
        self._refuse_all(update_rules.mark_problems(data["marks"], self.state, self.state.on))
        if data.get("brag"):
            self._check_colour(Rating(data["brag"]), data)
        if data.get("evidence_link") and data.get("evidence_place"):
            self.add_error("evidence_place", "Give a web address or a place, not both")
        return data

    def clean_brag(self) -> str:
        """The rating; the word as written stands beside it."""
        rating, word = chosen(self.cleaned_data["brag"])
        self.cleaned_data["word"] = word
        return rating.value

    def _clear_irrelevant(self, data: dict[str, Any]) -> None:
        """Forget what stands in questions that the chosen colour does not ask.

        They are not on the page, so nobody could put right what is wrong in them.
        """
        relevant = set(FIELDS_OF_COLOUR[Rating(data["brag"])]) if data.get("brag") else set()
        if data.get("date_move") != "yes":
            relevant.difference_update(IF_MOVED)
        for name in set().union(*FIELDS_OF_COLOUR.values()) - relevant:
            data.pop(name, None)
            self.errors.pop(name, None)

    def _check_colour(self, brag: Rating, data: dict[str, Any]) -> None:
        data["work_starts"] = self._month("work_starts") if brag is Rating.GREY else None
        data["date_request"] = self._date_request(data)
        answers = self.answers()
        problems = update_rules.colour_problems(
            answers,
            self.state,
            self.state.on,
            # What a correction starts from is a title on the page, and no new evidence.
            has_evidence=self.has_evidence or bool(data.get("evidence_title")),
            returned=self.returned,
        )
        if answers.date_request:
            problems |= update_rules.date_request_problems(answers.date_request, self.state)
        self._refuse_all(problems)

    def _date_request(self, data: dict[str, Any]) -> DateRequest | None:
        if data.get("date_move") != "yes":
            return None
        wanted = self._month("new_month")
        if wanted:
            replaces = self.open_move.id if self.open_move else None
            return DateRequest(wanted, data.get("move_reason", ""), replaces)
        if "new_month_month" not in self.errors:
            self.add_error("new_month_month", "Give the month it should move to")
        return None

    def _month(self, name: str) -> PlanDate | None:
        month, year = (self.cleaned_data.get(f"{name}_{part}") or "" for part in ("month", "year"))
        try:
            chosen_month = month_of_boxes(month, year)
        except ValidationError as refusal:
            self.add_error(f"{name}_month", refusal)
            return None
        self.cleaned_data[name] = chosen_month
        return chosen_month

    def _refuse_all(self, problems: dict[str, str]) -> None:
        for name, message in problems.items():
            self.refuse(name, message)

    def refuse(self, name: str, message: str) -> None:
        """Put a refusal of the verb at the question it concerns."""
        red = self.cleaned_data.get("brag") == Rating.RED
        place = {
            "risk": "issue_text" if red else "risk_text",
            "evidence": "evidence_title",
            "file": "evidence_files",
            "work_starts": "work_starts_month",
            "new_month": "new_month_month",
        }.get(name, name)
        field = place if place in self.fields else None
        if field and field in self.errors:
            return
        self.add_error(field, message)

    def arguments(self) -> dict[str, Any]:
        """What `updates.record_update` takes of the form: the answers, and whose they are."""
        data = self.cleaned_data
        return {
            "answers": self.answers(),
            "on_behalf_of": data.get("on_behalf_of"),
            "source": data.get("source", ""),
            "submission": data.get("submission"),
        }

    def answers(self) -> UpdateAnswers:
        """The answers to the questions of the chosen colour; of a form in error, those given."""
        data = self.cleaned_data
        return UpdateAnswers(
            brag=Rating(data["brag"]),
            word=data["word"],
            progress=data.get("progress", ""),
            working_note=data.get("working_note", ""),
            based_on=data.get("based_on", ()),
            forecast=data.get("forecast"),
            risk=self._risk(data),
            help_needed=data.get("help_needed", ""),
            late_reason=data.get("late_reason", ""),
            marks=data["marks"],
            evidence=self._new_evidence(data),
            changed_for_families=data.get("changed_for_families", ""),
            work_starts=data["work_starts"],
            grey_reason=data.get("grey_reason", ""),
            date_request=data["date_request"],
            takes_back=self.open_move.id
            if self.open_move and data.get("date_move") == TAKE_BACK
            else None,
        )

    def _risk(self, data: dict[str, Any]) -> NewRisk | Risk | None:
        """The risk or issue the colour names: a new one where words stand, else an open one."""
        if text := data.get("risk_text") or data.get("issue_text"):
            return NewRisk(text, data.get("mitigation_text", ""))
        return data.get("open_risk") or data.get("open_issue")

    def _new_evidence(self, data: dict[str, Any]) -> NewEvidence | None:
        """What stood there when the form was opened is on record already."""
        title = data.get("evidence_title")
        if not title or title == self.initial.get("evidence_title"):
            return None
        place = data.get("evidence_place", "")
        return NewEvidence(
            title,
            data.get("evidence_link", ""),
            data["evidence_is_shareable"],
            place=place,
            held_by=data.get("evidence_held_by", "") if place else "",
            ask_whom=data.get("evidence_ask_whom", "") if place else "",
        )

    def shown_answers(self) -> list[tuple[str, str]]:
        """The answers that count, as the name of their field and in words.

        Of a form that is not right yet, those that are.
        """
        data = self.cleaned_data
        questions = QUESTIONS_OF_COLOUR[Rating(data["brag"])] if data.get("brag") else ()
        names = ["on_behalf_of", "source", "brag", *questions, "progress", "based_on"]
        shown = [
            (name, text)
            for name in names
            if name in self.fields and (text := self._answer_text(name, data.get(name)))
        ]
        if request := data.get("date_request"):
            shown.append(("new_month_month", f"{request.wanted}: {request.reason}"))
        elif self.open_move and data.get("date_move") == TAKE_BACK:
            shown.append(("date_move", f"The request for {self.open_move.wanted} is taken back"))
        if starts := data.get("work_starts"):
            shown.append(("work_starts_month", str(starts)))
        shown.extend(
            (f"met_{mark.key_date}", f"{mark.on.day} {PlanDate.month_of(mark.on)}")
            for mark in data["marks"]
        )
        if forecast := data.get("forecast"):
            shown.append(("forecast_month", str(forecast)))
        if note := data.get("working_note"):
            shown.append(("working_note", note))
        return shown

    def _answer_text(self, name: str, value: Any) -> str:
        if not value:
            return ""
        if name == "brag":
            return dict(colours_in_words())[value_of(value, self.cleaned_data["word"])]
        if value is True:
            return "Yes"
        if name == "based_on":
            return ", ".join(ProgressUpdate.Basis(basis).label for basis in value)
        if name == "open_risk" and self.cleaned_data.get("risk_text"):
            return ""
        if name == "open_issue" and self.cleaned_data.get("issue_text"):
            return ""
        return str(value)


class CorrectionForm(ProgressUpdateForm):
    correction_reason = PlainText(
        label="What was wrong?",
        help_text="This stands beside the correction for everyone of this plan.",
        rows=2,
        required=True,
        error_messages={"required": "Say what was wrong"},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # A correction has no draft that could keep files; they have a page of their own.
        del self.fields["evidence_files"]
        # What came from a file, or before there was a limit, need not be cut for a correction.
        progress = cast(PlainText, self.fields["progress"])
        progress.limit_words(max(progress.words, len(self.initial["progress"].split())))

    def arguments(self) -> dict[str, Any]:
        return {
            **super().arguments(),
            "correction_reason": self.cleaned_data["correction_reason"],
        }


def carried_on(update: ProgressUpdate) -> dict[str, Any]:
    """What of the last update stands until somebody says otherwise: edited, not typed again."""
    is_red = update.brag == Rating.RED
    return {
        "help_needed": update.help_needed if is_red else "",
        "changed_for_families": update.changed_for_families,
        "late_reason": update.late_reason,
    }


def said_before(update: ProgressUpdate) -> dict[str, Any]:
    """An update's answers, for a form that starts from them."""
    risk = update.risk
    is_issue = risk is not None and risk.kind == Risk.Kind.ISSUE
    evidence = Evidence.objects.filter(update=update, digest="").first()
    return {
        "brag": value_of(update.brag, update.word),
        "progress": update.progress,
        "working_note": update.working_note,
        "based_on": update.based_on,
        "open_issue": risk.pk if risk and is_issue else None,
        "open_risk": risk.pk if risk and not is_issue else None,
        "late_reason": update.late_reason,
        "help_needed": update.help_needed,
        "changed_for_families": update.changed_for_families,
        "grey_reason": update.grey_reason,
        "on_behalf_of": update.on_behalf_of_id,
        "source": update.source,
        "evidence_title": evidence.title if evidence else "",
        "evidence_link": evidence.link if evidence else "",
        "evidence_place": evidence.place if evidence else "",
        "evidence_held_by": evidence.held_by if evidence else "",
        "evidence_ask_whom": evidence.ask_whom if evidence else "",
        "evidence_is_shareable": evidence is not None
        and evidence.visibility == Evidence.Visibility.SHAREABLE,
        **_boxes("forecast", update.forecast),
        **_boxes("work_starts", update.work_starts),
    }


def _boxes(name: str, when: PlanDate | None) -> dict[str, Any]:
    if when is None:
        return {}
    return {f"{name}_month": when.first_day.month, f"{name}_year": when.first_day.year}

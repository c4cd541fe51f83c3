"""Recording the storylines, each entry by the account whose job it is and on a working day."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from actions.models import AreaOfficer, Commitment, KeyDate, Person, Plan, Risk
from actions.models.base import SAMPLE_SOURCE
from actions.plan import amendments
from actions.progress import updates
from actions.progress.risks import close_risk
from actions.progress.update_answers import (
    DateRequest,
    NewEvidence,
    NewMark,
    NewRisk,
    UpdateAnswers,
)
from actions.records.history import load_history
from actions.rules.dates import LONDON, PlanDate
from actions.rules.state import CommitmentState, state_at
from actions.rules.status import Rating
from wsoa.accounts.models import User
from wsoa.demo.known_figures import KnownFigures
from wsoa.demo.storylines import Entry, Storyline, storylines
from wsoa.demo.working_days import WorkingDays

DECIDED_BY = "SEND and Inclusion Steering Group"
_BASIS = {
    Rating.BLUE: ["contract_or_minutes", "families"],
    Rating.RED: ["contract_or_minutes"],
}


def tell(plan: Plan, figures: KnownFigures, today: date) -> None:
    """Record all that is written of the plan, up to the day before today."""
    teller = _Teller(plan, figures, today)
    history = load_history([plan], today)
    states = {state.ref: state for state in state_at(history, today)[plan.pk].commitments}
    commitments = Commitment.objects.select_related("plan").filter(plan=plan).in_bulk()
    for ref, storyline in storylines().items():
        teller.tell(commitments[states[ref].id], states[ref], storyline)


class _Teller:
    def __init__(self, plan: Plan, figures: KnownFigures, today: date) -> None:
        self.plan = plan
        self.today = today
        self.days = WorkingDays(plan.starts_on.year - 1, today)
        self.figures = figures
        self.sros = dict(
            AreaOfficer.objects.filter(area__plan=plan).values_list("area_id", "person__user_id")
        )
        self.users = {user.pk: user for user in User.objects.all()}
        self.people = Person.objects.in_bulk()
        self.officer = User.objects.get(email="officer@sample.example")
        self.chair = User.objects.get(email="chair@sample.example")

    def tell(self, commitment: Commitment, state: CommitmentState, storyline: Storyline) -> None:
        for turn, entry in enumerate(storyline.entries):
            moment = self.days.for_update(
                self._month(entry.month).first_day, f"{storyline.ref}.{entry.month}"
            )
            if moment is None:
                continue
            try:
                self._tell_month(commitment, state, entry, moment, turn, storyline.source)
            except (ValidationError, LookupError) as refusal:
                refusal.add_note(f"{storyline.ref}, month {entry.month}")
                raise

    def _tell_month(
        self,
        commitment: Commitment,
        state: CommitmentState,
        entry: Entry,
        moment: datetime,
        turn: int,
        source: str,
    ) -> None:
        if entry.moved:
            self._move(commitment, state, entry, moment)
        if entry.rating:
            self._say(commitment, state, entry, moment, turn, source)
        if entry.over:
            self._close_risks(commitment, entry, moment)

    def _month(self, number: int) -> PlanDate:
        return self.plan.starts.plus_months(number)

    def _say(
        self,
        commitment: Commitment,
        state: CommitmentState,
        entry: Entry,
        moment: datetime,
        turn: int,
        source: str,
    ) -> None:
        leads = [lead for lead in state.leads if lead.user or entry.via]
        lead = leads[turn % len(leads)]
        person = self.people[lead.person] if entry.via else None
        by = self.officer if entry.via else self.users[lead.user or 0]
        sent: dict[str, Any] = {
            "commitment": commitment,
            "by": by,
            "on_behalf_of": person,
            "source": ", ".join(filter(None, (SAMPLE_SOURCE, entry.via or source))),
        }
        answers = self._answers(commitment, entry, moment)
        update = updates.record_update(**sent, answers=answers, effective_at=moment)
        if right := entry.corrected:
            updates.record_update(
                **sent,
                answers=replace(self._answers(commitment, right, moment), marks=()),
                corrects=update,
                correction_reason=right.because,
            )
        if entry.answer:
            sro = self.users[self.sros[state.area]]
            may_answer = sro != by and not state.is_led_by(sro.pk)
            updates.answer_blue(
                update=update,
                by=sro if may_answer else self.chair,
                is_confirmed=entry.answer == "confirm",
                reason="" if entry.answer == "confirm" else entry.answer,
                effective_at=self._answered_at(moment),
                source=SAMPLE_SOURCE,
            )

    def _answered_at(self, moment: datetime) -> datetime:
        """Four days later or on the next working day; at once where that has not come."""
        day = self.days.on_or_after(moment.date() + timedelta(days=4))
        if day >= self.today:
            return moment + timedelta(minutes=40)
        return datetime.combine(day, time(15, moment.minute), tzinfo=LONDON)

    def _answers(self, commitment: Commitment, entry: Entry, moment: datetime) -> UpdateAnswers:
        rating = entry.rating
        assert rating is not None
        wanted = self._month_or_none(entry.wanted) if entry.because else None
        return UpdateAnswers(
            brag=rating,
            progress=self._filled(entry.text, entry, moment),
            is_no_change=entry.no_change,
            based_on=list(entry.based_on) or _BASIS.get(rating, []),
            risk=self._risk(entry, moment),
            help_needed=self._filled(entry.help, entry, moment),
            late_reason=self._filled(entry.late, entry, moment)
            if rating in (Rating.GREEN, Rating.AMBER)
            else "",
            forecast=self._month_or_none(entry.forecast),
            marks=[
                NewMark(self._key_date(commitment, month), moment.date()) for month in entry.met
            ],
            evidence=NewEvidence(entry.evidence, is_shareable=True) if entry.evidence else None,
            changed_for_families=self._filled(entry.families, entry, moment),
            work_starts=self._month_or_none(entry.starts),
            grey_reason=self._filled(entry.not_yet, entry, moment),
            date_request=DateRequest(wanted, self._filled(entry.because, entry, moment))
            if wanted
            else None,
        )

    def _risk(self, entry: Entry, moment: datetime) -> NewRisk | None:
        if not entry.risk:
            return None
        return NewRisk(
            self._filled(entry.risk, entry, moment), self._filled(entry.mitigation, entry, moment)
        )

    def _filled(self, text: str, entry: Entry, moment: datetime) -> str:
        return self.figures.filled(text, entry.month, moment)

    def _month_or_none(self, number: int | None) -> PlanDate | None:
        return None if number is None else self._month(number)

    def _key_date(self, commitment: Commitment, month: int) -> int:
        """The date in force that falls in this month of the plan; the completion date first."""
        wanted = self._month(month)
        found = [
            row
            for row in KeyDate.objects.filter(commitment=commitment, replaced_by=None)
            if row.when == wanted and row.kind != "start"
        ]
        return min(found, key=lambda row: row.kind != "completion").pk

    def _move(
        self, commitment: Commitment, state: CommitmentState, entry: Entry, moment: datetime
    ) -> None:
        lead = self.people[state.leads[0].person]
        amendments.move_date(
            key_date=KeyDate.objects.get(
                commitment=commitment, kind="completion", replaced_by__isnull=True
            ),
            to=self._month(entry.moved["to"]),
            reason=self._filled(entry.moved["reason"], entry, moment),
            by=self.chair,
            asked_by=lead.name,
            decided_by=DECIDED_BY,
            effective_at=moment.replace(hour=9, minute=30),
            source=SAMPLE_SOURCE,
        )

    def _close_risks(self, commitment: Commitment, entry: Entry, moment: datetime) -> None:
        """Those that are named no longer."""
        named = self._risk(entry, moment)
        is_named = Q(text=named.text) if named else Q(pk=None)
        for risk in Risk.objects.filter(commitment=commitment, closing=None).exclude(is_named):
            assert risk.by
            close_risk(
                risk=risk,
                by=risk.by,
                reason=self._filled(entry.over, entry, moment),
                effective_at=moment,
                source=SAMPLE_SOURCE,
            )

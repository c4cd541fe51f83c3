"""Random histories of a plan, made through the verbs, with a log of what was said in them.

The log is written from what was asked of a verb and the clocks of the rows it made, never from what
the product makes of them. What a verb refuses is not in it. Where a verb speaks of today alone (a
withdrawal, a decision on an ask), some rows are written as an imported past has them.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from string import ascii_lowercase
from typing import Any

import holidays
from django.core.exceptions import ValidationError
from django.utils import timezone

from actions import memberships
from actions.models import (
    Commitment,
    DateMark,
    KeyDate,
    Pause,
    Plan,
    ProgressUpdate,
    Withdrawal,
)
from actions.models.base import date_columns
from actions.plan.amendments import (
    move_date,
    pause_commitment,
    reinstate_commitment,
    withdraw_commitment,
)
from actions.plan.closing.closing import Becomes, close_plan, open_commitments
from actions.progress.update_answers import DateRequest, NewEvidence, NewMark, NewRisk
from actions.progress.updates import answer_blue, mark_date
from actions.rules.dates import PlanDate
from actions.rules.status import AtClosing, Outcome
from kpis.models import Kpi, Measurement, Rebase
from kpis.recording.measurements import Entry, Refused, check_figure, record_figures
from kpis.recording.rebases import record_rebase, withdraw_rebase
from kpis.rules.facts import Status
from kpis.rules.validation import Given, period_of
from tests.factories import (
    Role,
    make_action,
    make_area,
    make_commitment,
    make_cycle,
    make_kpi,
    make_meeting,
    make_plan,
    make_target,
    make_update,
    make_user,
)
from tests.oracle import model
from tests.oracle.model import LONDON, Said, When, month_end, months_on
from wsoa.oversight.changes import change_requests
from wsoa.oversight.models import Challenge, ChangeDecision, ChangeRequest
from wsoa.oversight.questions import questions

BRAGS = ("green", "green", "green", "amber", "amber", "red", "red", "grey", "grey", "blue", "blue")
KINDS = ("interim", "interim", "baseline", "follow_up", "launch", "evaluation", "start")
DAY = timedelta(days=1)


def _plan_date(when: When) -> PlanDate:
    return PlanDate.of_day(when.first) if when.is_day else PlanDate(when.first)


class Story:
    """One plan, what was said of it, and the days worth asking about."""

    def __init__(self, seed: int, *, commitments: int = 10, events: int = 90) -> None:
        self.seed, self.random = seed, Random(seed)
        self.today = timezone.localdate()
        self.said: list[Said] = []
        self.refused: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.days: set[date] = set()
        self._begin(commitments)
        moments = sorted(self._moment() for _ in range(events))
        # Drawn apart, so that what else is said does not depend on what is paused.
        self.pausing = Random(f"pauses of {seed}")
        self.known_halfway: datetime | None = None
        for place, moment in enumerate(moments):
            # Now and then an older thing is entered later, from paper.
            late = self.random.random() < 0.1
            self._one(self._moment() if late else moment)
            if self.pausing.random() < 0.06:
                self._pause_or_restart(self.pausing.choice(self.rows), moment)
            if place == events // 2:
                self.known_halfway = self._database_now()
        for _ in range(self.random.randrange(12)):
            self._one_of_today()
        if self.random.random() < 0.3:
            self._close()
        self.known_at = self._database_now()

    def truth(self, known_at: datetime | None = None) -> model.Model:
        assert self.plan.agreed_on
        assert self.plan.tracked_from
        plan = model.Plan(
            agreed_on=self.plan.agreed_on,
            tracked_from=self.plan.tracked_from,
            starts_on=self.plan.starts_on,
            closed_on=self.plan.closed_on,
            holidays=frozenset(
                holidays.country_holidays(
                    "GB", subdiv="ENG", years=range(self.today.year - 4, self.today.year + 3)
                )
            ),
            papers=self.papers,
            **self.weeks,
        )
        return model.Model(plan, self.commitments, self.measures, self.said, known_at)

    # --- The plan -------------------------------------------------------------------------------

    def _begin(self, count: int) -> None:
        random = self.random
        self.officer, self.lead, self.chair, self.sro = (
            make_user(name) for name in ("Ola", "Lea", "Cha", "Sam")
        )
        begun = self.today - timedelta(days=random.randrange(200, 420))
        tracked = random.choice((begun, begun.replace(day=1)))
        agreed = tracked - timedelta(days=random.choice((0, 5, 40)))
        self.first = min(tracked, agreed)
        before_papers = random.random() < 0.3
        self.plan = make_plan(
            state=Plan.State.DRAFT,
            starts_on=agreed.replace(day=1),
            ends_on=None,
            agreed_on=agreed,
            tracked_from=tracked,
        )
        if before_papers:
            make_cycle(self.plan, self.plan.starts_on, is_before_papers=True)
        self.weeks: dict[str, Any] = {}
        # Drawn apart, so that what is said does not depend on when it is asked for.
        apart = Random(f"weeks of {self.seed}")
        if not before_papers and apart.random() < 0.6:
            starts_on = tracked + timedelta(days=apart.randrange(150))
            self._ask_by_weeks(starts_on, apart.choice((1, 3, 6)), apart.choice((0, 5, 10)))
        area = make_area(self.plan, 1)
        memberships.grant(user=self.officer, plan=self.plan, role=Role.PROGRAMME_OFFICER)
        memberships.grant(user=self.lead, plan=self.plan, role=Role.LEAD)
        memberships.grant(user=self.chair, plan=self.plan, role=Role.CHAIR)
        memberships.grant(user=self.sro, plan=self.plan, role=Role.SRO, area=area)
        self.meetings = [make_meeting(self.plan, days=-days) for days in range(10, 250, 60)]
        self.papers = tuple(one.papers_due_on for one in self.meetings) if before_papers else ()
        action = make_action(area, "1.1.1")
        self.rows: list[Commitment] = []
        self.commitments: list[model.Commitment] = []
        for letter in ascii_lowercase[:count]:
            at_start = self._at(agreed, time(0))
            added = at_start if random.random() < 0.8 else self._moment()
            row = make_commitment(action, letter, added_at=added)
            self.rows.append(row)
            self.commitments.append(model.Commitment(row.pk, row.ref, added))
            for place in range(random.choice((0, 1, 1, 1, 2))):
                self._add_date(row, "completion", added, place)
            for place in range(random.choice((0, 0, 1, 2))):
                self._add_date(row, random.choice(KINDS), added, place + 5)
        if random.random() < 0.2:
            self._withdraw_or_back(random.choice(self.rows), None)
        self.plan.state = Plan.State.AGREED
        self.plan.save(update_fields=["state"])
        self._measure()
        self.days |= {self.first, tracked, self.today}

    def _ask_by_weeks(self, starts_on: date, weeks: int, grace: int) -> None:
        make_cycle(self.plan, starts_on, "weeks", weeks=weeks, grace_days=grace)
        self.weeks = {"weeks": weeks, "weeks_from": starts_on, "weeks_grace": grace}
        self.days |= {starts_on, starts_on + timedelta(weeks=weeks)}

    def _add_date(self, row: Commitment, kind: str, added: datetime, place: int) -> None:
        when = self._when()
        key_date = KeyDate.objects.create(
            commitment=row,
            kind=kind,
            **date_columns(_plan_date(when)),
            position=place,
            effective_at=added,
            source="plan as agreed",
        )
        self._say("date", key_date, row.pk, kind=kind, when=when)

    def _when(self) -> When:
        """A month, or a day, from a little before the plan to a little after today."""
        days = (self.today - self.first).days
        day = self.first + timedelta(days=self.random.randrange(-40, days + 90))
        when = When(day, True) if self.random.random() < 0.3 else When(day.replace(day=1))
        self.days |= {when.last, when.last + DAY}
        return when

    def _measure(self) -> None:
        self.measures: list[model.Measure] = []
        self.kpis: dict[str, Kpi] = {}
        years = self._pick("financial", "school", "calendar")
        for code, kind, fields in (
            ("K1", "quantity", {"direction": "lower", "baseline": 100}),
            ("K2", "quantity", {"direction": self._pick("higher", "lower", "neither")}),
            (
                "K3",
                "cumulative",
                {"direction": "higher", "year": years},
            ),
            ("K4", "relative", {"direction": "higher", "baseline": self._pick(40, 0, None)}),
            ("K5", "comparator", {"direction": self._pick("higher", "lower")}),
            ("K6", "qualitative", {"direction": "higher"}),
        ):
            self._make_measure(code, kind, **fields)

    def _make_measure(self, code: str, kind: str, **fields: Any) -> None:
        random = self.random
        frequency = self._pick("monthly", "monthly", "quarterly", "six_monthly")
        row = self._pick(*self.rows)
        if frequency != "monthly":
            fields.setdefault("year", self._pick("", "school", "calendar"))
        baseline_on = None
        if fields.get("baseline") is not None:
            fields["baseline"] = Decimal(fields["baseline"])
            baseline_on = self._pick(None, When(self.first.replace(day=1)), When(self.first, True))
            if baseline_on:
                fields |= date_columns(_plan_date(baseline_on), "baseline_")
        kpi = make_kpi(
            self.plan,
            code,
            (row,),
            kind=kind,
            frequency=frequency,
            unit="%" if kind == "relative" and random.random() < 0.5 else "points",
            awaits_baseline="baseline" not in fields and random.random() < 0.3,
            needs_second_person=random.random() < 0.3,
            **fields,
        )
        targets = []
        operators = ["at_least", "at_most"]
        if kind == "relative":
            operators = ["increase_by", "decrease_by"]
        elif kind != "comparator":
            operators.append("exactly")
        if kind not in ("cumulative", "comparator", "qualitative"):
            operators.append("increase_by")
        if kpi.direction in ("higher", "lower"):
            against = {"higher": ("at_most", "decrease_by"), "lower": ("at_least", "increase_by")}
            operators = [one for one in operators if one not in against[kpi.direction]]
        count = 0 if kind == "qualitative" else random.choice((0, 1, 1, 2))
        for number in range(count):
            # None names a comparison; only a measure that has one can have it.
            value = None if kind == "comparator" and self._chance(0.4) else 20 + 30 * number
            by = self._when() if random.random() < 0.8 else None
            operator = random.choice(operators)
            text = by.first.isoformat()[: 10 if by.is_day else 7] if by else ""
            make_target(kpi, value if value is None else Decimal(value), text, operator)
            level = None if value is None else Fraction(value)
            targets.append(model.Target(by, level, operator))
        self.kpis[code] = kpi
        self.measures.append(
            model.Measure(
                id=kpi.pk,
                code=code,
                kind=kind,
                direction=kpi.direction,
                months={"monthly": 1, "quarterly": 3, "six_monthly": 6}[frequency],
                year_starts={"financial": 4, "school": 9, "calendar": 1}.get(kpi.year),
                is_percentage=kpi.unit == "%",
                baseline=None if kpi.baseline is None else Fraction(kpi.baseline),
                baseline_on=baseline_on,
                awaits_baseline=kpi.awaits_baseline,
                needs_second_person=kpi.needs_second_person,
                targets=tuple(targets),
                commitments=(row.pk,),
            )
        )

    # --- What happens ---------------------------------------------------------------------------

    def _one(self, moment: datetime) -> None:
        what = self.random.choices(
            (
                self._update,
                self._answer,
                self._correct,
                self._mark,
                self._move,
                self._withdraw_or_back,
                self._decide_in_the_past,
                self._question,
                self._figure,
                self._check,
                self._rebase,
            ),
            (16, 6, 2, 4, 2, 1, 1, 1, 10, 2, 1),
        )[0]
        row = self.random.choice(self.rows)
        self._try(what, row, moment)

    def _one_of_today(self) -> None:
        what = self._pick(
            self._ask,
            self._ask,
            self._support,
            self._decide,
            self._decide,
            self._take_back,
            self._withdraw_or_back,
            self._update,
        )
        self._try(what, self.random.choice(self.rows), None)

    def _try(self, what: Any, row: Commitment, moment: datetime | None) -> None:
        try:
            if what(row, moment) is not False:
                self.done[what.__name__] += 1
        except (ValidationError, Refused):
            self.refused[what.__name__] += 1

    def _update(
        self, row: Commitment, moment: datetime | None, corrects: ProgressUpdate | None = None
    ) -> None:
        random = self.random
        brag = random.choice(BRAGS)
        day = self._day(moment) if corrects is None else self.today
        starts = months_on(day.replace(day=1), random.randrange(-1, 5)) if brag == "grey" else None
        asks_help = brag == "red" or random.random() < 0.2
        ask = None
        if random.random() < 0.12:
            wanted = months_on(day.replace(day=1), random.randrange(1, 6))
            ask = DateRequest(PlanDate(wanted), "The contract was signed late.")
        marks = []
        if random.random() < 0.25 and (key_date := self._standing_date(row)):
            marks = [NewMark(key_date.pk, day - timedelta(days=random.randrange(20)))]
        is_no_change = brag == "green" and ask is None and random.random() < 0.3
        # The completion date that counts is known by its id; the log says it as the model reads it.
        update = make_update(
            row,
            self.lead,
            brag=brag,
            progress="" if is_no_change else "The work goes on.",
            is_no_change=is_no_change,
            risk=NewRisk("Too few people", "More are sought") if brag in ("amber", "red") else None,
            help_needed="A decision by the board" if asks_help else "",
            late_reason="The supplier was late.",
            evidence=NewEvidence("Minutes", "https://example.org/m") if brag == "blue" else None,
            changed_for_families="They wait less." if brag == "blue" else "",
            work_starts=PlanDate(starts) if starts else None,
            grey_reason="It waits for the other work." if brag == "grey" else "",
            date_request=ask,
            marks=marks,
            effective_at=None if corrects else moment,
            corrects=corrects,
            correction_reason="It said the wrong colour." if corrects else "",
        )
        counts = self.truth().completion(row.pk, day)
        self._say(
            "update",
            update,
            row.pk,
            brag=brag,
            corrects=corrects.pk if corrects else None,
            work_starts=starts,
            help=asks_help,
        )
        for mark in DateMark.objects.filter(
            commitment=row, recorded_at__gt=update.recorded_at
        ).order_by("pk"):
            is_delivery = counts is not None and counts.id == mark.key_date_id
            self._say(
                "mark",
                mark,
                row.pk,
                key_date=marks[0].key_date,
                on=marks[0].on,
                outcome="delivered" if is_delivery else "met",
            )
        for asked in ChangeRequest.objects.filter(update=update):
            about = counts.id if counts else None
            self._say("request", asked, row.pk, wanted=When(ask.wanted.first_day), key_date=about)
        affirmed = self._day(moment)
        self.days |= {months_on(affirmed, 6), months_on(affirmed, 6) + DAY, affirmed}
        if brag == "blue":
            self.days |= {affirmed + timedelta(days=14), affirmed + timedelta(days=15)}

    def _correct(self, row: Commitment, moment: datetime | None) -> bool | None:
        updates = ProgressUpdate.objects.filter(commitment=row).order_by("-effective_at")
        newest = updates.first()
        if newest is None:
            return False
        self._update(row, newest.effective_at, corrects=newest)
        return None

    def _answer(self, row: Commitment, moment: datetime | None) -> bool | None:
        waiting = ProgressUpdate.objects.filter(
            commitment__plan=self.plan, brag="blue", confirmation=None
        ).order_by("-pk")
        blue = waiting.first()
        if blue is None:
            return False
        is_confirmed = self._chance(0.65)
        # Mostly some days after; now and then at another moment of the very day.
        at = min(
            blue.effective_at + timedelta(days=self.random.choice((0, 1, 5, 20)), minutes=1),
            timezone.now() - timedelta(minutes=1),
        )
        if self._chance(0.1):
            at = blue.effective_at - timedelta(minutes=1)
        answer = answer_blue(
            update=blue,
            by=self.sro,
            is_confirmed=is_confirmed,
            reason="" if is_confirmed else "The evidence is thin.",
            effective_at=at,
        )
        self._say("answer", answer, blue.commitment_id, update=blue.pk, confirmed=is_confirmed)
        day = self._day(at)
        self.days |= {day - DAY, day, months_on(day, 6), months_on(day, 6) + DAY}
        return None

    def _mark(self, row: Commitment, moment: datetime | None) -> bool | None:
        key_date = self._standing_date(row)
        if key_date is None or (moment and moment < key_date.effective_at):
            return False
        outcome = self._pick(
            Outcome.MET, Outcome.MET, Outcome.DELIVERED, Outcome.WITHDRAWN, Outcome.REOPENED
        )
        on = self._day(moment) - timedelta(days=self.random.randrange(30))
        mark = mark_date(
            key_date=key_date, by=self.officer, outcome=outcome, on=on, effective_at=moment
        )
        self._say("mark", mark, row.pk, key_date=key_date.pk, outcome=outcome.value, on=on)
        self.days |= {self._day(moment) - DAY, self._day(moment)}
        return None

    def _move(self, row: Commitment, moment: datetime | None) -> bool | None:
        key_date = self._standing_date(row)
        if key_date is None or (moment and moment < key_date.effective_at):
            return False
        when = self._pick(self._when(), When(key_date.first_day, key_date.when.is_day))
        moved = move_date(
            key_date=key_date,
            to=_plan_date(when),
            reason="The contract was signed late.",
            by=self.officer,
            effective_at=moment,
        )
        self._say("date", moved, row.pk, kind=key_date.kind, when=when, replaces=key_date.pk)
        return None

    def _withdraw_or_back(self, row: Commitment, moment: datetime | None) -> bool | None:
        newest = Withdrawal.objects.filter(commitment=row).order_by("effective_at", "pk").last()
        is_withdrawn = not (newest and newest.is_withdrawn)
        if moment is None:
            verb = withdraw_commitment if is_withdrawn else reinstate_commitment
            made = verb(commitment=row, reason="The group agreed.", by=self.officer)
        elif moment > row.added_at:
            made = Withdrawal.objects.create(
                commitment=row,
                is_withdrawn=is_withdrawn,
                reason="The group agreed.",
                by=self.officer,
                effective_at=moment,
            )
        else:
            return False
        self._say("withdrawal", made, row.pk, withdrawn=is_withdrawn)
        self.days |= {self._day(moment) - DAY, self._day(moment)}
        return None

    def _pause_or_restart(self, row: Commitment, moment: datetime) -> None:
        """By decision, as an imported past has it: taking up again by the verb is of today."""
        if moment <= row.added_at:
            return
        day, restarts = self._day(moment), None
        newest = Pause.objects.filter(commitment=row).order_by("effective_at", "pk").last()
        is_paused = not (newest and newest.is_paused)
        if is_paused:
            if self.pausing.random() < 0.6:
                restarts = months_on(day.replace(day=1), self.pausing.randrange(5))
                self.days |= {month_end(restarts), month_end(restarts) + DAY}
            made = pause_commitment(
                commitment=row,
                reason="It waits for the other work.",
                by=self.officer,
                decided_by="The group",
                restarts=PlanDate(restarts) if restarts else None,
                effective_at=moment,
            )
        else:
            made = Pause.objects.create(
                commitment=row,
                is_paused=False,
                reason="The other work is done.",
                by=self.officer,
                effective_at=moment,
            )
        self._say("pause", made, row.pk, paused=is_paused, restarts=restarts)
        self.days |= {day - DAY, day}
        self.done["_pause" if is_paused else "_restart"] += 1

    def _ask(self, row: Commitment, moment: datetime | None) -> bool | None:
        kind = self._pick("date", "date", "wording", "withdrawal")
        key_date = wanted = None
        if kind == "date":
            key_date = self._standing_date(row)
            wanted = months_on(self.today.replace(day=1), self.random.randrange(1, 7))
        known = {one.id for one in self.said if one.kind == "request"}
        asked = change_requests.ask(
            commitment=row,
            by=self.lead,
            kind=kind,
            reason="The contract was signed late.",
            today=self.today,
            key_date=key_date,
            wanted=PlanDate(wanted) if wanted else None,
            wanted_text="It reads otherwise" if kind == "wording" else "",
        )
        if asked.pk in known:
            return False
        about = key_date.pk if key_date else None
        self._say("request", asked, row.pk, wanted=When(wanted) if wanted else None, key_date=about)
        return None

    def _support(self, row: Commitment, moment: datetime | None) -> bool | None:
        asked = self._an_ask()
        if asked is None:
            return False
        change_requests.support(request=asked, by=self.sro, is_supported=True)
        return None

    def _decide(self, row: Commitment, moment: datetime | None) -> bool | None:
        asked = self._an_ask()
        if asked is None:
            return False
        is_agreed = self._chance(0.6)
        decision = change_requests.decide(
            request=asked,
            by=self.chair,
            is_agreed=is_agreed,
            meeting=self.meetings[0],
            today=self.today,
            reason="" if is_agreed else "Not now.",
        )
        self._say("request_end", decision, asked.commitment_id, request=asked.pk)
        if is_agreed and asked.kind == "date":
            moved = KeyDate.objects.filter(
                commitment=asked.commitment_id, recorded_at__gt=decision.recorded_at
            ).get()
            kind = asked.key_date.kind if asked.key_date else "completion"
            assert asked.wanted_on
            when = When(asked.wanted_on)
            replaces = asked.key_date_id
            self._say("date", moved, asked.commitment_id, kind=kind, when=when, replaces=replaces)
        if is_agreed and asked.kind == "withdrawal":
            made = Withdrawal.objects.get(
                commitment=asked.commitment_id, recorded_at__gt=decision.recorded_at
            )
            self._say("withdrawal", made, asked.commitment_id, withdrawn=True)
        return None

    def _decide_in_the_past(self, row: Commitment, moment: datetime | None) -> bool | None:
        """Refused, as an imported past has it: the verb speaks of today alone."""
        asked = self._an_ask()
        if asked is None or moment is None or moment <= asked.effective_at:
            return False
        decision = ChangeDecision.objects.create(
            request=asked,
            by=self.chair,
            is_agreed=False,
            meeting=self.meetings[0],
            reason="Not now.",
            effective_at=moment,
        )
        self._say("request_end", decision, asked.commitment_id, request=asked.pk)
        self.days |= {self._day(moment) - DAY, self._day(moment)}
        return None

    def _take_back(self, row: Commitment, moment: datetime | None) -> bool | None:
        asked = self._an_ask()
        if asked is None:
            return False
        taken = change_requests.take_back(request=asked, by=self.lead)
        self._say("request_end", taken, asked.commitment_id, request=asked.pk)
        return None

    def _an_ask(self) -> ChangeRequest | None:
        ended = {one["request"] for one in self.said if one.kind == "request_end"}
        requests = [one.id for one in self.said if one.kind == "request" and one.id not in ended]
        return ChangeRequest.objects.get(pk=self.random.choice(requests)) if requests else None

    def _question(self, row: Commitment, moment: datetime | None) -> None:
        """Questions colour nothing and are no exception: nothing the model says may move."""
        report_page = Challenge.objects.filter(commitment=row, closing=None).first()
        if report_page and moment and moment > report_page.effective_at:
            questions.close(
                question=report_page,
                by=self.officer,
                today=self.today,
                text="It is settled.",
                effective_at=moment,
            )
            return
        questions.ask(
            plan=self.plan,
            by=self.officer,
            text="Who pays for it?",
            today=self.today,
            commitment=row,
            effective_at=moment,
        )

    # --- Measures -------------------------------------------------------------------------------

    def _figure(self, row: Commitment, moment: datetime | None) -> bool | None:
        """A figure of one period, or several in one act."""
        random = self.random
        measure = random.choice(self.measures)
        kpi = self.kpis[measure.code]
        day = self._day(moment)
        entries, periods = [], set()
        for back in range(random.choice((1, 1, 3))):
            starts, ends = period_of(kpi, months_on(day.replace(day=1), -1 - back * 6))
            status = random.choice(("final", "final", "provisional", "missing", "projected"))
            if starts < self.first - timedelta(days=200) or ends in periods:
                continue
            periods.add(ends)
            facts: dict[str, Any] = {"status": Status(status)}
            if status == "missing":
                facts["note"] = "Nobody counted."
            elif measure.kind == "qualitative":
                facts |= {
                    "judgement": self._pick("improved", "no_change", "worse", "not_known"),
                    "based_on": "A survey",
                    "respondents": 30,
                }
            else:
                facts["value"] = self._value(measure, ends)
                if measure.kind == "comparator" and self._chance(0.8):
                    facts["compared_with"] = Decimal(random.randrange(0, 140, 5))
            entries.append(Entry(kpi.pk, Given(starts, ends, **facts), reason="Counted again."))
        made = record_figures(
            plan=self.plan,
            entries=entries,
            by=self.lead,
            today=self.today,
            effective_at=moment,
        )
        for figure in made:
            (given,) = (e.figure for e in entries if e.figure.ends_on == figure.ends_on)
            self._say(
                "figure",
                Measurement.objects.get(pk=figure.pk),
                kpi.pk,
                starts=given.starts_on,
                ends=given.ends_on,
                status=given.status.value,
                value=None if given.value is None else Fraction(given.value),
                compared_with=None
                if given.compared_with is None
                else Fraction(given.compared_with),
                judgement=given.judgement,
            )
        return None if made else False

    def _value(self, measure: model.Measure, ends: date) -> Decimal:
        """Any, or one about as far from its path as is still near it."""
        line = self.truth().line(measure, ends)
        if not line or self._chance(0.3):
            return Decimal(self.random.randrange(0, 140, 5))
        way = abs(line[-1][1] - line[0][1]) or abs(line[-1][1])
        away = way * self._pick(0, 9, 10, 11, 12, 20) * self._pick(1, -1) / 100
        wanted = self.truth().expected(line, ends) + away
        return max(Decimal(0), Decimal(round(wanted * 10)) / 10)

    def _check(self, row: Commitment, moment: datetime | None) -> bool | None:
        figure = Measurement.objects.filter(
            kpi__plan=self.plan,
            kpi__needs_second_person=True,
            status="final",
            second_look=None,
            corrected_by=None,
        ).first()
        if figure is None or (moment and moment < figure.effective_at):
            return False
        is_confirmed = self._chance(0.6)
        check = check_figure(
            measurement=figure,
            by=self.sro,
            today=self.today,
            is_confirmed=is_confirmed,
            reason="" if is_confirmed else "One place is missing.",
            effective_at=moment,
        )
        self._say("check", check, figure.kpi_id, figure=figure.pk, confirmed=is_confirmed)
        return None

    def _rebase(self, row: Commitment, moment: datetime | None) -> None:
        """It sets limits anew and moves no measure: nothing the model says may change."""
        kpi = self.kpis[self._pick("K1", "K2")]
        standing = Rebase.objects.filter(kpi=kpi, replaced_by=None, is_withdrawn=False).first()
        if standing:
            withdraw_rebase(rebase=standing, reason="It was hasty.", by=self.officer)
            return
        record_rebase(
            kpi=kpi,
            on=self._day(moment).replace(day=1),
            reason="A new service began.",
            decided_by="The group",
            by=self.officer,
            today=self.today,
            effective_at=moment,
        )

    # --- The end --------------------------------------------------------------------------------

    def _close(self) -> None:
        closed_on = self.today - timedelta(days=self.random.choice((0, 1, 10, 45, 80)))
        becomes = {
            state.id: Becomes(AtClosing.CARRIED_FORWARD)
            for state in open_commitments(self.plan, closed_on)
        }
        self.plan = close_plan(
            plan=self.plan,
            by=self.officer,
            closed_by="The board",
            closed_on=closed_on,
            today=self.today,
            becomes=becomes,
        )
        self.days |= {closed_on - DAY, closed_on, closed_on + DAY}

    # --- Helpers --------------------------------------------------------------------------------

    def _say(self, kind: str, row: Any, of: int | None, /, **facts: Any) -> None:
        assert of is not None
        self.said.append(Said(kind, row.pk, of, row.effective_at, row.recorded_at, facts))

    def _standing_date(self, row: Commitment) -> KeyDate | None:
        found = list(KeyDate.objects.filter(commitment=row, replaced_by=None).order_by("pk"))
        return self.random.choice(found) if found else None

    def _moment(self) -> datetime:
        days = self.random.randrange((self.today - self.first).days)
        minutes = self.random.choice((0, 1, 600, 720, 900, 1380, 1439))
        return self._at(self.first + timedelta(days=days), time(minutes // 60, minutes % 60))

    def _at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, tzinfo=LONDON)

    def _day(self, moment: datetime | None) -> date:
        return moment.astimezone(LONDON).date() if moment else self.today

    def _pick(self, *options: Any) -> Any:
        return self.random.choice(options)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    @staticmethod
    def _database_now() -> datetime:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (moment,) = cursor.fetchone()
        return moment

    def days_to_ask(self, count: int) -> list[date]:
        """Today, days at the edges of what the rules count, and any others."""
        ends = [month_end(self.today - timedelta(days=31 * back)) for back in range(10)]
        edges = self.days | {end + DAY * more for end in ends for more in (0, 1, 6, 7, 8, 9)}
        fitting = sorted(day for day in edges if self.first - 9 * DAY <= day <= self.today)
        others = [self.today, *(self._moment().date() for _ in range(2))]
        return sorted({*others, *self.random.sample(fitting, min(count, len(fitting)))})

"""A second model of what a plan's pages must say, written from the rules' prose and nothing else.

It is naive on purpose: it holds the raw list of what was said and goes through all of it for each
question, day after day where the prose speaks of days. It imports the standard library alone, so
that no mistake of the rules can be its own; a test holds that. It leaves out what is too small to
show and control charts, and knows only the words that its comparison needs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)
COLOURS = ("blue", "green", "amber", "red", "grey", "not_yet_rated")
CAN_BE_MISSED = ("interim", "baseline", "follow_up", "launch", "evaluation")


# --- What was said ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """One thing that was said of a commitment or a measure: of which moment, and recorded when."""

    kind: str
    id: int
    of: int
    about: datetime
    recorded: datetime
    facts: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)

    def __getitem__(self, name: str) -> Any:
        return self.facts.get(name)

    @property
    def day(self) -> date:
        return self.about.astimezone(LONDON).date()


@dataclass(frozen=True)
class When:
    """A month, or a day."""

    first: date
    is_day: bool = False

    @property
    def last(self) -> date:
        return self.first if self.is_day else month_end(self.first)

    @property
    def month(self) -> int:
        return self.first.year * 12 + self.first.month


@dataclass(frozen=True)
class Plan:
    agreed_on: date
    tracked_from: date
    starts_on: date
    closed_on: date | None
    holidays: frozenset[date]
    # The days the steering group's papers are due, where updates close five working days before.
    papers: tuple[date, ...] = ()
    # Updates are asked for every so many weeks from a day on, with so many working days of grace.
    weeks: int = 0
    weeks_from: date = date.max
    weeks_grace: int = 5


@dataclass(frozen=True)
class Commitment:
    id: int
    ref: str
    added: datetime


@dataclass(frozen=True)
class Target:
    by: When | None
    value: Fraction | None
    operator: str


@dataclass(frozen=True)
class Measure:
    id: int
    code: str
    kind: str
    direction: str
    months: int | None
    year_starts: int | None
    is_percentage: bool
    baseline: Fraction | None
    baseline_on: When | None
    awaits_baseline: bool
    needs_second_person: bool
    targets: tuple[Target, ...]
    commitments: tuple[int, ...]


# --- The calendar -----------------------------------------------------------------------------


def month_end(day: date) -> date:
    while (day + ONE_DAY).month == day.month:
        day += ONE_DAY
    return day


def months_on(day: date, count: int) -> date:
    """The same day so many months on, or the last of that month."""
    number = day.year * 12 + day.month - 1 + count
    first = date(number // 12, number % 12 + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))


# --- How things stand -------------------------------------------------------------------------


@dataclass(frozen=True)
class Rated:
    colour: str = "not_yet_rated"
    before: str = "not_yet_rated"
    rated_on: date | None = None
    since: date | None = None
    affirmed_on: date | None = None
    work_starts: date | None = None
    proposed_on: date | None = None
    returned_on: date | None = None


@dataclass(frozen=True)
class Dated:
    """A date as it stands: `began` is the one it began with."""

    id: int
    began: int
    kind: str
    first: When
    now: When
    moves: int
    set_at: datetime
    met_on: date | None
    delivered_on: date | None


@dataclass(frozen=True)
class Reason:
    kind: str
    is_new: bool
    since: date | None = None
    about: Dated | None = None


class Model:
    """All answers about one plan, from what had been recorded by `known_at`."""

    def __init__(
        self,
        plan: Plan,
        commitments: list[Commitment],
        measures: list[Measure],
        said: list[Said],
        known_at: datetime | None = None,
    ) -> None:
        self.plan, self.commitments, self.measures = plan, commitments, measures
        self.known_at = known_at
        self.said: dict[tuple[str, int], list[Said]] = {}
        for one in sorted(said, key=lambda one: (one.about, one.recorded, one.id)):
            if known_at is None or one.recorded <= known_at:
                self.said.setdefault((one.kind, one.of), []).append(one)
        # A question is asked many times of one day; its answer does not change.
        for name in ("updates", "rated", "dates", "is_update_due", "grace_ends"):
            setattr(self, name, cache(getattr(self, name)))

    def heard(self, kind: str, of: int, day: date) -> list[Said]:
        """What speaks of a moment by the end of the day, in the order it speaks of."""
        return [one for one in self.said.get((kind, of), ()) if one.day <= day]

    def still_on(self, day: date) -> date:
        """A closed plan stands still: later days are its closing day."""
        closed = self.plan.closed_on
        return closed if closed and closed < day else day

    def is_closed(self, day: date) -> bool:
        return self.plan.closed_on is not None and self.plan.closed_on <= day

    def in_plan(self, day: date) -> list[Commitment]:
        """Those added by then, without what was taken out of the draft."""
        return [
            one
            for one in self.commitments
            if one.added.astimezone(LONDON).date() <= day
            and (self.known_at is None or one.added <= self.known_at)
            and not self._was_never_in(one, day)
        ]

    def _was_never_in(self, one: Commitment, day: date) -> bool:
        rows = self.heard("withdrawal", one.id, day)
        return self.is_withdrawn(one.id, day) and all(row.about <= one.added for row in rows)

    def is_withdrawn(self, of: int, day: date) -> bool:
        rows = self.heard("withdrawal", of, day)
        return bool(rows) and rows[-1]["withdrawn"]

    def is_tracked(self, day: date) -> bool:
        return self.plan.agreed_on <= day and self.plan.tracked_from <= day

    def is_live(self, of: int, day: date) -> bool:
        return self.is_tracked(day) and not self.is_withdrawn(of, day)

    # --- Rule 7 ---------------------------------------------------------------------------------

    def pause(self, of: int, day: date) -> Said | None:
        """What set it aside, where that was said last."""
        rows = self.heard("pause", of, day)
        return rows[-1] if rows and rows[-1]["paused"] else None

    def is_running(self, of: int, day: date) -> bool:
        """Whether anything of it can be owed or late."""
        return self.is_live(of, day) and self.pause(of, day) is None

    def colour(self, of: int, day: date) -> str:
        """Where it counts: paused, whatever its colour was."""
        return "paused" if self.pause(of, day) else self.rated(of, day).colour

    def has_run_out(self, of: int, day: date) -> bool:
        pause = self.pause(of, day)
        restarts = pause["restarts"] if pause else None
        return self.is_live(of, day) and restarts is not None and day > month_end(restarts)

    # --- Rule 1 ---------------------------------------------------------------------------------

    def updates(self, of: int, day: date) -> list[Said]:
        """Those that no other corrects."""
        rows = self.heard("update", of, day)
        return [row for row in rows if not any(other["corrects"] == row.id for other in rows)]

    def rated(self, of: int, day: date) -> Rated:
        updates = self.updates(of, day)
        answers = self.heard("answer", of, day)
        # What makes a colour stand: another colour than Blue by itself, a Blue by its confirmation.
        settled = [((one.about, one.recorded), one) for one in updates if one["brag"] != "blue"]
        settled += [
            ((answer.about, answer.recorded), one)
            for answer in answers
            for one in updates
            if answer["confirmed"] and answer["update"] == one.id
        ]
        settled.sort(key=lambda pair: pair[0])
        blues = [
            one
            for one in updates
            if one["brag"] == "blue" and (not settled or (one.about, one.recorded) > settled[-1][0])
        ]
        if not settled:
            return Rated(**self._proposal(blues, answers))
        (moment, _), last = settled[-1]
        run = []
        for (at, _), one in reversed(settled):
            if one["brag"] != last["brag"]:
                break
            run.append(at)
        earlier = settled[: len(settled) - len(run)]
        facts: dict[str, Any] = {
            "colour": last["brag"],
            "before": earlier[-1][1]["brag"] if earlier else "not_yet_rated",
            "since": london_day(run[-1]),
            "work_starts": last["work_starts"],
        }
        if last["brag"] == "blue":
            # Said again over a confirmed Blue, it is affirmed, and no proposal.
            newest = blues[-1] if blues else last
            affirmed = newest.about if blues else moment
            return Rated(rated_on=newest.day, affirmed_on=london_day(affirmed), **facts)
        told = self._proposal(blues, answers)
        # What was returned before the colour that stands came on record was a proposal until then.
        sent_back = [
            one
            for one in answers
            if not one["confirmed"]
            and one.about > moment
            and one.recorded < last.recorded
            and any(update.id == one["update"] for update in updates)
        ]
        if not blues and sent_back:
            told = {"returned_on": max(sent_back, key=lambda one: one.about).day}
        return Rated(rated_on=last.day, affirmed_on=london_day(moment), **facts, **told)

    def _proposal(self, blues: list[Said], answers: list[Said]) -> dict[str, Any]:
        if not blues:
            return {}
        returned = [one for one in answers if one["update"] == blues[-1].id]
        if returned:
            return {"returned_on": returned[-1].day}
        return {"proposed_on": blues[-1].day}

    # --- Rules 2 to 4 ---------------------------------------------------------------------------

    def dates(self, of: int, day: date) -> list[Dated]:
        rows = self.heard("date", of, day)
        found = []
        for last in rows:
            if any(other["replaces"] == last.id for other in rows):
                continue
            chain = [last]
            while earlier := [row for row in rows if row.id == chain[0]["replaces"]]:
                chain.insert(0, earlier[0])
            ids = tuple(row.id for row in chain)
            outcomes: dict[str, date] = {}
            for mark in self.heard("mark", of, day):
                if mark["key_date"] in ids:
                    if mark["outcome"] == "reopened":
                        outcomes = {}
                    else:
                        outcomes[mark["outcome"]] = mark["on"]
            if "withdrawn" in outcomes:
                continue
            moves = sum(
                chain[place]["when"] != chain[place + 1]["when"] for place in range(len(chain) - 1)
            )
            found.append(
                Dated(
                    last.id,
                    chain[0].id,
                    last["kind"],
                    chain[0]["when"],
                    last["when"],
                    moves,
                    last.about,
                    outcomes.get("met"),
                    outcomes.get("delivered"),
                )
            )
        return sorted(found, key=lambda one: (one.now.last, one.id))

    def completion(self, of: int, day: date) -> Dated | None:
        """The latest, where there are several."""
        completions = [one for one in self.dates(of, day) if one.kind == "completion"]
        return completions[-1] if completions else None

    def is_overdue(self, of: int, day: date) -> bool:
        completion = self.completion(of, day)
        return (
            self.is_running(of, day)
            and completion is not None
            and day > completion.now.last
            and completion.delivered_on is None
            and self.rated(of, day).colour != "blue"
        )

    def missed(self, of: int, day: date) -> list[Dated]:
        if not self.is_running(of, day) or self.rated(of, day).colour == "blue":
            return []
        return [
            one
            for one in self.dates(of, day)
            if one.kind in CAN_BE_MISSED
            and day > one.now.last
            and one.met_on is None
            and one.now.last >= self.plan.agreed_on
        ]

    # --- Rules 5 and 6 --------------------------------------------------------------------------

    def _grey_is_due(self, of: int, day: date) -> bool:
        rated, dates = self.rated(of, day), self.dates(of, day)
        if rated.colour != "grey":
            return False
        first = dates[0].now if dates else None
        if first and day > first.last:
            return True
        if rated.work_starts is None:
            return False
        starts = When(rated.work_starts)
        return day > starts.last or (first is not None and starts.month > first.month)

    def is_grey_although_due(self, of: int, day: date) -> bool:
        return self.is_running(of, day) and self._grey_is_due(of, day)

    def is_lapsed(self, of: int, day: date) -> bool:
        rated = self.rated(of, day)
        if not self.is_running(of, day) or rated.colour != "blue" or rated.affirmed_on is None:
            return False
        if day > months_on(rated.affirmed_on, 6):
            return True
        return any(
            one.kind in CAN_BE_MISSED
            and one.now.first > rated.affirmed_on
            and day > one.now.last
            and one.met_on is None
            for one in self.dates(of, day)
        )

    def blue_waits(self, of: int, day: date) -> bool:
        proposed = self.rated(of, day).proposed_on
        return self.is_running(of, day) and proposed is not None and (day - proposed).days > 14

    # --- Update overdue -------------------------------------------------------------------------

    def is_working(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.plan.holidays

    def period(self, day: date) -> tuple[date, date]:
        """First and last day: of the month, or of so many weeks counted from a day."""
        begins = self.plan.weeks_from
        if day >= begins:
            first, length = begins, timedelta(weeks=self.plan.weeks)
            while first + length <= day:
                first += length
            return first, first + length - ONE_DAY
        first, last = day.replace(day=1), month_end(day)
        return first, last if last < begins else begins - ONE_DAY

    def closes_on(self, first: date) -> date:
        """The period's last working day, or in a month five working days before papers."""
        before_papers = []
        for papers in self.plan.papers:
            day, left = papers, 5
            while left:
                day -= ONE_DAY
                left -= self.is_working(day)
            if (day.year, day.month) == (first.year, first.month):
                before_papers.append(day)
        if before_papers:
            return min(before_papers)
        _, last = self.period(first)
        days = [first + number * ONE_DAY for number in range((last - first).days + 1)]
        return max((day for day in days if self.is_working(day)), default=last)

    def grace_ends(self, first: date) -> date:
        """Five working days after the period closes, or as many as the weeks say."""
        grace = self.plan.weeks_grace if first >= self.plan.weeks_from else 5
        return self._working_days_after(self.closes_on(first), grace)

    def _working_days_after(self, day: date, count: int) -> date:
        while count:
            day += ONE_DAY
            count -= self.is_working(day)
        return day

    def is_update_due(self, of: int, first: date) -> bool:
        """By how it stood on the first day of the period."""
        plan = self.plan
        if plan.agreed_on > first or self.period(first)[1] < plan.tracked_from:
            return False
        (one,) = (one for one in self.commitments if one.id == of)
        if one.added.astimezone(LONDON).date() > first or self.is_withdrawn(of, first):
            return False
        if self.pause(of, first):
            return False
        rated = self.rated(of, first)
        if rated.colour == "blue":
            return False
        if rated.colour != "grey" or self._grey_is_due(of, first):
            return True
        return rated.work_starts is not None and first >= rated.work_starts

    def update_overdue_since(self, of: int, day: date) -> date | None:
        """The day after the grace of the first of the periods that were missed one after another.

        A period is missed where its update was due and none has come since its first day.
        """
        if not self.is_running(of, day) or self.is_closed(day):
            return None
        # The newest period whose days of grace are over.
        first, _ = self.period(day)
        while day <= self.grace_ends(first):
            first, _ = self.period(first - ONE_DAY)
        since = None
        while self.is_update_due(of, first):
            if any(update.day >= first for update in self.updates(of, day)):
                break
            since = self.grace_ends(first) + ONE_DAY
            first, _ = self.period(first - ONE_DAY)
        return since

    def is_update_overdue(self, of: int, day: date) -> bool:
        return self.update_overdue_since(of, day) is not None

    # --- What is open ---------------------------------------------------------------------------

    def open_requests(self, of: int, day: date) -> list[Said]:
        ended = {one["request"] for one in self.heard("request_end", of, day)}
        return [one for one in self.heard("request", of, day) if one.id not in ended]

    def requested_date(self, of: int, day: date) -> When | None:
        """The completion date that somebody asked for, and nobody has set since."""
        completion = self.completion(of, day)
        requests = [
            one
            for one in self.open_requests(of, day)
            if one["wanted"] and one["key_date"] in (None, completion.id if completion else None)
        ]
        if not requests or (completion and completion.set_at > requests[-1].about):
            return None
        return requests[-1]["wanted"]

    def help_since(self, of: int, day: date) -> date | None:
        since = None
        if self.pause(of, day):
            return None
        for update in reversed(self.updates(of, day)):
            if not update["help"]:
                break
            since = update.day
        return since

    def is_due_soon(self, of: int, day: date) -> bool:
        completion = self.completion(of, day)
        return (
            self.is_running(of, day)
            and not self.is_closed(day)
            and completion is not None
            and not self.is_overdue(of, day)
            and completion.delivered_on is None
            and self.rated(of, day).colour != "blue"
            and (completion.now.last - day).days <= 42
        )

    # --- Exceptions -----------------------------------------------------------------------------

    def reasons(self, of: int, day: date, then: date) -> list[Reason]:
        """Why it stands out on a day, seen from an earlier one, in the order of `Reason`."""
        was_in = any(one.id == of for one in self.in_plan(then))

        def said(kind: str, since: date | None, holds: Callable[[date], object]) -> Reason:
            """New where it did not hold then, or what it is about began after that."""
            held = was_in and bool(holds(then))
            return Reason(kind, not held or (since is not None and since > then), since)

        def told(reason: Reason, about: Dated | None = None) -> Reason:
            """Of what says no day with its words."""
            return Reason(reason.kind, reason.is_new, None, about)

        def of_colour(colour: str, on: date) -> bool:
            return self.colour(of, on) == colour

        found: list[Reason] = []
        rated, now = self.rated(of, day), self.colour(of, day)
        if now == "red":
            found.append(said("red", rated.since, lambda on: of_colour("red", on)))
        if requests := self.open_requests(of, day):
            found.append(
                said("change_asked", requests[0].day, lambda on: self.open_requests(of, on))
            )
        if since := self.help_since(of, day):
            found.append(said("help_asked", since, lambda on: self.help_since(of, on)))
        amber = said("amber", rated.since, lambda on: of_colour("amber", on))
        if now == "amber" and amber.is_new:
            found.append(Reason("newly_amber", True, rated.since))
        completion = self.completion(of, day)
        if completion and self.is_overdue(of, day):
            late_from = completion.now.last + ONE_DAY
            overdue = said("newly_overdue", late_from, lambda on: self.is_overdue(of, on))
            found += [told(overdue)] if overdue.is_new else []
        for one in self.missed(of, day):
            began, late_from = one.began, one.now.last + ONE_DAY
            missed = said(
                "date_missed",
                late_from,
                lambda on, began=began: any(  # type: ignore[misc]  # of `began`, bound early
                    each.began == began for each in self.missed(of, on)
                ),
            )
            found.append(told(missed, one))
        if rated.returned_on and rated.returned_on > then:
            found.append(Reason("blue_returned", True, rated.returned_on))
        if self.is_lapsed(of, day):
            # Said again since, it is another lapse.
            said_on = rated.affirmed_on
            found.append(told(said("blue_lapsed", said_on, lambda on: self.is_lapsed(of, on))))
        if self.is_grey_although_due(of, day):
            found.append(
                told(
                    said(
                        "grey_although_due",
                        rated.since,
                        lambda on: self.is_grey_although_due(of, on),
                    )
                )
            )
        if since := self.update_overdue_since(of, day):
            # A withdrawal or a pause in between that no period began in leaves it the same debt.
            held = said("update_overdue", since, lambda on: self.is_update_overdue(of, on))
            found.append(told(held))
        if now == "amber" and not amber.is_new:
            found.append(amber)
        return found

    def exceptions(self, day: date, then: date) -> dict[str, list[tuple[Commitment, list[Reason]]]]:
        """By part: for decision, for attention, to note."""
        parts: dict[str, list[tuple[Commitment, list[Reason]]]] = {
            "decision": [],
            "attention": [],
            "note": [],
        }
        for one in self.in_plan(day):
            if not self.is_live(one.id, day):
                continue
            reasons = self.reasons(one.id, day, then)
            kinds = {reason.kind for reason in reasons}
            if kinds & {"red", "change_asked", "help_asked"}:
                parts["decision"].append((one, reasons))
            elif kinds - {"amber"}:
                parts["attention"].append((one, reasons))
            elif kinds:
                parts["note"].append((one, reasons))
        return parts

    # --- Points to check ------------------------------------------------------------------------

    def points(self, day: date, measured_on: date) -> dict[str, list[str]]:
        """By kind, the references, in order; `measured_on` is the day whose figures are read."""
        found: dict[str, list[str]] = {}
        for one in self.in_plan(day):
            if not self.is_live(one.id, day):
                continue
            completion = self.completion(one.id, day)
            late = self.is_overdue(one.id, day)
            facts = {
                "late_although_rated": late and self.colour(one.id, day) in ("green", "amber"),
                "grey_although_due": self.is_grey_although_due(one.id, day),
                "blue_waits": self.blue_waits(one.id, day),
                "date_moved": completion is not None and completion.moves > 0,
                "no_completion_date": completion is None,
                "pause_run_out": self.has_run_out(one.id, day),
            }
            for kind, holds in facts.items():
                if holds:
                    found.setdefault(kind, []).append(one.ref)
            for measure in self.measures:
                effect = one.id in measure.commitments and self._effect(
                    measure, one.id, day, measured_on
                )
                if effect:
                    found.setdefault(effect, []).append(one.ref)
        for measure in self.measures:
            stands = self.position(measure, measured_on)
            if stands in ("Target missed", "Target passed, no figure"):
                kind = "target_missed" if stands == "Target missed" else "target_passed"
                found.setdefault(kind, []).append(measure.code)
        return found

    def _effect(self, measure: Measure, of: int, day: date, measured_on: date) -> str:
        """Done for three months, and the measure no better than the baseline, or silent since."""
        completion, rated = self.completion(of, day), self.rated(of, day)
        done = [completion.delivered_on] if completion and completion.delivered_on else []
        done += [rated.since] if rated.colour == "blue" and rated.since else []
        if not done or months_on(min(done), 3) > day:
            return ""
        latest = self.latest(measure, measured_on)
        if latest is None or latest["ends"] <= min(done):
            return "no_data_since"
        return "no_better" if self._is_no_better(measure, latest) else ""

    def _is_no_better(self, measure: Measure, latest: Said) -> bool:
        if latest["judgement"]:
            return latest["judgement"] in ("no_change", "worse")
        start = self._start(measure)
        if measure.kind == "cumulative" or start is None or measure.direction == "neither":
            return False
        if measure.direction == "higher":
            return latest["value"] <= start
        return latest["value"] >= start

    # --- Measures -------------------------------------------------------------------------------

    def figures(self, measure: Measure, day: date) -> list[Said]:
        """The newest word on each period, in the order of periods."""
        newest: dict[date, Said] = {}
        for one in sorted(
            self.heard("figure", measure.id, day), key=lambda one: (one.recorded, one.id)
        ):
            newest[one["ends"]] = one
        return [newest[ends] for ends in sorted(newest)]

    def telling(self, measure: Measure, day: date) -> list[Said]:
        """What stands of each period: a final figure, once a second person has agreed to it."""
        agreed = {one["figure"] for one in self.heard("check", measure.id, day) if one["confirmed"]}
        settled: dict[date, Said] = {}
        for one in sorted(
            self.heard("figure", measure.id, day), key=lambda one: (one.recorded, one.id)
        ):
            waits = measure.needs_second_person and one["status"] == "final"
            if not waits or one.id in agreed:
                settled[one["ends"]] = one
        return [
            settled[ends]
            for ends in sorted(settled)
            if settled[ends]["status"] in ("final", "provisional")
            and (settled[ends]["value"] is not None or settled[ends]["judgement"])
        ]

    def latest(self, measure: Measure, day: date) -> Said | None:
        telling = self.telling(measure, day)
        return telling[-1] if telling else None

    def waits_for_second(self, measure: Measure, day: date) -> bool:
        """Whether a figure that stands waits for a second person's answer."""
        answered = {one["figure"] for one in self.heard("check", measure.id, day)}
        return measure.needs_second_person and any(
            one["status"] == "final" and one.id not in answered
            for one in self.figures(measure, day)
        )

    def _start(self, measure: Measure) -> Fraction | None:
        if measure.kind == "relative" and measure.is_percentage:
            return Fraction(0)
        return measure.baseline

    def level(self, measure: Measure, target: Target) -> Fraction | None:
        if target.value is None or target.operator not in ("increase_by", "decrease_by"):
            return target.value
        change = target.value if target.operator == "increase_by" else -target.value
        if measure.kind == "relative" and measure.is_percentage:
            return change
        if measure.baseline is None:
            return None
        if measure.kind == "relative":
            return measure.baseline + measure.baseline * change / 100
        return measure.baseline + change

    def line(self, measure: Measure, day: date) -> list[tuple[date, Fraction]]:
        """The path that a figure of a day is set against."""
        levels = [
            (target.by, level)
            for target in measure.targets
            if (level := self.level(measure, target)) is not None
        ]
        dated = sorted((by.last, level) for by, level in levels if by)
        if measure.kind == "cumulative":
            assert measure.year_starts is not None
            year = day.year if day.month >= measure.year_starts else day.year - 1
            begins = date(year, measure.year_starts, 1)
            ends = months_on(begins, 12) - ONE_DAY
            own = [(on, level) for on, level in dated if begins <= on <= ends]
            held = [level for on, level in dated if on < begins][-1:]
            held += [level for by, level in levels if by is None]
            if not own and held:
                own = [(ends, held[0])]
            return [(begins - ONE_DAY, Fraction(0)), *own] if own else []
        start = self._start(measure)
        if start is None or not dated:
            return dated
        begins = measure.baseline_on.last if measure.baseline_on else self.plan.starts_on
        return [(begins, start), *((on, level) for on, level in dated if on > begins)]

    def expected(self, line: list[tuple[date, Fraction]], day: date) -> Fraction:
        """Straight from point to point, flat before the first and after the last."""
        before = [point for point in line if point[0] <= day]
        after = [point for point in line if point[0] >= day]
        if not before:
            return line[0][1]
        if not after:
            return line[-1][1]
        (on, value), (later, goal) = before[-1], after[0]
        if on == later:
            return value
        return value + (goal - value) * Fraction((day - on).days, (later - on).days)

    def passed_on(self, measure: Measure, day: date) -> date | None:
        """The day by which the last target was to be met, once it is over."""
        now = self.still_on(day)
        ends = [target.by.last for target in measure.targets if target.by]
        if not ends:
            return None
        if measure.kind != "cumulative":
            return max(ends) if max(ends) < now else None
        # A running total's is judged when a year ends, that of its date or a later one.
        year_end = self._year_begins(measure, now) - ONE_DAY
        return year_end if year_end >= max(ends) else None

    def _year_begins(self, measure: Measure, day: date) -> date:
        assert measure.year_starts is not None
        year = day.year if day.month >= measure.year_starts else day.year - 1
        return date(year, measure.year_starts, 1)

    def outcome(self, measure: Measure, day: date) -> str:
        """What became of the last target: met, missed, no figure, or nothing to judge it by."""
        passed = self.passed_on(measure, day)
        if passed is None:
            return ""
        said = self.telling(measure, day)
        if measure.kind == "cumulative":
            said = [one for one in said if one["ends"] == passed]
        if not said or said[-1]["ends"] < passed:
            return "no figure"
        target = max(
            (target for target in measure.targets if target.by),
            key=lambda target: target.by.last if target.by else date.min,
        )
        level = self.level(measure, target)
        if measure.kind == "cumulative":
            level = self.line(measure, passed)[-1][1]
        met = self.meets(measure, target, level, said[-1])
        return "nothing" if met is None else "met" if met else "missed"

    def meets(
        self, measure: Measure, target: Target | None, level: Fraction | None, said: Said
    ) -> bool | None:
        value, wanted = said["value"], level
        if measure.kind == "comparator" and level is None:
            wanted = said["compared_with"]
        if wanted is None:
            return None
        if measure.direction == "neither" and target and target.operator == "exactly":
            return bool(value == wanted)
        return bool(value >= wanted if self._is_higher(measure, target) else value <= wanted)

    def _is_higher(self, measure: Measure, target: Target | None) -> bool:
        if measure.direction != "neither":
            return measure.direction == "higher"
        return target is not None and target.operator in ("at_least", "increase_by")

    def position(self, measure: Measure, day: date) -> str:
        """Where a measure stands, in the words of reports."""
        latest = self.latest(measure, day)
        awaits = self.awaits_baseline(measure, day)
        if latest and latest["judgement"]:
            return {
                "improved": "Improved",
                "no_change": "No change",
                "worse": "Worse",
                "not_known": "Not yet known",
            }[latest["judgement"]]
        passed = self.passed_on(measure, day)
        if passed and (latest is None or latest["ends"] < passed):
            return "Target passed, no figure"
        if latest is None:
            return "Baseline awaited" if awaits else "No figure yet"
        is_over = passed is not None and latest["ends"] >= passed
        target = self.target(measure, latest["ends"])
        level = self.level(measure, target) if target else None
        if measure.kind == "comparator" and level is None:
            met = self.meets(measure, target, level, latest)
            if met is None or measure.direction == "neither":
                return "Nothing to compare with yet"
            if met:
                return "As good as the others, or better"
            return "Target missed" if is_over else "Below the others"
        if target is None:
            return "No target"
        if level is None:
            return "Baseline awaited" if awaits else "No target"
        if measure.kind == "cumulative":
            return self._running(measure, latest, day)
        met = self.meets(measure, target, level, latest)
        is_last = target.by is None or not any(
            other.by and other.by.last > target.by.last for other in measure.targets
        )
        if met and (is_last or is_over):
            return "At target"
        if is_over:
            return "Target missed"
        line = self.line(measure, latest["ends"])
        # Where there is no baseline the first target is judged from its date on, and not before.
        has_start = self._start(measure) is not None
        has_way = measure.direction != "neither" or target.operator != "exactly"
        if line and has_way and (has_start or latest["ends"] >= line[0][0]):
            way = abs(line[-1][1] - line[0][1]) or abs(line[-1][1])
            return self._by_line(measure, target, line, latest, way / 10)
        if met:
            return "Milestone reached"
        return "Target not due yet" if target.by else "Short of its target"

    def _running(self, measure: Measure, latest: Said, day: date) -> str:
        """A running total meets or misses once its year is over; before, it runs by its path."""
        target = self.target(measure, latest["ends"])
        line = self.line(measure, latest["ends"])
        if not line:
            return "Target not due yet"
        next_day = latest["ends"] + ONE_DAY
        if next_day == self._year_begins(measure, next_day) and self.still_on(day) >= next_day:
            met = self.meets(measure, target, line[-1][1], latest)
            return "At target" if met else "Target missed"
        # Near is within a tenth of what is expected by now, not of the whole year.
        expected = self.expected(line, latest["ends"])
        return self._by_line(measure, target, line, latest, abs(expected) / 10)

    def _by_line(
        self,
        measure: Measure,
        target: Target | None,
        line: list[tuple[date, Fraction]],
        latest: Said,
        within: Fraction,
    ) -> str:
        expected = self.expected(line, latest["ends"])
        is_higher = self._is_higher(measure, target)
        short = expected - latest["value"] if is_higher else latest["value"] - expected
        if short <= 0:
            return "On trajectory"
        return "Near trajectory" if short <= within else "Off trajectory"

    def target(self, measure: Measure, day: date) -> Target | None:
        """The one a day is on its way to; past the last, the last is to be held."""
        dated = sorted(
            (target for target in measure.targets if target.by),
            key=lambda target: target.by.last if target.by else date.max,
        )
        ahead = [target for target in dated if target.by and target.by.last >= day]
        if ahead:
            return ahead[0]
        undated = [target for target in measure.targets if not target.by]
        return dated[-1] if dated else undated[-1] if undated else None

    def awaits_baseline(self, measure: Measure, day: date) -> bool:
        if measure.baseline is not None:
            return False
        if measure.awaits_baseline:
            return True
        is_change = measure.kind == "relative" and measure.is_percentage
        requests = any(
            target.operator in ("increase_by", "decrease_by") for target in measure.targets
        )
        return requests and not (is_change and self.heard("figure", measure.id, day))

    def due(self, measure: Measure, day: date) -> Iterator[tuple[date, date, bool]]:
        """Periods over and without a figure: their end, by when it is due, whether overdue."""
        if measure.months is None or self.is_closed(day):
            return
        said = {one["ends"] for one in self.figures(measure, day) if one["status"] != "projected"}
        first = self.plan.tracked_from.replace(day=1)
        while (first.month - (measure.year_starts or 4)) % measure.months:
            first = months_on(first, -1)
        while (ends := months_on(first, measure.months) - ONE_DAY) <= day:
            if ends not in said:
                due_by = self._working_days_after(ends, 15)
                yield ends, due_by, day > due_by
            first = ends + ONE_DAY


def london_day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()

"""What must hold between the parts of a plan file: each thing once, names known, refs in order.

Pure: asks neither the tracker nor a clock.
"""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import date
from itertools import pairwise

from actions.rules.cycle import PAPERS_NEED_WORKING_DAYS
from actions.rules.dates import EXACT
from actions.rules.refs import own_part
from wsoa.planfile.format.problems import MOST_PROBLEMS, Place, Problem, did_you_mean
from wsoa.planfile.format.schema import (
    FORMAT,
    FORMATS,
    Action,
    Area,
    Commitment,
    Continued,
    ContinuedKpi,
    Judgement,
    KeyDate,
    Kpi,
    PlanFile,
    Target,
)
from wsoa.planfile.format.values import DateParts, plan_date


def problems_of(file: PlanFile) -> list[Problem]:
    """Everything that does not hold together in the file; nothing when it may be imported."""
    return _Checker(file).check()


def problems_on(file: PlanFile, today: date) -> list[Problem]:
    """What the file says has happened on days that are still to come."""
    dated: list[tuple[Place, str | None]] = [(("plan", "agreed_on"), file.plan.agreed_on)]
    dated.append((("plan", "closed_on"), file.plan.closed_on))
    for place, _, judgements in file.placed_judgements():
        for j, judgement in enumerate(judgements):
            dated.append(((*place, j, "judged_on"), judgement.judged_on))
            dated.append(((*place, j, "letter_on"), judgement.letter_on))
    for d, document in enumerate(file.documents):
        dated.append((("documents", d, "date"), document.date))
    for n, notice in enumerate(file.notices):
        dated.append((("notices", n, "issued_on"), notice.issued_on))
    for place, _, commitment in file.placed_commitments():
        if commitment.paused:
            dated.append(((*place, "paused", "since"), commitment.paused.since))
        for d, key_date in enumerate(commitment.key_dates):
            for m, move in enumerate(key_date.moves):
                dated.append(((*place, "key_dates", d, "moves", m, "moved_on"), move.moved_on))
    return [
        Problem(place, f"{day} is still to come")
        for place, day in dated
        if day is not None and date.fromisoformat(day) > today
    ]


# What actions carry that the first version had no words for.
_NEW_OF_ACTION = (
    "accountable",
    "responsible_group",
    "impact",
    "quotation",
    "where_now",
    "urgency",
    "waits_for",
)


class _EnoughError(Exception):
    """As many problems as anybody will read."""


class _Checker:
    def __init__(self, file: PlanFile) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.organisations = {organisation.code for organisation in file.organisations}
        self.people = {person.name for person in file.people}
        self.bodies = {body.name for body in file.bodies}
        self.inspections = {inspection.code for inspection in file.inspections}
        self.weaknesses = {weakness.number for weakness in file.weaknesses}
        self.findings = {finding.key for finding in file.findings}
        self.areas = {area.ref for area in file.areas}
        self.kpis = {kpi.code for kpi in file.kpis}
        self.commitments = {commitment.ref for commitment in file.commitments}

    def check(self) -> list[Problem]:
        with suppress(_EnoughError):
            self._plan()
            self._agreement()
            self._people()
            self._colour_key()
            self._cycles()
            self._bodies()
            self._contacts()
            self._findings()
            self._areas()
            self._actions()
            self._kpis()
            self._documents()
            self._rest()
            if self.file.format == FORMATS[0]:
                self._newer()
        return self.problems

    def _plan(self) -> None:
        plan = self.file.plan
        self._know(("plan", "inspection"), plan.inspection, self.inspections, "inspection")
        self._know_all(
            ("plan", "responsible"), plan.responsible, self.organisations, "organisation"
        )
        if plan.ends and first_day(plan.ends) < first_day(plan.starts):
            self._add(("plan", "ends"), f"{plan.ends} is before the start, {plan.starts}")
        if plan.kind == "other" and not plan.kind_name:
            self._add(("plan", "kind_name"), "say what a plan of another kind is called")
        for n, slug in enumerate(plan.predecessors):
            if slug == plan.slug:
                self._add(("plan", "predecessors", n), "a plan does not continue itself")
        self._once("plan", "predecessors", plan.predecessors)
        for i, inspection in enumerate(self.file.inspections):
            start, end = inspection.visited_from, inspection.visited_to
            if start and end and end < start:
                self._add(
                    ("inspections", i, "visited_to"), f"{end} is before the first day, {start}"
                )

    def _agreement(self) -> None:
        facts = self.file.plan
        for name in ("agreed_by", "agreement_reference"):
            if getattr(facts, name) and not facts.agreed_on:
                self._add(("plan", name), "the plan is not agreed: agreed_on is missing")
        if facts.closed_on and not facts.agreed_on:
            self._add(("plan", "closed_on"), "the plan is not agreed: agreed_on is missing")
        elif facts.closed_on and facts.agreed_on and facts.closed_on < facts.agreed_on:
            self._add(
                ("plan", "closed_on"),
                f"{facts.closed_on} is before the plan was agreed, {facts.agreed_on}",
            )
        if facts.closed_by and not facts.closed_on:
            self._add(("plan", "closed_by"), "the plan is not closed: closed_on is missing")
        for place, _, commitment in self.file.placed_commitments():
            if commitment.closing and not facts.closed_on:
                self._add((*place, "closing"), "the plan is not closed: closed_on is missing")
            self._from_before((*place, "continues"), commitment.continues)
        for k, kpi in enumerate(self.file.kpis):
            self._from_before(("kpis", k, "continues"), kpi.continues)

    def _from_before(self, place: Place, part: Continued | ContinuedKpi | None) -> None:
        if part and part.plan not in self.file.plan.predecessors:
            self._add((*place, "plan"), f'"{part.plan}" is none of predecessors')

    def _people(self) -> None:
        file = self.file
        self._once("organisations", "code", [part.code for part in file.organisations])
        self._once("people", "name", [part.name for part in file.people])
        self._once("inspections", "code", [part.code for part in file.inspections])
        for p, person in enumerate(file.people):
            self._know(
                ("people", p, "organisation"),
                person.organisation,
                self.organisations,
                "organisation",
            )

    def _colour_key(self) -> None:
        plan = self.file.plan
        self._once(("plan", "colour_key"), "word", [entry.word for entry in plan.colour_key])
        if plan.blue_means == "complete" and not plan.has_blue:
            self._add(("plan", "blue_means"), "no colour of the key means blue")
        if plan.blue_lasts_months and not (plan.has_blue and plan.blue_means == "embedded"):
            self._add(
                ("plan", "blue_lasts_months"), "only a Blue that means embedded is said again"
            )

    def _cycles(self) -> None:
        plan = self.file.plan
        self._once(
            ("plan", "update_cycles"), "starts", [part.starts for part in plan.update_cycles]
        )
        self._once(("plan", "update_periods"), "day", [part.day for part in plan.update_periods])
        for c, part in enumerate(plan.update_cycles):
            place: Place = ("plan", "update_cycles", c)
            for name, kind, given in (
                ("weeks", "weeks", part.weeks),
                ("body", "meetings", part.body),
                ("closing_days", "dates", part.closing_days),
            ):
                if part.kind == kind and not given:
                    self._add((*place, name), f"is missing, and a cycle of {kind} needs it")
                if part.kind != kind and given:
                    self._add((*place, name), f"only a cycle of {kind} has this")
            if part.before_papers and part.kind != "monthly":
                self._add((*place, "before_papers"), "only a monthly cycle has this")
            waits = part.kind == "meetings" or part.before_papers
            if part.days_before_papers != PAPERS_NEED_WORKING_DAYS and not waits:
                self._add((*place, "days_before_papers"), "this cycle does not wait for papers")
            self._each_once((*place, "closing_days"), part.closing_days)
            for d, day in enumerate(part.closing_days):
                if day < part.starts:
                    self._add((*place, "closing_days", d), f"is before its start, {part.starts}")

    def _bodies(self) -> None:
        self._once("bodies", "name", [body.name for body in self.file.bodies])
        for b, body in enumerate(self.file.bodies):
            self._know(("bodies", b, "area"), body.area, self.areas, "area")
            for m, member in enumerate(body.members):
                place: Place = ("bodies", b, "members", m)
                self._know_all((*place, "people"), member.people, self.people, "person")
                self._know_all(
                    (*place, "organisations"),
                    member.organisations,
                    self.organisations,
                    "organisation",
                )

    def _contacts(self) -> None:
        for c, contact in enumerate(self.file.contacts):
            self._second(("contacts", c))
            if (contact.name, contact.role) in {
                (other.name, other.role) for other in self.file.contacts[:c]
            }:
                self._add(
                    ("contacts", c, "name"), f'"{contact.name}" stands with this role already'
                )

    def _findings(self) -> None:
        file = self.file
        self._once("weaknesses", "number", [part.number for part in file.weaknesses])
        self._once("findings", "key", [part.key for part in file.findings])
        if file.weaknesses and file.format != FORMATS[0]:
            self._add(("weaknesses",), f"this is of format {FORMATS[0]}: write findings")
        if file.findings and file.format == FORMATS[0]:
            self._add(("findings",), f"this needs format: {FORMAT}")
        for place, finding in file.placed_findings():
            self._know((*place, "inspection"), finding.inspection, self.inspections, "inspection")
        for place, _, judgements in file.placed_judgements():
            self._judgements(place, judgements)

    def _judgements(self, place: Place, judgements: list[Judgement]) -> None:
        self._repeated(
            [judgement.name for judgement in judgements],
            lambda j: (*place, j, _named_by(judgements[j])),
        )
        for j, judgement in enumerate(judgements):
            self._judgement((*place, j), judgement)

    def _judgement(self, place: Place, part: Judgement) -> None:
        self._know((*place, "inspection"), part.inspection, self.inspections, "inspection")
        if self.file.format == FORMATS[0]:
            self._only_old(place, part)
            return
        if not part.inspection and not part.judged_by:
            self._add((*place, "judged_by"), "is missing: say who judged, or at which inspection")
        if part.judged_on is None and part.inspection:
            self._add((*place, "judged_on"), "is missing: an inspection judges on a day")
        elif part.judged_on is None and part.verdict == "monitoring_ended":
            self._add((*place, "judged_on"), "is missing: formal monitoring ends on a day")
        if part.verdict == "rating" and not part.rating:
            self._add((*place, "rating"), "is missing: give the colour, or the words used")
        if part.rating and part.verdict != "rating":
            self._add((*place, "rating"), 'this goes with verdict: "rating" alone')

    def _only_old(self, place: Place, part: Judgement) -> None:
        """What the first version of a judgement has, and what it has not."""
        for name in ("code", "judged_by", "letter", "letter_on", "rating"):
            if getattr(part, name):
                self._add((*place, name), f"this needs format: {FORMAT}")
        if part.verdict not in ("sufficient", "not_sufficient"):
            self._add((*place, "verdict"), f'"{part.verdict}" needs format: {FORMAT}')
        for name in ("inspection", "judged_on"):
            if not getattr(part, name):
                self._add((*place, name), "is missing")

    def _answers(self, place: Place, part: Area | Action | Commitment) -> None:
        if part.answers and self.file.format == FORMATS[0]:
            self._add((*place, "answers"), f"this needs format: {FORMAT}")
        else:
            self._know_all((*place, "answers"), part.answers, self.findings, "finding")

    def _areas(self) -> None:
        file = self.file
        self._once("areas", "ref", [area.ref for area in file.areas])
        refs: dict[str, Place] = {}
        for a, area in enumerate(file.areas):
            self._answers(("areas", a), area)
            if area.weakness and file.format != FORMATS[0]:
                self._add(
                    ("areas", a, "weakness"), f"this is of format {FORMATS[0]}: write answers"
                )
            else:
                self._know(("areas", a, "weakness"), area.weakness, self.weaknesses, "weakness")
            self._know(
                ("areas", a, "senior_responsible_officer"),
                area.senior_responsible_officer,
                self.people,
                "person",
            )
            for name in ("impact", "headline_kpi"):
                if getattr(area, name):
                    self._second(("areas", a, name))
            self._know(("areas", a, "headline_kpi"), area.headline_kpi, self.kpis, "KPI")
            if area.actions and file.format == FORMATS[0]:
                self._add(("areas", a, "actions"), f"this needs format: {FORMAT}")
            for n, action in enumerate(area.actions):
                self._ref(("areas", a, "actions", n), action.ref, refs, area.ref, "area")
            for t, theme in enumerate(area.themes):
                place: Place = ("areas", a, "themes", t)
                self._ref(place, theme.ref, refs, area.ref, "area")
                self._each_once((*place, "voice"), theme.voice)
                for n, action in enumerate(theme.actions):
                    self._ref((*place, "actions", n), action.ref, refs, theme.ref, "theme")
        for place, action, commitment in file.placed_commitments():
            if not action.whole:
                self._ref(place, commitment.ref, refs, action.ref, "action")
            elif file.format == FORMATS[0]:
                self._add(place, f"this needs format: {FORMAT}")
            if commitment.criteria and file.format == FORMATS[0]:
                self._add((*place, "criteria"), f"this needs format: {FORMAT}")

    def _actions(self) -> None:
        for place, action in self.file.placed_actions():
            self._answers(place, action)
            self._know_all((*place, "leads"), action.leads, self.people, "person")
            self._know_all((*place, "works_with"), action.works_with, self.areas, "area")
            self._know_all((*place, "accountable"), action.accountable, self.people, "person")
            for name in _NEW_OF_ACTION:
                if getattr(action, name):
                    self._second((*place, name))
            earlier: list[Commitment] = []
            for c, commitment in enumerate(action.tracked):
                row: Place = ("whole",) if action.whole else ("commitments", c)
                self._commitment((*place, *row), action, commitment, earlier)
                earlier.append(commitment)

    def _commitment(
        self, place: Place, action: Action, commitment: Commitment, earlier: list[Commitment]
    ) -> None:
        self._answers(place, commitment)
        self._know_all((*place, "leads"), commitment.leads or [], self.people, "person")
        self._shared(
            (*place, "same_evidence_as"),
            commitment.same_evidence_as,
            {other.ref: bool(other.evidence_text) for other in earlier},
            "evidence",
            action,
        )
        self._shared(
            (*place, "same_measures_as"),
            commitment.same_measures_as,
            {other.ref: bool(other.measures) for other in earlier},
            "measures",
            action,
        )
        for name in ("short_title", "timescale"):
            if getattr(commitment, name):
                self._second((*place, name))
        completions = 0
        for d, key_date in enumerate(commitment.key_dates):
            completions += key_date.kind == "completion"
            if key_date.kind == "completion" and completions > 1:
                self._add((*place, "key_dates", d), "a commitment has one completion date at most")
            self._dated((*place, "key_dates", d, "date"), key_date.date)
            if key_date.kind == "review":
                self._second((*place, "key_dates", d, "kind"))
            self._moves((*place, "key_dates", d, "moves"), key_date)

    def _shared(
        self, place: Place, ref: str | None, earlier: dict[str, bool], what: str, action: Action
    ) -> None:
        if ref is None or earlier.get(ref):
            return
        if ref in earlier:
            self._add(place, f'"{ref}" holds no {what} of its own')
        else:
            self._add(
                place,
                f'"{ref}" is not an earlier commitment of action {action.ref}'
                + did_you_mean(ref, earlier),
            )

    def _moves(self, place: Place, key_date: KeyDate) -> None:
        moves = key_date.moves
        if not moves:
            return
        for m, move in enumerate(moves):
            self._dated((*place, m, "was"), move.was)
        agreed_on = self.file.plan.agreed_on
        if agreed_on is None:
            self._add(place, "a plan that is not agreed has no moved dates: give the date alone")
        elif moves[0].moved_on < agreed_on:
            self._add(
                (*place, 0, "moved_on"),
                f"{moves[0].moved_on} is before the plan was agreed, {agreed_on}",
            )
        for m, (former, later) in enumerate(pairwise(moves), start=1):
            if later.moved_on < former.moved_on:
                self._add(
                    (*place, m, "moved_on"),
                    f"{later.moved_on} is before the former move, {former.moved_on}",
                )
        dates = [*(move.was for move in moves), key_date.date]
        for m, (was, next_date) in enumerate(pairwise(dates)):
            if plan_date(was) == plan_date(next_date):
                self._add(
                    (*place, m, "was"), f"this is no move: the date is {next_date} after it too"
                )

    def _small_numbers(self, k: int, kpi: Kpi) -> None:
        for name in ("smallest_count", "smallest_denominator", "smallest_survey", "rounding"):
            if getattr(kpi, name) is not None:
                self._second(("kpis", k, name))
        if kpi.remainder_tells:
            self._second(("kpis", k, "remainder_tells"))
        if kpi.part_of is None:
            return
        place = ("kpis", k, "part_of")
        self._second(place)
        by_code = {other.code: other for other in self.file.kpis}
        self._know(place, kpi.part_of, by_code, "KPI")
        whole = by_code.get(kpi.part_of)
        if whole is None:
            return
        if whole is kpi or whole.part_of is not None:
            self._add(place, "a KPI is a part of another that is no part itself")
        if kpi.kind != "quantity" or whole.kind != "quantity":
            self._add(place, "only KPIs of the kind quantity have parts and are parts")

    def _kpis(self) -> None:
        self._once("kpis", "code", [kpi.code for kpi in self.file.kpis])
        for k, kpi in enumerate(self.file.kpis):
            self._know(("kpis", k, "data_owner"), kpi.data_owner, self.people, "person")
            self._know_all(
                ("kpis", k, "commitments"), kpi.commitments, self.commitments, "commitment"
            )
            self._dated(("kpis", k, "baseline_date"), kpi.baseline_date)
            for t, target in enumerate(kpi.targets):
                self._target(("kpis", k, "targets", t), target)
            self._once(("kpis", k, "comparators"), "name", [c.name for c in kpi.comparators])
            if kpi.comparators:
                self._second(("kpis", k, "comparators"))
            if kpi.kind == "rolling":
                self._second(("kpis", k, "kind"))
            self._small_numbers(k, kpi)
            for name in ("short_title", "baseline_text", "baseline_source"):
                if getattr(kpi, name):
                    self._second(("kpis", k, name))
            if kpi.year and kpi.kind != "cumulative":
                if kpi.frequency in ("quarterly", "six_monthly", "yearly"):
                    self._second(("kpis", k, "year"))
                else:
                    self._add(
                        ("kpis", k, "year"),
                        "only a measure that is cumulative, or rarer than monthly, has a year",
                    )
            elif kpi.year == "calendar":
                self._second(("kpis", k, "year"))
            if kpi.awaits_baseline and kpi.baseline is not None:
                self._add(("kpis", k, "awaits_baseline"), "the baseline is there")

    def _target(self, place: Place, target: Target) -> None:
        self._dated((*place, "date"), target.date)
        if target.operator in ("stay_close", "increase", "decrease"):
            self._second((*place, "operator"))
        for name in ("months_after_agreement", "tolerance", "label", "borrowed_from"):
            if getattr(target, name) is not None:
                self._second((*place, name))
        if target.date and target.months_after_agreement:
            self._add((*place, "months_after_agreement"), "the target has a date already")
        if target.operator in ("increase", "decrease") and target.value is not None:
            operator = f"{target.operator}_by"
            self._add((*place, "value"), f"a direction alone has no value: write {operator}")
        if target.operator == "stay_close" and target.value is None:
            self._add((*place, "operator"), "say by a value what to stay close to")
        if target.tolerance is not None and target.operator != "stay_close":
            self._add((*place, "tolerance"), "only a value to stay close to has a tolerance")
        elif target.tolerance is not None and target.tolerance < 0:
            self._add((*place, "tolerance"), "should be at least 0")

    def _newer(self) -> None:
        """What the first version had no words for."""
        file, plan = self.file, self.file.plan
        names = plan.level_names.model_dump(exclude_none=True)
        newer: list[tuple[Place, object]] = [
            (("plan", "level_names"), names),
            (("plan", "colour_key"), plan.colour_key),
            (("plan", "update_cycles"), plan.update_cycles),
            (("plan", "update_periods"), plan.update_periods),
            (("plan", "blue_means"), plan.blue_means != "embedded"),
            (("plan", "blue_lasts_months"), plan.blue_lasts_months),
            (("documents",), file.documents),
        ]
        for place, part in file.placed_references():
            newer += [
                ((*place, "printed"), part.printed),
                ((*place, "unnumbered"), part.unnumbered),
            ]
        newer += [
            (("report_series", s, "rhythm"), series.rhythm in ("weeks", "termly", "meetings"))
            for s, series in enumerate(file.report_series)
        ]
        newer += [
            ((*place, "paused"), commitment.paused)
            for place, _, commitment in file.placed_commitments()
        ]
        for place, given in newer:
            if given:
                self._add(place, f"this needs format: {FORMAT}")

    def _documents(self) -> None:
        for d, document in enumerate(self.file.documents):
            self._know(("documents", d, "area"), document.area, self.areas, "area")

    def _rest(self) -> None:
        file = self.file
        self._once("report_series", "code", [series.code for series in file.report_series])
        for s, series in enumerate(file.report_series):
            self._know_all(("report_series", s, "audiences"), series.audiences, self.bodies, "body")
            self._know(("report_series", s, "body"), series.body, self.bodies, "body")
            for name, rhythm, given in (
                ("weeks", "weeks", series.weeks),
                ("body", "meetings", series.body),
            ):
                if series.rhythm == rhythm and not given:
                    self._add(
                        ("report_series", s, name), f"is missing, and a rhythm of {rhythm} needs it"
                    )
                if series.rhythm != rhythm and given:
                    self._add(("report_series", s, name), f"only a rhythm of {rhythm} has this")
        for f, funding_line in enumerate(file.funding):
            place: Place = ("funding", f, "amounts")
            self._once(place, "year", [amount.year for amount in funding_line.amounts])
            if funding_line.amounts and funding_line.total is not None:
                self._add(("funding", f, "total"), "give either amounts or a total")
            if (funding_line.spent is None) != (funding_line.spent_on is None):
                self._add(("funding", f, "spent"), "give both spent and spent_on, or neither")
            for name in ("total", "period", "spent"):
                if getattr(funding_line, name) is not None and file.format == FORMATS[0]:
                    self._add(("funding", f, name), f"this needs format: {FORMAT}")
        for n, notice in enumerate(file.notices):
            if file.format == FORMATS[0]:
                self._add(("notices", n), f"this needs format: {FORMAT}")
            if notice.ended_on and notice.ended_on < notice.issued_on:
                self._add(
                    ("notices", n, "ended_on"),
                    f"{notice.ended_on} is before it was issued, {notice.issued_on}",
                )
        # An abbreviation may have two meanings (EET), and two may differ by case alone (CIN, CiN).
        seen = set()
        for t, term in enumerate(file.glossary):
            if (term.abbreviation, term.meaning) in seen:
                self._add(("glossary", t), f"{term.abbreviation} stands with this meaning already")
            seen.add((term.abbreviation, term.meaning))

    # --- The kinds of check -------------------------------------------------------------------

    def _add(self, place: Place, message: str) -> None:
        self.problems.append(Problem(place, message))
        if len(self.problems) == MOST_PROBLEMS:
            raise _EnoughError

    def _once(self, part: str | Place, key: str, values: list[str]) -> None:
        """Each part's name or code stands once in its list."""
        place = (part,) if isinstance(part, str) else part
        self._repeated(values, lambda n: (*place, n, key))

    def _each_once(self, place: Place, values: Iterable[str]) -> None:
        self._repeated(values, lambda n: (*place, n))

    def _repeated(self, values: Iterable[str], place_of: Callable[[int], Place]) -> None:
        seen: dict[str, int] = {}
        for n, value in enumerate(values):
            if value in seen:
                first = Problem(place_of(seen[value]), "").path
                self._add(place_of(n), f'"{value}" stands already at {first}')
            seen.setdefault(value, n)

    def _ref(self, place: Place, ref: str, refs: dict[str, Place], within: str, kind: str) -> None:
        """A ref stands once. In the first version it begins with the ref of what holds it."""
        place = (*place, "ref")
        letters = kind == "action"
        if self.file.format == FORMATS[0] and not own_part(ref, within, letters=letters):
            start = within if letters else f"{within}."
            self._add(
                place,
                f'"{ref}" stands in {kind} {within}, so it should be "{start}" and one more'
                f" {'letter' if letters else 'number'}",
            )
        if ref in refs:
            self._add(place, f'"{ref}" stands already at {Problem(refs[ref], "").path}')
        refs.setdefault(ref, place)

    def _dated(self, place: Place, value: str | DateParts | None) -> None:
        """The first version of the format has months and days alone."""
        if value and (isinstance(value, DateParts) or plan_date(value).precision not in EXACT):
            self._second(place)

    def _second(self, place: Place) -> None:
        """What the first version of the format has not."""
        if self.file.format == FORMATS[0]:
            self._add(place, f"this needs format: {FORMAT}")

    def _know(self, place: Place, name: str | None, known: Collection[str], what: str) -> None:
        if name is not None and name not in known:
            self._add(place, f'the file has no {what} "{name}"{did_you_mean(name, known)}')

    def _know_all(self, place: Place, names: list[str], known: Collection[str], what: str) -> None:
        self._each_once(place, names)
        for n, name in enumerate(names):
            self._know((*place, n), name, known, what)


def _named_by(judgement: Judgement) -> str:
    """The field that tells a judgement from others of the same thing."""
    return next(name for name in ("code", "inspection", "judged_on") if _has(judgement, name))


def _has(judgement: Judgement, name: str) -> bool:
    return name == "judged_on" or bool(getattr(judgement, name))


def first_day(text: str) -> str:
    """The first day of a month or day, comparable with others."""
    return text if len(text) == len("2022-12-07") else f"{text}-01"

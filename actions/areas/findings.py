"""Findings of inspections as pages show them: what answers each, and how it was judged since."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value

from actions.models import (
    ActionFinding,
    AreaFinding,
    CommitmentFinding,
    Finding,
    Inspection,
    Judgement,
    finding_name,
    findings_of,
)
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.records.text_versions import worded
from actions.rules.dates import end_of_day

# The heading of a list of each kind, in the order of a page.
KINDS = {
    Finding.Kind.WEAKNESS: "Significant weaknesses",
    Finding.Kind.PRIORITY: "Priority actions",
    Finding.Kind.IMPROVEMENT: "Areas for improvement",
    Finding.Kind.RECOMMENDATION: "Recommendations",
    Finding.Kind.DEVELOPMENT: "Areas for development",
    Finding.Kind.STRENGTH: "Strengths",
}
# Of these inspectors say when they return whether enough was done.
JUDGED = frozenset({Finding.Kind.WEAKNESS, Finding.Kind.PRIORITY})


# In the place of a finding's key.
OF_PLAN = 0
# Of a finding without a title, so much of its text stands where there is room for a line.
LONGEST_NAME = 90


@dataclass(frozen=True, slots=True)
class JudgementItem:
    """What an outside body said of a finding: in words, when and by whom."""

    text: str
    day_text: str
    by: str
    summary: str
    letter_text: str
    # None: the source gives no day.
    on: date | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A part of the plan that answers a finding by itself: an area, an action or a commitment."""

    what: str
    id: int
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class FindingItem:
    """A finding as a list shows it, with links to what answers it."""

    id: int
    code: str
    kind: str
    name: str
    title: str
    text: str
    addressed_to: str
    reference: str
    inspection: str
    number: str = ""
    answers: list[formatting.Breadcrumb] = field(default_factory=list)
    answered_by: tuple[Answer, ...] = ()
    judgements: list[JudgementItem] = field(default_factory=list)
    is_judged: bool = False
    # The inspection's first day, and in words; None where it has none on record.
    found_on: date | None = None
    found_text: str = ""

    @property
    def called(self) -> str:
        """Its short title, else its words as far as a line goes."""
        return self.title or formatting.cut(self.text, LONGEST_NAME)


# --- What answers them ------------------------------------------------------------------------

_COLUMNS = {
    name: F(f"finding__{name}")
    for name in ("code", "kind", "number", "short_title", "text", "addressed_to", "reference")
}


def _answers(rows: QuerySet[Any], what: str, label: str) -> QuerySet[Any]:
    """One row for each finding that one of these answers, by what it is and is called."""
    answers: QuerySet[Any] = (
        rows.filter(finding__withdrawn_at=None)
        .order_by()
        .annotate(
            what=Value(what, CharField()),
            holder=F(f"{what}_id"),
            code=F(f"{what}__code"),
            label=F(f"{what}__{label}"),
            holder_place=F("position"),
            inspection_place=F("finding__inspection__position"),
            place=F("finding__position"),
            **{f"finding_{name}": column for name, column in _COLUMNS.items()},
        )
        .values_list(
            "finding_id",
            "what",
            "holder",
            "code",
            "label",
            "holder_place",
            "inspection_place",
            "place",
            *(f"finding_{name}" for name in _COLUMNS),
            named=True,
        )
    )
    return answers


def _of_areas(**of: Any) -> QuerySet[Any]:
    rows = AreaFinding.objects.filter(area__withdrawn_at=None, **of)
    return _answers(rows, "area", "label")


def _of_actions(**of: Any) -> QuerySet[Any]:
    rows = ActionFinding.objects.filter(action__withdrawn_at=None, **of)
    return _answers(rows, "action", "ref")


def _of_commitments(page: PlanPage, **of: Any) -> QuerySet[Any]:
    there = [state.id for state in page.state.commitments if not state.is_withdrawn]
    rows = CommitmentFinding.objects.filter(commitment__in=there, **of)
    return _answers(rows, "commitment", "ref")


def answered_by_area(page: PlanPage, area: int) -> tuple[list[FindingItem], list[FindingItem]]:
    """The findings that an area answers, and those that only its actions and commitments do.

    With what was judged of each. Two queries.
    """
    rows = list(
        _of_areas(area=area).union(
            _of_actions(action__area=area),
            _of_commitments(page, commitment__action__area=area),
            all=True,
        )
    )
    judged = judgements_by_finding(page, Q(finding__in={row.finding_id for row in rows}))
    own = [row for row in rows if row.what == "area"]
    known = {row.finding_id for row in own}
    through = [row for row in rows if row.finding_id not in known]
    return (
        [_item(page, of_one, judged, []) for of_one in _by_finding(own)],
        [_item(page, of_one, judged, of_one) for of_one in _by_finding(through)],
    )


def answered_by_action(page: PlanPage, action: int) -> list[FindingItem]:
    """The findings that an action answers by itself. One query."""
    rows = _of_actions(action=action)
    return [_item(page, of_one, {}, []) for of_one in _by_finding(rows)]


def answered_by_commitment(page: PlanPage, commitment: int) -> list[FindingItem]:
    """The findings that a commitment answers by itself. One query."""
    rows = _of_commitments(page, commitment=commitment)
    return [_item(page, of_one, {}, []) for of_one in _by_finding(rows)]


def _by_finding(rows: Iterable[Any]) -> list[list[Any]]:
    """Rows of one finding together, the findings in the order of their inspections."""
    by_finding: dict[int, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=_printed_order):
        by_finding[row.finding_id].append(row)
    return list(by_finding.values())


def _printed_order(row: Any) -> tuple[Any, ...]:
    inspection = row.inspection_place
    return (inspection is None, inspection or 0, row.place, row.what, row.code)


def _item(
    page: PlanPage,
    rows: list[Any],
    judged: dict[int, list[JudgementItem]],
    answers: Iterable[Any],
) -> FindingItem:
    row = rows[0]
    return FindingItem(
        id=row.finding_id,
        code=row.finding_code,
        kind=row.finding_kind,
        name=finding_name(row.finding_kind, row.finding_number),
        title=row.finding_short_title,
        text=row.finding_text,
        addressed_to=row.finding_addressed_to,
        reference=row.finding_reference,
        inspection="",
        answers=[_link(page, answer) for answer in answers],
        judgements=judged.get(row.finding_id, []),
    )


def _link(page: PlanPage, row: Any) -> formatting.Breadcrumb:
    return formatting.Breadcrumb(row.label, page.link(row.what, row.code))


# --- All of a plan ----------------------------------------------------------------------------


def plan_findings(page: PlanPage) -> tuple[list[FindingItem], list[JudgementItem]]:
    """The findings of a plan's inspection, its own, and whatever else its parts answer.

    As worded on the day, with what answers each and how it was judged; and what was judged of the
    plan as a whole. Three queries.
    """
    plan = page.plan
    links = list(
        _of_areas(area__plan=plan).union(
            _of_actions(action__plan=plan),
            _of_commitments(page, commitment__plan=plan),
            all=True,
        )
    )
    answers: dict[int, list[Any]] = defaultdict(list)
    for link in sorted(links, key=lambda link: link.what != "area"):
        answers[link.finding_id].append(link)
    ids = Finding.objects.filter(findings_of(plan) | Q(pk__in=list(answers))).values("pk")
    rows = [
        row
        for row in worded(Finding, page.worded_day, pk__in=ids).select_related("inspection")
        if row.withdrawn_at is None
    ]
    judged = judgements_by_finding(page, Q(plan=plan) | Q(finding__in=[row.key for row in rows]))
    items = [
        FindingItem(
            id=row.key,
            code=row.code,
            kind=row.kind,
            name=finding_name(row.kind, row.number),
            title=row.short_title,
            text=row.text,
            addressed_to=row.addressed_to,
            reference=row.reference,
            inspection=row.inspection.title if row.inspection else "",
            number=row.number,
            answers=[_link(page, link) for link in answers[row.key]],
            answered_by=tuple(
                Answer(link.what, link.holder, link.code, link.label) for link in answers[row.key]
            ),
            judgements=judged.get(row.key, []),
            is_judged=row.kind in JUDGED,
            found_on=row.inspection and (row.inspection.visited_from or row.inspection.letter_on),
            found_text=_found_text(row.inspection) if row.inspection else "",
        )
        for row in sorted(rows, key=_order)
    ]
    return items, judged.get(OF_PLAN, [])


def _found_text(inspection: Inspection) -> str:
    if inspection.visited_from and inspection.visited_to:
        return f"inspection, {_visit_text(inspection.visited_from, inspection.visited_to)}"
    if inspection.visited_from:
        return f"inspection, {formatting.short_day(inspection.visited_from)}"
    return f"letter of {formatting.short_day(inspection.letter_on)}" if inspection.letter_on else ""


def _visit_text(first: date, last: date) -> str:
    """`8–12 November 2021`, and both days in full over a month's end."""
    if (first.year, first.month) != (last.year, last.month):
        return formatting.days_text(first, last)
    return f"{first.day}–{formatting.short_day(last)}"


def _order(row: Any) -> tuple[Any, ...]:
    inspection = row.inspection
    return (inspection is None, inspection.position if inspection else 0, row.position)


# What is counted of each pair of judgements, and how the other is called beside it.
_PAIRS = (
    (Judgement.Verdict.SUFFICIENT, Judgement.Verdict.NOT_SUFFICIENT, "to show sufficient progress"),
    (Judgement.Verdict.EFFECTIVE, Judgement.Verdict.NOT_EFFECTIVE, "to have effective action"),
)
_NOUNS = {Finding.Kind.WEAKNESS: "weaknesses", Finding.Kind.PRIORITY: "priority actions"}


def verdict_texts(items: Iterable[FindingItem]) -> list[str]:
    """`Eight of 12 weaknesses were judged to show sufficient progress, four were not.`

    Each by what was said of it last; a sentence for what is judged so, none where nothing is.
    """
    there = list(items)
    sentences = []
    for good, bad, text in _PAIRS:
        labels = {good.label: True, bad.label: False}
        newest: list[bool] = []
        kinds = set()
        for item in there:
            said = [labels[one.text] for one in item.judgements if one.text in labels]
            if said:
                newest.append(said[-1])
                kinds.add(Finding.Kind(item.kind))
        if newest:
            noun = _NOUNS.get(kinds.pop(), "findings") if len(kinds) == 1 else "findings"
            sentences.append(_verdict_text(newest.count(True), len(newest), noun, text))
    return sentences


def _verdict_text(passed: int, judged: int, noun: str, text: str) -> str:
    count = formatting.number_text(passed).capitalize() if passed else "None"
    sentence = f"{count} of {judged} {noun} {_were(passed)} judged {text}"
    left = judged - passed
    if passed and left:
        sentence += f", {formatting.number_text(left)} {_were(left)} not"
    return f"{sentence}."


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


# --- What was judged of them ------------------------------------------------------------------


def judgements(page: PlanPage, which: Q) -> list[Judgement]:
    """What stood on the page's day, in time order: of a code the newest, which corrects the others.

    One query.
    """
    newest = (
        Judgement.objects.filter(which, effective_at__lt=end_of_day(page.day))
        .select_related("inspection")
        .order_by("finding_id", "plan_id", "code", "-recorded_at", "-id")
        .distinct("finding_id", "plan_id", "code")
    )
    return sorted(newest, key=lambda row: (row.judged_on or page.day, row.pk))


def judgements_by_finding(page: PlanPage, which: Q) -> dict[int, list[JudgementItem]]:
    """By finding; what was said of the plan as a whole is under `OF_PLAN`."""
    items: dict[int, list[JudgementItem]] = defaultdict(list)
    for row in judgements(page, which):
        items[row.finding_id or OF_PLAN].append(judgement_item(row))
    return items


def judgement_item(row: Judgement) -> JudgementItem:
    return JudgementItem(
        text=row.label,
        day_text=formatting.short_day(row.judged_on) if row.judged_on else "Not dated",
        by=row.judged_by or (row.inspection.title if row.inspection else ""),
        summary=row.summary,
        letter_text=_letter_text(row),
        on=row.judged_on,
        id=row.pk,
    )


def _letter_text(row: Judgement) -> str:
    """`Letter of 3 May 2023, SEND/17`; empty for none."""
    of = f"Letter of {formatting.short_day(row.letter_on)}" if row.letter_on else ""
    name = row.letter if of or not row.letter else f"Letter: {row.letter}"
    return ", ".join(text for text in (of, name) if text)


# --- Their inspection -------------------------------------------------------------------------


def inspection_facts(inspection: Inspection) -> list[formatting.Pair]:
    facts = []
    if inspection.kind:
        facts.append(formatting.Pair("Kind", inspection.get_kind_display()))
    if inspection.outcome:
        facts.append(formatting.Pair("Outcome", inspection.get_outcome_display()))
    if inspection.reinspection_expected:
        facts.append(formatting.Pair("Inspectors return", inspection.reinspection_expected))
    if inspection.visited_from and inspection.visited_to:
        visited = (
            f"{formatting.short_day(inspection.visited_from)} to "
            f"{formatting.short_day(inspection.visited_to)}"
        )
        facts.append(formatting.Pair("Inspected", visited))
    for label, day in (
        ("Letter", inspection.letter_on),
        ("Letter published", inspection.published_on),
    ):
        if day:
            facts.append(formatting.Pair(label, formatting.short_day(day)))
    return facts

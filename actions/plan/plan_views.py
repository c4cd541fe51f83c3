"""Reading a plan: the plan, an area, what the inspectors found."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions.areas.areas import areas_of, judgement_of
from actions.models import (
    Area,
    Finding,
    Judgement,
    Plan,
    ResponsibleOrganisation,
    Signatory,
)
from actions.pages import formatting
from actions.pages.addresses import address_of
from actions.pages.commitment_rows import untracked_text
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.records.text_versions import worded
from actions.rules.dates import end_of_day
from actions.rules.state import count

# --- The plan ---------------------------------------------------------------------------------


@require_GET
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug, may_be_shared=True)
    plan = page.plan
    counts = count(page.state.commitments)
    tracked = page.state.tracked and bool(page.state.commitments)
    areas = []
    for area in sorted(areas_of(page), key=lambda area: area.number):
        states = page.state.of_area(area.key)
        of_area = count(states)
        areas.append(
            {
                "number": area.number,
                "title": area.title,
                "url": page.link("area", area.number),
                "sro": area.sro,
                "commitments_text": formatting.plural(of_area.total, "commitment"),
                "judgement": judgement_of(area),
                "share": formatting.share_view(of_area) if tracked and of_area.total else None,
            }
        )
    responsible = ResponsibleOrganisation.objects.filter(plan=plan).values_list(
        "organisation__name", flat=True
    )
    return render(
        request,
        "actions/plan.html",
        {
            **page.context("plan"),
            "state_text": formatting.state_text(plan),
            "counts": formatting.counts_view(counts) if tracked else None,
            "not_enough": formatting.not_enough_text(counts) if tracked else "",
            "untracked_text": untracked_text(page),
            "areas": areas,
            "facts": [
                *_facts(plan),
                formatting.Pair("Jointly responsible", several=tuple(responsible)),
            ],
            "signatories": Signatory.objects.filter(plan=plan, withdrawn_at=None),
            "links": [
                formatting.Breadcrumb(label, url)
                for label, url, is_for_all in (
                    ("Significant weaknesses", page.url("actions:findings"), True),
                    ("Groups and boards", page.url("actions:bodies"), False),
                    ("Engagement", page.url("actions:engagement"), True),
                    ("Glossary", page.url("actions:glossary"), True),
                    ("Funding", page.url("actions:funding"), False),
                    ("History of edits", page.link("history_of_edits"), False),
                )
                # The others are refused to whoever reads a shared view.
                if is_for_all or not page.shared_view
            ],
            "successors": [],
            "colours_url": address_of("explanation", "colours"),
            "edit_url": page.access.is_officer and page.url("actions:edit_plan"),
        },
    )


def _facts(plan: Plan) -> list[formatting.Pair]:
    facts = [formatting.Pair("Period", plan.period)]
    if plan.agreed_by:
        where = (plan.agreement_reference,) if plan.agreement_reference else ()
        facts.append(formatting.Pair("Agreed by", several=(plan.agreed_by, *where)))
    if plan.closed_by:
        facts.append(formatting.Pair("Closed by", plan.closed_by))
    inspection = plan.inspection
    if inspection:
        facts += _inspection_facts(inspection)
    if plan.submission_due:
        facts.append(
            formatting.Pair("Due to the inspectors", formatting.short_day(plan.submission_due))
        )
    return facts


def _inspection_facts(inspection: Any) -> list[formatting.Pair]:
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


# --- An area ----------------------------------------------------------------------------------


# --- What the inspectors found ----------------------------------------------------------------


@require_GET
def findings(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug, may_be_shared=True)
    verdicts: dict[int, list[dict[str, str]]] = defaultdict(list)
    newest: dict[int, str] = {}
    for judgement in _judgements(page):
        newest[judgement.finding_id] = judgement.verdict
        verdicts[judgement.finding_id].append(
            {
                "words": judgement.get_verdict_display(),
                "day_text": formatting.short_day(judgement.judged_on),
                "by": judgement.inspection.title,
                "summary": judgement.summary,
            }
        )
    answering: dict[int, list[formatting.Breadcrumb]] = defaultdict(list)
    for answer in Area.objects.filter(plan=page.plan, finding__isnull=False):
        assert answer.finding_id is not None
        answering[answer.finding_id].append(
            formatting.Breadcrumb(f"Area {answer.number}", page.link("area", answer.number))
        )
    inspection = page.plan.inspection
    return render(
        request,
        "actions/findings.html",
        {
            **page.context("plan"),
            "breadcrumbs": [
                formatting.Breadcrumb("The plan", page.url("actions:plan")),
                formatting.Breadcrumb("Significant weaknesses"),
            ],
            "inspection": inspection
            and {
                "title": inspection.title,
                "facts": _inspection_facts(inspection),
                "note": inspection.note,
            },
            "verdict_text": _verdict_text(newest.values()),
            "findings": [
                {
                    "number": finding.number,
                    "text": finding.text,
                    "areas": [
                        {"title": crumb.label, "url": crumb.url} for crumb in answering[finding.key]
                    ],
                    "verdicts": verdicts[finding.key],
                }
                for finding in sorted(
                    worded(Finding, page.worded_day, plan=page.plan),
                    key=lambda finding: finding.number,
                )
                if finding.withdrawn_at is None
            ],
        },
    )


def _judgements(page: PlanPage) -> list[Judgement]:
    """Each inspection's verdict on each finding, in time order: the newest corrects others."""
    newest = (
        Judgement.objects.filter(finding__plan=page.plan, effective_at__lt=end_of_day(page.day))
        .select_related("inspection")
        .order_by("finding_id", "inspection_id", "-effective_at", "-recorded_at", "-id")
        .distinct("finding_id", "inspection_id")
    )
    return sorted(newest, key=lambda judgement: (judgement.judged_on, judgement.pk))


def _verdict_text(newest: Iterable[str]) -> str:
    """`Eight of 12 weaknesses were judged sufficient progress, four were not.`"""
    judged = list(newest)
    if not judged:
        return ""
    good = judged.count(Judgement.Verdict.SUFFICIENT)
    return (
        f"{formatting.number_text(good).capitalize()} of {len(judged)} weaknesses were judged to "
        f"show sufficient progress, {formatting.number_text(len(judged) - good)} were not."
    )

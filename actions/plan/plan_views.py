"""The page of a plan."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions.areas.areas import areas_of, judgement_of
from actions.areas.findings import inspection_facts
from actions.kept_pages import kept_page
from actions.models import (
    Notice,
    Plan,
    ResponsibleOrganisation,
    Signatory,
)
from actions.pages import formatting
from actions.pages.addresses import address_of
from actions.pages.commitment_rows import untracked_text
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.plan.growing.ways import propose_something
from actions.plan.succession.chain import chain_of
from actions.rules.state import count
from actions.rules.status import AtClosing
from actions.wording import levels


@require_GET
@kept_page()
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug, may_be_shared=True)
    plan = page.plan
    counts = count(page.state.commitments)
    tracked = page.state.tracked and bool(page.state.commitments)
    areas = []
    for area in sorted(areas_of(page), key=lambda area: area.position):
        states = page.state.of_area(area.key)
        of_area = count(states)
        areas.append(
            {
                "number": (number := formatting.narrow_ref(area)),
                "title": area.title if number else formatting.area_name(area),
                "url": page.link("area", area.code),
                "sro": area.sro,
                "commitments_text": levels().some("commitment", of_area.total),
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
            "at_closing": _at_closing(page),
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
                    ("Findings", page.link("findings"), True),
                    ("Groups and boards", page.url("actions:bodies"), False),
                    ("Documents", page.url("actions:documents"), False),
                    ("Engagement", page.url("actions:engagement"), True),
                    ("Glossary", page.url("actions:glossary"), True),
                    ("Funding", page.url("actions:funding"), False),
                    ("About this record", page.link("record"), False),
                    ("History of edits", page.link("history_of_edits"), False),
                )
                # The others are refused to whoever reads a shared view.
                if is_for_all or not page.shared_view
            ],
            "chain": chain_of(page),
            "colours_url": address_of("explanation", "colours"),
            "propose": propose_something(page),
            "edit_url": page.access.is_officer and page.url("actions:edit_plan"),
        },
    )


def _at_closing(page: PlanPage) -> list[dict[str, Any]]:
    """What became of what was open as the plan closed, each with the list of so many."""
    said = Counter(state.at_closing for state in page.state.commitments)
    commitments = page.url("actions:commitments")
    begins = "&" if "?" in commitments else "?"
    return [
        {
            "label": outcome.label,
            "number": number,
            # The list is refused to whoever reads a shared view.
            "url": "" if page.shared_view else f"{commitments}{begins}closing={outcome.value}",
        }
        for outcome in AtClosing
        if (number := said[outcome])
    ]


def _facts(plan: Plan) -> list[formatting.Pair]:
    facts = [formatting.Pair("Period", plan.period)]
    if plan.agreed_by:
        where = (plan.agreement_reference,) if plan.agreement_reference else ()
        facts.append(formatting.Pair("Agreed by", several=(plan.agreed_by, *where)))
    if plan.closed_by:
        facts.append(formatting.Pair("Closed by", plan.closed_by))
    inspection = plan.inspection
    if inspection:
        facts += inspection_facts(inspection)
    facts += [
        _notice_fact(notice) for notice in Notice.objects.filter(plan=plan, withdrawn_at=None)
    ]
    if plan.submission_due:
        facts.append(
            formatting.Pair("Due to the inspectors", formatting.short_day(plan.submission_due))
        )
    return facts


def _notice_fact(notice: Notice) -> formatting.Pair:
    """From when to when it stands, and who oversees it."""
    days = f"from {formatting.short_day(notice.issued_on)}"
    if notice.ended_on:
        days += f" to {formatting.short_day(notice.ended_on)}"
    chair = f"Chair: {notice.chair}" if notice.chair else ""
    told = (days, notice.board, chair, notice.note)
    return formatting.Pair(notice.get_kind_display(), several=tuple(filter(None, told)))

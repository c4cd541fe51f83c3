"""The plan's back pages: bodies, engagement, glossary, funding."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions import access
from actions.models import Body, Engagement, FundingLine, GlossaryTerm, PlanContact
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_plan_page


def _breadcrumbs(page: PlanPage, title: str) -> list[formatting.Breadcrumb]:
    return [
        formatting.Breadcrumb("The plan", page.url("actions:plan")),
        formatting.Breadcrumb(title),
    ]


def _edit_url(page: PlanPage, kind: str) -> str:
    """Where an officer changes what the page shows; empty for others and of another day."""
    if not page.is_today or not access.can_edit_people(page.access):
        return ""
    return f"{page.url('actions:edit_reference')}#{kind}"


def _spent(line: FundingLine) -> str:
    """`£12,000 by 30 November 2026`; empty where nothing is said."""
    if line.spent is None or line.spent_on is None:
        return ""
    return f"{formatting.pounds(line.spent)} by {formatting.short_day(line.spent_on)}"


@require_GET
def bodies(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    rows = (
        Body.objects.filter(plan=page.plan, withdrawn_at=None)
        .select_related("area")
        .prefetch_related("members__people", "members__organisations")
    )
    return render(
        request,
        "actions/bodies.html",
        {
            **page.context("plan"),
            "breadcrumbs": _breadcrumbs(page, "Groups and boards"),
            "contacts": [
                {
                    "name": contact.name,
                    "role": contact.job_title or contact.get_role_display(),
                    # What they are for the plan, where their own title does not say it.
                    "role_note": contact.get_role_display() if contact.job_title else "",
                    "organisation": contact.organisation,
                    "email": contact.email,
                    "phone": contact.phone,
                }
                for contact in PlanContact.objects.filter(plan=page.plan, withdrawn_at=None)
            ],
            "edit_url": access.can_edit_people(page.access) and page.url("actions:edit_people"),
            "bodies": [
                {
                    "name": body.name,
                    "kind_text": body.get_kind_display(),
                    "area": body.area,
                    "note": body.note,
                    "anchor": f"body-{body.position}",
                    "members": [
                        {
                            "role": member.role,
                            "people": " and ".join(person.name for person in member.people.all()),
                            "organisations": ", ".join(
                                organisation.name for organisation in member.organisations.all()
                            ),
                        }
                        for member in body.members.all()
                        if member.withdrawn_at is None
                    ],
                }
                for body in rows
            ],
        },
    )


@require_GET
def engagement(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug, may_be_shared=True)
    return render(
        request,
        "actions/engagement.html",
        {
            **page.context("plan"),
            "breadcrumbs": _breadcrumbs(page, "Engagement"),
            "edit_url": _edit_url(page, "engagement"),
            "entries": Engagement.objects.filter(
                plan=page.plan, withdrawn_at=None, on__lte=page.day
            ),
        },
    )


@require_GET
def glossary(request: HttpRequest, slug: str) -> HttpResponse:
    """Terms as printed; two meanings of one abbreviation stand together."""
    page = get_plan_page(request, slug, may_be_shared=True)
    meanings: dict[str, list[str]] = defaultdict(list)
    for term in GlossaryTerm.objects.filter(plan=page.plan, withdrawn_at=None):
        meanings[term.abbreviation].append(term.meaning)
    return render(
        request,
        "actions/glossary.html",
        {
            **page.context("plan"),
            "breadcrumbs": _breadcrumbs(page, "Glossary"),
            "edit_url": _edit_url(page, "glossary-term"),
            "terms": [
                {"abbreviation": abbreviation, "meanings": several}
                for abbreviation, several in meanings.items()
            ],
        },
    )


@require_GET
def funding(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    funding_lines = list(
        FundingLine.objects.filter(plan=page.plan, withdrawn_at=None).prefetch_related("amounts")
    )
    years = sorted(
        {amount.year for funding_line in funding_lines for amount in funding_line.amounts.all()}
    )
    totals: dict[str, Decimal] = defaultdict(Decimal)
    rows: list[dict[str, Any]] = []
    for funding_line in funding_lines:
        if funding_line.total is not None:
            continue
        by_year = {amount.year: amount.amount for amount in funding_line.amounts.all()}
        for year, sum_of_year in by_year.items():
            totals[year] += sum_of_year or 0
        given = [sum_of_year for sum_of_year in by_year.values() if sum_of_year is not None]
        rows.append(
            {
                "title": funding_line.title,
                "source": funding_line.source,
                "note": funding_line.note,
                "spent": _spent(funding_line),
                "amounts": [formatting.pounds(by_year.get(year)) for year in years],
                "total": formatting.pounds(sum(given, Decimal())) if given else "",
            }
        )
    return render(
        request,
        "actions/funding.html",
        {
            **page.context("plan"),
            "breadcrumbs": _breadcrumbs(page, "Funding"),
            "edit_url": _edit_url(page, "funding-line"),
            "years": years,
            "says_spent": any(line.spent is not None for line in funding_lines),
            "apart": [
                {
                    "title": funding_line.title,
                    "source": funding_line.source,
                    "period": funding_line.period,
                    "note": funding_line.note,
                    "spent": _spent(funding_line),
                    "total": formatting.pounds(funding_line.total),
                }
                for funding_line in funding_lines
                if funding_line.total is not None
            ],
            "lines": rows,
            "totals": [formatting.pounds(totals[year]) for year in years],
            "grand_total": formatting.pounds(sum(totals.values(), Decimal())) if rows else "",
        },
    )

"""Recording what an outside body judged of a finding, and putting it right."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions import access
from actions.areas.findings import judgement_item, plan_findings
from actions.areas.judgement_forms import JudgementForm
from actions.areas.judgements import record_judgement
from actions.forms.refusals import show_refusal
from actions.models import Finding, Judgement
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_page_today


@require_http_methods(["GET", "POST"])
def judge_finding(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """`?corrects=` names the judgement that the new one takes the place of."""
    page = get_page_today(request, slug)
    access.require(access.can_record_judgement(page.access))
    item = next((item for item in plan_findings(page)[0] if item.code == code), None)
    if item is None:
        raise Http404
    corrects = _corrected(request, item.id)
    form = JudgementForm(
        request.POST if request.method == "POST" else None,
        plan=page.plan,
        initial=_initial(corrects) if corrects else {},
    )
    finding_url = page.link("finding", code)
    if form.is_valid():
        try:
            record_judgement(
                plan=page.plan,
                finding=Finding.objects.get(pk=item.id),
                by=page.access.user,
                today=page.today,
                corrects=corrects,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"The judgement of {item.name} is on record.")
            return redirect(finding_url)
    return render(
        request,
        "actions/judge_finding.html",
        {
            **page.context("plan"),
            "breadcrumbs": _breadcrumbs(page, item.name, finding_url),
            "finding": item,
            "corrects": judgement_item(corrects) if corrects else None,
            "form": form,
            "leave_url": finding_url,
        },
        status=422 if form.errors else 200,
    )


def _corrected(request: HttpRequest, finding: int) -> Judgement | None:
    pk = request.GET.get("corrects", "")
    if not pk:
        return None
    if not (pk.isascii() and pk.isdigit()):
        raise Http404
    row = Judgement.objects.filter(finding=finding, pk=int(pk)).first()
    if row is None:
        raise Http404
    return row


def _initial(row: Judgement) -> dict[str, Any]:
    names = ("verdict", "rating", "judged_on", "judged_by", "letter", "letter_on", "summary")
    return {name: getattr(row, name) for name in names} | {"inspection": row.inspection_id}


def _breadcrumbs(page: PlanPage, name: str, url: str) -> list[formatting.Breadcrumb]:
    return [
        formatting.Breadcrumb("The plan", page.url("actions:plan")),
        formatting.Breadcrumb("Findings", page.link("findings")),
        formatting.Breadcrumb(name, url),
    ]

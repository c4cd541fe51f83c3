"""The documents of a plan: the list as at a day, adding one, its file, withdrawing it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.documents import documents
from actions.documents.forms import DocumentForm, WithdrawDocumentForm
from actions.forms.refusals import show_refusal
from actions.io import storage
from actions.io.serving import file_response
from actions.models import PlanDocument
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_page_today, get_plan_page
from actions.rules.dates import day_of, end_of_day
from wsoa.accounts.security_log import note


@require_GET
def document_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first by the day they bear; those without one last."""
    page = get_plan_page(request, slug)
    may_change = page.is_today and access.can_add_documents(page.access)
    return render(
        request,
        "actions/documents.html",
        {
            **page.context("plan"),
            "breadcrumbs": _breadcrumbs(page),
            "add_url": page.url("actions:add_document") if may_change else "",
            "documents": [
                {
                    "title": row.title,
                    "kind": row.get_kind_display(),
                    "facts": _facts(row),
                    "url": row.link or (_file_url(page, row) if row.digest else ""),
                    "file_text": f"{row.file_name}, {storage.size_text(row.size or 0)}"
                    if row.digest
                    else "",
                    "note": row.note,
                    "added_text": f"Added {formatting.short_day(day_of(row.effective_at))} by "
                    f"{row.by.name if row.by else row.source}",
                    "withdraw_url": page.url("actions:withdraw_document", row.pk)
                    if may_change
                    else "",
                }
                for row in _on(page)
            ],
        },
    )


def _on(page: PlanPage) -> QuerySet[PlanDocument]:
    end = end_of_day(page.day)
    return (
        PlanDocument.objects.filter(plan=page.plan, effective_at__lt=end)
        .exclude(withdrawal__effective_at__lt=end)
        .select_related("by", "area")
        .order_by(F("dated_on").desc(nulls_last=True), "-effective_at", "-pk")
    )


def _facts(row: PlanDocument) -> str:
    """`14 September 2021. Version 2. From Ofsted and CQC. Area 1. May be shared outside`"""
    return ". ".join(
        text
        for text in (
            formatting.short_day(row.dated_on) if row.dated_on else "",
            row.version,
            f"From {row.author}" if row.author else "",
            row.area.label if row.area else "",
            row.get_visibility_display()
            if row.visibility == PlanDocument.Visibility.SHAREABLE
            else "",
        )
        if text
    )


def _file_url(page: PlanPage, row: PlanDocument) -> str:
    return page.url("actions:document_file", row.pk)


@require_http_methods(["GET", "POST"])
def add_document(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_page_today(request, slug)
    access.require(access.can_add_documents(page.access))
    posted = request.method == "POST"
    form = DocumentForm(
        request.POST if posted else None, request.FILES if posted else None, plan=page.plan
    )
    if form.is_valid():
        try:
            documents.add_document(
                plan=page.plan, by=page.access.user, today=page.today, **form.cleaned_data
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The document is added.")
            return redirect("actions:documents", slug)
    return render(
        request,
        "actions/add_document.html",
        {
            **page.context("plan"),
            "breadcrumbs": _breadcrumbs(page, "Add a document"),
            "form": form,
            "leave_url": page.url("actions:documents"),
        },
        status=422 if form.errors else 200,
    )


@require_GET
def document_file(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """The file as it was sent, to be saved and never to be run in the browser."""
    page = get_plan_page(request, slug)
    row = get_object_or_404(
        PlanDocument.objects.exclude(digest="").select_related("withdrawal"),
        pk=pk,
        plan=page.plan,
    )
    context = {
        **page.context("plan"),
        "breadcrumbs": _breadcrumbs(page),
        "back_text": "the documents",
        "what": "document",
        "title": row.title,
        "leave_url": page.url("actions:documents"),
    }
    if hasattr(row, "withdrawal"):
        context |= {
            "day_text": formatting.short_day(day_of(row.withdrawal.effective_at)),
            "reason": row.withdrawal.reason,
        }
        return render(request, "actions/no_file.html", context, status=410)
    try:
        return file_response(row)
    except storage.WrongFile as wrong:
        note("document-file-wrong", document=row.pk, problem=str(wrong), digest=row.digest)
        context |= {"problem": str(wrong)}
        return render(request, "actions/no_file.html", context, status=404)


@require_http_methods(["GET", "POST"])
def withdraw_document(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = get_page_today(request, slug)
    row = get_object_or_404(PlanDocument.objects.select_related("plan"), pk=pk, plan=page.plan)
    access.require(access.can_add_documents(page.access))
    form = WithdrawDocumentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            documents.withdraw_document(document=row, by=page.access.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The document is withdrawn.")
            return redirect("actions:documents", slug)
    return render(
        request,
        "actions/withdraw_document.html",
        {
            **page.context("plan"),
            "breadcrumbs": _breadcrumbs(page, "Withdraw a document"),
            "title": row.title,
            "form": form,
            "leave_url": page.url("actions:documents"),
        },
        status=422 if form.errors else 200,
    )


def _breadcrumbs(page: PlanPage, last: str = "") -> list[formatting.Breadcrumb]:
    crumbs = [formatting.Breadcrumb("The plan", page.url("actions:plan"))]
    if not last:
        return [*crumbs, formatting.Breadcrumb("Documents")]
    return [
        *crumbs,
        formatting.Breadcrumb("Documents", page.url("actions:documents")),
        formatting.Breadcrumb(last),
    ]

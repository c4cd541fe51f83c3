"""What an officer sets up for reports: the series, who approves them, the council's Word file."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.plan.editing import PARTS
from actions.plan.editing_views import require_edit, section
from reports.models import WordTemplate
from reports.series import editing
from reports.series.editing_forms import WordTemplateForm

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_http_methods(["GET", "POST"])
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """The series and the approvers. A POST adds the usual ones where there are none."""
    page = _open(request, slug)
    if request.method == "POST":
        try:
            editing.add_usual(plan=page.plan, by=page.access.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "The usual series are added. Look at each before you use it.")
        return redirect("reports:series", slug)
    sections = [
        {**section(page, PARTS[kind], page.plan, title), "about": about}
        for kind, title, about in (
            ("report-series", "Report series", "What is reported how often, and to whom."),
            (
                "approver",
                "Approvers",
                "Who approves quarterly and 6-monthly reports for each organisation.",
            ),
        )
    ]
    return render(
        request,
        "reports/series.html",
        {
            **page.context("reports"),
            "breadcrumbs": _breadcrumbs(page),
            "sections": sections,
            "is_empty": not sections[0]["lines"],
            "usual_titles": editing.usual_titles(page.plan.kind),
            "unable": [str(approver) for approver in editing.unable_approvers(page.plan)],
            "calendar_url": page.url("reports:calendar"),
            "word_template_url": page.url("reports:word_template"),
        },
    )


@require_http_methods(["GET", "POST"])
def word_template(request: HttpRequest, slug: str) -> HttpResponse:
    """The Word file whose styles reports take on: sent, taken out, or our plain one."""
    page = _open(request, slug)
    goes_plain = request.method == "POST" and "plain" in request.POST
    is_sent = request.method == "POST" and not goes_plain
    form = WordTemplateForm(*(request.POST, request.FILES) if is_sent else ())
    if goes_plain:
        editing.use_word_template(plan=page.plan, by=page.access.user)
        messages.success(request, "Reports in Word have the plain styles again.")
        return redirect("reports:word_template", slug)
    if form.is_valid():
        file_name, content = form.cleaned_data["file"]
        editing.use_word_template(
            plan=page.plan, by=page.access.user, file_name=file_name, content=content
        )
        messages.success(request, f"Reports in Word have the styles of {file_name} from now on.")
        return redirect("reports:word_template", slug)
    used = WordTemplate.in_use(page.plan)
    return render(
        request,
        "reports/word_template.html",
        {
            **page.context("reports"),
            "breadcrumbs": _breadcrumbs(page),
            "form": form,
            "used": used
            and {
                "name": used.file_name,
                "since": formatting.short_day(timezone.localdate(used.uploaded_at)),
                "by": str(used.by),
                "url": page.url("reports:word_template_file"),
            },
            "leave_url": page.url("reports:series"),
        },
        status=422 if form.errors else 200,
    )


@require_GET
def word_template_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The file in use, to be saved and never to be shown."""
    page = _open(request, slug)
    used = WordTemplate.in_use(page.plan)
    if used is None:
        raise Http404
    return HttpResponse(
        bytes(used.content),
        content_type=DOCX,
        headers={
            "Content-Disposition": content_disposition_header(True, used.file_name) or "",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _open(request: HttpRequest, slug: str) -> PlanPage:
    page = get_plan_page(request, slug)
    require_edit(page, is_agreed=False)
    access.require(access.can_set_up_reports(page.access))
    return page


def _breadcrumbs(page: PlanPage) -> list[formatting.Breadcrumb]:
    return [formatting.Breadcrumb("Reports", page.url("reports:index"))]

"""Past progress from a file: the template, the upload, a preview, and applying it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.backfill import past_updates
from actions.backfill.past_updates import COLUMNS, EXAMPLE, Checked
from actions.evidence.forms import PastProgressForm
from actions.io import storage
from actions.models import ProgressUpload
from actions.pages import exporting, formatting
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.rules.dates import add_months, day_of

# A file with thousands of wrong rows has one mistake made thousands of times.
MOST_PROBLEMS_SHOWN = 500
ROWS_A_PAGE = 100

# What goes into each column, and how wide it is in the template.
_WORDS = {
    "ref": ("The reference of the commitment, as in the plan.", 18),
    "date": ("The day the update speaks of: 2022-05-31, 31/05/2022 or 31 May 2022.", 14),
    "rating": ("The colour as a word: Blue, Green, Amber, Red or Grey.", 10),
    "progress": ("What happened. It goes into reports.", 60),
    "risk": ("Needed for Amber (the risk) and Red (the issue).", 36),
    "mitigation": ("What was being done about it.", 36),
    "help_needed": ("Needed for Red: what help, and from whom.", 36),
    "changed_for_families": ("Needed for Blue.", 36),
    "evidence": ("Its name or web address. Needed for Blue, if there is none yet.", 36),
    "work_starts": ("Needed for Grey: the month, for example June 2022.", 14),
    "on_behalf_of": ("The lead whose account it is, by name.", 24),
    "source": ("Where it comes from, for example “Paper for the May board”.", 36),
}


@require_http_methods(["GET", "POST"])
def upload_progress(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    access.require(access.can_import_progress(page.access))
    posted = request.method == "POST"
    form = PastProgressForm(request.POST if posted else None, request.FILES if posted else None)
    problems: list[str] = []
    if form.is_valid():
        uploaded = form.cleaned_data["file"]
        try:
            upload = past_updates.keep_upload(
                plan=page.plan,
                by=page.access.user,
                file_name=storage.safe_name(uploaded.name),
                data=storage.read_small(uploaded),
            )
        except ValidationError as refusal:
            problems = refusal.messages
            count = formatting.plural(len(problems), "thing needs", "things need")
            form.add_error("file", f"{count} putting right in this file. Nothing was brought in")
        else:
            for notice in upload.notices:
                messages.warning(request, notice)
            return redirect("actions:upload_preview", slug, upload.kept.pk)
    return render(
        request,
        "actions/upload_progress.html",
        {
            **_context(page),
            "form": form,
            "problems": problems[:MOST_PROBLEMS_SHOWN],
            "more_problems": max(len(problems) - MOST_PROBLEMS_SHOWN, 0),
            "columns": [
                formatting.Pair(
                    f"{column.title}, needed" if column.is_required else column.title,
                    _WORDS[column.key][0],
                )
                for column in COLUMNS
            ],
            "templates": exporting.files_of(
                lambda kind: page.url("actions:progress_template", kind)
            ),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def upload_preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What a kept file would change, and the press that applies it."""
    page = get_plan_page(request, slug)
    access.require(access.can_import_progress(page.access))
    upload = get_object_or_404(ProgressUpload.objects.select_related("plan"), pk=pk, plan=page.plan)
    problems: list[str] = []
    if request.method == "POST":
        try:
            count = past_updates.apply_upload(upload=upload, by=page.access.user)
        except ValidationError as refusal:
            problems = refusal.messages
        else:
            words = formatting.plural(count, "update is", "updates are")
            messages.success(request, f"{words} brought in from {upload.file_name}.")
            return redirect(page.url("actions:upload_preview", pk))
    applied = upload.applied_at
    rows = past_updates.rows_of(upload)
    result = None if applied else past_updates.checked(upload.plan, rows, page.today)
    if result and not problems:
        problems = [str(problem) for problem in result.problems]
    page_of_rows = Paginator(sorted(rows, key=lambda row: row.number), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "actions/upload_preview.html",
        {
            **_context(page),
            "file_name": upload.file_name,
            "applied_words": f"Applied on {formatting.short_day(day_of(applied))}."
            if applied
            else "",
            "problems": problems[:MOST_PROBLEMS_SHOWN],
            "more_problems": max(len(problems) - MOST_PROBLEMS_SHOWN, 0),
            "facts": _facts(result) if result and not problems else [],
            "changes": result.changes if result else [],
            "press_words": ""
            if applied or problems
            else f"Bring in {formatting.plural(len(rows), 'update')}",
            "rows": [
                {
                    "number": row.number,
                    "ref": row.ref,
                    "day_words": formatting.short_day(row.day),
                    "rating": row.rating,
                    "text": row.progress,
                    "about": _about(row),
                }
                for row in page_of_rows
            ],
            "page": page_of_rows,
            "numbers": page_of_rows.paginator.get_elided_page_range(page_of_rows.number),
        },
        status=409 if request.method == "POST" else 200,
    )


def _about(row: past_updates.PastRow) -> str:
    who = f"{row.on_behalf_of}. " if row.on_behalf_of else ""
    return f"{who}From: {row.source}."


def _facts(result: Checked) -> list[formatting.Pair]:
    days = sorted(row.row.day for row in result.rows)
    facts = [
        formatting.Pair("Updates", len(result.rows)),
        formatting.Pair("Commitments", len(result.refs)),
        formatting.Pair("From", formatting.short_day(days[0])),
        formatting.Pair("To", formatting.short_day(days[-1])),
    ]
    if result.blues:
        facts.append(formatting.Pair("Blues, as proposals", result.blues))
    return facts


@require_GET
def progress_template(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """An empty file with the columns, two examples to delete, and what goes into each column."""
    page = get_plan_page(request, slug)
    access.require(access.can_import_progress(page.access))
    exporting.require_file(kind)
    ref = next((row.ref for row in page.state.commitments), "1.1.1a")
    last_month = add_months(page.today.replace(day=1), -1)
    examples: list[dict[str, str]] = [
        {
            "ref": f"{EXAMPLE} {ref}",
            "date": last_month.isoformat(),
            "rating": "Amber",
            "progress": "This is an example: delete this row.",
            "risk": "One of two posts is still empty.",
            "mitigation": "It is advertised again.",
            "source": "Paper for the board",
        },
        {
            "ref": f"{EXAMPLE} {ref}",
            "date": last_month.replace(day=20).isoformat(),
            "rating": "Green",
            "progress": "This is an example too: delete this row.",
        },
    ]
    sheet = exporting.Sheet(
        "Past progress",
        tuple(column.title for column in COLUMNS),
        tuple(_WORDS[column.key][1] for column in COLUMNS),
        [tuple(example.get(column.key, "") for column in COLUMNS) for example in examples],
        [
            ("Plan", f"{page.plan.title}, {page.plan.local_area}"),
            ("As at", page.today.isoformat()),
            ("Examples", f"Delete the rows that begin with {EXAMPLE}."),
            *((column.title, _WORDS[column.key][0]) for column in COLUMNS),
        ],
    )
    return exporting.download(page, sheet, kind)


def _context(page: PlanPage) -> dict[str, object]:
    return {
        **page.context("plan"),
        "crumbs": [
            formatting.Crumb("The plan", page.url("actions:plan")),
            formatting.Crumb("Past progress", page.url("actions:upload_progress")),
        ],
        "leave_url": page.url("actions:plan"),
    }

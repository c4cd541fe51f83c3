"""Past progress from a file: the template, the upload, a preview, and applying it."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import lazystr
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.backfill import past_updates
from actions.backfill.past_updates import COLUMNS, EXAMPLE, Checked
from actions.io.sheets import Sheet
from actions.models import ProgressUpload
from actions.pages import exporting, formatting
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.pages.uploads import Preview, UploadPages, preview_page, upload_page
from actions.rules.dates import add_months
from actions.wording import in_words, in_words_lazy, scale


class _ColourWords:
    def __str__(self) -> str:
        *others, last = scale().words_to_give
        return f"The colour as a word: {', '.join(others)} or {last}."


# What goes into each column, and how wide it is in the template.
_WORDS = {
    "ref": (in_words_lazy("The reference of the {commitment}, as in the plan."), 18),
    "date": ("The day the update speaks of: 2022-05-31, 31/05/2022 or 31 May 2022.", 14),
    "rating": (lazystr(_ColourWords()), 10),
    "progress": ("What happened. It goes into reports.", 60),
    "risk": (in_words_lazy("Needed for {Amber} (the risk) and {Red} (the issue)."), 36),
    "mitigation": ("What was being done about it.", 36),
    "help_needed": (in_words_lazy("Needed for {Red}: what help, and from whom."), 36),
    "changed_for_families": (in_words_lazy("Needed for {Blue}."), 36),
    "evidence": (
        in_words_lazy("Its name or web address. Needed for {Blue}, if there is none yet."),
        36,
    ),
    "work_starts": (in_words_lazy("Needed for {Grey}: the month, for example June 2022."), 14),
    "on_behalf_of": ("The lead whose account it is, by name.", 24),
    "source": ("Where it comes from, for example “Paper for the May board”.", 36),
}


PAGES = UploadPages(
    upload_template="actions/upload_progress.html",
    preview_template="actions/upload_preview.html",
    preview_url="actions:upload_preview",
    template_url="actions:progress_template",
    file_label="File of past updates",
    file_help="The template filled in, as Excel (.xlsx) or CSV.",
    noun="update",
    verb="Bring in",
    done="brought in",
    applied="Applied",
)


@require_http_methods(["GET", "POST"])
def upload_progress(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    access.require(access.can_import_progress(page.access))
    return upload_page(
        page,
        PAGES,
        past_updates.keep_upload,
        columns=(
            formatting.Pair(
                f"{column.title}, needed" if column.is_required else column.title,
                _WORDS[column.key][0],
            )
            for column in COLUMNS
        ),
        context=_context(page),
    )


@require_http_methods(["GET", "POST"])
def upload_preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What a kept file would change, and the press that applies it."""
    page = get_plan_page(request, slug)
    access.require(access.can_import_progress(page.access))
    upload = get_object_or_404(ProgressUpload.objects.select_related("plan"), pk=pk, plan=page.plan)
    return preview_page(
        page,
        PAGES,
        upload,
        apply=lambda: past_updates.apply_upload(upload=upload, by=page.access.user),
        preview=lambda: _preview(upload, page.today),
        context=_context(page),
    )


def _preview(upload: ProgressUpload, today: date) -> Preview:
    rows = past_updates.rows_of(upload)
    in_order = sorted(rows, key=lambda row: row.number)
    if upload.applied_at:
        return Preview(in_order, _row, context={"changes": []})
    result = past_updates.checked(upload.plan, rows, today)
    return Preview(
        in_order,
        _row,
        problems=result.problems,
        facts=lambda: _facts(result),
        context={"changes": result.changes},
    )


def _row(row: past_updates.PastRow) -> dict[str, object]:
    return {
        "number": row.number,
        "ref": row.ref,
        "day_text": formatting.short_day(row.day),
        "rating": row.rating,
        "word": row.word,
        "text": row.progress,
        "about": _about(row),
    }


def _about(row: past_updates.PastRow) -> str:
    who = f"{row.on_behalf_of}. " if row.on_behalf_of else ""
    return f"{who}From: {row.source}."


def _facts(result: Checked) -> list[formatting.Pair]:
    days = sorted(row.row.day for row in result.rows)
    facts = [
        formatting.Pair("Updates", len(result.rows)),
        formatting.Pair(in_words("{Commitments}"), len(result.refs)),
        formatting.Pair("From", formatting.short_day(days[0])),
        formatting.Pair("To", formatting.short_day(days[-1])),
    ]
    if result.blues:
        facts.append(formatting.Pair(in_words("{Blues}, as proposals"), result.blues))
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
            "rating": scale().amber,
            "progress": "This is an example: delete this row.",
            "risk": "One of two posts is still empty.",
            "mitigation": "It is advertised again.",
            "source": "Paper for the board",
        },
        {
            "ref": f"{EXAMPLE} {ref}",
            "date": last_month.replace(day=20).isoformat(),
            "rating": scale().green,
            "progress": "This is an example too: delete this row.",
        },
    ]
    sheet = Sheet(
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
        "breadcrumbs": [
            formatting.Breadcrumb("The plan", page.url("actions:plan")),
            formatting.Breadcrumb("Past progress", page.url("actions:upload_progress")),
        ],
        "leave_url": page.url("actions:plan"),
    }

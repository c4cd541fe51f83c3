"""A file of many rows: its template, the upload, a preview of what it would change, applying it.

One flow for every kind of file. What was read is kept until the same rows are applied, all or
nothing, after a preview; until then nothing of the plan changes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from actions.io import storage
from actions.io.spreadsheets import KeptFile
from actions.pages import exporting, formatting
from actions.pages.plan_page import PlanPage
from actions.rules.dates import day_of

# A file with thousands of wrong rows has one mistake made thousands of times.
MOST_PROBLEMS_SHOWN = 500
ROWS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class UploadPages:
    """The pages of one kind of file, by the names of templates and addresses, and their words."""

    upload_template: str
    preview_template: str
    preview_url: str
    template_url: str
    file_label: str
    file_help: str
    # `update`, `Bring in`, `brought in`, `Applied`
    noun: str
    verb: str
    done: str
    applied: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a kept file holds and would change."""

    rows: Sequence[Any]
    # A row as the table takes it; None for one that is not to be shown.
    shown: Callable[[Any], Mapping[str, object] | None]
    problems: Iterable[object] = ()
    # Asked for where there are no problems.
    facts: Callable[[], list[formatting.Pair]] = list
    # What the template of this kind takes besides.
    context: Mapping[str, object] = field(default_factory=dict)


class UploadForm(forms.Form):
    file = forms.FileField(
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "Choose a file", "invalid": "Choose a file"},
    )

    def __init__(self, *args: Any, label: str, help_text: str) -> None:
        super().__init__(*args)
        self.fields["file"].label = label
        self.fields["file"].help_text = help_text


def upload_page(
    page: PlanPage,
    pages: UploadPages,
    keep: Callable[..., KeptFile[Any]],
    *,
    columns: Iterable[formatting.Pair],
    context: Mapping[str, object],
) -> HttpResponse:
    """The form of a file; `keep` reads and keeps it, or refuses with all that is wrong in it."""
    request = page.request
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        label=pages.file_label,
        help_text=pages.file_help,
    )
    problems: list[str] = []
    if form.is_valid():
        uploaded = form.cleaned_data["file"]
        try:
            upload = keep(
                plan=page.plan,
                by=page.access.user,
                file_name=storage.safe_name(uploaded.name),
                data=storage.read_small(uploaded),
            )
        except ValidationError as refusal:
            problems = refusal.messages
            count = formatting.plural(len(problems), "thing needs", "things need")
            form.add_error("file", f"{count} putting right in this file. Nothing was {pages.done}")
        else:
            for notice in upload.notices:
                messages.warning(request, notice)
            return redirect(pages.preview_url, page.plan.slug, upload.kept.pk)
    return render(
        request,
        pages.upload_template,
        {
            **context,
            "form": form,
            **_listed(problems),
            "columns": list(columns),
            "templates": exporting.files_of(lambda kind: page.url(pages.template_url, kind)),
        },
        status=422 if form.errors else 200,
    )


def preview_page(
    page: PlanPage,
    pages: UploadPages,
    upload: Any,
    *,
    apply: Callable[[], int],
    preview: Callable[[], Preview],
    context: Mapping[str, object],
) -> HttpResponse:
    """What a kept file would change, and the press that applies it.

    `preview` is asked after `apply` has refused, so that it says what stands in the way now.
    """
    request = page.request
    problems: list[str] = []
    if request.method == "POST":
        try:
            count = apply()
        except ValidationError as refusal:
            problems = refusal.messages
        else:
            amount = formatting.plural(count, f"{pages.noun} is", f"{pages.noun}s are")
            messages.success(request, f"{amount} {pages.done} from {upload.file_name}.")
            return redirect(page.url(pages.preview_url, upload.pk))
    applied = upload.applied_at
    shown_preview = preview()
    problems = problems or [str(problem) for problem in shown_preview.problems]
    page_of_rows = Paginator(shown_preview.rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    amount = formatting.plural(len(shown_preview.rows), pages.noun)
    return render(
        request,
        pages.preview_template,
        {
            **context,
            "file_name": upload.file_name,
            "applied_text": f"{pages.applied} on {formatting.short_day(day_of(applied))}."
            if applied
            else "",
            **_listed(problems),
            "facts": [] if problems else shown_preview.facts(),
            **shown_preview.context,
            "button_label": "" if applied or problems else f"{pages.verb} {amount}",
            "rows": [
                shown for row in page_of_rows if (shown := shown_preview.shown(row)) is not None
            ],
            "page": page_of_rows,
            "numbers": page_of_rows.paginator.get_elided_page_range(page_of_rows.number),
        },
        status=409 if request.method == "POST" else 200,
    )


def _listed(problems: Sequence[str]) -> dict[str, object]:
    """As `includes/problem_list.html` takes them."""
    return {
        "problems": problems[:MOST_PROBLEMS_SHOWN],
        "more_problems": max(len(problems) - MOST_PROBLEMS_SHOWN, 0),
    }

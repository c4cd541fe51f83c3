"""Lists as files people take away: what `actions/io/sheets.py` writes, under the page's address.

The first row names the columns, one fact each; months and days are ISO, ratings are words. So that
no line loses its context once files are mixed, plan, day and sample are columns of their own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, TypeVar

from django import forms
from django.http import Http404, HttpResponse
from django.utils.functional import Promise

from actions.io.own_process import in_own_process
from actions.io.sheets import Sheet, Value, csv_of, harmless, xlsx_of
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, UnusableAddress
from actions.rules.scale import Scale

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Column(Generic[Record]):
    """One fact of each line. `width` is Excel's, in characters; long texts wrap in it."""

    header: str
    value: Callable[[Record], Value]
    width: int = 14
    # Whether a plan with this colour key has such a fact at all.
    applies: Callable[[Scale], bool] = lambda key: True


def sheet_of(
    page: PlanPage,
    title: str,
    columns: Sequence[Column[Record]],
    records: Iterable[Record],
    *,
    count_text: str,
    filter_text: str,
) -> Sheet:
    """The records as a sheet; every line also says of which plan it is, as at which day."""
    plan = page.plan
    sample = "Sample, not real" if plan.is_sample else ""
    context = (f"{plan.title}, {plan.local_area}", page.day.isoformat(), sample)
    about = [
        ("What", title),
        ("Plan", plan.title),
        ("Local area", str(plan.local_area)),
        ("As at", f"{page.day.isoformat()} ({formatting.day_text(page.day)}, end of the day)"),
        ("Taken on", page.today.isoformat()),
        ("Lines", count_text),
        ("Narrowed by", filter_text or "nothing"),
    ]
    if sample:
        about.insert(0, ("Sample", "Written by sample accounts; none of it is real."))
    return Sheet(
        title,
        (*(_header(column) for column in columns), "Plan", "As at", "Sample"),
        (*(column.width for column in columns), 40, 12, 16),
        [(*(column.value(record) for column in columns), *context) for record in records],
        about,
    )


def iso(when: Any) -> str:
    """A month or a day, of the plan or of the calendar, as a machine reads it."""
    if when is None:
        return ""
    return when.isoformat() if isinstance(when, date) else str(when.iso)


def _header(column: Column[Any]) -> str:
    """A plan may name a level, and with it a column, as it likes."""
    return str(harmless(str(column.header)))


# --- The answer -------------------------------------------------------------------------------


def excel_of(sheet: Sheet) -> bytes:
    """The workbook of a sheet, made in a process of its own.

    That does not know the words of the plan at hand, so the texts that wait for them get them here.
    """
    rows = [tuple(map(_said, row)) for row in sheet.rows]
    headers = tuple(map(str, sheet.headers))
    about = [(str(label), str(text)) for label, text in sheet.about]
    return in_own_process(xlsx_of, replace(sheet, headers=headers, rows=rows, about=about))


def _said(value: Value) -> Value:
    return str(value) if isinstance(value, Promise) else value


KINDS: dict[str, tuple[str, str, Callable[[Sheet], bytes]]] = {
    "xlsx": (
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        excel_of,
    ),
    "csv": ("CSV", "text/csv; charset=utf-8", csv_of),
}


def files_of(url: Callable[[str], str]) -> list[formatting.Breadcrumb]:
    """A link for each kind of file."""
    return [formatting.Breadcrumb(label, url(kind)) for kind, (label, *_) in KINDS.items()]


def require_file(kind: str, filter_form: forms.Form | None = None) -> None:
    """404 for no kind of file that there is, 400 where the filter of the list cannot be read.

    A list that it did not narrow would pass for one that it did.
    """
    if kind not in KINDS:
        raise Http404
    if filter_form is not None and filter_form.errors:
        raise UnusableAddress("The filter in the address cannot be read, so no file was made.")


def list_file(
    page: PlanPage,
    kind: str,
    title: str,
    columns: Sequence[Column[Record]],
    records: Iterable[Record],
    *,
    count_text: str,
    filter_text: str,
    about: Iterable[tuple[str, str]] = (),
    name: str = "",
) -> HttpResponse:
    """What the page of the same list shows, on all its pages, as a file.

    `about` is said of it besides; `name` stands in its name instead of the title.
    """
    sheet = sheet_of(page, title, columns, records, count_text=count_text, filter_text=filter_text)
    sheet.about.extend(about)
    return download(page, sheet, kind, name or title)


def download(page: PlanPage, sheet: Sheet, kind: str, title: str = "") -> HttpResponse:
    """The sheet as a file of one of KINDS, named after the plan, the list and the day."""
    _, content_type, write = KINDS[kind]
    title = (title or sheet.title).lower().replace(" ", "-")
    name = f"{page.plan.slug}-{title}-{page.day.isoformat()}.{kind}"
    return HttpResponse(
        write(sheet),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )

"""What two workers hold: at the start, after pages and charts, after every kind of document."""

import io
import re

import pytest
import xlsxwriter
from django.urls import reverse

from reports.rendering import FORMATS
from tests.benchmarks.pages import REF, quarterly_draft
from tests.benchmarks.served_pages import Browser, two_workers
from wsoa.demo.sample import SLUG

TURNS = 3

pytestmark = pytest.mark.django_db(transaction=True)


def at(name: str, *args: object) -> str:
    return reverse(name, args=[SLUG, *args])


def read_pages(officer: Browser, draft: int) -> None:
    for _ in range(TURNS):
        for address in (
            at("actions:commitments"),
            at("pages:commitment", REF),
            at("reports:dashboard"),
            at("kpis:kpis"),
            at("pages:area", 1),
            at("pages:search_plan") + "?q=autism",
            at("pages:my_work"),
            at("reports:draft", draft),
            *explored(officer),
        ):
            # Each worker answers some of the eight.
            for _ in range(8):
                officer.get(address)


def explored(officer: Browser) -> list[str]:
    """The dashboard's chart and the timeline, each as a reader explores it."""
    addresses = []
    for page in (at("reports:dashboard"), at("reports:timeline")):
        chart = re.findall(r"[?&;]explore=([\w-]+)", officer.get(page))[0]
        addresses.append(f"{page}?explore={chart}")
    return addresses


def make_documents(officer: Browser, draft: int) -> None:
    for _ in range(TURNS):
        for kind in FORMATS:
            officer.get(at("reports:draft_file", draft, "report", kind))
        for _ in range(4):
            officer.get(at("actions:commitments_file", "xlsx"))


def send_workbook(officer: Browser) -> None:
    """A workbook of updates that nobody can bring in: it is read, and each row refused."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for row in range(2_000):
        for column, text in enumerate(("Ref", "Date", "Rating", "Progress")):
            sheet.write(row, column, text if row == 0 else f"{text} {row}")
    book.close()
    for _ in range(4):
        officer.send_file(at("actions:upload_progress"), "updates.xlsx", file.getvalue())


def test_memory(as_loaded, settings):
    draft = quarterly_draft().pk
    with two_workers() as site:
        officer = site.browser("officer@sample.example")
        told = [("at start", site.memory())]
        read_pages(officer, draft)
        told.append(("after pages and charts", site.memory()))
        make_documents(officer, draft)
        send_workbook(officer)
        told.append(("after documents", site.memory()))
    print()
    for when, memory in told:
        print(f"memory {when:24}{memory:5.0f} MiB")

"""What a web process carries before anybody asks it for a page, and after it made documents."""

import os
import subprocess
import sys

import pytest

from wsoa.embedded_postgres import ROOT

# Loaded by who makes or reads a document alone, in a process of its own; plotly's by nobody.
LARGE = ("docx", "fontTools", "lxml", "openpyxl", "pikepdf", "plotly", "typst", "xlsxwriter")
START = "import sys, django; django.setup(); import wsoa.urls"
# Every kind of document, made and read as the pages have it, and a chart explored.
MAKE = """
from django.core.files.uploadedfile import SimpleUploadedFile
from actions.io.sheets import Sheet
from actions.io.spreadsheets import Column, read_sheet
from actions.io.storage import checked_file
from actions.pages.exporting import KINDS
from kpis.pages.page_chart import chart
from reports.rendering import FORMATS, render
from reports.series.branding import checked_template
from tests.reports.documents import make_document
document = make_document()
files = {key: render(document, key) for key in FORMATS}
checked_template(SimpleUploadedFile("brand.docx", files["docx"]))
assert checked_file(SimpleUploadedFile("minutes.docx", files["docx"])).kind.words == "Word"
sheet = Sheet("List", ("Ref",), (8,), [("1.1",)], [("Plan", "A"), ("As at", "2026-12-01")])
workbook, text = (write(sheet) for _, _, write in KINDS.values())
assert read_sheet(workbook, [Column("ref", "Ref")]).rows[0].values == {"ref": "1.1"}
assert [chart(figure.figure).data for figure in document.charts()]
"""


@pytest.mark.parametrize("done", ["", MAKE])
def test_no_library_of_documents_or_charts_is_loaded(done):
    ask = f"{START}\n{done}\nprint(*[name for name in {LARGE} if name in sys.modules])"
    started = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": "postgresql:///unused",
            "SECRET_KEY": "x",
            "ALLOWED_HOSTS": "plans.example.org",
            "DJANGO_SETTINGS_MODULE": "wsoa.settings",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert started.returncode == 0, started.stderr
    assert started.stdout.split() == []

"""What a web process carries before anybody asks it for a page."""

import os
import subprocess
import sys

from wsoa.embedded_postgres import ROOT

# Loaded by who makes or reads a document, or explores a chart.
LARGE = ("docx", "fontTools", "lxml", "openpyxl", "pikepdf", "plotly", "typst", "xlsxwriter")


def test_no_library_of_documents_or_charts_is_loaded_at_the_start():
    ask = (
        "import sys, django; django.setup(); import wsoa.urls\n"
        f"print(*[name for name in {LARGE} if name in sys.modules])"
    )
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

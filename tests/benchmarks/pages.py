"""Pages as people ask for them, timed beside a bare page of the same run (`floor.py`).

A machine's own speed falls out of a ratio; so does most of what else it does, since only the
processor time of this process counts.
"""

from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from actions.models import ProgressUpdate
from reports.drafts.drafting import start
from reports.models import Report, ReportSeries
from tests.benchmarks.floor import ROWS
from tests.databases import run_as_owner
from wsoa.demo.sample import SLUG

RUNS = 7
REF = "1.2.1a"
WRITES = ("update, sent to be checked", "update, recorded")
# Processor time in bare pages: of the first reading after a change, and of one while nothing
# changed. In the process itself, without a server around, which would add to the bare page too.
LIMITS: dict[str, tuple[float, float]] = {
    "commitments": (8, 1),
    "one commitment": (7, 1),
    "dashboard": (12, 1),
    "My work": (7, 1),
    "update, sent to be checked": (6, 6),
    "update, recorded": (11.5, 11.5),
    "CSV": (4, 1),
    "KPIs": (8, 1),
    "area": (7, 1),
    "search": (6, 1),
    "quarterly draft": (50, 1.5),
}


class Browser:
    """Asks the site itself for pages: a test's client would copy what every template was given."""

    def __init__(self, email: str) -> None:
        client = Client()
        client.force_login(get_user_model().objects.get(email=email))
        self._cookies = client.cookies.output(header="", sep=";").strip()
        self._handler = WSGIHandler()
        self._requests = RequestFactory(headers={"cookie": self._cookies.partition(";")[0]})

    def get(self, address: str) -> Any:
        return self._answer(self._requests.get(address))

    def post(self, address: str, sent: dict[str, str]) -> Any:
        request: Any = self._requests.post(address, sent)
        request._dont_enforce_csrf_checks = True
        return self._answer(request)

    def _answer(self, request: Any) -> Any:
        response: Any = self._handler.get_response(request)
        assert response.status_code in (200, 302), response.content.decode()[:20_000]
        return response


def least(ask: Callable[[], Any], runs: int = RUNS, *, writes: bool = False) -> tuple[float, float]:
    """Of several first readings after a change, the least processor time of this process and the
    least wall time.

    The first fills what is kept for good and is left out. What is written is taken back, within a
    transaction, where nothing of a plan is kept; before a page that only reads, every plan's
    version is raised, as a record of one commitment does.
    """
    took = []
    for _ in range(runs + 1):
        if not writes:
            run_as_owner("UPDATE actions_planversion SET number = number + 1")
            took.append(_timed(ask))
            continue
        with transaction.atomic():
            took.append(_timed(ask))
            transaction.set_rollback(True)
    return min(one for one, _ in took[1:]), min(one for _, one in took[1:])


def least_unchanged(ask: Callable[[], Any], runs: int = RUNS) -> float:
    """The least processor time of several readings while nothing changes."""
    return min([_timed(ask)[0] for _ in range(runs + 1)][1:])


def _timed(ask: Callable[[], Any]) -> tuple[float, float]:
    begun, spent = perf_counter(), process_time()
    ask()
    return process_time() - spent, perf_counter() - begun


def asked() -> dict[str, Callable[[], Any]]:
    """The bare page and each other, by its name. Wants the floor's addresses and the sample."""
    run_as_owner("ANALYZE")
    officer, lead = (Browser(f"{name}@sample.example") for name in ("officer", "lead"))

    def at(name: str, *args: Any) -> str:
        return reverse(name, args=[SLUG, *args])

    update = at("actions:record_update", REF)
    read = ProgressUpdate.objects.filter(commitment__plan__slug=SLUG, commitment__ref=REF)
    answers = {
        "base": str(read.latest("effective_at", "recorded_at").pk),
        "brag": "green",
        "progress": "The second clinic is open.",
        "late_reason": "The building was not ready.",
        "date_move": "no",
        "submission": str(uuid4()),
    }

    def recorded() -> None:
        lead.post(update, answers)
        answer = lead.post(at("actions:check_update", REF), {})
        assert answer.url.endswith("/done/"), answer.url

    def sent() -> None:
        answer = lead.post(update, answers)
        assert answer.url.endswith("/check/"), answer.url

    assert officer.get("/floor/").content.count(b"<tr>") == ROWS
    return {
        "floor": lambda: officer.get("/floor/"),
        "commitments": lambda: officer.get(at("actions:commitments")),
        "one commitment": lambda: officer.get(at("pages:commitment", REF)),
        "dashboard": lambda: officer.get(at("reports:dashboard")),
        "My work": lambda: lead.get(at("pages:my_work")),
        "update, sent to be checked": sent,
        "update, recorded": recorded,
        "CSV": lambda: officer.get(at("actions:commitments_file", "csv")),
        "KPIs": lambda: officer.get(at("kpis:kpis")),
        "area": lambda: officer.get(at("pages:area", 1)),
        "search": lambda: officer.get(at("pages:search_plan") + "?q=autism"),
        "quarterly draft": lambda: officer.get(at("reports:draft", quarterly_draft().pk)),
    }


def quarterly_draft() -> Report:
    series = ReportSeries.objects.filter(plan__slug=SLUG, content="formal").get()
    draft = Report.objects.filter(series=series, discarded_at=None, publication=None).first()
    if draft is None:
        today = timezone.localdate()
        draft = start(
            series=series,
            period=series.cycle.period_of(today),
            by=get_user_model().objects.get(email="officer@sample.example"),
            today=today,
            now=timezone.now(),
        )
    return draft

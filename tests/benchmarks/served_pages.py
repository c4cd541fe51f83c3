"""The site as two workers serve it, asked by browsers on this machine, beside the bare page."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from actions.models import Plan
from tests.databases import run_as_owner
from tests.served import SECRET_KEY, served_from
from wsoa.demo.sample import SLUG

WORKERS = ("--workers", "2")
TICKS = 100  # a second has so many, in /proc
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@contextmanager
def two_workers() -> Iterator[Site]:
    """What the test's own database holds, served by two workers."""
    name = str(connection.settings_dict["NAME"])
    run_as_owner("ANALYZE")
    with served_from(name, settings="tests.benchmarks.floor_settings", workers=WORKERS) as address:
        yield Site(address)


class Site:
    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        assert parts.hostname
        assert parts.port
        self.host, self.port = parts.hostname, parts.port
        self.plan = Plan.objects.filter(slug=SLUG).values_list("pk", flat=True).first()

    def browser(self, email: str) -> Browser:
        return Browser(self, email)

    def change(self) -> None:
        """As if somebody had recorded something: all that is kept of the plan is of before."""
        run_as_owner(f"UPDATE actions_planversion SET number = number + 1 WHERE of = {self.plan}")

    def processes(self) -> list[int]:
        """The server's master and its workers: children of this process, and theirs."""
        masters = [child for child in _children(os.getpid()) if "gunicorn" in _command(child)]
        return [process for master in masters for process in (master, *_children(master))]

    def processor_time(self) -> float:
        """Seconds that master and workers have computed."""
        ticks = 0
        for process in self.processes():
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS

    def memory(self) -> float:
        """MiB of master and workers, what they share counted once."""
        kilobytes = 0
        for process in self.processes():
            text = Path(f"/proc/{process}/smaps_rollup").read_text()
            kilobytes += int(next(re.finditer(r"^Pss:\s+(\d+)", text, re.MULTILINE))[1])
        return kilobytes / 1024

    def usual(self, ask: Callable[[], object], *, changed: bool, runs: int) -> tuple[float, float]:
        """Milliseconds: the median that one waits, and what the workers compute for one on average.

        `changed`: before each, something has changed; else both workers have answered it before.
        """
        for _ in range(2 if changed else 8):
            ask()
        took, computed = [], 0.0
        for _ in range(runs):
            if changed:
                self.change()
            spent, begun = self.processor_time(), perf_counter()
            ask()
            took.append(perf_counter() - begun)
            computed += self.processor_time() - spent
        return 1000 * median(took), 1000 * computed / runs


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def _command(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")


class Browser:
    """One signed-in person."""

    def __init__(self, site: Site, email: str) -> None:
        client = Client()
        # The session is signed with the key of the server that will read it.
        with override_settings(SECRET_KEY=SECRET_KEY):
            client.force_login(get_user_model().objects.get(email=email))
        self.site = site
        self.cookies = {name: cookie.value for name, cookie in client.cookies.items()}

    def get(self, address: str) -> str:
        return self._ask("GET", address)[1]

    def post(self, address: str, sent: dict[str, str]) -> str:
        """Where the answer leads to."""
        response, text = self._ask("POST", address, urlencode(sent))
        assert response.status == 302, (address, response.status, text[:3000])
        return str(response.headers["Location"])

    def send_file(self, address: str, name: str, content: bytes) -> str:
        """The page that answers a form with one file."""
        fields = fields_of(self.get(address))
        body = encode_multipart(
            BOUNDARY, fields | {"file": SimpleUploadedFile(name, content, "application/zip")}
        )
        return self._ask("POST", address, body, MULTIPART_CONTENT, (200, 302, 422))[1]

    def _ask(
        self,
        method: str,
        address: str,
        body: str | bytes = "",
        content_type: str = "application/x-www-form-urlencoded",
        expected: tuple[int, ...] = (200, 302),
    ) -> tuple[HTTPResponse, str]:
        line = HTTPConnection(self.site.host, self.site.port, timeout=120)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Origin": f"http://{self.site.host}:{self.site.port}"}
        if body:
            headers["Content-Type"] = content_type
        line.request(method, address, body or None, headers)
        response = line.getresponse()
        text = response.read().decode(errors="replace")
        line.close()
        for header in response.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        assert response.status in expected, (method, address, response.status, text[:3000])
        return response, text


def fields_of(page: str) -> dict[str, str]:
    """What a form's hidden fields hold, its token with them."""
    return dict(HIDDEN.findall(page)) | {"csrfmiddlewaretoken": TOKEN.findall(page)[-1]}

"""What every test stands on: a real PostgreSQL, quick passwords, and a flush that works.

The database is prepared as this file is read, because Django reads its settings before the first
fixture runs, and conftest files below this one may import models.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import django
import pytest

from tests.served import served
from wsoa import embedded

_until_the_end = ExitStack()


def _prepare() -> None:
    if not os.environ.get("DATABASE_URL"):
        cluster = embedded.running(embedded.LOCAL / "postgres-test", disposable=True)
        # Several runs may share the server, so each takes a name of its own.
        os.environ["DATABASE_URL"] = embedded.with_database(
            _until_the_end.enter_context(cluster), f"plan_ledger_{os.getpid()}"
        )
    # Files without hashed names and without https. The test runner turns DEBUG itself off again.
    os.environ["DEBUG"] = "on"
    os.environ["DJANGO_SETTINGS_MODULE"] = "wsoa.settings"
    # Playwright keeps an event loop in this thread, where Django else refuses to query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    django.setup()


_prepare()


def pytest_unconfigure() -> None:
    _until_the_end.close()


@pytest.fixture(scope="session", autouse=True)
def _flush_may_truncate() -> Iterator[None]:
    """Let the tests' own flush empty the append-only tables, which refuse TRUNCATE otherwise.

    This is the one place that may switch a trigger off: tests/test_architecture.py sees to it.
    """
    import pgtrigger
    from django.core.management.commands.flush import Command

    refusing = [
        trigger.get_uri(model)
        for model, trigger in pgtrigger.registered()
        if trigger.name == "protect_truncate"
    ]
    if not refusing:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Command, "handle", pgtrigger.ignore(*refusing)(Command.handle))
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:
    """The real hasher is slow by design; a test that signs in by password need not wait for it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def _evidence_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evidence")


@pytest.fixture(autouse=True)
def _evidence_of_its_own(settings, _evidence_root: Path) -> None:
    """No test puts a file among the demo's."""
    settings.EVIDENCE_ROOT = _evidence_root


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the demo, set up today and served with production's settings.

    Pages show the real today, so the sample's year has to end there too. All tests of a run
    share it, so a test that writes must not disturb what others read.
    """
    with served(os.environ["DATABASE_URL"]) as url:
        yield url

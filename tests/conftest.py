"""What every test stands on: a real PostgreSQL, quick passwords, evidence of its own.

Django is set up when the first file that wants it is collected. Files in folders named `rules`
do without it, and without a database: so do the rules that they try.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django.plugin import blocking_manager_key

from tests.databases import SAMPLE_EVIDENCE, SCENES, Databases
from tests.served import served, served_from

_databases = Databases()
_is_prepared = pytest.StashKey[bool]()
_own_database = pytest.StashKey[str]()


def _prepare(config: pytest.Config) -> None:
    if config.stash.get(_is_prepared, False):
        return
    config.stash[_is_prepared] = True
    _databases.start()
    # Files without hashed names and without https. The test runner turns DEBUG itself off again.
    os.environ["DEBUG"] = "on"
    os.environ["DEMO"] = "on"
    os.environ["DJANGO_SETTINGS_MODULE"] = "wsoa.settings"
    # Playwright keeps an event loop in this thread, where Django else refuses to query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

    from django.conf import settings
    from django.test import TransactionTestCase
    from pytest_django.plugin import _setup_django

    # The real hasher is slow by design; a test that signs in by password need not wait for it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # No test puts a file among the demo's.
    settings.EVIDENCE_ROOT = _databases.evidence_root()
    # A test that commits has a database of its own, so nothing has to be flushed after it; and
    # the tables of records refuse TRUNCATE.
    TransactionTestCase._fixture_teardown = lambda self: None  # type: ignore[attr-defined]
    # Sets Django up, and refuses the database to tests that do not ask for it.
    _setup_django(config)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    if "rules" not in module_path.parts:
        _prepare(parent.config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _wants_database(item):
            item.add_marker(pytest.mark.database)
    # The longest first: at the end of a run there are only short ones left to share out.
    items.sort(key=lambda item: (item.get_closest_marker("slow") is None, not _is_browsers(item)))


def _is_browsers(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


def _wants_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or "db" in fixtures


def pytest_unconfigure() -> None:
    _databases.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Lead Django to the database that the test wants, before its transaction begins."""
    if not _wants_database(item):
        return
    marker = item.get_closest_marker("django_db")
    fixtures = getattr(item, "fixturenames", ())
    with item.config.stash[blocking_manager_key].unblock():
        if marker is not None and marker.kwargs.get("transaction"):
            item.stash[_own_database] = _databases.use_own(with_sample="as_loaded" in fixtures)
        elif scene := next((name for name in SCENES if name in fixtures), None):
            _databases.use_scene(scene)
        elif "as_loaded" in fixtures:
            _databases.use_sample()
        else:
            _databases.use_empty()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    yield
    if name := item.stash.get(_own_database, None):
        with item.config.stash[blocking_manager_key].unblock():
            _databases.discard(name)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None) -> None:
    """Nothing: `pytest_runtest_setup` has chosen a database."""


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    """One plan of two organisations, with somebody in every role and an outsider."""
    return _databases.scene("world")


@pytest.fixture
def told(db: None) -> SimpleNamespace:
    """A small plan with a quarter worked by hand: see tests/reports/report_builders.py."""
    return _databases.scene("told")


@pytest.fixture
def everything(db: None) -> SimpleNamespace:
    """The world, with one of each thing that has an address: see tests/test_access.py."""
    return _databases.scene("everything")


@pytest.fixture
def accelerated(db: None) -> SimpleNamespace:
    """A plan of two levels, tracked over a year: see tests/unlike/tracking.py."""
    return _databases.scene("accelerated")


@pytest.fixture
def one_inspection(db: None) -> SimpleNamespace:
    """Two plans of one inspection, tracked over a year: see tests/unlike/tracking.py."""
    return _databases.scene("one_inspection")


@pytest.fixture
def strategic(db: None) -> SimpleNamespace:
    """A plan of years and prose, tracked over a year: see tests/unlike/tracking.py."""
    return _databases.scene("strategic")


@pytest.fixture
def as_loaded(db: None, settings: Any) -> None:
    """The demo's plans and people, as loaded today; see `wsoa.demo.loading`."""
    settings.EVIDENCE_ROOT = SAMPLE_EVIDENCE


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the demo, set up today and served with production's settings.

    Pages show the real today, so the sample's year has to end there too. All tests of a process
    share it, so a test that writes must not disturb what others read.
    """
    with served() as url:
        yield url


@pytest.fixture(scope="session")
def served_scene(
    django_db_setup: None, django_db_blocker: Any
) -> Callable[..., AbstractContextManager[str]]:
    """``with served_scene("strategic", prepare) as url``: a scene, served as the demo is.

    A copy of its database, so that what is done there stays there. `prepare` gets the rows, and
    may write more, before the first page is asked for.
    """

    @contextmanager
    def serve(scene: str, prepare: Callable[[SimpleNamespace], None]) -> Iterator[str]:
        with django_db_blocker.unblock():
            database = _databases.use_copy_of_scene(scene)
            try:
                prepare(_databases.scene(scene))
                with served_from(database) as url:
                    yield url
            finally:
                _databases.discard(database)

    return serve

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from wsoa import embedded_postgres

if TYPE_CHECKING:
    from wsoa.accounts.models import User
    from wsoa.planfile.format.schema import PlanFile

FIXTURES = embedded_postgres.ROOT / "fixtures"


@pytest.fixture(scope="session")
def warwickshire() -> PlanFile:
    return _read("warwickshire-2022.yaml")


@pytest.fixture(scope="session")
def worcestershire() -> PlanFile:
    return _read("worcestershire-2018.yaml")


def _read(name: str) -> PlanFile:
    from wsoa.planfile.format.reading import read_plan_file

    return read_plan_file(FIXTURES / name)


@pytest.fixture
def officer(db: None) -> User:
    from tests.factories import make_user

    return make_user("Olive Officer")


@pytest.fixture
def small_plan(db: None) -> None:
    """The small plan, imported."""
    from tests.planfile.files import small
    from wsoa.planfile.importing import import_plan

    import_plan(small(), name="small.yaml")

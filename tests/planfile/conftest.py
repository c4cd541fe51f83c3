from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import make_user
from tests.planfile.files import small
from wsoa.accounts.models import User
from wsoa.planfile.importing import import_plan
from wsoa.planfile.reading import read_plan_file
from wsoa.planfile.schema import PlanFile

FIXTURES = Path(settings.BASE_DIR) / "fixtures"


@pytest.fixture(scope="session")
def warwickshire() -> PlanFile:
    return read_plan_file(FIXTURES / "warwickshire-2022.yaml")


@pytest.fixture(scope="session")
def worcestershire() -> PlanFile:
    return read_plan_file(FIXTURES / "worcestershire-2018.yaml")


@pytest.fixture
def officer(db) -> User:
    return make_user("Olive Officer")


@pytest.fixture
def small_plan(db) -> None:
    """The small plan, imported."""
    import_plan(small(), name="small.yaml")

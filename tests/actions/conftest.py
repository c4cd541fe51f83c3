import pytest

from tests.factories import make_world


@pytest.fixture
def world(db):
    """One plan of two organisations, with somebody in every role and an outsider."""
    return make_world()

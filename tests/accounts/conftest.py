from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from wsoa.accounts.models import User

PASSWORD = "correct horse battery"


@pytest.fixture
def amina(db: None) -> User:
    from wsoa.accounts.models import User

    return User.objects.create_user("amina@example.org", "Amina Khan", PASSWORD)


@pytest.fixture
def manager(db: None) -> User:
    from wsoa.accounts.models import User

    return User.objects.create_superuser("manager@example.org", "Morgan Lee", PASSWORD)


@pytest.fixture
def as_amina(client: Client, amina: User) -> Client:
    client.force_login(amina)
    return client


@pytest.fixture
def as_manager(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client

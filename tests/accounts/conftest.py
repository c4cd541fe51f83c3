from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests.smtp import MailServer, mail_server

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


@pytest.fixture
def mails(db: None, settings: Any) -> Iterator[MailServer]:
    with mail_server(settings) as server:
        yield server

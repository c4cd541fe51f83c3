"""Whole pages are kept for who read them, and sent again only while they would be the same."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import kept_pages, memberships
from actions.models import Draft, Membership
from actions.progress.update_answers import NewRisk
from tests.factories import make_kpi, make_update, make_world, record_figure

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"')
# Session, user, memberships with the version.
QUERIES_OF_A_KEPT_PAGE = 3


@pytest.fixture
def world():
    return make_world()


def signed_in(world, role):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users[role])
    return client


def at(world, name, *args):
    return reverse(name, args=[world.plan.slug, *args])


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured), response


def test_a_page_read_again_asks_who_reads_and_whether_anything_changed_and_no_more(world):
    client, address = signed_in(world, "officer"), at(world, "actions:commitments")
    first, page = queries(client, address)
    again, same = queries(client, address)
    assert first > again == QUERIES_OF_A_KEPT_PAGE
    assert TOKEN.sub("", page.content.decode()) == TOKEN.sub("", same.content.decode())
    assert page.headers["Content-Type"] == same.headers["Content-Type"]
    assert same.headers["Cache-Control"] == "private, no-store"


def test_a_file_is_sent_again_with_its_name(world):
    client, address = signed_in(world, "officer"), at(world, "actions:commitments_file", "xlsx")
    page, same = client.get(address), client.get(address)
    assert page.content == same.content
    assert page.headers["Content-Disposition"] == same.headers["Content-Disposition"]


def test_each_page_sent_has_a_token_of_its_own_that_the_next_form_is_accepted_with(world):
    client, address = signed_in(world, "officer"), at(world, "actions:commitments")
    tokens = [TOKEN.findall(client.get(address).content.decode()) for _ in range(3)]
    assert all(tokens)
    assert len({found[0] for found in tokens}) == 3
    sent = client.post(reverse("accounts:sign_out"), {"csrfmiddlewaretoken": tokens[2][0]})
    assert sent.status_code == 302


def test_a_browser_that_had_no_token_yet_gets_one_with_a_kept_page(world):
    address = at(world, "actions:commitments")
    signed_in(world, "officer").get(address)
    other = signed_in(world, "officer")
    assert "csrftoken" in other.get(address).cookies


def test_nobody_gets_the_page_of_somebody_else(world):
    address = at(world, "actions:commitments")
    names: dict[str, set[bool]] = {}
    for role in ("officer", "lead", "member", "officer", "lead"):
        page = signed_in(world, role).get(address).content.decode()
        names.setdefault(role, set()).add(world.users[role].name in page)
        for other in {"officer", "lead", "member"} - {role}:
            assert f"<b>{world.users[other].name}</b>" not in page
    assert set().union(*names.values()) == {True}


def test_who_is_no_longer_of_the_plan_gets_nothing_that_was_kept(world):
    client, address = signed_in(world, "member"), at(world, "actions:commitments")
    client.get(address)
    part = Membership.objects.get(user=world.users["member"], plan=world.plan)
    memberships.end_membership(membership=part)
    assert client.get(address).status_code == 404


def test_who_signed_out_gets_nothing_that_was_kept(world):
    client, address = signed_in(world, "member"), at(world, "actions:commitments")
    client.get(address)
    client.logout()
    assert client.get(address).status_code == 302


def test_a_record_makes_the_page_afresh(world):
    client = signed_in(world, "officer")
    address = at(world, "pages:commitment", world.commitment.code)
    assert "The second clinic is open." not in client.get(address).content.decode()
    make_update(
        world.commitment,
        world.users["lead"],
        "amber",
        "The second clinic is open.",
        late_reason="The building was late.",
        risk=NewRisk("It may close."),
    )
    assert "The second clinic is open." in client.get(address).content.decode()


def test_another_day_another_narrowing_another_page(world):
    client, address = signed_in(world, "officer"), at(world, "actions:commitments")
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    pages = {
        TOKEN.sub("", client.get(f"{address}{query}").content.decode())
        for query in ("", f"?as_at={yesterday}", "?brag=red", "", "?brag=red")
    }
    assert len(pages) == 3


def test_an_unsent_update_is_told_at_once(world):
    client, address = signed_in(world, "lead"), at(world, "pages:my_work")
    assert "draft was saved" not in client.get(address).content.decode()
    Draft.objects.create(user=world.users["lead"], commitment=world.commitment)
    assert "draft was saved" in client.get(address).content.decode()
    Draft.objects.all().delete()
    assert "draft was saved" not in client.get(address).content.decode()


def test_a_message_is_shown_once_and_kept_in_no_page(world):
    client, address = Client(), at(world, "actions:commitments")
    client.force_login(world.users["lead"])
    client.get(address)
    Draft.objects.create(user=world.users["lead"], commitment=world.commitment)
    client.post(at(world, "actions:discard_draft", world.commitment.code))
    shown = [client.get(address).content.decode().count('role="status"') for _ in range(3)]
    assert shown == [1, 0, 0]


def test_a_page_with_a_form_of_one_time_is_not_kept():
    """Else a second act would be taken for the first, sent twice, and its words be lost."""
    one_time = f'<input type="hidden" name="submission" value="{uuid4()}">'
    kept = len(kept_pages._pages)
    kept_pages._keep("form", HttpResponse(one_time))
    assert len(kept_pages._pages) == kept
    kept_pages._keep("page", HttpResponse("<p>Nothing to send</p>"))
    assert len(kept_pages._pages) == kept + 1


def test_within_a_transaction_nothing_is_kept_or_taken(world):
    client, address = signed_in(world, "officer"), at(world, "actions:commitments")
    client.get(address)
    kept = len(kept_pages._pages)
    with transaction.atomic():
        assert queries(client, address)[0] > QUERIES_OF_A_KEPT_PAGE
    assert len(kept_pages._pages) == kept


def test_each_time_small_numbers_are_taken_is_a_line_of_the_log(world, caplog):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), unit="pupils", counts_people=True)
    record_figure(kpi, "2022-03", 3, by=world.users["officer"])
    client = signed_in(world, "officer")
    address = f"{at(world, 'kpis:kpis_file', 'csv')}?small=yes&what_for=Panel"
    with caplog.at_level("INFO"):
        for _ in range(3):
            assert client.get(address).status_code == 200
    taken = [line for line in caplog.messages if "small-numbers-taken" in line]
    assert len(taken) == 3
    assert 'what_for="Panel"' in taken[0]

"""The line that says what a page is for: shown until its reader hides it, and to them alone."""

import pytest
from django.urls import reverse

from tests.factories import make_world
from wsoa.accounts.models import User
from wsoa.pages.first_visit.lines import LINES

pytestmark = pytest.mark.django_db


def page_of(world, name):
    return reverse(name, args=[world.plan.slug])


@pytest.mark.parametrize("name", sorted(LINES))
def test_each_of_these_pages_has_its_line_until_it_is_hidden(client, world, name):
    client.force_login(world.users["officer"])
    page = client.get(page_of(world, name))
    line = page.context["first_line"]
    assert page.status_code == 200
    assert "{" not in line.words
    assert line.words in page.content.decode()
    answer = client.post(line.hide_url, {"next": page_of(world, name)})
    assert answer.url == page_of(world, name)
    assert client.get(page_of(world, name)).context["first_line"] is None


def test_it_is_hidden_from_who_hid_it_and_on_that_page_alone(client, world):
    client.force_login(world.users["officer"])
    client.post(reverse("pages:hide_line", args=["kpis:kpis"]))
    assert client.get(page_of(world, "actions:plan")).context["first_line"]
    client.force_login(world.users["lead"])
    assert client.get(page_of(world, "kpis:kpis")).context["first_line"]


@pytest.mark.django_db(transaction=True)
def test_a_page_that_is_kept_forgets_the_line_too(client):
    world = make_world()
    client.force_login(world.users["officer"])
    address = page_of(world, "kpis:kpis")
    for _ in range(2):
        assert "Hide this line" in client.get(address).content.decode()
    client.post(reverse("pages:hide_line", args=["kpis:kpis"]))
    assert "Hide this line" not in client.get(address).content.decode()


def test_two_windows_hide_two_lines(client, world):
    officer = world.users["officer"]
    client.force_login(officer)
    for name in ("kpis:kpis", "actions:plan", "kpis:kpis"):
        client.post(reverse("pages:hide_line", args=[name]))
    assert User.objects.get(pk=officer.pk).hidden_lines == ["kpis:kpis", "actions:plan"]


def test_my_work_has_none(client, world):
    client.force_login(world.users["lead"])
    assert client.get(page_of(world, "pages:my_work")).context["first_line"] is None


def test_what_has_no_line_cannot_be_hidden_and_nobody_is_sent_elsewhere(client, world):
    client.force_login(world.users["lead"])
    assert client.post(reverse("pages:hide_line", args=["pages:my_work"])).status_code == 404
    answer = client.post(
        reverse("pages:hide_line", args=["kpis:kpis"]), {"next": "https://elsewhere.example/"}
    )
    assert answer.url == "/"

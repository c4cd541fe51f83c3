"""A plan as at a day, shared with a report reader."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions.evidence import evidence, restricted_notes
from actions.models import SharedView
from actions.pages import shared_view
from actions.plan.sharing import sharing
from actions.progress.risks import raise_risk
from tests.factories import make_kpi, make_update
from wsoa.oversight.questions import questions

TODAY = timezone.localdate()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def share(world, as_at=YESTERDAY, ends_on=TOMORROW, reader="reader"):
    return sharing.share_view(
        plan=world.plan,
        reader=world.users[reader],
        as_at=as_at,
        ends_on=ends_on,
        by=world.users["officer"],
        now=timezone.now(),
    )


def say(world, progress, at=None, **fields):
    return make_update(
        world.commitment,
        world.users["lead"],
        brag="green",
        progress=progress,
        late_reason="The tender ran twice.",
        effective_at=at,
        source="minutes" if at else "",
        **fields,
    )


def read(client, world, name="pages:commitment", *args):
    client.force_login(world.users["reader"])
    return client.get(reverse(name, args=[world.plan.slug, *(args or ["1.1.1a"])]))


def test_the_reader_sees_that_day_whatever_day_she_asks_for(client, world):
    before = timezone.now() - timedelta(days=2)
    say(world, "Six schools have begun.", at=before)
    say(world, "All schools have begun.")
    share(world)
    client.force_login(world.users["reader"])
    address = reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])
    for query in ("", f"?as_at={TODAY}", f"?as_at={TODAY}&compare_with={YESTERDAY}"):
        words = client.get(address + query).content.decode()
        assert "Six schools have begun." in words
        assert "All schools have begun." not in words


def test_working_notes_restricted_things_and_what_is_kept_inside_are_left_out(client, world):
    before = timezone.now() - timedelta(days=2)
    say(world, "Six schools have begun.", at=before, working_note="Ask the two heads again.")
    for title, visibility in (
        ("Minutes of May", "members"),
        ("Letter to a family", "restricted"),
        ("Published pathway", "shareable"),
    ):
        evidence.add_evidence(
            commitment=world.commitment,
            by=world.users["lead"],
            title=title,
            link="https://example.org/a",
            visibility=visibility,
        )
    restricted_notes.add_restricted_note(
        commitment=world.commitment, by=world.users["lead"], kind="legal", text="A dispute."
    )
    share(world, as_at=TODAY)
    words = read(client, world).content.decode()
    assert "Six schools have begun." in words
    assert "Published pathway" in words
    for hidden in (
        "Ask the two heads",
        "Minutes of May",
        "Letter to a family",
        "A dispute",
        "egal",
    ):
        assert hidden not in words


def test_what_the_partners_ask_one_another_and_fear_stays_with_them(client, world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,))
    asked = {"plan": world.plan, "by": world.users["chair"], "text": "Why so late?"}
    questions.ask(commitment=world.commitment, today=TODAY, **asked)
    questions.ask(area=world.area, today=TODAY, **asked)
    questions.ask(plan=kpi.plan, kpi=kpi, by=world.users["chair"], text="Why so few?", today=TODAY)
    raise_risk(
        plan=world.plan,
        by=world.users["officer"],
        kind="risk",
        text="Nobody is hired.",
        commitment=world.commitment,
    )
    share(world, as_at=TODAY)
    pages: list[tuple[Any, ...]] = [("pages:commitment",), ("pages:area", 1), ("pages:kpi", "K1")]
    for name, *args in pages:
        words = read(client, world, name, *args).content.decode()
        assert "Why so" not in words
        assert "Nobody is hired." not in words
    client.force_login(world.users["member"])
    for name, *args in pages:
        address = reverse(name, args=[world.plan.slug, *(args or ["1.1.1a"])])
        assert "Why so" in client.get(address).content.decode()


def test_the_reports_page_leads_to_it(client, world):
    share(world)
    client.force_login(world.users["reader"])
    page = client.get(reverse("reports:index", args=[world.plan.slug]))
    assert page.context["shared_view"].as_at == YESTERDAY
    assert [item.label for item in page.context["menu"]] == ["The plan", "KPIs", "Reports"]


def test_a_new_view_ends_the_one_before(world):
    first, second = share(world), share(world, as_at=TODAY)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert shared_view.active_share(world.users["reader"], world.plan, TODAY) == second


def test_an_officer_ends_a_view(client, world):
    view = share(world)
    client.force_login(world.users["officer"])
    client.post(reverse("actions:end_shared_view", args=[world.plan.slug, view.pk]))
    assert shared_view.active_share(world.users["reader"], world.plan, TODAY) is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reader": "member"}, "reader"),
        ({"reader": "outsider"}, "reader"),
        ({"as_at": TOMORROW}, "as_at"),
        ({"ends_on": YESTERDAY}, "ends_on"),
        ({"ends_on": TODAY + timedelta(days=400)}, "ends_on"),
    ],
)
def test_what_cannot_be_shared_is_refused_at_its_field(world, fields, field):
    with pytest.raises(ValidationError) as refusal:
        share(world, **fields)
    assert list(refusal.value.message_dict) == [field]
    assert not SharedView.objects.exists()


def test_the_officers_page_shares_and_says_what_is_wrong(client, world):
    client.force_login(world.users["officer"])
    address = reverse("actions:shared_views", args=[world.plan.slug])
    wrong = client.post(address, {"reader": "", "as_at": "soon", "ends_on": ""})
    assert wrong.status_code == 422
    assert {"reader", "as_at", "ends_on"} <= wrong.context["form"].errors.keys()
    sent = {
        "reader": world.users["reader"].pk,
        "as_at": YESTERDAY.strftime("%d/%m/%Y"),
        "ends_on": TOMORROW.strftime("%d/%m/%Y"),
    }
    assert client.post(address, sent).status_code == 302
    assert SharedView.objects.get().as_at == YESTERDAY

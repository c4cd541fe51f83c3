"""Several updates at once: one's own, and what somebody told the programme team."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import ProgressUpdate, Risk
from actions.progress.update_answers import NewRisk
from actions.rules.dates import day_of
from tests.factories import make_commitment, make_update

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(world):
    """The lead's third commitment is due in two years; the world's two are late."""
    ahead = f"{timezone.localdate().year + 2}-03"
    world.third = make_commitment(world.action, "c", leads=(world.people["lead"],), due=ahead)
    return world


def at(world, name="several", *more):
    return reverse(f"pages:{name}", args=[world.plan.slug, *more])


def form_of(client, address):
    """What the browser would send of the form as it is shown."""
    form = client.get(address).context["form"]
    return {bound.html_name: bound.value() if bound.value() is not None else "" for bound in form}


def answers(commitment, **said):
    return {f"{name}_{commitment.pk}": words for name, words in said.items()}


def latest(commitment):
    return ProgressUpdate.objects.filter(commitment=commitment).latest("pk")


RED = {"colour": "red", "words": "Stuck.", "risk": "Nobody is free.", "help": "A post, from us."}
AMBER = {"colour": "amber", "words": "Slow.", "risk": "No room.", "late": "The lease ran out."}


def test_what_has_a_colour_is_checked_and_recorded_and_the_rest_is_left(client, three):
    client.force_login(three.users["lead"])
    sent = (
        form_of(client, at(three))
        | answers(three.commitment, **RED)
        | answers(three.third, colour="green", words="On track.")
    )

    check = client.post(at(three), sent | {"step": "check"})
    assert check.status_code == 200
    page = check.content.decode()
    assert "Record 2 updates" in page
    assert "A post, from us." in page
    assert ProgressUpdate.objects.count() == 0

    # The page that checks it sends what it was sent.
    again = dict(check.context["sent"])
    assert client.post(at(three), again | {"step": "record"}).status_code == 302
    red, green = latest(three.commitment), latest(three.third)
    assert (red.brag, red.progress, red.help_needed) == ("red", "Stuck.", "A post, from us.")
    assert (red.risk.kind, red.risk.text) == (Risk.Kind.ISSUE, "Nobody is free.")
    assert (green.brag, green.progress) == ("green", "On track.")
    assert ProgressUpdate.objects.count() == 2

    # A second press makes no second update.
    assert client.post(at(three), again | {"step": "record"}).status_code == 302
    assert ProgressUpdate.objects.count() == 2


def test_change_brings_the_form_back_with_every_word(client, three):
    client.force_login(three.users["lead"])
    sent = form_of(client, at(three)) | answers(three.commitment, **RED)
    page = client.post(at(three), sent | {"step": "change"})
    assert page.status_code == 200
    assert "Nobody is free." in page.content.decode()
    assert ProgressUpdate.objects.count() == 0


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"colour": "green"}, "words", "1.1.1a: say what happened"),
        (RED | {"help": ""}, "help", "1.1.1a: say what help you need"),
        (RED | {"risk": ""}, "risk", "1.1.1a: say what the issue is"),
        (AMBER | {"late": ""}, "late", "1.1.1a: say why it is Amber although"),
        ({"colour": "blue", "words": "Done."}, "colour", "Select a valid choice"),
        ({"colour": "green", "words": "word " * 151}, "words", "151 words"),
    ],
)
def test_what_is_missing_is_said_at_its_answer_and_nothing_is_recorded(
    client, three, said, field, words
):
    client.force_login(three.users["lead"])
    sent = (
        form_of(client, at(three))
        | answers(three.third, colour="green", words="On track.")
        | answers(three.commitment, **said)
    )
    page = client.post(at(three), sent | {"step": "record"})
    assert page.status_code == 422
    problems = page.context["form"].errors[f"{field}_{three.commitment.pk}"]
    assert words in problems[0]
    assert "On track." in page.content.decode()
    assert ProgressUpdate.objects.count() == 0


def test_only_what_the_chosen_colour_asks_for_is_read(client, three):
    client.force_login(three.users["lead"])
    sent = form_of(client, at(three)) | answers(
        three.third, colour="green", words="On track.", risk="Left over.", help="Left over."
    )
    client.post(at(three), sent | {"step": "record"})
    update = latest(three.third)
    assert (update.risk, update.help_needed) == (None, "")


def test_nothing_chosen_is_nothing_to_record(client, three):
    client.force_login(three.users["lead"])
    page = client.post(at(three), form_of(client, at(three)) | {"step": "check"})
    assert page.status_code == 422
    assert "Choose a colour for what you want to record" in page.content.decode()


def test_an_open_risk_and_the_support_needed_are_carried_over(client, three):
    make_update(
        three.commitment,
        three.users["lead"],
        brag="red",
        progress="Stuck.",
        risk=NewRisk("Nobody is free.", "We ask an agency."),
        help_needed="A post.",
        effective_at=timezone.now() - timedelta(days=70),
    )
    client.force_login(three.users["lead"])
    sent = form_of(client, at(three)) | answers(
        three.commitment, colour="red", words="Still stuck."
    )
    client.post(at(three), sent | {"step": "record"})
    update = latest(three.commitment)
    assert update.help_needed == "A post."
    assert (Risk.objects.count(), update.risk.mitigation) == (1, "We ask an agency.")


def test_an_update_that_came_meanwhile_stops_all_of_them(client, three):
    client.force_login(three.users["lead"])
    sent = (
        form_of(client, at(three))
        | answers(three.commitment, **RED)
        | answers(three.third, colour="green", words="On track.")
    )
    make_update(
        three.commitment,
        three.users["other_lead"],
        brag="green",
        progress="From a colleague.",
        late_reason="Late.",
    )
    for step in ("check", "record"):
        page = client.post(at(three), sent | {"step": step})
        assert page.status_code == 422
        problems = page.context["form"].errors[f"words_{three.commitment.pk}"]
        assert problems[0].startswith(
            "1.1.1a: The other lead recorded Green meanwhile: “From a colleague.”"
        )
        assert "Stuck." in page.content.decode()
    assert not ProgressUpdate.objects.filter(commitment=three.third).exists()

    # Sent again from the page that said so, all of them stand on what was read.
    again = {one.html_name: one.value() or "" for one in page.context["form"]}
    assert client.post(at(three), again | {"step": "record"}).status_code == 302
    assert latest(three.commitment).progress == "Stuck."
    assert latest(three.third).progress == "On track."


def test_gone_back_to_and_sent_in_other_words_it_is_refused_once(client, three):
    client.force_login(three.users["lead"])
    sent = form_of(client, at(three)) | answers(three.third, colour="green", words="On track.")
    assert client.post(at(three), sent | {"step": "record"}).status_code == 302

    other = sent | answers(three.third, words="Two of six have begun.") | {"step": "record"}
    page = client.post(at(three), other)
    assert page.status_code == 422
    assert ProgressUpdate.objects.count() == 1
    again = {one.html_name: one.value() or "" for one in page.context["form"]}
    assert client.post(at(three), again | {"step": "record"}).status_code == 302
    assert latest(three.third).progress == "Two of six have begun."


def test_words_sent_after_the_session_has_ended_come_back(client, three):
    client.force_login(three.users["lead"])
    sent = form_of(client, at(three)) | answers(three.commitment, **RED) | {"step": "check"}
    client.logout()
    here = {"HTTP_ORIGIN": "http://testserver"}
    page = client.post(at(three), sent, **here)
    assert page.status_code == 403
    assert "Nobody is free." in page.content.decode()
    assert "sign in in another tab" in page.content.decode()
    # Signed in again, the same press sends them.
    client.force_login(three.users["lead"])
    again = dict(page.context["sent"])
    assert "Record 1 update" in client.post(at(three), again, **here).content.decode()


# --- What somebody told the programme team ----------------------------------------------------


def told(world, **answers):
    day = timezone.localdate() - timedelta(days=1)
    return {
        "how": "E-mail",
        "told_on": f"{day.day}/{day.month}/{day.year}",
        "message": "Hi, audit done.",
        "step": "record",
    } | answers


def test_what_a_lead_told_the_team_is_recorded_for_them_with_its_source(client, three):
    address = at(three, "told", three.people["lead"].pk)
    client.force_login(three.users["officer"])
    sent = form_of(client, address) | answers(three.third, colour="green", words="Audit done.")
    assert client.post(address, sent | told(three)).status_code == 302

    yesterday = timezone.localdate() - timedelta(days=1)
    update = latest(three.third)
    assert update.by == three.users["officer"]
    assert update.on_behalf_of == three.people["lead"]
    assert update.source.startswith("E-mail of ")
    assert update.working_note == "Hi, audit done."
    assert day_of(update.effective_at) == yesterday
    assert day_of(update.recorded_at) == timezone.localdate()
    # Whose account it is, and whose hand, stands on the commitment's page.
    client.force_login(three.users["lead"])
    page = reverse("pages:commitment", args=[three.plan.slug, three.third.code])
    shown = client.get(page).content.decode()
    assert "The lead, recorded by The officer" in shown
    assert update.source in shown


@pytest.mark.parametrize(
    ("answer", "field"),
    [({"how": ""}, "how"), ({"told_on": ""}, "told_on"), ({"told_on": "1/1/2999"}, "told_on")],
)
def test_how_and_when_it_was_told_is_asked(client, three, answer, field):
    address = at(three, "told", three.people["lead"].pk)
    client.force_login(three.users["officer"])
    sent = form_of(client, address) | answers(three.third, colour="green", words="Audit done.")
    page = client.post(address, sent | told(three, **answer))
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert ProgressUpdate.objects.count() == 0


def test_it_is_reached_from_the_page_of_who_owes_what(client, three):
    client.force_login(three.users["officer"])
    page = client.get(reverse("pages:period", args=[three.plan.slug])).content.decode()
    assert at(three, "told", three.people["lead"].pk) in page


def test_another_areas_person_is_not_found(client, three):
    client.force_login(three.users["officer"])
    assert client.get(at(three, "told", 999_999)).status_code == 404


@pytest.fixture
def greens(world):
    """Two Greens of the lead that wait for an update and are not late."""
    ahead = f"{timezone.localdate().year + 2}-03"
    rows = [
        make_commitment(world.action, letter, leads=(world.people["lead"],), due=ahead)
        for letter in "xy"
    ]
    for row in rows:
        make_update(
            row,
            world.users["lead"],
            progress="On track.",
            effective_at=timezone.now() - timedelta(days=90),
        )
    return rows


class TestNoChange:
    def fill(self, client, world, **typed):
        form = form_of(client, at(world)) | typed
        return client.post(at(world), form | {"step": "fill"})

    def sent(self, page):
        form = page.context["form"]
        return {one.html_name: one.value() if one.value() is not None else "" for one in form}

    def test_all_that_have_no_answer_are_as_they_were_last_said(self, client, world, greens):
        client.force_login(world.users["lead"])
        first, second = greens
        typed = answers(second, colour="amber", words="A head left.")
        page = self.fill(client, world, **typed)
        assert page.status_code == 200
        assert not page.context["form"].errors
        sent = self.sent(page)
        assert sent[f"colour_{first.pk}"] == "green"
        assert sent[f"words_{first.pk}"] == "No change."
        assert sent[f"colour_{second.pk}"] == "amber"
        assert sent[f"words_{second.pk}"] == "A head left."
        # never rated: it has the full form
        assert sent[f"colour_{world.commitment.pk}"] == ""
        assert ProgressUpdate.objects.count() == 2

    def test_a_green_without_a_change_is_on_record_as_that(self, client, world, greens):
        client.force_login(world.users["lead"])
        sent = self.sent(self.fill(client, world)) | {"step": "check"}
        assert "Record 2 updates" in client.post(at(world), sent).content.decode()
        for _ in range(2):
            client.post(at(world), sent | {"step": "record"})
        assert ProgressUpdate.objects.filter(is_no_change=True, progress="").count() == 2

    def test_the_third_in_a_row_says_something_and_nothing_is_recorded(self, client, world, greens):
        first, second = greens
        for days in (60, 31):
            make_update(
                first,
                world.users["lead"],
                progress="",
                is_no_change=True,
                effective_at=timezone.now() - timedelta(days=days),
            )
        client.force_login(world.users["lead"])
        sent = self.sent(self.fill(client, world)) | {"step": "record"}
        answer = client.post(at(world), sent)
        assert answer.status_code == 422
        assert "say something now" in answer.content.decode()
        assert not ProgressUpdate.objects.filter(commitment=second, is_no_change=True).exists()
        sent |= answers(first, words="The second school has joined.")
        client.post(at(world), sent)
        assert latest(first).progress == "The second school has joined."
        assert latest(second).is_no_change

    def test_no_change_of_another_colour_is_in_words(self, client, world, greens):
        client.force_login(world.users["lead"])
        sent = form_of(client, at(world)) | {"step": "record"}
        sent |= answers(greens[0], colour="amber", words="No change", risk="Nobody is free.")
        client.post(at(world), sent)
        newest = latest(greens[0])
        assert (newest.progress, newest.is_no_change) == ("No change", False)

    def test_what_somebody_told_is_filled_in_too_and_keeps_what_was_said_once(
        self, client, world, greens
    ):
        client.force_login(world.users["officer"])
        told = at(world, "told", world.people["lead"].pk)
        form = form_of(client, told) | {"how": "Call", "message": "By phone.", "step": "fill"}
        page = client.post(told, form)
        sent = self.sent(page)
        assert (sent["how"], sent["message"]) == ("Call", "By phone.")
        assert sent[f"words_{greens[0].pk}"] == "No change."

"""The update form as a person meets it."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.evidence.evidence import withdraw_evidence
from actions.models import Evidence, Membership, ProgressUpdate, Risk
from actions.pages.formatting import short_day
from tests.factories import Role, make_update, make_user


@pytest.fixture
def page(world):
    return reverse("actions:record_update", args=[world.plan.slug, "1.1.1a"])


@pytest.fixture
def as_lead(client, world):
    client.force_login(world.users["lead"])
    return client


# 1.1.1a is past its date, so Green and Amber say why.
LATE = {"late_reason": "The tender ran twice."}


def text(response):
    return response.content.decode()


def send(client, page, sent):
    """Fill in the form, check the answers and send them; what the last page answers."""
    answer = client.post(page, LATE | sent)
    if answer.status_code != 302:
        return answer
    return client.post(f"{page}check/", follow=True)


def test_each_colour_is_printed_with_its_meaning(as_lead, page):
    shown = text(as_lead.get(page))
    for meaning in (
        "Completed and embedded",
        "On track, no concerns",
        "On track, some concerns",
        "No progress, major concerns",
        "Not due yet",
    ):
        assert meaning in shown


def test_a_recorded_update_shows_on_the_commitment_and_in_the_summaries(as_lead, world, page):
    sent = {
        "brag": "amber",
        "progress": "Half is done.",
        "risk_text": "No staff.",
        "mitigation_text": "Cover",
    }
    assert "Your update is recorded" in text(send(as_lead, page, sent))
    shown = text(as_lead.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])))
    assert "Half is done." in shown
    assert "No staff." in shown
    for name, arguments in (
        ("actions:plan", []),
        ("pages:area", [1]),
        ("pages:action", ["1.1.1"]),
    ):
        page = as_lead.get(reverse(name, args=[world.plan.slug, *arguments]))
        counts = {line.rating.value: line.count for line in page.context["counts"].lines}
        assert counts["amber"] == 1


def test_all_that_is_missing_is_named_at_once_and_nothing_is_lost(as_lead, page):
    answer = as_lead.post(page, {"brag": "red", "date_move": "yes", "working_note": "Ask Ann."})
    assert answer.status_code == 422
    shown = text(answer)
    for message in (
        "Say what happened",
        "Say what the issue is",
        "Say what help you need, and from whom",
        "Give the month it should move to",
    ):
        assert message in shown
    assert "Ask Ann." in shown
    assert ProgressUpdate.objects.count() == 0


def test_a_refused_move_says_what_was_entered(as_lead, page):
    sent = {
        "brag": "red",
        "progress": "Stuck.",
        "issue_text": "No staff.",
        "help_needed": "A chair.",
        "date_move": "yes",
        "new_month_month": "12",
        "new_month_year": "2022",
        "move_reason": "Late.",
    }
    shown = text(as_lead.post(page, sent))
    assert "You entered December 2022." in shown


def test_only_the_questions_of_the_chosen_colour_are_read(as_lead, page):
    sent = {
        "brag": "green",
        "progress": "On track.",
        "risk_text": "Typed before the colour changed.",
    }
    send(as_lead, page, sent)
    assert ProgressUpdate.objects.exists()
    assert not Risk.objects.exists()


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        ({"brag": "green"}, {"work_starts_month": "Jan", "work_starts_year": "27"}),
        ({"brag": "green"}, {"evidence_link": "see the shared drive"}),
        ({"brag": "green"}, {"date_move": "perhaps", "open_issue": "x", "issue_text": "\x07"}),
        (
            {"brag": "amber", "risk_text": "No staff."},
            {"date_move": "yes", "new_month_month": "March", "move_reason": "x" * 9000},
        ),
        (
            {"brag": "red", "issue_text": "No staff.", "help_needed": "A chair."},
            {"date_move": "no", "new_month_month": "March"},
        ),
        (
            {"brag": "red", "issue_text": "No staff.", "help_needed": "A chair."},
            {"late_reason": "x" * 9000},
        ),
    ],
)
def test_what_was_left_in_questions_no_longer_asked_stops_nothing(as_lead, page, sent, left):
    answer = as_lead.post(page, LATE | {"progress": "As it stands."} | sent | left)
    assert answer.status_code == 302, text(answer)
    assert as_lead.get(f"{page}check/").status_code == 200
    as_lead.post(f"{page}check/")
    assert ProgressUpdate.objects.get().brag == sent["brag"]


def test_a_wrong_answer_of_the_chosen_colour_is_still_refused(as_lead, page):
    for sent in (
        {"brag": "grey", "work_starts_month": "Jan"},
        {"brag": "blue", "evidence_link": "see the shared drive"},
        {"brag": "red", "date_move": "yes", "new_month_month": "March", "new_month_year": "x"},
    ):
        shown = text(as_lead.post(page, {"progress": "As it stands."} | sent))
        assert ("Enter a month and a year" in shown) or ("Give a web address" in shown)
    unchosen = as_lead.post(page, {"progress": "As it stands.", "work_starts_month": "Jan"})
    assert list(unchosen.context["form"].errors) == ["brag"]


def test_blue_is_proposed_with_its_evidence(as_lead, world, page):
    sent = {
        "brag": "blue",
        "progress": "Done.",
        "evidence_title": "Minutes of May",
        "evidence_link": "example.org/minutes",
        "changed_for_families": "Answers come sooner.",
    }
    assert "Proposed." in text(send(as_lead, page, sent))
    shown = text(as_lead.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])))
    assert "Blue proposed" in shown
    assert Evidence.objects.get().link == "https://example.org/minutes"
    assert Evidence.objects.get().visibility == "members"


def test_whoever_proposes_blue_says_whether_its_evidence_may_be_shared(as_lead, page):
    sent = {
        "brag": "blue",
        "progress": "Done.",
        "evidence_title": "Minutes of May",
        "evidence_is_shareable": "on",
        "changed_for_families": "Answers come sooner.",
    }
    as_lead.post(page, sent)
    assert "It may be shared outside, with inspectors and families" in text(
        as_lead.get(f"{page}check/")
    )
    send(as_lead, page, sent)
    assert Evidence.objects.get().visibility == "shareable"


@pytest.mark.parametrize(
    ("month", "year"),
    [("13", "2026"), ("x", "2026"), ("5", ""), ("", "2026"), ("²", "2026"), ("5", "6")],
)
def test_a_month_that_is_none_is_refused_in_plain_words(as_lead, page, month, year):
    sent = {"brag": "green", "progress": "Good.", "forecast_month": month, "forecast_year": year}
    answer = as_lead.post(page, sent)
    assert answer.status_code == 422
    assert "Enter a month and a year, for example 3" in text(answer)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("x" * 5001, "This is too long: 5001 characters, and 5000 fit"),
        ("nul \x00 here", "There is a character here that cannot be shown"),
        ("bell \x07 here", "There is a character here that cannot be shown"),
        ("   ", "Say what happened"),
    ],
)
def test_words_that_cannot_be_kept_are_refused(as_lead, page, words, message):
    answer = as_lead.post(page, {"brag": "green", "progress": words})
    assert answer.status_code == 422
    assert message in text(answer)
    assert ProgressUpdate.objects.count() == 0


def test_as_many_words_fit_as_the_page_says(as_lead, world, page):
    """Spaces and line breaks count as the browser counts them."""
    assert 'data-max-words="150"' in text(as_lead.get(page))
    assert "Up to 150 words" in text(as_lead.get(page))
    answer = as_lead.post(
        page, LATE | {"brag": "green", "progress": "word " * 149 + "\n\nand more"}
    )
    assert answer.status_code == 422
    assert "This is too long: 151 words, and 150 fit. Take out 1" in text(answer)
    assert list(answer.context["form"].errors) == ["progress"]
    assert "and more" in text(as_lead.get(page))
    send(as_lead, page, {"brag": "green", "progress": "  word\n" * 150})
    assert ProgressUpdate.objects.get().progress.count("word") == 150


def test_a_text_that_was_longer_before_is_not_cut_to_be_corrected(as_lead, world, page):
    wrong = make_update(
        world.commitment,
        world.users["lead"],
        brag="green",
        progress="word " * 200,
        late_reason="The tender ran twice.",
    )
    address = reverse("actions:correct_update", args=[world.plan.slug, "1.1.1a", wrong.pk])
    sent = LATE | {"brag": "green", "correction_reason": "A word."}
    refused = as_lead.post(address, sent | {"progress": "word " * 201})
    assert "201 words, and 200 fit" in text(refused)
    assert as_lead.post(address, sent | {"progress": "word " * 199}).status_code == 302


@pytest.mark.parametrize(
    "words", ["é “quotes” – dash", "🙂 emoji", "<script>alert(1)</script>", "مرحبا"]
)
def test_words_of_any_kind_are_kept_and_shown_as_words(as_lead, world, page, words):
    send(as_lead, page, {"brag": "green", "progress": words})
    shown = text(as_lead.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])))
    assert ProgressUpdate.objects.get().progress == words
    assert "<script>alert" not in shown


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"brag": "purple", "progress": "x"},
        {"brag": ["green", "red"], "progress": ["a", "b"]},
        {"brag": "green", "progress": "x", "based_on": "rumour"},
        {"brag": "green", "progress": "x", "submission": "not-a-key"},
        {
            "brag": "blue",
            "progress": "x",
            "evidence_title": "y",
            "evidence_link": "javascript:alert(1)",
        },
    ],
)
def test_no_sending_makes_a_server_error(as_lead, page, sent):
    assert as_lead.post(page, sent).status_code in (302, 422)


def test_the_same_form_sent_twice_makes_one_update(as_lead, page):
    sent = {"brag": "green", "progress": "On track.", "submission": str(uuid.uuid4())}
    send(as_lead, page, sent)
    # pressed again
    assert "sent already" in text(as_lead.post(f"{page}check/", follow=True))
    # gone back to the form, and sent again: the same form
    send(as_lead, page, sent)
    assert ProgressUpdate.objects.count() == 1


def test_recording_on_behalf_names_both(client, world, page):
    client.force_login(world.users["officer"])
    sent = {"brag": "green", "progress": "On track."}
    assert "Choose whose account this is" in text(client.post(page, sent))
    sent["on_behalf_of"] = world.people["other_lead"].pk
    send(client, page, sent)
    shown = text(client.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])))
    assert "The other lead, recorded by The officer" in shown


def test_a_lead_of_another_commitment_cannot_be_named(client, world, page):
    client.force_login(world.users["officer"])
    sent = {"brag": "green", "progress": "x", "on_behalf_of": world.people["other_sro"].pk}
    assert client.post(page, sent).status_code == 422


# --- Correcting -------------------------------------------------------------------------------


def test_a_lead_corrects_her_newest_update_and_both_stand(as_lead, world, page):
    send(as_lead, page, {"brag": "green", "progress": "On track."})
    wrong = ProgressUpdate.objects.get()
    address = reverse("actions:correct_update", args=[world.plan.slug, "1.1.1a", wrong.pk])
    assert "On track." in text(as_lead.get(address))
    sent = LATE | {"brag": "amber", "progress": "Not quite.", "risk_text": "No staff."}
    assert "Say what was wrong" in text(as_lead.post(address, sent))
    shown = text(as_lead.post(address, sent | {"correction_reason": "Wrong line."}, follow=True))
    assert "On track." in shown
    assert "Not quite." in shown
    assert "Wrong line." in shown
    # a second sending of the same form finds the update corrected already
    assert as_lead.post(address, sent | {"correction_reason": "Wrong line."}).status_code == 422


def test_a_correction_sent_twice_is_one_and_sent_with_other_words_is_refused(as_lead, world, page):
    send(as_lead, page, {"brag": "green", "progress": "On track."})
    wrong = ProgressUpdate.objects.get()
    address = reverse("actions:correct_update", args=[world.plan.slug, "1.1.1a", wrong.pk])
    sent = LATE | {
        "brag": "green",
        "progress": "On track again.",
        "correction_reason": "A word.",
        "submission": str(uuid.uuid4()),
    }
    for _ in range(2):
        assert as_lead.post(address, sent).status_code == 302
    refused = as_lead.post(address, sent | {"progress": "Behind."})
    assert refused.status_code == 422
    assert "sent from this form already" in text(refused)
    assert "Behind." in text(refused)
    assert ProgressUpdate.objects.count() == 2


def test_correcting_a_blue_does_not_add_its_evidence_again(as_lead, world, page):
    blue = {
        "brag": "blue",
        "progress": "Done.",
        "evidence_title": "Minutes",
        "changed_for_families": "Sooner.",
    }
    send(as_lead, page, blue)
    address = reverse(
        "actions:correct_update",
        args=[world.plan.slug, "1.1.1a", ProgressUpdate.objects.get().pk],
    )
    as_lead.post(address, blue | {"correction_reason": "A word.", "progress": "Done now."})
    assert ProgressUpdate.objects.count() == 2
    assert Evidence.objects.count() == 1


def test_a_blue_whose_evidence_is_withdrawn_is_corrected_with_other_evidence(as_lead, world, page):
    """Its title still stands in the form; the verb finds nothing behind it, and says so there."""
    blue = {
        "brag": "blue",
        "progress": "Done.",
        "evidence_title": "Minutes",
        "changed_for_families": "Sooner.",
    }
    send(as_lead, page, blue)
    withdraw_evidence(
        evidence=Evidence.objects.get(), by=world.users["lead"], reason="Another plan's."
    )
    address = reverse(
        "actions:correct_update",
        args=[world.plan.slug, "1.1.1a", ProgressUpdate.objects.get().pk],
    )
    again = blue | {"correction_reason": "A word.", "progress": "Done now."}
    refused = as_lead.post(address, again)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["evidence_title"]
    assert as_lead.post(address, again | {"evidence_title": "Notes"}).status_code == 302
    assert Evidence.objects.filter(withdrawal=None).get().title == "Notes"


def test_an_update_of_another_commitment_cannot_be_corrected_here(as_lead, world, page):
    send(as_lead, page, {"brag": "green", "progress": "On track."})
    pk = ProgressUpdate.objects.get().pk
    address = reverse("actions:correct_update", args=[world.plan.slug, "1.1.1b", pk])
    assert as_lead.get(address).status_code == 404


# --- My work ----------------------------------------------------------------------------------


def test_my_work_lists_what_she_leads_and_what_is_done(as_lead, world, page):
    address = reverse("pages:my_work", args=[world.plan.slug])
    shown = text(as_lead.get(address))
    assert "1.1.1a" in shown
    assert "1.1.1b" in shown
    assert "2.1.1a" not in shown
    assert "<b>2</b> things wait for you" in shown
    assert "<b>0 of 2 sent</b>" in shown
    send(as_lead, page, {"brag": "green", "progress": "On track."})
    shown = text(as_lead.get(address))
    assert "<b>1</b> thing waits for you" in shown
    assert "<b>1 of 2 sent</b>" in shown


def recorded_by(client, world, page, name, **sent):
    client.force_login(world.users[name])
    send(client, page, {"brag": "green", "progress": f"Said by {name}."} | sent)
    return ProgressUpdate.objects.latest("pk")


def correct_links(client, world, name):
    """On My work, and on the commitment's page, the links to correct an update."""
    client.force_login(world.users[name])
    pages = [
        reverse("pages:my_work", args=[world.plan.slug]),
        reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"]),
    ]
    shown = "".join(text(client.get(address)) for address in pages)
    return set(re.findall(r'href="([^"]+/correct/)"', shown))


def test_correct_is_offered_to_whom_it_is_open_and_to_nobody_else(client, world, page):
    update = recorded_by(client, world, page, "other_lead")
    address = reverse("actions:correct_update", args=[world.plan.slug, "1.1.1a", update.pk])
    assert correct_links(client, world, "lead") == set()
    assert client.get(address).status_code == 403
    shown = text(client.get(reverse("pages:my_work", args=[world.plan.slug])))
    assert "Recorded by The other lead" in shown
    assert "You said" not in shown
    assert correct_links(client, world, "other_lead") == {address}
    assert client.get(address).status_code == 200


def test_an_account_recorded_for_somebody_is_theirs_to_correct(client, world, page):
    whose = world.people["lead"].pk
    update = recorded_by(client, world, page, "officer", on_behalf_of=whose)
    address = reverse("actions:correct_update", args=[world.plan.slug, "1.1.1a", update.pk])
    for name, may in (("lead", True), ("officer", True), ("other_lead", False)):
        assert correct_links(client, world, name) == ({address} if may else set()), name
        assert client.get(address).status_code == (200 if may else 403)
    client.force_login(world.users["lead"])
    shown = text(client.get(reverse("pages:my_work", args=[world.plan.slug])))
    assert "Recorded for you by The officer" in shown
    sent = LATE | {"brag": "green", "progress": "In my words.", "correction_reason": "A word."}
    assert client.post(address, sent).status_code == 302
    right = ProgressUpdate.objects.latest("pk")
    assert (right.by, right.on_behalf_of) == (world.users["lead"], None)


def test_a_deputy_corrects_what_the_deputy_recorded(client, world, page):
    today = timezone.localdate()
    part = Membership.objects.get(user=world.users["lead"], plan=world.plan)
    memberships.name_deputy(of=part, user=world.users["member"], starts_on=today, ends_on=today)
    theirs = recorded_by(client, world, page, "lead")
    assert correct_links(client, world, "member") == set()
    whose = world.people["lead"].pk
    own = recorded_by(client, world, page, "member", on_behalf_of=whose, base=theirs.pk)
    assert own != theirs
    address = reverse("actions:correct_update", args=[world.plan.slug, "1.1.1a", own.pk])
    assert correct_links(client, world, "member") == {address}
    assert client.get(address).status_code == 200


def test_the_sro_finds_the_blues_that_wait_for_her(client, as_lead, world, page):
    send(
        as_lead,
        page,
        {
            "brag": "blue",
            "progress": "Done.",
            "evidence_title": "Minutes",
            "changed_for_families": "Sooner.",
        },
    )
    client.force_login(world.users["sro"])
    shown = text(client.get(reverse("pages:my_work", args=[world.plan.slug])))
    assert 'Review<span class="visually-hidden"> 1.1.1a' in shown


def test_my_work_of_a_closed_plan_asks_for_nothing(client, as_lead, world, page):
    send(
        as_lead,
        page,
        {
            "brag": "blue",
            "progress": "Done.",
            "evidence_title": "Minutes",
            "changed_for_families": "Sooner.",
        },
    )
    world.plan.state, world.plan.closed_by = "closed", "The board"
    world.plan.closed_on = timezone.localdate()
    world.plan.save()
    for persona in ("lead", "sro"):
        client.force_login(world.users[persona])
        shown = text(client.get(reverse("pages:my_work", args=[world.plan.slug])))
        assert "Nothing waits for you" in shown
        assert "Waiting for you" not in shown
        assert "Closes" not in shown


def test_the_sro_returns_a_blue_with_a_reason_the_lead_reads(client, as_lead, world, page):
    send(
        as_lead,
        page,
        {
            "brag": "blue",
            "progress": "Done.",
            "evidence_title": "Minutes",
            "changed_for_families": "Sooner.",
        },
    )
    client.force_login(world.users["sro"])
    address = reverse("actions:answer_blue", args=[world.plan.slug, "1.1.1a"])
    assert "Say why the Blue goes back to the lead" in text(
        client.post(address, {"decision": "return"})
    )
    client.post(address, {"decision": "return", "reason": "Show that it lasts."})
    client.force_login(world.users["lead"])
    shown = text(client.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])))
    assert "Show that it lasts." in shown
    assert "Blue returned" in shown


def test_why_a_blue_was_returned_stands_where_the_next_is_written_and_confirmed(
    client, as_lead, world, page
):
    blue = {
        "brag": "blue",
        "progress": "Done.",
        "evidence_title": "Minutes",
        "changed_for_families": "Sooner.",
    }
    reason = "It does not show yet that families use it."
    answer = reverse("actions:answer_blue", args=[world.plan.slug, "1.1.1a"])
    about = f"The sro, {short_day(timezone.localdate())}"

    def said_at(name, address):
        client.force_login(world.users[name])
        shown = text(client.get(address))
        return (reason in shown, about in shown)

    send(as_lead, page, blue)
    assert said_at("sro", answer) == said_at("lead", page) == (False, False)
    client.force_login(world.users["sro"])
    client.post(answer, {"decision": "return", "reason": reason})
    assert said_at("lead", page) == (True, True)
    newest = ProgressUpdate.objects.get().pk
    client.force_login(world.users["lead"])
    send(client, page, {"brag": "green", "progress": "We ask families.", "base": newest})
    assert said_at("lead", page) == (True, True)
    newest = ProgressUpdate.objects.latest("pk").pk
    send(client, page, blue | {"progress": "Families use it.", "base": newest})
    assert said_at("sro", answer) == (True, True)
    # A Blue that was confirmed since leaves nothing to mend.
    client.post(answer, {"decision": "confirm"})
    assert said_at("lead", page) == (False, False)


def test_a_working_note_stays_within_the_plan(client, as_lead, world, page):
    send(as_lead, page, {"brag": "green", "progress": "On track.", "working_note": "Ask Ann."})
    reader = make_user("Another reader")
    memberships.grant(user=reader, plan=world.plan, role=Role.READER)
    client.force_login(reader)
    address = reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])
    assert client.get(address).status_code == 403

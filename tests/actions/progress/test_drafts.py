"""No step of an update loses a word: drafts, an ended session, a colleague who was first."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from actions.models import Draft, ProgressUpdate
from actions.progress.update_answers import NewRisk
from tests.factories import make_update
from wsoa.accounts.models import User

GREEN = {"brag": "green", "progress": "On track.", "late_reason": "The tender ran twice."}


@pytest.fixture
def page(world):
    return reverse("actions:record_update", args=[world.plan.slug, "1.1.1a"])


@pytest.fixture
def as_lead(client, world):
    client.force_login(world.users["lead"])
    return client


def text(response):
    return response.content.decode()


def by_other_lead(world, **fields):
    said: dict[str, Any] = {
        "brag": "red",
        "progress": "The supplier stepped back.",
        "risk": NewRisk("No supplier"),
        "help_needed": "A shorter tender",
    }
    return make_update(
        world.commitment,
        world.users["other_lead"],
        **(said | fields),
    )


# --- Drafts -----------------------------------------------------------------------------------


def test_a_draft_is_kept_by_a_button_and_continued(as_lead, world, page):
    as_lead.post(page, {"progress": "Half a sentence", "save_draft": "1"})
    assert "Half a sentence" in text(as_lead.get(page))
    assert "Draft saved at" in text(as_lead.get(page))
    shown = text(as_lead.get(reverse("pages:my_work", args=[world.plan.slug])))
    assert "Continue" in shown


def test_a_draft_is_kept_while_somebody_types(as_lead, page):
    answer = as_lead.post(f"{page}draft/", {"progress": "Half a"})
    assert "Draft saved at" in answer.json()["words"]
    assert Draft.objects.get().answers["progress"] == ["Half a"]


def test_what_is_refused_is_kept_as_a_draft(as_lead, page):
    as_lead.post(page, {"brag": "red", "progress": "Stuck.", "working_note": "Ask Ann."})
    assert ProgressUpdate.objects.count() == 0
    assert "Ask Ann." in text(as_lead.get(page))


def test_a_draft_is_its_authors_alone(client, as_lead, world, page):
    as_lead.post(page, {"progress": "Mine only", "save_draft": "1"})
    client.force_login(world.users["other_lead"])
    assert "Mine only" not in text(client.get(page))


def test_an_old_draft_says_so(as_lead, page):
    as_lead.post(page, {"progress": "Long ago", "save_draft": "1"})
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=40))
    assert "This draft is from" in text(as_lead.get(page))


def test_a_draft_goes_when_it_is_sent_or_thrown_away(as_lead, page):
    as_lead.post(page, GREEN)
    as_lead.post(f"{page}check/")
    assert not Draft.objects.exists()
    as_lead.post(page, GREEN | {"save_draft": "1"})
    as_lead.post(f"{page}draft/drop/")
    assert not Draft.objects.exists()


def test_the_check_page_shows_the_answers_with_a_way_back_to_each(as_lead, page):
    as_lead.post(page, GREEN | {"based_on": ["figures"], "working_note": "Ask Ann."})
    shown = text(as_lead.get(f"{page}check/"))
    for words in ("On track.", "Ask Ann.", "Figures", "The tender ran twice."):
        assert words in shown
    assert f'href="{page}#id_progress"' in shown
    assert f'href="{page}#id_brag_0"' in shown
    assert ProgressUpdate.objects.count() == 0


def test_a_draft_that_no_longer_holds_goes_back_to_its_form(as_lead, page):
    as_lead.post(page, {"brag": "green", "save_draft": "1"})
    answer = as_lead.get(f"{page}check/", follow=True)
    assert answer.status_code == 422
    assert "Say what happened" in text(answer)


def test_after_sending_the_next_one_owed_is_offered(as_lead, world, page):
    as_lead.post(page, GREEN)
    shown = text(as_lead.post(f"{page}check/", follow=True))
    assert "Your update is recorded" in shown
    assert reverse("actions:record_update", args=[world.plan.slug, "1.1.1b"]) in shown


# --- An ended session -------------------------------------------------------------------------


def test_an_ended_session_loses_no_text(client, world, page):
    """The form is sent signed out; signing in on the spot keeps the words as a draft."""
    answer = client.post(page, GREEN | {"working_note": "Ask Ann & Bob."})
    shown = text(answer)
    assert "Your words are here" in shown
    assert "Ask Ann &amp; Bob." in shown
    User.objects.filter(pk=world.users["lead"].pk).update(email="lead@example.org")
    sent = GREEN | {"working_note": "Ask Ann & Bob.", "username": "lead@example.org"}
    keep = f"{page}words/"
    wrong = client.post(keep, sent | {"password": "not the one"})
    assert wrong.status_code == 422
    assert "Ask Ann &amp; Bob." in text(wrong)
    answer = client.post(keep, sent | {"password": "long-enough-word"}, follow=True)
    assert "Ask Ann &amp; Bob." in text(answer)
    draft = Draft.objects.get()
    assert draft.user == world.users["lead"]
    assert "password" not in draft.answers


def test_words_are_kept_only_for_who_may_write_here(client, world, page):
    User.objects.filter(pk=world.users["outsider"].pk).update(email="out@example.org")
    sent = GREEN | {"username": "out@example.org", "password": "long-enough-word"}
    assert client.post(f"{page}words/", sent).status_code == 404
    assert not Draft.objects.exists()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("plan", "ref"), [("no-such-plan", "1.1.1a"), ("", "9.9.9z")])
def test_words_for_what_does_not_exist_sign_nobody_in(client, world, plan, ref):
    address = reverse("actions:keep_text", args=[plan or world.plan.slug, ref])
    User.objects.filter(pk=world.users["lead"].pk).update(email="lead@example.org")
    sent = GREEN | {"username": "lead@example.org", "password": "long-enough-word"}
    answer = client.post(address, sent)
    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session
    assert "Sign out" not in answer.content.decode()


def test_a_password_is_not_guessed_here_without_end(client, world, page):
    User.objects.filter(pk=world.users["lead"].pk).update(email="lead@example.org")
    sent = GREEN | {"working_note": "Ask Ann.", "username": "lead@example.org"}
    for _ in range(5):
        assert client.post(f"{page}words/", sent | {"password": "not the one"}).status_code == 422
    answer = client.post(f"{page}words/", sent | {"password": "long-enough-word"})
    assert answer.status_code == 429
    assert "Try again in 30 seconds" in text(answer)
    assert "Ask Ann." in text(answer)
    assert "_auth_user_id" not in client.session


# --- Two who write at once --------------------------------------------------------------------


def begin(client, page, **answers):
    """Open the form, and fill it in."""
    base = client.get(page).context["base"]
    return client.post(page, GREEN | {"base": base} | answers)


def test_a_colleagues_update_brings_both_texts(as_lead, world, page):
    begin(as_lead, page, progress="My own words.")
    by_other_lead(world)
    shown = text(as_lead.post(f"{page}check/", follow=True))
    assert "Somebody recorded an update while you wrote" in shown
    assert "The supplier stepped back." in shown
    assert "My own words." in shown
    assert ProgressUpdate.objects.count() == 1
    assert Draft.objects.count() == 1


def test_mine_on_top_leaves_theirs_in_the_history(as_lead, world, page):
    begin(as_lead, page, progress="My own words.")
    theirs = by_other_lead(world)
    as_lead.post(f"{page}check/")
    choice = {"choice": "record_mine", "theirs": theirs.pk}
    as_lead.post(f"{page}conflict/", choice)
    assert ProgressUpdate.objects.latest("pk").progress == "My own words."
    assert ProgressUpdate.objects.count() == 2
    assert not Draft.objects.exists()


def test_theirs_may_stand_and_mine_stays_a_draft(as_lead, world, page):
    begin(as_lead, page, progress="My own words.")
    theirs = by_other_lead(world)
    as_lead.post(f"{page}check/")
    as_lead.post(f"{page}conflict/", {"choice": "keep_theirs", "theirs": theirs.pk})
    assert ProgressUpdate.objects.count() == 1
    assert "My own words." in text(as_lead.get(page))


def test_a_third_update_brings_the_page_again(as_lead, world, page):
    begin(as_lead, page, progress="My own words.")
    theirs = by_other_lead(world)
    as_lead.post(f"{page}check/")
    by_other_lead(world, progress="And again.")
    choice = {"choice": "record_mine", "theirs": theirs.pk}
    shown = text(as_lead.post(f"{page}conflict/", choice, follow=True))
    assert "And again." in shown
    assert Draft.objects.count() == 1


def test_a_made_up_base_is_a_conflict_and_loses_nothing(as_lead, world, page):
    by_other_lead(world)
    as_lead.post(page, GREEN | {"base": "999999999999999999999"})
    shown = text(as_lead.post(f"{page}check/", follow=True))
    assert "Somebody recorded an update" in shown


@pytest.mark.parametrize(
    "answers",
    [
        {"progress": "Half a sentence"},
        {"progress": "Half a sentence", "brag": "purple", "working_note": "bell \x07"},
        {"progress": "Half a sentence", "brag": "red", "date_move": "yes"},
    ],
)
def test_a_draft_that_is_not_whole_stands_beside_a_colleagues_update(as_lead, world, page, answers):
    as_lead.post(f"{page}draft/", answers)
    theirs = by_other_lead(world)
    answer = as_lead.get(f"{page}conflict/")
    assert answer.status_code == 200
    assert "Half a sentence" in text(answer)
    choice = {"choice": "record_mine", "theirs": theirs.pk}
    answer = as_lead.post(f"{page}conflict/", choice, follow=True)
    assert answer.status_code == 422
    assert "Half a sentence" in text(answer)


def test_a_field_with_a_nul_in_its_name_is_left_out(as_lead, page):
    sent = {"progress": "Half a", "progress\x00x": "sentence"}
    assert as_lead.post(f"{page}draft/", sent).status_code == 200
    assert as_lead.post(page, sent).status_code == 422
    assert Draft.objects.get().answers == {"progress": ["Half a"]}


# --- Dates and reasons with an update ---------------------------------------------------------


def test_a_date_that_has_come_is_delivered_with_the_update(as_lead, world, page):
    due = world.commitment.key_dates.get()
    field = f"met_{due.pk}"
    assert field in text(as_lead.get(page))
    answer = as_lead.post(page, {"brag": "green", "progress": "Done.", field: "31/12/2099"})
    assert "The date must not be in the future" in text(answer)
    # delivered now, it is late no more, and no reason is asked
    as_lead.post(page, {"brag": "green", "progress": "Done.", field: "10/1/2023"})
    as_lead.post(f"{page}check/")
    mark = due.marks.get()
    assert (mark.outcome, mark.on.isoformat()) == ("delivered", "2023-01-10")
    assert field not in text(as_lead.get(page))


def test_green_or_amber_past_its_date_says_why(as_lead, page):
    answer = as_lead.post(page, {"brag": "green", "progress": "On track."})
    assert "Say why it is Green although its date has passed" in text(answer)


def test_an_open_risk_is_named_again_and_not_typed_again(as_lead, world, page):
    as_lead.post(page, GREEN | {"brag": "amber", "risk_text": "No staff"})
    as_lead.post(f"{page}check/")
    first = ProgressUpdate.objects.get().risk
    shown = text(as_lead.get(page))
    assert "Which risk?" in shown
    as_lead.post(page, GREEN | {"brag": "amber", "open_risk": first.pk})
    as_lead.post(f"{page}check/")
    assert ProgressUpdate.objects.latest("pk").risk == first


# --- One person in two windows ----------------------------------------------------------------

RED = {
    "brag": "red",
    "progress": "The supplier stepped back.",
    "issue_text": "No supplier",
    "help_needed": "A shorter tender",
}


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]+)"', text(response)).group(1)


def report_page(client, page):
    """What a form that is opened now sends beside the answers."""
    shown = client.get(page)
    return {"base": shown.context["base"], "submission": hidden(shown, "submission")}


def test_words_changed_in_a_form_that_stayed_open_are_not_lost_after_sending_elsewhere(
    as_lead, page
):
    laptop = report_page(as_lead, page)
    as_lead.post(f"{page}draft/", GREEN | laptop)
    phone = report_page(as_lead, page)
    as_lead.post(page, GREEN | phone)
    assert as_lead.post(f"{page}check/")["Location"] == f"{page}done/"
    as_lead.post(page, RED | laptop)
    shown = text(as_lead.post(f"{page}check/", follow=True))
    assert "You recorded another update while you wrote" in shown
    assert "The supplier stepped back." in shown
    assert ProgressUpdate.objects.get().brag == "green"
    choice = {"choice": "record_mine", "theirs": ProgressUpdate.objects.get().pk}
    assert as_lead.post(f"{page}conflict/", choice)["Location"] == f"{page}done/"
    assert ProgressUpdate.objects.latest("pk").brag == "red"
    assert not Draft.objects.exists()


def test_the_very_form_sent_again_with_other_words_brings_both_texts(as_lead, page):
    form = report_page(as_lead, page)
    as_lead.post(page, GREEN | form)
    as_lead.post(f"{page}check/")
    as_lead.post(page, RED | form)
    answer = as_lead.post(f"{page}check/")
    assert answer["Location"] == f"{page}conflict/"
    theirs = ProgressUpdate.objects.get()
    assert theirs.brag == "green"
    as_lead.post(f"{page}conflict/", {"choice": "record_mine", "theirs": theirs.pk})
    assert ProgressUpdate.objects.latest("pk").brag == "red"


def test_the_very_form_sent_again_with_the_same_words_is_one_update(as_lead, page):
    form = report_page(as_lead, page)
    for _ in range(2):
        as_lead.post(page, RED | form)
        assert as_lead.post(f"{page}check/")["Location"] == f"{page}done/"
    assert ProgressUpdate.objects.count() == 1
    assert not Draft.objects.exists()


def test_a_draft_opened_again_is_a_form_of_its_own(as_lead, page):
    first = report_page(as_lead, page)
    as_lead.post(page, {"brag": "green"} | first)
    assert report_page(as_lead, page)["submission"] != first["submission"]
    assert hidden(as_lead.get(f"{page}?again=1"), "submission") != first["submission"]


def test_what_is_sent_is_what_the_check_page_showed(as_lead, page):
    as_lead.post(page, GREEN)
    checked = hidden(as_lead.get(f"{page}check/"), "checked")
    as_lead.post(f"{page}draft/", RED)
    answer = as_lead.post(f"{page}check/", {"checked": checked}, follow=True)
    assert "changed in another window" in text(answer)
    assert "The supplier stepped back." in text(answer)
    assert not ProgressUpdate.objects.exists()
    checked = hidden(answer, "checked")
    assert as_lead.post(f"{page}check/", {"checked": checked})["Location"] == f"{page}done/"
    assert ProgressUpdate.objects.get().brag == "red"


def test_an_update_is_recorded_and_its_draft_let_go_in_one_step(as_lead, page):
    """The database refuses the second half, as if the connection had died in between."""
    as_lead.post(page, GREEN)

    def refuse(execute, sql, params, many, context):
        if sql.startswith('DELETE FROM "actions_draft"'):
            raise DatabaseError("the connection died")
        return execute(sql, params, many, context)

    with (
        connection.execute_wrapper(refuse),
        pytest.raises(DatabaseError, match="the connection died"),
    ):
        as_lead.post(f"{page}check/")
    assert not ProgressUpdate.objects.exists()
    assert Draft.objects.get().answers["progress"] == ["On track."]

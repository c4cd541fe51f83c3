"""Files given in the form of an update: kept with its draft, evidence once it is sent."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from actions.evidence import evidence
from actions.io import set_aside, storage
from actions.models import Draft, DraftFile, Evidence, ProgressUpdate
from actions.progress import draft_files
from actions.progress.update_answers import NewRisk
from tests.actions.io.documents import JPEG, OLD_WORD, PDF, PNG, sent
from tests.factories import make_update, make_world

BLUE = {
    "brag": "blue",
    "progress": "It is agreed.",
    "changed_for_families": "They know whom to ring.",
}
GREEN = {"brag": "green", "progress": "On track.", "late_reason": "The tender ran twice."}


@pytest.fixture
def root(settings, tmp_path) -> Path:
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return Path(settings.EVIDENCE_ROOT)


@pytest.fixture
def page(world, root):
    return reverse("actions:record_update", args=[world.plan.slug, "1.1.1a"])


@pytest.fixture
def as_lead(client, world):
    client.force_login(world.users["lead"])
    return client


def give(client, page, *files, **answers):
    return client.post(page, answers | {"evidence_files": list(files)})


def aside(root: Path) -> list[Path]:
    folder = root / "drafts"
    return list(folder.iterdir()) if folder.is_dir() else []


def text(response):
    return response.content.decode()


def two_files():
    return sent("Use_by_school,_autumn.pdf", PDF), sent("IMG 2041.jpg", JPEG)


def test_files_of_a_blue_are_its_evidence_from_form_to_record(
    as_lead, world, page, root, django_capture_on_commit_callbacks
):
    answer = give(as_lead, page, *two_files(), **BLUE)
    assert (answer.status_code, answer["Location"]) == (302, f"{page}check/")
    # Until it is sent nothing is on record.
    assert Evidence.objects.count() == 0
    checked = as_lead.get(f"{page}check/")
    assert [file["title"] for file in checked.context["files"]] == [
        "Use by school, autumn",
        "IMG 2041",
    ]
    first, second = DraftFile.objects.all()
    said = {
        "checked": checked.context["checked"],
        f"file_title_{first.pk}": "Use by school, autumn term",
        f"file_title_{second.pk}": "What parents are shown",
        f"file_shareable_{second.pk}": "on",
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert "Your update is recorded" in text(as_lead.post(f"{page}check/", said, follow=True))
    update = ProgressUpdate.objects.get()
    assert list(
        Evidence.objects.order_by("pk").values_list(
            "title", "file_name", "visibility", "content_type", "update", "by"
        )
    ) == [
        (
            "Use by school, autumn term",
            "Use_by_school,_autumn.pdf",
            "members",
            "application/pdf",
            update.pk,
            world.users["lead"].pk,
        ),
        (
            "What parents are shown",
            "IMG 2041.jpg",
            "shareable",
            "image/jpeg",
            update.pk,
            world.users["lead"].pk,
        ),
    ]
    for row, content in zip(Evidence.objects.order_by("pk"), (PDF, JPEG), strict=True):
        assert row.size
        with storage.open_kept(row.digest, row.size) as kept:
            assert kept.read() == content
    assert aside(root) == []
    assert not DraftFile.objects.exists()


def test_a_file_goes_with_any_colour(as_lead, page):
    give(as_lead, page, sent("minutes.pdf", PDF), **GREEN)
    as_lead.post(f"{page}check/")
    assert Evidence.objects.get().title == "minutes"
    assert ProgressUpdate.objects.get().brag == "green"


def test_a_refused_file_costs_none_of_the_others_and_none_of_the_words(as_lead, page):
    message = sent("Re families feedback.msg", OLD_WORD)
    answer = give(as_lead, page, sent("a.pdf", PDF), message, sent("b.png", PNG), **BLUE)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["evidence_files"]
    (problem,) = form.errors["evidence_files"]
    assert problem == (
        "“Re families feedback.msg” is not kept. An Outlook message cannot be kept. In Outlook, "
        "print it to PDF and send that, or paste its words into your update."
    )
    assert "They know whom to ring." in text(answer)
    assert [file["file_name"] for file in answer.context["files"]] == ["a.pdf", "b.png"]
    # Sent again without the third, which a browser does not choose again.
    assert as_lead.post(page, BLUE)["Location"] == f"{page}check/"


def test_other_errors_cost_no_file(as_lead, page):
    answer = give(as_lead, page, sent("a.pdf", PDF), brag="blue")
    assert set(answer.context["form"].errors) == {"progress", "changed_for_families"}
    assert [file["title"] for file in answer.context["files"]] == ["a"]


def test_a_blue_needs_something_that_shows_it(as_lead, page):
    assert list(as_lead.post(page, BLUE).context["form"].errors) == ["evidence_title"]
    give(as_lead, page, sent("a.pdf", PDF), **BLUE)
    (row,) = DraftFile.objects.all()
    as_lead.post(page, BLUE | {f"file_title_{row.pk}": "a", f"file_remove_{row.pk}": "on"})
    assert list(as_lead.post(page, BLUE).context["form"].errors) == ["evidence_title"]


def test_a_file_that_is_too_large_or_one_too_many_says_so(as_lead, page, settings):
    settings.EVIDENCE_MAX_BYTES = 1_000_000
    (problem,) = (
        give(as_lead, page, sent("long.pdf", PDF + b" " * 1_400_000), **GREEN)
        .context["form"]
        .errors["evidence_files"]
    )
    assert problem == (
        "“long.pdf” is not kept. This file is 1.4 MB; up to 1 MB can be taken. "
        "Send a smaller one, or a link to where it is."
    )
    files = [sent(f"{number}.pdf", PDF + b" " * number) for number in range(22)]
    answer = give(as_lead, page, *files, **GREEN)
    problems = answer.context["form"].errors["evidence_files"]
    assert [problem[:60] for problem in problems] == [
        "“20.pdf” is not kept. An update takes up to 20 files. Add ot",
        "“21.pdf” is not kept. An update takes up to 20 files. Add ot",
    ]
    assert DraftFile.objects.count() == 20


def test_the_same_file_given_again_is_kept_once(as_lead, page, root):
    for name in ("a.pdf", "again.pdf"):
        give(as_lead, page, sent(name, PDF), save_draft="1")
    assert DraftFile.objects.get().file_name == "a.pdf"
    assert len(aside(root)) == 1


def test_a_title_that_is_emptied_is_proposed_again_and_what_is_removed_goes(
    as_lead, page, root, django_capture_on_commit_callbacks
):
    give(as_lead, page, *two_files(), save_draft="1")
    first, second = DraftFile.objects.all()
    said = {
        f"file_title_{first.pk}": " ",
        f"file_title_{second.pk}": "Two",
        f"file_remove_{second.pk}": "on",
        "save_draft": "1",
    }
    with django_capture_on_commit_callbacks(execute=True):
        as_lead.post(page, said)
    assert DraftFile.objects.get().title == "Use by school, autumn"
    assert [path.name for path in aside(root)] == [str(first.key)]
    assert not any("file_" in name for name in Draft.objects.get().answers)


def test_files_go_when_the_draft_is_thrown_away(
    as_lead, page, root, django_capture_on_commit_callbacks
):
    give(as_lead, page, *two_files(), save_draft="1")
    assert len(aside(root)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        as_lead.post(f"{page}draft/drop/")
    assert aside(root) == []
    assert not DraftFile.objects.exists()


def test_throwing_a_draft_away_leaves_the_same_file_on_record(
    as_lead, world, page, django_capture_on_commit_callbacks
):
    row = evidence.add_evidence(
        commitment=world.commitment,
        by=world.users["lead"],
        title="Minutes",
        file=storage.checked_file(sent("a.pdf", PDF)),
    )
    give(as_lead, page, sent("b.pdf", PDF), save_draft="1")
    with django_capture_on_commit_callbacks(execute=True):
        as_lead.post(f"{page}draft/drop/")
    assert row.size
    assert storage.problem_of(row.digest, row.size) == ""


def test_files_are_kept_as_they_are_chosen(as_lead, page):
    """What script sends, and what it gets to put on the page."""
    answer = as_lead.post(
        f"{page}draft/",
        {
            "progress": "Half a",
            "evidence_files": [sent("a.pdf", PDF), sent("mail.msg", OLD_WORD)],
        },
    ).json()
    assert answer["words"].startswith("Draft saved at")
    assert 'value="a"' in answer["files"]
    assert "mail.msg" in answer["files"]
    assert "Outlook message" in answer["files"]
    assert Draft.objects.get().answers == {"progress": ["Half a"]}
    assert "files" not in as_lead.post(f"{page}draft/", {"progress": "Half a s"}).json()


def test_a_file_added_in_another_window_is_checked_before_it_is_sent(as_lead, page):
    give(as_lead, page, sent("a.pdf", PDF), **GREEN)
    shown = as_lead.get(f"{page}check/").context["checked"]
    as_lead.post(f"{page}draft/", GREEN | {"evidence_files": [sent("b.png", PNG)]})
    again = as_lead.post(f"{page}check/", {"checked": shown}, follow=True)
    assert "changed in another window" in text(again)
    assert ProgressUpdate.objects.count() == 0


def test_a_file_that_is_gone_stops_the_update_with_what_to_do(as_lead, page, root):
    give(as_lead, page, sent("a.pdf", PDF), **GREEN)
    for path in aside(root):
        path.unlink()
    shown = text(as_lead.post(f"{page}check/", follow=True))
    assert "“a.pdf” is not here any more as you gave it. Remove it, and choose it again." in shown
    assert not ProgressUpdate.objects.exists()
    assert not Evidence.objects.exists()
    assert "On track." in shown


def test_nothing_can_be_stored_just_now(as_lead, page, root):
    root.mkdir(parents=True)
    (root / "drafts").write_text("no folder")
    answer = give(as_lead, page, sent("a.pdf", PDF), **GREEN)
    (problem,) = answer.context["form"].errors["evidence_files"]
    assert "could not be stored" in problem
    assert Draft.objects.get().answers["progress"] == ["On track."]


def test_signing_in_again_keeps_files_given_before_and_names_those_to_choose_again(
    client, as_lead, page
):
    give(as_lead, page, sent("a.pdf", PDF), save_draft="1")
    client.logout()
    shown = text(give(client, page, sent("b.png", PNG), **GREEN))
    assert "choose b.png again" in shown
    assert DraftFile.objects.count() == 1


def test_a_conflict_shows_the_files_and_records_them_on_top(as_lead, world, page):
    give(as_lead, page, sent("a.pdf", PDF), base="none", **GREEN)
    theirs: dict[str, Any] = {
        "brag": "red",
        "risk": NewRisk("No supplier"),
        "help_needed": "A tender",
    }
    make_update(world.commitment, world.users["other_lead"], progress="Theirs.", **theirs)
    conflict = as_lead.post(f"{page}check/", follow=True)
    assert "File as evidence" in text(conflict)
    said = {"choice": "record_mine", "theirs": conflict.context["theirs_id"]}
    as_lead.post(f"{page}conflict/", said)
    assert Evidence.objects.get().title == "a"


def test_what_no_draft_names_is_swept_away_after_a_day(as_lead, page, root, monkeypatch):
    give(as_lead, page, sent("a.pdf", PDF), save_draft="1")
    left = set_aside.put(storage.checked_file(sent("b.png", PNG)))
    assert draft_files.sweep() == 0
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 2 * 24 * 60 * 60)
    call_command("check_evidence")
    assert [path.name for path in aside(root)] == [str(DraftFile.objects.get().key)]
    with pytest.raises(storage.WrongFile):
        set_aside.take(left, name="b.png", size=1, digest="", content_type="image/png")
    set_aside.drop(uuid4())


# --- A place on a shared drive ----------------------------------------------------------------


def test_evidence_may_be_a_place_with_who_holds_it_and_whom_to_ask(as_lead, world, page):
    where = {
        "evidence_title": "Minutes, heads’ group",
        "evidence_place": "SEND / Heads / 2026",
        "evidence_held_by": "Wanda Elderfield",
        "evidence_ask_whom": "the heads’ group",
    }
    as_lead.post(page, BLUE | where)
    shown = text(as_lead.get(f"{page}check/"))
    assert "SEND / Heads / 2026" in shown
    as_lead.post(f"{page}check/")
    row = Evidence.objects.get()
    assert (row.place, row.held_by, row.ask_whom) == (
        "SEND / Heads / 2026",
        "Wanda Elderfield",
        "the heads’ group",
    )
    commitment = text(as_lead.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])))
    assert "In “SEND / Heads / 2026”. Held by Wanda Elderfield. Ask the heads’ group." in commitment


def test_a_place_and_a_web_address_are_two_things(as_lead, page):
    both = {
        "evidence_title": "Minutes",
        "evidence_link": "https://example.org/minutes",
        "evidence_place": "SEND / Heads",
    }
    answer = as_lead.post(page, BLUE | both)
    assert answer.context["form"].errors == {
        "evidence_place": ["Give a web address or a place, not both"]
    }


def test_a_place_on_the_page_of_evidence(as_lead, world, root):
    address = reverse("actions:add_evidence", args=[world.plan.slug, "1.1.1a"])
    said = {"title": "Minutes", "visibility": "members", "place": "Case system", "held_by": "Team"}
    refused = as_lead.post(address, said | {"file": sent("a.pdf", PDF)})
    assert refused.context["form"].errors == {
        "place": ["Give a link, a file or a place, only one of them"]
    }
    assert as_lead.post(address, said).status_code == 302
    row = Evidence.objects.get()
    assert (row.place, row.held_by, row.ask_whom) == ("Case system", "Team", "")


# --- Two windows at once ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_files_of_several_windows_at_once_are_there_exactly_once(settings, tmp_path):
    """Four windows give the same file and one of their own; then all send what they checked."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    world = make_world()
    page = reverse("actions:record_update", args=[world.plan.slug, "1.1.1a"])
    windows = [Client() for _ in range(4)]
    for window in windows:
        window.force_login(world.users["lead"])
    gate = threading.Barrier(len(windows))

    def at_once(act):
        def turn(number):
            gate.wait()
            try:
                return act(number)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(windows)) as pool:
            return list(pool.map(turn, range(len(windows))))

    def give_two(number):
        own = PDF.replace(b"9", bytes([ord("1") + number]))
        return give(
            windows[number], page, sent("same.png", PNG), sent(f"{number}.pdf", own), **GREEN
        )

    for answer in at_once(give_two):
        assert answer.status_code == 302
    names = sorted(DraftFile.objects.values_list("file_name", flat=True))
    assert names == ["0.pdf", "1.pdf", "2.pdf", "3.pdf", "same.png"]
    assert len(aside(settings.EVIDENCE_ROOT)) == 5
    shown = [window.get(f"{page}check/").context["checked"] for window in windows]
    at_once(lambda number: windows[number].post(f"{page}check/", {"checked": shown[number]}))
    assert ProgressUpdate.objects.count() == 1
    assert sorted(Evidence.objects.values_list("file_name", flat=True)) == names
    assert [storage.problem_of(row.digest, row.size or 0) for row in Evidence.objects.all()] == [
        ""
    ] * 5
    assert aside(settings.EVIDENCE_ROOT) == []

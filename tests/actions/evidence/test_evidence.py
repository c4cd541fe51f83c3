"""Evidence: adding and withdrawing it, who sees what of it, and fetching its file."""

import resource
import uuid
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.evidence import evidence
from actions.io.storage import checked_file, open_kept
from actions.models import Evidence, EvidenceWithdrawal, Membership, Plan
from actions.plan import amendments
from actions.records.history_entries import entries_of
from tests.actions.io.documents import EXE, PDF, SVG, office_file, sent
from tests.factories import Role, make_update, make_user, yesterday

RESTRICTED = Evidence.Visibility.RESTRICTED


def add(world, **fields):
    return evidence.add_evidence(
        **{
            "commitment": world.commitment,
            "by": world.users["lead"],
            "title": "Minutes of May",
        }
        | fields
    )


def a_file(name="minutes.pdf", content=PDF):
    return checked_file(sent(name, content))


def refused(world, **fields):
    with pytest.raises(ValidationError) as refusal:
        add(world, **fields)
    assert Evidence.objects.count() == 0
    return getattr(refusal.value, "message_dict", None) or refusal.value.messages


def text(response):
    return response.content.decode()


def page_of(world, name="pages:commitment", *arguments):
    return reverse(name, args=[world.plan.slug, "1.1.1a", *arguments])


def seen_by(world, persona, address):
    client = Client()
    client.force_login(world.users[persona])
    answer: Any = client.get(address)
    if answer.streaming:
        # Read to its end, a file is closed.
        answer.sent = b"".join(answer)
    return answer


# --- Adding -----------------------------------------------------------------------------------


@pytest.fixture
def form_page(client, world):
    client.force_login(world.users["lead"])
    return page_of(world, "actions:add_evidence")


def answers(client, form_page, **fields):
    """A form filled in: what a press of its button sends."""
    key = client.get(form_page).context["form"]["submission"].value()
    return {"title": "Minutes of May", "visibility": "members", "submission": str(key)} | fields


def test_evidence_sent_twice_is_one_and_other_words_from_its_form_are_another(client, form_page):
    first = answers(client, form_page)
    for _ in range(2):
        assert client.post(form_page, first | {"file": sent("m.pdf", PDF)}).status_code == 302
    assert Evidence.objects.count() == 1
    client.post(form_page, first | {"file": sent("m.pdf", PDF + b" ")})
    client.post(form_page, first | {"title": "Minutes of June", "file": sent("m.pdf", PDF)})
    client.post(form_page, answers(client, form_page) | {"file": sent("m.pdf", PDF)})
    assert Evidence.objects.count() == 4


def test_evidence_that_was_withdrawn_is_not_what_its_form_adds_again(world):
    key = uuid.uuid4()
    row = add(world, submission=key)
    evidence.withdraw_evidence(evidence=row, by=world.users["lead"], reason="Wrong one")
    assert add(world, submission=key) != row


@contextmanager
def room_for(size):
    """No file of this process may grow past so many bytes: the disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_is_full_loses_no_word(client, form_page, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    first = answers(client, form_page)
    with room_for(10):
        answer = client.post(form_page, first | {"file": sent("m.pdf", PDF)})
    assert answer.status_code == 422
    assert "The file could not be stored" in text(answer)
    assert 'value="Minutes of May"' in text(answer)
    assert "choose it again" in text(answer)
    assert Evidence.objects.count() == 0
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == []
    client.post(form_page, first | {"file": sent("m.pdf", PDF)})
    assert Evidence.objects.get().file_name == "m.pdf"


def test_a_place_that_cannot_be_written_to_loses_no_word(client, form_page, settings, tmp_path):
    (tmp_path / "evidence").write_text("in the way")
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    answer = client.post(form_page, answers(client, form_page) | {"file": sent("m.pdf", PDF)})
    assert answer.status_code == 422
    assert "The file could not be stored" in text(answer)
    assert 'value="Minutes of May"' in text(answer)
    assert Evidence.objects.count() == 0


def test_a_file_is_stored_and_described_by_its_content(world):
    row = add(world, file=a_file("../minutes\u202e.pdf"))
    assert (row.file_name, row.size, row.content_type) == (
        "minutes.pdf",
        len(PDF),
        "application/pdf",
    )
    with open_kept(row.digest, row.size) as kept:
        assert kept.read() == PDF


@pytest.mark.parametrize(
    ("fields", "argument"),
    [
        ({"title": ""}, "title"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "ftp://example.org/a"}, "link"),
        ({"is_case_study": True}, "is_anonymised_with_consent"),
    ],
)
def test_what_is_missing_is_named_at_its_argument(world, fields, argument):
    assert list(refused(world, **fields)) == [argument]


def test_it_is_a_link_or_a_file(world):
    assert list(refused(world, link="https://example.org", file=a_file())) == ["file"]


def test_a_closed_plan_still_takes_its_last_evidence(client, world):
    Plan.objects.update(state="closed", closed_on=timezone.localdate())
    assert add(world).commitment == world.commitment
    address = reverse("actions:add_evidence", args=[world.plan.slug, "1.1.1a"])
    for persona, status in (("officer", 200), ("lead", 200), ("member", 403)):
        client.force_login(world.users[persona])
        assert client.get(address).status_code == status


def test_nothing_is_added_to_a_drafted_plan_or_a_withdrawn_commitment(world):
    amendments.withdraw_commitment(
        commitment=world.commitment, reason="Merged.", by=world.users["officer"]
    )
    assert refused(world) == ["This commitment was withdrawn from the plan."]
    Plan.objects.update(state="draft", closed_on=None)
    assert "not agreed yet" in refused(world)[0]


def test_consent_is_kept_only_of_a_case_study(world):
    assert not add(world, is_anonymised_with_consent=True).is_anonymised_with_consent


def test_evidence_of_an_earlier_day_has_its_source(world):
    moment = yesterday()
    row = add(world, effective_at=moment, source="paper for the board")
    row.refresh_from_db()
    assert (row.effective_at, row.source) == (moment, "paper for the board")


# --- Withdrawing ------------------------------------------------------------------------------


def test_withdrawing_adds_a_row_and_is_done_once_with_a_reason(world):
    row = add(world)
    officer = world.users["officer"]
    with pytest.raises(ValidationError, match="Say why it is withdrawn"):
        evidence.withdraw_evidence(evidence=row, by=officer, reason="")
    evidence.withdraw_evidence(evidence=row, by=officer, reason="It names a child.")
    with pytest.raises(ValidationError, match="withdrawn already"):
        evidence.withdraw_evidence(evidence=row, by=officer, reason="Again.")
    assert EvidenceWithdrawal.objects.get().reason == "It names a child."
    assert Evidence.objects.get() == row


def test_withdrawn_evidence_stands_on_the_page_with_the_reason_and_without_its_file(world):
    row = add(world, file=a_file())
    url = page_of(world, "actions:evidence_file", row.pk)
    assert url in text(seen_by(world, "member", page_of(world)))
    evidence.withdraw_evidence(evidence=row, by=world.users["officer"], reason="It names a child.")
    shown = text(seen_by(world, "member", page_of(world)))
    assert url not in shown
    assert "by The officer: It names a child." in shown
    answer = seen_by(world, "lead", url)
    assert answer.status_code == 410
    assert "This evidence was withdrawn" in text(answer)


def test_the_page_of_a_day_when_it_stood_shows_it_and_gives_no_file(world):
    row = add(world, file=a_file(), effective_at=yesterday(), source="paper")
    url = page_of(world, "actions:evidence_file", row.pk)
    evidence.withdraw_evidence(evidence=row, by=world.users["officer"], reason="Wrong.")
    shown = text(seen_by(world, "member", f"{page_of(world)}?as_at={yesterday():%Y-%m-%d}"))
    assert "Minutes of May" in shown
    assert "Withdrawn" not in shown
    assert url not in shown


# --- Who reads what ---------------------------------------------------------------------------

READERS = ["officer", "lead", "other_lead", "sro"]
OTHERS = ["other_sro", "chair", "member", "forum"]


@pytest.fixture
def restricted(world):
    return add(
        world,
        title="Letter of the Smiths",
        file=a_file("smiths.pdf"),
        visibility=RESTRICTED,
        effective_at=yesterday(),
        source="paper",
    )


@pytest.mark.parametrize("persona", READERS)
def test_restricted_evidence_is_read_by_the_few_who_need_it(world, restricted, persona):
    shown = text(seen_by(world, persona, page_of(world)))
    assert shown.count("Letter of the Smiths") >= 2  # the list and the history
    assert "Restricted." in shown
    url = page_of(world, "actions:evidence_file", restricted.pk)
    assert url in shown
    assert seen_by(world, persona, url).status_code == 200


@pytest.mark.parametrize("persona", OTHERS)
def test_others_see_that_it_exists_and_its_day_and_nothing_more(world, restricted, persona):
    url = page_of(world, "actions:evidence_file", restricted.pk)
    for address in (page_of(world), f"{page_of(world)}?as_at={yesterday():%Y-%m-%d}"):
        shown = text(seen_by(world, persona, address))
        assert "Restricted evidence" in shown
        for hidden in ("Smith", "smiths.pdf", "paper", url):
            assert hidden not in shown
    assert seen_by(world, persona, url).status_code == 403
    evidence.withdraw_evidence(
        evidence=restricted, by=world.users["lead"], reason="The Smiths asked for it."
    )
    shown = text(seen_by(world, persona, page_of(world)))
    assert "Smith" not in shown
    assert seen_by(world, persona, url).status_code == 403


def test_its_author_reads_it_whoever_leads_now(world):
    author = world.users["member"]
    row = add(world, by=author, title="Letter of the Smiths", visibility=RESTRICTED)
    assert "Letter of the Smiths" in text(seen_by(world, "member", page_of(world)))
    assert row.by == author


def test_a_lead_of_another_day_does_not_read_it_on_the_page_of_that_day(world, restricted):
    day = yesterday().date()
    world.commitment.leads.filter(person=world.people["lead"]).update(ends_on=day)
    Evidence.objects.get(pk=restricted.pk)
    row = add(
        world,
        by=world.users["officer"],
        title="About the lead",
        visibility=RESTRICTED,
        effective_at=yesterday(),
        source="paper",
    )
    shown = text(seen_by(world, "lead", f"{page_of(world)}?as_at={day}"))
    assert "About the lead" not in shown
    assert "Letter of the Smiths" in shown  # she added it
    address = page_of(world, "actions:evidence_file", row.pk)
    assert seen_by(world, "lead", f"{address}?as_at={day}").status_code == 404  # no file


def test_entries_are_masked_unless_the_caller_says_who_reads(world, restricted):
    (entry,) = entries_of(world.commitment.pk, timezone.localdate(), ["evidence"])
    assert "Smith" not in repr(entry)
    assert (entry.author, entry.source, entry.author_id) == ("", "", None)


def test_who_answers_a_blue_sees_restricted_evidence_by_the_same_rule(world, restricted):
    Membership.objects.filter(user=world.users["sro"]).update(ends_on=yesterday().date())
    make_update(
        world.commitment,
        world.users["lead"],
        brag="blue",
        progress="Done.",
        changed_for_families="Answers come sooner.",
    )
    answer = seen_by(world, "chair", page_of(world, "actions:answer_blue"))
    assert answer.status_code == 200
    assert "Restricted evidence" in text(answer)
    assert "Smith" not in text(answer)


# --- The file ---------------------------------------------------------------------------------


def test_a_file_comes_with_headers_under_which_nothing_runs(world):
    row = add(world, file=checked_file(sent('Ann’s "minutes".pdf', PDF, "text/html")))
    answer = seen_by(world, "member", page_of(world, "actions:evidence_file", row.pk))
    assert answer.sent == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''Ann%E2%80%99s%20%22minutes%22.pdf"
    )
    assert answer["Content-Length"] == str(len(PDF))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_file_that_is_gone_from_its_folder_is_told_in_plain_words(world, settings, tmp_path):
    row = add(world, file=a_file())
    settings.EVIDENCE_ROOT = tmp_path / "another"
    answer = seen_by(world, "member", page_of(world, "actions:evidence_file", row.pk))
    assert answer.status_code == 404
    assert "This file cannot be found" in text(answer)


def overwrite(settings, row, content):
    path = settings.EVIDENCE_ROOT / row.digest[:2] / row.digest
    path.chmod(0o640)
    path.write_bytes(content)


@pytest.fixture
def own_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path


def test_a_file_that_was_changed_where_it_is_kept_is_refused_and_logged(
    world, settings, own_root, caplog
):
    row = add(world, file=a_file())
    overwrite(settings, row, b"T" * len(PDF))
    answer = seen_by(world, "member", page_of(world, "actions:evidence_file", row.pk))
    assert answer.status_code == 404
    assert "This file is not given out" in text(answer)
    assert "TTT" not in text(answer)
    lines = [one.getMessage() for one in caplog.records if one.name == "wsoa.security"]
    assert len(lines) == 1
    assert f'evidence-file-wrong evidence={row.pk} problem="changed"' in lines[0]
    assert f"user={world.users['member'].pk}" in lines[0]


@pytest.mark.parametrize("content", [b"", PDF + b"more", None])
def test_the_programme_team_sees_on_its_line_that_a_file_is_wrong(
    world, settings, own_root, content
):
    row = add(world, file=a_file())
    told = "Its file is missing or has been changed."
    page = page_of(world)
    assert told not in text(seen_by(world, "officer", page))
    if content is None:
        (settings.EVIDENCE_ROOT / row.digest[:2] / row.digest).unlink()
    else:
        overwrite(settings, row, content)
    assert told in text(seen_by(world, "officer", page))
    assert told not in text(seen_by(world, "member", page))


def test_all_files_are_gone_through_and_each_that_is_wrong_is_listed(
    world, settings, own_root, capsys, caplog
):
    good = add(world, file=a_file())
    changed = add(world, file=a_file("changed.txt", b"Minutes of June"))
    gone = add(world, file=a_file("gone.txt", b"Minutes of July"), visibility=RESTRICTED)
    add(world, link="https://example.org/minutes")
    call_command("check_evidence")
    assert "3 files of evidence checked: all are there and as sent." in capsys.readouterr().out
    overwrite(settings, changed, b"Minutes of Juna")
    (settings.EVIDENCE_ROOT / gone.digest[:2] / gone.digest).unlink()
    with pytest.raises(CommandError, match="2 of 3 files of evidence are missing or changed"):
        call_command("check_evidence")
    out = capsys.readouterr().out
    slug = world.plan.slug
    assert f"{slug}, commitment 1.1.1a, evidence {changed.pk}: changed" in out
    assert f"{slug}, commitment 1.1.1a, evidence {gone.pk}: missing" in out
    assert f"evidence {good.pk}:" not in out
    assert sum(one.name == "wsoa.security" for one in caplog.records) == 2


def test_evidence_without_a_file_or_of_another_commitment_has_no_file_here(world):
    named = add(world)
    elsewhere = add(world, commitment=world.second, file=a_file())
    for row in (named, elsewhere):
        address = page_of(world, "actions:evidence_file", row.pk)
        assert seen_by(world, "lead", address).status_code == 404


# --- The pages --------------------------------------------------------------------------------


@pytest.fixture
def as_lead(client, world):
    client.force_login(world.users["lead"])
    return client


FORM = {"title": "Minutes of May", "visibility": "members"}


def test_a_file_is_added_on_the_page_and_listed_with_who_when_and_for_whom(as_lead, world):
    upload = sent("minutes.docx", office_file(), "text/html")
    answer = as_lead.post(
        page_of(world, "actions:add_evidence"), FORM | {"file": upload}, follow=True
    )
    shown = text(answer)
    assert "Your evidence for 1.1.1a is added." in shown
    assert "Word, " in shown
    assert "by The lead. For people of this plan." in shown


def test_a_link_is_added_on_the_page(as_lead, world):
    sent_form = FORM | {"link": "www.example.org/page", "visibility": "shareable"}
    shown = text(as_lead.post(page_of(world, "actions:add_evidence"), sent_form, follow=True))
    assert 'href="https://www.example.org/page"' in shown
    assert "May be shared outside." in shown


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"title": ""}, "Say what it is"),
        ({"visibility": ""}, "Choose who may see it"),
        ({"visibility": "everybody"}, "Choose one"),
        ({"link": "not an address"}, "Give a web address"),
        ({"link": "https://example.org", "file": ("a.pdf", PDF)}, "Give a link or a file"),
        ({"is_case_study": "on"}, "A case study needs this"),
        ({"file": ("minutes.pdf", EXE)}, "is not PDF inside"),
        ({"file": ("picture.svg", SVG)}, "Files of this kind are not kept here"),
        ({"file": ("minutes.pdf", b"")}, "This file is empty"),
        ({"title": "x" * 301}, "This is too long"),
        ({"title": "a\x00b"}, "cannot be shown"),
    ],
)
def test_what_cannot_be_added_is_refused_at_its_place(as_lead, world, form, words):
    sent_form = FORM | form
    if "file" in sent_form:
        sent_form["file"] = sent(*sent_form["file"])
    answer = as_lead.post(page_of(world, "actions:add_evidence"), sent_form)
    assert answer.status_code == 422
    assert words in text(answer)
    assert Evidence.objects.count() == 0


def test_a_file_above_every_limit_gets_a_page_that_says_so(as_lead, world, settings):
    settings.EVIDENCE_MAX_BYTES = settings.SHEET_MAX_BYTES = 100_000
    big = sent("big.pdf", PDF + b" " * 3_000_000)
    answer = as_lead.post(page_of(world, "actions:add_evidence"), FORM | {"file": big})
    assert answer.status_code == 422
    assert "This file is 3 MB; up to 100 kB can be taken." in text(answer)


def test_the_title_and_name_of_a_file_are_text(as_lead, world):
    add(world, title="<script>alert(1)</script>", file=a_file("<b>minutes.pdf"))
    shown = text(as_lead.get(page_of(world)))
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_withdrawing_on_the_page_needs_a_reason(as_lead, world):
    row = add(world)
    page = page_of(world, "actions:withdraw_evidence", row.pk)
    answer = as_lead.post(page, {"reason": ""})
    assert answer.status_code == 422
    assert "Say why it is withdrawn" in text(answer)
    shown = text(as_lead.post(page, {"reason": "It names a child."}, follow=True))
    assert "The evidence for 1.1.1a is withdrawn." in shown
    again = as_lead.post(page, {"reason": "Again."})
    assert again.status_code == 422
    assert "withdrawn already" in text(again)


def test_who_added_evidence_may_withdraw_it_though_she_leads_no_longer(world):
    newcomer = make_user("Newcomer")
    Membership.objects.create(user=newcomer, plan=world.plan, role=Role.MEMBER)
    row = add(world, by=newcomer)
    client = Client()
    client.force_login(newcomer)
    page = page_of(world, "actions:withdraw_evidence", row.pk)
    assert page in text(client.get(page_of(world)))
    assert client.get(page).status_code == 200

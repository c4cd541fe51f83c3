"""Signatures and approvals of a report, what is missing, and the words that people edit."""

import pytest

from actions.models import ProgressUpdate
from reports.contents.building import build
from reports.contents.completeness import Missing
from reports.models import Approval, ReportText, Signature
from tests.reports.report_builders import database_now, make_report, part, rows, say, texts


def sign(told, report, key="area:1", digest=""):
    section = part(build(report), key)
    return Signature.objects.create(
        report=report,
        area=told.area if key == "area:1" else None,
        digest=digest or section.digest,
        name="Sam Officer" if key == "area:1" else "The forum",
        office="Director",
        by=told.users["sro"],
    )


def approve(told, report, organisation, *, is_approved=True, reason=""):
    return Approval.objects.create(
        report=report,
        organisation=organisation,
        is_approved=is_approved,
        reason=reason,
        digest=build(report).substance,
        name="The chief",
        office="Chief officer",
        by=told.users["chief"],
    )


def put(told, report, place, text):
    original = build(report).places[place].original
    return ReportText.objects.update_or_create(
        report=report,
        place=place,
        defaults={"text": text, "original": original, "by": told.users["officer"]},
    )


def signatures(built):
    (block,) = [one for one in part(built, "approval").blocks if one.kind == "signatures"]
    return [(one.what, one.name, one.words.split(" on ")[0]) for one in block.items]


# --- Who signed and approved ------------------------------------------------------------------


def test_the_end_says_what_is_awaited(told):
    built = build(make_report(told))
    assert built.document.sections[-1].key == "approval"
    assert texts(part(built, "approval")) == [
        "Not approved yet. Area 1 and Area 2 are not signed.",
    ]
    assert signatures(built) == [
        ("For The county council", "", "Approval awaited"),
        ("For The health board", "", "Approval awaited"),
        ("Area 1", "", "Not signed"),
        ("Area 2", "", "Not signed"),
        ("The parent carer forum’s statement", "", "Not signed"),
    ]


def test_a_signature_and_an_approval_stand_on_it(told):
    report = make_report(told)
    sign(told, report)
    approve(told, report, told.council)
    built = build(report)
    assert texts(part(built, "approval")) == [
        "Approved by The county council, one of 2 organisations. Area 2 is not signed."
    ]
    assert signatures(built)[:3] == [
        ("For The county council", "The chief", "Approved"),
        ("For The health board", "", "Approval awaited"),
        ("Area 1", "Sam Officer", "Signed"),
    ]
    assert set(built.signed) == {"area:1"}
    assert set(built.approved) == {told.council.pk}


def test_signing_voids_no_approval_and_no_other_signature(told):
    report = make_report(told)
    approve(told, report, told.council)
    sign(told, report)
    sign(told, report, "co-production")
    built = build(report)
    assert set(built.signed) == {"area:1", "co-production"}
    assert built.approved[told.council.pk].is_approved


def test_other_words_void_the_signature_of_their_area_and_every_approval(told):
    report = make_report(told)
    sign(told, report)
    sign(told, report, "co-production")
    approve(told, report, told.council)
    put(told, report, "commitment:1.1.1a:progress", "One post of two is empty.")
    built = build(report)
    assert set(built.signed) == {"co-production"}
    assert built.fallen == {"area:1"}
    assert built.approved == {}
    assert ("Area 1", "", "Not signed: it has changed since it was signed") in signatures(built)
    assert (
        "For The county council",
        "",
        "Awaited: the report has changed since",
    ) in signatures(built)


def test_a_move_of_the_cut_off_that_changes_nothing_voids_nothing(told):
    report = make_report(told)
    sign(told, report)
    report.known_at = database_now()
    assert set(build(report).signed) == {"area:1"}
    # What is said of the other area leaves this one as it was.
    say(told, told.d, "2022-12-21", "green", "It begins.", late_reason="Nobody led it.")
    report.known_at = database_now()
    assert set(build(report).signed) == {"area:1"}


def test_the_newest_answer_of_an_organisation_counts(told):
    report = make_report(told)
    approve(told, report, told.council, is_approved=False, reason="Area 1 says too little.")
    built = build(report)
    assert not built.approved[told.council.pk].is_approved
    assert ("For The county council", "The chief", "Returned") in signatures(built)
    assert (
        Missing(
            f"approval:{told.council.pk}", "The county council returned it: Area 1 says too little."
        )
        in built.missing
    )
    approve(told, report, told.council)
    assert build(report).approved[told.council.pk].is_approved


# --- What is missing --------------------------------------------------------------------------


def test_what_a_draft_lacks_is_listed(told):
    built = build(make_report(told))
    assert [one.words for one in built.missing] == [
        "The county council has not approved it.",
        "The health board has not approved it.",
        "Area 1 is not signed by its senior responsible officer.",
        "Area 2 is not signed by its senior responsible officer.",
        "The parent carer forum has given no statement.",
        "1 update overdue.",
        "1 figure overdue.",
        "No words yet: Summary.",
        "No words yet: Area 2: what the senior responsible officer says.",
        "No words yet: Area 2: impact for children and families.",
        "No words yet: Summary for families: you said, we did.",
    ]


def test_what_was_done_leaves_the_list(told):
    report = make_report(told)
    put(told, report, "summary", "A hard quarter.")
    put(told, report, "co-production", "We are heard.")
    keys = {one.key for one in build(report).missing}
    assert "words:summary" not in keys
    assert "co-production" not in keys
    assert "signature:co-production" in keys
    sign(told, report, "co-production")
    assert "signature:co-production" not in {one.key for one in build(report).missing}


# --- Words ------------------------------------------------------------------------------------


def test_edited_words_stand_and_the_record_is_kept_beside_them(told):
    report = make_report(told)
    put(told, report, "commitment:1.1.1a:progress", "One post of two is empty.")
    built = build(report)
    assert rows(built, "Area 1 commitments")[0][6] == "One post of two is empty."
    place = built.places["commitment:1.1.1a:progress"]
    assert (place.original, place.is_edited, place.is_stale) == (
        "One of two posts is empty again.",
        True,
        False,
    )
    assert place.leads == (told.lead.user_id,)
    assert built.places["area:1:account"].leads == (told.sro.user_id,)


def test_edited_words_are_stale_when_the_record_has_moved_on(told):
    report = make_report(told)
    put(told, report, "commitment:1.1.1a:progress", "One post of two is empty.")
    say(told, told.a, "2022-12-20", "green", "Both posts are filled.")
    report.known_at = database_now()
    place = build(report).places["commitment:1.1.1a:progress"]
    assert place.is_stale
    assert (place.text, place.original) == ("One post of two is empty.", "Both posts are filled.")


def test_words_that_were_taken_out_are_not_said_never_to_have_been(told):
    report = make_report(told)
    put(told, report, "commitment:1.1.1a:progress", "")
    put(told, report, "area:1:account", "")
    built = build(report)
    assert rows(built, "Area 1 commitments")[0][6] == "Left out of this report."
    assert "Left out of this report." in texts(part(built, "area:1"))
    # Nobody has said anything of this one.
    assert rows(built, "Area 2 commitments")[0][6] == "Nobody has reported on it yet."


def test_a_no_change_keeps_the_words_said_before(told):
    ProgressUpdate.objects.create(
        commitment=told.b,
        brag="green",
        is_no_change=True,
        by=told.users["lead"],
        effective_at="2022-12-20T12:00Z",
    )
    row = rows(build(make_report(told)), "Area 1 commitments")[1]
    assert row[4] == "Green"
    assert row[6] == "The form is in use."


@pytest.mark.parametrize("content", ["kpis", "exceptions", "formal", "scrutiny"])
def test_keys_of_places_are_short_and_the_same_from_build_to_build(told, content):
    report = make_report(told, content)
    first, second = build(report), build(report)
    assert list(first.places) == list(second.places)
    assert all(len(key) <= 100 for key in first.places)
    assert all(place.owner in ("officer", "forum") for place in first.places.values())
    assert first.document.digest == second.document.digest

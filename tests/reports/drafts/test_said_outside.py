"""What was said of a draft outside: recorded by one of the programme team, checked by another."""

import re
from datetime import datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import AreaOfficer, Membership, Person
from actions.pages import formatting
from actions.rules.dates import LONDON
from reports.contents.building import build
from reports.contents.signing import FORUMS_SECTION
from reports.drafts import drafting
from reports.drafts.notices import notices_of
from reports.drafts.outside import said_outside
from reports.models import Approval, Approver, Report, SaidOutside, SaidOutsideCheck, Signature
from reports.rendering.document import Document
from tests.factories import make_user, make_world
from tests.reports.draft_builders import (
    approve,
    begin,
    put,
    say,
    section,
    set_up_and_said,
    sign_area,
)
from tests.reports.drafts.test_publishing import publish

PROGRESS = "commitment:1.1.1a:progress"
Role = memberships.Role


@pytest.fixture
def world(db):
    world = set_up_and_said(make_world())
    world.users["second"] = make_user("The second officer")
    memberships.grant(user=world.users["second"], plan=world.plan, role=Role.PROGRAMME_OFFICER)
    return world


def begun_before(world, days=5):
    """A draft begun some days ago, whose words nobody has touched since."""
    report = begin(world)
    Report.objects.filter(pk=report.pk).update(made_at=timezone.now() - timedelta(days=days))
    report.refresh_from_db()
    return report


def day(days_ago):
    return timezone.localdate() - timedelta(days=days_ago)


def record(world, report, **fields):
    """The chair's approval for the council, or, with an area, its SRO's signature."""
    is_signature = "area" in fields
    values = {
        "by": world.users["officer"],
        "name": "The sro" if is_signature else "The chair",
        "how": "email",
        "said_on": day(2),
        "found_at": "SEND programme mailbox",
        "message": "Fine by me. I approve it as it stands.",
        "today": timezone.localdate(),
    }
    if is_signature:
        values["digest"] = section(report, said_outside.section_key(fields["area"])).digest
    else:
        values |= {
            "organisation": world.council,
            "is_approved": True,
            "digest": build(report).substance,
        }
    return said_outside.record_said_outside(report=report, **(values | fields))


def check(world, said, by="second", **fields):
    values: dict[str, Any] = {"is_confirmed": True, "today": timezone.localdate()}
    return said_outside.check_said_outside(said=said, by=world.users[by], **(values | fields))


def lines(report):
    """The lines at its end of who signed and approved, by what each is for."""
    return {one.what: one for one in build(report).document.sections[-1].blocks[1].items}


def given_by_email(days_ago=2):
    return (
        f"e-mail, {formatting.short_day(day(days_ago))}, recorded by The officer, "
        "checked by The second officer"
    )


# --- Recorded and checked ---------------------------------------------------------------------


def test_an_approval_counts_once_a_second_person_has_checked_it(world):
    report = begun_before(world)
    said = record(world, report)
    assert not Approval.objects.exists()
    assert not build(report).approved
    assert lines(report)["For The county council"].words == "Approval awaited"
    check(world, said)
    approval = build(report).approved[world.council.pk]
    assert (approval.name, approval.office, approval.by) == ("The chair", "Chief officer", None)
    assert approval.source == given_by_email()
    assert approval.effective_at == datetime.combine(day(2), time(12), LONDON)
    line = lines(report)["For The county council"]
    assert (line.name, line.office, line.signed_at) == ("The chair", "Chief officer", None)
    assert line.words == f"Approved by {given_by_email()}"


def test_a_signature_of_an_area_is_recorded_and_checked_likewise(world):
    report = begun_before(world)
    said = record(world, report, area=world.area, how="minute")
    assert not build(report).signed
    check(world, said)
    signature = build(report).signed["area:1"]
    assert (signature.name, signature.office) == (
        "The sro",
        "Senior responsible officer of Area 1",
    )
    words = lines(report)["Area 1"].words
    assert words == f"Signed by {given_by_email().replace('e-mail', 'minute')}"


def test_the_forum_signs_outside_what_it_has_written_here(world):
    report = begun_before(world)
    with pytest.raises(ValidationError, match="written no statement"):
        record(world, report, area=None, name="The forum")
    put(world, report, FORUMS_SECTION, "We were asked, and heard.", by="forum")
    said = record(world, report, area=None, name="The forum", said_on=day(0))
    check(world, said)
    assert build(report).signed[FORUMS_SECTION].name == "The forum"


def test_an_sro_without_an_account_can_sign_this_way_alone(world):
    report = begun_before(world)
    AreaOfficer.objects.filter(area=world.area).delete()
    person = Person.objects.create(local_area=world.plan.local_area, name="A. Director")
    AreaOfficer.objects.create(area=world.area, person=person)
    check(world, record(world, report, area=world.area, name="A. Director"))
    assert build(report).signed["area:1"].name == "A. Director"


def test_a_return_is_recorded_with_its_reason_and_answered_later(world):
    report = begun_before(world)
    with pytest.raises(ValidationError) as refusal:
        record(world, report, is_approved=False)
    assert "reason" in refusal.value.message_dict
    said = record(world, report, is_approved=False, reason="Area 2 says nothing of schools.")
    check(world, said)
    answer = build(report).approved[world.council.pk]
    assert (answer.is_approved, answer.reason) == (False, "Area 2 says nothing of schools.")
    words = lines(report)["For The county council"].words
    assert words == f"Returned by {given_by_email()}: Area 2 says nothing of schools."
    approve(world, report)
    assert build(report).approved[world.council.pk].is_approved


def test_what_was_said_today_is_of_the_moment_of_recording(world):
    report = begin(world)
    said = record(world, report, said_on=day(0))
    assert said.effective_at == said.recorded_at
    check(world, said)
    assert Approval.objects.get().effective_at == said.effective_at


def test_what_was_said_on_the_day_of_beginning_is_not_of_before_it(world):
    report = begun_before(world)
    evening = datetime.combine(day(5), time(20), LONDON)
    Report.objects.filter(pk=report.pk).update(made_at=evening)
    assert record(world, report, said_on=day(5)).effective_at == evening


def test_a_double_press_records_and_checks_once(world):
    report = begun_before(world)
    said = record(world, report)
    assert record(world, report) == said
    assert check(world, said) == check(world, said)
    assert (SaidOutside.objects.count(), Approval.objects.count()) == (1, 1)


def test_a_published_report_prints_how_it_was_given(world):
    report = begun_before(world)
    check(world, record(world, report))
    put(world, report, FORUMS_SECTION, "We were asked, and heard.", by="forum")
    check(world, record(world, report, area=world.area, said_on=day(0)))
    # The statement has moved what was approved.
    check(world, record(world, report, said_on=day(0)))
    publication = publish(world, report, reason="The rest comes later.")
    paper = publication.papers.get(paper="report")
    items = Document.read(paper.payload).sections[-1].blocks[1].items
    assert [one.words for one in items if one.name] == [
        f"Approved by {given_by_email(0)}",
        f"Signed by {given_by_email(0)}",
    ]


def test_long_names_fit_the_source(world):
    for persona in ("officer", "second"):
        world.users[persona].name = "Name " * 39
        world.users[persona].save()
    report = begun_before(world)
    check(world, record(world, report, how="call"))
    assert len(Approval.objects.get().source) <= 300


def test_neither_record_is_changed_or_deleted(world):
    report = begun_before(world)
    said = record(world, report)
    check(world, said)
    for rows in (SaidOutside.objects, SaidOutsideCheck.objects):
        for act in (lambda rows=rows: rows.update(by=None), lambda rows=rows: rows.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()


# --- Refused ----------------------------------------------------------------------------------


def test_only_the_programme_team_records_and_checks(world):
    report = begun_before(world)
    for persona in ("lead", "sro", "chair", "member", "forum", "reader", "outsider"):
        with pytest.raises(ValidationError, match="Only the programme team"):
            record(world, report, by=world.users[persona])
    said = record(world, report)
    for persona in ("lead", "sro", "chair", "member", "forum", "reader", "outsider"):
        with pytest.raises(ValidationError, match="second member"):
            check(world, said, persona)
    assert not Approval.objects.exists()


def test_who_recorded_it_does_not_check_it(world):
    said = record(world, begun_before(world))
    for is_confirmed in (True, False):
        with pytest.raises(ValidationError, match="not who recorded it"):
            check(world, said, "officer", is_confirmed=is_confirmed, reason="No")
    assert not SaidOutsideCheck.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "The sro"}, "name"),
        ({"name": "The officer"}, "name"),
        ({"how": "rumour"}, "how"),
        ({"said_on": day(-1)}, "said_on"),
        ({"said_on": day(6)}, "said_on"),
        ({"found_at": ""}, "found_at"),
        ({"message": ""}, "message"),
        ({"is_approved": None}, "is_approved"),
    ],
)
def test_what_is_missing_or_cannot_be_is_said_at_its_field(world, fields, field):
    report = begun_before(world)
    with pytest.raises(ValidationError) as refusal:
        record(world, report, **fields)
    assert list(refusal.value.message_dict) == [field]
    assert not SaidOutside.objects.exists()


def test_an_approval_is_never_of_the_preparer(world):
    report = begun_before(world)
    Report.objects.filter(pk=report.pk).update(prepared_by=world.users["chair"])
    with pytest.raises(ValidationError) as refusal:
        record(world, report)
    assert list(refusal.value.message_dict) == ["name"]
    Report.objects.filter(pk=report.pk).update(prepared_by=world.users["sro"])
    with pytest.raises(ValidationError) as refusal:
        record(world, report, area=world.area)
    assert list(refusal.value.message_dict) == ["name"]


def test_a_preparer_without_their_account_named_is_still_no_signatory(world):
    report = begun_before(world)
    AreaOfficer.objects.filter(area=world.area).delete()
    person = Person.objects.create(local_area=world.plan.local_area, name="The officer")
    AreaOfficer.objects.create(area=world.area, person=person)
    with pytest.raises(ValidationError) as refusal:
        record(world, report, area=world.area, name="The officer")
    assert list(refusal.value.message_dict) == ["name"]


def test_words_that_changed_while_it_was_recorded_are_read_again(world):
    report = begun_before(world)
    digest = build(report).substance
    put(world, report, PROGRESS, "Other words")
    with pytest.raises(ValidationError, match="changed while you read it"):
        record(world, report, digest=digest)


def test_words_that_changed_before_the_check_cannot_be_confirmed(world):
    report = begun_before(world)
    whole, part = record(world, report), record(world, report, area=world.area)
    other = record(world, report, area=world.other_area, name="The other sro")
    put(world, report, PROGRESS, "Other words")
    for said in (whole, part):
        with pytest.raises(ValidationError, match="words have changed since"):
            check(world, said)
    assert not SaidOutsideCheck.objects.exists()
    # The other area reads as it did.
    check(world, other)
    assert set(build(report).signed) == {"area:2"}
    check(world, whole, is_confirmed=False, reason="It was said of the words before.")
    # Of the words as they are now it is recorded anew, although one of before still waits.
    check(world, record(world, report, area=world.area))
    assert set(build(report).signed) == {"area:1", "area:2"}
    assert not Approval.objects.exists()


def test_one_that_waits_is_not_recorded_a_second_time_in_other_words(world):
    report = begun_before(world)
    record(world, report)
    with pytest.raises(ValidationError, match="recorded already, by The officer"):
        record(world, report, by=world.users["second"])


def test_what_is_not_as_recorded_gives_nothing_and_needs_a_reason(world):
    said = record(world, begun_before(world))
    with pytest.raises(ValidationError) as refusal:
        check(world, said, is_confirmed=False)
    assert list(refusal.value.message_dict) == ["reason"]
    check(world, said, is_confirmed=False, reason="The e-mail asks for changes.")
    with pytest.raises(ValidationError, match="checked this meanwhile"):
        check(world, said)
    assert not Approval.objects.exists()


def test_a_later_answer_is_not_overruled_by_an_earlier_word(world):
    report = begun_before(world)
    said = record(world, report)
    part = record(world, report, area=world.area)
    approve(world, report, is_approved=False, reason="Say who pays.")
    sign_area(world, report)
    for one in (said, part):
        with pytest.raises(ValidationError, match="answered later"):
            check(world, one)
    check(world, said, is_confirmed=False, reason="The chair answered since.")
    with pytest.raises(ValidationError, match="answered later"):
        record(world, report)
    assert not build(report).approved[world.council.pk].is_approved


def test_an_answer_of_the_same_day_recorded_after_it_stands_too(world):
    report = begun_before(world)
    said = record(world, report, said_on=day(0))
    approve(world, report, is_approved=False, reason="Say who pays.")
    with pytest.raises(ValidationError, match="answered later"):
        check(world, said)


@pytest.mark.parametrize("what", ["approver", "sro"])
def test_who_signs_no_more_cannot_be_confirmed(world, what):
    report = begun_before(world)
    if what == "approver":
        said = record(world, report)
        Approver.objects.filter(user=world.users["chair"]).update(withdrawn_at=timezone.now())
    else:
        said = record(world, report, area=world.area)
        Membership.objects.filter(user=world.users["sro"]).delete()
    with pytest.raises(ValidationError, match="no more"):
        check(world, said)
    assert not Approval.objects.exists()
    assert not Signature.objects.exists()


def test_a_draft_that_is_discarded_takes_neither(world):
    report = begun_before(world)
    said = record(world, report)
    drafting.discard(report=report, now=timezone.now())
    with pytest.raises(ValidationError, match="discarded"):
        check(world, said)
    with pytest.raises(ValidationError, match="discarded"):
        said_outside.record_said_outside(
            report=report,
            by=world.users["officer"],
            name="The chair",
            how="email",
            said_on=day(0),
            found_at="Mailbox",
            message="Yes",
            digest=said.digest,
            today=day(0),
            organisation=world.council,
            is_approved=True,
        )


# --- Its pages --------------------------------------------------------------------------------


def url(world, name, *args):
    return reverse(f"reports:{name}", args=(world.plan.slug, *args))


def as_user(client, world, persona):
    client.force_login(world.users[persona])
    return client


def text_of(answer):
    page = answer.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def sent(digest, **fields):
    return {
        "digest": digest,
        "name": "The chair",
        "is_approved": "yes",
        "how": "email",
        "said_on": f"{day(1):%d/%m/%Y}",
        "found_at": "SEND programme mailbox",
        "message": "I approve it as it stands.",
    } | fields


def test_one_officer_records_it_in_the_browser_and_another_checks_it(client, world):
    report = begun_before(world)
    draft = url(world, "draft", report.pk)
    address = url(world, "record_answer", report.pk, world.council.pk)
    assert address in as_user(client, world, "officer").get(draft).content.decode()
    for persona in ("sro", "chair"):
        page = as_user(client, world, persona).get(draft).content.decode()
        assert "given outside" not in page
    as_user(client, world, "officer")
    page = client.get(address)
    assert "The chair, Chief officer" in text_of(page)
    digest = re.search(r'name="digest" value="(\w+)"', page.content.decode())[1]

    wrong = client.post(address, sent(digest, is_approved="no", said_on="31/2/2026", message=""))
    assert wrong.status_code == 422
    words = text_of(wrong)
    assert "Say what must change before it is approved" in words
    assert "Give the message, or what was said in your words" in words
    # Nothing typed is lost.
    assert "SEND programme mailbox" in wrong.content.decode()
    early = client.post(address, sent(digest, said_on=f"{day(9):%d/%m/%Y}"))
    assert "The draft was begun on" in text_of(early)
    assert not SaidOutside.objects.exists()

    assert client.post(address, sent(digest))["Location"] == draft
    said = SaidOutside.objects.get()
    to_check = url(world, "check_said", report.pk, said.pk)
    recorded = (
        f"Given by The chair: e-mail, {formatting.short_day(day(1))}, recorded by The officer"
    )
    mine = client.get(draft)
    assert f"{recorded}; waits for a second person" in text_of(mine)
    assert to_check not in mine.content.decode()
    assert client.get(to_check).status_code == 403
    assert client.post(to_check, {"is_confirmed": "yes"}).status_code == 403

    as_user(client, world, "second")
    assert to_check in client.get(draft).content.decode()
    page = client.get(to_check)
    for words in (
        "I approve it as it stands.",
        "SEND programme mailbox",
        "Recorded by The officer",
    ):
        assert words in text_of(page)
    assert client.post(to_check, {}).status_code == 422
    answer = client.post(to_check, {"is_confirmed": "no"})
    assert "Say what is not as recorded" in text_of(answer)
    assert client.post(to_check, {"is_confirmed": "yes"})["Location"] == draft
    words = text_of(client.get(draft))
    assert f"Approved by The chair: {given_by_email(1)}" in words
    assert client.get(to_check).status_code == 404


def test_a_check_says_that_the_words_moved_on(client, world):
    report = begun_before(world)
    said = record(world, report, area=world.area)
    to_check = url(world, "check_said", report.pk, said.pk)
    as_user(client, world, "second")
    # Begun on that day or after, as far as the history of the draft tells.
    assert "was edited after" in text_of(client.get(to_check))
    put(world, report, PROGRESS, "Other words")
    assert "The words have changed since this was recorded" in text_of(client.get(to_check))
    answer = client.post(to_check, {"is_confirmed": "yes"})
    assert answer.status_code == 422
    page = client.get(url(world, "draft", report.pk))
    assert "the words have changed since" in text_of(page)
    assert url(world, "record_signature", report.pk, "1") in page.content.decode()
    sent_to = client.post(to_check, {"is_confirmed": "no", "reason": "Said of other words."})
    assert sent_to.status_code == 302
    assert not Signature.objects.exists()


def test_a_page_says_where_nobody_is_named(client, world):
    report = begun_before(world)
    Membership.objects.filter(user=world.users["sro"]).delete()
    page = as_user(client, world, "officer").get(
        url(world, "record_signature", report.pk, world.area.code)
    )
    assert "Nobody is named whose word this could be" in text_of(page)


def test_the_others_of_the_team_are_told_until_it_is_checked(world):
    report = begun_before(world)
    said = record(world, report, is_approved=False, reason="Say who pays.")

    def told(persona):
        granted = memberships.granted_to(world.users[persona], world.plan)
        (found,) = notices_of([granted], timezone.localdate())
        return [one for one in found if "given outside" in one.words]

    assert not told("officer")
    assert not told("sro")
    (notice,) = told("second")
    assert notice.words == (
        f"The formal report, {report.number}: the return of The chair, given outside and recorded "
        "by The officer, waits for a second person."
    )
    assert notice.url == url(world, "check_said", report.pk, said.pk)
    check(world, said)
    assert not told("second")


def test_what_is_recorded_after_a_correction_is_of_the_draft_alone(world):
    """A figure put right elsewhere moves no draft, so what was said of it still holds."""
    report = begun_before(world)
    said = record(world, report, area=world.area)
    say(world, "All posts are filled.", brag="green")
    check(world, said)
    assert set(build(report).signed) == {"area:1"}

"""Making a report in a browser: each step as whoever takes it, and who is kept out."""

import hashlib
import re
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import Membership, ResponsibleOrganisation
from actions.pages import formatting
from reports.contents.building import build
from reports.contents.signing import FORUMS_SECTION
from reports.drafts import drafting
from reports.models import Approval, Publication, PublishedFile, Report, ReportText, Signature
from tests.factories import make_world
from tests.reports.draft_builders import (
    approve,
    begin,
    cut_off_now,
    make_files,
    make_series,
    put,
    put_out,
    say,
    section,
    set_up_and_said,
    sign_area,
)
from tests.reports.drafts.test_publishing import publish

PROGRESS = "commitment:1.1.1a:progress"


@pytest.fixture
def world(db):
    return set_up_and_said(make_world())


def url(world, name, *args):
    return reverse(f"reports:{name}", args=(world.plan.slug, *args))


def text_of(answer):
    """The page's words, without its markup."""
    page = answer.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def hidden(answer, name):
    return re.findall(rf'name="{name}" value="([^"]*)"', answer.content.decode())


def as_user(client, world, persona):
    client.force_login(world.users[persona])
    return client


# --- Beginning --------------------------------------------------------------------------------


def test_an_officer_begins_a_report_and_nobody_else_does(client, world):
    start = url(world, "start", world.series.pk) + f"?period={timezone.localdate()}"
    for persona in ("lead", "sro", "chair", "member", "forum", "reader"):
        assert as_user(client, world, persona).post(start).status_code == 403
    assert not Report.objects.exists()
    as_user(client, world, "officer")
    assert "Make the draft" in text_of(client.get(start))
    answer = client.post(start)
    report = Report.objects.get()
    assert answer["Location"] == url(world, "draft", report.pk)
    assert report.prepared_by == world.users["officer"]
    again = client.post(start)
    assert again.status_code == 422
    assert "a report of this period already" in text_of(again)


@pytest.mark.parametrize("period", ["soon", "2023-02-30", "1000-01-01", "9999-12-31"])
def test_a_period_that_is_no_day_is_refused_in_words(client, world, period):
    start = url(world, "start", world.series.pk) + f"?period={period}"
    assert as_user(client, world, "officer").get(start).status_code == 400


def test_six_weeks_without_a_first_day_are_refused_in_words(client, world):
    series = make_series(world.plan, "exceptions", "six_weekly", anchor_on=None)
    answer = as_user(client, world, "officer").get(url(world, "start", series.pk))
    assert answer.status_code == 400
    assert "from a first day" in text_of(answer)


# --- The draft --------------------------------------------------------------------------------


def test_a_draft_says_at_its_head_what_waits_for_its_reader(client, world):
    report = begin(world)
    page = url(world, "draft", report.pk)

    def head(persona):
        words = text_of(as_user(client, world, persona).get(page))
        return words[: words.index("Not published")]

    assert "This draft waits for you. Sign Area 1" in head("sro")
    assert "This draft waits for you. Approve or return for" in head("chair")
    assert "This draft waits for you. Write the forum’s statement" in head("forum")
    assert "waits for you" not in head("officer") + head("member")
    put(world, report, FORUMS_SECTION, "We were heard.", by="forum")
    assert "This draft waits for you. Sign the forum’s statement" in head("forum")
    sign_area(world, report, 1)
    assert "waits for you" not in head("sro")


def test_who_prepares_is_told_of_a_return_until_it_is_answered_again(client, world):
    """An edit alone does not settle it, and nobody else is told."""
    report = begin(world)

    def work(persona):
        address = reverse("pages:my_work", args=[world.plan.slug])
        return text_of(as_user(client, world, persona).get(address))

    told = "returned for The county council by The chair: Say who pays."
    assert told not in work("officer")
    approve(world, report, is_approved=False, reason="Say who pays.")
    assert told in work("officer")
    assert "edited since" not in work("officer")
    assert "Say who pays." not in work("lead") + work("sro")
    put(world, report, "summary", "The council pays.")
    assert f"{told} (The draft was edited since. It waits for a new answer.)" in work("officer")
    approve(world, report)
    assert told not in work("officer")


def test_the_list_of_reports_names_the_day_they_show_as_it_is_written(client, world):
    report = begin(world, make_series(world.plan, "kpis", "monthly"))
    put_out(world, report)
    page = text_of(as_user(client, world, "officer").get(url(world, "index")))
    assert f"As at {formatting.short_day(report.as_at)} published" in page


def test_a_draft_shows_its_words_and_an_officer_may_edit_them(client, world):
    report = begin(world)
    page = as_user(client, world, "officer").get(url(world, "draft", report.pk))
    assert "Two posts are filled." in text_of(page)
    assert f"{url(world, 'words', report.pk)}?place={PROGRESS}" in unescape(
        page.content.decode()
    ).replace("%3A", ":")
    other = as_user(client, world, "member").get(url(world, "draft", report.pk))
    assert url(world, "words", report.pk) not in other.content.decode()


def test_a_lead_sees_the_own_lines_of_a_draft_and_what_was_edited(client, world):
    report = begin(world)
    put(world, report, PROGRESS, "Two of five posts are filled.")
    page = text_of(as_user(client, world, "lead").get(url(world, "draft", report.pk)))
    assert "Two of five posts are filled." in page
    assert "Two posts are filled." in page
    assert "2.1.1a" not in page
    told = text_of(client.get(reverse("pages:my_work", args=[world.plan.slug])))
    assert "The programme team edited".lower() in told.lower()
    assert "1.1.1a" in told


def test_who_stands_in_for_a_lead_sees_the_same_lines(client, world):
    world.commitment.leads.filter(person=world.people["other_lead"]).delete()
    page = url(world, "draft", begin(world).pk)
    as_user(client, world, "other_lead")
    assert "Two posts are filled." not in text_of(client.get(page))
    today = timezone.localdate()
    memberships.name_deputy(
        of=world.users["lead"].memberships.get(),
        user=world.users["other_lead"],
        starts_on=today,
        ends_on=today,
    )
    assert "Two posts are filled." in text_of(client.get(page))


def test_words_are_edited_at_their_place(client, world):
    report = begin(world)
    place = f"{url(world, 'words', report.pk)}?place={PROGRESS}"
    page = as_user(client, world, "officer").get(place)
    (seen,) = hidden(page, "seen")
    answer = client.post(place, {"text": "Two of five\r\nposts", "seen": seen})
    assert answer.status_code == 302
    assert ReportText.objects.get().text == "Two of five\nposts"
    assert build(report).places[PROGRESS].text == "Two of five\nposts"


def test_two_who_edit_one_place_both_keep_their_words(client, world):
    report = begin(world)
    place = f"{url(world, 'words', report.pk)}?place={PROGRESS}"
    page = as_user(client, world, "officer").get(place)
    (seen,) = hidden(page, "seen")
    put(world, report, PROGRESS, "Theirs")
    answer = client.post(place, {"text": "Mine", "seen": seen})
    assert answer.status_code == 409
    assert "Theirs" in text_of(answer)
    assert "Mine" in text_of(answer)
    assert build(report).places[PROGRESS].text == "Theirs"
    (seen,) = hidden(answer, "seen")
    assert client.post(place, {"text": "Both", "seen": seen}).status_code == 302
    assert build(report).places[PROGRESS].text == "Both"


def test_too_long_a_text_is_told_so_and_kept_on_the_page(client, world):
    report = begin(world)
    place = f"{url(world, 'words', report.pk)}?place={PROGRESS}"
    as_user(client, world, "officer")
    (seen,) = hidden(client.get(place), "seen")
    answer = client.post(place, {"text": "word " * 6001, "seen": seen})
    assert answer.status_code == 422
    assert "too long" in text_of(answer)
    assert "word word" in text_of(answer)
    assert client.post(place, {"text": "word " * 5999, "seen": seen}).status_code == 302


def test_the_forums_statement_is_the_forums_alone(client, world):
    report = begin(world)
    place = f"{url(world, 'words', report.pk)}?place={FORUMS_SECTION}"
    assert as_user(client, world, "officer").get(place).status_code == 403
    assert as_user(client, world, "sro").get(place).status_code == 403
    page = as_user(client, world, "forum").get(place)
    (seen,) = hidden(page, "seen")
    assert client.post(place, {"text": "We were heard.", "seen": seen}).status_code == 302
    assert build(report).places[FORUMS_SECTION].text == "We were heard."
    other = f"{url(world, 'words', report.pk)}?place={PROGRESS}"
    assert client.get(other).status_code == 403


def test_an_officer_who_sits_on_the_forum_writes_nothing_for_it(client, world):
    report = begin(world)
    memberships.grant(user=world.users["officer"], plan=world.plan, role=Membership.Role.FORUM)
    place = f"{url(world, 'words', report.pk)}?place=co-production"
    assert as_user(client, world, "officer").get(place).status_code == 403


def test_a_place_that_does_not_exist_is_not_found(client, world):
    report = begin(world)
    nowhere = f"{url(world, 'words', report.pk)}?place=nowhere"
    assert as_user(client, world, "officer").get(nowhere).status_code == 404
    assert as_user(client, world, "forum").get(nowhere).status_code == 403


# --- The cut-off ------------------------------------------------------------------------------


def test_a_move_of_the_cut_off_is_shown_before_it_is_made(client, world):
    report = begin(world)
    sign_area(world, report, 1)
    say(world, "All posts are filled.", brag="green")
    page = url(world, "cut_off", report.pk)
    as_user(client, world, "officer")
    day = f"{timezone.localdate():%d/%m/%Y}"
    shown = client.post(page, {"as_at": day, "known_on": "", "act": "show"})
    words = text_of(shown)
    assert "All posts are filled." in words
    assert "These signatures would no longer hold: The sro" in words
    assert build(Report.objects.get()).signed
    (seen,) = hidden(shown, "seen")
    moved = client.post(page, {"as_at": day, "known_on": "", "act": "move", "seen": seen})
    assert moved.status_code == 302
    built = build(Report.objects.get())
    assert built.places[PROGRESS].text == "All posts are filled."
    assert not built.signed


def test_a_move_brings_in_no_more_than_was_shown(client, world):
    report = begin(world)
    page = url(world, "cut_off", report.pk)
    day = f"{timezone.localdate():%d/%m/%Y}"
    asked = {"as_at": day, "known_on": ""}
    (seen,) = hidden(as_user(client, world, "officer").post(page, asked | {"act": "show"}), "seen")
    say(world, "All posts are filled.", brag="green")
    assert client.post(page, asked | {"act": "move", "seen": seen}).status_code == 302
    assert build(Report.objects.get()).places[PROGRESS].text == "Two posts are filled."


@pytest.mark.parametrize(
    "seen",
    [
        "",
        "soon",
        "2023-02-30",
        "{day}//soon",
        "{day}//2023-02-30T00:00Z",
        "{day}//0001-01-01T00:00+14:00",
        "{day}//9999-12-31T00:00-14:00",
        "{day}//2023-02-03T00:00",
    ],
)
def test_a_move_that_nobody_looked_at_is_shown_first(client, world, seen):
    report = begin(world)
    today = timezone.localdate()
    answer = as_user(client, world, "officer").post(
        url(world, "cut_off", report.pk),
        {
            "as_at": f"{today:%d/%m/%Y}",
            "known_on": "",
            "act": "move",
            "seen": seen.format(day=today),
        },
    )
    assert answer.status_code == 200
    assert "Nothing in the report would change" in text_of(answer)
    assert Report.objects.get().known_at == report.known_at


def test_another_day_than_was_shown_is_shown_first(client, world):
    report = begin(world)
    page = url(world, "cut_off", report.pk)
    asked = {"as_at": f"{timezone.localdate():%d/%m/%Y}", "known_on": ""}
    (seen,) = hidden(as_user(client, world, "officer").post(page, asked | {"act": "show"}), "seen")
    other = asked | {"known_on": "1/1/2001", "act": "move", "seen": seen}
    assert "recorded by the end of Monday 1 January 2001" in text_of(client.post(page, other))
    assert Report.objects.get().known_at == report.known_at


def test_a_move_that_changes_nothing_says_so(client, world):
    report = begin(world)
    day = f"{timezone.localdate():%d/%m/%Y}"
    shown = as_user(client, world, "officer").post(
        url(world, "cut_off", report.pk), {"as_at": day, "known_on": "", "act": "show"}
    )
    assert "Nothing in the report would change" in text_of(shown)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"as_at": "1/1/2020"}, "Choose a day of the report’s period"),
        ({"as_at": "1/1/2099"}, "This day has not come yet"),
        ({"as_at": "soon"}, "Enter a date"),
        ({"as_at": ""}, "Give a day"),
        ({"known_on": "1/1/2099"}, "This day has not come yet"),
        ({"known_on": "31/12/9999"}, "Enter a date"),
    ],
)
def test_a_cut_off_that_cannot_be_is_told_so(client, world, sent, said):
    report = begin(world)
    day = f"{timezone.localdate():%d/%m/%Y}"
    answer = as_user(client, world, "officer").post(
        url(world, "cut_off", report.pk), {"as_at": day, "known_on": "", "act": "move"} | sent
    )
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert Report.objects.get().known_at == report.known_at


# --- Signing and approving --------------------------------------------------------------------


def test_an_sro_signs_the_own_area_and_no_other(client, world):
    report = begin(world)
    page = url(world, "sign", report.pk, "1")
    for persona in ("officer", "lead", "other_sro", "chair", "member", "forum", "reader"):
        assert as_user(client, world, persona).get(page).status_code == 403
    shown = as_user(client, world, "sro").get(page)
    assert "Two posts are filled." in text_of(shown)
    (digest,) = hidden(shown, "digest")
    assert digest == section(report, "area:1").digest
    assert client.post(page, {"digest": digest}).status_code == 302
    signature = Signature.objects.get()
    assert (signature.name, signature.area) == ("The sro", world.area)
    assert client.get(url(world, "sign", report.pk, "9")).status_code == 404
    assert client.get(url(world, "sign", report.pk, "x")).status_code == 404


def test_a_statement_is_signed_once_there_is_one(client, world):
    report = begin(world)
    page, draft = url(world, "sign", report.pk, "forum"), url(world, "draft", report.pk)
    assert page not in as_user(client, world, "forum").get(draft).content.decode()
    (digest,) = hidden(client.get(page), "digest")
    refused = client.post(page, {"digest": digest})
    assert refused.status_code == 422
    assert "Write the statement first." in text_of(refused)
    put(world, report, FORUMS_SECTION, "We were heard.", by="forum")
    assert page in client.get(draft).content.decode()
    (digest,) = hidden(client.get(page), "digest")
    assert client.post(page, {"digest": digest}).status_code == 302
    assert Signature.objects.get().name == world.users["forum"].name


def test_words_that_change_under_the_pen_are_shown_again(client, world):
    report = begin(world)
    page = url(world, "sign", report.pk, "1")
    (digest,) = hidden(as_user(client, world, "sro").get(page), "digest")
    put(world, report, PROGRESS, "Other words")
    answer = client.post(page, {"digest": digest})
    assert answer.status_code == 422
    assert "changed while you read it" in text_of(answer)
    assert "Other words" in text_of(answer)
    (fresh,) = hidden(answer, "digest")
    assert client.post(page, {"digest": fresh}).status_code == 302


def test_a_deputys_signature_says_for_whom(client, world):
    today = timezone.localdate()
    memberships.name_deputy(
        of=Membership.objects.get(user=world.users["sro"]),
        user=world.users["member"],
        starts_on=today,
        ends_on=today + timedelta(days=1),
    )
    report = begin(world)
    page = url(world, "sign", report.pk, "1")
    (digest,) = hidden(as_user(client, world, "member").get(page), "digest")
    assert client.post(page, {"digest": digest}).status_code == 302
    assert Signature.objects.get().office == (
        "Senior responsible officer of Area 1, standing in for The sro"
    )


def test_the_named_person_approves_or_returns_with_a_reason(client, world):
    report = begin(world)
    page = url(world, "approve", report.pk, world.council.pk)
    for persona in ("officer", "lead", "sro", "other_sro", "member", "forum", "reader"):
        assert as_user(client, world, persona).get(page).status_code == 403
    shown = as_user(client, world, "chair").get(page)
    (digest,) = hidden(shown, "digest")
    refused = client.post(page, {"digest": digest, "is_approved": "no", "reason": ""})
    assert refused.status_code == 422
    assert "what must change" in text_of(refused)
    sent = {"digest": digest, "is_approved": "no", "reason": "Say more of schools."}
    assert client.post(page, sent).status_code == 302
    sent = {"digest": digest, "is_approved": "yes"}
    assert client.post(page, sent).status_code == 302
    assert [one.is_approved for one in Approval.objects.order_by("pk")] == [False, True]


def test_reports_that_nobody_approves_have_no_page_for_it(client, world):
    report = begin(world, make_series(world.plan, "kpis", "monthly"))
    page = url(world, "approve", report.pk, world.council.pk)
    assert as_user(client, world, "chair").get(page).status_code == 404


def test_an_organisation_that_answers_for_the_plan_no_longer_is_not_asked(client, world):
    report = begin(world)
    page, draft = url(world, "approve", report.pk, world.council.pk), url(world, "draft", report.pk)
    assert page in as_user(client, world, "chair").get(draft).content.decode()
    ResponsibleOrganisation.objects.filter(organisation=world.council).delete()
    assert "Approval of The county council" not in text_of(client.get(draft))
    assert client.get(page).status_code == 404


# --- Going out --------------------------------------------------------------------------------


def test_an_officer_publishes_with_the_list_of_what_is_missing(client, world):
    report = begin(world)
    page = url(world, "publish", report.pk)
    shown = as_user(client, world, "officer").get(page)
    seen = [unescape(one) for one in hidden(shown, "seen")]
    assert seen
    sent = {"seen": seen, "audience": unescape(*hidden(shown, "audience"))}
    refused = client.post(page, sent | {"reason": ""})
    assert refused.status_code == 422
    assert "Say why it goes out" in text_of(refused)
    assert not Publication.objects.exists()
    done = client.post(page, sent | {"reason": "The board meets."})
    assert done["Location"] == url(world, "report", report.pk)
    assert "Files are being made" in text_of(client.get(done["Location"]))
    # A second press, from a page that was open still.
    assert client.post(page, sent | {"reason": "The board meets."}).status_code == 404
    assert Publication.objects.count() == 1
    make_files()
    assert "The board meets." in text_of(client.get(done["Location"]))


def test_the_list_leads_to_edited_words_whose_record_has_changed(client, world):
    report = begin(world)
    put(world, report, PROGRESS, "The work keeps to its dates.")
    say(world, "Two posts are filled.", brag="green")
    report = cut_off_now(report)
    address = f"{url(world, 'words', report.pk)}?place={quote(PROGRESS)}"
    for name in ("publish", "draft"):
        shown = as_user(client, world, "officer").get(url(world, name, report.pk))
        assert "the record has changed since: Progress of 1.1.1a." in text_of(shown)
        assert f'<a href="{address}">Review</a>' in shown.content.decode()
    assert "Then: Amber. Now: Green." in text_of(client.get(address))


def test_a_list_of_what_is_missing_comes_back_with_a_browsers_line_ends(client, world):
    report = begin(world)
    approve(world, report, is_approved=False, reason="Too long.\nToo late.")
    page = url(world, "publish", report.pk)
    shown = as_user(client, world, "officer").get(page)
    seen = [unescape(one).replace("\n", "\r\n") for one in hidden(shown, "seen")]
    audience = unescape(*hidden(shown, "audience"))
    done = client.post(page, {"seen": seen, "audience": audience, "reason": "The board meets."})
    assert done.status_code == 302
    words = "The county council returned it: Too long.\nToo late."
    assert words in Publication.objects.get().missing


def test_it_goes_to_nobody_whom_the_officer_was_not_told_of(client, world):
    report = begin(world, make_series(world.plan, "exceptions", "monthly"))
    report.series.audiences.set([world.nhse])
    page = url(world, "publish", report.pk)
    shown = as_user(client, world, "officer").get(page)
    sent = {
        "seen": [unescape(one) for one in hidden(shown, "seen")],
        "audience": unescape(*hidden(shown, "audience")),
        "reason": "The board meets.",
    }
    report.series.audiences.add(world.board)
    refused = client.post(page, sent)
    assert refused.status_code == 422
    assert "It goes to others since you read this page." in text_of(refused)
    assert "It goes to The board and NHS England." in text_of(refused)
    assert not Publication.objects.exists()


def test_a_published_report_is_read_by_the_plan_and_by_whom_it_is_addressed_to(client, world):
    report = begin(world)
    publish(world, report)
    elsewhere = begin(world, make_series(world.plan, "kpis", "monthly"))
    publish(world, elsewhere)
    page, other = (url(world, "report", one.pk) for one in (report, elsewhere))
    for persona in ("officer", "lead", "sro", "chair", "member", "forum", "reader"):
        assert as_user(client, world, persona).get(page).status_code == 200
    assert as_user(client, world, "reader").get(other).status_code == 403
    assert as_user(client, world, "outsider").get(page).status_code == 404
    index = as_user(client, world, "reader").get(url(world, "index"))
    assert page in index.content.decode()
    assert other not in index.content.decode()


def test_a_later_audience_changes_nothing_for_what_is_out(client, world):
    report = begin(world)
    publish(world, report)
    world.series.audiences.set([world.nhse])
    assert as_user(client, world, "reader").get(url(world, "report", report.pk)).status_code == 200


def test_files_are_served_as_they_were_kept(client, world):
    report = begin(world)
    publish(world, report)
    as_user(client, world, "reader")
    for one in PublishedFile.objects.select_related("paper"):
        answer = client.get(url(world, "report_file", report.pk, one.paper.paper, one.format))
        assert answer.content == bytes(one.content)
        assert answer["Content-Disposition"] == f'attachment; filename="{one.name}"'
        assert answer["X-Content-Type-Options"] == "nosniff"
    shown = client.get(url(world, "report", report.pk)).content.decode()
    for one in PublishedFile.objects.filter(paper__paper="report"):
        # By which anybody finds out whether a file is the one that went out.
        assert hashlib.sha256(bytes(one.content)).hexdigest() == one.digest
        assert one.digest in shown
        assert one.name in shown
    missing = url(world, "report_file", report.pk, "report", "exe")
    assert client.get(missing).status_code == 404


def test_a_draft_is_taken_as_a_file_that_says_it_is_one(client, world):
    report = begin(world)
    answer = as_user(client, world, "officer").get(
        url(world, "draft_file", report.pk, "report", "html")
    )
    assert "Draft" in answer.content.decode()
    assert not PublishedFile.objects.exists()
    assert (
        as_user(client, world, "lead")
        .get(url(world, "draft_file", report.pk, "report", "html"))
        .status_code
        == 403
    )


def test_a_published_report_is_no_draft_and_a_draft_no_report(client, world):
    draft = begin(world)
    as_user(client, world, "officer")
    assert client.get(url(world, "report", draft.pk)).status_code == 404
    publish(world, draft)
    assert client.get(url(world, "draft", draft.pk)).status_code == 404
    assert client.post(url(world, "discard", draft.pk)).status_code == 404


def test_a_version_that_was_not_addressed_to_a_reader_is_no_link_for_her(client, world):
    first = begin(world)
    world.series.audiences.set([world.nhse])
    put_out(world, first)
    world.series.audiences.set([world.board])
    second = drafting.start_version(
        report=first, by=world.users["officer"], reason="A figure was wrong.", now=timezone.now()
    )
    put_out(world, second)
    older, newer = (url(world, "report", one.pk) for one in (first, second))
    page = as_user(client, world, "reader").get(newer)
    assert "In the place of version 1: A figure was wrong." in text_of(page)
    assert f'href="{older}"' not in page.content.decode()
    assert client.get(older).status_code == 403
    page = as_user(client, world, "member").get(newer)
    assert f'href="{older}"' in page.content.decode()
    assert f'href="{newer}"' in client.get(older).content.decode()


def test_a_new_version_takes_the_place_and_each_leads_to_the_other(client, world):
    report = begin(world)
    publish(world, report)
    as_user(client, world, "officer")
    page = url(world, "new_version", report.pk)
    assert client.post(page, {"reason": ""}).status_code == 422
    answer = client.post(page, {"reason": "A colour was wrong."})
    newer = Report.objects.get(version=2)
    assert answer["Location"] == url(world, "draft", newer.pk)
    assert client.get(page).status_code == 404
    assert "A newer version" not in text_of(client.get(url(world, "report", report.pk)))
    publish(world, newer)
    old = client.get(url(world, "report", report.pk))
    assert "A newer version" in text_of(old)
    assert url(world, "report", newer.pk) in old.content.decode()
    new = client.get(url(world, "report", newer.pk))
    assert "A colour was wrong." in text_of(new)
    assert url(world, "report", report.pk) in new.content.decode()


def test_a_draft_is_put_away(client, world):
    report = begin(world)
    as_user(client, world, "officer").post(url(world, "discard", report.pk))
    assert "put away" in text_of(client.get(url(world, "index")))
    assert client.get(url(world, "draft", report.pk)).status_code == 404


# --- Who is told ------------------------------------------------------------------------------


def test_the_chair_is_told_where_she_lands(client, world):
    begin(world)
    as_user(client, world, "chair")
    page = reverse("reports:dashboard", args=[world.plan.slug])
    assert "waits for your approval" in text_of(client.get(page))
    earlier = client.get(f"{page}?as_at={timezone.localdate() - timedelta(days=1)}")
    assert "waits for your approval" not in text_of(earlier)


def test_each_is_told_what_waits_for_them(client, world):
    report = begin(world)

    def told(persona):
        return text_of(as_user(client, world, persona).get(url(world, "index")))

    assert "waits for your signature for Area 1" in told("sro")
    assert "waits for your approval" in told("chair")
    assert "waits for the forum’s statement" in told("forum")
    assert "waits for" not in told("member")
    sign_area(world, report, 1)
    approve(world, report)
    put(world, report, FORUMS_SECTION, "We were heard.", by="forum")
    assert "was edited after you signed" in told("sro")
    assert "was edited after you answered" in told("chair")
    assert "waits for your signature under the forum’s statement" in told("forum")
    sign_area(world, report, 1)
    assert "after you signed" not in told("sro")
    assert "waits" not in told("reader")
    publish(world, report)
    assert "waits" not in told("chair")


def test_an_edit_that_is_taken_back_is_told_of_like_any_other(client, world):
    report = begin(world)
    put(world, report, PROGRESS, "Edited")
    sign_area(world, report, 1)
    put(world, report, PROGRESS, "Two posts are filled.")
    assert not build(report).signed
    page = as_user(client, world, "sro").get(url(world, "index"))
    assert "was edited after you signed" in text_of(page)

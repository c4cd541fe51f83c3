"""Searching one's plans: what is found, what is not, who may, and how the words are looked up."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.evidence import evidence, restricted_notes
from actions.models import (
    Body,
    BodyMember,
    Commitment,
    Engagement,
    Evidence,
    GlossaryTerm,
    Membership,
    Organisation,
    Person,
    ProgressUpdate,
)
from actions.plan import amendments
from actions.progress import risks
from actions.progress.update_answers import NewRisk
from actions.rules.dates import PlanDate
from kpis.models import Kpi
from tests.databases import run_as_owner
from tests.factories import (
    make_action,
    make_area,
    make_commitment,
    make_meeting,
    make_plan,
    make_update,
    make_world,
)
from wsoa.oversight.changes import change_requests
from wsoa.oversight.decisions import decisions
from wsoa.oversight.questions import questions
from wsoa.pages.search.search import Kind, hits_of


def make_kpi(world, **fields):
    values = {
        "plan": world.plan,
        "code": "K1",
        "position": 1,
        "title": "Weeks waited",
        "unit": "weeks",
        "direction": Kpi.Direction.LOWER,
        "kind": Kpi.Kind.QUANTITY,
    }
    return Kpi.objects.create(**(values | fields))


def say(world, progress, commitment=None, **fields):
    return make_update(
        commitment or world.commitment,
        world.users["lead"],
        brag="amber",
        progress=progress,
        risk=NewRisk("None named"),
        late_reason="It ran late.",
        **fields,
    )


def ask(client, world, asked, persona="member", **more):
    client.force_login(world.users[persona])
    address = reverse("pages:search_plan", args=[world.plan.slug])
    return client.get(f"{address}?{urlencode({'q': asked, **more})}")


def shown(answer):
    """The results on the page as (heading, text of the line) pairs, markup taken away."""
    found = []
    sheet = answer.content.decode().split("<aside")[0]
    for part in sheet.split('<section class="part">')[1:]:
        heading = re.search(r"<h2>(.*?)</h2>", part)[1]
        for line in re.findall(r"<li>(.*?)</li>", part.split("</ul>")[0], re.DOTALL):
            text = unescape(re.sub(r"<[^>]+>", "", line))
            found.append((heading, " ".join(text.split())))
    return found


def headings(answer):
    return list(dict.fromkeys(heading for heading, _ in shown(answer)))


def refs(answer, heading="Commitments"):
    return [text.split()[0] for found_in, text in shown(answer) if found_in == heading]


# --- What is found ----------------------------------------------------------------------------


def test_words_are_found_in_any_form(client, world):
    make_commitment(world.action, "c", evidence="Assessments are waiting for nobody")
    assert refs(ask(client, world, "assessment wait")) == ["1.1.1c"]
    assert refs(ask(client, world, '"waiting for nobody"')) == ["1.1.1c"]
    assert refs(ask(client, world, '"nobody waiting"')) == []


def test_a_commitment_is_found_by_its_own_words_its_actions_and_its_themes(client, world):
    action = make_action(world.area, "1.2.1")
    make_commitment(action, "a", evidence="Quokka in the plan")
    make_commitment(action, "b", evidence="Nothing of the kind")
    action.theme.i_statement = "I can ask a wombat"
    action.theme.save()
    action.detail = "Hire a quokka"
    action.save()
    # 1.2.1a by its own words, so before 1.2.1b, which only its action names
    assert refs(ask(client, world, "quokkas")) == ["1.2.1a", "1.2.1b"]
    wombats = shown(ask(client, world, "wombat"))
    assert [text.split()[0] for _, text in wombats] == ["1.2.1a", "1.2.1b"]
    assert "Theme 1.2: I can ask a wombat" in wombats[0][1]


def test_evidence_printed_once_for_several_rows_is_found_with_each(client, world):
    first = make_commitment(world.action, "c", evidence="A wombat")
    make_commitment(world.action, "d", evidence="", same_evidence_as=first)
    assert refs(ask(client, world, "wombat")) == ["1.1.1c", "1.1.1d"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("1.1.1a", ["1.1.1a"]),
        ("1.1.1A", ["1.1.1a"]),
        ("1.1.1", ["1.1.1a", "1.1.1b"]),
        ("1.1.1.", ["1.1.1a", "1.1.1b"]),
        ("1.1", ["1.1.1a", "1.1.1b", "1.1.10a"]),
        ("2", ["2.1.1a"]),
        ("3", []),
        ("1.1.1ab", []),
        (".*", []),
    ],
)
def test_references_are_found_whole_or_by_how_they_begin(client, world, asked, found):
    make_commitment(make_action(world.area, "1.1.10"))
    assert refs(ask(client, world, asked)) == found


def test_every_update_is_found_the_newest_first(client, world):
    older = say(world, "Two wombats were hired.")
    newer = say(world, "A third wombat came.", commitment=world.elsewhere, on_behalf_of=None)
    say(world, "Nothing to tell.")
    found = shown(ask(client, world, "wombat"))
    assert [heading for heading, _ in found] == ["Updates", "Updates"]
    assert found[0][1].startswith("2.1.1a")
    assert "A third wombat came." in found[0][1]
    assert "Amber" in found[0][1]
    page = ask(client, world, "wombat").content.decode()
    assert f"/commitments/1.1.1a/#update-{older.pk}" in page
    assert f"/commitments/2.1.1a/#update-{newer.pk}" in page


def test_a_corrected_update_is_found_and_says_so(client, world):
    wrong = say(world, "Ten wombats.")
    say(world, "Nine wombats.", corrects=wrong, correction_reason="Nine.")
    found = [text for _, text in shown(ask(client, world, "wombats"))]
    assert ["Corrected since." in text for text in found] == [False, True]


def test_kpis_risks_and_people_are_found(client, world):
    make_kpi(world, definition="Weeks that a wombat waits")
    risk = risks.raise_risk(
        plan=world.plan,
        area=world.area,
        by=world.users["lead"],
        kind="risk",
        text="No wombat may come",
    )
    risks.raise_risk(
        plan=world.plan,
        commitment=world.commitment,
        by=world.users["lead"],
        kind="issue",
        text="No vet",
        help_needed="A wombat's doctor",
    )
    risks.close_risk(risk=risk, by=world.users["officer"], reason="It came.")
    Person.objects.filter(pk=world.people["lead"].pk).update(job_title="Wombat officer")
    answer = ask(client, world, "wombat")
    found = shown(answer)
    assert headings(answer) == ["KPIs", "Risks and issues", "People"]
    texts = [text for _, text in found]
    assert texts[0].startswith("K1 Weeks waited")
    assert "Help wanted: A wombat's doctor" in texts[1]
    assert "Issue, open." in texts[1]
    assert "Area 1" in texts[2]
    assert "Risk, closed on" in texts[2]
    assert "Wombat officer" in texts[3]
    assert "Leads 2 commitments" in texts[3]
    assert refs(ask(client, world, "k1"), "KPIs") == ["K1"]


@pytest.mark.parametrize("asked", ["The lead", "lea", "Will", "council"])
def test_people_are_found_by_pieces_of_their_names_and_by_their_organisation(client, world, asked):
    """`Will` is no word to PostgreSQL's English, and a name to people."""
    Person.objects.filter(pk=world.people["lead"].pk).update(name="The lead, Will")
    names = [text for heading, text in shown(ask(client, world, asked)) if heading == "People"]
    assert any("The lead, Will" in text for text in names)


def test_what_meetings_asked_decided_and_were_asked_is_found(client, world):
    today = timezone.localdate()
    meeting = make_meeting(world.plan, days=-3)
    question = questions.ask(
        plan=world.plan,
        by=world.users["chair"],
        today=today,
        commitment=world.commitment,
        text="Who writes to families about transport?",
    )
    questions.answer(question=question, by=world.users["lead"], text="The bus contractor does.")
    decisions.record_decision(
        plan=world.plan,
        by=world.users["officer"],
        meeting=meeting,
        text="Pay for transport until March",
        minute="item 4",
        today=today,
    )
    request = change_requests.ask(
        commitment=world.commitment,
        by=world.users["lead"],
        kind="date",
        key_date=world.commitment.key_dates.get(kind="completion"),
        wanted=PlanDate.month_of(today).plus_months(3),
        reason="The transport tender ran twice.",
        today=today,
    )
    found = ask(client, world, "transport")
    assert headings(found) == ["Questions", "Decisions", "Changes asked for"]
    page = found.content.decode()
    slug = world.plan.slug
    for name, pk in (
        ("oversight:question", question.pk),
        ("oversight:meeting", meeting.pk),
        ("oversight:change", request.pk),
    ):
        assert f'href="{reverse(name, args=[slug, pk])}"' in page
    # By an answer's words too, which it then shows.
    ((heading, line),) = shown(ask(client, world, "contractor"))
    assert heading == "Questions"
    assert "Answer: The bus contractor does." in line


def test_engagement_and_the_glossary_are_found_and_what_was_taken_out_is_not(client, world):
    for position, withdrawn_at in ((1, None), (2, timezone.now())):
        Engagement.objects.create(
            plan=world.plan,
            position=position,
            on=timezone.localdate(),
            meeting="Coffee morning at the hub",
            description="Forty families came.",
            withdrawn_at=withdrawn_at,
        )
    GlossaryTerm.objects.create(
        plan=world.plan, position=1, abbreviation="DCO", meaning="Designated Clinical Officer"
    )
    ((heading, line),) = shown(ask(client, world, "coffee mornings"))
    assert heading == "Meetings with families and others"
    assert "Forty families came." in line
    ((heading, line),) = shown(ask(client, world, "clinical"))
    assert heading == "Glossary"
    assert line.startswith("DCO")


def test_a_question_on_what_was_withdrawn_is_left_out(client, world):
    questions.ask(
        plan=world.plan,
        by=world.users["chair"],
        today=timezone.localdate(),
        commitment=world.commitment,
        text="Who pays for transport?",
    )
    amendments.withdraw_commitment(
        commitment=world.commitment, by=world.users["officer"], reason="Done elsewhere."
    )
    assert shown(ask(client, world, "transport")) == []


def test_people_of_other_plans_are_not_found(client, world):
    """Neither of a plan elsewhere nor of one in the same local area."""
    for plan in (make_plan(), make_plan(local_area=world.plan.local_area)):
        stranger = Person.objects.create(local_area=plan.local_area, name="Somebody Unheard-of")
        make_commitment(make_action(make_area(plan, 1), "1.1.1"), leads=(stranger,))
    assert shown(ask(client, world, "Unheard-of")) == []
    body = Body.objects.create(plan=world.plan, position=1, name="Board", kind="board")
    member = BodyMember.objects.create(body=body, position=1, role="Chair")
    member.people.add(stranger)
    (found,) = shown(ask(client, world, "Unheard-of"))
    assert found[0] == "People"
    assert "Who is who" in found[1]


def test_names_of_people_are_not_their_email_addresses(client, world):
    assert shown(ask(client, world, "example.org")) == []


# --- What is not ------------------------------------------------------------------------------


def test_what_is_restricted_or_for_the_commitments_page_is_never_found(client, world):
    by = world.users["lead"]
    restricted_notes.add_restricted_note(
        commitment=world.commitment, by=by, kind="legal", text="The wombat sues"
    )
    for visibility in Evidence.Visibility.values:
        evidence.add_evidence(
            commitment=world.commitment, by=by, title="A wombat's letter", visibility=visibility
        )
    say(world, "Work goes on.", working_note="Ask the wombat again")
    # Not even by those who may read them.
    for persona in ("lead", "officer", "sro"):
        assert shown(ask(client, world, "wombat", persona)) == []


def test_what_is_withdrawn_is_left_out_with_what_was_said_of_it(client, world):
    commitment = make_commitment(world.action, "c", evidence="A wombat", due="2022-12")
    say(world, "The wombat came.", commitment=commitment)
    kpi = make_kpi(world, title="Wombats")
    assert headings(ask(client, world, "wombat")) == ["Commitments", "Updates", "KPIs"]
    amendments.withdraw_commitment(
        commitment=commitment, by=world.users["officer"], reason="Ended."
    )
    kpi.withdrawn_at = timezone.now()
    kpi.save()
    assert shown(ask(client, world, "wombat")) == []
    assert shown(ask(client, world, "1.1.1c")) == []
    assert "Withdrawn parts" in ask(client, world, "wombat").content.decode()


def test_other_peoples_plans_are_not_searched(client, world):
    other = make_world()
    make_commitment(other.action, "c", evidence="A wombat")
    assert shown(ask(client, world, "wombat")) == []
    client.force_login(world.users["lead"])
    assert shown(client.get(reverse("pages:search") + "?q=wombat")) == []


# --- All of one's plans -----------------------------------------------------------------------


def test_all_plans_that_one_sees_live_are_searched_together(client, world):
    user = world.users["member"]
    for slug, role in (("second", Membership.Role.MEMBER), ("third", Membership.Role.READER)):
        plan = make_plan(slug, local_area=world.plan.local_area, is_sample=slug == "second")
        memberships.grant(user=user, plan=plan, role=role)
        action = make_action(make_area(plan, 1), "1.1.1")
        make_commitment(action, evidence="A wombat", leads=(world.people["lead"],))
    make_commitment(world.action, "c", evidence="Another wombat")
    client.force_login(user)
    answer = client.get(reverse("pages:search") + "?q=wombat")
    page = answer.content.decode()
    assert len(refs(answer)) == 2
    assert f"/plans/{world.plan.slug}/commitments/1.1.1c/" in page
    assert "/plans/second/commitments/1.1.1a/" in page
    assert "third" not in page
    # The sample says that it is one.
    assert sum("Sample" in text for _, text in shown(answer)) == 1
    # A person of several plans is one line, with a place in each; not in what one only reads of.
    lead, *_ = shown(client.get(reverse("pages:search") + '?q="The lead"'))
    assert lead[1].count("Leads") == 2
    wider = ask(client, world, "wombat").content.decode()
    assert f"{reverse('pages:search')}?q=wombat" in wider


def test_a_search_of_another_day_is_refused_in_words(client, world):
    answer = ask(client, world, "wombat", as_at="2023-01-31")
    assert answer.status_code == 400
    assert "as it is today" in answer.content.decode()


# --- The page ---------------------------------------------------------------------------------


def test_a_kind_shows_five_and_then_all_of_them_in_pages(client, world):
    for letter in "cdefghijklmnopqrstuvwxyz":
        make_commitment(world.action, letter, evidence=f"Wombat {letter}")
    make_kpi(world, title="Wombats")
    answer = ask(client, world, "wombat")
    assert len(refs(answer)) == 5
    assert "25 results" in answer.content.decode()
    assert "All 24 commitments" in answer.content.decode()
    alone = ask(client, world, "wombat", kind="commitments")
    assert (len(refs(alone)), headings(alone)) == (20, ["Commitments"])
    rest = ask(client, world, "wombat", kind="commitments", page="2")
    assert refs(rest) == ["1.1.1w", "1.1.1x", "1.1.1y", "1.1.1z"]
    # What there is not is answered by the nearest that there is.
    assert refs(ask(client, world, "wombat", kind="commitments", page="99")) == refs(rest)
    assert headings(ask(client, world, "wombat", kind="risks")) == headings(answer)
    assert headings(ask(client, world, "wombat", kind="nonsense")) == headings(answer)


def test_the_words_are_marked_and_nothing_of_a_text_is_markup(client, world):
    make_commitment(
        world.action,
        "c",
        title="A <b>wombat</b> & its friends",
        evidence="<script>alert('wombats')</script> \ue000hidden wombat",
    )
    page = ask(client, world, "wombat").content.decode()
    assert "<mark>wombat</mark>" in page
    for raw in ("<b>wombat", "<b><mark>", "<script>alert"):
        assert raw not in page
    assert "&amp; its friends" in page


def test_a_lozenge_stands_beside_a_commitment_that_is_rated(client, world):
    say(world, "Work goes on.")
    ((_, text),) = shown(ask(client, world, "1.1.1a"))
    assert text.endswith("Amber")
    world.plan.tracked_from = None
    world.plan.save()
    ((_, text),) = shown(ask(client, world, "1.1.1a"))
    assert "Amber" not in text


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("", 200, "What is searched"),
        ("   ", 200, "What is searched"),
        ("x", 422, "One letter finds too much"),
        ("whom", 200, "Nothing was found"),
        ("nothing-like-this", 200, "Nothing was found"),
        ("x" * 10_000, 422, "This is too long: 10000 characters, and 200 fit"),
        ("\x00wombat", 422, "cannot be shown"),
        ('"unclosed', 200, "Nothing was found"),
        ("& | ! ( ) <-> :* '' \\", 200, "Nothing was found"),
        ("or or -", 200, "Nothing was found"),
        ("%_", 200, "Nothing was found"),
        ("(?![0-9])*+", 200, "Nothing was found"),
        ("'; DROP TABLE actions_plan; --", 200, "Nothing was found"),
        ("<script>", 200, "Nothing was found"),
        ("👩🏽‍🎓", 200, "Nothing was found"),
    ],
)
@pytest.mark.parametrize("name", ["pages:search", "pages:search_plan"])
def test_whatever_is_typed_has_a_calm_answer(client, world, name, asked, status, words):
    client.force_login(world.users["lead"])
    address = reverse(name, args=[world.plan.slug] if name == "pages:search_plan" else [])
    answer = client.get(address, {"q": asked})
    assert answer.status_code == status
    assert words in unescape(answer.content.decode())


def test_bytes_that_are_no_text_have_a_calm_answer(client, world):
    client.force_login(world.users["lead"])
    assert client.get(reverse("pages:search") + "?q=%ff%fe").status_code == 200
    assert client.get(reverse("pages:search") + "?q=%00").status_code == 422


def test_the_form_in_the_masthead_is_for_those_who_see_something_live(client, world):
    find = f'action="{reverse("pages:search_plan", args=[world.plan.slug])}"'
    client.force_login(world.users["lead"])
    assert find in client.get(reverse("actions:plan", args=[world.plan.slug])).content.decode()
    everywhere = f'action="{reverse("pages:search")}"'
    for persona, has_it in (("lead", True), ("reader", False), ("outsider", False)):
        client.force_login(world.users[persona])
        page = client.get(reverse("pages:plans")).content.decode()
        assert (everywhere in page) is has_it


# --- How it is looked up ----------------------------------------------------------------------


def grow(world, plans, number=60):
    for slug in plans:
        plan = make_plan(f"more-{slug}")
        memberships.grant(user=world.users["lead"], plan=plan, role=Membership.Role.LEAD)
        action = make_action(make_area(plan, 1), "1.1.1")
        make_commitment(action, evidence="A wombat", leads=())
    for letter in range(number):
        make_commitment(world.action, f"x{letter}", evidence="A wombat", due="2022-12")


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured]


@pytest.mark.parametrize("name", ["pages:search", "pages:search_plan"])
def test_a_search_takes_as_many_queries_whatever_the_number_of_plans(client, world, name):
    client.force_login(world.users["lead"])
    address = reverse(name, args=[world.plan.slug] if name == "pages:search_plan" else [])
    say(world, "A wombat came.")
    make_kpi(world, title="Wombats")
    Organisation.objects.filter(pk=world.council.pk).update(name="Wombat council")
    grow(world, range(2), 3)
    few = queries(client, f"{address}?q=wombat")
    grow(world, range(2, 20), 0)
    many = queries(client, f"{address}?q=wombat")
    assert len(many) == len(few)
    assert len(many) <= 12, "\n".join(many)


@pytest.mark.django_db(transaction=True)
def test_the_index_of_words_is_what_answers():
    """With enough rows the planner takes it by itself."""
    world = make_world()
    Commitment.objects.bulk_create(
        Commitment(
            plan=world.plan,
            action=world.action,
            code=f"1.1.1z{number}",
            ref=f"1.1.1z{number}",
            position=number,
            evidence=f"Number {number} of the rows that nobody looks for",
            added_at=timezone.now(),
        )
        for number in range(8_000)
    )
    ProgressUpdate.objects.bulk_create(
        ProgressUpdate(
            commitment=commitment,
            by=world.users["lead"],
            brag="green",
            progress=f"Update of row {commitment.position}, as ever.",
        )
        for commitment in Commitment.objects.filter(plan=world.plan)
    )
    say(world, "A wombat came.")
    run_as_owner("ANALYZE")
    with CaptureQueriesContext(connection) as captured:
        (hit,) = hits_of([world.plan.pk], "wombat")
    assert hit.kind is Kind.UPDATE
    (found,) = [query["sql"] for query in captured]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {found}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    for index in ("commitment_words", "update_words"):
        assert f"Bitmap Index Scan on {index}" in plan, plan


def test_every_table_that_is_searched_has_its_index(world):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname LIKE %s", ["%_words"])
        kept = [definition for (definition,) in cursor.fetchall()]
    tables = {re.search(r" ON public\.(\w+)", definition)[1] for definition in kept}
    assert tables == {
        "actions_action",
        "actions_commitment",
        "actions_organisation",
        "actions_person",
        "actions_progressupdate",
        "actions_risk",
        "actions_theme",
        "kpis_kpi",
    }
    assert all("'english'::regconfig" in definition for definition in kept)
    assert not any(word in definition for word in ("working_note",) for definition in kept)


# --- In whose words ---------------------------------------------------------------------------


def test_each_result_is_in_the_words_of_its_own_plan(client, world):
    other = make_world()
    for place in (world, other):
        make_update(place.commitment, place.users["lead"], progress="Wombats", late_reason="So")
    other.plan.colour_key = [
        {"word": "Going well", "means": "green"},
        {"word": "Going badly", "means": "red"},
    ]
    other.plan.has_blue, other.plan.blue_lasts_months = False, None
    other.plan.level_names = {"commitment": "Milestone", "action": "Step"}
    other.plan.save()
    memberships.grant(user=world.users["member"], plan=other.plan, role=Membership.Role.MEMBER)
    client.force_login(world.users["member"])

    answer = client.get(reverse("pages:search"), {"q": "wombats"})
    ratings = re.findall(r'lozenge r-green">([^<]*)<', answer.content.decode())
    assert sorted(ratings) == ["Going well", "Green"]

    answer = client.get(reverse("pages:search"), {"q": "lead"})
    assert "Leads 2 commitments" in answer.content.decode()
    assert "Leads 2 milestones" in answer.content.decode()


def test_more_of_a_kind_are_counted_in_the_words_of_the_plan_that_is_searched(client, world):
    world.plan.level_names = {"commitment": "Milestone"}
    world.plan.save()
    for letter in "cdefg":
        make_commitment(world.action, letter, evidence="Quokkas")
    answer = ask(client, world, "quokka or promise")
    assert "All 8 milestones" in answer.content.decode()

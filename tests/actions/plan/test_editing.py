"""Editing a draft in the browser: each part, its order, taking it out, two people at once."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import (
    AccountableOfficer,
    Action,
    ActionLead,
    Area,
    AreaFinding,
    Body,
    BodyMember,
    Commitment,
    CommitmentLead,
    DateMark,
    Finding,
    Inspection,
    KeyDate,
    Membership,
    Notice,
    Person,
    Plan,
    Resource,
    ResponsibleOrganisation,
    Signatory,
    Theme,
    Withdrawal,
)
from actions.plan import editing
from actions.records.history import load_history
from actions.rules.state import state_at
from tests.factories import (
    make_action,
    make_area,
    make_commitment,
    make_finding,
    make_key_date,
    make_user,
)
from tests.test_queries import queries
from wsoa.planfile.exporting import export_plan

Role = Membership.Role


def address(name, kind, *args, holder=None):
    found = reverse(f"actions:{name}", args=["draft", kind, *args])
    return f"{found}?in={holder.pk}" if holder else found


def shown(client, kind, pk):
    """The page of a part, and the marks its form carries."""
    page = client.get(address("edit_part", kind, pk))
    assert page.status_code == 200
    return re.search(r'name="version" value="([^"]*)"', page.content.decode())[1]


def save(client, part, pk, version=None, **sent):
    version = shown(client, part, pk) if version is None else version
    return client.post(address("edit_part", part, pk), {"version": version, **sent})


def state_of(plan, day=None):
    day = day or timezone.localdate()
    return state_at(load_history([plan], day), day)[plan.pk]


# --- Adding -----------------------------------------------------------------------------------


def test_a_plan_is_typed_in_from_its_facts_to_its_dates(officer, draft):
    plan = draft.draft

    def add(part, holder=None, **sent):
        answer = officer.post(address("add_part", part, holder=holder), sent)
        assert answer.status_code == 302, answer.content.decode()

    add("finding", kind="priority_action", number="4", text="Waits are too long.")
    finding = Finding.objects.get(plan=plan)
    add("responsible", organisation=draft.nhs.pk)
    add("signatory", name="Ann Other", office="Chief executive")
    add("area", reference="2", title="Waiting", outcomes="Shorter waits\n\n Better answers \n")
    area = Area.objects.get(plan=plan, code="2")
    assert area.outcomes == ["Shorter waits", "Better answers"]
    add("theme", holder=area, reference="2.1", title="Diagnosis", voice=["parent_carers"])
    theme = Theme.objects.get(plan=plan, ref="2.1")
    add(
        "action",
        holder=theme,
        reference="2.1.1",
        title="Redesign",
        works_with=[draft.draft_area.pk],
    )
    action = Action.objects.get(plan=plan, ref="2.1.1")
    assert list(action.works_with.all()) == [draft.draft_area]
    add("action-lead", holder=action, person=draft.people["lead"].pk)
    add("resource", holder=action, text="Two posts", amount="57750")
    add(
        "commitment",
        holder=action,
        reference="2.1.1a",
        evidence="A pathway",
        measures="Calls\nWaits",
    )
    commitment = Commitment.objects.get(plan=plan, ref="2.1.1a")
    assert commitment.measures == ["Calls", "Waits"]
    # Led by whom the action names, until somebody says otherwise.
    assert [row.person for row in commitment.leads.all()] == [draft.people["lead"]]
    add("lead", holder=commitment, person=draft.people["other_lead"].pk)
    add("date", holder=commitment, kind="completion", when="Sept 2025")
    add("date", holder=commitment, kind="interim", when="7 March 2025", note="First group")

    (row,) = [row for row in state_of(plan).commitments if row.ref == "2.1.1a"]
    assert [(str(one.now), one.kind) for one in row.dates] == [
        ("7 March 2025", "interim"),
        ("September 2025", "completion"),
    ]
    assert len(row.leads) == 2
    assert (finding.code, str(finding)) == (f"{plan.slug}-p4", "Priority action 4")
    assert ResponsibleOrganisation.objects.get(plan=plan).organisation == draft.nhs
    assert Signatory.objects.get(plan=plan).office == "Chief executive"
    assert ActionLead.objects.get(action=action).person == draft.people["lead"]
    assert Resource.objects.get(action=action).amount == 57750


def test_an_action_is_given_who_answers_for_it_its_impact_and_a_quotation(officer, draft):
    plan, action = draft.draft, draft.draft_action
    group = Body.objects.create(plan=plan, position=0, name="Health group", kind="board")
    sent = {
        "reference": "1.1.1",
        "title": "Redesign",
        "responsible_group": group.pk,
        "impact": "Families wait less",
        "quotation": "We waited a year",
        "quotation_by": "A parent",
        "quotation_date": "spring term 2025",
        "quotation_date_printed": "Spring",
    }
    assert save(officer, "action", action.pk, **sent).status_code == 302
    for name in ("lead", "other_lead"):
        page = address("add_part", "accountable", holder=action)
        assert officer.post(page, {"person": draft.people[name].pk}).status_code == 302

    action.refresh_from_db()
    assert action.responsible_group == group
    assert (action.impact, action.quotation) == ("Families wait less", "We waited a year")
    assert (action.quotation_date.printed, action.quotation_date.iso) == (
        "Spring",
        "spring term 2025",
    )
    assert [row.person for row in action.accountable.all()] == [
        draft.people["lead"],
        draft.people["other_lead"],
    ]
    page = officer.get(address("edit_part", "action", action.pk)).content.decode()
    assert "The health board" in page[page.index('id="accountable"') :]
    # Nobody is accountable twice; and what answers for an action does not go from under it.
    twice = officer.post(
        address("add_part", "accountable", holder=action), {"person": draft.people["lead"].pk}
    )
    assert "They are accountable for it already" in twice.content.decode()
    kept = officer.post(address("remove_part", "body", group.pk)).content.decode()
    assert "There hangs on it: 1 action" in kept
    assert AccountableOfficer.objects.filter(action=action).count() == 2


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ({"quotation_by": "A parent"}, "Give what they said"),
        ({"quotation_date": "May 2025"}, "Give what they said"),
        (
            {"quotation": "We wait", "quotation_date_printed": "Spring"},
            "Give the date that these are about",
        ),
        (
            {"responsible_group": "the group", "responsible_group_text": "Another"},
            "Choose a group from the list or give another, not both",
        ),
    ],
)
def test_an_action_is_answered_for_by_one_group_and_quotes_what_was_said(
    officer, draft, sent, refusal
):
    action = draft.draft_action
    group = Body.objects.create(plan=draft.draft, position=0, name="Health group", kind="board")
    if "responsible_group" in sent:
        sent = {**sent, "responsible_group": group.pk}
    answer = save(officer, "action", action.pk, reference="1.1.1", title="Redesign", **sent)

    assert answer.status_code == 422
    assert refusal in answer.content.decode()
    action.refresh_from_db()
    assert (action.quotation_by, action.responsible_group) == ("", None)


def test_an_action_hangs_on_its_area_where_the_plan_has_no_theme_there(officer, draft):
    page = officer.get(reverse("actions:edit_plan", args=["draft"])).content.decode()
    assert f"in={draft.draft_area.pk}" in page
    assert "Add an action without a theme" in page

    add = address("add_part", "area-action", holder=draft.draft_area)
    assert 'value="1.2"' in officer.get(add).content.decode()
    sent = {"reference": "A2", "title": "Ask families", "in": draft.draft_area.pk}
    officer.post(add, sent, follow=True)
    action = Action.objects.get(plan=draft.draft, ref="A2")
    assert (action.area, action.theme) == (draft.draft_area, None)
    officer.post(
        address("add_part", "commitment", holder=action),
        {"reference": "A2", "evidence": "Families were asked", "in": action.pk},
    )

    row = next(state for state in state_of(draft.draft).commitments if state.ref == "A2")
    assert (row.area, row.theme, row.action) == (draft.draft_area.pk, None, action.pk)
    tree = officer.get(reverse("actions:edit_plan", args=["draft"])).content.decode()
    assert tree.index("A2 Ask families") < tree.index("Theme 1.1")
    edit = officer.get(address("edit_part", "action", action.pk))
    assert f"/edit/area/{draft.draft_area.pk}/" in edit.content.decode()
    for name, ref, words in (
        ("area", 1, "A2 Ask families"),
        ("action", "A2", "Ask families"),
        ("commitment", "A2", "Families were asked"),
    ):
        assert words in officer.get(reverse(f"pages:{name}", args=["draft", ref])).content.decode()


def test_an_action_without_rows_is_tracked_as_one_commitment(officer, draft):
    action = make_action(draft.draft_area, "1.1.2")
    whole = {"evidence": "A leaflet\r\n\r\n  A page \n", "evidence_is_list": "on", "in": action.pk}
    officer.post(address("add_part", "whole-action", holder=action), whole)

    row = Commitment.objects.get(action=action)
    assert (row.ref, row.title, row.criteria) == ("1.1.2", action.title, ["A leaflet", "A page"])
    tree = officer.get(reverse("actions:edit_plan", args=["draft"])).content.decode()
    assert f"/edit/whole-action/{row.pk}/" in tree
    assert shown(officer, "whole-action", row.pk)

    # What was typed with empty lines goes out into a file that can be read again.
    assert b'criteria: ["A leaflet", "A page"]' in export_plan(draft.draft)
    save(officer, "whole-action", row.pk, evidence=" \n ", evidence_is_list="on")
    row.refresh_from_db()
    assert (row.evidence, row.evidence_is_list, row.criteria) == ("", False, [])

    # It takes the action's new reference and title, and has no rows beside it.
    save(officer, "action", action.pk, reference="1.1.9", title="Say it plainly")
    row.refresh_from_db()
    assert (row.ref, row.title) == ("1.1.9", "Say it plainly")
    another = address("add_part", "commitment", holder=action)
    sent = {"reference": "1.1.9a", "evidence": "x", "in": action.pk}
    refused = officer.post(another, sent)
    assert refused.status_code == 422
    assert "tracked as one commitment" in refused.content.decode()
    assert Commitment.objects.filter(action=action).count() == 1


def test_a_new_part_is_offered_the_next_reference(officer, draft):
    for kind, holder, ref in (
        ("area", None, 'value="2"'),
        ("theme", draft.draft_area, 'value="1.2"'),
        ("action", draft.draft_action.theme, 'value="1.1.2"'),
        ("commitment", draft.draft_action, 'value="1.1.1c"'),
    ):
        assert ref in officer.get(address("add_part", kind, holder=holder)).content.decode()


@pytest.mark.parametrize(
    ("kind", "sent", "words"),
    [
        ("area", {"reference": "1", "title": "Again"}, "Another area has this reference"),
        ("area", {"reference": "x" * 41, "title": "Long"}, "This is too long: 41 characters"),
        ("area", {"reference": "2", "title": ""}, "Give the area’s title"),
        ("theme", {"reference": "1.1", "title": "Again"}, "Another theme has this reference"),
        ("commitment", {"reference": "1.1.1A", "evidence": "x"}, "Another commitment has this"),
        ("commitment", {"reference": "1.1.1c"}, "Say what will be there when it is done"),
        ("date", {"kind": "completion", "when": "June 2026"}, "It has a completion date already"),
        ("date", {"kind": "interim", "when": "soon"}, "Enter a date, for example March"),
        ("date", {"kind": "interim", "when": "31/2/2025"}, "Enter a date, for example March"),
        (
            "date",
            {"kind": "interim", "when": "2026", "when_last": "30/11/2026"},
            "These are not days of 2026: only a term or a school year has its own",
        ),
        (
            "date",
            {"kind": "interim", "when": "summer term 2026", "when_first": "1/9/2026"},
            "These are not days of summer term 2026",
        ),
        ("date", {"kind": "never", "when": "June 2026"}, "Choose what the date is for"),
        ("lead", {"person": "999999"}, "Choose an entry of the list"),
        ("resource", {"text": "Posts", "amount": "-1"}, "Give an amount of nothing or more"),
    ],
)
def test_what_does_not_fit_is_said_at_the_field_and_nothing_is_kept(
    officer, draft, kind, sent, words
):
    holder = {
        "theme": draft.draft_area,
        "commitment": draft.draft_action,
        "resource": draft.draft_action,
        "date": draft.a,
        "lead": draft.a,
    }.get(kind)
    models = (Area, Theme, Commitment, KeyDate, CommitmentLead, Resource)
    before = [model.objects.count() for model in models]
    answer = officer.post(address("add_part", kind, holder=holder), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert [model.objects.count() for model in models] == before


def test_a_part_stands_in_a_part_of_its_own_plan(officer, draft):
    sent = {"reference": "1.2", "title": "Astray"}
    assert officer.post(address("add_part", "theme", holder=draft.area), sent).status_code == 404
    for key in ("", "x", "9" * 30):
        found = f"{address('add_part', 'theme')}?in={key}"
        assert officer.post(found, sent).status_code == 404
    assert officer.get(address("edit_part", "area", draft.area.pk)).status_code == 404
    assert officer.get(address("edit_part", "nonsense", 1)).status_code == 404


# --- Changing ---------------------------------------------------------------------------------


def test_the_plans_own_facts_are_changed(officer, draft):
    plan = draft.draft
    sent = {
        "title": "A better plan",
        "kind": "improvement_plan",
        "starts": "April 2025",
        "ends": "31/3/2027",
        "priorities": "One\nTwo",
    }
    assert save(officer, "facts", plan.pk, **sent).status_code == 302
    plan.refresh_from_db()
    assert (plan.title, plan.priorities) == ("A better plan", ["One", "Two"])
    assert (str(plan.starts), str(plan.ends)) == ("April 2025", "31 March 2027")
    answer = save(officer, "facts", plan.pk, **sent | {"ends": "March 2025"})
    assert "The plan ends before it starts" in answer.content.decode()


def test_only_a_plan_said_to_be_restated_says_that_a_document_governs(officer, draft):
    governs = "the published document has the full text and governs"
    plan = draft.draft
    page = reverse("actions:plan", args=["draft"])
    typed = {"title": plan.title, "kind": plan.kind, "starts": "April 2025"}
    save(officer, "facts", plan.pk, **typed)
    assert governs not in officer.get(page).content.decode()
    assert (
        governs not in officer.get(reverse("actions:plan", args=[draft.plan.slug])).content.decode()
    )
    save(officer, "facts", plan.pk, **typed, is_restated="on")
    plan.refresh_from_db()
    assert plan.is_restated
    assert governs in officer.get(page).content.decode()


def test_a_new_number_takes_the_references_along(officer, draft):
    # 1.1.10a begins like 1.1.1, and is of another action.
    tenth = make_commitment(make_action(draft.draft_area, "1.1.10"), "a")
    save(officer, "action", draft.draft_action.pk, reference="1.1.2", title="Do it")
    refs = set(Commitment.objects.filter(plan=draft.draft).values_list("ref", flat=True))
    assert refs == {"1.1.2a", "1.1.2b", "1.1.10a"}
    save(officer, "area", draft.draft_area.pk, reference="3", title="Moved")
    tenth.refresh_from_db()
    assert tenth.ref == "3.1.10a"
    assert tenth.action.theme.ref == "3.1"


def test_another_date_in_a_draft_is_no_move(officer, draft):
    first = draft.a.key_dates.get()
    save(officer, "date", first.pk, kind="completion", when="March 2026")
    save(officer, "date", draft.a.key_dates.latest("pk").pk, kind="completion", when="May 2026")
    plan = draft.draft
    officer.post(
        reverse("actions:agree_plan", args=["draft"]),
        {"agreed_by": "Steering group", "agreed_on": f"{timezone.localdate():%d/%m/%Y}"},
    )
    plan.refresh_from_db()
    completion = state_of(plan).commitments[0].completion
    assert (str(completion.first), str(completion.now)) == ("May 2026", "May 2026")
    assert completion.moves == 0
    # What was dropped on the way is no part of the commitment's history.
    page = officer.get(reverse("pages:commitment", args=["draft", "1.1.1a"])).content.decode()
    assert "March 2026" not in page
    assert "withdrawn" not in page


def test_a_date_of_a_draft_may_be_a_term_with_days_and_words_of_its_own(officer, draft):
    row = draft.a.key_dates.get()
    sent = {"kind": "completion", "when": "summer term 2026", "when_printed": "By summer"}
    assert save(officer, "date", row.pk, **sent, when_last="17/7/2026").status_code == 302
    row = draft.a.key_dates.latest("pk")
    assert (str(row.when), row.when.iso) == ("By summer", "summer term 2026")
    assert row.last_day == date(2026, 7, 17)
    form = officer.get(address("edit_part", "date", row.pk)).content.decode()
    for value in ("summer term 2026", "By summer", "7/4/2026", "17/7/2026"):
        assert f'value="{value}"' in form
    # Days that are those proposed are not shown as the schools' own.
    assert save(officer, "date", row.pk, kind="completion", when="2026").status_code == 302
    row = draft.a.key_dates.latest("pk")
    assert (row.precision, row.last_day, row.printed) == ("year", date(2026, 12, 31), "")
    assert "31/12/2026" not in officer.get(address("edit_part", "date", row.pk)).content.decode()


def test_a_commitment_shares_what_an_earlier_one_holds(officer, draft):
    sent = {"reference": "1.1.1b", "same_evidence_as": draft.a.pk}
    assert save(officer, "commitment", draft.b.pk, **sent).status_code == 302
    draft.b.refresh_from_db()
    assert (draft.b.evidence, draft.b.same_evidence_as) == ("", draft.a)
    # The one that holds it stays above, and stays.
    officer.post(address("move_part", "commitment", draft.b.pk), {"to": "up"})
    draft.a.refresh_from_db()
    draft.b.refresh_from_db()
    assert draft.a.position < draft.b.position
    answer = officer.post(address("remove_part", "commitment", draft.a.pk))
    assert "There hangs on it: 1 commitment" in answer.content.decode()


def test_a_date_saved_as_it_stands_is_not_written_again(officer, draft):
    first = draft.a.key_dates.get()
    save(officer, "date", first.pk, kind="completion", when="December 2025")
    assert draft.a.key_dates.get() == first


ODD = ["\0", "1" * 5000, "9" * 30, "-1", "1e9", "NaN", "\u202e\u0661", "<b>"]


@pytest.mark.parametrize("odd", ODD)
def test_whatever_is_sent_is_answered_in_words(officer, draft, odd):
    holders = {
        "theme": draft.draft_area,
        "action": draft.draft_action.theme,
        "action-lead": draft.draft_action,
        "resource": draft.draft_action,
        "commitment": draft.draft_action,
        "lead": draft.a,
        "date": draft.a,
    }
    for part in editing.PARTS.values():
        if not part.can_add or (part.holder_kind and part.kind not in holders):
            continue
        sent = dict.fromkeys(part.form.base_fields, odd)
        found = address("add_part", part.kind, holder=holders.get(part.kind))
        assert officer.post(found, sent).status_code in (302, 422), part.kind
        rows = part.rows(draft.draft)
        if row := rows.first():
            answer = officer.post(
                address("edit_part", part.kind, row.pk), sent | {"version": odd[:50]}
            )
            assert answer.status_code in (302, 409, 422), part.kind


# --- Order ------------------------------------------------------------------------------------


def test_parts_move_up_and_down_among_those_beside_them(officer, draft):
    def order():
        found = Commitment.objects.filter(action=draft.draft_action)
        return [row.ref for row in found]

    c = make_commitment(draft.draft_action, "c")
    officer.post(address("move_part", "commitment", c.pk), {"to": "up"})
    assert order() == ["1.1.1a", "1.1.1c", "1.1.1b"]
    officer.post(address("move_part", "commitment", draft.a.pk), {"to": "down"})
    assert order() == ["1.1.1c", "1.1.1a", "1.1.1b"]
    # At the end of the list nothing happens.
    officer.post(address("move_part", "commitment", c.pk), {"to": "up"})
    assert order() == ["1.1.1c", "1.1.1a", "1.1.1b"]
    assert officer.post(address("move_part", "person", draft.people["lead"].pk)).status_code == 404


# --- Taking out -------------------------------------------------------------------------------


def test_a_part_nothing_hangs_on_goes(officer, draft):
    CommitmentLead.objects.create(commitment=draft.b, person=draft.people["lead"], position=0)
    assert officer.get(address("remove_part", "commitment", draft.b.pk)).status_code == 200
    officer.post(address("remove_part", "commitment", draft.b.pk))
    assert not Commitment.objects.filter(pk=draft.b.pk).exists()


def test_a_part_that_holds_something_stays_and_says_what(officer, draft):
    answer = officer.post(address("remove_part", "area", draft.draft_area.pk))
    assert answer.status_code == 422
    assert "There hangs on it: 1 theme" in answer.content.decode()
    assert Area.objects.filter(pk=draft.draft_area.pk, withdrawn_at=None).exists()


def test_a_commitment_with_dates_goes_out_of_the_draft_and_comes_back(officer, draft):
    """Its dates are records, which nothing deletes; in the plan it never was."""
    plan = draft.draft
    officer.post(address("remove_part", "commitment", draft.a.pk))
    assert [row.ref for row in state_of(plan).commitments] == ["1.1.1b"]
    assert Withdrawal.objects.get().effective_at == draft.a.added_at
    assert (
        "Taken out"
        in officer.get(address("edit_part", "action", draft.draft_action.pk)).content.decode()
    )
    officer.post(address("restore_part", "commitment", draft.a.pk))
    assert [row.ref for row in state_of(plan).commitments] == ["1.1.1a", "1.1.1b"]


def test_what_holds_only_withdrawn_parts_is_withdrawn_with_them(officer, draft):
    officer.post(address("remove_part", "commitment", draft.a.pk))
    officer.post(address("remove_part", "commitment", draft.b.pk))
    for kind, row in (
        ("action", draft.draft_action),
        ("theme", draft.draft_action.theme),
        ("area", draft.draft_area),
    ):
        assert officer.post(address("remove_part", kind, row.pk)).status_code == 302
        row.refresh_from_db()
        assert row.withdrawn_at is not None
    officer.post(address("restore_part", "area", draft.draft_area.pk))
    draft.draft_area.refresh_from_db()
    assert draft.draft_area.withdrawn_at is None


def test_a_date_is_taken_out(officer, draft):
    first = draft.a.key_dates.get()
    officer.post(address("remove_part", "date", first.pk))
    assert state_of(draft.draft).commitments[0].dates == ()
    assert DateMark.objects.get().by == draft.users["officer"]
    assert officer.get(address("edit_part", "date", first.pk)).status_code == 404


# --- Two people -------------------------------------------------------------------------------


def test_two_people_edit_one_area_and_neither_loses_a_word(client, draft):
    area = draft.draft_area
    client.force_login(draft.users["other_officer"])
    seen = shown(client, "area", area.pk)
    client.force_login(draft.users["officer"])
    save(client, "area", area.pk, reference="1", title="Theirs", note="A note of theirs")

    client.force_login(draft.users["other_officer"])
    mine = {"reference": "1", "title": "Mine", "outcomes": "An outcome of mine"}
    answer = save(client, "area", area.pk, version=seen, **mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody saved this while you wrote" in page
    for words in ("Theirs", "Mine", "An outcome of mine", "A note of theirs"):
        assert words in page
    area.refresh_from_db()
    assert (area.title, area.outcomes) == ("Theirs", [])

    # What only they changed is in the form; the same answer again is a decision.
    assert re.search(r"<textarea[^>]*name=\"note\"[^>]*>\s*A note of theirs", page)
    again = re.search(r'name="version" value="([^"]*)"', page)[1]
    note = {"note": "A note of theirs"}
    assert save(client, "area", area.pk, version=again, **mine, **note).status_code == 302
    area.refresh_from_db()
    assert (area.title, area.note) == ("Mine", "A note of theirs")
    assert area.outcomes == ["An outcome of mine"]


def test_a_part_removed_meanwhile_may_be_added_again_with_its_words(officer, draft):
    seen = shown(officer, "commitment", draft.b.pk)
    officer.post(address("remove_part", "commitment", draft.b.pk))
    sent = {"reference": "1.1.1b", "evidence": "Words of mine", "in": draft.draft_action.pk}
    answer = save(officer, "commitment", draft.b.pk, version=seen, **sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody removed this while you wrote" in page
    assert "Words of mine" in page
    sent.pop("in")
    officer.post(address("add_part", "commitment", holder=draft.draft_action), sent)
    assert Commitment.objects.get(plan=draft.draft, ref="1.1.1b").evidence == "Words of mine"


def test_a_date_changed_meanwhile_is_not_overwritten(officer, draft):
    first = draft.a.key_dates.get()
    seen = shown(officer, "date", first.pk)
    save(officer, "date", first.pk, kind="completion", when="March 2026")
    answer = save(officer, "date", first.pk, version=seen, kind="completion", when="May 2026")
    assert answer.status_code == 409
    assert "March 2026" in answer.content.decode()
    assert str(state_of(draft.draft).commitments[0].completion.now) == "March 2026"


def test_saving_what_stands_already_is_no_conflict(officer, draft):
    seen = shown(officer, "area", draft.draft_area.pk)
    sent = {"reference": "1", "title": "Twice"}
    for _ in range(2):
        answer = save(officer, "area", draft.draft_area.pk, version=seen, **sent)
        assert answer.status_code == 302


# --- Queries ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "budget"), [("edit_plan", 17), ("edit_people", 18)])
def test_the_overviews_keep_to_their_queries_at_two_sizes(officer, draft, name, budget):
    page = reverse(f"actions:{name}", args=["draft"])
    few = queries(officer, page)
    for number in range(2, 6):
        action = make_action(make_area(draft.draft, number), f"{number}.1.1")
        for letter in "abc":
            make_commitment(action, letter, leads=(draft.people["lead"],), due="2026-12")
        body = Body.objects.create(
            plan=draft.draft, position=number, name=f"Group {number}", kind="working_group"
        )
        person = Person.objects.create(local_area=draft.draft.local_area, name=f"P {number}")
        BodyMember.objects.create(body=body, position=0, role="Chair").people.add(person)
        memberships.grant(user=make_user(f"User {number}"), plan=draft.draft, role=Role.MEMBER)
    many = queries(officer, page)
    assert len(many) == len(few)
    assert len(many) <= budget, "\n".join(many)


# --- Who --------------------------------------------------------------------------------------


def test_a_draft_is_seen_by_its_live_roles_and_edited_by_its_officer(client, draft):
    memberships.grant(user=draft.users["lead"], plan=draft.draft, role=Role.LEAD)
    page = address("edit_part", "area", draft.draft_area.pk)
    for name, seen, edited in (("lead", 200, 403), ("chair", 404, 404), ("superuser", 404, 404)):
        client.force_login(draft.users[name])
        assert client.get(reverse("actions:plan", args=["draft"])).status_code == seen
        assert client.get(page).status_code == edited
        assert client.post(page, {"reference": "1", "title": "No"}).status_code == edited
    draft.draft_area.refresh_from_db()
    assert draft.draft_area.title == "Area 1 of the plan"


def test_a_draft_says_that_it_is_one(officer, draft):
    page = officer.get(reverse("actions:plan", args=["draft"])).content.decode()
    assert "This plan is a draft" in page
    assert reverse("actions:edit_plan", args=["draft"]) in page


# --- Agreeing and closing ---------------------------------------------------------------------


def agree(client, **sent):
    today = f"{timezone.localdate():%d/%m/%Y}"
    answers = {"agreed_by": "The steering group", "agreed_on": today} | sent
    return client.post(reverse("actions:agree_plan", args=["draft"]), answers)


def test_agreeing_locks_the_parts_and_asks_for_updates(officer, draft):
    assert agree(officer, agreement_reference="Minute 4").status_code == 302
    plan = draft.draft
    plan.refresh_from_db()
    assert (plan.state, plan.agreed_on) == (Plan.State.AGREED, timezone.localdate())
    assert (plan.agreed_by, plan.agreement_reference) == ("The steering group", "Minute 4")
    assert plan.tracked_from == timezone.localdate()
    page = address("edit_part", "area", draft.draft_area.pk)
    answer = officer.post(page, {"reference": "1", "title": "Too late"})
    assert answer.status_code == 403
    assert "changes by change request" in answer.content.decode()
    overview = officer.get(reverse("actions:edit_plan", args=["draft"])).content.decode()
    assert "changes by change request" in overview
    assert page not in overview
    # What it says of the people in it is no promise, and stays open.
    assert officer.get(reverse("actions:edit_people", args=["draft"])).status_code == 200


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"agreed_by": ""}, "Say who agreed it"),
        ({"agreed_on": "1/1/2090"}, "The date must not be in the future"),
        ({"agreed_on": "soon"}, "Enter a date, for example"),
    ],
)
def test_an_agreement_says_who_and_when(officer, draft, sent, words):
    answer = agree(officer, **sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    draft.draft.refresh_from_db()
    assert draft.draft.state == Plan.State.DRAFT


def test_an_empty_plan_is_not_agreed(officer, draft):
    for row in (draft.a, draft.b):
        officer.post(address("remove_part", "commitment", row.pk))
    assert "nothing to agree" in agree(officer).content.decode()


def test_a_part_edited_while_another_agrees_is_refused(officer, draft):
    """The form was open when the plan was agreed: the verb looks again inside its lock."""
    Plan.objects.filter(pk=draft.draft.pk).update(state="agreed", agreed_on=date(2025, 1, 1))
    with pytest.raises(ValidationError, match="agreed meanwhile"):
        editing.change(
            editing.PARTS["area"],
            plan=draft.draft,
            pk=draft.draft_area.pk,
            values={"reference": "1", "title": "Late"},
            shown="",
            by=draft.users["officer"],
        )


def test_key_dates_of_an_agreed_plan_stay_as_they_are(client, world):
    """Though its officer knows the address."""
    moved = make_key_date(world.second, "interim", "2023-01")
    client.force_login(world.users["officer"])
    page = reverse("actions:remove_part", args=[world.plan.slug, "date", moved.pk])
    assert client.post(page).status_code == 403
    assert not DateMark.objects.exists()


# --- What the inspectors found ----------------------------------------------------------------


def test_findings_are_ticked_at_what_answers_them_and_keep_their_order(officer, draft):
    plan = draft.draft
    first, second, third = (make_finding(plan, number=str(n)) for n in (1, 2, 3))
    area, action, row = draft.draft_area, draft.draft_action, draft.a

    def tick(part, thing, *findings, **fields):
        answer = save(officer, part, thing.pk, findings=[f.pk for f in findings], **fields)
        assert answer.status_code == 302, answer.content.decode()
        links = thing.answers.select_related("finding")
        return [link.finding.number for link in links]

    facts = {"number": "1", "title": area.title}
    assert tick("area", area, second, **facts) == ["2"]
    # What stays keeps its place; what is new follows.
    assert tick("area", area, first, second, third, **facts) == ["2", "1", "3"]
    assert tick("area", area, third, **facts) == ["3"]
    assert tick("action", action, first, ref=action.ref, title=action.title) == ["1"]
    assert tick("commitment", row, second, ref=row.ref, evidence=row.evidence) == ["2"]
    assert not export_plan(plan).decode().count("2021-07")


def test_a_finding_of_the_plans_inspection_is_there_for_its_other_plans(officer, draft):
    plan = draft.draft
    plan.inspection = Inspection.objects.create(
        local_area=plan.local_area, code="2025-04", position=0, title="Inspection of April 2025"
    )
    plan.save()

    for _ in range(2):
        officer.post(
            address("add_part", "finding"),
            {"kind": "area_for_improvement", "number": "A", "text": "Meetings are late."},
        )

    rows = list(Finding.objects.order_by("position"))
    assert [(row.code, row.inspection, row.plan) for row in rows] == [
        ("2025-04-iA", plan.inspection, None),
        ("2025-04-iA-2", plan.inspection, None),
    ]
    officer.post(address("move_part", "finding", rows[1].pk), {"to": "up"})
    assert [row.code for row in Finding.objects.order_by("position")] == [
        "2025-04-iA-2",
        "2025-04-iA",
    ]


def test_a_finding_that_something_answers_stays(officer, draft):
    finding = make_finding(draft.draft)
    AreaFinding.objects.create(area=draft.draft_area, finding=finding, position=0)

    answer = officer.post(address("remove_part", "finding", finding.pk))
    assert answer.status_code == 422
    assert "There hangs on it: 1 area." in answer.content.decode()

    draft.draft_area.answers.all().delete()
    officer.post(address("remove_part", "finding", finding.pk))
    assert not Finding.objects.exists()


def test_a_notice_ends_no_earlier_than_it_was_issued(officer, draft):
    sent = {"kind": "direction", "issued_on": "3 May 2025", "chair": "Ann Other"}

    refused = officer.post(address("add_part", "notice"), {**sent, "ended_on": "2 May 2025"})
    assert refused.status_code == 422
    assert "It ended before it was issued" in refused.content.decode()
    assert officer.post(address("add_part", "notice"), sent).status_code == 302
    assert Notice.objects.get(plan=draft.draft).chair == "Ann Other"


def test_what_a_plan_prints_beside_the_usual_is_typed_in(officer, draft):
    sent = {"reference": "1.1.1", "title": "Redesign"}
    save(
        officer,
        "action",
        draft.draft_action.pk,
        **sent,
        where_now="Families wait 40 weeks.",
        urgency="Must",
    )
    action = Action.objects.get(pk=draft.draft_action.pk)
    assert (action.where_now, action.urgency) == ("Families wait 40 weeks.", "Must")

    sent = {"reference": "1.1.1b", "evidence": "A pathway", "timescale": "Ongoing"}
    save(officer, "commitment", draft.b.pk, **sent, short_title="Pathway")
    commitment = Commitment.objects.get(pk=draft.b.pk)
    assert (commitment.short_title, commitment.timescale) == ("Pathway", "Ongoing")
    refused = save(officer, "commitment", draft.b.pk, **sent, short_title="x" * 41)
    assert refused.status_code == 422
    assert "41 characters, and 40 fit" in refused.content.decode()


def test_an_area_without_a_number_goes_by_its_short_title(officer, draft):
    sent = {"reference": "", "title": "Help that comes sooner to families who ask for it"}
    save(officer, "area", draft.draft_area.pk, **sent, short_title="Help sooner")
    assert Area.objects.get(pk=draft.draft_area.pk).label == "Help sooner"

    save(officer, "area", draft.draft_area.pk, **sent)
    label = "Help that comes sooner to families who ask for it"
    assert Area.objects.get(pk=draft.draft_area.pk).label == label


def test_a_plan_of_another_kind_goes_by_its_own_name(officer, draft):
    facts = {"title": "Draft", "kind": "other", "starts": "May 2026"}
    refused = save(officer, "facts", draft.draft.pk, **facts)
    assert refused.status_code == 422
    assert "Say what this kind of plan is called" in refused.content.decode()

    save(officer, "facts", draft.draft.pk, kind_name="Graduated response", **facts)
    assert Plan.objects.get(pk=draft.draft.pk).short_name == "Graduated response, 2026"


def test_what_a_plan_calls_its_levels_is_typed_in_and_its_areas_follow(officer, draft):
    sent = {"area": "Priority", "commitment": "Milestone"}
    assert save(officer, "level-names", draft.draft.pk, **sent).status_code == 302

    plan = Plan.objects.get(pk=draft.draft.pk)
    assert plan.level_names == {"area": "Priority", "commitment": "Milestone"}
    assert Area.objects.get(pk=draft.draft_area.pk).label == "Priority 1"
    page = officer.get(address("edit_part", "level-names", draft.draft.pk)).content.decode()
    assert 'value="Milestone"' in page
    assert (
        "Priorities and what stands in them"
        in officer.get(reverse("actions:edit_plan", args=["draft"])).content.decode()
    )

    # Emptied, it is called as we call it.
    save(officer, "level-names", draft.draft.pk, area="")
    assert Area.objects.get(pk=draft.draft_area.pk).label == "Area 1"
    assert Plan.objects.get(pk=draft.draft.pk).level_names == {}

"""What stands beside the form of an update, what it carries on, and a Blue proposed again."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions.evidence import evidence
from actions.models import Draft, Evidence, ProgressUpdate, Risk
from actions.pages.formatting import short_day
from actions.progress import updates
from actions.progress.update_answers import DateRequest, NewEvidence, NewRisk
from actions.records.history import load_history
from actions.rules.dates import PlanDate
from actions.rules.state import state_at
from tests.factories import make_kpi, make_target, make_update, record_figure
from wsoa.oversight.questions import questions

LATE = {"late_reason": "The tender ran twice."}


@pytest.fixture
def page(world):
    return reverse("actions:record_update", args=[world.plan.slug, "1.1.1a"])


@pytest.fixture
def as_lead(client, world):
    client.force_login(world.users["lead"])
    return client


def state_of(world):
    today = timezone.localdate()
    (plan,) = state_at(load_history([world.plan], today), today).values()
    return next(row for row in plan.commitments if row.code == "1.1.1a")


def text(response):
    return response.content.decode()


def red(world, who="lead", **fields):
    said: dict[str, Any] = {"risk": NewRisk("No staff"), "help_needed": "Two posts, the council"}
    return make_update(world.commitment, world.users[who], "red", "Stuck.", **(said | fields))


def blue(world, **fields):
    said: dict[str, Any] = {
        "evidence": NewEvidence("Minutes"),
        "changed_for_families": "They wait less.",
    }
    return make_update(world.commitment, world.users["lead"], "blue", "Done.", **(said | fields))


def sent_back(world, update):
    updates.answer_blue(
        update=update, by=world.users["sro"], is_confirmed=False, reason="Not shown yet."
    )


# --- Beside the form --------------------------------------------------------------------------


def test_the_open_question_stands_there_in_its_words(as_lead, world, page):
    today = timezone.localdate()
    asked = {
        "plan": world.plan,
        "by": world.users["chair"],
        "today": today,
        "commitment": world.commitment,
    }
    open_one = questions.ask(text="What would show that families use it?", **asked)
    closed = questions.ask(text="Who pays?", **asked)
    questions.close(question=closed, by=world.users["chair"], today=today, text="Asked elsewhere.")
    (shown,) = as_lead.get(page).context["questions"]
    assert shown == {
        "text": "What would show that families use it?",
        "about": f"The chair, {short_day(today)}",
        "url": reverse("oversight:question", args=[world.plan.slug, open_one.pk]),
    }


def test_what_came_since_a_blue_was_returned_and_what_is_on_record(as_lead, world, page):
    update = blue(world)
    sent_back(world, update)
    assert as_lead.get(page).context["returned"]["since"] == "Since then: no new evidence."
    evidence.add_evidence(commitment=world.commitment, by=world.users["lead"], title="A survey")
    context = as_lead.get(page).context
    assert context["returned"]["since"] == "Since then: 1 piece of evidence."
    assert [item.title for item in context["evidences"]] == ["A survey", "Minutes"]


def test_the_last_figures_of_its_kpis_and_the_report_it_feeds(as_lead, world, page):
    kpi = make_kpi(world.plan, "K1", (world.commitment,))
    make_target(kpi, "10", "2027-03")
    figures = {"2022-08": "16", "2022-09": "15", "2022-10": "14", "2022-11": "13"}
    for month, value in figures.items():
        record_figure(kpi, month, value=value)
    (section,) = as_lead.get(page).context["sections"]
    assert section.heading.startswith("KPI K1, ")
    values = [(pair.label, pair.value) for pair in section.pairs]
    assert [label for label, _ in values[:3]] == ["Nov 2022", "Oct 2022", "Sept 2022"]
    assert [value for _, value in values[:3]] == ["13 weeks", "14 weeks", "15 weeks"]
    assert values[3][0].startswith("Target")


def test_what_is_open_on_it_stands_there(as_lead, world, page):
    today = short_day(timezone.localdate())
    wanted = PlanDate.month_of(timezone.localdate()).plus_months(3)
    red(world, date_request=DateRequest(wanted, "The contract is late."))
    shown = as_lead.get(page).context["still_open"]
    due = state_of(world).completion.now
    assert [(pair.label, pair.value) for pair in shown] == [
        (f"Issue, since {today}", "No staff"),
        (f"Request, since {today}", f"Due date {due} → {wanted}"),
    ]


# --- Carried on -------------------------------------------------------------------------------


def test_the_open_issue_and_the_support_needed_are_carried_on_and_edited(as_lead, world, page):
    red(world)
    shown = as_lead.get(page)
    form = shown.context["form"]
    issue = Risk.objects.get()
    assert form["open_issue"].value() == issue.pk
    assert form["help_needed"].value() == "Two posts, the council"
    assert form["issue_text"].label == "Another issue (optional)"
    said = {
        "brag": "red",
        "progress": "Still stuck.",
        "open_issue": issue.pk,
        "help_needed": "One post, the council",
        "base": ProgressUpdate.objects.get().pk,
    }
    as_lead.post(page, said)
    as_lead.post(f"{page}check/")
    newest = ProgressUpdate.objects.latest("pk")
    assert (newest.risk, newest.help_needed) == (issue, "One post, the council")
    assert Risk.objects.count() == 1


def test_nothing_is_carried_into_a_draft_that_says_otherwise(as_lead, world, page):
    red(world)
    as_lead.post(page, {"help_needed": "", "save_draft": "1"})
    assert as_lead.get(page).context["form"]["help_needed"].value() == ""


# --- A Blue proposed again --------------------------------------------------------------------


def test_a_blue_proposed_again_needs_something_new(as_lead, world, page):
    update = blue(world)
    sent_back(world, update)
    on = short_day(timezone.localdate())
    problem = f"Blue was returned on {on} with these words. Say what is new since, or add evidence"
    with pytest.raises(ValidationError) as refusal:
        blue(world, evidence=None, changed_for_families=" They  wait less.")
    assert refusal.value.message_dict == {"changed_for_families": [problem]}
    # Also where something else was said in between.
    make_update(world.commitment, world.users["lead"], "green", "We ask.", **LATE)
    with pytest.raises(ValidationError):
        blue(world, evidence=None)
    said = {"brag": "blue", "progress": "Done.", "changed_for_families": "They wait less."}
    form = as_lead.post(page, said).context["form"]
    assert form.errors == {"changed_for_families": [problem]}
    # New words, or new evidence with the old ones.
    new_words = said | {"changed_for_families": "They wait less; 212 have used it."}
    assert as_lead.post(page, new_words).status_code == 302
    assert as_lead.post(page, said | {"evidence_title": "A survey"}).status_code == 302
    evidence.add_evidence(commitment=world.commitment, by=world.users["lead"], title="A survey")
    assert as_lead.post(page, said).status_code == 302
    assert blue(world, evidence=None).brag == "blue"


def test_a_confirmed_blue_is_said_again_in_the_same_words(world):
    sent_back(world, blue(world))
    again = blue(world, changed_for_families="212 have used it.")
    updates.answer_blue(update=again, by=world.users["sro"], is_confirmed=True)
    assert blue(world, evidence=None, changed_for_families="212 have used it.").brag == "blue"


# --- What a colleague recorded meanwhile ------------------------------------------------------

GREEN = LATE | {"brag": "green", "progress": "On track."}


def test_what_a_colleague_sent_is_said_on_the_form_and_before_sending(as_lead, world, page):
    as_lead.post(page, GREEN | {"base": "none"})
    assert "While you were writing" not in text(as_lead.get(f"{page}check/"))
    red(world, "other_lead")
    for address in (page, f"{page}check/"):
        newer = as_lead.get(address).context["newer"]
        assert (newer["who"], newer["rating"], newer["when"]) == ("The other lead", "Red", "today")
        assert "While you were writing, The other lead recorded" in text(as_lead.get(address))


def test_on_a_conflict_one_can_change_ones_words(as_lead, world, page):
    as_lead.post(page, GREEN | {"base": "none"})
    theirs = red(world, "other_lead")
    conflict = as_lead.post(f"{page}check/", follow=True)
    assert "Change my words first" in text(conflict)
    said = {"choice": "change_mine", "theirs": theirs.pk}
    answer = as_lead.post(f"{page}conflict/", said)
    assert (answer.status_code, answer["Location"]) == (302, page)
    form = as_lead.get(page)
    assert form.context["form"]["progress"].value() == "On track."
    assert form.context["newer"] is None
    as_lead.post(page, GREEN | {"progress": "On track again.", "base": theirs.pk})
    as_lead.post(f"{page}check/")
    assert ProgressUpdate.objects.latest("pk").progress == "On track again."
    assert not Draft.objects.exists()
    assert not Evidence.objects.exists()

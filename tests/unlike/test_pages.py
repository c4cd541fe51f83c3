"""What people of each plan see: its own words and numbers, on pages that all answer."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import CommitmentLead
from tests.test_level_names import Text
from tests.test_links import Walk

pytestmark = pytest.mark.django_db

OUR_WORD = re.compile(r"\bcommitments?\b", re.IGNORECASE)


def read(html: str) -> list[str]:
    """What a person reads or hears, text by text."""
    reader = Text()
    reader.feed(html)
    return [" ".join(text.split()) for text in reader.texts]


def page(client: Client, tracked: SimpleNamespace, name: str, *args: str) -> list[str]:
    answer = client.get(reverse(name, args=[tracked.plan.slug, *args]))
    assert answer.status_code == 200
    return read(answer.content.decode())


def assert_says(
    client: Client,
    tracked: SimpleNamespace,
    expected: dict[tuple[str, ...], list[str]],
) -> None:
    client.force_login(tracked.users["officer"])
    for (name, *args), texts in expected.items():
        found = page(client, tracked, name, *args)
        missing = [text for text in texts if text not in found]
        assert not missing, f"{name} {args} does not say {missing}"


def test_pages_of_the_accelerated_plan(client, accelerated):
    """Letters, two levels, criteria as a list, milestones by their names, another’s value."""
    assert_says(
        client,
        accelerated.of[0],
        {
            ("actions:plan",): [
                "Accelerated Progress Plan. Agreed on 20 September 2024",
                "Waits for speech and language therapy",
                "Tobias Wren. 5 actions",
                "Revisit",
            ],
            ("actions:commitments",): [
                "Weakness A. The quality and timeliness of education, health and care plans",
                "6 actions: 2 Blue, 3 Green, 1 Red",
                "1.1",
                "4.4",
                "May 2025",
                "Maud Quillan; Idris Fallow",
            ],
            ("pages:area", "A"): ["Weakness A", "6", "Significant weakness A"],
            ("pages:commitment", "1.1"): [
                "Action 1.1",
                "The standard is agreed by both organisations",
                "Every plan writer has been shown it",
                "Parent carers have read it and had it changed",
                "Maud Quillan, RCC",
                "Idris Fallow, RICB",
            ],
            ("pages:commitment", "1.3"): ["Moved once, by 4 months"],
            ("kpis:kpis",): [
                "at least 75% (target)",
                "0.31% or less (target; England 2021/22)",
                "close to 1.6%, within 0.1 percentage points",
                "Close to its target",
            ],
            ("pages:kpi", "A1"): [
                "Baseline 52%, June 2024",
                "At least 48% (milestone 1) by December 2024",
                "Lower at first, while old cases are closed.",
                "At least 58% (milestone 2) by March 2025",
                "38 of 80",
            ],
            ("pages:kpi", "D1"): [
                "Baseline 0.45 and 0.45 % (two years alike), school year 2022/23",
                "England",
                "0.37%",
            ],
            ("pages:findings",): [
                "Significant weakness, Weakness A",
                "Children wait too long for speech and language therapy.",
                "Not sufficient progress",
            ],
            ("pages:finding", "revisit-2024-B"): [
                "Significant weakness B",
                "Children wait too long for speech and language therapy.",
                "Answers",
            ],
            ("reports:timeline",): ["Therapy waits"],
            ("reports:dashboard",): ["The weaknesses", "Bring health advice to six weeks"],
        },
    )


def test_pages_of_two_plans_of_one_inspection(client, one_inspection):
    """The same numbers twice; findings of both kinds on the pages of both; printed dates."""
    findings = [
        "Area SEND full inspection",
        "Short breaks should reach more families.",
        "Nurseries know their children well and welcome families.",
        "Widespread or systemic failings",
        "A monitoring inspection within about eighteen months",
    ]
    priority, improvement = one_inspection.of
    assert_says(
        client,
        priority,
        {
            ("pages:findings",): findings,
            ("pages:finding", "hollin-PA2"): ["Priority action 2", "Addressed to The council"],
            ("actions:plan",): ["The priority actions", "Cordelia Stubbs. 3 aims"],
            ("actions:commitments",): [
                "1 (Priority action 1)",
                "1 (Priority action 2)",
                "(April 2025)",
            ],
            ("pages:commitment", "1-2"): [
                "Aim 2 (Priority action 1)",
                "Every school has a way to ask for advice",
                "One telephone number for all schools of the borough.",
                "Schools use the number, and come back.",
            ],
            ("pages:commitment", "2-3"): [
                # As printed where it stands alone, and without brackets in a sentence.
                "(December 2024)",
                "Moved from December 2024 to June 2025: Less is ready than was thought.",
            ],
            ("pages:kpi", "waits"): [
                "Lower than the baseline, as wanted",
                "Baseline 318 children, March 2024",
                "A decrease, without a date",
            ],
            ("reports:dashboard",): ["2 (Priority action 1)", "2 (Priority action 2)"],
            ("reports:timeline",): ["Out of school"],
        },
    )
    assert_says(
        client,
        improvement,
        {
            ("pages:findings",): findings,
            ("pages:finding", "hollin-AFI5"): ["Area for improvement 5"],
            ("actions:plan",): ["The areas for improvement", "Cordelia Stubbs. 2 aims"],
            ("actions:commitments",): ["1 (Area for improvement 1)", "(February 2025)"],
            ("pages:kpi", "letters"): [
                "No figure to rise from",
                "Baseline in words: A few, and nobody counted them.",
            ],
            ("pages:kpi", "voices"): ["Baseline awaited"],
        },
    )


def test_pages_of_the_strategic_plan(client, strategic):
    """Years, terms and school years; prose; a row that is paused; findings of no inspection."""
    assert_says(
        client,
        strategic.of[0],
        {
            ("actions:plan",): ["SEND Strategic Action Plan. Agreed on 15 December 2023"],
            ("actions:commitments",): [
                "SEND Strategic Action Plan, 2024–26",
                "Recommendation 1. Help sooner",
                "2 items: 1 On course, 1 Paused",
                "summer term 2024",
                "autumn term 2024",
                "school year 2023/24",
                "2026",
            ],
            ("pages:commitment", "r1-a"): [
                # Nothing is printed for it, so nothing stands in the place of a number.
                "Put a family worker into each of eight hubs – Thornleigh – Plan Ledger",
                "Family workers in hubs",
                "Item",
                "rating by month",
                "Put a family worker into each of eight hubs",
                "Where things are now",
                "Today two hubs have one.",
                "Urgency:",
                "Must",
                "Eight family workers are in post.",
            ],
            ("pages:commitment", "r1-b"): ["Waits for:", "The family workers in the hubs"],
            ("pages:commitment", "r6-b"): ["Completion", "Ongoing"],
            # Where space is short, by a short title; a date in words in the place of one.
            ("reports:in_full",): ["the plan prints: Ongoing"],
            ("reports:timeline",): ["Family workers in hubs"],
            ("pages:commitment", "r3-b"): ["Paused", "Pause has run out"],
            ("pages:area", "1"): ["Help is there when a family first asks."],
            ("pages:kpi", "weeks"): [
                "Baseline in words (school year 2022/23): 30.5 weeks, from 40 the year before",
                "20 weeks or less by 2025",
                "Source: The council’s own count",
            ],
            ("pages:findings",): [
                "What was found, what of the plan answers it, and what an outside body has said of"
                " it since. A judgement is theirs, given once on one day; it is not one of the"
                " plan’s colours.",
                "Recommendations",
            ],
        },
    )
    client.force_login(strategic.of[0].users["officer"])
    assert "Beside the record" not in page(client, strategic.of[0], "pages:findings")
    # A key without Blue has nothing that a second person confirms.
    assert "Senior responsible officer" in page(client, strategic.of[0], "pages:commitment", "r1-a")
    assert not [
        text
        for text in page(client, strategic.of[0], "pages:commitment", "r1-a")
        if text.startswith("Confirms")
    ]


def test_what_is_delivered_lacks_the_plans_own_word_for_blue(client, one_inspection):
    client.force_login(one_inspection.of[0].users["officer"])

    texts = page(client, one_inspection.of[0], "pages:commitment", "2-1")

    assert "Delivered Apr 2025, not yet Complete" in texts


class PlanWalk(Walk):
    """A walk that stays in one plan, and notes where our word for its rows is said."""

    most_read = most_tried = 1

    def __init__(self, client: Client, slug: str) -> None:
        super().__init__(client)
        self.within = f"/plans/{slug}/"
        self.ours: list[str] = []

    def _add(self, address: str, shown_on: str) -> None:
        if address.startswith(self.within):
            super()._add(address, shown_on)

    def _read(self, address: str, page: str) -> None:
        super()._read(address, page)
        self.ours += [f"{address}: {text}" for text in read(page) if OUR_WORD.search(text)]


def assert_every_page_answers(client: Client, tracked: SimpleNamespace, role: str) -> None:
    client.force_login(tracked.users[role])
    walk = PlanWalk(client, tracked.plan.slug)

    walk.go([reverse("actions:plan", args=[tracked.plan.slug])])

    assert not walk.wrong, "\n".join(walk.wrong)
    assert not walk.ours, "\n".join(walk.ours)
    assert len(walk.read) >= (35 if role == "officer" else 20)


ROLES = ["officer", "lead", "sro", "chair"]


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_accelerated_plan_answers(client, accelerated, role):
    assert_every_page_answers(client, accelerated.of[0], role)


@pytest.mark.parametrize(
    ("which", "role"), [(0, "officer"), (0, "sro"), (1, "lead"), (1, "chair"), (1, "officer")]
)
def test_every_page_of_both_plans_of_one_inspection_answers(client, one_inspection, which, role):
    assert_every_page_answers(client, one_inspection.of[which], role)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_strategic_plan_answers(client, strategic, role):
    assert_every_page_answers(client, strategic.of[0], role)


def test_an_update_is_sent_by_the_address_and_named_by_the_printed_number(client, one_inspection):
    tracked = one_inspection.of[0]
    lead = CommitmentLead.objects.get(commitment__plan=tracked.plan, commitment__code="1-3")
    client.force_login(lead.person.user)
    form, check, done = (
        reverse(f"actions:{name}", args=[tracked.plan.slug, "1-3"])
        for name in ("record_update", "check_update", "update_done")
    )
    answers = {
        "brag": "green",
        "late_reason": "The last part comes later.",
        "progress": "It goes as it was meant to.",
        "based_on": ["figures"],
        "base": client.get(form).context["base"],
    }

    kept = client.post(form, answers | {"save_draft": "on"}, follow=True)
    assert "Your draft for 3 (Priority action 1) is kept." in read(kept.content.decode())
    assert client.post(form, answers)["Location"] == check
    checked = client.get(check)
    assert checked.status_code == 200
    sent = client.post(check, {"checked": checked.context["checked"]})

    assert sent["Location"] == done
    after = client.get(done)
    assert after.status_code == 200
    following = after.context["following"]
    assert following is None or following.pk != after.context["c"].pk

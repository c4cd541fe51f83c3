"""Risks and issues: raising and closing them, the register, and who may."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions.models import Plan, Risk, RiskClosing
from actions.plan import amendments
from actions.progress import risks
from kpis.models import Kpi, KpiCommitment, KpiRisk
from tests.factories import at, make_world

HOSTILE = ["=cmd|' /C calc'!A0", "+1", "@x", "👩🏽‍🎓 emoji", "\u202etxt.exe", "<script>x</script>"]


@pytest.fixture
def kpi(world):
    """A measure of 1.1.1a, in the first area."""
    kpi = Kpi.objects.create(
        plan=world.plan,
        code="K1",
        position=1,
        title="Weeks waited",
        unit="weeks",
        direction=Kpi.Direction.LOWER,
        kind=Kpi.Kind.QUANTITY,
    )
    KpiCommitment.objects.create(kpi=kpi, commitment=world.commitment, position=1)
    return kpi


def raise_one(world, text="No staff", kind="risk", **fields):
    fields = {"commitment": world.commitment} | fields
    return risks.raise_risk(plan=world.plan, by=world.users["lead"], kind=kind, text=text, **fields)


# --- The verbs --------------------------------------------------------------------------------


def test_a_risk_is_open_until_it_is_closed(world):
    risk = raise_one(world)
    assert list(risks.open_risks_of(world.commitment.pk)) == [risk]
    risks.close_risk(risk=risk, by=world.users["sro"], reason="Two nurses started.")
    assert list(risks.open_risks_of(world.commitment.pk)) == []


def test_open_risks_are_those_of_the_day(world):
    risk = raise_one(world, effective_at=at("2022-05-10"), source="paper")
    risks.close_risk(
        risk=risk,
        by=world.users["sro"],
        reason="Over.",
        effective_at=at("2022-06-10"),
        source="paper",
    )
    for day, is_open in (
        ("2022-05-09", False),
        ("2022-05-10", True),
        ("2022-06-09", True),
        ("2022-06-10", False),
    ):
        assert risks.open_risks_of(world.commitment.pk, at(day).date()).exists() is is_open


def test_what_is_open_under_the_same_words_is_not_recorded_twice(world):
    first = raise_one(world)
    assert raise_one(world) == first
    assert raise_one(world, kind="issue") != first
    assert raise_one(world, commitment=world.second) != first
    risks.close_risk(risk=first, by=world.users["lead"], reason="Over.")
    assert raise_one(world) != first


@pytest.mark.parametrize(
    ("fields", "argument"),
    [({"text": ""}, "text"), ({"kind": "worry"}, "kind")],
)
def test_a_refusal_names_the_argument(world, fields, argument):
    with pytest.raises(ValidationError) as refusal:
        raise_one(world, **fields)
    assert list(refusal.value.message_dict) == [argument]
    assert not Risk.objects.exists()


def test_a_risk_has_one_subject(world):
    with pytest.raises(ValidationError, match="not both"):
        raise_one(world, area=world.area)


def test_it_is_closed_once_and_with_a_reason(world):
    risk = raise_one(world)
    with pytest.raises(ValidationError) as refusal:
        risks.close_risk(risk=risk, by=world.users["lead"], reason="")
    assert list(refusal.value.message_dict) == ["reason"]
    risks.close_risk(risk=risk, by=world.users["lead"], reason="Over.")
    with pytest.raises(ValidationError, match="closed this already"):
        risks.close_risk(risk=risk, by=world.users["sro"], reason="Over again.")
    assert RiskClosing.objects.count() == 1


def test_it_does_not_end_before_it_began(world):
    risk = raise_one(world)
    with pytest.raises(ValidationError, match="cannot end before"):
        risks.close_risk(
            risk=risk,
            by=world.users["lead"],
            reason="Over.",
            effective_at=timezone.now() - timedelta(days=3),
            source="paper",
        )


def test_a_closed_plan_and_a_withdrawn_commitment_take_no_more(world):
    risk = raise_one(world)
    amendments.withdraw_commitment(
        commitment=world.commitment, reason="x", by=world.users["officer"]
    )
    with pytest.raises(ValidationError, match="withdrawn"):
        raise_one(world, text="Another")
    # What is still open there can be brought to an end.
    risks.close_risk(risk=risk, by=world.users["officer"], reason="Withdrawn with it.")
    Plan.objects.filter(pk=world.plan.pk).update(state="closed", closed_on="2022-12-31")
    for subject in ({"commitment": world.second}, {"commitment": None, "area": world.area}):
        with pytest.raises(ValidationError, match="closed"):
            raise_one(world, text="Another", **subject)


# --- Raising and closing on the page ----------------------------------------------------------

SENT = {
    "kind": "risk",
    "text": "No staff",
    "mitigation": "An advert is out",
    "help_needed": "A chair",
}


def send(client, world, persona, on, **changed):
    client.force_login(world.users[persona])
    return client.post(
        reverse("oversight:raise_risk", args=[world.plan.slug]), SENT | {"on": on} | changed
    )


@pytest.mark.parametrize(
    ("on", "may"),
    [
        ("commitment:1.1.1a", {"officer", "lead", "other_lead", "sro"}),
        ("commitment:2.1.1a", {"officer", "other_lead", "other_sro"}),
        ("area:1", {"officer", "sro"}),
        ("kpi:K1", {"officer", "sro"}),
    ],
)
def test_each_raises_where_it_is_their_job(client, world, kpi, on, may):
    for persona in ("officer", "lead", "other_lead", "sro", "other_sro"):
        before = Risk.objects.count()
        answer = send(client, world, persona, on, text=f"Said by {persona}")
        assert Risk.objects.count() - before == (1 if persona in may else 0)
        assert answer.status_code == (302 if persona in may else 422)
        if persona not in may:
            assert "an entry of the list" in answer.content.decode()


def test_a_risk_on_a_measure_is_recorded_once_with_its_measure(client, world, kpi):
    for _ in range(2):
        send(client, world, "officer", "kpi:K1")
    assert KpiRisk.objects.get().kpi == kpi
    assert Risk.objects.get().commitment is None


def test_the_same_form_sent_twice_makes_one(client, world):
    for _ in range(2):
        answer = send(client, world, "lead", "commitment:1.1.1a")
    assert answer["Location"] == reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])
    risk = Risk.objects.get()
    assert (risk.text, risk.mitigation, risk.help_needed, risk.by) == (
        "No staff",
        "An advert is out",
        "A chair",
        world.users["lead"],
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"text": ""}, "Say what it is"),
        ({"text": "  \n"}, "Say what it is"),
        ({"kind": ""}, "Choose whether it is a risk or an issue"),
        ({"kind": "worry"}, "Choose a risk or an issue"),
        ({"on": ""}, "Choose what it is on"),
        ({"on": "commitment:9.9.9z"}, "an entry of the list"),
        ({"text": "x" * 30_000}, "This is too long: 30000 characters, and 5000 fit"),
        ({"mitigation": "a\x00b"}, "There is a character here that cannot be shown"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_lost(client, world, changed, words):
    answer = send(client, world, "lead", **({"on": "commitment:1.1.1a"} | changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "A chair" in page
    assert not Risk.objects.exists()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_only_words(client, world, text):
    assert send(client, world, "lead", "commitment:1.1.1a", text=text).status_code == 302
    page = client.get(reverse("oversight:risks", args=[world.plan.slug])).content.decode()
    assert "<script>x" not in page
    rows = exported(client, world)
    assert rows[0]["Risk or issue"] == (f"'{text}" if text[0] in "=+@" else text)


def test_what_it_is_on_is_chosen_beforehand(client, world):
    client.force_login(world.users["lead"])
    address = reverse("oversight:raise_risk", args=[world.plan.slug])
    page = client.get(address, {"on": "commitment:1.1.1b"}).content.decode()
    assert '<option value="commitment:1.1.1b" selected>' in page
    assert client.get(address, {"on": "nothing:at all"}).status_code == 200


def test_the_form_keeps_to_its_queries(client, several, django_assert_max_num_queries):
    client.force_login(several.users["officer"])
    with django_assert_max_num_queries(16):
        client.get(reverse("oversight:raise_risk", args=[several.plan.slug]))


def test_writes_are_of_today(client, world):
    """Who led on another day has no say now."""
    risk = raise_one(world)
    client.force_login(world.users["lead"])
    for name, args in (("oversight:raise_risk", []), ("oversight:close_risk", [risk.pk])):
        answer = client.get(reverse(name, args=[world.plan.slug, *args]) + "?as_at=2023-01-31")
        assert answer.status_code == 400
        assert "as of today" in answer.content.decode()


def test_closing_asks_how_it_ended_and_is_done_once(client, world):
    risk = raise_one(world)
    address = reverse("oversight:close_risk", args=[world.plan.slug, risk.pk])
    client.force_login(world.users["lead"])
    answer = client.post(address, {"reason": ""})
    assert answer.status_code == 422
    assert "Say how it ended" in answer.content.decode()
    assert client.post(address, {"reason": "Two nurses started."}).status_code == 302
    # Somebody else had the same page open.
    client.force_login(world.users["sro"])
    answer = client.post(address, {"reason": "Me too"}, follow=True)
    assert "Closed already" in answer.content.decode()
    assert RiskClosing.objects.get().by == world.users["lead"]


def test_a_risk_of_another_plan_is_unknown(client, world):
    other = make_world()
    risk = raise_one(other)
    client.force_login(world.users["officer"])
    assert (
        client.get(reverse("oversight:close_risk", args=[world.plan.slug, risk.pk])).status_code
        == 404
    )
    assert (
        client.get(reverse("oversight:close_risk", args=[world.plan.slug, 10**18])).status_code
        == 404
    )


# --- The register -----------------------------------------------------------------------------


@pytest.fixture
def several(world, kpi):
    """On a commitment (closed), an area, a measure and another area's commitment."""
    closed = raise_one(world, "Portal late", effective_at=at("2022-05-10"), source="paper")
    risks.close_risk(
        risk=closed,
        by=world.users["sro"],
        reason="It opened.",
        effective_at=at("2022-07-12"),
        source="paper",
    )
    on_area = {"commitment": None, "area": world.area, "mitigation": "Bank staff"}
    raise_one(world, "Staff leave", effective_at=at("2022-06-01"), source="paper", **on_area)
    on_kpi = raise_one(
        world, "No data", "issue", effective_at=at("2022-06-15"), source="paper", commitment=None
    )
    KpiRisk.objects.create(risk=on_kpi, kpi=kpi)
    raise_one(world, "No chair", "issue", commitment=world.elsewhere)
    return world


def exported(client, world, **query):
    answer = client.get(reverse("oversight:risks_file", args=[world.plan.slug, "csv"]), query)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def texts(client, world, **query):
    return [row["Risk or issue"] for row in exported(client, world, **query)]


def test_open_ones_come_first_and_each_says_what_it_is_on(client, several):
    client.force_login(several.users["member"])
    rows = exported(client, several)
    assert [(row["Risk or issue"], row["State"], row["On"], row["Ref"]) for row in rows] == [
        ("Staff leave", "Open", "Area", "1"),
        ("No data", "Open", "KPI", "K1"),
        ("No chair", "Open", "Commitment", "2.1.1a"),
        ("Portal late", "Closed", "Commitment", "1.1.1a"),
    ]
    closed = rows[-1]
    # 10 May to 12 July 2022: 63 days, nine weeks.
    assert closed["Age in weeks"] == "9"
    assert closed["Closed on"] == "2022-07-12"
    assert (closed["Closed by"], closed["How it ended"]) == ("The sro", "It opened.")
    page = client.get(reverse("oversight:risks", args=[several.plan.slug])).content.decode()
    for words in ("Bank staff", "KPI K1", "It opened.", "9 weeks", "<b>All 4</b>"):
        assert words in page


def test_the_register_is_narrowed_by_kind_state_area_and_words(client, several):
    client.force_login(several.users["member"])
    assert texts(client, several, kind="issue") == ["No data", "No chair"]
    assert texts(client, several, state="closed") == ["Portal late"]
    assert texts(client, several, state="open", kind="risk") == ["Staff leave"]
    # A measure belongs to the areas of its commitments.
    assert texts(client, several, area="1") == ["Staff leave", "No data", "Portal late"]
    assert texts(client, several, area="2") == ["No chair"]
    assert texts(client, several, q="bank STAFF") == ["Staff leave"]
    assert texts(client, several, q="2.1") == ["No chair"]


def test_the_register_is_that_of_the_day(client, several):
    client.force_login(several.users["member"])
    assert texts(client, several, as_at="2022-05-09") == []
    rows = exported(client, several, as_at="2022-06-05")
    assert [(row["Risk or issue"], row["State"]) for row in rows] == [
        ("Portal late", "Open"),
        ("Staff leave", "Open"),
    ]
    assert rows[0]["Age in weeks"] == "3"  # 10 May to 5 June: 26 days
    assert rows[0]["Closed on"] == ""
    assert rows[0]["How it ended"] == ""
    page = client.get(
        reverse("oversight:risks", args=[several.plan.slug]), {"as_at": "2022-06-05"}
    ).content.decode()
    assert "It opened." not in page
    assert "/close/" not in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"kind": "worry"}, "Choose risks or issues"),
        ({"state": "ajar"}, "Choose open or closed"),
        ({"area": "99"}, "Choose an area of this plan"),
        ({"q": "\x00"}, "There is a character here that cannot be shown"),
    ],
)
def test_an_unknown_filter_is_said_at_its_field(client, several, query, words):
    client.force_login(several.users["member"])
    address = reverse("oversight:risks", args=[several.plan.slug])
    answer = client.get(address, query)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Staff leave" in answer.content.decode()
    file = client.get(reverse("oversight:risks_file", args=[several.plan.slug, "csv"]), query)
    assert file.status_code == 400
    assert client.get(address, {"page": "9999", "sort": "x", "per_page": "0"}).status_code == 200


def test_only_who_may_close_sees_the_way_to_it(client, several):
    address = reverse("oversight:risks", args=[several.plan.slug])
    found = {}
    for persona in ("officer", "sro", "other_lead", "lead", "member"):
        client.force_login(several.users[persona])
        page = client.get(address).content.decode()
        found[persona] = (page.count("/close/"), "/risks/new/" in page)
    assert found == {
        "officer": (3, True),
        "sro": (2, True),
        "other_lead": (1, True),
        "lead": (0, True),
        "member": (0, False),
    }


def test_an_empty_register_says_so(client, world):
    client.force_login(world.users["member"])
    page = client.get(reverse("oversight:risks", args=[world.plan.slug])).content.decode()
    assert "Nobody has raised a risk or an issue yet" in " ".join(page.split())


# --- Beside a commitment ----------------------------------------------------------------------


def test_a_commitment_shows_its_open_risks_with_a_way_to_close_them(client, world):
    raise_one(world, "No staff", mitigation="Bank staff")
    address = reverse("pages:commitment", args=[world.plan.slug, "1.1.1a"])
    client.force_login(world.users["lead"])
    page = client.get(address).content.decode()
    for words in ("Open risks and issues", "No staff", "Bank staff", "/close/", "/risks/new/?on="):
        assert words in page
    client.force_login(world.users["member"])
    page = client.get(address).content.decode()
    assert "No staff" in page
    assert "/close/" not in page
    assert "/risks/new/" not in page
    past = client.get(f"{address}?as_at=2022-12-31").content.decode()
    assert "Open risks and issues" not in past

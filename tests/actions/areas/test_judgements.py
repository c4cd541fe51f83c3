"""The programme team records what an outside body judged of a finding, and puts it right."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions.areas.judgements import record_judgement
from actions.models import Inspection, Judgement, Plan
from tests.factories import make_finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(client, world):
    world.finding = make_finding(world.plan, text="Waits are long.")
    world.address = reverse("actions:judge_finding", args=[world.plan.slug, world.finding.code])
    client.force_login(world.users["officer"])
    return world


def send(client, world, query="", **sent):
    answers = {"verdict": "not_sufficient", "judged_on": "3/5/2022", "judged_by": "DfE"} | sent
    return client.post(world.address + query, answers)


def finding_page(client, world, query=""):
    address = reverse("pages:finding", args=[world.plan.slug, world.finding.code])
    return client.get(address + query).content.decode()


def errors(answer):
    assert answer.status_code == 422
    return answer.context["form"].errors


def test_a_judgement_is_on_record_from_its_day_with_who_recorded_it(client, judged):
    assert send(client, judged, summary="Too few were seen.").status_code == 302
    row = Judgement.objects.get()
    assert row.by == judged.users["officer"]
    assert row.code == "2022-05-03"
    page = finding_page(client, judged)
    assert "Not sufficient progress" in page
    assert "Too few were seen." in page
    assert "Not sufficient progress" not in finding_page(client, judged, "?as_at=2022-05-02")


def test_a_double_press_is_one_judgement(client, judged):
    for _ in range(2):
        assert send(client, judged).status_code == 302
    assert Judgement.objects.count() == 1


def test_two_of_one_day_have_names_of_their_own(client, judged):
    send(client, judged)
    send(client, judged, verdict="monitoring_ended")
    codes = Judgement.objects.values_list("code", flat=True)
    assert set(codes) == {"2022-05-03", "2022-05-03-2"}


def test_a_correction_takes_its_place_and_the_first_stays_on_record(client, judged):
    send(client, judged)
    wrong = Judgement.objects.get()
    shown = client.get(f"{judged.address}?corrects={wrong.pk}").content.decode()
    assert "Correct a judgement" in shown
    assert 'value="DfE"' in shown
    answer = send(client, judged, f"?corrects={wrong.pk}", verdict="sufficient")
    assert answer.status_code == 302
    page = finding_page(client, judged)
    assert "Sufficient progress" in page
    assert "Not sufficient progress" not in page
    assert Judgement.objects.count() == 2


def test_what_was_corrected_meanwhile_is_not_corrected_again(client, judged):
    send(client, judged)
    wrong = Judgement.objects.get()
    send(client, judged, f"?corrects={wrong.pk}", verdict="sufficient")
    again = send(client, judged, f"?corrects={wrong.pk}", verdict="effective")
    assert again.status_code == 422
    assert "corrected this judgement meanwhile" in again.content.decode()
    assert Judgement.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"judged_by": ""}, "judged_by", "Say who judged"),
        ({"verdict": "monitoring_ended", "judged_on": ""}, "judged_on", "Give the day"),
        ({"verdict": "rating"}, "rating", "Give the colour or the words"),
        ({"rating": "Amber"}, "rating", "Only a rating at a review"),
        ({"verdict": ""}, "verdict", "Choose what was said"),
        ({"judged_on": "soon"}, "judged_on", "Enter a date"),
    ],
)
def test_what_cannot_stand_is_said_at_its_place(client, judged, sent, field, words):
    assert words in errors(send(client, judged, **sent))[field][0]
    assert not Judgement.objects.exists()


def test_a_day_to_come_is_refused(client, judged):
    tomorrow = timezone.localdate() + timedelta(days=1)
    found = errors(send(client, judged, judged_on=f"{tomorrow:%d/%m/%Y}"))
    assert found["judged_on"] == ["The date must not be in the future"]


def test_an_inspection_of_the_area_judges_on_a_day(client, judged):
    visit = Inspection.objects.create(
        local_area=judged.plan.local_area, code="revisit", position=1, title="The revisit"
    )
    send(client, judged, judged_by="", inspection=visit.pk)
    assert "3 May 2022, The revisit" in finding_page(client, judged)
    assert "judged_on" in errors(send(client, judged, judged_on="", inspection=visit.pk))


def test_inspectors_return_after_a_plan_is_closed(client, judged):
    Plan.objects.filter(pk=judged.plan.pk).update(state="closed", closed_on="2022-04-01")
    assert send(client, judged).status_code == 302
    assert Judgement.objects.count() == 1


def test_nobody_else_records_one(judged):
    with pytest.raises(ValidationError, match="Only the programme team"):
        record_judgement(
            plan=judged.plan,
            finding=judged.finding,
            by=judged.users["sro"],
            today=timezone.localdate(),
            verdict="sufficient",
            judged_on=None,
            judged_by="DfE",
        )


def test_a_finding_of_another_plan_is_not_there(client, judged):
    address = reverse("actions:judge_finding", args=[judged.plan.slug, "rumour"])
    assert client.get(address).status_code == 404
    assert client.get(f"{judged.address}?corrects=999999").status_code == 404
    assert client.get(f"{judged.address}?corrects=x").status_code == 404

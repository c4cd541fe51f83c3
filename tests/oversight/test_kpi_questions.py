"""Questions about a measure: who answers them, and where they stand."""

from django.urls import reverse
from django.utils import timezone

from tests.factories import make_kpi
from wsoa.oversight.models import Challenge
from wsoa.oversight.questions import questions

TODAY = timezone.localdate()


def asked_of(world, **fields):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), **fields)
    return questions.ask(
        plan=kpi.plan, kpi=kpi, by=world.users["member"], text="Why no figure?", today=TODAY
    )


def go(client, world, persona, name, *args, sent=None):
    client.force_login(world.users[persona])
    room = "pages" if name in ("commitment", "kpi") else "oversight"
    address = reverse(f"{room}:{name}", args=[world.plan.slug, *args])
    return client.get(address) if sent is None else client.post(address, sent)


def test_it_is_asked_on_the_page_and_stands_beside_the_measure(client, world):
    make_kpi(world.plan, "K1", (world.commitment,))
    sent = {"on": "kpi:K1", "text": "Why no figure?"}
    for _ in range(2):
        go(client, world, "chair", "ask_question", sent=sent)
    asked = Challenge.objects.get()
    assert asked.kpi.code == "K1"
    assert (asked.commitment, asked.area) == (None, None)
    page = go(client, world, "member", "kpi", "K1").content.decode()
    assert "Why no figure?" in page
    questions.close(question=asked, by=world.users["chair"], today=TODAY, text="Seen.")
    page = go(client, world, "member", "kpi", "K1").content.decode()
    assert "Why no figure?" not in page


def test_its_data_owner_answers_and_the_leads_and_sro_of_what_it_serves(client, world):
    question = asked_of(world, data_owner=world.people["other_sro"])
    for persona, status in (
        ("other_sro", 200),
        ("lead", 200),
        ("sro", 200),
        ("officer", 403),
        ("member", 403),
        ("forum", 403),
    ):
        answer = go(client, world, persona, "answer_question", question.pk)
        assert answer.status_code == status, persona


def test_it_is_in_the_list_under_its_code_and_areas(client, world):
    asked_of(world)
    client.force_login(world.users["member"])
    address = reverse("oversight:questions", args=[world.plan.slug])
    assert "KPI K1" in client.get(f"{address}?area=1").content.decode()
    assert "KPI K1" not in client.get(f"{address}?area=2").content.decode()

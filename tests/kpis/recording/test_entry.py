"""The month's page: what is owed, one send for all, both figures where two people were at it."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Person
from actions.rules.dates import PlanDate, add_months
from kpis.models import Measurement
from kpis.recording import measurements
from kpis.rules.facts import Status
from kpis.rules.validation import Given
from tests.factories import make_kpi, record_figure
from tests.test_queries import queries

pytestmark = pytest.mark.django_db

THIS = PlanDate.month_of(timezone.localdate())
LAST = PlanDate(add_months(THIS.first_day, -1))


@pytest.fixture
def kpi(world):
    """A monthly wait in weeks: the lead's own, of the SRO's area."""
    return make_kpi(world.plan, "K1", (world.commitment,), data_owner=world.people["lead"])


@pytest.fixture
def page(world):
    return reverse("kpis:figures", args=[world.plan.slug])


def sent(kpi, base="", **said):
    """What the row of a measure sends; `base` is what was shown."""
    values = {"base": base or "", "status": "final", "note": ""} | said
    return {f"f{kpi.pk}_{name}": value for name, value in values.items()}


def post(client, page, *rows, month=LAST):
    data: dict[str, str] = {}
    for row in rows:
        data |= row
    return client.post(f"{page}?month={month.iso}", data)


def text(response):
    return " ".join(response.content.decode().split())


def test_the_page_asks_for_the_last_month_and_says_what_is_owed(client, world, kpi, page):
    record_figure(kpi, PlanDate(add_months(LAST.first_day, -1)).iso, 218)
    client.force_login(world.users["lead"])

    found = text(client.get(page))

    assert f"Figures of {LAST}" in found
    assert "<b>0</b> of 1 done" in found
    assert "218 weeks" in found
    assert "Still due from before" in found


# --- The way to it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persona", "leads_there"),
    [("officer", True), ("lead", True), ("sro", True), ("other_sro", False), ("member", False)],
)
def test_the_list_of_measures_leads_whoever_may_enter_one_there(
    client, world, kpi, page, persona, leads_there
):
    client.force_login(world.users[persona])
    found = text(client.get(reverse("kpis:kpis", args=[world.plan.slug])))
    assert (f'href="{page}">Enter figures</a>' in found) is leads_there
    earlier = f"{reverse('kpis:kpis', args=[world.plan.slug])}?as_at={LAST.last_day}"
    assert "Enter figures" not in text(client.get(earlier))


def test_my_work_says_what_figures_are_due_and_leads_to_them(client, world, page):
    make_kpi(
        world.plan,
        "K1",
        data_owner=world.people["lead"],
        first_due_on=add_months(LAST.first_day, -1),
    )
    record_figure(make_kpi(world.plan, "K2", data_owner=world.people["lead"]), LAST.iso, 4)
    client.force_login(world.users["lead"])
    my_work = reverse("pages:my_work", args=[world.plan.slug])
    found = text(client.get(my_work))
    assert f'href="{page}">Enter figures' in found
    # With the periods.
    before = PlanDate(add_months(LAST.first_day, -1))
    assert f"{before} and {LAST}." in found
    # Nobody else is told of them.
    client.force_login(world.users["sro"])
    assert "KPI K1" not in text(client.get(my_work))


def test_a_figure_is_recorded_by_its_data_owner(client, world, kpi, page):
    client.force_login(world.users["lead"])

    answer = post(client, page, sent(kpi, value="1,217.5", note="Counted twice."))

    assert answer.status_code == 302
    row = Measurement.objects.get()
    assert (row.value, row.status, row.note) == (Decimal("1217.5"), "final", "Counted twice.")
    assert (row.by, row.ends_on) == (world.users["lead"], LAST.last_day)
    assert "<b>1</b> of 1 done" in text(client.get(page))


def test_rows_left_empty_stay_owed(client, world, kpi, page):
    other = make_kpi(world.plan, "K2", (world.commitment,), data_owner=world.people["lead"])
    client.force_login(world.users["lead"])

    post(client, page, sent(kpi, value="7"), sent(other))

    assert Measurement.objects.get().kpi == kpi
    assert "<b>1</b> of 2 done" in text(client.get(page))


def test_one_wrong_row_and_none_is_recorded(client, world, kpi, page):
    other = make_kpi(world.plan, "K2", (world.commitment,), data_owner=world.people["lead"])
    client.force_login(world.users["lead"])

    answer = post(client, page, sent(kpi, value="7"), sent(other, value="12,5"))

    assert answer.status_code == 422
    assert "“12,5” is unclear. Write 12.5 with a point" in text(answer)
    assert 'value="7"' in text(answer)
    assert not Measurement.objects.exists()


def test_nothing_filled_in_is_said_and_nothing_is_recorded(client, world, kpi, page):
    client.force_login(world.users["lead"])

    answer = post(client, page, sent(kpi))

    assert answer.status_code == 422
    assert "Nothing was filled in or changed" in text(answer)


def test_a_measure_that_came_in_meanwhile_stops_nobody(client, world, kpi, page):
    make_kpi(world.plan, "K2", (world.commitment,), data_owner=world.people["lead"])
    client.force_login(world.users["lead"])
    assert post(client, page, sent(kpi, value="7")).status_code == 302
    assert "choose the status" in text(post(client, page, sent(kpi, base="", value="8", status="")))


def test_no_figure_needs_a_reason(client, world, kpi, page):
    client.force_login(world.users["lead"])

    refused = post(client, page, sent(kpi, status="missing"))
    assert "Say why there is no figure" in text(refused)

    post(client, page, sent(kpi, status="missing", note="The system was down."))
    row = Measurement.objects.get()
    assert (row.status, row.value) == ("missing", None)
    assert "<b>1</b> of 1 done" in text(client.get(page))


def test_parts_are_worked_out_and_an_approximate_denominator_stands_there(client, world, page):
    kpi = make_kpi(
        world.plan,
        "K3",
        (world.commitment,),
        data_owner=world.people["lead"],
        kind="rate",
        unit="%",
        direction="higher",
        numerator="staff trained",
        denominator="staff in scope",
        denominator_about=250,
    )
    client.force_login(world.users["lead"])
    assert 'value="250"' in text(client.get(page))

    # left as it stands, the denominator alone says nothing
    assert post(client, page, sent(kpi, numerator="", denominator="250")).status_code == 422
    post(client, page, sent(kpi, numerator="61", denominator="248"))

    # 61 / 248 = 0.245967…
    assert Measurement.objects.get().value == Decimal("24.5968")


def test_a_judgement_needs_its_source_and_people(client, world, page):
    kpi = make_kpi(
        world.plan, "K4", (world.commitment,), data_owner=world.people["lead"], kind="qualitative"
    )
    client.force_login(world.users["lead"])

    refused = text(post(client, page, sent(kpi, judgement="improved")))
    assert "Say what this rests on" in refused
    assert "Say how many people it rests on" in refused

    post(client, page, sent(kpi, judgement="improved", based_on="Forum", respondents="14"))
    row = Measurement.objects.get()
    assert (row.judgement, row.based_on, row.respondents) == ("improved", "Forum", 14)


def test_the_same_again_adds_nothing(client, world, kpi, page):
    row = record_figure(kpi, LAST.iso, 217)
    client.force_login(world.users["lead"])

    answer = post(client, page, sent(kpi, base=row.pk, value="217"))

    assert answer.status_code == 422
    assert Measurement.objects.count() == 1


def test_a_final_figure_is_changed_with_a_reason(client, world, kpi, page):
    row = record_figure(kpi, LAST.iso, 217)
    client.force_login(world.users["lead"])

    refused = post(client, page, sent(kpi, base=row.pk, value="216"))
    assert "The figure of this period was final. Say why it changes" in text(refused)

    post(client, page, sent(kpi, base=row.pk, value="216", reason="Two were counted twice."))
    newest = Measurement.objects.get(corrects=row)
    assert (newest.value, newest.reason) == (216, "Two were counted twice.")
    assert newest.effective_at == row.effective_at


def test_two_at_once_both_stand_there_and_one_decides(client, world, kpi, page):
    client.force_login(world.users["lead"])
    theirs = record_figure(kpi, LAST.iso, 217, by=world.users["officer"], status="provisional")

    # shown before theirs was there
    answer = post(client, page, sent(kpi, value="218"))

    assert answer.status_code == 409
    found = text(answer)
    assert "Recorded meanwhile by The officer" in found
    assert "217 weeks, provisional" in found
    assert 'value="218"' in found
    assert Measurement.objects.count() == 1

    assert post(client, page, sent(kpi, base=theirs.pk, value="218")).status_code == 302
    assert Measurement.objects.get(corrects=theirs).value == 218


def test_the_same_figure_from_two_people_is_no_conflict(client, world, kpi, page):
    client.force_login(world.users["lead"])
    record_figure(kpi, LAST.iso, 217, by=world.users["officer"])

    assert post(client, page, sent(kpi, value="217")).status_code == 302
    assert Measurement.objects.count() == 1


def test_theirs_is_left_by_emptying_ones_own(client, world, kpi, page):
    client.force_login(world.users["lead"])
    theirs = record_figure(kpi, LAST.iso, 217, by=world.users["officer"])
    other = make_kpi(world.plan, "K2", (world.commitment,), data_owner=world.people["lead"])

    post(client, page, sent(kpi, base=theirs.pk), sent(other, value="3"))

    assert Measurement.objects.get(kpi=kpi) == theirs
    assert Measurement.objects.get(kpi=other).value == 3


def test_a_month_that_has_not_ended_takes_projected_figures_only(client, world, kpi, page):
    client.force_login(world.users["lead"])

    assert "has not ended" in text(client.get(f"{page}?month={THIS.iso}"))
    assert (
        post(client, page, sent(kpi, value="5"), month=THIS).status_code == 422
    )  # final is not offered
    post(client, page, sent(kpi, value="5", status="projected"), month=THIS)

    assert Measurement.objects.get().status == "projected"


def test_a_quarterly_measure_stands_in_the_last_month_of_its_quarter(client, world, page):
    make_kpi(
        world.plan,
        "Quarter-1",
        (world.commitment,),
        data_owner=world.people["lead"],
        frequency="quarterly",
    )
    client.force_login(world.users["lead"])

    assert "Quarter-1" not in text(client.get(f"{page}?month=2023-02"))
    found = text(client.get(f"{page}?month=2023-03"))
    assert "Quarter-1" in found
    assert "<b>0</b> of 1 done" in found


def test_a_measure_without_a_rhythm_is_offered_and_not_asked_for(client, world, page):
    make_kpi(world.plan, "O1", (world.commitment,), data_owner=world.people["lead"], frequency="")
    client.force_login(world.users["lead"])

    found = text(client.get(page))

    assert "O1" in found
    assert "when there is something to say" in found
    assert "No figure of yours is asked for" in found


def test_each_sees_what_is_theirs_to_record(client, world, kpi, page):
    make_kpi(world.plan, "K9", (world.elsewhere,), data_owner=world.people["other_lead"])
    for name, codes in (
        ("officer", ("K1", "K9")),
        ("lead", ("K1",)),
        ("sro", ("K1",)),
        ("other_lead", ("K9",)),
    ):
        client.force_login(world.users[name])
        found = text(client.get(page))
        for code in ("K1", "K9"):
            assert (f'id="kpi-{code}"' in found) is (code in codes), (name, code)


def test_a_row_that_is_not_ones_own_is_not_read(client, world, kpi, page):
    other = make_kpi(world.plan, "K9", (world.elsewhere,), data_owner=world.people["other_lead"])
    client.force_login(world.users["lead"])

    post(client, page, sent(other, value="3"))

    assert not Measurement.objects.exists()


def test_an_sro_never_gets_a_small_number_back(client, world, page):
    kpi = make_kpi(
        world.plan,
        "K5",
        (world.commitment,),
        data_owner=world.people["lead"],
        unit="pupils",
        counts_people=True,
    )
    row = record_figure(kpi, LAST.iso, 3, note="Three siblings.")
    client.force_login(world.users["sro"])

    found = text(client.get(page))
    assert "Too few to show" in found
    assert "siblings" not in found
    assert 'value="3"' not in found

    # what she never saw is not taken for emptied
    assert post(client, page, sent(kpi, base=row.pk)).status_code == 422
    assert Measurement.objects.count() == 1

    # nor does a conflict tell it
    met = text(post(client, page, sent(kpi, value="9", reason="Counted again.")))
    assert "too few to show" in met
    assert "siblings" not in met


@pytest.mark.parametrize("month", ["soon", "2022-13", "2022-01-04", "1900-01", "2200-01", "x" * 99])
def test_a_month_that_is_none_is_said_so(client, world, kpi, page, month):
    client.force_login(world.users["lead"])
    assert client.get(page, {"month": month}).status_code == 400


def test_another_day_is_not_for_entering(client, world, kpi, page):
    client.force_login(world.users["lead"])
    assert client.get(page, {"as_at": "2023-01-31"}).status_code == 400


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("value", "about 7", "“about 7” is not a number"),
        ("value", "7%", "This is not a percentage"),
        ("value", "9" * 13, "This number is too large"),
        ("value", "1.23456", "Give at most four figures after the point"),
        ("value", "9" * 60, "This is too long for a number"),
        ("value", "NaN", "is not a number"),
        ("value", "1e5", "is not a number"),
        ("note", "\x07", "character here that cannot be shown"),
        ("status", "certain", "Choose one of the list"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, world, kpi, page, field, value, words):
    client.force_login(world.users["lead"])

    answer = post(client, page, sent(kpi, **({"value": "7"} | {field: value})))

    assert answer.status_code == 422
    assert words in text(answer)
    assert not Measurement.objects.exists()


@pytest.mark.parametrize("base", ["-1", "9" * 30, "zero", "1.5"])
def test_a_base_that_is_none_stops_nothing_but_the_row(client, world, kpi, page, base):
    client.force_login(world.users["lead"])
    record_figure(kpi, LAST.iso, 217)
    assert post(client, page, sent(kpi, base=base, value="218")).status_code in (409, 422)
    assert Measurement.objects.count() == 1


def test_a_closed_plan_takes_figures_of_periods_up_to_its_closing_day(client, world, kpi, page):
    world.plan.state, world.plan.closed_on = "closed", date(2023, 7, 31)
    world.plan.save()
    client.force_login(world.users["officer"])
    # The month before the one it was closed in, as on that day; a plan of then asks for no later.
    assert "Figures of June 2023" in text(client.get(page))
    july, august = PlanDate.parse("2023-07"), PlanDate.parse("2023-08")
    assert post(client, page, sent(kpi, value="217"), month=july).status_code == 302
    assert Measurement.objects.get().ends_on == date(2023, 7, 31)
    given = Given(august.first_day, august.last_day, Status.FINAL, Decimal(216))
    with pytest.raises(measurements.Refused) as refused:
        measurements.record_figures(
            plan=world.plan,
            entries=[measurements.Entry(kpi.pk, given)],
            by=world.users["officer"],
            today=timezone.localdate(),
        )
    assert [one.words for one in refused.value.problems[0]] == [
        "The plan was closed on 31 July 2023. Give figures until then"
    ]


@pytest.mark.parametrize(
    ("name", "arguments", "most"),
    [
        # Four of them for the count in the menu.
        ("kpis:figures", [], 15),
        ("kpis:upload_figures", [], 14),
        ("kpis:figures_template", ["xlsx"], 10),
    ],
)
def test_a_page_keeps_to_its_queries_at_two_sizes(client, world, name, arguments, most):
    client.force_login(world.users["officer"])
    address = reverse(name, args=[world.plan.slug, *arguments])
    counts = []
    for codes in (range(2), range(2, 40)):
        for code in codes:
            made = make_kpi(
                world.plan, f"K{code}", (world.commitment,), data_owner=world.people["lead"]
            )
            for month in ("2023-01", LAST.iso):
                record_figure(made, month, 200, by=world.users["lead"])
        found = queries(client, address)
        assert len(found) <= most, "\n".join(found)
        counts.append(len(found))
    assert counts[0] == counts[1]


# --- The baseline -----------------------------------------------------------------------------


def test_the_baseline_is_recorded_once(client, world, kpi):
    kpi.awaits_baseline = True
    kpi.save(update_fields=["awaits_baseline"])
    address = reverse("kpis:baseline", args=[world.plan.slug, "K1"])
    client.force_login(world.users["lead"])

    refused = client.post(address, {"value": "many", "on": ""})
    assert refused.status_code == 422
    assert "“many” is not a number" in text(refused)
    assert "Say of which date or period it speaks" in text(refused)

    assert client.post(address, {"value": "242", "on": "March 2022"}).status_code == 302
    kpi.refresh_from_db()
    assert (kpi.baseline, str(kpi.baseline_date), kpi.awaits_baseline) == (242, "March 2022", False)

    assert client.post(address, {"value": "200", "on": "March 2022"}).status_code == 302
    kpi.refresh_from_db()
    assert kpi.baseline == 242


def test_a_baseline_of_days_to_come_is_refused(client, world, kpi):
    client.force_login(world.users["lead"])
    address = reverse("kpis:baseline", args=[world.plan.slug, "K1"])

    answer = client.post(address, {"value": "242", "on": "March 2090"})

    assert "This has not come yet" in text(answer)
    kpi.refresh_from_db()
    assert kpi.baseline is None


def test_a_data_owner_without_an_account_is_named_and_nothing_breaks(client, world, page):
    person = Person.objects.create(local_area=world.plan.local_area, name="Uma Unsigned")
    make_kpi(world.plan, "K6", (world.commitment,), data_owner=person)
    make_kpi(world.plan, "K7", ())
    client.force_login(world.users["officer"])

    found = text(client.get(page))

    assert found.index("Uma Unsigned") < found.index("No data owner")


# --- Is this right? ---------------------------------------------------------------------------


@pytest.fixture
def before(client, world, kpi):
    record_figure(kpi, PlanDate(add_months(LAST.first_day, -1)).iso, 217)
    client.force_login(world.users["lead"])
    return kpi


def recorded(kpi):
    rows = Measurement.objects.filter(kpi=kpi, ends_on=LAST.last_day)
    return [row.value for row in rows]


def test_a_figure_far_from_the_last_is_asked_about_before_it_is_recorded(client, before, page):
    answer = post(client, page, sent(before, value="2170"))
    assert answer.status_code == 422
    assert "K1: is 2,170 right? The figure before is 217 weeks in" in text(answer)
    assert "Yes, this figure is right" in text(answer)
    assert recorded(before) == []


def test_who_says_that_it_is_right_is_believed(client, before, page):
    assert post(client, page, sent(before, value="2170", sure="2170")).status_code == 302
    assert recorded(before) == [2170]


def test_a_tick_for_one_figure_says_nothing_of_another(client, before, page):
    answer = post(client, page, sent(before, value="21700", sure="2170"))
    assert answer.status_code == 422
    assert "checked" not in text(answer)[text(answer).index("Yes, this figure is right") - 300 :]
    assert recorded(before) == []


def test_an_ordinary_figure_is_not_asked_about(client, before, page):
    answer = post(client, page, sent(before, value="215"))
    assert answer.status_code == 302
    assert recorded(before) == [215]
    assert "Yes, this figure is right" not in text(client.get(f"{page}?month={LAST.iso}"))


def test_a_running_total_begins_its_year_again_without_a_question(client, world, kpi, page):
    kpi.kind, kpi.year, kpi.unit = "cumulative", "calendar", "letters"
    kpi.save()
    january = PlanDate(LAST.first_day.replace(month=1))
    record_figure(kpi, PlanDate(add_months(january.first_day, -1)).iso, 400)
    client.force_login(world.users["lead"])
    assert post(client, page, sent(kpi, value="20"), month=january).status_code == 302

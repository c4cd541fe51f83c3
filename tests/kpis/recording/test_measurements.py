"""Recording figures: all or none, the newest row of a period is its figure, nothing is lost."""

from datetime import date
from decimal import Decimal

import pghistory.models
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.rules.dates import PlanDate
from kpis.models import Kpi, Measurement, MeasurementCheck
from kpis.recording import measurements
from kpis.recording.measurements import (
    Entry,
    Refused,
    check_figure,
    foresee,
    record_baseline,
    record_figures,
)
from kpis.rules.facts import Status
from kpis.rules.validation import Given, period_of
from tests.factories import at, make_kpi, record_figure

pytestmark = pytest.mark.django_db

TODAY = date(2022, 11, 10)


@pytest.fixture
def kpi(world):
    return make_kpi(world.plan, "K1", (world.commitment,), data_owner=world.people["lead"])


def entry(kpi, value=None, month="2022-10", status="final", reason="", **fields):
    options = {"base": fields.pop("base")} if "base" in fields else {}
    period = period_of(kpi, PlanDate.parse(month).first_day)
    number = None if value is None else Decimal(str(value))
    return Entry(kpi.pk, Given(*period, Status(status), number, **fields), reason, **options)


def record(world, *entries, **options):
    return record_figures(
        plan=world.plan, entries=entries, by=world.users["lead"], today=TODAY, **options
    )


def refusals(world, *entries):
    """Place and field of each refusal; nothing was recorded."""
    before = Measurement.objects.count()
    with pytest.raises(Refused) as refusal:
        record(world, *entries)
    assert Measurement.objects.count() == before
    return [(place, one.field) for place, found in refusal.value.problems.items() for one in found]


def test_the_first_figure_of_a_period_speaks_of_now(world, kpi):
    before = timezone.now()
    (row,) = record(world, entry(kpi, 217, note="As counted."))
    row.refresh_from_db()
    assert (row.value, row.corrects, row.by) == (217, None, world.users["lead"])
    assert (row.starts_on, row.ends_on) == (date(2022, 10, 1), date(2022, 10, 31))
    assert row.effective_at == row.recorded_at >= before


def test_a_value_is_worked_out_of_its_parts_and_both_are_kept(world):
    rate = make_kpi(
        world.plan, "R", kind="rate", unit="%", numerator="trained", denominator="staff"
    )
    (row,) = record(
        world, entry(rate, numerator=Decimal(61), denominator=Decimal(248), respondents=None)
    )
    row.refresh_from_db()
    assert (row.value, row.numerator, row.denominator) == (Decimal("24.5968"), 61, 248)


def test_each_later_figure_corrects_the_newest(world, kpi):
    (first,) = record(world, entry(kpi, 230, status="projected"))
    (second,) = record(world, entry(kpi, 218, status="provisional"))
    (third,) = record(world, entry(kpi, 217))
    (fourth,) = record(world, entry(kpi, 216, reason="Two were counted twice."))
    assert [row.corrects for row in (first, second, third, fourth)] == [None, first, second, third]
    for row in (first, second, third, fourth):
        row.refresh_from_db()
    # a step to final speaks of now; a restatement of the moment of what it puts right
    assert second.effective_at < third.effective_at
    assert fourth.effective_at == third.effective_at
    assert fourth.recorded_at > third.recorded_at
    assert (third.reason, fourth.reason) == ("", "Two were counted twice.")


def test_a_final_figure_is_not_changed_without_a_reason(world, kpi):
    record(world, entry(kpi, 217))
    assert refusals(world, entry(kpi, 216)) == [(0, "reason")]
    assert refusals(world, entry(kpi, None, status="missing", note="Lost")) == [(0, "reason")]


def test_the_same_again_adds_nothing_whatever_its_base(world, kpi):
    record(world, entry(kpi, "217.0"))
    assert record(world, entry(kpi, 217)) == []
    assert record(world, entry(kpi, "217.0000", base=None)) == []
    assert Measurement.objects.count() == 1


def test_a_period_ends_before_a_figure_of_it_is_final(world, kpi):
    assert refusals(world, entry(kpi, 7, "2022-11")) == [(0, "status")]
    assert record(world, entry(kpi, 7, "2022-11", "projected"))


def test_all_or_none_and_every_refusal_by_its_place(world, kpi):
    found = refusals(
        world,
        entry(kpi, 217, "2022-08"),
        entry(kpi, None, "2022-09"),
        entry(kpi, 7, "2022-12"),
    )
    assert found == [(1, "value"), (2, "status")]


def test_a_period_stands_once_among_the_entries(world, kpi):
    assert refusals(world, entry(kpi, 217), entry(kpi, 218)) == [(1, "period")]


def test_another_that_recorded_meanwhile_is_told_with_both_figures(world, kpi):
    theirs = record_figure(kpi, "2022-10", 300, by=world.users["officer"])
    with pytest.raises(Refused) as refusal:
        record(world, entry(kpi, 217, base=None))
    (problem,) = refusal.value.problems[0]
    assert problem.newest == theirs
    # she has seen it now, and decides
    (row,) = record(world, entry(kpi, 217, base=theirs.pk, reason="Counted from the register."))
    assert row.corrects == theirs


def test_a_measure_of_another_plan_or_withdrawn_is_refused(world, kpi):
    kpi.withdrawn_at = timezone.now()
    kpi.save(update_fields=["withdrawn_at"])
    assert refusals(world, entry(kpi, 217)) == [(0, "kpi")]


def test_a_draft_takes_none_and_a_closed_plan_no_baseline(world, kpi):
    world.plan.state = "draft"
    world.plan.save()
    with pytest.raises(ValidationError, match="not agreed yet"):
        record(world, entry(kpi, 217))
    with pytest.raises(ValidationError, match="not agreed yet"):
        record_baseline(kpi=kpi, value=Decimal(1), on=PlanDate.parse("2022-03"), today=TODAY)
    world.plan.state, world.plan.closed_on = "closed", date(2023, 7, 1)
    world.plan.save()
    with pytest.raises(ValidationError, match="This plan is closed"):
        record_baseline(kpi=kpi, value=Decimal(1), on=PlanDate.parse("2022-03"), today=TODAY)


def test_what_comes_from_an_earlier_day_says_so(world, kpi):
    (row,) = record(world, entry(kpi, 217), effective_at=at("2022-11-04 10:00"), source="return")
    row.refresh_from_db()
    assert (row.effective_at, row.source) == (at("2022-11-04 10:00"), "return")
    # beside one of now in the same send
    restated, other = record(
        world, entry(kpi, 216, reason="Recounted."), entry(kpi, 220, "2022-09")
    )
    restated.refresh_from_db()
    other.refresh_from_db()
    assert restated.effective_at == at("2022-11-04 10:00")
    assert other.effective_at == other.recorded_at


def test_looking_ahead_writes_nothing(world, kpi):
    record(world, entry(kpi, 217))
    with CaptureQueriesContext(connection) as captured:
        same, changed, new = foresee(
            world.plan,
            [
                entry(kpi, 217),
                entry(kpi, 216, reason="Recounted."),
                entry(kpi, 220, "2022-09"),
            ],
            TODAY,
        )
    assert len(captured) == 2
    assert same.is_same
    assert not same.is_restatement
    assert changed.is_restatement
    # it stands in the same period as the one before it
    assert [problem.field for problem in changed.problems] == ["period"]
    assert (new.newest, new.problems) == (None, [])
    assert Measurement.objects.count() == 1


def test_recording_takes_the_same_statements_for_few_and_for_many(world, kpi):
    counts = []
    for years in (range(2016, 2017), range(2018, 2022)):
        entries = [entry(kpi, 7, f"{year}-{month:02}") for year in years for month in range(1, 13)]
        with CaptureQueriesContext(connection) as captured:
            record(world, *entries)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_database_holds_one_first_figure_a_period(world, kpi):
    row = record_figure(kpi, "2022-10", 217)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measurement.objects.create(
            kpi=kpi,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            status="final",
            value=1,
            source="x",
        )


# --- A second person --------------------------------------------------------------------------


@pytest.fixture
def waiting(world):
    kpi = make_kpi(world.plan, "S", (world.commitment,), needs_second_person=True)
    return record_figure(kpi, "2022-10", 217, by=world.users["lead"])


def looked_at(world, row, by, *, is_confirmed):
    return check_figure(
        measurement=row,
        by=world.users[by],
        today=timezone.localdate(),
        is_confirmed=is_confirmed,
    )


def test_a_second_person_confirms_once(world, waiting):
    check = looked_at(world, waiting, "officer", is_confirmed=True)
    assert check.is_confirmed
    with pytest.raises(ValidationError, match="answered for this figure already"):
        looked_at(world, waiting, "sro", is_confirmed=True)


def test_a_return_says_why(world, waiting):
    with pytest.raises(ValidationError) as refusal:
        looked_at(world, waiting, "officer", is_confirmed=False)
    assert "reason" in refusal.value.message_dict


def test_nobody_confirms_their_own(world, waiting):
    with pytest.raises(ValidationError, match="Somebody else"):
        looked_at(world, waiting, "lead", is_confirmed=True)
    assert not MeasurementCheck.objects.exists()


def test_only_the_newest_final_figure_that_asks_for_it_is_confirmed(world, kpi, waiting):
    plain = record_figure(kpi, "2022-10", 217, by=world.users["lead"])
    with pytest.raises(ValidationError, match="asks for no second person"):
        looked_at(world, plain, "officer", is_confirmed=True)
    record_figure(waiting.kpi, "2022-10", 216, by=world.users["lead"], reason="Recounted.")
    with pytest.raises(ValidationError, match="replaced by a newer one"):
        looked_at(world, waiting, "officer", is_confirmed=True)


def test_a_last_figure_gets_its_second_word_after_the_plan_was_closed(world, waiting):
    world.plan.state, world.plan.closed_on = "closed", date(2023, 7, 1)
    world.plan.save()
    looked_at(world, waiting, "officer", is_confirmed=True)
    waiting.refresh_from_db()
    assert waiting.second_look.is_confirmed


# --- The baseline -----------------------------------------------------------------------------


def test_the_first_baseline_is_recorded_and_kept_in_the_history(world, kpi):
    Kpi.objects.filter(pk=kpi.pk).update(awaits_baseline=True)
    found = record_baseline(
        kpi=kpi, value=Decimal("52.9"), on=PlanDate.parse("2022-03"), today=TODAY
    )
    assert (found.baseline, found.baseline_date) == (Decimal("52.9"), PlanDate.parse("2022-03"))
    assert not found.awaits_baseline
    events = pghistory.models.Events.objects.tracks(found)
    assert events.filter(pgh_data__baseline=52.9).exists()
    with pytest.raises(ValidationError, match="by request only"):
        record_baseline(kpi=kpi, value=Decimal(50), on=PlanDate.parse("2022-03"), today=TODAY)


def test_a_baseline_is_a_value_of_the_measure_and_has_come(world):
    rate = make_kpi(world.plan, "R", kind="rate", unit="%")
    with pytest.raises(ValidationError) as refusal:
        record_baseline(kpi=rate, value=Decimal(101), on=PlanDate.parse("2022-12"), today=TODAY)
    assert set(refusal.value.message_dict) == {"value", "on"}


def test_a_withdrawn_measure_is_not_locked_for_anybody(world, kpi):
    Kpi.objects.filter(pk=kpi.pk).update(withdrawn_at=timezone.now())
    with transaction.atomic(), pytest.raises(ValidationError, match="no longer part"):
        measurements.locked_kpi(kpi.pk)

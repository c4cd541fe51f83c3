"""The sample plan: nobody real in it, every state to be found, and the same each time."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection

from actions.memberships import Role
from actions.models import (
    Body,
    Confirmation,
    Draft,
    Evidence,
    KeyDate,
    Membership,
    Person,
    Plan,
    ProgressUpdate,
    Risk,
    RiskClosing,
)
from actions.models.base import SAMPLE_SOURCE
from actions.records.history import load_history
from actions.rules.dates import day_of
from actions.rules.state import count, state_at
from actions.rules.status import RATINGS, Rating
from kpis.models import Kpi, Measurement
from kpis.recording.history import load_kpis
from kpis.rules.state import Position
from reports.contents.building import build
from reports.models import Publication, PublishedPaper, Report, ReportSeries
from reports.rendering import FORMATS
from reports.rendering.document import Document
from wsoa.accounts.models import User
from wsoa.demo import loading
from wsoa.demo.sample import SLUG, invented_names, sample_of

TODAY = date(2023, 2, 20)


@pytest.fixture(scope="module")
def published():
    return loading._published("warwickshire-2022")


@pytest.fixture(scope="module")
def sample(published):
    return sample_of(published, TODAY)


def all_text(file):
    return file.model_dump_json()


def test_every_person_is_replaced_one_to_one(published, sample):
    assert len(sample.people) == len(published.people)
    assert len({person.name for person in sample.people}) == len(published.people)
    text = all_text(sample)
    for person in published.people:
        assert person.name not in text
        for other in person.also_printed_as:
            assert other.removeprefix("Councillor ").removeprefix("Dr ") not in text


def test_people_named_only_in_passing_are_replaced_too(sample):
    text = all_text(sample)
    for name in ("Zara Bowden", "Kim Garland", "Brimsham", "Gloucestershire"):
        assert name not in text


def people_of(published):
    """Everybody a published plan names, as a bare name, wherever in the file it does."""
    names = {person.name for person in published.people}
    names |= {other for person in published.people for other in person.also_printed_as}
    names |= {one.name for one in published.plan.signatories}
    names |= {
        line.partition(",")[0]
        for inspection in published.inspections
        for line in inspection.inspectors
    }
    return {
        name.removeprefix("Councillor ").removeprefix("Dr ").removeprefix("Mr ") for name in names
    }


# Named in the notes of the files, or in passing.
IN_NOTES = {"James McNeillie", "Victoria Watkins", "Philip Johns", "Zara Bowden", "Kim Garland"}


@pytest.fixture(scope="module")
def real_people(published):
    other = loading._published("worcestershire-2018")
    for name in IN_NOTES:
        assert name in re.sub(r"\s+", " ", all_text(published) + all_text(other)), name
    return people_of(published) | people_of(other) | IN_NOTES


def test_nobody_real_is_in_the_sample_not_even_an_inspector(sample, real_people):
    assert {"Ann Pritchard", "Peter Humphries", "Tessa Valpy", "Nigel Minns"} <= real_people
    text = all_text(sample)
    assert not [name for name in real_people if name in text]
    assert not [name for name in real_people if name.rpartition(" ")[2] in text.split()]
    inspectors = [line for one in sample.inspections for line in one.inspectors]
    assert len(set(inspectors)) == 3
    assert inspectors[0].endswith(", HMI, Lead Inspector, Ofsted")


def test_the_real_places_are_gone(sample):
    assert not re.search(r"Warwick|Coventry|Rugby|CWCCG|WPCV|SWFT|CWPT", all_text(sample))


def test_its_health_bodies_are_of_today_and_months_in_its_texts_move_along(published):
    later = sample_of(published, date(2026, 11, 21))
    text = all_text(later)
    assert not re.search(r"Clinical Commissioning|CCG|Governing Body|pandemic", text)
    assert "NHS Sampleshire Integrated Care Board" in {one.name for one in later.organisations}
    assert {"ICB Senior Management Team", "ICB Board"} <= {body.name for body in later.bodies}
    # January 2020 and December 2022, 45 months later
    assert "Together with Autism (October 2023)" in text
    assert "survey in September 2026" in text


def test_invented_names_are_nobodys_in_the_plan(published):
    real = [person.name for person in published.people]
    invented = invented_names(real)
    assert not set(invented.values()) & set(real)
    assert invented == invented_names(real)


def test_dates_move_by_whole_months_into_the_fourteenth_month(published, sample):
    # February 2023 is the fourteenth month of a plan that starts in January 2022: no shift at all.
    assert sample.plan.starts == "2022-01"
    later = sample_of(published, date(2026, 11, 21))
    assert later.plan.starts == "2025-10"
    assert later.plan.ends == "2027-03"
    assert later.plan.agreed_on == "2025-09-24"
    kpi = next(kpi for kpi in later.kpis if kpi.code == "1.1.1-1")
    # 45 months after June 2023 and March 2024
    assert [target.date for target in kpi.targets] == ["2027-03", "2027-12"]
    assert later.funding[0].amounts[0].year == "2025/26"


def test_everything_but_people_places_and_dates_is_warwickshires(published, sample):
    assert [row.ref for row in sample.commitments] == [row.ref for row in published.commitments]
    codes = {kpi.code for kpi in published.kpis}
    of_the_plan = [kpi for kpi in sample.kpis if kpi.code in codes]
    assert [kpi.code for kpi in of_the_plan] == [kpi.code for kpi in published.kpis]
    assert [kpi.baseline for kpi in of_the_plan] == [kpi.baseline for kpi in published.kpis]
    assert [len(row.leads or []) for row in sample.commitments] == [
        len(row.leads or []) for row in published.commitments
    ]


# --- Loaded -----------------------------------------------------------------------------------


@pytest.fixture
def loaded(db):
    loading.load(TODAY, lambda words: None)
    return Plan.objects.get(slug=SLUG)


@pytest.mark.slow
def test_no_row_of_the_loaded_sample_names_anybody_real(db, real_people):
    """The sample alone, without the published plans, which keep their people."""
    loading._load_sample(TODAY)
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT row::text FROM "{table}" AS row')
            text = "\n".join(row for (row,) in cursor.fetchall())
            found |= {name: table for name in real_people if name in text}
    assert found == {}
    # The text of what was published stands in rows as well.
    assert PublishedPaper.objects.exists()


def states(plan, day=TODAY):
    return state_at(load_history([plan], day), day)[plan.pk].commitments


def test_the_loaded_sample_shows_every_state_and_the_real_plans_none(loaded, published):
    found = states(loaded)
    ratings = count(found).ratings
    assert all(ratings[rating] for rating in RATINGS), ratings
    for fact in (
        lambda state: state.update_overdue,
        lambda state: state.late_although_rated and state.rating is Rating.GREEN,
        lambda state: state.delivered_not_embedded,
        lambda state: state.standing.blue_proposed_at,
        lambda state: state.standing.blue_returned_at,
        lambda state: state.missed_dates,
        lambda state: state.requested_date,
        lambda state: state.completion and state.completion.is_moved,
        lambda state: any(row.is_met_late for row in state.dates),
        lambda state: state.update_due_now,
    ):
        assert any(fact(state) for state in found)
    assert ProgressUpdate.objects.filter(corrects__isnull=False).exists()

    # The published plans: as published, by nobody.
    assert not ProgressUpdate.objects.exclude(commitment__plan=loaded).exists()
    assert not Confirmation.objects.exclude(commitment__plan=loaded).exists()
    for slug in loading.REAL:
        plan = Plan.objects.get(slug=slug)
        assert plan.tracked_from is None
        assert not any(state.is_overdue for state in states(plan))
        roles = Membership.objects.filter(plan=plan).values_list("role", flat=True)
        assert set(roles) == {Role.MEMBER}

    # A year of it, every record marked as sample, nothing from the day itself or later.
    assert all(row.source.startswith(SAMPLE_SOURCE) for row in ProgressUpdate.objects.all())
    assert ProgressUpdate.objects.filter(on_behalf_of__isnull=False).exists()
    assert RiskClosing.objects.exists()
    assert Risk.objects.filter(closing=None).exists()
    assert Draft.objects.exists()
    assert Evidence.objects.exclude(digest="").exists()
    assert Membership.objects.filter(deputy_for__isnull=False).exists()
    assert ProgressUpdate.objects.count() > 500
    newest = ProgressUpdate.objects.latest("effective_at").effective_at
    assert newest.date() < TODAY
    assert KeyDate.objects.filter(replaces__isnull=False).exists()

    shows_figures_of_every_kind(loaded)
    shows_reports_of_every_series(loaded, published)

    # Each sign-in has its part; nobody of the sample is somebody of a real plan.
    for sign_in in loading.SIGN_INS:
        user = User.objects.get(email=sign_in.email)
        assert user.check_password(loading.PASSWORD)
        if sign_in.role:
            assert Membership.objects.filter(plan=loaded, user=user, role=sign_in.role).exists()
    real_people = Person.objects.exclude(local_area=loaded.local_area)
    assert not real_people.filter(user__isnull=False).exists()

    # A second loading, on a later day, changes nothing.
    before = ProgressUpdate.objects.count(), User.objects.count()
    assert loading.load(date(2023, 6, 1), lambda words: None) is False
    assert (ProgressUpdate.objects.count(), User.objects.count()) == before


def shows_figures_of_every_kind(plan):
    rows = Measurement.objects.all()
    assert set(rows.values_list("source", flat=True)) == {SAMPLE_SOURCE}
    assert set(rows.values_list("kpi__plan", flat=True)) == {plan.pk}
    assert set(rows.values_list("status", flat=True)) == set(Measurement.Status.values)
    assert max(row.effective_at for row in rows).date() < TODAY
    book = load_kpis([plan], TODAY, worded_day=None)
    kinds = {one.kind for one in book.histories if one.measurements}
    assert kinds == set(Kpi.Kind.values) - {Kpi.Kind.ROLLING}
    found = list(book.states().values())
    assert {state.position for state in found} >= {
        Position.ON,
        Position.OFF,
        Position.SHORT,
        Position.NOT_DUE,
        Position.NO_TARGET,
        Position.BASELINE_AWAITED,
        Position.TOO_FEW,
        Position.IN_WORDS,
    }
    for fact in (
        lambda state: state.rebases and len(state.figures) >= 23,
        lambda state: state.chart and not state.chart_withheld,
        lambda state: state.chart_withheld == "short",
        lambda state: any(figure.is_restated for figure in state.figures),
        lambda state: any(figure.awaits_second_person for figure in state.figures),
        lambda state: any(figure.is_too_few for figure in state.figures),
        lambda state: len({figure.ends_on.month for figure in state.figures}) == 12,
    ):
        assert any(fact(state) for state in found)
    lead = User.objects.get(email="lead@sample.example")
    owed = [state for state in found if state.is_overdue]
    assert any(book.rows[state.id].data_owner.user == lead for state in owed)


def shows_reports_of_every_series(plan, published):
    series = ReportSeries.objects.filter(plan=plan)
    assert series.count() == 4
    for one in series:
        out = one.reports.exclude(publication=None).order_by("starts_on")
        assert len(out) == 2
        assert out[1].starts_on == out[0].ends_on + timedelta(days=1)
        assert out[1].ends_on < TODAY
        for report in out:
            assert report.publication.source == SAMPLE_SOURCE
            assert {body.name for body in report.publication.addressed_to.all()} == {
                body.name for body in one.audiences.all()
            }
            # What was written has its place, and leaves nothing of what only a person can write.
            places = build(report).places
            assert {text.place for text in report.texts.all()} <= places.keys()
            assert not [
                key for key in places if key.startswith("scrutiny:") and not places[key].text
            ]
            out_on = day_of(report.publication.effective_at)
            assert report.ends_on < out_on < TODAY
            assert out_on.weekday() < 5
            for paper in report.publication.papers.all():
                assert Document.read(paper.payload).published_on == out_on
            if one.content in ("formal", "scrutiny"):
                assert report.signatures.count() == 6
                assert report.approvals.count() == 2
                signed = max(day_of(one.effective_at) for one in report.signatures.all())
                approved = [day_of(one.effective_at) for one in report.approvals.all()]
                assert signed < min(approved) <= max(approved) < out_on
                by_email = report.approvals.exclude(source=SAMPLE_SOURCE).get()
                assert by_email.source == "sample, e-mail to the programme team"
                assert "Integrated Care Board" in by_email.organisation.name
            else:
                assert not report.signatures.exists()
    # Each says that it is a sample, and names nobody real.
    for paper in PublishedPaper.objects.all():
        document = Document.read(paper.payload)
        assert document.is_sample
        assert not document.is_draft
        assert not [person.name for person in published.people if person.name in paper.payload]
        assert {file.format for file in paper.files.all()} == set(FORMATS)

    draft = Report.objects.get(publication=None)
    assert draft.series.content == "formal"
    assert draft.starts_on <= TODAY <= draft.ends_on
    assert {text.by.name for text in draft.texts.all()} == {
        "Sample programme officer",
        "Sample forum representative",
    }
    built = build(draft)
    assert list(built.signed) == ["area:1"]
    assert not built.approved
    lead_cut_short = [place for place in built.places.values() if place.is_edited and place.leads]
    assert len(lead_cut_short) == 1
    # Whoever may read what was addressed to the DfE finds it.
    reader = User.objects.get(email="reader@sample.example")
    seats = Body.objects.filter(members__people__user=reader)
    assert Publication.objects.filter(addressed_to__in=seats).count() == 2


@pytest.mark.slow
def test_the_sample_loads_on_the_first_day_of_a_month_and_of_a_year(db):
    loading.load(date(2024, 1, 1), lambda words: None)
    plan = Plan.objects.get(slug=SLUG)
    newest = ProgressUpdate.objects.latest("effective_at").effective_at
    assert newest.date() < date(2024, 1, 1)
    assert str(plan.starts) == "December 2022"

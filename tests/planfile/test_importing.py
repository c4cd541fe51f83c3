"""A plan that the tracker does not have yet."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions.models import (
    Action,
    AreaOfficer,
    BodyMember,
    Commitment,
    CommitmentLead,
    Judgement,
    KeyDate,
    LocalArea,
    Membership,
    Person,
    Plan,
)
from actions.rules.dates import LONDON
from kpis.models import Kpi, TargetPoint
from tests.factories import make_user
from tests.planfile.files import rows, small
from wsoa.planfile import importing
from wsoa.planfile.format.problems import PlanFileError
from wsoa.planfile.importing import ImportRefusedError, import_plan
from wsoa.planfile.models import PlanImport

pytestmark = pytest.mark.django_db

AGREED_AT = datetime(2021, 12, 24, tzinfo=LONDON)


def test_an_agreed_plan_is_agreed_and_not_yet_tracked():
    diff = import_plan(small())

    plan = Plan.objects.get(slug="small-2022")
    assert diff.is_new
    assert (plan.state, plan.agreed_on) == (Plan.State.AGREED, date(2021, 12, 24))
    assert plan.tracked_from is None
    assert [row.code for row in plan.responsible.order_by("position")] == ["SCC", "CCG"]
    assert (plan.starts.iso, plan.ends and plan.ends.iso) == ("2022-01", "2023-06")


def test_a_plan_without_a_day_of_agreement_is_a_draft_from_now():
    before = timezone.now()
    import_plan(small(('  agreed_on: "2021-12-24"\n', "")))

    assert Plan.objects.get().state == Plan.State.DRAFT
    assert all(row.effective_at >= before for row in KeyDate.objects.all())
    assert all(row.added_at >= before for row in Commitment.objects.all())


def test_dates_and_targets_speak_of_the_day_of_agreement_and_name_the_file():
    import_plan(small(), name="small.yaml")

    records = [*KeyDate.objects.all(), *TargetPoint.objects.all()]
    assert len(records) == 5
    assert {row.effective_at for row in records} == {AGREED_AT}
    assert {row.source for row in records} == {"Plan as agreed, small.yaml"}
    assert {row.added_at for row in Commitment.objects.all()} == {AGREED_AT}


def test_a_verdict_speaks_of_the_day_it_was_given():
    import_plan(small())

    verdict = Judgement.objects.get()
    assert verdict.effective_at == datetime(2021, 9, 14, tzinfo=LONDON)
    assert verdict.verdict == Judgement.Verdict.NOT_SUFFICIENT


def test_who_leads_a_commitment_is_said_there_or_by_its_action():
    import_plan(small())

    leads: dict[str, list[str]] = {row.ref: [] for row in Commitment.objects.all()}
    for row in CommitmentLead.objects.all():
        leads[row.commitment.ref].append(row.person.name)
    assert leads == {
        "1.1.1a": ["Ben Bold"],
        "1.1.1b": ["Cat Calm", "Ben Bold"],
        "1.1.1c": ["Ben Bold"],
        "2.1.1a": [],
    }
    assert not CommitmentLead.objects.exclude(starts_on=None).exists()
    assert AreaOfficer.objects.get().person.name == "Ann Able"


def test_nobody_leads_a_commitment_whose_list_is_empty():
    import_plan(small(('leads: ["Cat Calm", "Ben Bold"]', "leads: []")))

    assert not CommitmentLead.objects.filter(commitment__ref="1.1.1b").exists()


def test_shared_cells_are_kept_once():
    import_plan(small())

    second, third = Commitment.objects.get(ref="1.1.1b"), Commitment.objects.get(ref="1.1.1c")
    assert second.evidence == ""
    assert second.same_evidence_as_id == Commitment.objects.get(ref="1.1.1a").pk
    assert third.measures == []
    assert third.same_measures_as_id == second.same_evidence_as_id


def test_the_rest_of_the_plan_is_there_in_its_order():
    import_plan(small())

    assert [row.code for row in Action.objects.get(ref="1.1.1").works_with.all()] == ["2"]
    line = BodyMember.objects.get(role="Directors")
    links = BodyMember.people.through.objects.filter(bodymember=line).order_by("id")
    assert [link.person.name for link in links] == ["Ben Bold", "Ann Able"]
    kpi = Kpi.objects.get()
    assert [row.ref for row in kpi.commitments.order_by("kpicommitment__position")] == [
        "1.1.1a",
        "1.1.1c",
    ]
    assert str(kpi.baseline) == "52.9000"
    assert [row.position for row in Commitment.objects.filter(action__ref="1.1.1")] == [0, 1, 2]
    assert Person.objects.get(name="Cat Calm").also_printed_as == ["Kat Calm"]


def test_dates_moved_before_the_import_are_rows_that_replace_one_another():
    import_plan(
        small(
            (
                '{date: "2022-09", kind: "interim"}',
                '{date: "2022-09", kind: "interim", moves: ['
                '{was: "2022-06", moved_on: "2022-05-01", reason: "Staff", asked_by: "Ben Bold",'
                ' decided_by: "Steering Group"},'
                '{was: "2022-07-15", moved_on: "2022-06-30", reason: "Summer"}]}',
            )
        )
    )

    first, second, third = KeyDate.objects.filter(kind="interim").order_by("id")
    assert [row.when.iso for row in (first, second, third)] == ["2022-06", "2022-07-15", "2022-09"]
    assert (second.replaces, third.replaces) == (first, second)
    assert first.effective_at == AGREED_AT
    assert second.effective_at == datetime(2022, 5, 1, tzinfo=LONDON)
    assert (second.reason, second.asked_by, second.decided_by) == (
        "Staff",
        "Ben Bold",
        "Steering Group",
    )
    assert third.effective_at == datetime(2022, 6, 30, tzinfo=LONDON)


def test_a_day_of_agreement_that_is_still_to_come_is_refused():
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(PlanFileError, match=r"plan.agreed_on: .* is still to come"):
        import_plan(small(('agreed_on: "2021-12-24"', f'agreed_on: "{tomorrow}"')))


def test_an_unknown_predecessor_is_refused_and_a_known_one_found():
    with pytest.raises(PlanFileError, match='the tracker has no plan "before"'):
        import_plan(small(('slug: "small-2022"', 'slug: "small-2022"\n  predecessor: "before"')))

    import_plan(small(('slug: "small-2022"', 'slug: "before"')))
    import_plan(small(('slug: "small-2022"', 'slug: "small-2022"\n  predecessor: "before"')))
    successor = Plan.objects.get(slug="small-2022")
    assert list(successor.predecessors.all()) == [Plan.objects.get(slug="before")]


def test_two_plans_of_a_local_area_share_its_people():
    import_plan(small(('slug: "small-2022"', 'slug: "before"')))
    import_plan(small())

    assert LocalArea.objects.count() == 1
    assert Person.objects.count() == 3
    assert Plan.objects.count() == 2
    assert not import_plan(small(('slug: "small-2022"', 'slug: "before"')))


def test_a_first_officer_is_named_and_updates_are_expected_from_then_on(officer):
    import_plan(small(), officer=officer)

    plan = Plan.objects.get()
    assert Membership.objects.get().user == officer
    assert plan.tracked_from == timezone.localdate()


def test_a_plan_that_is_here_may_be_given_its_first_officer_and_no_second(officer, small_plan):
    import_plan(small(), officer=officer)
    import_plan(small(), officer=officer)

    with pytest.raises(ImportRefusedError, match="has a programme officer already"):
        import_plan(small(), officer=make_user("Second Officer"))
    assert Membership.objects.count() == 1


def test_a_superuser_is_no_officer(officer):
    officer.is_superuser = True
    officer.save()

    with pytest.raises(ImportRefusedError, match="cannot be an officer"):
        import_plan(small(), officer=officer)
    assert not Plan.objects.exists()


def test_the_same_file_again_writes_nothing(small_plan):
    before = rows()

    assert not import_plan(small(), reason="Again", dry_run=False)
    assert rows() == before


def test_a_dry_run_writes_nothing(officer):
    before = rows()

    diff = import_plan(small(), officer=officer, dry_run=True)
    assert len(diff.changes) > 20
    assert rows() == before


def test_an_error_in_the_middle_leaves_nothing(monkeypatch):
    before = rows()

    def fail(*args, **kwargs):
        raise IntegrityError("the server went away")

    monkeypatch.setattr("wsoa.planfile.applying.record_targets", fail)
    with pytest.raises(IntegrityError):
        import_plan(small())
    assert rows() == before


def test_an_import_that_does_not_say_what_the_file_says_is_taken_back(monkeypatch):
    before = rows()

    monkeypatch.setattr(importing, "apply", lambda tracker, file, event: tracker.plan.save())
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever goes wrong then
        import_plan(small())
    assert rows() == before


def test_what_was_imported_is_kept(officer):
    import_plan(small(), name="small.yaml", by=officer)

    kept = PlanImport.objects.get()
    assert kept.content.startswith('format: "wsoa-plan/2"\n\nplan:\n  slug: "small-2022"\n')
    assert (kept.by, kept.source) == (officer, "Plan as agreed, small.yaml")


def test_both_real_plans_are_imported_quickly(warwickshire, worcestershire):
    with CaptureQueriesContext(connection) as queries:
        import_plan(warwickshire)
    import_plan(worcestershire)

    assert len(queries) < 120
    assert Commitment.objects.count() == 71
    assert KeyDate.objects.count() == 102
    assert Judgement.objects.count() == 12 + 2

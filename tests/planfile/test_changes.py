"""A later file of a plan that the tracker has: what changes is shown, then put on record."""

from datetime import date, timedelta
from typing import Any

import pghistory.models
import pytest
from django.utils import timezone

from actions.models import (
    AccountableOfficer,
    Action,
    ActionFinding,
    ActionLead,
    Area,
    AreaFinding,
    AreaOfficer,
    Body,
    BodyMember,
    Commitment,
    CommitmentLead,
    DateMark,
    Finding,
    FundingAmount,
    GlossaryTerm,
    Judgement,
    KeyDate,
    Organisation,
    Person,
    Plan,
    PlanContact,
    Resource,
    Theme,
    Withdrawal,
)
from actions.plan import amendments
from actions.rules.dates import PlanDate, day_of
from kpis.models import HeadlineKpi, Kpi, KpiCommitment, TargetPoint
from reports.models import Report, ReportSeries
from tests.planfile.files import FIRST_VERSION, edited, rows, small
from wsoa.accounts.models import User
from wsoa.planfile.exporting import export_plan
from wsoa.planfile.format.problems import PlanFileError
from wsoa.planfile.format.reading import read
from wsoa.planfile.importing import Diff, ImportRefusedError, import_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_plan")]

COMPLETION = '{date: "2022-12", kind: "completion", note: "As printed."}'
INTERIM = '                  - {date: "2022-09", kind: "interim"}\n'
SECOND = """\
              - ref: "1.1.1b"
                same_evidence_as: "1.1.1a"
                leads: ["Cat Calm", "Ben Bold"]
                resources:
                  - {text: "A room"}
"""
FIRST_MEETING = (
    '  - {date: "2021-09-07", meeting: "First meeting", description: "Views were given."}\n'
)
ASK = """\
          - ref: "2.1.1"
            title: "Ask"
            commitments:
              - {ref: "2.1.1a", evidence: "Families are asked"}
"""


@pytest.fixture
def change(officer: User):
    """Import the small plan said otherwise, with all that a change needs."""

    def change(*edits: tuple[str, str], **options: Any) -> Diff:
        leave: dict[str, Any] = {"by": officer, "reason": "As agreed", "name": "b.yaml"}
        return import_plan(small(*edits), **(leave | options))

    return change


def lines(diff: Diff | None) -> list[str]:
    assert diff is not None
    return [str(line) for line in diff.changes]


# --- Leave to change --------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [{"by": None}, {"reason": ""}, {"reason": "  "}])
def test_a_change_needs_who_and_why(change, missing):
    before = rows()

    with pytest.raises(ImportRefusedError, match="who makes them") as caught:
        change(('title: "Waits"', 'title: "Waiting"'), **missing)
    assert lines(caught.value.diff) == ["~ area 1, title: Waits → Waiting"]
    assert rows() == before


def test_a_dry_run_shows_the_change_and_writes_nothing(change):
    before = rows()

    diff = change(
        (COMPLETION, COMPLETION.replace("2022", "2023")), dry_run=True, by=None, reason=""
    )
    assert lines(diff) == [
        "~ commitment 1.1.1a, key dates moved: completion 2022-12 (As printed.) →"
        " completion 2023-12 (As printed.)"
    ]
    assert rows() == before


def test_a_closed_plan_does_not_change(change):
    plan = Plan.objects.get()
    plan.state, plan.closed_on = Plan.State.CLOSED, timezone.localdate()
    plan.save(update_fields=["state", "closed_on"])

    assert not change()
    with pytest.raises(ImportRefusedError, match="closed"):
        change(('title: "Waits"', 'title: "Waiting"'))


def test_an_agreed_plan_is_no_draft_again(change):
    with pytest.raises(PlanFileError, match="cannot be a draft again"):
        change(('  agreed_on: "2021-12-24"\n', ""))


def test_a_slug_of_another_local_area_is_refused(change):
    with pytest.raises(PlanFileError, match='a plan "small-2022" of Smallshire'):
        change(('"Smallshire"', '"Bigshire"'))


# --- Words ------------------------------------------------------------------------------------


def test_changed_words_are_in_the_history_with_who_and_why(change, officer):
    change(('"The backlog is cleared"', '"The backlog is gone"'))

    commitment = Commitment.objects.get(ref="1.1.1a")
    assert commitment.evidence == "The backlog is gone"
    old, new = commitment.events.order_by("pgh_id")  # type: ignore[attr-defined]
    assert old.evidence == "The backlog is cleared"
    assert new.pgh_context.metadata == {
        "user": officer.pk,
        "reason": "As agreed",
        "source": "Plan file, b.yaml",
    }


def test_only_what_changed_is_written(change):
    before = rows()

    change(('title: "Waits"', 'title: "Waiting"'))
    changed = {table: number - before[table] for table, number in rows().items()}
    assert {table: number for table, number in changed.items() if number} == {
        "actions_areaevent": 1,
        "planfile_planimport": 1,
        "pghistory_context": 1,
    }


def test_people_and_organisations_stay_when_a_file_lacks_them(change):
    diff = change((', organisations: ["CCG", "SCC"]', ', organisations: ["SCC"]'))
    assert lines(diff) == [
        "~ body Steering Group, members: Directors Ben Bold; Ann Able CCG; SCC; Officer Cat Calm →"
        " Directors Ben Bold; Ann Able SCC; Officer Cat Calm"
    ]

    before = Person.objects.count(), Organisation.objects.count()
    change(
        ('["Ben Bold", "Ann Able"], organisations: ["CCG", "SCC"]', '["Ben Bold"]'),
        ('    senior_responsible_officer: "Ann Able"\n', ""),
        ('  - {name: "Ann Able", job_title: "Director", organisation: "SCC"}\n', ""),
    )  # fmt: skip
    assert (Person.objects.count(), Organisation.objects.count()) == before


def test_a_changed_order_is_a_change(change):
    one, other = (f'  - {{abbreviation: "EET", meaning: "{words}"}}\n' for words in (
        "Education, employment and training",
        "Early explanation team",
    ))  # fmt: skip
    diff = change((one + other, other + one))

    assert lines(diff) == ["~ plan, order (glossary term)"]
    assert next(row.meaning for row in GlossaryTerm.objects.all()) == "Early explanation team"
    assert not change((one + other, other + one))


def test_a_draft_is_agreed_by_a_file_that_says_so(change):
    import_plan(small(('slug: "small-2022"', 'slug: "draft"'), ('  agreed_on: "2021-12-24"\n', "")))
    diff = change(('slug: "small-2022"', 'slug: "draft"'))

    assert lines(diff) == ["~ plan, agreed on: (nothing) → 2021-12-24"]
    assert Plan.objects.get(slug="draft").state == Plan.State.AGREED
    assert not change(('slug: "small-2022"', 'slug: "draft"'))


DATED = '{date: "2023-06", value: 13, operator: "at_most"}'
RELATIVE = (DATED, '{months_after_agreement: 6, value: 13, operator: "at_most"}')


def relative_targets(slug):
    rows = TargetPoint.objects.filter(kpi__plan__slug=slug, months_after_agreement=6)
    return [(str(row.when or ""), row.replaces_id) for row in rows.order_by("pk")]


def test_a_target_from_the_agreement_on_of_an_agreed_plan_has_its_month_from_the_start(change):
    named = ('slug: "small-2022"', 'slug: "relative"')
    change(named, RELATIVE)
    # Six months from 24 December 2021, and one row: nobody ever said otherwise.
    assert relative_targets("relative") == [("June 2022", None)]
    assert not change(named, RELATIVE)
    exported = export_plan(Plan.objects.get(slug="relative")).decode()
    assert "months_after_agreement: 6" in exported
    assert "2022-06" not in exported.partition("kpis:")[2].partition("report_series:")[0]


def test_a_target_from_the_agreement_on_gets_its_month_when_the_file_says_it_is_agreed(
    change, officer
):
    named, agreed = ('slug: "small-2022"', 'slug: "draft"'), '  agreed_on: "2021-12-24"\n'
    import_plan(small(named, RELATIVE, (agreed, "")))
    assert relative_targets("draft") == [("", None)]
    change(named, RELATIVE)
    first = TargetPoint.objects.get(
        kpi__plan__slug="draft", months_after_agreement=6, replaces=None
    )
    assert relative_targets("draft") == [("", None), ("June 2022", first.pk)]
    assert not change(named, RELATIVE)
    # The day was wrong: the month goes with it, and the one before stays on record.
    change(named, RELATIVE, (agreed, '  agreed_on: "2022-01-10"\n'))
    assert [when for when, _ in relative_targets("draft")] == ["", "June 2022", "July 2022"]


def test_who_agreed_and_where_it_is_written_are_kept(change):
    agreed = '  agreed_on: "2021-12-24"\n'
    said = f'{agreed}  agreed_by: "The board"\n  agreement_reference: "Minute 4"\n'
    assert lines(change((agreed, said))) == [
        "~ plan, agreed by: (nothing) → The board",
        "~ plan, agreement reference: (nothing) → Minute 4",
    ]
    plan = Plan.objects.get()
    assert (plan.agreed_by, plan.agreement_reference) == ("The board", "Minute 4")
    assert not change((agreed, said))


# --- Report series ----------------------------------------------------------------------------

MONTHLY = '    content: "kpis"\n'
SETTINGS = f'{MONTHLY}    anchor: "2022-01-10"\n    year_starts_in: 1\n    due_after: 15\n'


def test_when_reports_are_due_is_part_of_the_file(change):
    change((MONTHLY, SETTINGS))

    series = ReportSeries.objects.get()
    assert (series.anchor_on, series.year_starts_in, series.due_after) == (date(2022, 1, 10), 1, 15)
    written = export_plan(series.plan).decode()
    for line in SETTINGS.splitlines():
        assert line.strip() in written
    assert not change((MONTHLY, SETTINGS))


@pytest.mark.parametrize(
    ("lines", "weeks", "body"),
    [
        ('rhythm: "weeks"\n    weeks: 4\n    anchor: "2022-01-10"', 4, None),
        (
            'rhythm: "meetings"\n    body: "Steering Group"\n    anchor: "2022-01-10"',
            None,
            "Steering Group",
        ),
        ('rhythm: "termly"', None, None),
    ],
)
def test_a_rhythm_of_weeks_terms_or_meetings_is_part_of_the_file(change, lines, weeks, body):
    wanted = ('rhythm: "monthly"', lines)
    assert change(wanted)
    series = ReportSeries.objects.get()
    assert (series.weeks, series.body and series.body.name) == (weeks, body)
    written = export_plan(series.plan).decode()
    for line in lines.splitlines():
        assert line.strip() in written
    assert not change(wanted)
    # Monthly again, it lets go of what the other rhythm needed.
    assert change()
    series.refresh_from_db()
    assert (series.rhythm, series.weeks, series.body) == ("monthly", None, None)


def test_a_series_with_reports_keeps_its_weeks_and_its_board(change, officer):
    four = ('rhythm: "monthly"', 'rhythm: "weeks"\n    weeks: 4\n    anchor: "2022-01-10"')
    change(four)
    Report.objects.create(
        series=ReportSeries.objects.get(),
        starts_on=date(2022, 1, 10),
        ends_on=date(2022, 2, 6),
        number="Issue 1",
        as_at=date(2022, 2, 6),
        known_at=timezone.now(),
        prepared_by=officer,
    )
    with pytest.raises(PlanFileError, match="so this stays 4"):
        change((four[0], four[1].replace("weeks: 4", "weeks: 5")))


def test_a_series_with_reports_keeps_its_rhythm_and_content(change, officer):
    series = ReportSeries.objects.get()
    report = Report.objects.create(
        series=series,
        starts_on=date(2022, 5, 1),
        ends_on=date(2022, 5, 31),
        number="May 2022",
        as_at=date(2022, 5, 31),
        known_at=timezone.now(),
        prepared_by=officer,
    )
    for old, new in (
        ('rhythm: "monthly"', 'rhythm: "quarterly"'),
        ('content: "kpis"', 'content: "formal"'),
        (MONTHLY, SETTINGS),
    ):
        with pytest.raises(PlanFileError, match="reports of this series have been made"):
            change((old, new))
    assert change((MONTHLY, f"{MONTHLY}    due_after: 15\n"))
    # A draft that was dropped is no report.
    report.discarded_at = timezone.now()
    report.save()
    assert change(('rhythm: "monthly"', 'rhythm: "quarterly"'))


# --- Dates ------------------------------------------------------------------------------------


def test_a_changed_date_is_a_move(change, officer):
    before = timezone.now()
    change((COMPLETION, COMPLETION.replace("2022", "2023")))

    old, new = KeyDate.objects.filter(kind="completion").order_by("id")
    assert (new.replaces, new.when.iso) == (old, "2023-12")
    assert (new.reason, new.by, new.source) == ("As agreed", officer, "Plan file, b.yaml")
    assert new.effective_at >= before
    assert new.note == old.note == "As printed."


def test_a_move_is_exported_and_the_changed_file_imported_again_changes_nothing(change):
    edit = (COMPLETION, COMPLETION.replace("2022", "2023"))
    change(edit)

    assert not change(edit)
    exported = read(export_plan(Plan.objects.get())).file
    [moved] = [d for d in exported.commitments[0].key_dates if d.kind == "completion"]
    assert moved.date == "2023-12"
    [move] = moved.moves
    assert (move.was, move.moved_on, move.reason) == (
        "2022-12",
        timezone.localdate().isoformat(),
        "As agreed",
    )
    assert not import_plan(exported)


def test_a_move_that_the_file_tells_of_keeps_its_day_and_reason(change):
    moved = COMPLETION.replace("2022-12", "2023-03").replace(
        "}", ', moves: [{was: "2022-12", moved_on: "2022-10-01", reason: "Staff left"}]}'
    )
    change((COMPLETION, moved))

    row = KeyDate.objects.get(last_day__year=2023)
    assert row.reason == "Staff left"
    assert day_of(row.effective_at) == date(2022, 10, 1)
    assert not change((COMPLETION, moved))

    # The file goes on: one more move.
    further = moved.replace("2023-03", "2023-05").replace(
        "}]", '}, {was: "2023-03", moved_on: "2023-02-01", reason: "More time"}]'
    )
    change((COMPLETION, further))
    newest = KeyDate.objects.get(first_day="2023-05-01")
    assert (newest.replaces, newest.reason) == (row, "More time")
    assert not change((COMPLETION, further))


def test_a_file_that_tells_another_past_of_a_date_is_refused(change):
    before = rows()
    other = COMPLETION.replace(
        "}", ', moves: [{was: "2022-11", moved_on: "2022-10-01", reason: "x"}]}'
    )

    with pytest.raises(PlanFileError) as caught:
        change((COMPLETION, other))
    [problem] = caught.value.problems
    assert problem.path == "areas[0].themes[0].actions[0].commitments[0].key_dates[1]"
    assert "on record this date is 2022-12; the file moves it from 2022-11" in problem.message
    assert rows() == before


def test_a_date_that_the_file_lacks_is_withdrawn_and_comes_back(change):
    diff = change((INTERIM, ""))
    assert lines(diff) == ["- commitment 1.1.1a, key dates withdrawn: interim 2022-09"]
    mark = DateMark.objects.get()
    assert (mark.outcome, mark.note) == ("withdrawn", "As agreed")

    change()
    assert [row.outcome for row in DateMark.objects.order_by("id")] == ["withdrawn", "reopened"]
    assert KeyDate.objects.count() == 3
    assert not change()


def test_a_new_date_is_added_from_now_on(change):
    before = timezone.now()
    change((INTERIM, INTERIM + INTERIM.replace("interim", "evaluation")))

    assert KeyDate.objects.get(kind="evaluation").effective_at >= before


def test_a_changed_note_is_a_new_row_and_no_move(change):
    edit = (COMPLETION, COMPLETION.replace("As printed.", "As read."))
    change(edit)

    assert KeyDate.objects.filter(kind="completion").count() == 2
    exported = read(export_plan(Plan.objects.get())).file
    assert exported == small(edit)


def test_in_a_draft_another_date_is_no_move(change):
    draft = [('slug: "small-2022"', 'slug: "draft"'), ('  agreed_on: "2021-12-24"\n', "")]
    edit = (COMPLETION, COMPLETION.replace("2022", "2023"))
    import_plan(small(*draft))
    change(*draft, edit)

    dates = KeyDate.objects.filter(commitment__plan__slug="draft")
    assert not dates.exclude(replaces=None).exists()
    assert not change(*draft, edit)


# --- Leaving out and taking in ----------------------------------------------------------------


def test_a_commitment_that_the_file_lacks_is_withdrawn_and_comes_back(change, officer):
    diff = change((SECOND, ""))
    assert lines(diff) == ["- commitment 1.1.1b withdrawn"]
    withdrawal = Withdrawal.objects.get()
    assert (withdrawal.is_withdrawn, withdrawal.reason, withdrawal.by) == (
        True,
        "As agreed",
        officer,
    )
    assert Commitment.objects.count() == 4
    assert not change((SECOND, ""))

    diff = change()
    assert lines(diff) == ["+ commitment 1.1.1b reinstated"]
    assert [row.is_withdrawn for row in Withdrawal.objects.order_by("id")] == [True, False]
    assert Commitment.objects.count() == 4
    assert not change()


def test_everything_that_the_file_lacks_is_withdrawn_and_comes_back(change):
    stand = rows()
    diff = change(
        ('  - {name: "Area 1 Working Group", kind: "working_group", area: "1"}\n', ""),
        (ASK, ""),
        ('      - ref: "2.1"\n        title: "Asked"\n        actions:\n', ""),
        ('    title: "Families"\n    themes:\n', '    title: "Families"\n'),
        ('              - {text: "New staff", amount: 250000}\n', ""),
        ('      - {role: "Officer", people: ["Cat Calm"]}\n', ""),
        ('    - {name: "Ann Able", office: "Director"}\n', ""),
        ("  signatories:\n", ""),
        (FIRST_MEETING, ""),
    )  # fmt: skip

    assert {line.split(" ")[1] for line in lines(diff) if line.startswith("-")} == {
        "body",
        "theme",
        "action",
        "commitment",
        "signatory",
        "engagement",
    }
    gone: list[Any] = [
        Body.objects.get(name="Area 1 Working Group"),
        Theme.objects.get(ref="2.1"),
        Action.objects.get(ref="2.1.1"),
        Resource.objects.get(text="New staff"),
        BodyMember.objects.get(role="Officer"),
    ]
    assert all(row.withdrawn_at for row in gone)

    change()
    assert not [row for row in gone if type(row).objects.get(pk=row.pk).withdrawn_at]
    # Nothing was deleted, and nothing is there twice.
    after = rows()
    assert [
        table
        for table in stand
        if not table.endswith(("event", "withdrawal", "planimport", "context"))
        and stand[table] != after[table]
    ] == []
    assert not change()


def test_an_area_with_all_in_it_is_withdrawn(change):
    start = (
        '  - number: "2"\n    title: "Families"\n    themes:\n      - ref: "2.1"\n'
        '        title: "Asked"\n        actions:\n'
    )
    change((start + ASK, ""), ('            works_with: ["2"]\n', ""))

    assert Area.objects.get(code="2").withdrawn_at
    assert Withdrawal.objects.get().commitment.ref == "2.1.1a"
    change()
    assert Area.objects.get(code="2").withdrawn_at is None
    assert not change()


def test_evidence_that_others_share_passes_on_when_its_commitment_goes(change):
    diff = change(
        (
            'ref: "1.1.1a"\n                evidence: "The backlog is cleared"',
            'ref: "1.1.1d"\n                evidence: "Another"',
        ),
        ('same_evidence_as: "1.1.1a"', 'evidence: "The backlog is cleared"'),
        ('same_measures_as: "1.1.1a"', 'same_measures_as: "1.1.1d"'),
        ('commitments: ["1.1.1a", "1.1.1c"]', 'commitments: ["1.1.1d", "1.1.1c"]'),
    )

    assert "- commitment 1.1.1a withdrawn" in lines(diff)
    assert "+ commitment 1.1.1d added" in lines(diff)
    assert Commitment.objects.get(ref="1.1.1b").same_evidence_as is None
    assert KpiCommitment.objects.count() == 2


# --- People, measures, money ------------------------------------------------------------------


def test_a_lead_who_is_replaced_led_until_yesterday(change):
    today = timezone.localdate()
    diff = change(('leads: ["Cat Calm", "Ben Bold"]', 'leads: ["Ann Able", "Ben Bold"]'))

    assert lines(diff) == ["~ commitment 1.1.1b, leads: Cat Calm; Ben Bold → Ann Able; Ben Bold"]
    leads = CommitmentLead.objects.filter(commitment__ref="1.1.1b")
    assert {(row.person.name, row.starts_on, row.ends_on) for row in leads} == {
        ("Cat Calm", None, today - timedelta(days=1)),
        ("Ann Able", today, None),
        ("Ben Bold", None, None),
    }
    assert not change(('leads: ["Cat Calm", "Ben Bold"]', 'leads: ["Ann Able", "Ben Bold"]'))


def test_an_actions_new_lead_leads_its_commitments_that_name_no_other(change):
    change(('            leads: ["Ben Bold"]\n', '            leads: ["Ann Able"]\n'))

    now = CommitmentLead.objects.filter(ends_on=None)
    assert {(row.commitment.ref, row.person.name) for row in now} == {
        ("1.1.1a", "Ann Able"),
        ("1.1.1b", "Cat Calm"),
        ("1.1.1b", "Ben Bold"),
        ("1.1.1c", "Ann Able"),
    }
    assert ActionLead.objects.get(ends_on=None).person.name == "Ann Able"


def test_a_new_senior_responsible_officer_answers_from_today(change):
    change(('senior_responsible_officer: "Ann Able"', 'senior_responsible_officer: "Cat Calm"'))

    old, new = AreaOfficer.objects.order_by("id")
    assert old.ends_on == timezone.localdate() - timedelta(days=1)
    assert (new.person.name, new.starts_on) == ("Cat Calm", timezone.localdate())


CARRIED = (
    '            works_with: ["2"]\n',
    '            works_with: ["2"]\n'
    '            accountable: ["Ann Able", "Ben Bold"]\n'
    '            responsible_group: "Steering Group"\n'
    '            impact: "Families wait less."\n'
    '            quotation: {text: "We waited a year.", by: "A parent", date: "2021-Q2"}\n',
)


def test_what_an_action_carries_comes_with_a_later_file_and_is_told_by_name(change):
    diff = change(CARRIED)

    assert lines(diff) == [
        "~ action 1.1.1, accountable: (nothing) → Ann Able; Ben Bold",
        "~ action 1.1.1, responsible group: (nothing) → Steering Group",
        "~ action 1.1.1, impact: (nothing) → Families wait less.",
        "~ action 1.1.1, quotation: (nothing) → We waited a year. A parent 2021-Q2",
    ]
    action = Action.objects.get(ref="1.1.1")
    assert [row.person.name for row in action.accountable.all()] == ["Ann Able", "Ben Bold"]
    assert action.responsible_group == Body.objects.get(name="Steering Group")
    assert action.responsible_group_text == ""
    assert (action.impact, action.quotation_by) == ("Families wait less.", "A parent")
    assert str(action.quotation_date) == "April to June 2021"
    # The group leaves the plan's own and is named as a text; one of the two is accountable still.
    text = (CARRIED[0], CARRIED[1].replace('"Steering Group"', '"Group of the trust"'))
    change((text[0], text[1].replace('"Ann Able", ', "")))
    action.refresh_from_db()
    assert (action.responsible_group, action.responsible_group_text) == (None, "Group of the trust")
    ended = AccountableOfficer.objects.get(person__name="Ann Able")
    assert ended.ends_on == timezone.localdate() - timedelta(days=1)
    # What a file no longer says of the action is gone.
    change()
    action.refresh_from_db()
    assert (action.impact, action.quotation, action.quotation_by) == ("", "", "")
    assert (action.responsible_group_text, action.quotation_date) == ("", None)


def test_an_areas_impact_and_headline_kpi_come_and_go_with_the_file(change):
    outcomes = '    outcomes: ["Families wait less."]\n'
    diff = change(
        (outcomes, f'{outcomes}    impact: "Days, not years."\n    headline_kpi: "wait"\n')
    )

    assert lines(diff) == [
        "~ area 1, impact: (nothing) → Days, not years.",
        "~ area 1, headline kpi: (nothing) → wait",
    ]
    area = Area.objects.get(code="1")
    assert (area.impact, area.headline.kpi.code) == ("Days, not years.", "wait")
    assert lines(change()) == [
        "~ area 1, impact: Days, not years. → (nothing)",
        "~ area 1, headline kpi: wait → (nothing)",
    ]
    assert not HeadlineKpi.objects.exists()


def test_contacts_come_in_their_order_are_withdrawn_and_come_back(change):
    dfe = '  - {name: "Dee Dove", role: "dfe_adviser", organisation: "DfE", phone: "01234"}\n'
    nhse = '  - {name: "Nat Nunn", role: "nhse_adviser", job_title: "Regional lead"}\n'

    def contacts(*rows):
        return change(("inspections:\n", "contacts:\n" + "".join(rows) + "\ninspections:\n"))

    assert lines(contacts(dfe, nhse)) == ["+ contact Dee Dove added", "+ contact Nat Nunn added"]
    assert lines(contacts(nhse, dfe)) == ["~ plan, order (contact)"]
    assert [row.name for row in PlanContact.objects.all()] == ["Nat Nunn", "Dee Dove"]
    assert lines(contacts(nhse)) == ["- contact Dee Dove withdrawn"]
    assert PlanContact.objects.get(name="Dee Dove").withdrawn_at is not None
    assert lines(contacts(nhse, dfe)) == ["+ contact Dee Dove reinstated"]
    assert PlanContact.objects.get(name="Dee Dove").withdrawn_at is None


def test_a_changed_target_replaces_the_old_one(change):
    diff = change(("value: 13", "value: 15"))

    assert lines(diff) == [
        "~ KPI wait, targets: 2023-06 13 at_most final → 2023-06 15 at_most final"
    ]
    old, new = TargetPoint.objects.filter(kind="final").order_by("id")
    assert (new.replaces, new.reason, new.value) == (old, "As agreed", 15)


def test_a_target_that_the_file_lacks_is_withdrawn_and_comes_back(change):
    final = '      - {date: "2023-06", value: 13, operator: "at_most"}\n'
    change((final, ""))
    withdrawn = TargetPoint.objects.get(is_withdrawn=True)
    assert withdrawn.reason == "As agreed"
    assert not change((final, ""))

    change()
    assert TargetPoint.objects.get(replaces=withdrawn).is_withdrawn is False
    assert not change()


def test_a_measures_commitments_follow_the_file(change):
    diff = change(('commitments: ["1.1.1a", "1.1.1c"]', 'commitments: ["1.1.1b", "1.1.1a"]'))

    assert lines(diff) == ["~ KPI wait, commitments: 1.1.1a; 1.1.1c → 1.1.1b; 1.1.1a"]
    kpi = Kpi.objects.get()
    assert [row.commitment.ref for row in KpiCommitment.objects.filter(kpi=kpi)] == [
        "1.1.1b",
        "1.1.1a",
    ]


def test_the_money_of_a_year_and_audiences_follow_the_file(change):
    change(
        ('{year: "2022/23"}', '{year: "2022/23", amount: 5}'),
        ('audiences: ["Steering Group"]', 'audiences: ["Area 1 Working Group", "Steering Group"]'),
    )

    assert FundingAmount.objects.get(year="2022/23").amount == 5
    assert ReportSeries.objects.get().audiences.count() == 2


def test_a_changed_verdict_is_a_record_of_its_own_and_none_is_taken_out(change):
    change(('verdict: "not_sufficient"', 'verdict: "sufficient"'))
    assert Judgement.objects.count() == 2
    assert not change(('verdict: "not_sufficient"', 'verdict: "sufficient"'))

    line = '      - {inspection: "2021-07", judged_on: "2021-09-14", verdict: "not_sufficient",'
    with pytest.raises(PlanFileError, match="on record and cannot be taken out"):
        change(("    judgements:\n" + line + ' summary: "No."}\n', ""))


def test_a_correction_of_a_judgement_names_what_it_corrects(change):
    change(('verdict: "not_sufficient"', 'verdict: "sufficient"'))

    first, second = Judgement.objects.order_by("pk")
    assert (second.replaces, second.code) == (first, "2021-07")
    assert (first.verdict, second.verdict) == ("not_sufficient", "sufficient")


def test_a_wrong_day_is_put_right_under_the_old_code(change):
    review = '      - {judged_by: "DfE", judged_on: "2022-05-03", verdict: "effective"}\n'
    start = ("    judgements:\n", "    judgements:\n" + review)
    change(start)
    right = review.replace("{", '{code: "2022-05-03", ').replace(
        'judged_on: "2022-05-03"', 'judged_on: "2022-05-04"'
    )
    diff = change((start[0], start[0] + right))

    assert lines(diff) == [
        "~ judgement 2022-05-03 on finding w2, judged on: 2022-05-03 → 2022-05-04"
    ]
    row = Judgement.objects.get(replaces__isnull=False)
    assert (row.code, row.judged_on) == ("2022-05-03", date(2022, 5, 4))
    assert not change((start[0], start[0] + right))


# --- Findings ---------------------------------------------------------------------------------

STRENGTH = '  - {key: "s1", inspection: "2021-07", kind: "strength", text: "Nurses."}\n'


def test_what_answers_a_finding_is_tied_and_untied(change):
    diff = change(('    answers: ["w1"]\n', '    answers: ["w2", "w1"]\n'))
    assert lines(diff) == ["~ area 1, answers: w1 → w2; w1"]
    assert [link.finding.code for link in AreaFinding.objects.all()] == ["w2", "w1"]

    change(('    answers: ["w1"]\n', ""), ('works_with: ["2"]', 'answers: ["w2"]'))
    assert not AreaFinding.objects.exists()
    assert [link.finding.code for link in ActionFinding.objects.all()] == ["w2"]


def test_a_finding_of_an_inspection_stays_where_a_file_leaves_it_out(change):
    assert lines(change(("findings:\n", "findings:\n" + STRENGTH))) == ["+ finding s1 added"]
    assert not change()
    assert Finding.objects.get(code="s1").withdrawn_at is None


def test_a_plans_own_finding_is_withdrawn_and_comes_back(change):
    own = ("findings:\n", "findings:\n" + STRENGTH.replace('inspection: "2021-07", ', ""))
    change(own)
    assert Finding.objects.get(code="s1").plan == Plan.objects.get()

    assert lines(change()) == ["- finding s1 withdrawn"]
    assert Finding.objects.get(code="s1").withdrawn_at
    assert lines(change(own)) == ["+ finding s1 reinstated"]


def test_the_order_of_findings_is_that_of_the_file(change):
    change(("findings:\n", "findings:\n" + STRENGTH))
    assert [row.code for row in Finding.objects.order_by("position")] == ["s1", "w1", "w2"]

    diff = change(("\nareas:\n", STRENGTH + "\nareas:\n"))
    assert lines(diff) == ["~ plan, order (finding)"]
    assert [row.code for row in Finding.objects.order_by("position")] == ["w1", "w2", "s1"]


SECOND_PLAN = (
    ('slug: "small-2022"', 'slug: "small-2023"'),
    ('code: "monthly"', 'code: "monthly-2"'),
)


def test_two_plans_of_one_inspection_share_its_findings(officer):
    import_plan(small(*SECOND_PLAN))

    assert Finding.objects.count() == 2
    assert Judgement.objects.count() == 1
    assert AreaFinding.objects.count() == 2
    # What the one says of them later is there for the other.
    import_plan(small(("Waits are too long.", "Waits are long.")), by=officer, reason="Reworded")
    assert "Waits are long." in export_plan(Plan.objects.get(slug="small-2023")).decode()


def test_a_key_is_that_of_one_finding_in_all_plans_of_a_local_area():
    text = edited(*SECOND_PLAN).replace('"2021-07"', '"2023-05"')
    with pytest.raises(PlanFileError) as caught:
        import_plan(read(text.encode()).file)
    assert [str(problem) for problem in caught.value.problems][:2] == [
        f'findings[{n}].inspection: the tracker has "w{n + 1}" as a finding of inspection'
        ' "2021-07": give this one another key'
        for n in range(2)
    ]


def test_a_plans_own_finding_has_a_key_that_no_other_plan_has(change):
    own = STRENGTH.replace('inspection: "2021-07", ', "")
    change(("findings:\n", "findings:\n" + own))

    with pytest.raises(PlanFileError) as caught:
        import_plan(small(*SECOND_PLAN, ("findings:\n", "findings:\n" + own)))
    assert [str(problem) for problem in caught.value.problems] == [
        'findings[0].key: another plan of Smallshire has a finding "s1": give this one another key'
    ]


def test_a_file_of_the_first_version_says_the_same_as_one_of_the_second():
    file = read(edited(*FIRST_VERSION, ('slug: "small-2022"', 'slug: "first"')).encode()).file
    import_plan(file)
    plan = Plan.objects.get(slug="first")

    assert [row.code for row in Finding.objects.filter(code__startswith="2021-07")] == [
        "2021-07-w1",
        "2021-07-w2",
    ]
    assert [
        (link.area.code, link.finding.code) for link in AreaFinding.objects.filter(area__plan=plan)
    ] == [("1", "2021-07-w1")]
    assert not import_plan(file)


# --- Edits in between -------------------------------------------------------------------------


def move_in_the_tracker(officer: User) -> None:
    amendments.move_date(
        key_date=KeyDate.objects.get(kind="completion"),
        to=PlanDate.parse("2023-03"),
        reason="Decided in May",
        by=officer,
        decided_by="Steering Group",
    )


def test_a_file_that_would_undo_an_edit_made_here_needs_force(change, officer):
    move_in_the_tracker(officer)
    before = rows()

    with pytest.raises(ImportRefusedError, match="--force") as caught:
        change(('title: "Waits"', 'title: "Waiting"'))
    assert lines(caught.value.diff) == [
        "~ area 1, title: Waits → Waiting",
        "~ commitment 1.1.1a, key dates moved: completion 2023-03 (As printed.) →"
        " completion 2022-12 (As printed.)  [edited in the tracker since the last import]",
    ]
    assert rows() == before

    change(('title: "Waits"', 'title: "Waiting"'), force=True)
    assert [row.when.iso for row in KeyDate.objects.filter(kind="completion").order_by("id")] == [
        "2022-12",
        "2023-03",
        "2022-12",
    ]
    assert not change(('title: "Waits"', 'title: "Waiting"'))


def test_an_exported_file_holds_the_edits_and_needs_no_force(change, officer):
    move_in_the_tracker(officer)
    exported = export_plan(Plan.objects.get()).decode()

    diff = import_plan(
        read(exported.replace('title: "Waits"', 'title: "Waiting"').encode()).file,
        by=officer,
        reason="Wording",
    )
    assert lines(diff) == ["~ area 1, title: Waits → Waiting"]


def test_what_was_withdrawn_here_needs_force_to_come_back(change, officer):
    amendments.withdraw_commitment(
        commitment=Commitment.objects.get(ref="1.1.1b"), reason="Merged", by=officer
    )

    with pytest.raises(ImportRefusedError, match="--force"):
        change()
    [line] = change(force=True).changes
    assert (line.what, line.kind) == ("commitment 1.1.1b", "reinstated")


def test_a_plan_that_was_never_imported_counts_as_edited(officer):
    from tests import factories

    plan = factories.make_plan("by-hand")
    area = factories.make_area(plan, 1)
    factories.make_commitment(factories.make_action(area, "1.1.1"), "a", due="2022-06")
    exported = export_plan(plan).decode()
    assert not import_plan(read(exported.encode()).file)

    file = read(exported.replace("Area 1 of the plan", "Waits").encode()).file
    with pytest.raises(ImportRefusedError, match="--force"):
        import_plan(file, by=officer, reason="Wording")
    import_plan(file, by=officer, reason="Wording", force=True)
    assert Area.objects.get(plan=plan).title == "Waits"


def test_contexts_are_made_for_changes_alone(change):
    before = pghistory.models.Context.objects.count()
    change()

    assert pghistory.models.Context.objects.count() == before

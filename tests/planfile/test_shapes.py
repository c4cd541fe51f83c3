"""Plans of other shapes: without themes, without rows below actions, with lists of criteria."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import Action, Area, Commitment, Plan, PlanDocument
from actions.pages.commitment_rows import texts_of_rows
from actions.plan import amendments
from actions.plan.amendments import move_date
from actions.progress import updates
from actions.records.history import load_history
from actions.records.text_versions import worded
from actions.rules.dates import PlanDate
from actions.rules.state import state_at
from actions.rules.status import Outcome
from tests.factories import Role, make_update, make_user
from tests.planfile.files import small
from wsoa.oversight.questions import questions
from wsoa.planfile.exporting import export_plan
from wsoa.planfile.format.problems import PlanFileError
from wsoa.planfile.format.reading import read
from wsoa.planfile.importing import import_plan

pytestmark = pytest.mark.django_db

# Area 2 without themes: an action with a list of criteria and no rows, and one with rows.
TWO_LEVELS = (
    """    title: "Families"
    themes:
      - ref: "2.1"
        title: "Asked"
        actions:
          - ref: "2.1.1"
            title: "Ask"
            commitments:
              - {ref: "2.1.1a", evidence: "Families are asked"}
""",
    """    title: "Families"
    actions:
      - ref: "B1"
        title: "Ask families each term"
        detail: "By a short survey, and in person."
        leads: ["Ben Bold"]
        works_with: ["1"]
        whole:
          criteria: ["A survey goes out", "Half of families answer", "Answers are published"]
          key_dates:
            - {date: "2022-12", kind: "completion"}
      - ref: "B2"
        title: "Answer them"
        commitments:
          - {ref: "B2a", criteria: ["A page is there", "It is kept up to date"]}
""",
)


def imported() -> Plan:
    import_plan(small(TWO_LEVELS))
    return Plan.objects.get(slug="small-2022")


def test_an_action_without_rows_is_one_commitment_of_its_reference_name_and_leads():
    plan = imported()

    row = Commitment.objects.get(plan=plan, ref="B1")
    assert (row.is_whole_action, row.title) == (True, "Ask families each term")
    assert (row.action.ref, row.action.theme) == ("B1", None)
    assert row.criteria == ["A survey goes out", "Half of families answer", "Answers are published"]
    assert [lead.person.name for lead in row.leads.all()] == ["Ben Bold"]
    assert [date.when.iso for date in row.key_dates.all()] == ["2022-12"]
    named = texts_of_rows(worded(Commitment, None, ref="B2a"))
    (words,) = named.values()
    assert words.name == "A page is there; It is kept up to date"


def test_a_plan_of_another_kind_is_called_what_it_calls_itself(client):
    import_plan(
        small(
            (
                'kind: "written_statement_of_action"',
                'kind: "priority_action_plan"\n  kind_name: "PAP"',
            ),
            (
                'title: "Inspection", visited_from',
                'title: "Inspection", kind: "full", outcome: "systemic_failings",'
                ' reinspection_expected: "Within 18 months", visited_from',
            ),
        )
    )
    plan = Plan.objects.get()
    officer = make_user("officer")
    memberships.grant(user=officer, plan=plan, role=Role.PROGRAMME_OFFICER)
    client.force_login(officer)

    page = client.get(reverse("pages:findings", args=[plan.slug])).content.decode()

    assert plan.short_name == "PAP, 2022–23"
    assert "PAP, 2022–23" in page
    for fact in (
        "Area SEND full inspection",
        "Widespread or systemic failings",
        "Within 18 months",
    ):
        assert fact in page


def test_an_area_has_a_short_title_where_space_is_short(client):
    import_plan(small(('    title: "Waits"\n', '    title: "Waits"\n    short_title: "Waiting"\n')))
    plan = Plan.objects.get()
    officer = make_user("officer")
    memberships.grant(user=officer, plan=plan, role=Role.PROGRAMME_OFFICER)
    client.force_login(officer)

    area = Area.objects.get(plan=plan, code="1")
    questions.ask(plan=plan, area=area, by=officer, text="Why?", today=timezone.localdate())

    def page(name: str, *args: int) -> str:
        return client.get(reverse(name, args=[plan.slug, *args])).content.decode()

    assert ">1. Waiting<" in page("oversight:questions")
    assert ">2. Families<" in page("oversight:questions")
    assert "<h1>Waits</h1>" in page("pages:area", 1)


# A date of each precision, one in the words of the paper, one with the days that schools here have.
LONGER = (
    '{date: "2022-12", kind: "completion"}',
    """{date: "2026", kind: "completion"}
            - {date: "2022-Q2", kind: "interim"}
            - {date: "summer term 2022", kind: "review"}
            - {date: {when: "autumn term 2022", last_day: "2022-12-16"}, kind: "interim"}
            - {date: {when: "school year 2022/23", printed: "This year"}, kind: "evaluation"}
            - {date: "2022-05-01 to 2022-05-05", kind: "interim"}""",
)


def with_dates() -> Plan:
    import_plan(small((TWO_LEVELS[0], TWO_LEVELS[1].replace(*LONGER))))
    Plan.objects.update(tracked_from=date(2022, 1, 1))
    return Plan.objects.get()


def test_dates_keep_their_precision_and_the_words_of_the_paper():
    plan = with_dates()

    row = Commitment.objects.get(plan=plan, ref="B1")
    assert [
        (str(date.when), date.last_day.isoformat()) for date in row.key_dates.order_by("position")
    ] == [
        ("2026", "2026-12-31"),
        ("April to June 2022", "2022-06-30"),
        ("summer term 2022", "2022-07-24"),
        ("autumn term 2022", "2022-12-16"),
        ("This year", "2023-08-31"),
        ("1 to 5 May 2022", "2022-05-05"),
    ]
    again = read(export_plan(plan))
    assert not import_plan(again.file)
    (part,) = (part for part in again.file.commitments if part.ref == "B1")
    assert [str(date.date) for date in part.key_dates] == [
        "2026",
        "2022-Q2",
        "summer term 2022",
        "autumn term 2022 (2022-09-01 to 2022-12-16)",
        'school year 2022/23 ("This year")',
        "2022-05-01 to 2022-05-05",
    ]


@pytest.mark.parametrize(
    ("day", "is_late"), [(date(2026, 12, 31), False), (date(2027, 1, 1), True)]
)
def test_what_is_due_in_a_year_is_late_when_the_year_is_over(day, is_late):
    plan = with_dates()

    history = load_history([plan], day)
    (state,) = (row for row in state_at(history, day)[plan.pk].commitments if row.ref == "B1")

    assert state.is_overdue is is_late
    assert (str(state.completion.now), state.completion.now.short) == ("2026", "2026")


def test_pages_print_a_date_as_the_plan_does(client):
    plan = with_dates()
    officer = make_user("officer")
    memberships.grant(user=officer, plan=plan, role=Role.PROGRAMME_OFFICER)
    client.force_login(officer)

    def page(name: str, *args: str) -> str:
        return client.get(reverse(name, args=[plan.slug, *args])).content.decode()

    alone = page("pages:commitment", "B1")
    for text in ("2026", "April to June 2022", "summer term 2022", "This year"):
        assert text in alone, text
    row = Commitment.objects.get(plan=plan, ref="B1")
    for dated in row.key_dates.filter(kind="interim"):
        updates.mark_date(key_date=dated, by=officer, outcome=Outcome.MET, on=timezone.localdate())
    move_date(
        key_date=row.key_dates.get(kind="completion"),
        to=PlanDate.parse("financial year 2026/27"),
        reason="The contract was signed late",
        by=officer,
    )
    alone = page("pages:commitment", "B1")
    assert "Moved from 2026 to financial year 2026/27: The contract was signed late" in alone
    assert "Interim milestone of autumn term 2022 met on" in alone


def test_it_comes_back_as_it_went_in():
    plan = imported()

    text = export_plan(plan)

    assert '        whole:\n          criteria: ["A survey goes out"' in text.decode()
    assert not import_plan(read(text).file)


def test_it_has_one_page_and_one_row_and_takes_an_update(client):
    plan = imported()
    plan.tracked_from = plan.agreed_on
    plan.save()
    officer = make_user("officer")
    memberships.grant(user=officer, plan=plan, role=Role.PROGRAMME_OFFICER)
    client.force_login(officer)

    action = client.get(reverse("pages:action", args=[plan.slug, "B1"]))
    assert action.url == reverse("pages:commitment", args=[plan.slug, "B1"])
    page = client.get(action.url).content.decode()
    assert "By a short survey, and in person." in page
    assert "<li>Half of families answer</li>" in page
    assert reverse("pages:area", args=[plan.slug, 1]) in page

    area = client.get(reverse("pages:area", args=[plan.slug, 2])).content.decode()
    assert area.count("Ask families each term") == 1
    assert area.index("Ask families each term") < area.index("Answer them")

    make_update(
        Commitment.objects.get(ref="B1"),
        officer,
        progress="It went out.",
        late_reason="Late start.",
    )
    table = client.get(reverse("actions:commitments", args=[plan.slug])).content.decode()
    assert "Ask families each term" in table


# Area 2 prints no number and its one action the number that area 1's has.
TWICE = (
    """    title: "Families"
    themes:
      - ref: "2.1"
        title: "Asked"
        actions:
          - ref: "2.1.1"
            title: "Ask"
""",
    """    title: "Families"
    unnumbered: true
    themes:
      - ref: "2.1"
        title: "Asked"
        actions:
          - ref: "2.1.1"
            printed: "1.1.1"
            title: "Ask"
""",
)


def test_a_reference_printed_twice_is_followed_by_its_area_and_found_by_its_own_address(client):
    import_plan(small(TWICE))
    plan = Plan.objects.get()
    officer = make_user("officer")
    memberships.grant(user=officer, plan=plan, role=Role.PROGRAMME_OFFICER)
    client.force_login(officer)

    shown = dict(Action.objects.values_list("code", "ref"))
    area = Area.objects.get(code="2")

    assert shown == {"1.1.1": "1.1.1 (Area 1)", "2.1.1": "1.1.1 (Families)"}
    assert (area.ref, area.label) == ("", "Families")
    address = reverse("pages:action", args=[plan.slug, "2.1.1"])
    assert "Action 1.1.1 (Families)" in client.get(address).content.decode()
    areas = client.get(reverse("actions:plan", args=[plan.slug])).content.decode()
    assert ">Families</a>" in areas


def test_what_a_plan_calls_its_levels_names_its_areas():
    import_plan(
        small(('  starts: "2022-01"', '  level_names: {area: "Priority"}\n  starts: "2022-01"'))
    )

    assert list(Area.objects.values_list("label", flat=True)) == ["Priority 1", "Priority 2"]
    assert Plan.objects.get().levels.areas == "Priorities"


def test_a_pause_is_on_record_from_its_day_and_its_end_from_the_import(client):
    aside = (
        'evidence: "Families are asked"',
        'evidence: "Families are asked", paused: {since: "2022-03-01", reason: "No staff",'
        ' decided_by: "Steering group", restarts: "2022-06"}',
    )
    import_plan(small(aside))
    plan = Plan.objects.get()
    officer = make_user("officer")
    memberships.grant(user=officer, plan=plan, role=Role.PROGRAMME_OFFICER)
    client.force_login(officer)
    row = Commitment.objects.get(code="2.1.1a")

    page = client.get(reverse("pages:commitment", args=[plan.slug, row.code])).content.decode()
    assert "since 1 March 2022, decided by Steering group. Work is to go on in June 2022." in page
    assert "No staff" in page
    assert '<span class="lozenge r-paused is-large">Paused</span>' in page
    assert read(export_plan(plan)).file.commitments[-1].paused is not None

    import_plan(small(), by=officer, reason="Staff are back")
    assert [pause.is_paused for pause in row.pauses.order_by("pk")] == [True, False]
    assert row.pauses.last().reason == "Staff are back"


def test_a_pause_before_the_end_of_an_earlier_one_is_refused():
    import_plan(small())
    officer = make_user("officer")
    row = Commitment.objects.get(code="2.1.1a")
    amendments.pause_commitment(commitment=row, reason="No staff", by=officer)
    earlier = (
        'evidence: "Families are asked"',
        'evidence: "Families are asked", paused: {since: "2022-03-01", reason: "No staff"}',
    )

    with pytest.raises(PlanFileError) as refusal:
        import_plan(small(earlier), by=officer, reason="Anew")

    (problem,) = refusal.value.problems
    assert "from which a pause or its end is on record" in problem.message
    assert problem.place[-2:] == ("paused", "since")


def test_a_plans_own_colour_key_says_what_blue_means_to_it():
    key = """  colour_key:
    - {word: "Complete", means: "blue", text: "All criteria met"}
    - {word: "Suspended", means: "paused"}
  blue_means: "complete"
  starts: "2022-01\""""
    import_plan(small(('  starts: "2022-01"', key)))

    plan = Plan.objects.get()
    assert (plan.has_blue, plan.blue_lasts_months) == (True, None)
    assert plan.colour_key[1] == {"word": "Suspended", "means": "paused"}


@pytest.mark.parametrize(
    ("says", "problem"),
    [
        (
            'colour_key: [{word: "Done", means: "green"}]\n  blue_means: "complete"',
            "no colour of the key means blue",
        ),
        (
            'blue_means: "complete"\n  blue_lasts_months: 3',
            "only a Blue that means embedded is said again",
        ),
        ('colour_key: [{word: "Done", means: "purple"}]', "is not one of blue, green, amber"),
        (
            'colour_key: [{word: "A", means: "green"}, {word: "A", means: "red"}]',
            '"A" stands already at plan.colour_key[0].word',
        ),
    ],
)
def test_a_colour_key_that_does_not_hold_together_is_refused_in_words(says, problem):
    with pytest.raises(PlanFileError) as refusal:
        import_plan(small(('  starts: "2022-01"', f'  {says}\n  starts: "2022-01"')))

    assert problem in str(refusal.value)


LETTER = (
    "\nglossary:\n",
    """
documents:
  - kind: "letter"
    title: "Letter of the inspectors"
    date: "2021-09-14"
    area: "1"
    link: "https://example.org/letter"
    shareable: true
glossary:
""",
)


def test_documents_of_a_file_are_recorded_and_one_that_leaves_it_is_withdrawn():
    import_plan(small(LETTER))
    plan, officer = Plan.objects.get(), make_user("officer")
    (document,) = PlanDocument.objects.all()
    assert (document.title, document.area.code, document.dated_on) == (
        "Letter of the inspectors",
        "1",
        date(2021, 9, 14),
    )
    assert not import_plan(small(LETTER))

    # Other words are another document.
    again = (LETTER[0], LETTER[1].replace("of the inspectors", "to the area"))
    import_plan(small(again), by=officer, reason="Its name")
    assert document.withdrawal.reason == "Its name"
    assert [part.title for part in read(export_plan(plan)).file.documents] == ["Letter to the area"]


def test_a_documents_link_must_be_a_web_address():
    with pytest.raises(PlanFileError, match="is no web address"):
        import_plan(small((LETTER[0], LETTER[1].replace("https:", "ftp:"))))

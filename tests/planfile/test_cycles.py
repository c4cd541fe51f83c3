"""When updates are asked for, in a plan file: read, kept, changed, written again."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from actions.models import Body, PeriodTreatment, Plan, UpdateCycle
from actions.plan import update_cycle
from actions.records.history import cycle_of
from actions.rules.cycle import EVERY_MONTH
from actions.rules.dates import add_months
from tests.factories import make_user
from tests.planfile.files import small
from wsoa.planfile.exporting import export_plan
from wsoa.planfile.format.problems import PlanFileError
from wsoa.planfile.importing import import_plan

pytestmark = pytest.mark.django_db

STARTS = '  starts: "2022-01"'
TERMLY = '{starts: "2022-09-01", kind: "termly", grace_days: 10}'
WEEKS = '{starts: "2023-01-02", kind: "weeks", weeks: 6}'


def said(*cycles, periods=()):
    """The small plan with cycles and single periods of its own."""
    lines = [STARTS]
    if cycles:
        lines += ["  update_cycles:", *(f"    - {cycle}" for cycle in cycles)]
    if periods:
        lines += ["  update_periods:", *(f"    - {period}" for period in periods)]
    return small((STARTS, "\n".join(lines)))


def names(*days):
    cycle = cycle_of(Plan.objects.get())
    periods = update_cycle.periods_of(cycle, date(2023, 1, 1))
    return [str(periods.begun_by(date.fromisoformat(day))) for day in days]


def problem(file, **options):
    with pytest.raises(PlanFileError) as refusal:
        import_plan(file, **options)
    (found,) = refusal.value.problems
    return found.path, found.message


def test_a_file_that_says_nothing_means_every_month():
    import_plan(small())
    plan = Plan.objects.get()
    assert cycle_of(plan) == EVERY_MONTH
    assert b"update_" not in export_plan(plan)


def test_cycles_of_a_file_hold_one_after_another_and_are_written_again():
    file = said(
        WEEKS,
        TERMLY,
        periods=['{day: "2022-03-01", treatment: "joined"}'],
    )
    import_plan(file)
    assert names("2022-03-01", "2022-09-01", "2023-01-10") == [
        "March and April 2022",
        "Autumn term 2022",
        "2 January to 12 February 2023",
    ]
    text = export_plan(Plan.objects.get()).decode()
    assert text.index(TERMLY) < text.index(WEEKS)
    assert '- {day: "2022-03-01", treatment: "joined"}' in text
    assert not import_plan(file)


@pytest.mark.parametrize(
    ("cycles", "expected"),
    [
        # To months; one taken out at the end, one at the head; another first day, another order.
        ([], []),
        ([TERMLY], ["termly 2022-09-01"]),
        ([WEEKS], ["weeks 2023-01-02"]),
        (
            [TERMLY.replace("2022-09", "2022-10"), WEEKS],
            ["termly 2022-10-01", "weeks 2023-01-02"],
        ),
        (
            [TERMLY, '{starts: "2022-11-01", kind: "monthly", grace_days: 0}'],
            ["termly 2022-09-01", "monthly 2022-11-01"],
        ),
        (
            [TERMLY, WEEKS, '{starts: "2023-06-01", kind: "monthly"}'],
            ["termly 2022-09-01", "weeks 2023-01-02", "monthly 2023-06-01"],
        ),
    ],
)
def test_a_later_file_changes_cycles_of_a_plan_that_asks_for_nothing_yet(cycles, expected):
    import_plan(said(TERMLY, WEEKS))
    by = make_user("officer")
    assert import_plan(said(*cycles), by=by, reason="As agreed") or len(cycles) == 2
    rules = cycle_of(Plan.objects.get()).in_force[1:]
    assert [f"{rule.kind} {rule.starts_on}" for rule in rules] == expected
    assert not import_plan(said(*cycles))


def test_a_change_of_the_cycle_is_told_in_words():
    import_plan(said(TERMLY))
    (change,) = import_plan(
        said('{starts: "2022-09-01", kind: "weeks", weeks: 1, grace_days: 1}'),
        by=make_user("officer"),
        reason="As agreed",
    ).changes
    assert str(change) == (
        "~ plan, update cycles: from 2022-09-01: Every school term, closing on its last working"
        " day; 10 working days of grace → from 2022-09-01: Every week, closing on the last working"
        " day; 1 working day of grace"
    )


def test_what_a_tracked_plan_was_asked_for_until_today_stays():
    import_plan(said(TERMLY))
    Plan.objects.update(tracked_from=date(2022, 1, 1))
    by, path = make_user("officer"), "plan.update_cycles"
    with_weeks = said(TERMLY, WEEKS)
    assert problem(with_weeks, by=by, reason="Anew")[0] == path
    assert problem(small(), by=by, reason="Anew")[0] == path
    skipped = said(TERMLY, periods=['{day: "2022-05-01", treatment: "skipped"}'])
    assert problem(skipped, by=by, reason="Anew")[0] == "plan.update_periods"
    assert UpdateCycle.objects.count() == 1
    ahead = add_months(timezone.localdate().replace(day=1), 2)
    import_plan(
        said(
            TERMLY,
            f'{{starts: "{ahead}", kind: "monthly"}}',
            periods=[f'{{day: "{ahead + timedelta(days=1)}", treatment: "skipped"}}'],
        ),
        by=by,
        reason="As agreed",
    )
    assert UpdateCycle.objects.count() == 2
    assert PeriodTreatment.objects.count() == 1


def test_a_cycle_waits_for_a_body_of_the_plan_and_keeps_it_when_it_has_left():
    meets = '{starts: "2022-09-01", kind: "meetings", body: "The Board", days_before_papers: 3}'
    assert problem(said(meets)) == ("plan.update_cycles[0].body", 'no body "The Board"')
    file = said(meets).model_copy(update={"bodies": with_board().bodies})
    import_plan(file)
    assert UpdateCycle.objects.get().body == Body.objects.get(name="The Board")
    by = make_user("officer")
    import_plan(said(meets), by=by, reason="The board is dissolved")
    assert meets in export_plan(Plan.objects.get()).decode()


def with_board():
    group = '  - {name: "Area 1 Working Group"'
    return small((group, f'  - {{name: "The Board", kind: "board"}}\n{group}'))


@pytest.mark.parametrize(
    ("cycle", "path", "words"),
    [
        ('kind: "weeks"', "weeks", "is missing"),
        ('kind: "weeks", weeks: 27', "weeks", "26"),
        ('kind: "termly", weeks: 2', "weeks", "only a cycle of weeks has this"),
        ('kind: "meetings"', "body", "is missing"),
        ('kind: "dates"', "closing_days", "is missing"),
        ('kind: "dates", closing_days: ["2022-08-31"]', "closing_days[0]", "is before its start"),
        ('kind: "termly", before_papers: true', "before_papers", "only a monthly cycle"),
        ('kind: "termly", days_before_papers: 3', "days_before_papers", "does not wait"),
        ('kind: "termly", grace_days: 11', "grace_days", "10"),
        ('kind: "daily"', "kind", "is not one of monthly, weeks"),
    ],
)
def test_a_cycle_that_does_not_hold_together_is_refused_in_words(cycle, path, words):
    try:
        file = said(f'{{starts: "2022-09-01", {cycle}}}')
    except PlanFileError as refusal:
        (found,) = refusal.problems
        where, message = found.path, found.message
    else:
        where, message = problem(file)
    assert where == f"plan.update_cycles[0].{path}"
    assert words in message


def test_two_cycles_do_not_begin_on_the_same_day():
    with pytest.raises(PlanFileError) as refusal:
        said(TERMLY, TERMLY)
    (found,) = refusal.value.problems
    assert found.path == "plan.update_cycles[1].starts"
    assert "stands already" in found.message


def test_the_first_version_has_no_word_for_a_cycle():
    file = said(TERMLY).model_copy(update={"format": "wsoa-plan/1"})
    with pytest.raises(PlanFileError) as refusal:
        import_plan(file)
    problems = {found.path: found.message for found in refusal.value.problems}
    assert problems["plan.update_cycles"] == "this needs format: wsoa-plan/2"

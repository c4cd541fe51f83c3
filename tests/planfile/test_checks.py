"""What must hold between the parts of one file. No database."""

# ruff: noqa: E501 - a case reads best with its whole message

from datetime import date

import pytest

from tests.planfile.files import FIRST_VERSION, edited, line_of, small
from wsoa.planfile.format.checks import problems_on
from wsoa.planfile.format.problems import PlanFileError
from wsoa.planfile.format.reading import read

A = "areas[0].themes[0].actions[0]"
ONE_MOVE = 'kind: "interim", moves: [{was: "2022-06", moved_on: "2022-05-01", reason: "Late"}]'


def problems_of(*changes: tuple[str, str]) -> list[tuple[int | None, str]]:
    with pytest.raises(PlanFileError) as caught:
        read(edited(*changes).encode())
    return [(problem.line, str(problem)) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # Each name once.
        ('code: "CCG"', 'code: "SCC"', 'organisations[1].code: "SCC" stands already at organisations[0].code'),
        ('{name: "Cat Calm"', '{name: "Ann Able"', 'people[2].name: "Ann Able" stands already at people[0].name'),
        (
            'name: "Area 1 Working Group"',
            'name: "Steering Group"',
            'bodies[1].name: "Steering Group" stands already at bodies[0].name',
        ),
        (
            'key: "w1"',
            'key: "w2"',
            'findings[1].key: "w2" stands already at findings[0].key',
        ),
        (
            'ref: "1.1.1c"',
            'ref: "1.1.1b"',
            f'{A}.commitments[2].ref: "1.1.1b" stands already at {A}.commitments[1].ref',
        ),
        (
            'title: "Longest wait"',
            'title: "Longest wait"\n    unit: "w"\n    direction: "lower"\n    kind: "rate"\n  - code: "wait"\n    title: "x"',
            'kpis[1].code: "wait" stands already at kpis[0].code',
        ),
        (
            'people: ["Ben Bold", "Ann Able"]',
            'people: ["Ben Bold", "Ben Bold"]',
            'bodies[0].members[0].people[1]: "Ben Bold" stands already at bodies[0].members[0].people[0]',
        ),
        (
            '{year: "2022/23"}',
            '{year: "2021/22"}',
            'funding[0].amounts[1].year: "2021/22" stands already at funding[0].amounts[0].year',
        ),
        (
            '"Early explanation team"',
            '"Education, employment and training"',
            "glossary[1]: EET stands with this meaning already",
        ),
        ('["SCC", "CCG"]', '["SCC", "SCC"]', 'plan.responsible[1]: "SCC" stands already at plan.responsible[0]'),
        (
            'kind: "written_statement_of_action"',
            'kind: "other"',
            "plan.kind_name: say what a plan of another kind is called",
        ),
        # Each name known.
        (
            'leads: ["Cat Calm", "Ben Bold"]',
            'leads: ["Kat Calm"]',
            f'{A}.commitments[1].leads[0]: the file has no person "Kat Calm"; did you mean "Cat Calm"?',
        ),
        ('leads: ["Ben Bold"]', 'leads: ["Xavier"]', f'{A}.leads[0]: the file has no person "Xavier"'),
        (
            'senior_responsible_officer: "Ann Able"',
            'senior_responsible_officer: "Ann Abel"',
            'areas[0].senior_responsible_officer: the file has no person "Ann Abel"; did you mean "Ann Able"?',
        ),
        (
            'works_with: ["2"]',
            'accountable: ["Ann Able", "Ben Bald"]',
            f'{A}.accountable[1]: the file has no person "Ben Bald"; did you mean "Ben Bold"?',
        ),
        (
            'works_with: ["2"]',
            'accountable: ["Ann Able", "Ann Able"]',
            f'{A}.accountable[1]: "Ann Able" stands already at {A}.accountable[0]',
        ),
        ('works_with: ["2"]', 'quotation: {by: "A parent"}', f"{A}.quotation.text: is missing"),
        (
            'works_with: ["2"]',
            'quotation: {text: "We wait.", date: "spring"}',
            f'{A}.quotation.date: "spring" is not a date: a month ("2022-12"), a day ("2022-12-07"), a year ("2026"),'
            ' "2026-Q2", "summer term 2026", "school year 2025/26", "financial year 2025/26" or "2026-05-01 to 2026-05-05"',
        ),
        (
            'outcomes: ["Families wait less."]',
            'headline_kpi: "waits"',
            'areas[0].headline_kpi: the file has no KPI "waits"; did you mean "wait"?',
        ),
        (
            'inspections:\n',
            'contacts:\n  - {name: "Dee", role: "dfe_adviser", email: "dee at example.org"}\n\ninspections:\n',
            'contacts[0].email: should be an e-mail address, such as "name@example.org"',
        ),
        (
            'inspections:\n',
            'contacts:\n  - {name: "Dee", role: "dfe_adviser"}\n  - {name: "Dee", role: "dfe_adviser"}\n\ninspections:\n',
            'contacts[1].name: "Dee" stands with this role already',
        ),
        (
            'inspections:\n',
            'contacts:\n  - {name: "Dee", role: "other", phone: 999}\n\ninspections:\n',
            'contacts[0].phone: is not quoted: write "999"',
        ),
        ('people: ["Cat Calm"]', 'people: ["Dan"]', 'bodies[0].members[1].people[0]: the file has no person "Dan"'),
        (
            'kind: "quantity"',
            'kind: "quantity"\n    frequency: "monthly"\n    year: "calendar"',
            "kpis[0].year: only a measure that is cumulative, or rarer than monthly, has a year",
        ),
        (
            'kind: "quantity"',
            'kind: "quantity"\n    year: "school"',
            "kpis[0].year: only a measure that is cumulative, or rarer than monthly, has a year",
        ),
        (
            'kind: "quantity"',
            'kind: "quantity"\n    awaits_baseline: true',
            "kpis[0].awaits_baseline: the baseline is there",
        ),
        (
            'value: 26, operator: "at_most"',
            'value: 26, operator: "at_most", months_after_agreement: 6',
            "kpis[0].targets[0].months_after_agreement: the target has a date already",
        ),
        (
            'value: 26, operator: "at_most"',
            'value: 26, operator: "decrease"',
            "kpis[0].targets[0].value: a direction alone has no value: write decrease_by",
        ),
        (
            'value: 26, operator: "at_most"',
            'operator: "stay_close"',
            "kpis[0].targets[0].operator: say by a value what to stay close to",
        ),
        (
            'value: 26, operator: "at_most"',
            'value: 26, tolerance: 2, operator: "at_most"',
            "kpis[0].targets[0].tolerance: only a value to stay close to has a tolerance",
        ),
        (
            'value: 26, operator: "at_most"',
            'value: 26, tolerance: -2, operator: "stay_close"',
            "kpis[0].targets[0].tolerance: should be at least 0",
        ),
        (
            'data_owner: "Ben Bold"',
            'part_of: "wait"',
            "kpis[0].part_of: a KPI is a part of another that is no part itself",
        ),
        ('data_owner: "Ben Bold"', 'part_of: "all"', 'kpis[0].part_of: the file has no KPI "all"'),
        ('data_owner: "Ben Bold"', "smallest_count: 3", "kpis[0].smallest_count: \"3\" is not one of 5, 8, 10"),
        ('data_owner: "Ben Bold"', 'data_owner: "Dan"', 'kpis[0].data_owner: the file has no person "Dan"'),
        (
            '"Ben Bold", organisation: "CCG"',
            '"Ben Bold", organisation: "NHS"',
            'people[1].organisation: the file has no organisation "NHS"',
        ),
        (
            'organisations: ["CCG", "SCC"]',
            'organisations: ["CCG", "SC"]',
            'bodies[0].members[0].organisations[1]: the file has no organisation "SC"; did you mean "SCC"?',
        ),
        (
            'answers: ["w1"]',
            'answers: ["w3"]',
            'areas[0].answers[0]: the file has no finding "w3"',
        ),
        (
            'answers: ["w1"]',
            'answers: ["w1", "w2", "w1"]',
            'areas[0].answers[2]: "w1" stands already at areas[0].answers[0]',
        ),
        (
            'works_with: ["2"]',
            'answers: ["w4"]',
            f'{A}.answers[0]: the file has no finding "w4"',
        ),
        (
            'title: "Survey"',
            'title: "Survey"\n                answers: ["survey"]',
            f'{A}.commitments[2].answers[0]: the file has no finding "survey"',
        ),
        (
            'key: "w1"\n    inspection: "2021-07"',
            'key: "w1"\n    inspection: "2021-7"',
            'findings[0].inspection: the file has no inspection "2021-7"; did you mean "2021-07"?',
        ),
        (
            'answers: ["w1"]',
            'weakness: "1"',
            "areas[0].weakness: this is of format wsoa-plan/1: write answers",
        ),
        (
            "\nareas:\n",
            '\nweaknesses:\n  - {number: "1", text: "x"}\nareas:\n',
            "weaknesses: this is of format wsoa-plan/1: write findings",
        ),
        (
            '\n  inspection: "2021-07"\n',
            '\n  inspection: "2021-08"\n',
            'plan.inspection: the file has no inspection "2021-08"; did you mean "2021-07"?',
        ),
        (
            '{inspection: "2021-07", judged_on',
            '{inspection: "2024", judged_on',
            'findings[1].judgements[0].inspection: the file has no inspection "2024"',
        ),
        # Judgements.
        (
            '{inspection: "2021-07", judged_on: "2021-09-14"',
            '{judged_on: "2021-09-14"',
            "findings[1].judgements[0].judged_by: is missing: say who judged, or at which inspection",
        ),
        (
            '{inspection: "2021-07", judged_on: "2021-09-14"',
            '{inspection: "2021-07"',
            "findings[1].judgements[0].judged_on: is missing: an inspection judges on a day",
        ),
        (
            'judged_on: "2021-09-14", verdict: "not_sufficient"',
            'judged_on: "2021-09-14", verdict: "rating"',
            "findings[1].judgements[0].rating: is missing: give the colour, or the words used",
        ),
        (
            'verdict: "not_sufficient"',
            'verdict: "not_effective", rating: "Amber"',
            'findings[1].judgements[0].rating: this goes with verdict: "rating" alone',
        ),
        (
            'inspection: "2021-07", judged_on: "2021-09-14", verdict: "not_sufficient"',
            'judged_by: "DfE", verdict: "monitoring_ended"',
            "findings[1].judgements[0].judged_on: is missing: formal monitoring ends on a day",
        ),
        (
            '    judgements:\n      - {',
            '    judgements:\n      - {judged_by: "DfE", judged_on: "2022-01-05", verdict: "effective"}\n'
            '      - {judged_by: "NHSE", judged_on: "2022-01-05", verdict: "effective"}\n      - {',
            'findings[1].judgements[1].judged_on: "2022-01-05" stands already at findings[1].judgements[0].judged_on',
        ),
        ('works_with: ["2"]', 'works_with: ["3"]', f'{A}.works_with[0]: the file has no area "3"'),
        (', area: "1"}', ', area: "7"}', 'bodies[1].area: the file has no area "7"'),
        (
            'audiences: ["Steering Group"]',
            'audiences: ["Steering"]',
            'report_series[0].audiences[0]: the file has no body "Steering"; did you mean "Steering Group"?',
        ),
        (
            'commitments: ["1.1.1a", "1.1.1c"]',
            'commitments: ["1.1.1a", "1.1.1d"]',
            'kpis[0].commitments[1]: the file has no commitment "1.1.1d"; did you mean "1.1.1c"?',
        ),
        # Cells that are shared.
        (
            'same_evidence_as: "1.1.1a"',
            'same_evidence_as: "1.1.1c"',
            f'{A}.commitments[1].same_evidence_as: "1.1.1c" is not an earlier commitment of action 1.1.1;'
            ' did you mean "1.1.1a"?',
        ),
        (
            'same_measures_as: "1.1.1a"',
            'same_measures_as: "1.1.1b"',
            f'{A}.commitments[2].same_measures_as: "1.1.1b" holds no measures of its own',
        ),
        # Dates.
        (
            '{date: "2022-09", kind: "interim"}',
            '{date: "2022-09", kind: "completion"}',
            f"{A}.commitments[0].key_dates[1]: a commitment has one completion date at most",
        ),
        ('ends: "2023-06"', 'ends: "2021-06"', "plan.ends: 2021-06 is before the start, 2022-01"),
        (
            'visited_to: "2021-07-16"',
            'visited_to: "2021-07-11"',
            "inspections[0].visited_to: 2021-07-11 is before the first day, 2021-07-12",
        ),
        (
            'kind: "interim"',
            ONE_MOVE.replace("2022-05-01", "2021-12-23"),
            f"{A}.commitments[0].key_dates[0].moves[0].moved_on: 2021-12-23 is before the plan was"
            " agreed, 2021-12-24",
        ),
        (
            'kind: "interim"',
            ONE_MOVE.replace("}]", '}, {was: "2022-08", moved_on: "2022-04-30", reason: "x"}]'),
            f"{A}.commitments[0].key_dates[0].moves[1].moved_on: 2022-04-30 is before the former"
            " move, 2022-05-01",
        ),
        (
            'kind: "interim"',
            ONE_MOVE.replace('was: "2022-06"', 'was: "2022-09"'),
            f"{A}.commitments[0].key_dates[0].moves[0].was: this is no move: the date is 2022-09"
            " after it too",
        ),
        (
            '\n  inspection: "2021-07"\n',
            '\n  inspection: "2021-07"\n  predecessor: "small-2022"\n',
            "plan.predecessors[0]: a plan does not continue itself",
        ),
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_named_with_its_line(old, new, message):
    found = problems_of((old, new))

    assert message in [text for _, text in found]
    assert all(line for line, _ in found)


def test_a_second_ref_has_its_own_line():
    [(line, _), *_] = problems_of(('ref: "1.1.1c"', 'ref: "1.1.1b"'))

    assert line == line_of('ref: "1.1.1c"')


def test_a_plan_that_is_not_agreed_has_no_moved_dates():
    [(_, message)] = problems_of(('  agreed_on: "2021-12-24"\n', ""), ('kind: "interim"', ONE_MOVE))

    assert message == (
        f"{A}.commitments[0].key_dates[0].moves: a plan that is not agreed has no moved dates:"
        " give the date alone"
    )


def test_nobody_agreed_to_a_plan_that_is_not_agreed():
    [(_, message)] = problems_of(('  agreed_on: "2021-12-24"\n', '  agreed_by: "The board"\n'))

    assert message == "plan.agreed_by: the plan is not agreed: agreed_on is missing"


@pytest.mark.parametrize(
    ("field", "words"),
    [("year_starts_in: 13", "12"), ("due_after: 61", "60"), ('anchor: "2022"', "a day")],
)
def test_a_series_has_a_month_and_a_number_of_days(field, words):
    [(_, message)] = problems_of(('    content: "kpis"\n', f'    content: "kpis"\n    {field}\n'))

    assert message.startswith(f"report_series[0].{field.split(':')[0]}")
    assert words in message


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('rhythm: "weeks"', "weeks: is missing, and a rhythm of weeks needs it"),
        ('rhythm: "meetings"', "body: is missing, and a rhythm of meetings needs it"),
        ('rhythm: "monthly"\n    weeks: 4', "weeks: only a rhythm of weeks has this"),
        (
            'rhythm: "termly"\n    body: "Steering Group"',
            "body: only a rhythm of meetings has this",
        ),
        (
            'rhythm: "meetings"\n    body: "Steering"',
            'body: the file has no body "Steering"; did you mean "Steering Group"?',
        ),
    ],
)
def test_a_rhythm_has_what_it_needs_and_no_more(lines, message):
    [(_, found)] = problems_of(('rhythm: "monthly"', lines))

    assert found == f"report_series[0].{message}"


def test_a_rhythm_of_terms_needs_the_newer_format():
    found = problems_of(('rhythm: "monthly"', 'rhythm: "termly"'), ("wsoa-plan/2", "wsoa-plan/1"))

    messages = [message for _, message in found]
    assert "report_series[0].rhythm: this needs format: wsoa-plan/2" in messages


def test_an_abbreviation_may_have_two_meanings_and_names_differ_by_case():
    small(("Early explanation team", "education, employment and training"))


def test_what_the_file_says_has_happened_must_have_come():
    file = small(('kind: "interim"', ONE_MOVE))

    def paths(today: date) -> list[str]:
        return [problem.path for problem in problems_on(file, today)]

    assert paths(date(2021, 9, 13)) == [
        "plan.agreed_on",
        "findings[1].judgements[0].judged_on",
        f"{A}.commitments[0].key_dates[0].moves[0].moved_on",
    ]
    assert paths(date(2021, 12, 24)) == [f"{A}.commitments[0].key_dates[0].moves[0].moved_on"]
    assert paths(date(2022, 5, 1)) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'ref: "2.1"\n',
            'ref: "3.1"\n',
            'areas[1].themes[0].ref: "3.1" stands in area 2, so it should be "2." and one more number',
        ),
        (
            'ref: "1.1.1"\n',
            'ref: "1.2.1"\n',
            f'{A}.ref: "1.2.1" stands in theme 1.1, so it should be "1.1." and one more number',
        ),
        (
            'ref: "1.1.1b"',
            'ref: "1.1.10b"',
            f'{A}.commitments[1].ref: "1.1.10b" stands in action 1.1.1, so it should be "1.1.1" and one more letter',
        ),
        (
            '    title: "Families"\n',
            '    title: "Families"\n    actions: [{ref: "2.9", title: "x"}]\n',
            "areas[1].actions: this needs format: wsoa-plan/2",
        ),
        (
            '  starts: "2022-01"',
            '  level_names: {area: "Priority"}\n  starts: "2022-01"',
            "plan.level_names: this needs format: wsoa-plan/2",
        ),
        (
            '  starts: "2022-01"',
            '  blue_means: "complete"\n  starts: "2022-01"',
            "plan.blue_means: this needs format: wsoa-plan/2",
        ),
        (
            'ref: "2.1"\n',
            'ref: "2.1"\n        printed: "B"\n',
            "areas[1].themes[0].printed: this needs format: wsoa-plan/2",
        ),
        (
            'evidence: "Families are asked"',
            'evidence: "Families are asked", paused: {since: "2022-03-01", reason: "No staff"}',
            "areas[1].themes[0].actions[0].commitments[0].paused: this needs format: wsoa-plan/2",
        ),
        (
            'evidence: "Families are asked"',
            'evidence: "Families are asked", timescale: "Ongoing"',
            "areas[1].themes[0].actions[0].commitments[0].timescale: this needs format: wsoa-plan/2",
        ),
        (
            "\nareas:\n",
            '\ndocuments:\n  - {kind: "letter", title: "x"}\nareas:\n',
            "documents: this needs format: wsoa-plan/2",
        ),
        ('weakness: "1"', 'weakness: "3"', 'areas[0].weakness: the file has no weakness "3"'),
        (
            'number: "1"\n    text: "Waits',
            'number: "2"\n    text: "Waits',
            'weaknesses[1].number: "2" stands already at weaknesses[0].number',
        ),
        (
            'weakness: "1"',
            'answers: ["w1"]',
            "areas[0].answers: this needs format: wsoa-plan/2",
        ),
        (
            'summary: "No."',
            'letter: "SEND/1"',
            "weaknesses[1].judgements[0].letter: this needs format: wsoa-plan/2",
        ),
        (
            'inspection: "2021-07", judged_on: "2021-09-14", verdict: "not_sufficient"',
            'judged_on: "2021-09-14", verdict: "effective"',
            'weaknesses[1].judgements[0].verdict: "effective" needs format: wsoa-plan/2',
        ),
        (
            'inspection: "2021-07", judged_on: "2021-09-14"',
            'inspection: "2021-07"',
            "weaknesses[1].judgements[0].judged_on: is missing",
        ),
        (
            "\nareas:\n",
            '\nfindings:\n  - {key: "x", kind: "strength", text: "x"}\nareas:\n',
            "findings: this needs format: wsoa-plan/2",
        ),
        (
            'baseline_date: "2021-12"',
            'baseline_date: "2021"',
            "kpis[0].baseline_date: this needs format: wsoa-plan/2",
        ),
        (
            '{date: "2022-12", kind: "completion"',
            '{date: {when: "2022-12", printed: "By Christmas"}, kind: "completion"',
            f"{A}.commitments[0].key_dates[1].date: this needs format: wsoa-plan/2",
        ),
        (
            '{date: "2022-12", kind: "completion"',
            '{date: "2022-12", kind: "review"',
            f"{A}.commitments[0].key_dates[1].kind: this needs format: wsoa-plan/2",
        ),
        (
            'baseline_date: "2021-12"',
            'baseline_text: "Too long"',
            "kpis[0].baseline_text: this needs format: wsoa-plan/2",
        ),
        (
            'value: 26, operator: "at_most"',
            'value: 26, label: "milestone 1", operator: "at_most"',
            "kpis[0].targets[0].label: this needs format: wsoa-plan/2",
        ),
        (
            'value: 26, operator: "at_most"',
            'operator: "decrease"',
            "kpis[0].targets[0].operator: this needs format: wsoa-plan/2",
        ),
    ],
)
def test_a_file_of_the_first_version_keeps_to_its_rules(old, new, message):
    assert any(message in text for _, text in problems_of(*FIRST_VERSION, (old, new)))


def test_references_of_any_shape_are_held():
    read_plan = read(
        edited(
            ('ref: "2.1"\n', 'ref: "Theme-B"\n'),
            (
                '    title: "Families"\n',
                '    title: "Families"\n    actions: [{ref: "A2", title: "x"}]\n',
            ),
        ).encode()
    )
    file = read_plan.file
    assert [theme.ref for theme in file.themes] == ["1.1", "Theme-B"]
    assert [action.ref for action in file.actions] == ["1.1.1", "A2", "2.1.1"]

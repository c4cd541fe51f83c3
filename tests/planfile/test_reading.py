"""From bytes to a plan file, or to what is wrong with it. No database."""

# ruff: noqa: E501 - a case reads best with its whole message

import os

import pytest

from tests.planfile.files import SMALL, edited, line_of
from wsoa.planfile.format.problems import PlanFileError
from wsoa.planfile.format.reading import read, read_file


def problems_of(*changes: tuple[str, str]) -> list[str]:
    with pytest.raises(PlanFileError) as caught:
        read(edited(*changes).encode())
    return [problem.in_file("f") for problem in caught.value.problems]


def test_the_small_plan_is_sound():
    found = read(SMALL.encode(), "small.yaml")

    assert found.name == "small.yaml"
    assert [commitment.ref for commitment in found.file.commitments] == [
        "1.1.1a",
        "1.1.1b",
        "1.1.1c",
        "2.1.1a",
    ]


A = "areas[0].themes[0].actions[0]"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('ref: "1.1"\n', "ref: 1.10\n", 'areas[0].themes[0].ref: is not quoted: write "1.10"'),
        ('number: "1"\n    title', "number: 1\n    title", 'areas[0].number: is not quoted: write "1"'),
        ('code: "SCC"', "code: SCC", 'organisations[0].code: is not quoted: write "SCC"'),
        ('slug: "small-2022"', "slug: small", 'plan.slug: is not quoted: write "small"'),
        ('ends: "2023-06"', "ends: 2023", 'plan.ends: is not quoted: write "2023"'),
        ('ends: "2023-06"', 'ends: "2023-13"', "plan.ends: month 13 does not exist"),
        ('ends: "2023-06"', 'ends: "2023-02-29"', "plan.ends: the day 2023-02-29 does not exist"),
        (
            'ends: "2023-06"',
            'ends: "June 2023"',
            'plan.ends: "June 2023" is not a month or a day, such as "2022-12" or "2022-12-07"',
        ),
        (
            'baseline_date: "2021-12"',
            "baseline_date: 2021",
            'kpis[0].baseline_date: is not quoted: write "2021"',
        ),
        (
            'baseline_date: "2021-12"',
            'baseline_date: "2021/22"',
            "kpis[0].baseline_date: 2021/22 is a school year or a financial year: write"
            ' "school year 2021/22" or "financial year 2021/22"',
        ),
        (
            'baseline_date: "2021-12"',
            'baseline_date: "spring 2022"',
            'kpis[0].baseline_date: "spring 2022" is not a date: a month ("2022-12"), a day'
            ' ("2022-12-07"), a year ("2026"), "2026-Q2", "summer term 2026",'
            ' "school year 2025/26", "financial year 2025/26" or "2026-05-01 to 2026-05-05"',
        ),
        (
            'baseline_date: "2021-12"',
            'baseline_date: {when: "2021", last_day: "2021-11-30"}',
            "kpis[0].baseline_date: these are not days of 2021",
        ),
        (
            'baseline_date: "2021-12"',
            'baseline_date: {when: "2021", printd: "In 2021"}',
            'kpis[0].baseline_date.printd: unknown key; did you mean "printed"?'
            " (keys here: when, first_day, last_day, printed)",
        ),
        (
            'agreed_on: "2021-12-24"',
            'agreed_on: "2021-12"',
            'plan.agreed_on: "2021-12" is not a day, such as "2022-12-07"',
        ),
        (
            'ref: "1.1.1a"\n                evidence',
            'ref: "1.1.1 a"\n                evidence',
            f'{A}.commitments[0].ref: "1.1.1 a" is not a reference, such as "1.1.1a" or "A2": at most 20'
            " letters, digits, dots and hyphens",
        ),
        (
            'kind: "steering_group"',
            'kind: "steeringgroup"',
            'bodies[0].kind: "steeringgroup" is not one of steering_group, working_group, board,'
            ' panel, committee, management_team, national_body; did you mean "steering_group"?',
        ),
        (
            "baseline: 52.9",
            'baseline: "52.9"',
            "kpis[0].baseline: should be a number, without quotes",
        ),
        (
            "baseline: 52.9",
            "baseline: 52.98765",
            "kpis[0].baseline: has more than 4 digits after the point",
        ),
        (
            "baseline: 52.9",
            "baseline: 1234567890123",
            "kpis[0].baseline: is too large a number",
        ),
        ("amount: 250000", "amount: -1", f"{A}.resources[1].amount: should be at least 0"),
        ("week: true", 'week: "true"', "engagement[1].week: should be true or false, without quotes"),
        ("week: true", "week: 1", "engagement[1].week: should be true or false, without quotes"),
        (
            'title: "Assess sooner"',
            'titel: "Assess sooner"',
            f"{A}.title: is missing",
        ),
        ('works_with: ["2"]', 'works_with: "2"', f"{A}.works_with: should be a list"),
        ('text: "A room"', 'text: ["A room"]', f"{A}.commitments[1].resources[0].text: should be text"),
        ('text: "A room"', 'text: " "', f"{A}.commitments[1].resources[0].text: is empty"),
        (
            'text: "A room"',
            f'text: "{"x" * 301}"',
            f"{A}.commitments[1].resources[0].text: has 301 characters; at most 300 are allowed",
        ),
        (
            'text: "A room"',
            'text: "A \\x07 room"',
            f"{A}.commitments[1].resources[0].text: has the control character U+0007",
        ),
        ('title: "Inspection"', "title: null", "inspections[0].title: has no value: leave the key out"),
        ("people: [\"Cat Calm\"]", "people: []", "bodies[0].members[1].people: needs at least 1"),
        (
            'evidence: "A survey is done"',
            'note: "None."',
            f"{A}.commitments[2]: give one of evidence, criteria and same_evidence_as",
        ),
        (
            'same_measures_as: "1.1.1a"',
            'same_measures_as: "1.1.1a"\n                measures: ["x"]',
            f"{A}.commitments[2]: give either measures or same_measures_as",
        ),
        (
            'format: "wsoa-plan/2"',
            'format: "2"',
            'format: "2" is not one of wsoa-plan/1, wsoa-plan/2',
        ),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_line_and_field(old, new, message):
    found = problems_of((old, new))

    before, after = SMALL.splitlines(), edited((old, new)).splitlines()
    line = next(
        n for n, (one, other) in enumerate(zip(before, after, strict=False), 1) if one != other
    )
    if message.endswith(("is missing", "_as")):
        # Said of the part that should hold it, which begins with its ref.
        line = max(n for n, words in enumerate(before[:line], 1) if "- ref:" in words)
    assert f"f:{line}: {message}" in found


def test_an_unknown_key_is_named_with_the_one_that_may_be_meant():
    [_, unknown] = problems_of(('local_area: "Smallshire"', 'local_aria: "Smallshire"'))

    assert unknown.startswith(
        f'f:{line_of("local_area")}: plan.local_aria: unknown key; did you mean "local_area"?'
        " (keys here: slug, local_area, kind,"
    )


def test_a_missing_key_has_the_line_of_what_should_hold_it():
    assert problems_of(('  title: "Smallshire Written Statement of Action"\n', "")) == [
        f"f:{line_of('plan:')}: plan.title: is missing"
    ]


def test_all_problems_are_named_in_the_order_of_lines():
    found = problems_of(("baseline: 52.9", 'baseline: "x"'), ('ends: "2023-06"', "ends: 5"))

    assert [problem.split(":")[2].strip() for problem in found] == ["plan.ends", "kpis[0].baseline"]


@pytest.mark.parametrize("text", ["[]", "words", "5"])
def test_a_file_that_is_no_plan_at_all_is_refused(text):
    with pytest.raises(PlanFileError, match="should hold keys with values"):
        read(text.encode())


@pytest.mark.parametrize("surrogate", [r'"\ud800"', r'"\udc00\ud800"'])
def test_half_a_character_is_refused(surrogate):
    with pytest.raises(PlanFileError):
        read(edited(('text: "A room"', f"text: {surrogate}")).encode())


# --- Files ------------------------------------------------------------------------------------


def test_a_missing_file_and_a_directory_are_refused(tmp_path):
    with pytest.raises(PlanFileError, match="there is no such file"):
        read_file(tmp_path / "none.yaml")
    with pytest.raises(PlanFileError, match="this is not a file"):
        read_file(tmp_path)


def test_a_file_that_is_too_large_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "big.yaml"
    # A terabyte of nothing: to read it would take more memory than there is.
    with path.open("wb") as stream:
        stream.truncate(2**40)

    words = "the file is 1048576.0 MB; a plan file has at most 5 MB"
    with pytest.raises(PlanFileError, match=words):
        read_file(path)


def test_a_pipe_is_refused_rather_than_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(PlanFileError, match="this is not a file"):
        read_file(tmp_path / "pipe")


def test_a_file_that_cannot_be_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "secret.yaml"
    path.write_text(SMALL)

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(PlanFileError, match="cannot be read: Permission denied"):
        read_file(path)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00", bytes(range(256)), b"PK\x03\x04\x14\x00"]
)
def test_a_binary_file_is_refused(data):
    with pytest.raises(PlanFileError):
        read(data)

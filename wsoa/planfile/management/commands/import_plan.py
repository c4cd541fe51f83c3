"""`import_plan FILE`: a new plan, or the changes that its file makes to one that is here."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wsoa.accounts.models import User, UserManager
from wsoa.planfile.format.problems import PlanFileError, located
from wsoa.planfile.format.reading import ReadPlan, read_file
from wsoa.planfile.importing import Diff, ImportRefusedError, import_plan


class Command(BaseCommand):
    help = (
        "Import a plan from its file. A plan that is here already is shown what changes, and"
        " changed on record."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show all, change nothing")
        parser.add_argument(
            "--officer", metavar="EMAIL", help="the user to be the plan's first programme officer"
        )
        parser.add_argument("--by", metavar="EMAIL", help="the user who makes the changes")
        parser.add_argument("--reason", default="", help="why the plan changes, for the record")
        parser.add_argument(
            "--force",
            action="store_true",
            help="also undo what was edited in the tracker since the last import",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        users = {name: _user(options[name]) for name in ("officer", "by")}
        read: ReadPlan | None = None
        try:
            read = read_file(path)
            diff = import_plan(
                read.file,
                name=path.name,
                officer=users["officer"],
                by=users["by"],
                reason=options["reason"],
                dry_run=options["dry_run"],
                force=options["force"],
            )
        except PlanFileError as error:
            lines = read.lines if read else {}
            for problem in error.problems:
                self.stderr.write(located(problem, lines).in_file(str(path)))
            sys.exit(1)
        except ImportRefusedError as error:
            if error.diff:
                self._show(error.diff)
            raise CommandError(str(error)) from None
        self._show(diff)
        self.stdout.write(self._outcome(diff, is_dry=options["dry_run"]))

    def _show(self, diff: Diff) -> None:
        for line in diff.summary() if diff.is_new else map(str, diff.changes):
            self.stdout.write(line)

    def _outcome(self, diff: Diff, *, is_dry: bool) -> str:
        if not diff:
            return f"{diff.slug}: nothing to change."
        if is_dry:
            return f"{diff.slug}: this was a dry run, and nothing was changed."
        return f"{diff.slug}: {'imported' if diff.is_new else 'changed'}."


def _user(email: str | None) -> User | None:
    if email is None:
        return None
    user = User.objects.filter(email=UserManager.normalize_email(email), is_active=True).first()
    if user is None:
        raise CommandError(f"There is no user {email} who may sign in.")
    return user

"""`export_plan SLUG`: the plan as it stands today and the moves of its dates, as a plan file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from actions.models import Plan
from wsoa.planfile.exporting import export_plan
from wsoa.planfile.format.problems import PlanFileError


class Command(BaseCommand):
    help = "Write a plan as a plan file, without its progress."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--output", type=Path, metavar="FILE", help="else to the screen")

    def handle(self, *args: Any, **options: Any) -> None:
        output: Path | None = options["output"]
        plan = Plan.objects.filter(slug=options["slug"]).first()
        if plan is None:
            known = ", ".join(Plan.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no plan {options['slug']!r}. Plans here: {known}.")
        try:
            content = export_plan(plan)
        except PlanFileError as error:
            problems = "\n".join(map(str, error.problems))
            raise CommandError(f"The format has no room for this plan:\n{problems}") from None
        if output is None:
            self.stdout.write(content.decode(), ending="")
            return
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output}: cannot be written: {error.strerror}") from None

"""Loads the plans and the sample progress, once."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from wsoa.demo.loading import load


class Command(BaseCommand):
    help = "Load both published plans and a sample plan with a year of sample progress."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day the sample is made for; today without it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not load(options["today"] or timezone.localdate(), self.stdout.write):
            self.stdout.write("The sample plan is there already.")

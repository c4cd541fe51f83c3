"""`run_jobs`: the worker that makes the files of published reports, beside the web server."""

import os
import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand
from django.db import Error, connection

from reports.making import jobs

# Seconds between two looks for a job, and after an answer of the database that was an error.
LOOK = 1.0
RECOVER = 5.0


class Command(BaseCommand):
    help = (
        "Make the files of reports as they are published. It runs until it is told to end; the "
        "file it is at is finished first, and any number may run beside one another."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="make what there is to make now, and end"
        )
        parser.add_argument(
            "--again", action="store_true", help="first give new tries to what was given up"
        )
        parser.add_argument(
            "--beside-parent",
            action="store_true",
            help="end when the process that started it has ended",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_ending = False
        self.parent = os.getppid() if options["beside_parent"] else 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.end)
        if options["again"]:
            self.stdout.write(f"New tries for {jobs.begin_again()}.")
        holder = uuid4()
        if options["once"]:
            while self.goes_on() and self.work(holder):
                pass
            return
        while self.goes_on():
            try:
                has_worked = self.work(holder)
            except Error as error:
                # The database is away for a while, or has ended with the server beside this.
                connection.close()
                if self.goes_on():
                    self.stderr.write(f"The database does not answer: {error}")
                self.rest(RECOVER)
            else:
                if not has_worked:
                    self.rest(LOOK)

    def work(self, holder: Any) -> bool:
        jobs.say_alive()
        return jobs.work(holder, self.goes_on)

    def goes_on(self) -> bool:
        return not self.is_ending and (not self.parent or os.getppid() == self.parent)

    def end(self, number: int, frame: FrameType | None) -> None:
        self.is_ending = True

    def rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self.goes_on() and time.monotonic() < until:
            time.sleep(0.2)

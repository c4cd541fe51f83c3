#!/usr/bin/env python3
"""Django's command line. Without DATABASE_URL it uses this checkout's embedded PostgreSQL."""

import atexit
import gc
import os
import sys

from django.core.management import execute_from_command_line

from wsoa import embedded_postgres


def main() -> None:
    # What is loaded goes with the process: looking through it for cycles at the end took a fifth
    # of a short command's time.
    atexit.register(gc.freeze)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsoa.settings")
    if os.environ.get("DATABASE_URL"):
        execute_from_command_line(sys.argv)
        return
    with embedded_postgres.running(embedded_postgres.DEMO_CLUSTER) as addresses:
        os.environ.update(embedded_postgres.local_environment(addresses))
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except embedded_postgres.EmbeddedError as error:
        sys.exit(str(error))

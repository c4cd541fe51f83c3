#!/usr/bin/env python3
"""Django's command line. Without DATABASE_URL it uses this checkout's embedded PostgreSQL."""

import os
import sys

from django.core.management import execute_from_command_line

from wsoa import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsoa.settings")
    if os.environ.get("DATABASE_URL"):
        execute_from_command_line(sys.argv)
        return
    with embedded.running(embedded.DEMO_CLUSTER) as database_url:
        os.environ.update(embedded.local_environment(database_url))
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except embedded.EmbeddedError as error:
        sys.exit(str(error))

#!/usr/bin/env python3
"""Django's command line. Without DATABASE_URL it uses this checkout's embedded PostgreSQL."""

import os
import sys

from django.core.management import execute_from_command_line

from wsoa import embedded_postgres


def main() -> None:
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

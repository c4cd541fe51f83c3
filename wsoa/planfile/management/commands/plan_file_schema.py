"""`plan_file_schema`: the format of a plan file, for editors and other programs."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from wsoa.planfile.format.schema import PlanFile


class Command(BaseCommand):
    help = "Print the JSON Schema of plan files."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **PlanFile.model_json_schema(),
        }
        self.stdout.write(json.dumps(schema, indent=2, ensure_ascii=False))

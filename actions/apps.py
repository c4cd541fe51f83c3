from importlib import import_module

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "actions"

    def ready(self) -> None:
        # Makes the parts of a plan known to the pages that edit them.
        import_module("actions.plan.parts")
        import_module("actions.plan.reference_parts")

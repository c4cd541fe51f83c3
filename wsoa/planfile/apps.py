from importlib import import_module

from django.apps import AppConfig


class PlanFileConfig(AppConfig):
    name = "wsoa.planfile"
    label = "planfile"

    def ready(self) -> None:
        # Checks and applies what a request would bring into an agreed plan.
        import_module("wsoa.planfile.growing")

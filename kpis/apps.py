from importlib import import_module

from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"

    def ready(self) -> None:
        # Makes KPIs known among the parts of a plan, which are edited in the app below.
        import_module("kpis.setup.editing")
        # Tells data owners of what they owe, on the page where their month begins.
        import_module("kpis.recording.notices")

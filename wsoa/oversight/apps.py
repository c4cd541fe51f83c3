from importlib import import_module

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "wsoa.oversight"
    label = "oversight"

    def ready(self) -> None:
        # Makes the changes of a KPI known among those of the plan.
        import_module("wsoa.oversight.changes.kpi_change_requests")

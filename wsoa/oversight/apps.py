from importlib import import_module

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "wsoa.oversight"
    label = "oversight"

    def ready(self) -> None:
        # Adds questions, decisions and change requests to the record that the apps below read.
        import_module("wsoa.oversight.history_items")
        # Makes the changes of a KPI, and of the plan itself, known among those of commitments.
        import_module("wsoa.oversight.changes.kpi_change_requests")
        import_module("wsoa.oversight.changes.plan_change_requests")

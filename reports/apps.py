from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        # Makes report series and approvers known among the parts of a plan.
        import_module("reports.series.editing")
        # Tells of the drafts that wait for somebody, on the page where their month begins.
        import_module("reports.drafts.notices")
        # Says beside the form of an update which report it goes into.
        import_module("reports.series.beside_update")

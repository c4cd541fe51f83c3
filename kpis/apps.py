from importlib import import_module

from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"

    def ready(self) -> None:
        # Makes KPIs known among the parts of a plan, which are edited in the app below.
        import_module("kpis.setup.editing")
        # Gives targets from the agreement on their dates when a plan is agreed.
        import_module("kpis.setup.agreement")
        # Brings KPIs along with the rows that a plan takes over from the plan before.
        import_module("kpis.setup.succession")
        # Puts the last figures beside the form of an update.
        import_module("kpis.pages.beside_update")

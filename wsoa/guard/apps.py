from importlib import import_module

from django.apps import AppConfig

from wsoa import triggers


class GuardConfig(AppConfig):
    """The database's own guard: who owns the tables, and what the application may do with them."""

    name = "wsoa.guard"
    label = "guard"

    def ready(self) -> None:
        triggers.make_all_firm()
        import_module("wsoa.guard.versions").register()
        # Registers what `check --deploy` looks at.
        import_module("wsoa.guard.checks")

from django.apps import AppConfig

from wsoa import triggers


class GuardConfig(AppConfig):
    """The database's own guard, which holds whatever the application does."""

    name = "wsoa.guard"
    label = "guard"

    def ready(self) -> None:
        triggers.make_all_firm()

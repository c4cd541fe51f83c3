from importlib import import_module

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "actions"

    def ready(self) -> None:
        # Makes the parts of a plan known to the pages that edit them.
        import_module("actions.plan.parts")
        import_module("actions.plan.reference_parts")
        # What somebody's part in plans asks of their signing in.
        memberships = import_module("actions.memberships")
        import_module("wsoa.accounts.roles").register(
            memberships.roles_anywhere, memberships.watchers_of
        )

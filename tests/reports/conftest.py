from tests.actions.conftest import world

__all__ = ["world"]

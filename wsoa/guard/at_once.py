"""Operations of a migration that lock a busy table, done with nothing between them.

Django works out the models again for each operation, which takes longer than the operation: half a
second in all for a table that many others name. Meanwhile whoever reads the table waits for the
lock that the first one took. Here all of it is worked out before the first.
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation


class AtOnce(Operation):
    """These operations, one straight after another."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"operations": self.operations}

    def state_forwards(self, app_label: str, state: Any) -> None:
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        states = self._states(app_label, from_state)
        for operation, before, after in zip(self.operations, states, states[1:], strict=False):
            operation.database_forwards(app_label, schema_editor, before, after)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        states = self._states(app_label, to_state)
        steps = list(zip(self.operations, states, states[1:], strict=False))
        for operation, before, after in reversed(steps):
            operation.database_backwards(app_label, schema_editor, after, before)

    def _states(self, app_label: str, state: Any) -> list[Any]:
        """The models before the first operation and after each, ready to be asked."""
        states = [state]
        for operation in self.operations:
            after = states[-1].clone()
            operation.state_forwards(app_label, after)
            states.append(after)
        for each in states:
            each.apps  # noqa: B018 - worked out when it is first asked for
        return states

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)


class AtOnceMigration(Migration):
    """A migration all of whose operations are done at once."""

    def __init__(self, name: str, app_label: str) -> None:
        super().__init__(name, app_label)
        self.operations = [AtOnce(self.operations)]  # type: ignore[misc]

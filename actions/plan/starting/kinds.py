"""What a plan of each kind usually has: offered when one is started, and edited freely after.

What stands here is what published plans of the kind print (names of levels, boards and groups, a
colour key). An upper app proposes its own part of a kind, as `reports` does its series.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from actions.models import Body, Plan
from actions.pages.formatting import listed
from actions.plan.colour_key import as_stored
from actions.plan.editing import PARTS
from actions.rules.levels import LEVELS, LevelNames
from actions.rules.scale import OURS, Entry, Scale
from wsoa.accounts.models import User

Kind, Board = Plan.Kind, Body.Kind


@dataclass(frozen=True)
class Template:
    """Of one kind: names of levels that differ from ours, boards with what each is, the key."""

    levels: Mapping[str, str] = field(default_factory=dict)
    boards: tuple[tuple[str, str], ...] = ()
    key: Scale = OURS


_STEERING = ("SEND steering group", Board.STEERING_GROUP)
_PARTNERSHIP = ("SEND partnership board", Board.BOARD)
_IMPROVEMENT = ("SEND improvement board", Board.BOARD)
_SCRUTINY = ("Overview and scrutiny committee", Board.COMMITTEE)
_MANAGERS = ("SEND management team", Board.MANAGEMENT_TEAM)
_NATIONAL = ("DfE and NHS England", Board.NATIONAL_BODY)

# Where inspectors come back to see whether it lasts, done means embedded: the usual five colours.
# A plan that nobody inspects calls a thing complete once and for good.
_COMPLETE = Scale(
    (
        Entry("Complete", "blue", "Done, with evidence of it"),
        Entry("On track", "green", "Will be done by its date"),
        Entry("At risk", "amber", "May not be done by its date"),
        Entry("Off track", "red", "Will not be done by its date unless something changes"),
        Entry("Not started", "grey", "Not due to start yet"),
        Entry("Paused", "paused", "Set aside for a time, by decision"),
    ),
    blue_lasts_months=None,
)
_PRIORITIES = {"area": "Priority", "commitment": "Milestone"}

TEMPLATES: Mapping[str, Template] = {
    Kind.WSOA: Template(boards=(_STEERING, _PARTNERSHIP, _MANAGERS, _SCRUTINY, _NATIONAL)),
    Kind.APP: Template(
        levels={"area": "Weakness", "commitment": "Success criterion"}
        | {"commitments": "Success criteria"},
        boards=(_STEERING, _IMPROVEMENT, _MANAGERS, _SCRUTINY, _NATIONAL),
    ),
    Kind.PAP: Template(
        levels={"area": "Priority action", "commitment": "Milestone"},
        boards=(_STEERING, _IMPROVEMENT, _MANAGERS, _SCRUTINY, _NATIONAL),
    ),
    Kind.IMPROVEMENT: Template(
        levels={"area": "Area for improvement", "areas": "Areas for improvement"}
        | {"commitment": "Milestone"},
        boards=(_STEERING, _PARTNERSHIP, _SCRUTINY),
        key=_COMPLETE,
    ),
    Kind.STRATEGIC: Template(
        levels={"area": "Recommendation", "commitment": "Milestone"},
        boards=(_STEERING, _PARTNERSHIP, _SCRUTINY),
        key=_COMPLETE,
    ),
    Kind.REFORM: Template(
        levels=_PRIORITIES,
        boards=(
            _STEERING,
            _PARTNERSHIP,
            ("Schools forum", Board.BOARD),
            _MANAGERS,
            _SCRUTINY,
            _NATIONAL,
        ),
        key=_COMPLETE,
    ),
    Kind.DELIVERY: Template(levels=_PRIORITIES, boards=(_PARTNERSHIP, _SCRUTINY), key=_COMPLETE),
    # Nothing is usual of what is no usual kind.
    Kind.OTHER: Template(boards=(_STEERING,)),
}


@dataclass(frozen=True)
class Proposal:
    """One thing that kinds bring: what it is for each, and how a new draft gets it."""

    name: str
    title: str
    text: Callable[[str], str]
    set_up: Callable[[Plan, User], None]


PROPOSALS: dict[str, Proposal] = {}


def register(*proposals: Proposal) -> None:
    """Make proposals known, in the order in which a plan is set up. An upper app adds its own."""
    PROPOSALS.update({proposal.name: proposal for proposal in proposals})


def _levels_text(kind: str) -> str:
    names = LevelNames.of(TEMPLATES[kind].levels)
    return ", ".join(getattr(names, level) for level in LEVELS)


def _set_levels(plan: Plan, by: User) -> None:
    plan.level_names = dict(TEMPLATES[plan.kind].levels)
    plan.save(update_fields=["level_names"])


def _boards_text(kind: str) -> str:
    return listed([name for name, _ in TEMPLATES[kind].boards])


def _set_boards(plan: Plan, by: User) -> None:
    for name, kind in TEMPLATES[plan.kind].boards:
        PARTS["body"].create(plan, plan, {"name": name, "kind": kind}, by)


def _key_text(kind: str) -> str:
    key = TEMPLATES[kind].key
    words = ", ".join(key.word(rating) for rating in key.colours)
    lasts = f"confirmed again every {key.blue_lasts}" if key.blue_lasts else "confirmed once"
    return f"{words}; {key.blue} is {lasts}"


def _set_key(plan: Plan, by: User) -> None:
    key = TEMPLATES[plan.kind].key
    plan.colour_key = as_stored(key.entries)
    plan.has_blue = key.has_blue
    plan.blue_lasts_months = key.blue_lasts_months
    plan.save(update_fields=["colour_key", "has_blue", "blue_lasts_months"])


register(
    Proposal("levels", "Names of its levels", _levels_text, _set_levels),
    Proposal("boards", "Boards and groups", _boards_text, _set_boards),
    Proposal("key", "Colour key", _key_text, _set_key),
)

"""The sample's measures and their figures: one of each kind that people should be able to find.

Figures are told backwards: the last of a series is that of the last period that has ended, whatever
the day. `None` is a period of which nobody said anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.rules.dates import PlanDate

FigureValues = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Restated:
    """What a final figure was put right to, so many months after it was given."""

    figure: Mapping[str, Any]
    months: int
    reason: str


@dataclass(frozen=True, slots=True)
class Series:
    figures: Sequence[FigureValues] | Callable[[date], FigureValues]
    # By the place of the figure from the end: -1 is the last.
    restated: Mapping[int, Restated] = field(default_factory=dict)
    # Said as provisional at first, and as final a month later.
    settles: bool = False
    # For the periods to come.
    projected: Sequence[Mapping[str, Any]] = ()
    # The first month of the plan with a figure, for what is counted by a rule; may be negative.
    begins: int = 0
    # So many of the last periods are not said yet.
    owed: int = 0


def _numbers(*values: float | None) -> list[FigureValues]:
    return [None if value is None else {"value": value} for value in values]


def _parts(below: int, *above: int | None) -> list[FigureValues]:
    return [
        None if number is None else {"numerator": number, "denominator": below} for number in above
    ]


def _answers(*pairs: tuple[int, int]) -> list[FigureValues]:
    """Of a survey: how many said so, of how many."""
    return [{"numerator": above, "denominator": below} for above, below in pairs]


def _judged(judgement: str, people: int, note: str) -> Mapping[str, Any]:
    return {
        "judgement": judgement,
        "respondents": people,
        "based_on": "Conversation with the parent carer forum, each quarter",
        "note": note,
    }


def _no_figure(why: str) -> Mapping[str, Any]:
    return {"status": "missing", "note": why}


# From the start of the school year: pupils excluded, by the end of each calendar month.
_EXCLUDED = {9: 7, 10: 15, 11: 21, 12: 24, 1: 31, 2: 38, 3: 46, 4: 49, 5: 57, 6: 66, 7: 72, 8: 72}


def _excluded(ends_on: date) -> FigureValues:
    return {"value": _EXCLUDED[ends_on.month]}


def _shown_the_portal(ends_on: date) -> FigureValues:
    """From April: families who were shown the portal."""
    return {"value": ((ends_on.month - 4) % 12 + 1) * 34 + ends_on.month % 5}


FIGURES: dict[str, Series] = {
    # A path of three numbers, and far off it. One figure was put right.
    "1.1.1-1": Series(
        _numbers(240, 238, 236, 232, 229, 225, 221, 220, 219, 222, 221, 218, 217),
        restated={
            -5: Restated(
                {"value": 224},
                2,
                "Four referrals carried the date of a second letter, not of the first.",
            )
        },
    ),
    # Two years, and a step up that a decision explains.
    "1.1.1-2": Series(
        [
            *_numbers(41, 38, 44, 40, 36, 43, 39, 42, 37, 40),
            *_numbers(52, 55, 49, 57, 53, 58, 51, 56, 60, 54, 57, 55, 59, 56),
        ],
        begins=-11,
    ),
    # A change in per cent, of a baseline that the plan does not give.
    "1.1.2-1": Series(_numbers(0, 1, -1, -2, -1, -3, -4, -3, -5, -6, -5, -7, -7)),
    # Two targets, one after the other.
    "1.1.2-2": Series(
        _answers(
            *[(33, 80), (36, 82), (37, 79), (40, 84), (43, 81), (44, 80), (47, 83), (49, 82)],
            *[(51, 80), (52, 79), (55, 83), (57, 84), (58, 82)],
        )
    ),
    # Once, and done.
    "1.2.1-1": Series(_numbers(312), begins=4),
    # Adds up from April; the two last months are owed.
    "1.2.1-2": Series(_shown_the_portal, owed=2),
    "1.2.2-1": Series(_answers((49, 92), (51, 96), (58, 101), (60, 98), (66, 104), (70, 108))),
    "1.2.2-2": Series(_answers((62, 230), (60, 228), (55, 236), (52, 240), (49, 238), (45, 240))),
    # A baseline, and no target.
    "1.2.3-1": Series(_answers((140, 168), (131, 164), (120, 160))),
    # Provisional at first.
    "1.2.5-1": Series(
        _parts(420, 38, 61, 84, 112, 139, 160, 187, 214, 236, 255, 281, 304, 322), settles=True
    ),
    # About 250, the plan says; counted, it is a few more or less.
    "2.1.1-1": Series(_answers((0, 250), (58, 248), (96, 251), (133, 249), (171, 252))),
    # Too few answered the last time.
    "2.2.1-3": Series(_answers((31, 64), (30, 61), (33, 58), (35, 62), (5, 8))),
    # In words.
    "2.2.1-4": Series(
        [
            _judged("not_known", 6, "Too early to say."),
            _judged("no_change", 14, "Letters still come late."),
            _judged("no_change", 17, "Letters come sooner; schools say different things."),
            _judged("improved", 22, "People know whom to ring."),
            _judged("improved", 24, "Most were told of a change before it happened."),
        ]
    ),
    # A second person confirms each; the last one waits.
    "2.3.1-1": Series(
        _parts(250, 20, 41, 63, 88, 110, 131, 150, 169, 190, 204, 215, 224, 230),
    ),
    # The plan asks for a baseline that is still to be found.
    "3.1.1-5": Series(_answers((88, 160), (95, 158))),
    # Adds up from September, and begins again.
    "3.1.1-9": Series(_excluded),
    # What is expected of the next two is said as well.
    "4.1.1-5": Series(
        _answers((41, 60), (46, 63), (45, 58), (50, 66), (52, 64)),
        projected=[
            {"numerator": 54, "denominator": 66},
            {"numerator": 57, "denominator": 68},
        ],
    ),
    # Beside the others.
    "4.2.1-1": Series(
        [
            {"value": 58.1, "compared_with": 62.4},
            {"value": 58.9, "compared_with": 62.6},
            {"value": 59.6, "compared_with": 62.3},
            {"value": 60.8, "compared_with": 62.5},
            {"value": 61.7, "compared_with": 62.7},
        ]
    ),
    "5.1.1-1": Series(_numbers(2, 5, 3, 4, 6, 9, 14, 18, 21, 25, 27, 31, 34)),
    # Half a year of it.
    "5.1.2-2": Series(_answers((33, 48), (37, 50), (36, 47), (40, 52), (41, 49), (43, 51))),
    # A change against a baseline in calls; one month says that it has none.
    "5.1.2-6": Series(
        [
            *_numbers(640, 655, 631, 612, 618, 604),
            _no_figure("The helpline moved to another number and did not count."),
            *_numbers(588, 571, 566, 559, 548, 541),
        ]
    ),
    # With gaps.
    "5.1.3-1": Series(
        [
            *_answers((41, 66), (44, 70), (43, 68)),
            None,
            None,
            *_answers((47, 69), (48, 72), (50, 71)),
            None,
            *_answers((49, 70), (52, 73), (53, 71), (55, 74)),
        ]
    ),
}

# From this month of the plan its assessments are counted afresh.
REBASED = ("1.1.1-2", -1, "Two clinicians started, so that more assessments can be done.")

# What the neighbours of the sample came to, by month of the plan, as it was published.
COMPARED = ("1.1.2-2", {0: 58, 4: 60, 8: 61, 11: 63})

# What the plan does not say of its measures, and its officer has settled.
_SETTLED: dict[str, dict[str, Any]] = {
    "1.2.1-1": {"frequency": "once"},
    "2.3.1-1": {"frequency": "monthly", "needs_second_person": True},
    "3.1.1-5": {"frequency": "quarterly", "first_due": 8},
    "5.1.2-2": {"frequency": "monthly", "first_due": 7},
    **{
        code: {"frequency": "monthly"}
        for code in ("1.1.1-1", "1.1.2-1", "1.2.5-1", "5.1.1-1", "5.1.3-1")
    },
    **{
        code: {"frequency": "quarterly"}
        for code in ("1.2.2-1", "1.2.2-2", "2.1.1-1", "2.2.1-3", "4.1.1-5", "4.2.1-1")
    },
    "1.2.3-1": {"frequency": "six_monthly"},
}

# Measures of kinds that the published plan has none of. Dates are months of the plan.
_ADDED: tuple[dict[str, Any], ...] = (
    {
        "code": "1.1.1-2",
        "title": "Assessments finished in the month",
        "definition": "Diagnostic assessments of which the family has the outcome in writing.",
        "unit": "assessments",
        "direction": "higher",
        "kind": "quantity",
        "frequency": "monthly",
        "targets": [{"date": 17, "value": 60, "operator": "at_least"}],
        "commitments": ["1.1.1a"],
    },
    {
        "code": "1.1.2-2",
        "title": "Advice given within six weeks",
        "definition": "Requests for advice that were answered within six weeks.",
        "unit": "%",
        "direction": "higher",
        "kind": "rate",
        "frequency": "monthly",
        "numerator": "requests answered within six weeks",
        "denominator": "requests for advice",
        "baseline": 41,
        "baseline_date": 0,
        "comparators": [{"name": "Neighbours", "published_in": "Sample statistics"}],
        "targets": [
            {"date": 8, "value": 60, "operator": "at_least", "kind": "trajectory"},
            {"date": 17, "value": 80, "operator": "at_least"},
        ],
        "commitments": ["1.1.2b"],
    },
    {
        "code": "1.2.1-2",
        "title": "Families shown the portal",
        "definition": "Families shown the information portal since April, at any event.",
        "unit": "families",
        "direction": "higher",
        "kind": "cumulative",
        "frequency": "monthly",
        "year": "financial",
        "counts_people": True,
        "targets": [{"date": 17, "value": 400, "operator": "at_least"}],
        "commitments": ["1.2.1a"],
    },
    {
        "code": "2.2.1-4",
        "title": "What parent carers say of our letters and calls",
        "definition": "Whether parent carers find that they are told in time and in plain words.",
        "unit": "in words",
        "direction": "higher",
        "kind": "qualitative",
        "frequency": "quarterly",
        "commitments": ["2.2.1e"],
    },
    {
        "code": "3.1.1-9",
        "title": "Pupils with SEND permanently excluded",
        "definition": "Pupils with SEND excluded permanently since September.",
        "unit": "pupils",
        "direction": "lower",
        "kind": "cumulative",
        "frequency": "monthly",
        "year": "school",
        "counts_people": True,
        "targets": [{"date": None, "value": 60, "operator": "at_most"}],
        "commitments": ["3.1.1e"],
    },
    {
        "code": "5.1.2-6",
        "title": "Fewer calls asking where to find help",
        "definition": "Calls to the helpline in a month that ask only where something is found.",
        "unit": "calls",
        "direction": "lower",
        "kind": "relative",
        "frequency": "monthly",
        "baseline": 640,
        "baseline_date": 0,
        "targets": [{"date": 17, "value": 20, "operator": "decrease_by"}],
        "commitments": ["5.1.2b"],
    },
)


def _place_after(kpis: list[dict[str, Any]], code: str) -> int:
    """Behind the last measure of the same action, in print order."""
    action = code.partition("-")[0]
    earlier = [n for n, kpi in enumerate(kpis) if kpi["code"].partition("-")[0] == action]
    return earlier[-1] + 1 if earlier else len(kpis)


def settle(content: dict[str, Any]) -> None:
    """Add to a plan file's content what its officer settled: rhythms, data owners, measures."""
    starts = PlanDate.parse(content["plan"]["starts"])
    leads = {
        commitment["ref"]: action["leads"] if commitment["leads"] is None else commitment["leads"]
        for area in content["areas"]
        for theme in area["themes"]
        for action in theme["actions"]
        for commitment in action["commitments"]
    }

    def month(number: int | None) -> str | None:
        return None if number is None else starts.plus_months(number).iso

    for kpi in content["kpis"]:
        settled = dict(_SETTLED.get(kpi["code"], {}))
        if "first_due" in settled:
            settled["first_due"] = month(settled["first_due"])
        kpi |= settled
    for added in _ADDED:
        kpi = dict(added)
        if "baseline_date" in kpi:
            kpi["baseline_date"] = month(kpi["baseline_date"])
        kpi["targets"] = [
            target | {"date": month(target["date"])} for target in kpi.get("targets", [])
        ]
        content["kpis"].insert(_place_after(content["kpis"], kpi["code"]), kpi)
    for kpi in content["kpis"]:
        owners = [name for ref in kpi["commitments"] for name in leads[ref]]
        kpi["data_owner"] = next(iter(owners), None)

"""Any plan that the format allows is the same plan after a way through the tracker."""

from decimal import Decimal
from typing import Any, get_args

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.models import LocalArea, Plan
from wsoa.planfile.exporting import export_plan
from wsoa.planfile.format import checks
from wsoa.planfile.format.differences import normalised
from wsoa.planfile.format.reading import read
from wsoa.planfile.format.schema import FindingKind, PlanFile
from wsoa.planfile.format.writing import canonical_bytes
from wsoa.planfile.importing import import_plan

ODD = [
    '"',
    "'",
    "\\",
    "\\n",
    ": ",
    " #",
    "- ",
    "{a: b}",
    "yes",
    "1.10",
    "2022-12-07",
    "~",
    "null",
    "\u2028",
    "\u0085",
    "\ufeff",
    "\u200b",
    "\t",
    "\r\n",
    "é",
    "e\u0301",
    "😀",
    "  two  ",
    "%",
    "&x",
    "*x",
    "!t",
    "|",
    ">",
    "@",
    "`",
    "---",
    "a" * 60,
]

words = (
    st.lists(
        st.one_of(
            st.sampled_from(ODD),
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
        ),
        min_size=1,
        max_size=6,
    )
    .map(" ".join)
    .filter(lambda text: text.strip() and not text.isspace())
)
maybe = st.none() | words
months = st.builds("{}-{:02}".format, st.integers(2021, 2024), st.integers(1, 12))
days = st.builds("{}-{:02}-{:02}".format, st.just(2022), st.integers(1, 12), st.integers(1, 28))
dates = months | days
spans = st.sampled_from(
    [
        "2022",
        "2022-Q4",
        "summer term 2022",
        "school year 2022/23",
        "financial year 2022/23",
        "2022-05-01 to 2022-05-05",
    ]
)
# With days of its own, or in the words of the paper; keys that say no more than the text are none.
with_keys = st.fixed_dictionaries(
    {"when": st.just("autumn term 2022"), "last_day": st.sampled_from(["2022-12-16", "2022-12-23"])}
) | st.builds(
    lambda when, printed: {"when": when, "printed": printed},
    dates | spans,
    st.sampled_from(["By the end", "Ongoing", "Summer ’22"]),
)
any_dates = dates | spans | with_keys
numbers = st.decimals(-10_000, 10_000, allow_nan=False, places=4)
money = st.decimals(0, 100_000, allow_nan=False, places=2)


def some(items: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, max_size=most)


def once(items: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, max_size=most, unique_by=lambda text: text.strip())


@st.composite
def key_dates(draw: st.DrawFn) -> list[dict[str, Any]]:
    kinds = draw(some(st.sampled_from(["completion", "interim", "start", "review"])))
    found: list[dict[str, Any]] = []
    for kind in kinds:
        if kind == "completion" and any(date["kind"] == kind for date in found):
            continue
        path = draw(st.lists(any_dates, min_size=1, max_size=3))
        path = [date for n, date in enumerate(path) if n == 0 or date != path[n - 1]]
        moved = sorted(draw(st.lists(days, min_size=len(path) - 1, max_size=len(path) - 1)))
        moves = [
            {"was": was, "moved_on": on, "reason": draw(words), "asked_by": draw(maybe)}
            for was, on in zip(path, moved, strict=False)
        ]
        found.append({"date": path[-1], "kind": kind, "note": draw(maybe), "moves": moves})
    return found


kpi_settings = st.fixed_dictionaries(
    {
        "kind": st.just("cumulative"),
        "frequency": st.sampled_from([None, "monthly", "yearly", "once"]),
        "numerator": maybe,
        "denominator": maybe,
        "denominator_about": st.none() | st.integers(1, 2**31 - 1),
        "per": st.none() | st.integers(1, 2**31 - 1),
        "comparator": maybe,
        "year": st.sampled_from([None, "financial", "school", "calendar"]),
        "counts_people": st.booleans(),
        "smallest_count": st.sampled_from([None, 5, 8, 10]),
        "smallest_denominator": st.none() | st.integers(0, 20),
        "smallest_survey": st.none() | st.integers(0, 32_767),
        "rounding": st.sampled_from([None, 0, 5, 10]),
        "remainder_tells": st.booleans(),
        "needs_second_person": st.booleans(),
        "first_due": st.none() | months,
        "enough_values": st.none() | st.integers(4, 32_767),
        "due_after_days": st.none() | st.integers(1, 250),
    }
)


# How a plan prints the reference of a part.
printed: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.just({"unnumbered": True}),
    st.sampled_from(["1", "A", "Priority 1"]).map(lambda text: {"printed": text}),
)
plan_kinds = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["improvement_plan", "reform_plan"]),
            "kind_name": st.sampled_from([None, "SEND Improvement Plan"]),
        }
    ),
    st.just({"kind": "other", "kind_name": "Graduated response"}),
)
level_names = st.fixed_dictionaries(
    {},
    optional={
        "area": st.sampled_from(["Priority", "Weakness"]),
        "areas": st.just("Priorities"),
        "commitment": st.just("Milestone"),
    },
)

colour_keys: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {
            "colour_key": st.lists(
                st.fixed_dictionaries(
                    {
                        "word": st.sampled_from(["Done", "On track", "Amber/Green", "On hold"]),
                        "means": st.sampled_from(["blue", "green", "amber", "paused"]),
                        "text": maybe,
                    }
                ),
                max_size=3,
                unique_by=lambda entry: str(entry["word"]),
            )
        },
        optional={
            "blue_means": st.sampled_from(["embedded", "complete"]),
            "blue_lasts_months": st.sampled_from([3, 6]),
        },
    ),
)


def rhythms(bodies: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """What a series says of how often; for meetings of a body where the plan has one."""
    alone = ["monthly", "six_weekly", "quarterly", "six_monthly", "termly"]
    kinds: list[st.SearchStrategy[dict[str, Any]]] = [
        st.fixed_dictionaries({"rhythm": st.sampled_from(alone)}),
        st.fixed_dictionaries({"rhythm": st.just("weeks"), "weeks": st.integers(1, 26)}),
    ]
    if bodies:
        named = {"rhythm": st.just("meetings"), "body": st.sampled_from(bodies)}
        kinds.append(st.fixed_dictionaries(named))
    return st.one_of(kinds)


def cycles(bodies: list[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Of every kind; one after another from the first of a month, some saying nothing new."""
    closing = {
        "closing_days": st.lists(
            st.sampled_from(["2026-03-26", "2026-05-14"]), min_size=1, unique=True
        )
    }
    kinds: list[dict[str, Any]] = [
        {"kind": st.just("monthly")},
        {
            "kind": st.just("monthly"),
            "before_papers": st.just(True),
            "days_before_papers": st.sampled_from([0, 5, 20]),
        },
        {"kind": st.just("weeks"), "weeks": st.integers(1, 26)},
        {"kind": st.just("termly")},
        {"kind": st.just("dates"), **closing},
    ]
    if bodies:
        kinds.append({"kind": st.just("meetings"), "body": st.sampled_from(bodies)})
    starts = st.sampled_from(["2022-01-01", "2023-09-01", "2026-02-16"])
    grace = st.sampled_from([0, 5, 10])
    return st.lists(
        st.one_of(
            *(st.fixed_dictionaries({"starts": starts, "grace_days": grace, **k}) for k in kinds)
        ),
        max_size=3,
        unique_by=lambda part: str(part["starts"]),
    )


treated = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.sampled_from(["2022-08-01", "2023-12-01"]),
            "treatment": st.sampled_from(["skipped", "joined"]),
        }
    ),
    unique_by=lambda part: str(part["day"]),
)
paused = st.none() | st.fixed_dictionaries(
    {"since": days, "reason": words, "decided_by": maybe, "restarts": st.none() | months}
)

short = st.sampled_from([None, "Waits for help"])
timescale = st.sampled_from([None, "Ongoing"])

# Of an action that prints no rows: nothing is tracked, or it is itself.
lines = words.filter(lambda text: "\n" not in text)
without_rows = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {
            "whole": st.fixed_dictionaries(
                {
                    "key_dates": key_dates(),
                    "paused": paused,
                    "note": maybe,
                    "measures": some(words, 2),
                    "short_title": short,
                    "timescale": timescale,
                },
                optional={"evidence": words},
            )
            | st.fixed_dictionaries({"criteria": some(lines)})
        }
    ),
)


_NONE: st.SearchStrategy[dict[str, Any]] = st.just({})
_dated = (
    _NONE
    | st.fixed_dictionaries({"date": any_dates})
    | st.fixed_dictionaries({"months_after_agreement": st.integers(1, 120)})
)
_wanted = (
    st.fixed_dictionaries({"value": st.none() | numbers})
    | st.fixed_dictionaries({"operator": st.sampled_from(["increase", "decrease"])})
    | st.fixed_dictionaries(
        {
            "operator": st.just("stay_close"),
            "value": numbers,
            "tolerance": st.none() | st.decimals(0, 100, places=2),
        }
    )
)
_printed = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["trajectory", "final"]),
        "label": st.sampled_from([None, "milestone 3"]),
        "borrowed_from": maybe,
        "note": maybe,
    }
)
targets = st.tuples(_dated, _wanted, _printed).map(lambda parts: parts[0] | parts[1] | parts[2])


@st.composite
def judgements(draw: st.DrawFn, inspections: list[str]) -> list[dict[str, Any]]:
    """Of an inspection, of a body on a day, of a body without one: each under a code of its own."""
    said = [
        {
            "inspection": code,
            "judged_on": draw(days),
            "verdict": draw(st.sampled_from(["sufficient", "not_sufficient", "effective"])),
            "summary": draw(maybe),
        }
        for code in draw(st.lists(st.sampled_from(inspections), unique=True))
    ]
    for n in range(draw(st.integers(0, 2))):
        verdict = draw(st.sampled_from(["not_effective", "monitoring_ended", "rating"]))
        is_dated = verdict == "monitoring_ended" or draw(st.booleans())
        said.append(
            {
                "code": f"review-{n}",
                "judged_by": draw(words),
                "judged_on": draw(days) if is_dated else None,
                "verdict": verdict,
                "rating": draw(st.sampled_from(["Amber/Green", "Good"]))
                if verdict == "rating"
                else None,
                "letter": draw(maybe),
                "letter_on": draw(st.none() | days),
            }
        )
    return said


@st.composite
def findings(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Of either inspection or of the plan itself, of every kind, in any order; any number."""
    codes = draw(
        st.lists(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", fullmatch=True),
                 max_size=4, unique=True)
    )  # fmt: skip
    return [
        {
            "key": code,
            "inspection": draw(st.sampled_from([None, *INSPECTIONS])),
            "kind": draw(st.sampled_from(list(get_args(FindingKind)))),
            "number": draw(st.sampled_from([None, "1", "A", "1.1"])),
            "short_title": draw(st.sampled_from([None, "Waits"])),
            "text": draw(words),
            "addressed_to": draw(maybe),
            "reference": draw(maybe),
            "judgements": draw(judgements(INSPECTIONS)),
        }
        for code in codes
    ]


INSPECTIONS = ["visit-1", "visit-2"]

quotations = st.none() | st.fixed_dictionaries(
    {"text": words, "by": maybe, "date": st.none() | any_dates}
)


@st.composite
def plan_files(draw: st.DrawFn) -> PlanFile:
    people = [name.strip() for name in draw(once(words))]
    codes = draw(st.lists(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,5}", fullmatch=True),
                          max_size=2, unique=True))  # fmt: skip
    some_people = st.lists(st.sampled_from(people), unique=True, max_size=2) if people else (
        st.just([])
    )  # fmt: skip
    resources = some(st.fixed_dictionaries({"text": words, "amount": st.none() | money}), 2)

    found = draw(findings())
    answers = st.lists(
        st.sampled_from([finding["key"] for finding in found]), unique=True, max_size=3
    ) if found else st.just([])  # fmt: skip

    bodies = [name.strip() for name in draw(once(words))]
    carried = st.fixed_dictionaries(
        {
            "accountable": some_people,
            # One of the plan's, or a name alone.
            "responsible_group": st.sampled_from([None, "A group of another plan", *bodies]),
            "impact": maybe,
            "quotation": quotations,
            "where_now": maybe,
            "urgency": st.sampled_from([None, "Must"]),
            "waits_for": maybe,
        }
    )

    commitments: list[dict[str, Any]] = []
    for letter in "abc"[: draw(st.integers(0, 3))]:
        shares = bool(commitments) and draw(st.booleans())
        commitments.append(
            {
                "ref": f"1.1.1{letter}",
                **draw(printed),
                "evidence": None if shares else draw(words),
                "same_evidence_as": "1.1.1a" if shares else None,
                "leads": draw(st.none() | some_people),
                "measures": draw(some(words, 2)),
                "resources": draw(resources),
                "key_dates": draw(key_dates()),
                "paused": draw(paused),
                "short_title": draw(short),
                "timescale": draw(timescale),
                "answers": draw(answers),
                "note": draw(maybe),
            }
        )
    refs = [commitment["ref"] for commitment in commitments]
    action = {
        "ref": "1.1.1",
        **draw(printed),
        "title": draw(words),
        "leads": draw(some_people),
        "resources": draw(resources),
        "works_with": draw(st.sampled_from([[], ["2"], ["2", "1"]])),
        "answers": draw(answers),
        **draw(carried),
        "commitments": commitments,
    }
    return PlanFile.model_validate(
        {
            "format": "wsoa-plan/2",
            "plan": {
                "slug": "odd",
                "local_area": "Oddshire",
                **draw(plan_kinds),
                "title": draw(words),
                "level_names": draw(level_names),
                **draw(colour_keys),
                "update_cycles": draw(cycles(bodies)),
                "update_periods": draw(treated),
                "starts": "2021-01",
                "ends": draw(st.none() | dates),
                "agreed_on": "2021-12-24",
                "agreed_by": draw(maybe),
                "agreement_reference": draw(maybe),
                "responsible": codes,
                "inspection": draw(st.sampled_from([None, *INSPECTIONS])),
                "judgements": draw(judgements(INSPECTIONS)),
                "priorities": draw(some(words)),
                "smallest_count": draw(st.sampled_from([0, 5, 6])),
                "smallest_denominator": draw(st.integers(0, 20)),
                "smallest_survey": draw(st.integers(0, 32_767)),
                "rounding": draw(st.sampled_from([0, 5, 10])),
                "outside_approver": draw(maybe),
                "own_move_weeks": draw(st.integers(0, 12)),
                "is_restated": draw(st.booleans()),
                "signatories": draw(some(st.fixed_dictionaries({"name": words, "office": words}))),
            },
            "organisations": [{"code": code, "name": draw(words)} for code in codes],
            "people": [
                {"name": name, "also_printed_as": draw(some(words, 2)), "note": draw(maybe)}
                for name in people
            ],
            "bodies": [
                {
                    "name": name,
                    "kind": "board",
                    "members": [
                        {"role": draw(words), "people": who}
                        for who in draw(some(some_people))
                        if who
                    ],
                }
                for name in bodies
            ],
            "contacts": [
                {
                    "name": name,
                    "role": draw(st.sampled_from(["dfe_adviser", "nhse_adviser", "other"])),
                    "job_title": draw(maybe),
                    "organisation": draw(maybe),
                    "email": draw(st.sampled_from([None, "o'neil.b+send@education.example.uk"])),
                    "phone": draw(st.sampled_from([None, "01234 567890", "+44 20 7946 0000"])),
                }
                for name in draw(once(words))
            ],
            "inspections": [{"code": code, "title": draw(words)} for code in INSPECTIONS],
            "findings": found,
            "notices": draw(
                some(
                    st.fixed_dictionaries(
                        {
                            "kind": st.sampled_from(["improvement_notice", "direction"]),
                            "issued_on": days,
                            "ended_on": st.sampled_from([None, "2023-01-31"]),
                            "board": maybe,
                            "chair": maybe,
                            "note": maybe,
                        }
                    )
                )
            ),
            "areas": [
                {
                    "ref": "2",
                    **draw(printed),
                    "title": draw(words),
                    "answers": draw(answers),
                    "short_title": draw(st.sampled_from([None, "Families"])),
                    "outcomes": draw(some(words)),
                    "impact": draw(maybe),
                    "headline_kpi": draw(st.sampled_from([None, "k-1"])),
                    "actions": [
                        {
                            "ref": ref,
                            **draw(printed),
                            "title": draw(words),
                            **draw(carried),
                            **draw(without_rows),
                        }
                        for ref in draw(
                            once(st.from_regex(r"[A-Z][A-Za-z0-9.-]{0,19}", fullmatch=True))
                        )
                    ],
                },
                {
                    "ref": "1",
                    **draw(printed),
                    "title": draw(words),
                    "themes": [
                        {"ref": "1.1", "title": draw(words), "actions": [action]},
                        {"ref": "1.10", **draw(printed), "title": draw(words)},
                        {"ref": "1.2", "title": draw(words)},
                    ],
                },
            ],
            "kpis": [
                {
                    "code": "k-1",
                    "title": draw(words),
                    "unit": draw(words),
                    "direction": "neither",
                    **draw(kpi_settings),
                    "short_title": draw(st.sampled_from([None, "Waits"])),
                    "baseline_text": draw(maybe),
                    "baseline_source": draw(maybe),
                    "baseline": (baseline := draw(st.none() | numbers)),
                    "awaits_baseline": baseline is None and draw(st.booleans()),
                    "baseline_date": draw(st.none() | any_dates),
                    "comparators": [
                        {"name": name, "published_in": draw(maybe)}
                        for name in draw(
                            st.lists(st.sampled_from(["England", "Region"]), unique=True)
                        )
                    ],
                    "targets": draw(some(targets)),
                    "commitments": draw(st.permutations(refs)),
                }
            ],
            "report_series": [
                {
                    "code": f"s-{number}",
                    "title": draw(words),
                    **draw(rhythms(bodies)),
                    "content": draw(st.sampled_from(["kpis", "exceptions", "formal", "scrutiny"])),
                    "anchor": draw(st.none() | days),
                    "year_starts_in": draw(st.integers(1, 12)),
                    "due_after": draw(st.integers(0, 60)),
                    "note": draw(maybe),
                }
                for number in range(draw(st.integers(0, 2)))
            ],
            "funding": draw(
                some(
                    st.fixed_dictionaries(
                        {
                            "title": words,
                            "amounts": st.lists(
                                st.fixed_dictionaries(
                                    {
                                        "year": st.sampled_from(["2021/22", "2022/23"]),
                                        "amount": st.none() | money,
                                    }
                                ),
                                max_size=2,
                                unique_by=lambda amount: amount["year"],
                            ),
                        }
                    )
                    | st.fixed_dictionaries(
                        {
                            "title": words,
                            "source": maybe,
                            "total": money,
                            "period": st.sampled_from([None, "2020 to 2024"]),
                        }
                    )
                )
            ),
            "documents": draw(
                some(
                    st.fixed_dictionaries(
                        {
                            "kind": st.sampled_from(["letter", "easy_read", "other"]),
                            "title": words,
                            "date": st.none() | days,
                            "version": st.sampled_from([None, "Version 2"]),
                            "author": maybe,
                            "area": st.sampled_from([None, "1"]),
                            "link": st.sampled_from([None, "https://example.org/a?b=1"]),
                            "shareable": st.booleans(),
                            "note": maybe,
                        }
                    )
                )
            ),
            "engagement": draw(
                some(
                    st.fixed_dictionaries(
                        {
                            "date": days,
                            "week": st.booleans(),
                            "meeting": words,
                            "description": words,
                        }
                    )
                )
            ),
        }
    )


def is_sound(file: PlanFile) -> bool:
    return not checks.problems_of(file)


@given(plan_files().filter(is_sound))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_reads_the_same_and_is_written_the_same_again(file):
    written = canonical_bytes(file)

    assert read(written).file == file
    assert canonical_bytes(read(written).file) == written


@pytest.mark.django_db
@given(plan_files().filter(is_sound))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_import_of_an_export_is_the_same_plan_and_its_export_the_same_bytes(file):
    with transaction.atomic():
        import_plan(file)
        once = export_plan(Plan.objects.get())
        assert read(once).file == normalised(file)
        assert not import_plan(file)
        transaction.set_rollback(True)
    assert not LocalArea.objects.exists()
    with transaction.atomic():
        import_plan(read(once).file)
        assert export_plan(Plan.objects.get()) == once
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("value", "text"), [("1E+3", "1000"), ("70.0000", "70"), ("-0", "0"), ("-0.5", "-0.5")]
)
def test_numbers_are_written_plainly(value, text):
    file = PlanFile.model_validate(
        {
            "format": "wsoa-plan/2",
            "plan": {"slug": "x", "local_area": "X", "kind": "improvement_plan", "title": "X",
                     "starts": "2022-01"},
            "kpis": [{"code": "k", "title": "K", "unit": "u", "direction": "lower",
                      "kind": "rate", "baseline": Decimal(value)}],
        }
    )  # fmt: skip

    assert f" baseline: {text}}}\n" in canonical_bytes(file).decode()

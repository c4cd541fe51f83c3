"""What a figure must be before it is recorded, kind by kind. No database."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from kpis.rules.facts import Status
from kpis.rules.validation import Given, has_parts, per, period_of, problems, worked_out

TODAY = date(2022, 11, 10)
FINAL, PROVISIONAL = Status.FINAL, Status.PROVISIONAL
PROJECTED, MISSING = Status.PROJECTED, Status.MISSING


def kpi(kind="quantity", unit="weeks", **fields):
    values = {
        "kind": kind,
        "unit": unit,
        "frequency": "monthly",
        "year": "",
        "per": None,
        "counts_people": False,
        "numerator": "",
        "denominator": "",
    }
    return SimpleNamespace(**(values | fields))


RATE = {"kind": "rate", "unit": "%", "numerator": "trained", "denominator": "staff"}


def given(value=None, status=FINAL, starts="2022-10-01", ends="2022-10-31", **fields):
    for name in ("numerator", "denominator", "compared_with"):
        if name in fields:
            fields[name] = Decimal(str(fields[name]))
    return Given(
        date.fromisoformat(starts),
        date.fromisoformat(ends),
        status,
        None if value is None else Decimal(str(value)),
        **fields,
    )


def wrong(measure, figure, newest=None, reason=""):
    """The fields that something is wrong with."""
    return [name for name, _ in problems(measure, figure, TODAY, newest, reason)]


# --- Periods ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "period"),
    [
        ({"frequency": "monthly"}, ("2022-11-01", "2022-11-30")),
        ({"frequency": ""}, ("2022-11-01", "2022-11-30")),
        ({"frequency": "once"}, ("2022-11-01", "2022-11-30")),
        ({"frequency": "quarterly"}, ("2022-10-01", "2022-12-31")),
        ({"frequency": "six_monthly"}, ("2022-10-01", "2023-03-31")),
        ({"frequency": "yearly"}, ("2022-04-01", "2023-03-31")),
        ({"frequency": "yearly", "year": "school"}, ("2022-09-01", "2023-08-31")),
        ({"frequency": "yearly", "year": "calendar"}, ("2022-01-01", "2022-12-31")),
        ({"frequency": "six_monthly", "year": "school"}, ("2022-09-01", "2023-02-28")),
        ({"frequency": "six_monthly", "year": "calendar"}, ("2022-07-01", "2022-12-31")),
        ({"frequency": "quarterly", "year": "school"}, ("2022-09-01", "2022-11-30")),
    ],
)
def test_a_day_lies_in_one_period_of_the_measure(fields, period):
    found = period_of(kpi(**fields), date(2022, 11, 10))
    assert tuple(day.isoformat() for day in found) == period


def test_a_period_that_is_not_the_measures_own_is_refused():
    assert wrong(kpi(), given(7, starts="2022-10-02")) == ["period"]
    assert wrong(kpi(), given(7, ends="2022-11-30")) == ["period"]
    assert wrong(kpi(frequency="quarterly"), given(7)) == ["period"]


@pytest.mark.parametrize("status", [FINAL, PROVISIONAL])
def test_a_period_must_have_ended_for_what_is_not_projected(status):
    november = {"starts": "2022-11-01", "ends": "2022-11-30"}
    assert wrong(kpi(), given(7, status, **november)) == ["status"]
    # its last day is not over
    (problem,) = problems(kpi(), given(7, status, **november), date(2022, 11, 30))
    assert problem[0] == "status"
    assert not list(problems(kpi(), given(7, status, **november), date(2022, 12, 1)))


def test_what_is_projected_may_be_to_come():
    assert not wrong(kpi(), given(7, PROJECTED, "2023-03-01", "2023-03-31"))


# --- Values -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "value", "field"),
    [
        (kpi(), 0, None),
        (kpi(), -7, None),  # a quantity may be a change
        (kpi(counts_people=True, unit="pupils"), -1, "value"),
        (kpi(unit="%"), 250, None),
        (kpi("rate", "%"), 100, None),
        (kpi("rate", "%"), 100.0001, "value"),
        (kpi("rate", "%"), -0.1, "value"),
        (kpi("rate", "per 1,000 pupils", per=1000), 250, None),
        (kpi("relative", "%"), -20, None),
        (kpi("relative", "%"), 150, None),
        (kpi("comparator", "%"), 101, "value"),
        (kpi("cumulative", "pupils"), -1, "value"),
        (kpi(), "1e12", "value"),
        (kpi(), "999999999999.9999", None),
        (kpi(), "0.00001", "value"),
        (kpi(), None, "value"),
    ],
)
def test_a_value_is_one_that_its_kind_can_have(measure, value, field):
    assert wrong(measure, given(value)) == ([field] if field else [])


def test_parts_are_worked_out_to_four_places_halves_up():
    # 61 of 248 are 24.59677…%; 1 of 16 of 1,000 are 62.5
    assert worked_out(kpi(**RATE), given(numerator=61, denominator=248)).value == Decimal("24.5968")
    per_thousand = kpi("rate", "per 1,000", per=1000)
    assert worked_out(per_thousand, given(numerator=1, denominator=16)).value == Decimal("62.5")
    # 1 / 32 = 0.03125
    plain = kpi("rate", "days a pupil")
    assert worked_out(plain, given(numerator=1, denominator=32)).value == Decimal("0.0313")


def test_what_parts_are_multiplied_by():
    assert per(kpi(unit="%")) == 100
    assert per(kpi(unit="weeks")) == 1
    assert per(kpi(unit="per 1,000", per=1000)) == 1000


@pytest.mark.parametrize(
    ("above", "below", "field"),
    [
        (61, 248, None),
        (0, 248, None),
        (248, 248, None),
        (249, 248, "numerator"),
        (-1, 248, "numerator"),
        (61, 0, "denominator"),
        (61, -5, "denominator"),
        ("1e12", 248, "numerator"),
        (61, "1e12", "denominator"),
        (61, "248.00001", "denominator"),
    ],
)
def test_both_parts_make_sense(above, below, field):
    found = wrong(kpi(**RATE), given(numerator=above, denominator=below))
    assert found == ([field] if field else [])


def test_a_part_alone_is_no_figure():
    assert wrong(kpi(**RATE), given(numerator=61)) == ["denominator"]
    assert wrong(kpi(**RATE), given(denominator=248)) == ["numerator"]


@pytest.mark.parametrize(("above", "below"), [("1e11", "0.0001"), ("1e400", "1"), ("1", "1e-90")])
def test_parts_that_come_to_nothing_a_column_can_hold_are_refused_and_break_nothing(above, below):
    measure = kpi("rate", "calls", per=2**31 - 1)
    figure = given(numerator=above, denominator=below)
    assert wrong(measure, worked_out(measure, figure)) == ["numerator"] or wrong(
        measure, worked_out(measure, figure)
    ) == ["denominator"]


@pytest.mark.parametrize(
    ("value", "is_right"), [("24.5968", True), ("24.6", True), ("25", True), ("24", False)]
)
def test_a_value_beside_its_parts_is_the_same_at_its_own_places(value, is_right):
    # 61 of 248 are 24.5968%
    found = wrong(kpi(**RATE), given(value, numerator=61, denominator=248))
    assert found == ([] if is_right else ["value"])


def test_a_survey_says_how_many_answered():
    survey = kpi("survey", "%")
    assert wrong(survey, given(61)) == ["respondents"]
    assert wrong(survey, given(61, respondents=0)) == ["respondents"]
    assert wrong(survey, given(61, respondents=2**31)) == ["respondents"]
    assert not wrong(survey, given(61, respondents=120))
    assert not wrong(survey, given(numerator=61, denominator=120))


def test_only_a_comparison_has_the_others_figure():
    assert not wrong(kpi("comparator", "%"), given(61, compared_with=64))
    assert wrong(kpi("comparator", "%"), given(61, compared_with=164)) == ["compared_with"]
    assert wrong(kpi("rate", "%"), given(61, compared_with=64)) == ["compared_with"]
    # theirs may come later
    assert not wrong(kpi("comparator", "%"), given(61))


# --- Judgements and no figure -----------------------------------------------------------------


def test_a_judgement_has_its_source_and_its_people():
    said = {"judgement": "improved", "based_on": "Forum", "respondents": 14}
    assert not wrong(kpi("qualitative"), given(**said))
    assert wrong(kpi("qualitative"), given(**(said | {"judgement": ""}))) == ["judgement"]
    assert wrong(kpi("qualitative"), given(**(said | {"based_on": ""}))) == ["based_on"]
    assert wrong(kpi("qualitative"), given(**(said | {"respondents": None}))) == ["respondents"]
    assert wrong(kpi("qualitative"), given(7, **said)) == ["value"]
    assert wrong(kpi("qualitative"), given(denominator=7, **said)) == ["denominator"]


def test_what_is_not_yet_known_rests_on_nothing():
    assert not wrong(kpi("qualitative"), given(judgement="not_known"))


def test_a_number_is_not_judged():
    assert wrong(kpi(), given(7, judgement="improved")) == ["judgement"]


def test_no_figure_says_why_and_nothing_else():
    assert not wrong(kpi(), given(status=MISSING, note="The system was down."))
    assert wrong(kpi(), given(status=MISSING)) == ["note"]
    assert wrong(kpi(), given(0, MISSING, note="Down.")) == ["value"]
    assert wrong(kpi(**RATE), given(status=MISSING, numerator=3, note="Down.")) == ["numerator"]
    said = {"judgement": "worse", "note": "Down."}
    assert wrong(kpi("qualitative"), given(status=MISSING, **said)) == ["judgement"]


# --- After another figure ---------------------------------------------------------------------


@pytest.mark.parametrize("newest", [PROJECTED, PROVISIONAL, MISSING, None])
@pytest.mark.parametrize("status", [PROVISIONAL, FINAL, MISSING])
def test_until_a_figure_is_final_it_changes_without_a_reason(newest, status):
    value = None if status is MISSING else 7
    assert not wrong(kpi(), given(value, status, note="Why"), newest)


def test_a_final_figure_changes_with_a_reason_and_is_never_projected_again():
    assert wrong(kpi(), given(7), FINAL) == ["reason"]
    assert not wrong(kpi(), given(7), FINAL, "Counted twice.")
    assert not wrong(kpi(), given(7, PROVISIONAL), FINAL, "Counted twice.")
    assert wrong(kpi(), given(7, PROJECTED), FINAL, "Counted twice.") == ["status"]


# --- What people are told ---------------------------------------------------------------------

NOVEMBER = {"starts": "2022-11-01", "ends": "2022-11-30"}
SAID = {"judgement": "improved", "based_on": "Forum", "respondents": 14}
JUDGED = kpi("qualitative")
TOO_LARGE = "This number is too large"
NOT_BELOW = "This cannot be less than 0"
MORE_THAN_0 = "This must be more than 0"


@pytest.mark.parametrize(
    ("measure", "figure", "field", "words"),
    [
        (
            kpi(),
            given(7, starts="2022-10-02"),
            "period",
            "This is not one of the periods in which the measure is taken",
        ),
        (
            kpi(),
            given(7, **NOVEMBER),
            "status",
            "This period ends on 30 November 2022. Until then a figure is projected",
        ),
        (
            kpi(),
            given(7, MISSING, note="Down."),
            "value",
            "A figure stands here, and “No figure” was chosen. Leave one of them out",
        ),
        (kpi(), given(status=MISSING), "note", "Say why there is no figure"),
        (JUDGED, given(**(SAID | {"judgement": ""})), "judgement", "Choose what people say"),
        (JUDGED, given(**(SAID | {"based_on": ""})), "based_on", "Say what this rests on"),
        (
            JUDGED,
            given(**(SAID | {"respondents": None})),
            "respondents",
            "Say how many people it rests on",
        ),
        (
            JUDGED,
            given(7, **SAID),
            "value",
            "This measure is judged in words. Leave the number out",
        ),
        (JUDGED, given(**(SAID | {"respondents": 2**31})), "respondents", TOO_LARGE),
        (JUDGED, given(**(SAID | {"respondents": 0})), "respondents", MORE_THAN_0),
        (
            kpi(),
            given(7, judgement="worse"),
            "judgement",
            "This measure is a number. Leave the judgement out",
        ),
        (kpi(), given(), "value", "Give the figure, or say that there is none"),
        (kpi(), given("1e12"), "value", TOO_LARGE),
        (kpi(), given("0.00001"), "value", "Give at most four figures after the point"),
        (kpi("rate", "%"), given(101), "value", "This percentage cannot be more than 100"),
        (kpi("rate", "%"), given(-1), "value", NOT_BELOW),
        (
            kpi("rate", "%"),
            given(61, compared_with=64),
            "compared_with",
            "This measure is compared with nobody. Leave this out",
        ),
        (kpi("survey", "%"), given(61), "respondents", "Say how many people answered"),
        (kpi(**RATE), given(numerator=61), "denominator", "Give both numbers"),
        (kpi(**RATE), given(denominator=61), "numerator", "Give both numbers"),
        (kpi(**RATE), given(numerator=61, denominator=0), "denominator", MORE_THAN_0),
        (kpi(**RATE), given(numerator=-1, denominator=248), "numerator", NOT_BELOW),
        (
            kpi(**RATE),
            given(numerator=249, denominator="248.50"),
            "numerator",
            "This cannot be more than 248.5",
        ),
        (
            kpi(**RATE),
            given(numerator=250, denominator=240),
            "numerator",
            "This cannot be more than 240",
        ),
        (
            kpi(**RATE),
            given("24.50", numerator=61, denominator=248),
            "value",
            "The parts come to 24.5968, and not to 24.5",
        ),
        (
            kpi(**RATE),
            given(30, numerator=50, denominator=250),
            "value",
            "The parts come to 20, and not to 30",
        ),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(measure, figure, field, words):
    assert list(problems(measure, figure, TODAY)) == [(field, words)]


def test_what_is_wrong_after_a_final_figure_is_said_in_plain_words():
    assert list(problems(kpi(), given(7, PROJECTED), TODAY, FINAL)) == [
        ("status", "A final figure was given for this period. It cannot be projected now"),
        ("reason", "The figure of this period was final. Say why it changes"),
    ]


@pytest.mark.parametrize("people", [1, 2, 2**31 - 1])
def test_one_person_is_enough_and_the_most_that_can_be_kept_is_kept(people):
    assert not wrong(kpi("survey", "%"), given(61, respondents=people))


@pytest.mark.parametrize(
    ("above", "below"),
    [("0.5", "0.5"), (0, "0.0001"), (1, 1)],
)
def test_parts_may_be_as_small_as_they_are(above, below):
    assert not wrong(kpi(**RATE), given(numerator=above, denominator=below))


def test_both_parts_may_be_wrong_at_once():
    figure = given(numerator="1e12", denominator="0.00001")
    assert wrong(kpi(**RATE), figure) == ["numerator", "denominator"]


@pytest.mark.parametrize(
    ("value", "is_right"),
    [
        # 61 of 244 are exactly 25%; 1 of 32 are 3.125%, which is 3.13 at two places and 3.1 at one.
        ("3.125", True),
        ("3.13", True),
        ("3.12", False),
        ("3.1", True),
        ("3", True),
        ("4", False),
        ("2", False),
    ],
)
def test_halves_go_up_in_a_value_beside_its_parts(value, is_right):
    found = wrong(kpi(**RATE), given(value, numerator=1, denominator=32))
    assert found == ([] if is_right else ["value"])


def test_a_round_value_written_in_tens_is_a_value():
    # 1 of 5 are 20%, however it was typed.
    assert not wrong(kpi(**RATE), given("2e1", numerator=1, denominator=5))
    # 21% are not 20%, though in tens they would be.
    assert wrong(kpi(**RATE), given("2e1", numerator=21, denominator=100)) == ["value"]


def test_parts_that_come_to_too_much_are_worked_out_without_rounding():
    plain = kpi("rate", "calls", numerator="calls", denominator="days")
    assert worked_out(plain, given(numerator="1e11", denominator="0.0001")).value == 10**15
    # 10**12 is too large itself, and a little less is not.
    assert worked_out(plain, given(numerator="1e11", denominator="0.1")).value == 10**12
    assert wrong(plain, given(numerator="1e11", denominator="0.1")) == ["numerator"]
    assert not wrong(plain, given(numerator="99999999999", denominator="0.1"))


def test_without_both_parts_nothing_is_worked_out():
    for figure in (given(7), given(7, numerator=61), given(7, denominator=61)):
        assert worked_out(kpi(**RATE), figure) is figure
    nothing = given(7, numerator=61, denominator=0)
    assert worked_out(kpi(**RATE), nothing) is nothing


def test_it_has_parts_where_both_are_named():
    assert has_parts(kpi(**RATE))
    assert not has_parts(kpi(numerator="trained"))
    assert not has_parts(kpi(denominator="staff"))


def test_a_figure_of_no_month_says_so_and_not_that_it_has_not_ended():
    assert wrong(kpi(), given(7, starts="2022-11-02", ends="2022-11-30")) == ["period"]


def test_a_change_in_numbers_of_people_is_not_below_zero():
    assert wrong(kpi("relative", "pupils", counts_people=True), given(-1)) == ["value"]
    assert not wrong(kpi("relative", "pupils"), given(-1))


def test_a_measure_in_words_says_one_number_too_many_once():
    assert wrong(JUDGED, given(7, numerator=1, compared_with=2, **SAID)) == ["value"]
    assert wrong(JUDGED, given(compared_with=2, **SAID)) == ["compared_with"]
    assert wrong(JUDGED, given(numerator=2, **SAID)) == ["numerator"]


@pytest.mark.parametrize(
    ("name", "value"), [("respondents", 12), ("based_on", "Forum"), ("compared_with", 3)]
)
def test_no_figure_is_said_beside_nothing_at_all(name, value):
    assert wrong(kpi(), given(status=MISSING, note="Down.", **{name: value})) == [name]

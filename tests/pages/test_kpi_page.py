"""The page of one measure: where it stands, its chart, every figure, and what is beside it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.plan import amendments
from actions.progress import risks, updates
from actions.progress.update_answers import NewEvidence
from actions.rules.dates import add_months
from kpis.models import Kpi, KpiRisk
from kpis.recording import measurements, rebases
from tests.factories import at, make_kpi, make_target, make_update, make_world, record_figure


def page(client, world, code="K1", persona="member", status=200, **query):
    client.force_login(world.users[persona])
    answer = client.get(reverse("pages:kpi", args=[world.plan.slug, code]), query)
    assert answer.status_code == status, answer.content
    return answer


def words(answer):
    """What is read, without drawings and data."""
    text = re.sub(r"<(svg|script)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", text).replace("&#x27;", "'")
    return re.sub(r"\s+", " ", text)


def said(answer, *sentences):
    text = words(answer)
    for sentence in sentences:
        assert sentence in text, f"{sentence!r} not in {text}"


# --- Where it stands --------------------------------------------------------------------------


@pytest.fixture
def waits(world):
    """From 242 weeks to 125 by June 2023 and 13 by March 2024, with its last figure 200."""
    kpi = make_kpi(world.plan, "K1", (world.commitment,), title="Weeks waited", baseline=242)
    make_target(kpi, 125, "2023-06")
    make_target(kpi, 13, "2024-03")
    for month, weeks, said in (("2022-06", 236, "2022-07-08"), ("2022-12", 200, "2023-01-09")):
        record_figure(kpi, month, weeks, by=world.users["officer"], effective_at=at(said))
    return kpi


def test_it_says_where_it_stands_and_what_it_assumed(client, world, waits):
    answer = page(client, world, as_at="2023-01-15")
    said(
        answer,
        "KPI K1, monthly quantity, lower is better",
        "42 weeks better than the baseline; 36.1 weeks above its trajectory",
        # From 242 on 1 January 2022 to 125 on 30 June 2023 in 545 days, of which 364 have gone:
        # 242 - 117 * 364 / 545 = 163.9.
        "December 2022 came to 200 weeks: 36.1 weeks above its trajectory, which expects 163.9",
        "It is 75 weeks above the target of 125 weeks due by June 2023.",
        "the trajectory is taken to start where the plan does, January 2022",
        # A tenth of 242 - 13.
        "Short by no more than 22.9 weeks counts as near the trajectory.",
        "13 weeks or less by March 2024",
    )
    assert answer.context["line"].position_text == "Off trajectory"
    # Two figures do not say where it is going.
    assert "At the rate of" not in words(answer)


def test_milestones_are_told_one_by_one_and_that_the_last_has_passed(client, world, waits):
    answer = page(client, world)
    said(
        answer,
        "Target passed, no figure",
        "42 weeks better than the baseline; target passed, no figure since December 2022",
        "The date of its target has passed (13 weeks or less by March 2024), and no figure",
        "Baseline 242 weeks",
        "June 2023 125 weeks or less Actual – Outcome No figure",
    )
    assert "the target of 125 weeks due by June 2023" not in words(answer)
    record_figure(waits, "2023-06", 140, by=world.users["officer"])
    record_figure(waits, "2024-03", 13, by=world.users["officer"])
    said(
        page(client, world),
        "At target",
        "June 2023 125 weeks or less Actual 140 weeks Outcome Missed",
        "March 2024 13 weeks or less Actual 13 weeks Outcome Met",
    )


def test_it_says_when_the_target_is_reached_where_the_change_is_no_chance(client, world):
    kpi = make_kpi(world.plan, "K1")
    make_target(kpi, 60, "2023-06")
    for number, value in enumerate([*[100, 101] * 6, 98, 96, 94, 92, 90, 88, 86]):
        month = f"{2021 + number // 12}-{number % 12 + 1:02}"
        record_figure(kpi, month, value, by=world.users["officer"])
    # From July 2021 to July 2022 it fell by 14 in 365 days; 26 more take 678: 8 June 2024.
    said(
        page(client, world),
        "At the rate of the last twelve months it reaches 60 weeks by June 2024, 12 months after",
    )


def test_after_its_last_point_the_target_is_to_be_held(client, world):
    kpi = make_kpi(world.plan, "K1", baseline=242, baseline_date="2022-01")
    make_target(kpi, 125, "2022-06")
    record_figure(kpi, "2022-12", 120, by=world.users["officer"])
    said(
        page(client, world),
        "After its last value the trajectory is taken to be level: 125 weeks is to be held.",
        "It meets the target of 125 weeks due by June 2022.",
        "At target",
    )


def test_before_the_date_of_the_baseline_the_line_is_level(client, world):
    kpi = make_kpi(world.plan, "K1", baseline=242, baseline_date="2022-06")
    make_target(kpi, 125, "2023-06")
    record_figure(kpi, "2022-03", 242, by=world.users["officer"])
    said(page(client, world), "Before its first value the trajectory is taken to be level, at 242")


def test_a_baseline_alone_and_nothing_at_all(client, world):
    kpi = make_kpi(world.plan, "K1", baseline=50, unit="%", direction="higher")
    record_figure(kpi, "2022-03", 55, by=world.users["officer"])
    said(
        page(client, world),
        "5 percentage points better than the baseline",
        "Baseline 50%",
        "The plan gives no target for it.",
    )
    make_kpi(world.plan, "K2", awaits_baseline=True)
    said(page(client, world, "K2"), "A baseline is awaited", "Nothing has been recorded of it yet.")


def test_a_comparison_shows_both_values(client, world):
    kpi = make_kpi(
        world.plan,
        "K1",
        unit="%",
        direction="higher",
        kind=Kpi.Kind.COMPARATOR,
        comparator="statistical neighbours",
    )
    make_target(kpi, None, "2033-02", "at_least")
    record_figure(kpi, "2022-03", 61, compared_with=62, by=world.users["officer"])
    said(
        page(client, world),
        "Below the others",
        "62% statistical neighbours",
        "That is 1 percentage point worse than statistical neighbours.",
        "In line with statistical neighbours, or better by February 2033",
    )


def test_a_judgement_is_a_timeline_in_words(client, world):
    kpi = make_kpi(world.plan, "K1", kind=Kpi.Kind.QUALITATIVE, frequency="quarterly")
    for month, judgement in (("2022-01", "no_change"), ("2022-04", "improved")):
        record_figure(
            kpi,
            month,
            judgement=judgement,
            based_on="Forum talks",
            respondents=24,
            note="They said so.",
            by=world.users["officer"],
        )
    answer = page(client, world)
    assert answer.context["chart"] is None
    said(
        answer,
        "People say that it has improved",
        "April to June 2022 Improved final Based on 24 people Source: Forum talks They said so.",
        "January to March 2022 No change",
    )


def test_a_running_total_shows_the_line_of_its_year(client, world):
    kpi = make_kpi(
        world.plan,
        "K1",
        unit="pupils",
        kind=Kpi.Kind.CUMULATIVE,
        year="school",
        direction="lower",
    )
    make_target(kpi, 60)
    for month, value in (("2022-07", 70), ("2022-08", 72), ("2022-09", 7), ("2022-10", 15)):
        record_figure(kpi, month, value, by=world.users["officer"])
    answer = page(client, world)
    said(answer, "The year to August 2022 ended at 72 pupils, 12 pupils above its target of 60")
    said(answer, "The total begins again from nothing each year")
    # 15 in the second month, where 10 were expected: nothing has been met.
    said(answer, "October 2022 came to 15 pupils: 5 pupils above its trajectory")
    assert "meets the target" not in words(answer)
    # Only this school year's are drawn; the others are listed.
    assert "since the year began" in answer.context["chart"].unit
    assert "July 2022" not in answer.context["chart"].alt
    assert "July 2022 70 pupils" in words(answer)


def test_a_survey_says_how_many_answered(client, world):
    kpi = make_kpi(
        world.plan,
        "K1",
        unit="%",
        direction="higher",
        kind=Kpi.Kind.SURVEY,
        numerator="who had support",
        denominator="surveyed",
        denominator_about=108,
    )
    record_figure(kpi, "2022-03", numerator=70, denominator=108, by=world.users["officer"])
    said(page(client, world), "64.8%", "70 who had support of about 108 surveyed")


# --- The chart --------------------------------------------------------------------------------


def monthly(world, kpi, values, **fields):
    for index, value in enumerate(values):
        record_figure(
            kpi,
            f"{2022 + index // 12}-{index % 12 + 1:02}",
            value,
            by=world.users["officer"],
            **fields,
        )


FOURTEEN = [50, 52, 49, 51, 50, 48, 52, 50, 49, 51, 50, 52, 50, 49]


def test_icons_are_withheld_in_words_below_thirteen_points(client, world):
    kpi = make_kpi(world.plan, "K1")
    make_target(kpi, 40)
    monthly(world, kpi, FOURTEEN[:12])
    answer = page(client, world)
    assert (answer.context["icons"].variation, answer.context["icons"].assurance) == (None, None)
    said(answer, "this chart has 12 points since its limits were last set, and at least 13")
    record_figure(kpi, "2023-01", 50, by=world.users["officer"])
    said(page(client, world), "Variation: no significant change", "Assurance: will miss the target")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"frequency": "quarterly"}, "No control chart: it needs figures at least every month."),
        ({"kind": "cumulative"}, "No control chart: a running total grows all year"),
        ({"direction": "neither"}, "No assurance icon: for this measure neither direction"),
    ],
)
def test_a_chart_that_says_nothing_is_left_out_with_the_reason(client, world, fields, why):
    kpi = make_kpi(world.plan, "K1", **fields)
    step = 3 if fields.get("frequency") else 1
    for index, value in enumerate(FOURTEEN):
        day = add_months(timezone.localdate().replace(day=1), step * (index - 20))
        record_figure(kpi, f"{day:%Y-%m}", value, by=world.users["officer"])
    said(page(client, world), why)


def test_a_rebase_is_marked_and_stands_among_the_decisions(client, world):
    kpi = make_kpi(world.plan, "K1")
    monthly(world, kpi, FOURTEEN)
    rebases.record_rebase(
        kpi=kpi,
        on=at("2022-08-01").date(),
        reason="A clinic opened",
        decided_by="Performance group",
        by=world.users["officer"],
        today=timezone.localdate(),
    )
    answer = page(client, world, persona="officer")
    said(
        answer,
        "Limits set again from August 2022: A clinic opened Decided by Performance group.",
        "Take it back",
    )
    assert "Marked: Limits set again: A clinic opened." in answer.context["chart"].alt
    assert "Take it back" not in words(page(client, world, persona="member"))


def test_a_missing_period_is_a_gap_and_never_nought(client, world):
    kpi = make_kpi(world.plan, "K1")
    monthly(world, kpi, [50, 52])
    record_figure(
        kpi, "2022-03", status="missing", note="The system was down", by=world.users["officer"]
    )
    record_figure(kpi, "2022-06", 51, by=world.users["officer"])
    answer = page(client, world)
    # March was said to have none; of April and May nobody said anything.
    said(answer, "No figure: March 2022, April 2022 and May 2022.", "The system was down")
    assert [row[1].text for row in answer.context["chart"].rows] == [
        "51",
        "no figure",
        "no figure",
        "no figure",
        "52",
        "50",
    ]


def test_a_projected_figure_counts_for_nothing(client, world, waits):
    month = timezone.localdate()
    record_figure(waits, f"{month:%Y-%m}", 1, status="projected", by=world.users["officer"])
    answer = page(client, world)
    assert answer.context["line"].latest_text == "200 weeks"
    said(answer, "1 week projected")


# --- Every figure -----------------------------------------------------------------------------


def test_a_restatement_stands_with_its_reason_and_what_was_said_before(client, world):
    kpi = make_kpi(world.plan, "K1")
    record_figure(kpi, "2022-03", 90, by=world.users["officer"], note="First count")
    record_figure(kpi, "2022-03", 84, by=world.users["sro"], reason="Six were counted twice.")
    said(
        page(client, world),
        "84 weeks final, restated Why it was changed: Six were counted twice.",
        "Before: 90 weeks , final First count",
        "The officer",
        "The sro",
    )


def test_a_figure_that_was_only_settled_is_not_said_twice(client, world):
    kpi = make_kpi(world.plan, "K1")
    record_figure(kpi, "2022-03", 90, by=world.users["officer"], status="provisional")
    record_figure(kpi, "2022-03", 90, by=world.users["officer"])
    text = words(page(client, world))
    assert "Before: the same , provisional" in text
    assert "Before: 90 weeks" not in text


def test_a_figure_that_waits_for_a_second_person_is_provisional(client, world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,), needs_second_person=True)
    row = record_figure(kpi, "2022-03", 90, by=world.users["officer"])
    check = reverse("kpis:check_figure", args=[world.plan.slug, "K1", row.pk])
    said(page(client, world), "provisional, waits for a second person")
    links = {
        persona: check in page(client, world, persona=persona).content.decode()
        for persona in ("officer", "sro", "other_sro", "member")
    }
    # Not who recorded it, and nobody without a part in it.
    assert links == {"officer": False, "sro": True, "other_sro": False, "member": False}
    measurements.check_figure(
        measurement=row,
        by=world.users["sro"],
        today=timezone.localdate(),
        is_confirmed=False,
        reason="Wrong month.",
    )
    said(
        page(client, world),
        "provisional, returned by a second person",
        "Returned by The sro: Wrong month.",
    )


# --- Beside it --------------------------------------------------------------------------------


def test_work_that_is_done_and_did_not_help_is_shown(client, world):
    kpi = make_kpi(world.plan, "K1", (world.commitment, world.second, world.elsewhere), baseline=50)
    long_ago = timezone.now() - timedelta(days=200)
    for commitment in (world.commitment, world.second):
        update = make_update(
            commitment,
            world.users["lead"],
            brag="blue",
            progress="Done.",
            evidence=NewEvidence("Minutes"),
            changed_for_families="Answers come sooner.",
            effective_at=long_ago,
            source="paper",
        )
        updates.answer_blue(
            update=update,
            by=world.users["sro"],
            is_confirmed=True,
            effective_at=long_ago,
            source="x",
        )
    amendments.withdraw_commitment(
        commitment=world.elsewhere, reason="x", by=world.users["officer"]
    )
    said(page(client, world), "Done, and no figure since", "Withdrawn 2.1.1a")
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    record_figure(kpi, f"{last_month:%Y-%m}", 60, by=world.users["officer"])
    said(page(client, world), "Done, and the measure is no better than the baseline")


def test_its_risks_stand_beside_it_and_lead_back_to_it(client, world):
    kpi = make_kpi(world.plan, "K1", (world.commitment,))
    client.force_login(world.users["sro"])
    raising = reverse("oversight:raise_risk", args=[world.plan.slug])
    client.post(raising, {"kind": "risk", "on": "kpi:K1", "text": "The system is old"})
    risk = KpiRisk.objects.get(kpi=kpi).risk
    answer = page(client, world, persona="sro")
    said(answer, "Risk: The system is old", "Raise a risk or an issue", "Close")
    assert "Close" not in words(page(client, world, persona="member"))
    register = client.get(reverse("oversight:risks", args=[world.plan.slug])).content.decode()
    assert reverse("pages:kpi", args=[world.plan.slug, "K1"]) in register
    risks.close_risk(risk=risk, by=world.users["sro"], reason="Replaced.")
    assert "The system is old" not in words(page(client, world))


def test_as_at_shows_the_page_of_that_day(client, world, waits):
    before = page(client, world, as_at="2022-06-01")
    said(before, "No figure yet", "This is not today")
    assert "200 weeks" not in words(before)
    assert not before.context["enter_url"]
    page(client, world, status=400, as_at="soon")


def test_an_unknown_code_is_unknown_and_so_is_another_plans(client, world, waits):
    page(client, world, code="K9", status=404)
    other = make_world()
    client.force_login(other.users["officer"])
    address = reverse("pages:kpi", args=[world.plan.slug, "K1"])
    assert client.get(address).status_code == 404


def test_who_may_record_is_shown_the_way(client, world):
    make_kpi(world.plan, "K1", (world.commitment,), data_owner=world.people["other_lead"])
    may = {
        persona: bool(page(client, world, persona=persona).context["enter_url"])
        for persona in ("officer", "sro", "other_sro", "lead", "other_lead", "member")
    }
    assert may == {
        "officer": True,
        "sro": True,
        "other_sro": False,
        "lead": False,
        "other_lead": True,
        "member": False,
    }


def test_what_people_write_is_shown_as_text(client, world):
    hostile = "<script>alert(1)</script>"
    kpi = make_kpi(
        world.plan, "K1", (world.commitment,), title=hostile, unit=hostile, definition=hostile
    )
    record_figure(kpi, "2022-03", 5, note=hostile, by=world.users["officer"])
    record_figure(kpi, "2022-04", 6, note=hostile, by=world.users["officer"])
    for address in ("pages:kpi", "kpis:kpis"):
        client.force_login(world.users["officer"])
        arguments = [world.plan.slug, *(["K1"] if address == "pages:kpi" else [])]
        assert hostile not in client.get(reverse(address, args=arguments)).content.decode()


# --- Small numbers ----------------------------------------------------------------------------


@pytest.fixture
def small(world):
    """A rate of which one month is of 2 of 40, restated to 3; and enough others for a chart."""
    kpi = make_kpi(
        world.plan,
        "K1",
        (world.commitment,),
        unit="%",
        direction="higher",
        kind=Kpi.Kind.RATE,
        numerator="seen",
        denominator="asked",
        data_owner=world.people["other_lead"],
        counts_people=True,
    )
    make_target(kpi, 60, "2033-06", "at_least")
    for month in range(1, 13):
        record_figure(
            kpi, f"2022-{month:02}", numerator=20 + month, denominator=41, by=world.users["officer"]
        )
    record_figure(
        kpi,
        "2023-01",
        numerator=2,
        denominator=41,
        note="the Dale twins",
        by=world.users["officer"],
    )
    record_figure(
        kpi,
        "2023-01",
        numerator=3,
        denominator=41,
        note="the Dale twins",
        reason="one family moved",
        by=world.users["officer"],
    )
    return kpi


# 2 and 3 of 41, as they would be said and as they are kept.
NUMBERS = ("4.9%", "7.3%", "4.878", "7.317", ">2 seen", ">3 seen")


@pytest.mark.parametrize("persona", ["member", "sro", "lead"])
def test_a_small_number_and_all_about_it_is_absent_from_what_is_sent(client, world, small, persona):
    answer = page(client, world, persona=persona)
    source = answer.content.decode()
    for secret in (*NUMBERS, "the Dale twins", "one family moved"):
        assert secret not in source, secret
    chart = answer.context["chart"]
    for part in (str(chart.data), chart.alt, str(chart.svg), str(chart.rows)):
        assert not any(number in part for number in NUMBERS)
    assert "Too few to show, [c]: January 2023." in chart.notes
    # The limits could give it away, and so could the icons.
    assert answer.context["line"].state.chart is None
    assert "Mean" not in [column.text for column in chart.columns]
    said(
        answer,
        "No control chart: some figures are too few to show",
        "The newest figure is too few to show",
        "Before: too few to show",
    )


@pytest.mark.parametrize("persona", ["officer", "other_lead"])
def test_the_officer_and_the_data_owner_see_all_of_it(client, world, small, persona):
    answer = page(client, world, persona=persona)
    said(answer, "7.3%", "3 seen of 41 asked", "the Dale twins", "one family moved", "4.9%")
    assert answer.context["line"].state.chart is not None


def test_what_a_judgement_by_a_few_rests_on_is_hidden(client, world):
    kpi = make_kpi(
        world.plan, "K1", (world.commitment,), kind=Kpi.Kind.QUALITATIVE, counts_people=True
    )
    record_figure(
        kpi,
        "2022-01",
        judgement="worse",
        based_on="a talk with three mothers",
        respondents=3,
        note="All three said so",
        by=world.users["officer"],
    )
    text = words(page(client, world))
    assert "Worse" in text
    assert "based on too few people to say how many" in text.casefold()
    assert "three" not in text
    assert "based on 3 people" not in text.casefold()
    said(page(client, world, persona="officer"), "All three said so", "Based on 3 people")


def test_the_running_total_that_would_give_one_away_is_hidden(client, world):
    kpi = make_kpi(
        world.plan,
        "K1",
        unit="pupils",
        kind=Kpi.Kind.CUMULATIVE,
        year="school",
        counts_people=True,
    )
    for month, value in (("2022-09", 20), ("2022-10", 22), ("2022-11", 31)):
        record_figure(kpi, month, value, by=world.users["officer"])
    source = page(client, world).content.decode()
    assert "22 pupils" not in source
    assert "31 pupils" in source


@pytest.mark.parametrize(
    ("april", "may", "status", "now"),
    [(9020, 9023, "final", 9029), (8020, 8023, "provisional", 8029)],
)
def test_a_total_restated_out_of_hiding_does_not_tell_what_was_hidden(
    client, world, april, may, status, now
):
    """May's first total is 3 more than April's, and was hidden until it became 9 more."""
    kpi = make_kpi(
        world.plan, "K1", unit="pupils", kind="cumulative", year="financial", counts_people=True
    )
    by = world.users["officer"]
    record_figure(kpi, "2022-03", 7000, by=by)
    record_figure(kpi, "2022-04", april, by=by)
    record_figure(kpi, "2022-05", may, by=by, status=status, note="the Dale twins and one more")
    record_figure(
        kpi, "2022-05", now, by=by, reason="Three were six too few" if status == "final" else ""
    )
    answer = page(client, world)
    source = answer.content.decode()
    assert f"{now:,} pupils" in source
    for secret in (f"{may:,}", str(may), "the Dale twins", "Three were six"):
        assert secret not in source, secret
    chart = answer.context["chart"]
    assert str(now) in str(chart.data)
    for part in (str(chart.data), chart.alt, str(chart.svg), str(chart.rows)):
        assert str(may) not in part
        assert f"{may:,}" not in part
    said(answer, "Before: too few to show")
    said(page(client, world, persona="officer"), f"Before: {may:,} pupils")


# --- Of a closed plan -------------------------------------------------------------------------


def test_every_page_of_a_closed_plan_says_that_it_stands_as_on_its_closing_day(
    client, world, waits
):
    world.plan.state, world.plan.closed_on = "closed", timezone.localdate().replace(2024, 1, 31)
    world.plan.save()
    answer = page(client, world)
    said(answer, "Stands as when the plan was closed, Wednesday 31 January 2024")
    # March 2024 had not come, and no target passes any more.
    assert answer.context["line"].position_text == "Off trajectory"
    for name in ("reports:dashboard", "actions:commitments", "kpis:kpis", "actions:plan"):
        other = client.get(reverse(name, args=[world.plan.slug]))
        assert "Stands as when the plan was closed," in other.content.decode()
    # As at a day before, it had not.
    assert "was closed," not in words(page(client, world, as_at="2024-01-30"))


def test_no_target_is_drawn_before_the_plan_set_one(client, world):
    kpi = make_kpi(world.plan, "K1", unit="%", direction="higher")
    make_target(kpi, 60, "2023-06", "at_least")
    # The plan starts in January 2022.
    for month, value in (("2021-11", 50), ("2021-12", 51), ("2022-01", 52), ("2022-02", 53)):
        record_figure(kpi, month, value, by=world.users["officer"])
    figure = page(client, world).context["chart"].figure
    (drawn,) = [series for series in figure.series if series.name == "Target"]
    shown = dict(zip((tick.label for tick in figure.x), drawn.values, strict=True))
    assert [shown[month] for month in ("November 2021", "December 2021", "January 2022")] == [
        None,
        None,
        60,
    ]

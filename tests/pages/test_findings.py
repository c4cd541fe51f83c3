"""The register of findings and the page of one: what answers it, whether it is better, judged."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.evidence import evidence
from actions.models import (
    ActionFinding,
    AreaFinding,
    AreaJudgement,
    CommitmentFinding,
    Evidence,
    FamiliesView,
    Inspection,
    Judgement,
)
from actions.progress import updates
from actions.progress.update_answers import NewEvidence, NewRisk
from tests.factories import (
    Role,
    at,
    make_finding,
    make_kpi,
    make_plan,
    make_target,
    make_update,
    record_figure,
)

pytestmark = pytest.mark.django_db


AMBER = {"late_reason": "The post is empty.", "risk": NewRisk("Nobody can be found.")}


@pytest.fixture
def found(world):
    """A weakness that an area answers, one that a commitment does, a third, and a strength."""
    plan = world.plan
    world.inspection = plan.inspection = Inspection.objects.create(
        local_area=plan.local_area, code="visit", position=0, title="The visit"
    )
    plan.save()
    world.weakness = make_finding(
        plan, text="Waits are long.", short_title="Long waits", addressed_to="the NHS"
    )
    world.unasked = make_finding(plan, number="2", text="Nobody asks families.")
    world.bare = make_finding(plan, number="3", text="Reviews come late.", reference="page 4")
    world.strength = make_finding(plan, "strength", "", text="Nurses are skilled.")
    AreaFinding.objects.create(area=world.area, finding=world.weakness, position=0)
    CommitmentFinding.objects.create(commitment=world.commitment, finding=world.unasked, position=0)
    return world


def text_of(client, world, name, *args, query="", persona="member", status=200):
    client.force_login(world.users[persona])
    answer = client.get(reverse(name, args=[world.plan.slug, *args]) + query)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def lines(client, world, query="", persona="member"):
    """The register as a file, by number and kind."""
    client.force_login(world.users[persona])
    answer = client.get(reverse("pages:findings_file", args=[world.plan.slug, "csv"]) + query)
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    return {row["Number"] or row["Kind"]: row for row in rows}


def finding_page(client, world, finding, **options):
    return text_of(client, world, "pages:finding", finding.code, **options)


# --- The register -----------------------------------------------------------------------------


def test_every_finding_is_a_line_with_what_answers_it(client, found):
    rows = lines(client, found)
    assert {key: row["Answered by"] for key, row in rows.items()} == {
        "1": "Area 1",
        "2": "1.1.1a",
        "3": "",
        "Strength": "",
    }
    # The area holds 1.1.1a and 1.1.1b.
    assert rows["1"]["Commitments"] == "2"
    assert rows["2"]["Commitments"] == "1"


def test_the_register_stands_under_kinds_and_says_what_nothing_answers(client, found):
    text = text_of(client, found, "pages:findings")
    places = [text.index(head) for head in ("The visit: significant weaknesses", "strengths")]
    assert places == sorted(places)
    assert "3, 1 with nothing that answers it" in text
    assert "Long waits" in text
    assert "Nobody asks families." in text
    address = reverse("pages:finding", args=[found.plan.slug, found.weakness.code])
    assert f'<a href="{address}">Long waits</a>' in text


def test_a_strength_needs_no_answer(client, found):
    rows = lines(client, found)
    assert rows["3"]["Points to check"] == "Nothing answers this"
    assert rows["Strength"]["Points to check"] == ""


def test_the_register_is_narrowed_by_its_address(client, found):
    Judgement.objects.create(
        finding=found.unasked,
        code="review",
        verdict="sufficient",
        judged_on="2022-05-03",
        judged_by="DfE",
        source="letter",
        effective_at=at("2022-05-03"),
    )
    assert set(lines(client, found, "?kind=strength")) == {"Strength"}
    assert set(lines(client, found, "?q=families")) == {"2"}
    assert set(lines(client, found, "?judgement=none")) == {"1", "3"}
    assert set(lines(client, found, "?judgement=Sufficient+progress")) == {"2"}
    assert set(lines(client, found, "?points=no-points")) == {"Strength"}
    assert set(lines(client, found, "?inspection=1&kind=strength")) == {"Strength"}


def test_a_filter_that_cannot_be_read_is_said(client, found):
    text = text_of(client, found, "pages:findings", query="?kind=rumour", status=422)
    assert "Choose a kind of the list" in text


def test_another_plan_of_the_inspection_shows_the_findings_and_its_own_answers(client, found):
    other = make_plan("other", local_area=found.plan.local_area, inspection=found.inspection)
    found.plan = other
    memberships.grant(user=found.users["member"], plan=other, role=Role.MEMBER)
    rows = lines(client, found)
    assert set(rows) == {"1", "2", "3", "Strength"}
    assert not any(row["Answered by"] for row in rows.values())


def test_a_finding_that_was_taken_out_is_on_no_page(client, found):
    found.bare.withdrawn_at = at("2022-01-01")
    found.bare.save()
    assert set(lines(client, found)) == {"1", "2", "Strength"}
    finding_page(client, found, found.bare, status=404)


def test_what_was_judged_of_the_plan_as_a_whole_is_said(client, found):
    Judgement.objects.create(
        plan=found.plan,
        code="undated",
        verdict="rating",
        rating="Good progress",
        judged_by="DfE",
        source="letter",
    )
    text = text_of(client, found, "pages:findings")
    assert text.index("The plan as a whole") < text.index("Good progress")


# --- The page of one --------------------------------------------------------------------------


def test_a_finding_has_its_own_words_and_what_answers_it(client, found):
    make_update(found.commitment, found.users["lead"], "amber", "Slowly.", **AMBER)
    text = finding_page(client, found, found.weakness)
    assert "<h1>Long waits</h1>" in text
    assert "Waits are long." in text
    assert "Addressed to the NHS" in text
    assert "Answered by 2 commitments: 1 Amber and 1 Not yet rated." in text
    for name, code in (("action", "1.1.1"), ("commitment", "1.1.1a"), ("commitment", "1.1.1b")):
        assert reverse(f"pages:{name}", args=[found.plan.slug, code]) in text


def test_a_finding_without_a_title_is_called_by_its_kind_and_number(client, found):
    text = finding_page(client, found, found.bare)
    assert "<h1>Significant weakness 3</h1>" in text
    assert "In the letter: page 4" in text
    assert "Nothing of this plan answers it." in text
    assert "Add what answers it" not in text
    assert "Add what answers it" in finding_page(client, found, found.bare, persona="officer")


def test_an_unknown_finding_is_not_found(client, found):
    text_of(client, found, "pages:finding", "rumour", status=404)


def test_a_commitment_that_answers_twice_is_counted_once(client, found):
    ActionFinding.objects.create(action=found.action, finding=found.weakness, position=0)
    assert lines(client, found)["1"]["Commitments"] == "2"


def test_kpis_are_better_or_not_by_their_baseline(client, found):
    better = make_kpi(found.plan, "K1", (found.commitment,), baseline=50, baseline_date="2021-12")
    worse = make_kpi(found.plan, "K2", (found.second,), baseline=50, baseline_date="2021-12")
    make_kpi(found.plan, "K3", (found.commitment,), baseline=50, baseline_date="2021-12")
    record_figure(better, "2022-03", 40, by=found.users["officer"])
    record_figure(worse, "2022-03", 50, by=found.users["officer"])
    row = lines(client, found)["1"]
    assert (row["KPIs"], row["KPIs that can be compared"]) == ("3", "2")
    assert row["KPIs better than the baseline"] == "1"
    text = finding_page(client, found, found.weakness)
    assert "One of two KPIs is better than their baseline." in text


def test_a_target_that_was_missed_is_said(client, found):
    kpi = make_kpi(found.plan, "K1", (found.commitment,), baseline=50, baseline_date="2021-12")
    make_target(kpi, 20, "2022-03")
    record_figure(kpi, "2022-04", 40, by=found.users["officer"])
    assert lines(client, found)["1"]["KPI targets missed"] == "1"
    assert "1 missed" in text_of(client, found, "pages:findings")
    assert "One has missed its target." in finding_page(client, found, found.weakness)


def test_evidence_is_counted_with_the_day_of_the_newest(client, found):
    for title, visibility in (("Minutes", "shareable"), ("Staff list", "restricted")):
        evidence.add_evidence(
            commitment=found.commitment,
            by=found.users["lead"],
            title=title,
            link="https://council.example/minutes",
            visibility=Evidence.Visibility(visibility),
        )
    assert lines(client, found)["1"]["Evidence"] == "1"
    assert lines(client, found, persona="officer")["1"]["Evidence"] == "2"
    text = finding_page(client, found, found.weakness)
    assert "1 on record, 1 may be shared outside" in text
    assert "Staff list" not in text
    assert "Staff list" in finding_page(client, found, found.weakness, persona="officer")
    yesterday = timezone.localdate() - timedelta(days=1)
    assert lines(client, found, f"?as_at={yesterday}")["1"]["Evidence"] == "0"


def test_an_answer_without_evidence_is_a_point_to_check(client, found):
    assert lines(client, found)["1"]["Points to check"] == "Answered, and no evidence"


def test_all_done_and_no_kpi_is_a_point_to_check(client, found):
    """1.1.1a is Blue with its evidence, and 1.1.1b is not begun."""
    blue = make_update(
        found.commitment,
        found.users["lead"],
        "blue",
        "Done.",
        evidence=NewEvidence("Minutes"),
        changed_for_families="Answers come sooner.",
    )
    updates.answer_blue(update=blue, by=found.users["sro"], is_confirmed=True)
    rows = lines(client, found)
    assert rows["1"]["Points to check"] == ""
    # The other finding has this commitment alone: all of it is done, and no KPI is linked.
    assert rows["2"]["Points to check"] == "All done, and no KPI"


def test_all_done_and_no_kpi_better(client, found):
    blue = make_update(
        found.commitment,
        found.users["lead"],
        "blue",
        "Done.",
        evidence=NewEvidence("Minutes"),
        changed_for_families="Answers come sooner.",
    )
    updates.answer_blue(update=blue, by=found.users["sro"], is_confirmed=True)
    kpi = make_kpi(found.plan, "K1", (found.commitment,), baseline=50, baseline_date="2021-12")
    record_figure(kpi, "2022-03", 50, by=found.users["officer"])
    assert lines(client, found)["2"]["Points to check"] == "All done, and no KPI better"
    record_figure(kpi, "2022-04", 49, by=found.users["officer"])
    assert lines(client, found)["2"]["Points to check"] == ""


def test_the_months_show_the_sro_rating_and_how_many_were_amber_and_red(client, found):
    AreaJudgement.objects.create(
        area=found.area, brag="red", reason="Nobody came.", by=found.users["sro"]
    )
    make_update(found.commitment, found.users["lead"], "amber", "Slowly.", **AMBER)
    text = finding_page(client, found, found.weakness)
    rows = course_rows(text)
    assert rows[0] == ["Month", "Judged outside", "SRO rating", "Red, of 2", "Amber, of 2"]
    assert rows[1][1:] == ["", "Red", "0", "1"]
    # 1.1.1a Amber, dotted; nothing is Red, so nothing is slanted.
    drawing = text[text.index('<svg xmlns="http://www.w3.org/2000/svg" viewBox') :]
    assert "1 Amber</title>" in drawing
    assert "<title>Red, " in drawing  # the SRO's box
    assert 'class="line-on-amber"' in drawing
    assert 'class="line-on-red"' not in drawing
    assert "“Nobody came.”" in text


def course_rows(text):
    """The table beside the drawing of a finding's page, its head first."""
    table = text[text.index('id="course-caption"') :]
    table = table[: table.index("</table>")]
    return [
        [re.sub("<[^>]*>", "", cell).strip() for cell in re.split("</t[hd]>", row)[:-1]]
        for row in table.split("<tr>")[1:]
    ]


def test_a_finding_s_course_begins_with_its_inspection_and_ends_with_what_was_judged_last(
    client, found
):
    found.plan.tracked_from = date(2022, 1, 1)
    found.plan.save()
    found.inspection.visited_from = date(2021, 11, 8)
    found.inspection.visited_to = date(2021, 11, 12)
    found.inspection.save()
    Judgement.objects.create(
        finding=found.weakness,
        code="review",
        verdict="not_sufficient",
        judged_on="2022-02-03",
        judged_by="DfE",
        source="letter",
        effective_at=at("2022-02-03"),
    )
    text = finding_page(client, found, found.weakness, query="?as_at=2022-03-15")
    rows = course_rows(text)[1:]
    assert [row[0] for row in rows] == ["Mar 2022", "Feb 2022", "Jan 2022", "Dec 2021", "Nov 2021"]
    # Before the plan was tracked nothing is counted, which is not the same as none.
    assert [row[-1] for row in rows] == ["0", "0", "0", "", ""]
    assert rows[1][1] == "Not sufficient progress (3 February 2022, DfE)"
    assert rows[4][1].endswith("(inspection, 8–12 November 2021)")
    earlier = course_rows(finding_page(client, found, found.weakness, query="?as_at=2022-01-15"))
    assert earlier[1][0] == "Jan 2022"


def test_a_course_goes_on_after_its_plan_closed_to_what_was_judged_then(client, found):
    found.plan.tracked_from = date(2022, 1, 1)
    found.plan.state, found.plan.closed_on = "closed", date(2022, 4, 30)
    found.plan.save()
    Judgement.objects.create(
        finding=found.weakness,
        code="revisit",
        verdict="sufficient",
        judged_on="2022-06-10",
        judged_by="DfE",
        source="letter",
        effective_at=at("2022-06-10"),
    )
    rows = course_rows(finding_page(client, found, found.weakness))[1:]
    assert [row[0] for row in rows][:3] == ["Jun 2022", "May 2022", "Apr 2022"]
    assert [row[-1] for row in rows][:3] == ["", "", "0"]


def test_families_words_stand_as_they_were_said(client, found):
    blue = make_update(
        found.commitment,
        found.users["lead"],
        "blue",
        "Done.",
        evidence=NewEvidence("Minutes"),
        changed_for_families="Answers come sooner.",
    )
    FamiliesView.objects.create(
        update=blue,
        commitment=found.commitment,
        view="not_yet",
        text="Nobody writes to us.",
        by=found.users["forum"],
    )
    text = finding_page(client, found, found.weakness)
    assert "“Nobody writes to us.”" in text
    assert "Families see this: not yet." in text


def test_two_days_are_compared(client, found):
    make_update(found.commitment, found.users["lead"], "amber", "Slowly.", **AMBER)
    yesterday = timezone.localdate() - timedelta(days=1)
    text = finding_page(client, found, found.weakness, query=f"?compare_with={yesterday}")
    since = text[text.index("<h2>Since ") :]
    assert "1 fewer Not yet rated" in since
    assert "1 more Amber" in since
    assert "None added" in since

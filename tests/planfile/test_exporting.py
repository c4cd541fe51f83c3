"""The plan as it stands, in its canonical form."""

from datetime import timedelta

import pytest
from django.utils import timezone

from actions.models import Commitment, Person, Plan
from actions.plan import amendments
from kpis.models import Kpi
from kpis.setup.passing import pass_data
from tests.planfile.files import SMALL, small
from wsoa.planfile.exporting import export_plan
from wsoa.planfile.format.differences import normalised
from wsoa.planfile.format.problems import PlanFileError
from wsoa.planfile.format.reading import read
from wsoa.planfile.format.writing import WIDTH
from wsoa.planfile.importing import import_plan

pytestmark = pytest.mark.django_db


def exported() -> str:
    return export_plan(Plan.objects.get()).decode()


def test_the_form_is_that_of_a_file_written_by_hand(small_plan):
    text = exported()

    assert text.startswith(
        'format: "wsoa-plan/2"\n\nplan:\n  slug: "small-2022"\n  local_area: "Smallshire"\n'
    )
    assert '  responsible: ["SCC", "CCG"]\n' in text
    assert '\norganisations:\n  - {code: "SCC", name: "Smallshire County Council"}\n' in text
    assert '                  - {date: "2022-09", kind: "interim"}\n' in text
    assert "    baseline: 52.9\n" in text
    assert '      - {year: "2021/22", amount: 100.5}\n      - {year: "2022/23"}\n' in text
    # Left out: what is empty, and what the format says anyway.
    assert "null" not in text
    assert "[]" not in text
    assert '"final"' not in text


def test_long_texts_are_folded_and_read_the_same():
    words = 'A text with  two spaces, “quotes”, a \\\\ and a \\" that goes on ' + "and on " * 60
    file = small(('"The backlog is cleared"', f'"{words}"'))
    import_plan(file)
    text = exported()

    assert max(map(len, text.splitlines())) <= WIDTH
    assert read(text.encode()).file == normalised(file)


PARTS = """\
kpis:
  - {code: "all", title: "All", unit: "pupils", direction: "lower", kind: "quantity"}
  - code: "boys"
    title: "Boys"
    unit: "pupils"
    direction: "lower"
    kind: "quantity"
    counts_people: true
    part_of: "all"
    smallest_count: 8
    rounding: 5
  - {code: "said", title: "Said so", unit: "%", direction: "higher", kind: "survey"}
  - code: "trained"
    title: "Schools trained"
    unit: "%"
    direction: "higher"
    kind: "rate"
    counts_people: false
"""


def test_how_small_numbers_are_treated_comes_back_as_it_was_said(officer):
    import_plan(small(("kpis:\n", PARTS)))
    file = read(export_plan(Plan.objects.get())).file
    kpis = {kpi.code: kpi for kpi in file.kpis}

    boys = kpis["boys"]
    assert (boys.part_of, boys.smallest_count, boys.rounding) == ("all", 8, 5)
    # A survey counts children or families unless the file says otherwise; a count does not.
    assert {code: kpi.counts_people for code, kpi in kpis.items()} == {
        "all": False,
        "boys": True,
        "said": True,
        "trained": False,
        "wait": False,
    }
    # A file that no longer names the total ties it no more.
    untied = small(("kpis:\n", PARTS.replace('    part_of: "all"\n', "")))
    import_plan(untied, reason="Counted apart", by=officer)
    assert Kpi.objects.get(code="boys").part_of is None


def test_a_kpi_names_who_owns_its_data_today_and_reading_it_again_leaves_what_is_to_pass(
    small_plan, officer
):
    today = timezone.localdate()
    kpi = Kpi.objects.earliest("position")
    now, later = Person.objects.all()[:2]
    pass_data(kpi=kpi, to=now, on=today, today=today)
    pass_data(kpi=kpi, to=later, on=today + timedelta(days=9), today=today)
    text = exported()
    assert next(
        row for row in read(text.encode()).file.kpis if row.code == kpi.code
    ).data_owner == (now.name)
    import_plan(read(text.encode()).file, reason="Read again", by=officer)
    kpi.refresh_from_db()
    assert (kpi.data_owner, kpi.data_passes_to) == (now, later)
    # The day has come: they own it, and the file says so.
    Kpi.objects.filter(pk=kpi.pk).update(data_passes_on=today)
    assert f'data_owner: "{later.name}"' in exported()
    # A file that names another ends what passed.
    import_plan(read(text.encode()).file, reason="As it was", by=officer)
    kpi.refresh_from_db()
    assert (kpi.owner_on(today), kpi.data_passes_to) == (now, None)


def test_what_was_withdrawn_is_not_in_it(small_plan, officer):
    amendments.withdraw_commitment(
        commitment=Commitment.objects.get(ref="1.1.1a"), reason="Merged", by=officer
    )
    file = read(export_plan(Plan.objects.get())).file

    assert [row.ref for row in file.commitments] == ["1.1.1b", "1.1.1c", "2.1.1a"]
    # The next one holds the cells it shared with others.
    assert file.commitments[0].evidence == "The backlog is cleared"
    assert file.commitments[1].measures == ["Feedback of families"]
    assert file.kpis[0].commitments == ["1.1.1c"]


def test_progress_is_not_in_it(small_plan):
    assert exported() == exported()
    assert "brag" not in exported()


def test_a_commitment_that_nobody_leads_says_so(small_plan):
    Commitment.objects.get(ref="1.1.1b").leads.all().delete()

    assert "                leads: []\n" in exported()
    assert read(exported().encode()).file.commitments[1].leads == []


def test_what_the_format_does_not_allow_is_said(small_plan):
    Person.objects.filter(name="Cat Calm").update(note="x" * 10_001)

    with pytest.raises(PlanFileError) as caught:
        exported()
    assert [str(problem) for problem in caught.value.problems] == [
        "people[2].note: has 10001 characters; at most 10000 are allowed"
    ]


def test_both_real_plans_come_back_as_they_went_in(warwickshire, worcestershire):
    for file in (warwickshire, worcestershire):
        import_plan(file)
        once = export_plan(Plan.objects.get(slug=file.plan.slug))

        assert read(once).file == normalised(file)
        assert not import_plan(read(once).file)


def test_the_canonical_form_may_be_edited_by_hand():
    assert read(SMALL.encode()).file == small()

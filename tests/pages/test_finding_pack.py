"""The file of a finding for a monitoring inspection: what is in it, and what never is."""

import csv
import hashlib
import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.evidence import evidence
from actions.io.storage import checked_file
from actions.models import AreaFinding, Evidence, Membership
from actions.rules.dates import PlanDate
from tests.actions.io.documents import PDF, sent
from tests.factories import make_finding, make_kpi, make_update, record_figure

pytestmark = pytest.mark.django_db

SHAREABLE = Evidence.Visibility.SHAREABLE
RESTRICTED = Evidence.Visibility.RESTRICTED


@pytest.fixture
def found(world, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path
    world.finding = make_finding(world.plan, text="Waits are long.")
    AreaFinding.objects.create(area=world.area, finding=world.finding, position=0)
    return world


def add(world, title, **fields):
    return evidence.add_evidence(
        commitment=world.commitment, by=world.users["lead"], title=title, **fields
    )


def a_file(name, content=PDF):
    return checked_file(sent(name, content))


def pack(client, world, persona="officer", query=""):
    """The files of the pack, by name."""
    client.force_login(world.users[persona])
    address = reverse("pages:inspectors_file", args=[world.plan.slug, world.finding.code])
    answer = client.get(address + query)
    assert answer.status_code == 200
    with ZipFile(io.BytesIO(b"".join(answer))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def lines(files, name):
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"))))


def test_what_may_be_shared_is_in_it_and_the_rest_is_named_by_its_title(client, found):
    add(found, "Minutes", file=a_file("minutes.pdf"), visibility=SHAREABLE)
    add(found, "Draft letter", file=a_file("letter.txt", b"Dear all"))
    add(found, "The portal", link="https://example.org/portal", visibility=SHAREABLE)
    add(found, "A family", file=a_file("family.txt", b"The Smiths"), visibility=RESTRICTED)
    files = pack(client, found)
    rows = {row["Title"]: row for row in lines(files, "evidence.csv")}
    assert {title: row["File or place"] for title, row in rows.items()} == {
        "The portal": "https://example.org/portal",
        "Draft letter": "Listed by title only",
        "Minutes": "evidence/03-minutes.pdf",
    }
    assert files["evidence/03-minutes.pdf"] == PDF
    assert not [name for name in files if "letter" in name or "family" in name]
    assert not [name for name, data in files.items() if b"Smiths" in data or b"A family" in data]


def test_the_index_names_every_other_file_with_its_hash(client, found):
    add(found, "Minutes", file=a_file("minutes.pdf"), visibility=SHAREABLE)
    files = pack(client, found)
    index = {row["File"]: row for row in lines(files, "index.csv")}
    assert set(index) == set(files) - {"index.csv"}
    for name, row in index.items():
        assert row["SHA-256"] == hashlib.sha256(files[name]).hexdigest()
        assert row["Bytes"] == str(len(files[name]))


def test_a_file_that_is_not_what_was_sent_is_left_out_and_said(client, found, settings, caplog):
    row = add(found, "Minutes", file=a_file("minutes.pdf"), visibility=SHAREABLE)
    (settings.EVIDENCE_ROOT / row.digest[:2] / row.digest).unlink()
    files = pack(client, found)
    (line,) = lines(files, "evidence.csv")
    assert line["File or place"] == "Not here: the kept file is missing"
    assert line["SHA-256"] == ""
    assert not [name for name in files if name.startswith("evidence/")]
    assert any(one.name == "wsoa.security" for one in caplog.records)


def test_what_was_taken_back_since_is_not_in_the_file_of_an_earlier_day(client, found):
    yesterday = timezone.now() - timedelta(days=1)
    row = add(
        found,
        "Minutes",
        file=a_file("minutes.pdf"),
        visibility=SHAREABLE,
        effective_at=yesterday,
        source="paper",
    )
    evidence.withdraw_evidence(evidence=row, by=found.users["lead"], reason="Named a child.")
    query = f"?as_at={timezone.localdate(yesterday)}"
    files = pack(client, found, query=query)
    (line,) = lines(files, "evidence.csv")
    assert line["File or place"] == "Taken back since"
    assert not [name for name in files if name.startswith("evidence/")]
    assert lines(pack(client, found), "evidence.csv") == []


def test_small_numbers_are_in_nobody_s_file(client, found):
    """The officer reads them on pages, and makes the same file as who does not."""
    kpi = make_kpi(
        found.plan, "K1", (found.commitment,), counts_people=True, unit="pupils", baseline=20
    )
    record_figure(kpi, "2022-03", 30, by=found.users["officer"])
    record_figure(kpi, "2022-04", 3, by=found.users["officer"])
    Membership.objects.filter(user=found.users["officer"]).update(sees_small_numbers=True)
    client.force_login(found.users["officer"])
    page = client.get(reverse("pages:finding", args=[found.plan.slug, found.finding.code]))
    assert "3 pupils" in page.content.decode()
    theirs = pack(client, found)
    (row,) = lines(theirs, "kpis.csv")
    assert row["Latest"] == "[c]"
    # 3 is better than 20, which nobody may conclude; 30 was not.
    assert lines(theirs, "finding.csv")[0]["KPIs better than the baseline"] == "0"
    assert pack(client, found, "member")["kpis.csv"] == theirs["kpis.csv"]
    assert pack(client, found, "member")["finding.csv"] == theirs["finding.csv"]


def test_restricted_evidence_is_not_counted_either(client, found):
    """The officer reads it on pages, and makes the same file as who does not."""
    add(found, "Minutes", visibility=SHAREABLE, file=a_file("minutes.pdf"))
    add(found, "A family", file=a_file("family.txt", b"The Smiths"), visibility=RESTRICTED)
    client.force_login(found.users["officer"])
    page = client.get(reverse("pages:finding", args=[found.plan.slug, found.finding.code]))
    assert "A family" in page.content.decode()
    theirs = pack(client, found)
    assert lines(theirs, "finding.csv")[0]["Evidence"] == "1"
    assert pack(client, found, "member")["finding.csv"] == theirs["finding.csv"]


def test_words_of_updates_are_not_in_it(client, found):
    make_update(
        found.commitment,
        found.users["lead"],
        "grey",
        "Our words among ourselves.",
        work_starts=PlanDate.parse("2027-01"),
        grey_reason="The tender ran twice.",
    )
    files = pack(client, found)
    assert {row["Ref"] for row in lines(files, "answers.csv")} == {"1.1.1a", "1.1.1b"}
    assert lines(files, "answers.csv")[0]["Rating"] == "Grey"
    assert not [name for name, data in files.items() if b"among ourselves" in data]


def test_the_page_says_what_the_file_holds(client, found):
    add(found, "Minutes", file=a_file("minutes.pdf"), visibility=SHAREABLE)
    add(found, "Draft letter", file=a_file("letter.txt", b"Dear all"))
    client.force_login(found.users["officer"])
    page = client.get(reverse("pages:finding", args=[found.plan.slug, found.finding.code]))
    text = " ".join(page.content.decode().split())
    assert "1 file of evidence that may be shared and a list of all 2" in text

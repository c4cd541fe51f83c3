"""A report as a page: the site's, with links to edit its words, and the one that stands alone."""

import base64
import hashlib
import re
from itertools import pairwise

import pytest
from django.template.loader import render_to_string

from reports.rendering.document import Cell, Chart, Column, Paragraph, Section, Table
from reports.rendering.file import as_html
from reports.rendering.page import anchor, view_of
from tests.reports.documents import make_document
from tests.reports.readers import html_text, parsed


@pytest.fixture(scope="module")
def content():
    return as_html(make_document())


@pytest.fixture(scope="module")
def page(content):
    return parsed(content)


def attributes(page, tag):
    return [found for name, found in page.tags if name == tag]


def test_it_is_in_english_with_a_title_and_one_main_part(page, content):
    assert content.startswith(b"<!DOCTYPE html>")
    assert attributes(page, "html") == [{"lang": "en-GB"}]
    assert len(attributes(page, "main")) == len(attributes(page, "h1")) == 1
    assert "<title>Quarterly report, October to December 2022 – Sampleshire" in content.decode()


def test_it_runs_nothing_loads_nothing_and_allows_its_own_style_alone(page, content):
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "base"}
    style = re.search(r"<style>(.*?)</style>", content.decode(), re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [one for one in attributes(page, "meta") if "http-equiv" in one]
    assert policy["content"] == f"default-src 'none'; style-src 'sha256-{digest}'"
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]
    assert not [1 for _, found in page.tags if "style" in found]
    assert "url(" not in style
    assert "@import" not in style


def test_no_level_of_headings_is_left_out(page):
    levels = [int(tag[1]) for tag, _ in page.tags if tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_each_id_is_there_once_and_each_name_leads_to_one(page):
    ids = [found["id"] for _, found in page.tags if "id" in found]
    assert len(set(ids)) == len(ids)
    named = {found["aria-labelledby"] for _, found in page.tags if "aria-labelledby" in found}
    assert named <= set(ids)
    leads = {found["href"] for found in attributes(page, "a") if found["href"].startswith("#")}
    assert {one[1:] for one in leads} <= set(ids)


def test_each_region_has_a_name_that_no_other_has():
    figure = make_document().charts()[0].figure
    blocks = tuple(Chart(name=f"KPI {number}", figure=figure) for number in (1, 2))
    document = make_document(sections=(Section(key="a", title="A", blocks=blocks),))
    found = parsed(as_html(document)).tags
    names = [one["aria-label"] for _, one in found if one.get("role") == "region"]
    assert names == ["Chart: KPI 1", "Numbers: KPI 1", "Chart: KPI 2", "Numbers: KPI 2"]


def test_tables_have_captions_and_heads_of_rows_and_columns(page):
    tables = len(attributes(page, "table"))
    assert tables == len(attributes(page, "caption")) == 4
    scopes = [one["scope"] for one in attributes(page, "th")]
    assert scopes.count("row") == 6 + 12 + 6 + 12
    assert scopes.count("col") == 8 + 6 + 5 + 8


def test_each_printed_page_says_as_at_and_which_record(content):
    document = make_document()
    foot = f'content: "As at 31 December 2022. Version 1, {document.digest[:8]}"'
    assert foot in content.decode()


def test_its_lines_are_kept_and_a_rating_is_a_word(content):
    text = content.decode()
    assert "<li>Second point\nin two lines</li>" in text
    assert '<span class="lozenge r-amber">Amber</span>' in text


def body(document, edit_url=None):
    return render_to_string("reports/document/body.html", {"document": view_of(document, edit_url)})


def worded():
    columns = (Column(title="Reference"), Column(title="Progress"))
    row = (Cell(text="1.1.1a"), Cell(text="Well on", place="commitment:1.1.1a:progress"))
    table = Table(name="T", caption="C", columns=columns, rows=(row,))
    blocks = (Paragraph(text="In short", place="summary"), Paragraph(text="Fixed"), table)
    return make_document(
        sections=(Section(key="a", title="Summary", blocks=blocks),), is_draft=True
    )


def test_words_that_may_be_edited_have_a_link_that_names_them():
    page = parsed(body(worded(), lambda place: f"/words/?place={place}").encode())
    links = [one for one in attributes(page, "a") if one.get("class") == "kept-edit"]
    assert [one["href"] for one in links] == [
        "/words/?place=summary",
        "/words/?place=commitment:1.1.1a:progress",
    ]
    text = html_text(body(worded(), lambda place: "/x/").encode())
    assert "Edit Summary" in text
    assert "Edit Progress, 1.1.1a" in text


def test_words_that_the_reader_may_not_edit_have_none():
    only = body(worded(), lambda place: "/x/" if place == "summary" else "")
    assert only.count("kept-edit") == 1
    assert "kept-edit" not in body(worded())


def test_each_place_can_be_led_to():
    ids = [found.get("id") for _, found in parsed(body(worded()).encode()).tags]
    assert anchor("summary") in ids
    assert anchor("commitment:1.1.1a:progress") in ids


def test_two_papers_on_one_page_share_no_id():
    report, families = make_document(), make_document(content="families")
    both = parsed((body(report) + body(families)).encode())
    ids = [found["id"] for _, found in both.tags if "id" in found]
    assert len(set(ids)) == len(ids)


def test_only_a_web_address_becomes_a_link():
    columns = (Column(title="Reference"), Column(title="Evidence"))
    row = (Cell(text="1"), Cell(text="x", link="javascript:alert(1)"))
    table = Table(name="T", caption="C", columns=columns, rows=(row,))
    document = make_document(sections=(Section(key="a", title="A", blocks=(table,)),))
    assert "javascript" not in body(document)


def test_a_draft_has_no_fingerprint():
    assert "Fingerprint" not in body(make_document(is_draft=True))
    assert "Fingerprint" in body(make_document())

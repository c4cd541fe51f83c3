"""A plan grows: asked for by an officer, supported, decided, and then it is in the plan."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.pages import SAMPLE

WORDS = "Families who wait are written to every three months"


def test_a_new_commitment_with_a_target_from_the_action_to_the_plan(signed_in, trouble):
    page: Page = signed_in("officer")
    page.goto(f"{SAMPLE}/actions/1.1.2/")
    page.get_by_role("link", name="New commitment").click()
    page.get_by_label("Reference").fill("1.1.2k")
    page.get_by_label("Title").first.fill("Letters to families")
    page.get_by_label("Evidence of success").first.fill(WORDS)
    page.get_by_label("Who leads it").select_option(index=1)
    page.get_by_label("When should it be done?").fill("2099-03")
    page.get_by_role("button", name="Check and go on").click()

    rows = page.get_by_role("table").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("New commitment")
    expect(rows.nth(1)).to_contain_text("not in the plan")
    page.get_by_role("link", name="A KPI target").click()
    page.get_by_label("Where does it belong?").select_option(index=1)
    page.get_by_label("Is it on the way, or the end?").select_option(index=1)
    page.get_by_label("The figure should be").select_option(index=1)
    page.get_by_label("Value (optional)").fill("12")
    page.get_by_label("By when? (optional)").fill("2098-03")
    page.get_by_role("button", name="Check and go on").click()
    expect(rows.nth(2)).to_contain_text("New KPI target")
    page.get_by_label("Why should the plan change?").fill("The stocktake asked for it.")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Add a commitment and add a KPI target"
    )
    request = page.url

    page = signed_in("sro")
    page.goto(request)
    page.get_by_label("Yes, I support it").check()
    page.get_by_role("button", name="Your answer as SRO").click()
    expect(page.get_by_role("list").filter(has_text="Requested")).to_contain_text("Supported, done")

    page = signed_in("chair")
    page.goto(request)
    page.get_by_label("Yes, agreed").check()
    page.get_by_label("In which meeting?").select_option(index=1)
    page.get_by_role("button", name="Decide it").click()
    expect(page.get_by_text("Agreed and in effect")).to_be_visible()

    page.goto(f"{SAMPLE}/commitments/1.1.2k/")
    expect(page.get_by_text("Added to the plan on")).to_be_visible()
    expect(page.get_by_text("March 2099").first).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(WORDS)
    assert trouble == []

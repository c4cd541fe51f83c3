"""Pages stay where they are once a person has begun to read."""

import pytest

from wsoa.demo.sample import SLUG

pytestmark = pytest.mark.browser

# Good, by https://web.dev/articles/cls; of the height of the window times the distance.
MOST_SHIFT = 0.1
# As on a slow line, so that a long page arrives in pieces.
SLOW = {"offline": False, "latency": 40, "downloadThroughput": 60_000, "uploadThroughput": 60_000}
SHIFTS = """
    new Promise((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
        }).observe({type: "layout-shift", buffered: true});
        setTimeout(() => resolve(sum), 300);
    })
"""


@pytest.mark.parametrize(
    "address", ["commitments/", "kpis/", "dashboard/", "kpis/1.1.1-1/", "risks/", "my-work/"]
)
def test_nothing_moves_while_a_page_arrives(signed_in, address):
    page = signed_in("officer")
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    line.send("Network.emulateNetworkConditions", SLOW)
    page.goto(f"/plans/{SLUG}/{address}", wait_until="load")
    assert page.evaluate(SHIFTS) <= MOST_SHIFT


def test_what_moves_is_noticed(signed_in):
    page = signed_in("officer")
    page.goto(f"/plans/{SLUG}/kpis/", wait_until="load")
    page.evaluate(
        "document.body.prepend(Object.assign(document.createElement('p'), "
        "{innerHTML: '<br>'.repeat(20)}))"
    )
    assert page.evaluate(SHIFTS) > MOST_SHIFT

"""Every page of the site, each as whoever may do most there, and as others where theirs differs.

The tests look at each of them once, and `make shots` takes their pictures. A new page gets a line
in PAGES.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import openpyxl
from django.utils import timezone
from playwright.sync_api import FilePayload, Page

from tests.actions.io.documents import OLD_WORD

SAMPLE = "/plans/sample-plan"
DRAFT = "/plans/sample-draft"
WARWICKSHIRE = "/plans/warwickshire-2022"
WORCESTERSHIRE = "/plans/worcestershire-2018"

TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)
# A day in the sample's past on which its progress was different.
EARLIER = TODAY - timedelta(days=92)
LAST_MONTH = f"{TODAY.replace(day=1) - timedelta(days=1):%Y-%m}"
# Its figures are there on any day: last month's come within the month.
TWO_MONTHS_AGO = f"{TODAY.replace(day=1) - timedelta(days=32):%Y-%m}"


def choose_red_and_send(page: Page) -> None:
    """Red without an issue and without help, and a month to move to that is past."""
    page.get_by_role("radio", name="Red").check()
    page.get_by_label("Yes, ask to move it").check()
    page.get_by_role("group", name="New month").get_by_label("Month").fill("1")
    page.get_by_role("group", name="New month").get_by_label("Year").fill("2020")
    page.get_by_label("Why does it move?").fill("The new start is set by the contract.")
    page.get_by_label("What happened").fill("The contract was signed three months late.")
    page.get_by_role("button", name="Check answers").click()
    page.get_by_role("heading", name="Three answers need putting right").wait_for()


def carry_all_forward(page: Page) -> None:
    """Every open commitment carried forward, up to the page that checks it."""
    page.get_by_label("What is not said yet becomes").select_option("Carried forward")
    page.get_by_role("button", name="Fill in").click()
    page.get_by_label("Closing day").fill(f"{TODAY:%d/%m/%Y}")
    page.get_by_label("Decided by").fill("Steering group")
    page.get_by_role("button", name="Check, then close").click()
    page.get_by_role("heading", name="Check before the plan is closed").wait_for()


def read_the_newest_mail(page: Page) -> None:
    page.get_by_role("table", name="Mails on record").get_by_role("link").first.click()
    page.get_by_role("heading", name="What became of it").wait_for()


def write_to_the_first(page: Page) -> None:
    page.get_by_role("checkbox", name="Choose Amara Ashdown").check()
    page.get_by_text("1 chosen").wait_for()
    page.get_by_role("button", name="Write to them", exact=True).click()
    page.get_by_role("heading", name="Write to people").wait_for()


def write_to_nobody(page: Page) -> None:
    page.get_by_label("What do you write?").fill("")
    page.get_by_role("button", name="Check the mail").click()
    page.get_by_role("heading", name="putting right").wait_for()


def check_what_is_written(page: Page) -> None:
    write_to_the_first(page)
    page.get_by_role("button", name="Check the mail").click()
    page.get_by_role("heading", name="Check the mail").wait_for()


def hold_whom_it_went_to(page: Page) -> None:
    read_the_newest_mail(page)
    page.get_by_role("link", name="Hold what is to come").click()
    page.get_by_role("heading", name="Hold the mail to").wait_for()


def close_offices_badly(page: Page) -> None:
    page.get_by_label("When are your offices closed?").fill("Christmas")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="putting right").wait_for()


def work_on_no_day(page: Page) -> None:
    for box in page.get_by_role("group", name="On which days").get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="putting right").wait_for()


def close_without_a_day(page: Page) -> None:
    """Refused, also where another visit's draft has already answered everything."""
    page.get_by_label("Closing day").fill("")
    page.get_by_label("Decided by").fill("")
    page.get_by_role("button", name="Check, then close").click()
    page.get_by_role("heading", name="putting right").wait_for()


def choose_blue_and_send(page: Page) -> None:
    page.get_by_role("radio", name="Blue").check()
    page.get_by_role("button", name="Check answers").click()
    page.get_by_role("heading", name="answers need putting right").wait_for()


def fill_amber(page: Page) -> None:
    """An Amber for the lead, in full."""
    page.get_by_label("On behalf of").select_option(index=1)
    page.get_by_role("radio", name="Amber").check()
    page.get_by_label("What is the risk?").fill("Two schools may leave before the summer.")
    page.get_by_label("What is being done").fill("Their heads meet the team in May.")
    page.get_by_label("What happened").fill(
        "Four of six schools have begun.\nTwo are still deciding."
    )
    page.get_by_label("Figures").check()
    page.get_by_label("Working note").fill("Ask the two heads again before half-term.")


def check_amber(page: Page) -> None:
    fill_amber(page)
    page.get_by_role("button", name="Check answers").click()
    page.get_by_role("heading", name="Check your answers").wait_for()


def give_files(page: Page) -> None:
    """Two files of an update, one of which is not kept."""
    page.get_by_label("Files as evidence").set_input_files(
        [
            FilePayload(name="Use_by_school.txt", mimeType="", buffer=b"Nine of ten schools."),
            FilePayload(name="Re feedback.msg", mimeType="", buffer=OLD_WORD),
        ]
    )
    page.get_by_label("Title of Use_by_school.txt").wait_for()
    page.get_by_text("An Outlook message cannot be kept").wait_for()


def check_files(page: Page) -> None:
    give_files(page)
    fill_amber(page)
    page.get_by_role("button", name="Check answers").click()
    page.get_by_role("heading", name="Check your answers").wait_for()


def check_several(page: Page) -> None:
    """A Red and a Green of several, as far as the page that checks them."""
    first, second = page.locator(".several-now").all()[:2]
    first.get_by_text("Red", exact=True).click()
    first.get_by_label("What happened").fill("Two of five posts are empty again.")
    first.get_by_label("Risk or issue").fill("Nobody applied.")
    first.get_by_label("Support needed, and from whom").fill("A second advertisement, from us.")
    second.get_by_text("Red", exact=True).click()
    second.get_by_label("What happened").fill("No change.")
    page.get_by_role("button", name="Check what you will record").click()
    page.get_by_role("heading", name="Check what you will record").wait_for()


def check_sheets(page: Page) -> None:
    """One's own sheet with two Greens, and a file that is none, as far as the page that checks."""
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take your sheet").click()
    book = openpyxl.load_workbook(io.BytesIO(taken.value.path().read_bytes()))
    sheet = book["Updates"]
    titles = [cell.value for cell in sheet[1]]
    for title, words in (
        ("Rating", "Green"),
        ("What happened", "On track."),
        ("Why it is late", "The tender ran twice."),
    ):
        for row in (2, 3):
            sheet.cell(row, titles.index(title) + 1, words)
    filled = io.BytesIO()
    book.save(filled)
    page.get_by_label("Filled-in sheets").set_input_files(
        [
            FilePayload(name="mine.xlsx", mimeType="", buffer=filled.getvalue()),
            FilePayload(name="list.csv", mimeType="", buffer=b"a,b\n1,2\n"),
        ]
    )
    page.get_by_role("button", name="Check the sheets").click()
    page.get_by_role("heading", name="Check what the sheets say").wait_for()


def open_told(page: Page) -> None:
    page.get_by_role("link", name="Record what they told you").first.click()
    page.get_by_role("heading", name="told you").wait_for()


def check_handover(page: Page) -> None:
    """All that is open with the first of those who lead something, as far as its check page."""
    page.get_by_label("Whose work passes?").select_option(index=1)
    page.get_by_label("Who takes it over?").select_option(index=4)
    page.get_by_label("Why?").fill("A new post from January.")
    page.get_by_role("button", name="Check what passes").click()
    page.get_by_role("heading", name="Check what passes to").wait_for()


def send_after_another(page: Page) -> None:
    """Send what was written while another update was recorded, here in a second window."""
    address = page.url
    throw_away = page.get_by_role("button", name="Discard draft")
    if throw_away.count():  # left by an earlier visit, and based on what stood then
        throw_away.click()
        page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    other.get_by_label("On behalf of").select_option(index=1)
    other.get_by_role("radio", name="Green").check()
    other.get_by_label("What happened").fill("All six schools have begun.")
    other.get_by_role("button", name="Check answers").click()
    other.get_by_role("button", name="Send update").click()
    other.get_by_role("heading", name="Your update is recorded").wait_for()
    other.close()

    check_amber(page)
    page.get_by_role("button", name="Send update").click()
    page.get_by_role("heading", name="recorded an").wait_for()


def send_signed_out(page: Page) -> None:
    """Send what was written when the session has ended meanwhile."""
    page.get_by_label("What happened").fill("Words that nobody may lose.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Check answers").click()
    page.get_by_role("heading", name="Sign in again").wait_for()


def sign_in_again_wrongly(page: Page) -> None:
    send_signed_out(page)
    page.get_by_label("E-mail address").fill("lead@sample.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in and keep my words").click()
    page.get_by_role("heading", name="putting right").wait_for()


def correct_the_newest(page: Page) -> None:
    page.get_by_role("link", name="Correct the last update").click()
    page.get_by_role("heading", level=1).wait_for()


def correct_without_a_reason(page: Page) -> None:
    correct_the_newest(page)
    page.get_by_role("button", name="Send correction").click()
    page.get_by_role("heading", name="One answer needs putting right").wait_for()


def return_without_a_reason(page: Page) -> None:
    page.get_by_label("No, I return it to the lead").check()
    page.get_by_role("button", name="Send your answer").click()
    page.get_by_role("heading", name="One answer needs putting right").wait_for()


def open_the_first(page: Page) -> None:
    page.get_by_role("main").get_by_role("listitem").first.get_by_role("link").click()
    page.get_by_role("heading", name="History", exact=True).wait_for()


def propose_a_commitment(page: Page) -> None:
    """One part put together, unless an earlier visit left it."""
    if not page.get_by_role("button", name="Send the request").count():
        page.get_by_role("link", name="A commitment").click()
        page.get_by_label("Where does it belong?").select_option(index=1)
        page.get_by_label("Reference").fill("1.1.1z")
        page.get_by_label("Title").first.fill("Families who wait are written to")
        page.get_by_label("Evidence of success").first.fill("A letter every three months")
        page.get_by_role("button", name="Check and go on").click()
    page.get_by_role("heading", name="Before and after").wait_for()


def decide_without_a_meeting(page: Page) -> None:
    open_the_first(page)
    page.get_by_label("Yes, agreed").check()
    page.get_by_role("button", name="Decide it").click()
    page.get_by_role("heading", name="One answer needs putting right").wait_for()


def withdraw_the_first(page: Page) -> None:
    page.get_by_role("link", name="Withdraw").first.click()
    page.get_by_role("heading", name="Withdraw evidence").wait_for()


def withdraw_the_first_document(page: Page) -> None:
    page.get_by_role("link", name="Withdraw").first.click()
    page.get_by_role("heading", name="Withdraw a document").wait_for()


def send_a_case_study(page: Page) -> None:
    page.get_by_label("It is a case study").check()
    page.get_by_role("button", name="Add evidence").click()
    page.get_by_role("heading", name="Two answers need putting right").wait_for()


def send_table(*rows: str) -> Callable[[Page], None]:
    """Send past progress in a CSV of these rows."""
    table = "\n".join(["Ref,Date,Rating,Progress", *rows]).encode()

    def send(page: Page) -> None:
        page.locator("input[type=file]").set_input_files(
            {"name": "board.csv", "mimeType": "text/csv", "buffer": table}
        )
        page.get_by_role("button", name="Check the file").click()
        page.wait_for_load_state()

    return send


def send_figures(*rows: str) -> Callable[[Page], None]:
    """Send figures in a CSV of these rows."""
    table = "\n".join(["Code,Period,Value,Note", *rows]).encode()

    def send(page: Page) -> None:
        page.locator("input[type=file]").set_input_files(
            {"name": "figures.csv", "mimeType": "text/csv", "buffer": table}
        )
        page.get_by_role("button", name="Check the file").click()
        page.wait_for_load_state()

    return send


def enter_what_is_no_number(page: Page) -> None:
    page.get_by_label("Figure, in families").first.fill("12,5")
    page.get_by_role("button", name="Record these figures").click()
    page.get_by_role("heading", name="putting right").wait_for()


def open_a_figure(page: Page) -> None:
    page.get_by_text("Change it").first.click()


def explore(page: Page) -> None:
    page.locator(".chart.is-live").wait_for()


def close_the_first(page: Page) -> None:
    page.get_by_role("link", name="Close the").first.click()
    page.get_by_role("heading", name="Close this").wait_for()


def close_without_a_reason(page: Page) -> None:
    close_the_first(page)
    page.get_by_role("button", name="Close it").click()
    page.get_by_role("heading", name="One answer needs putting right").wait_for()


def follow(*links: str | re.Pattern[str]) -> Callable[[Page], None]:
    """Follow the first link of each name, one after the other."""

    def go(page: Page) -> None:
        for name in links:
            page.get_by_role("link", name=name).first.click()
            page.wait_for_load_state()

    return go


def return_figure_without_a_reason(page: Page) -> None:
    follow("Confirm or return it")(page)
    page.get_by_label("No, I return it").check()
    page.get_by_role("button", name="Send your answer").click()
    page.get_by_role("heading", name="One answer needs putting right").wait_for()


def follow_and_send(button: str, *links: str) -> Callable[[Page], None]:
    """Follow links, then send a form with nothing in it."""

    def go(page: Page) -> None:
        follow(*links)(page)
        send_nothing(button)(page)

    return go


def save_after_another(page: Page) -> None:
    """Save the draft's area after somebody else did, here in a second window."""
    page.get_by_role("link", name="Area 1.").first.click()
    page.wait_for_load_state()
    other = page.context.new_page()
    other.goto(page.url)
    stamp = uuid4().hex[:8]
    other.get_by_label("Title", exact=True).fill(f"Waits before and after a referral {stamp}")
    other.get_by_label("Note").fill(f"Read with the forum. {stamp}")
    other.get_by_role("button", name="Save").click()
    other.wait_for_load_state()
    other.close()
    page.get_by_label("Title", exact=True).fill("Waiting for help")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Somebody saved this").wait_for()


def remove_what_holds_something(page: Page) -> None:
    follow("Area 1.", "Remove this area")(page)
    page.get_by_role("button", name="Remove it").click()
    page.get_by_text("There hangs on it").wait_for()


def send_nothing(button: str) -> Callable[[Page], None]:
    def send(page: Page) -> None:
        page.get_by_role("button", name=button).click()
        page.get_by_role("heading", name="putting right").wait_for()

    return send


# The sample's quarterly report in preparation, itself and no notice about it; and the newest that
# is out.
DRAFTED, PUBLISHED = re.compile(r"^Quarterly formal report, Q"), "of Quarterly formal report"
# The first organisation's answer that was given outside, in the draft's list.
APPROVED_OUTSIDE = re.compile("record it ?: Approval of")


def go_on(*links: str | re.Pattern[str], to: str = "") -> Callable[[Page], None]:
    """Follow links, then go to an address below the page they lead to."""

    def go(page: Page) -> None:
        follow(*links)(page)
        page.goto(f"{page.url}{to}")

    return go


def one_by_one(*steps: Callable[[Page], None]) -> Callable[[Page], None]:
    def all_of_them(page: Page) -> None:
        for step in steps:
            step(page)

    return all_of_them


def edit_after_another(page: Page) -> None:
    """Edit words of the draft that somebody else has edited meanwhile, here in a second window."""
    follow(DRAFTED, "Edit")(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("textbox").last.fill(f"This is being written. {uuid4().hex[:8]}")
    other.get_by_role("button", name="Save these words").click()
    other.wait_for_load_state()
    other.close()
    page.get_by_role("textbox").last.fill("Most of the quarter's figures have come in.")
    page.get_by_role("button", name="Save these words").click()
    page.get_by_role("heading", name="Somebody saved this").wait_for()


def show_a_move(page: Page) -> None:
    follow(DRAFTED, "Move the cut-off")(page)
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="recorded by").wait_for()


def move_to_a_day_to_come(page: Page) -> None:
    follow(DRAFTED, "Move the cut-off")(page)
    page.get_by_label("The plan as at").fill(f"{TOMORROW:%d/%m/%Y}")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("heading", name="putting right").wait_for()


def return_a_report_without_a_reason(page: Page) -> None:
    follow(DRAFTED, "Approve or return")(page)
    page.get_by_label("I return it").check()
    page.get_by_role("button", name="Record your answer").click()
    page.get_by_role("heading", name="putting right").wait_for()


def add_somebody(page: Page) -> None:
    page.get_by_label("Name").fill("Sample newcomer")
    page.get_by_label("E-mail address").fill(f"{uuid4().hex[:8]}@sample.example")
    page.get_by_role("button", name="Add user").click()
    page.get_by_role("heading", name="Password of Sample newcomer").wait_for()


@dataclass(frozen=True)
class Visit:
    """A page, and how to get there."""

    name: str
    role: str | None  # None: not signed in
    address: str
    then: Callable[[Page], None] | None = None
    leads_to: str = ""  # the view `then` ends at, where it is not the one of the address
    status: int = 200
    names_plan: bool = True

    @property
    def shows_the_sample(self) -> bool:
        """Pages that refuse do not say of which plan, nor do those of somebody signed out."""
        return self.names_plan and self.address.startswith(SAMPLE) and self.status in (200, 422)

    def open(self, page: Page) -> None:
        page.goto(self.address)
        if self.then:
            self.then(page)


def send_no_name(page: Page) -> None:
    page.get_by_label("Name").fill("")
    page.get_by_role("button", name="Change name").click()
    page.get_by_text("Enter your name.").first.wait_for()


def read_guests(page: Page) -> None:
    """One who is known, one whose address is none."""
    page.get_by_label("Addresses").fill("reader@sample.example; member\numa.pellworth@sample")
    page.get_by_role("button", name="Read the list").click()
    page.get_by_role("heading", name="Read from your list").wait_for()


PAGES = [
    # One's own work
    Visit("my-work-lead", "lead", f"{SAMPLE}/my-work/"),
    Visit("my-work-sro", "sro", f"{SAMPLE}/my-work/"),
    Visit("update", "lead", f"{SAMPLE}/commitments/1.2.2c/update/"),
    Visit(
        "update-red-refused",
        "lead",
        f"{SAMPLE}/commitments/1.2.2c/update/",
        then=choose_red_and_send,
        status=422,
    ),
    Visit("update-on-behalf", "officer", f"{SAMPLE}/commitments/3.1.1h/update/"),
    Visit(
        "update-blue-refused",
        "officer",
        f"{SAMPLE}/commitments/5.1.1b/update/",
        then=choose_blue_and_send,
        status=422,
    ),
    Visit(
        "update-check",
        "officer",
        f"{SAMPLE}/commitments/4.1.1a/update/",
        then=check_amber,
        leads_to="actions:check_update",
    ),
    Visit("update-files", "officer", f"{SAMPLE}/commitments/3.2.1e/update/", then=give_files),
    Visit(
        "update-check-files",
        "officer",
        f"{SAMPLE}/commitments/3.2.1a/update/",
        then=check_files,
        leads_to="actions:check_update",
    ),
    Visit(
        "update-conflict",
        "sro",
        f"{SAMPLE}/commitments/1.2.5e/update/",
        then=send_after_another,
        leads_to="actions:update_conflict",
    ),
    Visit("update-done", "lead", f"{SAMPLE}/commitments/1.2.1b/update/done/"),
    Visit("update-done-on-behalf", "officer", f"{SAMPLE}/commitments/4.1.1c/update/done/"),
    Visit(
        "update-signed-out",
        "sro",
        f"{SAMPLE}/commitments/1.1.2a/update/",
        then=send_signed_out,
        names_plan=False,
    ),
    Visit(
        "update-signed-out-refused",
        "sro",
        f"{SAMPLE}/commitments/1.1.2a/update/",
        then=sign_in_again_wrongly,
        leads_to="actions:keep_text",
        status=422,
        names_plan=False,
    ),
    Visit("several", "lead", f"{SAMPLE}/my-work/several/"),
    Visit(
        "several-refused",
        "lead",
        f"{SAMPLE}/my-work/several/",
        then=send_nothing("Check what you will record"),
        status=422,
    ),
    Visit("several-checked", "lead", f"{SAMPLE}/my-work/several/", then=check_several),
    Visit("told", "officer", f"{SAMPLE}/updates/", then=open_told, leads_to="pages:told"),
    Visit("sheets", "lead", f"{SAMPLE}/my-work/sheets/"),
    Visit(
        "sheets-of-team-refused",
        "officer",
        f"{SAMPLE}/updates/sheets/",
        then=send_nothing("Check the sheets"),
        status=422,
    ),
    Visit("sheets-checked", "lead", f"{SAMPLE}/my-work/sheets/", then=check_sheets),
    Visit("period", "officer", f"{SAMPLE}/updates/"),
    Visit("period-earlier", "officer", f"{SAMPLE}/updates/?period={LAST_MONTH}"),
    Visit("updates-close", "officer", f"{SAMPLE}/updates/closing/"),
    Visit(
        "updates-close-refused",
        "officer",
        f"{SAMPLE}/updates/closing/",
        then=send_nothing("Add the meeting"),
        status=422,
    ),
    Visit(
        "updates-cycle-refused",
        "officer",
        f"{SAMPLE}/updates/closing/",
        then=send_nothing("Change the cycle"),
        status=422,
    ),
    Visit(
        "updates-period-refused",
        "officer",
        f"{SAMPLE}/updates/closing/",
        then=send_nothing("Change the period"),
        status=422,
    ),
    Visit("everybody", "officer", f"{SAMPLE}/updates/everybody/"),
    Visit(
        "everybody-addresses",
        "officer",
        f"{SAMPLE}/updates/everybody/?all=yes&show=addresses",
    ),
    Visit(
        "contact-address",
        "officer",
        f"{SAMPLE}/updates/everybody/?only=no-account",
        then=follow("address of Viktor Winterslow"),
        leads_to="reaching:address",
    ),
    Visit(
        "mail-write",
        "officer",
        f"{SAMPLE}/updates/everybody/",
        then=write_to_the_first,
        leads_to="reaching:write",
    ),
    Visit(
        "mail-write-refused",
        "officer",
        f"{SAMPLE}/mail/write/",
        then=write_to_nobody,
        leads_to="reaching:write",
        status=422,
    ),
    Visit(
        "mail-write-check",
        "officer",
        f"{SAMPLE}/updates/everybody/",
        then=check_what_is_written,
        leads_to="reaching:write",
    ),
    Visit("everybody-by-area", "officer", f"{SAMPLE}/updates/everybody/?by=area"),
    Visit("mail", "officer", f"{SAMPLE}/mail/"),
    Visit(
        "mail-of-one",
        "officer",
        f"{SAMPLE}/mail/",
        then=read_the_newest_mail,
        leads_to="reaching:message",
    ),
    Visit("mail-settings", "officer", f"{SAMPLE}/mail/settings/"),
    Visit(
        "mail-settings-refused",
        "officer",
        f"{SAMPLE}/mail/settings/",
        then=close_offices_badly,
        status=422,
    ),
    Visit(
        "mail-hold",
        "officer",
        f"{SAMPLE}/mail/",
        then=hold_whom_it_went_to,
        leads_to="reaching:hold",
    ),
    Visit(
        "my-mail-stop",
        "lead",
        "/mail/",
        then=follow("Stop all of them"),
        leads_to="reaching:unsubscribe",
    ),
    Visit("my-mail", "lead", "/mail/"),
    Visit("my-mail-refused", "lead", "/mail/", then=work_on_no_day, status=422),
    Visit("hand-over", "officer", f"{SAMPLE}/handovers/new/"),
    Visit("hand-over-checked", "officer", f"{SAMPLE}/handovers/new/", then=check_handover),
    Visit(
        "hand-over-refused",
        "officer",
        f"{SAMPLE}/handovers/new/",
        then=send_nothing("Check what passes"),
        status=422,
    ),
    Visit("deputies", "officer", f"{SAMPLE}/deputies/"),
    Visit("deputies-lead", "lead", f"{SAMPLE}/deputies/"),
    Visit(
        "deputies-refused",
        "officer",
        f"{SAMPLE}/deputies/",
        then=send_nothing("Arrange cover"),
        status=422,
    ),
    Visit(
        "correction",
        "lead",
        f"{SAMPLE}/commitments/1.2.1b/",
        then=correct_the_newest,
        leads_to="actions:correct_update",
    ),
    Visit(
        "correction-refused",
        "lead",
        f"{SAMPLE}/commitments/1.2.1b/",
        then=correct_without_a_reason,
        leads_to="actions:correct_update",
        status=422,
    ),
    Visit("blue", "sro", f"{SAMPLE}/commitments/1.2.4a/blue/"),
    Visit(
        "blue-refused",
        "sro",
        f"{SAMPLE}/commitments/1.2.4a/blue/",
        then=return_without_a_reason,
        status=422,
    ),
    # A commitment in each of its conditions
    Visit("commitment-moved", "lead", f"{SAMPLE}/commitments/1.2.2a/"),
    Visit("commitment-blue-waits", "sro", f"{SAMPLE}/commitments/1.2.4a/"),
    Visit("commitment-blue-waits-member", "member", f"{SAMPLE}/commitments/1.2.4a/"),
    Visit("commitment-blue", "lead", f"{SAMPLE}/commitments/1.2.1b/"),
    Visit("commitment-corrected", "officer", f"{SAMPLE}/commitments/2.1.1d/"),
    Visit("commitment-grey", "officer", f"{SAMPLE}/commitments/3.2.1f/"),
    Visit("commitment-not-yet-rated", "officer", f"{SAMPLE}/commitments/5.1.1b/"),
    Visit("commitment-published", "officer", f"{WARWICKSHIRE}/commitments/1.2.2a/"),
    # What is added to a commitment
    Visit("add-evidence", "lead", f"{SAMPLE}/commitments/1.2.1b/evidence/new/"),
    Visit(
        "add-evidence-refused",
        "lead",
        f"{SAMPLE}/commitments/1.2.1b/evidence/new/",
        then=send_a_case_study,
        status=422,
    ),
    Visit(
        "withdraw-evidence",
        "lead",
        f"{SAMPLE}/commitments/1.2.1b/",
        then=withdraw_the_first,
        leads_to="actions:withdraw_evidence",
    ),
    Visit("add-note", "lead", f"{SAMPLE}/commitments/1.2.1b/notes/new/"),
    Visit(
        "add-note-refused",
        "lead",
        f"{SAMPLE}/commitments/1.2.1b/notes/new/",
        then=send_nothing("Add the note"),
        status=422,
    ),
    # Past progress from a file
    Visit("past-progress", "officer", f"{SAMPLE}/past-progress/"),
    Visit(
        "past-progress-refused",
        "officer",
        f"{SAMPLE}/past-progress/",
        then=send_table("9.9.9z,soon,Purple,"),
        status=422,
    ),
    Visit(
        "past-progress-preview",
        "officer",
        f"{SAMPLE}/past-progress/",
        then=send_table(f"5.1.1b,{EARLIER},Green,The page is written."),
        leads_to="actions:upload_preview",
    ),
    # The plan
    Visit("plan", "officer", f"{SAMPLE}/"),
    Visit("plan-earlier", "officer", f"{SAMPLE}/?as_at={EARLIER}"),
    Visit("plan-published", "officer", f"{WARWICKSHIRE}/"),
    Visit("area", "officer", f"{SAMPLE}/areas/1/"),
    Visit("area-earlier", "officer", f"{SAMPLE}/areas/4/?as_at={EARLIER}"),
    Visit("action", "officer", f"{SAMPLE}/actions/1.2.2/"),
    Visit("commitments", "officer", f"{SAMPLE}/commitments/"),
    Visit(
        "commitments-narrowed",
        "lead",
        f"{SAMPLE}/commitments/?rating=red&rating=amber&needs=overdue",
    ),
    Visit(
        "commitments-sorted-earlier", "member", f"{SAMPLE}/commitments/?sort=-now&as_at={EARLIER}"
    ),
    Visit(
        "commitments-refused",
        "officer",
        f"{SAMPLE}/commitments/?rating=pink&due_from=soon",
        status=422,
    ),
    # Measures: one of each kind, and what is decided about them
    # Entering figures
    Visit("figures", "officer", f"{SAMPLE}/figures/"),
    Visit("figures-data-owner", "lead", f"{SAMPLE}/figures/"),
    Visit(
        "figures-to-change",
        "officer",
        f"{SAMPLE}/figures/?month={TWO_MONTHS_AGO}",
        then=open_a_figure,
    ),
    Visit("figures-to-come", "officer", f"{SAMPLE}/figures/?month={TODAY:%Y-%m}"),
    Visit(
        "figures-refused",
        "lead",
        f"{SAMPLE}/figures/",
        then=enter_what_is_no_number,
        status=422,
    ),
    Visit("figures-bad-month", "lead", f"{SAMPLE}/figures/?month=soon", status=400),
    Visit("figures-upload", "lead", f"{SAMPLE}/figures/upload/"),
    Visit(
        "figures-upload-refused",
        "lead",
        f"{SAMPLE}/figures/upload/",
        then=send_figures("1.2.1-2,soon,7", "9.9.9-9,2022-10,7"),
        status=422,
    ),
    Visit(
        "figures-preview",
        "officer",
        f"{SAMPLE}/figures/upload/",
        then=send_figures("1.1.1-1,2020-10,250,From the register"),
        leads_to="kpis:figures_preview",
    ),
    Visit("baseline", "officer", f"{SAMPLE}/kpis/3.1.1-5/baseline/"),
    Visit(
        "baseline-refused",
        "officer",
        f"{SAMPLE}/kpis/3.1.1-5/baseline/",
        then=send_nothing("Record the baseline"),
        status=422,
    ),
    Visit("comparator-figure", "officer", f"{SAMPLE}/kpis/1.1.2-2/comparator/"),
    Visit(
        "comparator-figure-refused",
        "officer",
        f"{SAMPLE}/kpis/1.1.2-2/comparator/",
        then=send_nothing("Record the figure"),
        status=422,
    ),
    Visit("kpi-compared", "officer", f"{SAMPLE}/kpis/1.1.2-2/"),
    Visit("kpis", "officer", f"{SAMPLE}/kpis/"),
    Visit("kpis-narrowed-earlier", "member", f"{SAMPLE}/kpis/?stands=off&as_at={EARLIER}"),
    Visit("kpis-published", "officer", f"{WARWICKSHIRE}/kpis/?sort=-target"),
    Visit("kpis-refused", "officer", f"{SAMPLE}/kpis/?stands=pink", status=422),
    Visit("kpi-trajectory", "officer", f"{SAMPLE}/kpis/1.1.1-1/"),
    Visit("kpi-rebased", "officer", f"{SAMPLE}/kpis/1.1.1-2/"),
    Visit("kpi-relative", "lead", f"{SAMPLE}/kpis/1.1.2-1/"),
    Visit("kpi-survey", "member", f"{SAMPLE}/kpis/1.2.2-1/"),
    Visit("kpi-cumulative", "member", f"{SAMPLE}/kpis/3.1.1-9/"),
    Visit("kpi-comparator", "member", f"{SAMPLE}/kpis/4.2.1-1/"),
    Visit("kpi-qualitative", "member", f"{SAMPLE}/kpis/2.2.1-4/"),
    Visit("kpi-waits-for-a-second-person", "officer", f"{SAMPLE}/kpis/2.3.1-1/"),
    Visit("kpi-with-gaps", "member", f"{SAMPLE}/kpis/5.1.3-1/"),
    Visit("kpi-without-a-figure", "officer", f"{WARWICKSHIRE}/kpis/1.1.1-1/"),
    Visit("kpi-small-numbers", "officer", f"{SAMPLE}/kpis/3.1.1-9/small-numbers/"),
    Visit("plan-small-numbers", "officer", f"{SAMPLE}/small-numbers/"),
    Visit("rebase", "officer", f"{SAMPLE}/kpis/1.1.1-2/rebase/"),
    Visit(
        "rebase-refused",
        "officer",
        f"{SAMPLE}/kpis/1.1.1-2/rebase/",
        then=send_nothing("Record the decision"),
        status=422,
    ),
    Visit(
        "rebase-taken-back",
        "officer",
        f"{SAMPLE}/kpis/1.1.1-2/",
        then=follow("Take it back"),
        leads_to="kpis:withdraw_rebase",
    ),
    Visit(
        "check-figure",
        "officer",
        f"{SAMPLE}/kpis/2.3.1-1/",
        then=follow("Confirm or return it"),
        leads_to="kpis:check_figure",
    ),
    Visit(
        "check-figure-refused",
        "officer",
        f"{SAMPLE}/kpis/2.3.1-1/",
        then=return_figure_without_a_reason,
        leads_to="kpis:check_figure",
        status=422,
    ),
    Visit("commitment-with-its-kpi", "member", f"{SAMPLE}/commitments/1.2.5b/"),
    Visit("risks", "lead", f"{SAMPLE}/risks/"),
    Visit("risks-none", "officer", f"{WARWICKSHIRE}/risks/"),
    Visit("risks-refused", "officer", f"{SAMPLE}/risks/?state=ajar", status=422),
    Visit("raise-risk", "officer", f"{SAMPLE}/risks/new/?on=commitment:1.2.2a"),
    Visit(
        "raise-risk-refused",
        "lead",
        f"{SAMPLE}/risks/new/",
        then=send_nothing("Raise it"),
        status=422,
    ),
    Visit(
        "close-risk",
        "lead",
        f"{SAMPLE}/risks/",
        then=close_the_first,
        leads_to="oversight:close_risk",
    ),
    Visit(
        "close-risk-refused",
        "lead",
        f"{SAMPLE}/risks/",
        then=close_without_a_reason,
        leads_to="oversight:close_risk",
        status=422,
    ),
    # Questions, meetings, decisions
    Visit("questions", "sro", f"{SAMPLE}/questions/"),
    Visit("questions-narrowed", "officer", f"{SAMPLE}/questions/?state=open&area=1"),
    Visit("questions-none", "officer", f"{WARWICKSHIRE}/questions/"),
    Visit("questions-refused", "member", f"{SAMPLE}/questions/?state=ajar", status=422),
    Visit("ask-question", "chair", f"{SAMPLE}/questions/new/?on=commitment:1.2.2a"),
    Visit(
        "ask-question-refused",
        "officer",
        f"{SAMPLE}/questions/new/",
        then=send_nothing("Record it"),
        status=422,
    ),
    Visit(
        "question",
        "lead",
        f"{SAMPLE}/questions/",
        then=follow("The date has moved once"),
        leads_to="oversight:question",
    ),
    Visit(
        "question-closed",
        "member",
        f"{SAMPLE}/questions/?state=closed",
        then=follow("Does the survey reach"),
        leads_to="oversight:question",
    ),
    Visit(
        "answer-question",
        "lead",
        f"{SAMPLE}/questions/",
        then=follow("The date has moved once", "Answer it"),
        leads_to="oversight:answer_question",
    ),
    Visit(
        "close-question-refused",
        "chair",
        f"{SAMPLE}/questions/?q=without+hearing",
        then=follow_and_send("Close it", "Families still wait", "Close it"),
        leads_to="oversight:close_question",
        status=422,
    ),
    Visit("meetings", "officer", f"{SAMPLE}/meetings/"),
    Visit("meetings-earlier", "member", f"{SAMPLE}/meetings/?as_at={EARLIER}"),
    Visit(
        "agenda",
        "chair",
        f"{SAMPLE}/dashboard/",
        then=lambda page: page.get_by_role("link", name="Decide in the meeting of").click(),
        leads_to="pages:agenda",
    ),
    Visit(
        "meeting",
        "chair",
        f"{SAMPLE}/decisions/?q=item+4",
        then=follow("steering"),
        leads_to="oversight:meeting",
    ),
    Visit(
        "meeting-to-come",
        "chair",
        f"{SAMPLE}/meetings/",
        then=follow("eering"),
        leads_to="oversight:meeting",
    ),
    Visit("add-meeting-chair", "chair", f"{SAMPLE}/meetings/new/"),
    Visit("add-meeting", "officer", f"{SAMPLE}/meetings/new/"),
    Visit(
        "add-meeting-refused",
        "officer",
        f"{SAMPLE}/meetings/new/",
        then=send_nothing("Add it"),
        status=422,
    ),
    Visit(
        "edit-meeting",
        "officer",
        f"{SAMPLE}/meetings/",
        then=follow("eering", "Change its days"),
        leads_to="oversight:edit_meeting",
    ),
    Visit(
        "cancel-meeting",
        "officer",
        f"{SAMPLE}/meetings/",
        then=follow("eering", "Cancel it"),
        leads_to="oversight:cancel_meeting",
    ),
    Visit("decisions", "officer", f"{SAMPLE}/decisions/"),
    Visit("decisions-overdue", "lead", f"{SAMPLE}/decisions/?state=overdue"),
    Visit("decisions-refused", "lead", f"{SAMPLE}/decisions/?state=ajar", status=422),
    Visit("record-decision", "chair", f"{SAMPLE}/decisions/new/"),
    Visit(
        "record-decision-refused",
        "officer",
        f"{SAMPLE}/decisions/new/",
        then=send_nothing("Record it"),
        status=422,
    ),
    Visit(
        "finish-decision",
        "lead",
        f"{SAMPLE}/decisions/",
        then=follow("Mark as done"),
        leads_to="oversight:finish_decision",
    ),
    Visit("reviews", "officer", f"{SAMPLE}/reviews/"),
    Visit("reviews-member", "member", f"{SAMPLE}/reviews/"),
    Visit("add-review", "officer", f"{SAMPLE}/reviews/new/"),
    Visit(
        "add-review-refused",
        "officer",
        f"{SAMPLE}/reviews/new/",
        then=send_nothing("Save"),
        status=422,
    ),
    Visit(
        "edit-review",
        "officer",
        f"{SAMPLE}/reviews/",
        then=follow("Edit the review meeting"),
        leads_to="oversight:edit_review",
    ),
    Visit(
        "add-review-ask",
        "officer",
        f"{SAMPLE}/reviews/",
        then=follow("Add what was asked for"),
        leads_to="oversight:add_review_ask",
    ),
    Visit(
        "edit-review-ask",
        "officer",
        f"{SAMPLE}/reviews/",
        then=follow("Answer or edit"),
        leads_to="oversight:edit_review_ask",
    ),
    # What is an SRO's and the forum's
    Visit("my-area", "sro", f"{SAMPLE}/my-area/"),
    Visit("judge-area", "sro", f"{SAMPLE}/areas/1/judge/"),
    Visit(
        "judge-area-refused",
        "sro",
        f"{SAMPLE}/areas/1/judge/",
        then=send_nothing("Record your rating"),
        status=422,
    ),
    Visit("families-view", "forum", f"{SAMPLE}/commitments/1.2.4a/blue/families/"),
    Visit(
        "families-view-refused",
        "forum",
        f"{SAMPLE}/commitments/1.2.4a/blue/families/",
        then=send_nothing("Send your answer"),
        status=422,
    ),
    Visit("search", "officer", f"{SAMPLE}/search/?q=staff"),
    Visit("search-reference", "lead", f"{SAMPLE}/search/?q=1.2"),
    Visit("search-one-kind", "member", f"{SAMPLE}/search/?q=school&kind=updates"),
    Visit("search-nothing", "lead", f"{SAMPLE}/search/?q=aardvark"),
    Visit("search-refused", "lead", f"{SAMPLE}/search/?q=x", status=422),
    Visit("search-all-plans", "officer", "/search/?q=assessment"),
    Visit("changed", "chair", f"{SAMPLE}/changed/?compare_with={EARLIER}"),
    Visit("changes", "chair", f"{SAMPLE}/changes/"),
    Visit("changes-sro", "sro", f"{SAMPLE}/changes/"),
    Visit("own-moves", "officer", f"{SAMPLE}/changes/own-moves/"),
    Visit(
        "change-decide",
        "chair",
        f"{SAMPLE}/changes/",
        then=open_the_first,
        leads_to="oversight:change",
    ),
    Visit(
        "change-decide-refused",
        "chair",
        f"{SAMPLE}/changes/",
        then=decide_without_a_meeting,
        leads_to="oversight:change",
        status=422,
    ),
    Visit("ask-change", "lead", f"{SAMPLE}/commitments/1.2.2a/changes/new/"),
    Visit("ask-change-lead", "officer", f"{SAMPLE}/commitments/1.2.2a/changes/new/?kind=lead"),
    Visit(
        "ask-change-refused",
        "lead",
        f"{SAMPLE}/commitments/1.2.2a/changes/new/?kind=wording",
        then=send_nothing("Ask for it"),
        status=422,
    ),
    Visit("ask-kpi-change", "officer", f"{SAMPLE}/kpis/1.1.1-1/changes/new/"),
    Visit("propose", "lead", f"{SAMPLE}/changes/propose/"),
    Visit("propose-sro", "sro", f"{SAMPLE}/changes/propose/", then=propose_a_commitment),
    Visit(
        "propose-refused",
        "sro",
        f"{SAMPLE}/changes/propose/commitment/new/?in=1.2.2",
        then=send_nothing("Check and go on"),
        status=422,
    ),
    Visit("propose-wording", "officer", f"{SAMPLE}/changes/propose/commitment/1.2.2a/"),
    Visit("propose-kpi", "officer", f"{SAMPLE}/changes/propose/kpi/new/"),
    Visit("shared-views", "officer", f"{SAMPLE}/shared-views/"),
    Visit(
        "shared-views-refused",
        "officer",
        f"{SAMPLE}/shared-views/",
        then=send_nothing("Share"),
        status=422,
    ),
    Visit("shared-plan", "reader", f"{SAMPLE}/"),
    Visit("shared-commitment", "reader", f"{SAMPLE}/commitments/1.2.2a/"),
    Visit("shared-kpi", "reader", f"{SAMPLE}/kpis/1.1.1-1/"),
    Visit("dashboard", "chair", f"{SAMPLE}/dashboard/"),
    Visit("dashboard-member", "member", f"{SAMPLE}/dashboard/"),
    Visit("dashboard-other-days", "officer", f"{SAMPLE}/dashboard/?as_at={EARLIER}"),
    Visit("dashboard-not-tracked", "officer", f"{WARWICKSHIRE}/dashboard/"),
    Visit("kpi-grid", "officer", f"{SAMPLE}/kpi-grid/"),
    Visit("on-a-page", "member", f"{SAMPLE}/dashboard/plan-on-a-page/"),
    Visit(
        "on-a-page-explored",
        "chair",
        f"{SAMPLE}/dashboard/plan-on-a-page/?explore=ratings",
        then=explore,
    ),
    Visit("in-full", "officer", f"{SAMPLE}/dashboard/in-full/"),
    Visit("in-full-not-tracked", "officer", f"{WARWICKSHIRE}/dashboard/in-full/"),
    Visit("dashboard-timeline", "chair", f"{SAMPLE}/dashboard/timeline/"),
    Visit(
        "dates-compared",
        "chair",
        f"{SAMPLE}/dates/?compare_with={EARLIER}&next={SAMPLE}/dashboard/",
    ),
    Visit("history-of-edits", "officer", f"{SAMPLE}/history/"),
    Visit("history-of-edits-narrowed", "member", f"{SAMPLE}/history/?ref=1.2.2a&since=1/1/2020"),
    Visit("history-of-edits-refused", "officer", f"{SAMPLE}/history/?since=soon", status=422),
    Visit("edit-reference", "officer", f"{SAMPLE}/edit/reference/"),
    Visit("add-funding", "officer", f"{SAMPLE}/edit/funding-line/new/"),
    Visit("findings", "officer", f"{WORCESTERSHIRE}/findings/"),
    Visit("findings-every-kind", "officer", f"{WARWICKSHIRE}/findings/"),
    Visit("findings-narrowed", "member", f"{SAMPLE}/findings/?q=autism&points=points"),
    Visit("findings-refused", "officer", f"{SAMPLE}/findings/?kind=rumour", status=422),
    Visit("judge-finding", "officer", f"{SAMPLE}/findings/2021-07-w1/judgement/"),
    Visit("finding", "chair", f"{SAMPLE}/findings/2021-07-w1/"),
    Visit("finding-compared", "officer", f"{SAMPLE}/findings/2021-07-w2/?compare_with={EARLIER}"),
    Visit("finding-judged", "officer", f"{WORCESTERSHIRE}/findings/2018-w1/"),
    Visit("funding-with-other-sums", "officer", f"{WARWICKSHIRE}/funding/"),
    Visit("bodies", "officer", f"{SAMPLE}/bodies/"),
    Visit("documents", "officer", f"{SAMPLE}/documents/"),
    Visit("documents-none", "officer", f"{WARWICKSHIRE}/documents/"),
    Visit(
        "withdraw-document",
        "officer",
        f"{SAMPLE}/documents/",
        then=withdraw_the_first_document,
        leads_to="actions:withdraw_document",
    ),
    Visit("add-document", "officer", f"{SAMPLE}/documents/new/"),
    Visit("engagement", "officer", f"{SAMPLE}/engagement/"),
    Visit("record", "officer", f"{SAMPLE}/record/"),
    Visit("glossary", "officer", f"{SAMPLE}/glossary/"),
    Visit("funding", "officer", f"{SAMPLE}/funding/"),
    Visit("dates", "officer", f"{SAMPLE}/dates/?next={SAMPLE}/areas/1/"),
    Visit("dates-refused", "officer", f"{SAMPLE}/dates/?day={TOMORROW}", status=422),
    Visit("reports", "officer", f"{SAMPLE}/reports/"),
    Visit("reports-reader", "reader", f"{SAMPLE}/reports/"),
    Visit("reports-calendar", "officer", f"{SAMPLE}/reports/calendar/"),
    Visit("reports-calendar-earlier", "member", f"{SAMPLE}/reports/calendar/?as_at={EARLIER}"),
    # One of its series is counted from no day yet.
    Visit("reports-calendar-published", "officer", f"{WARWICKSHIRE}/reports/calendar/"),
    Visit("report-series", "officer", f"{SAMPLE}/reports/series/"),
    Visit("report-series-none", "officer", f"{DRAFT}/reports/series/"),
    Visit(
        "report-series-refused",
        "officer",
        f"{SAMPLE}/reports/series/",
        then=follow_and_send("Add the report series", "Add a report series"),
        leads_to="actions:add_part",
        status=422,
    ),
    Visit(
        "approver",
        "officer",
        f"{SAMPLE}/reports/series/",
        then=follow("Add an approver"),
        leads_to="actions:add_part",
    ),
    Visit("word-template", "officer", f"{SAMPLE}/reports/word-template/"),
    Visit(
        "word-template-refused",
        "officer",
        f"{SAMPLE}/reports/word-template/",
        then=send_nothing("Use this file"),
        status=422,
    ),
    Visit(
        "report-start",
        "officer",
        f"{SAMPLE}/reports/calendar/",
        then=follow("Start"),
        leads_to="reports:start",
    ),
    Visit(
        "draft",
        "officer",
        f"{SAMPLE}/reports/",
        then=follow(DRAFTED),
        leads_to="reports:draft",
    ),
    Visit("draft-lead", "lead", f"{SAMPLE}/reports/", then=follow(DRAFTED)),
    Visit(
        "draft-families",
        "forum",
        f"{SAMPLE}/reports/",
        then=follow(DRAFTED, "Summary for families"),
        leads_to="reports:draft_families",
    ),
    Visit(
        "draft-words",
        "officer",
        f"{SAMPLE}/reports/",
        then=follow(DRAFTED, "Edit"),
        leads_to="reports:words",
    ),
    Visit(
        "draft-words-conflict",
        "officer",
        f"{SAMPLE}/reports/",
        then=edit_after_another,
        leads_to="reports:words",
        status=409,
    ),
    Visit(
        "draft-cut-off",
        "officer",
        f"{SAMPLE}/reports/",
        then=show_a_move,
        leads_to="reports:cut_off",
    ),
    Visit(
        "draft-cut-off-refused",
        "officer",
        f"{SAMPLE}/reports/",
        then=move_to_a_day_to_come,
        leads_to="reports:cut_off",
        status=422,
    ),
    Visit(
        "draft-sign",
        "sro",
        f"{SAMPLE}/reports/",
        then=go_on(DRAFTED, to="sign/1/"),
        leads_to="reports:sign",
    ),
    Visit(
        "draft-signed-outside",
        "officer",
        f"{SAMPLE}/reports/",
        then=go_on(DRAFTED, to="outside/sign/3/"),
        leads_to="reports:record_signature",
    ),
    Visit(
        "draft-approved-outside",
        "officer",
        f"{SAMPLE}/reports/",
        then=follow(DRAFTED, APPROVED_OUTSIDE),
        leads_to="reports:record_answer",
    ),
    Visit(
        "draft-approved-outside-refused",
        "officer",
        f"{SAMPLE}/reports/",
        then=one_by_one(follow(DRAFTED, APPROVED_OUTSIDE), send_nothing("Record it")),
        leads_to="reports:record_answer",
        status=422,
    ),
    Visit(
        "draft-check-outside",
        "officer",
        f"{SAMPLE}/reports/",
        then=follow(DRAFTED, "Check it"),
        leads_to="reports:check_said",
    ),
    Visit(
        "draft-check-outside-refused",
        "officer",
        f"{SAMPLE}/reports/",
        then=one_by_one(follow(DRAFTED, "Check it"), send_nothing("Record your check")),
        leads_to="reports:check_said",
        status=422,
    ),
    Visit(
        "draft-approve-refused",
        "chair",
        f"{SAMPLE}/reports/",
        then=return_a_report_without_a_reason,
        leads_to="reports:approve",
        status=422,
    ),
    Visit(
        "draft-publish",
        "officer",
        f"{SAMPLE}/reports/",
        then=go_on(DRAFTED, to="publish/"),
        leads_to="reports:publish",
    ),
    Visit(
        "draft-publish-refused",
        "officer",
        f"{SAMPLE}/reports/",
        then=one_by_one(go_on(DRAFTED, to="publish/"), send_nothing("Publish")),
        leads_to="reports:publish",
        status=422,
    ),
    Visit(
        "draft-drop",
        "officer",
        f"{SAMPLE}/reports/",
        then=follow(DRAFTED, "Discard draft"),
        leads_to="reports:discard",
    ),
    Visit(
        "report-quarterly",
        "reader",
        f"{SAMPLE}/reports/",
        then=follow(PUBLISHED),
        leads_to="reports:report",
    ),
    Visit("report-monthly", "member", f"{SAMPLE}/reports/", then=follow("of Monthly")),
    Visit("report-six-weekly", "chair", f"{SAMPLE}/reports/", then=follow("of 6-weekly")),
    Visit("report-six-monthly", "officer", f"{SAMPLE}/reports/", then=follow("of 6-monthly")),
    Visit(
        "report-families",
        "reader",
        f"{SAMPLE}/reports/",
        then=follow(PUBLISHED, "Summary for families"),
        leads_to="reports:report_families",
    ),
    Visit(
        "report-new-version",
        "officer",
        f"{SAMPLE}/reports/",
        then=follow(PUBLISHED, "Begin a new version"),
        leads_to="reports:new_version",
    ),
    Visit(
        "report-new-version-refused",
        "officer",
        f"{SAMPLE}/reports/",
        then=follow_and_send("Begin the new version", PUBLISHED, "Begin a new version"),
        leads_to="reports:new_version",
        status=422,
    ),
    Visit("plans", "officer", "/plans/"),
    Visit("plans-reader", "reader", "/plans/"),
    Visit("plans-none", "admin", "/plans/"),
    # Editing: a draft, and what may change of an agreed plan
    Visit("start-plan", "officer", "/plans/new/"),
    Visit(
        "start-plan-refused",
        "officer",
        "/plans/new/",
        then=send_nothing("Start the plan"),
        status=422,
    ),
    Visit("edit-draft", "officer", f"{DRAFT}/edit/"),
    Visit("carry-forward", "officer", f"{DRAFT}/edit/carry-forward/"),
    Visit("edit-agreed", "officer", f"{SAMPLE}/edit/"),
    Visit("edit-locked", "officer", f"{SAMPLE}/edit/area/new/", status=403),
    Visit("edit-people", "officer", f"{SAMPLE}/edit/people/"),
    Visit("invite", "officer", f"{SAMPLE}/people/invite/"),
    Visit(
        "invite-read",
        "officer",
        f"{SAMPLE}/people/invite/",
        then=read_guests,
        status=422,
    ),
    Visit("invitation-over", None, "/invitations/nobodys/", status=404),
    Visit("add-area", "officer", f"{DRAFT}/edit/area/new/"),
    Visit(
        "add-area-refused",
        "officer",
        f"{DRAFT}/edit/area/new/",
        then=send_nothing("Add the area"),
        status=422,
    ),
    Visit(
        "edit-commitment",
        "officer",
        f"{DRAFT}/edit/",
        then=follow("1.1.1b"),
        leads_to="actions:edit_part",
    ),
    Visit(
        "edit-colour-key",
        "officer",
        f"{DRAFT}/edit/",
        then=follow("Colour key"),
        leads_to="actions:edit_part",
    ),
    Visit(
        "edit-area-conflict",
        "officer",
        f"{DRAFT}/edit/",
        then=save_after_another,
        leads_to="actions:edit_part",
        status=409,
    ),
    Visit(
        "edit-kpi",
        "officer",
        f"{DRAFT}/edit/kpis/",
        then=follow("1.1.1-1"),
        leads_to="actions:edit_part",
    ),
    Visit(
        "remove-area",
        "officer",
        f"{DRAFT}/edit/",
        then=follow("Area 1.", "Remove this area"),
        leads_to="actions:remove_part",
    ),
    Visit(
        "remove-area-refused",
        "officer",
        f"{DRAFT}/edit/",
        then=remove_what_holds_something,
        leads_to="actions:remove_part",
        status=422,
    ),
    Visit("edit-kpis", "officer", f"{DRAFT}/edit/kpis/"),
    Visit("edit-data-owners", "officer", f"{SAMPLE}/edit/kpis/"),
    Visit("agree-plan", "officer", f"{DRAFT}/agree/"),
    Visit(
        "agree-plan-refused",
        "officer",
        f"{DRAFT}/agree/",
        then=send_nothing("Record the agreement"),
        status=422,
    ),
    Visit("close-plan", "officer", f"{SAMPLE}/close/"),
    Visit(
        "close-plan-refused",
        "officer",
        f"{SAMPLE}/close/",
        then=close_without_a_day,
        status=422,
    ),
    Visit("close-plan-check", "officer", f"{SAMPLE}/close/", then=carry_all_forward),
    # A superuser's
    Visit("first-officer", "admin", "/officers/"),
    Visit(
        "first-officer-refused",
        "admin",
        "/officers/",
        then=send_nothing("Name the officer"),
        status=422,
    ),
    Visit("users", "admin", "/users/"),
    Visit("new-user", "admin", "/users/new/"),
    Visit("new-user-refused", "admin", "/users/new/", then=send_nothing("Add user")),
    Visit("password-once", "admin", "/users/new/", then=add_somebody),
    Visit("user", "admin", "/users/1/"),
    Visit("reset-password", "admin", "/users/1/password/"),
    # Everybody's
    Visit("sign-in", None, "/sign-in/"),
    Visit("sign-in-refused", None, "/sign-in/", then=send_nothing("Sign in")),
    Visit("account", "officer", "/account/"),
    Visit("confirm", "lead", "/account/confirm/?next=/account/"),
    Visit("confirm-refused", "lead", "/account/confirm/", then=send_nothing("Go on")),
    Visit("change-name", "lead", "/account/name/"),
    Visit("change-name-refused", "lead", "/account/name/", then=send_no_name),
    Visit("set-up-second-step", "lead", "/account/second-step/"),
    Visit(
        "set-up-second-step-refused", "lead", "/account/second-step/", then=send_nothing("Set up")
    ),
    Visit("change-password", "admin", "/password/"),
    Visit("change-password-refused", "admin", "/password/", then=send_nothing("Change password")),
    Visit("help", "lead", "/pages/help/"),
    Visit("colours", "lead", "/pages/colours/"),
    Visit("access", None, "/pages/access/"),
    Visit("accessibility", None, "/pages/accessibility/"),
    # Refusals
    Visit("not-found", "lead", "/nowhere/", status=404),
    Visit("forbidden", "member", f"{SAMPLE}/commitments/1.2.2a/update/", status=403),
    Visit("bad-request", "lead", f"{SAMPLE}/?as_at=yesterday", status=400),
]

"""Mails that somebody's own mail program opens."""

from actions.io.mailing import LONGEST_ADDRESS, mails_to


def test_a_mail_to_very_many_is_made_as_several():
    addresses = [f"lead-{number}@county-council.example.org" for number in range(100)]
    mails = mails_to(addresses, "Updates overdue")
    assert len(mails) > 1
    assert max(map(len, mails)) <= LONGEST_ADDRESS
    written = [one for mail in mails for one in mail[7:].partition("?")[0].split(",")]
    assert written == addresses
    assert mails_to([], "Updates overdue") == []


def test_a_mail_has_its_subject_and_its_text():
    assert mails_to(["a@b.example"], "Due soon", "It closes on 4 May & then?") == [
        "mailto:a@b.example?subject=Due%20soon&body=It%20closes%20on%204%20May%20%26%20then%3F"
    ]


def test_an_address_twice_is_one_and_a_text_that_is_too_long_is_left_out():
    (mail,) = mails_to(["a@b.example", "a@b.example"], "Due", "x" * LONGEST_ADDRESS)
    assert mail == "mailto:a@b.example?subject=Due"

"""Mails that the programme team's own mail program opens, addressed and with a subject."""

from collections.abc import Iterable
from urllib.parse import quote

# Longer addresses are cut short, or not opened at all, by some mail programs and browsers.
LONGEST_ADDRESS = 1800


def mails_to(addresses: Iterable[str], subject: str, text: str = "") -> list[str]:
    """Addresses of new mails to these, none longer than `LONGEST_ADDRESS`.

    A `text` that would make one longer than that is left out.
    """
    subject_part = f"?subject={quote(subject)}"
    about = f"{subject_part}&body={quote(text)}" if text else subject_part
    if len(about) > LONGEST_ADDRESS // 2:
        about = subject_part
    mails: list[str] = []
    for address in dict.fromkeys(quote(address, safe="@") for address in addresses):
        more = f"{mails[-1]},{address}" if mails else ""
        if more and len(more) + len(about) <= LONGEST_ADDRESS:
            mails[-1] = more
        else:
            mails.append(f"mailto:{address}")
    return [f"{mail}{about}" for mail in mails]

"""A mail server of the tests' own: it speaks SMTP on a port of this machine and keeps what came."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any, cast

from wsoa.accounts.mail import THREADS


class MailServer(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails: list[EmailMessage] = []
        self.receivers: list[list[str]] = []
        # Addresses that this server refuses to take mail for.
        self.refused: set[str] = set()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def to(self, address: str, number: int = 1, within: float = 5) -> EmailMessage:
        """The mail of that number to an address; mails are sent beside the request."""
        return self.all_to(address, number, within)[number - 1]

    def all_to(self, address: str, number: int = 0, within: float = 5) -> list[EmailMessage]:
        end = time.monotonic() + within
        while True:
            found = [
                mail
                for mail, to in zip(list(self.mails), list(self.receivers), strict=False)
                if to == [address]
            ]
            if (number and len(found) >= number) or time.monotonic() > end:
                assert len(found) >= number, f"{len(found)} of {number} mails to {address}"
                return found
            time.sleep(0.01)

    def none_to(self, address: str) -> bool:
        """Whether nothing came within a time in which mails do come."""
        return not self.all_to(address, within=0.4)


class _Conversation(StreamRequestHandler):
    def handle(self) -> None:
        server = cast(MailServer, self.server)
        receivers: list[str] = []
        self._say("220 tests")
        for line in self.rfile:
            word = line[:4].upper()
            if word in (b"EHLO", b"HELO"):
                self._say("250 tests")
            elif word == b"RCPT":
                receiver = line.decode().partition("<")[2].partition(">")[0]
                if receiver in server.refused:
                    self._say("550 No such mailbox")
                    continue
                receivers.append(receiver)
                self._say("250 OK")
            elif word == b"DATA":
                self._say("354 Go on")
                body = b""
                while (piece := self.rfile.readline()) not in (b".\r\n", b""):
                    body += piece
                mail = message_from_bytes(body, policy=policy.default)
                server.receivers.append(receivers)
                server.mails.append(mail)
                receivers = []
                self._say("250 OK")
            elif word == b"QUIT":
                self._say("221 Bye")
                return
            else:
                self._say("250 OK")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A server that the site sends its mail to while it runs."""
    with MailServer() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.MAIL_FROM = "plans@example.org"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
        # What is still being sent must not reach into the next test.
        for thread in threading.enumerate():
            if thread.name == THREADS:
                thread.join(10)
        server.shutdown()

"""An organisation's sign-in of the tests' own: OpenID Connect over HTTP, in a process of its own.

Nobody types anything: `&as=…` beside what the site asks says who signs in, and `&but=…` how the
answer is wrong. Run as a program it prints its address and serves until it is ended.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT, SECRET = "plan-ledger", "a shared secret"


class _Answers(BaseHTTPRequestHandler):
    key: Any = None

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._json(
                {
                    "issuer": self._site,
                    "authorization_endpoint": f"{self._site}/authorize",
                    "token_endpoint": f"{self._site}/token",
                    "userinfo_endpoint": f"{self._site}/userinfo",
                    "jwks_uri": f"{self._site}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif parts.path == "/authorize":
            back = {"state": asked["state"]}
            if asked.get("but") == "cancelled":
                back["error"] = "access_denied"
            else:
                back["code"] = _packed(asked)
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
            self.end_headers()
        elif parts.path == "/userinfo":
            self._json(_claims(_unpacked(self.headers["Authorization"].partition(" ")[2])))
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        sent = {name: of[0] for name, of in parse_qs(self.rfile.read(length).decode()).items()}
        asked = _unpacked(sent["code"])
        proof = base64.urlsafe_b64encode(sha256(sent["code_verifier"].encode()).digest())
        is_ours = (sent["client_id"], sent["client_secret"]) == (CLIENT, SECRET)
        if not is_ours or proof.decode().rstrip("=") != asked["code_challenge"]:
            self.send_error(400)
            return
        if asked.get("but") == "broken":
            self.send_error(500)
            return
        import jwt

        now = int(time.time())
        claims = _claims(asked) | {"iss": self._site, "aud": CLIENT, "iat": now, "exp": now + 60}
        token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "1"})
        self._json({"access_token": sent["code"], "token_type": "Bearer", "id_token": token})

    @property
    def _site(self) -> str:
        return f"http://{self.headers['Host']}"

    def _json(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _claims(asked: dict[str, str]) -> dict[str, Any]:
    claims: dict[str, Any] = {"sub": asked["as"], "email": asked["as"]}
    if asked.get("but") == "unverified":
        claims["email_verified"] = False
    return claims


def _packed(asked: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(asked).encode()).decode()


def _unpacked(code: str) -> dict[str, str]:
    return dict(json.loads(base64.urlsafe_b64decode(code)))


@contextmanager
def organisation_serving() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Its address, and the process."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__))], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def answered(address: str, email: str, but: str = "") -> str:
    """Where their page sends the browser back, once somebody has signed in there."""
    more = {"as": email} | ({"but": but} if but else {})
    try:
        urllib.request.build_opener(_Stay).open(f"{address}&{urlencode(more)}", timeout=10)
    except urllib.error.HTTPError as redirected:
        with redirected:
            return str(redirected.headers["Location"])
    raise AssertionError("not sent back")


def main() -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa

    _Answers.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()

"""How allauth keeps what a second step is made of: unreadable in the database and its backups."""

import secrets
from base64 import b32encode, urlsafe_b64encode
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def _cipher() -> Fernet:
    key = sha256(f"wsoa.accounts.second_step {settings.SECRET_KEY}".encode()).digest()
    return Fernet(urlsafe_b64encode(key))


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Under another secret key: nobody's code is right then. Never a fixed one.
            return b32encode(secrets.token_bytes(20)).decode()

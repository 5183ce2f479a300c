"""Secrets that the shop must read again are stored encrypted, with a key made of SECRET_KEY for each purpose.

Whoever reads the database or a backup of it without SECRET_KEY reads none of them.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken

from components.foundation import settings


def encrypted(plain: bytes, *, purpose: str) -> bytes:
    return _cipher(purpose).encrypt(plain)


def decrypted(sealed: bytes, *, purpose: str) -> bytes | None:
    """None for what was encrypted for another purpose or with another SECRET_KEY."""
    try:
        return _cipher(purpose).decrypt(sealed)
    except InvalidToken:
        return None


def _cipher(purpose: str) -> Fernet:
    secret = settings.current().secret_key.encode()
    key = hmac.digest(secret, f"encryption: {purpose}".encode(), hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))

"""What only this shop can read again: AES-256-GCM under a key derived from its secret, apart for each purpose.

What was sealed under a former secret is still opened while that is named in FORMER_SECRET_KEYS.
"""

import base64
import binascii
import hmac
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from components.foundation import settings

_NONCE = 12


def encrypt(text: str, *, purpose: str) -> str:
    """`text` as letters that say nothing about it but its length."""
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_key(settings.current().secret_key, purpose)).encrypt(nonce, text.encode(), None)
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def decrypt(written: str, *, purpose: str) -> str | None:
    """What was encrypted for this purpose; None for anything else, and when the secret has been replaced."""
    try:
        raw = base64.urlsafe_b64decode(written.encode())
    except (binascii.Error, ValueError):
        return None
    for secret in settings.current().secret_keys:
        try:
            return AESGCM(_key(secret, purpose)).decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
        except (InvalidTag, ValueError):
            continue
    return None


def _key(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), f"encryption\n{purpose}".encode(), sha256)

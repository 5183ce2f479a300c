"""What the shop hands out and knows again: signed with its own secret, so that nobody can change it or make it up.

`purpose` parts one use from another: what was signed for one is worth nothing to any other.
"""

from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from itsdangerous import BadData, Signer, base64_decode, base64_encode

from components.foundation import settings

T = TypeVar("T")


def sealed(what: Any, *, purpose: str) -> str:
    """`what` as text that fits a cookie or an address. Anybody can read it, nobody can change it."""
    return _signer(purpose).sign(base64_encode(msgspec.json.encode(what))).decode()


def opened(written: str, type: type[T], *, purpose: str) -> T | None:
    """What was sealed for this purpose; None for anything else."""
    try:
        return msgspec.json.decode(base64_decode(_signer(purpose).unsign(written)), type=type)
    except (BadData, ValueError, msgspec.MsgspecError):
        return None


def signature(text: str, *, purpose: str) -> str:
    """Forty-three letters that only this shop can make for `text`."""
    return _signer(purpose).get_signature(text).decode()


def is_signature(given: str | bytes, text: str, *, purpose: str) -> bool:
    return _signer(purpose).verify_signature(text, given)


def _signer(purpose: str) -> Signer:
    return _made(settings.current().secret_keys, purpose)


@lru_cache(maxsize=64)
def _made(secrets: tuple[str, ...], purpose: str) -> Signer:
    """Signs with the secret of today, and knows what the former ones signed: its last key is the newest."""
    return Signer(list(reversed(secrets)), salt=purpose, key_derivation="hmac", digest_method=sha256)

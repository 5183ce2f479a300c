"""What the shop hands out and knows again: signed with its own secret, so that nobody can change it or make it up.

`purpose` parts one use from another: what was signed for one is worth nothing to any other.
"""

import hmac
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

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


def stamp(id: UUID, *, purpose: str) -> str:
    """Forty-three letters that name this id and that only this shop can make: nothing is stored to know them again."""
    return base64_encode(id.bytes + _short(settings.current().secret_key, id, purpose)).decode()


def stamped(written: str, *, purpose: str) -> UUID | None:
    """The id that was stamped for this purpose, with the secret of today or one it replaced; None for anything else."""
    try:
        raw = base64_decode(written)
    except BadData:
        return None
    if len(raw) != 32 or base64_encode(raw).decode() != written:
        return None
    id = UUID(bytes=raw[:16])
    known = (_short(secret, id, purpose) for secret in settings.current().secret_keys)
    return id if any(hmac.compare_digest(raw[16:], one) for one in known) else None


def digests(text: str, *, purpose: str) -> tuple[bytes, ...]:
    """To find a row by what it must not hold: under the secret of today, and then under those it replaced."""
    keyed = f"digest\n{purpose}\n{text}".encode()
    return tuple(hmac.digest(secret.encode(), keyed, sha256) for secret in settings.current().secret_keys)


def _short(secret: str, id: UUID, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), f"stamp\n{purpose}\n".encode() + id.bytes, sha256)[:16]


def _signer(purpose: str) -> Signer:
    return _made(settings.current().secret_keys, purpose)


@lru_cache(maxsize=64)
def _made(secrets: tuple[str, ...], purpose: str) -> Signer:
    """Signs with the secret of today, and knows what the former ones signed: its last key is the newest."""
    return Signer(list(reversed(secrets)), salt=purpose, key_derivation="hmac", digest_method=sha256)

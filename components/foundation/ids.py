"""The only place that makes identifiers and secrets."""

import hashlib
import secrets
from uuid import UUID, uuid4

from uuid_utils import compat

from components.foundation import clock

MILLISECONDS = 80
"""The bits of a version 7 UUID below its time."""
LARGEST_STEP = 1 << 32
SPOKEN = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class _Last:
    """The newest of this process."""

    made = UUID(int=0)


def new() -> UUID:
    """A version 7 UUID: rows sort by the time of their creation, and those of one millisecond in one process by
    the order in which they were made (RFC 9562, section 6.2, method 2)."""
    made = compat.uuid7(nanoseconds=int(clock.now().timestamp() * 1_000_000) * 1_000)
    if made.int >> MILLISECONDS == _Last.made.int >> MILLISECONDS and made <= _Last.made:
        made = UUID(int=_Last.made.int + 1 + secrets.randbelow(LARGEST_STEP))
    _Last.made = made
    return made


def untimed() -> UUID:
    """A version 4 UUID, from which nobody reads when it was made: for a cookie."""
    return uuid4()


def token() -> str:
    """256 random bits in 43 characters that are safe in an address and in a cookie."""
    return secrets.token_urlsafe(32)


def code() -> str:
    """Six random digits for a person to type."""
    return f"{secrets.randbelow(1_000_000):06d}"


def readable_code() -> str:
    """Twelve unambiguous letters and digits: 59 random bits that can be read out on the telephone."""
    return "".join(secrets.choice(SPOKEN) for _ in range(12))


def digest(token: str) -> bytes:
    """The stored hash of a token, so that reading the database reveals no session."""
    return hashlib.sha256(token.encode()).digest()

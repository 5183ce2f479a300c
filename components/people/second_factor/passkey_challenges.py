"""What a device signs to show that it holds a passkey: good for five minutes, for one use, and used once.

It is signed instead of stored, so that strangers who open the sign-in page fill no table; only one that was answered
rightly leaves a row.
"""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

from components.foundation import clock, ids, settings
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.foundation.secrecy import signing
from components.people import rate_limits
from components.people.rate_limits import RateLimit, TooManyTries

LASTS = timedelta(minutes=5)
PURPOSE = "passkey challenge"
REGISTER, SIGN_IN, SECOND_STEP, CONFIRM = "register", "sign in", "second step", "confirm"
ONCE = RateLimit("passkey challenge", 1, timedelta(minutes=10))


class PasskeyRefused(Refusal):
    message = N_("That passkey wasn’t accepted. Please try again, or use another way.")


@dataclass(frozen=True, slots=True)
class Challenge:
    """`use`: what it was made for; `who`: for whom, when that is known; `until`: in seconds."""

    text: str
    use: str
    who: str
    until: int


@dataclass(frozen=True, slots=True)
class PasskeyRequest:
    """`options` for the browser, as JSON; `challenge` comes back with the answer."""

    options: str
    challenge: str


def are_possible() -> bool:
    """Browsers have passkeys for a name over https, and for localhost; never for a bare address such as 127.0.0.1."""
    host = relying_party()
    return host == "localhost" or (settings.current().is_https and not _is_address(host))


def relying_party() -> str:
    return urlsplit(settings.current().base_url).hostname or ""


def origin() -> str:
    return settings.current().base_url


def fresh(use: str, person_id: UUID | None) -> tuple[bytes, str]:
    """What to sign, and the same sealed."""
    until = int((clock.now() + LASTS).timestamp())
    made = Challenge(ids.token(), use, str(person_id or ""), until)
    return made.text.encode(), signing.sealed(made, purpose=PURPOSE)


def opened(written: str, use: str, person_id: UUID | None) -> bytes:
    """What was to be signed. Raises `PasskeyRefused`."""
    made = signing.opened(written, Challenge, purpose=PURPOSE)
    if made is None or (made.use, made.who) != (use, str(person_id or "")) or made.until < clock.now().timestamp():
        raise PasskeyRefused
    return made.text.encode()


async def use_up(challenge: bytes) -> None:
    """Raises `PasskeyRefused` the second time."""
    try:
        await rate_limits.hit(ONCE, challenge.decode())
    except TooManyTries:
        raise PasskeyRefused from None


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True

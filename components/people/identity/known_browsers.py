"""Browsers that have signed in before carry a signed cookie, and their tries are counted apart.

So a stranger's wrong tries, at the account or from behind the same address, keep out strangers only. The cookie opens
nothing: it only has a count of its own. It names nobody, and holds the last five people who signed in there.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from components.foundation import ids
from components.foundation.secrecy import signing

LASTS = timedelta(days=365)
PEOPLE = 5
PURPOSE = "known browser"
NONCE = 43


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """A browser in which this person has signed in before."""

    name: str


def of_person(cookie: str, person_id: UUID | None) -> KnownBrowser | None:
    """This browser, if the person has signed in with it before."""
    nonce, marks = _parts(cookie)
    known = person_id and any(signing.is_signature(mark, f"{nonce}:{person_id}", purpose=PURPOSE) for mark in marks)
    return KnownBrowser(nonce) if nonce and known else None


def with_person(cookie: str, person_id: UUID) -> str:
    """The cookie from now on: the person has just signed in."""
    nonce, marks = _parts(cookie)
    nonce = nonce or ids.token()
    mark = signing.signature(f"{nonce}:{person_id}", purpose=PURPOSE)
    return "~".join((nonce, mark, *[other for other in marks if other != mark][: PEOPLE - 1]))


def _parts(cookie: str) -> tuple[str, list[str]]:
    nonce, *marks = cookie[:400].split("~")
    return (nonce, marks[:PEOPLE]) if len(nonce) == NONCE and nonce.isascii() else ("", [])

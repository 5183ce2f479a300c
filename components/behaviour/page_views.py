"""What may be counted of a request: which page it was, and what it was about. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Kind = Literal["product", "collection", "article", "search", "join", "added", "basket", "checkout", "paid"]
KINDS: tuple[Kind, ...] = (
    "product", "collection", "article", "search", "join", "added", "basket", "checkout", "paid",
)  # fmt: skip
WITHHELD = "(not kept)"
"""In the place of what was searched for when it may say who searched."""
LONGEST_SEARCH = 80
_TELLS_WHO = re.compile(r"@|\d(?:[\s\d./-]*\d){5}")
"""An e-mail address, or six digits or more: a telephone, an order, a card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPage:
    """A page that somebody was really shown. `visitor` only of whoever agreed; `person` if they were signed in too.

    `found` is how many results a search had; `is_told` says that the visitor was only told that visits are kept: their
    consent is written down with what they saw, unless they said no.
    """

    at: datetime
    kind: Kind
    subject: str = ""
    is_member: bool = False
    found: int | None = None
    visitor: UUID | None = None
    person: UUID | None = None
    is_told: bool = False


def searched(words: str) -> str:
    """What was searched for, as it is counted: small letters, single spaces, and nothing that may say who it was."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in words).casefold().split())[:LONGEST_SEARCH].strip()
    return WITHHELD if _TELLS_WHO.search(plain) else plain

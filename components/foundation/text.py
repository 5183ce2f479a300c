"""Small text functions."""

import re
import unicodedata

RESERVED = frozenset({"new"})
"""Last parts of addresses that are taken by pages of the shop itself."""
_DOTS_MEAN_NOTHING = frozenset({"gmail.com", "googlemail.com"})
_SAME_HOUSE = {"googlemail.com": "gmail.com"}


def slug(words: str) -> str:
    """ "Canvas Bag, Blue" → "canvas-bag-blue": the address part of a name. A reserved word gets a number appended."""
    made = plain_slug(words)
    return f"{made}-1" if made in RESERVED else made


def plain_slug(words: str) -> str:
    """The same, but may be one of `RESERVED`: for messages about a typed address."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def place_in_list(name: str) -> str:
    """The key by which names are sorted as people look for them: "Österreich" stands between Oman and Pakistan."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def normal_email(written: str) -> str:
    """One spelling for one mailbox: trimmed and in lower case."""
    return written.strip().lower()


def mailbox(email: str) -> str:
    """One spelling for one mailbox: "M.aya+shop@googlemail.com" is "maya@gmail.com"."""
    name, _, host = normal_email(email).rpartition("@")
    name = name.partition("+")[0] or name
    if host in _DOTS_MEAN_NOTHING:
        name = name.replace(".", "")
    return f"{name}@{_SAME_HOUSE.get(host, host)}"

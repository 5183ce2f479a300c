"""Small rules about words."""

import re
import unicodedata

RESERVED = frozenset({"new"})
"""Last parts of addresses where a page of the shop's own stands: nothing else is found there."""
_DOTS_MEAN_NOTHING = frozenset({"gmail.com", "googlemail.com"})
_SAME_HOUSE = {"googlemail.com": "gmail.com"}


def slug(words: str) -> str:
    """ "Tea Bowl, Ash" → "tea-bowl-ash": what an address is made of. A reserved word is given a number behind it."""
    made = plain_slug(words)
    return f"{made}-1" if made in RESERVED else made


def plain_slug(words: str) -> str:
    """The same, though it may be one of `RESERVED`: for telling somebody who typed it."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def normal_email(written: str) -> str:
    """One spelling for one mailbox: trimmed and in lower case."""
    return written.strip().lower()


def mailbox(email: str) -> str:
    """One spelling for one mailbox: "M.aya+kiln@googlemail.com" is "maya@gmail.com"."""
    name, _, host = normal_email(email).rpartition("@")
    name = name.partition("+")[0] or name
    if host in _DOTS_MEAN_NOTHING:
        name = name.replace(".", "")
    return f"{name}@{_SAME_HOUSE.get(host, host)}"

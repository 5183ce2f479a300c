"""Small text functions."""

import re
import unicodedata
from urllib.parse import quote

RESERVED = frozenset({"new"})
"""Last parts of addresses that are taken by pages of the shop itself."""
_DOTS_MEAN_NOTHING = frozenset({"gmail.com", "googlemail.com"})
_SAME_HOUSE = {"googlemail.com": "gmail.com"}


def slug(words: str) -> str:
    """ "Canvas Bag, Blue" → "canvas-bag-blue": the address part of a name. A reserved word gets a number appended."""
    made = plain_slug(words)
    return f"{made}-1" if made in RESERVED else made


def plain_slug(words: str) -> str:
    """The same, but may be one of `RESERVED`: for messages about a typed address.

    Latin letters lose their accents; those of other scripts stay as they are, as browsers show them.
    """
    plain = unicodedata.normalize("NFKC", words).casefold().translate(_SPELT_OUT)
    return re.sub(r"-+", "-", "".join(map(_in_slug, plain))).strip("-")


_SPELT_OUT = str.maketrans({"æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})
_SIGNS_OF_WORDS = frozenset("LMN")
"""Letters, the marks they carry (vowels, in some scripts) and digits."""


def _in_slug(sign: str) -> str:
    base = unicodedata.normalize("NFKD", sign)[0]
    if base.isascii():
        return base if base.isalnum() else "-"
    if unicodedata.category(sign)[0] not in _SIGNS_OF_WORDS:
        return "-" * (sign not in _UNSEEN)
    return "" if sign in _LATIN_MARKS else sign


_LATIN_MARKS = frozenset(chr(number) for number in range(0x300, 0x370))
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff’")


def in_address(path: str) -> str:
    """A path and what follows it as programs write it: "/products/%E9%99%B6". What is escaped already stays."""
    return quote(path, safe="/?&=%#:;,+@!$'()*~-._")


def place_in_list(name: str) -> str:
    """The key by which names are sorted as people look for them: "Österreich" stands between Oman and Pakistan."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def unlinked(words: str) -> str:
    """Read as it is written, and no address in it becomes a link in a mail program: for what strangers have us send."""
    return _WOULD_LINK.sub(lambda found: f"{found[0]}\u2060", words)


_WOULD_LINK = re.compile(r"(?<=\w)(?:\.(?=[^\W\d_])|:(?=//)|@(?=\w))")


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

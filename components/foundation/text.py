"""Small rules about words."""

import re
import unicodedata


def slug(words: str) -> str:
    """ "Tea Bowl, Ash" → "tea-bowl-ash": what an address is made of."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def normal_email(written: str) -> str:
    """One spelling for one mailbox: trimmed and in lower case."""
    return written.strip().lower()

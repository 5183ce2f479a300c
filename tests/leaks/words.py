"""Words that occur in one restricted field only: wherever one is read, it is known what was given away."""

import re

FIELDS = ("title", "slug", "text", "sku", "alt", "teaser", "body")
_CANARY = re.compile(rf"qz([a-z]+?)({'|'.join(FIELDS)})(?![a-z])")
Canary = tuple[str, str]


def word(key: str, field: str) -> str:
    """The canary of one field of one thing: "qzvaulttitle"."""
    assert field in FIELDS
    return f"qz{key}{field}"


def found(text: str) -> frozenset[Canary]:
    """(thing, field) of every canary in the text."""
    return frozenset(_CANARY.findall(text.lower()))

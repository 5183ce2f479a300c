"""What somebody had before them when they began to change it, as a hidden mark of its form.

Another mark when the form comes back means that somebody else has saved it meanwhile.
"""

import hashlib

from web.forms.fields import Field


class Seen(Field[str]):
    """Not asked of whoever sends none: only forms of the shop's own pages know it."""

    kind = "hidden"
    absent = ""

    def __init__(self) -> None:
        super().__init__("As it was", required=False)

    def read(self, typed: str) -> str:
        return typed[:64]


def mark(*what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]


def is_stale(seen: str, *what: object) -> bool:
    """Whether it is another by now than the form was made from."""
    return seen not in ("", mark(*what))

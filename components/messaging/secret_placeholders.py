"""Tokens and codes in letters: a mark stands in the kept text, and the value beside it only while it is needed."""

import re
from collections.abc import Mapping

from markupsafe import escape

_MARK = re.compile(r"\[\[secret:([a-z_]+)\]\]")
REMOVED = "removed"


def placeholder(name: str) -> str:
    """What a template is given in the secret's place."""
    return f"[[secret:{name}]]"


def fill_text(text: str, secrets: Mapping[str, str]) -> str:
    """The plain text with its secrets, or with “removed” where they are gone."""
    return _MARK.sub(lambda found: secrets.get(found[1], REMOVED), text)


def fill_html(html: str, secrets: Mapping[str, str]) -> str:
    return _MARK.sub(lambda found: str(escape(secrets.get(found[1], REMOVED))), html)

"""Secret placeholders: the stored text holds a placeholder, and the token or code is stored only while needed."""

import re
from collections.abc import Mapping

from markupsafe import escape

_MARK = re.compile(r"\[\[secret:([a-z_]+)\]\]")
REMOVED = "removed"


def placeholder(name: str) -> str:
    """The placeholder a template gets instead of the secret."""
    return f"[[secret:{name}]]"


def fill_text(text: str, secrets: Mapping[str, str]) -> str:
    """The plain text with its secrets, or with “removed” where they have been deleted."""
    return _MARK.sub(lambda found: secrets.get(found[1], REMOVED), text)


def fill_html(html: str, secrets: Mapping[str, str]) -> str:
    return _MARK.sub(lambda found: str(escape(secrets.get(found[1], REMOVED))), html)

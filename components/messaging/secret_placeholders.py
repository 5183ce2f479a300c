"""Secret placeholders: the stored text holds a placeholder; the secret is stored sealed, and only while needed."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from markupsafe import escape

from components.foundation import json
from components.foundation.languages import language
from components.foundation.languages.words import p_
from components.foundation.secrecy import encryption

_MARK = re.compile(r"\[\[secret:([a-z_]+)\]\]")


def placeholder(name: str) -> str:
    """The placeholder a template gets instead of the secret."""
    return f"[[secret:{name}]]"


def sealed(secrets: Mapping[str, str], *, email_id: UUID) -> str:
    """What the row of this e-mail holds: of no use to whoever reads the database."""
    return json.dump(encryption.encrypt(json.dump(dict(secrets)), purpose=_purpose(email_id)))


def opened(stored: Any, *, email_id: UUID) -> dict[str, str]:
    """Nothing when they have been removed, or the shop's secret has been replaced.

    Rows that wait since before secrets were sealed hold them as they are.
    """
    held = json.load(stored) if stored else None
    if isinstance(held, str):
        plain = encryption.decrypt(held, purpose=_purpose(email_id))
        held = json.load(plain) if plain is not None else None
    return dict(held) if held else {}


def _purpose(email_id: UUID) -> str:
    return f"secrets of e-mail {email_id}"


def fill_text(text: str, secrets: Mapping[str, str], *, written_in: str | None = None) -> str:
    """The plain text with its secrets, or with “removed”, in the language of the e-mail, where they have been
    deleted."""
    gone = _removed(written_in)
    return _MARK.sub(lambda found: secrets.get(found[1], gone), text)


def fill_html(html: str, secrets: Mapping[str, str], *, written_in: str | None = None) -> str:
    gone = _removed(written_in)
    return _MARK.sub(lambda found: str(escape(secrets.get(found[1], gone))), html)


def _removed(written_in: str | None) -> str:
    with language.speaking(written_in or language.current()):
        return p_("in place of a code", "removed")

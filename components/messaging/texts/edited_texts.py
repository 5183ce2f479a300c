"""The texts that staff have changed, in the memory of every process: at most one for each kind and language.

They are read again when one of them changes, in whichever process.
"""

import asyncio
from dataclasses import dataclass

from components.foundation import database
from components.foundation.database.notifications import listener
from components.foundation.languages.catalogues import SOURCE
from components.messaging.texts.written_email import EmailText

CHANNEL = "email_texts"


@dataclass(frozen=True, slots=True)
class EditedText:
    """The latest version of a kind's text in one language; `number` counts from 1."""

    kind: str
    language: str
    number: int
    subject: str
    body: str

    @property
    def text(self) -> EmailText:
        return EmailText(self.subject, self.body)


class _Known:
    texts: dict[tuple[str, str], EditedText] = {}
    is_listening = False
    reading = asyncio.Lock()


def current(kind: str, language: str = SOURCE) -> EditedText | None:
    """None where the built-in text is sent. Never asks the database."""
    return _Known.texts.get((kind, language))


async def start() -> None:
    """Read them, and keep them up to date from then on."""
    if not _Known.is_listening:
        listener.on(CHANNEL, _heard, after_a_gap=refresh)
        _Known.is_listening = True
    await refresh()


async def refresh() -> None:
    async with _Known.reading:
        found = await database.fetch_as(EditedText, _LATEST)
        _Known.texts = {(one.kind, one.language): one for one in found}


_LATEST = """
SELECT kind, language, number, subject, body FROM (
  SELECT DISTINCT ON (kind, language) kind, language, number, subject, body, is_original FROM email_text_version
  ORDER BY kind, language, number DESC) latest
WHERE NOT is_original
"""


async def _heard(_payload: str) -> None:
    await refresh()


def all_current() -> tuple[EditedText, ...]:
    return tuple(_Known.texts.values())

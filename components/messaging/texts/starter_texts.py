"""What the form begins with: the built-in text of each e-mail as Markdown, in templates/emails/<kind>.md.

Those of other languages are in `emails/<language>/<kind>.md`, also in the data folder's `templates`; they are what is
sent in that language. The first line is the subject. A line that begins with two spaces goes on with the one before.
"""

import re
from functools import lru_cache

from components.foundation.languages.catalogues import SOURCE
from components.foundation.operations import own_templates
from components.messaging.texts.written_email import EmailText

_GOES_ON = re.compile(r"\n  (?=\S)")


def beginning(slug: str, language: str = SOURCE) -> EmailText:
    """In English where there is none in this language."""
    made = _read(f"{slug}.md") if language == SOURCE else translated(slug, language)
    return made or beginning(slug)


def translated(slug: str, language: str) -> EmailText | None:
    """What is sent in a language other than English."""
    return _own(f"{language}/{slug}.md", own_templates.version()) or _read(f"{language}/{slug}.md")


@lru_cache(maxsize=500)
def _read(name: str) -> EmailText | None:
    path = own_templates.BUILT_IN / "emails" / name
    return _parts(path.read_text(encoding="utf-8")) if path.is_file() else None


@lru_cache(maxsize=500)
def _own(name: str, _version: int) -> EmailText | None:
    path = own_templates.folder() / "emails" / name
    return _parts(path.read_text(encoding="utf-8", errors="replace")) if path.is_file() else None


def _parts(written: str) -> EmailText:
    subject, _, body = _GOES_ON.sub(" ", written).partition("\n")
    return EmailText(subject.removeprefix("Subject: "), body.strip())

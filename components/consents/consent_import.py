"""What the file of an earlier shop says of marketing, taken over where nobody has said anything here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from components.consents.consents import _change, _locked
from components.foundation import clock, database


@dataclass(frozen=True, slots=True)
class FileConsent:
    """`said` is "yes" or "no", with the words of the file."""

    email: str
    said: str
    words: str
    at: datetime | None


async def take_over(found: Sequence[FileConsent]) -> None:
    """In a transaction. A "yes" never undoes what somebody said here; a "no" withdraws what only a file said."""
    if not found:
        return
    before = dict(await database.fetch_rows(_SAID_HERE, [one.email for one in found]))
    for one in found:
        if before.get(one.email) is True:
            continue
        contact = await _locked(one.email)
        state = "given" if one.said == "yes" else "withdrawn"
        if (one.said == "yes") is ("news" in contact.agreed) and (one.email in before or one.said == "yes"):
            continue
        dated = f"{one.at:%Y-%m-%d}: " if one.at and one.at < clock.now() else ""
        await _change(contact, "news", state, how="import", person_id=None, reason=f"{dated}{one.words}")


async def take_back(emails: Sequence[str]) -> None:
    """An import is undone: what only files said of these goes too."""
    await database.execute(_TAKE_BACK, list(emails))


_TAKE_BACK = """
DELETE FROM mailing_contact m WHERE email = ANY($1) AND unreachable_at IS NULL
  AND NOT EXISTS (SELECT FROM consent_change c WHERE c.contact = m.id AND c.how <> 'import')"""
_SAID_HERE = """
SELECT m.email, bool_or(c.how <> 'import') FROM mailing_contact m JOIN consent_change c ON c.contact = m.id
WHERE m.email = ANY($1) AND c.kind = 'news' GROUP BY m.email"""

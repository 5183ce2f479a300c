"""What the file of an earlier shop says of marketing, taken over where nobody has said anything here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.consents.consents import _change, _locked
from components.consents.tables import MailingContact
from components.foundation import clock, database


@dataclass(frozen=True, slots=True)
class FileConsent:
    """`said` is "yes" or "no", with the words of the file."""

    email: str
    said: str
    words: str
    at: datetime | None


async def take_over(found: Sequence[FileConsent], *, run: UUID) -> None:
    """In a transaction. What somebody said here stays; of two files a "no" counts, whichever came first."""
    for one in sorted(found, key=lambda one: one.email):
        contact = await _locked(one.email)
        is_here, last = (await database.fetch_rows(_SAID, contact.id))[0]
        if is_here or last in ("withdrawn", "given" if one.said == "yes" else "withdrawn"):
            continue
        dated = f"{one.at:%Y-%m-%d}: " if one.at and one.at < clock.now() else ""
        state = "given" if one.said == "yes" else "withdrawn"
        await _change(contact, "news", state, how="import", person_id=None, reason=f"{dated}{one.words}", run=run)


async def take_back(run: UUID, gone: Sequence[str]) -> None:
    """In a transaction: an import is undone. What its file agreed to for them ends, unless they have said so since.

    Of `gone`, whose accounts went with it, nothing is kept that only files said.
    """
    await database.execute(_TAKE_BACK, list(gone))
    for contact in await MailingContact.objects().where(
        MailingContact.id.is_in(await database.fetch_values(_OF_RUN, run) or [run])
    ).order_by(MailingContact.id).lock_rows():  # fmt: skip
        is_here, last = (await database.fetch_rows(_SAID, contact.id))[0]
        if not is_here and last == "given":
            await _change(contact, "news", "withdrawn", how=UNDONE, person_id=None, run=run)


UNDONE = "import undone"
"""Not a "no" of theirs: a better file may say "yes" afterwards."""

_TAKE_BACK = f"""
DELETE FROM mailing_contact m WHERE email = ANY($1) AND unreachable_at IS NULL
  AND NOT EXISTS (SELECT FROM consent_change c WHERE c.contact = m.id AND c.how NOT IN ('import', '{UNDONE}'))"""
_OF_RUN = "SELECT DISTINCT contact FROM consent_change WHERE run = $1 AND state = 'given'"
_SAID = f"""
SELECT coalesce(bool_or(how NOT IN ('import', '{UNDONE}')), false), CASE
  WHEN (array_agg(how ORDER BY at DESC, id DESC))[1] = 'import' THEN (array_agg(state ORDER BY at DESC, id DESC))[1]
  END
FROM consent_change WHERE contact = $1 AND kind = 'news'"""

"""That e-mails were sent, to whom and when, without what they say."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from piccolo.columns.combination import Combinable

from components.messaging.tables import Email


@dataclass(frozen=True, slots=True)
class SentEmail:
    template: str
    subject: str
    recipient: str
    sent_at: datetime


async def sent_to(*, person: UUID | None, email: str, since: datetime, most: int) -> list[SentEmail]:
    """The newest `most`, oldest first, to this person or this address; what only waits is left out."""
    is_theirs: Combinable = Email.recipient == email
    if person is not None:
        is_theirs = is_theirs | (Email.person == person)
    rows = Email.select(Email.template, Email.subject, Email.recipient, Email.sent_at)
    rows = rows.where(is_theirs & Email.sent_at.is_not_null() & (Email.created_at >= since))
    found = await rows.order_by(Email.created_at, ascending=False).limit(most)
    return [SentEmail(**row) for row in reversed(found)]

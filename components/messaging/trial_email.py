"""A test e-mail that is sent while somebody waits, so that they read at once what the mail server said."""

import asyncio
from dataclasses import dataclass
from email.utils import parseaddr
from uuid import UUID

from components.foundation import settings
from components.foundation.languages.words import _
from components.foundation.shop_settings import shop_settings
from components.messaging import mail_server, smtp
from components.messaging.alerts import staff_recipients
from components.messaging.mail_server import NotSent
from components.messaging.smtp import BeingSent
from components.messaging.tables import Email

SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class TrialResult:
    """`is_sent`: the server took it. `words` say what happened, and what to do where it did not."""

    is_sent: bool
    words: str


async def send(person_id: UUID) -> TrialResult:
    """To this person. The e-mail is kept like any other."""
    written = await staff_recipients.send_test(person_id)
    to = written.recipient
    if not settings.current().smtp_url:
        return TrialResult(False, _("No mail server is set up (SMTP_URL), so nothing was sent to %(to)s.", to=to))
    mail_server.forget_troubles()
    try:
        async with asyncio.timeout(SECONDS):
            await _delivered(written.id)
    except TimeoutError:
        return TrialResult(False, _("The mail server has not answered yet. E-mails in the staff area will show it."))
    except NotSent as trouble:
        return TrialResult(
            False, _("The mail server did not take it: %(trouble)s. Check SMTP_URL on the server.", trouble=trouble)
        )
    row = await Email.objects().get(Email.id == written.id)
    if row is None or row.sent_at is None:
        return TrialResult(False, _("The mail server refused it: %(trouble)s", trouble=row.failure if row else ""))
    sender = parseaddr(shop_settings.current().mail_from)[1]
    return TrialResult(
        True,
        _(
            "The mail server took it. Look for it at %(to)s, sent by %(sender)s; also among the spam.",
            to=to,
            sender=sender,
        ),
    )


async def _delivered(email_id: UUID) -> None:
    """The worker may be at it too: then its outcome is waited for. Raises `NotSent`."""
    while True:
        try:
            await smtp.deliver(str(email_id))
            return
        except BeingSent:
            await asyncio.sleep(0.3)


async def has_sent_any() -> bool:
    """Whether a mail server has ever taken an e-mail of this shop."""
    return await Email.exists().where(Email.sent_at.is_not_null())

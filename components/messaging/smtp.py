"""Sending e-mails, each at most once.

No row is locked and no transaction is open while the mail server is talked to. Before the e-mail itself goes over, it
is noted that it does; whatever happened until then has sent nothing and is tried again. From that note on it is sent
again only if the server has said no. Cut off in between (killed, or no answer came), nobody knows: it is marked as
such, and sent again only by staff, with the same Message-ID, so that the recipient's program knows it as the same.
"""

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from uuid import UUID

import structlog
from piccolo.columns import Column

from components.consents import unsubscribe_links
from components.foundation import clock, settings
from components.foundation.shop_settings import shop_settings
from components.invoices import invoice_list
from components.invoices.pdf import invoice_pdf
from components.invoices.pdf.month_archives import file_name
from components.messaging import mail_server, secret_placeholders
from components.messaging.mail_server import MaybeSent, NotSent, Refused, SendingPaused
from components.messaging.tables import Email

UNDER_WAY = timedelta(seconds=mail_server.TAKE_SECONDS + 30)
NOBODY_KNOWS = "It was cut off while it was handed over, and may have arrived. Send it again only if it has not."
EMPTIED = "Its text was deleted before it could be sent."
log = structlog.get_logger()


class BeingSent(NotSent):
    """Another worker hands it over at this moment, or died while it did."""


async def deliver(email_id: str) -> None:
    """Send the e-mail unless it has been sent. Raises `NotSent`, to be tried again."""
    email = await Email.objects().where(Email.id == UUID(email_id)).first()
    if email is None or email.sent_at or not settings.current().smtp_url:
        return
    if email.handed_over_at:
        await _ask_after(email)
        return
    if email.secrets_until and email.secrets_until <= clock.now():
        await _note_failure(email, "It expired before it could be sent.")
        return
    if email.emptied_at:
        await _note_failure(email, EMPTIED)
        return
    if email.unsubscribe and (words := await unsubscribe_links.refusal_of(email.unsubscribe)):
        await _note_failure(email, words)
        return
    try:
        mail_server.refuse_while_paused(is_marketing=bool(email.unsubscribe))
        await _send(email)
    except (Refused, MaybeSent, BeingSent, SendingPaused) as outcome:
        if isinstance(outcome, NotSent):
            raise
        await _note_failure(email, NOBODY_KNOWS if isinstance(outcome, MaybeSent) else str(outcome))
    except NotSent as trouble:
        await _note_failure(email, str(trouble))
        raise


async def give_up(email_id: str, words: str) -> None:
    """It is not to be sent any more, unless it has begun to be."""
    email = await Email.objects().where(Email.id == UUID(email_id)).first()
    if email is not None and not email.handed_over_at:
        await _note_failure(email, words)


async def _send(email: Email) -> None:
    """Raises what `mail_server` raises, and `BeingSent`."""
    message = _message(email)
    await _attach(message, email)
    is_international = not (email.recipient + parseaddr(shop_settings.current().mail_from)[1]).isascii()
    async with mail_server.conversation(
        email.recipient, is_international=is_international, is_marketing=bool(email.unsubscribe)
    ) as conversation:
        if not await _begin(email):
            raise BeingSent
        try:
            await conversation.hand_over(message, is_international=is_international)
        except (Refused, NotSent):
            await Email.update({Email.handed_over_at: None}).where(Email.id == email.id)
            raise
        await _note_sent(email)


async def _begin(email: Email) -> bool:
    """Of all who try at once, one hands it over. What begins here is never begun a second time."""
    is_free = (Email.id == email.id) & Email.sent_at.is_null() & Email.handed_over_at.is_null()
    begun = Email.update({Email.handed_over_at: clock.of_this_machine()}).where(is_free)
    return bool(await begun.returning(Email.id))


async def _ask_after(email: Email) -> None:
    """It was begun before. Raises `BeingSent` while somebody may still be at it."""
    assert email.handed_over_at is not None
    if email.failed_at is None or email.failure != NOBODY_KNOWS:
        if email.handed_over_at > clock.of_this_machine() - UNDER_WAY:
            raise BeingSent
        await _note_failure(email, NOBODY_KNOWS)


async def _note_sent(email: Email) -> None:
    """The one thing that must not be forgotten now: a database that is away for a moment is waited for."""
    sent: dict[Column | str, object] = {
        Email.sent_at: clock.now(),
        Email.tries: Email.tries + 1,
        Email.failure: "",
        Email.failed_at: None,
        Email.secrets: None,
    }
    for pause in (0.5, 2.0, 5.0):
        try:
            await Email.update(sent).where(Email.id == email.id)
            return
        except Exception as trouble:
            log.warning("it could not be noted that an e-mail was sent", email=str(email.id), trouble=repr(trouble))
            await asyncio.sleep(pause)
    await Email.update(sent).where(Email.id == email.id)


async def _note_failure(email: Email, words: str) -> None:
    log.warning("an e-mail could not be sent", email=str(email.id), why=words)
    failed = Email.update({Email.failed_at: clock.now(), Email.tries: Email.tries + 1, Email.failure: words[:500]})
    await failed.where((Email.id == email.id) & Email.sent_at.is_null())


async def _attach(message: EmailMessage, email: Email) -> None:
    """The PDF of its invoice. Where none can be made the e-mail goes without: it has the link."""
    row = await invoice_list.by_id(email.invoice) if email.invoice else None
    if row is None:
        return
    try:
        pdf = await invoice_pdf.of(row)
    except invoice_pdf.NoPdf as trouble:
        log.warning("an e-mail goes without its invoice", email=str(email.id), trouble=repr(trouble.__cause__))
        return
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{file_name(row.number)}.pdf")


def _message(email: Email) -> EmailMessage:
    secrets = secret_placeholders.opened(email.secrets, email_id=email.id)
    _, sender = parseaddr(shop_settings.current().mail_from)
    message = EmailMessage()
    message["Subject"] = email.subject
    message["From"] = shop_settings.current().mail_from
    if reply_to := email.reply_to or shop_settings.current().reply_to:
        message["Reply-To"] = reply_to
    message["To"] = email.recipient
    message["Date"] = format_datetime(email.created_at)
    message["Message-ID"] = f"<{email.id}@{sender.rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    if email.unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe_links.address(email.unsubscribe)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(secret_placeholders.fill_text(email.text, secrets, written_in=email.language))
    html = secret_placeholders.fill_html(email.html, secrets, written_in=email.language)
    message.add_alternative(html, subtype="html")
    return message

"""Sending e-mails through the mail server, each once; permanent failures stay in the mailbox, marked."""

from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib
import structlog
from piccolo.columns import Column

from components.foundation import clock, database, json, settings
from components.foundation.shop_settings import shop_settings
from components.messaging import secret_placeholders
from components.messaging.tables import Email

TIMEOUT = 20.0
log = structlog.get_logger()


async def deliver(email_id: str) -> None:
    """Send the e-mail unless it has been sent. Raises when the server could not be reached, to be retried.

    The row is locked while sending, so that of two workers the second finds it sent.
    """
    trouble: Exception | None = None
    async with database.transaction():
        email = await database.locked(Email, Email.id == UUID(email_id))
        if email is None or email.sent_at or not settings.current().smtp_url:
            return
        if email.secrets_until and email.secrets_until <= clock.now():
            await _note_failure(email, "It expired before it could be sent.")
            return
        try:
            await _hand_over(_message(email))
        except (aiosmtplib.SMTPException, OSError) as raised:
            trouble = raised
            await _note_failure(email, _words(raised))
        else:
            await _note_sent(email)
    if trouble is not None and not _is_final(trouble):
        raise trouble


async def _note_sent(email: Email) -> None:
    sent: dict[Column | str, object] = {
        Email.sent_at: clock.now(),
        Email.tries: Email.tries + 1,
        Email.failure: "",
        Email.failed_at: None,
        Email.secrets: None,
    }
    await Email.update(sent).where(Email.id == email.id)


async def _note_failure(email: Email, words: str) -> None:
    log.warning("an e-mail could not be sent", email=str(email.id), why=words)
    failed = Email.update({Email.failed_at: clock.now(), Email.tries: Email.tries + 1, Email.failure: words[:500]})
    await failed.where(Email.id == email.id)


def _message(email: Email) -> EmailMessage:
    secrets = json.load(email.secrets) if email.secrets else {}
    _, sender = parseaddr(shop_settings.current().mail_from)
    message = EmailMessage()
    message["Subject"] = email.subject
    message["From"] = shop_settings.current().mail_from
    if reply_to := shop_settings.current().reply_to:
        message["Reply-To"] = reply_to
    message["To"] = email.recipient
    message["Date"] = format_datetime(email.created_at)
    message["Message-ID"] = f"<{email.id}@{sender.rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(secret_placeholders.fill_text(email.text, secrets))
    message.add_alternative(secret_placeholders.fill_html(email.html, secrets), subtype="html")
    return message


async def _hand_over(message: EmailMessage) -> None:
    """SMTP_URL is smtp://user:password@host:port, or smtps:// for TLS from the first byte."""
    server = urlsplit(settings.current().smtp_url)
    await aiosmtplib.send(
        message,
        hostname=server.hostname or "localhost",
        port=server.port,
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        use_tls=server.scheme == "smtps",
        timeout=TIMEOUT,
    )


def _is_final(trouble: Exception) -> bool:
    """The server refuses permanently; anything else may be temporary."""
    if isinstance(trouble, aiosmtplib.SMTPRecipientsRefused):
        return all(refused.code >= 500 for refused in trouble.recipients)
    if isinstance(trouble, aiosmtplib.SMTPAuthenticationError):
        return False
    return isinstance(trouble, aiosmtplib.SMTPResponseException) and trouble.code >= 500


def _words(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: {trouble}"

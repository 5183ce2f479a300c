"""The conversation with the mail server. Every wait in it has a limit, and after several troubles there is a pause."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email import policy
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import aiosmtplib
import structlog

from components.foundation import settings
from components.foundation.shop_settings import shop_settings

STEP_SECONDS = 5.0
"""For the connection, and for each answer up to the e-mail itself."""
READY_SECONDS = 15.0
"""Until the server wants to have the e-mail."""
TAKE_SECONDS = 60.0
"""For its answer to the e-mail."""
TROUBLES = 3
PAUSES = (60.0, 120.0, 300.0, 600.0)
"""After so many troubles in a row nothing is sent for so many seconds; longer each time, as long as it goes on."""
log = structlog.get_logger()


class NotSent(Exception):
    """The server has certainly not taken the e-mail; it is worth another try."""


class ServerTrouble(NotSent):
    """It is not about this e-mail: the server cannot be reached, says nothing, or lets nobody in."""


class SendingPaused(NotSent):
    """It was not even tried."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the mail server did not answer: nothing is sent for {seconds:.0f} s")
        self.seconds = seconds


class Refused(Exception):
    """The server will never take this e-mail."""


class MaybeSent(Exception):
    """The e-mail was handed over, and no answer came."""


class _Pause:
    """Of this process."""

    troubles = 0
    until = 0.0


def refuse_while_paused() -> None:
    """Raises `SendingPaused`."""
    if (left := _Pause.until - time.monotonic()) > 0:
        raise SendingPaused(left)


def forget_troubles() -> None:
    _Pause.troubles, _Pause.until = 0, 0.0


def _note_trouble(words: str) -> None:
    _Pause.troubles += 1
    if _Pause.troubles >= TROUBLES:
        pause = PAUSES[min(_Pause.troubles - TROUBLES, len(PAUSES) - 1)]
        _Pause.until = time.monotonic() + pause
        log.error("the mail server is left alone for a while", pause_seconds=pause, why=words)


class Conversation:
    """The server knows sender and recipient and waits for the e-mail."""

    def __init__(self, client: aiosmtplib.SMTP) -> None:
        self._client = client

    async def hand_over(self, message: EmailMessage, *, is_international: bool) -> None:
        """Raises `NotSent`, `Refused`, or `MaybeSent`."""
        body = message.as_bytes(policy=policy.SMTPUTF8 if is_international else policy.SMTP)
        try:
            async with asyncio.timeout(TAKE_SECONDS):
                await self._client.data(body, timeout=TAKE_SECONDS)
        except aiosmtplib.SMTPDataError as answer:
            raise (Refused if answer.code >= 500 else NotSent)(_words(answer)) from answer
        except (aiosmtplib.SMTPException, OSError) as trouble:
            _note_trouble(_words(trouble))
            raise MaybeSent(_words(trouble)) from trouble
        forget_troubles()


@asynccontextmanager
async def conversation(recipient: str, *, is_international: bool) -> AsyncIterator[Conversation]:
    """SMTP_URL is smtp://user:password@host:port, or smtps:// for TLS from the first byte.

    Raises `NotSent` or `Refused`.
    """
    client = _client()
    try:
        async with asyncio.timeout(READY_SECONDS):
            await client.connect()
            await _address(client, recipient, is_international=is_international)
    except aiosmtplib.SMTPRecipientRefused as answer:
        client.close()
        raise (Refused if answer.code >= 500 else NotSent)(_words(answer)) from answer
    except aiosmtplib.SMTPNotSupported as trouble:
        client.close()
        raise Refused("The mail server takes no address with such letters.") from trouble
    except (aiosmtplib.SMTPException, OSError) as trouble:
        client.close()
        _note_trouble(_words(trouble))
        raise ServerTrouble(_words(trouble)) from trouble
    try:
        yield Conversation(client)
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit(timeout=STEP_SECONDS)
    finally:
        client.close()


def _client() -> aiosmtplib.SMTP:
    server = urlsplit(settings.current().smtp_url)
    return aiosmtplib.SMTP(
        hostname=server.hostname or "localhost",
        port=server.port,
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        use_tls=server.scheme == "smtps",
        start_tls=True if _must_be_encrypted(server) else None,
        timeout=STEP_SECONDS,
    )


def _must_be_encrypted(server: SplitResult) -> bool:
    """A password is never sent in clear to another machine, whatever stands between that strikes out what it offers.
    `?tls=optional` allows it, in a network of one's own.
    """
    is_optional = "optional" in parse_qs(server.query).get("tls", [])
    return bool(server.scheme != "smtps" and server.username and not is_optional and not _is_here(server.hostname))


def _is_here(host: str | None) -> bool:
    return host is None or host == "localhost" or host.startswith("127.") or host == "::1"


async def _address(client: aiosmtplib.SMTP, recipient: str, *, is_international: bool) -> None:
    _, sender = parseaddr(shop_settings.current().mail_from)
    options: tuple[str, ...] = ()
    if is_international:
        await client.ehlo()
        if not client.supports_extension("smtputf8"):
            raise aiosmtplib.SMTPNotSupported("SMTPUTF8")
        options = ("SMTPUTF8", "BODY=8BITMIME")
    encoding = "utf-8" if is_international else "ascii"
    await client.mail(sender, options=options, encoding=encoding)
    await client.rcpt(recipient, encoding=encoding)


def _words(trouble: BaseException) -> str:
    said = str(trouble)
    return f"{type(trouble).__name__}: {said}" if said else f"{type(trouble).__name__}: no answer in time"

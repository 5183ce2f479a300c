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

    def __init__(self) -> None:
        self.troubles, self.until = 0, 0.0

    def forget(self) -> None:
        self.troubles, self.until = 0, 0.0

    def note_trouble(self, words: str) -> None:
        self.troubles += 1
        if self.troubles >= TROUBLES:
            pause = PAUSES[min(self.troubles - TROUBLES, len(PAUSES) - 1)]
            self.until = time.monotonic() + pause
            log.error("the mail server is left alone for a while", pause_seconds=pause, why=words)


_FOR_ALL, _FOR_MARKETING = _Pause(), _Pause()
"""What marketing e-mails run into holds up no others; they themselves wait for both."""


def seconds_paused(*, is_marketing: bool = False) -> float:
    until = max(_FOR_ALL.until, _FOR_MARKETING.until) if is_marketing else _FOR_ALL.until
    return max(until - time.monotonic(), 0.0)


def refuse_while_paused(*, is_marketing: bool = False) -> None:
    """Raises `SendingPaused`."""
    if (left := seconds_paused(is_marketing=is_marketing)) > 0:
        raise SendingPaused(left)


def forget_troubles() -> None:
    _FOR_ALL.forget()
    _FOR_MARKETING.forget()


class Conversation:
    """The server knows sender and recipient and waits for the e-mail."""

    def __init__(self, client: aiosmtplib.SMTP, pause: _Pause) -> None:
        self._client, self._pause = client, pause

    async def hand_over(self, message: EmailMessage, *, is_international: bool) -> None:
        """Raises `NotSent`, `Refused`, or `MaybeSent`."""
        body = message.as_bytes(policy=policy.SMTPUTF8 if is_international else policy.SMTP)
        try:
            async with asyncio.timeout(TAKE_SECONDS):
                await self._client.data(body, timeout=TAKE_SECONDS)
        except aiosmtplib.SMTPDataError as answer:
            raise (Refused if answer.code >= 500 else NotSent)(_words(answer)) from answer
        except (aiosmtplib.SMTPException, OSError) as trouble:
            self._pause.note_trouble(_words(trouble))
            raise MaybeSent(_words(trouble)) from trouble
        self._pause.forget()


@asynccontextmanager
async def conversation(
    recipient: str, *, is_international: bool, is_marketing: bool = False
) -> AsyncIterator[Conversation]:
    """SMTP_URL is smtp://user:password@host:port, or smtps:// for TLS from the first byte.

    Raises `NotSent` or `Refused`.
    """
    client, pause = _client(), _FOR_MARKETING if is_marketing else _FOR_ALL
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
        pause.note_trouble(_words(trouble))
        raise ServerTrouble(_words(trouble)) from trouble
    try:
        yield Conversation(client, pause)
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

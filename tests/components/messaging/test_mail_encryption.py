"""A mail server's password is never sent in clear to another machine, even if it seems to offer no encryption."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator

import pytest

from components.foundation import settings
from components.messaging import mail_server

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def heard(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[bytes]]:
    """What a server hears that takes passwords, and whose offer of STARTTLS was struck out on the way."""
    lines: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            lines.append(line.strip())
            writer.write(b"250-here\r\n250 AUTH PLAIN\r\n" if line.startswith(b"EHLO") else b"235 ok\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(mail_server, "_is_here", lambda host: False)
    known = dataclasses.replace(settings.current(), smtp_url=f"smtp://shop:secret@127.0.0.1:{port}")
    monkeypatch.setattr(settings, "current", lambda: known)
    mail_server.forget_troubles()
    yield lines
    mail_server.forget_troubles()
    server.close()


async def test_a_password_is_not_sent_in_clear(heard: list[bytes]) -> None:
    with pytest.raises(mail_server.ServerTrouble, match="STARTTLS"):
        async with mail_server.conversation("noor@kiln.test", is_international=False):
            raise AssertionError("it took place in clear")
    assert heard and not [line for line in heard if line.startswith(b"AUTH")]


@pytest.mark.parametrize(
    ("url", "must_be"),
    [
        ("smtp://shop:secret@post.example:587", True),
        ("smtp://shop:secret@post.example:587?tls=optional", None),
        ("smtps://shop:secret@post.example:465", None),
        ("smtp://post.example:25", None),
        ("smtp://shop:secret@127.0.0.1:25", None),
        ("smtp://shop:secret@localhost:25", None),
    ],
)
def test_when_it_must_be_encrypted(url: str, must_be: bool | None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}
    monkeypatch.setattr(mail_server.aiosmtplib, "SMTP", lambda **given: asked.update(given))
    known = dataclasses.replace(settings.current(), smtp_url=url)
    monkeypatch.setattr(settings, "current", lambda: known)
    mail_server._client()
    assert asked["start_tls"] is must_be

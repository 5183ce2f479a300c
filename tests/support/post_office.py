"""A mail server for tests: it keeps what it is given, refuses what it is told to, and hangs where it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage


class _HungUp(Exception):
    """The server has had enough."""


class PostOffice:
    """`refusals` are answers to give at the end of the next letters instead of taking them.

    `silent_at` is a word of the client ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", or "BODY" for the letter itself)
    after which the server says nothing more, `cut_at` one after which it hangs up; at "BODY" it has kept the letter.
    `drop_by_drop` are the seconds between two letters of what it says.
    """

    def __init__(self) -> None:
        self.silent_at = self.cut_at = ""
        self.drop_by_drop = 0.0
        self.visits = 0
        self.letters: list[EmailMessage] = []
        self.refusals: list[bytes] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        with suppress(OSError, _HungUp):
            await self._say(writer, "CONNECT", b"220 post office\r\n")
            while line := await reader.readline():
                verb = line[:4].upper().decode()
                if verb == "DATA":
                    await self._say(writer, verb, b"354 go on\r\n")
                    answer = self._take(await self._body(reader))
                    await self._say(writer, "BODY", answer)
                elif verb == "QUIT":
                    await self._say(writer, verb, b"221 bye\r\n")
                    break
                else:
                    await self._say(writer, verb, b"250 ok\r\n")
        writer.close()

    async def _say(self, writer: asyncio.StreamWriter, verb: str, words: bytes) -> None:
        if verb == self.silent_at:
            await asyncio.sleep(60)
        if verb == self.cut_at:
            raise _HungUp
        if self.drop_by_drop:
            for sign in words:
                writer.write(bytes([sign]))
                await asyncio.sleep(self.drop_by_drop)
        else:
            writer.write(words)
        await writer.drain()

    async def _body(self, reader: asyncio.StreamReader) -> bytes:
        lines = []
        while (line := await reader.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def _take(self, body: bytes) -> bytes:
        if self.refusals:
            return self.refusals.pop(0)
        message = message_from_bytes(body, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        return b"250 taken\r\n"


@asynccontextmanager
async def opened() -> AsyncIterator[PostOffice]:
    office = PostOffice()
    server = await asyncio.start_server(office.serve, "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()

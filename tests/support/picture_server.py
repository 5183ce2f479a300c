"""Another shop's server of pictures, at its worst: slow, busy, lying, redirecting, pointing into private networks."""

import asyncio
import colorsys
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO

from PIL import Image

from components.catalog.pictures import public_hosts
from components.catalog.pictures.checked_network import DownloadRules

HERE, INSIDE = "127.0.0.1", "127.0.0.2"
"""The other shop, and a machine of the shop's own network that nobody may ask."""
MOST = 10 * 1024 * 1024


@cache
def drawn(number: int, kind: str = "JPEG") -> bytes:
    """A small picture that differs from all others."""
    colour = tuple(round(255 * part) for part in colorsys.hsv_to_rgb(number * 0.618 % 1, 0.5, 0.9))
    picture = Image.new("RGB", (400, 300), colour)
    picture.paste(tuple(255 - part for part in colour), (number % 350, number // 350 * 20 % 250, 390, 290))
    file = BytesIO()
    picture.save(file, kind)
    return file.getvalue()


@cache
def bomb() -> bytes:
    """A few kilobytes that say they are 900 million pixels."""
    file = BytesIO()
    Image.new("1", (64, 64)).save(file, "PNG")
    found = bytearray(file.getvalue())
    found[16:24] = (30_000).to_bytes(4, "big") * 2
    return bytes(found)


@dataclass
class PictureServer:
    """`asked` counts requests by path; `inside` connections to the private machine; `most` together, of one host."""

    port: int
    slow: float = 0.05
    asked: Counter[str] = field(default_factory=Counter)
    agents: set[str] = field(default_factory=set)
    inside: int = 0
    now: Counter[str] = field(default_factory=Counter)
    most: int = 0
    resolved: Counter[str] = field(default_factory=Counter)

    def address(self, path: str, host: str = "pictures.test") -> str:
        return f"http://{host}:{self.port}/{path}"

    def rules(self, **others: float) -> DownloadRules:
        limits = {"connect_seconds": 2, "read_seconds": 2, "seconds": 10, **others}
        return DownloadRules(
            ports=frozenset({self.port}), is_public=is_public, resolve=self.resolve,
            **limits,  # type: ignore[arg-type]
        )  # fmt: skip

    async def resolve(self, host: str, port: int) -> list[str]:
        """`rebind.test` is public when it is asked for first, and private ever after."""
        self.resolved[host] += 1
        if host == "nowhere.test":
            raise OSError("no such host")
        if host == "rebind.test" and self.resolved[host] > 1:
            return [INSIDE]
        known = {"inside.test": [INSIDE], "half.test": [HERE, INSIDE], "ten.test": ["10.0.0.1"]}
        return known.get(host, [HERE] if host.endswith(".test") else [host])

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")
                said = dict(line.split(": ", 1) for line in lines[1:] if line)
                path, host = lines[0].split()[1].lstrip("/"), said["Host"]
                self.asked[path] += 1
                self.agents.add(said["User-Agent"])
                self.now[host] += 1
                self.most = max(self.most, self.now[host])
                try:
                    await self._answer(path, writer)
                finally:
                    self.now[host] -= 1
        writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        kind, _, rest = path.partition("/")
        number = int(rest) if rest.isdecimal() else 0
        if kind == "slow":
            await asyncio.sleep(self.slow)
        if kind == "busy" and self.asked[path] == 1:
            return await _send(writer, b"", status="429 Too Many", extra="Retry-After: 1\r\n")
        if kind == "flaky" and self.asked[path] == 1:
            return await _send(writer, b"", status="502 Bad Gateway")
        moved = {
            "redirect": f"/good/{number}", "chain": f"/chain/{number + 1}", "inwards": self.address("x", "inside.test"),
            "file": "file:///etc/passwd", "elsewhere": self.address(f"good/{number}", "cdn.test"),
        }.get(kind)  # fmt: skip
        if moved:
            return await _send(writer, b"", status="302 Found", extra=f"Location: {moved}\r\n")
        if kind == "missing":
            return await _send(writer, b"no", status="404 Not Found")
        if kind == "huge":
            return await _send(writer, drawn(number), length=MOST + 1)
        if kind == "endless":
            return await _endless(writer)
        bodies = {"lies": b"<html>no picture</html>", "bomb": bomb(), "same": drawn(0), "cut": drawn(number)[:-900]}
        is_odd = kind == "odd"
        return await _send(writer, bodies.get(kind, drawn(number)), kind="text/html" if is_odd else "image/jpeg")

    async def trap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.inside += 1
        writer.close()


def is_public(address: str) -> bool:
    """As in the shop, but that the test server counts as public."""
    return address == HERE or public_hosts.is_public(address)


async def _send(
    writer: asyncio.StreamWriter, body: bytes, *, status: str = "200 OK", kind: str = "image/jpeg", extra: str = "",
    length: int | None = None,
) -> None:  # fmt: skip
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length or len(body)}\r\n{extra}\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


async def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n")
    block = b"10000\r\n" + b"\0" * 65536 + b"\r\n"
    for _ in range(MOST // 65536 * 2):
        writer.write(block)
        await writer.drain()


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[PictureServer]:
    found = PictureServer(port=0)
    outside = await asyncio.start_server(found.answer, HERE, 0)
    found.port = outside.sockets[0].getsockname()[1]
    inside = await asyncio.start_server(found.trap, INSIDE, found.port)
    try:
        yield found
    finally:
        outside.close()
        inside.close()

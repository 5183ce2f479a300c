"""Where a request ends is understood in one way, or it is refused: nothing can be smuggled in behind it."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks import servers
from tests.support import demos

SERVING = """
import sys
from granian.constants import HTTPModes, Interfaces
from granian.server import Server
Server("tests.web.test_message_bounds:heard", interface=Interfaces.ASGI, address="127.0.0.1", port=int(sys.argv[1]),
       http=HTTPModes.http1, websockets=False, log_access=False, log_level="critical").serve()
"""
HEAD = b"POST /first HTTP/1.1\r\nHost: shop.test\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: shop.test\r\n\r\n"


async def heard(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An application that says what it understood."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message.get("body", b""), message.get("more_body", False)
    said = json.dumps([scope["path"], body.decode()]).encode() + b"\n"
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(said)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The server that the shop is served by, as `web.serving` sets it up."""
    found = servers.free_port()
    process = subprocess.Popen([sys.executable, "-c", SERVING, str(found)], cwd=demos.ROOT)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", found), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < until and process.poll() is None
                time.sleep(0.05)
        yield found
    finally:
        process.terminate()
        process.wait(20)


def answers(port: int, sent: bytes) -> tuple[list[int], list[tuple[str, str]]]:
    """The statuses, and what was understood."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        one.sendall(sent)
        one.settimeout(0.5)
        told = b""
        try:
            while part := one.recv(65536):
                told += part
        except TimeoutError:
            pass
    statuses = [int(part[9:12]) for part in told.split(b"\r\n") if part.startswith(b"HTTP/1.1 ")]
    return statuses, [tuple(json.loads(line)) for line in told.splitlines() if line.startswith(b"[")]


def test_a_length_is_ignored_beside_chunks(port: int) -> None:
    statuses, understood = answers(
        port, HEAD + b"Content-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
    )
    assert (statuses, understood) == ([200], [("/first", "hi")]) or statuses == [400]


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 0\r\nContent-Length: 40",
        b"Content-Length: 0, 40",
        b"Content-Length: +0",
        b"Content-Length: 0x0",
        b"Content-Length : 0",
        b"Content-Length: -1",
        b"Transfer-Encoding: identity",
        b"Transfer-Encoding: chunked, identity",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding : chunked",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    ],
    ids=repr,
)
def test_what_may_be_understood_in_two_ways_is_refused(port: int, framing: bytes) -> None:
    statuses, understood = answers(port, HEAD + framing + b"\r\n\r\n" + HIDDEN)
    assert not understood and 200 not in statuses, (statuses, understood)

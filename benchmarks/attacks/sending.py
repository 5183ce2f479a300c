"""Forms, addresses and methods made to be expensive."""

import contextlib
import http.client
import time

SECONDS = 12
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _ask(port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        return connection.getresponse().status
    finally:
        connection.close()


def _send(port: int, count: int, bodies: list[bytes], path: str = "/basket") -> None:
    until = time.monotonic() + SECONDS
    for number in range(count):
        if time.monotonic() > until:
            return
        with contextlib.suppress(OSError, http.client.HTTPException):
            _ask(port, "POST", path, b"n%d=1&" % number + bodies[number % len(bodies)], FORM)


def large_forms(port: int) -> None:
    _send(port, 48, [b"a=1&" * 2_900_000, b"a=" + b"%41" * 3_600_000])


def full_forms(port: int) -> None:
    _send(port, 1_500, [b"a=1&" * 990, b"a=" + b"%41" * 80_000, b"a" * 190 + b"=" + b"+" * 250_000], "/sign-in")


def parts(port: int) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    until = time.monotonic() + SECONDS
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    while time.monotonic() < until:
        with contextlib.suppress(OSError, http.client.HTTPException):
            _ask(port, "POST", "/basket", part * 5_000 + b"--x--\r\n", headers)


def addresses(port: int) -> None:
    until = time.monotonic() + SECONDS
    for number in range(4_000):
        if time.monotonic() > until:
            return
        with contextlib.suppress(OSError, http.client.HTTPException):
            _ask(port, "GET", f"/static/built/{number}" + "a" * 1_900)
            _ask(port, "GET", "/nowhere?" + "&".join(f"{number}{field}=1" for field in range(190)))
            _ask(port, f"INVENTED{number}", "/products")

"""Loads one address as fast as it responds, with wrk, oha or, without either, a client of our own."""

import asyncio
import json
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 32
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True)
class Round:
    """Requests per second, and milliseconds at the median and at the 99th percentile."""

    rate: float
    p50: float
    p99: float


def tool() -> str:
    return next((name for name in ("wrk", "oha") if shutil.which(name)), "our own client")


def ask(address: str, *, seconds: int, cookie: str = "") -> Round:
    headers = [f"Cookie: {cookie}"] if cookie else []
    if shutil.which("wrk"):
        return _wrk(address, seconds, headers)
    if shutil.which("oha"):
        return _oha(address, seconds, headers)
    return asyncio.run(_ourselves(address, seconds, headers))


def _wrk(address: str, seconds: int, headers: list[str]) -> Round:
    given = [part for header in headers for part in ("-H", header)]
    said = _said(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", *given, address])
    if "Non-2xx" in said:
        raise RuntimeError(f"{address} answered with errors:\n{said}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    return Round(rate, _latency(said, "50%"), _latency(said, "99%"))


def _latency(said: str, share: str) -> float:
    number, unit = re.search(rf"{share}\s+([\d.]+)(us|ms|s|m)\b", said).groups()  # type: ignore[union-attr]
    return float(number) * UNITS[unit]


def _oha(address: str, seconds: int, headers: list[str]) -> Round:
    given = [part for header in headers for part in ("-H", header)]
    command = [
        "oha",
        "--no-tui",
        "--output-format",
        "json",
        "-c",
        str(CONNECTIONS),
        "-z",
        f"{seconds}s",
        *given,
        address,
    ]
    found = json.loads(_said(command))
    shares = found["latencyPercentiles"]
    return Round(found["summary"]["requestsPerSec"], shares["p50"] * 1e3, shares["p99"] * 1e3)


def _said(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


async def _ourselves(address: str, seconds: int, headers: list[str]) -> Round:
    parts = urlsplit(address)
    lines = [f"GET {parts.path or '/'} HTTP/1.1", f"Host: {parts.netloc}", *headers, "", ""]
    request, until = "\r\n".join(lines).encode(), time.perf_counter() + seconds
    began = time.perf_counter()
    many = await asyncio.gather(
        *(_connection(parts.hostname or "", parts.port or 80, request, until) for _ in range(CONNECTIONS))
    )
    spans = sorted(span for some in many for span in some)
    passed = time.perf_counter() - began
    return Round(len(spans) / passed, spans[len(spans) // 2] * 1e3, spans[int(len(spans) * 0.99)] * 1e3)


async def _connection(host: str, port: int, request: bytes, until: float) -> list[float]:
    reader, writer = await asyncio.open_connection(host, port)
    spans = []
    while (began := time.perf_counter()) < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode(errors="replace").splitlines()[0])
        length = re.search(rb"content-length: (\d+)", head.lower())
        await reader.readexactly(int(length[1]) if length else 0)
        spans.append(time.perf_counter() - began)
    writer.close()
    return spans

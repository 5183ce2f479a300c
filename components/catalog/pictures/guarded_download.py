"""Downloads one picture from an address that nobody here has chosen: it may point anywhere and answer anything.

The connection goes to the very address that was found public, so that a name cannot mean another machine a moment
later. Redirects are checked one by one, and nothing is read beyond the largest picture.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpcore
import httpx

from components.catalog.pictures.checked_network import CheckedNetwork, DownloadLater, DownloadRefused, DownloadRules
from components.catalog.pictures.pictures import MOST_BYTES
from components.foundation import clock

LONGEST_WAIT = 3600.0
WAITING = (408, 425, 429)


@dataclass(frozen=True)
class Downloads:
    """Connections that are kept while several pictures are fetched."""

    rules: DownloadRules
    agent: str
    pool: httpcore.AsyncConnectionPool

    async def picture(self, address: str) -> bytes:
        """What stands at this address. Raises `DownloadRefused`, `DownloadLater`."""
        try:
            async with asyncio.timeout(self.rules.seconds):
                for _ in range(self.rules.most_redirects + 1):
                    answer = await self._ask(_parsed(address, self.rules.ports))
                    if isinstance(answer, bytes):
                        return answer
                    address = answer
        except TimeoutError:
            raise DownloadLater(f"It took more than {self.rules.seconds:g} seconds.") from None
        raise DownloadRefused(f"It redirects more than {self.rules.most_redirects} times.")

    async def _ask(self, url: httpx.URL) -> bytes | str:
        """The bytes, or the address it redirects to."""
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        asked = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=port, target=url.raw_path)
        headers: list[tuple[bytes | str, bytes | str]] = [("Host", url.netloc), ("User-Agent", self.agent)]
        headers += [("Accept", "image/*"), ("Accept-Encoding", "identity")]
        read, connect = self.rules.read_seconds, self.rules.connect_seconds
        limits = {"connect": connect, "read": read, "write": read, "pool": self.rules.seconds}
        try:
            async with self.pool.stream("GET", asked, headers=headers, extensions={"timeout": limits}) as response:
                said = {name.lower().decode("latin-1"): value.decode("latin-1") for name, value in response.headers}
                if response.status in (301, 302, 303, 307, 308) and said.get("location"):
                    return str(_joined(url, said["location"]))
                _refuse_status(response.status, said)
                return await _body(response, said)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as trouble:
            raise DownloadLater(f"{url.host} cannot be reached.", is_host=True, is_down=True) from trouble
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as trouble:
            raise DownloadLater(f"{url.host} broke off its answer.") from trouble
        except (httpcore.UnsupportedProtocol, ValueError) as trouble:
            raise DownloadRefused("This is not an address of the web.") from trouble


@contextlib.asynccontextmanager
async def downloads(agent: str, rules: DownloadRules) -> AsyncIterator[Downloads]:
    context = await asyncio.to_thread(httpx.create_ssl_context)
    pool = httpcore.AsyncConnectionPool(
        ssl_context=context, network_backend=CheckedNetwork(rules), max_connections=20, max_keepalive_connections=10,
        keepalive_expiry=10,
    )  # fmt: skip
    async with pool:
        yield Downloads(rules, agent, pool)


def _parsed(address: str, ports: frozenset[int]) -> httpx.URL:
    address = f"https:{address}" if address.startswith("//") else address
    try:
        url = httpx.URL(address)
        is_asked = url.scheme in ("http", "https") and bool(url.host)
        port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise DownloadRefused("This is not an address of the web.") from None
    if not is_asked:
        raise DownloadRefused("This is not an address of the web: only http and https are fetched.")
    if url.userinfo:
        raise DownloadRefused("The address holds a name or password, so it is not used.")
    if port not in ports:
        raise DownloadRefused(f"Port {port} is not one of the web, so it is not used.")
    return url


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return url.join(location)
    except (httpx.InvalidURL, ValueError):
        raise DownloadRefused("It redirects to something that is no address.") from None


def _refuse_status(status: int, said: dict[str, str]) -> None:
    if status == 200:
        return
    if status in WAITING or status >= 500:
        is_host = status in (429, 503)
        why = "The server asked to wait." if is_host else f"The server answered {status}."
        raise DownloadLater(why, _seconds(said.get("retry-after", "")) if is_host else None, is_host)
    words = {401: "needs a sign-in", 403: "is not open to us", 404: "is not there", 410: "is not there any more"}
    raise DownloadRefused(f"The picture {words.get(status, 'was not given')} (answer {status}).")


async def _body(response: httpcore.Response, said: dict[str, str]) -> bytes:
    too_large = DownloadRefused(f"It is larger than {MOST_BYTES // 1024 // 1024} MB.")
    length = said.get("content-length", "")
    if length.isdecimal() and length.isascii() and int(length[:20]) > MOST_BYTES:
        raise too_large
    found = bytearray()
    async for chunk in response.aiter_stream():
        found += chunk
        if len(found) > MOST_BYTES:
            raise too_large
    return bytes(found)


def _seconds(asked: str) -> float | None:
    """Retry-After, in seconds or as a date; None when it says neither."""
    asked = asked.strip()[:40]
    if asked.isascii() and asked.isdecimal():
        return min(max(float(asked), 1.0), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(asked).timestamp() - clock.of_this_machine().timestamp()
        return min(max(wait, 1.0), LONGEST_WAIT)
    except (ValueError, TypeError, OverflowError):
        return None

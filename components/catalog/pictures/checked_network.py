"""A network of public addresses only: a name is looked up once, and the connection goes to what was found."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from components.catalog.pictures import public_hosts


class DownloadRefused(Exception):
    """Asking again would change nothing; the words are for staff."""


@dataclass
class DownloadLater(Exception):
    """May work later. `after` is how many seconds the server asked for; `is_host`: nothing of this host works now, and
    `is_down`: because it is not there."""

    why: str
    after: float | None = None
    is_host: bool = False
    is_down: bool = False


@dataclass(frozen=True, kw_only=True)
class DownloadRules:
    """What may be asked, and for how long. Another `is_public`, `resolve` or `ports` is for tests only."""

    ports: frozenset[int] = frozenset({80, 443})
    is_public: Callable[[str], bool] = public_hosts.is_public
    resolve: Callable[[str, int], Awaitable[list[str]]] = public_hosts.resolve
    most_redirects: int = 5
    connect_seconds: float = 10
    read_seconds: float = 20
    seconds: float = 60


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to an address that has been checked, never to a name."""

    def __init__(self, rules: DownloadRules) -> None:
        self._rules, self._inner = rules, httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as httpcore calls it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        trouble: Exception = httpcore.ConnectError("no address")
        for address in await self._checked(host, port):
            try:
                return await self._inner.connect_tcp(address, port, timeout=timeout, socket_options=socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                trouble = failed
        raise trouble

    async def _checked(self, host: str, port: int) -> list[str]:
        try:
            found = await self._rules.resolve(host.strip("[]"), port)
        except (OSError, TimeoutError, UnicodeError) as trouble:
            raise DownloadLater(f"{host} cannot be found.", is_host=True, is_down=True) from trouble
        if not found or not all(self._rules.is_public(address) for address in found):
            raise DownloadRefused("The address leads into a private network, where the shop fetches nothing.")
        return found

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

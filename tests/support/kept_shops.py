"""A shop as it is at one instant: its rows, its bank and its browsers' cookies, to be put back as often as wanted."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime
from pathlib import Path
from typing import Any

from components.foundation import clock
from tests.support import databases, shops, worlds
from tests.support.pages import Browser
from tests.support.shops import Shop


class KeptShop:
    """A world with what belongs to it outside the database; `cookies` are those of each browser, by e-mail."""

    def __init__(self, rows: dict[str, bytes], bank: Path, at: datetime, cookies: dict[str, Any]) -> None:
        self.rows, self.bank, self.at, self.cookies = rows, bank, at, cookies

    @asynccontextmanager
    async def opened(self, folder: Path, dsn: str) -> AsyncIterator[tuple[Shop, dict[str, Browser]]]:
        await databases.empty()
        await worlds.put_back(self.rows)
        clock.set_everywhere(self.at)
        folder.mkdir(parents=True)
        with closing(sqlite3.connect(self.bank)) as bank, closing(sqlite3.connect(folder / "stand-in.sqlite")) as copy:
            bank.backup(copy)
        async with shops.opened(folder, dsn) as shop:
            clock.set_everywhere(self.at)
            yield shop, {email: self._browser(shop, email) for email in self.cookies}

    def _browser(self, shop: Shop, email: str) -> Browser:
        browser = shop.browser()
        browser.client.cookies = self.cookies[email]
        return browser


async def keep(shop: Shop, folder: Path, *emails: str) -> KeptShop:
    """`folder` is the one the shop was opened in."""
    cookies = {email: (await shop.signed_in(email)).client.cookies for email in emails}
    return KeptShop(await worlds.copied(), folder / "stand-in.sqlite", clock.now(), cookies)

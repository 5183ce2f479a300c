"""Worlds that many tests begin with: built once a process by the shop's own verbs, and afterwards put back as rows.

A world is known by its name and must always be built the same, from an empty database and at the same instant.
"""

import io
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

import asyncpg
import httpx

from components.foundation import clock, database
from tests.support import databases
from tests.support.pages import Browser
from tests.support.shops import Shop

_kept: dict[str, dict[str, bytes]] = {}


class _Opened(NamedTuple):
    rows: dict[str, bytes]
    bank: sqlite3.Connection
    cookies: httpx.Cookies
    at: datetime


_opened: dict[tuple[str, datetime], _Opened] = {}


async def begin_with(name: str, build: Callable[[], Awaitable[None]]) -> None:
    """Fill the empty database with this world."""
    if name in _kept:
        await put_back(_kept[name])
    else:
        await build()
        _kept[name] = await copied()


async def open_with(name: str, shop: Shop, build: Callable[[], Awaitable[Browser]]) -> Browser:
    """Fill the empty shop with this world, the bank's books and somebody's browser included.

    It is built as always where something is there already.
    """
    key, books = (name, clock.now()), shop.stand_in.engine.store.connection()
    if await database.fetch(databases.FILLED) or books.execute("SELECT EXISTS (SELECT 1 FROM objects)").fetchone()[0]:
        return await build()
    if key not in _opened:
        browser, bank = await build(), sqlite3.connect(":memory:", check_same_thread=False)
        books.backup(bank)
        _opened[key] = _Opened(await copied(), bank, httpx.Cookies(browser.client.cookies), clock.now())
        return browser
    known, browser = _opened[key], shop.browser()
    await put_back(known.rows)
    known.bank.backup(books)
    browser.client.cookies = httpx.Cookies(known.cookies)
    clock.set_everywhere(known.at)
    await shop.refresh()
    return browser


async def copied() -> dict[str, bytes]:
    connection = await asyncpg.connect(database.dsn())
    rows = {}
    try:
        for table, _ in await connection.fetch(databases.FILLED):
            copy = io.BytesIO()
            await connection.copy_from_table(table, output=copy, format="binary")
            rows[table] = copy.getvalue()
    finally:
        await connection.close()
    return rows


async def put_back(rows: dict[str, bytes]) -> None:
    """As they were: no trigger runs and no foreign key is asked, since both had their say when they were made."""
    assert database.DB.pool is not None
    async with database.DB.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        for table, copy in rows.items():
            await connection.copy_to_table(table, source=io.BytesIO(copy), format="binary")

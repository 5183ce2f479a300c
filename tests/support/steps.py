"""Steps that many tests take in an open shop: taken once a process by the shop's own pages, afterwards put back.

What is put back are the rows, the practice bank's books and the browser of whoever took the step.
"""

import sqlite3
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NamedTuple

import httpx

from components.foundation import clock
from tests.support import databases, worlds
from tests.support.pages import Browser
from tests.support.shops import Shop

_BOOKS = ("objects", "events", "deliveries", "idempotency", "settings", "faults")


class _State(NamedTuple):
    rows: dict[str, bytes]
    books: str
    at: datetime


class _Step(NamedTuple):
    state: _State
    bank: sqlite3.Connection
    cookies: httpx.Cookies


_steps: dict[tuple[str, bytes, str, datetime], _Step] = {}


async def take(name: str, shop: Shop, build: Callable[[], Awaitable[Browser]]) -> Browser:
    """Take this step in the open shop; `build` returns the browser of whoever took it.

    It is really taken once a process from each beginning that is known. Everywhere else it is taken as always.
    """
    before = await _state(shop)
    if before.rows and worlds.digest(before.rows) not in worlds.beginnings:
        return await build()
    key = (name, worlds.digest(before.rows), before.books, before.at)
    if key not in _steps:
        browser, bank = await build(), sqlite3.connect(":memory:", check_same_thread=False)
        _store(shop).backup(bank)
        _steps[key] = _Step(await _state(shop), bank, httpx.Cookies(browser.client.cookies))
        worlds.beginnings.add(worlds.digest(_steps[key].state.rows))
        return browser
    known, browser = _steps[key], shop.browser()
    if before.rows:
        await databases.empty()
    await worlds.put_back(known.state.rows)
    known.bank.backup(_store(shop))
    browser.client.cookies = httpx.Cookies(known.cookies)
    clock.set_everywhere(known.state.at)
    await shop.refresh()
    return browser


def _store(shop: Shop) -> sqlite3.Connection:
    return shop.stand_in.engine.store.connection()


async def _state(shop: Shop) -> _State:
    books = repr([_store(shop).execute(f"SELECT * FROM {table}").fetchall() for table in _BOOKS])
    return _State(await worlds.copied(), books, clock.now())

"""Whatever the database is doing instead of answering, it is said as such: 503, in words, and when to try again."""

import errno
import socket
from pathlib import Path

import asyncpg
import pytest

from components.foundation import database
from components.foundation.database import pool
from tests.support import make_products
from tests.support.cells import every_cell
from tests.support.shops import Shop
from web.shop import page_cache

WORDS = "The shop is busy at the moment"
DOWN = (
    asyncpg.AdminShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.ConnectionFailureError,
    asyncpg.CrashShutdownError,
    asyncpg.DeadlockDetectedError,
    asyncpg.DiskFullError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.LockNotAvailableError,
    asyncpg.OutOfMemoryError,
    asyncpg.PostgresIOError,
    asyncpg.QueryCanceledError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.SerializationError,
    asyncpg.TooManyConnectionsError,
    ConnectionRefusedError,
    ConnectionResetError,
    TimeoutError,
    socket.gaierror,
)


def answer_with(trouble: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement of whatever is asked next ends like this."""

    class Broken:
        def acquire(self, *, timeout: float) -> "Broken":
            return self

        async def __aenter__(self) -> None:
            raise trouble

        def __await__(self) -> object:
            raise trouble

        async def __aexit__(self, *_: object) -> None:
            """Never entered."""

    monkeypatch.setattr(pool.DB, "pool", Broken())


@every_cell("kind", DOWN)
async def test_what_the_database_says_is_answered_503(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    await make_products.product("Moon mug", price=2400)
    await shop.refresh()
    with monkeypatch.context() as broken:
        answer_with(kind("it did not go well"), broken)
        for path in ("/search?q=mug", "/api/v1/products"):
            page_cache._pages.clear()
            browser = shop.browser()
            browser.client.cookies.set("session", "somebody's")
            answer = await browser.client.get(path)
            assert answer.status_code == 503, (path, answer.text[-500:])
            assert answer.headers["retry-after"] == "5" and WORDS in answer.text


async def test_the_missing_socket_of_a_stopped_database_is_answered_503(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What asyncpg raises itself, and not an error made for the test."""
    elsewhere = asyncpg.create_pool(host=str(tmp_path), user="postgres", min_size=0, max_size=1)
    await elsewhere
    with monkeypatch.context() as broken:
        broken.setattr(database.DB, "pool", elsewhere)
        browser = shop.browser()
        browser.client.cookies.set("session", "somebody's")
        answer = await browser.client.get("/account")
    assert (answer.status_code, answer.headers.get("retry-after")) == (503, "5") and WORDS in answer.text


async def test_a_full_disk_is_503_and_a_file_of_ours_that_is_missing_is_500(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = shop.browser()
    browser.client.cookies.set("session", "somebody's")
    for number, status in ((errno.ENOSPC, 503), (errno.ENOENT, 500)):
        with monkeypatch.context() as broken:
            answer_with(OSError(number, "a file"), broken)
            assert (await browser.client.get("/account")).status_code == status


async def test_a_form_sent_meanwhile_leads_back_to_its_page_and_a_page_to_itself(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = shop.browser().client
    client.cookies.set("session", "somebody's")
    with monkeypatch.context() as broken:
        answer_with(ConnectionRefusedError(), broken)
        looked = await client.get("/search?q=moon+mug&page=2")
        origin = str(looked.url).split("/search")[0]
        sent = {}
        for page in (f"{origin}/account/membership/pause?x=1", "https://elsewhere.example/staff", ""):
            sent[page] = await client.post("/account/membership/cancellation", headers={"referer": page})
    assert 'href="/search?q=moon+mug&amp;page=2">Try again' in looked.text and "this may not" not in looked.text
    (back, abroad, unknown) = (answer.text for answer in sent.values())
    assert 'href="/account/membership/pause?x=1">Go back' in back and "this may not have been saved" in back
    assert 'href="/">Go back' in abroad and 'href="/">Go back' in unknown
    assert {answer.status_code for answer in sent.values()} == {503}

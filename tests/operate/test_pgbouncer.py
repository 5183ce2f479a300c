"""Behind PgBouncer, where it is installed: whole sessions, or single transactions beside a direct connection."""

import asyncio
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest

from benchmarks import servers
from components.foundation import database
from components.foundation.database import advisory_locks, pooled_sessions, time_limits
from components.foundation.database.pooled_sessions import PoolerHasNoLimits, PoolsAnotherDatabase, SessionsAreShared
from components.foundation.refusals import Refusal
from tests.support import fill_basket, make_products
from tests.support.shops import Shop

pytestmark = pytest.mark.usefixtures("db")
BOUNCER = shutil.which("pgbouncer")
LIMITS = "; ".join(f"SET {name} = ''{value}''" for name, value in time_limits.SERVER_SETTINGS.items())
LIMITS = f"connect_query='{LIMITS}'"
INSTALLED = pytest.mark.skipif(BOUNCER is None, reason="PgBouncer is not installed")
SETTINGS = """
[databases]
shop = host={folder} port=5432 dbname={name} user=postgres {more}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
auth_type = any
pool_mode = {mode}
default_pool_size = 3
unix_socket_dir =
"""


@contextmanager
def bouncer(mode: str, folder: Path, more: str = "") -> Iterator[str]:
    """The address of one in front of this test's database; PostgreSQL's own user runs it, for it refuses root."""
    own, port = database.dsn(), servers.free_port()
    socket = Path(own.split("host=", 1)[1].split("&", 1)[0])
    name = own.split("?", 1)[0].rsplit("/", 1)[1]
    server = psutil.Process(int((socket / "postmaster.pid").read_text().split()[0]))
    (folder / "ini").write_text(SETTINGS.format(folder=socket, name=name, port=port, mode=mode, more=more))
    (folder / "ini").chmod(0o644)
    user = {"user": server.uids().real, "group": server.gids().real} if os.geteuid() == 0 else {}
    running = subprocess.Popen([str(BOUNCER), str(folder / "ini")], stderr=subprocess.DEVNULL, **user)  # type: ignore[call-overload]
    try:
        time.sleep(0.5)
        yield f"postgresql://postgres@127.0.0.1:{port}/shop"
    finally:
        running.terminate()
        running.wait(10)


@INSTALLED
async def test_a_pooler_of_single_transactions_is_refused(db: None, world_readable: Path) -> None:
    with (
        bouncer("transaction", world_readable) as address,
        pytest.raises(SessionsAreShared, match="POOLED_DATABASE_URL"),
    ):
        await pooled_sessions.refuse_shared(address)


@INSTALLED
async def test_a_pooler_of_sessions_is_taken(db: None, world_readable: Path) -> None:
    with bouncer("session", world_readable) as address:
        await pooled_sessions.refuse_shared(address)


@INSTALLED
async def test_a_pooler_that_sets_no_limits_is_refused_with_the_line_it_needs(db: None, world_readable: Path) -> None:
    with bouncer("transaction", world_readable) as address:
        with pytest.raises(PoolerHasNoLimits) as refused:
            await pooled_sessions.refuse_unfit(database.dsn(), address)
        assert LIMITS in str(refused.value)
        other = re.sub(r"/\w+\?", "/postgres?", database.dsn())
        with pytest.raises(PoolsAnotherDatabase):
            await pooled_sessions.refuse_unfit(other, address)


@INSTALLED
async def test_a_crowd_buys_behind_single_transactions(goods: Shop, world_readable: Path) -> None:
    """Three connections for twenty buyers: what belonged to a session would be another buyer's in the next moment."""
    mug, heard = await make_products.variant_id(on_hand=5), asyncio.Event()
    direct = database.dsn()
    listening = await asyncpg.connect(direct)
    await listening.add_listener("behind_the_pooler", lambda *_: heard.set())

    async def buy(number: int) -> bool:
        who = await fill_basket.shopper()
        try:
            token = await fill_basket.basket_of(mug)
            details = await fill_basket.details(token, who, email=f"buyer{number}@kiln.test")
            await fill_basket.place(token, details, who)
        except Refusal:
            return False
        return True

    with bouncer("transaction", world_readable, LIMITS) as address:
        await pooled_sessions.refuse_unfit(direct, address)
        await database.disconnect()
        await database.connect(direct, pool_size=10, pooled=address)
        try:
            bought = await asyncio.gather(*map(buy, range(20)))
            await database.notify("behind_the_pooler")
            async with database.transaction():
                await advisory_locks.take_turns("somebody")
                assert await database.fetch_value("SELECT current_setting('lock_timeout')") == "3s"
            await asyncio.wait_for(heard.wait(), 2)
            page = await goods.browser().client.get("/products")
        finally:
            await database.disconnect()
            await database.connect(direct, pool_size=20)
            await listening.close()
    assert bought.count(True) == 5 and await make_products.on_hand(mug) == (5, 5)
    assert page.status_code == 200


async def test_postgresql_itself_is_taken(db: None) -> None:
    await pooled_sessions.refuse_shared(database.dsn())


@pytest.fixture
def world_readable() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="clubfront-pgbouncer-"))  # not pytest's, which only root may open
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)

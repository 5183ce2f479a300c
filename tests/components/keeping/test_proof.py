"""What a backup is compared with, and how it is sealed."""

import subprocess
import tarfile
from pathlib import Path

import pytest

from components.foundation import database
from components.foundation.operations import backup as backups
from components.foundation.operations import sealed_files, table_sums
from components.foundation.operations.backup import BackupFailed
from components.foundation.operations.sealed_files import SealBroken
from components.keeping import moving
from components.keeping.moving import PlaceNotEmpty
from tests.support import people


async def test_an_altered_penny_is_noticed(db: None, dsn: str, tmp_path: Path) -> None:
    """The sums are those of the instant of the dump, whatever is written meanwhile."""
    await people.customer("maya@kiln.test")
    (tmp_path / "data").mkdir()
    kept = backups.create(tmp_path / "shop.tar", dsn=dsn, data=tmp_path / "data", beside={"note.env": "A=1\n"})
    with backups.open_backup(tmp_path / "shop.tar") as (work, said):
        assert said == kept and (work / backups.BESIDE / "note.env").read_text() == "A=1\n"
    assert table_sums.differences(kept.sums, table_sums.of(dsn)) == []
    await database.execute("UPDATE person SET email = 'maja@kiln.test'")
    assert table_sums.differences(kept.sums, table_sums.of(dsn)) == [
        "The table person has as many rows, and they differ from the original."
    ]
    await people.customer("noor@kiln.test")
    assert "The table person has 2 rows instead of 1." in table_sums.differences(kept.sums, table_sums.of(dsn))
    gone = {name: sums for name, sums in kept.sums.items() if name != "person"}
    assert table_sums.differences(kept.sums, gone) == ["The table person is missing."]


def _as_in_3_11_2(self: tarfile.TarFile, path: Path, members: object = None, *, numeric_owner: bool = False) -> None:
    raise AssertionError("never needed")


def test_only_its_passphrase_opens_a_sealed_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with the Python of Debian 12, 3.11.2, whose `extractall` knows no filter."""
    monkeypatch.setattr(tarfile.TarFile, "extractall", _as_in_3_11_2)
    plain, sealed = tmp_path / "shop.tar", tmp_path / "shop.sealed.tar"
    plain.write_bytes(b"everything we have " * 10_000)
    sealed_files.seal(plain, sealed, passphrase="correct horse")
    assert sealed_files.is_sealed(sealed) and not sealed_files.is_sealed(plain)
    assert b"everything" not in sealed.read_bytes() and sealed.stat().st_mode & 0o077 == 0
    with sealed_files.opened(sealed, passphrase="correct horse") as opened:
        assert opened.read_bytes() == plain.read_bytes()
    for passphrase, words in (("wrong horse", "does not open with this passphrase"), ("", "its passphrase is needed")):
        with pytest.raises(SealBroken, match=words), sealed_files.opened(sealed, passphrase=passphrase):
            pass
    members = subprocess.run(["tar", "-tf", sealed], capture_output=True, text=True, check=True).stdout.split()
    assert members == ["key.age", "archive.age"]
    broken = bytearray(sealed.read_bytes())
    broken[len(broken) // 2] ^= 1
    sealed.write_bytes(broken)
    with pytest.raises(SealBroken, match="damaged"), sealed_files.opened(sealed, passphrase="correct horse"):
        pass


async def test_a_shop_is_unpacked_only_where_there_is_none(
    db: None, dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PlaceNotEmpty, match="The database is not empty"):
        await moving.refuse_full_database(dsn)
    with pytest.raises(BackupFailed, match=r"Others are connected to the database.*PgBouncer"):
        await moving.refuse_when_others_are_connected(dsn)
    moving.refuse_full_folder(tmp_path / "not there yet")
    for name in ("secret-key", "postgres", ".postgres-users.lock"):
        (tmp_path / name).write_text("x")
    moving.refuse_full_folder(tmp_path)
    (tmp_path / "pictures").mkdir()
    with pytest.raises(PlaceNotEmpty, match=r"is not empty \(pictures\)"):
        moving.refuse_full_folder(tmp_path)

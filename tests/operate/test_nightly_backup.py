"""Each night the worker's timetable makes a backup, sends it to a bucket, and restores it from there: or raises an
alarm."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from components import worker
from components.foundation import clock, database, settings
from components.foundation.operations import sealed_files
from components.keeping import backup_state, backup_store, kept_backups
from components.keeping.tables import KeptBackup
from tests.components.keeping.test_backup_store import use
from tests.support import applied_migrations, object_store, people
from tests.support.object_store import ObjectStore

NIGHT = datetime(2027, 3, 1, 2, 41, tzinfo=UTC)
PASSPHRASE = "only we know this one"


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    with object_store.serving(tmp_path / "s3") as served:
        use(monkeypatch, BACKUP_TO="s3://shop/kept", BACKUP_ENDPOINT=served.address, BACKUP_KEEP_DAYS="1",
            BACKUP_KEEP_WEEKS="0", BACKUP_KEEP_MONTHS="0", BACKUP_KEY_ID=object_store.KEY_ID,
            BACKUP_KEY=object_store.KEY, BACKUP_PASSPHRASE=PASSPHRASE)  # fmt: skip
        yield served
    settings.current.cache_clear()


@pytest.fixture
async def migrated(db: None) -> AsyncIterator[None]:
    async with applied_migrations.noted():
        yield


async def the_hour(at: datetime) -> list[KeptBackup]:
    """What the timetable does at that hour; every backup there is a row of."""
    clock.set_everywhere(at)
    assert ("41 * * * *", "keep_backups") in worker.TIMETABLE
    await worker.TASKS["keep_backups"]()
    found: list[KeptBackup] = await KeptBackup.objects().order_by(KeptBackup.begun_at)
    return found


async def test_a_backup_each_night_is_proven_and_a_broken_one_alarmed(
    db: None, migrated: None, bucket: ObjectStore
) -> None:
    await people.customer("maya@kiln.test")
    await database.execute("INSERT INTO kept_backup (id, begun_at) VALUES (gen_random_uuid(), $1)", NIGHT)
    old = bucket.path(f"shop/kept/{backup_store.name_at(NIGHT - timedelta(days=3), is_sealed=False)}")
    old.parent.mkdir(parents=True)
    old.write_text("its time is over")
    clock.set_everywhere(NIGHT)
    (words,) = (await backup_state.current()).troubles
    assert words.startswith("No backup has been made yet")

    cut_off, first = await the_hour(NIGHT + timedelta(days=1))
    assert cut_off.failure == kept_backups.CUT_OFF
    assert (first.failure, first.proof_failure, first.inconsistent) == ("", "", 0)
    assert first.proven_at == NIGHT + timedelta(days=1) and first.proven_rows > 1
    there = bucket.path(f"shop/kept/{first.name}")
    assert there.stat().st_size == first.size and sealed_files.is_sealed(there)
    assert (await backup_state.current()).troubles == ()

    assert bucket.names("shop") == [f"kept/{first.name}"], "the old one's time is over"
    assert len(await the_hour(NIGHT + timedelta(days=1, hours=1))) == 2, "once a night"

    tonight = NIGHT + timedelta(days=2)
    assert kept_backups.next_at(first.begun_at) == tonight
    assert kept_backups.next_at(tonight - timedelta(hours=9)) == tonight, "although there was one in the afternoon"
    assert kept_backups.next_at(None) == NIGHT + timedelta(days=1, hours=2), "and within the hour where there is none"

    damaged = bucket.path(f"shop/kept/{first.name}")
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(content)
    await kept_backups.prove_newest()
    (words,) = (await backup_state.current()).troubles
    assert words.startswith("The newest backup could not be restored") and "is damaged" in words
    clock.set_everywhere(NIGHT + timedelta(days=4))
    assert (await backup_state.current()).troubles[0].startswith("The newest backup is of")


async def test_a_place_that_cannot_be_used_is_alarmed(
    db: None, bucket: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, BACKUP_KEY="another", BACKUP_PASSPHRASE="")
    clock.set_everywhere(NIGHT)
    await asyncio.gather(kept_backups.make(), kept_backups.make())
    (failed,) = await KeptBackup.objects()  # one at a time
    (words,) = (await backup_state.current()).troubles
    assert words.startswith("The backup of ") and "s3://shop/kept could not be used" in words
    assert failed.failure and not failed.size and not bucket.names("shop")

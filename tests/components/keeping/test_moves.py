"""A shop is packed with the settings of its environment and unpacked elsewhere, where nothing was before."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from components.foundation import database, settings
from components.foundation.operations import table_sums
from components.keeping import moving
from components.keeping.moving import PlaceNotEmpty
from tests.components.keeping.test_backup_store import use
from tests.support import people

PASSPHRASE = "the move of the whole shop"


@pytest.fixture
async def elsewhere(db: None, dsn: str) -> AsyncIterator[str]:
    """The address of an empty database beside that of the test."""
    name = f"{urlsplit(dsn).path.strip('/')}_elsewhere"
    await database.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield urlsplit(dsn)._replace(path=f"/{name}").geturl()
    await database.execute(f'DROP DATABASE "{name}"')
    settings.current.cache_clear()


async def test_all_of_it_arrives_and_nothing_is_overwritten(
    dsn: str, elsewhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there, file = tmp_path / "here", tmp_path / "there", tmp_path / "shop.sealed.tar"
    for folder in (here, there):
        folder.mkdir()
    await people.customer("maya@kiln.test")
    (here / "pictures").mkdir()
    (here / "pictures" / "mug.webp").write_text("a mug")
    use(monkeypatch, CLUBFRONT_DATA=str(here), SMTP_URL="smtp://shop:hunter2@mail.test:587", SECRET_KEY="s" * 40)
    await asyncio.to_thread(moving.pack, file, dsn=dsn, passphrase=PASSPHRASE)

    use(monkeypatch, CLUBFRONT_DATA=str(there), SMTP_URL="")
    with pytest.raises(PlaceNotEmpty, match="The database is not empty"):
        await asyncio.to_thread(moving.unpack, file, dsn=dsn, passphrase=PASSPHRASE)
    unpacked = await asyncio.to_thread(moving.unpack, file, dsn=elsewhere, passphrase=PASSPHRASE)
    assert table_sums.of(elsewhere) == table_sums.of(dsn) == unpacked.contents.sums
    assert (there / "pictures" / "mug.webp").read_text() == "a mug"
    assert (there / "secret-key").read_text() == "s" * 40
    assert unpacked.written is not None and unpacked.written.stat().st_mode & 0o077 == 0
    said = unpacked.written.read_text()
    assert "SMTP_URL=smtp://shop:hunter2@mail.test:587" in said and "CLUBFRONT_DATA" not in said
    with pytest.raises(PlaceNotEmpty, match="is not empty"):
        moving.refuse_full_folder(there)

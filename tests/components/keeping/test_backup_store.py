"""A folder and a bucket are used in one way: what was put is fetched, and what cannot be done is said in words."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from components.foundation import settings
from components.foundation.operations.backup import BackupFailed
from components.foundation.settings import BadSetting
from components.keeping import backup_store
from tests.support import object_store
from tests.support.object_store import ObjectStore

AT = datetime(2027, 3, 1, 2, 41, tzinfo=UTC)


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    with object_store.serving(tmp_path / "s3") as served:
        use(monkeypatch, BACKUP_TO="s3://shop/of-ours", BACKUP_ENDPOINT=served.address,
            BACKUP_KEY_ID=object_store.KEY_ID, BACKUP_KEY=object_store.KEY)  # fmt: skip
        yield served
    settings.current.cache_clear()


def use(monkeypatch: pytest.MonkeyPatch, **given: str) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings.current.cache_clear()


def stored(tmp_path: Path, size: int = 5) -> str:
    file, name = tmp_path / "shop.tar", backup_store.name_at(AT, is_sealed=False)
    file.write_bytes(bytes(range(250)) * size)
    backup_store.put(file, name)
    return name


def test_a_bucket_keeps_what_is_put_into_it(bucket: ObjectStore, tmp_path: Path) -> None:
    """The second is sent in parts, as large files are."""
    for size in (5, 80_000):
        name = stored(tmp_path, size)
        assert backup_store.names() == [name] and backup_store.taken_at(name) == AT
        backup_store.fetch(name, tmp_path / "back.tar")
        assert (tmp_path / "back.tar").read_bytes() == (tmp_path / "shop.tar").read_bytes()
        assert backup_store.size(name) == size * 250
        backup_store.delete(name)
        assert backup_store.names() == []
    assert bucket.refused == 0


def test_a_wrong_key_is_said(bucket: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, BACKUP_KEY="another")
    with pytest.raises(BackupFailed, match="s3://shop/of-ours could not be used: "):
        stored(tmp_path)
    assert bucket.refused and not bucket.names("shop")


def test_a_folder_is_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, BACKUP_TO=str(tmp_path / "kept" / "here"))
    name = stored(tmp_path)
    (tmp_path / "kept" / "here" / "clubfront_somebody-20270301T024100Z.tar").write_text("another shop's")
    (tmp_path / "kept" / "here" / "notes.txt").write_text("not ours")
    assert backup_store.names() == [name]
    assert (tmp_path / "kept" / "here").stat().st_mode & 0o077 == 0
    assert (tmp_path / "kept" / "here" / name).stat().st_mode & 0o077 == 0
    settings.current.cache_clear()


def test_what_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, BACKUP_TO=str(tmp_path / "kept"))
    with pytest.raises(BackupFailed, match="not where it was put"):
        backup_store.fetch(backup_store.name_at(AT, is_sealed=True), tmp_path / "back.tar")
    settings.current.cache_clear()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"BACKUP_TO": "backups"}, "must be a folder"),
        ({"BACKUP_TO": "/" + 300 * "x"}, "at most 300 characters"),
        ({"BACKUP_TO": "s3:///x"}, "no bucket"),
        ({"BACKUP_TO": "s3://b", "BACKUP_KEY": "x"}, "belong together"),
        ({"BACKUP_TO": "s3://b", "BACKUP_ENDPOINT": "s3.example.net"}, "must be an address"),
        ({"BACKUP_TO": "{data}/kept"}, "inside the data folder"),
        ({"BACKUP_KEEP_DAYS": "0"}, "1 or more"),
    ],
)
def test_settings_that_cannot_be(given: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = str(settings.current().data)
    try:
        use(monkeypatch, **{name: value.replace("{data}", data) for name, value in given.items()})
        with pytest.raises(BadSetting, match=words):
            settings.current()
        use(monkeypatch, BACKUP_TO=f"{data}/backups", BACKUP_KEY_ID="", BACKUP_KEY="", BACKUP_KEEP_DAYS="7")
        assert settings.current().makes_backups
    finally:
        settings.current.cache_clear()

"""Where backups are kept: a folder, or a bucket of an S3-compatible service. One interface to both, by `obstore`.

That is imported when it is used: web processes need it only when an owner downloads a backup.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from components.foundation import settings
from components.foundation.operations import buckets
from components.foundation.operations.backup import BackupFailed

if TYPE_CHECKING:
    from obstore.store import LocalStore, S3Store

SUFFIX, SEALED = ".tar", ".sealed.tar"
STAMP = "%Y%m%dT%H%M%SZ"
CHUNK = 8 * 1024**2
CONNECT, REQUEST = timedelta(seconds=10), timedelta(minutes=10)
"""A large file is sent in parts, each of them one request."""
RETRIES, RETRYING = 4, timedelta(seconds=60)


def name_at(at: datetime, *, is_sealed: bool) -> str:
    """Begins with a mark of this shop, so that two may share one place."""
    return f"{_mark()}-{at.astimezone(UTC).strftime(STAMP)}{SEALED if is_sealed else SUFFIX}"


def taken_at(name: str) -> datetime | None:
    """When the backup of this name was made; None when it is none of this shop's."""
    mark, _, rest = name.partition("-")
    try:
        at = datetime.strptime(rest.partition(".")[0], STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return at if mark == _mark() and name in (name_at(at, is_sealed=False), name_at(at, is_sealed=True)) else None


def _mark() -> str:
    return "clubfront_" + settings.current().install_id[:8]


def names() -> list[str]:
    """This shop's backups, the oldest first. Raises `BackupFailed`."""
    import obstore

    with _in_words():
        found = [str(one["path"]) for batch in obstore.list(_store()) for one in batch]
    return sorted((name for name in found if taken_at(name)), key=lambda name: str(taken_at(name)))


def put(file: Path, name: str) -> None:
    """Whole or not at all. Raises `BackupFailed`."""
    import obstore

    with _in_words():
        obstore.put(_store(), name, file, chunk_size=CHUNK, max_concurrency=2)
        if (there := obstore.head(_store(), name)["size"]) != file.stat().st_size:
            raise BackupFailed(f"{name} has {there} bytes where it was sent, instead of {file.stat().st_size}.")
        if (kept := Path(settings.current().backup_to) / name).is_file():
            kept.chmod(0o600)


def fetch(name: str, to: Path) -> None:
    """Raises `BackupFailed`."""
    import obstore

    with _in_words(), to.open("wb") as file:
        to.chmod(0o600)
        for chunk in obstore.get(_store(), name).stream(min_chunk_size=CHUNK):
            file.write(chunk)


def size(name: str) -> int:
    import obstore

    with _in_words():
        return int(obstore.head(_store(), name)["size"])


def delete(name: str) -> None:
    """Raises `BackupFailed`."""
    import obstore

    with _in_words():
        obstore.delete(_store(), name)


def _store() -> "LocalStore | S3Store":
    from obstore.store import LocalStore

    known = settings.current()
    if known.backup_to.startswith(buckets.SCHEME):
        return known.backup_bucket.store(connect=CONNECT, request=REQUEST, retries=RETRIES, retrying=RETRYING)
    folder = Path(known.backup_to)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return LocalStore(folder)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise BackupFailed("It is not where it was put.") from None
    except buckets.troubles() as trouble:
        first = next(iter(str(trouble).strip().splitlines()), type(trouble).__name__)
        raise BackupFailed(f"{settings.current().backup_to} could not be used: {first[:300]}") from None

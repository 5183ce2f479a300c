"""Where backups are kept: a folder, or a bucket of an S3-compatible service. One interface to both, by `obstore`.

That is imported when it is used: web processes need it only when an owner downloads a backup.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from components.foundation import settings
from components.foundation.operations.backup import BackupFailed
from components.foundation.settings import Settings

if TYPE_CHECKING:
    from obstore.store import LocalStore, S3Store

SUFFIX, SEALED = ".tar", ".sealed.tar"
STAMP = "%Y%m%dT%H%M%SZ"
CHUNK = 8 * 1024**2
CONNECT, WHOLE = timedelta(seconds=10), timedelta(minutes=10)
"""For one connection, and for one request: a large file is sent in parts, each of them one."""
RETRIES: Any = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}


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


def place(known: Settings) -> str:
    """For people: where backups go."""
    return known.backup_to


def _store() -> "LocalStore | S3Store":
    from obstore.store import LocalStore, S3Store

    known = settings.current()
    if not known.backup_to.startswith("s3://"):
        folder = Path(known.backup_to)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return LocalStore(folder)
    parts = urlsplit(known.backup_to)
    given: dict[str, Any] = {"region": known.backup_region}
    if known.backup_endpoint:
        given["endpoint"] = known.backup_endpoint
    if known.backup_key_id:
        given |= {"access_key_id": known.backup_key_id, "secret_access_key": known.backup_key}
    options: Any = {
        "connect_timeout": CONNECT, "timeout": WHOLE, "allow_http": known.backup_endpoint.startswith("http://"),
    }  # fmt: skip
    prefix = parts.path.strip("/") or None
    return S3Store(parts.netloc, prefix=prefix, client_options=options, retry_config=RETRIES, **given)


@contextmanager
def _in_words() -> Iterator[None]:
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise BackupFailed("It is not where it was put.") from None
    except (BaseError, OSError) as trouble:
        first = str(trouble).strip().splitlines()[0] if str(trouble).strip() else type(trouble).__name__
        raise BackupFailed(f"{place(settings.current())} could not be used: {first[:300]}") from None

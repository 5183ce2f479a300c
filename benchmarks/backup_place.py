"""`python -m benchmarks.backup_place MB`: try the place that BACKUP_TO names with a file of that size.

It is sent, listed, fetched and compared, and deleted again: before the first night a shop relies on it, and to try
another S3-compatible service than the one in the tests.
"""

import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

import psutil

from components.foundation import clock
from components.foundation.operations.backup import BackupFailed
from components.keeping import backup_store

PIECE = 1024**2


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def tried(megabytes: int) -> str:
    """What was measured. Raises `BackupFailed`."""
    name = backup_store.name_at(clock.of_this_machine(), is_sealed=False)
    with tempfile.TemporaryDirectory(prefix="clubfront-place-") as folder:
        sent, back = Path(folder) / "sent.tar", Path(folder) / "back.tar"
        with sent.open("wb") as file:
            for _ in range(megabytes):
                file.write(os.urandom(PIECE))
        before, began = psutil.Process().memory_info().rss, time.monotonic()
        backup_store.put(sent, name)
        put_seconds, began = time.monotonic() - began, time.monotonic()
        if name not in backup_store.names():
            raise BackupFailed(f"{name} was sent and is not listed.")
        backup_store.fetch(name, back)
        fetch_seconds = time.monotonic() - began
        grown = (psutil.Process().memory_info().rss - before) / 1024**2
        if _digest(sent) != _digest(back):
            raise BackupFailed(f"{name} came back altered.")
        backup_store.delete(name)
        if name in backup_store.names():
            raise BackupFailed(f"{name} was deleted and is still listed.")
    return (
        f"{megabytes} MB sent in {put_seconds:.1f} s, fetched in {fetch_seconds:.1f} s, equal; +{grown:.0f} MB memory"
    )


def main() -> None:
    try:
        print(tried(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
    except BackupFailed as trouble:
        sys.exit(f"{trouble}")


if __name__ == "__main__":
    main()

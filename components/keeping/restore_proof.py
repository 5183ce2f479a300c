"""Restoring a backup into a temporary database of its own, and looking whether everything is there and in order."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from components.foundation.database import embedded
from components.foundation.operations import backup as backups
from components.foundation.operations import table_sums, terminal
from components.foundation.operations.backup import BackupContents, BackupFailed
from components.insights import invariants

Examine = Callable[[], Awaitable[int]]


@dataclass(frozen=True)
class Proof:
    """`rows` were restored as they had been; `inconsistent` counts what the shop itself had in disorder."""

    rows: int
    seconds: int
    inconsistent: int


@contextmanager
def scratch_server() -> Iterator[str]:
    """The address of a temporary PostgreSQL with nothing in it."""
    with tempfile.TemporaryDirectory(prefix="clubfront-scratch-") as folder:
        dsn = embedded.start(Path(folder))
        try:
            yield dsn
        finally:
            embedded.stop(Path(folder))


@contextmanager
def restored(file: Path, *, passphrase: str = "") -> Iterator[tuple[str, BackupContents]]:
    """The address of a temporary database with what was in the file, row for row. Raises `BackupFailed`."""
    with backups.open_backup(file, passphrase=passphrase) as (work, kept):
        terminal.follow_practice_clock(work / backups.FILES)
        with scratch_server() as dsn:
            backups.load_database(work, dsn=dsn, server=kept.server)
            _refuse_other_rows(dsn, kept)
            yield dsn, kept


def _refuse_other_rows(dsn: str, kept: BackupContents) -> None:
    differences = table_sums.differences(kept.sums, table_sums.of(dsn)) if kept.sums else []
    if differences:
        raise BackupFailed(f"What was restored is not what was backed up. {' '.join(differences[:5])}")


def prove(file: Path, *, passphrase: str = "", examine: Examine | None = None) -> Proof:
    """Restore it, bring it up to this version, and look for what is inconsistent. Raises `BackupFailed`.

    It connects this process to the temporary database: nobody else may be using this process's own.
    """
    began = time.monotonic()
    with restored(file, passphrase=passphrase) as (dsn, kept):
        inconsistent = asyncio.run(terminal.with_database(dsn, examine or _count_broken))
        return Proof(sum(rows for rows, _ in kept.sums.values()), round(time.monotonic() - began), inconsistent)


async def _count_broken() -> int:
    extent = await invariants.in_passing()
    return sum([len(part.broken) async for part in invariants.examine(extent)])

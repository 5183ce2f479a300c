"""The heavy part of a backup, in a process of its own: making it, sending it, and restoring what was sent.

`python -m components.keeping.backup_process take|prove|prune NAME` prints what came of it as JSON.
"""

import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from components.foundation import settings
from components.foundation.operations import backup as backups
from components.foundation.operations import child_process, terminal
from components.foundation.operations.backup import BackupFailed
from components.foundation.operations.child_process import ChildFailed
from components.keeping import backup_retention, backup_store, restore_proof
from components.keeping.backup_retention import Keep
from components.keeping.restore_proof import Proof

MODULE = "components.keeping.backup_process"
NICENESS = 15


async def take(name: str) -> int:
    """Its size. Raises `BackupFailed`."""
    return int((await _done("take", name))["size"])


async def prove(name: str) -> Proof:
    """Fetch it from where it was put, and restore it. Raises `BackupFailed`."""
    return Proof(**await _done("prove", name))


async def prune() -> list[str]:
    """Delete those whose time is over; their names. Raises `BackupFailed`."""
    return list((await _done("prune", ""))["deleted"])


async def _done(what: str, name: str) -> dict[str, Any]:
    try:
        printed = await child_process.run(MODULE, what, name)
    except ChildFailed as trouble:
        raise BackupFailed(f"The process that did it ended: {trouble}") from None
    said: dict[str, Any] = msgspec.json.decode(printed.splitlines()[-1])
    if "failure" in said:
        raise BackupFailed(said["failure"])
    return said


def _take(name: str) -> dict[str, Any]:
    known = settings.current()
    with tempfile.TemporaryDirectory(prefix="clubfront-taken-") as folder:
        file = Path(folder) / name
        backups.create(file, dsn=child_process.dsn(), data=known.data, passphrase=known.backup_passphrase)
        backup_store.put(file, name)
        return {"size": file.stat().st_size}


def _prove(name: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="clubfront-fetched-") as folder:
        file = Path(folder) / name
        backup_store.fetch(name, file)
        return asdict(restore_proof.prove(file, passphrase=settings.current().backup_passphrase))


def _prune(_name: str) -> dict[str, Any]:
    known = settings.current()
    named = {at: name for name in backup_store.names() if (at := backup_store.taken_at(name))}
    keep = Keep(known.backup_keep_days, known.backup_keep_weeks, known.backup_keep_months)
    over = [named[at] for at in backup_retention.expired(named, keep)]
    for name in over:
        backup_store.delete(name)
    return {"deleted": over}


WORK = {"take": _take, "prove": _prove, "prune": _prune}


def main(what: str, name: str) -> None:
    try:
        said = WORK[what](name)
    except BackupFailed as trouble:
        said = {"failure": str(trouble)}
    print(msgspec.json.encode(said).decode(), flush=True)


if __name__ == "__main__":
    ahead = child_process.begin(niceness=NICENESS)
    terminal.use_practice_offset(lambda _folder: ahead)
    main(*sys.argv[1:])

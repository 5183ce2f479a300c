"""The backups of this shop: made when they are due, proven by restoring them, and deleted when their time is over."""

import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from piccolo.columns import Column

from components.foundation import audit, clock, database, ids, jobs, queue, settings
from components.foundation.database import any_of
from components.foundation.operations.backup import BackupFailed
from components.foundation.refusals import Conflict
from components.keeping import backup_process, backup_rows, backup_store
from components.keeping.tables import KeptBackup

TASK = "make_backup"
NIGHT_HOUR, MINUTE = 2, 41
"""UTC. The job looks once an hour; by day it only makes good what the night has missed."""
AT_NIGHT, AT_ANY_HOUR = timedelta(hours=2), timedelta(hours=25)
"""How old the newest must be: a night's backup is made although there was one in the afternoon."""
PROVEN_LATELY = timedelta(hours=18)
"""Where none can be made, the last one is not restored again every hour."""
CUT_OFF = "It was cut off before it was done."
log = structlog.get_logger()


class NoPlaceForBackups(Conflict):
    message = "No place is set for backups: set BACKUP_TO and restart the shop."


class BackupRunning(Conflict):
    message = "A backup is being made already."


async def make_when_due() -> None:
    """By the timetable. What fails is recorded and shown; the next hour is the next try."""
    if settings.current().makes_backups:
        async with _alone() as is_alone:
            if is_alone and await is_due():
                await _make("")


async def is_due() -> bool:
    newest = await backup_rows.newest_there(_place())
    return _would_be_due(newest.begun_at if newest else None, clock.unmoved())


def next_at(newest: datetime | None) -> datetime:
    """When the timetable makes the next one."""
    at = clock.unmoved().replace(minute=MINUTE, second=0, microsecond=0)
    while at <= clock.unmoved() or not _would_be_due(newest, at):
        at += timedelta(hours=1)
    return at


def _would_be_due(newest: datetime | None, at: datetime) -> bool:
    return newest is None or at - newest >= (AT_NIGHT if at.hour == NIGHT_HOUR else AT_ANY_HOUR)


async def ask_for_one(*, by: UUID) -> None:
    """“Back up now.” Raises `NoPlaceForBackups`, `BackupRunning`."""
    if not settings.current().makes_backups:
        raise NoPlaceForBackups
    if await queue.is_wanted(TASK) or await KeptBackup.exists().where(KeptBackup.ended_at.is_null()):
        raise BackupRunning
    async with database.transaction():
        await jobs.defer(TASK, queueing_lock=TASK, by=str(by))
        await audit.record(by, "asked for a backup", "backup", _place())


async def make(by: str = "") -> None:
    """Make one, prove the newest there is, and delete those whose time is over."""
    if settings.current().makes_backups:
        async with _alone() as is_alone:
            if is_alone:
                await _make(by)


@contextlib.asynccontextmanager
async def _alone() -> AsyncIterator[bool]:
    """Whether nobody else is making one; then what was left unfinished was cut off.

    A connection of its own holds the turn, so that a process that is killed holds it no longer.
    """
    connection = await asyncpg.connect(database.dsn())
    try:
        is_alone = bool(await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", TASK))
        if is_alone:
            cut_off: dict[Column | str, Any] = {KeptBackup.ended_at: clock.unmoved(), KeptBackup.failure: CUT_OFF}
            await KeptBackup.update(cut_off).where(KeptBackup.ended_at.is_null())
        yield is_alone
    finally:
        await connection.close()


async def _make(by: str) -> None:
    name = backup_store.name_at(clock.unmoved(), is_sealed=bool(settings.current().backup_passphrase))
    begun = await _begin(name, by)
    try:
        size = await backup_process.take(name)
    except BackupFailed as trouble:
        log.error("a backup failed", backup=name, words=str(trouble))
        await _end(begun, failure=str(trouble))
        await prove_newest(unless_within=PROVEN_LATELY)
    else:
        await _end(begun, size=size)
        await prove_newest()
    await _delete_old()


async def _begin(name: str, by: str) -> UUID:
    row_id = ids.new()
    row = KeptBackup(
        id=row_id, name=name, place=_place(), is_encrypted=bool(settings.current().backup_passphrase),
        begun_at=clock.unmoved(), by=UUID(by) if by else None,
    )  # fmt: skip
    await row.save()
    return row_id


async def _end(row_id: UUID, *, size: int = 0, failure: str = "") -> None:
    one = KeptBackup
    ended: dict[Column | str, Any] = {one.ended_at: clock.unmoved(), one.size: size, one.failure: failure}
    await one.update(ended).where(one.id == row_id)


async def prove_newest(*, unless_within: timedelta = timedelta()) -> None:
    """Restore the newest there is from where it was put, be it old: what cannot be restored is no backup.

    Nothing is done when that was tried so short a while ago.
    """
    newest = await backup_rows.newest_there(_place())
    if newest is None or (newest.tried_at and clock.unmoved() - newest.tried_at < unless_within):
        return
    try:
        proof = await backup_process.prove(newest.name)
    except BackupFailed as trouble:
        log.error("a backup could not be restored", backup=newest.name, words=str(trouble))
        await database.execute(_NOT_PROVEN, newest.id, clock.unmoved(), str(trouble))
        return
    one, now = KeptBackup, clock.unmoved()
    proven: dict[Column | str, Any] = {
        one.tried_at: now, one.proven_at: now, one.proof_failure: "", one.proof_seconds: proof.seconds,
        one.proven_rows: proof.rows, one.inconsistent: proof.inconsistent,
    }  # fmt: skip
    await one.update(proven).where(one.id == newest.id)


_NOT_PROVEN = "UPDATE kept_backup SET tried_at = greatest($2, proven_at), proof_failure = $3 WHERE id = $1"


async def _delete_old() -> None:
    """Nothing is deleted unless the newest was proven: it may be the only one that is any good."""
    if not await database.fetch_value(_NEWEST_IS_PROVEN, _place()):
        return
    try:
        deleted = await backup_process.prune()
    except BackupFailed as trouble:
        log.error("old backups could not be deleted", words=str(trouble))
        return
    await KeptBackup.update({KeptBackup.deleted_at: clock.unmoved()}).where(any_of(KeptBackup.name, deleted))


_NEWEST_IS_PROVEN = """
SELECT coalesce((SELECT proof_failure = '' AND proven_at IS NOT NULL FROM kept_backup
  WHERE place = $1 AND failure = '' AND ended_at IS NOT NULL AND deleted_at IS NULL
  ORDER BY begun_at DESC LIMIT 1), false)
"""


def _place() -> str:
    return settings.current().backup_to

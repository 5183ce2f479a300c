"""The backups that were begun, as they are read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.refusals import NotFound
from components.keeping.tables import KeptBackup


@dataclass(frozen=True, slots=True)
class BackupRow:
    """See `KeptBackup`."""

    id: UUID
    name: str
    place: str
    begun_at: datetime
    ended_at: datetime | None
    size: int
    failure: str
    tried_at: datetime | None
    proven_at: datetime | None
    proof_failure: str
    proof_seconds: int
    proven_rows: int
    inconsistent: int
    deleted_at: datetime | None

    @property
    def is_there(self) -> bool:
        return self.ended_at is not None and not self.failure and self.deleted_at is None


_COLUMNS = tuple(getattr(KeptBackup, name) for name in BackupRow.__dataclass_fields__)


async def latest(most: int) -> tuple[BackupRow, ...]:
    """The newest first."""
    rows = await KeptBackup.select(*_COLUMNS).order_by(KeptBackup.begun_at, ascending=False).limit(most)
    return tuple(BackupRow(**row) for row in rows)


async def newest_there(place: str) -> BackupRow | None:
    """The newest that is in this place."""
    row = await (
        KeptBackup.select(*_COLUMNS)
        .where(KeptBackup.failure == "", KeptBackup.ended_at.is_not_null(), KeptBackup.deleted_at.is_null())
        .where(KeptBackup.place == place)
        .order_by(KeptBackup.begun_at, ascending=False)
        .first()
    )
    return BackupRow(**row) if row else None


async def by_id(backup_id: UUID) -> BackupRow:
    """Raises `NotFound`."""
    row = await KeptBackup.select(*_COLUMNS).where(KeptBackup.id == backup_id).first()
    if row is None or not (found := BackupRow(**row)).is_there:
        raise NotFound("This backup is not there any more.")
    return found

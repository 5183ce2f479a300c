"""How the shop's backups are: what staff, monitoring and the alarm on Today read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from components.foundation import clock, database, settings
from components.foundation.database import Query
from components.foundation.formatting import moment

MOST_AGE, MOST_UNPROVEN = timedelta(hours=30), timedelta(hours=54)
"""A night that failed is noticed in the morning; a proof may miss one night."""


@dataclass(frozen=True)
class BackupState:
    """Of the place where backups go now. `tried_at`, `failure`: of the latest that has ended, however it ended."""

    is_asked: bool
    newest_at: datetime | None = None
    tried_at: datetime | None = None
    failure: str = ""
    proven_at: datetime | None = None
    proof_tried_at: datetime | None = None
    proof_failure: str = ""
    inconsistent: int = 0
    is_running: bool = False

    @property
    def troubles(self) -> tuple[str, ...]:
        """A sentence for each thing that staff should know at once; none when all is well."""
        if not self.is_asked:
            return (NOT_ASKED,) if settings.current().takes_real_money and not settings.current().backup_to else ()
        return tuple(words for words in (self._of_making(), self._of_proving()) if words)

    def _of_making(self) -> str:
        if self.failure and self.tried_at:
            return f"The backup of {moment(self.tried_at)} failed. {self.failure}"
        if self.newest_at is None:
            return "" if self.is_running else "No backup has been made yet. The worker makes the first within the hour."
        if clock.unmoved() - self.newest_at > MOST_AGE:
            return f"The newest backup is of {moment(self.newest_at)}. Check that the worker runs."
        return ""

    def _of_proving(self) -> str:
        if self.proof_failure and self.proof_tried_at:
            when = moment(self.proof_tried_at)
            return f"The newest backup could not be restored when it was tried on {when}. {self.proof_failure}"
        if self.newest_at and clock.unmoved() - (self.proven_at or self.newest_at) > MOST_UNPROVEN:
            since = f"since {moment(self.proven_at)}" if self.proven_at else "yet"
            return f"No backup has been restored as a proof {since}. Check that the worker runs."
        return ""


NOT_ASKED = (
    "Nothing makes backups of this shop. Set BACKUP_TO to a folder or a bucket, or to “none” if you make them in "
    "another way."
)


def query() -> Query[BackupState]:
    return Query(_STATE, (settings.current().backup_to,), _read)


_STATE = """
SELECT json_build_object(
  'newest_at', newest.begun_at, 'tried_at', latest.ended_at, 'failure', coalesce(latest.failure, ''),
  'proven_at', (SELECT max(proven_at) FROM kept_backup WHERE place = $1),
  'proof_tried_at', newest.tried_at, 'proof_failure', coalesce(newest.proof_failure, ''),
  'inconsistent', coalesce(newest.inconsistent, 0),
  'is_running', EXISTS (SELECT FROM kept_backup WHERE place = $1 AND ended_at IS NULL))
FROM (SELECT 1) one
LEFT JOIN LATERAL (SELECT begun_at, tried_at, proof_failure, inconsistent FROM kept_backup
  WHERE place = $1 AND ended_at IS NOT NULL AND failure = '' AND deleted_at IS NULL
  ORDER BY begun_at DESC LIMIT 1) newest ON true
LEFT JOIN LATERAL (SELECT ended_at, failure FROM kept_backup
  WHERE place = $1 AND ended_at IS NOT NULL ORDER BY begun_at DESC LIMIT 1) latest ON true
"""
_MOMENTS = ("newest_at", "tried_at", "proven_at", "proof_tried_at")


def _read(found: Any) -> BackupState:
    moments = {name: datetime.fromisoformat(found[name]) for name in _MOMENTS if found[name]}
    return BackupState(is_asked=settings.current().makes_backups, **(found | dict.fromkeys(_MOMENTS) | moments))


async def current() -> BackupState:
    (found,) = await database.batch(query())
    return found  # type: ignore[no-any-return]

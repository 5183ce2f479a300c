"""The audit log: every change by staff adds a row, in the same transaction as the change."""

from typing import Any
from uuid import UUID

from components.foundation import clock, database, ids, json
from components.foundation.tables import AuditEntry


async def record(
    actor: UUID | None,
    what: str,
    subject: str,
    subject_id: object,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """`record(by, "price changed", "variant", variant.id, before={"price": 1200}, after={"price": 1300})`."""
    await AuditEntry.insert(
        AuditEntry(
            id=ids.new(),
            at=clock.now(),
            actor=actor,
            what=what,
            subject=subject,
            subject_id=str(subject_id),
            before=None if before is None else json.dump(before),
            after=None if after is None else json.dump(after),
        )
    )


async def entries(
    *, subject: str = "", actor: UUID | None = None, limit: int = 50, offset: int = 0
) -> list[dict[str, Any]]:
    """Entries, newest first, optionally of one kind of subject or one actor."""
    return await database.fetch(
        """SELECT id, at, actor, what, subject, subject_id, before, after FROM audit_entry
        WHERE ($1 = '' OR subject = $1) AND ($2::uuid IS NULL OR actor = $2)
        ORDER BY at DESC, id DESC LIMIT $3 OFFSET $4""",
        subject, actor, limit, offset,
    )  # fmt: skip


async def subjects() -> tuple[str, ...]:
    """The kinds of subjects in the log."""
    return tuple(row["subject"] for row in await database.fetch("SELECT DISTINCT subject FROM audit_entry ORDER BY 1"))

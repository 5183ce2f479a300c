"""The audit trail: every change by staff leaves a row, written in the change's own transaction."""

from typing import Any
from uuid import UUID

from components.foundation import clock, ids, json
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
    """The newest entries first, of one kind of subject or one actor when asked."""
    entry = AuditEntry
    rows = entry.select(
        entry.id, entry.at, entry.actor, entry.what, entry.subject, entry.subject_id, entry.before, entry.after
    )
    if subject:
        rows = rows.where(entry.subject == subject)
    if actor is not None:
        rows = rows.where(entry.actor == actor)
    return await rows.order_by(entry.at, entry.id, ascending=False).limit(limit).offset(offset)


async def subjects() -> tuple[str, ...]:
    """The kinds of things that have been changed."""
    rows = await AuditEntry.select(AuditEntry.subject).distinct().order_by(AuditEntry.subject)
    return tuple(row["subject"] for row in rows)

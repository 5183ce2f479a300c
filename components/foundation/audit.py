"""The audit log: every change by staff adds a row, in the same transaction as the change."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import clock, database, ids, json
from components.foundation.tables import AuditEntry

_AMOUNT = """
SELECT coalesce(sum((after->>'amount')::bigint), 0) FROM audit_entry
WHERE actor = $1 AND at > $2 AND what = ANY($3)
  AND NOT (what = $4 AND subject_id = $5 AND coalesce(after->>'refund', after->>'grant', '') = $6)
"""


_ABOUT_SOMEBODY = frozenset(
    {"person", "order", "subscription", "gift", "term", "dispute", "payment mismatch", "difference"}
)
_MAY_NAME_THEM = frozenset({"note", "words", "reason", "explanation", "result", "tracking", "name", "email"})
"""What staff typed about somebody stands in a row of its own, from which it can be erased; entries are for ever."""


async def record(
    actor: UUID | None,
    what: str,
    subject: str,
    subject_id: object,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Of a customer's things it keeps ids and figures, and no words about them.

    `record(by, "price changed", "variant", variant.id, before={"price": 1200}, after={"price": 1300})`.
    """
    await AuditEntry.insert(
        AuditEntry(
            id=ids.new(),
            at=clock.now(),
            actor=actor,
            what=what,
            subject=subject,
            subject_id=str(subject_id),
            before=None if before is None else json.dump(_nameless(subject, before)),
            after=None if after is None else json.dump(_nameless(subject, after)),
        )
    )


def _nameless(subject: str, said: dict[str, Any]) -> dict[str, Any]:
    if subject not in _ABOUT_SOMEBODY:
        return said
    return {key: value for key, value in said.items() if key not in _MAY_NAME_THEM}


_NEW = ("id", "at", "actor", "what", "subject", "subject_id", "after")


async def record_new(actor: UUID, what: str, subject: str, made: Sequence[tuple[object, dict[str, Any]]]) -> None:
    """The same for many new things at once, by id."""
    at = clock.now()
    rows = [(ids.new(), at, actor, what, subject, str(id), json.dump(after)) for id, after in made]
    await database.insert_rows(AuditEntry, _NEW, rows)


async def is_recorded(actor: UUID, what: str, subject_id: object, *, since: datetime) -> bool:
    """Whether this operator is on record for this since then."""
    entry = AuditEntry
    is_same = (entry.actor == actor) & (entry.what == what) & (entry.subject_id == str(subject_id))
    return bool(await entry.exists().where(is_same & (entry.at > since)))


async def amount_of(actor: UUID, whats: Iterable[str], *, since: datetime, but: tuple[str, str, UUID]) -> int:
    """Minor units that this operator is on record for since then, in entries of these names. `but`: what, subject and
    key of what is being done now, which may be in the log already.
    """
    return int(await database.fetch_value(_AMOUNT, actor, since, list(whats), but[0], but[1], str(but[2])))


async def has_entry(subject: str, subject_id: object, *whats: str) -> bool:
    """Whether any operator ever did one of these."""
    entry = AuditEntry
    is_it = (entry.subject == subject) & (entry.subject_id == str(subject_id)) & entry.actor.is_not_null()
    return bool(await entry.exists().where(is_it & entry.what.is_in(list(whats))))


async def is_noted(subject_id: object, what: str) -> bool:
    """Whether it was ever done, by anybody or by a setting."""
    return bool(await AuditEntry.exists().where((AuditEntry.subject_id == str(subject_id)) & (AuditEntry.what == what)))


async def entries(
    *, subject: str = "", actor: UUID | None = None, limit: int = 50, offset: int = 0
) -> list[dict[str, Any]]:
    """Entries, newest first, optionally of one kind of subject or one actor."""
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
    """The kinds of subjects in the log."""
    rows = await AuditEntry.select(AuditEntry.subject).distinct().order_by(AuditEntry.subject)
    return tuple(row["subject"] for row in rows)

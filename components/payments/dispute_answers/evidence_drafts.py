"""Evidence while staff write it: every saved state is kept, the newest counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import audit, clock, database, ids, json
from components.foundation.refusals import NotFound, Refusal
from components.payments import disputes
from components.payments.dispute_answers import evidence_fields
from components.payments.dispute_answers.tables import DisputeDraft
from components.payments.tables import MirroredDispute

SHOWN = 50


class TooMuchEvidence(Refusal):
    message = f"The bank takes {evidence_fields.LONGEST_OF_ALL:,} characters in all. Please shorten it."


class AnsweredAlready(Refusal):
    message = "This dispute doesn’t wait for an answer any more, so its evidence can’t be changed."
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceDraft:
    id: UUID
    number: int
    fields: dict[str, str]
    saved_at: datetime
    saved_by: UUID | None


async def save(dispute_id: str, fields: Mapping[str, str], *, by: UUID) -> EvidenceDraft:
    """Kept beside what was saved before; the same again changes nothing.

    Raises `TooMuchEvidence`, `AnsweredAlready`.
    """
    found = evidence_fields.kept(fields)
    if evidence_fields.length(found) > evidence_fields.LONGEST_OF_ALL or any(
        len(text) > evidence_fields.longest(name) for name, text in found.items()
    ):
        raise TooMuchEvidence
    async with database.transaction():
        await database.locked(MirroredDispute, MirroredDispute.stripe_id == dispute_id)
        if not (await disputes.by_id(dispute_id)).needs_answer:
            raise AnsweredAlready
        known = await latest(dispute_id)
        if known is not None and known.fields == found:
            return known
        number = known.number + 1 if known else 1
        made = EvidenceDraft(id=ids.new(), number=number, fields=found, saved_at=clock.now(), saved_by=by)
        await DisputeDraft.insert(
            DisputeDraft(
                id=made.id, dispute=dispute_id, number=number, fields=json.dump(found), saved_at=made.saved_at,
                saved_by=by,
            )
        )  # fmt: skip
        await audit.record(
            by, "evidence saved", "dispute", dispute_id, after={"characters": evidence_fields.length(found)}
        )
    return made


async def latest(dispute_id: str) -> EvidenceDraft | None:
    found = await history(dispute_id, limit=1)
    return found[0] if found else None


async def history(dispute_id: str, *, limit: int = SHOWN) -> list[EvidenceDraft]:
    """Newest first."""
    one = DisputeDraft
    rows = one.select(one.id, one.number, one.fields, one.saved_at, one.saved_by).where(one.dispute == dispute_id)
    return [_draft(row) for row in await rows.order_by(one.number, ascending=False).limit(limit)]


async def by_id(draft_id: UUID) -> EvidenceDraft:
    """Raises `NotFound`."""
    one = DisputeDraft
    row = await one.select(one.id, one.number, one.fields, one.saved_at, one.saved_by).where(one.id == draft_id).first()
    if row is None:
        raise NotFound("There is no such draft.")
    return _draft(row)


def _draft(row: dict[str, Any]) -> EvidenceDraft:
    return EvidenceDraft(**{**row, "fields": json.load(row["fields"])})

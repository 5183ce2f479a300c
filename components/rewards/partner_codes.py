"""Partner codes: a pool uploaded by staff, one code for each member, shown once claimed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from piccolo.query.functions.aggregate import Count

from components.foundation import audit, clock, database, ids
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.rewards.tables import PartnerCode

MOST = 20_000
LONGEST = 200


class NoCodesLeft(Refusal):
    message = N_("All the codes have been claimed for now. We have been notified and will add more.")
    status = 409


class BadCodes(Refusal):
    message = "Enter one code per line."


@dataclass(frozen=True, slots=True)
class Pool:
    """The size of a pool."""

    total: int
    claimed: int

    @property
    def left(self) -> int:
        return self.total - self.claimed


@dataclass(frozen=True, slots=True)
class ClaimedCode:
    benefit_id: UUID
    code: str
    claimed_at: datetime


_CLAIM_PATIENTLY = """
UPDATE partner_code SET person = $2, claimed_at = $3 WHERE id = (
  SELECT id FROM partner_code WHERE benefit = $1 AND person IS NULL
  ORDER BY position, id LIMIT 1 FOR UPDATE) AND person IS NULL RETURNING code"""
_CLAIM = _CLAIM_PATIENTLY.replace("FOR UPDATE", "FOR UPDATE SKIP LOCKED")
"""The first that nobody else is claiming at the moment; only when there is none is it worth waiting for one."""


async def claim(benefit_id: UUID, *, person_id: UUID) -> str:
    """The person's code from this pool: the same one every time. Raises `NoCodesLeft`."""
    async with database.transaction():
        await take_turns(f"code:{benefit_id}:{person_id}")
        if (known := await _claimed_code(benefit_id, person_id)) is not None:
            return known
        for claiming in (_CLAIM, _CLAIM_PATIENTLY):
            code = await database.fetch_value(claiming, benefit_id, person_id, clock.now())
            if code is not None:
                return str(code)
    raise NoCodesLeft


async def of_person(person_id: UUID) -> dict[UUID, ClaimedCode]:
    """The codes the person has claimed, by benefit."""
    codes = PartnerCode.select(PartnerCode.benefit, PartnerCode.code, PartnerCode.claimed_at)
    rows = await codes.where(PartnerCode.person == person_id)
    return {row["benefit"]: ClaimedCode(row["benefit"], row["code"], row["claimed_at"]) for row in rows}


async def pool(benefit_id: UUID) -> Pool:
    counted = PartnerCode.select(Count(alias="total"), Count(PartnerCode.person, alias="claimed"))
    (row,) = await counted.where(PartnerCode.benefit == benefit_id)
    return Pool(**row)


_UPLOAD = """
INSERT INTO partner_code (id, benefit, code, position, added_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (benefit, code) DO NOTHING"""


async def upload(benefit_id: UUID, written: str, *, by: UUID | None) -> int:
    """Add codes, one per line or the first column of a CSV file; returns how many were new. Raises `BadCodes`."""
    codes = list(dict.fromkeys(_read(written)))
    if not codes:
        raise BadCodes
    if len(codes) > MOST:
        raise BadCodes(f"At most {MOST:,} codes at a time.")
    before = await pool(benefit_id)
    async with database.transaction():
        await database.execute_many(
            _UPLOAD,
            [(ids.new(), benefit_id, code, before.total + place, clock.now()) for place, code in enumerate(codes)],
        )
        added = (await pool(benefit_id)).total - before.total
        await audit.record(by, "codes uploaded", "benefit", benefit_id, after={"added": added})
    return added


async def discard(benefit_id: UUID, *, by: UUID) -> int:
    """Delete the unclaimed codes; returns how many."""
    async with database.transaction():
        unclaimed = PartnerCode.delete().where(PartnerCode.benefit == benefit_id, PartnerCode.person.is_null())
        gone = len(await unclaimed.returning(PartnerCode.id))
        await audit.record(by, "unclaimed codes deleted", "benefit", benefit_id, before={"codes": gone})
    return gone


async def _claimed_code(benefit_id: UUID, person_id: UUID) -> str | None:
    codes = PartnerCode.select(PartnerCode.code)
    row = await codes.where(PartnerCode.benefit == benefit_id, PartnerCode.person == person_id).first()
    return row["code"] if row else None


def _read(written: str) -> Iterable[str]:
    for number, line in enumerate(written.lstrip("\ufeff\r\n ").splitlines(), start=1):
        code = line.split(",")[0].split(";")[0].strip().strip('"').strip()
        if not code or (number == 1 and code.lower() in ("code", "codes")):
            continue
        if len(code) > LONGEST or not code.isprintable():
            raise BadCodes(f"Line {number}: a code has at most {LONGEST} plain characters.")
        yield code

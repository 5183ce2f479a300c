"""Memberships as rows: starting one, and moving its end. The past is never rewritten."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import clock, database, ids, outbox
from components.memberships.entitlements import entitlement_sync
from components.memberships.facts import MembershipEnded, MembershipStarted
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Entitlement, Membership, Plan


async def start(
    holder: UUID,
    *,
    plan_id: UUID,
    source: str,
    source_id: UUID,
    starts_at: datetime,
    ends_at: datetime | None = None,
    given_by: UUID | None = None,
    note: str = "",
) -> Membership:
    """The person holds what the plan includes from `starts_at`. Belongs in the transaction of its cause."""
    membership = await begin(
        holder, plan_id=plan_id, source=source, source_id=source_id, starts_at=starts_at, ends_at=ends_at,
        given_by=given_by, note=note,
    )  # fmt: skip
    await outbox.announce(MembershipStarted(membership.id, holder, source))
    return membership


async def begin(
    holder: UUID,
    *,
    plan_id: UUID,
    source: str,
    source_id: UUID,
    starts_at: datetime,
    ends_at: datetime | None,
    given_by: UUID | None = None,
    note: str = "",
) -> Membership:
    """The same without announcing it: of one that began elsewhere nothing follows, neither gifts nor e-mails."""
    membership = Membership(
        id=ids.new(),
        holder=holder,
        plan=plan_id,
        source=source,
        source_id=source_id,
        starts_at=starts_at,
        ends_at=ends_at,
        given_by=given_by,
        note=note,
        variant=await database.fetch_value(_VARIANT, source_id, plan_id),
    )
    await Membership.insert(membership)
    await _entitle(membership)
    return membership


# As it was until now, while the plan is the same; else as the price says that they joined at, or as whoever shares it.
_VARIANT = """
SELECT v.id FROM plan_variant v WHERE v.plan = $2 AND v.id = coalesce(
  (SELECT m.variant FROM (SELECT plan, variant FROM membership WHERE source_id = $1
     ORDER BY starts_at DESC, ends_at DESC LIMIT 1) m WHERE m.plan = $2),
  (SELECT p.variant FROM subscription s JOIN plan_version p ON p.id = s.plan_version WHERE s.id = $1),
  (SELECT m.variant FROM seat t, LATERAL (SELECT plan, variant FROM membership WHERE source_id = t.source_id
     ORDER BY starts_at DESC, ends_at DESC LIMIT 1) m WHERE t.id = $1 AND m.plan = $2))
"""


async def move_end(membership: Membership, ends_at: datetime | None) -> None:
    """End it, and what is held through it, at another instant; None for no end date.

    What its plan includes by then is held until then; what has ended for a reason of its own stays ended.
    """
    if membership.ends_at == ends_at:
        return
    ends_at = max(ends_at, membership.starts_at) if ends_at else None
    async with database.transaction():
        await Plan.select(Plan.id).where(Plan.id == membership.plan).lock_rows("KEY SHARE")
        await Membership.update({Membership.ends_at: ends_at}).where(Membership.id == membership.id)
        if ends_at is not None:
            await database.execute(_CUT, membership.id, ends_at)
        await entitlement_sync.sync_membership(membership)
    membership.ends_at = ends_at


_CUT = """
UPDATE entitlement SET until_at = GREATEST($2, from_at)
WHERE membership = $1 AND (until_at IS NULL OR until_at > GREATEST($2, from_at))
"""


async def latest_from(source_id: UUID) -> Membership | None:
    """The last membership from this subscription, gift or comp; of two that began in one second, the one that runs."""
    return (
        await Membership.objects()
        .where(Membership.source_id == source_id)
        .order_by(Membership.starts_at, Membership.ends_at, ascending=False)
        .first()
    )


async def plan_held(source_id: UUID, version_id: UUID) -> PlanView:
    """The plan that is billed at this version, with what whoever pays for it was promised. Raises `NotFound`."""
    found = await latest_from(source_id)
    return plan_catalogue.with_variant(plan_catalogue.by_version(version_id), found.variant if found else None)


async def announce_ended() -> int:
    """Announce the memberships that have ended since the last run. Returns how many."""
    async with database.transaction():
        over = await database.fetch_as(MembershipEnded, _TAKE_ENDED, clock.now())
        for fact in over:
            await outbox.announce(fact)
    return len(over)


_TAKE_ENDED = """
UPDATE membership SET end_announced_at = $1
WHERE id IN (SELECT id FROM membership WHERE end_announced_at IS NULL AND ends_at <= $1
             ORDER BY ends_at LIMIT 500 FOR UPDATE SKIP LOCKED)
RETURNING id AS membership_id, holder AS person_id
"""


async def _entitle(membership: Membership) -> None:
    """Everything the plan includes at the start. Benefits added later come through `plan_benefits`."""
    promised = await database.fetch_as(
        _Promised, _PROMISED, membership.plan, membership.starts_at, membership.ends_at, membership.variant
    )
    held = [
        Entitlement(
            id=ids.new(),
            membership=membership.id,
            person=membership.holder,
            benefit=one.benefit,
            from_at=one.from_at,
            until_at=_earlier(one.until_at, membership.ends_at),
            because_of=membership.source,
        )
        for one in promised
    ]
    if held:
        await Entitlement.insert(*held)


class _Promised(NamedTuple):
    benefit: UUID
    from_at: datetime
    until_at: datetime | None


_PROMISED = """
SELECT benefit, GREATEST(from_at, $2) AS from_at, until_at FROM plan_benefit
WHERE plan = $1 AND (until_at IS NULL OR until_at > GREATEST($2, from_at))
  AND ($3::timestamptz IS NULL OR from_at < $3)
  AND NOT EXISTS (SELECT FROM plan_variant v WHERE v.id = $4 AND plan_benefit.benefit = ANY (v.without))
UNION ALL SELECT benefit, $2, NULL FROM plan_variant WHERE id = $4 AND ($3::timestamptz IS NULL OR $3 > $2)
"""


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((edge for edge in (one, other) if edge is not None), default=None)

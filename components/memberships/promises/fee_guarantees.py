"""The fee guarantee: what a payer has not saved by the end of a term becomes store credit, once.

A term is what was paid for until the next renewal; what a change of plan adds to it belongs to it. The promise is the
one of the plan at the moment of the payment.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from components.foundation import clock, database, formatting, ids, outbox
from components.foundation.languages import language
from components.foundation.operations import one_by_one
from components.ledger import credit
from components.memberships.facts import GuaranteeSettled
from components.memberships.promises.tables import FeeGuarantee, GuaranteedFee
from components.memberships.tables import PaidPeriod, PlanVersion
from components.payments import disputes

WAIT = timedelta(days=1)
"""After the end of a term: the orders of its last hours are paid and reported by then."""
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """One guaranteed term as it stands. `fee` is what counts of it, `shortfall` what would become credit now."""

    id: UUID
    person: UUID
    plan: UUID
    starts_at: datetime
    until_at: datetime
    fee: int
    saved: int
    settled_at: datetime | None = None
    given: int = 0

    @property
    def shortfall(self) -> int:
        return max(0, self.fee - max(0, self.saved))


async def promise_period(period: PaidPeriod, *, payer: UUID, is_change: bool, credit: int = 0) -> None:
    """Within the transaction that stores the period. `is_change`: it goes on from one that was still running.
    `credit` is what store credit paid of it."""
    plan_id = await _guaranteed_plan(period.plan_version)
    paid = period.amount + credit
    if plan_id is None or paid <= 0 or period.is_opening:
        return
    running = await _running(period.subscription) if is_change else None
    if running is None:
        await _begin(
            payer, plan_id, period.subscription, period.starts_at, period.ends_at, period.currency,
            period.invoice, paid,
        )  # fmt: skip
        return
    await running.update_self(
        {FeeGuarantee.plan: plan_id, FeeGuarantee.until_at: max(running.until_at, period.ends_at)}
    )
    await _add(running.id, period.invoice, paid)


async def promise_term(
    term_id: UUID, *, payer: UUID, version_id: UUID, starts_at: datetime, ends_at: datetime | None, amount: int,
    currency: str,
) -> None:  # fmt: skip
    """Within the transaction that begins it. What is held for life has no end at which to add up."""
    plan_id = await _guaranteed_plan(version_id)
    if plan_id is not None and ends_at is not None and amount > 0:
        await _begin(payer, plan_id, term_id, starts_at, ends_at, currency, str(term_id), amount)


async def settle_due() -> None:
    """Scheduled: every term that has been over for a day, once. One that a bank still disputes waits, and nobody
    behind it."""
    over = await database.fetch_as(_Over, _OVER, clock.now() - WAIT)
    await one_by_one.each(over, lambda one: settle(one.id, over_at=one.over_at), what="fee guarantee")


class _Over(NamedTuple):
    id: UUID
    over_at: datetime


async def settle(guarantee_id: UUID, *, over_at: datetime) -> None:
    """May run twice, and in two processes: the row is locked, and the credit has a cause of its own."""
    async with database.transaction():
        kept = await database.locked(FeeGuarantee, FeeGuarantee.id == guarantee_id)
        if kept is None or kept.settled_at:
            return
        lost = await _lost(kept)
        if lost is None:
            return
        fee, refunded, saved = await _sums(kept, over_at)
        counted = max(0, min(_share(kept, fee, over_at, await _paused(kept, over_at)), fee - refunded - lost))
        given = max(0, counted - max(0, saved))
        if given:
            await credit.grant(
                kept.person, given, cause=f"guarantee:{kept.id}", words=_words(kept.starts_at, over_at),
                expires_at=None, because_of=kept.id,
            )  # fmt: skip
        why = "given" if given else "saved" if counted else "refunded"
        await kept.update_self(
            {FeeGuarantee.over_at: over_at, FeeGuarantee.settled_at: clock.now(), FeeGuarantee.fee: counted,
             FeeGuarantee.saved: saved, FeeGuarantee.given: given, FeeGuarantee.why: why}
        )  # fmt: skip
        await outbox.announce(GuaranteeSettled(kept.id))


async def forget(person_id: UUID) -> None:
    """Erased: nobody is left to spend it. May run twice."""
    is_open = (FeeGuarantee.person == person_id) & FeeGuarantee.settled_at.is_null()
    await FeeGuarantee.update(
        {FeeGuarantee.settled_at: clock.now(), FeeGuarantee.fee: 0, FeeGuarantee.saved: 0, FeeGuarantee.given: 0,
         FeeGuarantee.why: "erased"}
    ).where(is_open)  # fmt: skip


async def by_id(guarantee_id: UUID) -> FeeGuarantee | None:
    return await FeeGuarantee.objects().where(FeeGuarantee.id == guarantee_id).first()


async def of_person(person_id: UUID) -> list[Standing]:
    """Newest first: settled as it was, an open one as it would be settled now."""
    return await database.fetch_as(Standing, f"{_STANDING} WHERE g.person = $2", clock.now(), person_id)


async def owed() -> int:
    """What all open terms would become in credit if they were over now; minor units."""
    return sum(one.shortfall for one in await open_ones())


async def open_ones() -> list[Standing]:
    return await database.fetch_as(Standing, f"{_STANDING} WHERE g.settled_at IS NULL", clock.now())


async def every(*, since: datetime) -> list[Standing]:
    """The open ones, and those settled since then."""
    asked = f"{_STANDING} WHERE g.settled_at IS NULL OR g.settled_at >= $2"
    return await database.fetch_as(Standing, asked, clock.now(), since)


async def _guaranteed_plan(version_id: UUID) -> UUID | None:
    found = await PlanVersion.select(PlanVersion.plan, PlanVersion.plan.guarantees_fee).where(
        PlanVersion.id == version_id
    )
    return found[0]["plan"] if found and found[0]["plan.guarantees_fee"] else None


async def _running(source_id: UUID) -> FeeGuarantee | None:
    is_open = (FeeGuarantee.source_id == source_id) & FeeGuarantee.settled_at.is_null()
    return await FeeGuarantee.objects().where(is_open).order_by(FeeGuarantee.starts_at, ascending=False).first()


async def _begin(
    person_id: UUID, plan_id: UUID, source_id: UUID, starts_at: datetime, until_at: datetime, currency: str,
    payment: str, amount: int,
) -> None:  # fmt: skip
    guarantee = FeeGuarantee(
        id=ids.new(), person=person_id, plan=plan_id, source_id=source_id, starts_at=starts_at, until_at=until_at,
        currency=currency,
    )  # fmt: skip
    await FeeGuarantee.insert(guarantee)
    await _add(guarantee.id, payment, amount)


async def _add(guarantee_id: UUID, payment: str, amount: int) -> None:
    await GuaranteedFee.insert(GuaranteedFee(id=ids.new(), guarantee=guarantee_id, payment=payment, amount=amount))


async def _lost(kept: FeeGuarantee) -> int | None:
    """What banks have taken back of its payments; None while one of them is undecided."""
    payments = await GuaranteedFee.select(GuaranteedFee.payment).where(GuaranteedFee.guarantee == kept.id)
    known = {one["payment"] for one in payments}
    every = await disputes.of_reference(kept.source_id)
    found = [one for one in every if (one.invoice or str(kept.source_id)) in known]
    return None if any(one.is_open for one in found) else sum(one.amount for one in found if one.status == "lost")


async def _sums(kept: FeeGuarantee, over_at: datetime) -> tuple[int, int, int]:
    asked = f"SELECT {_FEE}, {_REFUNDED}, {_SAVED} FROM fee_guarantee g WHERE g.id = $2"
    ((fee, refunded, saved),) = await database.fetch_rows(asked, over_at, kept.id)
    return int(fee), int(refunded), int(saved)


async def _paused(kept: FeeGuarantee, over_at: datetime) -> timedelta:
    found = await database.fetch_value(_PAUSED, kept.source_id, kept.starts_at, over_at)
    return timedelta(seconds=float(found))


def _share(kept: FeeGuarantee, fee: int, over_at: datetime, paused: timedelta) -> int:
    """The whole fee, or of a term that ended early the part for the time that was had; rounded down."""
    agreed, had = kept.until_at - kept.starts_at, max(timedelta(0), over_at - kept.starts_at - paused)
    return fee if had >= agreed - timedelta(minutes=1) else int(fee * (had // SECOND) // (agreed // SECOND))


def _words(starts_at: datetime, over_at: datetime) -> str:
    """Kept in English, to be said in any language."""
    with language.speaking(language.STAFF):
        return f"Fee guarantee, for {formatting.day(starts_at)} to {formatting.day(over_at)}"


_FEE = "(SELECT coalesce(sum(f.amount), 0)::bigint FROM guaranteed_fee f WHERE f.guarantee = g.id)"
_REFUNDED = """((SELECT coalesce(sum(r.amount + r.credit), 0) FROM fee_refund r
    JOIN guaranteed_fee f ON f.payment = r.invoice WHERE f.guarantee = g.id AND r.status <> 'failed')
  + (SELECT coalesce(sum(r.amount), 0) FROM paid_once_refund r
    WHERE r.term = g.source_id AND r.status <> 'failed'))::bigint"""
_SAVED = """(SELECT coalesce(sum(u.regular - u.paid), 0)::bigint FROM benefit_use u
    WHERE u.person = g.person AND u.currency = g.currency AND (SELECT min(o.at) FROM benefit_use o
      WHERE o.person = u.person AND coalesce(o.order_id, o.id) = coalesce(u.order_id, u.id)) >= g.starts_at
      AND (SELECT min(o.at) FROM benefit_use o
      WHERE o.person = u.person AND coalesce(o.order_id, o.id) = coalesce(u.order_id, u.id)) < $1)"""
"""What was saved by orders of the term, less what came back of them since, whenever that was."""

_STANDING = f"""
SELECT g.id, g.person, g.plan, g.starts_at, coalesce(g.over_at, g.until_at) AS until_at, g.settled_at,
  coalesce(g.fee, greatest(0, {_FEE} - {_REFUNDED})) AS fee, coalesce(g.saved, {_SAVED}) AS saved,
  coalesce(g.given, 0) AS given
FROM (SELECT * FROM fee_guarantee ORDER BY starts_at DESC) g
"""

# The next period, unless it belongs to this term; the end of the subscription; a renewal that failed; a term's end.
_OVER = """
SELECT id, over_at FROM (SELECT g.id, LEAST(
    (SELECT min(p.starts_at) FROM paid_period p WHERE p.subscription = g.source_id AND p.starts_at > g.starts_at
      AND NOT EXISTS (SELECT FROM guaranteed_fee f WHERE f.guarantee = g.id AND f.payment = p.invoice)),
    (SELECT s.ended_at FROM subscription s WHERE s.id = g.source_id AND s.status IN ('cancelled', 'lapsed')),
    (SELECT s.past_due_since FROM subscription s WHERE s.id = g.source_id AND s.status IN ('past_due', 'unpaid')
      AND s.past_due_since > g.starts_at),
    (SELECT max(m.ends_at) FROM membership m WHERE m.source_id = g.source_id AND m.source = 'term')
  ) AS over_at FROM fee_guarantee g WHERE g.settled_at IS NULL) found
WHERE over_at <= $1 ORDER BY over_at
"""
_PAUSED = """
SELECT coalesce(sum(extract(epoch FROM LEAST(coalesce(ended_at, $3), $3) - GREATEST(begun_at, $2))), 0)
FROM pause WHERE subscription = $1 AND begun_at < $3 AND coalesce(ended_at, $3) > $2
"""

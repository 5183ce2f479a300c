"""The fee guarantee: what a payer has not saved by the end of a term becomes store credit, once.

A term is what was paid for until the next renewal; what a change of plan adds to it belongs to it. The promise is the
one of the plan at the moment of the payment.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from components.foundation import clock, database, formatting, ids, outbox
from components.foundation.languages import language
from components.foundation.operations import one_by_one
from components.ledger import credit
from components.memberships.facts import GuaranteeSettled
from components.memberships.promises import guarantee_sums
from components.memberships.promises.tables import FeeGuarantee, GuaranteedFee
from components.memberships.tables import PaidPeriod, PlanVersion
from components.payments import disputes

WAIT = timedelta(days=1)
"""After the end of a term: the orders of its last hours are paid and reported by then."""


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
        ((fee, refunded, saved, paused),) = await database.fetch_rows(_SUMS, over_at, kept.id)
        share = guarantee_sums.share(
            int(fee), starts_at=kept.starts_at, until_at=kept.until_at, over_at=over_at, paused=paused
        )
        counted = max(0, min(share, int(fee) - int(refunded) - lost))
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


def _words(starts_at: datetime, over_at: datetime) -> str:
    """Kept in English, to be said in any language."""
    with language.speaking(language.STAFF):
        return f"Fee guarantee, for {formatting.day(starts_at)} to {formatting.day(over_at)}"


# What has been over for a day, the earliest first.
_OVER = f"""
SELECT id, over_at FROM (SELECT g.id, {guarantee_sums.OVER_AT} AS over_at
  FROM fee_guarantee g WHERE g.settled_at IS NULL) found
WHERE over_at <= $1 ORDER BY over_at
"""
_SUMS = f"""
SELECT {guarantee_sums.FEE}, {guarantee_sums.REFUNDED}, {guarantee_sums.SAVED.format(until="$1")},
  {guarantee_sums.PAUSED.format(until="$1")} FROM fee_guarantee g WHERE g.id = $2
"""

"""A fee with tax becomes one without, or with it again, from the next renewal on: told at once, to Stripe in time.

The payer gave their VAT number or took it out, moved to another country, or the shop's own number or rules changed:
`reverse_charges` says what the coming renewal is. The period that is paid for stays as it was paid.
"""

from datetime import timedelta
from uuid import UUID

import structlog

from components.foundation import clock, database, ids, outbox
from components.foundation.operations import one_by_one
from components.foundation.refusals import Refusal
from components.memberships.billing import coming_price, subscriptions
from components.memberships.billing.tables import FeeTaxMove
from components.memberships.facts import FeeTaxMoved
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.tables import Subscription
from components.payments import plan_prices, running_subscriptions, subscription_changes
from components.payments.billing_requests import billing_requests
from components.people.facts import InvoiceAddressChanged
from components.people.invoicing import invoice_addresses

log = structlog.get_logger()
AHEAD = timedelta(hours=24)
"""The price of the next period is set on the last day of the previous one."""
MAY_MOVE = ("active", "past_due", "trialing", "paused")


async def follow_address(fact: InvoiceAddressChanged) -> None:
    """May run twice."""
    kept = await subscriptions.running(fact.person_id)
    if kept is not None:
        await _follow(kept.id)


async def follow_all() -> None:
    """Scheduled: whoever is told by nobody else, of a changed setting, and the prices of those who renew within the
    day."""
    found = await database.fetch_values(_MAY_DIFFER, list(MAY_MOVE), await invoice_addresses.with_numbers())
    await one_by_one.each(found, _follow, what="subscription with or without tax")


_MAY_DIFFER = """
SELECT s.id FROM subscription s JOIN plan_version v ON v.id = s.plan_version
WHERE s.status = ANY($1) AND s.cancel_at IS NULL AND (v.net_of IS NOT NULL OR s.payer = ANY($2)
  OR s.id IN (SELECT subscription FROM (SELECT DISTINCT ON (subscription) subscription, moved_at FROM fee_tax_move
    ORDER BY subscription, told_at DESC, id DESC) last WHERE moved_at IS NULL))
"""


async def by_id(move_id: UUID) -> FeeTaxMove | None:
    return await FeeTaxMove.objects().where(FeeTaxMove.id == move_id).first()


async def _follow(subscription_id: UUID) -> None:
    try:
        await _tell(subscription_id)
        await _move(await subscriptions.by_id(subscription_id))
    except Refusal as refusal:
        log.warning("a fee's tax could not be moved", subscription=str(subscription_id), words=str(refusal))


async def _tell(subscription_id: UUID) -> None:
    """Once for each time that it becomes another one than was last told."""
    coming = await coming_price.of_renewal(await subscriptions.by_id(subscription_id))
    async with database.transaction():
        kept = await database.locked(Subscription, Subscription.id == subscription_id)
        if kept is None or not _will_renew(kept):
            return
        last = await _last(kept.id)
        told = last.is_net if last else plan_catalogue.by_version(kept.plan_version).is_net
        if told == coming.is_net:
            return
        move = FeeTaxMove(
            id=ids.new(), subscription=kept.id, is_net=coming.is_net, told_at=clock.now(),
            renews_at=kept.current_period_end, from_version=kept.plan_version,
        )  # fmt: skip
        await FeeTaxMove.insert(move)
        await outbox.announce(FeeTaxMoved(move.id, kept.id))


def _will_renew(kept: Subscription) -> bool:
    """Not while its period is over: then Stripe has renewed it, and has not said yet at which price."""
    if kept.status not in MAY_MOVE or kept.cancel_at:
        return False
    return bool(kept.current_period_end and kept.current_period_end > clock.now())


async def _last(subscription_id: UUID) -> FeeTaxMove | None:
    its = FeeTaxMove.objects().where(FeeTaxMove.subscription == subscription_id)
    return await its.order_by(FeeTaxMove.told_at, FeeTaxMove.id, ascending=False).first()


async def _move(kept: Subscription) -> None:
    """Shortly before the renewal; a planned change and an announced price are told by those. The same key asks for the
    same change, however often it is tried; after a refusal it is asked anew."""
    last = await _last(kept.id)
    if last is None or last.moved_at or not _will_renew(kept) or kept.current_period_end - AHEAD > clock.now():
        return
    coming, seen = await coming_price.of_renewal(kept), await running_subscriptions.mirrored(kept.id)
    billed = await plan_prices.version_of(seen.price) if seen is not None else None
    if billed is None or not reverse_charges.is_same_price(billed, coming.version_id):
        return
    if billed != coming.version_id:
        price = await subscriptions.price_of(coming)
        key = await billing_requests.anew(f"fee-tax:{last.id}")
        await subscription_changes.take_price_from_renewal(kept.id, price, key=key)
    await FeeTaxMove.update({FeeTaxMove.moved_at: clock.now()}).where(FeeTaxMove.id == last.id)
    await subscriptions.apply(kept.id)

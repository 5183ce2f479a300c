"""Rules about checkout sessions, customers and prices: what is referred to is there, and what is over is closed."""

from uuid import UUID

from components.foundation import database
from components.payments import references, stripe_connection
from components.payments.checkout_sessions import pages
from components.payments.differences.difference_rules import SETTLING, AtStripe, DifferenceRule, Found
from components.payments.ownership import is_ours
from components.payments.payment_refusals import OutcomeUnknown
from components.payments.stripe_calls import stripe_lists
from components.payments.stripe_calls.stripe_values import uuid_in
from components.payments.tables import CheckoutSession, MirroredSubscription

CUSTOMERS_A_RUN = 100


async def page_overdue(seen: AtStripe) -> list[Found]:
    page = CheckoutSession
    is_overdue = page.status.is_in(["creating", "open"]) & (page.expires_at < seen.at - SETTLING)
    return [
        Found(
            str(row.id),
            f"{row.status} since {row.created_at:%Y-%m-%d %H:%M}",
            f"was to end {row.expires_at:%Y-%m-%d %H:%M}",
        )
        for row in await page.objects().where(is_overdue)
    ]


async def close_page(subject: str) -> str:
    page = await pages.by_id(UUID(subject))
    if page is None:
        return "There is no such checkout session any more."
    try:
        page = await pages.sync(page)
        page = await pages.expire(page) if page.is_open else page
    except OutcomeUnknown:
        return "The bank has not answered about its card yet. Please try again in a minute."
    return (
        "It had been paid, and is recorded as paid now." if page.is_paid else "It is closed and can’t be paid any more."
    )


_CUSTOMERS = """
SELECT stripe_id FROM payment_reference WHERE kind = $1 AND since < $2
ORDER BY md5(stripe_id || $3::text) LIMIT $4
"""


async def customer_deleted(seen: AtStripe) -> list[Found]:
    """A hundred customers a run, other ones each day."""
    day = f"{seen.at:%Y-%m-%d}"
    kind = f"customer@{stripe_connection.mode()}"
    known = await database.fetch_values(_CUSTOMERS, kind, seen.at - SETTLING, day, CUSTOMERS_A_RUN)
    return [Found(one, "known", "deleted") for one in known if not await stripe_lists.has_customer(one)]


async def forget_customer(subject: str) -> str:
    if await stripe_lists.has_customer(subject):
        return "Stripe has this customer after all. Nothing was changed."
    await references.remove(subject)
    return "Forgotten. The person gets a new customer at Stripe with their next purchase."


async def price_unknown(seen: AtStripe) -> list[Found]:
    """A running subscription bills a price that belongs to no plan here, so its plan cannot be known."""
    running = MirroredSubscription.status.not_in(["cancelled", "incomplete_expired"])
    rows = await MirroredSubscription.objects().where(running)
    payers = {row.price: row.local_id for row in rows if seen.is_settled(row.started_at)}
    return [
        Found(price, "belongs to no plan", "billed", one_of_them)
        for price, one_of_them in sorted(payers.items())
        if await references.local_id_of(price) is None
    ]


async def name_price(subject: str) -> str:
    metadata = await stripe_lists.price_metadata(subject)
    version = uuid_in(metadata, "plan_version") if metadata and is_ours(metadata) else None
    if version is None:
        return "Stripe doesn’t say which plan this price is for. Change the subscription’s plan in Stripe, or end it."
    stored = await references.store("price", version, subject)
    if stored != subject:
        return "The plan has another price at Stripe by now. Move the subscription to it in Stripe."
    return "Recorded: the price belongs to its plan again."


REFERENCE_RULES = (
    DifferenceRule("page_overdue", "A checkout session is open past its time", "Close it", page_overdue, close_page),
    DifferenceRule(
        "customer_deleted", "A customer was deleted at Stripe", "Forget it", customer_deleted, forget_customer
    ),
    DifferenceRule(
        "price_unknown", "Stripe bills a price that belongs to no plan", "Find its plan", price_unknown, name_price
    ),
)

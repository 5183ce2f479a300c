"""Products that are bought together: counted each night, product by product, and read by every page.

The measure is the cosine of two products over orders, also called Ochiai coefficient (A. Ochiai 1957; as "item-based
collaborative filtering" B. Sarwar, G. Karypis, J. Konstan, J. Riedl, WWW 2001; G. Linden, B. Smith, J. York, IEEE
Internet Computing 7/1, 2003):

    score(a, b) = n(a and b) / sqrt(n(a) * n(b))

where n counts paid orders of the last `DAYS` days. It is between 0 and 1, the same both ways, and a product that
everybody buys does not win by that alone. Of a product in more than `MOST_ORDERS` orders the latest are looked at: then
n(a and b) is estimated by their share of n(a).

A pair needs `LEAST_BUYERS` different buyers, so that chance does not make one and no pair says what one person bought.
A buyer is an e-mail address: that of the account, or else what a guest typed. Whoever was erased has none and is no
buyer any more, however many orders are left of them. Orders count whatever became of them since (returned, refunded);
free gifts do not.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database
from components.foundation.database import any_of
from components.foundation.database.notifications import listener
from components.foundation.operations import one_by_one
from components.recommendations.tables import ProductPair, SoldProduct

DAYS, KEPT_DAYS = 365, 3
MOST_ORDERS = 20_000
LEAST_BUYERS = 3
KEPT_EACH = 24
LOT = 500
KEPT_IN_MEMORY = 5_000
CHANNEL = "product_pairs"
_known: OrderedDict[UUID, tuple[UUID, ...]] = OrderedDict()


class _Ears:
    are_open = False
    waiting = asyncio.Lock()


async def start() -> None:
    """Forget what this process knows whenever pairs were counted anew."""
    if not _Ears.are_open:
        listener.on(CHANNEL, _heard, after_a_gap=forget)
        _Ears.are_open = True
    await forget()


async def forget() -> None:
    _known.clear()


async def _heard(_payload: str) -> None:
    await forget()


async def count_all() -> None:
    """Scheduled. First in how many orders each product was, then its pairs; each product is a transaction of its own,
    and one that fails keeps its pairs of before for `KEPT_DAYS`."""
    now = clock.now()
    since = now - timedelta(days=DAYS)

    async def lot(after: UUID | None) -> Sequence[UUID]:
        return await database.fetch_values(_SOLD, since, now, after, LOT)

    async def count(product: UUID) -> None:
        await database.execute(_COUNT, product, since, now)

    async def pair(product: UUID) -> None:
        async with database.transaction():
            await ProductPair.delete().where(ProductPair.product == product)
            await database.execute(_PAIR, product, since, now, MOST_ORDERS, LEAST_BUYERS, KEPT_EACH)

    try:
        await one_by_one.each_in_lots(lot, count, what="orders of a product")
        await one_by_one.each_in_lots(lot, pair, what="pairs of a product")
    finally:
        await database.execute(_DROP_PAIRS, now - timedelta(days=KEPT_DAYS))
        await SoldProduct.delete().where(SoldProduct.counted_at <= now - timedelta(days=KEPT_DAYS))
        await forget()
        await database.notify(CHANNEL, "")


async def others(product: UUID) -> tuple[UUID, ...]:
    """What is bought with it, best first. Read once by each process, until pairs are counted anew."""
    (found,) = await others_of([product])
    return found


async def others_of(products: Sequence[UUID]) -> list[tuple[UUID, ...]]:
    """The same for each of several, in one statement at most."""
    unknown = [product for product in products if product not in _known]
    if unknown:
        read: dict[UUID, list[UUID]] = {product: [] for product in unknown}
        one = ProductPair
        pairs = one.select(one.product, one.other).where(any_of(one.product, unknown))
        for row in await pairs.order_by(one.product).order_by(one.score, ascending=False).order_by(one.other):
            read[row["product"]].append(row["other"])
        for product, found in read.items():
            _known[product] = tuple(found)
    found_now = [_known.get(product, ()) for product in products]
    while len(_known) > KEPT_IN_MEMORY:
        _known.popitem(last=False)
    return found_now


async def last_counted() -> datetime | None:
    newest = SoldProduct.select(SoldProduct.counted_at).order_by(SoldProduct.counted_at, ascending=False)
    row = await newest.first()
    return row["counted_at"] if row else None


_SOLD = """
SELECT p.id FROM recommendations_products p
WHERE ($3::uuid IS NULL OR p.id > $3) AND EXISTS (
  SELECT FROM recommendations_order_lines l WHERE l.product_id = p.id AND l.paid_at > $1 AND l.paid_at <= $2)
ORDER BY p.id LIMIT $4"""
_COUNT = """
INSERT INTO sold_product (product, orders, counted_at)
SELECT $1, count(DISTINCT l.order_id), $3 FROM recommendations_order_lines l
WHERE l.product_id = $1 AND l.paid_at > $2 AND l.paid_at <= $3 HAVING count(*) > 0
ON CONFLICT (product) DO UPDATE SET orders = EXCLUDED.orders, counted_at = EXCLUDED.counted_at"""
_BUYER = "CASE WHEN l.person IS NULL THEN l.email ELSE p.email END"
_PAIR = f"""
WITH mine AS MATERIALIZED (
  SELECT order_id FROM recommendations_order_lines WHERE product_id = $1 AND paid_at > $2 AND paid_at <= $3
  GROUP BY order_id, paid_at ORDER BY paid_at DESC, order_id LIMIT $4),
beside AS (
  SELECT l.product_id, count(DISTINCT l.order_id) AS together, count(DISTINCT {_BUYER}) AS buyers
  FROM mine JOIN recommendations_order_lines l ON l.order_id = mine.order_id
  LEFT JOIN recommendations_people p ON p.id = l.person AND p.erased_at IS NULL
  WHERE l.product_id <> $1 GROUP BY l.product_id HAVING count(DISTINCT {_BUYER}) >= $5)
INSERT INTO product_pair (id, product, other, together, buyers, score)
SELECT gen_random_uuid(), $1, b.product_id, b.together, b.buyers,
  b.together / (SELECT count(*) FROM mine)::float8 * sqrt(a.orders::float8 / o.orders) AS score
FROM beside b JOIN sold_product a ON a.product = $1 JOIN sold_product o ON o.product = b.product_id
ORDER BY score DESC, b.product_id LIMIT $6"""
_DROP_PAIRS = """
DELETE FROM product_pair p WHERE NOT EXISTS (
  SELECT FROM sold_product s WHERE s.product = p.product AND s.counted_at > $1)"""

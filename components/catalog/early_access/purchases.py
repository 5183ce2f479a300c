"""Units bought before general sale: the rows behind a variant's `early_taken`, and the counts of each member.

The variant's own row limits how many are sold early in all (see `stock`); one row per member and product limits how
many a member may buy. Rows are always locked in this order: the order's, the variants' by id, the members'.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from components.catalog.catalog_refusals import EarlyLimitReached, NotOpenYet
from components.catalog.tables import EarlyCount, EarlyUnits, Variant
from components.foundation import clock, database, ids
from components.people.facts import PersonErased


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyBuyer:
    """`most` names the products open early to the buyer, with their limit (None: no limit).

    `presents` are free units by variant: they use up the quota but do not count towards the member's limit.
    """

    person_id: UUID
    most: Mapping[UUID, int | None]
    presents: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EarlyPurchase:
    """Units of a variant that an order takes early; `title` and `public_from` are those of its product."""

    variant_id: UUID
    product_id: UUID
    title: str
    public_from: datetime
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedUnits:
    """A number of early units of a product that count, or used to count, for a member."""

    product: UUID
    person: UUID | None
    counted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedUnits(CountedUnits):
    """Early units of a variant that an order had and no longer has."""

    variant: UUID
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetakenUnits(ReturnedUnits):
    """Early units that an order returned and then took again; `title` and `public_from` are the product's."""

    most: int | None
    title: str
    public_from: datetime


_GIVE_BACK = """
UPDATE early_units u SET returned = u.quantity, refunded = u.bought
FROM (SELECT id, quantity - returned AS units, bought - refunded AS counted FROM early_units
      WHERE because_of = $1 AND variant = ANY($2) ORDER BY variant FOR UPDATE) was
WHERE u.id = was.id RETURNING u.variant, u.product, u.person, was.units, was.counted"""

_AGAIN = """
UPDATE early_units u SET returned = 0, refunded = 0 FROM product p
WHERE u.because_of = $1 AND u.variant = ANY($2) AND u.returned = u.quantity
  AND p.id = u.product AND p.public_from > $3
RETURNING u.variant, u.product, u.person, u.quantity AS units, u.bought AS counted, u.most, p.title, p.public_from"""

_RETURN = """
UPDATE early_units u SET returned = least(u.quantity, u.returned + $3) FROM (
  SELECT e.id, e.returned FROM early_units e JOIN product p ON p.id = e.product
  WHERE e.because_of = $1 AND e.variant = $2 AND p.public_from > $4 FOR UPDATE OF e) was
WHERE u.id = was.id RETURNING u.returned - was.returned AS units"""

_REFUND = """
UPDATE early_units u SET refunded = least(u.bought, u.refunded + $3) FROM (
  SELECT id, refunded FROM early_units WHERE because_of = $1 AND variant = $2 FOR UPDATE) was
WHERE u.id = was.id RETURNING u.product, u.person, u.refunded - was.refunded AS counted"""

_COUNT = """
INSERT INTO early_count (id, person, product, units)
SELECT $1, $2, $3, $4::int WHERE $5::int IS NULL OR $4 <= $5
ON CONFLICT (person, product) DO UPDATE SET units = early_count.units + excluded.units
WHERE $5::int IS NULL OR early_count.units + excluded.units <= $5
RETURNING units"""


async def record(taken: Iterable[EarlyPurchase], *, because_of: UUID, buyer: EarlyBuyer | None) -> None:
    """Record the units an order has taken early. Raises `NotOpenYet`, and `EarlyLimitReached` above the member's limit.

    The caller holds the transaction and has counted the units at their variants.
    """
    at, own, by_product = clock.now(), Counter[UUID](), {}
    for one in taken:
        if buyer is None or one.product_id not in buyer.most:
            raise NotOpenYet(one.title)
        bought = one.quantity - min(one.quantity, buyer.presents.get(one.variant_id, 0))
        own[one.product_id] += bought
        by_product[one.product_id] = one
        await EarlyUnits.insert(
            EarlyUnits(
                id=ids.new(), variant=one.variant_id, product=one.product_id, person=buyer.person_id,
                because_of=because_of, quantity=one.quantity, bought=bought, most=buyer.most[one.product_id], at=at,
            )
        )  # fmt: skip
    for product_id in sorted(own):
        assert buyer is not None
        one, most = by_product[product_id], buyer.most[product_id]
        await _count(buyer.person_id, product_id, own[product_id], most, one.title, one.public_from)


async def _count(person_id: UUID, product_id: UUID, units: int, most: int | None, title: str, until: datetime) -> None:
    """One conditional statement, so that concurrent orders of one member cannot exceed the limit together."""
    if units == 0:
        return
    if await database.fetch_value(_COUNT, ids.new(), person_id, product_id, units, most) is None:
        raise EarlyLimitReached(title, most or 0, until)


async def release(because_of: UUID, variants: Collection[UUID]) -> list[ReturnedUnits]:
    """Release the early units of these variants and return them. The caller subtracts them from the variants, then
    calls `uncount` with them."""
    return await database.fetch_as(ReturnedUnits, _GIVE_BACK, because_of, list(variants)) if variants else []


async def record_again(because_of: UUID, variants: Collection[UUID]) -> list[RetakenUnits]:
    """Take early units of these variants again after a release; nothing once the product is on general sale.

    The caller adds them to the variants, then calls `recount` with them.
    """
    if not variants:
        return []
    return await database.fetch_as(RetakenUnits, _AGAIN, because_of, list(variants), clock.now())


async def uncount(rows: Iterable[CountedUnits]) -> None:
    for row in sorted(rows, key=lambda row: row.product):
        if row.counted and row.person is not None:
            await EarlyCount.update(units=EarlyCount.units - row.counted).where(
                EarlyCount.person == row.person, EarlyCount.product == row.product
            )


async def recount(rows: Iterable[RetakenUnits]) -> None:
    """Raises `EarlyLimitReached` when the member has bought others in the meantime."""
    for row in sorted(rows, key=lambda row: row.product):
        if row.person is not None:
            await _count(row.person, row.product, row.counted, row.most, row.title, row.public_from)


async def reverse(because_of: UUID, units: Mapping[UUID, int]) -> None:
    """Return restocked units, by variant, to the early access quota while early access lasts."""
    for variant_id in sorted(units):
        back = await database.fetch_value(_RETURN, because_of, variant_id, units[variant_id], clock.now())
        if back:
            await Variant.update(early_taken=Variant.early_taken - back).where(Variant.id == variant_id)


async def refund(because_of: UUID, units: Mapping[UUID, int]) -> None:
    """Refunded units, by variant, no longer count for the member, whether or not they were restocked."""
    back = [
        row
        for variant_id in sorted(units)
        for row in await database.fetch_as(CountedUnits, _REFUND, because_of, variant_id, units[variant_id])
    ]
    await uncount(back)


async def refund_all(because_of: UUID) -> None:
    """The whole order was refunded."""
    rows = await EarlyUnits.select(EarlyUnits.variant, EarlyUnits.bought).where(EarlyUnits.because_of == because_of)
    await refund(because_of, {row["variant"]: row["bought"] for row in rows})


async def forget_person(fact: PersonErased) -> None:
    """The units stay counted at their variants, without the person."""
    async with database.transaction():
        await EarlyUnits.update(person=None).where(EarlyUnits.person == fact.person_id)
        await EarlyCount.delete().where(EarlyCount.person == fact.person_id)

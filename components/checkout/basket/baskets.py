"""Baskets: what somebody intends to buy. Only variants and quantities are stored; prices are worked out on each
view."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from components.catalog import visibility
from components.catalog.early_access import counts
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView, VariantView
from components.catalog.visibility import Access, Availability
from components.checkout.basket import basket_contents as lying
from components.checkout.basket import basket_rows as rows
from components.checkout.basket import unit_limits
from components.checkout.basket.basket_contents import BasketContents
from components.checkout.basket.unit_limits import MOST, LimitReason, UnitLimit
from components.checkout.tables import Basket
from components.foundation import clock, database, ids
from components.foundation.database import Query, transaction
from components.foundation.languages.words import N_, _, n_
from components.foundation.refusals import Refusal
from components.people.facts import PersonErased

KEPT = timedelta(days=60)
MERGED = N_("Your basket was joined with the one in your account. Please check it and try again.")


class NotOnSale(Refusal):
    message = N_("This isn’t available at the moment.")


class SoldOut(Refusal):
    message = N_("This has just sold out.")


class TooFew(Refusal):
    def __init__(self, left: int) -> None:
        super().__init__(
            n_(
                "Only %(num)s left, and it is already in your basket.",
                "Only %(num)s left, and they are already in your basket.",
                left,
            )
        )


class NoMoreEarly(Refusal):
    """No more units before general sale, in all or for this member; the message says which, and until when."""


@dataclass(frozen=True, slots=True)
class OfferedVariant:
    product: ProductView
    variant: VariantView
    seen: Availability


@dataclass(frozen=True, slots=True)
class Added:
    """`token` is the browser's; `quantity` of the variant now in the basket; `words` when it is fewer than
    requested."""

    token: str
    quantity: int
    words: str = ""


_UNITS = """
SELECT to_json(coalesce(sum(l.quantity), 0)) FROM basket_token t
LEFT JOIN basket_line l ON l.basket = t.basket WHERE t.digest = $1 GROUP BY t.basket"""


def query(token: str) -> Query[int | None]:
    """The number of units in the browser's basket; None when there is no such basket."""
    return Query(
        _UNITS,
        (ids.digest(token),),
        lambda found: None if found is None else int(found),
        ("bytea",),
    )


async def add(
    token: str | None, variant_id: UUID, *, quantity: int = 1, person_id: UUID | None = None, access: Access
) -> Added:
    """Put units in the basket, creating one if needed.

    Raises `NotOnSale`, `SoldOut`, `TooFew`, and `NoMoreEarly` before general sale.
    """
    offered = _offered(variant_id, access)
    async with transaction():
        token, basket_id = await rows.of_browser(token, person_id)
        held = await rows.quantity(basket_id, variant_id)
        limit = await _limit(offered, basket_id, person_id)
        allowed = min(held + max(1, quantity), limit.units)
        if allowed <= held or limit.units <= 0:
            raise _no_more(limit, held)
        await rows.write(basket_id, variant_id, allowed)
    return Added(token, allowed, "" if allowed == held + quantity else _all_of(limit))


async def get_or_create(token: str | None, *, person_id: UUID) -> str:
    """The token of the person's basket, created if there is none: a gift needs a basket."""
    async with transaction():
        return (await rows.of_browser(token, person_id))[0]


async def change(
    contents: BasketContents, variant_id: UUID, *, quantity: int, access: Access, person_id: UUID | None = None
) -> str:
    """Set the number of units; zero removes the line.

    Returns a message when fewer are available than requested, or when it is not on sale to this access.
    """
    async with transaction():
        if await database.locked(Basket, Basket.id == contents.id) is None:
            return _(MERGED)
        if quantity <= 0 or variant_id not in contents.quantities:
            await rows.delete_lines(contents.id, variant_id)
            return ""
        try:
            limit = await _limit(_offered(variant_id, access), contents.id, person_id)
        except NotOnSale as refusal:
            return str(refusal)
        allowed = min(quantity, limit.units)
        if allowed > 0:
            await rows.write(contents.id, variant_id, allowed)
    if allowed < quantity <= MOST:
        return limit.words if limit.units > 0 or limit.bound is not LimitReason.SHELF else _(SoldOut.message)
    return ""


async def remove(contents: BasketContents, variant_id: UUID) -> None:
    await change(contents, variant_id, quantity=0, access=Access.NONE)


async def remove_bought(basket_id: UUID, units: Mapping[UUID, int]) -> None:
    """Subtract paid units from the basket; units added since then stay."""
    for variant_id, bought in units.items():
        left = await rows.quantity(basket_id, variant_id) - bought
        await (rows.write(basket_id, variant_id, left) if left > 0 else rows.delete_lines(basket_id, variant_id))


async def erase_person(fact: PersonErased) -> None:
    await Basket.delete().where(Basket.person == fact.person_id)


async def delete_old() -> int:
    """Delete baskets that were not changed for 60 days; returns how many."""
    return len(await Basket.delete().where(Basket.changed_at < clock.now() - KEPT).returning(Basket.id))


def limit(variant_id: UUID, access: Access) -> int:
    """How many units somebody with this access may have who has bought none. Raises `NotOnSale`."""
    offered = _offered(variant_id, access)
    return unit_limits.limit(offered.variant, offered.seen).units


def _offered(variant_id: UUID, access: Access) -> OfferedVariant:
    """Raises `NotOnSale` for what is not on sale to this access."""
    shown = snapshot_refresh.snapshot()
    variant = shown.variant(variant_id)
    product = shown.product_by_id(variant.product_id) if variant else None
    if variant is None or product is None:
        raise NotOnSale
    seen = visibility.availability_of(product, variant, access, clock.now())
    if not seen.is_visible:
        raise NotOnSale
    if not seen.is_buyable:
        raise NotOnSale(_("%(title)s is not available to you at the moment.", title=product.title))
    return OfferedVariant(product, variant, seen)


async def _limit(offered: OfferedVariant, basket_id: UUID, person_id: UUID | None) -> UnitLimit:
    """How many units may be in this basket, which may have a running payment."""
    variant_id, product = offered.variant.id, offered.product
    held = await rows.expiry_for(basket_id, variant_id)
    if offered.seen.most is None:
        return unit_limits.limit(offered.variant, offered.seen, held=held)
    running, had = await lying.running_checkout(basket_id), await counts.for_person(person_id)
    quantities = await lying.quantities(basket_id)
    beside = sum(quantities.get(other.id, 0) for other in product.variants if other.id != variant_id)
    ordered = had.of(product.id, beside=running.order_id if running else None)
    return unit_limits.limit(offered.variant, offered.seen, held=held, had=ordered, beside=beside)


def _no_more(limit: UnitLimit, held: int) -> Refusal:
    if limit.bound is not LimitReason.SHELF:
        has = _("you already have %(count)s in your basket.", count=held)
        return NoMoreEarly(f"{limit.words.removesuffix('.')}: {has}" if limit.units else limit.words)
    return TooFew(held) if limit.units > 0 else SoldOut()


def _all_of(limit: UnitLimit) -> str:
    if limit.bound is LimitReason.SHELF:
        return _("Only %(count)s left, and you now have all of them in your basket.", count=limit.units)
    has = _("you now have %(count)s in your basket.", count=limit.units)
    return f"{limit.words.removesuffix('.')}: {has}"

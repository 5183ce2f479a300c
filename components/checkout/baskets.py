"""Baskets: what somebody means to buy. Kept by variant and quantity only; prices are asked anew at every look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from components import catalog
from components.catalog import visibility
from components.catalog.visibility import Access
from components.checkout.contents import Contents
from components.checkout.tables import Basket, BasketToken
from components.foundation import clock, database, ids
from components.foundation.database import Question, transaction
from components.foundation.refusals import Refusal
from components.people.facts import PersonErased

MOST = 99
"""Units of one variant in one basket."""

KEPT = timedelta(days=60)


class NotOnSale(Refusal):
    message = "This cannot be bought at the moment."


class SoldOut(Refusal):
    message = "This has just sold out."


class TooFew(Refusal):
    def __init__(self, left: int) -> None:
        super().__init__(f"Only {left} left, and {'it is' if left == 1 else 'they are'} in your basket already.")


@dataclass(frozen=True, slots=True)
class Added:
    """`token` is the browser's; `quantity` of the variant now in the basket; `words` when it is fewer than asked."""

    token: str
    quantity: int
    words: str = ""


def question(token: str) -> Question[int | None]:
    """How many units are in the browser's basket; None when there is no such basket."""
    return Question(
        """SELECT to_json(coalesce(sum(l.quantity), 0)) FROM basket_token t
        LEFT JOIN basket_line l ON l.basket = t.basket WHERE t.digest = $1 GROUP BY t.basket""",
        (ids.digest(token),),
        lambda found: None if found is None else int(found),
    )


async def add(
    token: str | None, variant_id: UUID, *, quantity: int = 1, person_id: UUID | None = None, access: Access
) -> Added:
    """Put units in the basket, making one where there is none. Raises `NotOnSale`, `SoldOut`, `TooFew`."""
    limit = _limit(variant_id, access)
    async with transaction():
        token, basket_id = await _basket(token, person_id)
        held = await _quantity(basket_id, variant_id)
        limit += await _kept_for(basket_id, variant_id)
        allowed = min(held + max(1, quantity), limit)
        if limit <= 0:
            raise SoldOut
        if allowed <= held:
            raise TooFew(held)
        await _write(basket_id, variant_id, allowed)
    words = "" if allowed == held + quantity else f"Only {limit} left: your basket has all of them now."
    return Added(token, allowed, words)


async def change(contents: Contents, variant_id: UUID, *, quantity: int) -> str:
    """Set how many units; none takes the line away. The answer is words when fewer are left than were asked for."""
    async with transaction():
        await database.locked(Basket, Basket.id == contents.id)
        if quantity <= 0 or variant_id not in contents.quantities:
            await _take_out(contents.id, variant_id)
            return ""
        left = _left(variant_id) + contents.held.get(variant_id, 0)
        allowed = min(quantity, left, MOST)
        if allowed > 0:
            await _write(contents.id, variant_id, allowed)
    if allowed < quantity and quantity <= MOST:
        return f"Only {left} left." if left > 0 else SoldOut.message
    return ""


async def remove(contents: Contents, variant_id: UUID) -> None:
    await change(contents, variant_id, quantity=0)


async def adopt(token: str | None, person_id: UUID) -> str | None:
    """At sign-in: the browser's basket joins the person's own. The token to keep; None when there is no basket.

    What was put in before signing in is added to what the person had. Somebody else's basket is left alone, and
    this browser forgets it.
    """
    async with transaction():
        theirs = await Basket.objects().where(Basket.person == person_id).lock_rows().first()
        found = await _by_token(token)
        if found is not None and found.is_anybodys and theirs is None:
            await database.execute("UPDATE basket SET person = $2 WHERE id = $1", found.id, person_id)
            return token
        if found is not None and theirs is not None and found.id == theirs.id:
            return token
        if found is not None and found.is_anybodys and theirs is not None:
            await _merge(found.id, into=theirs.id)
        if theirs is None and found is not None:
            theirs = await _new_basket(person_id)
        return await _new_token(theirs.id) if theirs is not None else None


async def take_out_bought(basket_id: UUID, units: Mapping[UUID, int]) -> None:
    """Units that have been paid for are no longer meant to be bought; whatever was added since stays."""
    for variant_id, bought in units.items():
        left = await _quantity(basket_id, variant_id) - bought
        await (_write(basket_id, variant_id, left) if left > 0 else _take_out(basket_id, variant_id))


async def forget_person(fact: PersonErased) -> None:
    await database.execute("DELETE FROM basket WHERE person = $1", fact.person_id)


async def forget_old() -> int:
    """Throw away baskets nobody has touched for 60 days; how many."""
    return await database.execute("DELETE FROM basket WHERE changed_at < $1", clock.now() - KEPT)


def _limit(variant_id: UUID, access: Access) -> int:
    """How many units somebody with this access may have. Raises `NotOnSale`."""
    shown = catalog.snapshot()
    variant = shown.variant(variant_id)
    product = shown.product_by_id(variant.product_id) if variant else None
    if variant is None or product is None:
        raise NotOnSale
    if not visibility.standing_of(product, variant, access, clock.now()).is_buyable:
        raise NotOnSale(f"{product.title} is not on sale to you at the moment.")
    return _left(variant_id)


def _left(variant_id: UUID) -> int:
    variant = catalog.snapshot().variant(variant_id)
    if variant is None:
        return 0
    return MOST if variant.available is None else max(0, min(variant.available, MOST))


async def _basket(token: str | None, person_id: UUID | None) -> tuple[str, UUID]:
    """The browser's basket, held for this transaction; else the person's; else a new one."""
    if token is not None and (found := await _by_token(token)):
        await database.locked(Basket, Basket.id == found.id)
        return token, found.id
    if person_id is not None and (theirs := await database.locked(Basket, Basket.person == person_id)):
        return await _new_token(theirs.id), theirs.id
    basket = await _new_basket(person_id)
    return await _new_token(basket.id), basket.id


async def _new_basket(person_id: UUID | None) -> Basket:
    basket = Basket(id=ids.new(), person=person_id, changed_at=clock.now())
    await Basket.insert(basket)
    return basket


async def _by_token(token: str | None) -> Basket | None:
    if token is None:
        return None
    known = await BasketToken.select(BasketToken.basket).where(BasketToken.digest == ids.digest(token)).first()
    return await Basket.objects().get(Basket.id == known["basket"]) if known else None


async def _new_token(basket_id: UUID) -> str:
    token = ids.token()
    await BasketToken.insert(BasketToken(digest=ids.digest(token), basket=basket_id, since=clock.now()))
    return token


async def _quantity(basket_id: UUID, variant_id: UUID) -> int:
    sql = "SELECT quantity FROM basket_line WHERE basket = $1 AND variant = $2"
    return int(await database.fetch_value(sql, basket_id, variant_id) or 0)


async def _kept_for(basket_id: UUID, variant_id: UUID) -> int:
    sql = "SELECT (units ->> $2)::int FROM attempt WHERE basket = $1 AND ended_at IS NULL"
    return int(await database.fetch_value(sql, basket_id, str(variant_id)) or 0)


async def _write(basket_id: UUID, variant_id: UUID, quantity: int) -> None:
    await database.execute(
        """INSERT INTO basket_line (id, basket, variant, quantity, added_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (basket, variant) DO UPDATE SET quantity = $4""",
        ids.new(), basket_id, variant_id, quantity, clock.now(),
    )  # fmt: skip
    await _touch(basket_id)


async def _take_out(basket_id: UUID, variant_id: UUID) -> None:
    await database.execute("DELETE FROM basket_line WHERE basket = $1 AND variant = $2", basket_id, variant_id)
    await _touch(basket_id)


async def _touch(basket_id: UUID) -> None:
    await database.execute("UPDATE basket SET changed_at = $2 WHERE id = $1", basket_id, clock.now())


async def _merge(basket_id: UUID, *, into: UUID) -> None:
    await database.execute(
        """INSERT INTO basket_line (id, basket, variant, quantity, added_at)
        SELECT gen_random_uuid(), $2, variant, quantity, added_at FROM basket_line WHERE basket = $1
        ON CONFLICT (basket, variant) DO UPDATE SET quantity = least(99, basket_line.quantity + excluded.quantity)""",
        basket_id, into,
    )  # fmt: skip
    await database.execute(
        """UPDATE attempt SET basket = $2 WHERE basket = $1 AND (ended_at IS NOT NULL
        OR NOT EXISTS (SELECT FROM attempt a WHERE a.basket = $2 AND a.ended_at IS NULL))""",
        basket_id, into,
    )  # fmt: skip
    await database.execute("DELETE FROM basket WHERE id = $1", basket_id)
    await _touch(into)

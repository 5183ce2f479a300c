"""The rows of baskets. Callers hold a transaction."""

from uuid import UUID

from components.checkout.tables import Basket, BasketLine, BasketToken
from components.foundation import clock, database, ids
from components.foundation.database.advisory_locks import take_turns


async def of_browser(token: str | None, person_id: UUID | None) -> tuple[str, UUID]:
    """The browser's basket, locked for this transaction; else the person's; else a new one.

    One that is merged into the person's meanwhile is gone once it is locked.
    """
    if token is not None and (found := await by_token(token)) and await database.locked(Basket, Basket.id == found.id):
        return token, found.id
    if person_id is not None:
        await take_turns(f"basket:{person_id}")
        if theirs := await database.locked(Basket, Basket.person == person_id):
            return await new_token(theirs.id), theirs.id
    basket = await new_basket(person_id)
    return await new_token(basket.id), basket.id


async def new_basket(person_id: UUID | None) -> Basket:
    basket = Basket(id=ids.new(), person=person_id, changed_at=clock.now())
    await Basket.insert(basket)
    return basket


async def by_token(token: str | None) -> Basket | None:
    if token is None:
        return None
    known = await BasketToken.select(BasketToken.basket).where(BasketToken.digest == ids.digest(token)).first()
    return await Basket.objects().get(Basket.id == known["basket"]) if known else None


async def new_token(basket_id: UUID) -> str:
    token = ids.token()
    await BasketToken.insert(BasketToken(digest=ids.digest(token), basket=basket_id, since=clock.now()))
    return token


async def quantity(basket_id: UUID, variant_id: UUID) -> int:
    lines = BasketLine.select(BasketLine.quantity)
    row = await lines.where(BasketLine.basket == basket_id, BasketLine.variant == variant_id).first()
    return int(row["quantity"]) if row else 0


_UNITS_KEPT = "SELECT (units ->> $2)::int FROM attempt WHERE basket = $1 AND ended_at IS NULL"


async def expiry_for(basket_id: UUID, variant_id: UUID) -> int:
    return int(await database.fetch_value(_UNITS_KEPT, basket_id, str(variant_id)) or 0)


async def write(basket_id: UUID, variant_id: UUID, quantity: int) -> None:
    line = BasketLine(id=ids.new(), basket=basket_id, variant=variant_id, quantity=quantity, added_at=clock.now())
    await BasketLine.insert(line).on_conflict(
        target=(BasketLine.basket, BasketLine.variant), action="DO UPDATE", values=[BasketLine.quantity]
    )
    await touch(basket_id)


async def delete_lines(basket_id: UUID, variant_id: UUID) -> None:
    await BasketLine.delete().where(BasketLine.basket == basket_id, BasketLine.variant == variant_id)
    await touch(basket_id)


async def touch(basket_id: UUID) -> None:
    await Basket.update(changed_at=clock.now()).where(Basket.id == basket_id)

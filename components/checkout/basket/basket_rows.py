"""The rows of baskets. Callers hold a transaction."""

from uuid import UUID

from components.checkout.tables import Basket, BasketToken
from components.foundation import clock, database, ids


async def of_browser(token: str | None, person_id: UUID | None) -> tuple[str, UUID]:
    """The browser's basket, held for this transaction; else the person's; else a new one."""
    if token is not None and (found := await by_token(token)):
        await database.locked(Basket, Basket.id == found.id)
        return token, found.id
    if person_id is not None and (theirs := await database.locked(Basket, Basket.person == person_id)):
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
    sql = "SELECT quantity FROM basket_line WHERE basket = $1 AND variant = $2"
    return int(await database.fetch_value(sql, basket_id, variant_id) or 0)


async def expiry_for(basket_id: UUID, variant_id: UUID) -> int:
    sql = "SELECT (units ->> $2)::int FROM attempt WHERE basket = $1 AND ended_at IS NULL"
    return int(await database.fetch_value(sql, basket_id, str(variant_id)) or 0)


async def write(basket_id: UUID, variant_id: UUID, quantity: int) -> None:
    await database.execute(
        """INSERT INTO basket_line (id, basket, variant, quantity, added_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (basket, variant) DO UPDATE SET quantity = $4""",
        ids.new(), basket_id, variant_id, quantity, clock.now(),
    )  # fmt: skip
    await touch(basket_id)


async def delete_lines(basket_id: UUID, variant_id: UUID) -> None:
    await database.execute("DELETE FROM basket_line WHERE basket = $1 AND variant = $2", basket_id, variant_id)
    await touch(basket_id)


async def touch(basket_id: UUID) -> None:
    await database.execute("UPDATE basket SET changed_at = $2 WHERE id = $1", basket_id, clock.now())

"""At sign-in, the browser's basket is merged into the person's own."""

from uuid import UUID

from components.checkout.basket import basket_rows as rows
from components.checkout.tables import Basket
from components.foundation import database
from components.foundation.database import transaction
from components.foundation.database.advisory_locks import take_turns


async def merge_into_person(token: str | None, person_id: UUID) -> str | None:
    """Merge the browser's basket into the person's own. Returns the token to keep; None when there is no basket.

    Units added before signing in are added to the person's. Somebody else's basket is left alone, and this browser
    forgets it.
    """
    async with transaction():
        # After a double click the second sign-in waits for the first, and finds its basket.
        await take_turns(f"basket:{person_id}")
        theirs = await database.locked(Basket, Basket.person == person_id)
        known = await rows.by_token(token)
        # Locked: what another tab is putting in meanwhile is in it before it is merged.
        found = await database.locked(Basket, Basket.id == known.id) if known else None
        if found is not None and found.is_anybodys and theirs is None:
            await Basket.update(person=person_id).where(Basket.id == found.id)
            return token
        if found is not None and theirs is not None and found.id == theirs.id:
            return token
        if found is not None and found.is_anybodys and theirs is not None:
            await _merge(found.id, into=theirs.id)
        if theirs is None and found is not None:
            theirs = await rows.new_basket(person_id)
        return await rows.new_token(theirs.id) if theirs is not None else None


_MERGE_LINES = """
INSERT INTO basket_line (id, basket, variant, quantity, added_at)
SELECT gen_random_uuid(), $2, variant, quantity, added_at FROM basket_line WHERE basket = $1
ON CONFLICT (basket, variant) DO UPDATE SET quantity = least(99, basket_line.quantity + excluded.quantity)"""
_MERGE_COUPONS = """UPDATE basket SET coupon = coalesce(basket.coupon, b.coupon),
fee_coupon = coalesce(basket.fee_coupon, b.fee_coupon) FROM basket b WHERE b.id = $1 AND basket.id = $2"""
_MERGE_ATTEMPTS = """
UPDATE attempt SET basket = $2 WHERE basket = $1 AND (ended_at IS NOT NULL
OR NOT EXISTS (SELECT FROM attempt a WHERE a.basket = $2 AND a.ended_at IS NULL))"""


async def _merge(basket_id: UUID, *, into: UUID) -> None:
    for merge in (_MERGE_LINES, _MERGE_COUPONS, _MERGE_ATTEMPTS):
        await database.execute(merge, basket_id, into)
    await Basket.delete().where(Basket.id == basket_id)
    await rows.touch(into)

"""A generated shop keeps every promise, and its figures are what its rows say."""

from typing import Any

import pytest

from components.demo import building, practice_payments
from components.demo.building import NotEmpty
from components.demo.generator import filling, generated_base, half_filled
from components.demo.generator.copied_blocks import CopiedBlocks
from components.demo.generator.filling import GeneratedHistory
from components.demo.generator.generated_base import GeneratedBase
from components.demo.generator.shop_sizes import ShopSize
from components.foundation import clock, database
from components.insights import invariants
from components.ledger import ledger_accounts
from components.people import customer_accounts
from tests.figures.comparing import compare
from tests.support.shops import Shop

SIZE = ShopSize(members=200, orders=2_000, years=3, seed=7)
OWN_ORDERS = 13
"""Of the demo's own three customers."""
FILLED = (
    "trial", "seat", "gift_membership", "paid_term", "pause", "plan_change", "price_move", "fee_refund", "refund",
    "mirrored_dispute", "coupon_use", "benefit_use", "ledger_lot", "early_start", "security_event", "movement",
    "cancel_attempt",
)  # fmt: skip


class KeptRows(CopiedBlocks):
    """Keeps what it was given instead of copying it."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[dict[str, list[tuple[Any, ...]]]] = []

    async def flush(self) -> int:
        self.kept.append(self._waiting)
        done, self.size, self._waiting = self.size, 0, {}
        return done


async def count(table: str, where: str = "true") -> int:
    return int(await database.fetch_value(f"SELECT count(*) FROM {table} WHERE {where}"))


async def test_a_generated_shop_keeps_every_promise_and_its_figures_are_right(shop: Shop) -> None:
    practice_payments.use(lambda: shop.stand_in)
    await building.fill(SIZE)
    broken = {part.name: part.broken async for part in invariants.examine() if part.broken}
    assert broken == {}
    found = await compare(number=40, rate_bp=2000)
    assert found.found == [] and found.compared > 500
    assert await count("orders") == SIZE.orders + OWN_ORDERS
    paid = "holder NOT IN (SELECT id FROM person WHERE email LIKE '%@kiln.test')"
    of_members = f"{paid} AND source IN ('subscription', 'gift', 'term')"
    assert (
        await database.fetch_value(f"SELECT count(DISTINCT holder) FROM membership WHERE {of_members}") == SIZE.members
    )
    assert [table for table in FILLED if not await count(table)] == []
    assert await count("subscription", "status IN ('active', 'past_due')") > SIZE.members / 4
    assert await count("procrastinate_jobs", "status = 'todo'") == 0 and half_filled.words() == ""
    with pytest.raises(NotEmpty):
        await building.fill(SIZE)
    await _is_the_same_again(shop)
    maya = await shop.signed_in("maya@kiln.test")
    assert "Kiln Club" in (await maya.get("/account/membership")).words


async def _is_the_same_again(shop: Shop) -> None:
    """The same seed draws the same rows, to their ids and in their order; another one draws others."""
    owner, staff = [await customer_accounts.by_email(f"{name}@kiln.test") for name in ("iris", "sam")]
    assert owner is not None and staff is not None
    base = await generated_base.look_around(clock.now().replace(microsecond=0), owner=owner.id, staff=staff.id)
    one, same, other = [await _drawn(base, seed) for seed in (7, 7, 8)]
    assert sum(len(rows) for block in one for rows in block.values()) > 20_000
    assert one == same
    assert one != other


async def _drawn(base: GeneratedBase, seed: int) -> list[dict[str, list[tuple[Any, ...]]]]:
    async with database.transaction():
        shops = (await ledger_accounts.lock_accounts(base.owner)).ids
    blocks = KeptRows()
    await GeneratedHistory(ShopSize(200, 2_000, 3, seed), base, blocks, number=1, turn=1, shops=shops).write()
    return blocks.kept


async def test_a_column_that_does_not_exist_is_an_error(db: None) -> None:
    with pytest.raises(KeyError, match="person has no column"):
        CopiedBlocks().add("person", emial="a@post.test")


async def test_a_block_is_copied_whole_or_not_at_all(db: None) -> None:
    blocks, now = CopiedBlocks(), clock.now()
    for number in (1, 2, 1):
        person = filling.RowIds(number).at(1_700_000_000)
        blocks.add("person", id=person, email=f"{number}@post.test", created_at=now)
    with pytest.raises(Exception, match="duplicate key"):
        await blocks.flush()
    assert await count("person") == 0

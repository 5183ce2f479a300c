"""Fills the demo's shop with a generated history, in the order of time, a block at a time."""

import asyncio
import heapq
from collections.abc import Sequence
from random import Random
from uuid import UUID

from components.demo.added import known_refunds
from components.demo.added.shared_numbers import SET, SharedNumbers
from components.demo.generator.arrivals import Arrivals, Arrived, OpenedAccount
from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.generator.drawn_people import people
from components.demo.generator.generated_base import GeneratedBase
from components.demo.generator.generated_coupons import CouponRows
from components.demo.generator.generated_wallets import WalletRows
from components.demo.generator.placed_orders import OrderRows
from components.demo.generator.seasonal_calendar import A_DAY, SeasonalCalendar
from components.demo.generator.shop_sizes import ShopSize
from components.demo.progress import FillingProgress
from components.foundation import database
from components.foundation.database import time_limits
from components.insights.movements import epochs
from components.ledger import ledger_accounts

OPEN_BEFORE = 10 * A_DAY
"""The shop has been open for so long when the first of them comes."""
_NEXT_NUMBER, _NEXT_TURN = "SELECT nextval('order_number')", "SELECT nextval('ledger_turn')"
_TURNED = "SELECT setval('ledger_turn', $1)"


def calendar_of(size: ShopSize, now: int) -> SeasonalCalendar:
    return SeasonalCalendar(now - size.years * 365 * A_DAY, now - A_DAY // 12)


def placed_at(size: ShopSize, now: int) -> list[int]:
    """The instants of all its orders, in turn."""
    return sorted(at for person in people(size, calendar_of(size, now)) for at in person.orders)


class GeneratedHistory:
    """Everything that is written, and who is still to order."""

    def __init__(
        self, size: ShopSize, base: GeneratedBase, blocks: CopiedBlocks, *, number: int, turn: int,
        shops: dict[str, UUID], among: Sequence[int] = (),
    ) -> None:  # fmt: skip
        self.size, self.base, self.blocks = size, base, blocks
        ids, chance = RowIds(size.seed), Random(f"history {size.seed}")
        self.arrivals = Arrivals(base, self.blocks, ids, chance)
        self.wallets = WalletRows(self.blocks, ids, currency=base.currency, now=base.now, shops=shops, turn=turn)
        self.coupons = CouponRows(self.blocks, ids, chance)
        self.orders = OrderRows(
            base, self.blocks, ids, chance, wallets=self.wallets, coupons=self.coupons, number=number,
            among=among,
        )  # fmt: skip
        self.waiting: list[tuple[int, int, Arrived]] = []
        self.calendar = calendar_of(size, base.now)

    async def write(self) -> None:
        total = self.size.members + self.size.others + self.size.orders
        self.progress = FillingProgress(total)
        for person in people(self.size, self.calendar):
            await self._order_until(person.arrives)
            self._wait(person.number, self.arrivals.come(person))
            await self._note()
        await self._order_until(self.base.now)
        self.orders.stock.close(self.base.now)
        self.coupons.close()
        self.progress.wrote(await self.blocks.flush())
        self.progress.end()

    async def _order_until(self, at: int) -> None:
        while self.waiting and self.waiting[0][0] <= at:
            placed, number, who = heapq.heappop(self.waiting)
            who.buyer.plan = who.plan_at(placed)
            self.orders.place(who.buyer, placed)
            who.next += 1
            self._wait(number, who)
            await self._note()

    def _wait(self, number: int, who: Arrived) -> None:
        """Until their next order; whoever orders no more is forgotten."""
        if who.next < len(who.orders):
            heapq.heappush(self.waiting, (who.orders[who.next], number, who))
        elif who.buyer.wallet is not None:
            self.wallets.settle(who.buyer.wallet, self.base.now)

    async def _note(self) -> None:
        self.progress.step()
        if self.blocks.is_full:
            self.progress.wrote(await self.blocks.flush())
            await asyncio.sleep(0)


async def write(size: ShopSize, base: GeneratedBase, numbers: SharedNumbers | None = None) -> list[OpenedAccount]:
    """The accounts that were opened. With `numbers` its orders are numbered among those that are there."""
    with time_limits.of_an_update():
        number = numbers.last if numbers else await database.fetch_value(_NEXT_NUMBER)
        turn, among = await database.fetch_value(_NEXT_TURN), numbers.told if numbers else ()
        async with database.transaction():
            shops = (await ledger_accounts.lock_accounts(base.owner)).ids
        shops = {kind: shops[kind] for kind in ledger_accounts.OF_SHOP}
        history = GeneratedHistory(size, base, CopiedBlocks(), number=number, turn=turn, shops=shops, among=among)
        await history.write()
        await database.fetch_value(SET, history.orders.last)
        await database.fetch_value(_TURNED, history.wallets.turn)
        await known_refunds.tell(base)
        await database.execute("ANALYZE")
        await epochs.rebuild("The generated history")
    return history.arrivals.accounts

"""Rows of orders, refunds, benefits used and credit, drawn at random and written as the shop would have left them."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg

KINDS = ("member_price", "free_delivery", "cashback", "periodic_credit")
ORDER = """INSERT INTO orders (id, number, person, email, name, currency, goods, member_savings, delivery_list,
  delivery_saved, delivery, tax, tax_rate, tax_name, tax_is_included, total, credit, delivery_method, address,
  price_context_key, placed_at, expires_at, paid_at, payment_reference) VALUES ($1, $2, $3, 'somebody@town.test',
  'Somebody', 'GBP', $4, 0, 0, 0, 0, $5, $6, 'VAT', $7, $8, $9, 'post', '{}', '', $10, $10, $11, 'elsewhere:drawn')"""
LINE = """INSERT INTO order_line (id, "order", position, variant_id, product_id, title, quantity, regular_unit, unit,
  unit_cost, total, tax_rate, tax, saved, trace)
  VALUES ($1, $2, $3, $1, $1, 'Bowl', $4, $5, $5, $6, $7, $8, $9, 0, '{}')"""
REFUND = """INSERT INTO refund (id, "order", amount, currency, at, status) VALUES ($1, $2, $3, 'GBP', $4, $5)"""
USE = """INSERT INTO benefit_use (id, person, reference, order_id, kind, words, regular, paid, currency, at)
  VALUES ($1, $2, $3, $4, $5, '', $6, $7, 'GBP', $8)"""
LOT = """INSERT INTO ledger_lot (id, person, kind, benefit, words, amount, given_at, expires_at, order_id)
  VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8)"""
POSTING = """INSERT INTO ledger_posting (id, cause, kind, person, words, at, turn)
  VALUES ($1, $2, 'given', $3, '', $4, nextval('ledger_turn'))"""
ENTRY = "INSERT INTO ledger_entry (id, posting, account, lot, amount) VALUES ($1, $2, $3, $4, $5)"

Side = tuple[UUID | None, str]
"""An account by its person, none for the shop's own, and kind."""


class Drawn:
    """Draws orders of some people, and of guests, between two instants."""

    def __init__(self, connection: asyncpg.Connection, seed: int) -> None:
        self.connection, self.chance, self.written = connection, random.Random(seed), 0
        self.name = f"D{seed}"
        self.accounts: dict[tuple[UUID | None, str], UUID] = {}
        self.benefits: list[UUID] = []

    async def write(self, people: Sequence[UUID], *, number: int, from_at: datetime, until: datetime) -> None:
        async with self.connection.transaction():
            if not self.benefits:
                await self._offer(from_at)
            for _ in range(number):
                at = from_at + (until - from_at) * self.chance.random()
                await self._order(self.chance.choice([*people, None]) if people else None, at, until)
                if people:
                    await self._credit(self.chance.choice(people), at, until)

    async def _offer(self, at: datetime) -> None:
        for kind in KINDS:
            self.benefits.append(uuid4())
            sql = "INSERT INTO benefit (id, kind, name, created_at) VALUES ($1, $2, $2, $3)"
            await self.connection.execute(sql, self.benefits[-1], kind, at)

    async def _order(self, person: UUID | None, at: datetime, until: datetime) -> None:
        id, chance = uuid4(), self.chance
        rate, is_included = chance.choice([(2000, True), (500, True), (1900, False)])
        lines: list[tuple[Any, ...]] = []
        for position in range(chance.randint(1, 3)):
            unit, quantity = chance.randint(100, 9000), chance.randint(1, 3)
            cost = chance.choice([None, unit // 3])
            own = chance.choice([rate, rate, 700, 0])
            taxed = _tax(unit * quantity, own, is_included=is_included)
            lines.append((uuid4(), id, position, quantity, unit, cost, unit * quantity, own, taxed))
        goods, tax = sum(line[6] for line in lines), sum(line[8] for line in lines)
        total = goods if is_included else goods + tax
        credit, is_paid = chance.choice([0, 0, total // 4]), chance.random() < 0.85
        self.written += 1
        await self.connection.execute(
            ORDER, id, f"{self.name}-{self.written}", person, goods, tax, rate, is_included, total, credit, at,
            at if is_paid else None,
        )  # fmt: skip
        await self.connection.executemany(LINE, lines)
        if is_paid and chance.random() < 0.3:
            back = at + (until - at) * chance.random()
            status = chance.choice(["succeeded", "pending", "failed"])
            await self.connection.execute(REFUND, uuid4(), id, chance.randint(1, total - credit), back, status)
        if is_paid and person and chance.random() < 0.7:
            await self._used(person, id, lines[0][0], at, goods, until)

    async def _used(self, person: UUID, order: UUID, line: UUID, at: datetime, goods: int, until: datetime) -> None:
        kind, saved = self.chance.choice(KINDS[:2]), self.chance.randint(1, goods)
        of = f"order-line:{line}" if kind == KINDS[0] else f"order-delivery:{order}"
        rows = [(uuid4(), person, of, order, kind, goods, goods - saved, at)]
        if self.chance.random() < 0.2:
            back = at + (until - at) * self.chance.random()
            rows.append(
                (
                    uuid4(),
                    person,
                    f"refund:{uuid4()}:{line if kind == KINDS[0] else order}",
                    order,
                    kind,
                    -goods,
                    saved - goods,
                    back,
                )
            )
        await self.connection.executemany(USE, rows)

    async def _credit(self, person: UUID, at: datetime, until: datetime) -> None:
        """Cashback, periodic credit or goodwill; some of it taken back or expired."""
        lot, amount = uuid4(), self.chance.randint(2, 900)
        gave, kind, benefit = self.chance.choice([
            ("cashback_given", "cashback", self.benefits[2]), ("cashback_given", "cashback", None),
            ("credit_given", "store_credit", self.benefits[3]), ("credit_given", "store_credit", None),
        ])  # fmt: skip
        ends = self.chance.choice([None, at + timedelta(days=self.chance.randint(20, 800))])
        order = self.chance.choice([None, uuid4()])
        await self.connection.execute(LOT, lot, person, kind, benefit, amount, at, ends, order)
        await self._post(lot, person, at, (None, gave), (person, kind), amount)
        if self.chance.random() < 0.4:
            later = at + min(until - at, timedelta(days=200)) * self.chance.random()
            into = self.chance.choice(["expired", "spent", gave, "reserved"])
            to = (person if into == "reserved" else None, into)
            await self._post(lot, person, later, (person, kind), to, self.chance.randint(1, amount))

    async def _post(
        self,
        lot: UUID,
        person: UUID,
        at: datetime,
        of: tuple[UUID | None, str],
        to: tuple[UUID | None, str],
        amount: int,
    ) -> None:
        posting = uuid4()
        await self.connection.execute(POSTING, posting, str(posting), person, at)
        for account, signed in ((of, -amount), (to, amount)):
            await self.connection.execute(ENTRY, uuid4(), posting, await self._account(*account), lot, signed)

    async def _account(self, person: UUID | None, kind: str) -> UUID:
        if (person, kind) not in self.accounts:
            sql = "SELECT id FROM ledger_account WHERE person IS NOT DISTINCT FROM $1 AND kind = $2"
            found = await self.connection.fetchval(sql, person, kind)
            self.accounts[person, kind] = found or uuid4()
            if not found:
                made = "INSERT INTO ledger_account (id, person, kind, currency) VALUES ($1, $2, $3, 'GBP')"
                await self.connection.execute(made, self.accounts[person, kind], person, kind)
        return self.accounts[person, kind]


def _tax(amount: int, rate: int, *, is_included: bool) -> int:
    """Rounded half up, in the amount or on it."""
    whole = 10_000 + rate if is_included else 10_000
    return (2 * amount * rate + whole) // (2 * whole)

"""Five years of a shop with 5,000 members: every metric of every month against a second calculation from raw rows.

`python -m benchmarks.five_years [members] [seed]`. The rows are written in the order of time, and the ledger of
movements is kept every few days by the shop's own code. Each month has orders, refunds, benefits and credit drawn at
random, too. After each month all metrics are compared with `tests/figures`, which shares no code with them, and
months that were over must not have changed.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import asyncpg

from benchmarks.five_year_lives import DAY, HELD_UNTIL, IN_TURN, LENGTHS, VAT, Version, Write, lives
from components.foundation import clock, database
from components.foundation.database import embedded, migrations
from components.insights import invariants
from components.insights.movements import epochs, movements
from components.pricing import domestic_tax
from components.pricing.tax import TaxTerms
from tests.figures.comparing import compare
from tests.figures.order_rows import Drawn

LONDON = ZoneInfo("Europe/London")
START, END = datetime(2022, 1, 1, tzinfo=LONDON), datetime(2027, 1, 1, tzinfo=LONDON)
PRICES = {"monthly": 450, "annual": 3900, "large": 900, "quarter": 1200, "weekly": 150, "half": 2200, "term": 5000}
DEARER = {"monthly": (550, datetime(2023, 6, 1, tzinfo=UTC)), "annual": (4500, datetime(2024, 9, 1, tzinfo=UTC)),
          "large": (800, datetime(2025, 3, 1, tzinfo=UTC))}  # fmt: skip
ORDERS_A_MONTH = 60
PLAN = "INSERT INTO plan (id, slug, name, summary, created_at) VALUES ($1, $2, $2, '', $3)"
VERSION = """INSERT INTO plan_version (id, plan, price, currency, interval, interval_count, is_once, from_at, until_at)
  VALUES ($1, $2, $3, 'GBP', $4, $5, $6, $7, $8)"""
MIGRATION = "INSERT INTO price_migration (id, plan, to_version, from_at, made_at) VALUES ($1, $2, $3, $4, $4)"


async def plans(connection: asyncpg.Connection) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for slug, price in PRICES.items():
        plan, first = uuid4(), Version(uuid4(), slug, price, START)
        interval, count = LENGTHS.get(slug, ("year", 1))
        dearer, at = DEARER.get(slug, (None, None))
        await connection.execute(PLAN, plan, slug, START)
        rest = (interval, count, slug == "term")
        await connection.execute(VERSION, first.id, plan, price, *rest, START, at)
        found[slug] = [first]
        if dearer is not None and at is not None:
            second = Version(uuid4(), slug, dearer, at, uuid4())
            await connection.execute(VERSION, second.id, plan, dearer, *rest, at, None)
            await connection.execute(MIGRATION, second.migration, plan, second.id, at)
            found[slug].append(second)
    return found


def days(writes: Iterator[Write]) -> Iterator[tuple[datetime, list[Write]]]:
    """Several days at once, until the night job that follows them; each month has its own."""
    to_night = timedelta(hours=5, minutes=11)

    def part(write: Write) -> tuple[int, int, int]:
        day = (write.at.astimezone(LONDON) - to_night).date()
        return day.year, day.month, min(day.day // 6, 4)

    for (year, month, number), some in groupby(writes, key=part):
        after = datetime(year, month, 1) + (timedelta(days=40) if number == 4 else timedelta(days=6 * number + 5))
        night = datetime(after.year, after.month, 1 if number == 4 else after.day, 5, 11, tzinfo=LONDON)
        yield night, list(some)


class Shop:
    """What is written, recorded and compared."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.closed: dict[datetime, tuple[int, dict[str, int]]] = {}
        self.differences: list[str] = []
        self.ending: list[tuple[datetime, UUID]] = []
        self.compared, self.written = 0, Counter[str]()
        self.orders, self.sold_until = Drawn(connection, seed=8), START

    async def day(self, night: datetime, writes: list[Write], until: datetime) -> None:
        for write in writes:
            if write.sql is HELD_UNTIL and write.args[1] is not None and write.payer is not None:
                self.ending.append((write.args[1], write.payer))  # type: ignore[arg-type]
        async with self.connection.transaction():
            for sql in IN_TURN:
                of_it = [write.args for write in writes if write.sql is sql]
                if of_it:
                    await self.connection.executemany(sql, of_it)
                self.written[" ".join(sql.split()[:3])] += len(of_it)
        touched = {write.payer for write in writes if write.payer is not None} | self._ended(night)
        with clock.frozen(min(night, until)):
            await movements.record_all(sorted(touched))

    def _ended(self, night: datetime) -> set[UUID]:
        """A membership that ends by the clock is announced, and recorded, by a job."""
        ended = {payer for at, payer in self.ending if at <= night}
        self.ending = [(at, payer) for at, payer in self.ending if at > night]
        return ended

    async def sell(self, until: datetime) -> None:
        """A month's orders, refunds, benefits and credit of people who had been members by then, and of guests."""
        sql = "SELECT DISTINCT holder FROM membership WHERE starts_at < $1 ORDER BY holder LIMIT 500"
        people = [row["holder"] for row in await self.connection.fetch(sql, until)]
        await self.orders.write(people, number=ORDERS_A_MONTH, from_at=self.sold_until, until=until)
        self.sold_until = until

    async def month(self, at: datetime, *, number: int | None = 13) -> None:
        with clock.frozen(at):
            found = await compare(number=number, rate_bp=VAT)
            self.compared += found.compared
            self.differences += [f"{at:%Y-%m-%d}: {words}" for words in found.found]
            for month in found.months[:-1]:
                known = self.closed.setdefault(month.from_at, (month.end, month.moved))
                if known != (month.end, month.moved):
                    self.differences.append(f"{at:%Y-%m-%d}: {month.from_at:%Y-%m}, which was over, has changed")


async def live(people: int, seed: int) -> int:
    connection = await asyncpg.connect(database.dsn())
    try:
        await connection.execute("ALTER SYSTEM SET synchronous_commit = off")  # nothing here must outlive the machine
        await connection.execute("SELECT pg_reload_conf()")
        versions, shop, began = await plans(connection), Shop(connection), time.monotonic()
        domestic_tax.set_tax(TaxTerms(VAT, inclusive=True))
        month = START.month
        for night, writes in days(lives(seed, people, START, END, versions)):
            if night > END + DAY:
                break
            await shop.day(night, writes, night)
            if night.month != month:
                month = night.month
                await shop.sell(night)
                await shop.month(night)
                print(f"{night:%Y-%m}: {shop.compared} figures compared, {len(shop.differences)} differ, "
                      f"{time.monotonic() - began:.0f} s", flush=True)  # fmt: skip
        return await _closing(shop, began)
    finally:
        await connection.close()


async def _closing(shop: Shop, began: float) -> int:
    """All five years at once, the invariants, and the same again from a ledger that is rebuilt."""
    last = END + timedelta(hours=29, minutes=11)
    with clock.frozen(last):
        await movements.record_everybody()
    await shop.month(last, number=None)
    with clock.frozen(last):
        shop.differences += await invariants.invariants()
        rebuilt = await epochs.rebuild("Five years anew")
        shop.differences += await invariants.invariants()
    await shop.month(last, number=None)
    kinds = await database.fetch_rows(
        "SELECT kind, because, count(*) FROM current_movements GROUP BY 1, 2 ORDER BY 1, 2"
    )
    print(dict(shop.written))
    print([tuple(row) for row in kinds], rebuilt)
    print(*shop.differences[:40], sep="\n")
    print(f"{shop.compared} figures compared, {len(shop.differences)} differ, {time.monotonic() - began:.0f} s")
    return len(shop.differences)


async def main(people: int, seed: int) -> int:
    with tempfile.TemporaryDirectory(prefix="clubfront-five-years-") as folder:
        await database.connect(embedded.start(Path(folder)), pool_size=8)
        try:
            await migrations.apply()
            return await live(people, seed)
        finally:
            await database.disconnect()
            embedded.stop(Path(folder))


if __name__ == "__main__":
    people, seed = (int(value) for value in [*sys.argv[1:], *("5000", "8")[len(sys.argv) - 1 :]])
    raise SystemExit(1 if asyncio.run(main(people, seed)) else 0)

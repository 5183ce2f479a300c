"""Numbers without gaps: many at once, killed in between, series beside each other, and years."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from components.foundation import clock, database, ids
from components.foundation.shop_settings import setting_rows
from components.invoices import invariants, issuing
from components.invoices.invoice_values import InvoiceDocument, InvoiceLine, InvoiceParty, InvoicePayment
from components.invoices.issuing import InvoiceDraft

LINE = InvoiceLine(words="Notebook", quantity=1, unit=1000, net=1000)
DAY = date(2027, 3, 1)
DOCUMENT = InvoiceDocument(
    seller=InvoiceParty(name="Kiln Ltd", country="GB"), buyer=InvoiceParty(name="Noor"), currency="GBP",
    tax_is_included=True, lines=(LINE,), taxes=(), payments=(InvoicePayment(by="money", amount=1000),),
    supplied=(DAY, DAY), paid_on=DAY,
)  # fmt: skip
KILLED = """
import asyncio, os, signal, sys, asyncpg
from components.invoices.issuing import _NEXT
async def main():
    connection = await asyncpg.connect(sys.argv[1])
    async with connection.transaction():
        print(await connection.fetchval(_NEXT, "invoice:0"), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


def draft(cause: str) -> InvoiceDraft:
    return InvoiceDraft(
        kind="invoice", cause=cause, subject="order", reference=ids.new(), document=DOCUMENT, person=None, language="en"
    )  # fmt: skip


async def numbers() -> list[str]:
    return [row["number"] for row in await database.fetch("SELECT number FROM invoice ORDER BY number")]


async def test_fifty_at_once_and_one_killed_with_its_number_leave_no_gap(db: None, dsn: str) -> None:
    await issuing.issue(draft("first"))
    program = [sys.executable, "-c", KILLED, dsn]
    killed = await asyncio.to_thread(
        subprocess.run, program, capture_output=True, env={**os.environ, "PYTHONPATH": "."}
    )
    assert killed.returncode == -signal.SIGKILL and killed.stdout == b"2\n", killed.stderr
    causes = [f"order:{n}" for n in range(50)] * 2  # each is asked for twice
    await asyncio.gather(*(issuing.issue(draft(cause)) for cause in causes))
    assert await numbers() == [f"INV-{n:05d}" for n in range(1, 52)]
    failing = draft("broken")
    with pytest.raises(Exception, match="invoice_adds_up"):
        await issuing.issue(replace(failing, subject="nothing"))
    assert (await issuing.issue(draft("after"))).number == "INV-00052"
    assert await invariants.invariants() == []
    days = await database.fetch("SELECT issued_at FROM invoice ORDER BY serial")
    assert [row["issued_at"] for row in days] == sorted(row["issued_at"] for row in days)


async def test_a_year_of_its_own_where_the_shop_or_its_country_wants_it(db: None) -> None:
    await setting_rows.change({"invoice_years": "yearly"}, by=None)
    clock.set_everywhere(datetime(2027, 12, 31, 23, 59, tzinfo=UTC))
    assert [(await issuing.issue(draft(cause))).number for cause in "ab"] == ["INV-2027-00001", "INV-2027-00002"]
    clock.set_everywhere(datetime(2028, 1, 1, 0, 1, tzinfo=UTC))
    assert (await issuing.issue(draft("c"))).number == "INV-2028-00001"
    await setting_rows.change({"invoice_years": "country"}, by=None)
    assert (await issuing.issue(draft("d"))).number == "INV-00001"
    await setting_rows.change({"country": "ES"}, by=None)
    assert (await issuing.issue(draft("e"))).number == "INV-2028-00002"
    assert await invariants.invariants() == []
    kept = await database.fetch("SELECT keep_until FROM invoice WHERE cause = 'c'")
    assert kept[0]["keep_until"] == date(2034, 12, 31)


async def test_a_missing_number_and_a_counter_that_ran_ahead_are_seen(db: None) -> None:
    for cause in "abc":
        await issuing.issue(draft(cause))
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await database.execute("DELETE FROM invoice WHERE cause = 'b'")
        await database.execute("UPDATE invoice_counter SET last = 9")
        await database.execute("UPDATE invoice SET net = 900, tax = 100 WHERE cause = 'a'")
    found = await invariants.invariants()
    assert len(found) == 3 and "INV-00003" in " ".join(found) and "counted to 9" in " ".join(found)

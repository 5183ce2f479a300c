"""Files of customers and orders come in many rows at once: what comes of it is what comes of each row, and what was
killed in the middle goes on where it was."""

import asyncio
import os
import signal
from collections.abc import Callable
from uuid import UUID

import asyncpg
import psutil
import pytest

from components.foundation import database
from components.product_files.runs import import_job, import_process, import_runs, import_steps
from components.product_files.runs.record_import import RecordImport
from tests.components.old_shop.earlier_files import checked
from tests.support import databases, people
from tests.support.made_records import customers, orders

FILES: dict[str, Callable[[int], bytes]] = {"customers": customers, "orders": orders}
_SEEN = (
    "SELECT email, name, language, password_hash IS NULL, email_confirmed_at FROM person",
    """SELECT p.email, a.name, line1, line2, city, postcode, a.country, phone, is_default
       FROM address a JOIN person p ON p.id = a.person""",
    """SELECT p.email, o.file, made_person, consent, consent_words, consent_at, tags, note, leftover
       FROM old_customer o JOIN person p ON p.id = o.person""",
    """SELECT file, number, placed_at, email, name, address, currency, lines::text, goods, discount, delivery, tax,
       total, refunded, statuses FROM old_order""",
)


@pytest.fixture
async def iris(db: None) -> UUID:
    return (await people.owner()).id


async def seen() -> list[list[str]]:
    return [sorted(map(str, await database.fetch_rows(sql))) for sql in _SEEN]


async def told(source: bytes, kind: str, file: str, *, at_once: bool, rehearses: bool) -> list[object]:
    importing = RecordImport(
        source, kind=kind, run=UUID(int=1), name=file, by=None, rehearses=rehearses, encoding="", chosen={}
    )
    groups = list(importing.reading)
    return await importing.bring_all(groups) if at_once else [await importing.bring(one) for one in groups]


@pytest.mark.parametrize("kind", list(FILES))
async def test_many_at_once_come_to_what_each_comes_to(db: None, kind: str) -> None:
    """The second file knows some of them, says more of them, and of one who was there before."""
    first = FILES[kind](8)
    second = FILES[kind](12).replace(b"Likes blue", b"Likes red").replace(b"refunded", b"paid").replace(b"vip", b"old")
    found = []
    for at_once in (False, True):
        await databases.empty()
        await people.customer("customer3@example.com", name="")
        said = []
        for file, source in (("first.csv", first), ("second.csv", second), ("third.csv", second)):
            for rehearses in (True, False):
                said.append(await told(source, kind, file, at_once=at_once, rehearses=rehearses))
            assert said[-1] == said[-2], "the preview said something else"
        found.append((said, await seen()))
    assert found[0] == found[1] and found[0][1][3 if kind == "orders" else 2]
    assert {one.what for said in found[0][0] for one in said} >= {"new", "changed", "the same"}  # type: ignore[attr-defined]


HELD = {
    "customers": ("person", "INSERT INTO person (id, email, created_at) VALUES ($1, 'customer12@example.com', now())"),
    "orders": (
        "old_order",
        """INSERT INTO old_order (id, run, number, placed_at, imported_at, currency, lines)
        VALUES ($1, $1, '#1012', '2023-01-13 10:11:12 +0100', now(), 'GBP', '[]')""",
    ),
}
"""A row that makes the import wait in its middle."""


@pytest.mark.parametrize("kind", list(FILES))
async def test_an_import_whose_process_is_killed_goes_on_where_it_was(
    iris: UUID, kind: str, monkeypatch: pytest.MonkeyPatch, dsn: str
) -> None:
    many = 20
    run_id = await checked(FILES[kind](many if kind == "customers" else 2 * many), iris)
    await import_runs.begin(run_id)
    monkeypatch.setattr(import_process, "SMALL", 0)
    table, row = HELD[kind]
    already = await database.fetch_value(f"SELECT count(*) FROM {table}")
    other = await asyncpg.connect(dsn)
    holding = other.transaction()
    await holding.start()
    await other.execute(row, UUID(int=1))
    job = asyncio.create_task(import_process.run(str(run_id)))
    async with asyncio.timeout(120):
        while (await import_runs.by_id(run_id)).done < 12:  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.02)
    running = [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]
    (process,) = (one for one in running if import_process.MODULE in one.cmdline())
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(import_process.ImportStopped):
        await job
    await holding.rollback()
    await other.close()
    stopped = (await import_runs.by_id(run_id)).done
    assert 12 <= stopped < many and await database.fetch_value(f"SELECT count(*) FROM {table}") == already + stopped
    await import_job.run(str(run_id))
    run, said = await import_runs.by_id(run_id), await import_steps.told(run_id, most=1)
    assert (run.state, run.done, said.counts["new"]) == ("done", many, many)
    assert await database.fetch_value(f"SELECT count(*) FROM {table}") == already + many
    await import_job.run(str(run_id))
    assert await database.fetch_value(f"SELECT count(*) FROM {table}") == already + many

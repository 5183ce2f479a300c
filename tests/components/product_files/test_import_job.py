"""An import is a job of many small steps: it may be cancelled, killed or stopped at any of them, and goes on there."""

import asyncio
import contextvars
import os
import time
from typing import Any
from uuid import UUID

import pytest

from components.foundation import database, jobs
from components.foundation.sheets.line_remarks import Trouble
from components.product_files import import_archive, import_file
from components.product_files.import_file import FileImport
from components.product_files.runs import import_job, import_process, import_runs, import_steps
from tests.support import people

HEAD = "Handle,Title,Variant SKU,Variant Price\n"


def sheet(count: int, *, start: int = 0) -> bytes:
    return (HEAD + "".join(f"mug-{n},Mug {n},M-{n},24\n" for n in range(start, count))).encode()


@pytest.fixture
async def iris(db: None) -> UUID:
    return (await people.owner()).id


async def products() -> int:
    count: int = await database.fetch_value("SELECT count(*) FROM product")
    return count


async def checked(source: bytes, by: UUID, *, name: str = "mugs.csv") -> UUID:
    run_id = await import_runs.create(source, name=name, by=by)
    await import_job.run(str(run_id))
    return run_id


class Killed(Exception):
    """The process has died here."""


def dying_at(monkeypatch: pytest.MonkeyPatch, turn: int) -> None:
    turns, bring = iter(range(1, 1000)), FileImport.bring

    async def dies(self: FileImport, wanted: Any) -> Any:
        step = await bring(self, wanted)
        if next(turns) == turn:
            raise Killed
        return step

    monkeypatch.setattr(FileImport, "bring", dies)


async def test_an_import_that_was_killed_goes_on_where_it_was(iris: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = await checked(sheet(5), iris)
    assert await products() == 0
    await import_runs.begin(run_id)
    with monkeypatch.context() as patch:
        dying_at(patch, 3)
        with pytest.raises(Killed):
            await import_job.run(str(run_id))
    assert await products() == (await import_runs.by_id(run_id)).done == 2
    await import_job.run(str(run_id))
    run, told = await import_runs.by_id(run_id), await import_steps.told(run_id, most=10)
    assert (run.state, run.done, await products(), told.counts) == ("done", 5, 5, {"new": 5})
    stored = await import_archive.file_by_name("mugs.csv")
    assert stored is not None and all(row.product and row.variant for row in stored.rows)
    await import_job.run(str(run_id))
    assert await products() == 5


async def test_a_cancelled_import_stops_after_the_product_in_hand(iris: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = await checked(sheet(5), iris)
    await import_runs.begin(run_id)
    bring = FileImport.bring

    async def brings(self: FileImport, wanted: Any) -> Any:
        if wanted.product.slug == "mug-2":
            await asyncio.create_task(import_runs.cancel(run_id), context=contextvars.Context())
        return await bring(self, wanted)

    monkeypatch.setattr(FileImport, "bring", brings)
    await import_job.run(str(run_id))
    run = await import_runs.by_id(run_id)
    assert (run.state, run.done, await products()) == ("cancelled", 2, 2)
    with pytest.raises(import_runs.NotWaiting):
        await import_runs.begin(run_id)


async def test_a_preview_says_what_two_products_of_the_file_both_claim(iris: UUID) -> None:
    source = (HEAD + "a,Mug A,SAME,24\nb,Mug B,SAME,24\n").encode()
    preview = await import_file.preview(source, name="same.csv")
    real = await import_file.run_import(source, name="same.csv")
    assert preview.notes == real.notes == [Trouble(3, "The SKU “SAME” stands in row 2 too. Both keep it.")]
    assert preview.troubles == real.troubles == []
    assert preview.told == real.told


async def test_what_cannot_be_read_is_said_where_it_was_sent_or_on_its_page(iris: UUID) -> None:
    run_id = await checked(sheet(2) + b'x,"never closed,1,2\n', iris)
    run = await import_runs.by_id(run_id)
    assert run.state == "failed" and "never closed" in run.why
    assert await database.fetch_value("SELECT content FROM product_import") is None


async def test_others_do_not_wait_for_a_large_file(iris: UUID) -> None:
    """They are read and applied by a process of their own. `IMPORT_LINES=120000` tries as many as a file may have."""
    lines = int(os.environ.get("IMPORT_LINES", "6000"))
    source = (HEAD + "".join(f"mug,Mug,,{n}x\n" for n in range(lines)) + "bowl,Bowl,B-1,24\n").encode()
    run_id = await import_runs.create(source, name="mugs.csv", by=iris)
    waits = Waits()
    async with waits:
        await import_process.run(str(run_id))
    run = await import_runs.by_id(run_id)
    assert (run.state, run.lines, run.total) == ("checked", lines + 1, 2)
    assert (await import_steps.told(run_id, most=1)).counts["new"] == 1
    assert waits.longest < 0.2


class Waits:
    """How long whoever shares the loop had to wait for their turn while it computed: other programs do not count."""

    longest = 0.0

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._watch())

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _watch(self) -> None:
        while True:
            began = time.thread_time()
            await asyncio.sleep(0.005)
            self.longest = max(self.longest, time.thread_time() - began)


async def test_the_process_of_an_import_ends_with_its_job(iris: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_process, "SMALL", 0)
    run_id = await checked(sheet(40), iris)
    await import_runs.begin(run_id)
    job = asyncio.create_task(import_process.run(str(run_id)))
    async with asyncio.timeout(60):
        while (await import_runs.by_id(run_id)).done < 3:  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.05)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    stopped = (await import_runs.by_id(run_id)).done
    await asyncio.sleep(0.2)
    assert await products() == (await import_runs.by_id(run_id)).done == stopped < 40


async def test_old_imports_are_deleted_but_not_one_in_hand(iris: UUID) -> None:
    await checked(sheet(1), iris)
    begun = await checked(sheet(2), iris, name="other.csv")
    await import_runs.begin(begun)
    await database.execute("UPDATE product_import SET created_at = created_at - interval '8 days'")
    await import_runs.delete_old()
    assert [run.id for run in await import_runs.recent()] == [begun]
    await jobs.discard(import_runs.TASK)

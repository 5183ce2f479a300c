"""A large file is imported by a process of its own: parsing it takes seconds, and pages do not wait for it."""

import asyncio
import contextlib
import sys
from uuid import UUID

from components.foundation import database
from components.foundation.operations import child_process
from components.product_files.runs import import_job
from components.product_files.tables import ProductImport

SMALL = 50_000
"""Bytes that are read in a few milliseconds: such a file needs no process."""
MODULE = "components.product_files.runs.import_process"
LOOK_SECONDS = 1
NICENESS = 10


class ImportStopped(Exception):
    """The process ended before it was done; the job is tried again and goes on where it was."""


async def run(run_id: str) -> None:
    size = await database.fetch_value("SELECT length(content) FROM product_import WHERE id = $1", UUID(run_id))
    if (size or 0) <= SMALL:
        await import_job.run(run_id)
        return
    async with child_process.started(MODULE, run_id) as process:
        while process.returncode is None and await _is_wanted(run_id):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), LOOK_SECONDS)
        if process.returncode:
            raise ImportStopped(f"exit status {process.returncode}")


async def _is_wanted(run_id: str) -> bool:
    """A process that is still parsing does not see that it has been cancelled."""
    goes_on = ProductImport.state.is_in(["checking", "importing"])
    return await ProductImport.exists().where(ProductImport.id == UUID(run_id), goes_on)


async def _main(run_id: str) -> None:
    async with database.opened(child_process.dsn(), pool_size=2):
        await import_job.run(run_id)


if __name__ == "__main__":
    child_process.begin(niceness=NICENESS)
    asyncio.run(_main(sys.argv[1]))

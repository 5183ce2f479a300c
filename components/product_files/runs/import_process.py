"""A large file is imported by a process of its own: parsing it takes seconds of processor time, and pages do not wait.

The process ends with the job that started it: when that is cancelled, when the shop stops, and when it is killed.
"""

import asyncio
import contextlib
import os
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from components.foundation import clock, database
from components.product_files.runs import import_job

SMALL = 50_000
"""Bytes that are read in a few milliseconds: such a file needs no process."""
DSN = "CLUBFRONT_IMPORT_DSN"
ROOT = Path(__file__).parents[3]
STOP_SECONDS, LOOK_SECONDS = 3, 1
NICE = 10


class ImportStopped(Exception):
    """The process ended before it was done; the job is tried again and goes on where it was."""


async def run(run_id: str) -> None:
    size = await database.fetch_value("SELECT length(content) FROM product_import WHERE id = $1", UUID(run_id))
    if (size or 0) <= SMALL:
        await import_job.run(run_id)
        return
    ahead = (clock.now() - clock.of_this_machine()).total_seconds()
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "components.product_files.runs.import_process", run_id, str(ahead),
        env={**os.environ, DSN: database.dsn(), "PYTHONPATH": paths}, stdin=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        while process.returncode is None and await _is_wanted(run_id):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), LOOK_SECONDS)
        if process.returncode:
            raise ImportStopped(f"exit status {process.returncode}")
    finally:
        await _end(process)


async def _is_wanted(run_id: str) -> bool:
    """A process that is still parsing does not see that it has been cancelled."""
    state = await database.fetch_value("SELECT state FROM product_import WHERE id = $1", UUID(run_id))
    return state in ("checking", "importing")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()


def _end_with_parent() -> None:
    """Nothing is ever sent: reading ends when the other end is closed, however that came about."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


async def _main(run_id: str, ahead: float) -> None:
    shift = timedelta(seconds=ahead)

    def now() -> datetime:
        return clock.of_this_machine() + shift

    clock.use_source(now)
    await database.connect(os.environ[DSN], pool_size=2)
    try:
        await import_job.run(run_id)
    finally:
        await database.disconnect()


if __name__ == "__main__":
    os.nice(NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    asyncio.run(_main(sys.argv[1], float(sys.argv[2])))

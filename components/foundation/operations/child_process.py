"""Heavy work in a process of its own, at a low priority: pages do not wait for it, and it may connect elsewhere.

It has this process's database and clock, and ends with the one that started it: when the job is cancelled, when the
shop stops, and when it is killed.
"""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from components.foundation import clock, database

ROOT = Path(__file__).parents[3]
DSN, AHEAD = "CLUBFRONT_CHILD_DSN", "CLUBFRONT_CHILD_AHEAD"
STOP_SECONDS = 3
MOST_SAID = 2_000


class ChildFailed(Exception):
    """It ended without an answer; the message is the end of what it said."""


@asynccontextmanager
async def started(module: str, *arguments: str, output: int | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    """The module as a process, which has ended when the block has. `output` as for `subprocess`."""
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    ahead = (clock.now() - clock.of_this_machine()).total_seconds()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=asyncio.subprocess.PIPE, stdout=output, stderr=output,
        env={**os.environ, DSN: database.dsn(), AHEAD: str(ahead), "PYTHONPATH": paths},
    )  # fmt: skip
    try:
        yield process
    finally:
        await _end(process)


async def run(module: str, *arguments: str) -> bytes:
    """What the module prints. Raises `ChildFailed`."""
    async with started(module, *arguments, output=asyncio.subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        printed, said = await asyncio.gather(process.stdout.read(), process.stderr.read())
        await process.wait()
    if process.returncode:
        lines = said.decode(errors="replace")[-MOST_SAID:].strip().splitlines()
        raise ChildFailed(lines[-1] if lines else f"exit status {process.returncode}")
    return printed


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()


def begin(*, niceness: int) -> timedelta:
    """In the process itself, first of all: takes over the clock; how far it is ahead of the machine's."""
    os.nice(niceness)
    os.umask(0o077)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    ahead = timedelta(seconds=float(os.environ[AHEAD]))
    clock.use_source(lambda: clock.of_this_machine() + ahead)
    return ahead


def dsn() -> str:
    """In the process itself: the address of the shop's database."""
    return os.environ[DSN]


def _end_with_parent() -> None:
    """Nothing is ever sent: reading ends when the other end is closed, however that came about."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)

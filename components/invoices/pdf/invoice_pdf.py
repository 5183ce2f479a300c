"""Invoices as PDF, made in a process of their own that is bounded in time and memory, from what was printed alone."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from weakref import WeakKeyDictionary

from components.brand import logos
from components.foundation import json
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.invoices import issuing
from components.invoices.tables import IssuedInvoice

SECONDS = 20.0
"""For each, the start of the process included; one takes less than a second."""
AT_ONCE = 2
MOST_BYTES = 20_000_000
_PROGRAM = Path(__file__).parent / "pdf_process.py"
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class NoPdf(Refusal):
    message = N_("The PDF could not be made. Please try again in a minute, or print the page.")
    status = 503


async def of(row: IssuedInvoice) -> bytes:
    """Raises `NoPdf`."""
    async for made in of_many([row]):
        return made
    raise NoPdf


async def of_many(rows: Iterable[IssuedInvoice]) -> AsyncIterator[bytes]:
    """One after another from one process, which has ended when the last is there. Raises `NoPdf`."""
    async with _turn(), _process() as process:
        for row in rows:
            try:
                async with asyncio.timeout(SECONDS):
                    yield await _made(process, await _written(row))
            except (TimeoutError, asyncio.IncompleteReadError, ConnectionError) as trouble:
                raise NoPdf from trouble


def _turn() -> asyncio.Semaphore:
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


@contextlib.asynccontextmanager
async def _process() -> AsyncIterator[asyncio.subprocess.Process]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(_PROGRAM), stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL,
        env={"RAYON_NUM_THREADS": "1", "LANG": "C.UTF-8"},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _written(row: IssuedInvoice) -> str:
    """What was printed, with the signs of its logo behind it."""
    printed = issuing.printed_of(row)
    found = await logos.file(printed.logo.partition("-")[0]) if printed.logo else None
    return json.dump({"printed": printed, "logo": list(found.png) if found else []})


async def _made(process: asyncio.subprocess.Process, written: str) -> bytes:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(written.encode() + b"\n")
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(4), "big")
    if length > MOST_BYTES:
        raise NoPdf
    return await process.stdout.readexactly(length)

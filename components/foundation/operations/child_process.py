"""Heavy work in a process of its own, at a low priority: pages do not wait for it, and it may connect elsewhere.

The process ends with the one that started it: when the job is cancelled, when the shop stops, and when it is killed.
"""

import asyncio
import os
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).parents[3]
STOP_SECONDS = 3
NICE = 15
MOST_SAID = 2_000


class ChildFailed(Exception):
    """It ended without an answer; the message is the end of what it said."""


async def run(module: str, *arguments: str, given: dict[str, str]) -> bytes:
    """What the module prints. `given` is added to its environment. Raises `ChildFailed`."""
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, env={**os.environ, **given, "PYTHONPATH": paths},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    try:
        printed, said = await asyncio.gather(process.stdout.read(), process.stderr.read())
        await process.wait()
    finally:
        await _end(process)
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


def begin() -> None:
    """In the process itself, first of all."""
    os.nice(NICE)
    os.umask(0o077)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Nothing is ever sent: reading ends when the other end is closed, however that came about."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)

"""What pages cost the database of a served shop: statements, and processor time, which no other program adds to."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import psutil

from components.foundation import database
from components.foundation.database import embedded

TRIES = 3
_ONE = re.compile(rb" LOG:  (?:execute|statement)")


def processor_ms(data: Path, ask: Callable[[], object]) -> float:
    """The least of a few times: of all processes of the server, those that have ended included."""
    return min(_processor_ms(data, ask) for _ in range(TRIES))


def _processor_ms(data: Path, ask: Callable[[], object]) -> float:
    began = used_ms(data)
    ask()
    return used_ms(data) - began


def used_ms(data: Path) -> float:
    first = psutil.Process(int((data / "postgres" / "postmaster.pid").read_text().split()[0]))
    ended = first.cpu_times()
    total = 1000.0 * float(ended.children_user + ended.children_system)
    for one in first.children():
        try:
            total += float(Path(f"/proc/{one.pid}/schedstat").read_text().split()[0]) / 1e6
        except OSError:
            continue
    return total


class StatementLog:
    """The server writes each statement down while this lasts. Listeners send some too, without a worker few: the fewest
    of a few tries are the page's."""

    def __init__(self, data: Path) -> None:
        self.data, self.log = data, data / "postgres" / "log"

    def __enter__(self) -> "StatementLog":
        asyncio.run(self._set("'all'"))
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run(self._set("'none'"))

    async def _set(self, value: str) -> None:
        await database.connect(embedded.start(self.data), pool_size=2)
        try:
            await database.execute(f"ALTER SYSTEM SET log_statement = {value}")
            await database.execute("SELECT pg_reload_conf()")
        finally:
            await database.disconnect()
            embedded.stop(self.data)

    def of(self, ask: Callable[[], object]) -> int:
        return min(self._of(ask) for _ in range(TRIES))

    def _of(self, ask: Callable[[], object]) -> int:
        begins = self.log.stat().st_size
        ask()
        with self.log.open("rb") as written:
            written.seek(begins)
            return len(_ONE.findall(written.read()))

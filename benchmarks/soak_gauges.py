"""What a soak looks at each minute, and what it says of it in the end."""

import statistics
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

MB = 1024 * 1024
LARGEST = 5
MAY_GROW_A_MINUTE = {"USS": 0.15, "connections": 0.1, "open files": 0.3}
"""The slope over the second half from which on something is said to grow: MB, or pieces, a minute."""
WARM = 80
"""Minutes after which caches have filled; a shorter soak may grow by so much more, as it is still getting warm."""

_SIZES = """SELECT relname AS name, pg_total_relation_size(oid) AS size FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
_WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"


@dataclass(frozen=True)
class Look:
    minute: int
    memory: dict[str, tuple[float, float]]
    """RSS and USS in MB of each process by name."""
    files: int
    connections: int
    jobs: int
    database: float
    log: float


class Gauges:
    """Reads a served shop from outside: its processes, its database, its log."""

    def __init__(self, process: int, data: Path, log: Path) -> None:
        self.root, self.data, self.log = psutil.Process(process), data, log
        self.looks: list[Look] = []
        self._sizes: dict[str, int] = {}
        self._first: dict[str, int] = {}

    def heading(self) -> None:
        counts = "".join(f"{name:>6}" for name in ("files", "conn", "jobs"))
        print(f"{'min':>4}  {'RSS / USS in MB of each process':44}{counts}{'tables':>10}{'log':>9}")

    async def look(self, minute: int, words: str = "") -> None:
        socket = (self.data / "postgres" / "postmaster.pid").read_text().splitlines()[4]
        connection = await asyncpg.connect(host=socket, user="postgres", database="postgres")
        try:
            self._sizes = {row["name"]: row["size"] for row in await connection.fetch(_SIZES)}
            counted = [await connection.fetchval(sql) for sql in (_CONNECTIONS, _WAITING)]
        finally:
            await connection.close()
        self._first = self._first or self._sizes
        memory, files = self._processes()
        told = Look(minute, memory, files, *counted, sum(self._sizes.values()) / MB, self.log.stat().st_size / MB)
        self.looks.append(told)
        each = "  ".join(f"{name} {rss:.0f}/{uss:.0f}" for name, (rss, uss) in memory.items())
        counts = f"{files:6}{told.connections:6}{told.jobs:6}{told.database:7.1f} MB{told.log:6.2f} MB"
        print(f"{minute:4}  {each:44}{counts}  {words}", flush=True)  # fmt: skip

    def _processes(self) -> tuple[dict[str, tuple[float, float]], int]:
        memory, files, webs = {}, 0, 0
        for one in (self.root, *sorted(self.root.children(recursive=True), key=lambda each: each.pid)):
            try:
                if "postgres" in one.name() or "resource_tracker" in " ".join(one.cmdline()):
                    continue
                told, held = one.memory_full_info(), one.num_fds()
            except psutil.Error:
                continue
            webs += one.pid != self.root.pid
            name = "parent" if one.pid == self.root.pid else f"web{webs}"
            memory[name] = (told.rss / MB, told.uss / MB)
            files += held
        return memory, files

    def verdict(self) -> list[str]:
        """Prints the slope of each over the second half; returns what grows."""
        half = [look for look in self.looks if look.minute * 2 >= self.looks[-1].minute]
        half = half if len(half) > 1 else self.looks
        rows = {f"USS of {name}": [look.memory.get(name, (0.0, 0.0))[1] for look in half] for name in half[-1].memory}
        rows |= {"connections": [look.connections for look in half], "open files": [look.files for look in half]}
        cold, grown = max(1.0, min(8.0, WARM / self.looks[-1].minute)), []
        for name, values in rows.items():
            slope = statistics.linear_regression([look.minute for look in half], values).slope
            most = MAY_GROW_A_MINUTE["USS" if name.startswith("USS") else name] * cold
            is_flat = slope <= most
            grown += [] if is_flat else [name]
            said = "flat" if is_flat else "GROWS"
            print(f"  {name:14} {slope:+.3f} a minute (≤ {most:.2f}) over the second half: {said}")
        last = self.looks[-1]
        log = (last.log - self.looks[0].log) * 1024 / max(1, last.minute)
        print(f"  log {log:.1f} kB a minute; {last.jobs} jobs wait")
        print(f"  tables {self.looks[0].database:.1f} → {last.database:.1f} MB, most of it:")
        more = {name: size - self._first.get(name, 0) for name, size in self._sizes.items()}
        for name in sorted(more, key=more.__getitem__, reverse=True)[:LARGEST]:
            print(f"    {name:24} {more[name] / 1024:+8.0f} kB")
        return grown

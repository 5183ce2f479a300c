"""Several machines on one: a PostgreSQL and its streaming replica, PgBouncer, and shops on folders of their own."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil

from benchmarks import servers
from components.foundation.database import embedded
from tests.operate.served import Served
from tests.operate.test_pgbouncer import BOUNCER, LIMITS, SETTINGS

SHARED = {"SECRET_KEY": "b0" * 32, "INSTALL_ID": "4a1f", "WORKERS": "1"}


class Postgres:
    """A primary with a replica that streams from it. Every address names both, and asks for the primary."""

    def __init__(self, folder: Path) -> None:
        embedded.start(folder)
        self.primary, self.replica = folder / "postgres", folder / "replica"
        self._server = psutil.Process(int((self.primary / "postmaster.pid").read_text().split()[0]))
        uid, gid = self._server.uids().real, self._server.gids().real
        self.user = {"user": uid, "group": gid} if os.geteuid() == 0 else {}
        self.replica.mkdir(mode=0o700)
        if self.user:
            shutil.chown(self.replica, uid, gid)
            folder.chmod(0o755)
        self.run("pg_basebackup", "-D", self.replica, "-R", "-X", "stream", "-c", "fast", "-h", self.primary,
                 "-U", "postgres")  # fmt: skip
        (self.replica / ".s.PGSQL.5432.lock").unlink(missing_ok=True)  # copied, for the socket is in the data folder
        self.run("pg_ctl", "-D", self.replica, "-l", self.replica / "log", "-w", "-o", f"-h '' -k {self.replica}",
                 "start")  # fmt: skip
        both = quote(f"{self.primary},{self.replica}", safe="/,")
        self.address = f"postgresql://postgres@/postgres?host={both}&target_session_attrs=primary"

    def run(self, name: str, *words: object) -> str:
        done = subprocess.run(
            [embedded.programs() / name, *map(str, words)], cwd="/", text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **self.user,
        )  # type: ignore[call-overload]  # fmt: skip
        log = self.replica / "log"
        assert done.returncode == 0, done.stdout + (log.read_text() if log.exists() else "")
        return str(done.stdout)

    def ask(self, sql: str, at: Path) -> str:
        return self.run("psql", "-XAtc", sql, "-h", at, "-U", "postgres", "postgres").strip()

    def lose_primary(self) -> None:
        self.run("pg_ctl", "-D", self.primary, "-m", "immediate", "-w", "stop")

    def promote(self) -> None:
        self.run("pg_ctl", "-D", self.replica, "-w", "promote")

    def end(self) -> None:
        for data in (self.primary, self.replica):
            if (data / "postmaster.pid").exists():
                self.run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


class Pooler:
    """PgBouncer, in front of one of the two."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        self.port, self._ini = servers.free_port(), folder / "pgbouncer.ini"
        self.address = f"postgresql://postgres@127.0.0.1:{self.port}/shop"
        self.lead_to(postgres.primary)
        self.process = subprocess.Popen([str(BOUNCER), str(self._ini)], stderr=subprocess.DEVNULL, **postgres.user)  # type: ignore[call-overload]

    def lead_to(self, server: Path) -> None:
        said = SETTINGS.format(folder=server, name="postgres", port=self.port, mode="transaction", more=LIMITS)
        self._ini.write_text(said)
        self._ini.chmod(0o644)

    def reload(self) -> None:
        self.process.send_signal(1)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)


class Machine(Served):
    """A shop whose database is elsewhere."""

    def __init__(self, data: Path, database: str, pooled: str) -> None:
        super().__init__(data)
        self.log = data.parent / f"{data.name}.log"
        self._more = SHARED | {"DATABASE_URL": database, "POOLED_DATABASE_URL": pooled}

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | self._more


@contextmanager
def several(folder: Path, count: int) -> Iterator[tuple[Postgres, Pooler, list[Machine]]]:
    postgres = Postgres(folder)
    try:
        pooler = Pooler(folder, postgres)
        machines = [Machine(folder / f"machine-{number}", postgres.address, pooler.address) for number in range(count)]
        try:
            yield postgres, pooler, machines
        finally:
            for one in machines:
                one.stop()
            pooler.end()
    finally:
        postgres.end()

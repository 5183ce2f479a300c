"""A shop that runs as it is served, on a data folder of its own; only its own process group is ever ended."""

import os
import signal
import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import psutil
import pytest

from benchmarks import servers
from tests.support import demos

ENDURANCE = pytest.mark.skipif("ENDURANCE" not in os.environ, reason="it serves whole shops: make endurance")


class Served:
    """A shop on its own data folder that can be killed and started again."""

    patience = 120
    """Seconds for a command."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, servers.free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = data.parent / "shop.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.started = datetime.min

    @property
    def environment(self) -> dict[str, str]:
        return demos.environment(self.data, PORT=str(self.port), BASE_URL=self.address, LOG_LEVEL="error")

    def start(self, *how: str) -> None:
        self.started = datetime.now(UTC)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [*demos.PROGRAM, "serve", *how],
                env=self.environment,
                cwd=demos.ROOT,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        servers.await_answer(self.address, self.process, self.log)

    def kill(self) -> None:
        """Every process of the shop at once, its embedded database too, without a word."""
        assert self.process is not None
        pid_file = self.data / "postgres" / "postmaster.pid"
        database = int(pid_file.read_text().split()[0])
        os.killpg(self.process.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(database, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            servers.stop(self.process)

    def command(
        self, *words: str, given: str = "", also: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """`also` is said in its environment."""
        return subprocess.run(
            [*demos.PROGRAM, *words],
            env=self.environment | (also or {}),
            cwd=demos.ROOT,
            input=given,
            capture_output=True,
            text=True,
            timeout=self.patience,
        )

    async def connect(self) -> asyncpg.Connection:
        """To the embedded database, as somebody who is not the shop."""
        socket = (self.data / "postgres" / "postmaster.pid").read_text().splitlines()[4]
        return await asyncpg.connect(host=socket, user="postgres", database="postgres")

    def stop_database(self) -> "StoppedDatabase":
        """As a restart of PostgreSQL begins: every connection is cut, nothing is lost."""
        return StoppedDatabase(psutil.Process(int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])))


class StoppedDatabase:
    """What is needed to start it again with the command line it had."""

    def __init__(self, server: psutil.Process) -> None:
        self._line, self._folder = server.cmdline(), server.cwd()
        self._user, self._group = server.uids().real, server.gids().real
        server.send_signal(signal.SIGINT)
        server.wait(30)

    def start_again(self) -> None:
        subprocess.Popen(
            self._line,
            cwd=self._folder,
            user=self._user,
            group=self._group,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

"""A PostgreSQL with a copy of a data folder, on a port: as somebody's own server, which can die and be replaced."""

import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from benchmarks import servers
from components.foundation.database import embedded
from tests.operate.served import Served


class OwnServer:
    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.process: subprocess.Popen[bytes] | None = None

    def copied_to(self, folder: Path) -> "OwnServer":
        """Another server, which has what is on this one's disk now, and answers at the same address."""
        subprocess.run(["cp", "-a", str(self.folder), str(folder)], check=True)
        (folder / "postmaster.pid").unlink(missing_ok=True)
        return OwnServer(folder, self.port)

    def start(self) -> None:
        """Returns when it answers. PostgreSQL's own user runs it, for it refuses root."""
        owner: Any = self.folder.stat()
        self.process = subprocess.Popen(
            [embedded.programs() / "postgres", "-D", self.folder, "-p", str(self.port), "-h", "127.0.0.1", "-k", ""],
            user=owner.st_uid, group=owner.st_gid, cwd=self.folder, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + 60
        while self.ask("SELECT 1") != "1":
            assert time.monotonic() < until and self.process.poll() is None, "the server does not start"
            time.sleep(0.05)

    def ask(self, statement: str) -> str:
        dsn = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        told = subprocess.run([embedded.programs() / "psql", "-XAtqc", statement, dsn], capture_output=True, text=True)
        return told.stdout.strip()

    def kill(self) -> None:
        """The machine is gone: no process of it says another word."""
        if self.process is None:
            return
        with suppress(psutil.NoSuchProcess):
            of_it = psutil.Process(self.process.pid).children(recursive=True)
            for one in [self.process, *of_it]:
                one.kill()
        self.process.wait()
        self.process = None


class WithOwnServer(Served):
    """A shop whose `DATABASE_URL` names a server of that kind."""

    def __init__(self, data: Path, server: OwnServer) -> None:
        super().__init__(data)
        self.server = server

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"DATABASE_URL": f"postgresql://postgres@127.0.0.1:{self.server.port}/postgres"}


def of(stocked: Served) -> OwnServer:
    """With what the embedded server of this shop, which does not run, has on its disk."""
    return OwnServer(stocked.data / "postgres", servers.free_port()).copied_to(stocked.data.parent / "first-server")

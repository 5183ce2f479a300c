"""The two servers that are compared: the shop, and one that responds with the same bytes without any work."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

PATIENCE = 600
ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Served:
    address: str
    process: int
    log: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def shop(data: Path, *, workers: int = 1, log_level: str = "error", **settings: str) -> Iterator[Served]:
    """The demo shop of this checkout on a data folder of its own: so many processes with their worker.

    `settings` go into its environment.
    """
    port = free_port()
    environment = {
        **os.environ,
        "CLUBFRONT_DATA": str(data),
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "LOG_LEVEL": log_level,
        "WORKERS": str(workers),
    }
    for name in ("DATABASE_URL", "STRIPE_SECRET_KEY", "BASE_URL", "SMTP_URL", "ENVIRONMENT"):
        environment.pop(name, None)
    environment |= settings
    program = [sys.executable, "-m", "web.command", "serve", "--demo"]
    with running(program, environment, data.parent / "shop.log", port) as served:
        yield served


@contextlib.contextmanager
def constant(bodies: dict[str, bytes]) -> Iterator[Served]:
    """granian with an application that only has these bodies, by path."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="clubfront-constant-") as folder:
        for name, body in bodies.items():
            (Path(folder) / name).write_bytes(body)
        where = ["--host", "127.0.0.1", "--port", str(port)]
        command = [str(BIN / "granian"), "--interface", "asgi", "--loop", "uvloop", *where,
                   "--log-level", "error", "--backpressure", "256", "benchmarks.constant:app"]  # fmt: skip
        environment = {**os.environ, "BENCH_BODIES": folder, "PYTHONPATH": str(ROOT)}
        with running(command, environment, Path(folder) / "log", port) as served:
            yield served


@contextlib.contextmanager
def running(
    command: list[str], environment: dict[str, str], log: Path, port: int, *, cwd: Path = ROOT
) -> Iterator[Served]:
    """Started in a process group of its own; only that group is ended."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=environment, cwd=cwd, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            address = f"http://127.0.0.1:{port}"
            await_answer(address, process, log)
            yield Served(address, process.pid, log)
        finally:
            stop(process)


def stop(process: "subprocess.Popen[bytes]", how: int = signal.SIGTERM) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def await_answer(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{address} ended by itself:\n{log.read_text()[-2000:]}")
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{address}/health/live", timeout=2).status_code in (200, 404):
                return
        time.sleep(0.1)
    raise RuntimeError(f"{address} did not answer within {PATIENCE} s:\n{log.read_text()[-2000:]}")

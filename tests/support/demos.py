"""The demo, filled once a run by `clubfront demo`: every test that needs it has a copy of its own."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from components.foundation import clock, database
from components.foundation.database import embedded
from tests.support import databases, jobs, kept, shops
from tests.support.shops import Shop

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "web.command"]
"""What `clubfront` runs, of this checkout: start it in `ROOT`."""
_OF_TESTS = {"BASE_URL", "LOG_LEVEL", "DATABASE_URL", "STRIPE_SECRET_KEY", "PYTHONDONTWRITEBYTECODE"}
_FILLED_AT = "filled-at"


def environment(data: Path, **more: str) -> dict[str, str]:
    """In which a command of the shop works on this data folder."""
    return {name: value for name, value in os.environ.items() if name not in _OF_TESTS} | {
        "CLUBFRONT_DATA": str(data),
        **more,
    }


def unpack(into: Path) -> None:
    """A data folder with the whole demo in it, whose server does not run."""
    kept.unpack("demo-filled", into, _fill, keeper=Path(os.environ["CLUBFRONT_TEST_FOLDER"]))


def begin() -> Callable[[], None]:
    """Have it filled beside the tests that do not need it. Returns what ends that."""
    filling = subprocess.Popen(
        [sys.executable, "-m", "tests.support.demos"],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip

    def end() -> None:
        if filling.poll() is None:
            os.killpg(filling.pid, signal.SIGINT)
        filling.wait(30)

    return end


def _fill(data: Path) -> None:
    """As anybody would."""
    done = subprocess.run(
        [*PROGRAM, "demo"], env=environment(data), cwd=ROOT, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with (data / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write(databases.SPEED)
    (data / _FILLED_AT).write_text(datetime.now(UTC).isoformat())


@asynccontextmanager
async def opened() -> AsyncIterator[Shop]:
    """The demo as a shop of this process, at the moment when it had been filled."""
    own = database.dsn()
    with tempfile.TemporaryDirectory(prefix="clubfront-demo-") as folder:
        data = Path(folder) / "data"
        unpack(data)
        address = embedded.start(data)
        await _work_on(address)
        clock.set_everywhere(datetime.fromisoformat((data / _FILLED_AT).read_text()))
        try:
            async with shops.opened(data, address) as shop:
                yield shop
        finally:
            await _work_on(own)
            embedded.stop(data)


async def _work_on(dsn: str) -> None:
    await jobs.close()
    await database.disconnect()
    await database.connect(dsn, pool_size=20)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="clubfront-demo-") as folder:
        unpack(Path(folder) / "data")

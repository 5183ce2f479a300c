"""A data folder with one product in it, made once by each process of a run and copied to whoever wants it."""

import atexit
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.conftest import keep_templates
from tests.operate.served import Served
from tests.support import demos

PRODUCT, IN_STOCK = "mug", 400


def copy_to(data: Path) -> None:
    """As `data`, which is not there yet or empty. Whoever runs PostgreSQL may pass through its parent."""
    if data.exists():
        data.rmdir()
    data.parent.chmod(0o711)
    subprocess.run(["cp", "-a", str(_made()), str(data)], check=True)


@cache
def _made() -> Path:
    """Not in pytest's own folder: another run of it would close that to the database's user."""
    folder = Path(tempfile.mkdtemp(prefix="clubfront-stocked-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    data = folder / "data"
    data.mkdir()
    keep_templates(data / "template-cache")
    filled = subprocess.run(
        [sys.executable, "-m", "tests.operate.stocking", PRODUCT, str(IN_STOCK)],
        env=Served(data).environment, cwd=demos.ROOT, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert filled.returncode == 0, filled.stderr
    return data

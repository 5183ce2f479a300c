"""A shop that is served, with one product in it."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import keep_templates
from tests.operate.served import Served
from tests.support import demos

PRODUCT, IN_STOCK = "mug", 400


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Not pytest's own: another run of it would close that folder to the database's user."""
    with tempfile.TemporaryDirectory(prefix="clubfront-served-") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def data(folder: Path) -> Path:
    return folder / "data"


@pytest.fixture
def unserved(data: Path) -> Iterator[Served]:
    """The shop, not yet started."""
    data.mkdir(exist_ok=True)
    keep_templates(data / "template-cache")
    shop = Served(data)
    if not (data / "postgres").exists():
        filled = subprocess.run(
            [sys.executable, "-m", "tests.operate.stocking", PRODUCT, str(IN_STOCK)],
            env=shop.environment, cwd=demos.ROOT, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert filled.returncode == 0, filled.stderr
    try:
        yield shop
    finally:
        shop.stop()


@pytest.fixture
def served(unserved: Served) -> Served:
    unserved.start()
    return unserved

"""A shop that is served, with one product in it."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operate import stocked
from tests.operate.served import Served


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
    if not (data / "postgres").exists():
        stocked.copy_to(data)
    shop = Served(data)
    try:
        yield shop
    finally:
        shop.stop()


@pytest.fixture
def served(unserved: Served) -> Served:
    unserved.start()
    return unserved

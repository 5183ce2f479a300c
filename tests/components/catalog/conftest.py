import pytest

from components import catalog


@pytest.fixture
async def empty_shelves(db: None) -> None:
    """No products, and a snapshot that knows it."""
    await catalog.refresh()

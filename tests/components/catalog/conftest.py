import pytest

from components.catalog.snapshot import snapshot_refresh


@pytest.fixture
async def empty_shelves(db: None) -> None:
    """No products, and a snapshot that knows it."""
    await snapshot_refresh.refresh()

import pytest

from tests.support import fill_basket
from tests.support.shops import Shop


@pytest.fixture
async def goods(shop: Shop) -> Shop:
    """A shop that delivers in two ways at home and one abroad."""
    await fill_basket.ways()
    return shop

import pytest

from tests.components.checkout import shopping
from tests.support.shops import Shop


@pytest.fixture
async def goods(shop: Shop) -> Shop:
    """A shop that delivers in two ways at home and one abroad."""
    await shopping.ways()
    return shop

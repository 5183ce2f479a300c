from collections.abc import AsyncIterator

import pytest

from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.opening import setup_links, setup_state, shop_setup
from components.opening.tables import ShopSetup
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

WORDS_OF_ANNA = {
    "shop_name": "Northline Books",
    "country": "GB",
    "trade": "books",
    "name": "Anna North",
    "email": "anna@northline.example",
    "password": "long walk by the river",
}


class NewShop:
    """A shop that was begun a moment ago; `link` is the path of its one-time link."""

    def __init__(self, shop: Shop, link: str) -> None:
        self.shop, self.link = shop, link

    def browser(self) -> Browser:
        return self.shop.browser()

    async def begun(self, **answers: str) -> tuple[Browser, Page]:
        """Anna has sent the first page; she stands before the second."""
        anna = self.shop.browser()
        return anna, await anna.post(self.link, WORDS_OF_ANNA | answers)

    async def opened(self, **answers: str) -> Browser:
        """Anna has answered everything."""
        anna, page = await self.begun(**answers)
        page = await anna.submit(page, "/setup/payments", way="practice")
        page = await anna.submit(page, "/setup/emails")
        assert page.path == "/staff", page.words
        return anna


async def new_link() -> str:
    return (await setup_links.issue()).removeprefix("http://shop.test")


@pytest.fixture
async def new_shop(shop: Shop) -> AsyncIterator[NewShop]:
    shop_settings.use(ShopSettings())
    await shop_setup.begin_when_empty()
    yield NewShop(shop, await new_link())
    await ShopSetup.delete(force=True)
    await setup_state.refresh()

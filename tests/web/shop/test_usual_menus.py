"""The usual menus lead to no empty place: collections and the journal are in them once there is something there."""

from components.catalog.products import collections
from components.catalog.products.collections import CollectionDetails
from components.catalog.snapshot import snapshot_refresh
from components.content import article_editing
from components.content.article_editing import Draft
from components.content.site import site_content
from components.content.tables import Article
from components.foundation import clock
from tests.support import make_products
from tests.support.shops import Shop

ARTICLE = {"slug": "ash", "title": "Ash", "teaser": "Of ash.", "body": "All of it."}


async def ways(shop: Shop) -> set[str]:
    await site_content.refresh()
    await snapshot_refresh.refresh()
    links = (await shop.browser().get("/products")).links()
    return {one for one in links if one in ("/collections", "/journal")}


async def test_a_shop_without_collections_or_articles_leads_to_neither(shop: Shop) -> None:
    await make_products.product()
    assert await ways(shop) == set()
    await collections.create(CollectionDetails(title="Bowls"), by=None)
    assert await ways(shop) == {"/collections"}
    await article_editing.create(Draft(**ARTICLE, published_at=None), by=None)
    assert await ways(shop) == {"/collections"}, "a draft is nothing to read yet"
    await Article.update({Article.published_at: clock.now()}).where(Article.slug == "ash")
    assert await ways(shop) == {"/collections", "/journal"}

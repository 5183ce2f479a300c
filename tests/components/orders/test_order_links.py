"""An order's link opens that order, is in no table, and outlives a replaced secret that is still named."""

import dataclasses

import pytest

from components.foundation import database, ids, settings
from components.foundation.secrecy import signing
from components.orders import order_links, queries
from tests.support import buy_products, make_products
from tests.support.shops import Shop


async def test_the_link_is_stored_nowhere_and_one_from_before_still_opens_the_order(goods: Shop) -> None:
    await make_products.product()
    await buy_products.buy(goods, goods.browser())
    order = await buy_products.the_order()
    assert len(order.token) == 43 and (await queries.by_token(order.token)) == order
    assert order.token not in repr(await database.fetch("SELECT to_jsonb(o)::text FROM orders o"))
    earlier = ids.token()
    await database.execute("UPDATE orders SET token_digest = $1", ids.digest(earlier))
    assert (await goods.browser().get(f"/orders/{earlier}")).status == 200
    other = ("B" if order.token[0] == "A" else "A") + order.token[1:]
    for wrong in (ids.token(), signing.stamp(order.id, purpose="another"), other, str(order.id), "é"):
        assert await queries.by_token(wrong) is None


def test_a_replaced_secret_opens_links_while_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    order_id, known = ids.new(), settings.current()
    link = order_links.token(order_id)
    for former, expected in (((), None), ((known.secret_key,), order_id)):
        replaced = dataclasses.replace(known, secret_key="another", former_secret_keys=former)
        monkeypatch.setattr(settings, "current", lambda replaced=replaced: replaced)
        assert order_links.order_id(link) == expected

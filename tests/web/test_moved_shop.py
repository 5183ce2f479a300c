"""A shop that was packed answers every page with words, at once and in each process, until it stays after all."""

import pytest

from components.foundation import database
from components.foundation.shop_settings import shop_settings
from components.keeping import moved_shop
from tests.support import people
from tests.support.shops import Shop


async def test_nothing_is_sold_in_a_shop_that_has_moved(shop: Shop) -> None:
    await people.owner("iris@kiln.test")
    iris, guest = await shop.signed_in("iris@kiln.test"), shop.browser()
    shop_settings.use(shop_settings.current().changed({"shop_languages": "de"}))
    await moved_shop.leave(to="https://new.example.org")
    await moved_shop.refresh()
    try:
        for path in ("/", "/staff", "/sign-in", "/basket", "/setup", "/account"):
            seen = await iris.get(path)
            assert seen.status == 503 and "We have moved" in seen.words, path
        assert "https://new.example.org" in seen.text and seen.headers["retry-after"] == "600"
        assert "Wir sind umgezogen" in (await guest.get("/de/")).words
        for path in ("/api/v1/products", "/hooks/stripe"):
            told = await guest.client.post(path)
            assert told.status_code == 503 and "has moved" in told.json()["detail"], path
        assert (await guest.client.get("/health/live")).status_code == 200
        assert "was packed to be served elsewhere" in await moved_shop.refusal()
    finally:
        assert await moved_shop.stay() and not await moved_shop.stay()
        await moved_shop.refresh()
    assert (await guest.get("/")).status == 200


async def test_there_is_one_such_row_at_most(db: None) -> None:
    await moved_shop.leave(to="")
    await moved_shop.leave(to="https://new.example.org")
    with pytest.raises(Exception, match="moved_shop"):
        await database.execute("INSERT INTO moved_shop (is_moved, at, moved_to) VALUES (false, now(), '')")
    await moved_shop.stay()
    await moved_shop.refresh()

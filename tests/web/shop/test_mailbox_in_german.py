"""What a German practice shop shows of its e-mails is German; and days are typed as Germans write them."""

from datetime import date

import pytest

from components.foundation.languages import language
from components.foundation.shop_settings import setting_rows
from tests.support import buy_products, make_products
from tests.support.shops import Shop
from web.forms.fields import Wrong
from web.forms.times import Day


async def test_the_practice_mailbox_is_in_the_language_of_its_reader(goods: Shop) -> None:
    await setting_rows.change({"shop_languages": "de"}, by=None)
    await make_products.product()
    guest = goods.browser()
    await buy_products.buy(goods, guest)
    await goods.catch_up()
    guest.client.cookies.set("language", "de")
    listed = await guest.get("/mailbox")
    assert listed.heading == "Postfach des Shops" and "Betreff An Art Erstellt Versand" in listed.words
    assert "1 E-Mail" in listed.words and "Order confirmation" not in listed.words
    (href,) = {one for one in listed.links() if one.startswith("/mailbox/")}
    shown = await guest.get(href)
    assert "Nicht gesendet: Es ist kein Mailserver eingerichtet" in shown.words and "Plain text" not in shown.words


def test_a_day_may_be_typed_with_full_stops() -> None:
    field = Day("Day")
    for typed in ("2027-03-31", "31.3.2027", "31.03.2027", "31. 3. 2027"):
        assert field.read(typed) == date(2027, 3, 31), typed
    for typed in ("31.2.2027", "3.31.2027", "31.3.27", "31.3", "31.3.1899"):
        with language.speaking("de"), pytest.raises(Wrong):
            field.read(typed)

"""What a page requires is not called optional on it."""

import pytest

from components.foundation.shop_settings import setting_rows
from tests.support import buy_products, make_products, people
from tests.support.shops import Shop
from web.account.profile.addresses import AddressForm

CELLS = (
    ("DE", {"line1": False, "line2": True, "postcode": False, "city": False}),
    ("GB", {"line1": False, "line2": True, "postcode": False, "city": False}),
    ("CA", {"line1": False, "line2": True, "region": False}),
)


@pytest.mark.parametrize(("country", "called"), CELLS)
async def test_what_a_country_requires_of_an_address(shop: Shop, country: str, called: dict[str, bool]) -> None:
    form = AddressForm.blank(country=country)
    for name, is_called in called.items():
        bound = form.field(name)
        assert (bound.is_called_optional, bound.required) == (is_called, not is_called), (country, name)


async def test_at_the_checkout_and_for_a_phone_number_that_is_required(goods: Shop) -> None:
    await make_products.product(on_hand=5)
    guest = goods.browser()
    await buy_products.put_in(guest)
    for wanted, is_called in (("optional", True), ("required", False)):
        await setting_rows.change({"checkout_phone": wanted}, by=None)
        words = (await guest.get("/checkout")).words
        assert "Address (optional)" not in words and "Postcode (optional)" not in words
        assert ("Phone (optional)" in words) is is_called, wanted


async def test_a_sum_that_a_choice_asks_for(shop: Shop) -> None:
    await people.owner()
    desk = await shop.signed_in("iris@kiln.test")
    for where, labels in (
        ("/staff/coupons/new", ("Percentage off", "Amount off")),
        ("/staff/sales/new", ("Percentage off", "Sale price")),
    ):
        words = (await desk.get(where)).words
        for label in labels:
            assert label in words and f"{label} (optional)" not in words, (where, label)

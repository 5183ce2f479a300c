"""What a bank asks about, or an issuer warns of, when the payment was for an order and a membership together."""

import pytest

from components.foundation import database
from tests.support import buy_products, people
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes_with_orders import club, pays, shopping
from tests.web.shop.test_terms_with_orders import places, term_club
from web.standin.charging import disputes as bank
from web.standin.charging import fraud_warnings as issuer

__all__ = ["club"]


@pytest.mark.parametrize("asked_by", ["bank", "issuer"])
@pytest.mark.parametrize("plan", ["annual", "once"])
async def test_both_parts_can_be_refunded_from_its_page(club: Shop, plan: str, asked_by: str) -> None:
    """And once both are, nothing is left to answer."""
    await term_club()
    maya = await shopping(club)
    await pays(club, maya, await places(maya, f"/checkout?join={plan}"))
    with club.stand_in.engine.changing() as books:
        charge = next(iter(books.find("charge")))
        if asked_by == "bank":
            bank.open_against(books, charge, reason="unrecognized", is_inquiry=True)
        else:
            issuer.send(books, charge, fraud_type="misc")
    await club.catch_up()
    order = await buy_products.the_order()
    iris = await club.signed_in((await people.owner("iris@kiln.test")).email)
    if asked_by == "bank":
        here = f"/staff/payments/disputes/{await database.fetch_value('SELECT stripe_id FROM mirrored_dispute')}"
    else:
        rows = "SELECT stripe_id FROM mirrored_fraud_warning"
        here = f"/staff/payments/fraud-warnings/{await database.fetch_value(rows)}"
    page = await iris.get(here)
    assert ("by refunding both parts in full" in page.words) is (asked_by == "bank")
    offered = [link for link in page.links() if "/refund" in link]
    assert len(offered) == 2 and f"/staff/orders/{order.number}/refunds/new" in offered, offered
    assert "Refund the fee" in page.words and "Refund the order" in page.words
    for link in offered:
        told = await iris.submit(await iris.get(link), link.removesuffix("/new"))
        assert told.status == 200 and "refunded" in told.alerts(), told.words
    await club.catch_up()
    after = (await iris.get(here)).words
    assert ("Inquiry closed" if asked_by == "bank" else "Refunded or disputed") in after, after

"""What is chosen for readers of e-mails: in campaigns and in e-mails about orders, each with its reason and address."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from components.campaigns import campaign_previews
from components.campaigns.campaign_email import CampaignWords
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView
from components.consents import consents
from components.foundation import database
from components.messaging import mailbox
from components.messaging.texts import edited_texts, text_editing
from components.messaging.texts.kinds import all_kinds
from components.messaging.texts.written_email import EmailText
from components.orders import fulfilments
from components.people import customer_accounts
from components.people.privacy import personal_switch
from components.recommendations import product_pairs
from tests.components.campaigns import made, walked
from tests.components.campaigns.made import DRAFT
from tests.support import buy_products, past_orders, people, visits
from tests.support.shops import Shop

NOOR = "noor@kiln.test"
BODY = "Hello {name}\n\n{for you}\n\nBye {link}"
LINE = "- Ash bowl: Because you bought Moon mug http://shop.test/products/ash-bowl"
ITEM = '<a href="http://shop.test/products/ash-bowl">Ash bowl</a>: Because you bought Moon mug'


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    product_pairs._known.clear()
    yield
    edited_texts._Known.texts = {}


@pytest.fixture
async def bowl(goods: Shop) -> ProductView:
    """Of Noor, who has bought the mug that goes with it and agreed to news."""
    mug, bowl = await past_orders.mug_and_bowl()
    noor = await people.customer()
    await past_orders.bought(noor.id, mug)
    await consents.agree(noor.email, ("news",), how="own page", person_id=noor.id)
    return bowl


async def noor() -> UUID:
    found = await customer_accounts.by_email(NOOR)
    assert found is not None
    return found.id


async def campaign() -> tuple[str, str]:
    await made.scheduled(replace(DRAFT, body=BODY), by=await made.owner())
    await made.tick()
    row = await database.fetch_one("SELECT html, text FROM email WHERE recipient = $1 AND template = 'campaign'", NOOR)
    assert row is not None
    return row["html"], row["text"]


async def test_a_campaign_says_it_with_its_reason(bowl: ProductView) -> None:
    html, text = await campaign()
    assert LINE in text and ITEM in html


async def test_a_journey_says_it_with_its_reason(bowl: ProductView) -> None:
    await walked.running("welcome", replace(walked.EMAIL, body=BODY))
    await walked.belongs(await noor())
    await walked.later(minutes=5)
    row = await database.fetch_one("SELECT html, text FROM email WHERE recipient = $1 AND template = 'campaign'", NOOR)
    assert row is not None and LINE in row["text"] and ITEM in row["html"]


async def hide(bowl: ProductView, how: str) -> None:
    await database.execute(f"UPDATE product SET {how} WHERE id = $1", bowl.id)
    await snapshot_refresh.refresh()


@pytest.mark.parametrize("how", ["themselves", "the shop", "members_only = true", "status = 'draft'"])
async def test_nothing_for_whoever_switched_it_off_nor_of_what_not_everybody_may_buy(
    bowl: ProductView, how: str
) -> None:
    off: dict[str, Any] = {"personal_shelves": "off"} if how == "the shop" else {}
    if how == "themselves":
        await personal_switch.switch_off(await noor())
    elif how != "the shop":
        await hide(bowl, how)
    with visits.counting("counts", **off):
        html, text = await campaign()
    assert "Ash bowl" not in html + text and "Because" not in html + text and "Bye" in text


async def test_a_preview_says_it_as_the_customer_and_as_nobody(bowl: ProductView) -> None:
    words = CampaignWords(subject="Hello", body=BODY)
    found = await campaign_previews.as_customer(words, NOOR, by=await made.owner())
    assert LINE in found.text
    assert "Because you bought" in (await campaign_previews.made_up(words)).text


async def test_a_campaign_tells_nothing_of_an_account_whose_address_was_never_confirmed(bowl: ProductView) -> None:
    """Whoever opened it may have typed another's."""
    await database.execute("UPDATE person SET email_confirmed_at = NULL WHERE email = $1", NOOR)
    html, text = await campaign()
    assert "Because" not in html + text and "Bye" in text


async def confirmation(goods: Shop, to: str = NOOR) -> str:
    kind = all_kinds.by_slug("order_shipped")
    state = await text_editing.state(kind)
    body = "Order {order number}\n\nTracked {tracking?}\n\n{for you}\n\n[Order]({order link})"
    await text_editing.save(kind, EmailText("Shipped", body), based_on=state.number, by=None)
    await buy_products.buy(goods, await goods.signed_in(NOOR), "moon-mug", email=to)
    await goods.catch_up()
    row = await database.fetch_one("SELECT id FROM orders WHERE stock_taken_at IS NOT NULL")
    assert row is not None
    await fulfilments.ship(row["id"], carrier="", tracking="", by=None)
    await goods.catch_up()
    (line,) = (await mailbox.email_page(template="order_shipped")).emails
    return (await mailbox.practice_email(line.id)).text


@pytest.mark.parametrize(("state", "is_said"), [("agreed", True), ("not agreed", False), ("switched off", False)])
async def test_an_email_about_an_order_says_it_to_those_who_agreed_to_news(
    goods: Shop, bowl: ProductView, state: str, is_said: bool
) -> None:
    if state == "not agreed":
        await consents.withdraw(NOOR, ("news",), how="own page")
    if state == "switched off":
        await personal_switch.switch_off(await noor())
    text = await confirmation(goods)
    assert (LINE in text) is is_said and "Order" in text


@pytest.mark.parametrize("whose", ["another's", "theirs, never confirmed"])
async def test_an_email_about_an_order_tells_nobody_else_what_they_bought(
    goods: Shop, bowl: ProductView, whose: str
) -> None:
    """Noor orders for Theo, who has agreed to news as well and reads what is sent."""
    to = "theo@kiln.test" if whose == "another's" else NOOR
    await consents.note(to, "news", person_id=await noor(), by=(await people.owner()).id, reason="On paper")
    if to == NOOR:
        await database.execute("UPDATE person SET email_confirmed_at = NULL WHERE email = $1", NOOR)
    text = await confirmation(goods, to)
    assert "Because" not in text and "Order" in text

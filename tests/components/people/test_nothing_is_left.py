"""After somebody has been erased, no row of any table says who they were."""

from components.foundation import database
from components.foundation.database import schema
from components.orders import fulfilments, notes, queries
from components.people import addresses, email_confirmations, erasure, sign_in_links
from tests.support import buy_products, fill_basket, make_products, people
from tests.support.shops import Shop

CANARIES = ("zenobia", "quillfeather", "zq.canary@example.org", "9 canary wharf", "canaryville")
TYPED = {
    "email": "zq.canary@example.org", "name": "Zenobia Quillfeather", "line1": "9 Canary Wharf", "city": "Canaryville",
}  # fmt: skip


async def _found() -> list[str]:
    """Every table of the database, in text, jobs too."""
    names = await database.fetch(
        """SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'
        ORDER BY tablename"""
    )
    left = []
    for name in (row["tablename"] for row in names):
        for row in await database.fetch(f'SELECT to_jsonb(t)::text AS whole FROM "{name}" t'):
            left += [f"{name}: {canary}" for canary in CANARIES if canary in row["whole"].lower()]
    assert len(names) > len(schema.tables()) - 1
    return sorted(set(left))


async def test_no_table_says_who_they_were(shop: Shop) -> None:
    await fill_basket.ways()
    await make_products.product(on_hand=9)
    iris = await people.owner("iris@kiln.test")
    guest = shop.browser()
    await buy_products.buy(shop, guest, **TYPED)
    person = await people.customer(TYPED["email"], name=TYPED["name"])
    await addresses.add(
        person.id, name=TYPED["name"], line1=TYPED["line1"], city=TYPED["city"], postcode="X1", country="GB"
    )
    browser = await shop.signed_in(TYPED["email"])
    await buy_products.buy(shop, browser, **TYPED)
    await sign_in_links.send(TYPED["email"])
    await email_confirmations.request(person.id, email="zq.canary@example.org")
    await shop.browser().client.post("/sign-in", data={"email": TYPED["email"], "password": "wrong"})
    staff = await shop.signed_in("iris@kiln.test")
    await staff.post("/staff/preview", {"who": "person", "person": TYPED["email"], "email": TYPED["email"]})
    await shop.catch_up()
    for row in await database.fetch("SELECT id FROM orders"):
        order = await queries.by_id(row["id"])
        assert order is not None
        await notes.add_note(order, "Zenobia Quillfeather asked for a ribbon", by=iris.id)
        await fulfilments.ship(order.id, by=iris.id)
    await shop.catch_up()
    assert {"orders: zenobia", "order_note: zenobia", "checkout_session: zq.canary@example.org"} <= set(await _found())
    await erasure.erase(person.id)
    await shop.catch_up()
    assert await _found() == []


async def test_a_stranger_who_registers_an_e_mail_erases_nothing_of_its_owner(shop: Shop) -> None:
    await fill_basket.ways()
    await make_products.product(on_hand=9)
    await buy_products.buy(shop, shop.browser(), **TYPED)
    await shop.catch_up()
    before = await _found()
    stranger = await people.newcomer(TYPED["email"])
    await erasure.erase(stranger.id)
    await shop.catch_up()
    assert set(before) <= set(await _found())


async def test_the_copy_of_a_persons_data_holds_everything_that_is_kept_about_them(demo: Shop) -> None:
    """Of a member of two years: whatever table has rows about her has them in the file."""
    browser = await demo.signed_in("maya@kiln.test")
    told = (await browser.client.get("/account/privacy/data.json")).json()
    maya = told["account"]["email"] and await database.fetch_value(
        "SELECT id FROM person WHERE email = 'maya@kiln.test'"
    )
    counted = {
        "credit": "ledger_lot WHERE person = $1", "credit_movements": "ledger_posting WHERE person = $1",
        "gifts": "gift WHERE person = $1", "partner_codes": "partner_code WHERE person = $1",
        "perks_used": "perk_use WHERE person = $1", "benefits_used": "benefit_use WHERE person = $1",
        "gift_memberships_bought": "gift_membership WHERE buyer = $1",
        "gift_memberships_redeemed": "gift_membership WHERE redeemed_by = $1",
        "seats_offered": "seat WHERE payer = $1", "seats_taken": "seat WHERE holder = $1",
        "coupons_used": "coupon_use WHERE person = $1", "addresses": "address WHERE person = $1",
        "sessions": "session WHERE person = $1", "security_events": "security_event WHERE person = $1",
        "orders": "orders WHERE person = $1 AND paid_at IS NOT NULL",
    }  # fmt: skip
    for part, rows in counted.items():
        expected = await database.fetch_value(f"SELECT count(*) FROM {rows}", maya)
        assert abs(len(told[part]) - expected) <= (part == "security_events"), part
    assert told["credit"] and told["benefits_used"] and told["orders"]
    assert not [order for order in told["orders"] if "token" in order]

"""After somebody has been erased, no row of any table says who they were."""

from components.foundation import clock, database, ids
from components.foundation.database import schema
from components.ledger.tables import Lot
from components.memberships.tables import Seat
from components.orders import fulfilments, notes, queries
from components.people import addresses, email_confirmations, sign_in_links
from components.people.privacy import erasure
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from components.pricing.tables import CouponUse
from components.rewards.tables import Gift, PartnerCode, PerkUse
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


async def test_the_copy_of_a_persons_data_holds_everything_that_is_kept_about_them(shop: Shop) -> None:
    maya, at, nobody = await people.customer("maya@kiln.test", name="Maya"), clock.now(), people.NOBODY
    await Gift.insert(
        Gift(id=ids.new(), person=maya.id, benefit=nobody, cause="b", words="A birthday cup", offered="[]", given_at=at)
    )
    await PartnerCode.insert(
        PartnerCode(
            id=ids.new(), benefit=nobody, code="PARTNER-1", position=1, added_at=at, person=maya.id, claimed_at=at
        )
    )
    await PerkUse.insert(
        PerkUse(id=ids.new(), person=maya.id, benefit=nobody, at=at, by=nobody, note="came to the firing")
    )
    await Seat.insert(Seat(id=ids.new(), source_id=nobody, payer=maya.id, email="theo@kiln.test", offered_at=at))
    await Lot.insert(
        Lot(id=ids.new(), person=maya.id, kind="store_credit", words="For a cracked bowl", amount=500, given_at=at)
    )
    chosen = await editing.create(CouponDetails(code="FIRSTFIRE", words="£1 off", discount_type="amount", value=100))
    await CouponUse.insert(
        CouponUse(id=ids.new(), coupon=chosen, order_id=nobody, person=maya.id, at=at, changed_at=at)
    )
    browser = await shop.signed_in("maya@kiln.test")
    told = (await browser.client.get("/account/privacy/data.json")).json()
    assert told["gifts"][0]["words"] == "A birthday cup" and told["partner_codes"][0]["code"] == "PARTNER-1"
    assert (
        told["perks_used"][0]["note"] == "came to the firing" and told["seats_offered"][0]["email"] == "theo@kiln.test"
    )
    assert told["credit"][0]["amount"] == 500 and told["coupons_used"][0]["code"] == "FIRSTFIRE"
    assert {one["what"] for one in told["security_events"]} >= {"account opened", "sign-in"}
    for part in ("gift_memberships_bought", "gift_memberships_redeemed", "seats_taken", "benefits_used", "orders"):
        assert told[part] == []

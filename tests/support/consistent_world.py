"""A shop in which something of everything has happened, and of which every invariant holds."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from components.consents import consents
from components.foundation import clock, database, ids
from components.foundation.shop_settings import setting_rows
from components.insights.movements import movements
from components.memberships.plans import plan_catalogue
from components.orders import fulfilments, notes
from components.orders.refunds import refund_requests, refunds
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from tests.support import buy_products, give_benefits, join_members, make_products, people
from tests.support.shops import Shop

ALMOST_MARCH = datetime(2027, 2, 28, 23, 30, tzinfo=UTC)
"""A month ends meanwhile: its figures are added up."""
EVERYTHING = {"covers": "everything"}
HALF_OFF = {"discount_type": "percent", "percent": 1000, **EVERYTHING}

# What takes many steps by hand, and of which the rows alone matter.
_BY_HAND = (
    """WITH c AS (INSERT INTO visit_consent (id, given_at, person)
         SELECT gen_random_uuid(), now(), id FROM person WHERE email LIKE 'sam%' RETURNING id, person)
       INSERT INTO page_view (id, at, day, visitor, person, kind, subject)
       SELECT gen_random_uuid(), now(), now()::date, id, person, 'product', 'moon-mug' FROM c""",
    """INSERT INTO view_count (id, day, kind, subject, times)
       SELECT gen_random_uuid(), day, kind, subject, 1 FROM page_view""",
    """INSERT INTO early_units (id, variant, product, person, because_of, quantity, bought, at)
       SELECT gen_random_uuid(), l.variant_id, l.product_id, o.person, o.id, 1, 1, now() FROM order_line l
       JOIN orders o ON o.id = l."order" WHERE o.person IS NOT NULL AND l.gift IS NULL LIMIT 1""",
    "UPDATE coupon SET limit_each = 1, limit_total = NULL",  # as a guest could use it before it asked for a sign-in
    "UPDATE coupon_use SET email = 'guest@example.org'",
    """INSERT INTO early_count (id, person, product, units)
       SELECT gen_random_uuid(), person, product, 1 FROM early_units""",
    "UPDATE variant v SET early_taken = 1 FROM early_units e WHERE e.variant = v.id",
    """INSERT INTO partner_code (id, benefit, code, position, added_at, person, claimed_at)
       SELECT gen_random_uuid(), b.id, 'CODE', 1, now(), p.id, now() FROM person p, benefit b LIMIT 1""",
    """INSERT INTO picture_fetch (id, key, address, host, state, why, wanted_at, next_at, path, width, height)
       VALUES (gen_random_uuid(), 'k', 'https://old.test/a.jpg', 'old.test', 'fetched', '', now(), now(), 'a', 9, 9)""",
    """INSERT INTO picture (id, product, path, alt, width, height, source)
       SELECT gen_random_uuid(), (SELECT id FROM product LIMIT 1), f.path, '', 9, 9, f.id FROM picture_fetch f""",
    """INSERT INTO article (id, slug, title, teaser, body, created_at, changed_at)
       VALUES (gen_random_uuid(), 'glaze', 'Glaze', '', '', now(), now())""",
    """WITH p AS (INSERT INTO page (id, slug, kind, title, created_at, changed_at)
         VALUES (gen_random_uuid(), 'terms', 'terms', 'Terms', now(), now()) RETURNING id)
       INSERT INTO page_version (id, page, number, title, at) SELECT gen_random_uuid(), id, 1, 'Terms', now() FROM p""",
    """INSERT INTO email_text_version (id, kind, number, subject, body, is_original, at)
       SELECT gen_random_uuid(), 'gift', n, 'A gift', 'Hello', false, now() FROM generate_series(1, 2) n""",
    """INSERT INTO email_text_trouble (id, kind, number, words, at)
       VALUES (gen_random_uuid(), 'gift', 2, 'It broke.', now())""",
    """INSERT INTO gift_membership (id, buyer, plan_version, code, giver_name, recipient_name, recipient_email, send_at,
         created_at, paid_at, redeemed_at, redeemed_by, begun_at, net_amount, tax_country, taxes)
       SELECT gen_random_uuid(), p.id, v.id, 'GIFT', '', '', '', now(), now(), now(), now(), p.id, now(),
         v.price - (v.price + 3) / 6, 'GB',
         jsonb_build_array(jsonb_build_object('name', 'VAT', 'rate_bp', 2000, 'tax', (v.price + 3) / 6))
       FROM person p, plan_version v WHERE p.email LIKE 'sam%' LIMIT 1""",
    """INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at)
       SELECT gen_random_uuid(), g.redeemed_by, v.plan, 'gift', g.id, now() - interval '2 years',
         now() - interval '1 year'
       FROM gift_membership g JOIN plan_version v ON v.id = g.plan_version""",
    """INSERT INTO paid_term (id, payer, plan_version, created_at, paid_at, net_amount, tax_country, taxes)
       SELECT gen_random_uuid(), g.buyer, g.plan_version, now(), now(), g.net_amount, g.tax_country, g.taxes
       FROM gift_membership g""",
    """INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at)
       SELECT gen_random_uuid(), t.payer, v.plan, 'term', t.id, now() - interval '4 years', now() - interval '3 years'
       FROM paid_term t JOIN plan_version v ON v.id = t.plan_version""",
    """INSERT INTO seat (id, source_id, payer, email, offered_at, holder, taken_at, ended_at)
       SELECT gen_random_uuid(), m.source_id, m.holder, '', m.starts_at, m.holder, m.starts_at, m.ends_at
       FROM membership m WHERE m.source = 'term'""",
    """INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at)
       SELECT gen_random_uuid(), m.holder, m.plan, 'seat', s.id, m.starts_at, m.ends_at
       FROM seat s JOIN membership m ON m.source_id = s.source_id""",
)


async def happened(shop: Shop) -> None:
    """Maya joins, is given credit and a cup, and buys with both; a guest buys with a coupon; staff send and refund."""
    clock.set_everywhere(ALMOST_MARCH)
    await setting_rows.change({"invoices": "on"}, by=None)
    staff = (await people.customer("sam@kiln.test", name="Sam")).id
    await make_products.product(on_hand=50)
    cup = await make_products.product("Little cup", price=900, on_hand=5)
    await give_benefits.plan(
        ("member_price", "10% off", HALF_OFF),
        ("free_delivery", "Free delivery", {"threshold": 0}),
        ("cashback", "3% back", {"rate": 300, "days": 90}),
        ("gift", "A cup to begin with", {"occasion": "joining", "variants": [cup.lead.id], "days": 30}),
    )
    maya = await join_members.joins(shop, plan_catalogue.by_slug("annual"))
    person = await join_members.person()
    await give_benefits.credit(person, 500)
    await buy_products.put_in(maya)
    basket = await maya.get("/basket")
    action = next(f.get("action") for f in basket.tree.iter("form") if "/basket/gifts/" in (f.get("action") or ""))
    await maya.submit(basket, action)
    await shop.pay(await buy_products.check_out(maya))
    await shop.catch_up()
    guests = await _guest_buys(shop)
    await _staff_work(shop, staff, guests)
    await buy_products.put_in(maya)
    for statement in _BY_HAND:
        await database.execute(statement)
    clock.set_everywhere(clock.now() + timedelta(hours=1))
    await shop.catch_up()
    await movements.record_everybody()
    waiting = shop.browser()
    await buy_products.put_in(waiting)
    await buy_products.check_out(waiting, email="waits@example.org")
    await shop.catch_up()


async def _guest_buys(shop: Shop) -> UUID:
    """Two mugs with a coupon."""
    details = CouponDetails(code="FIRE", words="a tenth off", discount_type="percent", value=1000, limit_total=9)
    await editing.create(details)
    browser = shop.browser()
    await buy_products.put_in(browser, quantity=2)
    await browser.submit(await browser.get("/basket"), "/basket/coupon", coupon="FIRE")
    await shop.pay(await buy_products.check_out(browser))
    await shop.catch_up()
    found = await database.fetch_value("SELECT id FROM orders WHERE person IS NULL AND coupon > 0")
    assert isinstance(found, UUID)
    return found


async def _staff_work(shop: Shop, staff: UUID, order_id: UUID) -> None:
    order = await buy_products.order(order_id)
    await consents.agree(order.email, ("news",), how="checkout")
    await notes.add_note(order, "Please ring twice", by=staff)
    request = refund_requests.for_units(order, {order.lines[0].id: 1}, restocks=True)
    made = await refunds.create(order_id, request, by=staff, key=ids.new())
    await refunds.send(made.id)
    await shop.catch_up()
    await fulfilments.ship(order_id, carrier="Post", tracking="1", by=staff)
    await shop.catch_up()

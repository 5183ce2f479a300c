"""How every life begins: three people in a small shop, of whom two are members already."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from components.foundation import clock, database, settings
from components.foundation.shop_settings import setting_rows
from components.memberships.billing import subscription_start
from components.memberships.editing import plan_benefits, plans
from components.memberships.editing.plans import PlanTerms
from components.memberships.keeping_members import save_offers
from components.memberships.plans import plan_catalogue
from components.payments.mirror import EVENTS
from components.payments.timeouts import request_time
from components.payments.values import Payer
from components.people import customer_accounts
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from tests.components.experiments import made
from tests.random_lives.visitors import BEGINNING
from tests.random_lives.world import IN_A_HURRY, World
from tests.support import databases, fill_basket, make_plans, make_products, people, shops, worlds
from web import app as application
from web.standin.standin import StandIn

NAMES = ("maya", "theo", "noor")
GOOD_CARD = "4242424242424242"
PLANS = {
    "monthly": (450, "month"),
    "annual": (3900, "year"),
    "deluxe": (900, "month"),
    "tryout": (700, "month"),
}
CODES: dict[str, tuple[int, int | None]] = {"ONCE": (2000, 1), "TWICE": (5000, 2), "EVER": (2000, None)}
"""What each takes off, and off how many payments."""
MUGS_OFF, TERM_OFF_BP, TRIED, CHEAPER = 500, 2500, 800, 600
"""What a code takes off an order and off what is paid once; what is asked for the plan whose price is tried, and of
some of them less."""
PROMISED = timedelta(days=30)
"""For how long whoever is shown a price that is tried may join at it."""
JOINED = {"maya": "monthly", "theo": "annual"}


async def _stock() -> None:
    owner = await people.owner()
    await fill_basket.ways()
    await make_products.product("Moon mug", price=2400, on_hand=1000)
    tenth = await make_plans.benefit("member_price", "10% off", **make_plans.TENTH_OFF)
    for slug, (price, interval) in PLANS.items():
        plan_id = await plans.create(slug=slug, name=slug.title(), summary="", price=price, interval=interval, by=None)
        await plan_benefits.attach(plan_id, tenth, by=None)
    await _terms("tryout", trial_days=14)
    await _terms("deluxe", seats=1, guarantees_fee=True)
    await _terms("annual", is_giftable=True)
    await make_plans.free_tier()
    for code, (percent_bp, payments) in CODES.items():
        await editing.create(
            CouponDetails(
                code=code, words="Off your fee", discount_type="percent", value=percent_bp, for_fees=True,
                fee_payments=payments,
            )
        )  # fmt: skip
    await editing.create(
        CouponDetails(code="MUGS", words="Off a mug", discount_type="amount", value=MUGS_OFF, stacks=True, limit_each=1)
    )
    await save_offers.add(reason="price", kind="discount", percent_bp=2000, payments=2, every_months=12, by=None)
    term = await plans.create(
        slug="term", name="Term", summary="", price=2000, interval="month", interval_count=3, is_once=True, by=None
    )
    await plan_benefits.attach(term, tenth, by=None)
    await editing.create(
        CouponDetails(
            code="LONG", words="Off your fee", discount_type="percent", value=TERM_OFF_BP, for_fees=True,
            fee_payments=1, fee_plans=("term",),
        )
    )  # fmt: skip
    await setting_rows.change({"renewal_credit": "yes"}, by=None)
    tried = await plans.create(slug="tried", name="Tried", summary="", price=TRIED, interval="month", by=None)
    await plan_benefits.attach(tried, tenth, by=None)
    draft = made.price_draft(plan_catalogue.by_slug("tried"), price=CHEAPER, promise_days=PROMISED.days)
    await made.started(draft, by=owner.id)
    for name in NAMES:
        person = await customer_accounts.sign_up(f"{name}@kiln.test", name=name.title())
        await customer_accounts.confirm(person.id)


async def _terms(slug: str, **terms: Any) -> None:
    await plans.set_terms(plan_catalogue.by_slug(slug).id, PlanTerms(**terms), by=None)


class _Kept:
    """The bank's file as it was when the first members had joined."""

    books: bytes | None = None


async def begun(folder: Path, dsn: str) -> World:
    """Three people, of whom two are members already: put back as rows and as the bank's file."""
    clock.set_everywhere(BEGINNING)
    await databases.empty()
    file = folder / "stand-in.sqlite"
    if _Kept.books is not None:
        file.write_bytes(_Kept.books)
    stand_in = StandIn(file, settings.current().stripe_webhook_secret, events=EVENTS)
    application.connect_payments(stand_in)
    request_time.use_patience(IN_A_HURRY)
    clock.use_system_time()
    stand_in.follow(clock.now)
    world = World(shops.Shop(stand_in, dsn))
    await worlds.begin_with("two members and a visitor", lambda: _joined(world))
    if _Kept.books is None:
        with stand_in.engine.store.changing():
            pass
        stand_in.engine.store.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _Kept.books = file.read_bytes()
    await world.shop.refresh()
    clock.set_everywhere(BEGINNING + timedelta(hours=1))
    for name in NAMES:
        await world.enter(
            name, await database.fetch_value("SELECT id FROM person WHERE email = $1", f"{name}@kiln.test")
        )
    world.owner = await database.fetch_value("SELECT person FROM operator LIMIT 1")
    world.joined = {name: PLANS[plan][0] for name, plan in JOINED.items()}
    return world


async def _joined(world: World) -> None:
    await _stock()
    await world.shop.refresh()
    for name, plan in JOINED.items():
        person = await customer_accounts.by_email(f"{name}@kiln.test")
        assert person is not None
        payer = Payer(person.id, person.email, person.name)
        address = await subscription_start.start(payer, plan_catalogue.by_slug(plan), success_path="/", cancel_path="/")
        await world.pay(address, GOOD_CARD)
    await world.catch_up()

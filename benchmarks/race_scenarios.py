"""What two processes fight over in `benchmarks.races`: each scenario gives out so much a wave, and counts what was had.

Attempts call the verb that a page's POST calls in the end, in the transaction in which it decides; there is no HTTP.
"""

import random
from abc import ABC, abstractmethod
from datetime import timedelta
from uuid import UUID

from components.catalog import invariants as catalog_invariants
from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import products
from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import stock
from components.foundation import clock, database, ids
from components.insights import order_invariants
from components.ledger import credit, reservations
from components.ledger import invariants as ledger_invariants
from components.memberships.editing import plans
from components.memberships.entitlements import membership_periods
from components.memberships.grants import seats
from components.orders import completion, order_creation
from components.orders.order_creation import Agreement
from components.orders.views import PostalAddress
from components.pricing import invariants as pricing_invariants
from components.pricing import quotes
from components.pricing.coupons import editing, redemptions
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.coupons.editing import EVERYTHING, CouponDetails
from components.pricing.price_context import PriceContext
from components.pricing.quotes import Quote, QuoteLine
from components.pricing.tax import TaxTerms

HOME = PostalAddress(name="Noor Haddad", line1="4 Mill Lane", city="Leeds", postcode="LS1 4AB", country="GB")
PENNIES = 100


class Race(ABC):
    """One scenario: `prepare` once, `supply` before each wave, `attempt` from both processes, `had` after it."""

    def __init__(self) -> None:
        self.thing = UUID(int=0)

    @abstractmethod
    async def prepare(self) -> UUID: ...

    async def join(self, thing: UUID) -> None:
        """In each process, once it has been prepared."""
        self.thing = thing

    @abstractmethod
    async def supply(self, wave: int, many: int) -> None: ...

    async def follow(self, wave: int) -> None:  # noqa: B027 - most have nothing to do here
        """In the other process, when it has been supplied."""

    @abstractmethod
    async def attempt(self, chance: random.Random, *, may_lapse: bool) -> None:
        """Raises a `Refusal` when there is none left."""

    @abstractmethod
    async def had(self, wave: int) -> int:
        """How many were had in all, so far."""

    @abstractmethod
    async def broken(self) -> list[str]: ...


class Purchases(Race):
    """Everybody has the checkout open while there is stock, and places the order: `order_creation.place`."""

    async def prepare(self) -> UUID:
        return await products.create(ProductDetails(title="Mug"), [VariantDetails(price=2400, on_hand=0)], slug="mug")

    async def join(self, thing: UUID) -> None:
        await snapshot_refresh.catch_up([thing])
        found = snapshot_refresh.snapshot().product_by_id(thing)
        assert found is not None
        self.variant = found.variants[0]
        self.thing = self.variant.id
        self.quote: Quote = quotes.quote(
            [QuoteLine(self.variant, "Mug", 1)], context=PriceContext.GUEST, delivery=None, delivery_benefit=None,
            tax=TaxTerms(2000, inclusive=True), currency="GBP", at=clock.now(),
        )  # fmt: skip

    async def supply(self, wave: int, many: int) -> None:
        row = await database.fetch_one("SELECT on_hand FROM variant WHERE id = $1", self.thing)
        assert row is not None
        await stock.set_on_hand(self.thing, to=row["on_hand"] + many)

    async def attempt(self, chance: random.Random, *, may_lapse: bool) -> None:
        order = await order_creation.place(
            Agreement(
                person_id=None, email="noor@post.test", name="Noor", address=HOME, delivery_method="", quote=self.quote,
                price_context_key="guest", expires_at=clock.now() + timedelta(minutes=35),
            )
        )  # fmt: skip
        if may_lapse and chance.random() < 0.3:
            await completion.expire(order.id)
        else:
            await completion.record_paid(order.id, reference="race")

    async def had(self, wave: int) -> int:
        return int(await database.fetch_value("SELECT count(*) FROM orders WHERE stock_taken_at IS NOT NULL"))

    async def broken(self) -> list[str]:
        return [*await catalog_invariants.invariants(), *await order_invariants.of_orders()]


class Credit(Race):
    """One person's store credit, a pound at a time: `reservations.reserve` and `spend`, as placing and paying do."""

    async def prepare(self) -> UUID:
        return ids.new()

    async def supply(self, wave: int, many: int) -> None:
        cause = f"race:{ids.new()}"
        await credit.grant(self._whose(wave), many * PENNIES, cause=cause, words="A race", expires_at=None)
        self.wave = wave

    async def follow(self, wave: int) -> None:
        self.wave = wave

    def _whose(self, wave: int) -> UUID:
        """Somebody else every hundred waves, so that nobody has more lots than people have."""
        return UUID(int=(self.thing.int + wave // 100) % 2**128)

    async def attempt(self, chance: random.Random, *, may_lapse: bool) -> None:
        order = ids.new()
        await reservations.reserve(order, person_id=self._whose(self.wave), amount=PENNIES, words="Order")
        if may_lapse and chance.random() < 0.3:
            await reservations.release(order, words="Order was not paid")
        else:
            await reservations.spend(order, amount=PENNIES, words="Order")

    async def had(self, wave: int) -> int:
        return int(await database.fetch_value("SELECT count(*) FROM ledger_posting WHERE kind = 'spent'"))

    async def broken(self) -> list[str]:
        return await ledger_invariants.invariants()


class Coupons(Race):
    """A coupon with a limit: `redemptions.reserve` and `use`, as placing and paying do."""

    async def prepare(self) -> UUID:
        details = CouponDetails(code="RACE", words="A race", discount_type="percent", value=1000, limit_total=1)
        coupon_id = await editing.create(details)
        await database.execute("UPDATE coupon SET limit_total = 0 WHERE id = $1", coupon_id)
        return coupon_id

    async def join(self, thing: UUID) -> None:
        self.thing = thing
        self.coupon = CouponDiscount(thing, "RACE", "A race", "percent", 1000, EVERYTHING)

    async def supply(self, wave: int, many: int) -> None:
        await database.execute("UPDATE coupon SET limit_total = limit_total + $2 WHERE id = $1", self.thing, many)

    async def attempt(self, chance: random.Random, *, may_lapse: bool) -> None:
        order = ids.new()
        async with database.transaction():
            await redemptions.reserve(order, self.coupon, person_id=None, email="")
        if may_lapse and chance.random() < 0.3:
            await redemptions.restore(order)
        else:
            await redemptions.use(order)

    async def had(self, wave: int) -> int:
        return int(await database.fetch_value("SELECT count(*) FROM coupon_use WHERE state = 'used'"))

    async def broken(self) -> list[str]:
        return await pricing_invariants.invariants()


class Seats(Race):
    """A household of five seats, invited by one payer in many windows: `seats.invite`. Each wave is a new household."""

    MOST = 5

    async def prepare(self) -> UUID:
        plan = await plans.create(slug="household", name="Household", summary="", price=900, interval="month", by=None)
        await database.execute("UPDATE plan SET seats = $2 WHERE id = $1", plan, self.MOST)
        return plan

    async def join(self, thing: UUID) -> None:
        self.thing = thing
        self.payer = UUID(int=0)

    def _payer(self, wave: int) -> UUID:
        return UUID(int=(self.thing.int + 1 + wave) % 2**128)

    async def supply(self, wave: int, many: int) -> None:
        self.payer = self._payer(wave)
        kind = {"plan_id": self.thing, "source": "term", "source_id": self.payer, "starts_at": clock.now()}
        await membership_periods.start(self.payer, **kind)  # type: ignore[arg-type]

    async def follow(self, wave: int) -> None:
        self.payer = self._payer(wave)

    async def attempt(self, chance: random.Random, *, may_lapse: bool) -> None:
        seat = await seats.invite(self.payer, email=f"{ids.new()}@post.test", own_email="payer@post.test")
        if may_lapse and chance.random() < 0.3:
            await seats.revoke(seat.id, payer=self.payer)

    async def had(self, wave: int) -> int:
        return int(await database.fetch_value("SELECT count(*) FROM seat WHERE ended_at IS NULL"))

    async def broken(self) -> list[str]:
        return []


RACES = {"purchases": Purchases, "credit": Credit, "coupons": Coupons, "seats": Seats}

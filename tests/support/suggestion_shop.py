"""A shop in which each kind of suggestion has something to find, as raw rows, with others that do not count."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from components.foundation import database, ids
from components.insights.rollups import unrolled
from components.memberships.benefits.kinds import kind
from tests.support.segment_people import World

NOW = datetime(2027, 4, 10, 11, 30, tzinfo=UTC)
DAY = timedelta(days=1)
MANY = 110
"""More than the evidence that it takes."""
CLUB, BASIC = UUID(int=1), UUID(int=2)
CLUB_VERSION, BASIC_VERSION = UUID(int=5), UUID(int=6)
MUGS, BOWLS = UUID(int=21), UUID(int=22)
MUG, BOWL, EARLY_POT = UUID(int=31), UUID(int=32), UUID(int=33)
PRICE, DELIVERY, PERK, EARLY, CASHBACK = (UUID(int=number) for number in range(41, 46))
COUPON, USED_COUPON = UUID(int=51), UUID(int=52)
BENEFITS: dict[UUID, tuple[str, str, dict[str, Any]]] = {
    PRICE: ("member_price", "10% off", {}),
    DELIVERY: ("free_delivery", "Free delivery", {"threshold": 5000}),
    PERK: ("perk", "Repairs at cost", {}),
    EARLY: ("early_access", "Three days early", {}),
    CASHBACK: ("cashback", "Cashback", {}),
}
"""The kind, the name, and how it differs from the kind's own example."""


class SuggestionShop:
    """Rows by table; `at` is so many days before now."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.rows: World = {}
        self.orders = 0

    def add(self, table: str, **row: Any) -> dict[str, Any]:
        self.rows.setdefault(table, []).append({"id": ids.new()} | row)
        return self.rows[table][-1]

    def at(self, days: float) -> datetime:
        return self.now - days * DAY

    def person(self, *, off_at: datetime | None = None) -> UUID:
        """From `off_at` on nothing is to be chosen from their orders."""
        number, since = len(self.rows.get("person", ())), self.at(900)
        known = {"email": f"n{number}@kiln.test", "name": f"N{number}", "created_at": since, "personal_off_at": off_at}
        person: UUID = self.add("person", **known)["id"]
        return person

    def member(self, *, days: float = 400, plan: UUID = CLUB, until: datetime | None = None) -> UUID:
        person = self.person()
        self.add(
            "membership", holder=person, plan=plan, source="subscription", source_id=ids.new(),
            starts_at=self.at(days), ends_at=until,
        )  # fmt: skip
        return person

    def subscription(self, person: UUID, *, days: float, version: UUID = CLUB_VERSION, status: str = "active") -> UUID:
        sub: UUID = self.add(
            "subscription", payer=person, status=status, plan_version=version, started_at=self.at(days)
        )["id"]
        return sub

    def fee(self, subscription: UUID, *, days: float, net: int, version: UUID = CLUB_VERSION) -> None:
        self.add(
            "paid_period", subscription=subscription, invoice=str(ids.new()), starts_at=self.at(days),
            ends_at=self.at(days) + 30 * DAY, amount=net, currency="GBP", paid_at=self.at(days), plan_version=version,
            net_amount=net, net_price=net,
        )  # fmt: skip

    def order(
        self, person: UUID | None, *, days: float, product: UUID = MUG, unit: int = 2000, quantity: int = 1,
        saved: int = 0, cost: int | None = None, delivery: int = 0, given: int = 0, **other: Any,
    ) -> dict[str, Any]:  # fmt: skip
        self.orders += 1
        total = unit * quantity - saved
        order = self.add(
            "orders", number=f"S{self.orders}", person=person, currency="GBP", goods=total, total=total + delivery,
            delivery_list=delivery + given, delivery_saved=given, delivery=delivery, paid_at=self.at(days),
            placed_at=self.at(days), delivery_benefit=DELIVERY if given else None, tax_is_included=True,
            address={"country": "GB"}, **other,
        )  # fmt: skip
        line = self.add(
            "order_line", order=order["id"], position=0, product_id=product, title="A thing", quantity=quantity,
            regular_unit=unit, unit=total // quantity, saved=saved, total=total, unit_cost=cost, tax=0,
        )  # fmt: skip
        if saved:
            self.use(person, order, PRICE, total + saved, total, f"order-line:{line['id']}")
        if given:
            self.use(person, order, DELIVERY, given, 0, f"order-delivery:{order['id']}")
        return order

    def use(self, person: UUID | None, order: dict[str, Any], benefit: UUID, regular: int, paid: int, ref: str) -> None:
        self.add(
            "benefit_use", person=person, benefit=benefit, order_id=order["id"], kind=BENEFITS[benefit][0],
            regular=regular, paid=paid, currency="GBP", at=order["paid_at"], reference=ref,
        )  # fmt: skip


async def renewals_are_kept() -> None:
    """As if figures had been kept just now, by the rules of today."""
    await database.execute(
        """INSERT INTO figure_state (is_only, zone, rules, paying, mrr, arr, rebuilt_at)
        VALUES (true, $1, $2, 0, 0, 0, $3)
        ON CONFLICT (is_only) DO UPDATE SET zone = excluded.zone, rules = excluded.rules""",
        *unrolled.args(), NOW,
    )  # fmt: skip


def begun(now: datetime = NOW) -> SuggestionShop:
    """Two plans, five benefits, three products and two coupons; nobody yet."""
    shop = SuggestionShop(now)
    old = shop.at(1200)
    for plan, version, name, price in ((CLUB, CLUB_VERSION, "Club", 900), (BASIC, BASIC_VERSION, "Basic", 400)):
        shop.add("plan", id=plan, slug=name.lower(), name=name, position=plan.int, is_offered=True, trial_ends="card")
        shop.add(
            "plan_version", id=version, plan=plan, price=price, currency="GBP", interval="month", interval_count=1,
            is_once=False, from_at=old, until_at=None,
        )  # fmt: skip
    for benefit, (key, name, answers) in BENEFITS.items():
        settings = kind(key).dump(kind(key).read({**kind(key).example, **answers}))
        shop.add("benefit", id=benefit, kind=key, name=name)
        shop.add("benefit_version", benefit=benefit, settings=settings, from_at=old, until_at=None)
        shop.add("plan_benefit", plan=CLUB, benefit=benefit, from_at=old, until_at=None)
    shop.add("plan_benefit", plan=BASIC, benefit=PRICE, from_at=old, until_at=None)
    for collection, title, product in ((MUGS, "Mugs", MUG), (BOWLS, "Bowls", BOWL)):
        shop.add("collection", id=collection, slug=title.lower(), title=title, sort="shelf")
        shop.add("collection_product", collection=collection, product=product)
    for product, slug, public in ((MUG, "mug", old), (BOWL, "bowl", old), (EARLY_POT, "pot", shop.at(40))):
        shop.add("product", id=product, slug=slug, title=slug.title(), status="active", public_from=public)
    for coupon, code, used in ((COUPON, "NOBODY", 0), (USED_COUPON, "USED", 3)):
        shop.add(
            "coupon", id=coupon, code=code, discount_type="percent", scope_kind="everything",
            value=1000, used=used, from_at=shop.at(100),
            made_at=shop.at(100),
        )  # fmt: skip
    return shop

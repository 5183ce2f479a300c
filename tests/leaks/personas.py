"""Everybody who may come by, each with the rows that make them what they are, and sessions that outlast the matrix."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components.catalog.snapshot import snapshot_refresh
from components.checkout.tables import Basket, BasketLine, BasketToken
from components.foundation import clock, database, ids
from components.memberships.billing import subscriptions
from components.memberships.entitlements import membership_periods
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.payments.tables import MirroredSubscription
from components.people import operators, sessions
from components.people.privacy import erasure
from components.people.tables import Person
from components.rewards import free_products
from tests.leaks.world import BEGINNING, DAY, HOUR, T, World
from tests.support import past_orders, people

Making = Callable[[World, UUID], Awaitable[None]]


@dataclass(frozen=True)
class Persona:
    """`person_id` is None for those nobody knows. `cookies` as the browser sends them."""

    name: str
    person_id: UUID | None
    cookies: str

    @property
    def is_staff(self) -> bool:
        return self.name in ("staff", "owner")


def subscribed(plan: str, began: timedelta, *reports: tuple[timedelta, dict[str, Any]]) -> Making:
    """A subscription that Stripe reports on: first as running, then as the reports say, each heard at its instant."""

    async def make(world: World, person_id: UUID) -> None:
        version = await database.fetch_value("SELECT id FROM plan_version WHERE plan = $1", world.plans[plan])
        kept = Subscription(id=ids.new(), payer=person_id, plan_version=version, created_at=T + began)
        await Subscription.insert(kept)
        mirrored = MirroredSubscription(
            stripe_id=f"sub_{kept.id.hex}", local_id=kept.id, customer="", price="", currency="gbp", status="active",
            started_at=T + began, current_period_start=T + began, mirrored_at=T + began,
        )  # fmt: skip
        await MirroredSubscription.insert(mirrored)
        for after, report in ((began, {}), *reports):
            for name, value in report.items():
                setattr(mirrored, name, value)
            await mirrored.save()
            clock.set_everywhere(T + after)
            await subscriptions.apply(kept.id)

    return make


def held(plan: str, source: str, starts: timedelta, ends: timedelta | None) -> Making:
    async def make(world: World, person_id: UUID) -> None:
        when = {"starts_at": T + starts, "ends_at": None if ends is None else T + ends}
        async with database.transaction():
            await membership_periods.start(
                person_id, plan_id=world.plans[plan], source=source, source_id=ids.new(), **when
            )

    return make


async def presented(world: World, person_id: UUID) -> None:
    """A present waits for her: one of two pieces, of which one is a secret still."""
    benefit = await database.fetch_value("SELECT id FROM benefit WHERE kind = 'gift'")
    offered = (world.variants["far"][0], world.variants["soon"][0], world.variants["plain"][0])
    await free_products.grant(
        person_id, benefit_id=benefit, cause="present", words="A present", offered=offered, claim_until=T + 300 * DAY
    )


def both(*ways: Making) -> Making:
    async def make(world: World, person_id: UUID) -> None:
        for way in ways:
            await way(world, person_id)

    return make


async def nothing(world: World, person_id: UUID) -> None: ...


async def _comp(world: World, person_id: UUID) -> None:
    clock.set_everywhere(T - 3 * DAY)
    plan = next(one for one in plan_catalogue.all_plans() if one.slug == "patron")
    await complimentary.grant(person_id, plan, until=T + 8 * DAY, by=people.NOBODY)


async def _staff(world: World, person_id: UUID) -> None:
    await operators.add(person_id, "staff", ("orders",))


async def _owner(world: World, person_id: UUID) -> None:
    await operators.add(person_id, "owner")


def _unpaid(since: timedelta, status: str = "past_due") -> tuple[timedelta, dict[str, Any]]:
    return since + HOUR, {"status": status, "current_period_start": T + since}


WAYS: dict[str, Making] = {
    "customer": nothing,
    "friend": held("friend", "free", -10 * DAY, None),
    "monthly": subscribed("monthly", -40 * DAY),
    "annual": both(subscribed("annual", -40 * DAY), presented),
    "cancelling": subscribed("monthly", -20 * DAY, (-DAY, {"cancel_at": T + 6 * DAY})),
    "cancelled": subscribed("annual", -50 * DAY, (-5 * DAY, {"status": "cancelled", "ended_at": T - 5 * DAY})),
    "in_grace": subscribed("monthly", -40 * DAY, _unpaid(-7 * DAY)),
    "after_grace": subscribed("monthly", -60 * DAY, _unpaid(-20 * DAY)),
    "unpaid": subscribed("annual", -60 * DAY, _unpaid(-13 * DAY, "unpaid")),
    "incomplete": subscribed("annual", -2 * DAY, (-2 * DAY, {"status": "incomplete_expired"})),
    "trialing": subscribed("annual", -4 * DAY, (-4 * DAY, {"status": "trialing"})),
    "paused": subscribed("monthly", -33 * DAY, (-8 * DAY, {"status": "paused"})),
    "patron": _comp,
    "given": held("annual", "gift", DAY, 31 * DAY),
    "seated": held("annual", "seat", -29 * DAY - 5 * HOUR, 9 * DAY),
    "day_29": subscribed("monthly", -29 * DAY),
    "day_30": subscribed("monthly", -30 * DAY),
    "day_31": subscribed("monthly", -31 * DAY),
    "returned": both(held("monthly", "term", -60 * DAY, -20 * DAY), held("monthly", "term", -12 * DAY, None)),
    "doubled": both(held("friend", "free", -35 * DAY, None), held("patron", "comp", -DAY, 2 * DAY)),
    "staff": _staff,
    "owner": _owner,
    "erased": held("annual", "comp", -40 * DAY, None),
    "expired": held("annual", "comp", -40 * DAY, None),
}
NAMES = ("guest", "basket", *WAYS)


async def make(world: World) -> dict[str, Persona]:
    made = {"guest": Persona("guest", None, "")}
    made["basket"] = Persona("basket", None, f"basket={await _basket(world, None)}")
    for name, way in WAYS.items():
        clock.set_everywhere(BEGINNING)
        person = Person(id=ids.new(), email=f"{name}@leaks.test", name=name, created_at=BEGINNING)
        person.email_confirmed_at = BEGINNING
        await Person.insert(person)
        await way(world, person.id)
        plain = snapshot_refresh.snapshot().product_by_id(world.products["plain"])
        assert plain is not None
        await past_orders.bought(person.id, plain, at=T - 5 * DAY, email=person.email)
        made[name] = await _known(world, name, person.id)
    return made


async def _known(world: World, name: str, person_id: UUID) -> Persona:
    token, basket = await sessions.start(person_id), await _basket(world, person_id)
    await database.execute("UPDATE session SET confirmed_at = '2100-01-01' WHERE person = $1", person_id)
    until = T - 80 * DAY if name == "expired" else T + 300 * DAY
    await database.execute("UPDATE session SET seen_at = $2, expires_at = $2 WHERE person = $1", person_id, until)
    if name == "erased":
        clock.set_everywhere(BEGINNING + HOUR)
        await erasure.erase(person_id)
    known = None if name in ("erased", "expired") else person_id
    return Persona(name, known, f"session={token}; basket={basket}")


async def _basket(world: World, person_id: UUID | None) -> str:
    """A basket with one of everything in it, however it came there."""
    basket, token = Basket(id=ids.new(), person=person_id, changed_at=BEGINNING), ids.token()
    await Basket.insert(basket)
    await BasketToken.insert(BasketToken(digest=ids.digest(token), basket=basket.id, since=BEGINNING))
    lines = [
        BasketLine(id=ids.new(), basket=basket.id, variant=variant, quantity=1, added_at=BEGINNING)
        for variants in world.variants.values()
        for variant in variants
    ]
    await BasketLine.insert(*lines)
    return token


async def instants_of(person_id: UUID | None) -> tuple[datetime, ...]:
    """The beginnings and ends of what the person holds, and of waiting for what comes after thirty days."""
    if person_id is None:
        return ()
    rows = await database.fetch("SELECT from_at, until_at FROM entitlement WHERE person = $1", person_id)
    starts, ends = {row["from_at"] for row in rows}, {row["until_at"] for row in rows} - {None}
    return tuple(sorted(starts | ends | {start + 30 * DAY for start in starts}))

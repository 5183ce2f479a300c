"""Creates two years of history in order: customers, memberships, orders, shipments and returns."""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from components.catalog.snapshot.snapshots import Snapshot
from components.checkout.delivery import delivery_terms
from components.demo import demo_products, past_memberships
from components.demo.added.shared_numbers import SharedNumbers
from components.demo.cast import CAST, HOMES
from components.demo.demo_products import shelves
from components.demo.outreach import demo_save_offers
from components.demo.past_orders import Buyer, DemoOrder, OrderSeeder, buyer
from components.demo.practice_payments import PracticePayments
from components.demo.progress import TerminalProgress
from components.demo.shop_history import ANNUAL, MONTHLY, DemoMembership, DemoPurchase, Someone, lives
from components.foundation import clock
from components.foundation.shop_settings import shop_settings
from components.memberships.entitlements import membership_periods
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.orders.views import PostalAddress
from components.payments.values import Payer
from components.people import customer_accounts

PEOPLE = 280
CAST_STAYS = {
    "maya@kiln.test": DemoMembership(ANNUAL, 499, None, ""),
    "theo@kiln.test": DemoMembership(ANNUAL, 395, 30, "cancelled"),
}
CAST_PURCHASES = {
    "maya@kiln.test": (
        (498, {"supper-plate": 4}),
        (402, {"morning-mug": 2, "porridge-bowl": 2}),
        (331, {"windowsill-planter": 1}),
        (206, {"teapot-for-two": 1, "thumb-cup": 2}),
        (118, {"everyday-bowl": 2}),
        (47, {"table-carafe": 1}),
        (6, {"beeswax-candle": 2, "olive-dish": 1}),
    ),
    "theo@kiln.test": (
        (394, {"ramen-bowl": 2}),
        (268, {"big-breakfast-mug": 1}),
        (75, {"bud-vase": 1, "little-cup": 2}),
    ),
    "noor@kiln.test": (
        (232, {"camp-mug": 2}),
        (87, {"herb-pot": 3}),
        (4, {"everyday-bowl": 1, "olive-dish": 2}),
    ),
}
"""How many days ago, and how many of which product, in its first glaze and size."""

HANDS, HANDFUL = 3, 30
"""How many things are created at once, and after how many orders their later events are created."""

FAILING, LEAVING, SAVED = 2, 3, 6
"""How many active members have a failing card, have already cancelled, and took an offer when they were about to."""


@dataclass(frozen=True)
class DemoItem:
    """One variant that could be sold in the past."""

    sku: str
    slug: str


def pieces() -> tuple[DemoItem, ...]:
    """What was on sale in those days: no early access, nothing members-only."""
    wares = (ware for shelf in shelves() for ware in shelf.wares if ware.opens is None and not ware.members_only)
    return tuple(
        DemoItem(ware.sku(glaze, size), ware.slug) for ware in wares for glaze in ware.glazes for size in ware.sizes
    )


class PastSeeder:
    """Computed before anything is written, so that there is enough stock for it."""

    def __init__(self, today: datetime, people: int = PEOPLE) -> None:
        zone = ZoneInfo(shop_settings.current().time_zone)
        self.today = today
        self.pieces = pieces()
        self.lives = lives(people, month_of=lambda days: (today - timedelta(days=days)).astimezone(zone).month - 1)

    def sold(self) -> dict[str, int]:
        """How many of each SKU will be ordered."""
        count: dict[str, int] = {}
        wanted = [self.by_sku(purchase.wares) for life in self.lives for purchase in life.purchases]
        wanted += [self.by_slug(wares) for known in CAST_PURCHASES.values() for _, wares in known]
        for units in wanted:
            for sku, quantity in units.items():
                count[sku] = count.get(sku, 0) + quantity
        return count

    def outcome(self, purchase: DemoPurchase) -> str:
        """No order of something discontinued lapses: it would be back on the shelf, and is to stay sold out."""
        slugs = (self.pieces[number % len(self.pieces)].slug for number, _ in purchase.wares)
        stays_sold = purchase.outcome == "lapsed" and not demo_products.discontinued().isdisjoint(slugs)
        return "sent" if stays_sold else purchase.outcome

    def by_sku(self, wares: tuple[tuple[int, int], ...]) -> dict[str, int]:
        found: dict[str, int] = {}
        for number, quantity in wares:
            sku = self.pieces[number % len(self.pieces)].sku
            found[sku] = found.get(sku, 0) + quantity
        return found

    def by_slug(self, wares: dict[str, int]) -> dict[str, int]:
        """The first glaze and size of each."""
        return {next(piece.sku for piece in self.pieces if piece.slug == slug): count for slug, count in wares.items()}


@dataclass(frozen=True)
class KnownCustomer:
    """All buyers: people by their number in the story, demo accounts by e-mail."""

    people: dict[int, Buyer]
    homes: dict[str, Buyer]


async def arrive(
    past: PastSeeder, cast: dict[str, UUID], *, counter: PracticePayments | None, progress: TerminalProgress
) -> KnownCustomer:
    """Create accounts and memberships."""
    await demo_save_offers.begin(past.today, by=cast["iris@kiln.test"])
    homes = {email: _home(email, person_id) for email, person_id in cast.items() if email in HOMES}
    known = KnownCustomer(await _arrive(past, progress), homes)
    await _join(past, known, cast["iris@kiln.test"], counter, progress)
    return known


def bought_at(past: PastSeeder) -> list[int]:
    """The instants of all orders that `buy` creates, in turn."""
    days = [timedelta(days=one.days_ago) for life in past.lives for one in life.purchases]
    days += [timedelta(days=ago, hours=2) for bought in CAST_PURCHASES.values() for ago, _ in bought]
    return sorted(int((past.today - ago).timestamp()) for ago in days)


async def buy(
    past: PastSeeder,
    known: KnownCustomer,
    snapshot: Snapshot,
    *,
    staff: UUID,
    counter: PracticePayments | None,
    progress: TerminalProgress,
    numbers: SharedNumbers | None = None,
) -> None:
    """Create all orders in sequence, with their own `numbers` if others have some in between; `staff` shipped them."""
    purchases = sorted(_purchases(past, known, _variants(snapshot)), key=lambda pair: pair[1].at)
    teller = OrderSeeder(await delivery_terms.current(), today=past.today, staff=staff, counter=counter)
    with progress.of("Orders", len(purchases)) as told:
        later: list[Awaitable[None]] = []
        for place, (person, bought) in enumerate(purchases):
            if numbers is not None:
                await numbers.next_is(place)
            later.append(await teller.place(person, bought))
            if len(later) == HANDFUL:
                await in_turn(later)
                later.clear()
            told()
        await in_turn(later)


def _variants(snapshot: Snapshot) -> dict[str, UUID]:
    return {variant.sku: variant.id for product in snapshot.products for variant in product.variants if variant.sku}


async def _arrive(past: PastSeeder, progress: TerminalProgress) -> dict[int, Buyer]:
    found = {}
    with progress.of("People", len(past.lives)) as told:
        for life in past.lives:
            person_id = await _account(life.who, past.today) if life.who.keeps_account else None
            found[life.who.number] = buyer(life.who, person_id)
            told()
    return found


async def _account(who: Someone, today: datetime) -> UUID:
    with clock.frozen(today - timedelta(days=who.arrives, hours=1)):
        person = await customer_accounts.sign_up(who.email, name=who.name)
    return person.id


async def _join(
    past: PastSeeder, known: KnownCustomer, owner: UUID, counter: PracticePayments | None, progress: TerminalProgress
) -> None:
    told_of = [(known.people[life.who.number], stay) for life in past.lives for stay in life.stays]
    told_of += [(known.homes[email], stay) for email, stay in CAST_STAYS.items()]
    by_person: dict[str, list[DemoMembership]] = {}
    for person, stay in told_of:
        by_person.setdefault(person.email, []).append(stay)
    payers = {person.email: Payer(person.person_id, person.email, person.name) for person, _ in told_of}
    running = [email for email, stays_of in by_person.items() if stays_of[-1].leaves is None and email not in HOMES]

    leaving = running[:LEAVING]
    failing = [email for email in running[LEAVING:] if _failing(by_person[email][-1], past.today)][:FAILING]

    saved = _saved(
        [(email, by_person[email][-1]) for email in running if email not in (*leaving, *failing)], past.today
    )

    async def one(email: str) -> None:
        for stay in by_person[email]:
            if email in failing and stay.leaves is None:
                stay = replace(stay, because="failing")
            made = await past_memberships.told(
                payers[email], stay, today=past.today, counter=counter,
                saved_at=saved.get(email) if stay.leaves is None else None,
            )  # fmt: skip
            told()
        if made and counter and email in leaving:
            at = past.today - timedelta(days=3 + leaving.index(email))
            await past_memberships.cancel(made, counter, at=at, reason="use")

    with progress.of("Memberships", len(told_of)) as told:
        await in_turn(one(email) for email in by_person)
        while await membership_periods.announce_ended():
            pass
    await _befriend(past, known, set(by_person), owner)


def _saved(running: list[tuple[str, DemoMembership]], today: datetime) -> dict[str, datetime]:
    """Some monthly members of long standing, one a month, and early enough that they are seen to have stayed."""
    could = [(email, stay.joins) for email, stay in running if stay.plan == MONTHLY and stay.joins > 140][:SAVED]
    return {
        email: today - timedelta(days=min(95 + 30 * place, joins - 20)) for place, (email, joins) in enumerate(could)
    }


def _failing(stay: DemoMembership, today: datetime) -> bool:
    """Whether a monthly membership's last renewal is some days old, but still within the grace period."""
    last = max(began for began, _ in past_memberships.periods_of(stay, today))
    return stay.plan == MONTHLY and stay.joins > 60 and timedelta(days=1) < today - last < timedelta(days=9)


async def _befriend(past: PastSeeder, known: KnownCustomer, members: set[str], owner: UUID) -> None:
    """Some customers who never joined are on the free plan, and one has a complimentary year for mending the roof."""
    others = [person for person in known.people.values() if person.person_id and person.email not in members]
    for number, person in enumerate(others[::7]):
        assert person.person_id is not None
        with clock.frozen(past.today - timedelta(days=5 + 9 * number)):
            await complimentary.join_free(person.person_id, plan_catalogue.by_slug("friend"))
    if others and (kind := others[-1].person_id):
        with clock.frozen(past.today - timedelta(days=40)):
            year = past.today + timedelta(days=325)
            await complimentary.grant(
                kind, plan_catalogue.by_slug(ANNUAL), until=year, by=owner, note="Mended the workshop roof"
            )


async def in_turn(work: Iterable[Awaitable[None]]) -> None:
    """All of it, a few at a time: none depends on another."""
    hands = asyncio.Semaphore(HANDS)

    async def one(each: Awaitable[None]) -> None:
        async with hands:
            await each

    async with asyncio.TaskGroup() as group:
        for each in work:
            group.create_task(one(each))


def _purchases(past: PastSeeder, known: KnownCustomer, variants: dict[str, UUID]) -> list[tuple[Buyer, DemoOrder]]:
    found = []
    for life in past.lives:
        for purchase in life.purchases:
            units = {variants[sku]: quantity for sku, quantity in past.by_sku(purchase.wares).items()}
            at = past.today - timedelta(days=purchase.days_ago)
            found.append((known.people[life.who.number], DemoOrder(at, units, past.outcome(purchase))))
    for email, bought in CAST_PURCHASES.items():
        for days, wares in bought:
            units = {variants[sku]: quantity for sku, quantity in past.by_slug(wares).items()}
            at = past.today - timedelta(days=days, hours=2)
            found.append((known.homes[email], DemoOrder(at, units, "waiting" if days < 5 else "sent")))
    return found


def _home(email: str, person_id: UUID) -> Buyer:
    street, town, postcode = HOMES[email]
    name = next(role.name for role in CAST if role.email == email)
    address = PostalAddress(name=name, line1=street, city=town, postcode=postcode, country="GB")
    return Buyer(person_id, email, name, address)

"""Five months of a shop through its own code and the practice bank: every figure equals what the raw rows say."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

from components.checkout.taxes import tax_rates
from components.foundation import clock, database
from components.foundation.money import Money
from components.insights import invariants
from components.memberships import reactions
from components.memberships.billing import (
    cancellations,
    pauses,
    plan_changes,
    price_migrations,
    subscription_start,
    subscriptions,
)  # fmt: skip
from components.memberships.billing.states import pause_schedule
from components.memberships.editing import plans
from components.memberships.grants import complimentary, fixed_term, gift_memberships, imported_memberships
from components.memberships.plans import plan_catalogue
from components.payments import payment_refunds
from components.payments.checkout_sessions import pages
from components.payments.values import Payer
from tests.figures.comparing import compare
from tests.support import people, refunding
from tests.support.shops import Shop
from web.standin.charging import disputes as bank

GOOD, OTHER_GOOD, DECLINES_LATER = "4242424242424242", "4000002500003155", "4000000000000341"
DISPUTED = "4000000000000259"
DAY = timedelta(days=1)
START = datetime(2027, 1, 5, 12, tzinfo=UTC)
VAT = 2000
Act = Callable[[], Awaitable[object]]


class Town:
    """People who join, change and leave; `at` is what happens on which day."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.ids: dict[str, UUID] = {}
        self.months_seen: dict[str, int] = {}
        self.compared = 0

    async def open(self) -> None:
        clock.set_everywhere(START)
        self.owner = await people.owner()
        await tax_rates.set_rate("GB", rate_bp=VAT)
        for slug, price, interval in (
            ("monthly", 450, "month"), ("annual", 3900, "year"), ("large", 900, "month"), ("weekly", 200, "week"),
        ):  # fmt: skip
            await plans.create(slug=slug, name=slug, summary="", price=price, interval=interval, by=None)
        tried = await plans.create(slug="tried", name="tried", summary="", price=600, interval="month", by=None)
        await plans.set_terms(tried, plans.PlanTerms(trial_days=14, trial_ends="card"), by=None)
        annual = plan_catalogue.by_slug("annual")
        await plans.set_terms(annual.id, plans.PlanTerms(is_giftable=True), by=None)
        await plans.create(slug="term", name="term", summary="", price=5000, interval="year", is_once=True, by=None)

    async def payer(self, name: str) -> Payer:
        if name not in self.ids:
            self.ids[name] = (await people.customer(f"{name}@town.test", name=name)).id
        return Payer(self.ids[name], f"{name}@town.test", name)

    async def join(self, name: str, plan: str, card: str = GOOD) -> None:
        payer = await self.payer(name)
        url = await subscription_start.start(
            payer, plan_catalogue.by_slug(plan, clock.now()), success_path="/account/membership", cancel_path="/join"
        )
        await self._pay(url, card)

    async def term(self, name: str, card: str = GOOD) -> None:
        payer = await self.payer(name)
        found = plan_catalogue.by_slug("term", clock.now())
        await self._pay(await fixed_term.start(payer, found, success_path="/", cancel_path="/"), card)

    async def gift(self, name: str) -> None:
        payer = await self.payer(name)
        wrapped = gift_memberships.GiftDetails(
            giver_name=name, recipient_name="Ola", recipient_email="ola@town.test", message="", send_at=clock.now()
        )
        found = plan_catalogue.by_slug("annual", clock.now())
        await self._pay(await gift_memberships.buy(payer, found, wrapped, success_path="/", cancel_path="/"), GOOD)

    async def refund_gift(self) -> None:
        gift = await database.fetch_value("SELECT id FROM gift_membership")
        await refunding.refund_gift(gift, by=self.owner.id)

    async def dispute(self, verdict: Literal["won", "lost"]) -> None:
        """Every bank that was asked decides so."""
        with self.shop.stand_in.engine.changing() as books:
            for dispute in list(books.find("dispute")):
                bank.close(books, dispute, verdict=verdict)
        await self.shop.catch_up()

    async def card(self, name: str, card: str) -> None:
        page = await pages.open(
            "card", self.ids[name], payer=await self.payer(name), currency="GBP", success_path="/", cancel_path="/"
        )
        await self._pay(page.url or "", card)

    async def _pay(self, url: str, card: str) -> None:
        await self.shop.stand_in.pay(url.rsplit("/", 1)[-1].split("?")[0], card=card)
        await self.shop.catch_up()

    async def of(self, name: str) -> UUID:
        found = await subscriptions.running(self.ids[name])
        assert found is not None
        return found.id

    async def cancel(self, name: str, reason: str = "") -> None:
        await cancellations.schedule(await self.of(name), reason=reason)

    async def stop(self, name: str) -> None:
        """Staff cancel it while a renewal is owed: it ends at once."""
        await cancellations.schedule(await self.of(name), by=self.owner.id)

    async def change(self, name: str, plan: str) -> None:
        subscription, wanted = await self.of(name), plan_catalogue.by_slug(plan, clock.now())
        found = await plan_changes.difference(subscription, wanted)
        await plan_changes.apply(subscription, wanted, at=found.at, agreed=found.due)

    async def pause(self, name: str, days: int) -> None:
        await pauses.start(await self.of(name), until=clock.now() + days * DAY)

    async def refund(self, name: str, amount: int) -> None:
        invoice = await database.fetch_value(
            "SELECT invoice FROM paid_period WHERE subscription = $1 ORDER BY starts_at DESC LIMIT 1",
            await self.of(name),
        )
        await payment_refunds.create(await self.of(name), Money(amount, "GBP"), key=uuid4(), invoice=invoice)

    async def dearer(self) -> None:
        plan = plan_catalogue.by_slug("monthly", clock.now())
        await plans.revise(plan.id, price=550, by=None)
        dear = plan_catalogue.by_slug("monthly", clock.now())
        await price_migrations.schedule(dear, from_at=clock.now() + 10 * DAY, notice_days=7, by=None)

    async def given(self, name: str) -> None:
        person = (await self.payer(name)).person_id
        assert person is not None
        await complimentary.grant(person, plan_catalogue.by_slug("annual", clock.now()), until=None, by=self.owner.id)

    async def imported(self, name: str) -> None:
        person = (await self.payer(name)).person_id
        assert person is not None
        began = clock.now() - 100 * DAY
        await imported_memberships.import_membership(
            person,
            plan_catalogue.by_slug("weekly", clock.now()),
            started_at=began,
            ended_at=began + 21 * DAY,
            reason="",
        )

    async def one_day(self) -> None:
        """What webhooks, jobs and the timetable do."""
        await self.shop.catch_up()
        for scheduled in (
            reactions.announce_ended, pause_schedule.end_due, plan_changes.apply_due, price_migrations.run_due,
        ):  # fmt: skip
            await scheduled()
        await self.shop.catch_up()

    async def compare(self) -> None:
        found = await compare(number=12, rate_bp=VAT)
        self.compared += found.compared
        assert found.found == []
        assert await invariants.invariants() == []


def story(town: Town) -> dict[int, list[Act]]:
    """Ann changes plan, Ben and Cat try it, Dan's card was never good, and so on."""
    return {
        0: [
            lambda: town.join("ann", "monthly"), lambda: town.join("ben", "tried"),
            lambda: town.join("cat", "tried", OTHER_GOOD), lambda: town.join("dan", "tried", DECLINES_LATER),
            lambda: town.join("eve", "annual"), lambda: town.join("fay", "monthly"),
            lambda: town.join("gil", "monthly"), lambda: town.join("hal", "monthly"),
            lambda: town.join("pam", "monthly"), lambda: town.join("wes", "weekly"), lambda: town.given("kit"),
            lambda: town.join("rob", "monthly"),
        ],
        5: [lambda: town.cancel("cat"), lambda: town.gift("ida"), lambda: town.term("joe")],
        9: [lambda: town.change("ann", "large"), lambda: town.card("gil", DECLINES_LATER),
            lambda: town.card("rob", DECLINES_LATER)],
        12: [lambda: town.pause("eve", 61), lambda: town.cancel("hal")],
        20: [lambda: town.card("fay", DECLINES_LATER), lambda: town.refund("ann", 100), town.refund_gift],
        33: [lambda: town.stop("rob")],
        34: [lambda: town.card("fay", GOOD), lambda: town.change("pam", "annual"), lambda: town.imported("old")],
        40: [lambda: town.change("ann", "monthly")],
        45: [lambda: town.join("liv", "monthly"), town.dearer, lambda: town.pause("wes", 30)],
        70: [lambda: town.join("hal", "annual"), lambda: town.cancel("ben", "price")],
        90: [
            lambda: town.join("una", "monthly", DISPUTED), lambda: town.term("vic", DISPUTED),
            lambda: town.join("ora", "weekly", DISPUTED),
        ],
        92: [lambda: town.dispute("lost")],
        95: [lambda: town.join("gil", "monthly"), lambda: town.refund("liv", 550)],
        110: [lambda: town.change("liv", "large"), lambda: town.cancel("wes")],
        120: [lambda: town.join("ben", "large")],
    }  # fmt: skip


async def test_each_month_every_figure_is_what_the_raw_rows_say(shop: Shop) -> None:
    town = Town(shop)
    await town.open()
    told, month = story(town), START.month
    for day in range(150):
        clock.set_everywhere(START + day * DAY)
        for act in told.get(day, []):
            await act()
        clock.set_everywhere(START + day * DAY + timedelta(hours=23, minutes=45))
        await town.one_day()
        if clock.now().month != month:
            month = clock.now().month
            await town.compare()
    await town.compare()
    assert town.compared > 500
    kinds = await database.fetch_values("SELECT DISTINCT kind FROM movement")
    assert set(kinds) == {"new", "expansion", "contraction", "churn", "reactivation", "pause", "resume"}
    reasons = await database.fetch_values("SELECT DISTINCT because FROM movement WHERE kind = 'churn'")
    assert set(reasons) == {"cancelled", "payment failed"}

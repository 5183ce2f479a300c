"""Many hands at once: one subscription, one membership, one period."""

import asyncio
import re

from components.foundation import clock, database, ids
from components.memberships.billing import paid_periods, subscription_start, subscriptions
from components.memberships.billing.subscription_start import AlreadySubscribed
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import membership_periods
from components.memberships.grants import complimentary
from components.memberships.grants.complimentary import AlreadyHeld
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from components.payments.checkout_sessions import pages as payment_pages
from components.payments.invoicing import invoices
from components.payments.values import Payer
from tests.support import join_members, make_plans, people
from tests.support.shops import Shop


async def count(table: str, where: str = "true") -> int:
    return int(await database.fetch_value(f"SELECT count(*) FROM {table} WHERE {where}"))


async def test_two_browsers_and_two_plans_make_one_subscription_and_one_open_page(shop: Shop) -> None:
    await make_plans.club()
    await plans.create(slug="monthly", name="Monthly", summary="", price=400, interval="month", by=None)
    maya = await people.customer(join_members.MAYA)
    payer = Payer(maya.id, maya.email)
    chosen = [plan_catalogue.by_slug("annual"), plan_catalogue.by_slug("monthly")] * 5
    starts = (subscription_start.start(payer, plan, success_path="/a", cancel_path="/b") for plan in chosen)
    await asyncio.gather(*starts, return_exceptions=True)
    assert await count("subscription") == 1
    assert await count("checkout_session", "status = 'open'") <= 1
    page = await payment_pages.for_reference("joining", (await join_members.subscription())["id"])  # type: ignore[arg-type]
    again = await subscription_start.start(payer, chosen[0], success_path="/a", cancel_path="/b")
    assert page is not None and again.startswith("http")
    assert await count("checkout_session", "status = 'open'") == 1


async def test_one_code_typed_five_times_at_once_opens_one_account_with_one_subscription(shop: Shop) -> None:
    await make_plans.club()
    browser = shop.browser()
    asked = await browser.submit(await browser.get("/join/annual"), "/join/annual", email="nia@example.org")
    await shop.catch_up()
    (code,) = set(re.findall(r"\b\d{6}\b", await people.letter("account_wanted")))
    given, others = {"email": "nia@example.org", "code": code}, [shop.browser() for _ in range(5)]
    pages = await asyncio.gather(*(one.post("/sign-in/code", given) for one in others))
    assert sorted(page.status for page in pages) == [200, 422, 422, 422, 422]
    assert await count("person") == 1 and asked.path == "/sign-in/code"
    browser = next(one for one, page in zip(others, pages, strict=True) if page.status == 200)
    await asyncio.gather(*(browser.post("/join/annual", {}) for _ in range(5)))
    assert await count("person") == await count("subscription") == 1


async def test_news_followed_twenty_times_at_once_makes_one_membership(shop: Shop) -> None:
    plan = await make_plans.club()
    maya = await people.customer(join_members.MAYA)
    browser = await shop.signed_in(join_members.MAYA)
    await shop.pay(await browser.submit(await browser.get(f"/join/{plan.slug}"), f"/join/{plan.slug}"))
    subscription_id = (await join_members.subscription())["id"]
    await subscription_start.complete(subscription_id)  # type: ignore[arg-type]
    invoice = (await invoices.of_subscription(subscription_id))[0].stripe_id  # type: ignore[arg-type]
    await asyncio.gather(
        *(subscriptions.apply(subscription_id) for _ in range(10)),  # type: ignore[arg-type]
        *(paid_periods.record(subscription_id, invoice) for _ in range(10)),  # type: ignore[arg-type]
        *(subscription_start.complete(subscription_id) for _ in range(3)),  # type: ignore[arg-type]
    )
    assert await count("membership") == await count("paid_period") == 1
    assert await count("announced_fact", "name = 'MembershipStarted'") == 1
    assert await count("entitlement") == len(plan.benefits)
    payer = Payer(maya.id, maya.email)
    refused = await asyncio.gather(
        *(subscription_start.start(payer, plan, success_path="/a", cancel_path="/b") for _ in range(5)),
        return_exceptions=True,
    )
    assert all(isinstance(one, AlreadySubscribed) for one in refused)
    assert await invariants() == []


async def test_a_membership_given_many_times_at_once_is_given_once(shop: Shop) -> None:
    plan, maya = await make_plans.club(), ids.new()
    made = await asyncio.gather(
        *(complimentary.grant(maya, plan, until=None, by=people.NOBODY) for _ in range(20)), return_exceptions=True
    )
    assert sum(not isinstance(one, Exception) for one in made) == 1
    assert sum(isinstance(one, AlreadyHeld) for one in made) == 19
    assert await invariants() == []


async def test_a_benefit_promised_while_people_join_reaches_each_of_them_once(shop: Shop) -> None:
    plan = await make_plans.club()
    extra = await make_plans.benefit("perk", "Repairs", promise="Repairs at cost")
    joiners = [ids.new() for _ in range(20)]
    await asyncio.gather(
        *(complimentary.grant(one, plan, until=None, by=people.NOBODY) for one in joiners[:10]),
        plan_benefits.attach(plan.id, extra, by=None),
        *(complimentary.grant(one, plan, until=None, by=people.NOBODY) for one in joiners[10:]),
    )
    held = await database.fetch(
        "SELECT person, count(*) AS n FROM entitlement WHERE benefit = $1 GROUP BY person", extra
    )
    assert {row["person"] for row in held} == set(joiners) and {row["n"] for row in held} == {1}
    assert await invariants() == []


async def test_a_benefit_promised_in_the_very_moment_of_joining_is_not_missed(shop: Shop) -> None:
    plan, maya = await make_plans.club(), ids.new()
    extra, begun = await make_plans.benefit("perk", "Repairs", promise="Repairs at cost"), asyncio.Event()

    async def promise() -> None:
        await begun.wait()
        await plan_benefits.attach(plan.id, extra, by=None)

    promising = asyncio.create_task(promise())
    async with database.transaction():
        await membership_periods.start(maya, plan_id=plan.id, source="gift", source_id=ids.new(), starts_at=clock.now())
        begun.set()
        await asyncio.sleep(0.3)
    await promising
    assert await count("entitlement", f"benefit = '{extra}'") == 1

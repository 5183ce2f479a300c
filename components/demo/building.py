"""Builds the demo: products, plans, journal, people, and then the order history."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from components.catalog.products import admin_products
from components.catalog.snapshot import snapshot_refresh
from components.demo import (
    cast,
    demo_benefits,
    demo_guard,
    demo_plans,
    demo_sales,
    demo_site,
    journal,
    past_customers,
    practice_payments,
    seed_products,
    shipping_and_tax,
)
from components.demo.added import added_history, issued_invoices
from components.demo.added.shared_numbers import SharedNumbers
from components.demo.generator import filling, generated_base, half_filled
from components.demo.generator.arrivals import OpenedAccount
from components.demo.generator.generated_base import OLD_MONTHLY, GeneratedBase
from components.demo.generator.seasonal_calendar import A_DAY
from components.demo.generator.shop_sizes import ShopSize
from components.demo.outreach import demo_experiments, demo_marketing, demo_visits
from components.demo.past_customers import KnownCustomer, PastSeeder
from components.demo.progress import Later, TerminalProgress
from components.foundation import clock, jobs, settings
from components.foundation.database import time_limits
from components.foundation.refusals import Refusal
from components.memberships.plans import plan_cache
from components.payments import stripe_connection
from components.payments.checkout_sessions import saved_cards
from components.recommendations import product_pairs

OPENED = timedelta(days=1_110)
"""When the demo shop opened."""


class NotEmpty(Refusal):
    message = "This shop already has products. The demo can only be added to an empty shop."


async def is_empty() -> bool:
    return not await admin_products.counts()


async def fill_when_empty() -> None:
    if await is_empty():
        await fill()


async def fill(size: ShopSize | None = None) -> None:
    """Build the whole demo; with a size, with a generated history instead of the one it always has.

    Raises `NotEmpty`, `DemoRefused`, `HalfFilled`.
    """
    demo_guard.refuse_where_money_is_real()
    half_filled.refuse()
    if not await is_empty():
        raise NotEmpty
    if size is not None:
        half_filled.begin(size)
    with time_limits.of_an_update():  # the practice bank holds the loop for seconds, and a busy machine for longer
        await _build(size)
        if size is None:
            await product_pairs.count_all()
            await added_history.work_out()
    half_filled.end()


async def _build(size: ShopSize | None) -> None:
    progress, today = TerminalProgress(), clock.now().replace(microsecond=0)
    counting = practice_payments.chosen() if settings.current().is_offline else None
    if counting is not None:
        stripe_connection.connect(http_client=counting.http_client())
    told = past_customers.PastSeeder(today, people=past_customers.PEOPLE if size is None else 0)
    opened = today - (OPENED if size is None else max(OPENED, timedelta(days=365 * size.years + 10)))
    with clock.frozen(opened):
        people = await cast.join(today)
        owner = people["iris@kiln.test"]
        with progress.of("Products", 1):
            made = await seed_products.stock(today, reserve=told.sold())
            await shipping_and_tax.lay_down()
            await snapshot_refresh.refresh()
            await demo_plans.found(made, by=owner, monthly=demo_plans.MONTHLY_PRICE if size is None else OLD_MONTHLY)
            if size is not None:
                await generated_base.extend_plans(opened, today, by=owner)
            await demo_site.show_icon(by=owner)
            await plan_cache.refresh()
    drawn = Later()
    pictures = asyncio.create_task(seed_products.picture(made, told=drawn))
    known = await past_customers.arrive(told, people, counter=counting, progress=progress)
    with progress.of("Pictures", seed_products.pictures()) as shown:
        drawn.tell(shown)
        await pictures
    await demo_sales.announce(today, by=owner)
    await snapshot_refresh.refresh()
    await journal.print_out(today, by=owner)
    await demo_site.furnish(today, by=owner)
    numbers = await added_history.numbers(past_customers.bought_at(told), today) if size is None else None
    await past_customers.buy(
        told, known, snapshot_refresh.snapshot(), staff=people["sam@kiln.test"], counter=counting, progress=progress,
        numbers=numbers,
    )  # fmt: skip
    await demo_benefits.hand_out(today, maya=people["maya@kiln.test"])
    await demo_plans.open_up(by=owner)
    base = await generated_base.look_around(today, owner=owner, staff=people["sam@kiln.test"], bank=counting)
    if numbers is not None:
        with progress.of("E-mails, visits, invoices", 1):
            await _reach_out(today, told, known, base, numbers)
    elif size is not None:
        await filling.write(size, base)
    await _strike_out()
    await saved_cards.remember_all()
    await snapshot_refresh.refresh()


async def _reach_out(
    today: datetime, told: PastSeeder, known: KnownCustomer, base: GeneratedBase, numbers: SharedNumbers
) -> None:
    """With those who are added; whoever came, of the story or not, was asked in the experiments of that time."""
    added = await added_history.add(base, numbers)
    await demo_marketing.tell(today, told.lives, known, added, by=base.owner)
    came = _came(today, told, known, added)
    await demo_visits.count(today)
    await demo_experiments.try_words(today, came, by=base.owner)
    await demo_marketing.count(today)
    await issued_invoices.issue(today)


def _came(
    today: datetime, told: PastSeeder, known: KnownCustomer, added: list[OpenedAccount]
) -> list[tuple[int, UUID]]:
    """How many days ago who opened an account."""
    of_story = ((life.who.arrives, known.people[life.who.number].person_id) for life in told.lives)
    found = [(days, person) for days, person in of_story if person is not None]
    now = int(today.timestamp())
    return [*found, *((max(1, (now - at) // A_DAY), person) for at, person, _ in added)]


async def _strike_out() -> None:
    """Facts of the past are marked as handled, so that no e-mails are sent about them now."""
    await jobs.discard("deliver_fact", "react", "send_campaign", "send_campaign_email")

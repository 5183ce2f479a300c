"""Builds the demo: products, plans, journal, people, and then the order history."""

import asyncio
from datetime import timedelta

from components import catalog, memberships, payments
from components.demo import cast, club, counter, giving, house_rules, journal, offers, past, stocking
from components.demo.progress import Later, Progress
from components.foundation import clock, database, settings
from components.foundation.refusals import Refusal

OPENED = timedelta(days=750)
"""When the demo shop opened."""


class NotEmpty(Refusal):
    message = "This shop already has products. The demo can only be added to an empty shop."


async def is_empty() -> bool:
    return not await database.fetch_value("SELECT EXISTS (SELECT FROM product)")


async def fill_when_empty() -> None:
    if await is_empty():
        await fill()


async def fill() -> None:
    """Build the whole demo. Raises `NotEmpty`."""
    if not await is_empty():
        raise NotEmpty
    progress, today = Progress(), clock.now().replace(microsecond=0)
    counting = counter.chosen() if settings.current().is_offline else None
    if counting is not None:
        payments.connect(http_client=counting.http_client())
    told = past.Past(today)
    with clock.held(today - OPENED):
        people = await cast.join(today)
        owner = people["iris@kiln.test"]
        with progress.of("Products", 1):
            made = await stocking.stock(today, reserve=told.sold())
            await house_rules.lay_down()
            await catalog.refresh()
            await club.found(made, by=owner)
            await memberships.refresh()
    drawn = Later()
    pictures = asyncio.create_task(stocking.picture(made, told=drawn))
    known = await past.arrive(told, people, counter=counting, progress=progress)
    with progress.of("Pictures", stocking.pictures()) as shown:
        drawn.tell(shown)
        await pictures
    await offers.announce(today, by=owner)
    await catalog.refresh()
    await journal.print_out(today, by=owner)
    await past.buy(told, known, catalog.snapshot(), staff=people["sam@kiln.test"], counter=counting, progress=progress)
    await giving.hand_out(today, maya=people["maya@kiln.test"])
    await club.open_up(by=owner)
    await _strike_out()
    await catalog.refresh()


async def _strike_out() -> None:
    """Facts of the past are marked as handled, so that no e-mails are sent about them now."""
    await database.execute(
        "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name IN ('deliver_fact', 'react')"
    )

"""Subscriptions of other software at the practice Stripe, and a run that adopts them."""

from typing import Any
from uuid import UUID

from components.adoption import adoption_mapping, adoption_runs
from components.foundation import database
from tests.support.shops import Shop
from web.standin.pages import foreign
from web.standin.resources import webhook_endpoints
from web.standin.state import clock as stand_in_clock


def there(shop: Shop, *kinds: str, place: int = 0, **how: Any) -> list[str]:
    """Their ids at Stripe, in this order. Of how they came about nobody tells this shop."""
    with stand_in_clock.quietly(), shop.stand_in.engine.changing() as books:
        return [foreign.make(books, kind, place=place + at, **how)["id"] for at, kind in enumerate(kinds)]


def at_stripe(shop: Shop, *kinds: str) -> dict[str, dict[str, Any]]:
    """Every object of these kinds there, by its id."""
    with shop.stand_in.engine.reading() as books:
        return {one["id"]: dict(one) for kind in kinds for one in books.find(kind)}


async def read(shop: Shop, *, by: UUID, source: bytes | None = None) -> UUID:
    """A dry run."""
    if source is None:
        run = await adoption_runs.read_stripe(by=by)
    else:
        run = await adoption_runs.read_file(source, name="members.csv", by=by)
    await shop.catch_up()
    return run


async def choose(run: UUID, plan: UUID) -> None:
    """This plan for every price."""
    await adoption_mapping.choose(run, {str(one.id): plan for one in await adoption_mapping.of_run(run)})


async def adopt(shop: Shop, run: UUID, *, by: UUID, plan: UUID | None = None, **said: bool) -> None:
    if plan is not None:
        await choose(run, plan)
    told = {"old_stopped": True, "tells": False, "asks": False, **said}
    await adoption_runs.begin(run, by=by, **told)
    await shop.catch_up()


async def undo(shop: Shop, run: UUID, *, by: UUID) -> None:
    await adoption_runs.undo(run, by=by)
    await shop.catch_up()


async def rows(run: UUID) -> dict[str, Any]:
    """By the key there: what was decided and what came of it."""
    found = await database.fetch("SELECT * FROM adoption_row WHERE run = $1 ORDER BY position", run)
    return {row["key"]: row for row in found}


def tell_only(shop: Shop, *events: str) -> None:
    """The practice Stripe delivers these alone: each renewal is one delivery."""
    with shop.stand_in.engine.changing() as books:
        webhook_endpoints.create(books, {"url": "http://shop.test/hooks/stripe", "enabled_events": list(events)})

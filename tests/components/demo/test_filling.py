"""The whole demo, built by the verbs everybody uses, keeps every promise of the shop."""

import itertools
from datetime import timedelta

import pytest

from components.catalog import visibility
from components.catalog.snapshot import snapshot_refresh
from components.demo import building
from components.demo.building import NotEmpty
from components.foundation import clock, database
from components.insights import invariants, stripe_differences
from components.insights.behaviour_figures import funnels, seen_periods
from components.insights.movements import movements
from components.insights.programme import cancel_figures, dunning
from components.memberships.entitlements import entitlements
from components.memberships.keeping_members import save_results
from components.memberships.plans import lead_plan
from components.people import addresses, customer_accounts
from tests.support.shops import Shop


async def count(table: str) -> int:
    return int(await database.fetch_value(f"SELECT count(*) FROM {table}"))


async def test_the_demo_keeps_every_promise_and_holds_its_cast(demo: Shop) -> None:
    broken = {part.name: part.broken async for part in invariants.examine() if part.broken}
    assert broken == {}
    await _has_its_cast()
    await _dates_its_openings()
    await _writes_and_counts()
    await _has_something_to_see()
    await _kept_members_and_issued_invoices()
    await _was_looked_at_before_it_was_bought()
    sold_out = snapshot_refresh.snapshot().product("candlestick")
    assert sold_out is not None and all(one.available == 0 for one in sold_out.variants)
    assert await movements.mrr() > 0
    assert await count("procrastinate_jobs") == 0
    with pytest.raises(NotEmpty):
        await building.fill()
    await building.fill_when_empty()
    maya = await demo.signed_in("maya@kiln.test")
    assert "Kiln Club price" in (await maya.get("/products/morning-mug")).words
    await _agrees_with_its_bank(demo)


async def _has_its_cast() -> None:
    standings = {}
    for name in ("maya", "theo", "noor"):
        person = await customer_accounts.by_email(f"{name}@kiln.test")
        assert person is not None and len(await addresses.of_person(person.id)) == 1
        assert person is not None
        standings[name] = await entitlements.for_person(person.id)
    assert [standing.is_member for standing in standings.values()] == [True, False, False]
    theo = await customer_accounts.by_email("theo@kiln.test")
    assert theo is not None
    assert (await entitlements.for_person(theo.id, clock.now() - timedelta(days=100))).is_member


async def _writes_and_counts() -> None:
    """Segments with somebody in them, campaigns and journeys, and views of which nobody is known."""
    assert await database.fetch_value("SELECT count(*) FROM segment WHERE size > 0") == 4
    states = await database.fetch_value("SELECT array_agg(state::text ORDER BY created_at) FROM campaign")
    assert states == ["sent", "draft"] and await count("campaign_recipient WHERE outcome = 'written'") > 100
    states = await database.fetch_value("SELECT array_agg(state::text ORDER BY started_at) FROM experiment")
    assert states == ["running"] and await count("experiment_exposure") > 40
    journeys = await database.fetch_value("SELECT array_agg(state::text ORDER BY created_at) FROM journey")
    assert journeys == ["running", "draft"] and await count("journey_send WHERE outcome = 'written'") > 0
    agreed = dict(await database.fetch_rows("SELECT email, agreed FROM mailing_contact WHERE email LIKE '%@kiln.test'"))
    assert agreed == {"maya@kiln.test": ["news", "tips"], "noor@kiln.test": ["news"], "theo@kiln.test": []}
    assert await database.fetch_value("SELECT count(DISTINCT day) FROM view_count") >= 41
    assert await count("page_view") == 0


async def _has_something_to_see() -> None:
    """Forecasts, suggestions and an experiment that speak, and figures of failing and leaving that agree."""
    models = dict(await database.fetch_rows("SELECT kind || coalesce(plan::text, ''), model FROM forecast"))
    assert models and all(models.values())
    kinds = await database.fetch_value("SELECT count(DISTINCT kind) FROM suggestion WHERE gone_at IS NULL")
    assert kinds >= 2 and await count("suggestion_look WHERE trouble <> ''") == 0
    of_orders = "SELECT most FROM suggestion_look WHERE kind IN ('just_below', 'likely_joiners')"
    assert min(await database.fetch_values(of_orders)) > 105
    asked = "SELECT count(*) FROM experiment_exposure x JOIN experiment e ON e.id = x.experiment GROUP BY arm"
    assert min(await database.fetch_values(asked)) > 100
    year = (clock.now() - timedelta(days=365), clock.now())
    recovery, cancels = await database.batch(dunning.query(*year), cancel_figures.query(*year))
    assert recovery.failed > 20 and recovery.recovered > 5 and cancel_figures.together(cancels).attempts > 20
    lost = (
        "SELECT count(*) FROM subscription WHERE status = 'cancelled' AND past_due_since IS NOT NULL AND NOT EXISTS ("
    )
    invoice = "SELECT FROM mirrored_invoice i WHERE i.local_id = subscription.id AND i.failed_at IS NOT NULL)"
    left = "SELECT count(*) FROM subscription WHERE cancel_reason <> '' AND NOT EXISTS ("
    attempt = "SELECT FROM cancel_attempt a WHERE a.subscription = subscription.id)"
    assert await database.fetch_value(lost + invoice) == 0 and await database.fetch_value(left + attempt) == 0
    in_turn = "SELECT number FROM orders ORDER BY placed_at, number"
    numbers = [int(one.rpartition("-")[2]) for one in await database.fetch_values(in_turn)]
    assert numbers == sorted(numbers) and len(set(numbers)) == len(numbers)


async def _kept_members_and_issued_invoices() -> None:
    """Two save offers that run, taken by some; a campaign to compare; and invoices in the order of their days."""
    offers = await save_results.by_offer()
    assert {(one.reason, one.kind, one.is_open) for one in offers} == {
        ("use", "pause", True), ("price", "discount", True),
    }  # fmt: skip
    assert min(one.accepted for one in offers) >= 5 and min(one.kept for one in offers) >= 3
    assert max(one.accepted / one.shown for one in offers) < 0.5
    year = (clock.now() - timedelta(days=365), clock.now())
    (cancels,) = await database.batch(cancel_figures.query(*year))
    assert all(one.stayed for one in cancels if one.reason in ("price", "use", cancel_figures.OFFER))
    sides = "SELECT count(*) FROM campaign_recipient GROUP BY is_holdout"
    assert min(await database.fetch_values(sides)) > 100
    days = await database.fetch_values("SELECT issued_at FROM invoice WHERE kind = 'invoice' ORDER BY serial")
    assert len(days) > 60 and days == sorted(days)


async def _agrees_with_its_bank(demo: Shop) -> None:
    """Eleven minutes later, when nothing counts as on its way any more, and what the bank says has been heard."""
    clock.set_everywhere(clock.now() + timedelta(minutes=11))
    await demo.catch_up()
    await stripe_differences.compare()
    found = await database.fetch_rows("SELECT rule, here, there FROM stripe_difference WHERE gone_at IS NULL")
    assert found == []
    assert await count("mirrored_refund WHERE created_at > now() - interval '25 days'") > 10


async def _was_looked_at_before_it_was_bought() -> None:
    """Fewer at every step."""
    (steps,) = await database.batch(funnels.query(seen_periods.usual()))
    assert steps["buying"][-1].members > 100 and steps["joining"][-1].others > 20
    for way in steps.values():
        for step, following in itertools.pairwise(way):
            assert step.members >= following.members and step.others > following.others, (step, following)
    product, *_others, orders = steps["buying"]
    assert 4 * orders.members < product.members and 4 * orders.others < product.others


async def _dates_its_openings() -> None:
    """A member buys the side-handled teapot now; guests read from when; the moon jar is the club's."""
    now, snapshot = clock.now(), snapshot_refresh.snapshot()
    teapot, vase, jar = (snapshot.product(slug) for slug in ("side-handled-teapot", "winter-vase", "moon-jar"))
    assert teapot and vase and jar
    for product, guest, member in ((teapot, False, True), (vase, False, False), (jar, False, True)):
        assert visibility.product_availability(product, visibility.Access.NONE, now).is_buyable is guest
        assert visibility.product_availability(product, lead_plan.access(now), now).is_buyable is member

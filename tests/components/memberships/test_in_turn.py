"""Two that change one person's memberships in the same moment: the second one sees what the first one did."""

from datetime import timedelta
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.database.advisory_locks import take_turns
from components.memberships.editing import plans
from components.memberships.entitlements import membership_periods
from components.memberships.grants import fixed_term, seat_carriers, seats, spend_qualification
from components.memberships.grants.spend_qualification import Spent
from components.memberships.plans import plan_catalogue
from components.payments.values import Payer
from tests.support import make_plans, people
from tests.support.meanwhile import Meanwhile
from tests.support.shops import Shop

YEAR = timedelta(days=365)


async def test_a_term_paid_while_a_gift_begins_starts_when_the_gift_ends(shop: Shop) -> None:
    plan = await make_plans.club()
    await plans.create(slug="year", name="A year", summary="", price=9000, interval="year", is_once=True, by=None)
    maya = await people.customer("maya@kiln.test")
    await fixed_term.start(
        Payer(maya.id, maya.email), plan_catalogue.by_slug("year"), success_path="/a", cancel_path="/b"
    )
    term_id = await fixed_term.pending(maya.id)
    assert term_id is not None
    await database.execute("UPDATE checkout_session SET status = 'complete', paid_at = $1", clock.now())
    until = clock.now() + YEAR
    paying = Meanwhile(fixed_term.apply(term_id))
    async with database.transaction():
        await take_turns(f"membership:{maya.id}")
        await paying.begins()
        await membership_periods.start(
            maya.id, plan_id=plan.id, source="gift", source_id=ids.new(), starts_at=clock.now(), ends_at=until
        )
    await paying.task
    starts = await database.fetch_value("SELECT starts_at FROM membership WHERE source = 'term'")
    assert starts == until


async def shared(shop: Shop) -> tuple[UUID, UUID, UUID]:
    """Maya's prepaid membership, with Theo in a seat of it: the membership's source, her, and the seat."""
    plan = await make_plans.club()
    await plans.set_terms(plan.id, plans.PlanTerms(seats=2), by=None)
    maya, theo = await people.customer("maya@kiln.test"), await people.customer("theo@kiln.test")
    source = ids.new()
    now = clock.now()
    await membership_periods.start(
        maya.id, plan_id=plan.id, source="gift", source_id=source, starts_at=now, ends_at=now + YEAR
    )
    seat = await seats.invite(maya.id, email=theo.email, own_email=maya.email)
    await seats.accept(seat.id, seats.token(seat.id), holder=theo.id)
    return source, maya.id, seat.id


async def test_nobody_gives_a_seat_up_while_its_household_is_looked_through(shop: Shop) -> None:
    """What follows the payer's membership would be moved, or begun again, for a seat that has just ended."""
    source, maya, seat = await shared(shop)
    leaving = Meanwhile(seats.revoke(seat, payer=maya))
    async with database.transaction():
        await seat_carriers.take_turns_over(maya)
        await leaving.begins()
        assert [one.id for one in await seat_carriers.open_seats(source)] == [seat]
    await leaving.task
    assert not await seat_carriers.open_seats(source)


async def test_spending_is_read_when_it_is_this_ones_turn(shop: Shop) -> None:
    """An order paid and one refunded in the same moment: neither goes by what was before the other."""
    plan, maya, now = await make_plans.club(), ids.new(), clock.now()
    await spend_qualification.add(plan, threshold=20000, months=12, by=None)
    orders = [Spent(now, 25000)]

    async def spending(_person_id: UUID) -> list[Spent]:
        return list(orders)

    paying = Meanwhile(spend_qualification.update_person(maya, spending))
    async with database.transaction():
        await take_turns(f"membership:{maya}")
        await paying.begins()
        orders[:] = [Spent(now, 5000)]
    await paying.task
    assert await database.fetch_value("SELECT count(*) FROM membership") == 0

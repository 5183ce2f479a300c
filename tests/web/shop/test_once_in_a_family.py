"""What is given once is given once: also to whoever joined with a promised copy and later has what everybody has."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from components.experiments import experiment_decisions, experiment_watch, experiments
from components.foundation import clock, database, ids
from components.memberships import benefit_events
from components.memberships.editing import plan_benefits
from components.memberships.plans import plan_catalogue
from components.payments import running_subscriptions
from tests.support import make_plans, make_products
from tests.support.shops import Shop
from tests.web.shop.test_benefit_promises import by, joins, later
from tests.web.shop.test_experiment_benefits import held, is_sound
from tests.web.shop.test_experiment_members import a_year_goes_by
from tests.web.shop.test_experiments import JOIN
from tests.web.shop.test_promises_by_hand import credit, given, trying


async def gift(occasion: str) -> UUID:
    mug = await make_products.product(on_hand=50)
    return await make_plans.benefit("gift", "A mug", occasion=occasion, variants=[str(mug.variants[0].id)], days=300)


async def cashback_of(rate: int, cap: int = 5000) -> UUID:
    return await make_plans.benefit("cashback", f"{rate // 100}% back", rate=rate, cap=cap, each="year", days=0)


async def gifts() -> int:
    return int(await database.fetch_value("SELECT count(*) FROM gift"))


async def public(kind: str) -> UUID:
    return next(one.id for one in plan_catalogue.by_slug("annual").benefits if one.kind == kind)


async def rejoins(shop: Shop, person: UUID) -> None:
    clock.set_everywhere(clock.now() + timedelta(days=100))
    await running_subscriptions.end_now(await database.fetch_value("SELECT id FROM subscription"))
    await shop.catch_up()
    email = await database.fetch_value("SELECT email FROM memberships_people WHERE id = $1", person)
    browser = await shop.signed_in(email)
    await shop.pay(await browser.submit(await browser.get(JOIN), JOIN))
    await shop.catch_up()
    assert await database.fetch_value("SELECT count(*) FROM paid_period") == 2


@pytest.mark.parametrize("is_decided", [True, False])
async def test_who_joins_again_has_had_their_credit_once(shop: Shop, is_decided: bool) -> None:
    """What they hold then is everybody's: the promised one's source, or the one that it was promised in place of."""
    five, eight = await credit(5, "once"), await credit(8, "once")
    _, experiment = await trying(eight, instead_of=five)
    _, person = await joins(shop, experiment)
    assert await given() == [800]
    await later()
    await experiment_decisions.decide(experiment, int(is_decided), by=await by())
    await rejoins(shop, person)
    assert await held("periodic_credit") == ["8 credit" if is_decided else "5 credit"]
    assert await given() == [800] and await is_sound()


async def test_nor_does_the_decision_give_it_to_those_who_had_the_one_before(shop: Shop) -> None:
    five, eight = await credit(5, "once"), await credit(8, "once")
    _, experiment = await trying(eight, instead_of=five)
    await joins(shop, experiment, 0)
    assert await given() == [500]
    await later()
    await experiment_decisions.decide(experiment, 1, by=await by())
    assert await held("periodic_credit") == ["8 credit"]
    await a_year_goes_by(shop)
    assert await given() == [500]


async def test_a_promise_that_is_raised_gives_nothing_once_more(shop: Shop) -> None:
    five, eight = await credit(5, "once"), await credit(8, "once")
    _, experiment = await trying(eight, instead_of=five)
    await joins(shop, experiment)
    await later()
    nine = {"amount": 900, "each": "once", "expiry": "never", "days": 0}
    await plan_benefits.change_benefit(five, name="9 credit", answers=nine, by=None)
    await experiment_watch.watch()
    assert await held("periodic_credit") == ["9 credit"]
    await a_year_goes_by(shop)
    assert await given() == [800]


async def test_what_staff_put_into_the_plan_by_hand_is_the_same_to_who_had_it(shop: Shop) -> None:
    eight = await credit(8, "once")
    plan, experiment = await trying(eight)
    _, person = await joins(shop, experiment)
    await experiments.stop(experiment, by=None)
    await later()
    await plan_benefits.attach(plan, await credit(8, "once"), by=None)
    await rejoins(shop, person)
    assert await held("periodic_credit") == ["8 credit"] and await given() == [800]


async def test_another_benefit_that_is_given_once_is_given_beside_it(shop: Shop) -> None:
    eight = await credit(8, "once")
    plan, experiment = await trying(eight)
    _, person = await joins(shop, experiment)
    await experiments.stop(experiment, by=None)
    await later()
    await plan_benefits.attach(plan, await credit(7, "once"), by=None)
    await rejoins(shop, person)
    assert await given() == [800, 700]


async def test_a_gift_for_joining_is_given_once(shop: Shop) -> None:
    _, experiment = await trying(await gift("joining"))
    _, person = await joins(shop, experiment)
    assert await gifts() == 1
    await later()
    await experiment_decisions.decide(experiment, 1, by=await by())
    await rejoins(shop, person)
    assert await held("gift") == ["A mug"] and await gifts() == 1


async def test_a_birthday_has_one_gift_a_year(shop: Shop) -> None:
    _, experiment = await trying(await gift("birthday"))
    _, person = await joins(shop, experiment)
    day = (clock.now() + timedelta(days=1)).date()
    await database.execute("UPDATE person SET birthday = $2 WHERE id = $1", person, date(1990, day.month, day.day))
    await later(days=1)
    await benefit_events.day_started()
    assert await gifts() == 1
    await later()
    await experiment_decisions.decide(experiment, 1, by=await by())
    await _as_everybody(person)
    assert await held("gift") == ["A mug"]
    await benefit_events.day_started()
    assert await gifts() == 1
    for _ in range(2):
        await a_year_goes_by(shop)
        await database.execute("UPDATE person SET birthday = $2 WHERE id = $1", person, clock.now().date())
        await benefit_events.day_started()
    assert await gifts() == 3, "each year anew"


async def _as_everybody(person: UUID) -> None:
    """Their membership gives what everybody's does, as after a change to another plan and back."""
    await database.execute("UPDATE membership SET variant = NULL WHERE holder = $1", person)
    await database.execute("UPDATE entitlement SET benefit = $1 FROM benefit b WHERE b.id = benefit AND b.is_tried",
                           await public("gift"))  # fmt: skip


async def test_a_limit_of_cashback_is_one_for_all_of_them(shop: Shop) -> None:
    three, five = await cashback_of(300), await cashback_of(500)
    _, experiment = await trying(five, instead_of=three)
    _, ordinary = await joins(shop, experiment, 0)
    _, promised = await joins(shop, experiment, 1)
    await later()
    for person in (ordinary, promised):
        assert await _earns(person) == 5000
        assert await _earns(person) == 0
    await experiment_decisions.decide(experiment, 1, by=await by())
    await later()
    assert await held("cashback") == ["5% back", "5% back"]
    assert [await _earns(one) for one in (ordinary, promised)] == [0, 0], "they have had this year's"
    clock.set_everywhere(clock.now().replace(year=clock.now().year + 1, month=1, day=2))
    assert await _earns(ordinary) == 5000


async def _earns(person: UUID) -> int:
    """By an order of £10,000."""
    at = clock.now()
    purchase = benefit_events.Purchase(
        order_id=(order := ids.new()), number="1", person_id=person, base=1_000_000, spending=(),
        paid_at=at, returns_until=at + timedelta(days=30),
    )  # fmt: skip
    await benefit_events.order_paid(purchase)
    found = await database.fetch_value("SELECT coalesce(sum(amount), 0) FROM ledger_lot WHERE order_id = $1", order)
    return int(found)

"""Movements are dated by what was paid, paused and ended, for the right reason, and a month that is over stays so."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from components.checkout.taxes import tax_rates
from components.foundation import clock, database
from components.insights import invariants
from components.insights.metrics import figures, metrics, yearly_fees
from components.insights.movements import epochs, movement_invariants, movements
from components.memberships.billing import cancellations, price_migrations, subscriptions
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from tests.support import join_members, make_plans, people
from tests.support.shops import Shop

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ATTACHES_THEN_FAILS = "4000000000000341"


async def moved() -> list[tuple[str, int, str]]:
    return [(one.kind, one.amount, f"{one.at:%Y-%m-%d}") for one in await movements.ledger()]


async def mine() -> UUID:
    found = await subscriptions.running(await join_members.person())
    assert found is not None
    return found.id


async def tried() -> None:
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=14, trial_ends="card"), by=None)


async def test_a1_a_price_move_is_an_expansion_on_the_day_it_is_paid_and_no_closed_month_changes(shop: Shop) -> None:
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await join_members.joins(shop, plan)
    await join_members.until(shop, datetime(2027, 4, 10, tzinfo=UTC))
    await plans.revise(plan.id, price=550, by=None)
    dearer = plan_catalogue.by_slug("monthly")
    await price_migrations.schedule(dearer, from_at=datetime(2027, 5, 20, tzinfo=UTC), notice_days=30, by=None)
    await price_migrations.run_due()
    closed = [(one.from_at, one.end) for one in (await metrics.months()).months[:-1]]
    await join_members.until(shop, datetime(2027, 5, 2, 12, tzinfo=UTC))
    await price_migrations.run_due()
    await join_members.until(shop, datetime(2027, 5, 31, 20, tzinfo=UTC))
    await price_migrations.run_due()
    await shop.catch_up()
    assert await moved() == [("new", 450, "2027-03-01")], "set a day ahead, and not paid yet"
    await join_members.until(shop, datetime(2027, 6, 1, 18, tzinfo=UTC))
    assert await moved() == [("new", 450, "2027-03-01"), ("expansion", 100, "2027-06-01")]
    months = {one.from_at: one.end for one in (await metrics.months()).months}
    assert [(at, months[at]) for at, _ in closed if at in months] == [pair for pair in closed if pair[0] in months]
    assert await invariants.invariants() == []


async def test_a1_who_leaves_before_paying_the_new_price_never_paid_it(shop: Shop) -> None:
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await join_members.joins(shop, plan)
    await plans.revise(plan.id, price=550, by=None)
    dearer = plan_catalogue.by_slug("monthly")
    await price_migrations.schedule(dearer, from_at=datetime(2027, 3, 2, tzinfo=UTC), notice_days=10, by=None)
    await join_members.until(shop, datetime(2027, 3, 12, tzinfo=UTC))
    await price_migrations.run_due()
    await join_members.until(shop, datetime(2027, 3, 31, 20, tzinfo=UTC))
    await price_migrations.run_due()
    await shop.catch_up()
    await cancellations.schedule(await mine())
    await join_members.until(shop, datetime(2027, 4, 3, tzinfo=UTC))
    await movements.record_everybody()
    assert await moved() == [("new", 450, "2027-03-01"), ("churn", -450, "2027-04-01")]


async def test_a2_a_trial_is_new_with_its_first_payment(shop: Shop, at: datetime) -> None:
    await tried()
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"))
    await join_members.until(shop, at + 13 * DAY)
    await movements.record_everybody()
    assert await moved() == []
    await join_members.until(shop, at + 14 * DAY + 2 * HOUR)
    assert await moved() == [("new", 450, "2027-03-15")]


async def test_a2_a_trial_whose_first_charge_fails_was_never_revenue(shop: Shop, at: datetime) -> None:
    await tried()
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"), card=ATTACHES_THEN_FAILS)
    for days in (15, 20, 30, 45):
        await join_members.until(shop, at + days * DAY)
        await movements.record_everybody()
        (members,) = await database.batch(figures.members())
        assert (members.paying, members.mrr) == (0, 0)
    assert await moved() == []


async def test_a3_every_recurring_figure_is_without_tax(shop: Shop) -> None:
    await tax_rates.set_rate("GB", rate_bp=2000)
    await join_members.joins(shop, await make_plans.club(price=3900, interval="year", slug="annual"))
    members, arr = await database.batch(figures.members(), yearly_fees.arr())
    assert (members.mrr, arr, members.cmrr, members.arpu) == (271, 3250, 271, 271), "£32.50 a year, no more"
    row = await database.fetch_one("SELECT amount, net_amount, net_price FROM paid_period")
    assert row == {"amount": 3900, "net_amount": 3250, "net_price": 3250}


async def test_a3_the_tax_of_a_fee_is_that_of_the_day_it_was_paid(shop: Shop) -> None:
    await tax_rates.set_rate("GB", rate_bp=2000)
    await join_members.joins(shop, await make_plans.club(price=600, interval="month", slug="monthly"))
    await tax_rates.set_rate("GB", rate_bp=0)
    await movements.record_everybody()
    await epochs.rebuild("again")
    assert await movements.mrr() == 500


@pytest.mark.parametrize("reason", ["", "price"])
async def test_b9_a4_a_cancellation_is_one_with_or_without_a_reason(shop: Shop, reason: str) -> None:
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    await cancellations.schedule(await mine(), reason=reason)
    await join_members.until(shop, datetime(2027, 4, 2, tzinfo=UTC))
    await movements.record_everybody()
    (_, churn) = await movements.ledger()
    assert (churn.kind, churn.because, churn.at) == ("churn", "cancelled", datetime(2027, 4, 1, 12, tzinfo=UTC))


async def test_b9_a_renewal_that_was_never_paid_is_a_failed_payment(shop: Shop, at: datetime) -> None:
    browser = await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    kept = await shop.pay(await browser.post("/account/membership/card", {}), ATTACHES_THEN_FAILS)
    await browser.get(kept.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    for days in (33, 40, 50, 60):
        await join_members.until(shop, at + days * DAY)
        await movements.record_everybody()
    churn = (await movements.ledger())[-1]
    assert (churn.kind, churn.because) == ("churn", "payment failed") and f"{churn.at:%Y-%m-%d}" == "2027-04-15"


@pytest.mark.parametrize(("hours", "because"), [(33 * 24, "cancelled"), (45 * 24 + 6, "payment failed")])
async def test_who_owes_and_is_cancelled_by_staff_left_by_that_unless_the_grace_was_over(
    shop: Shop, at: datetime, hours: int, because: str
) -> None:
    browser = await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    kept = await shop.pay(await browser.post("/account/membership/card", {}), ATTACHES_THEN_FAILS)
    await browser.get(kept.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    for passed in (32 * 24, hours):
        await join_members.until(shop, at + timedelta(hours=passed))
        await movements.record_everybody()
    await cancellations.schedule(await mine(), by=(await people.owner()).id)
    await shop.catch_up()
    await movements.record_everybody()
    churn = (await movements.ledger())[-1]
    assert (churn.kind, churn.because) == ("churn", because)
    await epochs.rebuild("again")
    assert (await movements.ledger())[-1].because == because


async def test_a5_cmrr_knows_who_will_pay_less(shop: Shop) -> None:
    await make_plans.club(price=3900, slug="annual")
    await plans.create(slug="lite", name="Lite", summary="", price=1200, interval="year", by=None)
    browser = await join_members.joins(shop, plan_catalogue.by_slug("annual"))
    await browser.submit(await browser.get("/account/membership/plan/lite"), "/account/membership/plan/lite")
    (members,) = await database.batch(figures.members())
    assert (members.mrr, members.cmrr, members.leaving, members.moving) == (325, 100, 0, -225)
    await cancellations.schedule(await mine())
    (members,) = await database.batch(figures.members())
    assert (members.cmrr, members.leaving, members.moving) == (0, 325, 0)


async def test_what_was_paid_for_is_never_changed_but_where_it_ends(shop: Shop) -> None:
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    for change in (
        "amount = 1",
        "net_amount = 1",
        "net_price = 1",
        "invoice = 'x'",
        "starts_at = starts_at - '1 h'::interval",
    ):
        with pytest.raises(asyncpg.RaiseError, match="what was paid for never changes"):
            await database.execute(f"UPDATE paid_period SET {change}")
    await database.execute("UPDATE paid_period SET ends_at = ends_at - '1 h'::interval")


async def _wrong(person: object, at: datetime, amount: int = 100) -> None:
    await database.execute(
        """INSERT INTO movement (id, person, turn, kind, amount, balance, because, at, noted_at, epoch)
        SELECT gen_random_uuid(), person, turn + 1, 'expansion', $2, balance + $2, '', $3, $3, epoch FROM movement
        WHERE person = $1 ORDER BY turn DESC LIMIT 1""",
        person, amount, at,
    )  # fmt: skip


async def test_a_ledger_that_tells_another_month_is_found_and_a_rebuild_mends_it(shop: Shop, at: datetime) -> None:
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    await join_members.until(shop, at + 70 * DAY)
    await shop.catch_up()
    assert await invariants.invariants() == []
    await _wrong(await join_members.person(), at + 10 * DAY)
    broken = "\n".join(await invariants.invariants())
    assert "MRR before 1 April 2027: 450 by what was paid; the movements add up to 550" in broken
    assert "MRR before 1 May 2027: 450" in broken and "nothing was paid, paused or ended then" in broken
    await movements.record_everybody()
    assert await movements.mrr() == 550, "a month that is over is not rewritten silently"
    await epochs.rebuild("a wrong row")
    assert await movements.mrr() == 450 and await invariants.invariants() == []
    assert await database.fetch_values("SELECT epoch FROM movement ORDER BY turn, epoch") == [1, 2, 1]


async def test_a_payment_reported_late_is_dated_right_and_said(shop: Shop, at: datetime) -> None:
    """The first period is reported after the second: nothing that was noted is lost, and each month is right."""
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    first = await database.fetch_one("SELECT * FROM paid_period")
    assert first is not None
    await database.execute("TRUNCATE movement")
    await database.execute("DELETE FROM paid_period")
    await join_members.until(shop, at + 31 * DAY + 3 * HOUR)
    assert await moved() == [("new", 450, "2027-04-01")]
    await database.execute(
        """INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at,
          plan_version, net_amount, net_price, is_partial)
        VALUES ($1, $2, $3, $4, $5, 300, 'GBP', $4, $6, 300, 300, false)""",
        uuid4(), first["subscription"], "late", at, at + 31 * DAY, first["plan_version"],
    )  # fmt: skip
    assert await movement_invariants.late(at) == 0
    await movements.record_everybody()
    assert await moved() == [("new", 300, "2027-03-01"), ("expansion", 150, "2027-04-01")]
    assert await movement_invariants.late(at) > 0 and await invariants.invariants() == []


async def test_an_earlier_ledger_is_rebuilt_once_by_the_daily_job(shop: Shop) -> None:
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    await database.execute("INSERT INTO movement_epoch VALUES (1, 1, 'before', now())")
    await _wrong(await join_members.person(), clock.now() - HOUR)
    for _ in range(2):
        await movements.record_everybody()
        assert await epochs.current() == 2 and await movements.mrr() == 450

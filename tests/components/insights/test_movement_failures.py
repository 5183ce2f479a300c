"""One person whose rows are wrong does not keep the others' movements from being recorded, and is named."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from components.foundation import clock, database, queue
from components.insights.movements import epochs, movements
from components.insights.movements.movement_failures import MovementsFailed
from components.memberships.grants import imported_memberships
from components.memberships.plans import plan_catalogue
from components.worker import job_app
from tests.conftest import NOON
from tests.support import make_plans, people
from tests.support.pages import Page
from tests.support.shops import Shop

EVERYBODY = ("ann@kiln.test", "ben@kiln.test", "theo@kiln.test")
NEW_AND_CHURN = {email: [450, -450] for email in EVERYBODY}


@pytest.fixture(autouse=True)
async def stays(db: None) -> dict[str, UUID]:
    """Each was a member for three months; nothing of it is recorded."""
    began, ended = NOON - timedelta(days=100), NOON - timedelta(days=10)
    found = {}
    with clock.frozen(began):
        plan = await make_plans.club(price=450, interval="month", slug="monthly")
        for email in EVERYBODY:
            found[email] = (await people.customer(email)).id
            await imported_memberships.import_membership(
                found[email], plan_catalogue.by_slug(plan.slug), started_at=began, ended_at=ended, reason="price"
            )
    return found


async def noted() -> dict[str, list[int]]:
    rows = await database.fetch_rows(
        """SELECT p.email, array_agg(m.amount::int ORDER BY m.turn) FROM current_movements m
        JOIN person p ON p.id = m.person GROUP BY 1"""
    )
    return dict(rows)


async def wrong_balance(person: UUID) -> None:
    """The end of the membership would take it below nothing."""
    await database.execute(
        """INSERT INTO movement (id, person, turn, kind, amount, balance, because, at, noted_at, epoch)
        SELECT gen_random_uuid(), $1, 1, 'new', 450, 0, '', d.starts_at, d.starts_at, 1 FROM paid_period d
        JOIN subscription s ON s.id = d.subscription WHERE s.payer = $1 ORDER BY d.starts_at LIMIT 1""", person
    )  # fmt: skip


async def never_paid(person: UUID) -> None:
    """A period that was paid at no instant that Python knows: not even walking through it works."""
    await database.execute(
        """INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at,
          plan_version, net_amount, net_price, is_partial)
        SELECT gen_random_uuid(), d.subscription, 'never', d.ends_at, d.ends_at + '1 day'::interval, 450, 'GBP',
          '-infinity', d.plan_version, 450, 450, false FROM paid_period d
        JOIN subscription s ON s.id = d.subscription WHERE s.payer = $1 ORDER BY d.starts_at DESC LIMIT 1""", person
    )  # fmt: skip


@pytest.mark.parametrize("break_it", [wrong_balance, never_paid])
async def test_everybody_else_is_recorded_and_who_fails_is_named(
    stays: dict[str, UUID], break_it: Callable[[UUID], Awaitable[None]]
) -> None:
    wrong, *others = sorted(EVERYBODY, key=lambda email: stays[email])
    await break_it(stays[wrong])
    said = rf"^The MRR of 1 person could not be worked out: /staff/members/{stays[wrong]}$"
    with pytest.raises(MovementsFailed, match=said):
        await movements.record_everybody()
    assert {email: amounts for email, amounts in (await noted()).items() if email != wrong} == {
        email: NEW_AND_CHURN[email] for email in others
    }


async def test_a_rebuild_names_who_fails_changes_nothing_and_exits_with_1(stays: dict[str, UUID]) -> None:
    await movements.record_everybody()
    await never_paid(stays["ben@kiln.test"])
    with pytest.raises(MovementsFailed, match=str(stays["ben@kiln.test"])):
        await epochs.rebuild("again")
    assert await epochs.current() == 1 and await noted() == NEW_AND_CHURN


async def test_the_night_job_that_fails_is_on_today_with_who(shop: Shop, stays: dict[str, UUID], dsn: str) -> None:
    await wrong_balance(stays["ben@kiln.test"])
    app = job_app(dsn)
    async with app.open_async():
        await app.tasks["timetable:record_movements"].defer_async(timestamp=0)
        await app.run_worker_async(wait=False, install_signal_handlers=False)
    (failed,) = await queue.parked()
    assert str(stays["ben@kiln.test"]) in failed.why
    owner = await people.owner()
    browser = await shop.signed_in(owner.email)
    today: Page = await browser.get("/staff")
    assert "1 background job failed" in today.words
    listed = await browser.get("/staff/jobs")
    assert "Update MRR movements" in listed.words and str(stays["ben@kiln.test"]) in listed.words

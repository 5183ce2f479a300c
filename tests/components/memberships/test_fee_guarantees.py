"""The fee guarantee: what was not saved of a fee by the end of its term becomes store credit, exactly and once."""

import asyncio
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.consistency import invariant_walks
from components.ledger import balances
from components.memberships.editing import plans
from components.memberships.entitlements import savings
from components.memberships.plans import plan_catalogue
from components.memberships.promises import fee_guarantees, guarantee_standings, promise_invariants
from components.memberships.promises.tables import FeeGuarantee
from components.memberships.tables import PaidPeriod, Subscription
from tests.support import join_members, people
from tests.support.shops import Shop

DOCUMENT = (Path(__file__).parents[3] / "docs" / "memberships.md").read_text()
START = datetime(2027, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def documented() -> set[str]:
    """The cases of the table of guarantees, by their names in bold."""
    part = DOCUMENT.split("## Fee guarantee")[1].split("\n## ")[0]
    return set(re.findall(r"^\| \*\*(.+?)\*\* \|", part, re.M))


@dataclass
class Payer:
    """One person with one subscription, of whom the rows say what happened on which day; a fee is £3.00 for 30 days."""

    id: UUID
    plan: str = "sure"
    subscription: UUID = field(default_factory=ids.new)

    async def joins(self) -> None:
        await Subscription.insert(
            Subscription(id=self.subscription, payer=self.id, plan_version=plan_catalogue.by_slug(self.plan).version_id,
                         status="active", created_at=START, started_at=START, current_period_start=START,
                         current_period_end=START + 30 * DAY)
        )  # fmt: skip

    async def pays(self, day: float, until: float, amount: int = 300, plan: str = "", *, change: bool = False) -> None:
        version = plan_catalogue.by_slug(plan or self.plan).version_id
        period = PaidPeriod(
            id=ids.new(), subscription=self.subscription, invoice=f"in_{ids.new()}", starts_at=START + day * DAY,
            ends_at=START + until * DAY, amount=amount, currency="GBP", paid_at=START + day * DAY, plan_version=version,
            net_amount=amount, net_price=amount, is_partial=change,
        )  # fmt: skip
        async with database.transaction():
            await PaidPeriod.insert(period)
            await fee_guarantees.promise_period(period, payer=self.id, is_change=change)
        self.invoice = period.invoice

    async def saves(self, day: float, amount: int) -> str:
        reference = f"order-line:{ids.new()}"
        use = savings.Use(reference, None, "A bowl", "10% off", 10 * amount, 9 * amount)
        at = START + day * DAY
        await savings.record(self.id, order_id=ids.new(), currency="GBP", uses=[use], at=at)
        return reference

    async def brings_back(self, reference: str, day: float, amount: int) -> None:
        at = START + day * DAY
        await savings.reverse(reference, because_of=f"refund:{ids.new()}", regular=10 * amount, paid=9 * amount, at=at)

    async def is_refunded(self, amount: int) -> None:
        await database.execute(
            """INSERT INTO fee_refund (id, subscription, invoice, amount, currency, status, at)
               VALUES ($1, $2, $3, $4, 'GBP', 'succeeded', $5)""",
            ids.new(), self.subscription, self.invoice, amount, START + DAY,
        )  # fmt: skip

    async def disputes(self, status: str) -> None:
        intent = f"pi_{self.subscription}"
        await database.execute("DELETE FROM mirrored_dispute WHERE payment_intent = $1", intent)
        await database.execute(
            """INSERT INTO mirrored_payment (stripe_id, invoice, status, amount, currency, created_at, mirrored_at)
               VALUES ($1, $2, 'succeeded', 300, 'GBP', $3, $3) ON CONFLICT DO NOTHING""",
            intent, self.invoice, START,
        )  # fmt: skip
        await database.execute(
            """INSERT INTO mirrored_dispute (stripe_id, payment_intent, reference_id, status, reason, amount, currency,
                 created_at, mirrored_at, words) VALUES ($1, $2, $3, $4, 'fraudulent', 300, 'GBP', $5, $5, '')""",
            f"dp_{ids.new()}", intent, self.subscription, status, START,
        )  # fmt: skip

    async def ends(self, day: float, status: str = "cancelled") -> None:
        column = "ended_at" if status == "cancelled" else "past_due_since"
        await database.execute(
            f"UPDATE subscription SET status = $2, {column} = $3 WHERE id = $1",
            self.subscription, status, START + day * DAY,
        )  # fmt: skip

    async def rests(self, day: float, until: float, *, paid_left: int | None = None) -> None:
        await database.execute(
            """INSERT INTO pause (id, subscription, from_at, until_at, begun_at, ended_at, paid_left)
               VALUES ($1, $2, $3, $4, $3, $4, $5)""",
            ids.new(), self.subscription, START + day * DAY, START + until * DAY, paid_left,
        )  # fmt: skip

    async def row(self) -> tuple[Any, ...]:
        sql = "SELECT fee, saved, given, why FROM fee_guarantee WHERE person = $1 ORDER BY starts_at LIMIT 1"
        return next(iter(await database.fetch_rows(sql, self.id)), ())

    async def credit(self) -> int:
        return (await balances.for_person(self.id)).spendable


async def broken() -> list[str]:
    return await invariant_walks.sentences(promise_invariants.RULES)


async def town() -> Any:
    clock.set_everywhere(START)
    for slug, guarantees in (("sure", True), ("plain", False), ("large", True)):
        made = await plans.create(slug=slug, name=slug, summary="", price=300, interval="month", by=None)
        await plans.set_terms(made, plans.PlanTerms(guarantees_fee=guarantees), by=None)
    made = await plans.create(slug="once", name="once", summary="", price=1200, interval="year", is_once=True, by=None)
    await plans.set_terms(made, plans.PlanTerms(guarantees_fee=True), by=None)

    async def somebody(name: str, plan: str = "sure") -> Payer:
        made = Payer((await people.customer(f"{name}@town.test")).id, plan)
        await made.joins()
        return made

    return somebody


AFTERWARDS = "paused from the end of the paid time"
OPEN = (None, None, None, "")
CASES: dict[str, tuple[Any, ...]] = {
    "saved nothing": (300, 0, 300, "given"),
    "saved a part": (300, 120, 180, "given"),
    "saved more": (300, 500, 0, "saved"),
    "an order came back": (300, 30, 270, "given"),
    "saved in the trial": (300, 0, 300, "given"),
    "a part of the fee refunded": (200, 50, 150, "given"),
    "all of the fee refunded": (0, 0, 0, "refunded"),
    "disputed and lost": (0, 0, 0, "refunded"),
    "disputed and won": (300, 0, 300, "given"),
    "still disputed": OPEN,
    "paused": (300, 80, 220, "given"),
    AFTERWARDS: (300, 80, 220, "given"),
    "changed at once to a plan with it": (500, 100, 400, "given"),
    "changed at once to a plan without it": (100, 0, 100, "given"),
    "changed to a longer period": OPEN,
    "cancelled": (300, 0, 300, "given"),
    "ended before its time": (150, 40, 110, "given"),
    "the renewal failed": (300, 0, 300, "given"),
    "paid once": (900, 200, 700, "given"),
    "a gift, a seat, or given by the shop": (),
    "erased": (0, 0, 0, "erased"),
    "turned off later": (300, 0, 300, "given"),
    "turned on later": (),
}


async def test_every_case_of_the_table_gives_what_it_says(db: None) -> None:
    somebody = await town()
    found = {case: await somebody(f"p{place}") for place, case in enumerate(CASES)}
    for case, one in found.items():
        await _happens(case, one)
    clock.set_everywhere(START + 30.9 * DAY)
    await fee_guarantees.settle_due()
    assert await found["saved nothing"].credit() == 0, "a day is waited, for the orders of the last hours"
    clock.set_everywhere(START + 370 * DAY)
    owed = guarantee_standings.owed(await guarantee_standings.unsettled())
    assert owed == sum(one.shortfall for one in await guarantee_standings.unsettled()) > 0
    await asyncio.gather(fee_guarantees.settle_due(), fee_guarantees.settle_due())
    await fee_guarantees.settle_due()
    assert {case: await one.row() for case, one in found.items()} == CASES
    for case, one in found.items():
        expected = CASES[case][2] if CASES[case] and CASES[case][2] else 0
        assert await one.credit() == expected, case
    assert documented() == set(CASES)
    assert await broken() == []


async def _happens(case: str, one: Payer) -> None:
    """One month that begins on day 0, and what the case says."""
    plain = case in ("turned on later",)
    if case == "a gift, a seat, or given by the shop":
        return
    if case == "paid once":
        version, until = plan_catalogue.by_slug("once").version_id, START + 365 * DAY
        term = ids.new()
        await database.execute(
            "INSERT INTO paid_term (id, payer, plan_version, created_at, paid_at) VALUES ($1, $2, $3, $4, $4)",
            term, one.id, version, START,
        )  # fmt: skip
        await database.execute(
            """INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at)
               SELECT $1, $2, plan, 'term', $3, $4, $5 FROM plan_version WHERE id = $6""",
            ids.new(), one.id, term, START, until, version,
        )  # fmt: skip
        async with database.transaction():
            await fee_guarantees.promise_term(
                term, payer=one.id, version_id=version, starts_at=START, ends_at=until, amount=1200, currency="GBP"
            )
        await database.execute(
            """INSERT INTO paid_once_refund (id, term, amount, currency, status, at)
               VALUES ($1, $2, 300, 'GBP', 'succeeded', $3)""",
            ids.new(), term, START + DAY,
        )  # fmt: skip
        await one.saves(200, 200)
        return
    if case == "saved in the trial":
        await one.saves(-3, 90)
    await one.pays(0, 30, plan="plain" if plain else "")
    if case == "saved a part":
        await one.saves(0, 20), await one.saves(29.99, 100), await one.saves(30, 70)
    elif case == "saved more":
        await one.saves(2, 500)
    elif case == "an order came back":
        before, since = await one.saves(-40, 200), await one.saves(3, 100)
        await one.brings_back(before, 4, 200), await one.brings_back(since, 30.5, 70)
    elif case == "a part of the fee refunded":
        await one.is_refunded(100), await one.saves(5, 50)
    elif case == "all of the fee refunded":
        await one.is_refunded(300)
    elif case.startswith("disputed") or case == "still disputed":
        await one.disputes({"disputed and lost": "lost", "disputed and won": "won"}.get(case, "under_review"))
    elif case == "paused":
        await one.rests(10, 50), await one.saves(65, 80)
    elif case == AFTERWARDS:
        await one.rests(10, 20), await one.rests(40, 101, paid_left=0)
        await one.saves(35, 80), await one.saves(50, 60)
    elif case == "changed at once to a plan with it":
        await one.saves(2, 60), await one.pays(10, 30, 200, "large", change=True), await one.saves(20, 40)
    elif case == "changed at once to a plan without it":
        await one.pays(10, 30, 200, "plain", change=True), await one.saves(20, 40)
    elif case == "changed to a longer period":
        await one.pays(10, 375, 3000, "large", change=True)
        return
    elif case == "ended before its time":
        await one.saves(2, 40), await one.ends(15)
        return
    elif case == "erased":
        await fee_guarantees.forget(one.id)
    elif case == "turned off later":
        await plans.set_terms(plan_catalogue.by_slug("sure").id, plans.PlanTerms(), by=None)
    if case == "cancelled":
        await one.ends(30)
    elif case == "the renewal failed":
        await one.ends(30, "past_due")
    else:
        await one.pays({"paused": 70, AFTERWARDS: 101}.get(case, 30), 131, plan="plain")


async def test_the_credit_is_given_once_though_two_settle_at_the_same_moment(db: None) -> None:
    one = await (await town())("ann")
    await one.pays(0, 30)
    await one.ends(30)
    clock.set_everywhere(START + 40 * DAY)
    (kept,) = await FeeGuarantee.objects()
    await asyncio.gather(*(fee_guarantees.settle(kept.id, over_at=START + 30 * DAY) for _ in range(6)))
    assert await one.credit() == 300
    assert await database.fetch_value("SELECT count(*) FROM ledger_posting WHERE kind = 'given'") == 1
    for harm in ("UPDATE fee_guarantee SET given = 299", "UPDATE fee_guarantee SET fee = 400, given = 400",
                   "UPDATE guaranteed_fee SET amount = 301"):  # fmt: skip
        await database.execute("UPDATE fee_guarantee SET fee = 300, given = 300")
        await database.execute("UPDATE guaranteed_fee SET amount = 300")
        assert await broken() == []
        await database.execute(harm)
        assert len(await broken()) >= 1, harm


async def test_a_member_reads_of_it_before_they_pay_while_it_runs_and_when_it_is_given(shop: Shop) -> None:
    plan = await join_members.plan(price=450, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(guarantees_fee=True), by=None)
    words = "Fee guarantee"
    assert words in (await shop.browser().get("/join/monthly")).words
    assert words in (await shop.browser().get("/join")).words
    maya = await join_members.joins(shop, plan)
    page = await maya.get("/account/savings")
    assert "£4.50 becomes store credit when" in page.words
    clock.set_everywhere(clock.now() + 33 * DAY)
    await shop.catch_up()
    await fee_guarantees.settle_due()
    await shop.catch_up()
    maya = await shop.signed_in(join_members.MAYA)
    page = await maya.get("/account/savings")
    assert "£4.50 became store credit" in page.words
    assert "Fee guarantee" in (await maya.get("/account/credit")).words
    (text,) = await database.fetch_values("SELECT text FROM email WHERE template = 'guarantee_credit'")
    assert "we've added £4.50 of store credit" in text
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    figure = await iris.get("/staff/metrics/figures/guarantees")
    assert "£4.50" in figure.words

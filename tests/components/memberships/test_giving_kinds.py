"""The kinds of benefits that give something: at which moment, how much, once, and taken back when they should be."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.ledger import balances, invariants, schedule
from components.memberships import benefit_events
from components.memberships.benefits.events import Holding, PeriodPaid, Purchase, PurchaseRefunded
from components.memberships.benefits.gift import occasions
from components.memberships.benefits.kinds import kind
from components.memberships.benefits.protocol import SettingRefused
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import membership_periods
from components.memberships.facts import MembershipStarted
from components.memberships.grants import complimentary
from components.memberships.plans import plan_cache, plan_catalogue
from components.people import customer_accounts
from components.rewards import free_products
from tests.support import make_products
from tests.support.cells import every_cell

JOINED = datetime(2027, 3, 1, 12, tzinfo=UTC)


async def member(kind_key: str, **answers: Any) -> UUID:
    """Somebody who holds one benefit of this kind since noon on 1 March 2027."""
    plan_id = await plans.create(slug="annual", name="Annual", summary="", price=3900, interval="year", by=None)
    benefit = await plan_benefits.create_benefit(kind_key=kind_key, name="It", answers=answers, by=None)
    await plan_benefits.attach(plan_id, benefit, by=None)
    await plan_cache.refresh()
    maya = (await customer_accounts.sign_up("maya@kiln.test", name="Maya")).id
    made = await complimentary.grant(maya, plan_catalogue.by_slug("annual"), until=None, by=maya)
    await benefit_events.membership_started(MembershipStarted(made.id, maya, "comp"))
    return maya


async def cup() -> list[str]:
    return [str(await make_products.variant_id(title="Cup", price=900))]


def purchase(person: UUID, *, base: int = 10_000, spent: int = 10_000, at: datetime | None = None) -> Purchase:
    at = at or clock.now()
    return Purchase(
        order_id=ids.new(), number="K-1", person_id=person, base=base, spending=((at, spent),), paid_at=at,
        returns_until=benefit_events.return_deadline(at),
    )  # fmt: skip


def back(bought: Purchase, *, spent: tuple[tuple[datetime, int], ...] = ()) -> PurchaseRefunded:
    return PurchaseRefunded(
        order_id=bought.order_id, number="K-1", person_id=bought.person_id, refunded=1, total=1, spending=spent,
        gifts=(),
    )  # fmt: skip


async def test_cashback_is_its_rate_rounded_half_up(db: None) -> None:
    maya = await member("cashback", rate=250)
    for base, earned in ((9_999, 250), (20, 1), (19, 0)):
        before = (await balances.for_person(maya)).pending
        await benefit_events.order_paid(purchase(maya, base=base))
        assert (await balances.for_person(maya)).pending - before == earned, base


async def test_of_several_cashbacks_the_one_counts_that_really_gives_most(db: None) -> None:
    maya = await member("cashback", rate=1000, cap=1500)
    plan = plan_catalogue.by_slug("annual").id
    other = await plan_benefits.create_benefit(kind_key="cashback", name="Other", answers={"rate": 500}, by=None)
    await database.execute(
        """INSERT INTO entitlement (id, membership, person, benefit, from_at, because_of)
        SELECT gen_random_uuid(), id, holder, $2, starts_at, source FROM membership WHERE plan = $1""",
        plan, other,
    )  # fmt: skip
    for earned in (1000, 500, 500):
        before = (await balances.for_person(maya)).pending
        await benefit_events.order_paid(purchase(maya))
        assert (await balances.for_person(maya)).pending - before == earned


async def test_cashback_stops_at_its_cap_and_begins_again_with_the_month(db: None) -> None:
    maya = await member("cashback", rate=1000, cap=1500, each="month")
    for _ in range(3):
        await benefit_events.order_paid(purchase(maya))
    assert (await balances.for_person(maya)).pending == 1500
    midnight = datetime(2027, 3, 31, 23, 0, tzinfo=UTC)
    with clock.frozen(midnight - timedelta(seconds=1)):
        await benefit_events.order_paid(purchase(maya))
    assert (await balances.for_person(maya)).pending == 1500, "it is still March in London"
    with clock.frozen(midnight):
        await benefit_events.order_paid(purchase(maya))
    assert (await balances.for_person(maya)).pending == 2500, "there it is April"


async def test_who_is_no_member_when_she_pays_earns_nothing_and_news_may_come_late(db: None) -> None:
    maya = await member("cashback", rate=1000)
    await benefit_events.order_paid(purchase(maya, at=JOINED - timedelta(seconds=1)))
    assert (await balances.for_person(maya)).is_empty
    (held,) = await database.fetch("SELECT id FROM membership")
    with clock.frozen(JOINED + timedelta(days=2)):
        await complimentary.end(held["id"], by=maya)
        await benefit_events.order_paid(purchase(maya, at=JOINED + timedelta(days=1)))
        assert (await balances.for_person(maya)).pending == 1000
        await benefit_events.order_paid(purchase(maya, at=JOINED + timedelta(days=2)))
        assert (await balances.for_person(maya)).pending == 1000


async def test_cashback_is_taken_back_even_when_the_benefit_is_held_no_longer(db: None) -> None:
    maya = await member("cashback", rate=1000)
    bought = purchase(maya)
    await benefit_events.order_paid(bought)
    (held,) = await database.fetch("SELECT id FROM membership")
    await complimentary.end(held["id"], by=maya)
    await benefit_events.order_refunded(back(bought))
    assert (await balances.for_person(maya)).is_empty and await invariants.invariants() == []


async def period(turn: int, *, subscription: UUID) -> PeriodPaid:
    start = JOINED + timedelta(days=365 * (turn - 1))
    return PeriodPaid(
        period_id=UUID(int=turn), source_id=subscription, turn=turn,
        starts_at=start, ends_at=start + timedelta(days=365),
    )  # fmt: skip


async def source() -> UUID:
    found: UUID = await database.fetch_value("SELECT source_id FROM membership")
    return found


@pytest.mark.parametrize(("kind", "given"), [("term", 1000), ("gift", 1000), ("comp", 0), ("seat", 0)])
async def test_credit_comes_once_with_a_membership_that_is_paid_once(db: None, kind: str, given: int) -> None:
    maya = await member("periodic_credit", amount=1000)
    plan_id, until = await database.fetch_value("SELECT plan FROM membership"), JOINED + timedelta(days=90)
    theirs = await membership_periods.start(
        ids.new(), plan_id=plan_id, source=kind, source_id=ids.new(), starts_at=JOINED, ends_at=until
    )
    for _ in range(2):
        await benefit_events.membership_started(MembershipStarted(theirs.id, theirs.holder, kind))
    assert (await balances.for_person(theirs.holder)).spendable == given
    assert (await balances.for_person(maya)).spendable == 0
    with clock.frozen(until):
        await schedule.release_and_expire()
        assert (await balances.for_person(theirs.holder)).spendable == 0


async def test_credit_for_life_does_not_run_out(db: None) -> None:
    await member("periodic_credit", amount=1000)
    plan_id = await database.fetch_value("SELECT plan FROM membership")
    theirs = await membership_periods.start(
        ids.new(), plan_id=plan_id, source="term", source_id=ids.new(), starts_at=JOINED
    )
    await benefit_events.membership_started(MembershipStarted(theirs.id, theirs.holder, "term"))
    with clock.frozen(JOINED + timedelta(days=4000)):
        await schedule.release_and_expire()
        assert (await balances.for_person(theirs.holder)).spendable == 1000


async def test_credit_comes_once_with_each_paid_period_and_goes_with_it(db: None) -> None:
    maya = await member("periodic_credit", amount=1000)
    for turn in (1, 1, 2, 2):
        await benefit_events.period_paid(await period(turn, subscription=await source()))
    assert (await balances.for_person(maya)).spendable == 2000
    with clock.frozen(JOINED + timedelta(days=365)):
        await schedule.release_and_expire()
        assert (await balances.for_person(maya)).spendable == 1000
    await benefit_events.period_paid(await period(3, subscription=ids.new()))
    assert (await balances.for_person(maya)).spendable == 1000, "a period of somebody else's subscription gives nothing"


FIRST, SECOND, DAYS = JOINED + timedelta(days=365), JOINED + timedelta(days=730), timedelta(days=30)
YEARS = (datetime(2029, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
CREDIT_CELLS: list[tuple[dict[str, Any], tuple[datetime | None, ...]]] = [
    ({"each": "period", "expiry": "period"}, (FIRST, SECOND)),
    ({"each": "period", "expiry": "days", "days": 30}, (JOINED + DAYS, FIRST + DAYS)),
    ({"each": "period", "expiry": "year"}, YEARS),
    ({"each": "period", "expiry": "never"}, (None, None)),
    ({"each": "once", "expiry": "period"}, (FIRST,)),
    ({"each": "once", "expiry": "days", "days": 30}, (JOINED + DAYS,)),
    ({"each": "once", "expiry": "year"}, YEARS[:1]),
    ({"each": "once", "expiry": "never"}, (None,)),
]
"""What is set, and when the credit of two years expires, each paid and reported twice."""


async def test_credit_is_given_once_or_each_period_and_expires_by_its_rule(db: None) -> None:
    of_kind, words = kind("periodic_credit"), set()
    for rule, expires in CREDIT_CELLS:
        settings = of_kind.read({"amount": 1000, **rule})
        held = Holding(ids.new(), ids.new(), "It", settings, JOINED)
        for turn in (1, 1, 2, 2):
            paid = await period(turn, subscription=held.person_id)
            with clock.frozen(paid.starts_at):
                await of_kind.on_period_paid(held, paid)
        sql = "SELECT expires_at FROM ledger_lot WHERE person = $1 AND amount = 1000 ORDER BY given_at"
        assert tuple(await database.fetch_values(sql, held.person_id)) == expires, rule
        words.add(of_kind.words(settings))
    assert len(words) == len(CREDIT_CELLS), "members read which it is"


async def test_a_gift_for_joining_is_there_at_once(db: None) -> None:
    maya = await member("gift", occasion="joining", variants=await cup(), days=30)
    (gift,) = await free_products.waiting_gifts(maya)
    assert gift.claim_until == JOINED + timedelta(days=30)


async def test_a_gift_for_so_many_renewals_comes_with_the_last_of_them(db: None) -> None:
    maya = await member("gift", occasion="streak", number=2, variants=await cup(), days=30)
    for turn, gifts in ((1, 0), (2, 0), (3, 1), (3, 1), (4, 1)):
        await benefit_events.period_paid(await period(turn, subscription=await source()))
        assert len(await free_products.waiting_gifts(maya)) == gifts, turn


async def test_a_gift_for_spending_goes_again_when_the_goods_come_back(db: None) -> None:
    maya = await member("gift", occasion="spend", amount=20_000, variants=await cup(), days=30)
    at = clock.now()
    await benefit_events.order_paid(purchase(maya, spent=19_999))
    assert await free_products.waiting_gifts(maya) == ()
    bought = purchase(maya, spent=20_000)
    for _ in range(2):
        await benefit_events.order_paid(bought)
    assert len(await free_products.waiting_gifts(maya)) == 1
    for spent, gifts in ((20_000, 1), (19_999, 0), (20_000, 1), (0, 0)):
        await benefit_events.order_refunded(back(bought, spent=((at, spent),)))
        assert len(await free_products.waiting_gifts(maya)) == gifts, spent
    await benefit_events.order_paid(purchase(maya, spent=25_000))
    assert len(await free_products.waiting_gifts(maya)) == 1


async def test_the_same_spending_gives_one_gift_though_a_new_year_begins(db: None) -> None:
    """£150 in October, £60 in December: a gift. £20 in January: none. £180 more in May: another."""
    maya = await member("gift", occasion="spend", amount=20_000, variants=await cup(), days=366)
    bought: list[tuple[datetime, int]] = []
    for month, amount, gifts in ((10, 15_000, 0), (12, 6_000, 1), (13, 2_000, 1), (17, 18_000, 2), (36, 19_000, 2)):
        at = datetime(2027 + (month - 1) // 12, (month - 1) % 12 + 1, 2, tzinfo=UTC)
        bought.append((at, amount))
        with clock.frozen(at):
            for _ in range(2):
                await benefit_events.order_paid(replace(purchase(maya), spending=tuple(bought)))
            assert await database.fetch_value("SELECT count(*) FROM gift") == gifts, month


async def test_every_year_with_us_gives_one_gift(db: None) -> None:
    maya = await member("gift", occasion="anniversary", variants=await cup(), days=30)
    for days, gifts in ((0, 0), (364, 0), (365, 0), (366, 1), (370, 1), (396, 0), (731, 1)):
        with clock.frozen(JOINED + timedelta(days=days)):
            await benefit_events.day_started()
            await benefit_events.day_started()
            assert len(await free_products.waiting_gifts(maya)) == gifts, days


async def test_a_birthday_gives_a_gift_to_whoever_told_us_and_was_a_member_by_then(db: None) -> None:
    maya = await member("gift", occasion="birthday", variants=await cup(), days=30)
    await benefit_events.day_started()
    await customer_accounts.remember_birthday(maya, birthday=date(1990, 2, 27))
    await benefit_events.day_started()
    assert await free_products.waiting_gifts(maya) == (), "she was no member on 27 February"
    await customer_accounts.remember_birthday(maya, birthday=date(1990, 3, 3))
    for day, gifts in ((2, 0), (3, 1), (4, 1)):
        with clock.frozen(datetime(2027, 3, day, 12, tzinfo=UTC)):
            await benefit_events.day_started()
            assert len(await free_products.waiting_gifts(maya)) == gifts, day


@every_cell(
    ("born", "today", "was"),
    [
        (date(1990, 5, 3), date(2027, 5, 2), None),
        (date(1990, 5, 3), date(2027, 5, 3), date(2027, 5, 3)),
        (date(1990, 5, 3), date(2027, 5, 16), date(2027, 5, 3)),
        (date(1990, 5, 3), date(2027, 5, 17), None),
        (date(2000, 2, 29), date(2027, 2, 28), date(2027, 2, 28)),
        (date(2000, 2, 29), date(2028, 2, 28), None),
        (date(2000, 2, 29), date(2028, 2, 29), date(2028, 2, 29)),
        (date(1990, 12, 30), date(2028, 1, 2), date(2027, 12, 30)),
    ],
)
def test_birthdays(born: date, today: date, was: date | None) -> None:
    assert occasions.birthday(born, today) == was


@every_cell(
    ("key", "answers", "field"),
    [
        ("cashback", {"rate": 0}, "rate"),
        ("cashback", {"rate": 5001}, "rate"),
        ("cashback", {"rate": 300, "cap": -1}, "cap"),
        ("cashback", {"rate": 300, "days": 4000}, "days"),
        ("cashback", {"rate": 300, "each": "week"}, "each"),
        ("periodic_credit", {"amount": 0}, "amount"),
        ("periodic_credit", {"amount": 100, "days": -1}, "days"),
        ("periodic_credit", {"amount": 100, "expiry": "days"}, "days"),
        ("periodic_credit", {"amount": 100, "expiry": "period", "days": 9}, "days"),
        ("periodic_credit", {"amount": 100, "expiry": "some day"}, "expiry"),
        ("gift", {"occasion": "sunday", "variants": [str(UUID(int=1))], "days": 3}, "occasion"),
        ("gift", {"occasion": "joining", "variants": [], "days": 3}, "variants"),
        ("gift", {"occasion": "joining", "variants": [str(UUID(int=1))], "days": 0}, "days"),
        ("gift", {"occasion": "streak", "variants": [str(UUID(int=1))], "days": 3}, "number"),
        ("gift", {"occasion": "spend", "variants": [str(UUID(int=1))], "days": 3}, "amount"),
        ("partner_code", {"promise": " "}, "promise"),
        ("partner_code", {"promise": "x", "how": "y" * 301}, "how"),
        ("perk", {"promise": ""}, "promise"),
        ("perk", {"promise": "x", "times": 400}, "times"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_at_its_field(key: str, answers: dict[str, Any], field: str) -> None:
    with pytest.raises(SettingRefused) as refused:
        kind(key).read(answers)
    assert refused.value.field == field


@every_cell(
    ("key", "answers"),
    [
        ("cashback", {"rate": 300, "cap": 2000, "each": "month", "days": 90}),
        ("periodic_credit", {"amount": 1000, "each": "once", "expiry": "days", "days": 30}),
        ("gift", {"occasion": "streak", "variants": [str(UUID(int=1))], "days": 30, "number": 3, "amount": 0}),
        ("partner_code", {"promise": "A fifth off", "how": "Say it at the desk"}),
        ("perk", {"promise": "Repairs at cost", "times": 2}),
    ],
)
def test_what_was_answered_is_shown_again(key: str, answers: dict[str, Any]) -> None:
    of_kind = kind(key)
    settings = of_kind.read(answers)
    assert of_kind.answers(settings) == answers
    assert of_kind.load(of_kind.dump(settings)) == settings and of_kind.words(settings)

"""Published on a date, every kind gives what it says from that instant on, and what it said before until then."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.ledger import balances
from components.ledger import invariants as ledger_invariants
from components.memberships import benefit_events
from components.memberships.benefits.events import PeriodPaid, Purchase
from components.memberships.benefits.kinds import kind
from components.memberships.editing import plan_benefits, plans, scheduled_changes
from components.memberships.editing.plan_revisions import NewBenefit, Pair, Revision
from components.memberships.editing.scheduled_changes import Contradictory, TooFar
from components.memberships.entitlements import entitlements
from components.memberships.facts import MembershipStarted
from components.memberships.grants import complimentary
from components.memberships.invariants import invariants
from components.memberships.plans import plan_cache, plan_catalogue
from components.people import customer_accounts
from components.rewards import free_products
from tests.support import make_products

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
BY = UUID(int=7)
pytestmark = pytest.mark.usefixtures("db")


class Club:
    """A plan with one benefit, a member since `at`, and a revision of the benefit from `day` on."""

    def __init__(self, at: datetime, plan: UUID, benefit: UUID) -> None:
        self.at, self.day, self.plan, self.benefit = at, at + 10 * DAY, plan, benefit
        self.maya = UUID(int=0)

    async def joined(self, email: str) -> UUID:
        person = (await customer_accounts.sign_up(email, name="")).id
        made = await complimentary.grant(person, plan_catalogue.by_slug("annual"), until=None, by=BY)
        await benefit_events.membership_started(MembershipStarted(made.id, person, "comp"))
        return person

    async def publish(self, kind_key: str, **answers: object) -> Revision:
        """The same benefit with other answers."""
        return await self._publish(Revision({self.benefit: settings(kind_key, **answers)}))

    async def publish_new(self, kind_key: str, **answers: object) -> Revision:
        new = NewBenefit(ids.new(), kind_key, "New", settings(kind_key, **answers))
        return await self._publish(Revision(defined=(new,), promised=(Pair(self.plan, new.id),)))

    async def _publish(self, revision: Revision) -> Revision:
        await scheduled_changes.publish(revision, from_at=self.day, name="Autumn", by=BY)
        return revision

    async def source(self) -> UUID:
        sql = "SELECT source_id FROM membership WHERE holder = $1"
        found: UUID = await database.fetch_value(sql, self.maya)
        return found

    async def bought(self, at: datetime, *, spent: int = 0) -> None:
        with clock.frozen(at):
            await benefit_events.order_paid(
                Purchase(order_id=ids.new(), number="K-1", person_id=self.maya, base=10_000,
                         spending=((at, spent),), paid_at=at, returns_until=benefit_events.return_deadline(at))
            )  # fmt: skip

    async def paid(self, at: datetime, *, turn: int = 1, told_at: datetime | None = None) -> None:
        """A period of a year is paid at an instant, and told of later."""
        period = ids.new()
        if not await database.fetch_value(
            "SELECT EXISTS (SELECT FROM subscription WHERE id = $1)", await self.source()
        ):
            await database.execute(
                """INSERT INTO subscription (id, payer, plan_version, status, created_at)
                SELECT $1, $2, id, 'active', $3 FROM plan_version LIMIT 1""",
                await self.source(), self.maya, at,
            )  # fmt: skip
        await database.execute(
            """INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at,
              plan_version, net_amount, net_price, is_partial, taxes)
            SELECT $1, $2, $3, $4, $5, 3900, 'GBP', $4, plan_version, 3250, 3250, false,
              '[{"name": "VAT", "rate_bp": 2000, "tax": 650}]' FROM subscription
            WHERE id = $2""",
            period, await self.source(), str(period), at, at + 365 * DAY,
        )  # fmt: skip
        with clock.frozen(told_at or at):
            await benefit_events.period_paid(
                PeriodPaid(period_id=period, source_id=await self.source(), starts_at=at,
                           ends_at=at + 365 * DAY, turn=turn)
            )  # fmt: skip

    async def gifts(self) -> list[tuple[UUID, ...]]:
        return [one.offered for one in await free_products.waiting_gifts(self.maya, self.at)]


def settings(kind_key: str, **answers: object) -> str:
    return kind(kind_key).dump(kind(kind_key).read(answers))


async def club(at: datetime, kind_key: str, **answers: object) -> Club:
    plan = await plans.create(slug="annual", name="Annual", summary="", price=3900, interval="year", by=None)
    benefit = await plan_benefits.create_benefit(kind_key=kind_key, name="It", answers=answers, by=None)
    await plan_benefits.attach(plan, benefit, by=None)
    await plan_cache.refresh()
    made = Club(at, plan, benefit)
    made.maya = await made.joined("maya@kiln.test")
    return made


async def pending(who: UUID) -> int:
    return (await balances.for_person(who)).pending


async def test_cashback_is_by_the_rate_of_the_instant_an_order_was_paid(at: datetime) -> None:
    kiln = await club(at, "cashback", rate=100)
    await kiln.publish("cashback", rate=1000)
    await kiln.bought(kiln.day - SECOND)
    assert await pending(kiln.maya) == 100
    await kiln.bought(kiln.day)
    assert await pending(kiln.maya) == 1100
    assert await invariants() == [] and await ledger_invariants.invariants() == []


async def test_credit_is_that_of_the_instant_a_period_was_paid_however_late_the_news(at: datetime) -> None:
    kiln = await club(at, "periodic_credit", amount=300, days=90)
    await kiln.publish("periodic_credit", amount=900, days=90)
    await kiln.paid(kiln.day - SECOND, told_at=kiln.day + DAY)
    assert (await balances.for_person(kiln.maya)).spendable == 300
    await kiln.paid(kiln.day, turn=2)
    assert (await balances.for_person(kiln.maya)).spendable == 1200


async def test_credit_that_a_plan_promises_from_a_day_is_not_given_for_a_period_paid_before(at: datetime) -> None:
    kiln = await club(at, "content")
    other = await plan_benefits.create_benefit(
        kind_key="periodic_credit", name="Credit", answers={"amount": 500, "days": 90}, by=BY
    )
    await scheduled_changes.publish(Revision(promised=(Pair(kiln.plan, other),)), from_at=kiln.day, name="", by=BY)
    await kiln.paid(at + DAY)
    assert (await balances.for_person(kiln.maya)).spendable == 0, "it is promised nine days later"
    await kiln.paid(kiln.day, turn=2)
    assert (await balances.for_person(kiln.maya)).spendable == 500


async def test_a_gift_for_joining_is_that_of_the_instant_somebody_joined(at: datetime) -> None:
    cup, bowl = await make_products.variant_id(title="Cup"), await make_products.variant_id(title="Bowl")
    kiln = await club(at, "gift", occasion="joining", variants=[str(cup)], days=60)
    await kiln.publish("gift", occasion="joining", variants=[str(bowl)], days=60)
    assert await kiln.gifts() == [(cup,)]
    found = []
    for email, instant in (("theo@kiln.test", kiln.day - SECOND), ("noor@kiln.test", kiln.day)):
        with clock.frozen(instant):
            kiln.maya = await kiln.joined(email)
        found += await kiln.gifts()
    assert found == [(cup,), (bowl,)]


async def test_a_gift_promised_from_a_day_is_not_for_those_who_joined_before(at: datetime) -> None:
    cup = str(await make_products.variant_id(title="Cup"))
    kiln = await club(at, "content")
    other = await plan_benefits.create_benefit(
        kind_key="gift", name="Cup", answers={"occasion": "joining", "variants": [cup], "days": 60}, by=BY
    )
    await scheduled_changes.publish(Revision(promised=(Pair(kiln.plan, other),)), from_at=kiln.day, name="", by=BY)
    with clock.frozen(kiln.day - DAY):
        kiln.maya = await kiln.joined("theo@kiln.test")
    assert await kiln.gifts() == []


async def test_other_gifts_follow_their_instant_too(at: datetime) -> None:
    cup, bowl = await make_products.variant_id(title="Cup"), await make_products.variant_id(title="Bowl")
    kiln = await club(at, "gift", occasion="spend", amount=5_000, variants=[str(cup)], days=60)
    await kiln.publish("gift", occasion="spend", amount=9_000, variants=[str(bowl)], days=60)
    await kiln.bought(kiln.day - SECOND, spent=6_000)
    assert await kiln.gifts() == [(cup,)]
    await kiln.bought(kiln.day, spent=8_000)
    assert await kiln.gifts() == [(cup,)]
    await kiln.bought(kiln.day + DAY, spent=9_000)
    assert sorted(await kiln.gifts()) == sorted([(cup,), (bowl,)])


async def test_doors_open_from_the_instant(at: datetime) -> None:
    kiln = await club(at, "early_access", hours=24, covers="everything")
    await kiln.publish("early_access", hours=72, covers="everything")
    standings = [await entitlements.for_person(kiln.maya, kiln.day + beside) for beside in (-SECOND, timedelta(0))]
    assert [one.access.head_starts[0].lead for one in standings] == [24 * 3600 * SECOND, 72 * 3600 * SECOND]


@pytest.mark.parametrize(("kind_key", "answers"), [("members_only", {"covers": "everything"}), ("content", {})])
async def test_what_only_members_may_see_opens_at_the_instant(
    at: datetime, kind_key: str, answers: dict[str, object]
) -> None:
    kiln = await club(at, "perk", promise="Repairs at cost")
    revision = await kiln.publish_new(kind_key, **answers)

    async def opens(instant: datetime) -> bool:
        found = await entitlements.for_person(kiln.maya, instant)
        return bool(found.access.members_only) or found.opens_content

    assert [await opens(kiln.day + beside) for beside in (-SECOND, timedelta(0))] == [False, True]
    await scheduled_changes.withdraw(revision, from_at=kiln.day, name="Autumn", by=BY)
    assert not await opens(kiln.day)


@pytest.mark.parametrize("kind_key", ["perk", "partner_code"])
async def test_words_are_those_of_the_instant(at: datetime, kind_key: str) -> None:
    kiln = await club(at, kind_key, promise="A tenth off")
    revision = await kiln.publish(kind_key, promise="A fifth off")

    async def read(instant: datetime) -> str:
        (held,) = (await entitlements.for_person(kiln.maya, instant)).entitlements
        return kind(kind_key).words(kind(kind_key).load(held.settings))

    assert [await read(kiln.day + beside) for beside in (-SECOND, timedelta(0))] == ["A tenth off", "A fifth off"]
    await scheduled_changes.withdraw(revision, from_at=kiln.day, name="Autumn", by=BY)
    assert await read(kiln.day) == "A tenth off"


async def test_undone_before_its_day_money_is_given_as_it_was(at: datetime) -> None:
    kiln = await club(at, "cashback", rate=100)
    revision = await kiln.publish("cashback", rate=1000)
    with clock.frozen(kiln.day - SECOND):
        await scheduled_changes.withdraw(revision, from_at=kiln.day, name="Autumn", by=BY)
    await kiln.bought(kiln.day)
    assert await pending(kiln.maya) == 100


async def test_two_of_which_only_the_better_counts_are_refused_by_name(at: datetime) -> None:
    kiln = await club(at, "cashback", rate=100)
    with pytest.raises(Contradictory, match="“It” and “New” are the same kind"):
        await kiln.publish_new("cashback", rate=500)


async def test_a_day_far_away_is_refused(at: datetime) -> None:
    kiln = await club(at, "cashback", rate=100)
    kiln.day = at + 900 * DAY
    with pytest.raises(TooFar):
        await kiln.publish("cashback", rate=500)

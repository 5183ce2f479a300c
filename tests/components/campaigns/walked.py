"""Journeys and those who walk them, for tests."""

from datetime import date, datetime, timedelta
from uuid import UUID

from components.campaigns.journeys import journey_walking, journeys
from components.campaigns.journeys.journey_paths import steps_of
from components.campaigns.journeys.journeys import JourneyDraft
from components.campaigns.journeys.ready_made import ReadyStep
from components.campaigns.journeys.tables import Journey, JourneyStep
from components.consents import consents
from components.foundation import clock, database, ids
from components.memberships.tables import BenefitUse, Membership, Seat, Subscription
from components.orders.tables import Order
from components.people import customer_accounts
from tests.components.campaigns import made
from tests.support import make_plans, people

EMAIL = ReadyStep(kind="email", subject="Hello {name}", body="# Hello\n\n[Look]({link})", link="/products")


def wait(*, days: int = 0, hours: int = 0) -> ReadyStep:
    return ReadyStep(kind="wait", hours=24 * days + hours)


def only_if(condition: str) -> ReadyStep:
    return ReadyStep(kind="condition", condition=condition)


async def running(
    entry: str, *steps: ReadyStep, days: int = 0, holdout: int = 0, segment: UUID | None = None
) -> Journey:
    """One with exactly these steps, started just now."""
    draft = JourneyDraft(name="Test", entry=entry, days=days, holdout=holdout, segment=segment)
    owner = await owner_id()
    one = await journeys._make(draft, list(steps or (EMAIL,)), by=owner)
    await journeys.start(one.id, by=owner)
    return await journeys.by_id(one.id)


async def owner_id() -> UUID:
    found = await customer_accounts.by_email("iris@kiln.test")
    return found.id if found else await made.owner()


async def reader(name: str, *, agrees: bool = True) -> UUID:
    """A customer who agreed to news."""
    person = await people.customer(f"{name}@kiln.test", name=name.title())
    if agrees:
        await consents.agree(person.email, ("news",), how="own page", person_id=person.id)
    return person.id


async def plan_id() -> UUID:
    found = await database.fetch_value("SELECT id FROM plan LIMIT 1")
    return found or (await make_plans.club()).id


async def member(
    name: str, *, since: datetime | None = None, until: datetime | None = None, source: str = "gift"
) -> UUID:
    person = await reader(name)
    await belongs(person, since=since, until=until, source=source)
    return person


async def belongs(
    person: UUID, *, since: datetime | None = None, until: datetime | None = None, source: str = "gift",
    source_id: UUID | None = None,
) -> None:  # fmt: skip
    row = Membership(
        id=ids.new(), holder=person, plan=await plan_id(), source=source, source_id=source_id or ids.new(),
        starts_at=since or clock.now(), ends_at=until,
    )  # fmt: skip
    await Membership.insert(row)


async def subscribes(
    person: UUID, *, renews: datetime, status: str = "active", since: timedelta = timedelta(days=365),
    past_due: datetime | None = None,
) -> UUID:  # fmt: skip
    await plan_id()
    version = await database.fetch_value("SELECT id FROM plan_version LIMIT 1")
    row = Subscription(
        id=ids.new(), payer=person, plan_version=version, status=status, created_at=renews - since,
        started_at=renews - since, current_period_start=renews - since, current_period_end=renews,
        past_due_since=past_due,
    )  # fmt: skip
    await Subscription.insert(row)
    return UUID(str(row.id))


async def shares(payer: UUID, holder: UUID, subscription: UUID) -> UUID:
    """A seat in the payer's household, taken."""
    now = clock.now()
    row = Seat(
        id=ids.new(), source_id=subscription, payer=payer, email="x@kiln.test", offered_at=now, holder=holder,
        taken_at=now,
    )  # fmt: skip
    await Seat.insert(row)
    return UUID(str(row.id))


async def orders(person: UUID, *, at: datetime | None = None) -> None:
    then = at or clock.now()
    row = Order(
        id=ids.new(), number=f"T-{ids.new().hex[-12:]}", person=person, email="x@kiln.test", name="x", currency="GBP",
        goods=1000, total=1000, address="{}", placed_at=then, paid_at=then, expires_at=then,
    )  # fmt: skip
    await Order.insert(row)


async def uses(person: UUID, *, at: datetime, reference: str = "order-line") -> None:
    """A price for members on an order."""
    row = BenefitUse(
        id=ids.new(), person=person, reference=f"{reference}:{ids.new()}", kind="member_price", words="x", regular=100,
        paid=90, currency="GBP", at=at,
    )  # fmt: skip
    await BenefitUse.insert(row)


async def look() -> None:
    """What the clock and the jobs do at one look."""
    await journey_walking.start_walking()
    for id in await database.fetch_values("SELECT id FROM journey WHERE state = 'running' ORDER BY created_at"):
        await journey_walking.walk(str(id))


async def later(**by: float) -> None:
    clock.set_everywhere(clock.now() + timedelta(**by))
    await look()


async def written() -> list[str]:
    """To whom and what, in the order in which it was written."""
    return list(
        await database.fetch_values(
            "SELECT split_part(recipient, '@', 1) || ': ' || subject FROM email WHERE template = 'campaign' ORDER BY id"
        )
    )


async def outcomes() -> dict[str, int]:
    sql = "SELECT outcome, count(*) FROM journey_entry WHERE NOT is_holdout GROUP BY outcome"
    return dict(await database.fetch_rows(sql))


async def sends() -> dict[str, int]:
    return dict(await database.fetch_rows("SELECT outcome, count(*) FROM journey_send GROUP BY outcome"))


async def steps(one: Journey) -> list[JourneyStep]:
    return await steps_of(one.id)


async def somebody_is_to_enter_and_somebody_is_due(one: Journey) -> None:
    """Theo has his birthday today, and Noor is at the first step."""
    clock.set_everywhere(clock.now().replace(hour=12) + timedelta(days=1))
    for name in ("theo", "noor"):
        person = await reader(name)
        today = clock.now().date()
        await customer_accounts.remember_birthday(person, birthday=date(1990, today.month, today.day))
    (first, *_) = await steps(one)
    await database.execute(_ENTERED, one.id, person, clock.now(), first.id)


_ENTERED = """
INSERT INTO journey_entry (id, journey, person, occasion, happened_at, entered_at, is_holdout, step, due_at, outcome)
VALUES (gen_random_uuid(), $1, $2, to_char($3::timestamptz, 'YYYY'), $3, $3, false, $4, $3, '')"""


async def everything(one: Journey) -> list[object]:
    """All that is stored of a journey."""
    found: list[object] = []
    for sql in (
        "SELECT * FROM journey WHERE id = $1",
        "SELECT * FROM journey_step WHERE journey = $1 ORDER BY id",
        "SELECT * FROM journey_entry WHERE journey = $1 ORDER BY id",
        "SELECT s.* FROM journey_send s JOIN journey_entry e ON e.id = s.entry WHERE e.journey = $1 ORDER BY s.id",
    ):
        found.append(await database.fetch(sql, one.id))
    return found

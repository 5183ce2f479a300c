"""A small whole shop that starts and works quickly: rows put back, one state of the stand-in in memory, jobs by hand.

Members act through the shop's own pages, as a browser without a screen would, but nothing is parsed that is not asked
about: this world lives some hundred lives a minute.
"""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from components import worker
from components.foundation import clock, database, json, settings
from components.memberships.billing import subscription_start
from components.memberships.editing import plan_benefits, plans
from components.memberships.editing.plans import PlanTerms
from components.memberships.plans import plan_catalogue
from components.payments import connection
from components.payments.mirror import EVENTS
from components.payments.payment_refusals import OutcomeUnknown, StillAsking, StripeUnavailable, UnknownAtStripe
from components.payments.values import Payer
from components.people import customer_accounts, sessions
from tests.support import databases, fill_basket, make_plans, make_products, people, shops, worlds
from web import app as application
from web.standin.checkout.completing import PaymentOutcome
from web.standin.http.faults import KINDS, Kind
from web.standin.standin import StandIn
from web.standin.webhooks import signing

NAMES = ("maya", "theo", "noor")
BEGINNING = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
GOOD_CARD = "4242424242424242"
LEFT_TO_THEMSELVES = {
    "check_access", "reconcile_payments", "reconcile_payments_fully", "update_spend_memberships", "delete_old_reports",
    "delete_old_baskets", "delete_expired_sign_ins", "remove_expired_secrets", "run_daily_benefits",
}  # fmt: skip
TIMETABLE = tuple(dict.fromkeys(name for _, name in worker.TIMETABLE if name not in LEFT_TO_THEMSELVES))
IN_A_HURRY = connection.Patience(writes=1.0, first_pause=0.001, longest_pause=0.002)
NO_ANSWER = (StripeUnavailable, OutcomeUnknown, StillAsking)
WAKES = """
SELECT min(at) FROM (
  SELECT current_period_end - interval '2 hours 30 minutes' AS at FROM subscription
  WHERE status NOT IN ('cancelled', 'lapsed')
  UNION ALL SELECT from_at FROM pause WHERE begun_at IS NULL AND ended_at IS NULL
  UNION ALL SELECT until_at FROM pause WHERE ended_at IS NULL
  UNION ALL SELECT send_at FROM gift_membership WHERE sent_at IS NULL
  UNION ALL SELECT ends_at FROM membership WHERE end_announced_at IS NULL AND ends_at IS NOT NULL) wake
WHERE at > $1
"""
TAKE_JOBS = """
DELETE FROM procrastinate_jobs WHERE id IN (
  SELECT id FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING id, task_name, args
"""
MOST_ROUNDS = 60
"""More rounds of jobs than this is a shop that keeps itself busy."""


@dataclass
class Answer:
    """What the shop answered in the end, and every notice on the way is on that page."""

    status: int
    path: str
    text: str

    @property
    def words(self) -> str:
        """All that a person could read, without tags; one space between words."""
        body = re.sub(r"(?s)<(script|style|template|head)\b.*?</\1>", " ", self.text)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def notice(self) -> str:
        """What the shop says about what was just done."""
        said = re.findall(r'(?s)<(\w+)[^>]*role="(?:alert|status)"[^>]*>(.*?)</\1>', self.text)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", " ".join(one for _, one in said))).split())

    def given(self, action: str) -> dict[str, str]:
        """The fields of the form with this action, as they stand on the page."""
        found = re.search(rf'(?s)<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', self.text)
        assert found, f"no form for {action} on {self.path}: {self.words[:600]}"
        return {
            name: html.unescape(value)
            for tag in re.findall(r"<input\b[^>]*>", found[1])
            if (name := _attribute(tag, "name")) and _is_sent(tag)
            for value in [_attribute(tag, "value")]
        }


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def _is_sent(tag: str) -> bool:
    kind = _attribute(tag, "type")
    return kind not in ("submit", "button") and (kind not in ("radio", "checkbox") or " checked" in tag)


@dataclass
class Visitor:
    """Somebody with an account and a browser, who signs in again when the session has run out."""

    email: str
    id: UUID
    client: httpx.AsyncClient
    signed_in_at: datetime = BEGINNING - timedelta(days=99)

    async def get(self, address: str) -> Answer:
        await self._sign_in()
        return _answer(await self.client.get(address))

    async def post(self, address: str, **typed: Any) -> Answer:
        await self._sign_in()
        return _answer(await self.client.post(address, data=typed))

    async def _sign_in(self) -> None:
        if clock.now() - self.signed_in_at > timedelta(days=20):
            self.signed_in_at = clock.now()
            self.client.cookies.set("session", await sessions.start(self.id, agent="Tests"))


def _answer(response: httpx.Response) -> Answer:
    return Answer(response.status_code, response.url.raw_path.decode(), response.text)


class World:
    """Time goes forward only; `deliver` and `work` are what the post and a worker would do, and may be left out."""

    def __init__(self, shop: shops.Shop) -> None:
        self.shop, self.stand_in = shop, shop.stand_in
        self.people: dict[str, Visitor] = {}
        self.joined: dict[str, int] = {}
        self.customers: dict[str, UUID] = {}
        self.owner: UUID
        self.outages: list[tuple[str, dict[str, Any]]] = []

    # people

    async def enter(self, name: str, person_id: UUID) -> Visitor:
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.shop.app),
            base_url="http://shop.test",
            follow_redirects=True,
            headers={"sec-fetch-site": "same-origin", "accept": "text/html", "user-agent": "Tests"},
        )
        self.people[name] = Visitor(f"{name}@kiln.test", person_id, client)
        return self.people[name]

    async def pay(self, address: str, card: str, challenge: str = "pass") -> PaymentOutcome:
        """On the hosted page that the shop has sent somebody to."""
        return await self.stand_in.pay(session_of(address), card=card, challenge=challenge)  # type: ignore[arg-type]

    def amount_of(self, session: str) -> int:
        with self.stand_in.engine.reading() as books:
            return int(books.get("checkout.session", session)["amount_total"])

    # news and jobs

    async def deliver(self) -> int:
        return await self.stand_in.deliver_due(self.shop._post)

    async def post(self, body: bytes) -> int:
        """One webhook, signed now, as the post would bring it."""
        secret = settings.current().stripe_webhook_secret
        signature = signing.header(body, secret=secret, at=self.stand_in.engine.moment())
        return int(await self.shop._post(body, {"content-type": "application/json", "stripe-signature": signature}))

    async def lose_news(self) -> int:
        lost = 0

        async def swallow(body: bytes, headers: dict[str, str]) -> int:
            nonlocal lost
            lost += 1
            return 200

        await self.stand_in.deliver_due(swallow)
        return lost

    async def work(self, at_once: int = 50) -> None:
        """All jobs that wait, in turn, those put off until later included. One that meets an outage is tried again."""
        for _ in range(MOST_ROUNDS * 50 // at_once):
            waiting = await database.fetch(TAKE_JOBS, at_once)
            if not waiting:
                return
            for job in sorted(waiting, key=lambda job: job["id"]):
                await self._do(job["task_name"], json.load(job["args"]))
        raise AssertionError(f"the jobs never end: {[job['task_name'] for job in waiting]}")

    async def _do(self, task: str, args: dict[str, Any]) -> None:
        try:
            await worker.TASKS[task](**args)
        except UnknownAtStripe:
            assert task in ("react", "deliver_fact"), task  # FIXME cards.adopt of a deleted customer
        except NO_ANSWER:
            self.outages.append((task, args))

    async def after_the_outage(self) -> None:
        """The jobs that met one, again."""
        again, self.outages = self.outages, []
        for task, args in again:
            await self._do(task, args)

    async def catch_up(self) -> None:
        for _ in range(6):
            delivered = await self.deliver()
            await self.work()
            if not delivered:
                return

    async def timetable(self) -> None:
        """Once each, what the clock brings about."""
        for name in TIMETABLE:
            await self._do(name, {})

    def fault(self, kind: Kind, times: int) -> None:
        self.stand_in.fault(kind, times=times)

    def no_more_faults(self) -> None:
        for kind in KINDS:
            self.stand_in.fault(kind, times=0)

    async def next_wake(self, until: datetime) -> datetime:
        """When a worker would next have something to do, by the bank's clock or by the shop's."""
        due = self.stand_in.engine.next_due()
        own = await database.fetch_value(WAKES, clock.now())
        found = [datetime.fromtimestamp(due, UTC) if due else until, own or until]
        return min(until, max(min(found) + timedelta(hours=2), clock.now() + timedelta(minutes=30)))

    async def close(self) -> None:
        connection.use_patience(connection.Patience())
        for visitor in self.people.values():
            await visitor.client.aclose()
        self.stand_in.close()


def session_of(address: str) -> str:
    assert "/offline-payments" in address, address
    return address.rsplit("/", 1)[-1].split("?")[0]


PLANS = {
    "monthly": (450, "month"),
    "annual": (3900, "year"),
    "deluxe": (900, "month"),
    "tryout": (700, "month"),
}
JOINED = {"maya": "monthly", "theo": "annual"}


async def _stock() -> None:
    await people.owner()
    await fill_basket.ways()
    await make_products.product("Moon mug", price=2400, on_hand=1000)
    tenth = await make_plans.benefit("member_price", "10% off", **make_plans.TENTH_OFF)
    for slug, (price, interval) in PLANS.items():
        plan_id = await plans.create(slug=slug, name=slug.title(), summary="", price=price, interval=interval, by=None)
        await plan_benefits.attach(plan_id, tenth, by=None)
    await _terms("tryout", trial_days=14)
    await _terms("deluxe", seats=1)
    await _terms("annual", is_giftable=True)
    await make_plans.free_tier()
    term = await plans.create(
        slug="term", name="Term", summary="", price=2000, interval="month", interval_count=3, is_once=True, by=None
    )
    await plan_benefits.attach(term, tenth, by=None)
    for name in NAMES:
        person = await customer_accounts.sign_up(f"{name}@kiln.test", name=name.title())
        await customer_accounts.confirm(person.id)


async def _terms(slug: str, **terms: Any) -> None:
    await plans.set_terms(plan_catalogue.by_slug(slug).id, PlanTerms(**terms), by=None)


class _Kept:
    """The bank's file as it was when the first members had joined."""

    books: bytes | None = None


async def begun(folder: Path, dsn: str) -> World:
    """Three people, of whom two are members already: put back as rows and as the bank's file."""
    clock.set_everywhere(BEGINNING)
    await databases.empty()
    file = folder / "stand-in.sqlite"
    if _Kept.books is not None:
        file.write_bytes(_Kept.books)
    stand_in = StandIn(file, settings.current().stripe_webhook_secret, events=EVENTS)
    application.connect_payments(stand_in)
    connection.use_patience(IN_A_HURRY)
    clock.use_system_time()
    stand_in.follow(clock.now)
    world = World(shops.Shop(stand_in, dsn))
    await worlds.begin_with("two members and a visitor", lambda: _joined(world))
    if _Kept.books is None:
        with stand_in.engine.store.changing():
            pass
        stand_in.engine.store.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _Kept.books = file.read_bytes()
    await world.shop.refresh()
    clock.set_everywhere(BEGINNING + timedelta(hours=1))
    for name in NAMES:
        await world.enter(
            name, await database.fetch_value("SELECT id FROM person WHERE email = $1", f"{name}@kiln.test")
        )
    world.owner = await database.fetch_value("SELECT person FROM operator LIMIT 1")
    world.joined = {name: PLANS[plan][0] for name, plan in JOINED.items()}
    return world


async def _joined(world: World) -> None:
    await _stock()
    await world.shop.refresh()
    for name, plan in JOINED.items():
        person = await customer_accounts.by_email(f"{name}@kiln.test")
        assert person is not None
        payer = Payer(person.id, person.email, person.name)
        address = await subscription_start.start(payer, plan_catalogue.by_slug(plan), success_path="/", cancel_path="/")
        await world.pay(address, GOOD_CARD)
    await world.catch_up()

"""A small whole shop that starts and works quickly: rows put back, one state of the stand-in in memory, jobs by hand.

Members act through the shop's own pages, as a browser without a screen would, but nothing is parsed that is not asked
about: this world lives some hundred lives a minute.
"""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from components import worker
from components.foundation import clock, database, json, settings
from components.insights.forecasts import forecasts
from components.payments.payment_refusals import OutcomeUnknown, StillAsking, StripeUnavailable
from components.payments.timeouts import request_time
from tests.random_lives.visitors import Visitor
from tests.support import shops
from web.standin.checkout.completing import PaymentOutcome
from web.standin.http.faults import KINDS, Kind
from web.standin.webhooks import signing

LEFT_TO_THEMSELVES = {
    "check_access", "compare_with_stripe", "reconcile_payments", "reconcile_payments_fully", "run_daily_benefits",
    "update_spend_memberships", "delete_old_reports", "delete_old_baskets", "delete_expired_sign_ins",
    "remove_expired_secrets",
}  # fmt: skip
SELDOM = 20
"""One in so many times the forecasts are fitted, too: that only reads, in a process of its own, for seconds."""
_turns = itertools.count()
TIMETABLE = tuple(dict.fromkeys(name for _, name in worker.TIMETABLE if name not in LEFT_TO_THEMSELVES))
IN_A_HURRY = request_time.Patience(writes=1.0, first_pause=0.001, longest_pause=0.002)
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


class World:
    """Time goes forward only; `deliver` and `work` are what the post and a worker would do, and may be left out."""

    def __init__(self, shop: shops.Shop) -> None:
        self.shop, self.stand_in = shop, shop.stand_in
        self.people: dict[str, Visitor] = {}
        self.joined: dict[str, int] = {}
        self.customers: dict[str, UUID] = {}
        self.owner: UUID
        self.outages: list[tuple[str, dict[str, Any]]] = []
        self.wakes_after = timedelta(hours=2)

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
            if name != forecasts.TASK or next(_turns) % SELDOM == 0:
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
        return min(until, max(min(found) + self.wakes_after, clock.now() + timedelta(minutes=30)))

    async def close(self) -> None:
        request_time.use_patience(request_time.Patience())
        for visitor in self.people.values():
            await visitor.client.aclose()
        self.stand_in.close()


def session_of(address: str) -> str:
    assert "/offline-payments" in address, address
    return address.rsplit("/", 1)[-1].split("?")[0]

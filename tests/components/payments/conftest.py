"""The till: payments with the stand-in behind it, and no other part of the shop."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database, ids, json, settings
from components.foundation.refusals import Refusal
from components.payments import plan_prices, stripe_connection
from components.payments.checkout_sessions import pages
from components.payments.tables import CheckoutSession
from components.payments.timeouts import request_time
from components.payments.values import Payer, PriceRef, SessionLine
from components.payments.webhooks import inbox
from web.standin.standin import StandIn

GOOD_CARD = "4242424242424242"
MUG = SessionLine("Morning mug", 2040)


class Till:
    """`delivered` are the events kept so far; nothing is followed before `work()`."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    async def open(
        self, order_id: UUID | None = None, *lines: SessionLine, payer: Payer | None = None, **more: Any
    ) -> CheckoutSession:
        return await pages.open(
            more.pop("purpose", "order"),
            order_id or ids.new(),
            payer=payer or Payer(None, "noor@kiln.test", "Noor"),
            lines=lines or (MUG,),
            currency=more.pop("currency", "GBP"),
            success_path="/orders/token",
            cancel_path="/checkout",
            **more,
        )

    async def price(self, amount: int = 450, interval: str = "month") -> PriceRef:
        return await plan_prices.price_for(
            ids.new(), amount=amount, currency="GBP", interval=interval, name="The Kiln Club"
        )

    async def join(self, *, amount: int = 450, interval: str = "month", card: str = GOOD_CARD) -> CheckoutSession:
        """A new person joins and pays; nothing has been delivered yet."""
        line = SessionLine("The Kiln Club", amount, recurring=await self.price(amount, interval))
        payer = Payer(ids.new(), "maya@kiln.test", "Maya")
        page = await self.open(None, line, payer=payer, purpose="joining")
        await self.pay(page, card)
        return page

    async def pay(self, page: CheckoutSession, card: str = GOOD_CARD, **how: Any) -> str:
        assert page.stripe_session_id
        return (await self.stand_in.pay(page.stripe_session_id, card=card, **how)).state

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        try:
            await inbox.receive(body, headers["stripe-signature"])
        except Refusal as refusal:
            return refusal.status
        return 200

    async def deliver(self) -> None:
        await self.stand_in.deliver_due(self.post)

    async def waiting(self) -> list[str]:
        rows = await database.fetch(
            "SELECT id FROM inbox_event WHERE handled_at IS NULL AND parked_at IS NULL ORDER BY received_at, id"
        )
        return [row["id"] for row in rows]

    async def work(self) -> None:
        """What webhooks and the worker would have done by now."""
        await self.deliver()
        for event_id in await self.waiting():
            await inbox.process(event_id)

    async def follow_at_once(self, event_ids: Sequence[str], *others: Any) -> None:
        await asyncio.gather(*(inbox.process(event_id) for event_id in event_ids), *others)

    def advance_to(self, moment: datetime) -> None:
        self.stand_in.advance(moment - self.stand_in.now())

    def advance(self, **step: float) -> None:
        self.stand_in.advance(timedelta(**step))

    async def facts(self, name: str) -> list[dict[str, Any]]:
        rows = await database.fetch(
            "SELECT body::jsonb::text AS body FROM announced_fact WHERE name = $1 ORDER BY announced_at, id", name
        )
        return [json.load(row["body"]) for row in rows]

    async def fresh(self, page: CheckoutSession) -> CheckoutSession:
        found = await pages.by_id(page.id)
        assert found is not None
        return found


@pytest.fixture
async def till(db: None, at: datetime, tmp_path: Path) -> AsyncIterator[Till]:
    stand_in = StandIn(tmp_path / "stand-in.sqlite", settings.current().stripe_webhook_secret, strict=True)
    stripe_connection.connect(http_client=stand_in.http_client())
    clock.set_everywhere(None)
    clock.use_source(stand_in.now)
    yield Till(stand_in)
    request_time.use_patience(request_time.Patience())
    stand_in.close()

"""What these tests do again and again: a stand-in at a fixed time, asked through the real SDK."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import stripe

from web.standin.checkout.completing import PaymentOutcome
from web.standin.standin import StandIn

SECRET = "whsec_test"
SHOP = "http://shop.test"
GOOD = "4242424242424242"
DECLINED = "4000000000000002"
FAILS_LATER = "4000000000000341"
CHALLENGED_ONCE = "4000002500003155"
CHALLENGED_ALWAYS = "4000002760003184"
DISPUTED = "4000000000000259"
REFUND_FAILS = "4000000000005126"
BANK_GOOD = "10880000012345"
BANK_BAD = "10880033333335"


@dataclass
class Desk:
    """`v1` is the SDK; `seen` collects the events that were delivered."""

    standin: StandIn
    v1: Any
    start: datetime
    seen: list[stripe.Event] = field(default_factory=list)

    @classmethod
    def open(cls, folder: Path, start: datetime) -> "Desk":
        standin = StandIn(folder / "offline.sqlite", SECRET, strict=True)
        standin.follow(lambda: start)
        client = stripe.StripeClient("sk_test_offline", http_client=standin.http_client(), max_network_retries=0)
        return cls(standin, client.v1, start)

    def seconds(self) -> int:
        return int(self.standin.now().timestamp())

    def advance(self, **step: float) -> None:
        self.standin.advance(timedelta(**step))

    def advance_to(self, moment: datetime) -> None:
        self.standin.advance(moment - self.standin.now())

    async def price(self, amount: int, interval: str | None = "month", currency: str = "gbp", **more: Any) -> Any:
        recurring = {"recurring": {"interval": interval}} if interval else {}
        return await self.v1.prices.create_async(
            {"currency": currency, "unit_amount": amount, "product_data": {"name": "Kiln Club"}, **recurring, **more}
        )

    async def session(self, *lines: tuple[Any, int], mode: str = "subscription", **more: Any) -> Any:
        """Lines are (price or amount, quantity)."""
        items = [{"price": what.id, "quantity": count} for what, count in lines if not isinstance(what, int)]
        items += [{"price_data": goods(what), "quantity": count} for what, count in lines if isinstance(what, int)]
        params = {"mode": mode, "success_url": f"{SHOP}/done?session_id={{CHECKOUT_SESSION_ID}}", **more}
        return await self.v1.checkout.sessions.create_async(params | ({"line_items": items} if items else {}))

    async def bought(self, amount: int, card: str = GOOD, **more: Any) -> tuple[Any, PaymentOutcome]:
        """A session over goods, with what came of paying it."""
        session = await self.session((amount, 1), mode="payment", **more)
        outcome = await self.standin.pay(session.id, card, email="noor@kiln.test")
        return await self.v1.checkout.sessions.retrieve_async(session.id), outcome

    async def joined(self, price: Any, card: str = GOOD, **more: Any) -> Any:
        """A subscription begun on the pay page."""
        session = await self.session((price, 1), **more)
        outcome = await self.standin.pay(session.id, card, email="maya@kiln.test")
        assert outcome.state == "done", outcome.words
        session = await self.v1.checkout.sessions.retrieve_async(session.id)
        return await self.v1.subscriptions.retrieve_async(session.subscription)

    async def card(self, customer: str, number: str) -> str:
        """A card saved for the customer, as the setup page saves it."""
        session = await self.session(mode="setup", customer=customer, currency="gbp")
        assert (await self.standin.pay(session.id, number)).state == "done"
        session = await self.v1.checkout.sessions.retrieve_async(session.id, {"expand": ["setup_intent"]})
        return str(session.setup_intent.payment_method)

    async def again(self, subscription: Any) -> Any:
        return await self.v1.subscriptions.retrieve_async(subscription.id)

    async def invoices(self, subscription: Any) -> list[Any]:
        """Oldest first."""
        found = await self.v1.invoices.list_async({"subscription": subscription.id, "limit": 100})
        return list(reversed(found.data))

    async def delivered(self) -> list[str]:
        """The types of the events that arrived now, signatures checked by the SDK."""

        async def post(body: bytes, headers: dict[str, str]) -> int:
            event = stripe.Webhook.construct_event(body, headers["stripe-signature"], SECRET, tolerance=10**9)
            self.seen.append(event)
            return 200

        before = len(self.seen)
        await self.standin.deliver_due(post)
        return [event.type for event in self.seen[before:]]


def goods(amount: int, currency: str = "gbp") -> dict[str, Any]:
    return {"currency": currency, "unit_amount": amount, "product_data": {"name": "Moon mug"}}

"""The stand-in's interface for the shop."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from web.standin.billing import dunning
from web.standin.checkout import completing, invoice_payment, tried_cards
from web.standin.checkout.completing import Filled, NotCompleted, PaymentOutcome
from web.standin.contract import source as contract_source
from web.standin.http import faults
from web.standin.http.api import Api
from web.standin.http.api_asgi import ApiApp
from web.standin.http.faults import Kind
from web.standin.http.hosts import API_BASE
from web.standin.pages import carried_over
from web.standin.pages.app import PagesApp
from web.standin.state import clock
from web.standin.state.books import Books
from web.standin.state.engine import StandInEngine
from web.standin.state.store import Store
from web.standin.webhooks.deliveries import Courier, Post

if TYPE_CHECKING:
    from web.standin.http.client import OfflineClient

LONGEST_WAIT_SECONDS = 1.0  # before looking whether another process has announced something


class RefusedInProduction(RuntimeError):
    """Offline payments take no money, so they do not run in a shop that is set up to take some."""


class StandIn:
    """Answers for Stripe, offline. Any number of these, in any number of processes, may share one `state_path`.

    `events` are the types to deliver when the shop has made no webhook endpoint; `strict` raises on answers the
    installed SDK would not know, instead of logging them.
    """

    api_base = API_BASE

    def __init__(
        self,
        state_path: Path,
        webhook_secret: str,
        strict: bool = False,
        *,
        production: bool = False,
        events: frozenset[str] = frozenset({"*"}),
    ) -> None:
        if production:
            raise RefusedInProduction("Offline payments do not run in production: set STRIPE_SECRET_KEY.")
        contract_source.keep_in(state_path.parent)
        self.engine = StandInEngine(Store(state_path), events, strict, self._wake)
        self._api = Api(self.engine)
        self._courier = Courier(self.engine, webhook_secret)
        self._sleeper: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self.api = ApiApp(self._api)
        self.pages = PagesApp(self.engine)

    def now(self) -> datetime:
        """The stand-in's time, in UTC: the real time plus whatever was added to it."""
        return clock.as_instant(self.engine.moment())

    def http_client(self) -> "OfflineClient":
        """For `stripe.StripeClient(…, http_client=…, base_addresses={"api": StandIn.api_base})`."""
        from web.standin.http.client import OfflineClient

        return OfflineClient(self._api)

    # time

    def follow(self, source: Callable[[], datetime]) -> None:
        """Takes the time from `source` instead of the machine, for tests with a fixed clock."""
        self.engine.source = lambda: clock.as_seconds(source())

    def advance(self, step: timedelta) -> None:
        """Moves the clock forward; renewals and everything else due happen in order, each at its own instant."""
        self.engine.advance(step)

    def move_in_steps(self) -> None:
        """From now on the control page only sets a target; the shop moves the clock there with `step_to`."""
        self.engine.moves_in_steps = True

    def target(self) -> datetime | None:
        """Where the clock is being moved to."""
        target = self.engine.target()
        return clock.as_instant(target) if target is not None else None

    def step_to(self, at: datetime) -> None:
        self.engine.step_to(clock.as_seconds(at))

    def catch_up(self) -> int:
        """Does everything that is due; returns the number of things done. Every API call does this first."""
        return self.engine.catch_up()

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Inside, the time is `moment` for this task: everything due by then happens first. For building a history."""
        with clock.holding(clock.as_seconds(moment)):
            self.engine.catch_up()
            yield

    def quietly(self) -> AbstractContextManager[None]:
        """Inside, nothing is announced: no events are stored and no webhooks sent."""
        return clock.quietly()

    def carry_over(self, **how: Any) -> dict[str, str]:
        """A subscription that has been running for long (`carried_over`). Nothing is announced."""
        with clock.quietly(), self.engine.changing() as books:
            return carried_over.carry_over(books, **how)

    def carry_over_refunds(self, refunds: list[dict[str, Any]]) -> None:
        """Refunds of the past with what they are of (`carried_over`). Nothing is announced."""
        with clock.quietly(), self.engine.changing() as books:
            carried_over.carry_over_refunds(books, refunds)

    # shoppers

    async def pay(
        self,
        session_id: str,
        card: str = "4242424242424242",
        *,
        challenge: Literal["pass", "fail"] = "pass",
        email: str = "",
        name: str = "",
    ) -> PaymentOutcome:
        """Does what a shopper does on the payment page. A bank's challenge, if any, is passed or failed."""
        outcome = self._on_page(session_id, partial(completing.submit, filled=Filled(card, email, name)))
        if outcome.state == "challenge":
            how = partial(completing.answer_challenge, passed=challenge == "pass")
            return self._on_page(session_id, how)
        return outcome

    def _on_page(self, session_id: str, act: Callable[[Books, dict[str, Any]], PaymentOutcome]) -> PaymentOutcome:
        try:
            with self.engine.changing() as books:
                session = books.get("checkout.session", session_id)
                if not completing.is_payable(books, session):
                    return PaymentOutcome("declined", "This payment page is no longer open.")
                return act(books, session)
        except NotCompleted as refusal:
            if refusal.card is not None:
                with self.engine.changing() as books:
                    tried_cards.note_decline(books, books.get("checkout.session", session_id), refusal.card)
            return PaymentOutcome("declined", str(refusal))

    def pay_invoice(self, url: str, card: str = "", *, challenge: Literal["pass", "fail"] = "pass") -> PaymentOutcome:
        """Does what a customer does at an invoice's `hosted_invoice_url`; without a card, pays with the one on file."""
        with self.engine.changing() as books:
            invoice = invoice_payment.by_address(books, *url.rstrip("/").split("/")[-2:])
            outcome = invoice_payment.pay(books, invoice, card)
            if outcome.state == "challenge":
                outcome = invoice_payment.answer_challenge(books, invoice, passed=challenge == "pass")
        return outcome

    def retry_renewals(self, *, schedule: str, then: dunning.FinalState) -> None:
        """When failed renewals are tried again, and how they end; at Stripe a setting of the dashboard."""
        with self.engine.changing() as books:
            dunning.choose(books.connection, schedule=schedule, final=then)

    # faults

    def fault(self, kind: Kind, *, times: int = 1, amount: float | None = None) -> None:
        """Orders a fault for the next `times` deliveries or calls; `amount` is the seconds of one that takes time."""
        seconds = faults.SECONDS.get(kind, 0) if amount is None else amount
        self.engine.order_fault(kind, times=times, amount=seconds)

    # webhooks

    async def deliver_due(self, post: Post) -> int:
        """Posts the webhooks that are due, signed; `post` takes body and headers and returns the shop's status."""
        self.engine.catch_up()
        return await self._courier.deliver_due(post)

    async def run(self, post: Post) -> None:
        """Follows the clock and delivers, until cancelled. Several processes may run this: nothing is delivered
        twice unless a process dies between posting and recording it."""
        event = asyncio.Event()
        self._sleeper = (asyncio.get_running_loop(), event)
        self.engine.tidy()
        try:
            while True:
                event.clear()
                await self.deliver_due(post)
                await _wait(event)
        finally:
            self._sleeper = None

    def _wake(self) -> None:
        if self._sleeper is not None:
            loop, event = self._sleeper
            loop.call_soon_threadsafe(event.set)

    def close(self) -> None:
        self.engine.store.close()


async def _wait(event: asyncio.Event) -> None:
    """Not `asyncio.wait_for`: on Python 3.11 that may swallow a cancellation that comes with the event."""
    try:
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            await event.wait()
    except TimeoutError:
        return

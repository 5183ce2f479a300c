"""Builds the application: all parts are connected here and nowhere else."""

import asyncio
import contextlib
import functools
import gc
import os
from collections.abc import AsyncIterator
from typing import Any

import httpx
import structlog
from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers.base import BaseRouteHandler

from components import worker
from components.behaviour import view_buffer
from components.catalog.pictures import picture_store
from components.catalog.snapshot import snapshot_refresh
from components.checkout.delivery import delivery_promises, public_holidays
from components.checkout.taxes import domestic_tax_refresh
from components.content.site import site_content
from components.experiments import experiment_cache
from components.foundation import clock, database, practice_time, settings
from components.foundation.database import embedded
from components.foundation.database.notifications import listener
from components.foundation.languages.words import N_
from components.foundation.operations import own_templates, production, supervised_tasks
from components.foundation.refusals import NotFound, Refusal
from components.foundation.shop_settings import setting_rows, shop_settings
from components.insights.access_monitor import access_monitor
from components.keeping import moved_shop
from components.memberships.plans import plan_cache
from components.messaging.texts import edited_texts
from components.opening import setup_state
from components.payments import stripe_connection as payment_connection
from components.payments.mirror import EVENTS
from components.payments.timeouts import unattended
from components.recommendations import product_pairs
from web import demo_mode, logs, templating
from web.edge import access_monitor_pages, connections, draining, errors, fair_turns, kept_text
from web.edge.error_texts import WORDS
from web.edge.quick_start import LeanLitestar
from web.edge.request_bodies import MOST_SENT
from web.edge.security import Edge
from web.routes import CONTROLLERS
from web.standin.http import asgi
from web.standin.standin import StandIn
from web.visitor import Visitor

log = structlog.get_logger()
CONTROL_CLOSED = (
    "The practice controls answer only while HOST is this machine, or with PRACTICE_PAGES=network, and never through a "
    "proxy."
)


def visitor(request: Request[Any, Any, Any]) -> Visitor:
    found: Visitor = request.scope["visitor"]  # type: ignore[typeddict-item]
    return found


class BodyUnreadable(Refusal):
    message = N_("This address contains a character that can’t be read. Please search again with plain letters.")
    status = 400


async def with_readable_body(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """An address with a NUL character names nothing, and the database cannot be queried for it."""
    if "\x00" in connection.scope["path"]:
        raise NotFound(WORDS[404])
    query = connection.scope["query_string"]
    if b"%00" in query or b"\x00" in query:
        raise BodyUnreadable


async def resolve_visitor(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """When the visitor cannot be determined, report an error rather than treat a member as a guest."""
    if trouble := connection.scope.get("visitor_trouble"):
        raise trouble  # type: ignore[misc]


def create() -> Any:
    """The shop as an ASGI application, from the environment's settings. Raises `BadSetting`."""
    production.refuse_to_serve()
    connections.watch(settings.current().port)
    fair_turns.hand_over_soon()
    return assembled()


@functools.cache
def assembled() -> Any:
    """Once: `serve` does it before it forks, so that a process that takes a dead one's place is there at once."""
    return assemble(stand_in=make_stand_in() if settings.current().is_offline else None)


def make_stand_in() -> StandIn:
    known = settings.current()
    return StandIn(known.data / "stand-in.sqlite", known.stripe_webhook_secret, events=EVENTS)


def assemble(*, stand_in: StandIn | None, works: bool | None = None) -> Any:
    """`stand_in` answers for Stripe when given; `works` says whether this process runs jobs too, None that the
    environment says it."""
    works = os.environ.get("CLUBFRONT_WORKER", "inside") == "inside" if works is None else works
    logs.configure(settings.current().log_level)
    templating.warm()

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        known = settings.current()
        dsn = os.environ.get("CLUBFRONT_DSN") or known.database_url or embedded.start(known.data)
        if stand_in is not None:
            practice_time.use(SteppedClock(stand_in, edge))
        async with running(stand_in, dsn=dsn, works=works), delivering(stand_in, edge):
            draining.when_asked_to_stop(known.port)
            gc.freeze()  # what is there for good is not looked through by each collection, for which everybody waits
            yield

    shop = make_pages(lifespan)
    access_monitor.use_asker(access_monitor_pages.make_asker(shop))
    edge = Edge(_with_stand_in(shop, stand_in) if stand_in else shop)
    return edge


def make_pages(*lifespans: Any) -> Litestar:
    """Everything inside the edge."""
    return LeanLitestar(
        route_handlers=list(CONTROLLERS),
        dependencies={"visitor": Provide(visitor, sync_to_thread=False)},
        guards=[with_readable_body, resolve_visitor, kept_text.keep],
        exception_handlers=errors.HANDLERS,
        lifespan=list(lifespans),
        openapi_config=None,
        logging_config=None,
        request_max_body_size=MOST_SENT,
        debug=False,
    )


def _with_stand_in(shop: Any, stand_in: StandIn) -> Any:
    async def either(scope: Any, receive: Any, send: Any) -> None:
        is_control = scope["type"] == "http" and scope["path"].startswith("/offline-payments/control")
        if is_control and (not demo_mode.listens_privately() or demo_mode.was_passed_on(scope)):
            await asgi.send(send, 403, CONTROL_CLOSED.encode(), {"content-type": "text/plain; charset=utf-8"})
        elif scope["type"] == "http" and scope["path"].startswith("/offline-payments"):
            await stand_in.pages(scope, receive, send)
            if scope["method"] == "POST":
                await practice_time.continue_moving()
        else:
            await shop(scope, receive, send)

    return either


class SteppedClock:
    """The stand-in's clock, which the worker moves in steps."""

    def __init__(self, stand_in: StandIn, edge: Any) -> None:
        stand_in.move_in_steps()
        self.now, self.target, self.step_to = stand_in.now, stand_in.target, stand_in.step_to
        self._stand_in, self._post = stand_in, deliver_to(edge)

    async def deliver(self) -> None:
        await self._stand_in.deliver_due(self._post)


def deliver_to(edge: Any) -> Any:
    """Posts a webhook to this process, through everything that an external webhook passes."""
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=edge), base_url=settings.current().base_url)

    async def post(body: bytes, headers: dict[str, str]) -> int:
        return (await client.post("/hooks/stripe", content=body, headers=headers)).status_code

    return post


def _warm() -> None:
    """What the first visitor would wait for otherwise, and everybody else with them."""
    templating.warm_words()
    if delivery_promises.is_on():
        shop = shop_settings.current()
        public_holidays.names(shop.country, shop.holiday_region, clock.now().year)


@contextlib.asynccontextmanager
async def running(stand_in: StandIn | None, *, dsn: str, works: bool) -> AsyncIterator[None]:
    """Everything that must run while requests are answered or jobs are run: pool, snapshots, listener, worker."""
    async with contextlib.AsyncExitStack() as stack:
        known = settings.current()
        await database.connect(dsn, pool_size=known.database_pool, pooled=known.pooled_database_url)
        stack.push_async_callback(database.disconnect)
        stack.push_async_callback(snapshot_refresh.stop)
        await stack.enter_async_context(view_buffer.writing())
        connect_payments(stand_in)
        await setting_rows.start()
        await asyncio.to_thread(_warm)
        await setup_state.start()
        await moved_shop.start()
        await snapshot_refresh.start()
        await plan_cache.start()
        await experiment_cache.start()
        await site_content.start()
        await product_pairs.start()
        await edited_texts.start()
        await own_templates.start()
        await domestic_tax_refresh.start()
        await stack.enter_async_context(picture_store.in_step())
        stack.push_async_callback(listener.stop)
        await listener.start()
        await setting_rows.refresh()
        await setup_state.refresh()
        await moved_shop.refresh()
        await snapshot_refresh.refresh()  # changes between reading and listening
        await plan_cache.refresh()
        await experiment_cache.refresh()
        await site_content.refresh()
        await product_pairs.forget()
        await edited_texts.refresh()
        await domestic_tax_refresh.refresh()
        stack.push_async_callback(unattended.finish)
        await practice_time.continue_moving()
        if works and moved_shop.current() is None:
            await stack.enter_async_context(worker.run_worker(dsn))
        log.info("the shop is open", address=settings.current().base_url)
        yield


def connect_payments(stand_in: StandIn | None) -> None:
    """Offline, the stand-in answers the SDK's calls, and the shop's clock follows its clock."""
    if stand_in is None:
        payment_connection.connect()
        return
    payment_connection.connect(http_client=stand_in.http_client())
    clock.use_source(stand_in.now)


@contextlib.asynccontextmanager
async def delivering(stand_in: StandIn | None, edge: Any) -> AsyncIterator[None]:
    """Offline, the stand-in's webhooks are posted to this shop, and its renewals happen when they are due."""
    if stand_in is None:
        yield
        return
    post = deliver_to(edge)
    async with supervised_tasks.going_on("the practice bank’s deliveries", lambda: stand_in.run(post)):
        yield

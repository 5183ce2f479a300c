"""Builds the application: everything is wired here and nowhere else."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from typing import Any

import httpx
import structlog
from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers.base import BaseRouteHandler

from components import catalog, insights, memberships, payments, worker
from components.checkout import tax_at_home
from components.foundation import clock, database, embedded, settings
from components.foundation.listening import listener
from components.foundation.refusals import NotFound, Refusal
from web import errors, logs, templating, watching
from web.routes import CONTROLLERS
from web.security import Edge
from web.standin import StandIn
from web.visitor import Visitor

log = structlog.get_logger()
MOST_SENT = 12 * 1024 * 1024


def visitor(request: Request[Any, Any, Any]) -> Visitor:
    found: Visitor = request.scope["visitor"]  # type: ignore[typeddict-item]
    return found


class Unreadable(Refusal):
    message = "This address contains a character that can’t be read. Please search again with plain letters."
    status = 400


async def readable(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """An address with a NUL in it names nothing, and the database could not even be asked for it."""
    if "\x00" in connection.scope["path"]:
        raise NotFound(errors.WORDS[404])
    query = connection.scope["query_string"]
    if b"%00" in query or b"\x00" in query:
        raise Unreadable


async def known_visitor(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Who is asking could not be found out: say so instead of treating a member as a stranger."""
    if trouble := connection.scope.get("visitor_trouble"):
        raise trouble  # type: ignore[misc]


def create() -> Any:
    """The shop as an ASGI application, from the environment's settings."""
    return assemble(stand_in=make_stand_in() if settings.current().is_offline else None)


def make_stand_in() -> StandIn:
    known = settings.current()
    return StandIn(known.data / "stand-in.sqlite", known.stripe_webhook_secret, events=payments.EVENTS)


def assemble(
    *, stand_in: StandIn | None, works: bool = os.environ.get("CLUBFRONT_WORKER", "inside") == "inside"
) -> Any:
    """`stand_in` answers for Stripe when given; `works` says whether this process runs jobs too."""
    logs.configure(settings.current().log_level)
    templating.warm()

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        known = settings.current()
        dsn = os.environ.get("CLUBFRONT_DSN") or known.database_url or embedded.start(known.data)
        async with running(stand_in, dsn=dsn, works=works), delivering(stand_in, edge):
            yield

    shop = Litestar(
        route_handlers=list(CONTROLLERS),
        dependencies={"visitor": Provide(visitor, sync_to_thread=False)},
        guards=[readable, known_visitor],
        exception_handlers=errors.HANDLERS,
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=MOST_SENT,
        debug=False,
    )
    insights.leak_watch.use(watching.asker(shop))
    edge = Edge(_with_stand_in(shop, stand_in) if stand_in else shop)
    return edge


def _with_stand_in(shop: Any, stand_in: StandIn) -> Any:
    async def either(scope: Any, receive: Any, send: Any) -> None:
        is_pay_page = scope["type"] == "http" and scope["path"].startswith("/offline-payments")
        await (stand_in.pages if is_pay_page else shop)(scope, receive, send)

    return either


def deliver_to(edge: Any) -> Any:
    """Posts a webhook to this very process, through everything a webhook from outside passes."""
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=edge), base_url=settings.current().base_url)

    async def post(body: bytes, headers: dict[str, str]) -> int:
        answer = await client.post("/hooks/stripe", content=body, headers=headers)
        return answer.status_code

    return post


@contextlib.asynccontextmanager
async def running(stand_in: StandIn | None, *, dsn: str, works: bool) -> AsyncIterator[None]:
    """Everything that must run while requests are answered or jobs are done: pool, snapshots, listener, worker."""
    await database.connect(dsn, pool_size=settings.current().database_pool)
    connect_payments(stand_in)
    await catalog.start()
    await memberships.start()
    await tax_at_home.start()
    await listener.start()
    await catalog.refresh()  # whatever changed between reading and listening
    await memberships.refresh()
    await tax_at_home.refresh()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(database.disconnect)
        stack.push_async_callback(listener.stop)
        if works:
            await stack.enter_async_context(worker.running(dsn))
        log.info("the shop is open", address=settings.current().base_url)
        yield


def connect_payments(stand_in: StandIn | None) -> None:
    """Offline the stand-in answers the same SDK, and the shop's clock follows its clock."""
    if stand_in is None:
        payments.connect()
        return
    payments.connect(http_client=stand_in.http_client())
    clock.follow(stand_in.now)


@contextlib.asynccontextmanager
async def delivering(stand_in: StandIn | None, edge: Any) -> AsyncIterator[None]:
    """Offline, the stand-in's webhooks are posted to this shop, and its renewals happen when they are due."""
    if stand_in is None:
        yield
        return
    task = asyncio.create_task(stand_in.run(deliver_to(edge)))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

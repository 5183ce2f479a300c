"""Serving: one process tree for one data folder, with progress messages at startup."""

import asyncio
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import asyncpg
import click

from components.demo.generator import half_filled
from components.foundation import database, practice_time, settings
from components.foundation.database import embedded, migrations, pooled_sessions
from components.foundation.database.embedded_watch import Watch
from components.foundation.operations import production, terminal
from components.foundation.secrecy import kept_stripe_key
from components.foundation.shop_settings import setting_rows
from components.keeping import moved_shop
from components.memberships.grants import gift_codes
from components.opening import opening_commands, setup_state, shop_setup
from components.people.identity import published_passwords
from web import logs, serving_lock
from web.edge import connections, draining, quick_start
from web.serving_lock import ClaimedPort

MOST_SECONDS_TO_BEGIN = 60
AWAY = (ConnectionError, FileNotFoundError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError,
        asyncpg.exceptions.OperatorInterventionError)  # fmt: skip
NEW_SHOP = (
    "In this data folder a shop of your own was begun, so it cannot become the demo. Start it without --demo, or set "
    "CLUBFRONT_DATA to another folder."
)
MOST_SECONDS_TO_STOP = 20
"""A process that hangs while it stops is killed: jobs are given ten seconds to finish, and each is run again."""


FIRST_HANDED = 3
"""Where systemd puts the first socket that it hands to a service."""


def serve(
    *,
    port: int | None,
    host: str | None,
    workers: int | None,
    works_inside: bool,
    fills_empty_shop: bool,
    takes_over: bool = False,
) -> None:
    """Start everything and answer requests until stopped. Raises ClickException when it cannot start."""
    given = dict(os.environ)
    _take_into_environment(port=port, host=host, workers=workers)
    known = settings.current()
    production.refuse_to_serve()
    half_filled.refuse()
    setting_rows.environment()
    kept_stripe_key.hold(known.data)
    is_shared = bool(known.database_url) and not known.is_offline
    who = f"process {os.getpid()}, {known.base_url}"
    lock = serving_lock.hold(known.data, who, is_shared=is_shared, takes_over=takes_over)
    held = _handed(known.port)
    claimed = serving_lock.claim_port(known.host, known.port) if held is None else None
    if held is not None:
        draining.take_again(held)  # whoever stopped before was perhaps killed
    began = time.perf_counter()
    with quick_start.without_collections(), quick_start.importing_the_shop():
        dsn = _database(known)
    with asyncio.Runner(loop_factory=terminal.quick_loop() if fills_empty_shop else None) as runner:
        greeting = runner.run(_prepare(dsn, fills_empty_shop=fills_empty_shop))
    os.environ["CLUBFRONT_DSN"] = dsn
    os.environ["CLUBFRONT_WORKER"] = "inside" if works_inside else "elsewhere"
    _assemble_before_forking()  # before anybody is sent there: this takes longer than listening
    click.echo(f"Ready in {time.perf_counter() - began:.1f} s. The shop is at {known.base_url}")
    _welcome(fills_empty_shop, greeting)
    sys.stdout.flush()
    with serving_lock.giving_way(known.data) as is_wanted, _kept_running(known, dsn) as watch:
        _answer_requests(known, held, claimed)
        if held is not None:
            draining.take_again(held)
    embedded.stop(known.data)  # before anybody else may start it
    lock.close()
    _refuse_when_given_up(watch)
    if takes_over and is_wanted.is_set():
        serving_lock.stand_by(known.data, given)


def work() -> None:
    """Run jobs until stopped. Raises what `serve` raises."""
    production.refuse_to_serve()
    half_filled.refuse()
    known = settings.current()
    dsn = _database(known)
    with _kept_running(known, dsn) as watch:
        _patiently(_refuse_earlier_version, dsn)
        _patiently(_work, dsn)
    _refuse_when_given_up(watch)


def _patiently(work: Callable[[str], Awaitable[None]], dsn: str) -> None:
    """A database that is away for a moment while a worker starts is waited for. Raises what still stands after that."""
    until = time.monotonic() + MOST_SECONDS_TO_BEGIN
    while True:
        try:
            asyncio.run(_coroutine(work, dsn))
            return
        except AWAY as trouble:
            if time.monotonic() > until or _Worker.has_begun:
                raise
            click.echo(f"The database is away ({trouble}). Trying again …")
            time.sleep(1)


class _Worker:
    has_begun = False


async def _coroutine(work: Callable[[str], Awaitable[None]], dsn: str) -> None:
    await work(dsn)


def _kept_running(known: settings.Settings, dsn: str) -> AbstractContextManager[Watch | None]:
    """The embedded database is started again while this process lives; your own is yours to watch."""
    if known.database_url:
        return nullcontext()
    return Watch(known.data, dsn, lambda: os.kill(os.getpid(), signal.SIGTERM))


def _refuse_when_given_up(watch: Watch | None) -> None:
    if watch is not None and watch.has_given_up:
        raise click.ClickException("The embedded database does not stay up; the log says why.")


async def _refuse_earlier_version(dsn: str) -> None:
    """A worker runs no migrations, but it must not run jobs on an earlier version's database, nor of a shop that has
    moved."""
    await _refuse_shared_sessions(dsn)
    async with database.opened(dsn, pool_size=1):
        await migrations.refuse_earlier_version()
        if not await migrations.pending() and (said := await moved_shop.refusal()):
            raise click.ClickException(said)


async def _refuse_shared_sessions(dsn: str) -> None:
    if settings.current().database_url:
        await pooled_sessions.refuse_shared(dsn)
    if pooled := settings.current().pooled_database_url:
        await pooled_sessions.refuse_unfit(dsn, pooled)


async def _work(dsn: str) -> None:
    with quick_start.without_collections():
        from web import app

        stand_in = app.make_stand_in() if settings.current().is_offline else None
        edge = app.assemble(stand_in=stand_in, works=False)  # the access monitor requests these pages
    if stand_in is not None:
        practice_time.use(app.SteppedClock(stand_in, edge))
    async with app.running(stand_in, dsn=dsn, works=True):
        _Worker.has_begun = True
        click.echo("Worker running. Press Ctrl-C to stop.")
        await _until_stopped()


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()


def _take_into_environment(**given: object) -> None:
    os.environ.update({name.upper(): str(value) for name, value in given.items() if value is not None})


def _handed(port: int) -> socket.socket | None:
    """The port that systemd holds for the shop (deploy/clubfront.socket): it stays open while the shop is started anew,
    and whoever connects meanwhile waits, with what they sent. None when there is none.
    """
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS", "0") == "0":
        return None
    if os.environ["LISTEN_FDS"] != "1":
        raise click.ClickException("systemd holds more than one socket for the shop; it takes one: clubfront.socket.")
    found = socket.socket(fileno=FIRST_HANDED)
    if not found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) or found.family == socket.AF_UNIX:
        raise click.ClickException("What systemd holds for the shop is no port that listens: clubfront.socket.")
    if (held := found.getsockname()[1]) != port:
        words = f"systemd listens at port {held} for the shop, and PORT is {port}. Make both the same."
        raise click.ClickException(words)
    found.setblocking(False)
    return found


def _database(known: settings.Settings) -> str:
    if known.database_url:
        click.echo("Using the database in DATABASE_URL.")
        return known.database_url
    is_new = not (known.data / "postgres" / "PG_VERSION").exists()
    click.echo("Creating the embedded database (first start only) …" if is_new else "Starting the embedded database …")
    return embedded.start(known.data)


async def _prepare(dsn: str, *, fills_empty_shop: bool) -> str:
    """What to say when it is done. A database with nothing in it is a new shop, unless it is to be the demo."""
    await _refuse_shared_sessions(dsn)
    async with database.opened(dsn, pool_size=4):
        count = await _migrated()
        if count:
            click.echo(f"Applied {count} migration{'s' if count != 1 else ''}.")
        for words in await published_passwords.refusals():
            raise click.ClickException(words)
        await gift_codes.keep_under_todays_secret()
        await setting_rows.adopt_environment()
        await setup_state.refresh()
        if said := await moved_shop.refusal():
            return said
        if fills_empty_shop:
            if setup_state.current().is_closed:
                raise click.ClickException(NEW_SHOP)
            from components.demo import building, practice_payments
            from web import app

            practice_payments.use(app.make_stand_in)
            await building.fill_when_empty()
            return ""
        await shop_setup.begin_when_empty()
        return await opening_commands.greeting()


async def _migrated() -> int:
    """How many migrations were applied. Raises ClickException when one does not fit the shop."""
    try:
        return await migrations.apply()
    except AWAY:
        raise
    except asyncpg.PostgresError as trouble:
        raise click.ClickException(
            f"The database could not be brought to this version, and was left as it was: {trouble}. Start the version "
            "you had before; `clubfront upgrade` tries it on a copy first."
        ) from None


def _welcome(is_demo: bool, greeting: str) -> None:
    if greeting:
        click.echo(f"\n{greeting}\n")
    if is_demo:
        from components.demo.cast import introduction

        click.echo(introduction())


def _assemble_before_forking() -> None:
    """See `quick_start.importing_the_shop`."""
    if multiprocessing.get_start_method() == "fork":
        from web import app  # imported by now

        with quick_start.without_collections():
            app.assembled()


def _answer_requests(known: settings.Settings, held: socket.socket | None, claimed: ClaimedPort | None) -> None:
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings
    from granian.server import Server

    connections.allow_enough_files()
    server = Server(
        "web.app:create",
        factory=True,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        address=known.host,
        port=known.port,
        workers=known.workers,
        log_access=False,
        log_level=known.log_level,  # type: ignore[arg-type]
        log_dictconfig=logs.of_the_server(),
        respawn_failed_workers=True,
        backlog=connections.BACKLOG,
        backpressure=connections.most_accepted(),
        http=HTTPModes.http1,  # HTTP/2 without TLS is spoken by nobody, and its idle connections have no time limit
        websockets=False,
        http1_settings=HTTP1Settings(
            header_read_timeout=connections.HEAD_SECONDS * 1000, max_buffer_size=connections.HEAD_BYTES
        ),
        workers_kill_timeout=MOST_SECONDS_TO_STOP,
    )
    if held is not None:
        _take_from(held, server)
    if claimed is not None:
        claimed.give_over()
    server.serve()


def _take_from(held: socket.socket, server: Any) -> None:
    """Every process takes visitors from this socket, instead of opening its own."""
    from granian import _granian

    holder: Any = _granian.SocketHolder
    server._ssp = server._sso = None
    server._shd = holder(held.fileno(), uds=False, backlog=connections.BACKLOG)
    server._init_shared_socket = lambda: None

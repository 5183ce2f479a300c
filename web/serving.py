"""Serving: one process tree for one data folder, with progress messages at startup."""

import asyncio
import fcntl
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import IO

import click

from components.foundation import database, practice_time, settings
from components.foundation.database import embedded, migrations
from components.foundation.shop_settings import setting_rows

MOST_SECONDS_TO_STOP = 20
"""A process that hangs while it stops is killed: jobs are given ten seconds to finish, and each is run again."""


def serve(
    *, port: int | None, host: str | None, workers: int | None, works_inside: bool, fills_empty_shop: bool
) -> None:
    """Start everything and answer requests until stopped. Raises ClickException when it cannot start."""
    _take_into_environment(port=port, host=host, workers=workers)
    known = settings.current()
    settings.refuse_to_serve()
    setting_rows.environment()
    lock = _only_one(known.data)
    _check_port(known.host, known.port)
    began = time.perf_counter()
    dsn = _database(known)
    asyncio.run(_prepare(dsn, fills_empty_shop=fills_empty_shop))
    os.environ["CLUBFRONT_DSN"] = dsn
    os.environ["CLUBFRONT_WORKER"] = "inside" if works_inside else "elsewhere"
    click.echo(f"Ready in {time.perf_counter() - began:.1f} s. The shop is at {known.base_url}")
    _welcome(fills_empty_shop)
    sys.stdout.flush()
    _answer_requests(known)
    lock.close()


def work() -> None:
    """Run jobs until stopped. Raises what `serve` raises."""
    settings.refuse_to_serve()
    dsn = _database(settings.current())
    asyncio.run(_refuse_earlier_version(dsn))
    asyncio.run(_work(dsn))


async def _refuse_earlier_version(dsn: str) -> None:
    """A worker runs no migrations, but it must not run jobs on an earlier version's database."""
    await database.connect(dsn, pool_size=1)
    try:
        await migrations.refuse_earlier_version()
    finally:
        await database.disconnect()


async def _work(dsn: str) -> None:
    from web import app

    stand_in = app.make_stand_in() if settings.current().is_offline else None
    edge = app.assemble(stand_in=stand_in, works=False)  # the access monitor requests these pages
    if stand_in is not None:
        practice_time.use(app.SteppedClock(stand_in, edge))
    async with app.running(stand_in, dsn=dsn, works=True):
        click.echo("Worker running. Press Ctrl-C to stop.")
        await _until_stopped()


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()


def _take_into_environment(**given: object) -> None:
    os.environ.update({name.upper(): str(value) for name, value in given.items() if value is not None})


def _only_one(data: Path) -> IO[str]:
    """Refuse a second shop on the same data folder: both would share the embedded database and the stand-in."""
    lock = (data / "serving.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        where = lock.read().strip() or "another process"
        raise click.ClickException(f"This shop is already running from {data} ({where}).") from None
    lock.truncate(0)
    lock.write(f"process {os.getpid()}, {settings.current().base_url}")
    lock.flush()
    return lock


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as trouble:
            raise click.ClickException(
                f"Port {port} on {host} is not available: {trouble.strerror}. Set PORT to a different port."
            ) from None


def _database(known: settings.Settings) -> str:
    if known.database_url:
        click.echo("Using the database in DATABASE_URL.")
        return known.database_url
    is_new = not (known.data / "postgres" / "PG_VERSION").exists()
    click.echo("Creating the embedded database (first start only) …" if is_new else "Starting the embedded database …")
    return embedded.start(known.data)


async def _prepare(dsn: str, *, fills_empty_shop: bool) -> None:
    await database.connect(dsn, pool_size=4)
    try:
        count = await migrations.apply()
        if count:
            click.echo(f"Applied {count} migration{'s' if count != 1 else ''}.")
        await setting_rows.adopt_environment()
        if fills_empty_shop:
            from components.demo import building, practice_payments
            from web import app

            practice_payments.use(app.make_stand_in)
            await building.fill_when_empty()
    finally:
        await database.disconnect()


def _welcome(is_demo: bool) -> None:
    if is_demo:
        from components.demo.cast import introduction

        click.echo(introduction())


def _answer_requests(known: settings.Settings) -> None:
    from granian.constants import Interfaces, Loops
    from granian.server import Server

    Server(
        "web.app:create",
        factory=True,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        address=known.host,
        port=known.port,
        workers=known.workers,
        log_access=False,
        log_level=known.log_level,  # type: ignore[arg-type]
        respawn_failed_workers=True,
        backpressure=256,
        workers_kill_timeout=MOST_SECONDS_TO_STOP,
    ).serve()

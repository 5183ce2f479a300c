"""Checks everything the shop depends on. Changes nothing, and says how to fix problems."""

import asyncio
import shutil
import smtplib
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import click

from components.foundation import clock, database, queue, settings
from components.foundation.database import embedded, migrations, pooled_sessions
from components.foundation.operations import production, terminal
from components.foundation.secrecy import secret_files
from components.foundation.settings import Settings
from components.foundation.shop_settings import setting_rows, shop_settings

FEWEST_BYTES = 1024**3
MOST_DRIFT_SECONDS = 5
PATIENCE_SECONDS = 5


@dataclass(frozen=True)
class Finding:
    """The result of one check. If it failed, `words` say how to fix it. `is_seen`: whether it could be checked."""

    what: str
    words: str
    is_well: bool = True
    is_seen: bool = True


Check = Callable[[], AsyncIterator[Finding]]


def marked(finding: Finding) -> str:
    """A line for a terminal. What could not be checked gets no tick."""
    mark = click.style("✗", fg="red") if not finding.is_well else click.style("✓", fg="green")
    return f"{mark if finding.is_seen or not finding.is_well else '–'} {finding.what:<12} {finding.words}"


def concluded(findings: Sequence[Finding]) -> str:
    """The last line, which promises no more than was seen."""
    ill = sum(not finding.is_well for finding in findings)
    unseen = sum(finding.is_well and not finding.is_seen for finding in findings)
    words = "No problems found" if not ill else f"{ill} {'problem' if ill == 1 else 'problems'} found"
    if unseen:
        words += f"; {unseen} marked – {'says' if unseen == 1 else 'say'} what was not checked"
    return f"{words}."


async def examine(*, also: Sequence[Check] = (), in_database: Sequence[Check] = ()) -> AsyncIterator[Finding]:
    """`also` are checks of other components, and `in_database` those that need the database connected."""
    known = settings.current()
    yield Finding("version", f"Clubfront {version('clubfront')}, Python {sys.version.split()[0]}")
    yield _disk(known)
    async for finding in _of_database(known, in_database):
        yield finding
    yield await asyncio.to_thread(_emails, known)
    for check in also:
        async for finding in check():
            yield finding
    yield _address(known)
    for finding in _production(known):
        yield finding


def report(known: Settings) -> list[tuple[str, str]]:
    """Every setting with its value; secrets only say whether they are set."""
    return [(field.name.upper(), _shown(field.name, getattr(known, field.name))) for field in fields(known)]


def _shown(name: str, value: object) -> str:
    if isinstance(value, tuple) and name in secret_files.NAMES:
        return "set (not shown)" if value else "—"
    if isinstance(value, tuple):
        return ", ".join(_without_password(str(part)) for part in value) or "—"
    if name in secret_files.NAMES and value:
        return _without_password(str(value)) if "://" in str(value) else "set (not shown)"
    return str(value) or "—"


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    if not parts.hostname:
        return address if "://" not in address else f"{parts.scheme}://…"
    who = f"{parts.username}@" if parts.username else ""
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, f"{who}{parts.hostname}{port}", parts.path, "", ""))


def _disk(known: Settings) -> Finding:
    free = shutil.disk_usage(known.data).free
    words = f"{free / 1024**3:.1f} GB free in {known.data}"
    return Finding(
        "disk", words if free >= FEWEST_BYTES else f"Only {words}. Free up some space.", free >= FEWEST_BYTES
    )


async def _of_database(known: Settings, checks: Sequence[Check]) -> AsyncIterator[Finding]:
    try:
        await database.connect(terminal.own_dsn(), pool_size=2)
    except (OSError, asyncpg.PostgresError, embedded.DatabaseWillNotStart) as trouble:
        where = "DATABASE_URL" if known.database_url else "the data folder"
        yield Finding("database", f"Cannot be reached: {trouble}. Check {where}.", False)
        return
    try:
        yield await _server(known)
        if known.database_url and (found := await _pooler(known)):
            yield found
        migrated = await _migrations()
        yield migrated
        yield await _clock()
        yield await _jobs()
        if migrated.is_well:
            yield await _worker()
            yield await _shop()
        for check in checks if migrated.is_well else ():
            async for finding in check():
                yield finding
    finally:
        await database.disconnect()


class _Server(NamedTuple):
    version: str
    size: str
    most: int


_SERVER = """SELECT current_setting('server_version') AS version,
  pg_size_pretty(pg_database_size(current_database())) AS size, current_setting('max_connections')::int AS most"""


async def _server(known: Settings) -> Finding:
    [server] = await database.fetch_as(_Server, _SERVER)
    kind = "embedded" if known.uses_embedded_database else "external"
    own_pool = 0 if known.pooled_database_url else known.database_pool
    needed = (own_pool + 8) * known.workers + 3
    words = f"PostgreSQL {server.version} ({kind}), {server.size}"
    if needed > server.most:
        words += (
            f". {needed} connections may be needed, only {server.most} are allowed: lower DATABASE_POOL or WORKERS."
        )
    return Finding("database", words, needed <= server.most)


async def _pooler(known: Settings) -> Finding | None:
    """Red when `serve` and `worker` would refuse it; None when there is none."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await pooled_sessions.refuse_shared(known.database_url)
            if not known.pooled_database_url:
                return None
            await pooled_sessions.refuse_unfit(known.database_url, known.pooled_database_url)
    except pooled_sessions.PoolerUnfit as refused:
        return Finding("pooler", str(refused), False)
    except (OSError, asyncpg.PostgresError) as trouble:  # a TimeoutError is an OSError
        return Finding("pooler", f"Cannot be reached: {trouble or 'no answer'}. Check POOLED_DATABASE_URL.", False)
    return Finding("pooler", "lends connections for single transactions, with the shop’s time limits")


async def _migrations() -> Finding:
    try:
        await migrations.refuse_earlier_version()
    except migrations.DatabaseOfEarlierVersion as refused:
        return Finding("migrations", str(refused), False)
    pending = await migrations.pending()
    if pending:
        return Finding("migrations", f"{len(pending)} not applied: run `clubfront migrate`.", False)
    return Finding("migrations", f"all {len(migrations.known())} applied")


async def _clock() -> Finding:
    there: datetime = await database.fetch_value("SELECT clock_timestamp()")
    drift = abs((clock.of_this_machine() - there).total_seconds())
    words = f"{clock.of_this_machine():%Y-%m-%d %H:%M:%S} UTC, {drift:.1f} s off the database clock"
    is_well = drift <= MOST_DRIFT_SECONDS
    if (ahead := clock.now() - clock.of_this_machine()) > timedelta(minutes=1):
        words += f"; the practice clock is {ahead.days} days and {ahead.seconds // 3600} hours ahead"
    return Finding("clock", words if is_well else f"{words}. Synchronise both with the same time server.", is_well)


async def _jobs() -> Finding:
    if await database.fetch_value("SELECT to_regclass('procrastinate_jobs')") is None:
        return Finding("jobs", "The job queue does not exist yet: run `clubfront migrate`.", False)
    [(waiting, failed)] = await database.fetch_rows(_JOBS)
    words = f"{waiting} waiting, {failed} failed"
    return Finding("jobs", words + (": see /staff/jobs" if failed else ""), not failed)


_JOBS = """SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'failed')
FROM procrastinate_jobs"""


async def _worker() -> Finding:
    pulse = await queue.current_worker_pulse()
    words = f"last alive {pulse.last_alive:%Y-%m-%d %H:%M:%S} UTC" if pulse.last_alive else "has never run"
    if pulse.is_missed:
        words += ", and jobs wait: start `clubfront serve` or `clubfront worker`"
    return Finding("worker", words, not pulse.is_missed, pulse.last_alive is not None or pulse.is_missed)


async def _shop() -> Finding:
    """What the shop calls itself; a variable that says something else is no longer listened to."""
    await setting_rows.refresh()
    shop = shop_settings.current()
    ignored = [name.upper() for name, text in setting_rows.environment().items() if str(getattr(shop, name)) != text]
    words = f"{shop.shop_name}, {shop.currency}, {shop.country}, {shop.time_zone}; e-mails from {shop.mail_from}"
    if ignored:
        words += f". {', '.join(ignored)} in the environment differ and are ignored: the shop’s own settings count."
    return Finding("shop", words, not ignored)


def _emails(known: Settings) -> Finding:
    if not known.smtp_url:
        words = "not sent: no SMTP_URL set; e-mails are listed at /staff/emails"
        return Finding("e-mail", words, not known.takes_real_money, is_seen=False)
    parts = urlsplit(known.smtp_url)
    try:
        with smtplib.SMTP(parts.hostname or "", parts.port or 25, timeout=PATIENCE_SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as trouble:
        return Finding(
            "e-mail", f"{_without_password(known.smtp_url)} does not respond: {trouble}. Check SMTP_URL.", False
        )
    return Finding("e-mail", f"{_without_password(known.smtp_url)} responds")


def _production(known: Settings) -> Iterator[Finding]:
    """What the shop would refuse to start with; red here, so that it is known before."""
    if not known.is_production:
        return
    refused = production.refusals(known)
    yield from (Finding("production", words, False) for words in refused)
    if not refused:
        yield Finding("production", "nothing stands in the way of the start")


def _address(known: Settings) -> Finding:
    if known.is_https or not known.is_production:
        return Finding("address", known.base_url)
    return Finding("address", f"{known.base_url} must use https. Check BASE_URL.", False)

"""`clubfront doctor`, `check-invariants`, `backup` and `restore`."""

import asyncio
import fcntl
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import asyncpg
import click

from components.foundation import clock, database, formatting, settings
from components.foundation.database import embedded, migrations
from components.foundation.database.embedded import DatabaseWillNotStart
from components.foundation.operations import backup as backups
from components.foundation.operations import doctor as doctors
from components.foundation.operations import terminal
from components.foundation.shop_settings import setting_rows
from components.insights import invariants
from components.insights.movements import movement_invariants
from components.payments.stripe_account import account_check

WELL, ILL = click.style("✓", fg="green"), click.style("✗", fg="red")


def _dsn() -> str:
    known = settings.current()
    return known.database_url or embedded.start(known.data)


@click.command()
def doctor() -> None:
    """Check the settings, database, mail and payments, and say how to fix problems."""
    if asyncio.run(_examine()):
        raise SystemExit(1)


async def _examine() -> int:
    terminal.follow_practice_clock()
    for name, value in doctors.report(settings.current()):
        click.echo(f"  {name:<24} {value}")
    click.echo()
    ill = 0
    checks = doctors.examine(also=(account_check.examine,), in_database=(account_check.examine_traces,))
    async for finding in checks:
        ill += not finding.is_well
        click.echo(f"{WELL if finding.is_well else ILL} {finding.what:<12} {finding.words}")
    if await _late_figures():
        ill += 1
    click.echo()
    click.echo("No problems found." if not ill else f"{ill} {'problem' if ill == 1 else 'problems'} found.")
    return ill


async def _late_figures() -> int:
    """Months that were over and have changed in the last 30 days, because something in them was reported late."""
    found = 0
    with suppress(OSError, asyncpg.PostgresError, DatabaseWillNotStart):
        await database.connect(_dsn(), pool_size=1)
        try:
            found = await movement_invariants.late(clock.now() - timedelta(days=30))
        finally:
            await database.disconnect()
    if found:
        click.echo(
            f"{ILL} {'figures':<12} {found} MRR {'movement was' if found == 1 else 'movements were'} recorded in the "
            "last 30 days more than two days after they happened. Check that webhooks arrive and that the worker runs."
        )
    return found


@click.command("check-invariants")
def check_invariants() -> None:
    """Check the data for consistency; exits with status 1 if a rule is broken."""
    terminal.follow_practice_clock()
    if asyncio.run(_with_database(_dsn(), _check)):
        raise SystemExit(1)


async def _check() -> int:
    """Print every broken rule; returns their number."""
    broken = 0
    async for part in invariants.examine():
        broken += len(part.broken)
        click.echo(f"{ILL if part.broken else WELL} {part.name}")
        for words in part.broken:
            click.echo(f"    {words}")
    click.echo(
        "All data is consistent."
        if not broken
        else f"{broken} {'inconsistency' if broken == 1 else 'inconsistencies'} found."
    )
    return broken


async def _with_database(dsn: str, work: Callable[[], Awaitable[int]]) -> int:
    await database.connect(dsn, pool_size=4)
    try:
        await migrations.apply()
        await setting_rows.refresh()
        return await work()
    finally:
        await database.disconnect()


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Back up the whole shop to FILE: database, pictures, stand-in and secrets. It can keep running meanwhile."""
    with _in_one_sentence():
        backups.create(file.resolve(), dsn=_dsn(), data=settings.current().data)
        click.echo("Backup written. Checking it by restoring it into a temporary database …")
        broken = _tried(file)
    if broken:
        raise click.ClickException(f"{file} was written, but its data has {broken} inconsistencies.")
    click.echo(f"Backup saved to {file} ({file.stat().st_size / 1024**2:.1f} MB). It contains secrets: keep it safe.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.confirmation_option("--yes", prompt="This replaces everything in this shop with the backup. Continue?")
def restore(file: Path) -> None:
    """Restore the shop from FILE, after checking it in a temporary database."""
    known = settings.current()
    with _in_one_sentence(), _nobody_served(known.data):
        broken = _tried(file)
        if broken:
            raise click.ClickException(f"{file} was not restored: its data has {broken} inconsistencies.")
        with backups.open_backup(file) as (work, kept):
            backups.load_database(work, dsn=_dsn(), server=kept.server)
            backups.load_files(work, data=known.data)
    click.echo(f"The shop is as it was on {formatting.moment(kept.taken_at)}.")


def _tried(file: Path) -> int:
    """Restore into a temporary server and check the data there, in its own time; returns the number of
    inconsistencies."""
    with tempfile.TemporaryDirectory(prefix="clubfront-scratch-") as folder, backups.open_backup(file) as (work, kept):
        terminal.follow_practice_clock(work / backups.FILES)
        dsn = embedded.start(Path(folder))
        try:
            backups.load_database(work, dsn=dsn, server=kept.server)
            return asyncio.run(_with_database(dsn, _check))
        finally:
            embedded.stop(Path(folder))


@contextmanager
def _nobody_served(data: Path) -> Iterator[None]:
    with (data / "serving.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise click.ClickException("The shop is running. Stop it before restoring a backup.") from None
        yield


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    try:
        yield
    except backups.BackupFailed as trouble:
        raise click.ClickException(str(trouble)) from None


COMMANDS = (doctor, check_invariants, backup, restore)

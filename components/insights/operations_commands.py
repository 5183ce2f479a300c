"""`clubfront doctor`, `check-invariants`, `backup` and `restore`."""

import asyncio
import fcntl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import asyncpg
import click

from components.foundation import clock, database, formatting, settings
from components.foundation.consistency.table_keys import Extent
from components.foundation.database import embedded, migrations
from components.foundation.operations import backup as backups
from components.foundation.operations import doctor as doctors
from components.foundation.operations import own_template_check, terminal
from components.foundation.operations.doctor import Finding
from components.foundation.shop_settings import setting_rows
from components.insights import invariants
from components.insights.invariants import Part
from components.insights.movements import movement_invariants
from components.payments.stripe_account import account_check
from components.people.identity import published_passwords

INCONSISTENT = 3
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
    found = []
    in_database = (account_check.examine_traces, _late_figures, _published_passwords)
    checks = doctors.examine(also=(own_template_check.examine, account_check.examine), in_database=in_database)
    async for finding in checks:
        found.append(finding)
        click.echo(doctors.marked(finding))
    click.echo()
    click.echo(doctors.concluded(found))
    return sum(not finding.is_well for finding in found)


async def _published_passwords() -> AsyncIterator[Finding]:
    for words in await published_passwords.refusals():
        yield Finding("demo", words, False)


async def _late_figures() -> AsyncIterator[Finding]:
    """Months that were over and have changed in the last 30 days, because something in them was reported late."""
    try:
        late = await movement_invariants.late(clock.now() - timedelta(days=30))
    except (asyncpg.QueryCanceledError, TimeoutError):
        yield Finding(
            "figures", "Not checked, because it took too long: movements that were recorded late", is_seen=False
        )
        return
    if late:
        words = (
            f"{late} MRR {'movement was' if late == 1 else 'movements were'} recorded in the "
            "last 30 days more than two days after they happened. Check that webhooks arrive and that the worker runs."
        )
        yield Finding("figures", words, False)


@click.command("check-invariants")
@click.option("--full", is_flag=True, help="Every row, also of large tables.")
def check_invariants(full: bool) -> None:
    """Check the data for consistency; exits with status 1 if a rule is broken, or took too long.

    Of a table with more than 50,000 rows it looks at what is new since the last check, and at a random sample of the
    rest. The shop may be open meanwhile.
    """
    terminal.follow_practice_clock()
    if asyncio.run(_with_database(_dsn(), partial(_check_now, is_full=full))):
        raise SystemExit(1)


async def _check_now(*, is_full: bool) -> int:
    """The data, and what should have been done by now."""
    extent = Extent() if is_full else await invariants.in_passing()
    broken = await _check(extent)
    return broken + len(extent.unchecked) + sum([_told(part) async for part in invariants.overdue()])


def _told(part: Part) -> int:
    click.echo(f"{ILL if part.broken else WELL} {part.name}")
    for words in part.broken:
        click.echo(f"    {words}")
    return len(part.broken)


async def _check_sample() -> int:
    return await _check(await invariants.in_passing())


async def _check(extent: Extent) -> int:
    """Print every broken rule; returns their number."""
    broken = 0
    async for part in invariants.examine(extent):
        broken += _told(part)
    _tell_extent(extent)
    if not broken:
        await invariants.remember(extent)
    click.echo(_verdict(broken, extent))
    return broken


def _verdict(broken: int, extent: Extent) -> str:
    if broken:
        return f"{broken} {'inconsistency' if broken == 1 else 'inconsistencies'} found."
    return "What was checked is consistent." if extent.unchecked or extent.put_off else "All data is consistent."


def _tell_extent(extent: Extent) -> None:
    """What was not looked at whole, and what could not be."""
    if extent.sampled:
        names = ", ".join(f"{name} ({extent.looked_at.get(name, 0):,} rows)" for name in sorted(extent.sampled))
        click.echo(f"New rows and a random sample of: {names}. --full looks at all.")
    for words in [*extent.unchecked, *extent.put_off]:
        click.echo(f"{ILL} {words}")


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
    """Back up the whole shop to FILE: database, pictures, stand-in and secrets. It can keep running meanwhile.

    Exits with status 3 when FILE is complete, but what is in it is inconsistent; with 1 when there is no FILE.
    """
    with _in_one_sentence():
        backups.create(file.resolve(), dsn=_dsn(), data=settings.current().data)
        click.echo("Backup written. Checking it by restoring it into a temporary database …")
        broken = _tried(file)
    click.echo(f"Backup saved to {file} ({file.stat().st_size / 1024**2:.1f} MB). It contains secrets: keep it safe.")
    if broken:
        click.echo(f"{ILL} It is complete and can be restored. In the shop itself, {_counted(broken)}.", err=True)
        raise SystemExit(INCONSISTENT)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.confirmation_option("--yes", prompt="This replaces everything in this shop with the backup. Continue?")
def restore(file: Path) -> None:
    """Restore the shop from FILE, after checking it in a temporary database.

    A damaged FILE is refused. One that is whole is restored, whatever is inconsistent in it, and that is said.
    """
    known = settings.current()
    with _in_one_sentence(), _nobody_served(known.data):
        broken = _tried(file)
        with backups.open_backup(file) as (work, kept):
            backups.load_database(work, dsn=_dsn(), server=kept.server)
            backups.load_files(work, data=known.data)
    click.echo(f"The shop is as it was on {formatting.moment(kept.taken_at)}.")
    if broken:
        click.echo(f"{ILL} It was so in the backup already: {_counted(broken)}. See `check-invariants`.", err=True)


def _counted(broken: int) -> str:
    return "1 inconsistency was found" if broken == 1 else f"{broken} inconsistencies were found"


def _tried(file: Path) -> int:
    """Restore into a temporary server and check the data there, in its own time; returns the number of
    inconsistencies."""
    with tempfile.TemporaryDirectory(prefix="clubfront-scratch-") as folder, backups.open_backup(file) as (work, kept):
        terminal.follow_practice_clock(work / backups.FILES)
        dsn = embedded.start(Path(folder))
        try:
            backups.load_database(work, dsn=dsn, server=kept.server)
            return asyncio.run(_with_database(dsn, _check_sample))
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

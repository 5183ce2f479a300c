"""`clubfront doctor` and `check-invariants`."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import asyncpg
import click

from components.foundation import clock, settings
from components.foundation.consistency.table_keys import Extent
from components.foundation.operations import bucket_check, own_template_check, terminal
from components.foundation.operations import doctor as doctors
from components.foundation.operations.doctor import Finding
from components.insights import invariants
from components.insights.invariants import Part
from components.insights.movements import movement_invariants
from components.payments.stripe_account import account_check
from components.people.identity import published_passwords

WELL, ILL = click.style("✓", fg="green"), click.style("✗", fg="red")


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
    also = (bucket_check.examine, own_template_check.examine, account_check.examine)
    checks = doctors.examine(also=also, in_database=in_database)
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
    if asyncio.run(terminal.with_database(terminal.own_dsn(), partial(_check_now, is_full=full))):
        raise SystemExit(1)


async def _check_now(*, is_full: bool) -> int:
    """The data, and what should have been done by now."""
    extent = Extent() if is_full else await invariants.in_passing()
    broken = await check(extent)
    return broken + len(extent.unchecked) + sum([_told(part) async for part in invariants.overdue()])


def _told(part: Part) -> int:
    click.echo(f"{ILL if part.broken else WELL} {part.name}")
    for words in part.broken:
        click.echo(f"    {words}")
    return len(part.broken)


async def check_sample() -> int:
    return await check(await invariants.in_passing())


async def check(extent: Extent) -> int:
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


COMMANDS = (doctor, check_invariants)

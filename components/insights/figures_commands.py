"""`clubfront figures rebuild`, `roll-up` and `compare`."""

from collections.abc import Awaitable, Callable
from functools import partial

import click

from components.insights.movements import epochs
from components.insights.movements.movement_failures import MovementsFailed
from components.insights.rollups import figure_rebuild, kept_comparison

Run = Callable[[Callable[[], Awaitable[None]]], None]


@click.group()
def figures() -> None:
    """Look after the figures of the shop."""


@figures.command()
@click.option("--why", default="Asked for in a terminal", help="Kept with the rebuild.")
@click.pass_obj
def rebuild(run: Run, why: str) -> None:
    """Work out all MRR movements anew, from what was paid. Those before stay readable, in an earlier epoch.

    Then what is kept of figures, of all movements. The shop may be open meanwhile: where there are many, its metrics
    say that they are being added up.
    """

    async def work() -> None:
        try:
            written = await epochs.rebuild(why)
        except MovementsFailed as failed:
            raise click.ClickException(f"{failed}. Nothing was changed; the log says what is wrong.") from None
        click.echo(f"{written} movements written, in epoch {await epochs.current()}.")
        await figure_rebuild.rebuild(_tell)

    run(work)


@figures.command("roll-up")
@click.pass_obj
def roll_up(run: Run) -> None:
    """Work out what is kept of figures anew, from the movements as they are."""
    run(partial(figure_rebuild.rebuild, _tell))


@figures.command()
@click.pass_obj
def compare(run: Run) -> None:
    """Compare what is kept of figures with all of it worked out anew; exits with status 1 if anything differs."""

    async def work() -> None:
        found = await kept_comparison.compare()
        for one in found:
            click.echo(f"{one.name}: {one.rows} rows differ")
        if found:
            raise click.ClickException("Work them out anew: clubfront figures roll-up")
        click.echo("What is kept of figures is what it would be, worked out anew.")

    run(work)


def _tell(table: str, rows: int) -> None:
    click.echo(f"  {table.removeprefix('figure_')}: {rows:,} rows")


COMMANDS = (figures,)
"""See `web/command.py`."""

"""`clubfront figures rebuild`."""

from collections.abc import Awaitable, Callable

import click

from components.insights.movements import epochs
from components.insights.movements.movement_failures import MovementsFailed

Run = Callable[[Callable[[], Awaitable[None]]], None]


@click.group()
def figures() -> None:
    """Look after the figures of the shop."""


@figures.command()
@click.option("--why", default="Asked for in a terminal", help="Kept with the rebuild.")
@click.pass_obj
def rebuild(run: Run, why: str) -> None:
    """Work out all MRR movements anew, from what was paid. Those before stay readable, in an earlier epoch."""

    async def work() -> None:
        try:
            written = await epochs.rebuild(why)
        except MovementsFailed as failed:
            raise click.ClickException(f"{failed}. Nothing was changed; the log says what is wrong.") from None
        click.echo(f"{written} movements written, in epoch {await epochs.current()}.")

    run(work)


COMMANDS = (figures,)
"""See `web/command.py`."""
